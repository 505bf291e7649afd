"""The yearly report counts what happened in its year, and no more."""

from __future__ import annotations

from datetime import date

from kb.analysis.reporting import Asked, Corrected, letter, yearly

OUTCOMES = ("pending", "corrected", "declined")
TODAY = date(2026, 11, 28)


def asked(contacted: date | None, outcome: str = "pending", **fields: object) -> Asked:
    given = {
        "correction": "№ 1",
        "source": "s",
        "publisher": "p",
        "how": "letter",
        "deadline": None,
        "answered": None,
    }
    return Asked(**{**given, "contacted": contacted, "outcome": outcome, **fields})  # type: ignore[arg-type]


def test_a_year_of_corrections_and_answers() -> None:
    corrections = [
        Corrected(1, "correction", date(2026, 1, 1), date(2026, 1, 3)),
        Corrected(2, "update", date(2025, 12, 30), date(2026, 1, 9)),
        Corrected(3, "correction", date(2026, 1, 1), date(2027, 1, 1)),
    ]
    deliveries = [
        asked(date(2026, 2, 1), "corrected", answered=date(2026, 2, 11)),
        asked(date(2026, 2, 1), "declined", answered=date(2026, 2, 5)),
        asked(date(2026, 2, 1), deadline=date(2026, 3, 1)),
        asked(date(2026, 11, 20), deadline=date(2026, 12, 1)),
        asked(date(2025, 2, 1), "corrected", answered=date(2025, 2, 2)),
        asked(None, correction="№ 2"),
        asked(None, correction="№ 3"),
    ]
    found = yearly(2026, corrections, deliveries, outcomes=OUTCOMES, today=TODAY)
    assert (found.corrections, found.by_type, found.days_to_correct) == (
        2,
        (("correction", 1), ("update", 1)),
        6,
    )
    assert (found.asked, found.outcomes) == (4, (("pending", 2), ("corrected", 1), ("declined", 1)))
    assert (found.days_to_answer, found.overdue, found.not_asked, found.most) == (7, 1, 1, 2)


def test_an_empty_year() -> None:
    found = yearly(2020, [], [], outcomes=OUTCOMES, today=TODAY)
    assert (found.corrections, found.asked, found.days_to_correct, found.days_to_answer) == (0, 0, None, None)
    assert found.outcomes == (("pending", 0), ("corrected", 0), ("declined", 0))


def test_a_letter_says_what_was_said_and_what_is_right() -> None:
    text = letter(
        to="East Asia Forum", title="Hot spring diplomacy", said="“in its final days”", right="It was later.",
        entry="correction № 1", desk="The desk", deadline="12 December 2026",
    )  # fmt: skip
    assert text == (
        "To the editors of East Asia Forum\n\nIn “Hot spring diplomacy” it says: “in its final days”\n\n"
        "We have found this to be wrong. It was later. It is on record, with its sources, as our correction № 1.\n\n"
        "We ask you to correct it where your readers see it. Please let us know by 12 December 2026 what you decide. "
        "We publish what you answer.\n\nThe desk"
    )
