"""Claims: what is said, where it was said, what speaks for and against it, and what the desk thinks of it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from kb.editorial.aggregate import Aggregate, AggregateQuerySet, Part, enumeration
from kb.editorial.fields import (
    BoundField,
    DateSpanField,
    LanguageField,
    LineField,
    ProseField,
    bounds_in_order,
)
from kb.editorial.history import History, LinkedHistory
from kb.editorial.quotes import anchor, candidates
from kb.editorial.triggers import DELETE, INSERT, UPDATE, Frozen, Touch
from kb.models.event import Event
from kb.models.place import Place
from kb.models.similar import to_be_indexed
from sources.models import Agent, Snapshot, Source


class Topic(Aggregate):
    """A word of the desk's vocabulary of subjects."""

    kind_name = "topic"

    name = LineField(max_length=200)
    note = ProseField(blank=True, limit=10_000, help_text="What belongs under it.")

    history = History(excluded_fields=["revision"])

    class Meta(Aggregate.Meta):
        ordering = ["name", "key"]

    def __str__(self) -> str:
        return self.name


class ClaimKind(models.TextChoices):
    EVENT_DATE = "event-date", "date of an event"
    QUANTITY = "quantity", "quantity"
    ATTRIBUTION = "attribution", "attribution"
    STATUS = "status", "status"
    CAUSAL = "causal", "cause"
    DEFINITION = "definition", "definition"
    PREDICTION = "prediction", "prediction"
    OPINION = "opinion", "opinion"
    OTHER = "other", "other"


class StaleReason(models.TextChoices):
    """Why an assessment has to be looked at again. The database writes the first three itself."""

    QUOTE = "quote", "a quote has changed"
    VALUE = "value", "a stated value has changed"
    EVIDENCE = "evidence", "the evidence has changed"
    REBUTTAL = "rebuttal", "a rebuttal was accepted"


def marks_stale(reason: StaleReason, owner: str = '{row}."claim_id"') -> str:
    """The statement that marks an assessed claim for another look (domain rule 2)."""
    return (  # spelt from constants of this module
        f"UPDATE kb_claim SET stale_since = CURRENT_TIMESTAMP, stale_reason = '{reason}' WHERE id = {owner} "
        "AND stale_since IS NULL AND EXISTS (SELECT 1 FROM kb_assessment a "
        f"WHERE a.claim_id = {owner} AND a.confirmed_at IS NOT NULL);"
    )


class ClaimQuerySet(AggregateQuerySet):
    def stale(self) -> Self:
        """Assessed once, and in need of another look."""
        return self.filter(stale_since__isnull=False)

    def assessed(self) -> Self:
        return self.filter(assessments__confirmed_at__isnull=False).distinct()

    def about(self, subject: Place | Event) -> Self:
        return self.filter(places=subject) if isinstance(subject, Place) else self.filter(events=subject)

    def without_independent_source(self) -> Self:
        """Claims that no evidence supports but from a source which makes the claim itself."""
        made_there = Appearance.objects.filter(
            claim=models.OuterRef("claim"), source=models.OuterRef("source")
        )
        supporting = Evidence.objects.filter(claim=models.OuterRef("pk"), relation=EvidenceRelation.SUPPORTS)
        return self.filter(~models.Exists(supporting.filter(~models.Exists(made_there))))


class Claim(Aggregate):
    """A proposition in one sentence, whoever says it."""

    kind_name = "claim"
    standing_fields = ("editing_state", "stale_since", "stale_reason")
    database_rules = (to_be_indexed("id", "statement"),)

    statement = LineField(
        max_length=1000,
        help_text="One sentence that can be judged: what is said, not who says it. A full stop at its end.",
    )
    language = LanguageField(default="en")
    kind = models.CharField(max_length=12, choices=ClaimKind)
    topics = models.ManyToManyField(Topic, blank=True, related_name="claims")
    places = models.ManyToManyField(Place, blank=True, related_name="claims")
    events = models.ManyToManyField(Event, blank=True, related_name="claims")
    stale_since = models.DateTimeField("needs re-review since", null=True, blank=True, editable=False)
    stale_reason = models.CharField("because", max_length=10, choices=StaleReason, blank=True, editable=False)
    note = ProseField(blank=True, limit=10_000, help_text="For the desk only; readers do not see it.")

    objects = ClaimQuerySet.as_manager()
    history = LinkedHistory(m2m_fields=[topics, places, events], excluded_fields=["revision"])

    class Meta(Aggregate.Meta):
        ordering = ["statement", "key"]
        indexes = [
            models.Index(fields=["kind", "key"]),
            models.Index(
                fields=["stale_since"], condition=models.Q(stale_since__isnull=False), name="kb_claim_stale"
            ),
        ]
        constraints = [
            *Aggregate.Meta.constraints,
            enumeration("kind", ClaimKind),
            enumeration("stale_reason", StaleReason, blank=True),
            models.CheckConstraint(
                condition=models.Q(stale_since__isnull=True, stale_reason="")
                | (models.Q(stale_since__isnull=False) & ~models.Q(stale_reason="")),
                name="kb_claim_stale_has_a_reason",
                violation_error_message="A claim that needs re-review says why, and since when.",
            ),
        ]
        permissions = [("confirm_assessment", "Can confirm a proposed assessment")]

    def __str__(self) -> str:
        return self.statement

    @property
    def current_assessment(self) -> Assessment | None:
        """The newest confirmed judgement."""
        return self.assessments.filter(confirmed_at__isnull=False).order_by("-confirmed_at", "-id").first()


