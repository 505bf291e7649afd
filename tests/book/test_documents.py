"""What readers get of a record of each kind, to the last field."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.book import writing
from kb.book.documents import BUILDERS, build, load
from kb.book.documents.common import day, moment, number
from kb.book.kinds import KINDS
from kb.editorial.fields import canonical_json
from kb.models import (
    Appearance,
    Assessment,
    Attribute,
    Delivery,
    Evidence,
    PlaceName,
    PlaceStatus,
    Rebuttal,
    Review,
    StatedValue,
)
from sources.models import Contribution, Snapshot
from tests.book import cases
from tests.kb import published, records

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def everything(uid: str) -> bool:
    return True


def document(record, shown=everything):
    (loaded,) = load(record.kind_name, [record.pk])
    return build(loaded, shown)


def without(*hidden):
    uids = {record.uid for record in hidden}
    return lambda uid: uid not in uids


def head(record, kind):
    return {"schema": 1, "kind": kind, "uid": record.uid, "key": record.key}


def test_of_an_agent():
    agent = records.agent(native_name="日本", wikidata="Q17", url="https://example.org/", note="A state.")
    assert document(agent) == {
        **head(agent, "agent"),
        "name": "Japan",
        "native_name": "日本",
        "agent_kind": "state",
        "wikidata": "Q17",
        "url": "https://example.org/",
        "note": "A state.",
    }


def test_of_a_topic():
    topic = records.topic()
    assert document(topic) == {**head(topic, "topic"), "name": "Islands", "note": ""}


def test_of_a_source():
    answered, origin = records.source("article"), records.source("origin")
    second, first = records.agent("second"), records.agent("first")
    source = records.source(
        "letter",
        type="post",
        issued="2016-12-05",
        language="en",
        accessed=date(2026, 1, 2),
        in_reply_to=answered,
        standing="corrected",
        standing_since="2017",
        standing_notice="https://example.org/notice",
        pages="3–4",
    )
    source.derived_from.add(origin)
    later = Contribution.objects.create(source=source, agent=second, role="author", order=1)
    earlier = Contribution.objects.create(source=source, agent=first, role="author", order=0)
    text = Snapshot.objects.create(source=source, text="Words.", captured_at=MOMENT, extent="excerpts")
    assert document(source) == {
        **head(source, "source"),
        "type": "post",
        "title": "The letter",
        "container_title": "",
        "publisher": "",
        "issued": "2016-12-05",
        "language": "en",
        "url": "",
        "archived_url": "",
        "accessed": "2026-01-02",
        "doi": "",
        "isbn": "",
        "volume": "",
        "issue": "",
        "pages": "3–4",
        "archive": "",
        "archive_location": "",
        "note": "",
        "in_reply_to": answered.uid,
        "derived_from": [origin.uid],
        "standing": {"status": "corrected", "since": "2017", "notice": "https://example.org/notice"},
        "contributions": [
            {"uid": earlier.uid, "agent": first.uid, "role": "author"},
            {"uid": later.uid, "agent": second.uid, "role": "author"},
        ],
        "snapshots": [
            {
                "uid": text.uid,
                "extent": "excerpts",
                "rights": "private",
                "sha256": text.sha256,
                "url": "",
                "captured_at": "2026-03-01T12:30:00.000000+00:00",
            }
        ],
    }
    shown = document(source, without(answered, origin, first))
    assert (shown["in_reply_to"], shown["derived_from"]) == (None, [])
    assert [row["agent"] for row in shown["contributions"]] == [second.uid]


def test_of_a_place():
    kurils, atlas, treaty = records.place("kurils"), records.source("atlas"), records.source("treaty")
    japan, russia = records.agent(), records.agent("russia")
    place = records.place(
        part_of=kurils,
        latitude=Decimal("45.0"),
        longitude=Decimal("147.875"),
        geometry={"type": "Point", "coordinates": [147.875, 45]},
        time_zone="Asia/Sakhalin",
        wikidata="Q193217",
        geonames=2126645,
        note="The largest.",
    )
    kana = PlaceName.objects.create(
        place=place, text="択捉島", language="ja", when="1869/..", source=atlas, locator="p. 4"
    )
    kana.used_by.add(japan)
    kana.used_in.add(treaty)
    latin = PlaceName.objects.create(
        place=place, text="Etorofu-tō", language="ja-Latn", kind="variant", romanisation_of=kana
    )
    status = PlaceStatus.objects.create(
        place=place, agent=russia, relation="administers", when="1945-09/..", source=atlas, locator="p. 5"
    )
    assert document(place) == {
        **head(place, "place"),
        "place_kind": "island",
        "part_of": kurils.uid,
        "latitude": "45",
        "longitude": "147.875",
        "geometry": {"type": "Point", "coordinates": [147.875, 45]},
        "time_zone": "Asia/Sakhalin",
        "wikidata": "Q193217",
        "geonames": 2126645,
        "note": "The largest.",
        "names": [
            {
                "uid": kana.uid,
                "text": "択捉島",
                "language": "ja",
                "kind": "endonym",
                "used_by": [japan.uid],
                "used_in": [treaty.uid],
                "romanisation_of": None,
                "when": "1869/..",
                "source": atlas.uid,
                "locator": "p. 4",
            },
            {
                "uid": latin.uid,
                "text": "Etorofu-tō",
                "language": "ja-Latn",
                "kind": "variant",
                "used_by": [],
                "used_in": [],
                "romanisation_of": kana.uid,
                "when": "",
                "source": None,
                "locator": "",
            },
        ],
        "statuses": [
            {
                "uid": status.uid,
                "agent": russia.uid,
                "relation": "administers",
                "when": "1945-09/..",
                "source": atlas.uid,
                "locator": "p. 5",
            }
        ],
    }
    shown = document(place, without(kurils, atlas, treaty, japan))
    assert (shown["part_of"], shown["statuses"]) == (None, [])
    name = shown["names"][0]
    assert (name["used_by"], name["used_in"], name["source"], name["locator"]) == ([], [], None, "")
    assert document(place, without(russia))["statuses"] == []


def test_a_name_does_not_lead_to_the_name_of_another_place():
    place, other = records.place("iturup", "Iturup"), records.place("kunashir", "Kunashir")
    place.names.update(romanisation_of=other.names.get())
    assert document(place)["names"][0]["romanisation_of"] is None


def test_of_an_event():
    place, agent, war = records.place(), records.agent(), records.event("war")
    event = records.event(when="1945-08-18", language="en", part_of=war, note="At dawn.")
    event.places.add(place)
    event.participants.add(agent)
    event.after.add(war)
    assert document(event) == {
        **head(event, "event"),
        "title": "The landing",
        "language": "en",
        "when": "1945-08-18",
        "places": [place.uid],
        "participants": [agent.uid],
        "part_of": war.uid,
        "after": [war.uid],
        "note": "At dawn.",
    }
    shown = document(event, without(place, agent, war))
    assert [shown[name] for name in ("places", "participants", "part_of", "after")] == [[], [], None, []]


def test_of_a_claim():
    claim, source, agent = records.claim(note="Not for readers."), records.source(), records.agent()
    topic, place, event, end = (
        records.topic(),
        records.place(),
        records.event(),
        records.event("end", when="1945-09-02"),
    )
    claim.topics.add(topic)
    claim.places.add(place)
    claim.events.add(event)
    text = records.snapshot(source)
    said = records.appearance(claim, source, snapshot=text, quote="taken in August", locator="p. 1")
    said.claimants.add(agent)
    repeated = records.appearance(claim, source, derived_from=said, stance="reports", fidelity="paraphrase")
    began, number_of = (Attribute.objects.get(key=key) for key in ("began", "count"))
    dated = StatedValue.objects.create(
        claim=claim, event=event, attribute=began, edtf="1945-08", raw="in August", appearance=said
    )
    leaning = StatedValue.objects.create(
        claim=claim, event=event, attribute=began, relation="before", relative_to=end
    )
    counted = StatedValue.objects.create(
        claim=claim,
        place=place,
        attribute=number_of,
        amount=Decimal("1600000"),
        unit="people",
        measured_from=place,
        latitude=Decimal("-44.5"),
        longitude=Decimal("0"),
    )
    proof = Evidence.objects.create(
        claim=claim,
        source=source,
        relation="supports",
        quote="August",
        language="en",
        locator="p. 2",
        note="It.",
    )
    review = Review.objects.create(
        claim=claim,
        reviewer=agent,
        source=source,
        rating_text="Falso",
        rating_value=Decimal("1.500"),
        when="2020",
    )
    one, other = records.account("one"), records.account("other")
    Assessment.objects.create(
        claim=claim,
        rating="accurate",
        rationale="It was.",
        proposed_by=one,
        confirmed_by=other,
        confirmed_at=MOMENT,
    )
    Assessment.objects.create(claim=claim, rating="inaccurate", rationale="Only proposed.", proposed_by=one)
    type(claim).objects.update(stale_since=MOMENT, stale_reason="quote")
    value = {
        "qualifier": "",
        "certainty": "certain",
        "calendar": "gregorian",
        "time_zone": "",
        "offset": "",
        "unit": "",
        "as_of": "",
        "text": "",
        "amount": None,
        "low": None,
        "high": None,
        "latitude": None,
        "longitude": None,
        "measured_from": None,
    }
    a_date = {"key": "began", "label": "began", "type": "date", "dimension": ""}
    first_minute, last_minute = dated.earliest, dated.latest
    expected = {
        **head(claim, "claim"),
        "statement": "Statement of islands-taken.",
        "language": "en",
        "claim_kind": "event-date",
        "topics": [topic.uid],
        "places": [place.uid],
        "events": [event.uid],
        "appearances": [
            {
                "uid": said.uid,
                "source": source.uid,
                "snapshot": text.uid,
                "quote": "taken in August",
                "prefix": "",
                "suffix": "",
                "start": 17,
                "end": 32,
                "translation": "",
                "locator": "p. 1",
                "claimants": [agent.uid],
                "stance": "asserts",
                "fidelity": "verbatim",
                "derived_from": None,
                "derived_from_source": None,
                "anchor": "exact",
            },
            {
                "uid": repeated.uid,
                "source": source.uid,
                "snapshot": None,
                "quote": "",
                "prefix": "",
                "suffix": "",
                "start": None,
                "end": None,
                "translation": "",
                "locator": "",
                "claimants": [],
                "stance": "reports",
                "fidelity": "paraphrase",
                "derived_from": said.uid,
                "derived_from_source": source.uid,
                "anchor": "none",
            },
        ],
        "values": [
            {
                **value,
                "uid": dated.uid,
                "about": {"kind": "event", "uid": event.uid},
                "attribute": a_date,
                "raw": "in August",
                "appearance": said.uid,
                "edtf": "1945-08",
                "relation": "",
                "relative_to": None,
                "earliest": first_minute,
                "latest": last_minute,
            },
            {
                **value,
                "uid": leaning.uid,
                "about": {"kind": "event", "uid": event.uid},
                "attribute": a_date,
                "raw": "",
                "appearance": None,
                "edtf": "",
                "relation": "before",
                "relative_to": end.uid,
                "earliest": None,
                "latest": leaning.latest,
            },
            {
                **value,
                "uid": counted.uid,
                "about": {"kind": "place", "uid": place.uid},
                "attribute": {"key": "count", "label": "number", "type": "quantity", "dimension": "count"},
                "raw": "",
                "appearance": None,
                "edtf": "",
                "relation": "",
                "relative_to": None,
                "earliest": None,
                "latest": None,
                "amount": "1600000",
                "unit": "people",
                "latitude": "-44.5",
                "longitude": "0",
                "measured_from": place.uid,
            },
        ],
        "evidence": [
            {
                "uid": proof.uid,
                "relation": "supports",
                "source": source.uid,
                "quote": "August",
                "language": "en",
                "locator": "p. 2",
                "note": "It.",
            }
        ],
        "reviews": [
            {
                "uid": review.uid,
                "reviewer": agent.uid,
                "source": source.uid,
                "rating_text": "Falso",
                "rating_value": "1.5",
                "best": None,
                "worst": None,
                "when": "2020",
            }
        ],
        "assessment": {
            "rating": "accurate",
            "disputed": False,
            "rationale": "It was.",
            "language": "en",
            "assessed_on": "2026-03-01",
            "assessed_at": "2026-03-01T12:30:00.000000+00:00",
            "editors": 2,
        },
        "stale": {"since": "2026-03-01", "reason": "quote"},
    }
    assert leaning.latest is not None
    assert document(claim) == expected
    shown = document(claim, without(source, agent, topic, place, event, end))
    lists = ("topics", "places", "events", "appearances", "values", "evidence", "reviews")
    assert {name: shown[name] for name in lists} == dict.fromkeys(lists, [])
    shown = document(claim, without(end))["values"][1]
    assert (shown["relation"], shown["relative_to"], shown["latest"]) == ("before", None, None)
    shown = document(claim, without(agent))
    assert (shown["appearances"][0]["claimants"], shown["reviews"]) == ([], [])


def test_a_value_of_an_appearance_that_is_not_shown_names_none():
    claim, hidden, event = records.claim(), records.source(), records.event()
    said = records.appearance(claim, hidden)
    StatedValue.objects.create(
        claim=claim, event=event, attribute=Attribute.objects.get(key="began"), edtf="1945", appearance=said
    )
    assert [row["appearance"] for row in document(claim, without(hidden))["values"]] == [None]


def test_an_appearance_does_not_lead_to_one_that_readers_cannot_see():
    other = cases.said("other")
    claim = cases.said()
    claim.appearances.update(derived_from=other.appearances.get())
    assert document(claim)["appearances"][0]["derived_from"] == other.appearances.get().uid
    for hidden in (other, other.appearances.get().source):
        assert document(claim, without(hidden))["appearances"][0]["derived_from"] is None
    # Where it was taken from is told of a source that they can look up.
    source = other.appearances.get().source
    assert document(claim, without(other))["appearances"][0]["derived_from_source"] == source.uid
    assert document(claim, without(source))["appearances"][0]["derived_from_source"] is None


def test_measured_from_where_readers_do_not_know_is_not_measured_from_nowhere():
    claim, place, far = cases.said(), records.place(), records.place("far")
    distance = Attribute.objects.get(key="distance")
    for start in (None, far):
        StatedValue.objects.create(
            claim=claim, place=place, attribute=distance, amount=9, measured_from=start
        )
    assert [row["measured_from"] for row in document(claim, without(far))["values"]] == [None, ""]


def test_one_who_confirms_the_own_proposal_is_one_editor():
    claim, one = records.claim(), records.account("one")
    Assessment.objects.create(
        claim=claim,
        rating="accurate",
        rationale="So.",
        proposed_by=one,
        confirmed_by=one,
        confirmed_at=MOMENT,
    )
    assert document(claim)["assessment"]["editors"] == 1


def test_of_a_rebuttal():
    claim, other = cases.said(), cases.said("counter")
    comment, agent = records.source("comment"), records.agent()
    first = records.rebuttal(claim, "first")
    challenge = records.rebuttal(
        claim,
        proposed="From 18 August.",
        replies_to=first,
        duplicate_of=first,
        source=comment,
        raised_by=agent,
        received_at=MOMENT,
        mode="undercuts",
    )
    said = claim.appearances.get()
    challenge.appearances.add(said)
    challenge.counterclaims.add(other)
    proof = Evidence.objects.create(rebuttal=challenge, source=comment, relation="contradicts")
    Rebuttal.objects.filter(pk=challenge.pk).update(decision="accepted", reason="Right.", decided_at=MOMENT)
    assert document(challenge) == {
        **head(challenge, "rebuttal"),
        "claim": claim.uid,
        "appearances": [said.uid],
        "replies_to": first.uid,
        "scope": "date",
        "mode": "undercuts",
        "text": "It was later.",
        "language": "en",
        "proposed": "From 18 August.",
        "source": comment.uid,
        "raised_by": agent.uid,
        "received_on": "2026-03-01",
        "counterclaims": [other.uid],
        "evidence": [
            {
                "uid": proof.uid,
                "relation": "contradicts",
                "source": comment.uid,
                "quote": "",
                "language": "",
                "locator": "",
                "note": "",
            }
        ],
        "decision": "accepted",
        "reason": "Right.",
        "decided_on": "2026-03-01",
        "decided_at": "2026-03-01T12:30:00.000000+00:00",
        "duplicate_of": first.uid,
    }
    shown = document(challenge, without(said.source, other, comment, agent, first))
    assert [shown[name] for name in ("appearances", "counterclaims", "evidence")] == [[], [], []]
    assert [shown[name] for name in ("source", "raised_by", "duplicate_of")] == [None, None, None]


def test_of_a_correction_and_a_delivery():
    claim = cases.said()
    challenge = records.rebuttal(claim)
    first = records.correction(claim, "earlier")
    entry = records.correction(
        claim, rebuttal=challenge, corrects=first, type="clarification", discovered=date(2026, 2, 1)
    )
    type(entry).objects.filter(pk=entry.pk).update(of="desk")
    assert document(entry) == {
        **head(entry, "correction"),
        "number": None,
        "type": "clarification",
        "of": "desk",
        "claim": claim.uid,
        "rebuttal": challenge.uid,
        "corrects": first.uid,
        "said": "August",
        "right": "September",
        "language": "en",
        "discovered": "2026-02-01",
        "published_on": None,
        "published_at": None,
        "previous_hash": "",
        "hash": "",
    }
    said = claim.appearances.get()
    delivery = Delivery.objects.create(
        key="letter",
        correction=entry,
        appearance=said,
        contacted_at=MOMENT,
        how="By letter.",
        deadline=date(2026, 4, 1),
        answer="No.",
        outcome="declined",
    )
    expected = {
        **head(delivery, "delivery"),
        "correction": entry.uid,
        "claim": claim.uid,
        "appearance": said.uid,
        "source": said.source.uid,
        "contacted_on": "2026-03-01",
        "how": "By letter.",
        "deadline": "2026-04-01",
        "answer": "No.",
        "outcome": "declined",
    }
    assert document(delivery) == expected
    assert document(delivery, without(claim, said.source)) == {**expected, "claim": None, "source": None}


def test_of_the_desk_and_the_naming_policy():
    desk, japan, russia, place = records.desk(), records.agent(), records.agent("russia"), records.place()
    texts = (
        *("tagline", "notice", "contact", "about", "ratings_policy", "corrections_policy", "licence"),
        "licence_url",
    )
    assert document(desk) == {
        **head(desk, "desk"),
        "name": "The claims desk",
        **dict.fromkeys(texts, ""),
        "language": "en",
    }
    policy = records.naming_policy((japan, russia))
    pair = policy.rules.get()
    special = policy.rules.create(place=place, first=russia, second=japan)
    expected = {
        **head(policy, "naming-policy"),
        "text": "Order implies nothing.",
        "language": "en",
        "letters": {"text": "readers", "list": "readers", "heading": "readers"},
        "rules": [
            {"uid": pair.uid, "place": None, "first": japan.uid, "second": russia.uid},
            {"uid": special.uid, "place": place.uid, "first": russia.uid, "second": japan.uid},
        ],
    }
    assert document(policy) == expected
    assert document(policy, without(place)) == {**expected, "rules": expected["rules"][:1]}
    assert document(policy, without(japan))["rules"] == []


# --- what leans on a date that readers do not know -----------------------------------------------------------


def leaning(claim, event, on, relation="before"):
    began = Attribute.objects.get(key="began")
    return StatedValue.objects.create(
        claim=claim, event=event, attribute=began, relation=relation, relative_to=on
    )


def bounds(claim):
    row = writing.draft_page(claim).document["values"][0]
    return row["earliest"], row["latest"]


def test_a_bound_follows_the_date_in_public_and_not_the_one_at_the_desk():
    claim, event, end = cases.said(), records.event(), records.event("end", when="1945-09-02")
    value = leaning(claim, event, end)
    source = claim.appearances.get().source
    published.publish(source, event)
    assert bounds(claim) == (None, None)
    published.publish(end)
    in_public = (value.earliest, value.latest)
    assert bounds(claim) == in_public
    cases.edit(end, when="1945-08-15")
    published.publish(claim)
    assert writing.index.documents([claim.uid])[claim.uid]["values"][0]["latest"] == in_public[1]
    value.refresh_from_db()
    assert value.latest < in_public[1]
    published.publish(claim, end)
    assert writing.index.documents([claim.uid])[claim.uid]["values"][0]["latest"] == value.latest


def test_a_bound_is_right_even_where_a_bulk_write_changed_the_event():
    claim, event, end = cases.said(), records.event(), records.event("end", when="1945-09-02")
    stale = leaning(claim, event, end, "after")
    type(end).objects.filter(pk=end.pk).update(when="1945-08-15")
    published.publish(claim.appearances.get().source, event, end)
    assert bounds(claim)[0] < stale.earliest


# --- building them ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in BUILDERS if kind not in ("desk", "naming-policy")])
def test_thirty_take_as_many_queries_as_one(kind):
    made = [records.full(number)[kind] for number in (1, 2)]

    def read(records_):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            for loaded in load(kind, [record.pk for record in records_]):
                build(loaded, everything)
        return len(captured)

    copies = [made[1], *_more(made[1])]
    assert len(load(kind, [record.pk for record in copies])) == 30
    assert read(copies) == read([made[0]])


def _more(record):
    """29 copies of a record, bare but for what it points to."""
    model, rows = type(record), []
    for copied in range(29):
        (copy,) = cases.again(record)
        copy.pk, copy.uid, copy.key = None, f"{copied:012d}", f"{record.key}-copy-{copied}"
        if model is Delivery:
            said = Appearance.objects.create(claim=record.appearance.claim, source=record.appearance.source)
            copy.appearance = said
        rows.append(copy)
    return model.objects.bulk_create(rows)


def test_rules_of_the_policy_take_no_more_queries():
    agents = [records.agent(f"agent-{n}") for n in range(9)]
    policy = records.naming_policy((agents[0], agents[1]))
    few = cases.queries(lambda: document(policy))
    for first, second in zip(agents[1:], agents[2:], strict=False):
        policy.rules.create(first=first, second=second, place=records.place(f"place-{first.pk}"))
    assert cases.queries(lambda: document(policy)) == few


def test_documents_are_canonical_json_of_every_kind():
    made = records.full(2)
    for record in made.values():
        built = document(record)
        text = canonical_json(built)
        assert json.loads(text) == built
        assert text == json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def test_every_kind_has_a_builder_and_every_builder_a_kind():
    assert set(BUILDERS) == set(KINDS)
    assert all(model.kind_name == kind for kind, (model, _, _) in BUILDERS.items())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (Decimal("5003.100000"), "5003.1"),
        (Decimal("100"), "100"),
        (Decimal("1E2"), "100"),
        (Decimal("0.000000"), "0"),
        (Decimal("-147.8750"), "-147.875"),
    ],
)
def test_a_decimal_is_written_without_noughts_and_exponents(value, text):
    assert number(value) == text


def test_days_and_moments_are_those_of_utc():
    tokyo = datetime(2026, 3, 2, 1, 0, tzinfo=timezone(timedelta(hours=9)))
    assert (day(tokyo), moment(tokyo)) == ("2026-03-01", "2026-03-01T16:00:00.000000+00:00")
    assert (day(date(2026, 3, 2)), day(None), moment(None)) == ("2026-03-02", None, None)
