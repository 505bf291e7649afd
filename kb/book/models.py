"""The book: what is published. Releases and versions are its substance; all else is an index made from them."""

from __future__ import annotations

import json
from typing import Any, Self

from django.conf import settings
from django.db import models

from kb.book.facet_models import Facet, Tally  # noqa: F401  # for Django, which looks for models here
from kb.book.search import tables  # noqa: F401 - the search's tables are the book's, too
from kb.editorial.aggregate import UID_LENGTH, enumeration
from kb.editorial.fields import JSONTextField
from kb.editorial.triggers import Frozen

#: Sorts what has no date behind all that has one: far beyond any date, within 64 bits.
NO_DATE = 2**62


class Release(models.Model):
    """One act of publishing: who, when, why, what it withdrew, and the rulings on conflicts that it told."""

    database_rules = (Frozen("A release is part of the record and never changes."),)

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    why = models.TextField()
    #: JSON: `{"withdrawn": [uid, …], "merged": {uid: uid of the record it leads to}, "rulings": [{…}]}`; what it
    #: published is in the versions.
    acts = models.TextField(default="{}")

    class Meta:
        ordering = ["-number"]
        permissions = [("publish", "Can publish and withdraw records")]

    def __str__(self) -> str:
        return f"Release {self.number}"


class Version(models.Model):
    """What the desk said of one record in public, from one release on. Numbered from 1 for each record."""

    database_rules = (
        Frozen(
            "A published version never changes.",
            # To redact one, for law or safety, is the single change, and it is recorded with the release that did it.
            when="NEW.redacted_in_id IS NULL OR OLD.redacted_in_id IS NOT NULL",
            delete_when="",
        ),
        Frozen(
            "A redaction takes text away from a published version; which version it is never changes.",
            columns=("uid", "kind", "number", "release_id", "schema", "revision", "sha256"),
            delete=False,
            name="identity",
        ),
    )

    uid = models.CharField(max_length=UID_LENGTH)
    kind = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    release = models.ForeignKey(Release, models.PROTECT, related_name="versions")
    schema = models.PositiveSmallIntegerField()
    revision = models.PositiveBigIntegerField(help_text="Of the desk's record when it was published.")
    #: Canonical JSON; see `kb.book.documents`.
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    #: What the records it refers to were called then: JSON, uid → label.
    labels = models.TextField(default="{}")
    redacted_in = models.ForeignKey(Release, models.PROTECT, null=True, related_name="redactions")

    class Meta:
        ordering = ["uid", "-number"]
        constraints = [models.UniqueConstraint(fields=["uid", "number"], name="book_version_once")]
        indexes = [models.Index(fields=["release"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}, version {self.number}"

    def data(self) -> dict[str, Any]:
        return json.loads(self.document)


class Address(models.Model):
    """A key that leads to a record, now or once. It is never given to another."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    uid = models.CharField(max_length=UID_LENGTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="book_address_once")]
        indexes = [models.Index(fields=["uid"])]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"


class Record(models.Model):
    """The state of one record in the book today: where it is, what it is called, which version is current."""

    uid = models.CharField(max_length=UID_LENGTH, primary_key=True)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    label = models.CharField(max_length=1000)
    #: What a list or a reference shows of it.
    card = JSONTextField(default=dict)
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    withdrawn_in = models.ForeignKey(Release, models.PROTECT, null=True, related_name="+")
    #: The record that this one was merged into: where its address leads. It is withdrawn, but its versions stay.
    merged_into = models.CharField(max_length=UID_LENGTH, blank=True)
    #: Of the desk's record when it last was published, even if that brought nothing new.
    revision = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="book_record_key")]

    def __str__(self) -> str:
        return self.label


class Reference(models.Model):
    """One published record refers to another, and in what role."""

    source = models.CharField(max_length=UID_LENGTH)
    target = models.CharField(max_length=UID_LENGTH)
    role = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["target", "role", "source"], name="book_reference_once")
        ]
        indexes = [models.Index(fields=["source"])]

    def __str__(self) -> str:
        return f"{self.source} {self.role} {self.target}"


class SourceText(models.Model):
    """A captured text that readers may see whole. With the rights of today: it has no versions."""

    snapshot = models.CharField(max_length=UID_LENGTH, primary_key=True)
    source = models.CharField(max_length=UID_LENGTH, db_index=True)
    text = models.TextField()
    extent = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    captured_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Text of {self.source}"


# --- conflicts among published values -------------------------------------------------------------------------


class PublicValue(models.Model):
    """A value that a published claim states, where others of the same subject, attribute and qualifier are found.

    Without bounds: what leans on an event is worked out from that event as it is published when it is read.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="values")
    #: Its uid. One that has gone over to another claim is of both until the first is published again.
    value = models.CharField(max_length=UID_LENGTH, db_index=True)
    subject = models.CharField(max_length=UID_LENGTH)
    attribute = models.CharField(max_length=40)
    #: Folded: case and spaces do not count.
    qualifier = models.CharField(max_length=400)
    #: The value as its claim's document has it, and whose words it is; see `kb.book.stated`.
    stated = JSONTextField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "value"], name="book_publicvalue_once_a_claim")
        ]
        indexes = [
            models.Index(
                fields=["subject", "attribute", "qualifier", "value"], name="book_publicvalue_speaks_of"
            )
        ]

    def __str__(self) -> str:
        return f"{self.attribute} of {self.subject}"


class PublicRuling(models.Model):
    """What the desk made of two published values that cannot both hold. It holds for their fingerprints."""

    one = models.CharField(max_length=UID_LENGTH, help_text="The uid of a value; the smaller of the two.")
    other = models.CharField(max_length=UID_LENGTH)
    one_fingerprint = models.CharField(max_length=64)
    other_fingerprint = models.CharField(max_length=64)
    verdict = models.CharField(max_length=15)
    reason = models.TextField()
    ruled_on = models.CharField(max_length=10, help_text="ISO 8601.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="book_publicruling_once")]
        indexes = [models.Index(fields=["other"])]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.reason}"


