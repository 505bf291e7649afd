"""What differs between two documents of one record, in words for readers and editors. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kb.editorial.wording import Piece, shortened, word_diff

#: What is not said to readers: bookkeeping, and what follows from something else in the document.
SILENT = frozenset(
    {"schema", "kind", "uid", "start", "end", "anchor", "earliest", "latest", "sha256", "snapshot"}
    | {"dimension", "derived_from_source"}
)
SILENT_ENDINGS = ("_at",)
NAMES = {
    "claim_kind": "Kind of claim",
    "place_kind": "Kind of place",
    "agent_kind": "Kind of agent",
    "when": "Date",
    "edtf": "Date",
    "issued": "Published",
    "key": "Address",
    "of": "Correction of",
    "said": "What was said",
    "right": "What is right",
    "values": "Stated values",
    "value": "Stated value",
    "stale": "Needs re-review",
    "url": "Web address",
}
SINGULAR = {
    "appearances": "Appearance",
    "values": "Stated value",
    "evidence": "Evidence",
    "statuses": "Status",
}

#: What is told before all else of a record or a row.
FIRST = (
    "statement",
    "title",
    "name",
    "text",
    "said",
    "right",
    "rating",
    "disputed",
    "rationale",
    "decision",
    "reason",
)
_PLACE = {field: place for place, field in enumerate(FIRST)}

NameOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what it concerns, and the text before and after ("" where there was or is none)."""

    path: str
    before: str
    after: str

    @property
    def pieces(self) -> list[Piece]:
        """Both texts in one, word by word; long passages that are the same are cut short."""
        return shortened(word_diff(self.before, self.after))


def compare(older: Mapping[str, Any], newer: Mapping[str, Any], name_of: NameOf = str) -> list[Change]:
    """The differences between two documents: what is said first, the rest in the order of the newer one's fields.

    `name_of` gives the name of a record by its uid. Rows are matched by their uids: one that moved is the same row in
    another order, which is one difference.
    """
    return list(_compare_dicts(older, newer, "", name_of))


def _compare_dicts(
    older: Mapping[str, Any], newer: Mapping[str, Any], path: str, name_of: NameOf
) -> Iterator[Change]:
    for field in sorted(dict.fromkeys([*newer, *older]), key=lambda name: _PLACE.get(name, len(FIRST))):
        if field in SILENT or field.endswith(SILENT_ENDINGS):
            continue
        if path and field == "key":  # of a row of the vocabulary; its label says the same
            continue
        before, after = older.get(field), newer.get(field)
        if before == after:
            continue
        yield from _compare_values(before, after, _join(path, _name(field)), field, name_of)


def _compare_values(before: Any, after: Any, path: str, field: str, name_of: NameOf) -> Iterator[Change]:
    if _is_rows(before) and _is_rows(after):
        yield from _compare_rows(before or [], after or [], path, field, name_of)
    elif _is_group(before) and _is_group(after):
        yield from _compare_dicts(before or {}, after or {}, path, name_of)
    else:
        change = Change(path, _words(before, name_of), _words(after, name_of))
        if change.before or change.after:  # an empty text where nothing was before says nothing to anybody
            yield change


def _is_group(value: Any) -> bool:
    """Fields that stand together, or nothing where they could stand: an assessment, a standing."""
    return value is None or (isinstance(value, Mapping) and "uid" not in value)


def _is_rows(value: Any) -> bool:
    return value is None or (
        isinstance(value, list) and all(isinstance(row, Mapping) and "uid" in row for row in value)
    )


def _compare_rows(
    before: list[Any], after: list[Any], path: str, field: str, name_of: NameOf
) -> Iterator[Change]:
    old, new = {row["uid"]: row for row in before}, {row["uid"]: row for row in after}
    if [uid for uid in old if uid in new] != [uid for uid in new if uid in old]:
        yield Change(_join(path, "order"), "", "changed")
    singular = SINGULAR.get(field, _name(field).removesuffix("s"))
    for number, uid in enumerate(dict.fromkeys([*new, *old]), start=1):
        where = f"{singular} {number}" if len(new | old) > 1 else singular
        if uid in old and uid in new:
            yield from _compare_dicts(old[uid], new[uid], where, name_of)
        else:
            yield Change(where, _words(old.get(uid), name_of), _words(new.get(uid), name_of))


def _name(field: str) -> str:
    return NAMES.get(field) or field.replace("_", " ").capitalize()


def _join(path: str, name: str) -> str:
    return f"{path}, {name[:1].lower()}{name[1:]}" if path else name


def _words(value: Any, name_of: NameOf) -> str:
    """A value as one text."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        shown = (
            _words(v, name_of) for k, v in value.items() if k not in SILENT and not k.endswith(SILENT_ENDINGS)
        )
        return ", ".join(text for text in shown if text)
    if isinstance(value, list):
        return ", ".join(text for text in (_words(v, name_of) for v in value) if text)
    return name_of(str(value))
