"""The public pages' template environment."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined

from kb.views import languages, texts, words


@lru_cache(maxsize=512)
def address(name: str, *args: object) -> str:
    """`url("claim", key)`: the address of a page by the name of its route."""
    return reverse(name, args=args)


def environment(**options: Any) -> Environment:
    """Jinja's environment for the engine named "public", which a misspelt name stops instead of leaving a blank.

    Django's backend passes `autoescape=True` among the options.
    """
    options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, **options}
    env = Environment(autoescape=options.pop("autoescape", True), extensions=["jinja2.ext.i18n"], **options)
    # `_("%(count)s claims", count=…)`: what is put in is escaped, and the translation comes after Django's choice.
    env.install_gettext_translations(translation, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        # Neither changes while a process lives, and a page has dozens of each.
        static=lru_cache(maxsize=256)(static),
        url=address,
        words=words,
        page_language=texts.page_language,
        languages=settings.LANGUAGES,
    )
    env.filters.update(
        coordinates=texts.coordinates,
        date=texts.date_in_words,
        direction=texts.direction,
        host=texts.host,
        joined=texts.joined,
        http_url=texts.http_url,
        lang=texts.language_attribute,
        language_name=languages.language_name,
        number=texts.number,
        paragraphs=texts.paragraphs,
        rating=lambda code: words.verdict(words.RATINGS, code),
        decision=lambda code: words.verdict(words.DECISIONS, code),
        outcome=lambda code: words.verdict(words.OUTCOMES, code),
        attribute=words.attribute,
        word=lambda code, table: words.word(getattr(words, table), code),
    )
    return env
