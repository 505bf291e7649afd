"""Every rule that the database keeps about a row, broken in a way that passes forms by, and what editors are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from kb.book.facet_models import Facet, Tally
from kb.book.models import (
    Address,
    PlaceSquare,
    PublicRuling,
    PublicValue,
    PublishingJob,
    PublishingJobRecord,
    Record,
    Reference,
    Release,
    Version,
)
from kb.book.search.tables import SearchName
from kb.models import Attribute, Place
from sources.models import Agent
from tests.support.samples import NOON, sample, saved, some, user

pytestmark = pytest.mark.django_db

#: Apart from the constraints in `Meta`: those of unique fields.
DESK = ("sources", "kb", "book")


def own(model: type[models.Model]) -> bool:
    return model._meta.app_label in DESK and not model.__name__.startswith("Historical")


MODELS = {model._meta.model_name: model for model in apps.get_models() if own(model)}
CONSTRAINTS = {c.name: (model, c) for model in MODELS.values() for c in model._meta.constraints}


def fields(**given: Any) -> Callable[[type[models.Model]], None]:
    """Write a sample with these fields, past all forms."""

    def violate(model: type[models.Model]) -> None:
        model._base_manager.bulk_create([sample(model, 1)])
        model._base_manager.update(
            **{name: value() if callable(value) else value for name, value in given.items()}
        )

    return violate


def itself(name: str) -> Callable[[type[models.Model]], None]:
    """Make a row refer to itself."""
    return fields(**{name: models.F("id")})


def bounds(name: str) -> Callable[[type[models.Model]], None]:
    """Bounds in the wrong order; they are computed, so only plain SQL can write them."""

    def violate(model: type[models.Model]) -> None:
        row = saved(model)
        with connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{model._meta.db_table}" SET "{name}earliest" = 2, "{name}latest" = 1 WHERE id = %s',
                [row.pk],
            )

    return violate


def twice(*names: str, **given: Any) -> Callable[[type[models.Model]], None]:
    """Two rows that are the same in these fields."""

    def violate(model: type[models.Model]) -> None:
        first = saved(model, 1, **given)
        second = sample(model, 2, **given)
        for name in names:
            setattr(second, name, getattr(first, name))
        model._default_manager.bulk_create([second])

    return violate


def rows(*made: Callable[[], models.Model]) -> Callable[[type[models.Model]], None]:
    def violate(model: type[models.Model]) -> None:
        for make in made:
            make().save(force_insert=True)

    return violate


def release() -> Release:
    return Release.objects.get_or_create(number=1, defaults={"at": NOON, "by": user(), "why": "First."})[0]


def version(number: int = 1) -> Version:
    return Version(
        uid="abcdefghjkmn",
        kind="claim",
        number=number,
        release=release(),
        schema=1,
        revision=1,
        document="{}",
        sha256="a" * 64,
    )


def public_value() -> PublicValue:
    return PublicValue(record_id="a" * 12, value="b" * 12, subject="c" * 12, attribute="began", qualifier="")


def facet() -> Facet:
    return Facet(value="claim", record="a" * 12, begin=0, end=0, gaps=False, main="", came=1)


def square() -> PlaceSquare:
    return PlaceSquare(zoom=0, row=1, column=2, place_kind="island", count=1, north=1, east=1)


def ruling() -> PublicRuling:
    return PublicRuling(
        one="a" * 12, other="b" * 12, verdict="real", reason="Both are clear.", ruled_on="2026-11-28"
    )


def record(uid: str) -> Record:
    known = Version.objects.first()
    if known is None:
        known = version()
        known.save()
    return Record(uid=uid, kind="claim", key="same", label="Same", version=known, revision=1)


def name() -> SearchName:
    known = Record.objects.first()
    if known is None:
        known = record("abcdefghjkmn")
        known.save()
    return SearchName(name="same", stems="same", record=known)


def publishing(**given: Any) -> PublishingJobRecord:
    job = PublishingJob.objects.get_or_create(why="First.", defaults={"by": user(), "created_at": NOON})[0]
    return PublishingJobRecord(job=job, position=1, kind="claim", uid="a" * 12, revision=1, **given)


VIOLATIONS: dict[str, Callable[[type[models.Model]], None]] = {
    "sources_agent_kind_listed": fields(kind="robot"),
    "sources_source_type_listed": fields(type="tweet"),
    "sources_source_standing_listed": fields(standing="fine"),
    "sources_source_issued_in_order": bounds("issued_"),
    "sources_source_not_in_reply_to_itself": itself("in_reply_to"),
    "sources_contribution_role_listed": fields(role="friend"),
    "sources_contribution_once": twice("source", "agent", "role"),
    "sources_snapshot_extent_listed": lambda model: _new(model, extent="half"),
    "sources_snapshot_rights_listed": fields(rights="secret"),
    "sources_snapshot_text_once": twice("source", "text"),
    "kb_place_kind_listed": fields(kind="moon"),
    "kb_place_latitude_range": fields(latitude=91, longitude=0),
    "kb_place_longitude_range": fields(latitude=0, longitude=-181),
    "kb_place_coordinates_paired": fields(latitude=1, longitude=None),
    "kb_place_not_part_of_itself": itself("part_of"),
    "kb_placename_kind_listed": fields(kind="nickname"),
    "kb_placename_when_in_order": bounds("when_"),
    "kb_placename_not_of_itself": itself("romanisation_of"),
    "kb_placename_once": twice("place", "text", "language", "kind"),
    "kb_placestatus_relation_listed": fields(relation="owns"),
    "kb_placestatus_when_in_order": bounds("when_"),
    "kb_event_when_in_order": bounds("when_"),
    "kb_event_not_part_of_itself": itself("part_of"),
    "kb_workstep_act_listed": lambda model: _new(model, act="sung"),
    "kb_claim_kind_listed": fields(kind="rumour"),
    "kb_claim_stale_reason_listed": fields(stale_since=NOON, stale_reason="boredom"),
    "kb_claim_stale_has_a_reason": fields(stale_since=NOON, stale_reason=""),
    "kb_appearance_stance_listed": fields(stance="shrugs"),
    "kb_appearance_fidelity_listed": fields(fidelity="free"),
    "kb_appearance_anchor_listed": fields(anchor="near"),
    "kb_appearance_not_from_itself": itself("derived_from"),
    "kb_appearance_start_before_end": fields(anchor="exact", start=5, end=5),
    "kb_appearance_exact_has_a_position": fields(anchor="exact", start=None),
    "kb_statedvalue_certainty_listed": fields(certainty="sure"),
    "kb_statedvalue_calendar_listed": fields(calendar="mayan"),
    "kb_statedvalue_relation_listed": fields(relation="near", relative_to=lambda: some(_event())),
    "kb_statedvalue_event_or_place": fields(event=None, place=None),
    "kb_statedvalue_relation_needs_event": fields(relation="before", relative_to=None),
    "kb_statedvalue_bounds_in_order": bounds(""),
    "kb_statedvalue_low_to_high": fields(low=2, high=1),
    "kb_statedvalue_latitude_range": fields(latitude=-91, longitude=0),
    "kb_statedvalue_longitude_range": fields(latitude=0, longitude=181),
    "kb_evidence_relation_listed": fields(relation="smells"),
    "kb_evidence_claim_or_rebuttal": fields(claim=None, rebuttal=None),
    "kb_review_when_in_order": bounds("when_"),
    "kb_assessment_rating_listed": fields(rating="true"),
    "kb_assessment_confirmed_by_somebody": fields(confirmed_at=NOON, confirmed_by=None),
    "kb_rebuttal_scope_listed": fields(scope="tone"),
    "kb_rebuttal_mode_listed": fields(mode="mocks"),
    "kb_rebuttal_decision_listed": fields(decision="lost", reason="Because.", decided_at=NOON),
    "kb_rebuttal_decision_has_a_reason": fields(decision="accepted", reason="", decided_at=NOON),
    "kb_rebuttal_not_to_itself": itself("replies_to"),
    "kb_rebuttal_not_its_own_duplicate": itself("duplicate_of"),
    "kb_correction_type_listed": fields(type="oops"),
    "kb_correction_of_listed": fields(of="reader"),
    "kb_correction_numbered_when_published": fields(number=1, published_at=None),
    "kb_correction_not_of_itself": itself("corrects"),
    "kb_delivery_outcome_listed": fields(outcome="lost"),
    "kb_delivery_once": twice("correction", "appearance"),
    "kb_desk_only_one": fields(key="second-desk"),
    "kb_namingpolicy_only_one": fields(key="second-policy"),
    **{
        f"kb_namingpolicy_{name}_listed": fields(**{name: "runes"})
        for name in ("in_text", "in_lists", "in_headings")
    },
    "kb_namingrule_two_parties": fields(second=models.F("first")),
    "kb_namingrule_one_for_a_place": twice("policy", "place"),
    "kb_attribute_type_listed": fields(type="colour"),
    "kb_conflict_in_order": fields(other=models.F("one")),
    "kb_conflict_once": twice("one", "other", "detector"),
    "kb_conflictruling_verdict_listed": fields(verdict="maybe"),
    "kb_conflictruling_in_order": fields(one="b" * 12, other="a" * 12),
    "kb_conflictruling_once": twice("one", "other", "one_fingerprint", "other_fingerprint"),
    "kb_importbatch_undone_by_somebody": fields(undone_at=NOON, undone_by=None),
    "kb_importedrow_outcome_listed": fields(outcome="lost"),
    "kb_importedrow_once": twice("batch", "sheet", "row", "kind", "uid"),
    "kb_samerevision_once": twice("kind", "record", "revision"),
    "kb_samerevision_earlier": fields(revision=1, as_of=1),
    "kb_dailynotice_once": twice("user", "day"),
    "kb_importjob_state_listed": fields(state="lost"),
    "kb_merge_once": twice("merged_uid"),
    "kb_merge_of_two": rows(lambda: sample(MODELS["merge"], merged_uid="a" * 12, kept_uid="a" * 12)),
    "kb_merge_undone_by_somebody": fields(undone_at=NOON, undone_by=None),
    "book_version_once": rows(version, version),
    "book_address_once": rows(
        lambda: Address(kind="claim", key="same", uid="a" * 12),
        lambda: Address(kind="claim", key="same", uid="b" * 12),
    ),
    "book_record_key": rows(lambda: record("a" * 12), lambda: record("b" * 12)),
    "book_reference_once": rows(*[lambda: Reference(source="a" * 12, target="b" * 12, role="place")] * 2),
    "book_facet_once": rows(facet, facet),
    "book_tally_once": rows(*[lambda: Tally(facet="claim", value="claim", number=1)] * 2),
    "book_searchname_once": rows(name, name),
    "book_placesquare_once": rows(*[square] * 2),
    "book_publicvalue_once_a_claim": rows(lambda: record("a" * 12), public_value, public_value),
    "book_publicruling_once": rows(ruling, ruling),
    "book_publishingjobrecord_state_listed": rows(lambda: publishing(state="lost")),
    "book_publishingjobrecord_once": rows(publishing, publishing),
}
# Every root has the same two.
for _name, _model in MODELS.items():
    if f"{_model._meta.app_label}_{_name}_editing_state_listed" in CONSTRAINTS:
        VIOLATIONS[f"{_model._meta.app_label}_{_name}_editing_state_listed"] = fields(editing_state="lost")


def _event() -> type[models.Model]:
    return MODELS["event"]


def _new(model: type[models.Model], **given: Any) -> None:
    model._base_manager.bulk_create([sample(model, 1, **given)])


def test_every_constraint_is_broken_here():
    assert sorted(VIOLATIONS) == sorted(CONSTRAINTS)


@pytest.mark.parametrize("name", sorted(VIOLATIONS))
def test_the_database_refuses(name):
    model, constraint = CONSTRAINTS[name]
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        VIOLATIONS[name](model)
    told = str(caught.value)
    # SQLite names the columns of a unique constraint, not the constraint.
    columns = [model._meta.get_field(field).column for field in getattr(constraint, "fields", ())]
    assert name in told or (columns and all(f"{model._meta.db_table}.{column}" in told for column in columns))


UNIQUE = [
    pytest.param(model, field.name, id=f"{model._meta.model_name}.{field.name}")
    for model in MODELS.values()
    for field in model._meta.local_concrete_fields
    if field.unique and not field.primary_key and model._meta.app_label != "book"
]


@pytest.mark.parametrize(("model", "field"), UNIQUE)
def test_keys_uids_and_numbers_are_not_given_twice(model, field):
    first = saved(model, 1)
    if model._meta.model_name == "correction" and field == "number":
        model.objects.update(number=1, published_at=NOON, hash="a" * 64)
        second = saved(model, 2)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=second.pk).update(number=1, published_at=NOON, hash="b" * 64)
        return
    second = sample(model, 2)
    setattr(second, field, getattr(first, field))
    with pytest.raises(IntegrityError), transaction.atomic():
        model._base_manager.bulk_create([second])


# --- what editors are told ----------------------------------------------------------------------------------------


def told(row: models.Model) -> str:
    with pytest.raises(ValidationError) as caught:
        row.validate_constraints()
    return " ".join(caught.value.messages)


@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_no_message_names_a_constraint(name):
    """Django's own message is the name of the rule in the database, which says nothing to an editor."""
    model, constraint = CONSTRAINTS[name]
    if model._meta.app_label == "book" or isinstance(constraint, models.UniqueConstraint):
        return
    message = constraint.get_violation_error_message()
    assert name not in message
    assert message != constraint.default_violation_error_message % {"name": name}
    assert message.endswith(".")


