from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class KbConfig(AppConfig):
    name = "kb"
    verbose_name = "Knowledge base"

    def ready(self) -> None:
        from kb.editorial.triggers import keep_rules  # models can be imported only now

        keep_rules(self)


class DeskAdminConfig(AdminConfig):
    """Django's admin, with the desk's own site."""

    default_site = "kb.desk_site.DeskSite"