class Stance(models.TextChoices):
    ASSERTS = "asserts", "asserts"
    REPORTS = "reports", "reports"
    QUESTIONS = "questions", "questions"
    DENIES = "denies", "denies"


class Fidelity(models.TextChoices):
    VERBATIM = "verbatim", "verbatim"
    TRANSLATION = "translation", "translation"
    PARAPHRASE = "paraphrase", "paraphrase"


class Anchor(models.TextChoices):
    EXACT = "exact", "found in the text"
    ORPHAN = "orphan", "not found in the text"
    NONE = "none", "no text to look in"


class Appearance(Part):
    """Where a claim was made: in which source, in which words, by whom."""

    part_of = ("claim",)
    database_rules = (
        Touch(
            "stale",
            marks_stale(StaleReason.QUOTE),
            on=(UPDATE, DELETE),
            columns=("claim_id", "quote", "prefix", "suffix", "translation"),
        ),
        to_be_indexed("claim_id", "claim_id", "source_id", "quote"),
    )
    computed = (("snapshot", "quote", "prefix", "suffix"), ("start", "end", "anchor"))

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="appearances")
    source = models.ForeignKey(Source, models.PROTECT, related_name="appearances")
    snapshot = models.ForeignKey(
        Snapshot,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appearances",
        help_text="The text to look in.",
    )
    quote = ProseField(
        blank=True, limit=10_000, help_text="The exact words. White space need not match; all else must."
    )
    prefix = LineField(
        max_length=500,
        blank=True,
        help_text="The words right before the quote; needed where it occurs twice.",
    )
    suffix = LineField(
        max_length=500, blank=True, help_text="The words right after the quote; needed where it occurs twice."
    )
    start = models.PositiveIntegerField(null=True, blank=True, editable=False)
    end = models.PositiveIntegerField(null=True, blank=True, editable=False)
    translation = ProseField(blank=True, limit=10_000, help_text="The quote in the desk’s language.")
    locator = LineField(
        max_length=200, blank=True, help_text="A page, paragraph or time: “fourth paragraph”."
    )
    claimants = models.ManyToManyField(
        Agent,
        blank=True,
        related_name="appearances",
        help_text="Who says it; empty where it is the source’s authors.",
    )
    stance = models.CharField(max_length=10, choices=Stance, default=Stance.ASSERTS)
    fidelity = models.CharField(max_length=12, choices=Fidelity, default=Fidelity.VERBATIM)
    derived_from = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="repetitions",
        help_text="Where this one took it from.",
    )
    anchor = models.CharField(max_length=6, choices=Anchor, default=Anchor.NONE, editable=False)

    history = LinkedHistory(m2m_fields=[claimants])

    class Meta:
        ordering = ["claim", "id"]
        indexes = [
            models.Index(
                fields=["anchor"], condition=models.Q(anchor="orphan"), name="kb_appearance_orphans"
            ),
        ]
        constraints = [
            enumeration("stance", Stance),
            enumeration("fidelity", Fidelity),
            enumeration("anchor", Anchor),
            models.CheckConstraint(
                condition=~models.Q(derived_from=models.F("id")),
                name="kb_appearance_not_from_itself",
                violation_error_message="An appearance cannot be taken from itself.",
            ),
            models.CheckConstraint(
                condition=models.Q(start__isnull=True, end__isnull=True)
                | models.Q(start__lt=models.F("end")),
                name="kb_appearance_start_before_end",
                violation_error_message="A quote ends after it begins.",
            ),
            models.CheckConstraint(
                condition=models.Q(anchor="exact", start__isnull=False)
                | (~models.Q(anchor="exact") & models.Q(start=None)),
                name="kb_appearance_exact_has_a_position",
                violation_error_message="A quote that was found has its place in the text, and no other has one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} in {self.source}"

    def clean(self) -> None:
        if self.snapshot and self.source_id and self.snapshot.source_id != self.source_id:
            raise ValidationError({"snapshot": "This text was captured from another source."})
        if self.snapshot and self.quote:
            places = len(candidates(self.snapshot.text, self.quote, self.prefix, self.suffix))
            if places > 1:
                message = f"These words occur {places} times there. Give the words before or after them to tell which."
                raise ValidationError({"quote": message})

    def compute(self) -> None:
        """Look for the quote in the snapshot, and note where it stands or that it is an orphan (domain rule 4)."""
        self.start = self.end = None
        self.anchor = Anchor.NONE
        if self.snapshot and self.quote:
            place = anchor(self.snapshot.text, self.quote, self.prefix, self.suffix)
            self.anchor = Anchor.EXACT if place else Anchor.ORPHAN
            if place:
                self.start, self.end = place.start, place.end


class EvidenceRelation(models.TextChoices):
    SUPPORTS = "supports", "supports"
    CONTRADICTS = "contradicts", "contradicts"
    CONTEXT = "gives-context", "gives context"


class Evidence(Part):
    """A source that supports, contradicts or gives context to a claim or a rebuttal."""

    part_of = ("claim", "rebuttal")
    database_rules = (Touch("stale", marks_stale(StaleReason.EVIDENCE), on=(INSERT, UPDATE, DELETE)),)

    claim = models.ForeignKey(Claim, models.CASCADE, null=True, blank=True, related_name="evidence")
    rebuttal = models.ForeignKey(
        "kb.Rebuttal", models.CASCADE, null=True, blank=True, related_name="evidence"
    )
    relation = models.CharField(max_length=14, choices=EvidenceRelation)
    source = models.ForeignKey(Source, models.PROTECT, related_name="evidence")
    quote = ProseField(blank=True, limit=10_000, help_text="The words that bear on it, exactly.")
    language = LanguageField(blank=True, help_text="The language of the quote, if it is not the source’s.")
    locator = LineField(
        max_length=200, blank=True, help_text="Where in the source: a page, article or paragraph."
    )
    note = LineField(max_length=1000, blank=True, help_text="What it shows, in a few words; readers see it.")

    history = History()

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["id"]
        constraints = [
            enumeration("relation", EvidenceRelation),
            models.CheckConstraint(
                condition=models.Q(claim__isnull=False, rebuttal__isnull=True)
                | models.Q(claim__isnull=True, rebuttal__isnull=False),
                name="kb_evidence_claim_or_rebuttal",
                violation_error_message="Evidence belongs to a claim or to a rebuttal, not to both.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.get_relation_display()}"


class Review(Part):
    """Somebody else's published rating of a claim (schema.org ClaimReview), on their own scale; never the desk's."""

    part_of = ("claim",)
    database_rules = (to_be_indexed("claim_id", "claim_id", "source_id"),)

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(Agent, models.PROTECT, related_name="reviews")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="reviews")
    rating_text = LineField(max_length=300, help_text="The reviewer’s own word for it, as in “Falso”.")
    rating_value = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    best = models.DecimalField(
        max_digits=8, decimal_places=3, null=True, blank=True, help_text="Best of their scale."
    )
    worst = models.DecimalField(
        max_digits=8, decimal_places=3, null=True, blank=True, help_text="Worst of their scale."
    )
    when = DateSpanField(blank=True)
    when_earliest = BoundField(of="when", end="earliest")
    when_latest = BoundField(of="when", end="latest")

    history = History()

    class Meta:
        ordering = ["claim", "when_earliest", "id"]
        constraints = [bounds_in_order("when")]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.rating_text}"


class Rating(models.TextChoices):
    ACCURATE = "accurate", "accurate"
    PARTLY = "partly-accurate", "partly accurate"
    INACCURATE = "inaccurate", "inaccurate"
    UNPROVEN = "unproven", "unproven"
    OUTDATED = "outdated", "outdated"
    NOT_RATEABLE = "not-rateable", "not rateable"


class Assessment(Part):
    """The desk's judgement of a claim. One is proposed, another editor confirms it, and then it never changes."""

    part_of = ("claim",)
    database_rules = (
        Frozen(
            "A confirmed assessment is never changed: assess the claim again.",
            when="OLD.confirmed_at IS NOT NULL",
            delete=False,
        ),
    )

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="assessments")
    rating = models.CharField(max_length=16, choices=Rating)
    disputed = models.BooleanField(
        default=False, help_text="Whether parties to the matter still hold the opposite."
    )
    rationale = ProseField(limit=20_000, help_text="Why, in a few sentences that a reader understands.")
    language = LanguageField(default="en")
    judged_revision = models.PositiveBigIntegerField(
        null=True, blank=True, editable=False, help_text="The revision of the claim that was judged."
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = History()

    class Meta:
        ordering = ["claim", "id"]
        indexes = [models.Index(fields=["claim", "-confirmed_at"])]
        constraints = [
            enumeration("rating", Rating),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | models.Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="kb_assessment_confirmed_by_somebody",
                violation_error_message="A confirmed assessment says who confirmed it, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_rating_display()}: {self.claim}"
