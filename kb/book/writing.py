"""Publishing: the only code that writes the book.

`release` and `withdraw` each are one transaction under one lock, and one `Release`. They refuse rather than guess:
a colleague's unfinished edits (`RevisionConflict`), a record that would refer to what readers cannot see (`Blocked`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kb.book import asking, index, ledger, merging, reading, rulings, texts
from kb.book.blocking import Blocker, Outlook, blockers_of, resting_on
from kb.book.comparing import Say
from kb.book.documents import load, model_of
from kb.book.kinds import KINDS, SCHEMA, Document, references
from kb.book.locking import lock
from kb.book.models import Record, Release, SourceText, Version
from kb.book.rebuilding import rebuild_book
from kb.editorial.aggregate import Aggregate, EditingState
from kb.editorial.fields import canonical_json
from kb.models import Assignment, Conflict, Correction, Rebuttal
from kb.models.rebuttal import OPEN_DECISIONS

__all__ = [
    "Blocked",
    "Blocker",
    "OutOfDate",
    "Outcome",
    "Publication",
    "RevisionConflict",
    "blockers",
    "changes_since_published",
    "draft_page",
    "last_release",
    "must_publish",
    "names_of",
    "publication",
    "rebuild_book",
    "release",
    "release_prepared",
    "release_rulings",
    "with_requirements",
    "withdraw",
]


class OutOfDate(Exception):
    """The book was written after records were looked at: what was made from them may not be right any more."""


class Blocked(Exception):
    """Publishing, or withdrawing, would leave readers with something that leads nowhere. `blockers` names each."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        self.blockers = list(blockers)
        super().__init__(" ".join(blocker.message for blocker in self.blockers))


class RevisionConflict(Exception):
    """Records have changed since the editor looked at them. `records` are they, as they are now."""

    def __init__(self, records: Sequence[Aggregate]) -> None:
        self.records = list(records)
        names = ", ".join(f"“{record}”" for record in self.records)
        super().__init__(f"Changed since you opened it: {names}. Look at it again before you publish.")


@dataclass
class Outcome:
    """What a release did. `release` is None where there was nothing to do."""

    release: Release | None = None
    published: list[tuple[Aggregate, int]] = field(default_factory=list)
    unchanged: list[Aggregate] = field(default_factory=list)
    withdrawn: list[Aggregate] = field(default_factory=list)
    #: How many rulings on conflicts readers were told.
    rulings: int = 0
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Publication:
    """Where a record stands with readers. `edited`: the desk has changes that they do not see."""

    state: str = "never"
    number: int | None = None
    edited: bool = False


# --- publishing -----------------------------------------------------------------------------------------------


def release(
    records: Iterable[Aggregate],
    *,
    by: User,
    why: str,
    expected_revisions: Mapping[str, int] | None = None,
) -> Outcome:
    """Publish records together. Each gets a new version, unless readers already see just that.

    `expected_revisions` says by uid which revision is meant; without it, that of the objects given.
    Raises PermissionDenied, RevisionConflict or Blocked, and then nothing has happened.
    """
    must_publish(by)
    given = _unique(records)
    expected = {record.uid: record.revision for record in given} | dict(expected_revisions or {})
    with transaction.atomic():
        lock()
        loaded = _load_expected(given, expected)
        outlook = Outlook(loaded)
        blocked = blockers_of(outlook)
        if blocked:
            raise Blocked(blocked)
        return _publish(outlook, by, why)


def last_release() -> int:
    """The number of the last release, 0 where there was none."""
    return Release.objects.aggregate(last=Max("number"))["last"] or 0


def release_prepared(outlook: Outlook, *, by: User, why: str, after: int) -> Outcome:
    """Publish records that were read, and whose documents were made, before the lock was taken, to hold it shortly.

    Call it with the book's lock held in a transaction, for records that nothing blocks. `after` is the last release
    of the book as it was looked at; raises OutOfDate where there was one since, RevisionConflict where a record has
    changed since.
    """
    must_publish(by)
    if last_release() != after:
        raise OutOfDate
    held: dict[str, int] = {}
    for kind, some in _by_kind(outlook.records).items():
        for chunk in asking.chunks(record.pk for record in some):
            rows = model_of(kind)._base_manager.select_for_update().filter(pk__in=chunk)
            held.update(rows.values_list("uid", "revision"))
    changed = [record for record in outlook.records if held.get(record.uid) != record.revision]
    if changed:
        raise RevisionConflict(changed)
    return _publish(outlook, by, why)


