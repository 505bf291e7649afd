"""The bibliography: what was published, by whom, when. It knows nothing of claims."""

from __future__ import annotations

import hashlib

from django.core.exceptions import ValidationError
from django.db import models

from kb.editorial.aggregate import Aggregate, AggregateQuerySet, Part, enumeration
from kb.editorial.fields import (
    BoundField,
    DateSpanField,
    HttpURLField,
    LanguageField,
    LineField,
    ProseField,
    bounds_in_order,
    validate_doi,
    validate_isbn,
    validate_wikidata,
)
from kb.editorial.history import History, LinkedHistory
from kb.editorial.triggers import Frozen


class AgentKind(models.TextChoices):
    PERSON = "person", "person"
    ORGANISATION = "organisation", "organisation"
    STATE = "state", "state"
    GROUP = "group", "group"
    ANONYMOUS = "anonymous", "anonymous reader"


class Agent(Aggregate):
    """A person, organisation, state, group or anonymous reader that writes, claims, names or governs."""

    kind_name = "agent"

    name = LineField(max_length=300)
    native_name = LineField(
        max_length=300,
        blank=True,
        help_text="The name in the agent’s own language and script, as in “東郷和彦”.",
    )
    kind = models.CharField(max_length=12, choices=AgentKind, default=AgentKind.PERSON)
    wikidata = models.CharField(
        max_length=13, blank=True, validators=[validate_wikidata], help_text="As in “Q159”."
    )
    url = HttpURLField("web address", blank=True)
    note = ProseField(blank=True, limit=10_000, help_text="For the desk and the readers: who this is.")

    history = History(excluded_fields=["revision"])

    class Meta(Aggregate.Meta):
        ordering = ["name", "key"]
        indexes = [models.Index(fields=["name", "key"])]
        constraints = [*Aggregate.Meta.constraints, enumeration("kind", AgentKind)]

    def __str__(self) -> str:
        return self.name


class SourceType(models.TextChoices):
    """The item types of CSL 1.0.2 (appendix III), with their labels for readers."""

    ARTICLE = "article", "article"
    ARTICLE_JOURNAL = "article-journal", "journal article"
    ARTICLE_MAGAZINE = "article-magazine", "magazine article"
    ARTICLE_NEWSPAPER = "article-newspaper", "newspaper article"
    BILL = "bill", "bill"
    BOOK = "book", "book"
    BROADCAST = "broadcast", "broadcast"
    CHAPTER = "chapter", "chapter"
    CLASSIC = "classic", "classic"
    COLLECTION = "collection", "collection"
    DATASET = "dataset", "dataset"
    DOCUMENT = "document", "document"
    ENTRY = "entry", "entry"
    ENTRY_DICTIONARY = "entry-dictionary", "dictionary entry"
    ENTRY_ENCYCLOPEDIA = "entry-encyclopedia", "encyclopedia entry"
    EVENT = "event", "event"
    FIGURE = "figure", "figure"
    GRAPHIC = "graphic", "graphic"
    HEARING = "hearing", "hearing"
    INTERVIEW = "interview", "interview"
    LEGAL_CASE = "legal_case", "legal case"
    LEGISLATION = "legislation", "legislation"
    MANUSCRIPT = "manuscript", "manuscript"
    MAP = "map", "map"
    MOTION_PICTURE = "motion_picture", "film"
    MUSICAL_SCORE = "musical_score", "musical score"
    PAMPHLET = "pamphlet", "pamphlet"
    PAPER_CONFERENCE = "paper-conference", "conference paper"
    PATENT = "patent", "patent"
    PERFORMANCE = "performance", "performance"
    PERIODICAL = "periodical", "periodical"
    PERSONAL_COMMUNICATION = "personal_communication", "personal communication"
    POST = "post", "comment or forum post"
    POST_WEBLOG = "post-weblog", "blog post"
    REGULATION = "regulation", "regulation"
    REPORT = "report", "report"
    REVIEW = "review", "review"
    REVIEW_BOOK = "review-book", "book review"
    SOFTWARE = "software", "software"
    SONG = "song", "song"
    SPEECH = "speech", "speech"
    STANDARD = "standard", "standard"
    THESIS = "thesis", "thesis"
    TREATY = "treaty", "treaty"
    WEBPAGE = "webpage", "web page"


