"""The tables behind the public lists: what each record is found by, and how many are found by it."""

from __future__ import annotations

from django.db import models

from kb.editorial.aggregate import UID_LENGTH

VALUE_LENGTH = 60


class Facet(models.Model):
    """One thing that a record is found by in its list, beside all that the list is sorted by.

    An inverted index: "claim", "claim rating accurate", "claim place UID". Whatever a reader chooses, one of the values
    leads, in the order that the list is shown in; nothing has to be sorted, and nothing counted to turn a page.
    """

    value = models.CharField(max_length=VALUE_LENGTH)
    record = models.CharField(max_length=UID_LENGTH)
    #: The first and the last minute it can be about; without a date it sorts last and is found under none.
    begin = models.BigIntegerField()
    end = models.BigIntegerField()
    #: How long that is, as a class (`kb.book.facets.WIDTHS`): what overlaps a date begins at most that long before it.
    width = models.PositiveSmallIntegerField(null=True)
    #: Whether there are times between its first and its last minute that it is not about.
    gaps = models.BooleanField()
    #: What the list is most often narrowed to beside something else: of claims the rating.
    main = models.CharField(max_length=24)
    #: What came later has a higher number: the release of its current version, of corrections their own.
    came = models.PositiveBigIntegerField()
    #: Folded, where the list is sorted by names.
    label = models.CharField(max_length=100, null=True)  # noqa: DJ001  # NULL keeps it out of the index

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "value"], name="book_facet_once")]
        indexes = [
            models.Index(fields=["value", "begin", "record"], name="book_facet_dated"),
            models.Index(fields=["value", "main", "begin", "record"], name="book_facet_main"),
            models.Index(fields=["value", "came", "record"], name="book_facet_came"),
            models.Index(
                # What is counted is read from the index alone.
                fields=["value", "width", "begin", "record", "end", "gaps"],
                condition=models.Q(width__isnull=False),
                name="book_facet_overlap",
            ),
            models.Index(
                fields=["value", "label", "record"],
                condition=models.Q(label__isnull=False),
                name="book_facet_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record}: {self.value}"


class Tally(models.Model):
    """How many records have a value, and how many of them have a word of a vocabulary, too (`other`)."""

    facet = models.CharField(max_length=VALUE_LENGTH, help_text="The value without what it leads to.")
    value = models.CharField(max_length=VALUE_LENGTH)
    other = models.CharField(max_length=VALUE_LENGTH, blank=True)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["value", "other"], name="book_tally_once")]
        indexes = [models.Index(fields=["other", "facet", "-number", "value"], name="book_tally_most")]

    def __str__(self) -> str:
        return f"{self.value} {self.other}: {self.number}"
