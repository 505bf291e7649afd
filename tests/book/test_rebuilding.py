"""The index can be made again from releases and versions, and nothing that is done to it goes unnoticed."""

from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection

from kb.book import reading, writing
from kb.book.facet_models import Facet, Tally
from kb.book.models import (
    Address,
    ClaimEntry,
    CorrectionEntry,
    EventEntry,
    PlaceEntry,
    PlaceSpot,
    PlaceSquare,
    PublicRuling,
    PublicValue,
    RebuttalEntry,
    Record,
    Reference,
    SourceEntry,
    SourceText,
)
from kb.book.rebuilding import MADE, contents
from kb.book.search.tables import SearchEntry, SearchName, SearchSlip, SearchTerm, SearchText
from kb.editorial import triggers
from kb.models import Correction, Evidence, PlaceName, Rebuttal
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db


@pytest.fixture
def book():
    """A published record of every kind, with a whole text that readers may see."""
    made = published.full(2)
    text = made["source"].snapshots.first()
    type(text).objects.filter(pk=text.pk).update(rights="public")
    published.publish(made["source"], records.desk(), records.naming_policy())
    return made


def test_nothing_differs_after_publishing_a_record_of_every_kind(book):
    before = cases.snapshot()
    assert writing.rebuild_book() == []
    after = cases.snapshot()
    for table in ("Release", "Version", "Record", "ClaimEntry", "SourceEntry", "PlaceEntry", "SourceText"):
        assert after[table] == before[table]
    assert writing.rebuild_book() == []


def test_rebuilding_an_empty_book_finds_nothing():
    assert writing.rebuild_book() == []


def test_what_came_to_nothing_at_the_desk_is_still_no_edit_after_rebuilding():
    topic = records.topic()
    published.publish(topic)
    cases.edit(topic, name="Isles")
    cases.edit(topic, name="Islands")
    published.publish(topic)
    writing.rebuild_book()
    assert writing.publication(cases.again(topic))[topic.uid].edited is False


#: What somebody does to a table, and what rebuilding then says.
TAMPERED = {
    Record: (
        lambda: Record.objects.filter(kind="topic").update(label="Wrong"),
        "records: 2 wrong or too many, 2",
    ),
    Address: (lambda: Address.objects.filter(kind="claim").delete(), "addresses: 0 wrong or too many, 1"),
    Reference: (
        lambda: Reference.objects.create(source="nobody", target="nothing", role="place"),
        "references: 1 wrong or too many, 0",
    ),
    SearchEntry: (
        lambda: SearchEntry.objects.filter(record__kind="claim").delete(),
        "search entries: 0 wrong or too many, 1",
    ),
    SearchText: (
        lambda: SearchText.objects.filter(position=0).update(title="wrong"),
        "search texts: 1 wrong or too many, 1",
    ),
    SearchTerm: (
        lambda: SearchTerm.objects.filter(word="statement").update(records=7),
        "search words: 1 wrong or too many, 1",
    ),
    SearchSlip: (
        lambda: SearchSlip.objects.create(spelling="zz", word="zzz"),
        "search spellings: 1 wrong or too many, 0",
    ),
    SearchName: (
        lambda: SearchName.objects.create(name="zzz", stems="zzz", record=Record.objects.get(kind="claim")),
        "search names: 1 wrong or too many, 0",
    ),
    ClaimEntry: (
        lambda: ClaimEntry.objects.update(challenged=False),
        "list of claims: 1 wrong or too many, 1",
    ),
    SourceEntry: (lambda: SourceEntry.objects.all().delete(), "list of sources: 0 wrong or too many, 2"),
    PlaceEntry: (lambda: PlaceEntry.objects.update(sort_label=""), "list of places: 1 wrong or too many, 1"),
    EventEntry: (lambda: EventEntry.objects.update(when=5), "list of events: 1 wrong or too many, 1"),
    RebuttalEntry: (
        lambda: RebuttalEntry.objects.update(decision="accepted"),
        "list of rebuttals: 1 wrong or too many, 1",
    ),
    CorrectionEntry: (
        lambda: CorrectionEntry.objects.update(number=9),
        "list of corrections: 1 wrong or too many, 1",
    ),
    PublicValue: (
        lambda: PublicValue.objects.update(qualifier="ships"),
        "stated values: 2 wrong or too many, 2",
    ),
    PublicRuling: (
        lambda: PublicRuling.objects.create(
            one="a", other="b", verdict="real", reason="Made up.", ruled_on=""
        ),
        "rulings on conflicts: 1 wrong or too many, 0",
    ),
    Facet: (
        lambda: Facet.objects.filter(value="claim corrected").update(main="accurate"),
        "what lists find records by: 1 wrong or too many, 1",
    ),
    Tally: (
        lambda: Tally.objects.filter(value="claim", other="").update(number=7),
        "counts of the lists: 1 wrong or too many, 1",
    ),
    PlaceSpot: (
        lambda: PlaceSpot.objects.create(
            record=Record.objects.get(kind="place"), place_kind="sea", code=1, north=2, east=3
        ),
        "places on the map: 1 wrong or too many, 0",
    ),
    PlaceSquare: (
        lambda: PlaceSquare.objects.create(
            zoom=0, row=1, column=2, place_kind="sea", count=3, north=4, east=5
        ),
        "squares of the map: 1 wrong or too many, 0",
    ),
    SourceText: (lambda: SourceText.objects.update(text="Wrong"), "texts of sources: 1 wrong or too many, 1"),
}


