"""The captured texts that quotes are looked for in, while a plan is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kb.spreadsheets.plan import Ref
from kb.spreadsheets.references import batches
from sources.models import Snapshot


@dataclass
class Texts:
    """The newest text of each source: those that the plan brings, and for the present batch those that are there."""

    planned: dict[Ref, tuple[str, str]] = field(default_factory=dict)
    there: dict[Ref, tuple[int, str]] = field(default_factory=dict)
    by_pk: dict[int, str] = field(default_factory=dict)

    def load(self, sources: Iterable[Ref | None], snapshots: Iterable[Ref | None]) -> None:
        """Read the texts of these sources, and these texts; those read before are forgotten."""
        self.there, self.by_pk = {}, {}
        newest: dict[int, int] = {}
        for batch in batches(sorted({s for s in sources if isinstance(s, int) and s not in self.planned})):
            found = Snapshot.objects.filter(source__in=batch).order_by("captured_at", "pk")
            newest.update(found.values_list("source_id", "pk"))
        wanted = {*newest.values(), *(s for s in snapshots if isinstance(s, int))}
        for batch in batches(sorted(wanted)):
            self.by_pk.update(Snapshot.objects.filter(pk__in=batch).values_list("pk", "text"))
        for source, pk in newest.items():
            self.there[source] = (pk, self.by_pk[pk])

    def newest(self, source: Ref | None) -> tuple[Ref | None, str | None]:
        """The newest text of a source: which snapshot, and the text."""
        if source is None:
            return None, None
        found = self.planned.get(source) or self.there.get(source)
        return found if found else (None, None)