class Standing(models.TextChoices):
    """What the publisher has done to it since (COPE guidelines, Crossref's update types)."""

    CURRENT = "current", "current"
    CORRECTED = "corrected", "corrected"
    CLARIFIED = "clarified", "clarified"
    CONCERN = "expression-of-concern", "expression of concern"
    RETRACTED = "retracted", "retracted"
    REPLACED = "retracted-and-replaced", "retracted and replaced"
    REMOVED = "removed", "removed"


class SourceQuerySet(AggregateQuerySet):
    def by(self, agent: Agent) -> SourceQuerySet:
        return self.filter(contributions__agent=agent).distinct()


class Source(Aggregate):
    """Anything that can be cited."""

    kind_name = "source"

    type = models.CharField(
        max_length=24, choices=SourceType, help_text="A comment on an article is a “post”."
    )
    title = LineField(
        max_length=500,
        help_text="As published. For an untitled comment: “Comment on …”. Never rewritten by Rejoinder.",
    )
    container_title = LineField(
        max_length=300, blank=True, help_text="The journal, newspaper, site or book in which it appeared."
    )
    publisher = LineField(max_length=300, blank=True)
    issued = DateSpanField(blank=True)
    issued_earliest = BoundField(of="issued", end="earliest")
    issued_latest = BoundField(of="issued", end="latest")
    language = LanguageField(default="und")
    url = HttpURLField("web address", blank=True)
    archived_url = HttpURLField("archived at", blank=True, help_text="A copy in a web archive.")
    accessed = models.DateField(null=True, blank=True, help_text="The day on which the desk read it there.")
    doi = models.CharField("DOI", max_length=200, blank=True, validators=[validate_doi])
    isbn = models.CharField("ISBN", max_length=20, blank=True, validators=[validate_isbn])
    volume = LineField(max_length=60, blank=True)
    issue = LineField(max_length=60, blank=True)
    pages = LineField(max_length=60, blank=True)
    archive = LineField(max_length=300, blank=True, help_text="The archive or library that holds it.")
    archive_location = LineField(max_length=300, blank=True, help_text="Its shelf mark or file number there.")
    in_reply_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        help_text="The article that this comment or letter answers.",
    )
    derived_from = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="derivations",
        help_text="Sources that this one took its account from; what goes back to one source is not independent.",
    )
    standing = models.CharField(max_length=24, choices=Standing, default=Standing.CURRENT)
    standing_since = DateSpanField("standing since", blank=True)
    standing_notice = HttpURLField("notice", blank=True, help_text="Where the publisher says so.")
    note = ProseField(blank=True, limit=10_000)

    objects = SourceQuerySet.as_manager()
    history = LinkedHistory(m2m_fields=[derived_from], excluded_fields=["revision"])

    class Meta(Aggregate.Meta):
        ordering = ["title", "key"]
        indexes = [
            models.Index(fields=["title", "key"]),
            models.Index(fields=["issued_earliest"]),
            models.Index(fields=["url"]),
            models.Index(fields=["doi"]),
        ]
        constraints = [
            *Aggregate.Meta.constraints,
            enumeration("type", SourceType),
            enumeration("standing", Standing),
            bounds_in_order("issued"),
            models.CheckConstraint(
                condition=~models.Q(in_reply_to=models.F("id")),
                name="sources_source_not_in_reply_to_itself",
                violation_error_message="A source cannot be a reply to itself.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Role(models.TextChoices):
    """The name variables of CSL 1.0.2 (appendix IV)."""

    AUTHOR = "author", "author"
    CHAIR = "chair", "chair"
    COLLECTION_EDITOR = "collection-editor", "collection editor"
    COMPILER = "compiler", "compiler"
    COMPOSER = "composer", "composer"
    CONTAINER_AUTHOR = "container-author", "author of the whole"
    CONTRIBUTOR = "contributor", "contributor"
    CURATOR = "curator", "curator"
    DIRECTOR = "director", "director"
    EDITOR = "editor", "editor"
    EDITORIAL_DIRECTOR = "editorial-director", "editorial director"
    EXECUTIVE_PRODUCER = "executive-producer", "executive producer"
    GUEST = "guest", "guest"
    HOST = "host", "host"
    ILLUSTRATOR = "illustrator", "illustrator"
    INTERVIEWER = "interviewer", "interviewer"
    NARRATOR = "narrator", "narrator"
    ORGANIZER = "organizer", "organiser"
    ORIGINAL_AUTHOR = "original-author", "original author"
    PERFORMER = "performer", "performer"
    PRODUCER = "producer", "producer"
    RECIPIENT = "recipient", "recipient"
    REVIEWED_AUTHOR = "reviewed-author", "author of the work reviewed"
    SCRIPT_WRITER = "script-writer", "script writer"
    SERIES_CREATOR = "series-creator", "creator of the series"
    TRANSLATOR = "translator", "translator"


class Contribution(Part):
    """Who did what in a source, in order."""

    part_of = ("source",)

    source = models.ForeignKey(Source, models.CASCADE, related_name="contributions")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="contributions")
    role = models.CharField(max_length=20, choices=Role, default=Role.AUTHOR)
    order = models.PositiveSmallIntegerField(default=0, help_text="Authors are named in this order, from 0.")

    history = History()

    class Meta:
        ordering = ["source", "role", "order", "id"]
        constraints = [
            enumeration("role", Role),
            models.UniqueConstraint(
                fields=["source", "agent", "role"],
                name="sources_contribution_once",
                violation_error_message="This agent already has this role in this source.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent}, {self.get_role_display()}"


class Extent(models.TextChoices):
    WHOLE = "whole", "the whole text"
    EXCERPTS = "excerpts", "excerpts, gaps marked […]"


class Rights(models.TextChoices):
    """What readers may see of a captured text."""

    PRIVATE = "private", "private: only quoted passages are shown"
    EXCERPTS = "excerpts", "excerpts: only quoted passages are shown"
    PUBLIC = "public", "public: the whole text is shown"


#: How a gap is marked in a snapshot that holds excerpts: a paragraph of its own, or within one.
GAP = "[…]"


class Snapshot(Part):
    """The text of a source as captured. Only what readers may see of it can change."""

    part_of = ("source",)
    database_rules = (
        Frozen(
            "A captured text is never changed: add a new snapshot instead.",
            columns=("uid", "source_id", "text", "extent", "sha256", "captured_at", "url"),
            delete=False,
        ),
    )

    computed = (("text",), ("sha256",))

    source = models.ForeignKey(Source, models.CASCADE, related_name="snapshots")
    text = ProseField(
        limit=5_000_000, help_text="The text as it stood there, paragraphs divided by empty lines."
    )
    extent = models.CharField(
        max_length=8, choices=Extent, default=Extent.WHOLE, help_text="In excerpts, mark each gap with […]."
    )
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    captured_at = models.DateTimeField(help_text="When the text was taken, in UTC.")
    url = HttpURLField("captured from", blank=True)
    rights = models.CharField(max_length=8, choices=Rights, default=Rights.PRIVATE)

    history = History(excluded_fields=["text"])

    class Meta:
        ordering = ["source", "-captured_at"]
        constraints = [
            enumeration("extent", Extent),
            enumeration("rights", Rights),
            models.UniqueConstraint(
                fields=["source", "sha256"],
                name="sources_snapshot_text_once",
                violation_error_message="This text of the source has been captured already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, captured {self.captured_at:%Y-%m-%d}"

    def clean(self) -> None:
        if self.pk and type(self).objects.exclude(text=self.text).filter(pk=self.pk).exists():
            raise ValidationError({"text": "A captured text is never changed: add a new snapshot instead."})

    def compute(self) -> None:
        """Note the SHA-256 of the text in UTF-8."""
        self.sha256 = hashlib.sha256(self.text.encode()).hexdigest()
