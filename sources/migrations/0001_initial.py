import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import kb.editorial.aggregate
import kb.editorial.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agent",
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
                ("name", kb.editorial.fields.LineField(max_length=300)),
                (
                    "native_name",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="The name in the agent’s own language and script, as in “東郷和彦”.",
                        max_length=300,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("organisation", "organisation"),
                            ("state", "state"),
                            ("group", "group"),
                            ("anonymous", "anonymous reader"),
                        ],
                        default="person",
                        max_length=12,
                    ),
                ),
                (
                    "wikidata",
                    models.CharField(
                        blank=True,
                        help_text="As in “Q159”.",
                        max_length=13,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\AQ[1-9][0-9]{0,11}\\Z", "A Wikidata number looks like “Q233684”."
                            )
                        ],
                    ),
                ),
                (
                    "url",
                    kb.editorial.fields.HttpURLField(blank=True, max_length=2000, verbose_name="web address"),
                ),
                (
                    "note",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="For the desk and the readers: who this is.", limit=10000
                    ),
                ),
            ],
            options={
                "ordering": ["name", "key"],
                "abstract": False,
                "indexes": [models.Index(fields=["name", "key"], name="sources_age_name_60fa73_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("editing_state__in", ["draft", "in-review"])),
                        name="sources_agent_editing_state_listed",
                        violation_error_message="“editing_state” must be one of: draft, in-review.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["person", "organisation", "state", "group", "anonymous"])
                        ),
                        name="sources_agent_kind_listed",
                        violation_error_message="“kind” must be one of: person, organisation, state, group, anonymous.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAgent",
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
                ("name", kb.editorial.fields.LineField(max_length=300)),
                (
                    "native_name",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="The name in the agent’s own language and script, as in “東郷和彦”.",
                        max_length=300,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("organisation", "organisation"),
                            ("state", "state"),
                            ("group", "group"),
                            ("anonymous", "anonymous reader"),
                        ],
                        default="person",
                        max_length=12,
                    ),
                ),
                (
                    "wikidata",
                    models.CharField(
                        blank=True,
                        help_text="As in “Q159”.",
                        max_length=13,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\AQ[1-9][0-9]{0,11}\\Z", "A Wikidata number looks like “Q233684”."
                            )
                        ],
                    ),
                ),
                (
                    "url",
                    kb.editorial.fields.HttpURLField(blank=True, max_length=2000, verbose_name="web address"),
                ),
                (
                    "note",
                    kb.editorial.fields.ProseField(
                        blank=True, help_text="For the desk and the readers: who this is.", limit=10000
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
                "verbose_name": "historical agent",
                "verbose_name_plural": "historical agents",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSource",
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
                            ("article", "article"),
                            ("article-journal", "journal article"),
                            ("article-magazine", "magazine article"),
                            ("article-newspaper", "newspaper article"),
                            ("bill", "bill"),
                            ("book", "book"),
                            ("broadcast", "broadcast"),
                            ("chapter", "chapter"),
                            ("classic", "classic"),
                            ("collection", "collection"),
                            ("dataset", "dataset"),
                            ("document", "document"),
                            ("entry", "entry"),
                            ("entry-dictionary", "dictionary entry"),
                            ("entry-encyclopedia", "encyclopedia entry"),
                            ("event", "event"),
                            ("figure", "figure"),
                            ("graphic", "graphic"),
                            ("hearing", "hearing"),
                            ("interview", "interview"),
                            ("legal_case", "legal case"),
                            ("legislation", "legislation"),
                            ("manuscript", "manuscript"),
                            ("map", "map"),
                            ("motion_picture", "film"),
                            ("musical_score", "musical score"),
                            ("pamphlet", "pamphlet"),
                            ("paper-conference", "conference paper"),
                            ("patent", "patent"),
                            ("performance", "performance"),
                            ("periodical", "periodical"),
                            ("personal_communication", "personal communication"),
                            ("post", "comment or forum post"),
                            ("post-weblog", "blog post"),
                            ("regulation", "regulation"),
                            ("report", "report"),
                            ("review", "review"),
                            ("review-book", "book review"),
                            ("software", "software"),
                            ("song", "song"),
                            ("speech", "speech"),
                            ("standard", "standard"),
                            ("thesis", "thesis"),
                            ("treaty", "treaty"),
                            ("webpage", "web page"),
                        ],
                        help_text="A comment on an article is a “post”.",
                        max_length=24,
                    ),
                ),
                (
                    "title",
                    kb.editorial.fields.LineField(
                        help_text="As published. For an untitled comment: “Comment on …”. Never rewritten by Rejoinder.",
                        max_length=500,
                    ),
                ),
                (
                    "container_title",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="The journal, newspaper, site or book in which it appeared.",
                        max_length=300,
                    ),
                ),
                ("publisher", kb.editorial.fields.LineField(blank=True, max_length=300)),
                (
                    "issued",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="As in “1945-08-18”, “18 August 1945”, “about 1945”, “1945-08-09/1945-08-20”.",
                        max_length=200,
                    ),
                ),
                ("issued_earliest", kb.editorial.fields.BoundField(end="earliest", of="issued")),
                ("issued_latest", kb.editorial.fields.BoundField(end="latest", of="issued")),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="und",
                        help_text="A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.",
                        max_length=35,
                    ),
                ),
                (
                    "url",
                    kb.editorial.fields.HttpURLField(blank=True, max_length=2000, verbose_name="web address"),
                ),
                (
                    "archived_url",
                    kb.editorial.fields.HttpURLField(
                        blank=True,
                        help_text="A copy in a web archive.",
                        max_length=2000,
                        verbose_name="archived at",
                    ),
                ),
                (
                    "accessed",
                    models.DateField(
                        blank=True, help_text="The day on which the desk read it there.", null=True
                    ),
                ),
                (
                    "doi",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A10\\.[0-9]{4,9}/\\S+\\Z",
                                "A DOI begins with “10.”, as in “10.1145/3323503.3361698”.",
                            )
                        ],
                        verbose_name="DOI",
                    ),
                ),
                (
                    "isbn",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[kb.editorial.fields.validate_isbn],
                        verbose_name="ISBN",
                    ),
                ),
                ("volume", kb.editorial.fields.LineField(blank=True, max_length=60)),
                ("issue", kb.editorial.fields.LineField(blank=True, max_length=60)),
                ("pages", kb.editorial.fields.LineField(blank=True, max_length=60)),
                (
                    "archive",
                    kb.editorial.fields.LineField(
                        blank=True, help_text="The archive or library that holds it.", max_length=300
                    ),
                ),
                (
                    "archive_location",
                    kb.editorial.fields.LineField(
                        blank=True, help_text="Its shelf mark or file number there.", max_length=300
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("current", "current"),
                            ("corrected", "corrected"),
                            ("clarified", "clarified"),
                            ("expression-of-concern", "expression of concern"),
                            ("retracted", "retracted"),
                            ("retracted-and-replaced", "retracted and replaced"),
                            ("removed", "removed"),
                        ],
                        default="current",
                        max_length=24,
                    ),
                ),
                (
                    "standing_since",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="As in “1945-08-18”, “18 August 1945”, “about 1945”, “1945-08-09/1945-08-20”.",
                        max_length=200,
                        verbose_name="standing since",
                    ),
                ),
                (
                    "standing_notice",
                    kb.editorial.fields.HttpURLField(
                        blank=True,
                        help_text="Where the publisher says so.",
                        max_length=2000,
                        verbose_name="notice",
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
            ],
            options={
                "verbose_name": "historical source",
                "verbose_name_plural": "historical sources",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Source",
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
                            ("article", "article"),
                            ("article-journal", "journal article"),
                            ("article-magazine", "magazine article"),
                            ("article-newspaper", "newspaper article"),
                            ("bill", "bill"),
                            ("book", "book"),
                            ("broadcast", "broadcast"),
                            ("chapter", "chapter"),
                            ("classic", "classic"),
                            ("collection", "collection"),
                            ("dataset", "dataset"),
                            ("document", "document"),
                            ("entry", "entry"),
                            ("entry-dictionary", "dictionary entry"),
                            ("entry-encyclopedia", "encyclopedia entry"),
                            ("event", "event"),
                            ("figure", "figure"),
                            ("graphic", "graphic"),
                            ("hearing", "hearing"),
                            ("interview", "interview"),
                            ("legal_case", "legal case"),
                            ("legislation", "legislation"),
                            ("manuscript", "manuscript"),
                            ("map", "map"),
                            ("motion_picture", "film"),
                            ("musical_score", "musical score"),
                            ("pamphlet", "pamphlet"),
                            ("paper-conference", "conference paper"),
                            ("patent", "patent"),
                            ("performance", "performance"),
                            ("periodical", "periodical"),
                            ("personal_communication", "personal communication"),
                            ("post", "comment or forum post"),
                            ("post-weblog", "blog post"),
                            ("regulation", "regulation"),
                            ("report", "report"),
                            ("review", "review"),
                            ("review-book", "book review"),
                            ("software", "software"),
                            ("song", "song"),
                            ("speech", "speech"),
                            ("standard", "standard"),
                            ("thesis", "thesis"),
                            ("treaty", "treaty"),
                            ("webpage", "web page"),
                        ],
                        help_text="A comment on an article is a “post”.",
                        max_length=24,
                    ),
                ),
                (
                    "title",
                    kb.editorial.fields.LineField(
                        help_text="As published. For an untitled comment: “Comment on …”. Never rewritten by Rejoinder.",
                        max_length=500,
                    ),
                ),
                (
                    "container_title",
                    kb.editorial.fields.LineField(
                        blank=True,
                        help_text="The journal, newspaper, site or book in which it appeared.",
                        max_length=300,
                    ),
                ),
                ("publisher", kb.editorial.fields.LineField(blank=True, max_length=300)),
                (
                    "issued",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="As in “1945-08-18”, “18 August 1945”, “about 1945”, “1945-08-09/1945-08-20”.",
                        max_length=200,
                    ),
                ),
                ("issued_earliest", kb.editorial.fields.BoundField(end="earliest", of="issued")),
                ("issued_latest", kb.editorial.fields.BoundField(end="latest", of="issued")),
                (
                    "language",
                    kb.editorial.fields.LanguageField(
                        default="und",
                        help_text="A BCP 47 tag: “en”, “ja”, “ru-Latn”; “und” if unknown.",
                        max_length=35,
                    ),
                ),
                (
                    "url",
                    kb.editorial.fields.HttpURLField(blank=True, max_length=2000, verbose_name="web address"),
                ),
                (
                    "archived_url",
                    kb.editorial.fields.HttpURLField(
                        blank=True,
                        help_text="A copy in a web archive.",
                        max_length=2000,
                        verbose_name="archived at",
                    ),
                ),
                (
                    "accessed",
                    models.DateField(
                        blank=True, help_text="The day on which the desk read it there.", null=True
                    ),
                ),
                (
                    "doi",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A10\\.[0-9]{4,9}/\\S+\\Z",
                                "A DOI begins with “10.”, as in “10.1145/3323503.3361698”.",
                            )
                        ],
                        verbose_name="DOI",
                    ),
                ),
                (
                    "isbn",
                    models.CharField(
                        blank=True,
                        max_length=20,
                        validators=[kb.editorial.fields.validate_isbn],
                        verbose_name="ISBN",
                    ),
                ),
                ("volume", kb.editorial.fields.LineField(blank=True, max_length=60)),
                ("issue", kb.editorial.fields.LineField(blank=True, max_length=60)),
                ("pages", kb.editorial.fields.LineField(blank=True, max_length=60)),
                (
                    "archive",
                    kb.editorial.fields.LineField(
                        blank=True, help_text="The archive or library that holds it.", max_length=300
                    ),
                ),
                (
                    "archive_location",
                    kb.editorial.fields.LineField(
                        blank=True, help_text="Its shelf mark or file number there.", max_length=300
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("current", "current"),
                            ("corrected", "corrected"),
                            ("clarified", "clarified"),
                            ("expression-of-concern", "expression of concern"),
                            ("retracted", "retracted"),
                            ("retracted-and-replaced", "retracted and replaced"),
                            ("removed", "removed"),
                        ],
                        default="current",
                        max_length=24,
                    ),
                ),
                (
                    "standing_since",
                    kb.editorial.fields.DateSpanField(
                        blank=True,
                        help_text="As in “1945-08-18”, “18 August 1945”, “about 1945”, “1945-08-09/1945-08-20”.",
                        max_length=200,
                        verbose_name="standing since",
                    ),
                ),
                (
                    "standing_notice",
                    kb.editorial.fields.HttpURLField(
                        blank=True,
                        help_text="Where the publisher says so.",
                        max_length=2000,
                        verbose_name="notice",
                    ),
                ),
                ("note", kb.editorial.fields.ProseField(blank=True, limit=10000)),
                (
                    "derived_from",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Sources that this one took its account from; what goes back to one source is not independent.",
                        related_name="derivations",
                        to="sources.source",
                    ),
                ),
                (
                    "in_reply_to",
                    models.ForeignKey(
                        blank=True,
                        help_text="The article that this comment or letter answers.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "ordering": ["title", "key"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["title", "key"], name="sources_sou_title_23b295_idx"),
                    models.Index(fields=["issued_earliest"], name="sources_sou_issued__680e7e_idx"),
                    models.Index(fields=["url"], name="sources_sou_url_ff9a06_idx"),
                    models.Index(fields=["doi"], name="sources_sou_doi_140bff_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("editing_state__in", ["draft", "in-review"])),
                        name="sources_source_editing_state_listed",
                        violation_error_message="“editing_state” must be one of: draft, in-review.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                [
                                    "article",
                                    "article-journal",
                                    "article-magazine",
                                    "article-newspaper",
                                    "bill",
                                    "book",
                                    "broadcast",
                                    "chapter",
                                    "classic",
                                    "collection",
                                    "dataset",
                                    "document",
                                    "entry",
                                    "entry-dictionary",
                                    "entry-encyclopedia",
                                    "event",
                                    "figure",
                                    "graphic",
                                    "hearing",
                                    "interview",
                                    "legal_case",
                                    "legislation",
                                    "manuscript",
                                    "map",
                                    "motion_picture",
                                    "musical_score",
                                    "pamphlet",
                                    "paper-conference",
                                    "patent",
                                    "performance",
                                    "periodical",
                                    "personal_communication",
                                    "post",
                                    "post-weblog",
                                    "regulation",
                                    "report",
                                    "review",
                                    "review-book",
                                    "software",
                                    "song",
                                    "speech",
                                    "standard",
                                    "thesis",
                                    "treaty",
                                    "webpage",
                                ],
                            )
                        ),
                        name="sources_source_type_listed",
                        violation_error_message="“type” must be one of: article, article-journal, article-magazine, article-newspaper, bill, book, broadcast, chapter, classic, collection, dataset, document, entry, entry-dictionary, entry-encyclopedia, event, figure, graphic, hearing, interview, legal_case, legislation, manuscript, map, motion_picture, musical_score, pamphlet, paper-conference, patent, performance, periodical, personal_communication, post, post-weblog, regulation, report, review, review-book, software, song, speech, standard, thesis, treaty, webpage.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "standing__in",
                                [
                                    "current",
                                    "corrected",
                                    "clarified",
                                    "expression-of-concern",
                                    "retracted",
                                    "retracted-and-replaced",
                                    "removed",
                                ],
                            )
                        ),
                        name="sources_source_standing_listed",
                        violation_error_message="“standing” must be one of: current, corrected, clarified, expression-of-concern, retracted, retracted-and-replaced, removed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("issued_earliest__isnull", True),
                            ("issued_latest__isnull", True),
                            ("issued_earliest__lte", models.F("issued_latest")),
                            _connector="OR",
                        ),
                        name="sources_source_issued_in_order",
                        violation_error_message="The date ends before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("in_reply_to", models.F("id")), _negated=True),
                        name="sources_source_not_in_reply_to_itself",
                        violation_error_message="A source cannot be a reply to itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
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
                    kb.editorial.fields.ProseField(
                        help_text="The text as it stood there, paragraphs divided by empty lines.",
                        limit=5000000,
                    ),
                ),
                (
                    "extent",
                    models.CharField(
                        choices=[("whole", "the whole text"), ("excerpts", "excerpts, gaps marked […]")],
                        default="whole",
                        help_text="In excerpts, mark each gap with […].",
                        max_length=8,
                    ),
                ),
                ("sha256", models.CharField(editable=False, max_length=64, verbose_name="SHA-256")),
                ("captured_at", models.DateTimeField(help_text="When the text was taken, in UTC.")),
                (
                    "url",
                    kb.editorial.fields.HttpURLField(
                        blank=True, max_length=2000, verbose_name="captured from"
                    ),
                ),
                (
                    "rights",
                    models.CharField(
                        choices=[
                            ("private", "private: only quoted passages are shown"),
                            ("excerpts", "excerpts: only quoted passages are shown"),
                            ("public", "public: the whole text is shown"),
                        ],
                        default="private",
                        max_length=8,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snapshots",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "ordering": ["source", "-captured_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("extent__in", ["whole", "excerpts"])),
                        name="sources_snapshot_extent_listed",
                        violation_error_message="“extent” must be one of: whole, excerpts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rights__in", ["private", "excerpts", "public"])),
                        name="sources_snapshot_rights_listed",
                        violation_error_message="“rights” must be one of: private, excerpts, public.",
                    ),
                    models.UniqueConstraint(
                        fields=("source", "sha256"),
                        name="sources_snapshot_text_once",
                        violation_error_message="This text of the source has been captured already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSource_derived_from",
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
                        to="sources.historicalsource",
                    ),
                ),
                (
                    "from_source",
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
                    "to_source",
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
            ],
            options={
                "verbose_name": "HistoricalSource_derived_from",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="historicalsource",
            name="in_reply_to",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="The article that this comment or letter answers.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="sources.source",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalSnapshot",
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
                    "extent",
                    models.CharField(
                        choices=[("whole", "the whole text"), ("excerpts", "excerpts, gaps marked […]")],
                        default="whole",
                        help_text="In excerpts, mark each gap with […].",
                        max_length=8,
                    ),
                ),
                ("sha256", models.CharField(editable=False, max_length=64, verbose_name="SHA-256")),
                ("captured_at", models.DateTimeField(help_text="When the text was taken, in UTC.")),
                (
                    "url",
                    kb.editorial.fields.HttpURLField(
                        blank=True, max_length=2000, verbose_name="captured from"
                    ),
                ),
                (
                    "rights",
                    models.CharField(
                        choices=[
                            ("private", "private: only quoted passages are shown"),
                            ("excerpts", "excerpts: only quoted passages are shown"),
                            ("public", "public: the whole text is shown"),
                        ],
                        default="private",
                        max_length=8,
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
            ],
            options={
                "verbose_name": "historical snapshot",
                "verbose_name_plural": "historical snapshots",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalContribution",
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
                    "role",
                    models.CharField(
                        choices=[
                            ("author", "author"),
                            ("chair", "chair"),
                            ("collection-editor", "collection editor"),
                            ("compiler", "compiler"),
                            ("composer", "composer"),
                            ("container-author", "author of the whole"),
                            ("contributor", "contributor"),
                            ("curator", "curator"),
                            ("director", "director"),
                            ("editor", "editor"),
                            ("editorial-director", "editorial director"),
                            ("executive-producer", "executive producer"),
                            ("guest", "guest"),
                            ("host", "host"),
                            ("illustrator", "illustrator"),
                            ("interviewer", "interviewer"),
                            ("narrator", "narrator"),
                            ("organizer", "organiser"),
                            ("original-author", "original author"),
                            ("performer", "performer"),
                            ("producer", "producer"),
                            ("recipient", "recipient"),
                            ("reviewed-author", "author of the work reviewed"),
                            ("script-writer", "script writer"),
                            ("series-creator", "creator of the series"),
                            ("translator", "translator"),
                        ],
                        default="author",
                        max_length=20,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Authors are named in this order, from 0."
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
            ],
            options={
                "verbose_name": "historical contribution",
                "verbose_name_plural": "historical contributions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Contribution",
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
                    "role",
                    models.CharField(
                        choices=[
                            ("author", "author"),
                            ("chair", "chair"),
                            ("collection-editor", "collection editor"),
                            ("compiler", "compiler"),
                            ("composer", "composer"),
                            ("container-author", "author of the whole"),
                            ("contributor", "contributor"),
                            ("curator", "curator"),
                            ("director", "director"),
                            ("editor", "editor"),
                            ("editorial-director", "editorial director"),
                            ("executive-producer", "executive producer"),
                            ("guest", "guest"),
                            ("host", "host"),
                            ("illustrator", "illustrator"),
                            ("interviewer", "interviewer"),
                            ("narrator", "narrator"),
                            ("organizer", "organiser"),
                            ("original-author", "original author"),
                            ("performer", "performer"),
                            ("producer", "producer"),
                            ("recipient", "recipient"),
                            ("reviewed-author", "author of the work reviewed"),
                            ("script-writer", "script writer"),
                            ("series-creator", "creator of the series"),
                            ("translator", "translator"),
                        ],
                        default="author",
                        max_length=20,
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Authors are named in this order, from 0."
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="sources.agent",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributions",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "ordering": ["source", "role", "order", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "author",
                                    "chair",
                                    "collection-editor",
                                    "compiler",
                                    "composer",
                                    "container-author",
                                    "contributor",
                                    "curator",
                                    "director",
                                    "editor",
                                    "editorial-director",
                                    "executive-producer",
                                    "guest",
                                    "host",
                                    "illustrator",
                                    "interviewer",
                                    "narrator",
                                    "organizer",
                                    "original-author",
                                    "performer",
                                    "producer",
                                    "recipient",
                                    "reviewed-author",
                                    "script-writer",
                                    "series-creator",
                                    "translator",
                                ],
                            )
                        ),
                        name="sources_contribution_role_listed",
                        violation_error_message="“role” must be one of: author, chair, collection-editor, compiler, composer, container-author, contributor, curator, director, editor, editorial-director, executive-producer, guest, host, illustrator, interviewer, narrator, organizer, original-author, performer, producer, recipient, reviewed-author, script-writer, series-creator, translator.",
                    ),
                    models.UniqueConstraint(
                        fields=("source", "agent", "role"),
                        name="sources_contribution_once",
                        violation_error_message="This agent already has this role in this source.",
                    ),
                ],
            },
        ),
    ]