def withdraw(records: Iterable[Aggregate], *, by: User, why: str) -> Outcome:
    """Take records out of the public's sight; their addresses say so. What never was published is passed over.

    Raises PermissionDenied, or Blocked where something published rests on one of them.
    """
    must_publish(by)
    given = {record.uid: record for record in _unique(records)}
    with transaction.atomic():
        lock()
        public = Record.objects.filter(uid__in=given, withdrawn_in=None).values_list("uid", flat=True)
        leaving = [given[uid] for uid in sorted(public)]
        blocked = resting_on(leaving)
        if blocked:
            raise Blocked(blocked)
        if not leaving:
            return Outcome()
        uids = [record.uid for record in leaving]
        made = _new_release(by, why, {"withdrawn": uids})
        index.remove(uids, made)
        SourceText.objects.filter(source__in=uids).delete()
        return Outcome(made, withdrawn=leaving)


def release_rulings(conflicts: Iterable[Conflict], *, by: User, why: str) -> Outcome:
    """Tell readers what the desk made of conflicts, with nothing else; what they were told already is passed over.

    Raises PermissionDenied, or Blocked where they do not see both values just as the ruling was given for.
    """
    must_publish(by)
    given = list(conflicts)
    with transaction.atomic():
        lock()
        blocked = [
            Blocker(conflict.one.claim, message)
            for conflict in given
            if (message := rulings.obstacle(conflict))
        ]
        if blocked:
            raise Blocked(blocked)
        told = rulings.due_of(given)
        if not told:
            return Outcome()
        made = _new_release(by, why, {"rulings": told})
        rulings.note(told)
        return Outcome(made, rulings=len(told))


def must_publish(by: User) -> None:
    """Raises PermissionDenied."""
    if not by.has_perm("book.publish"):
        raise PermissionDenied("Publishing and withdrawing is for publishers.")


def _unique(records: Iterable[Aggregate]) -> list[Aggregate]:
    return list({record.uid: record for record in records}.values())


def _by_kind(records: Iterable[Aggregate]) -> dict[str, list[Aggregate]]:
    """The records by kind, what is referred to before what refers to it."""
    found: dict[str, list[Aggregate]] = {kind: [] for kind in KINDS}
    for record in records:
        found[record.kind_name].append(record)
    return {kind: some for kind, some in found.items() if some}


def _load_expected(given: Sequence[Aggregate], expected: Mapping[str, int]) -> list[Aggregate]:
    """The records as they are now, held against editors until the transaction ends."""
    loaded: list[Aggregate] = []
    for kind, some in _by_kind(given).items():
        pks = [record.pk for record in some]
        for chunk in asking.chunks(pks):
            list(model_of(kind)._base_manager.select_for_update().filter(pk__in=chunk).values_list("pk"))
            loaded += load(kind, chunk)
    changed = [record for record in loaded if record.revision != expected[record.uid]]
    missing = {record.uid for record in given} - {record.uid for record in loaded}
    if changed or missing:
        raise RevisionConflict([*changed, *(record for record in given if record.uid in missing)])
    return loaded


def _publish(outlook: Outlook, by: User, why: str) -> Outcome:
    now, loaded = timezone.now(), outlook.records
    _seal_corrections(outlook, now)
    outcome = Outcome(left_out=list(_left_out(outlook)))
    standing = _standing(loaded)
    changed: list[tuple[Aggregate, Document, str]] = []
    documents = [outlook.document(record) for record in loaded]
    for record, document in zip(loaded, documents, strict=True):
        digest = hashlib.sha256(canonical_json(document).encode()).hexdigest()
        if standing.get(record.uid) == digest:
            outcome.unchanged.append(record)
        else:
            changed.append((record, document, digest))
    told, leaving = rulings.due(documents), merging.leaving(loaded)
    if changed or told or leaving:
        acts = {name: found for name, found in (("rulings", told), ("merged", leaving)) if found}
        outcome.release = _new_release(by, why, acts, at=now)
        versions = _new_versions(outcome.release, changed)
        index.add([(version, document) for version, (_, document, _) in zip(versions, changed, strict=True)])
        outcome.published = [
            (record, version.number) for version, (record, _, _) in zip(versions, changed, strict=True)
        ]
        index.lead_on(leaving, outcome.release)
        rulings.note(told)
        outcome.rulings = len(told)
    texts.open_texts(record.uid for record in loaded if record.kind_name == "source")
    _leave_review(loaded)
    _note_revisions(outcome.unchanged)
    return outcome


