"""The resources of the bibliography's lists, for django-import-export."""

from kb.spreadsheets.resource import resource_of

AgentResource = resource_of("agents")
SourceResource = resource_of("sources")
