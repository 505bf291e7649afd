from decimal import Decimal

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import kb.editorial.aggregate
import kb.editorial.fields
import kb.models.place
import kb.models.value


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("sources", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                ("revision", models.PositiveBigIntegerField(default=1, editable=False)),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "statement",
                    kb.editorial.fields.LineField(
                        help_text="One sentence that can be judged: what is said, not who says it. A full stop at its end.",
                        max_length=1000,
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en",
                        help_text="A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.",
                        max_length=35,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("event-date", "date of an event"),
                            ("quantity", "quantity"),
                            ("attribution", "attribution"),
                            ("status", "status"),
                            ("causal", "cause"),
                            ("definition", "definition"),
                            ("prediction", "prediction"),
                            ("opinion", "opinion"),
                            ("other", "other"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "stale_since",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="needs re-review since"
                    ),
                ),
                (
                    "stale_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("quote", "a quote has changed"),
                            ("value", "a stated value has changed"),
                            ("evidence", "the evidence has changed"),
                            ("rebuttal", "a rebuttal was accepted"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="because",
                    ),
                ),
                (
                    "note",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="For the desk only; readers do not see it.", limit=10000
                    ),
                ),
            ],
            options={
                "ordering": ["statement", "key"],
                "permissions": [("confirm_assessment", "Can confirm a proposed assessment")],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["kind", "key"], name="kb_claim_kind_0e7867_idx"),
                    models.Index(
                        condition=models.Q(("stale_since__isnull", False)),
                        fields=["stale_since"],
                        name="kb_claim_stale",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("editing_state__in", ["draft", "in-review"])),
                        name="kb_claim_editing_state_listed",
                        violation_error_message="“editing_state” must be one of: draft, in-review.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "event-date",
                                    "quantity",
                                    "attribution",
                                    "status",
                                    "causal",
                                    "definition",
                                    "prediction",
                                    "opinion",
                                    "other",
                                ],
                            )
                        ),
                        name="kb_claim_kind_listed",
                        violation_error_message="“kind” must be one of: event-date, quantity, attribution, status, causal, definition, prediction, opinion, other.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stale_reason__in", ["quote", "value", "evidence", "rebuttal", ""])
                        ),
                        name="kb_claim_stale_reason_listed",
                        violation_error_message="“stale_reason” must be one of: quote, value, evidence, rebuttal.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stale_reason", ""), ("stale_since__isnull", True)),
                            models.Q(
                                ("stale_since__isnull", False), models.Q(("stale_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="kb_claim_stale_has_a_reason",
                        violation_error_message="A claim that needs re-review says why, and since when.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attribute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        help_text="As in “the declaration was signed”: “signed”.", max_length=80
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("date", "date"),
                            ("quantity", "quantity"),
                            ("coordinates", "coordinates"),
                            ("text", "text"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "dimension",
                    models.CharField(
                        blank=True,
                        help_text="For quantities: “area”, “length”, “count”; it says which units can be compared.",
                        max_length=20,
                    ),
                ),
            ],
            options={
                "ordering": ["key"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("type__in", ["date", "quantity", "coordinates", "text"])),
                        name="kb_attribute_type_listed",
                        violation_error_message="“type” must be one of: date, quantity, coordinates, text.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Appearance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "quote",
                    kb.editorial.fields.ProseField(
                        blank=True,
                        help_text="The exact words. White space need not match; all else must.",
                        limit=10000,
                    ),
                ),
                (
                    "prefix",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="The words right before the quote; needed where it occurs twice.",
                        max_length=500,
                    ),
                ),
                (
                    "suffix",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="The words right after the quote; needed where it occurs twice.",
                        max_length=500,
                    ),
                ),
                ("start", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("end", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                (
                    "translation",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="The quote in the desk’s language.", limit=10000
                    ),
                ),
                (
                    "locator",
                    kb.editorial.fields.LineField(
                        blank=True, help_text="A page, paragraph or time: “fourth paragraph”.", max_length=200
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("asserts", "asserts"),
                            ("reports", "reports"),
                            ("questions", "questions"),
                            ("denies", "denies"),
                        ],
                        default="asserts",
                        max_length=10,
                    ),
                ),
                (
                    "fidelity",
                    models.CharField(
                        choices=[
                            ("verbatim", "verbatim"),
                            ("translation", "translation"),
                            ("paraphrase", "paraphrase"),
                        ],
                        default="verbatim",
                        max_length=12,
                    ),
                ),
                (
                    "anchor",
                    models.CharField(
                        choices=[
                            ("exact", "found in the text"),
                            ("orphan", "not found in the text"),
                            ("none", "no text to look in"),
                        ],
                        default="none",
                        editable=False,
                        max_length=6,
                    ),
                ),
                (
                    "claimants",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Who says it; empty where it is the source’s authors.",
                        related_name="appearances",
                        to="sources.agent",
                    ),
                ),
                (
                    "derived_from",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where this one took it from.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="repetitions",
                        to="kb.appearance",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        blank=True,
                        help_text="The text to look in.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appearances",
                        to="sources.snapshot",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appearances",
                        to="sources.source",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="appearances", to="kb.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["claim", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("anchor", "orphan")),
                        fields=["anchor"],
                        name="kb_appearance_orphans",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stance__in", ["asserts", "reports", "questions", "denies"])),
                        name="kb_appearance_stance_listed",
                        violation_error_message="“stance” must be one of: asserts, reports, questions, denies.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fidelity__in", ["verbatim", "translation", "paraphrase"])),
                        name="kb_appearance_fidelity_listed",
                        violation_error_message="“fidelity” must be one of: verbatim, translation, paraphrase.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("anchor__in", ["exact", "orphan", "none"])),
                        name="kb_appearance_anchor_listed",
                        violation_error_message="“anchor” must be one of: exact, orphan, none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("derived_from", models.F("id")), _negated=True),
                        name="kb_appearance_not_from_itself",
                        violation_error_message="An appearance cannot be taken from itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end__isnull", True), ("start__isnull", True)),
                            ("start__lt", models.F("end")),
                            _connector="OR",
                        ),
                        name="kb_appearance_start_before_end",
                        violation_error_message="A quote ends after it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("anchor", "exact"), ("start__isnull", False)),
                            models.Q(models.Q(("anchor", "exact"), _negated=True), ("start", None)),
                            _connector="OR",
                        ),
                        name="kb_appearance_exact_has_a_position",
                        violation_error_message="A quote that was found has its place in the text, and no other has one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConflictRuling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "one",
                    models.CharField(help_text="The uid of a value; the smaller of the two.", max_length=12),
                ),
                ("other", models.CharField(max_length=12)),
                ("one_fingerprint", models.CharField(max_length=64)),
                ("other_fingerprint", models.CharField(max_length=64)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("real", "a real conflict"),
                            ("compatible", "compatible"),
                            ("different-scope", "about different things"),
                            ("date-basis", "dates on a different basis"),
                        ],
                        max_length=15,
                    ),
                ),
                ("reason", kb.editorial.fields.ProseField(limit=5000)),
                ("ruled_at", models.DateTimeField()),
                (
                    "ruled_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict__in", ["real", "compatible", "different-scope", "date-basis"])
                        ),
                        name="kb_conflictruling_verdict_listed",
                        violation_error_message="“verdict” must be one of: real, compatible, different-scope, date-basis.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))),
                        name="kb_conflictruling_in_order",
                        violation_error_message="Of the two values, the one whose uid sorts first comes first.",
                    ),
                    models.UniqueConstraint(
                        fields=("one", "other", "one_fingerprint", "other_fingerprint"),
                        name="kb_conflictruling_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                ("revision", models.PositiveBigIntegerField(default=1, editable=False)),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("correction", "correction"),
                            ("clarification", "clarification"),
                            ("editors-note", "editor’s note"),
                            ("retraction", "retraction"),
                            ("update", "update"),
                        ],
                        default="correction",
                        max_length=13,
                    ),
                ),
                (
                    "of",
                    models.CharField(
                        choices=[("source", "a source’s claim"), ("desk", "the desk’s own record")],
                        default="source",
                        max_length=6,
                    ),
                ),
                ("said", kb.editorial.fields.ProseField(limit=5000, verbose_name="what was said")),
                (
                    "right",
                    kb.editorial.fields.ProseField(
                        blank=True,
                        help_text="In words that explain themselves.",
                        limit=5000,
                        verbose_name="what is right",
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en",
                        help_text="A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.",
                        max_length=35,
                    ),
                ),
                (
                    "discovered",
                    models.DateField(
                        default=django.utils.timezone.localdate,
                        help_text="When the desk learnt of the error.",
                    ),
                ),
                ("number", models.PositiveIntegerField(editable=False, null=True, unique=True)),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                ("previous_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("hash", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="kb.claim"
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        help_text="An earlier entry, if it was wrong.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="kb.correction",
                    ),
                ),
            ],
            options={
                "ordering": ["number", "key"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("editing_state__in", ["draft", "in-review"])),
                        name="kb_correction_editing_state_listed",
                        violation_error_message="“editing_state” must be one of: draft, in-review.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                ["correction", "clarification", "editors-note", "retraction", "update"],
                            )
                        ),
                        name="kb_correction_type_listed",
                        violation_error_message="“type” must be one of: correction, clarification, editors-note, retraction, update.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("of__in", ["source", "desk"])),
                        name="kb_correction_of_listed",
                        violation_error_message="“of” must be one of: source, desk.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("hash", ""), ("number__isnull", True), ("published_at__isnull", True)),
                            models.Q(
                                ("number__gte", 1),
                                ("published_at__isnull", False),
                                models.Q(("hash", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="kb_correction_numbered_when_published",
                        violation_error_message="Number, hash and date come together, when a correction is published.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("corrects", models.F("id")), _negated=True),
                        name="kb_correction_not_of_itself",
                        violation_error_message="A correction cannot correct itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                ("revision", models.PositiveBigIntegerField(default=1, editable=False)),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "contacted_at",
                    models.DateTimeField(
                        blank=True, help_text="When the publisher was written to, in UTC.", null=True
                    ),
                ),
                (
                    "how",
                    kb.editorial.fields.LineField(
                        blank=True, help_text="By letter, by e-mail, through a form.", max_length=300
                    ),
                ),
                (
                    "deadline",
                    models.DateField(blank=True, help_text="Until when an answer is asked for.", null=True),
                ),
                (
                    "answer",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="What the publisher answered.", limit=20000
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("pending", "pending"),
                            ("corrected", "corrected"),
                            ("declined", "declined"),
                            ("no-reply", "no reply"),
                            ("unreachable", "unreachable"),
                        ],
                        default="pending",
                        max_length=11,
                    ),
                ),
                (
                    "appearance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="kb.appearance",
                    ),
                ),
                (
                    "correction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="kb.correction",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "ordering": ["key"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["outcome", "deadline"], name="kb_delivery_outcome_d72224_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("editing_state__in", ["draft", "in-review"])),
                        name="kb_delivery_editing_state_listed",
                        violation_error_message="“editing_state” must be one of: draft, in-review.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["pending", "corrected", "declined", "no-reply", "unreachable"])
                        ),
                        name="kb_delivery_outcome_listed",
                        violation_error_message="“outcome” must be one of: pending, corrected, declined, no-reply, unreachable.",
                    ),
                    models.UniqueConstraint(
                        fields=("correction", "appearance"),
                        name="kb_delivery_once",
                        violation_error_message="This appearance already has a delivery of this correction.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Desk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                ("revision", models.PositiveBigIntegerField(default=1, editable=False)),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "name",
                    kb.editorial.fields.LineField(help_text="At the top of every page.", max_length=120),
                ),
                (
                    "tagline",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="One sentence on the home page: what the desk does.",
                        max_length=300,
                    ),
                ),
                (
                    "notice",
                    kb.editorial.fields.ProseField(
                        blank=True,
                        help_text="Shown on the home page and in the ledger, such as “This is a demonstration.”",
                        limit=2000,
                    ),
                ),
                (
                    "contact",
                    models.EmailField(blank=True, help_text="Where readers can write.", max_length=254),
                ),
                (
                    "about",
                    kb.editorial.fields.ProseField(
                        blank=True,
                        help_text="Who the desk is. Paragraphs are divided by empty lines.",
                        limit=50000,
                    ),
                ),
                (
                    "ratings_policy",
                    kb.editorial.fields.ProseField(blank=True, limit=50000, verbose_name="how we rate"),
                ),
                ("corrections_policy", kb.editorial.fields.ProseField(blank=True, limit=50000)),
                (
                    "licence",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="As in “CC BY 4.0”.",
                        max_length=120,
                        verbose_name="licence of the data",
                    ),
                ),
                ("licence_url", kb.editorial.fields.HttpURLField(blank=True, max_length=2000)),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en", help_text="The language of these texts.", max_length=35
                    ),
                ),
                (
                    "single_editor",
                    models.BooleanField(
                        default=False,
                        help_text="If so, one person may propose and confirm, submit and publish.",
                        verbose_name="a desk of one person",
                    ),
                ),
            ],
            options={
                "ordering": ["key"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("editing_state__in", ["draft", "in-review"])),
                        name="kb_desk_editing_state_listed",
                        violation_error_message="“editing_state” must be one of: draft, in-review.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key", "desk")),
                        name="kb_desk_only_one",
                        violation_error_message="There is one desk, and its key is “desk”.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                ("revision", models.PositiveBigIntegerField(default=1, editable=False)),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                ("title", kb.editorial.fields.LineField(max_length=300)),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en", help_text="The language of the title.", max_length=35
                    ),
                ),
                (
                    "when",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="The date that the desk has settled on; leave empty while it has not.",
                        max_length=200,
                    ),
                ),
                ("when_earliest", kb.editorial.fields.BoundField(end="earliest", of="when")),
                ("when_latest", kb.editorial.fields.BoundField(end="latest", of="when")),
                ("note", kb.editorial.fields.ProseField(blank=True, limit=10000)),
                (
                    "after",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Events that must have come first.",
                        related_name="before",
                        to="kb.event",
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="kb.event",
                    ),
                ),
                (
                    "participants",
                    models.ManyToManyField(blank=True, related_name="events", to="sources.agent"),
                ),
            ],
            options={
                "ordering": ["title", "key"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["when_earliest", "key"], name="kb_event_when_ea_80c15e_idx"),
                    models.Index(fields=["title", "key"], name="kb_event_title_7787db_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("editing_state__in", ["draft", "in-review"])),
                        name="kb_event_editing_state_listed",
                        violation_error_message="“editing_state” must be one of: draft, in-review.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("when_earliest__isnull", True),
                            ("when_latest__isnull", True),
                            ("when_earliest__lte", models.F("when_latest")),
                            _connector="OR",
                        ),
                        name="kb_event_when_in_order",
                        violation_error_message="The date ends before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("part_of", models.F("id")), _negated=True),
                        name="kb_event_not_part_of_itself",
                        violation_error_message="An event cannot be part of itself.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="claim",
            name="events",
            field=models.ManyToManyField(blank=True, related_name="claims", to="kb.event"),
        ),
        migrations.CreateModel(
            name="HistoricalAppearance",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "quote",
                    kb.editorial.fields.ProseField(
                        blank=True,
                        help_text="The exact words. White space need not match; all else must.",
                        limit=10000,
                    ),
                ),
                (
                    "prefix",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="The words right before the quote; needed where it occurs twice.",
                        max_length=500,
                    ),
                ),
                (
                    "suffix",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="The words right after the quote; needed where it occurs twice.",
                        max_length=500,
                    ),
                ),
                ("start", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("end", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                (
                    "translation",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="The quote in the desk’s language.", limit=10000
                    ),
                ),
                (
                    "locator",
                    kb.editorial.fields.LineField(
                        blank=True, help_text="A page, paragraph or time: “fourth paragraph”.", max_length=200
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("asserts", "asserts"),
                            ("reports", "reports"),
                            ("questions", "questions"),
                            ("denies", "denies"),
                        ],
                        default="asserts",
                        max_length=10,
                    ),
                ),
                (
                    "fidelity",
                    models.CharField(
                        choices=[
                            ("verbatim", "verbatim"),
                            ("translation", "translation"),
                            ("paraphrase", "paraphrase"),
                        ],
                        default="verbatim",
                        max_length=12,
                    ),
                ),
                (
                    "anchor",
                    models.CharField(
                        choices=[
                            ("exact", "found in the text"),
                            ("orphan", "not found in the text"),
                            ("none", "no text to look in"),
                        ],
                        default="none",
                        editable=False,
                        max_length=6,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.claim",
                    ),
                ),
                (
                    "derived_from",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Where this one took it from.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.appearance",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The text to look in.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.snapshot",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical appearance",
                "verbose_name_plural": "historical appearances",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalAppearance_claimants",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.agent",
                    ),
                ),
                (
                    "appearance",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.appearance",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="kb.historicalappearance",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalAppearance_claimants",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalAssessment",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "rating",
                    models.CharField(
                        choices=[
                            ("accurate", "accurate"),
                            ("partly-accurate", "partly accurate"),
                            ("inaccurate", "inaccurate"),
                            ("unproven", "unproven"),
                            ("outdated", "outdated"),
                            ("not-rateable", "not rateable"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "disputed",
                    models.BooleanField(
                        default=False, help_text="Whether parties to the matter still hold the opposite."
                    ),
                ),
                (
                    "rationale",
                    kb.editorial.fields.ProseField(
                        help_text="Why, in a few sentences that a reader understands.", limit=20000
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en",
                        help_text="A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.",
                        max_length=35,
                    ),
                ),
                (
                    "judged_revision",
                    models.PositiveBigIntegerField(
                        blank=True,
                        editable=False,
                        help_text="The revision of the claim that was judged.",
                        null=True,
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("confirmed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.claim",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical assessment",
                "verbose_name_plural": "historical assessments",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalClaim",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "statement",
                    kb.editorial.fields.LineField(
                        help_text="One sentence that can be judged: what is said, not who says it. A full stop at its end.",
                        max_length=1000,
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en",
                        help_text="A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.",
                        max_length=35,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("event-date", "date of an event"),
                            ("quantity", "quantity"),
                            ("attribution", "attribution"),
                            ("status", "status"),
                            ("causal", "cause"),
                            ("definition", "definition"),
                            ("prediction", "prediction"),
                            ("opinion", "opinion"),
                            ("other", "other"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "stale_since",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="needs re-review since"
                    ),
                ),
                (
                    "stale_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("quote", "a quote has changed"),
                            ("value", "a stated value has changed"),
                            ("evidence", "the evidence has changed"),
                            ("rebuttal", "a rebuttal was accepted"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="because",
                    ),
                ),
                (
                    "note",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="For the desk only; readers do not see it.", limit=10000
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical claim",
                "verbose_name_plural": "historical claims",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalClaim_events",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.claim",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.event",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="kb.historicalclaim",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalClaim_events",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalConflictRuling",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "one",
                    models.CharField(help_text="The uid of a value; the smaller of the two.", max_length=12),
                ),
                ("other", models.CharField(max_length=12)),
                ("one_fingerprint", models.CharField(max_length=64)),
                ("other_fingerprint", models.CharField(max_length=64)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("real", "a real conflict"),
                            ("compatible", "compatible"),
                            ("different-scope", "about different things"),
                            ("date-basis", "dates on a different basis"),
                        ],
                        max_length=15,
                    ),
                ),
                ("reason", kb.editorial.fields.ProseField(limit=5000)),
                ("ruled_at", models.DateTimeField()),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ruled_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical conflict ruling",
                "verbose_name_plural": "historical conflict rulings",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDelivery",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "contacted_at",
                    models.DateTimeField(
                        blank=True, help_text="When the publisher was written to, in UTC.", null=True
                    ),
                ),
                (
                    "how",
                    kb.editorial.fields.LineField(
                        blank=True, help_text="By letter, by e-mail, through a form.", max_length=300
                    ),
                ),
                (
                    "deadline",
                    models.DateField(blank=True, help_text="Until when an answer is asked for.", null=True),
                ),
                (
                    "answer",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="What the publisher answered.", limit=20000
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("pending", "pending"),
                            ("corrected", "corrected"),
                            ("declined", "declined"),
                            ("no-reply", "no reply"),
                            ("unreachable", "unreachable"),
                        ],
                        default="pending",
                        max_length=11,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "appearance",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.appearance",
                    ),
                ),
                (
                    "correction",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.correction",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical delivery",
                "verbose_name_plural": "historical deliveries",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDesk",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "name",
                    kb.editorial.fields.LineField(help_text="At the top of every page.", max_length=120),
                ),
                (
                    "tagline",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="One sentence on the home page: what the desk does.",
                        max_length=300,
                    ),
                ),
                (
                    "notice",
                    kb.editorial.fields.ProseField(
                        blank=True,
                        help_text="Shown on the home page and in the ledger, such as “This is a demonstration.”",
                        limit=2000,
                    ),
                ),
                (
                    "contact",
                    models.EmailField(blank=True, help_text="Where readers can write.", max_length=254),
                ),
                (
                    "about",
                    kb.editorial.fields.ProseField(
                        blank=True,
                        help_text="Who the desk is. Paragraphs are divided by empty lines.",
                        limit=50000,
                    ),
                ),
                (
                    "ratings_policy",
                    kb.editorial.fields.ProseField(blank=True, limit=50000, verbose_name="how we rate"),
                ),
                ("corrections_policy", kb.editorial.fields.ProseField(blank=True, limit=50000)),
                (
                    "licence",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="As in “CC BY 4.0”.",
                        max_length=120,
                        verbose_name="licence of the data",
                    ),
                ),
                ("licence_url", kb.editorial.fields.HttpURLField(blank=True, max_length=2000)),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en", help_text="The language of these texts.", max_length=35
                    ),
                ),
                (
                    "single_editor",
                    models.BooleanField(
                        default=False,
                        help_text="If so, one person may propose and confirm, submit and publish.",
                        verbose_name="a desk of one person",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical desk",
                "verbose_name_plural": "historical desks",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalEvent",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                ("title", kb.editorial.fields.LineField(max_length=300)),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en", help_text="The language of the title.", max_length=35
                    ),
                ),
                (
                    "when",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="The date that the desk has settled on; leave empty while it has not.",
                        max_length=200,
                    ),
                ),
                ("when_earliest", kb.editorial.fields.BoundField(end="earliest", of="when")),
                ("when_latest", kb.editorial.fields.BoundField(end="latest", of="when")),
                ("note", kb.editorial.fields.ProseField(blank=True, limit=10000)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.event",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical event",
                "verbose_name_plural": "historical events",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalEvent_after",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "from_event",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.event",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="kb.historicalevent",
                    ),
                ),
                (
                    "to_event",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.event",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalEvent_after",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalEvent_participants",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.agent",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.event",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="kb.historicalevent",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalEvent_participants",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalNamingPolicy",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "text",
                    kb.editorial.fields.ProseField(
                        help_text="The policy as readers see it. Paragraphs are divided by empty lines.",
                        limit=50000,
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en",
                        help_text="The language of the text, and of the names preferred in labels.",
                        max_length=35,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical naming policy",
                "verbose_name_plural": "historical naming policy",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalRebuttal",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("quotation", "quotation"),
                            ("attribution", "attribution"),
                            ("date", "date"),
                            ("figure", "figure"),
                            ("name", "name"),
                            ("inference", "inference"),
                            ("context", "context"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("contradicts", "contradicts"), ("undercuts", "undercuts")],
                        default="contradicts",
                        max_length=11,
                    ),
                ),
                (
                    "text",
                    kb.editorial.fields.ProseField(
                        help_text="The challenge in the challenger’s words, or close to them.", limit=20000
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en",
                        help_text="A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.",
                        max_length=35,
                    ),
                ),
                (
                    "proposed",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="What the challenger says should stand instead.", limit=5000
                    ),
                ),
                ("due", models.DateField(blank=True, null=True)),
                (
                    "received_at",
                    models.DateTimeField(
                        blank=True, help_text="When it reached the desk, in UTC.", null=True
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("under-review", "under review"),
                            ("accepted", "accepted"),
                            ("partly-accepted", "accepted in part"),
                            ("rejected", "rejected"),
                            ("duplicate", "duplicate"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="received",
                        editable=False,
                        max_length=15,
                    ),
                ),
                ("reason", kb.editorial.fields.ProseField(blank=True, editable=False, limit=20000)),
                ("decided_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.claim",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.agent",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The comment or article in which it was made.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.source",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical rebuttal",
                "verbose_name_plural": "historical rebuttals",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalReview",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "rating_text",
                    kb.editorial.fields.LineField(
                        help_text="The reviewer’s own word for it, as in “Falso”.", max_length=300
                    ),
                ),
                ("rating_value", models.DecimalField(blank=True, decimal_places=3, max_digits=8, null=True)),
                (
                    "best",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        help_text="Best of their scale.",
                        max_digits=8,
                        null=True,
                    ),
                ),
                (
                    "worst",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        help_text="Worst of their scale.",
                        max_digits=8,
                        null=True,
                    ),
                ),
                (
                    "when",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="As in “1945-08-18”, “18 August 1945”, “about 1945”, “1945-08-09/1945-08-20”.",
                        max_length=200,
                    ),
                ),
                ("when_earliest", kb.editorial.fields.BoundField(end="earliest", of="when")),
                ("when_latest", kb.editorial.fields.BoundField(end="latest", of="when")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.claim",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.agent",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical review",
                "verbose_name_plural": "historical reviews",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalTopic",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                ("name", kb.editorial.fields.LineField(max_length=200)),
                (
                    "note",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="What belongs under it.", limit=10000
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical topic",
                "verbose_name_plural": "historical topics",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=255)),
                ("file_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                ("applied_at", models.DateTimeField()),
                (
                    "counts",
                    kb.editorial.fields.JSONTextField(
                        default=dict, help_text="Per sheet: created, changed, unchanged, refused."
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "applied_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "import batches",
                "ordering": ["-applied_at"],
                "indexes": [models.Index(fields=["file_sha256"], name="kb_importba_file_sh_d4da44_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="kb_importbatch_undone_by_somebody",
                        violation_error_message="An import that was undone says who undid it, and when.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sheet", models.CharField(max_length=120)),
                ("row", models.PositiveIntegerField(help_text="As the spreadsheet numbers it, from 1.")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("created", "created"),
                            ("changed", "changed"),
                            ("unchanged", "unchanged"),
                            ("refused", "refused"),
                        ],
                        max_length=9,
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("uid", models.CharField(blank=True, max_length=12)),
                ("before", kb.editorial.fields.JSONTextField(blank=True, null=True)),
                ("after", kb.editorial.fields.JSONTextField(blank=True, null=True)),
                (
                    "revision",
                    models.PositiveBigIntegerField(
                        blank=True, help_text="Of the aggregate, after the row was applied.", null=True
                    ),
                ),
                ("message", models.TextField(blank=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="kb.importbatch"
                    ),
                ),
            ],
            options={
                "ordering": ["batch", "id"],
                "indexes": [
                    models.Index(fields=["batch", "outcome"], name="kb_imported_batch_i_8b9bb0_idx"),
                    models.Index(fields=["uid"], name="kb_imported_uid_003f68_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["created", "changed", "unchanged", "refused"])),
                        name="kb_importedrow_outcome_listed",
                        violation_error_message="“outcome” must be one of: created, changed, unchanged, refused.",
                    ),
                    models.UniqueConstraint(
                        fields=("batch", "sheet", "row", "kind", "uid"), name="kb_importedrow_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportProfile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("mapping", kb.editorial.fields.JSONTextField(default=dict)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="importbatch",
            name="profile",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="batches",
                to="kb.importprofile",
            ),
        ),
        migrations.CreateModel(
            name="NamingPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                ("revision", models.PositiveBigIntegerField(default=1, editable=False)),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "text",
                    kb.editorial.fields.ProseField(
                        help_text="The policy as readers see it. Paragraphs are divided by empty lines.",
                        limit=50000,
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en",
                        help_text="The language of the text, and of the names preferred in labels.",
                        max_length=35,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "naming policy",
                "ordering": ["key"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("editing_state__in", ["draft", "in-review"])),
                        name="kb_namingpolicy_editing_state_listed",
                        violation_error_message="“editing_state” must be one of: draft, in-review.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key", "naming-policy")),
                        name="kb_namingpolicy_only_one",
                        violation_error_message="There is one naming policy, and its key is “naming-policy”.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                ("revision", models.PositiveBigIntegerField(default=1, editable=False)),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("island", "island"),
                            ("archipelago", "archipelago"),
                            ("city", "city"),
                            ("region", "region"),
                            ("sea", "sea"),
                            ("state", "state"),
                            ("other", "place"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Degrees north, south negative, as in 44.8333.",
                        max_digits=9,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("-90")),
                            django.core.validators.MaxValueValidator(Decimal("90")),
                        ],
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Degrees east, west negative, as in 147.8333.",
                        max_digits=9,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("-180")),
                            django.core.validators.MaxValueValidator(Decimal("180")),
                        ],
                    ),
                ),
                (
                    "geometry",
                    kb.editorial.fields.JSONTextField(
                        blank=True,
                        help_text="GeoJSON (RFC 7946).",
                        null=True,
                        validators=[kb.models.place.validate_geometry],
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        help_text="Whose clock dates here follow, as in “Asia/Tokyo”; leave empty where it is not settled.",
                        max_length=40,
                        validators=[kb.models.place.validate_time_zone],
                    ),
                ),
                (
                    "wikidata",
                    models.CharField(
                        blank=True,
                        help_text="As in “Q193217”.",
                        max_length=13,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\AQ[1-9][0-9]{0,11}\\Z", "A Wikidata number looks like “Q233684”."
                            )
                        ],
                    ),
                ),
                (
                    "geonames",
                    models.PositiveBigIntegerField(
                        blank=True, help_text="The GeoNames number.", null=True, verbose_name="GeoNames"
                    ),
                ),
                ("note", kb.editorial.fields.ProseField(blank=True, limit=10000)),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="kb.place",
                    ),
                ),
            ],
            options={
                "ordering": ["key"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("editing_state__in", ["draft", "in-review"])),
                        name="kb_place_editing_state_listed",
                        violation_error_message="“editing_state” must be one of: draft, in-review.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["island", "archipelago", "city", "region", "sea", "state", "other"])
                        ),
                        name="kb_place_kind_listed",
                        violation_error_message="“kind” must be one of: island, archipelago, city, region, sea, state, other.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("latitude__isnull", True),
                            models.Q(("latitude__gte", -90), ("latitude__lte", 90)),
                            _connector="OR",
                        ),
                        name="kb_place_latitude_range",
                        violation_error_message="A latitude lies between -90 and 90.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("longitude__isnull", True),
                            models.Q(("longitude__gte", -180), ("longitude__lte", 180)),
                            _connector="OR",
                        ),
                        name="kb_place_longitude_range",
                        violation_error_message="A longitude lies between -180 and 180.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="kb_place_coordinates_paired",
                        violation_error_message="Give both latitude and longitude, or neither.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("part_of", models.F("id")), _negated=True),
                        name="kb_place_not_part_of_itself",
                        violation_error_message="A place cannot be part of itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NamingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        help_text="The party whose name comes first.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.agent",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="kb.namingpolicy",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        help_text="The party whose name comes second.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.agent",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: wherever both have names.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="naming_rules",
                        to="kb.place",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first", models.F("second")), _negated=True),
                        name="kb_namingrule_two_parties",
                        violation_error_message="A rule orders the names of two different parties.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("place__isnull", False)),
                        fields=("policy", "place"),
                        name="kb_namingrule_one_for_a_place",
                        violation_error_message="There is already a rule for this place.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalStatedValue",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "qualifier",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="What is counted or measured: “Japanese inhabitants”.",
                        max_length=120,
                    ),
                ),
                (
                    "raw",
                    kb.editorial.fields.LineField(
                        blank=True, help_text="The words that state it, exactly.", max_length=500
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("certain", "certain"),
                            ("less-certain", "less certain"),
                            ("uncertain", "uncertain"),
                        ],
                        default="certain",
                        max_length=12,
                    ),
                ),
                (
                    "edtf",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="As in “1945-08-18”, “18 August 1945”, “about 1945”, “1945-08-09/1945-08-20”.",
                        max_length=200,
                        verbose_name="date",
                    ),
                ),
                (
                    "calendar",
                    models.CharField(
                        choices=[("gregorian", "Gregorian"), ("julian", "Julian")],
                        default="gregorian",
                        max_length=9,
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        blank=True, max_length=40, validators=[kb.models.place.validate_time_zone]
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        blank=True,
                        choices=[("before", "before"), ("after", "after"), ("within", "within")],
                        help_text="To the event beside it.",
                        max_length=6,
                    ),
                ),
                (
                    "offset",
                    models.CharField(
                        blank=True,
                        help_text="“within three months of …” is “P3M” (ISO 8601), “within ten days” “P10D”.",
                        max_length=20,
                        validators=[kb.models.value.validate_duration],
                    ),
                ),
                ("earliest", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("latest", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("amount", models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True)),
                (
                    "low",
                    models.DecimalField(
                        blank=True, decimal_places=6, help_text="“at least”", max_digits=20, null=True
                    ),
                ),
                (
                    "high",
                    models.DecimalField(
                        blank=True, decimal_places=6, help_text="“up to”", max_digits=20, null=True
                    ),
                ),
                (
                    "unit",
                    kb.editorial.fields.LineField(
                        blank=True, help_text="“km2”, “km”, “people”", max_length=40
                    ),
                ),
                (
                    "as_of",
                    kb.editorial.fields.DateSpanField(
                        blank=True, help_text="When the figure was true.", max_length=200
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=9,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=9,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                    ),
                ),
                ("text", kb.editorial.fields.LineField(blank=True, max_length=500)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "appearance",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Whose words, if one’s.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.appearance",
                    ),
                ),
                (
                    "attribute",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.attribute",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.claim",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.event",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "relative_to",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The event whose settled date bounds this one: “before Japan’s surrender”.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.event",
                    ),
                ),
                (
                    "measured_from",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="For a distance: from where.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.place",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical stated value",
                "verbose_name_plural": "historical stated values",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPlaceStatus",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("claims", "claims"),
                            ("administers", "administers"),
                            ("recognises", "recognises"),
                            ("renounces", "renounces"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "when",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="An interval: “1945-09/..” goes on, “1905/1945-09” has ended.",
                        max_length=200,
                    ),
                ),
                ("when_earliest", kb.editorial.fields.BoundField(end="earliest", of="when")),
                ("when_latest", kb.editorial.fields.BoundField(end="latest", of="when")),
                (
                    "locator",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="Where in the source: a page, article or paragraph.",
                        max_length=200,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.agent",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.source",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical place status",
                "verbose_name_plural": "historical place statuses",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPlaceName",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "text",
                    kb.editorial.fields.LineField(
                        help_text="In its own script, exactly as used.", max_length=300
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        help_text="A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.", max_length=35
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("endonym", "endonym"),
                            ("exonym", "exonym"),
                            ("historical", "historical name"),
                            ("variant", "variant spelling"),
                            ("reading", "reading"),
                        ],
                        default="endonym",
                        max_length=10,
                    ),
                ),
                (
                    "when",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="Since when, or from when to when: “1905-02-22/..”.",
                        max_length=200,
                    ),
                ),
                ("when_earliest", kb.editorial.fields.BoundField(end="earliest", of="when")),
                ("when_latest", kb.editorial.fields.BoundField(end="latest", of="when")),
                (
                    "locator",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="Where in the source: a page, article or paragraph.",
                        max_length=200,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.source",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical place name",
                "verbose_name_plural": "historical place names",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPlace",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("island", "island"),
                            ("archipelago", "archipelago"),
                            ("city", "city"),
                            ("region", "region"),
                            ("sea", "sea"),
                            ("state", "state"),
                            ("other", "place"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Degrees north, south negative, as in 44.8333.",
                        max_digits=9,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("-90")),
                            django.core.validators.MaxValueValidator(Decimal("90")),
                        ],
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Degrees east, west negative, as in 147.8333.",
                        max_digits=9,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(Decimal("-180")),
                            django.core.validators.MaxValueValidator(Decimal("180")),
                        ],
                    ),
                ),
                (
                    "geometry",
                    kb.editorial.fields.JSONTextField(
                        blank=True,
                        help_text="GeoJSON (RFC 7946).",
                        null=True,
                        validators=[kb.models.place.validate_geometry],
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        help_text="Whose clock dates here follow, as in “Asia/Tokyo”; leave empty where it is not settled.",
                        max_length=40,
                        validators=[kb.models.place.validate_time_zone],
                    ),
                ),
                (
                    "wikidata",
                    models.CharField(
                        blank=True,
                        help_text="As in “Q193217”.",
                        max_length=13,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\AQ[1-9][0-9]{0,11}\\Z", "A Wikidata number looks like “Q233684”."
                            )
                        ],
                    ),
                ),
                (
                    "geonames",
                    models.PositiveBigIntegerField(
                        blank=True, help_text="The GeoNames number.", null=True, verbose_name="GeoNames"
                    ),
                ),
                ("note", kb.editorial.fields.ProseField(blank=True, limit=10000)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical place",
                "verbose_name_plural": "historical places",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalNamingRule",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The party whose name comes first.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.agent",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The party whose name comes second.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.agent",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.namingpolicy",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Empty: wherever both have names.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical naming rule",
                "verbose_name_plural": "historical naming rules",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalEvent_places",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.event",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="kb.historicalevent",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalEvent_places",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalClaim_places",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.claim",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="kb.historicalclaim",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalClaim_places",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="event",
            name="places",
            field=models.ManyToManyField(blank=True, related_name="events", to="kb.place"),
        ),
        migrations.AddField(
            model_name="claim",
            name="places",
            field=models.ManyToManyField(blank=True, related_name="claims", to="kb.place"),
        ),
        migrations.CreateModel(
            name="PlaceName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "text",
                    kb.editorial.fields.LineField(
                        help_text="In its own script, exactly as used.", max_length=300
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        help_text="A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.", max_length=35
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("endonym", "endonym"),
                            ("exonym", "exonym"),
                            ("historical", "historical name"),
                            ("variant", "variant spelling"),
                            ("reading", "reading"),
                        ],
                        default="endonym",
                        max_length=10,
                    ),
                ),
                (
                    "when",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="Since when, or from when to when: “1905-02-22/..”.",
                        max_length=200,
                    ),
                ),
                ("when_earliest", kb.editorial.fields.BoundField(end="earliest", of="when")),
                ("when_latest", kb.editorial.fields.BoundField(end="latest", of="when")),
                (
                    "locator",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="Where in the source: a page, article or paragraph.",
                        max_length=200,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="names", to="kb.place"
                    ),
                ),
                (
                    "romanisation_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="romanisations",
                        to="kb.placename",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="place_names",
                        to="sources.source",
                    ),
                ),
                (
                    "used_by",
                    models.ManyToManyField(blank=True, related_name="names_used", to="sources.agent"),
                ),
                (
                    "used_in",
                    models.ManyToManyField(
                        blank=True,
                        help_text="A treaty, law or map that uses it.",
                        related_name="names_used",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "ordering": ["place", "text", "language", "id"],
                "indexes": [models.Index(fields=["text"], name="kb_placenam_text_28bdb1_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["endonym", "exonym", "historical", "variant", "reading"])
                        ),
                        name="kb_placename_kind_listed",
                        violation_error_message="“kind” must be one of: endonym, exonym, historical, variant, reading.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("when_earliest__isnull", True),
                            ("when_latest__isnull", True),
                            ("when_earliest__lte", models.F("when_latest")),
                            _connector="OR",
                        ),
                        name="kb_placename_when_in_order",
                        violation_error_message="The date ends before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("romanisation_of", models.F("id")), _negated=True),
                        name="kb_placename_not_of_itself",
                        violation_error_message="A name is not a romanisation of itself.",
                    ),
                    models.UniqueConstraint(
                        fields=("place", "text", "language", "kind"),
                        name="kb_placename_once",
                        violation_error_message="This place already has this name in this language.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPlaceName_used_in",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="kb.historicalplacename",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.source",
                    ),
                ),
                (
                    "placename",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.placename",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalPlaceName_used_in",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPlaceName_used_by",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.agent",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="kb.historicalplacename",
                    ),
                ),
                (
                    "placename",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.placename",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalPlaceName_used_by",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="historicalplacename",
            name="romanisation_of",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="kb.placename",
            ),
        ),
        migrations.CreateModel(
            name="PlaceStatus",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("claims", "claims"),
                            ("administers", "administers"),
                            ("recognises", "recognises"),
                            ("renounces", "renounces"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "when",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="An interval: “1945-09/..” goes on, “1905/1945-09” has ended.",
                        max_length=200,
                    ),
                ),
                ("when_earliest", kb.editorial.fields.BoundField(end="earliest", of="when")),
                ("when_latest", kb.editorial.fields.BoundField(end="latest", of="when")),
                (
                    "locator",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="Where in the source: a page, article or paragraph.",
                        max_length=200,
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="place_statuses",
                        to="sources.agent",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="statuses", to="kb.place"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="place_statuses",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "place statuses",
                "ordering": ["place", "relation", "when_earliest", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("relation__in", ["claims", "administers", "recognises", "renounces"])
                        ),
                        name="kb_placestatus_relation_listed",
                        violation_error_message="“relation” must be one of: claims, administers, recognises, renounces.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("when_earliest__isnull", True),
                            ("when_latest__isnull", True),
                            ("when_earliest__lte", models.F("when_latest")),
                            _connector="OR",
                        ),
                        name="kb_placestatus_when_in_order",
                        violation_error_message="The date ends before it begins.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rebuttal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                ("revision", models.PositiveBigIntegerField(default=1, editable=False)),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("quotation", "quotation"),
                            ("attribution", "attribution"),
                            ("date", "date"),
                            ("figure", "figure"),
                            ("name", "name"),
                            ("inference", "inference"),
                            ("context", "context"),
                        ],
                        max_length=11,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("contradicts", "contradicts"), ("undercuts", "undercuts")],
                        default="contradicts",
                        max_length=11,
                    ),
                ),
                (
                    "text",
                    kb.editorial.fields.ProseField(
                        help_text="The challenge in the challenger’s words, or close to them.", limit=20000
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en",
                        help_text="A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.",
                        max_length=35,
                    ),
                ),
                (
                    "proposed",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="What the challenger says should stand instead.", limit=5000
                    ),
                ),
                ("due", models.DateField(blank=True, null=True)),
                (
                    "received_at",
                    models.DateTimeField(
                        blank=True, help_text="When it reached the desk, in UTC.", null=True
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("received", "received"),
                            ("under-review", "under review"),
                            ("accepted", "accepted"),
                            ("partly-accepted", "accepted in part"),
                            ("rejected", "rejected"),
                            ("duplicate", "duplicate"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="received",
                        editable=False,
                        max_length=15,
                    ),
                ),
                ("reason", kb.editorial.fields.ProseField(blank=True, editable=False, limit=20000)),
                ("decided_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "appearances",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Those it targets; none chosen means all.",
                        related_name="rebuttals",
                        to="kb.appearance",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assigned_rebuttals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rebuttals", to="kb.claim"
                    ),
                ),
                (
                    "counterclaims",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The claims that it relies on.",
                        related_name="relied_on_by",
                        to="kb.claim",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        help_text="The earlier one that says the same.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="kb.rebuttal",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rebuttals",
                        to="sources.agent",
                    ),
                ),
                (
                    "replies_to",
                    models.ForeignKey(
                        blank=True,
                        help_text="The rebuttal that it answers.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="kb.rebuttal",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        help_text="The comment or article in which it was made.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rebuttals",
                        to="sources.source",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["key"],
                "permissions": [("decide_rebuttal", "Can decide a rebuttal")],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["decision", "received_at"], name="kb_rebuttal_decisio_3c4a56_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("editing_state__in", ["draft", "in-review"])),
                        name="kb_rebuttal_editing_state_listed",
                        violation_error_message="“editing_state” must be one of: draft, in-review.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "scope__in",
                                [
                                    "quotation",
                                    "attribution",
                                    "date",
                                    "figure",
                                    "name",
                                    "inference",
                                    "context",
                                ],
                            )
                        ),
                        name="kb_rebuttal_scope_listed",
                        violation_error_message="“scope” must be one of: quotation, attribution, date, figure, name, inference, context.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["contradicts", "undercuts"])),
                        name="kb_rebuttal_mode_listed",
                        violation_error_message="“mode” must be one of: contradicts, undercuts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "decision__in",
                                [
                                    "received",
                                    "under-review",
                                    "accepted",
                                    "partly-accepted",
                                    "rejected",
                                    "duplicate",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="kb_rebuttal_decision_listed",
                        violation_error_message="“decision” must be one of: received, under-review, accepted, partly-accepted, rejected, duplicate, withdrawn.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True), ("decision__in", ("received", "under-review"))
                            ),
                            models.Q(
                                models.Q(("decision__in", ("received", "under-review")), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="kb_rebuttal_decision_has_a_reason",
                        violation_error_message="A decision needs a reason.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replies_to", models.F("id")), _negated=True),
                        name="kb_rebuttal_not_to_itself",
                        violation_error_message="A rebuttal cannot answer itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("duplicate_of", models.F("id")), _negated=True),
                        name="kb_rebuttal_not_its_own_duplicate",
                        violation_error_message="A rebuttal cannot be a duplicate of itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalRebuttal_counterclaims",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.claim",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="kb.historicalrebuttal",
                    ),
                ),
                (
                    "rebuttal",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.rebuttal",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalRebuttal_counterclaims",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalRebuttal_appearances",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "appearance",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.appearance",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="kb.historicalrebuttal",
                    ),
                ),
                (
                    "rebuttal",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.rebuttal",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalRebuttal_appearances",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="historicalrebuttal",
            name="duplicate_of",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="The earlier one that says the same.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="kb.rebuttal",
            ),
        ),
        migrations.AddField(
            model_name="historicalrebuttal",
            name="replies_to",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="The rebuttal that it answers.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="kb.rebuttal",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalEvidence",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("supports", "supports"),
                            ("contradicts", "contradicts"),
                            ("gives-context", "gives context"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "quote",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="The words that bear on it, exactly.", limit=10000
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        blank=True,
                        help_text="The language of the quote, if it is not the source’s.",
                        max_length=35,
                    ),
                ),
                (
                    "locator",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="Where in the source: a page, article or paragraph.",
                        max_length=200,
                    ),
                ),
                (
                    "note",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="What it shows, in a few words; readers see it.",
                        max_length=1000,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.claim",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.source",
                    ),
                ),
                (
                    "rebuttal",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.rebuttal",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical evidence",
                "verbose_name_plural": "historical evidence",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCorrection",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                (
                    "key",
                    models.CharField(
                        db_index=True,
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        db_index=True, default=kb.editorial.aggregate.new_uid, editable=False, max_length=12
                    ),
                ),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("correction", "correction"),
                            ("clarification", "clarification"),
                            ("editors-note", "editor’s note"),
                            ("retraction", "retraction"),
                            ("update", "update"),
                        ],
                        default="correction",
                        max_length=13,
                    ),
                ),
                (
                    "of",
                    models.CharField(
                        choices=[("source", "a source’s claim"), ("desk", "the desk’s own record")],
                        default="source",
                        max_length=6,
                    ),
                ),
                ("said", kb.editorial.fields.ProseField(limit=5000, verbose_name="what was said")),
                (
                    "right",
                    kb.editorial.fields.ProseField(
                        blank=True,
                        help_text="In words that explain themselves.",
                        limit=5000,
                        verbose_name="what is right",
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en",
                        help_text="A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.",
                        max_length=35,
                    ),
                ),
                (
                    "discovered",
                    models.DateField(
                        default=django.utils.timezone.localdate,
                        help_text="When the desk learnt of the error.",
                    ),
                ),
                ("number", models.PositiveIntegerField(db_index=True, editable=False, null=True)),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                ("previous_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.claim",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="An earlier entry, if it was wrong.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.correction",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rebuttal",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.rebuttal",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical correction",
                "verbose_name_plural": "historical corrections",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("supports", "supports"),
                            ("contradicts", "contradicts"),
                            ("gives-context", "gives context"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "quote",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="The words that bear on it, exactly.", limit=10000
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        blank=True,
                        help_text="The language of the quote, if it is not the source’s.",
                        max_length=35,
                    ),
                ),
                (
                    "locator",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="Where in the source: a page, article or paragraph.",
                        max_length=200,
                    ),
                ),
                (
                    "note",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="What it shows, in a few words; readers see it.",
                        max_length=1000,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="kb.claim",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="sources.source",
                    ),
                ),
                (
                    "rebuttal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="kb.rebuttal",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("relation__in", ["supports", "contradicts", "gives-context"])),
                        name="kb_evidence_relation_listed",
                        violation_error_message="“relation” must be one of: supports, contradicts, gives-context.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claim__isnull", False), ("rebuttal__isnull", True)),
                            models.Q(("claim__isnull", True), ("rebuttal__isnull", False)),
                            _connector="OR",
                        ),
                        name="kb_evidence_claim_or_rebuttal",
                        violation_error_message="Evidence belongs to a claim or to a rebuttal, not to both.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="correction",
            name="rebuttal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="kb.rebuttal",
            ),
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "rating_text",
                    kb.editorial.fields.LineField(
                        help_text="The reviewer’s own word for it, as in “Falso”.", max_length=300
                    ),
                ),
                ("rating_value", models.DecimalField(blank=True, decimal_places=3, max_digits=8, null=True)),
                (
                    "best",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        help_text="Best of their scale.",
                        max_digits=8,
                        null=True,
                    ),
                ),
                (
                    "worst",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        help_text="Worst of their scale.",
                        max_digits=8,
                        null=True,
                    ),
                ),
                (
                    "when",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="As in “1945-08-18”, “18 August 1945”, “about 1945”, “1945-08-09/1945-08-20”.",
                        max_length=200,
                    ),
                ),
                ("when_earliest", kb.editorial.fields.BoundField(end="earliest", of="when")),
                ("when_latest", kb.editorial.fields.BoundField(end="latest", of="when")),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="kb.claim"
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="sources.agent",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "ordering": ["claim", "when_earliest", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("when_earliest__isnull", True),
                            ("when_latest__isnull", True),
                            ("when_earliest__lte", models.F("when_latest")),
                            _connector="OR",
                        ),
                        name="kb_review_when_in_order",
                        violation_error_message="The date ends before it begins.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatedValue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "qualifier",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="What is counted or measured: “Japanese inhabitants”.",
                        max_length=120,
                    ),
                ),
                (
                    "raw",
                    kb.editorial.fields.LineField(
                        blank=True, help_text="The words that state it, exactly.", max_length=500
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("certain", "certain"),
                            ("less-certain", "less certain"),
                            ("uncertain", "uncertain"),
                        ],
                        default="certain",
                        max_length=12,
                    ),
                ),
                (
                    "edtf",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="As in “1945-08-18”, “18 August 1945”, “about 1945”, “1945-08-09/1945-08-20”.",
                        max_length=200,
                        verbose_name="date",
                    ),
                ),
                (
                    "calendar",
                    models.CharField(
                        choices=[("gregorian", "Gregorian"), ("julian", "Julian")],
                        default="gregorian",
                        max_length=9,
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        blank=True, max_length=40, validators=[kb.models.place.validate_time_zone]
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        blank=True,
                        choices=[("before", "before"), ("after", "after"), ("within", "within")],
                        help_text="To the event beside it.",
                        max_length=6,
                    ),
                ),
                (
                    "offset",
                    models.CharField(
                        blank=True,
                        help_text="“within three months of …” is “P3M” (ISO 8601), “within ten days” “P10D”.",
                        max_length=20,
                        validators=[kb.models.value.validate_duration],
                    ),
                ),
                ("earliest", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("latest", models.BigIntegerField(blank=True, editable=False, null=True)),
                ("amount", models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True)),
                (
                    "low",
                    models.DecimalField(
                        blank=True, decimal_places=6, help_text="“at least”", max_digits=20, null=True
                    ),
                ),
                (
                    "high",
                    models.DecimalField(
                        blank=True, decimal_places=6, help_text="“up to”", max_digits=20, null=True
                    ),
                ),
                (
                    "unit",
                    kb.editorial.fields.LineField(
                        blank=True, help_text="“km2”, “km”, “people”", max_length=40
                    ),
                ),
                (
                    "as_of",
                    kb.editorial.fields.DateSpanField(
                        blank=True, help_text="When the figure was true.", max_length=200
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=9,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=9,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                    ),
                ),
                ("text", kb.editorial.fields.LineField(blank=True, max_length=500)),
                (
                    "appearance",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose words, if one’s.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="values",
                        to="kb.appearance",
                    ),
                ),
                (
                    "attribute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="values", to="kb.attribute"
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="values", to="kb.claim"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="kb.event",
                    ),
                ),
                (
                    "measured_from",
                    models.ForeignKey(
                        blank=True,
                        help_text="For a distance: from where.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="distances",
                        to="kb.place",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="values",
                        to="kb.place",
                    ),
                ),
                (
                    "relative_to",
                    models.ForeignKey(
                        blank=True,
                        help_text="The event whose settled date bounds this one: “before Japan’s surrender”.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaning_values",
                        to="kb.event",
                    ),
                ),
            ],
            options={
                "ordering": ["claim", "id"],
                "indexes": [
                    models.Index(
                        fields=["event", "attribute", "qualifier", "earliest"],
                        name="kb_statedva_event_i_239586_idx",
                    ),
                    models.Index(
                        fields=["place", "attribute", "qualifier"], name="kb_statedva_place_i_ae8f3b_idx"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("certainty__in", ["certain", "less-certain", "uncertain"])),
                        name="kb_statedvalue_certainty_listed",
                        violation_error_message="“certainty” must be one of: certain, less-certain, uncertain.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("calendar__in", ["gregorian", "julian"])),
                        name="kb_statedvalue_calendar_listed",
                        violation_error_message="“calendar” must be one of: gregorian, julian.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("relation__in", ["before", "after", "within", ""])),
                        name="kb_statedvalue_relation_listed",
                        violation_error_message="“relation” must be one of: before, after, within.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("event__isnull", False), ("place__isnull", True)),
                            models.Q(("event__isnull", True), ("place__isnull", False)),
                            _connector="OR",
                        ),
                        name="kb_statedvalue_event_or_place",
                        violation_error_message="A value is about an event or about a place, one of the two.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("relation", ""), ("relative_to__isnull", True)),
                            models.Q(
                                models.Q(("relation", ""), _negated=True), ("relative_to__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="kb_statedvalue_relation_needs_event",
                        violation_error_message="“before”, “after” and “within” need an event, and it needs one of them.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("earliest__isnull", True),
                            ("latest__isnull", True),
                            ("earliest__lte", models.F("latest")),
                            _connector="OR",
                        ),
                        name="kb_statedvalue_bounds_in_order",
                        violation_error_message="The date ends before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("low__isnull", True),
                            ("high__isnull", True),
                            ("low__lte", models.F("high")),
                            _connector="OR",
                        ),
                        name="kb_statedvalue_low_to_high",
                        violation_error_message="The lower figure is above the higher one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("latitude__isnull", True),
                            models.Q(("latitude__gte", -90), ("latitude__lte", 90)),
                            _connector="OR",
                        ),
                        name="kb_statedvalue_latitude_range",
                        violation_error_message="A latitude lies between -90 and 90.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("longitude__isnull", True),
                            models.Q(("longitude__gte", -180), ("longitude__lte", 180)),
                            _connector="OR",
                        ),
                        name="kb_statedvalue_longitude_range",
                        violation_error_message="A longitude lies between -180 and 180.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("detector", models.CharField(max_length=40)),
                ("reason", kb.editorial.fields.ProseField(limit=5000)),
                ("first_seen", models.DateTimeField()),
                ("one_fingerprint", models.CharField(max_length=64)),
                ("other_fingerprint", models.CharField(max_length=64)),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kb.statedvalue"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kb.statedvalue"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["other"], name="kb_conflict_other_i_6e924f_idx"),
                    models.Index(fields=["first_seen"], name="kb_conflict_first_s_3337cd_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))),
                        name="kb_conflict_in_order",
                        violation_error_message="Of the two values, the one recorded first comes first.",
                    ),
                    models.UniqueConstraint(fields=("one", "other", "detector"), name="kb_conflict_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="The record’s name in addresses and spreadsheets. If you change it, the old address redirects.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:-[a-z0-9]+)*\\Z",
                                "A key is made of small letters a–z and digits, joined by single hyphens, as in “shumshu-landing”.",
                            )
                        ],
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                ("revision", models.PositiveBigIntegerField(default=1, editable=False)),
                (
                    "editing_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("in-review", "in review")],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="state at the desk",
                    ),
                ),
                ("name", kb.editorial.fields.LineField(max_length=200)),
                (
                    "note",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="What belongs under it.", limit=10000
                    ),
                ),
            ],
            options={
                "ordering": ["name", "key"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("editing_state__in", ["draft", "in-review"])),
                        name="kb_topic_editing_state_listed",
                        violation_error_message="“editing_state” must be one of: draft, in-review.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalClaim_topics",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.claim",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="kb.historicalclaim",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="kb.topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalClaim_topics",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="claim",
            name="topics",
            field=models.ManyToManyField(blank=True, related_name="claims", to="kb.topic"),
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        default=kb.editorial.aggregate.new_uid, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "rating",
                    models.CharField(
                        choices=[
                            ("accurate", "accurate"),
                            ("partly-accurate", "partly accurate"),
                            ("inaccurate", "inaccurate"),
                            ("unproven", "unproven"),
                            ("outdated", "outdated"),
                            ("not-rateable", "not rateable"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "disputed",
                    models.BooleanField(
                        default=False, help_text="Whether parties to the matter still hold the opposite."
                    ),
                ),
                (
                    "rationale",
                    kb.editorial.fields.ProseField(
                        help_text="Why, in a few sentences that a reader understands.", limit=20000
                    ),
                ),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="en",
                        help_text="A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.",
                        max_length=35,
                    ),
                ),
                (
                    "judged_revision",
                    models.PositiveBigIntegerField(
                        blank=True,
                        editable=False,
                        help_text="The revision of the claim that was judged.",
                        null=True,
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("confirmed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assessments", to="kb.claim"
                    ),
                ),
            ],
            options={
                "ordering": ["claim", "id"],
                "indexes": [
                    models.Index(fields=["claim", "-confirmed_at"], name="kb_assessme_claim_i_708c53_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rating__in",
                                [
                                    "accurate",
                                    "partly-accurate",
                                    "inaccurate",
                                    "unproven",
                                    "outdated",
                                    "not-rateable",
                                ],
                            )
                        ),
                        name="kb_assessment_rating_listed",
                        violation_error_message="“rating” must be one of: accurate, partly-accurate, inaccurate, unproven, outdated, not-rateable.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="kb_assessment_confirmed_by_somebody",
                        violation_error_message="A confirmed assessment says who confirmed it, and when.",
                    ),
                ],
            },
        ),
    ]
