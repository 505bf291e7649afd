import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kb.editorial.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="SourceText",
            fields=[
                ("snapshot", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("source", models.CharField(db_index=True, max_length=12)),
                ("text", models.TextField()),
                ("extent", models.CharField(max_length=8)),
                ("sha256", models.CharField(max_length=64)),
                ("captured_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=120)),
                ("uid", models.CharField(max_length=12)),
            ],
            options={
                "indexes": [models.Index(fields=["uid"], name="book_addres_uid_217b61_idx")],
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="book_address_once")],
            },
        ),
        migrations.CreateModel(
            name="Reference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=12)),
                ("target", models.CharField(max_length=12)),
                ("role", models.CharField(max_length=20)),
            ],
            options={
                "indexes": [models.Index(fields=["source"], name="book_refere_source_adbc86_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("target", "role", "source"), name="book_reference_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("why", models.TextField()),
                ("acts", models.TextField(default="{}")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "permissions": [("publish", "Can publish and withdraw records")],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.CharField(max_length=12)),
                ("kind", models.CharField(max_length=20)),
                ("number", models.PositiveIntegerField()),
                ("schema", models.PositiveSmallIntegerField()),
                (
                    "revision",
                    models.PositiveBigIntegerField(help_text="Of the desk's record when it was published."),
                ),
                ("document", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("labels", models.TextField(default="{}")),
                (
                    "redacted_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="redactions",
                        to="book.release",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="book.release",
                    ),
                ),
            ],
            options={
                "ordering": ["uid", "-number"],
                "indexes": [models.Index(fields=["release"], name="book_versio_release_d0b582_idx")],
                "constraints": [models.UniqueConstraint(fields=("uid", "number"), name="book_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                ("uid", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=120)),
                ("label", models.CharField(max_length=1000)),
                ("card", kb.editorial.fields.JSONTextField(default=dict)),
                ("revision", models.PositiveBigIntegerField()),
                (
                    "withdrawn_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="book.release",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="book.version"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="book_record_key")],
            },
        ),
        migrations.CreateModel(
            name="ClaimEntry",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="book.record",
                    ),
                ),
                ("rating", models.CharField(blank=True, max_length=16)),
                ("disputed", models.BooleanField()),
                ("claim_kind", models.CharField(max_length=12)),
                ("stale", models.BooleanField()),
                ("challenged", models.BooleanField()),
                ("corrected", models.BooleanField()),
                ("language", models.CharField(max_length=35)),
                (
                    "sort_date",
                    models.BigIntegerField(
                        help_text="Minutes from 1970: of its event, else of its first appearance."
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sort_date", "record"], name="book_claime_sort_da_7c22f8_idx"),
                    models.Index(
                        fields=["rating", "sort_date", "record"], name="book_claime_rating_9ed35e_idx"
                    ),
                    models.Index(
                        fields=["claim_kind", "sort_date", "record"], name="book_claime_claim_k_db4173_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionEntry",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="book.record",
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("type", models.CharField(max_length=13)),
            ],
            options={
                "indexes": [models.Index(fields=["type", "number"], name="book_correc_type_b56fd7_idx")],
            },
        ),
        migrations.CreateModel(
            name="EventEntry",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="book.record",
                    ),
                ),
                ("when", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["when", "record"], name="book_evente_when_d94781_idx")],
            },
        ),
        migrations.CreateModel(
            name="PlaceEntry",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="book.record",
                    ),
                ),
                ("place_kind", models.CharField(max_length=12)),
                ("sort_label", models.CharField(max_length=200)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sort_label", "record"], name="book_placee_sort_la_a4cb3e_idx"),
                    models.Index(
                        fields=["place_kind", "sort_label", "record"], name="book_placee_place_k_e9d8d0_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RebuttalEntry",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="book.record",
                    ),
                ),
                ("decision", models.CharField(max_length=15)),
                ("scope", models.CharField(max_length=11)),
                ("mode", models.CharField(max_length=11)),
                ("received", models.CharField(help_text="ISO 8601, or empty.", max_length=10)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["received", "record"], name="book_rebutt_receive_0ecda3_idx"),
                    models.Index(
                        fields=["decision", "received", "record"], name="book_rebutt_decisio_204374_idx"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceEntry",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="%(class)s",
                        serialize=False,
                        to="book.record",
                    ),
                ),
                ("type", models.CharField(max_length=24)),
                ("language", models.CharField(max_length=35)),
                ("standing", models.CharField(max_length=24)),
                ("issued", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["issued", "record"], name="book_source_issued_fdd12b_idx"),
                    models.Index(fields=["type", "issued", "record"], name="book_source_type_be0253_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=60)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="words", to="book.record"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["word"], name="book_searchword_prefix", opclasses=["varchar_pattern_ops"]
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("word", "record"), name="book_searchword_once")
                ],
            },
        ),
    ]
