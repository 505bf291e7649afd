"""What claims are found by: an index beside them that can be made again. `kb.analysis.claim_index` alone writes it."""

from __future__ import annotations

from django.db import models

from kb.editorial.triggers import DELETE, INSERT, UPDATE, Touch

#: Longer words than this are cut in the index.
LONGEST_TERM = 60


def to_be_indexed(column: str, *columns: str) -> Touch:
    """Every write notes the claim whose words it changes, whoever writes, plain SQL included.

    What is written before its claim notes nothing: the claim will.
    """
    there = "" if column == "id" else f' WHERE EXISTS (SELECT 1 FROM kb_claim WHERE id = {{row}}."{column}")'  # noqa: S608
    return Touch(
        "similar",
        f'INSERT INTO kb_claimtoindex (claim) SELECT {{row}}."{column}"{there};',  # noqa: S608 - a column's name
        on=(INSERT, UPDATE, DELETE),
        columns=columns,
    )


class ClaimToIndex(models.Model):
    """A claim that was written, or of which a row was, since it was last indexed. One that waits twice stands twice."""

    claim = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"claim {self.claim}"


class ClaimWords(models.Model):
    """What a claim is found by: its terms, divided by spaces. On SQLite a table of its full-text engine."""

    claim = models.BigIntegerField(primary_key=True, db_column="rowid")
    words = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.words


class TermCount(models.Model):
    """In how many claims a term is; under the empty term, how many claims are indexed."""

    term = models.CharField(max_length=LONGEST_TERM, primary_key=True)
    claims = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.term}: {self.claims}"
