"""What keeps a record from being published or withdrawn, and the way out.

| record     | needs, published or going out with it                     |
|------------|-----------------------------------------------------------|
| claim      | an appearance; the source of each appearance              |
| rebuttal   | its claim; the rebuttal that it answers                   |
| correction | its claim, its rebuttal, the entry that it corrects       |
| delivery   | its correction                                            |
| a decision | the claim, assessed again; the rebuttal; the correction   |

Whatever else is not published is left out of the document. An entry of the ledger is never withdrawn. A record into
which a published one was merged needs what is published and refers to that one (`kb.book.merging`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.book import deciding, merging
from kb.book.asking import chunks
from kb.book.documents import build, model_of
from kb.book.kinds import BLOCKING_ROLES, LEDGER_ROLES, Document, references
from kb.book.kinds import Reference as RoleAndUid
from kb.book.models import Address, Record, Reference
from kb.editorial.aggregate import Aggregate
from kb.models import Claim, Correction

#: For each role that blocks, the kinds that it can lead to.
LEADS_TO = {
    "appearance": ("source",),
    "rebuts": ("claim",),
    "replies-to": ("rebuttal",),
    "corrects": ("claim", "correction"),
    "came-from": ("rebuttal",),
    "delivers": ("correction",),
}


@dataclass(frozen=True)
class Blocker:
    """One thing in the way: the record it concerns, what to tell the editor, and what could go out with it."""

    record: Aggregate
    message: str
    needs: Aggregate | None = None
    #: The step of the record's admin that leads out, if one does.
    step: str = ""


class Outlook:
    """What readers will see once these records are out: what is published, and the records themselves.

    Takes records as `documents.load` reads them, for their documents alone: bounds that lean on an event are set to
    those that its date in public gives. `references` holds what each record refers to, seen or not.

    A document is built once, as if all could be seen, noting after what the builder asked. Only where something of
    that is hidden is it built again without it.
    """

    def __init__(self, records: Sequence[Aggregate]) -> None:
        self.records = records
        self._lean_on_what_is_seen()
        self._whole: dict[str, Document] = {}
        self._asked: dict[str, set[str]] = {}
        self.references: dict[str, set[RoleAndUid]] = {}
        for record in records:
            self._take(record)
        self.uids = set(self.references)
        wanted = set().union(*self._asked.values()) - self.uids
        wanted.update(uid for found in self.references.values() for _, uid in found if uid not in self.uids)
        for some in chunks(wanted):
            public = Record.objects.filter(uid__in=some, withdrawn_in=None)
            self.uids.update(public.values_list("uid", flat=True))

    def _take(self, record: Aggregate) -> None:
        asked: set[str] = set()

        def shown(uid: str) -> bool:
            asked.add(uid)
            return True

        self._whole[record.uid] = build(record, shown)
        self._asked[record.uid] = asked
        self.references[record.uid] = references(self._whole[record.uid])

    def document(self, record: Aggregate) -> Document:
        """The document of one of the records as readers will see it."""
        if self._asked[record.uid] <= self.uids:
            return self._whole[record.uid]
        return build(record, self.shown)

    def read_again(self, record: Aggregate) -> None:
        """One of the records has changed in its own columns: make its document anew."""
        self._whole[record.uid] = build(record, lambda uid: True)

    def _lean_on_what_is_seen(self) -> None:
        """A date that the desk has settled but not published must not be told by what leans on it."""
        leaning = [
            (value, value.relative_to)
            for record in self.records
            if isinstance(record, Claim)
            for value in record.values.all()
            if value.relative_to is not None
        ]
        going = {record.uid for record in self.records}
        seen: dict[str, str] = {}
        for some in chunks({event.uid for _, event in leaning} - going):
            rows = Record.objects.filter(uid__in=some, withdrawn_in=None).values_list("uid", "card")
            seen.update((uid, card["when"]) for uid, card in rows)
        for value, event in leaning:
            event.when = seen.get(event.uid, event.when)
            value.derive()

    def shown(self, uid: str) -> bool:
        return uid in self.uids

    def hidden(self) -> Iterator[tuple[Aggregate, str, str]]:
        """What will not be seen though something refers to it: record, role, uid."""
        for record in self.records:
            missing = [found for found in self.references[record.uid] if found[1] not in self.uids]
            for role, uid in sorted(missing):
                yield record, role, uid


def blockers_of(outlook: Outlook) -> list[Blocker]:
    """What keeps the records from going out together."""
    return [
        *_without_appearance(outlook.records),
        *_addresses_taken(outlook.records),
        *_unseen(outlook),
        *_of_decisions(outlook.records),
        *(Blocker(*told) for told in merging.left_behind(outlook.records)),
    ]


def _of_decisions(records: Sequence[Aggregate]) -> Iterator[Blocker]:
    for record, missing in deciding.divided(records):
        message = f"“{record}” goes out with the {missing.kind_name} “{missing}”: what was decided is seen as a whole."
        yield Blocker(record, message, missing)
    for claim, message in deciding.needing_another_look(records):
        yield Blocker(claim, message, step="assess")


def _without_appearance(loaded: Iterable[Aggregate]) -> Iterator[Blocker]:
    for record in loaded:
        if isinstance(record, Claim) and not record.appearances.all():
            yield Blocker(record, f"“{record}” has no appearance. Record where it was said.")


def _addresses_taken(loaded: Sequence[Aggregate]) -> Iterator[Blocker]:
    for some in chunks(loaded):
        owners = {
            (kind, key): uid
            for kind, key, uid in Address.objects.filter(key__in=[r.key for r in some]).values_list(
                "kind", "key", "uid"
            )
        }
        for record in some:
            if owners.get((record.kind_name, record.key), record.uid) != record.uid:
                message = f"The key “{record.key}” once led readers to another {record.kind_name}. Choose another key."
                yield Blocker(record, message)


def _unseen(outlook: Outlook) -> Iterator[Blocker]:
    missing = [found for found in outlook.hidden() if found[1] in BLOCKING_ROLES | LEDGER_ROLES]
    found = _records(
        {uid for _, _, uid in missing}, {kind for _, role, _ in missing for kind in LEADS_TO[role]}
    )
    for record, _, uid in missing:
        needs = found[uid]
        message = f"“{record}” needs the {needs.kind_name} “{needs}”, which is not published."
        yield Blocker(record, message, needs)


def _records(uids: set[str], kinds: set[str]) -> dict[str, Aggregate]:
    return {
        record.uid: record
        for kind in kinds
        for some in chunks(uids)
        for record in model_of(kind)._base_manager.filter(uid__in=some)
    }


def resting_on(leaving: Sequence[Aggregate]) -> list[Blocker]:
    """What keeps records from being withdrawn: an entry of the ledger, or something published that rests on one."""
    blocked = [
        Blocker(record, f"{record} is an entry of the ledger and stays. Correct it with a new one.")
        for record in leaving
        if isinstance(record, Correction)
    ]
    by_uid = {record.uid: record for record in leaving}
    for some in chunks(by_uid):
        rows = Reference.objects.filter(target__in=some, role__in=BLOCKING_ROLES).values_list(
            "target", "source"
        )
        resting = [(target, source) for target, source in rows if source not in by_uid]
        labels = Record.objects.filter(withdrawn_in=None).in_bulk([source for _, source in resting])
        for target, source in sorted(resting):
            if source in labels:
                record, kind = by_uid[target], labels[source].kind
                name = labels[source].label
                message = f"The published {kind} “{name}” rests on “{record}”. Withdraw both, or change it."
                blocked.append(
                    Blocker(record, message, model_of(kind)._base_manager.filter(uid=source).first())
                )
    return blocked
