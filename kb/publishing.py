"""Publishing and withdrawing as the desk decides it: with the rule of two people, above the mechanism of the book.

Every door goes through here, but for what an import brought, which `kb.book.jobs` publishes by the same rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User
from django.db import transaction

from kb.book import second_person, writing
from kb.book.asking import chunks
from kb.book.documents import model_of
from kb.book.locking import lock
from kb.editorial.aggregate import Aggregate
from kb.models import Conflict
from kb.workflow import WorkflowError


def publish(
    records: Iterable[Aggregate],
    *,
    by: User,
    why: str,
    expected_revisions: Mapping[str, int] | None = None,
) -> writing.Outcome:
    """Publish records together that somebody else has handed in. See `kb.book.writing.release`.

    Raises PermissionDenied, WorkflowError that names each record for which a second person or the reason is missing,
    RevisionConflict or Blocked; then nothing has happened.
    """
    writing.must_publish(by)
    if not why.strip():
        raise WorkflowError("Say why it is published. Readers see it in each record’s history.")
    given = list(records)
    with transaction.atomic():
        lock()
        refused = second_person.lacking(_held(given), by=by)
        if refused:
            raise WorkflowError(list(refused.values()))
        return writing.release(given, by=by, why=why, expected_revisions=expected_revisions)


def withdraw(records: Iterable[Aggregate], *, by: User, why: str) -> writing.Outcome:
    """Take records out of the public's sight. One publisher may: what does harm should not wait for a second.

    Raises PermissionDenied, WorkflowError where the reason is missing, or Blocked.
    """
    writing.must_publish(by)
    if not why.strip():
        raise WorkflowError("Say why it is withdrawn. Readers see it on the page that stays.")
    return writing.withdraw(records, by=by, why=why)


def tell_rulings(conflicts: Iterable[Conflict], *, by: User, why: str) -> writing.Outcome:
    """Tell readers what somebody else has ruled on conflicts. See `kb.book.writing.release_rulings`.

    Raises PermissionDenied, WorkflowError for one's own ruling (unless the desk is of one person), or Blocked.
    """
    writing.must_publish(by)
    given = list(conflicts)
    if not second_person.one_person_desk():
        for conflict in given:
            ruling = conflict.ruling()
            if ruling is not None and ruling.ruled_by_id == by.pk:
                raise WorkflowError(f"You have ruled on “{conflict}”. Somebody else has to tell readers.")
    return writing.release_rulings(given, by=by, why=why)


def obstacles(records: Iterable[Aggregate], *, by: User) -> list[str]:
    """What `publish` would refuse for want of a second person, in words, without trying."""
    return list(second_person.lacking(records, by=by).values())


def _held(records: Iterable[Aggregate]) -> list[Aggregate]:
    """The records as they are now, held until the transaction ends, so that none leaves review meanwhile."""
    pks: dict[str, set[int]] = defaultdict(set)
    for record in records:
        pks[record.kind_name].add(record.pk)
    return [
        record
        for kind, own in pks.items()
        for some in chunks(own)
        # Named in a refusal only; what that reads of others is read then.
        for record in model_of(kind)._base_manager.select_for_update().filter(pk__in=some)
    ]
