"""What differs between two documents of one record, in words for readers and editors. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext, pgettext_lazy

from kb.editorial.wording import Piece, shortened, word_diff

#: What is not said to readers: bookkeeping, and what follows from something else in the document.
SILENT = frozenset(
    {"schema", "kind", "uid", "start", "end", "anchor", "earliest", "latest", "sha256", "snapshot"}
    | {"dimension", "derived_from_source"}
)
SILENT_ENDINGS = ("_at",)
#: What is said for the fields of documents; one that is missing here is said as it is.
NAMES = {
    "about": pgettext_lazy("field", "About"),
    "accessed": pgettext_lazy("field", "Accessed"),
    "after": pgettext_lazy("field", "After"),
    "agent": pgettext_lazy("field", "Agent"),
    "agent_kind": pgettext_lazy("field", "Kind of agent"),
    "amount": pgettext_lazy("field", "Amount"),
    "answer": pgettext_lazy("field", "Answer"),
    "appearance": pgettext_lazy("field", "Appearance"),
    "appearances": pgettext_lazy("field", "Appearances"),
    "archive": pgettext_lazy("field", "Archive"),
    "archive_location": pgettext_lazy("field", "Archive location"),
    "archived_url": pgettext_lazy("field", "Archived url"),
    "as_of": pgettext_lazy("field", "As of"),
    "assessed_on": pgettext_lazy("field", "Assessed on"),
    "assessment": pgettext_lazy("field", "Assessment"),
    "attribute": pgettext_lazy("field", "Attribute"),
    "best": pgettext_lazy("field", "Best"),
    "calendar": pgettext_lazy("field", "Calendar"),
    "certainty": pgettext_lazy("field", "Certainty"),
    "claim": pgettext_lazy("field", "Claim"),
    "claim_kind": pgettext_lazy("field", "Kind of claim"),
    "claimants": pgettext_lazy("field", "Claimants"),
    "contact": pgettext_lazy("field", "Contact"),
    "contacted_on": pgettext_lazy("field", "Contacted on"),
    "container_title": pgettext_lazy("field", "Container title"),
    "contributions": pgettext_lazy("field", "Contributions"),
    "correction": pgettext_lazy("field", "Correction"),
    "corrections_policy": pgettext_lazy("field", "Corrections policy"),
    "corrects": pgettext_lazy("field", "Corrects"),
    "counterclaims": pgettext_lazy("field", "Counterclaims"),
    "deadline": pgettext_lazy("field", "Deadline"),
    "decided_on": pgettext_lazy("field", "Decided on"),
    "decision": pgettext_lazy("field", "Decision"),
    "derived_from": pgettext_lazy("field", "Derived from"),
    "discovered": pgettext_lazy("field", "Discovered"),
    "disputed": pgettext_lazy("field", "Disputed"),
    "doi": pgettext_lazy("field", "DOI"),
    "duplicate_of": pgettext_lazy("field", "Duplicate of"),
    "editors": pgettext_lazy("field", "Editors"),
    "edtf": pgettext_lazy("field", "Date"),
    "event": pgettext_lazy("field", "Event"),
    "events": pgettext_lazy("field", "Events"),
    "evidence": pgettext_lazy("field", "Evidence"),
    "extent": pgettext_lazy("field", "Extent"),
    "fidelity": pgettext_lazy("field", "Fidelity"),
    "first": pgettext_lazy("field", "First"),
    "geometry": pgettext_lazy("field", "Geometry"),
    "geonames": pgettext_lazy("field", "GeoNames"),
    "hash": pgettext_lazy("field", "Hash"),
    "heading": pgettext_lazy("field", "Heading"),
    "high": pgettext_lazy("field", "High"),
    "how": pgettext_lazy("field", "How"),
    "in_reply_to": pgettext_lazy("field", "In reply to"),
    "isbn": pgettext_lazy("field", "ISBN"),
    "issue": pgettext_lazy("field", "Issue"),
    "issued": pgettext_lazy("field", "Published"),
    "key": pgettext_lazy("field", "Address"),
    "label": pgettext_lazy("field", "Label"),
    "language": pgettext_lazy("field", "Language"),
    "latitude": pgettext_lazy("field", "Latitude"),
    "letters": pgettext_lazy("field", "Letters"),
    "licence": pgettext_lazy("field", "Licence"),
    "licence_url": pgettext_lazy("field", "Licence url"),
    "list": pgettext_lazy("field", "List"),
    "locator": pgettext_lazy("field", "Locator"),
    "longitude": pgettext_lazy("field", "Longitude"),
    "low": pgettext_lazy("field", "Low"),
    "measured_from": pgettext_lazy("field", "Measured from"),
    "mode": pgettext_lazy("field", "Mode"),
    "name": pgettext_lazy("field", "Name"),
    "names": pgettext_lazy("field", "Names"),
    "native_name": pgettext_lazy("field", "Native name"),
    "note": pgettext_lazy("field", "Note"),
    "notice": pgettext_lazy("field", "Notice"),
    "number": pgettext_lazy("field", "Number"),
    "of": pgettext_lazy("field", "Correction of"),
    "offset": pgettext_lazy("field", "Offset"),
    "outcome": pgettext_lazy("field", "Outcome"),
    "pages": pgettext_lazy("field", "Pages"),
    "part_of": pgettext_lazy("field", "Part of"),
    "participants": pgettext_lazy("field", "Participants"),
    "place": pgettext_lazy("field", "Place"),
    "place_kind": pgettext_lazy("field", "Kind of place"),
    "places": pgettext_lazy("field", "Places"),
    "prefix": pgettext_lazy("field", "Prefix"),
    "previous_hash": pgettext_lazy("field", "Previous hash"),
    "proposed": pgettext_lazy("field", "Proposed"),
    "published_on": pgettext_lazy("field", "Published on"),
    "publisher": pgettext_lazy("field", "Publisher"),
    "qualifier": pgettext_lazy("field", "Qualifier"),
    "quote": pgettext_lazy("field", "Quote"),
    "raised_by": pgettext_lazy("field", "Raised by"),
    "rating": pgettext_lazy("field", "Rating"),
    "rating_text": pgettext_lazy("field", "Rating text"),
    "rating_value": pgettext_lazy("field", "Rating value"),
    "ratings_policy": pgettext_lazy("field", "Ratings policy"),
    "rationale": pgettext_lazy("field", "Rationale"),
    "raw": pgettext_lazy("field", "Raw"),
    "reason": pgettext_lazy("field", "Reason"),
    "rebuttal": pgettext_lazy("field", "Rebuttal"),
    "received_on": pgettext_lazy("field", "Received on"),
    "relation": pgettext_lazy("field", "Relation"),
    "relative_to": pgettext_lazy("field", "Relative to"),
    "replies_to": pgettext_lazy("field", "Replies to"),
    "reviewer": pgettext_lazy("field", "Reviewer"),
    "reviews": pgettext_lazy("field", "Reviews"),
    "right": pgettext_lazy("field", "What is right"),
    "rights": pgettext_lazy("field", "Rights"),
    "role": pgettext_lazy("field", "Role"),
    "romanisation_of": pgettext_lazy("field", "Romanisation of"),
    "rules": pgettext_lazy("field", "Rules"),
    "said": pgettext_lazy("field", "What was said"),
    "scope": pgettext_lazy("field", "Scope"),
    "second": pgettext_lazy("field", "Second"),
    "since": pgettext_lazy("field", "Since"),
    "snapshots": pgettext_lazy("field", "Snapshots"),
    "source": pgettext_lazy("field", "Source"),
    "stale": pgettext_lazy("field", "Needs re-review"),
    "stance": pgettext_lazy("field", "Stance"),
    "standing": pgettext_lazy("field", "Standing"),
    "statement": pgettext_lazy("field", "Statement"),
    "status": pgettext_lazy("field", "Status"),
    "statuses": pgettext_lazy("field", "Statuses"),
    "suffix": pgettext_lazy("field", "Suffix"),
    "tagline": pgettext_lazy("field", "Tagline"),
    "text": pgettext_lazy("field", "Text"),
    "time_zone": pgettext_lazy("field", "Time zone"),
    "title": pgettext_lazy("field", "Title"),
    "topics": pgettext_lazy("field", "Topics"),
    "translation": pgettext_lazy("field", "Translation"),
    "type": pgettext_lazy("field", "Type"),
    "unit": pgettext_lazy("field", "Unit"),
    "url": pgettext_lazy("field", "Web address"),
    "used_by": pgettext_lazy("field", "Used by"),
    "used_in": pgettext_lazy("field", "Used in"),
    "value": pgettext_lazy("field", "Stated value"),
    "values": pgettext_lazy("field", "Stated values"),
    "volume": pgettext_lazy("field", "Volume"),
    "when": pgettext_lazy("field", "Date"),
    "wikidata": pgettext_lazy("field", "Wikidata"),
    "worst": pgettext_lazy("field", "Worst"),
}
#: What one row is called of those that a field holds.
SINGULAR = {
    "appearances": pgettext_lazy("row", "Appearance"),
    "contributions": pgettext_lazy("row", "Contribution"),
    "evidence": pgettext_lazy("row", "Evidence"),
    "names": pgettext_lazy("row", "Name"),
    "reviews": pgettext_lazy("row", "Review"),
    "rules": pgettext_lazy("row", "Rule"),
    "snapshots": pgettext_lazy("row", "Snapshot"),
    "statuses": pgettext_lazy("row", "Status"),
    "values": pgettext_lazy("row", "Stated value"),
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
#: Words for what stands in a field, which is named by its way from the kind of the document, as
#: "claim.evidence.relation": "" where it is not to be said, None where it says itself.
Say = Callable[[str, str], str | None]
#: The field and what stands there, in words.
_Told = Callable[[str, str], str]


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


def compare(
    older: Mapping[str, Any], newer: Mapping[str, Any], name_of: NameOf = str, say: Say | None = None
) -> list[Change]:
    """The differences between two documents: what is said first, the rest in the order of the newer one's fields.

    `name_of` gives the name of a record by its uid, `say` the words for a code. Rows are matched by their uids: one
    that moved is the same row in another order, which is one difference.
    """

    def told(where: str, text: str) -> str:
        words = say(where, text) if say else None
        return name_of(text) if words is None else words

    kind = str(newer.get("kind") or older.get("kind") or "")
    return list(_compare_dicts(older, newer, "", kind, told))


def _compare_dicts(
    older: Mapping[str, Any], newer: Mapping[str, Any], path: str, where: str, told: _Told
) -> Iterator[Change]:
    for field in sorted(dict.fromkeys([*newer, *older]), key=lambda name: _PLACE.get(name, len(FIRST))):
        if _is_silent(field, where):
            continue
        if path and field == "key":  # of a row of the vocabulary; its label says the same
            continue
        before, after = older.get(field), newer.get(field)
        if before != after:
            yield from _compare_values(before, after, _join(path, _name(field)), f"{where}.{field}", told)


def _compare_values(before: Any, after: Any, path: str, where: str, told: _Told) -> Iterator[Change]:
    if _is_rows(before) and _is_rows(after):
        yield from _compare_rows(before or [], after or [], path, where, told)
    elif _is_group(before) and _is_group(after):
        yield from _compare_dicts(before or {}, after or {}, path, where, told)
    else:
        change = Change(path, _words(before, where, told), _words(after, where, told))
        if change.before or change.after:  # an empty text where nothing was before says nothing to anybody
            yield change


def _is_silent(field: str, where: str) -> bool:
    # The kind of a name is said; that of a record is known.
    return (field in SILENT and not (field == "kind" and where.endswith(".names"))) or field.endswith(
        SILENT_ENDINGS
    )


def _is_group(value: Any) -> bool:
    """Fields that stand together, or nothing where they could stand: an assessment, a standing."""
    return value is None or (isinstance(value, Mapping) and "uid" not in value)


def _is_rows(value: Any) -> bool:
    return value is None or (
        isinstance(value, list) and all(isinstance(row, Mapping) and "uid" in row for row in value)
    )


def _compare_rows(
    before: list[Any], after: list[Any], path: str, where: str, told: _Told
) -> Iterator[Change]:
    field = where.rpartition(".")[2]
    old, new = {row["uid"]: row for row in before}, {row["uid"]: row for row in after}
    if [uid for uid in old if uid in new] != [uid for uid in new if uid in old]:
        yield Change(_join(path, pgettext("field", "order")), "", pgettext("order", "changed"))
    singular = str(SINGULAR.get(field) or _name(field).removesuffix("s"))
    for number, uid in enumerate(dict.fromkeys([*new, *old]), start=1):
        numbered = pgettext("row", "%(row)s %(number)s") % {"row": singular, "number": number}
        row = numbered if len(new | old) > 1 else singular
        if uid in old and uid in new:
            yield from _compare_dicts(old[uid], new[uid], row, where, told)
        else:
            yield Change(row, _words(old.get(uid), where, told), _words(new.get(uid), where, told))


def _name(field: str) -> str:
    return str(NAMES.get(field) or field.replace("_", " ").capitalize())


def _join(path: str, name: str) -> str:
    if not path:
        return name
    # "DOI" stays as it is.
    inside = name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}"
    return f"{path}{pgettext('list', ', ')}{inside}"


def _words(value: Any, where: str, told: _Told) -> str:
    """A value as one text."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    if isinstance(value, Mapping):
        shown = (_words(v, f"{where}.{k}", told) for k, v in value.items() if not _is_silent(k, where))
        return " · ".join(text for text in shown if text)
    if isinstance(value, list):
        return pgettext("list", ", ").join(text for text in (_words(v, where, told) for v in value) if text)
    return told(where, str(value))