@pytest.mark.parametrize("model", TAMPERED, ids=lambda model: model.__name__)
def test_what_somebody_has_changed_is_said_and_made_right(book, model):
    change, said = TAMPERED[model]
    right = contents()
    change()
    assert writing.rebuild_book() == [f"{said} wrong or missing"]
    assert contents() == right
    assert writing.rebuild_book() == []


def test_every_table_that_is_made_has_been_tampered_with_here():
    assert set(TAMPERED) == set(MADE)


def test_the_command_says_that_nothing_differed(book):
    out = StringIO()
    call_command("rebuild_book", stdout=out)
    assert out.getvalue() == "The book was as its releases say. Nothing has changed.\n"


def test_the_command_says_what_differed_and_fails_once(book):
    PlaceEntry.objects.update(sort_label="")
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("rebuild_book", stdout=out)
    assert stopped.value.code == 1
    assert out.getvalue() == (
        "The book differed from its releases, and has been made again from them:\n"
        "  list of places: 1 wrong or too many, 1 wrong or missing\n"
    )
    call_command("rebuild_book", stdout=StringIO())


# --- whatever happens -----------------------------------------------------------------------------------------


class Desk:
    """An office that does one thing after another, by dice."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)  # noqa: S311
        self.by = published.publisher()
        self.number = 0
        self.agents = [records.agent(f"agent-{n}") for n in range(2)]
        self.records: list = [*self.agents, records.naming_policy((self.agents[1], self.agents[0]))]

    def key(self) -> str:
        self.number += 1
        return f"record-{self.number}"

    def some(self, kind: str):
        return self.dice.choice([r for r in self.records if r.kind_name == kind] or [None])

    def create(self) -> None:
        source = records.source(self.key(), issued=self.dice.choice(["", "1999", "2016-12-05"]))
        place, event = (
            records.place(self.key()),
            records.event(self.key(), when=self.dice.choice(["", "1945", "1945-08-18"])),
        )
        for agent in self.agents:
            name = PlaceName.objects.create(place=place, text=f"{agent.key} {place.key}", language="en")
            name.used_by.add(agent)
        claim = cases.said(self.key(), self.some("source") or source)
        claim.places.add(place)
        claim.events.add(self.some("event") or event)
        challenge = records.rebuttal(self.some("claim") or claim, self.key())
        draft = records.correction(challenge.claim, self.key(), rebuttal=challenge)
        self.records += [source, place, event, claim, challenge, draft]

    def edit(self) -> None:
        record = self.dice.choice(self.records)
        if record.kind_name == "correction":
            Correction.objects.filter(pk=record.pk, number=None).update(said=self.key())
        elif record.kind_name == "rebuttal":
            Rebuttal.objects.filter(pk=record.pk).update(claim=self.some("claim"), text=self.key())
        elif record.kind_name == "claim":
            Evidence.objects.create(claim=record, source=self.some("source"), relation="supports")
        elif record.kind_name in ("event", "source"):
            field = {"event": "when", "source": "issued"}[record.kind_name]
            cases.edit(record, **{field: self.dice.choice(["", "1945-08-09", "2020"])})
        elif record.kind_name == "place":
            record.names.filter(text__startswith="agent-0").update(text=self.key())

    def move(self) -> None:
        """A place into another, or out of all: what is about it is then about other places, too."""
        inner, outer = self.some("place"), self.some("place")
        if outer is not inner and outer.part_of_id is None:
            cases.edit(inner, part_of=self.dice.choice([outer, None]))

    def rename(self) -> None:
        record = self.dice.choice(self.records)
        if record.kind_name not in ("naming-policy", "correction"):
            cases.edit(record, key=self.key())

    def release(self) -> None:
        chosen = cases.again(*self.dice.sample(self.records, self.dice.randint(1, min(4, len(self.records)))))
        try:
            writing.release(writing.with_requirements(chosen), by=self.by, why="By dice.")
        except writing.Blocked as blocked:
            # A correction's rebuttal may have gone to another claim, but all that is needed goes out with it.
            raise AssertionError(blocked) from blocked

    def withdraw(self) -> None:
        leaving = self.dice.sample(self.records, self.dice.randint(1, 3))
        for record in leaving:
            try:
                writing.withdraw([record], by=self.by, why="By dice.")
            except writing.Blocked:
                continue


@pytest.mark.parametrize("seed", range(3))
def test_after_whatever_has_happened_rebuilding_finds_nothing_different(seed):
    desk = Desk(seed)
    desk.create()
    acts = [
        desk.create,
        desk.edit,
        desk.edit,
        desk.move,
        desk.rename,
        desk.release,
        desk.release,
        desk.withdraw,
    ]
    for step in range(30):
        act = desk.dice.choice(acts)
        act()
        if act in (desk.release, desk.withdraw):
            assert writing.rebuild_book() == [], (seed, step, act.__name__)
    assert reading.release_number() > 3


def test_versions_and_releases_are_not_touched_by_rebuilding(book):
    triggers.lift(connection)
    before = cases.snapshot()
    writing.rebuild_book()
    after = cases.snapshot()
    assert (after["Version"], after["Release"]) == (before["Version"], before["Release"])
