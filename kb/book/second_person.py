"""Two people stand behind what is published: one has handed it in for review, and another publishes it.

A desk of one person (`Desk.single_editor`) is free of this. What readers see just as it is needs nobody: publishing it
again publishes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User

from kb.book.asking import chunks
from kb.book.documents import model_of
from kb.book.models import Record
from kb.book.requirements import names_of
from kb.editorial.aggregate import Aggregate, EditingState
from kb.models import Desk, WorkStep
from kb.models.work import Act


def one_person_desk() -> bool:
    return Desk.objects.filter(single_editor=True).exists()


def name_of(user: User) -> str:
    """What colleagues call somebody."""
    return user.get_full_name() or user.get_username()


def submitters(uids: Iterable[str]) -> dict[str, User]:
    """Who handed in each of these records last; a query for some hundred of them."""
    found: dict[str, int] = {}
    for some in chunks(uids):
        rows = WorkStep.objects.filter(uid__in=some, act=Act.SUBMITTED).order_by("pk")
        found.update(rows.values_list("uid", "by"))
    people = User.objects.in_bulk(set(found.values()))
    return {uid: people[pk] for uid, pk in found.items()}


def lacking(records: Iterable[Aggregate], *, by: User) -> dict[str, str]:
    """Why this person may not publish some of the records, in words, by uid: the second person is missing.

    The records are taken as they were read, state and revision.
    """
    by_uid = {record.uid: record for record in records}
    standing = {uid: (record.editing_state, record.revision) for uid, record in by_uid.items()}
    return {uid: words.format(name=by_uid[uid]) for uid, words in _missing(standing, by).items()}


def lacking_of(records: Iterable[tuple[str, str]], *, by: User) -> dict[str, str]:
    """The same of many records, named by kind and uid, as they are now; a few queries for some hundred of them."""
    uids: dict[str, list[str]] = defaultdict(list)
    for kind, uid in records:
        uids[kind].append(uid)
    standing: dict[str, tuple[str, int]] = {}
    for kind, own in uids.items():
        for some in chunks(own):
            rows = model_of(kind)._base_manager.filter(uid__in=some)
            standing.update(
                (uid, (state, revision))
                for uid, state, revision in rows.values_list("uid", "editing_state", "revision")
            )
    missing = _missing(standing, by)
    names = names_of({kind: [uid for uid in own if uid in missing] for kind, own in uids.items()})
    return {uid: words.format(name=names[uid]) for uid, words in missing.items()}


def _missing(standing: Mapping[str, tuple[str, int]], by: User) -> dict[str, str]:
    """What is wrong with records in these states and revisions, by uid, in words that lack the record's name."""
    if one_person_desk():
        return {}
    seen: set[str] = set()
    for some in chunks(standing):
        rows = Record.objects.filter(uid__in=some, withdrawn_in=None).values_list("uid", "revision")
        seen.update(uid for uid, revision in rows if revision == standing[uid][1])
    in_review = {u for u, (state, _) in standing.items() if state == EditingState.IN_REVIEW and u not in seen}
    handed_in = submitters(in_review)
    found = {}
    for uid in standing:
        if uid in seen:
            continue
        if uid not in in_review:
            found[uid] = "“{name}” is a draft. Hand it in for review; somebody else then publishes it."
        elif uid not in handed_in:
            found[uid] = (
                "Nobody is noted as having handed in “{name}”. Return it to draft and hand it in again."
            )
        elif handed_in[uid].pk == by.pk:
            who = name_of(by).replace("{", "{{").replace("}", "}}")
            found[uid] = f"{who} handed in “{{name}}”. Somebody else has to publish it."
    return found
