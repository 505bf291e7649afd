from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "sources"
    verbose_name = "Sources"

    def ready(self) -> None:
        from kb.editorial.triggers import keep_rules  # models can be imported only now

        keep_rules(self)
