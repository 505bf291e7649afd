import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("book", "0001_initial"),
        ("kb", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PublishingJob",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("why", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "planned_at",
                    models.DateTimeField(help_text="When the list of its records was complete.", null=True),
                ),
                ("finished_at", models.DateTimeField(help_text="When no record waited any more.", null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="publishing_jobs",
                        to="kb.importbatch",
                    ),
                ),
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
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PublishingJobRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField(help_text="What others need comes before them.")),
                ("kind", models.CharField(max_length=20)),
                ("uid", models.CharField(max_length=12)),
                ("revision", models.PositiveBigIntegerField(help_text="That the editor meant to publish.")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("done", "published"),
                            ("blocked", "blocked"),
                            ("changed", "changed meanwhile"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("message", models.TextField(blank=True)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="records",
                        to="book.publishingjob",
                    ),
                ),
            ],
            options={
                "ordering": ["job", "position"],
                "indexes": [
                    models.Index(fields=["job", "state", "position"], name="book_publis_job_id_41167c_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "done", "blocked", "changed"])),
                        name="book_publishingjobrecord_state_listed",
                        violation_error_message="“state” must be one of: waiting, done, blocked, changed.",
                    ),
                    models.UniqueConstraint(fields=("job", "uid"), name="book_publishingjobrecord_once"),
                ],
            },
        ),
    ]
