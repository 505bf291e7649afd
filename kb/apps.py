from django.apps import AppConfig


class KbConfig(AppConfig):
    name = "kb"
    verbose_name = "Knowledge base"

    def ready(self) -> None:
        from kb.editorial.triggers import keep_rules  # models can be imported only now

        keep_rules(self)
