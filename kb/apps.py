from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.admin import autodiscover
from django.contrib.admin import checks as admin_checks
from django.contrib.admin.apps import SimpleAdminConfig
from django.core import checks


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


class DeskAdminConfig(SimpleAdminConfig):
    """Django's admin, with the desk's own site. What the apps register is loaded with the addresses, and not by the
    commands that need neither.
    """

    default_site = "kb.desk_site.DeskSite"

    def ready(self) -> None:
        checks.register(admin_checks.check_dependencies, checks.Tags.admin)
        checks.register(check_admin, checks.Tags.admin)


def check_admin(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Check all that is registered."""
    autodiscover()
    return admin_checks.check_admin_app(app_configs, **kwargs)
