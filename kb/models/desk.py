"""The desk itself and its naming policy: records that an editor changes, not words in the code."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from kb.editorial.aggregate import Aggregate, Part, enumeration
from kb.editorial.fields import HttpURLField, LanguageField, LineField, ProseField
from kb.editorial.history import History
from kb.models.place import Place
from sources.models import Agent

THE_DESK = "desk"
THE_POLICY = "naming-policy"


class Desk(Aggregate):
    """The one desk: its name, how to reach it, and the texts that tell readers how it works."""

    kind_name = "desk"

    name = LineField(max_length=120, help_text="At the top of every page.")
    tagline = LineField(
        max_length=300, blank=True, help_text="One sentence on the home page: what the desk does."
    )
    notice = ProseField(
        blank=True,
        limit=2_000,
        help_text="Shown on the home page and in the ledger, such as “This is a demonstration.”",
    )
    contact = models.EmailField(blank=True, help_text="Where readers can write.")
    about = ProseField(
        blank=True, limit=50_000, help_text="Who the desk is. Paragraphs are divided by empty lines."
    )
    ratings_policy = ProseField("how we rate", blank=True, limit=50_000)
    corrections_policy = ProseField(blank=True, limit=50_000)
    licence = LineField("licence of the data", max_length=120, blank=True, help_text="As in “CC BY 4.0”.")
    licence_url = HttpURLField(blank=True)
    language = LanguageField(default="en", help_text="The language of these texts.")
    single_editor = models.BooleanField(
        "a desk of one person",
        default=False,
        help_text="If so, one person may propose and confirm, submit and publish. Who manages accounts says so.",
    )

    history = History(excluded_fields=["revision"])

    class Meta(Aggregate.Meta):
        constraints = [
            *Aggregate.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(key=THE_DESK),
                name="kb_desk_only_one",
                violation_error_message=f"There is one desk, and its key is “{THE_DESK}”.",
            ),
        ]
        permissions = [("manage_accounts", "Can manage accounts and their roles")]

    def __str__(self) -> str:
        return self.name


class Letters(models.TextChoices):
    READERS = "readers", "in letters that its readers read"
    OWN = "own", "as each party writes it"
    BOTH = "both", "in both"


class NamingPolicy(Aggregate):
    """Which names label a place, in which order and letters. Its rules order them; else the order is alphabetical."""

    kind_name = "naming-policy"

    text = ProseField(
        limit=50_000, help_text="The policy as readers see it. Paragraphs are divided by empty lines."
    )
    language = LanguageField(
        default="en", help_text="The language of the text, and of the names preferred in labels."
    )
    in_text = models.CharField(
        "names in running text",
        max_length=7,
        choices=Letters,
        default=Letters.READERS,
        help_text="Where a page refers to a place in a line or a sentence of its own.",
    )
    in_lists = models.CharField(
        "names in lists",
        max_length=7,
        choices=Letters,
        default=Letters.READERS,
        help_text="In the list of places, on the home page and among what a search finds.",
    )
    in_headings = models.CharField(
        "names in headings",
        max_length=7,
        choices=Letters,
        default=Letters.READERS,
        help_text="Over a place’s own page, and in its title.",
    )

    history = History(excluded_fields=["revision"])

    class Meta(Aggregate.Meta):
        verbose_name_plural = "naming policy"
        constraints = [
            *Aggregate.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(key=THE_POLICY),
                name="kb_namingpolicy_only_one",
                violation_error_message=f"There is one naming policy, and its key is “{THE_POLICY}”.",
            ),
            *(enumeration(name, Letters) for name in ("in_text", "in_lists", "in_headings")),
        ]

    def __str__(self) -> str:
        return "Naming policy"


class NamingRule(Part):
    """Whose name comes first: for one place, or wherever these two parties each have a name of their own."""

    part_of = ("policy",)

    policy = models.ForeignKey(NamingPolicy, models.CASCADE, related_name="rules")
    place = models.ForeignKey(
        Place,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="naming_rules",
        help_text="Empty: wherever both have names.",
    )
    first = models.ForeignKey(
        Agent, models.PROTECT, related_name="+", help_text="The party whose name comes first."
    )
    second = models.ForeignKey(
        Agent, models.PROTECT, related_name="+", help_text="The party whose name comes second."
    )

    history = History()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(first=models.F("second")),
                name="kb_namingrule_two_parties",
                violation_error_message="A rule orders the names of two different parties.",
            ),
            models.UniqueConstraint(
                fields=["policy", "place"],
                condition=models.Q(place__isnull=False),
                name="kb_namingrule_one_for_a_place",
                violation_error_message="There is already a rule for this place.",
            ),
        ]

    def __str__(self) -> str:
        where = self.place or "everywhere"
        return f"{where}: {self.first} before {self.second}"

    def clean(self) -> None:
        if self.place_id or None in (self.first_id, self.second_id):
            return
        pair = {self.first_id, self.second_id}
        others = NamingRule.objects.filter(place=None, first__in=pair, second__in=pair).exclude(pk=self.pk)
        if others.exists():
            raise ValidationError("There is already a rule for these two parties.")
