from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "kb.signing"
    verbose_name = "Signing in"

    def ready(self) -> None:
        # Models can be imported only now.
        from kb.editorial.triggers import keep_rules
        from kb.signing.watching import watch

        keep_rules(self)
        watch()