def _standing(records: Sequence[Aggregate]) -> dict[str, str]:
    """uid → SHA-256 of the document that readers see now."""
    found: dict[str, str] = {}
    for chunk in asking.chunks(record.uid for record in records):
        rows = Record.objects.filter(uid__in=chunk, withdrawn_in=None)
        found.update(rows.values_list("uid", "version__sha256"))
    return found


def _new_release(
    by: User, why: str, acts: Mapping[str, Any] | None = None, at: datetime | None = None
) -> Release:
    return Release.objects.create(
        number=last_release() + 1,
        at=at or timezone.now(),
        by=by,
        why=why,
        acts=canonical_json(dict(acts or {})),
    )


def _new_versions(made: Release, changed: Sequence[tuple[Aggregate, Document, str]]) -> list[Version]:
    numbers: dict[str, int] = {}
    for chunk in asking.chunks(record.uid for record, _, _ in changed):
        rows = Version.objects.filter(uid__in=chunk).values_list("uid").annotate(last=Max("number"))
        numbers.update(rows)
    labels = _labels_then([document for _, document, _ in changed])
    versions = [
        Version(
            uid=record.uid,
            kind=record.kind_name,
            number=numbers.get(record.uid, 0) + 1,
            release=made,
            schema=SCHEMA,
            revision=record.revision,
            document=canonical_json(document),
            sha256=digest,
            labels=canonical_json({uid: labels[uid] for uid in _labelled(document) if uid in labels}),
        )
        for record, document, digest in changed
    ]
    return Version.objects.bulk_create(versions, batch_size=index.WRITE_CHUNK)


def _labelled(document: Document) -> set[str]:
    """The records whose names a page of this document shows; a place is called by the policy on its own, too."""
    own = {document["uid"]} if document["kind"] == "place" else set()
    return own | {uid for _, uid in references(document)}


def _labels_then(documents: Sequence[Document]) -> dict[str, dict[str, Any]]:
    """What everything is called that these documents refer to, as of their release."""
    own = {document["uid"]: document for document in documents}
    wanted = {uid for document in documents for uid in _labelled(document)}
    going = next((d for d in documents if d["kind"] == "naming-policy"), None)
    policy = going or index.current_policy()
    found = {uid: _label_then(own[uid], policy) for uid in wanted & set(own)}
    for chunk in asking.chunks(wanted - set(own)):
        for record in Record.objects.filter(uid__in=chunk, withdrawn_in=None):
            parts = record.card.get("parts", [])
            found[record.uid] = {"kind": record.kind, "key": record.key, "text": record.label, "parts": parts}
        if going:  # places that stay as they are get new labels with the policy
            places = [uid for uid in chunk if uid in found and found[uid]["kind"] == "place"]
            found.update((uid, _label_then(d, policy)) for uid, d in index.documents(places).items())
    return found


def _label_then(document: Document, policy: Document | None) -> dict[str, Any]:
    text, names = index.label_of(document, policy)
    parts = [list(name.part) for name in names]
    return {"kind": document["kind"], "key": document["key"], "text": text, "parts": parts}


# --- what else a release does ---------------------------------------------------------------------------------


def _seal_corrections(outlook: Outlook, now: datetime) -> None:
    """Drafts of corrections become entries of the ledger: numbered, dated and hashed, one after another.

    In the order of their keys, but an entry comes before those that correct it.
    """
    drafts = [r for r in outlook.records if isinstance(r, Correction) and r.number is None]
    if not drafts:
        return
    number, before = ledger.next_place()
    for record in _corrected_first(drafts):
        record.number, record.previous_hash, record.published_at = number, before, now
        record.editing_state = EditingState.DRAFT
        outlook.read_again(record)
        record.hash = ledger.digest(outlook.document(record))
        outlook.read_again(record)
        number, before = number + 1, record.hash
    sealed = ["number", "previous_hash", "published_at", "hash", "editing_state"]
    Correction.objects.bulk_update(drafts, sealed, batch_size=index.WRITE_CHUNK)


def _corrected_first(drafts: Sequence[Correction]) -> Iterator[Correction]:
    waiting = {draft.pk: draft for draft in drafts}
    while waiting:
        ready = [draft for draft in waiting.values() if draft.corrects_id not in waiting]
        # In a circle none would be ready; then the first by its key goes first.
        for draft in ready or [next(iter(waiting.values()))]:
            yield waiting.pop(draft.pk)


