"""What a book of so many claims holds, and what refers to what: by number, the same for the same size and seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from random import Random

from kb.editorial.aggregate import UID_ALPHABET, UID_LENGTH

#: Claims for each of these.
PROPORTIONS = {"source": 10, "place": 20, "event": 20, "rebuttal": 5, "correction": 25, "agent": 40}
#: In the order in which they are written: what is referred to comes first.
ORDER = ("desk", "agent", "topic", "place", "event", "source", "claim", "rebuttal", "correction")
#: The parties that name and claim places.
PARTIES = 12
#: How many parts a place has, if it has any.
BRANCHING = 12


def uid(kind: str, number: int | str) -> str:
    """A uid as random as real ones, and always the same."""
    value = int.from_bytes(blake2b(f"{kind}/{number}".encode(), digest_size=9).digest(), "big")
    letters = []
    for _ in range(UID_LENGTH):
        value, letter = divmod(value, len(UID_ALPHABET))
        letters.append(UID_ALPHABET[letter])
    return "".join(letters)


@dataclass(frozen=True)
class World:
    claims: int
    seed: int = 1

    @cached_property
    def counts(self) -> dict[str, int]:
        made = {kind: max(3, self.claims // share) for kind, share in PROPORTIONS.items()}
        made["agent"] += PARTIES
        return {"desk": 1, "topic": max(5, min(500, self.claims // 500)), "claim": self.claims, **made}

    def rng(self, kind: str, number: int) -> Random:
        return Random((self.seed * len(ORDER) + ORDER.index(kind)) * 100_000_007 + number)

    def some(self, rng: Random, kind: str, skew: float = 2.0) -> int:
        """A record of a kind; the first are chosen far more often than the last, as some events are much written of."""
        return int(self.counts[kind] * rng.random() ** skew)

    def claim_of(self, rebuttal: int) -> int:
        """The claim that a rebuttal is of; a claim may have several."""
        rng = Random(self.seed * 7_000_003 + rebuttal)
        return rng.randrange(self.claims)

    def rebuttal_of(self, correction: int) -> int:
        """The rebuttal that a correction came from."""
        return correction * (PROPORTIONS["correction"] // PROPORTIONS["rebuttal"])