@pytest.mark.parametrize(
    ("model", "given", "message"),
    [
        ("agent", {"kind": "robot"}, "“kind” must be one of: person, organisation, state, group, anonymous."),
        ("place", {"latitude": 91, "longitude": 0}, "A latitude lies between -90 and 90."),
        ("place", {"latitude": 1, "longitude": None}, "Give both latitude and longitude, or neither."),
        ("evidence", {"claim": None}, "Evidence belongs to a claim or to a rebuttal, not to both."),
        ("statedvalue", {"event": None}, "A value is about an event or about a place, one of the two."),
        ("statedvalue", {"low": 2, "high": 1}, "The lower figure is above the higher one."),
        (
            "statedvalue",
            {"relation": "before"},
            "“before”, “after” and “within” need an event, and it needs one of them.",
        ),
        ("desk", {"key": "second"}, "There is one desk, and its key is “desk”."),
        ("namingpolicy", {"key": "second"}, "There is one naming policy, and its key is “naming-policy”."),
    ],
)
def test_what_an_editor_is_told(model, given, message):
    assert told(sample(MODELS[model], **given)) == message


@pytest.mark.parametrize(
    ("model", "same", "message"),
    [
        ("contribution", ["agent"], "This agent already has this role in this source."),
        ("placename", ["text"], "This place already has this name in this language."),
        ("delivery", ["appearance"], "This appearance already has a delivery of this correction."),
        ("snapshot", ["sha256"], "This text of the source has been captured already."),
        ("namingrule", ["place"], "There is already a rule for this place."),
    ],
)
def test_what_an_editor_is_told_of_a_row_that_is_there_already(model, same, message):
    first, second = saved(MODELS[model], 1), sample(MODELS[model], 2)
    for name in same:
        setattr(second, name, getattr(first, name))
    assert told(second) == message


def test_samples_break_no_rule():
    for model in MODELS.values():
        if model._meta.app_label != "book":
            row = sample(model)
            row.full_clean(exclude=["sha256", "counts"])
            row.save()
    assert Agent.objects.exists()
    assert Place.objects.exists()
    assert Attribute.objects.exists()
