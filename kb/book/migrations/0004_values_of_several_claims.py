"""A value can be of two published claims at once. The table is an index: `manage.py rebuild_book` fills it."""

import django.db.models.deletion
from django.db import migrations, models

import kb.editorial.fields


class Migration(migrations.Migration):
    dependencies = [("book", "0003_public_values")]

    operations = [
        migrations.DeleteModel(name="PublicValue"),
        migrations.CreateModel(
            name="PublicValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.CharField(db_index=True, max_length=12)),
                ("subject", models.CharField(max_length=12)),
                ("attribute", models.CharField(max_length=40)),
                ("qualifier", models.CharField(max_length=400)),
                ("stated", kb.editorial.fields.JSONTextField(default=dict)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="values", to="book.record"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["subject", "attribute", "qualifier", "value"],
                        name="book_publicvalue_speaks_of",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("record", "value"), name="book_publicvalue_once_a_claim")
                ],
            },
        ),
    ]