# --- one entry table for each public list: what it filters and sorts by, never NULL ---------------------------


class EntryQuerySet(models.QuerySet):
    def _referring_to(self, uid: str, *roles: str) -> Self:
        sources = Reference.objects.filter(target=uid, role__in=roles).values("source")
        return self.filter(record__in=sources)


class Entry(models.Model):
    record = models.OneToOneField(Record, models.CASCADE, primary_key=True, related_name="%(class)s")

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.record)


class ClaimEntryQuerySet(EntryQuerySet):
    """Questions about published claims, in the words of the desk."""

    def about(self, uid: str) -> Self:
        """About a place, an event or a topic."""
        return self._referring_to(uid, "place", "event", "topic")

    def made_in(self, source_uid: str) -> Self:
        return self._referring_to(source_uid, "appearance")

    def said_by(self, agent_uid: str) -> Self:
        return self._referring_to(agent_uid, "claimant")

    def rated(self, rating: str) -> Self:
        return self.filter(rating=rating)

    def disputed(self) -> Self:
        return self.filter(disputed=True)

    def challenged(self) -> Self:
        """A rebuttal of it has been published and not yet decided."""
        return self.filter(challenged=True)


class ClaimEntry(Entry):
    rating = models.CharField(max_length=16, blank=True)
    disputed = models.BooleanField()
    claim_kind = models.CharField(max_length=12)
    stale = models.BooleanField()
    challenged = models.BooleanField()
    corrected = models.BooleanField()
    language = models.CharField(max_length=35)
    sort_date = models.BigIntegerField(
        help_text="Minutes from 1970: of its event, else of its first appearance."
    )

    objects = ClaimEntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["sort_date", "record"]),
            models.Index(fields=["rating", "sort_date", "record"]),
            models.Index(fields=["claim_kind", "sort_date", "record"]),
        ]


class SourceEntry(Entry):
    type = models.CharField(max_length=24)
    language = models.CharField(max_length=35)
    standing = models.CharField(max_length=24)
    issued = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["issued", "record"]),
            models.Index(fields=["type", "issued", "record"]),
        ]


class PlaceEntry(Entry):
    place_kind = models.CharField(max_length=12)
    sort_label = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(fields=["sort_label", "record"]),
            models.Index(fields=["place_kind", "sort_label", "record"]),
        ]


class EventEntry(Entry):
    when = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["when", "record"])]


class RebuttalEntry(Entry):
    decision = models.CharField(max_length=15)
    scope = models.CharField(max_length=11)
    mode = models.CharField(max_length=11)
    received = models.CharField(max_length=10, help_text="ISO 8601, or empty.")

    class Meta:
        indexes = [
            models.Index(fields=["received", "record"]),
            models.Index(fields=["decision", "received", "record"]),
        ]


class CorrectionEntry(Entry):
    number = models.PositiveIntegerField(unique=True)
    type = models.CharField(max_length=13)

    class Meta:
        indexes = [models.Index(fields=["type", "number"])]


# --- maps: where places are, and how many in each square ------------------------------------------------------


class PlaceSpot(Entry):
    """Where a published place with coordinates is. In millionths of a degree."""

    place_kind = models.CharField(max_length=12)
    code = models.IntegerField(help_text="Of the square it is in; see `kb.cartography.grid`.")
    north = models.IntegerField()
    east = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["code", "record"])]


class PlaceSquare(models.Model):
    """How many places of a kind are in one square of the grid, and the sums of their coordinates."""

    zoom = models.PositiveSmallIntegerField()
    row = models.IntegerField()
    column = models.IntegerField()
    place_kind = models.CharField(max_length=12)
    count = models.IntegerField()
    north = models.BigIntegerField()
    east = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["zoom", "row", "column", "place_kind"], name="book_placesquare_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.place_kind} at {self.zoom}/{self.column}/{self.row}"


# --- publishing many at once ----------------------------------------------------------------------------------


class PublishingJob(models.Model):
    """Many records to be published in releases of a bounded size: what is to be done, kept so that it can go on.

    It is carried out, and written, by `kb.book.jobs`. It is not atomic as a whole: each of its releases is.
    """

    batch = models.ForeignKey(
        "kb.ImportBatch", models.SET_NULL, null=True, blank=True, related_name="publishing_jobs"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    why = models.TextField()
    created_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True, help_text="When the list of its records was complete.")
    finished_at = models.DateTimeField(null=True, help_text="When no record waited any more.")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Publishing job {self.pk}"


class JobState(models.TextChoices):
    WAITING = "waiting", "waiting"
    DONE = "done", "published"
    BLOCKED = "blocked", "blocked"
    CHANGED = "changed", "changed meanwhile"


class PublishingJobRecord(models.Model):
    """One record of a job: which revision is to be published, and what became of it."""

    job = models.ForeignKey(PublishingJob, models.CASCADE, related_name="records")
    position = models.PositiveIntegerField(help_text="What others need comes before them.")
    kind = models.CharField(max_length=20)
    uid = models.CharField(max_length=UID_LENGTH)
    revision = models.PositiveBigIntegerField(help_text="That the editor meant to publish.")
    state = models.CharField(max_length=7, choices=JobState, default=JobState.WAITING)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["job", "position"]
        constraints = [
            enumeration("state", JobState),
            models.UniqueConstraint(fields=["job", "uid"], name="book_publishingjobrecord_once"),
        ]
        indexes = [models.Index(fields=["job", "state", "position"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}: {self.state}"
