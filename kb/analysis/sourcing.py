"""The sources of the desk's claims, and how many of them are independent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kb.analysis.provenance import Independence, independence
from kb.models import Appearance, Claim, Evidence
from kb.models.claim import EvidenceRelation, Stance
from sources.models import Source

#: How often a source taken from one taken from one … is followed.
LEVELS = 12
SOME = 500


@dataclass(frozen=True)
class Sourcing:
    """What supports a claim: its sources, which of them are independent, and from where each was taken.

    `titles` and `types` are those of all sources that are named.
    """

    independence: Independence[int]
    derived: dict[int, frozenset[int]]
    titles: dict[int, str]
    types: dict[int, str]

    @property
    def warning(self) -> str:
        """What an editor should know: that all go back to one."""
        if not self.independence.all_go_back_to_one:
            return ""
        ((sources, found),) = self.independence.groups
        names = " and ".join(sorted(f"“{self.titles[pk]}”" for pk in found))
        return f"{len(sources)} sources, but all go back to {names}."

    @property
    def sources(self) -> list[int]:
        """Those that support the claim."""
        return sorted(pk for group, _ in self.independence.groups for pk in group)


def sourcing(claims: Iterable[Claim]) -> dict[int, Sourcing]:
    """By claim. The number of queries grows with how far back sources were taken, not with the claims."""
    pks = sorted(claim.pk for claim in claims)
    sources: dict[int, set[int]] = {pk: set() for pk in pks}
    # That an appearance was taken from another says it for this claim alone.
    own: dict[int, dict[int, set[int]]] = {pk: defaultdict(set) for pk in pks}
    supporting = Evidence.objects.filter(claim__in=pks, relation=EvidenceRelation.SUPPORTS)
    for claim, source in supporting.values_list("claim_id", "source_id"):
        sources[claim].add(source)
    made = Appearance.objects.filter(claim__in=pks, stance__in=[Stance.ASSERTS, Stance.REPORTS])
    for claim, source, above in made.values_list("claim_id", "source_id", "derived_from__source_id"):
        sources[claim].add(source)
        if above is not None and above != source:
            own[claim][source].add(above)
    known = {pk for found in sources.values() for pk in found}
    known |= {pk for links in own.values() for above in links.values() for pk in above}
    derived = _derived(known)
    named = _named(known | {pk for above in derived.values() for pk in above})
    titles = {pk: title for pk, (title, _) in named.items()}
    types = {pk: kind for pk, (_, kind) in named.items()}
    found = {}
    for pk in pks:
        both = {
            one: frozenset(derived.get(one, set()) | own[pk].get(one, set())) for one in {*derived, *own[pk]}
        }
        found[pk] = Sourcing(independence(sorted(sources[pk]), both), both, titles, types)
    return found


def _derived(sources: set[int]) -> dict[int, set[int]]:
    derived: dict[int, set[int]] = defaultdict(set)
    asked: set[int] = set()
    waiting = set(sources)
    for _ in range(LEVELS):
        waiting -= asked
        if not waiting:
            break
        asked |= waiting
        following: set[int] = set()
        for start in range(0, len(waiting), SOME):
            some = sorted(waiting)[start : start + SOME]
            links = Source.derived_from.through._base_manager.filter(from_source__in=some)
            for source, above in links.values_list("from_source_id", "to_source_id"):
                derived[source].add(above)
                following.add(above)
        waiting = following
    return dict(derived)


def _named(sources: set[int]) -> dict[int, tuple[str, str]]:
    """The title and the type of each."""
    found: dict[int, tuple[str, str]] = {}
    wanted = sorted(sources)
    for start in range(0, len(wanted), SOME):
        some = Source.objects.filter(pk__in=wanted[start : start + SOME])
        found.update((pk, (title, kind)) for pk, title, kind in some.values_list("pk", "title", "type"))
    return found
