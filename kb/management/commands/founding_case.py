"""Load the founding case on an empty desk, and decide, correct and publish it as editors would."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core import serializers
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from kb import publishing, workflow
from kb.analysis import conflict_finding
from kb.book import writing
from kb.editorial.aggregate import Aggregate, aggregate_models
from kb.editorial.history import write_lines
from kb.models import Claim, Rebuttal
from sources.models import Source

FIXTURE = "hot_spring_diplomacy.json"
DECISIONS = "hot_spring_diplomacy.decisions.json"
#: The editorial's permanent name, by which a desk that has the case is recognised even if keys have changed.
EDITORIAL = "nxa5gwuwvtey"
#: Account → group. Nobody logs in as them: they stand in the history for what this command does.
PEOPLE = {"founding-editor": "Editor", "founding-publisher": "Publisher"}
LOADED = "Loaded with the founding case"

Row = dict[str, Any]


class Command(BaseCommand):
    help = (
        "Load the founding case (an editorial, the comment that corrects it, the disputed islands), assess its claims, "
        "decide the rebuttal, enter the correction and publish it all. On a desk that has it, nothing is changed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if Source.objects.filter(uid=EDITORIAL).exists():
            self.stdout.write("The founding case is there already; nothing was changed.")
            return
        with transaction.atomic():
            outcomes = found()
        conflict_finding.find_all()
        for outcome in outcomes:
            release = outcome.release
            if release is not None:
                self.stdout.write(
                    f"Release {release.number}, {len(outcome.published)} records. {release.why}"
                )


def found() -> list[writing.Outcome]:
    """The whole case: its records, their history, assessments, two releases. The caller holds the transaction.

    Raises CommandError where the desk has records of its own under the same keys.
    """
    rows = json.loads(fixture(FIXTURE))
    decisions = json.loads(fixture(DECISIONS))
    refuse_to_overwrite(rows)
    editor, publisher = people()
    loaded = load(rows, by=editor)
    claims = {record.key: record for record in loaded if isinstance(record, Claim)}
    for key, judgement in decisions["assessments"].items():
        assess(claims[key], judgement, by=editor, confirmed_by=publisher)
    why = decisions["releases"]
    first = publish(loaded, handed_in_by=editor, by=publisher, why=why["records"])
    decided = decide(decisions["rebuttal"], editor, publisher)
    second = publish(decided, handed_in_by=editor, by=publisher, why=why["decision"])
    User.objects.filter(username__in=PEOPLE).update(is_active=False)
    return [first, second]


def fixture(name: str) -> str:
    """The text of one of the project's fixtures."""
    return (Path(settings.FIXTURE_DIRS[0]) / name).read_text(encoding="utf-8")


def refuse_to_overwrite(rows: Iterable[Row]) -> None:
    """Raise CommandError, naming them, where records of the desk's own have keys that the case needs."""
    keys: dict[type[Aggregate], list[str]] = {}
    for row in rows:
        model = apps.get_model(row["model"])
        if issubclass(model, Aggregate):
            keys.setdefault(model, []).append(row["fields"]["key"])
    taken = [
        f"{model._meta.verbose_name} “{key}”"
        for model, wanted in keys.items()
        for key in model._base_manager.filter(key__in=wanted).order_by("key").values_list("key", flat=True)
    ]
    if taken:
        raise CommandError(
            "The founding case is for a desk without records of its own. This one has "
            f"{', '.join(taken[:5])}{' and others' if taken[5:] else ''} already; nothing was changed."
        )


def people() -> tuple[User, User]:
    """An editor and a publisher without passwords. They must be active to act; `found` retires them at its end."""
    if User.objects.filter(username__in=PEOPLE).exists():
        names = " and ".join(f"“{username}”" for username in PEOPLE)
        raise CommandError(
            f"The accounts {names} are kept for the founding case, and this desk has one already."
        )
    made = []
    for username, group in PEOPLE.items():
        user = User.objects.create_user(username)
        user.groups.add(Group.objects.get(name=group))
        made.append(user)
    return made[0], made[1]


def load(rows: list[Row], *, by: User) -> list[Aggregate]:
    """Save the rows of a fixture, with one line of history each. Returns the aggregates among them."""
    saved: list[models.Model] = []
    waiting = []
    for found_row in serializers.deserialize("python", rows, handle_forward_references=True):
        # Each many-to-many list would write a line of history of its own.
        found_row.object.skip_history_when_saving = True  # type: ignore[attr-defined]
        found_row.save()
        saved.append(found_row.object)
        if found_row.deferred_fields:
            waiting.append(found_row)
    for found_row in waiting:
        found_row.save_deferred_fields()
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for record in saved:
        by_model.setdefault(type(record), []).append(record)
    for model, records in by_model.items():
        write_lines(model, records, by=by, why=LOADED)
    kept = aggregate_models(by_model)
    return [
        again
        for model in kept
        for again in model._base_manager.filter(pk__in=[r.pk for r in by_model[model]])
    ]


def assess(claim: Claim, judgement: Mapping[str, Any], *, by: User, confirmed_by: User) -> None:
    """One editor proposes, another confirms."""
    proposal = workflow.propose_assessment(claim, by=by, **judgement)
    workflow.confirm_assessment(proposal, by=confirmed_by)


def decide(decision: Mapping[str, Any], editor: User, publisher: User) -> list[Aggregate]:
    """Decide the reader's rebuttal and assess its claim. Returns what has to go out together."""
    rebuttal = Rebuttal.objects.get(key=decision["key"])
    workflow.start_review(rebuttal, by=editor)
    words = {name: decision[name] for name in ("decision", "reason", "said", "right")}
    decided = workflow.decide_rebuttal(rebuttal, by=editor, **words)
    claim = Claim.objects.get(pk=rebuttal.claim_id)
    assess(claim, decision["assessment"], by=editor, confirmed_by=publisher)
    if decided.correction is None:
        raise CommandError(
            f"The decision “{decision['decision']}” brings no correction; the founding case has one."
        )
    return [decided.rebuttal, claim, decided.correction, *decided.deliveries]


def publish(records: Iterable[Aggregate], *, handed_in_by: User, by: User, why: str) -> writing.Outcome:
    """One hands the records in as they stand now, another publishes them."""
    together = list(records)
    for record in together:
        record.refresh_revision()
    workflow.submit(together, by=handed_in_by)
    return publishing.publish(together, by=by, why=why)