def _left_out(outlook: Outlook) -> Iterator[str]:
    """What the documents do not mention since readers could not look it up."""
    hidden: dict[str, set[str]] = defaultdict(set)
    for record, _, uid in outlook.hidden():
        hidden[uid].add(f"“{record}”")
    names = names_of(hidden)
    for uid, places in sorted(hidden.items(), key=lambda item: names.get(item[0], "")):
        yield f"“{names.get(uid, uid)}” is not published, so it is left out of {', '.join(sorted(places))}."


def names_of(uids: Iterable[str]) -> dict[str, str]:
    """What the desk calls records, published or not, by uid."""
    wanted, found = set(uids), dict[str, str]()
    for kind in KINDS:
        for chunk in asking.chunks(wanted - set(found)):
            # With what they belong to, by which some are called.
            records = model_of(kind)._base_manager.select_related().filter(uid__in=chunk)
            found.update({record.uid: str(record) for record in records})
    return found


def _leave_review(loaded: Sequence[Aggregate]) -> None:
    """What has gone out waits for nobody any more. Not an edit: the revision stays."""
    for kind, some in _by_kind(loaded).items():
        for chunk in asking.chunks(
            record.pk for record in some if record.editing_state != EditingState.DRAFT
        ):
            model_of(kind)._base_manager.filter(pk__in=chunk).update(editing_state=EditingState.DRAFT)
    done = [r.uid for r in loaded if not (isinstance(r, Rebuttal) and r.decision in OPEN_DECISIONS)]
    for chunk in asking.chunks(done):
        Assignment.objects.filter(uid__in=chunk).delete()


def _note_revisions(unchanged: Sequence[Aggregate]) -> None:
    """An edit that came to nothing (made and taken back) is no edit that readers miss."""
    for chunk in asking.chunks(unchanged):
        records = Record.objects.in_bulk([record.uid for record in chunk])
        for record in chunk:
            records[record.uid].revision = record.revision
        index.upsert(Record, list(records.values()), "uid", ["revision"])


# --- looking before publishing --------------------------------------------------------------------------------


def blockers(records: Iterable[Aggregate]) -> list[Blocker]:
    """What `release` would be refused for, without trying. A blocker's `needs` can be published with them."""
    return blockers_of(Outlook(_load(records)))


def with_requirements(records: Iterable[Aggregate]) -> list[Aggregate]:
    """The records and all that has to be published with them."""
    together = _unique(records)
    while True:
        needed = [blocker.needs for blocker in blockers(together) if blocker.needs is not None]
        grown = _unique([*together, *needed])
        if len(grown) == len(together):
            return together
        together = grown


def draft_page(record: Aggregate) -> reading.Page:
    """The page that publishing the record now would give, with the labels of today. Nothing is written."""
    loaded = _load([record])
    document = Outlook(loaded).document(loaded[0])
    last = Version.objects.filter(uid=record.uid).aggregate(last=Max("number"))["last"] or 0
    labels = reading.labels_for(document)
    policy = index.current_policy()
    label, _ = index.label_of(document, policy)
    card = index.card_of(document, policy)
    labels[record.uid] = reading.label_from(record.uid, record.kind_name, record.key, label, card)
    return reading.Page(document, last + 1, timezone.now(), "", 0, last + 1, labels)


def changes_since_published(record: Aggregate, say: Say | None = None) -> list[reading.Change]:
    """What publishing the record now would change for readers; of a record they cannot see, all of it.

    `say` has the words for codes.
    """
    loaded = _load([record])
    newer = Outlook(loaded).document(loaded[0])
    older = index.documents([record.uid]).get(record.uid, {})
    names = names_of(uid for document in (older, newer) if document for _, uid in references(document))
    return reading.compare(older, newer, lambda text: names.get(text, text), say)


def publication(records: Iterable[Aggregate]) -> dict[str, Publication]:
    """Where records stand with readers, by uid; in one query for a page of a list."""
    revisions = {record.uid: record.revision for record in records}
    found = {uid: Publication() for uid in revisions}
    rows = Record.objects.filter(uid__in=revisions).values_list(
        "uid", "version__number", "revision", "withdrawn_in"
    )
    for uid, number, revision, withdrawn in rows:
        state = "withdrawn" if withdrawn else "published"
        found[uid] = Publication(state, number, edited=revision != revisions[uid])
    return found


def _load(records: Iterable[Aggregate]) -> list[Aggregate]:
    return [
        loaded
        for kind, some in _by_kind(_unique(records)).items()
        for chunk in asking.chunks(record.pk for record in some)
        for loaded in load(kind, chunk)
    ]
