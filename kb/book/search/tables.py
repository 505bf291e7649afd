"""What published records are found by: an index that can be made again. `kb.book.search.engine` alone writes it."""

from __future__ import annotations

from django.db import models

from kb.editorial.folding import LONGEST

LONGEST_NAME = 200


class SearchEntry(models.Model):
    """The position at which a record stands in the full-text index; those of one kind stand together."""

    record = models.OneToOneField("book.Record", models.CASCADE, primary_key=True, related_name="+")
    position = models.BigIntegerField(unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.record_id}: {self.position}"


class SearchText(models.Model):
    """The folded words of a record, divided by spaces. On SQLite a table of its full-text engine."""

    position = models.BigIntegerField(primary_key=True, db_column="rowid")
    #: What it is called or states; what else is told of it; what it is about, its rating and language, as codes.
    title = models.TextField()
    body = models.TextField()
    marks = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class SearchTerm(models.Model):
    """A word of published texts, its stem, and in how many records it is; under the empty word, their number."""

    word = models.CharField(max_length=LONGEST, primary_key=True)
    stem = models.CharField(max_length=LONGEST)
    records = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["stem"], name="book_searchterm_stem"),
            models.Index(fields=["word"], opclasses=["varchar_pattern_ops"], name="book_searchterm_prefix"),
        ]

    def __str__(self) -> str:
        return f"{self.word}: {self.records}"


class SearchSlip(models.Model):
    """A word with one letter left out: two words that have one of these in common are spelt nearly alike."""

    spelling = models.CharField(max_length=LONGEST)
    word = models.CharField(max_length=LONGEST)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["spelling"], name="book_searchslip_spelling"),
            models.Index(fields=["word"], name="book_searchslip_word"),
        ]

    def __str__(self) -> str:
        return f"{self.spelling}: {self.word}"


class SearchName(models.Model):
    """A whole name: of a place every one, of an agent, topic or event its own, of a source its title."""

    record = models.ForeignKey("book.Record", models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    stems = models.CharField(max_length=LONGEST_NAME)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["record", "name"], name="book_searchname_once")]
        indexes = [
            models.Index(fields=["stems"], name="book_searchname_stems"),
            models.Index(fields=["name"], opclasses=["varchar_pattern_ops"], name="book_searchname_prefix"),
        ]

    def __str__(self) -> str:
        return self.name
