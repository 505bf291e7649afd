"""The marks that a page has by the dozen: texts in their own languages, and records by what they are called.

`includes/marks.html` hands them on, beside the marks that are drawn less often. They are functions because a macro
costs ten times as much, and a list has hundreds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import pgettext, pgettext_lazy
from markupsafe import Markup, escape

from kb.book.listing import Entry
from kb.book.reading import Label, address
from kb.views.texts import direction

_NOTHING, _SPACE, _BESIDE = Markup(), Markup(" "), Markup(" / ")
#: What a reader should know of a claim at once, by the names on its card.
_FLAGS = {
    "corrected": pgettext_lazy("claim", "corrected"),
    "challenged": pgettext_lazy("claim", "under challenge"),
    "stale": pgettext_lazy("claim", "needs re-review"),
    "disputed": pgettext_lazy("claim", "disputed"),
}


class Marks:
    """The marks of pages that speak this language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def lang(self, tag: str | None) -> Markup:
        """The attributes of an element whose text is in another language than the page's: that says so."""
        return _attributes(tag) if tag and tag != self.language else _NOTHING

    def text(self, words: str, tag: str | None = "") -> Markup:
        """A text, marked where it is in another language than the page's."""
        if not tag or tag == self.language:
            return escape(words)
        return Markup(f"<span{_attributes(tag)}>{escape(words)}</span>")  # noqa: S704 - both escaped

    def said(self, label: Label, where: str = "text") -> Markup:
        """What a label says, each name in its own language: "Iturup / Etorofu". `where`: in a text, list, heading."""
        if not label.names:
            return self.text(label.text, label.card.get("language", ""))
        return _BESIDE.join(_SPACE.join(self.text(*form) for form in forms) for forms in label.written(where))

    def ref(self, label: Label | None, where: str = "text") -> Markup:
        """A record by its label, linked where it has a page. What was never published is not named."""
        if not label:
            return _NOTHING
        words = self.said(label, where)
        if label.url:
            words = Markup(f'<a href="{escape(label.url)}">{words}</a>')  # noqa: S704 - both escaped
        return words + _flag(pgettext("record", "withdrawn")) if label.withdrawn else words

    def refs(self, labels: Mapping[str, Label], uids: Iterable[str]) -> Markup:
        """Records side by side, as a sentence has them; those without a label are passed over."""
        known = [self.ref(label) for uid in uids if (label := labels.get(uid))]
        if len(known) < 2:
            return known[0] if known else _NOTHING
        *before, last = known
        return escape(pgettext("list", ", ")).join(before) + escape(pgettext("list", " and ")) + last

    def card_flags(self, card: Mapping[str, Any]) -> Markup:
        """What a reader should know of a claim, by its card."""
        return _NOTHING.join(_flag(word) for name, word in _FLAGS.items() if card.get(name))

    def claims(
        self, entries: Iterable[Entry], labels: Mapping[str, Label]
    ) -> Iterator[tuple[Mapping[str, Any], str, Markup, Markup, Markup]]:
        """Of each claim in a list its card, page, language, flags, and the events it is about, linked."""
        for entry in entries:
            card = entry.card
            yield (
                card,
                address("claim", entry.key),
                self.lang(card["language"]),
                self.card_flags(card),
                self.refs(labels, card["events"]),
            )


@lru_cache(maxsize=1024)
def _attributes(tag: str) -> Markup:
    way = direction(tag)
    runs = Markup(' dir="{}"').format(way) if way else _NOTHING
    return Markup(' lang="{}"{}').format(tag, runs)


def _flag(word: object) -> Markup:
    return Markup(f' <span class="flag">{escape(str(word))}</span>')  # noqa: S704 - escaped
