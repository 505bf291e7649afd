from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class KbConfig(AppConfig):
    name = "kb"
    verbose_name = "Knowledge base"

    def ready(self) -> None:
        # Models can be imported only now.
        from kb.analysis.conflict_finding import watch
        from kb.editorial.triggers import keep_rules

        keep_rules(self)
        watch()


class DeskAdminConfig(AdminConfig):
    """Django's admin, with the desk's own site."""

    default_site = "kb.desk_site.DeskSite"
