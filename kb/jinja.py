"""The public pages' template environment: one for each language, in which the pages' own words are settled."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined, Template, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from kb.views import languages, texts, words
from kb.views.marking import Marks


@lru_cache(maxsize=512)
def address(name: str, *args: object) -> str:
    """`url("claim", key)`: the address of a page by the name of its route."""
    return reverse(name, args=args)


#: Neither changes while a process lives, and a page has dozens of each.
_LASTING: dict[str, Callable[..., str]] = {"url": address, "static": lru_cache(maxsize=256)(static)}


class Environments:
    """Jinja's environments for the engine named "public"; whoever asks gets the one in whose language they ask."""

    def __init__(self, **options: Any) -> None:
        self._in = cache(lambda language: environment(language, **options))

    def get_template(self, name: str) -> Template:
        return self._in(texts.page_language()).get_template(name)

    def from_string(self, source: str) -> Template:
        return self._in(texts.page_language()).from_string(source)


class Speaking(Environment):
    """Jinja's environment, but that texts and addresses are settled when a template is compiled."""

    language: str

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        with translation.override(self.language):
            return _Translated().visit(super()._parse(source, name, filename))


class _Translated(NodeTransformer):
    """Puts what a process does not change in its place: texts in this language (`_("Claims")`), and addresses."""

    def visit_Call(self, call: nodes.Call) -> nodes.Expr:
        self.generic_visit(call)
        said = getattr(call.node, "name", "")
        given = [one.value for one in call.args if isinstance(one, nodes.Const)]
        if len(given) != len(call.args):
            return call
        line = call.lineno
        if said in _LASTING:
            return nodes.Const(_LASTING[said](*given), lineno=line)
        if said not in ("_", "gettext", "pgettext"):
            return call
        text = (translation.pgettext if said == "pgettext" else translation.gettext)(*given)
        if not call.kwargs:
            return nodes.TemplateData(text % {}, lineno=line)
        filled = [nodes.Pair(nodes.Const(one.key), one.value, lineno=line) for one in call.kwargs]
        return nodes.Mod(nodes.TemplateData(text), nodes.Dict(filled), lineno=line)


def environment(language: str, **options: Any) -> Environment:
    """Jinja's environment in a language, which a misspelt name stops instead of leaving a blank.

    Django's backend passes `autoescape=True` among the options.
    """
    options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, **options}
    env = Speaking(autoescape=options.pop("autoescape", True), extensions=["jinja2.ext.i18n"], **options)
    env.language = language
    # For numbers of things, whose form hangs on the number: `ngettext("%(num)s claim", "%(num)s claims", count)`.
    env.install_gettext_translations(translation, newstyle=True)  # type: ignore[attr-defined]

    @lru_cache(maxsize=128)
    def verdict(table: str, code: str) -> Markup:
        drawn: Any = env.get_template("includes/marks.html").module
        return drawn.verdict(words.verdict(getattr(words, table), code))

    env.globals.update(
        **_LASTING,
        words=words,
        marks=Marks(language),
        page_language=lambda: language,
        languages=settings.LANGUAGES,
        rated=lambda code: verdict("RATINGS", code),
        decided=lambda code: verdict("DECISIONS", code),
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
