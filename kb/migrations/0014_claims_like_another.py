from django.db import migrations, models


def make(apps, schema_editor):
    """On SQLite a table of its full-text engine, whose words are divided by spaces alone; each word is found whole."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE kb_claimwords USING fts5(words, detail=none, columnsize=0, tokenize='ascii')"
        )
        return
    schema_editor.execute("CREATE TABLE kb_claimwords (rowid bigint PRIMARY KEY, words text NOT NULL)")
    schema_editor.execute(
        "CREATE INDEX kb_claimwords_found ON kb_claimwords "
        "USING gin (array_to_tsvector(string_to_array(words, ' ')))"
    )


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE kb_claimwords")


#: Claims that are there already are indexed by the worker, by the first save, or by `manage.py index_claims`.
NOTE_ALL = "INSERT INTO kb_claimtoindex (claim) SELECT id FROM kb_claim ORDER BY id"


class Migration(migrations.Migration):
    dependencies = [("kb", "0013_one_place_for_assignments")]

    operations = [
        migrations.CreateModel(
            name="ClaimToIndex",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("claim", models.BigIntegerField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="TermCount",
            fields=[
                ("term", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("claims", models.BigIntegerField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make, drop)],
            state_operations=[
                migrations.CreateModel(
                    name="ClaimWords",
                    fields=[
                        (
                            "claim",
                            models.BigIntegerField(db_column="rowid", primary_key=True, serialize=False),
                        ),
                        ("words", models.TextField()),
                    ],
                    options={"default_permissions": ()},
                ),
            ],
        ),
        migrations.RunSQL(NOTE_ALL, migrations.RunSQL.noop),
    ]
