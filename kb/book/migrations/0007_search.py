"""The search index. What is published already is indexed by `manage.py prepare` or `manage.py rebuild_search`."""

import django.db.models.deletion
from django.db import migrations, models


def make(apps, schema_editor):
    """On SQLite a table of its full-text engine, whose words are divided by spaces alone; each word is found whole.

    On PostgreSQL the words of each part have its weight, and the position's kind and block are words, too.
    """
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE book_searchtext USING fts5(title, body, marks, tokenize='ascii')"
        )
        return
    schema_editor.execute(
        "CREATE TABLE book_searchtext (rowid bigint PRIMARY KEY, title text NOT NULL, body text NOT NULL, "
        "marks text NOT NULL, vector tsvector NOT NULL GENERATED ALWAYS AS ("
        "setweight(to_tsvector('pg_catalog.simple', title), 'A') "
        "|| setweight(to_tsvector('pg_catalog.simple', body), 'B') "
        "|| setweight(to_tsvector('pg_catalog.simple', marks || ' zzk' || (rowid >> 40)::text "
        "|| ' zzb' || (rowid >> 12)::text), 'C')) STORED)"
    )
    schema_editor.execute(
        "CREATE INDEX book_searchtext_found ON book_searchtext USING gin (vector) "
        "WITH (gin_pending_list_limit = 1024)"
    )


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE book_searchtext")


NO_PERMISSIONS = {"default_permissions": ()}


class Migration(migrations.Migration):
    dependencies = [("book", "0006_lists")]

    operations = [
        migrations.DeleteModel(name="SearchWord"),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="book.record",
                    ),
                ),
                ("position", models.BigIntegerField(unique=True)),
            ],
            options=NO_PERMISSIONS,
        ),
        migrations.CreateModel(
            name="SearchName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("stems", models.CharField(max_length=200)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="book.record"
                    ),
                ),
            ],
            options={
                **NO_PERMISSIONS,
                "indexes": [
                    models.Index(fields=["stems"], name="book_searchname_stems"),
                    models.Index(
                        fields=["name"], name="book_searchname_prefix", opclasses=["varchar_pattern_ops"]
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "name"), name="book_searchname_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchSlip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("spelling", models.CharField(max_length=60)),
                ("word", models.CharField(max_length=60)),
            ],
            options={
                **NO_PERMISSIONS,
                "indexes": [
                    models.Index(fields=["spelling"], name="book_searchslip_spelling"),
                    models.Index(fields=["word"], name="book_searchslip_word"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchTerm",
            fields=[
                ("word", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("stem", models.CharField(max_length=60)),
                ("records", models.BigIntegerField()),
            ],
            options={
                **NO_PERMISSIONS,
                "indexes": [
                    models.Index(fields=["stem"], name="book_searchterm_stem"),
                    models.Index(
                        fields=["word"], name="book_searchterm_prefix", opclasses=["varchar_pattern_ops"]
                    ),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make, drop)],
            state_operations=[
                migrations.CreateModel(
                    name="SearchText",
                    fields=[
                        (
                            "position",
                            models.BigIntegerField(db_column="rowid", primary_key=True, serialize=False),
                        ),
                        ("title", models.TextField()),
                        ("body", models.TextField()),
                        ("marks", models.TextField()),
                    ],
                    options=NO_PERMISSIONS,
                ),
            ],
        ),
    ]
