"""The marks that a page has by the dozen: texts in their own languages, and records by what they are called.

`includes/marks.html` hands them on, beside the marks that are drawn less often. They are functions because a macro
costs ten times as much, and a list has hundreds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.utils.translation import pgettext
from markupsafe import Markup, escape

from kb.book.reading import Label
from kb.views.texts import direction, page_language

#: How a text is written down that needs no more than that.
_PLAIN = Markup()


def lang(tag: str | None) -> Markup:
    """The attributes of an element whose text is in another language than the page's: that says so."""
    return _attributes(tag, page_language()) if tag else _PLAIN


@lru_cache(maxsize=1024)
def _attributes(tag: str, here: str) -> Markup:
    if tag == here:
        return _PLAIN
    way = direction(tag)
    runs = Markup(' dir="{}"').format(way) if way else _PLAIN
    return Markup(' lang="{}"{}').format(tag, runs)


def text(words: str, tag: str | None = "") -> Markup:
    """A text, marked where it is in another language than the page's."""
    marked = lang(tag)
    return Markup(f"<span{marked}>{escape(words)}</span>") if marked else escape(words)  # noqa: S704 - both escaped


def said(label: Label, where: str = "text") -> Markup:
    """What a label says, each name in its own language: "Iturup / Etorofu". `where`: in a text, list or heading."""
    if not label.names:
        return text(label.text, label.card.get("language", ""))
    names = (_SPACE.join(text(*form) for form in forms) for forms in label.written(where))
    return _BESIDE.join(names)


_SPACE, _BESIDE = Markup(" "), Markup(" / ")


def ref(label: Label | None, where: str = "text") -> Markup:
    """A record by its label, linked where it has a page. What was never published has no label and is not named."""
    if not label:
        return _PLAIN
    words = said(label, where)
    if label.url:
        words = Markup(f'<a href="{escape(label.url)}">{words}</a>')  # noqa: S704 - both escaped
    return words + _withdrawn() if label.withdrawn else words


def _withdrawn() -> Markup:
    return Markup(' <span class="flag">{}</span>').format(pgettext("record", "withdrawn"))


def refs(labels: Mapping[str, Label], uids: Iterable[str]) -> Markup:
    """Records side by side, as a sentence has them; those without a label are passed over."""
    known = [ref(label) for uid in uids if (label := labels.get(uid))]
    if len(known) < 2:
        return known[0] if known else _PLAIN
    *before, last = known
    return escape(pgettext("list", ", ")).join(before) + escape(pgettext("list", " and ")) + last
