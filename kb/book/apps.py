from django.apps import AppConfig


class BookConfig(AppConfig):
    name = "kb.book"
    label = "book"
    verbose_name = "The book"

    def ready(self) -> None:
        from kb.editorial.triggers import keep_rules  # models can be imported only now

        keep_rules(self)
