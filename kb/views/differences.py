"""What differs between two versions, in the words of the pages: codes, languages and dates as readers see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import pgettext_lazy

from kb.book import reading
from kb.book.comparing import NameOf
from kb.views import words
from kb.views.languages import language_name
from kb.views.texts import date_in_words
from kb.views.words import Word

_EVIDENCE = {"evidence.relation": words.RELATIONS}
_CERTAINTIES = {
    "certain": pgettext_lazy("certainty", "certain"),
    "less-certain": pgettext_lazy("certainty", "less certain"),
    "uncertain": pgettext_lazy("certainty", "uncertain"),
}
_CALENDARS = {
    "gregorian": pgettext_lazy("calendar", "Gregorian"),
    "julian": pgettext_lazy("calendar", "Julian"),
}
_LEANINGS = {
    "before": pgettext_lazy("date", "before"),
    "after": pgettext_lazy("date", "after"),
    "within": pgettext_lazy("date", "within"),
}
_EXTENTS = {
    "whole": pgettext_lazy("captured text", "the whole text"),
    "excerpts": pgettext_lazy("captured text", "excerpts"),
}
_RIGHTS = {
    "private": pgettext_lazy("captured text", "only quoted passages are shown"),
    "excerpts": pgettext_lazy("captured text", "only quoted passages are shown"),
    "public": pgettext_lazy("captured text", "the whole text is shown"),
}
_ROLES = {
    "author": pgettext_lazy("contributor", "author"),
    "contributor": pgettext_lazy("contributor", "contributor"),
    "editor": pgettext_lazy("contributor", "editor"),
    "interviewer": pgettext_lazy("contributor", "interviewer"),
    "translator": pgettext_lazy("contributor", "translator"),
}


def _verdicts(table: Mapping[str, words.Verdict]) -> dict[str, Word]:
    return {code: verdict.word for code, verdict in table.items()}


#: The vocabularies of documents, by the kind of the document and the way to the field.
_BY_KIND: dict[str, dict[str, Mapping[str, Word]]] = {
    "agent": {"agent_kind": words.AGENT_KINDS},
    "claim": {
        **_EVIDENCE,
        "claim_kind": words.CLAIM_KINDS,
        "appearances.stance": words.STANCES,
        "appearances.fidelity": words.FIDELITIES,
        "values.attribute.label": dict(words.ATTRIBUTES.values()),
        "values.certainty": _CERTAINTIES,
        "values.calendar": _CALENDARS,
        "values.relation": _LEANINGS,
        "assessment.rating": _verdicts(words.RATINGS),
        "stale.reason": words.STALE_REASONS,
    },
    "correction": {"type": words.CORRECTION_TYPES, "of": words.CORRECTION_OF},
    "delivery": {"outcome": _verdicts(words.OUTCOMES)},
    "naming-policy": {f"letters.{where}": words.LETTERS for where in words.KINDS_OF_TEXT},
    "place": {
        "place_kind": words.PLACE_KINDS,
        "names.kind": words.NAME_KINDS,
        "statuses.relation": words.STATUS_RELATIONS,
    },
    "rebuttal": {
        **_EVIDENCE,
        "scope": words.SCOPE_NAMES,
        "mode": words.SAID_OF_CLAIM,
        "decision": _verdicts(words.DECISIONS),
    },
    "source": {
        "type": words.SOURCE_TYPES,
        "standing.status": words.STANDINGS,
        "contributions.role": _ROLES,
        "snapshots.extent": _EXTENTS,
        "snapshots.rights": _RIGHTS,
    },
}
_TABLES = {f"{kind}.{field}": table for kind, tables in _BY_KIND.items() for field, table in tables.items()}
#: What an attribute is by itself, its label says.
_UNSAID = ("claim.values.attribute.key", "claim.values.attribute.type")
_DATES = frozenset(
    {"accessed", "as_of", "assessed_on", "contacted_on", "deadline", "decided_on", "discovered", "edtf"}
    | {"issued", "published_on", "received_on", "since", "when"}
)
#: What the pages say nothing about, because it is usual, and what it is called where it is not so any more.
_USUAL = {
    "claim.appearances.fidelity": pgettext_lazy("quote", "Word for word"),
    "place.names.kind": pgettext_lazy("name", "the party’s own"),
    "source.standing.status": pgettext_lazy("source", "As published"),
}


def in_words(
    older: dict[str, Any], newer: dict[str, Any], name_of: NameOf | None = None
) -> list[reading.Change]:
    """The differences of two documents; records are named as today unless `name_of` says otherwise."""
    return reading.compare(older, newer, name_of, said)


def said(where: str, text: str) -> str | None:
    """The words for what a document has in a field, "" where they say nothing, None where it is words already."""
    field = where.rpartition(".")[2]
    if where in _UNSAID:
        return ""
    if field == "language":
        return str(capfirst(language_name(text)))
    if field in _DATES:
        return date_in_words(text)
    if (table := _TABLES.get(where)) is None:
        return None
    if where == "claim.values.attribute.label":
        return str(table.get(text, text))
    return str(capfirst(words.word(table, text) or _USUAL.get(where, "")))
