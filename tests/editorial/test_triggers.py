"""What is final stays as it is, and the database's rules survive migrations."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from kb.book.models import Release, Version
from kb.editorial import triggers
from kb.models import Assessment, Claim, Correction, Topic
from sources.models import Snapshot
from tests.support.samples import NOON, saved, some, user

pytestmark = pytest.mark.django_db


def release(number: int = 1) -> Release:
    return Release.objects.create(number=number, at=NOON, by=user(), why="First published.")


def version(number: int = 1) -> Version:
    return Version.objects.create(
        uid="abcdefghjkmn",
        kind="claim",
        number=number,
        release=Release.objects.filter(number=1).first() or release(),
        schema=1,
        revision=1,
        document='{"statement":"It was later."}',
        sha256="a" * 64,
    )


def numbered(number: int = 1) -> Correction:
    row = saved(Correction, number)
    Correction.objects.filter(pk=row.pk).update(number=number, published_at=NOON, hash="d" * 64)
    return Correction.objects.get(pk=row.pk)


def confirmed() -> Assessment:
    row = saved(Assessment)
    Assessment.objects.filter(pk=row.pk).update(confirmed_by=user(), confirmed_at=NOON)
    return Assessment.objects.get(pk=row.pk)


FINAL: dict[str, Any] = {
    "release": (release, "why", "A release is part of the record and never changes."),
    "version": (version, "document", "A published version never changes."),
    "correction": (numbered, "said", "An entry of the ledger never changes. Correct it with a new one."),
    "assessment": (
        confirmed,
        "rationale",
        "A confirmed assessment is never changed: assess the claim again.",
    ),
    "snapshot": (
        lambda: saved(Snapshot),
        "text",
        "A captured text is never changed: add a new snapshot instead.",
    ),
}
final = pytest.mark.parametrize("kind", FINAL)


def save(row: models.Model, name: str) -> None:
    setattr(row, name, "Another text.")
    row.save()


def update(row: models.Model, name: str) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**{name: "Another text."})


def bulk_update(row: models.Model, name: str) -> None:
    setattr(row, name, "Another text.")
    type(row)._default_manager.bulk_update([row], [name])


def upsert(row: models.Model, name: str) -> None:
    setattr(row, name, "Another text.")
    key = row._meta.pk.name
    type(row)._default_manager.bulk_create(
        [row], update_conflicts=True, unique_fields=[key], update_fields=[name]
    )


def sql(row: models.Model, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{row._meta.db_table}" SET "{name}" = %s', ["Another text."])


@final
@pytest.mark.parametrize("write", [save, update, bulk_update, upsert, sql], ids=lambda write: write.__name__)
def test_what_is_final_is_not_changed(kind, write):
    make, name, message = FINAL[kind]
    row = make()
    before = type(row)._default_manager.filter(pk=row.pk).values().get()
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        write(row, name)
    assert type(row)._default_manager.filter(pk=row.pk).values().get() == before


def delete_in_sql(row: models.Model) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{row._meta.db_table}"')


DELETIONS: dict[str, Any] = {
    "instance": lambda row: row.delete(),
    "queryset": lambda row: type(row)._default_manager.filter(pk=row.pk).delete(),
    "sql": delete_in_sql,
}


@pytest.mark.parametrize("kind", ["release", "version", "correction"])
@pytest.mark.parametrize("way", DELETIONS)
def test_what_is_published_is_not_deleted(kind, way):
    make, _, message = FINAL[kind]
    row = make()
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        DELETIONS[way](row)
    assert type(row)._default_manager.filter(pk=row.pk).exists()


@final
def test_what_is_final_is_not_replaced_by_an_insert(kind):
    make, _, _ = FINAL[kind]
    row = make()
    if connection.vendor == "sqlite" and kind in ("release", "version", "correction"):
        with pytest.raises(IntegrityError), connection.cursor() as cursor, transaction.atomic():
            cursor.execute(
                f'INSERT OR REPLACE INTO "{row._meta.db_table}" SELECT * FROM "{row._meta.db_table}"'
            )
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._default_manager.bulk_create([row])
    assert type(row)._default_manager.filter(pk=row.pk).count() == 1


def test_writing_a_final_row_as_it_is_is_allowed():
    for make, name, _ in FINAL.values():
        row = make()
        type(row)._default_manager.filter(pk=row.pk).update(**{name: getattr(row, name)})


def test_what_readers_may_see_of_a_captured_text_can_change():
    text = saved(Snapshot)
    text.rights = "public"
    text.save()
    assert Snapshot.objects.get().rights == "public"
    for name, value in {
        "source": 0,
        "sha256": "0" * 64,
        "extent": "excerpts",
        "captured_at": timezone.now(),
    }.items():
        with pytest.raises(IntegrityError), transaction.atomic():
            Snapshot.objects.update(**{name: value})


def test_a_text_that_nobody_quotes_and_an_assessment_go_with_their_record():
    confirmed()
    saved(Snapshot)
    some(Claim).delete()
    Snapshot.objects.get().source.delete()
    assert (Assessment.objects.count(), Snapshot.objects.count()) == (0, 0)


def test_a_proposal_and_a_draft_can_change_and_be_deleted():
    proposal, draft = saved(Assessment), saved(Correction)
    proposal.rationale, draft.said = "Better.", "Better."
    proposal.save()
    draft.save()
    assert (Assessment.objects.get().rationale, Correction.objects.get().said) == ("Better.", "Better.")
    proposal.delete()
    draft.delete()
    assert (Assessment.objects.count(), Correction.objects.count()) == (0, 0)


def test_numbering_a_correction_is_no_edit():
    assert numbered().revision == 1


def test_a_version_is_redacted_once_and_stays_which_version_it_was():
    row, act, later = version(), release(2), release(3)
    for name, value in {"number": 7, "uid": "nmkjhgfedcba", "sha256": "b" * 64, "release": act}.items():
        with pytest.raises(IntegrityError, match="A redaction takes text away"), transaction.atomic():
            Version.objects.filter(pk=row.pk).update(redacted_in=act, **{name: value})
    Version.objects.filter(pk=row.pk).update(redacted_in=act, document="{}", labels="{}")
    assert (Version.objects.get().document, Version.objects.get().redacted_in) == ("{}", act)
    for change in ({"document": "{ }"}, {"redacted_in": None}, {"redacted_in": later}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Version.objects.filter(pk=row.pk).update(**change)


# --- installing and lifting ---------------------------------------------------------------------------------------


def installed() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE NOT t.tgisinternal"
            )
        else:
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        return set(cursor.fetchall())


def wanted() -> set[tuple[str, str]]:
    return {
        (trigger.table, triggers._short(f"{triggers.PREFIX}{trigger.name}"))
        if connection.vendor == "postgresql"
        else (trigger.table, f"{triggers.PREFIX}{trigger.name}")
        for model in apps.get_models()
        for trigger in triggers.rules_for(model, "IS NOT")
    }


def functions() -> int:
    if connection.vendor != "postgresql":
        return len(installed())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'desk\\_rule\\_%%'")
        return cursor.fetchone()[0]


def test_every_rule_is_in_the_database_once():
    assert installed() == wanted()
    assert functions() == len(wanted())


def test_no_two_rules_share_a_name():
    names = [
        triggers._short(triggers.PREFIX + t.name)
        for m in apps.get_models()
        for t in triggers.rules_for(m, "=")
    ]
    assert len(names) == len(set(names))
    assert max(map(len, names)) <= 63


def test_lifting_and_installing_twice_is_the_same_as_once():
    before = installed()
    triggers.lift(connection)
    triggers.lift(connection)
    assert (installed(), functions()) == (set(), 0)
    for _ in range(2):
        for config in apps.get_app_configs():
            triggers.install(connection, config.get_models())
    assert installed() == before
    assert functions() == len(before)


def test_lifted_rules_hold_nothing_up():
    release()
    triggers.lift(connection)
    Release.objects.update(why="Because.")
    assert Release.objects.get().why == "Because."


def test_installing_one_app_leaves_the_rules_of_others():
    before = installed()
    triggers.install(connection, apps.get_app_config("sources").get_models())
    assert installed() == before


def test_a_model_whose_table_lacks_a_column_is_passed_over():
    before = installed()
    [column] = [f for f in Topic._meta.local_concrete_fields if f.name == "note"]
    name, column.column = column.column, "not_there_yet"
    try:
        triggers.install(connection, [Topic])
    finally:
        column.column = name
    assert installed() == before


def test_a_quotation_mark_in_a_message_is_spelt_for_the_database():
    assert triggers._quoted("it's") == "'it''s'"


@pytest.mark.django_db(transaction=True)
def test_the_rules_are_there_after_migrating_again():
    before = installed()
    call_command("migrate", verbosity=0)
    assert installed() == before == wanted()
    topic = saved(Topic)
    Topic.objects.update(note="Changed.")
    topic.refresh_from_db()
    assert topic.revision == 2


@pytest.mark.django_db(transaction=True)
def test_the_rules_are_written_again_for_a_table_that_a_migration_has_rebuilt():
    before = installed()
    note = Topic._meta.get_field("note")
    longer = models.CharField(max_length=500, default="")
    longer.set_attributes_from_name("note")
    longer.model = Topic
    triggers.lift(connection)
    with connection.schema_editor() as editor:
        editor.alter_field(Topic, note, longer)
    with connection.schema_editor() as editor:
        editor.alter_field(Topic, longer, note)
    assert installed() == set()
    call_command("migrate", verbosity=0)
    assert installed() == before
    saved(Topic)
    Topic.objects.update(note="Changed.")
    assert Topic.objects.get().revision == 2
