"""The yearly report: how many corrections and requests to publishers, how fast, with what outcome.

Pure functions over plain values; days are counted by UTC dates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

PENDING = "pending"


@dataclass(frozen=True)
class Corrected:
    """An entry of the ledger: when the desk learnt of the error, and when it said so."""

    number: int
    type: str
    discovered: date
    published: date

    @property
    def days(self) -> int:
        return (self.published - self.discovered).days


@dataclass(frozen=True)
class Asked:
    """A request to a publisher."""

    correction: str
    source: str
    publisher: str
    contacted: date | None
    how: str
    deadline: date | None
    answered: date | None
    outcome: str

    @property
    def days(self) -> int | None:
        """From the request to its outcome."""
        if self.contacted is None or self.answered is None:
            return None
        return (self.answered - self.contacted).days


@dataclass(frozen=True)
class Report:
    """What the year came to. `outcomes` are in the order given, those that did not occur included."""

    year: int
    corrections: int
    by_type: tuple[tuple[str, int], ...]
    days_to_correct: float | None
    asked: int
    outcomes: tuple[tuple[str, int], ...]
    days_to_answer: float | None
    overdue: int
    not_asked: int

    @property
    def most(self) -> int:
        """The longest bar of the chart."""
        return max((number for _, number in self.outcomes), default=0)


def yearly(
    year: int,
    corrections: Iterable[Corrected],
    deliveries: Iterable[Asked],
    *,
    outcomes: Sequence[str],
    today: date,
) -> Report:
    """The report of one year: corrections published, and publishers asked, in it.

    `not_asked` counts the deliveries of that year's corrections for which nobody has been asked yet.
    """
    entries = [one for one in corrections if one.published.year == year]
    numbers = {f"№ {one.number}" for one in entries}
    listed = list(deliveries)
    asked = [one for one in listed if one.contacted is not None and one.contacted.year == year]
    counted = Counter(one.outcome for one in asked)
    took = [one.days for one in asked if one.days is not None]
    late = [
        one for one in asked if one.outcome == PENDING and one.deadline is not None and one.deadline < today
    ]
    return Report(
        year=year,
        corrections=len(entries),
        by_type=tuple(sorted(Counter(one.type for one in entries).items())),
        days_to_correct=median(one.days for one in entries) if entries else None,
        asked=len(asked),
        outcomes=tuple((outcome, counted[outcome]) for outcome in outcomes),
        days_to_answer=median(took) if took else None,
        overdue=len(late),
        not_asked=sum(one.contacted is None and one.correction in numbers for one in listed),
    )


def letter(*, to: str, title: str, said: str, right: str, entry: str, desk: str, deadline: str) -> str:
    """A text to send to a publisher, for an editor to go over."""
    where = f"“{title}”"
    link = f" It is on record, with its sources, as our {entry}." if entry else ""
    asked = f" Please let us know by {deadline} what you decide." if deadline else ""
    return (
        f"To the editors{f' of {to}' if to else ''}\n\n"
        f"In {where} it says: {said}\n\n"
        f"We have found this to be wrong. {right}{link}\n\n"
        f"We ask you to correct it where your readers see it.{asked} We publish what you answer.\n\n"
        f"{desk}"
    )
