"""Small records of the desk for tests: each function makes one, with what it needs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from kb.models import (
    Appearance,
    Attribute,
    Claim,
    Correction,
    Delivery,
    Desk,
    Event,
    Evidence,
    NamingPolicy,
    NamingRule,
    Place,
    PlaceName,
    PlaceStatus,
    Rebuttal,
    Review,
    StatedValue,
    Topic,
)
from sources.models import Agent, Contribution, Snapshot, Source

TEXT = "The islands were taken in August.\n\nThe war ended in September."


def account(name: str, *groups: str, **fields: Any) -> User:
    """A staff account in some of the desk's groups."""
    user = User.objects.create_user(name, password="of no consequence", is_staff=True, **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def agent(key: str = "japan", **fields: Any) -> Agent:
    return Agent.objects.create(**{"key": key, "name": key.title(), "kind": "state", **fields})


def topic(key: str = "islands") -> Topic:
    return Topic.objects.create(key=key, name=key.title())


def source(key: str = "editorial", **fields: Any) -> Source:
    return Source.objects.create(**{"key": key, "title": f"The {key}", "type": "article-magazine", **fields})


def snapshot(of: Source, text: str = TEXT) -> Snapshot:
    return Snapshot.objects.create(source=of, text=text, captured_at=timezone.now())


def place(key: str = "iturup", *names: str, **fields: Any) -> Place:
    record = Place.objects.create(**{"key": key, "kind": "island", **fields})
    for name in names:
        PlaceName.objects.create(place=record, text=name, language="en")
    return record


def event(key: str = "landing", **fields: Any) -> Event:
    return Event.objects.create(**{"key": key, "title": f"The {key}", **fields})


def claim(key: str = "islands-taken", **fields: Any) -> Claim:
    return Claim.objects.create(
        **{"key": key, "statement": f"Statement of {key}.", "kind": "event-date", **fields}
    )


def appearance(of: Claim, where: Source, **fields: Any) -> Appearance:
    return Appearance.objects.create(claim=of, source=where, **fields)


def rebuttal(of: Claim, key: str = "comment", **fields: Any) -> Rebuttal:
    return Rebuttal.objects.create(
        **{"key": key, "claim": of, "scope": "date", "text": "It was later.", **fields}
    )


def correction(of: Claim, key: str = "first", **fields: Any) -> Correction:
    return Correction.objects.create(
        **{"key": key, "claim": of, "said": "August", "right": "September", **fields}
    )


def full(number: int) -> dict[str, Any]:
    """One record of each kind, with `number` rows in each of its inlines and links, under keys that end in it."""
    mine = str(number)
    people = [agent(f"agent-{mine}-{i}") for i in range(number)]
    works = [source(f"work-{mine}-{i}") for i in range(number)]
    for i, work in enumerate(works):
        Contribution.objects.create(source=works[0], agent=people[i], order=i)
        snapshot(work)
    for i in range(1, number):
        snapshot(works[0], f"{TEXT} {i}")
    where = place(f"place-{mine}")
    for i in range(number):
        name = PlaceName.objects.create(place=where, text=f"Name {i}", language="en", source=works[i])
        name.used_by.add(people[i])
        PlaceStatus.objects.create(place=where, agent=people[i], relation="claims", source=works[i])
    when = event(f"event-{mine}", when="1945-08-18")
    when.places.add(where)
    statement = claim(f"claim-{mine}")
    statement.topics.set(topic(f"topic-{mine}-{i}") for i in range(number))
    began = Attribute.objects.get(key="began")
    for i in range(number):
        said = appearance(statement, works[i], snapshot=works[i].snapshots.first(), quote="taken in August")
        said.claimants.add(people[i])
        StatedValue.objects.create(
            claim=statement, event=when, attribute=began, edtf="1945-08", appearance=said, raw="in August"
        )
        Evidence.objects.create(claim=statement, source=works[i], relation="supports")
        Review.objects.create(claim=statement, reviewer=people[i], source=works[i], rating_text="Falso")
    challenge = rebuttal(statement, f"rebuttal-{mine}")
    right = correction(statement, f"correction-{mine}", rebuttal=challenge)
    for i, said in enumerate(statement.appearances.all()):
        Evidence.objects.create(rebuttal=challenge, source=works[i], relation="supports")
        delivery = Delivery.objects.create(key=f"delivery-{mine}-{i}", correction=right, appearance=said)
    return {
        "agent": people[0],
        "source": works[0],
        "place": where,
        "event": when,
        "claim": statement,
        "rebuttal": challenge,
        "correction": right,
        "delivery": delivery,
        "topic": statement.topics.first(),
    }


def desk() -> Desk:
    return Desk.objects.create(key="desk", name="The claims desk")


def desk_of_one() -> Desk:
    """A desk on which one person may hand in and publish."""
    return Desk.objects.create(key="desk", name="The claims desk", single_editor=True)


def naming_policy(*pairs: tuple[Agent, Agent]) -> NamingPolicy:
    policy = NamingPolicy.objects.create(key="naming-policy", text="Order implies nothing.")
    for first, second in pairs:
        NamingRule.objects.create(policy=policy, first=first, second=second)
    return policy
