from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class KbConfig(AppConfig):
    name = "kb"
    verbose_name = "Knowledge base"

    def ready(self) -> None:
        # Models can be imported only now.
        from kb.analysis import claim_index, conflict_finding
        from kb.editorial.triggers import keep_rules

        keep_rules(self)
        conflict_finding.watch()
        claim_index.watch()


class DeskAdminConfig(AdminConfig):
    """Django's admin, with the desk's own site."""

    default_site = "kb.desk_site.DeskSite"
