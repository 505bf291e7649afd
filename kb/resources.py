"""The resources of the knowledge base's lists, for django-import-export."""

from kb.spreadsheets.resource import resource_of

TopicResource = resource_of("topics")
PlaceResource = resource_of("places")
EventResource = resource_of("events")
ClaimResource = resource_of("claims")
RebuttalResource = resource_of("rebuttals")
