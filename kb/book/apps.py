from django.apps import AppConfig


class BookConfig(AppConfig):
    name = "kb.book"
    label = "book"
    verbose_name = "The book"
