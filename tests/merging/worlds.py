"""Desks full of records that refer to each other, made from a number; and all that the database then holds."""

from __future__ import annotations

import random
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, models
from django.utils import timezone

from kb.editorial.aggregate import Aggregate
from kb.merging.obstacles import MERGEABLE
from kb.models import (
    Appearance,
    Assessment,
    Attribute,
    Claim,
    Event,
    Evidence,
    NamingRule,
    Place,
    PlaceName,
    PlaceStatus,
    Review,
    StatedValue,
    Topic,
)
from sources.models import Agent, Contribution, Snapshot, Source
from tests.kb import records

EACH = 3
#: The merges themselves, and what follows from the claims by itself or counts their edits.
LEFT_OUT = ("Merge", "ClaimToIndex", "ClaimWords", "TermCount", "SameRevision")
MODELS: dict[str, type[Aggregate]] = {
    model.kind_name: model for model in (Agent, Place, Source, Claim, Event, Topic)
}
assert tuple(sorted(MODELS)) == tuple(sorted(MERGEABLE))


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of the desk, but for counts of edits and what is kept of the past."""
    found = {}
    for label in ("sources", "kb"):
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            if "istorical" not in model.__name__ and model.__name__ not in LEFT_OUT:
                found[model._meta.label] = _rows(model)
    return found


def _rows(model: type[models.Model]) -> list[dict[str, Any]]:
    left_out = {"revision", *(["id"] if model.__name__ == "Conflict" else [])}
    names = [f.attname for f in model._meta.local_concrete_fields if f.attname not in left_out]
    return sorted(model._base_manager.values(*names), key=lambda row: sorted(map(repr, row.items())))


def somebody(name: str = "editor", *groups: str) -> User:
    known = User.objects.filter(username=name).first()
    return known or records.account(name, *(groups or ("Editor",)))


class World:
    """A desk made by chance: few words and few dates, so that much of it is the same."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.made = {kind: [self._make(kind, n) for n in range(EACH)] for kind in MODELS}
        self._parts()
        self._challenges()

    def pick(self, kind: str) -> Any:
        return self.chance.choice(self.made[kind])

    def some(self, kind: str) -> list[Any]:
        return self.chance.sample(self.made[kind], self.chance.randint(0, 2))

    def word(self) -> str:
        return self.chance.choice(["", "one", "two"])

    def pair(self, kind: str) -> tuple[Any, Any]:
        return tuple(self.chance.sample(self.made[kind], 2))  # type: ignore[return-value]

    def _make(self, kind: str, n: int) -> Any:
        key, chance = f"{kind}-{n}", self.chance
        date = chance.choice(["", "1945", "1945-08-18"])
        given: dict[str, Any] = {
            "agent": {"name": self.word() or "Agent", "native_name": self.word(), "note": self.word()},
            "topic": {"name": self.word() or "Topic"},
            "place": {"kind": "island", "note": self.word(), "latitude": chance.choice([None, 44])},
            "source": {"title": "Book", "type": "book", "publisher": self.word(), "issued": date},
            "event": {"title": "Landing", "when": date},
            "claim": {"statement": "It was so.", "kind": "other", "note": self.word()},
        }[kind]
        if kind == "place":
            given["longitude"] = 147 if given["latitude"] else None
        return MODELS[kind].objects.create(key=key, **given)

    def _parts(self) -> None:
        for kind, name in (("place", "part_of"), ("event", "part_of"), ("source", "in_reply_to")):
            for n, record in enumerate(self.made[kind]):
                if n and self.chance.random() < 0.4:
                    setattr(record, name, self.made[kind][self.chance.randrange(n)])
                    record.save()
        for n, source in enumerate(self.made["source"]):
            source.derived_from.set(s for s in self.made["source"][:n] if self.chance.random() < 0.3)
            for agent in self.some("agent"):
                Contribution.objects.create(source=source, agent=agent, role="author")
            if self.chance.random() < 0.7:
                text = self.chance.choice(["It was so. Indeed.", "It was so, they say."])
                Snapshot.objects.create(source=source, text=text, captured_at=timezone.now())
        for event in self.made["event"]:
            event.places.set(self.some("place"))
            event.participants.set(self.some("agent"))
        for place in self.made["place"]:
            self._names(place)
        for claim in self.made["claim"]:
            self._statement(claim)
        policy = records.naming_policy()
        for place in self.some("place"):
            first, second = self.pair("agent")
            NamingRule.objects.create(policy=policy, place=place, first=first, second=second)

    def _names(self, place: Place) -> None:
        names = []
        for text in self.chance.sample(["Iturup", "Etorofu", "Itrup"], 2):
            name = PlaceName.objects.create(place=place, text=text, language="en", locator=self.word())
            name.used_by.set(self.some("agent"))
            name.used_in.set(self.some("source"))
            names.append(name)
        if self.chance.random() < 0.5:
            names[1].romanisation_of = names[0]
            names[1].save()
        PlaceStatus.objects.create(
            place=place, agent=self.pick("agent"), relation="claims", source=self.pick("source")
        )

    def _statement(self, claim: Claim) -> None:
        claim.topics.set(self.some("topic"))
        claim.places.set(self.some("place"))
        claim.events.set(self.some("event"))
        began = Attribute.objects.get(key="began")
        for n in range(2):
            source = self.pick("source")
            said = Appearance.objects.create(
                claim=claim,
                source=source,
                snapshot=source.snapshots.first(),
                quote=self.chance.choice(["It was so", ""]),
                locator=self.word(),
            )
            said.claimants.set(self.some("agent"))
            if n and self.chance.random() < 0.5:
                said.derived_from = claim.appearances.first()
                said.save()
            leaning = self.chance.random() < 0.3
            StatedValue.objects.create(
                claim=claim,
                event=self.made["event"][0] if leaning else self.pick("event"),
                attribute=began,
                appearance=said,
                edtf="" if leaning else self.chance.choice(["1945-08-18", "1946"]),
                relation="before" if leaning else "",
                relative_to=self.made["event"][2] if leaning else None,
            )
            Evidence.objects.create(
                claim=claim, source=self.pick("source"), relation="supports", note=self.word()
            )
        Review.objects.create(claim=claim, reviewer=self.pick("agent"), rating_text="Falso")

    def _challenges(self) -> None:
        for n, claim in enumerate(self.made["claim"]):
            challenge = records.rebuttal(claim, f"rebuttal-{n}", raised_by=self.pick("agent"))
            challenge.appearances.set(claim.appearances.all()[:1])
            right = records.correction(claim, f"correction-{n}", rebuttal=challenge)
            right.deliveries.create(key=f"delivery-{n}", appearance=claim.appearances.last())
            if self.chance.random() < 0.6:
                editor = somebody()
                confirmed = {"confirmed_by": editor, "confirmed_at": timezone.now()}
                Assessment.objects.create(
                    claim=claim, rating="accurate", rationale="So.", proposed_by=editor,
                    **(confirmed if self.chance.random() < 0.7 else {}),
                )  # fmt: skip


def whole() -> None:
    """No foreign key leads nowhere; what is deferred to the end of a transaction is checked now."""
    connection.check_constraints()
