"""Which dates can both hold (rules 9, 10 and 11)."""

import pytest

from kb.editorial.dates import Answer, DateSpan

YES, NO, UNDETERMINED = Answer.YES, Answer.NO, Answer.UNDETERMINED


def span(text: str) -> DateSpan:
    """EDTF, with a zone or "julian" behind a blank."""
    edtf, _, note = text.partition(" ")
    if note == "julian":
        return DateSpan.parse(edtf, calendar="julian")
    return DateSpan.parse(edtf, time_zone=note)


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        # Plain dates: civil dates of the same place, so a day's difference is a conflict.
        ("1945-08-08", "1945-08-08", YES),
        ("1945-08-08", "1945-08-09", NO),
        ("1945-08-31", "1945-08", YES),
        ("1945-09-01", "1945-08", NO),
        ("1945", "194X", YES),
        # A time of day on one side: a day's difference may be the zone's.
        ("1945-08-08T22:00+03:00", "1945-08-09", UNDETERMINED),
        ("1945-08-08T22:00+03:00", "1945-08-08", YES),
        ("1945-08-08T22:00+03:00", "1945-08-10", NO),
        ("1945-08-08T22:00", "1945-08-09", UNDETERMINED),
        ("1945-08-08T22:00", "1945-08-07", UNDETERMINED),
        ("1945-08-08T22:00", "1945-08-10", NO),
        ("1945-08-08T22:00", "1945-08-08T23:00", UNDETERMINED),
        ("1945-08-08T22:00", "1945-09", NO),
        ("1945-08-31T22:00", "1945-09", UNDETERMINED),
        # Zones on both sides: the instant decides.
        ("1945-08-08T22:00+03:00", "1945-08-08T15:00-04:00", YES),
        ("1945-08-08T22:00+03:00", "1945-08-08T15:01-04:00", NO),
        ("1945-08-09T01:00 Asia/Tokyo", "1945-08-08T19:00 Europe/Moscow", YES),
        ("1945-08-08T22:00+03:00", "1945-08-09 Asia/Tokyo", YES),
        ("1945-08-08T17:00+03:00", "1945-08-09 Asia/Tokyo", NO),
        # A plain date without a zone beside one with: any zone that is known on earth may be meant.
        ("1945-08-08", "1945-08-08 Europe/Moscow", YES),
        ("1945-08-09", "1945-08-08 Europe/Moscow", UNDETERMINED),
        ("1945-08-07", "1945-08-08 Europe/Moscow", UNDETERMINED),
        ("1945-08-10", "1945-08-08 Europe/Moscow", NO),
        ("1945-08-06", "1945-08-08 Europe/Moscow", NO),
        # Calendars.
        ("1855-01-26 julian", "1855-02-07", YES),
        ("1855-01-26 julian", "1855-01-26", NO),
        ("1905-08-23 julian", "1905-09-05", YES),
        # About and uncertain: one unit of what is marked, for each of the two doubts.
        ("1945~", "1945-03", YES),
        ("1945~", "1946", UNDETERMINED),
        ("1945~", "1944-01-01", UNDETERMINED),
        ("1945~", "1947", NO),
        ("1945%", "1947", UNDETERMINED),
        ("1945%", "1948", NO),
        ("1945-08-09?", "1945-08-10", UNDETERMINED),
        ("1945-08-09?", "1945-08-11", NO),
        ("1945-08?", "1945-09-30", UNDETERMINED),
        ("1945-08?", "1945-10-01", NO),
        ("1945?-08-09", "1946-08-09", UNDETERMINED),
        ("1945?-08-09", "1946-08-11", NO),
        ("194X~", "1959", UNDETERMINED),
        ("194X~", "1960", NO),
        # Intervals: what began and what ended are compared each for itself (rule 10).
        ("1945-08-09/1945-08-20", "1945-08-09/1945-09-02", NO),
        ("1945-08-09/1945-09-02", "1945-08-09/1945-09", YES),
        ("1945-08-09/", "1945-08-09/1945-09-02", YES),
        ("1945-08-09/..", "1945-08-09/1945-09-02", UNDETERMINED),
        ("1945-08-09/..", "1945-08-09/..", YES),
        ("1945-08-08/..", "1945-08-09/..", NO),
        ("../1945-09-05", "../1945-09-03", NO),
        ("/1945-09-05", "1945-09-01/1945-09-05", YES),
        ("/1945", "1950/", NO),
        # A date beside an interval.
        ("1945", "1945-08-09/1945-09-02", YES),
        ("1945-08", "1945-08-09/1945-09-02", UNDETERMINED),
        ("1945-08-18", "1945-08-09/1945-09-02", UNDETERMINED),
        ("1945-09-03", "1945-08-09/1945-09-02", NO),
        ("1945", "1945-08-09/..", UNDETERMINED),
        ("1944", "1945-08-09/..", NO),
        # Once, somewhere between.
        ("[1945-08-09..1945-08-20]", "1945-08-18", YES),
        ("[1945-08-09..1945-08-20]", "1945-08-21", NO),
        ("[1945-08-09..]", "1946", YES),
        ("[1667,1670]", "1668", NO),
        ("[1667,1670]", "1670-05", YES),
        # All of them.
        ("{1960,1961}", "{1960,1961}", YES),
        ("{1960,1961}", "1960", UNDETERMINED),
        ("{1960,1961}", "1962", NO),
        # Digits not specified: the dates in between do not count.
        ("156X-12-25", "1562-12", YES),
        ("156X-12-25", "1562-06", NO),
        ("1945-XX-18", "1945-08-19", NO),
        ("194X-XX-XX", "1945-12-26", YES),
        # Too many dates to look at one by one.
        ("XXXX-12-25", "1945-12-25", UNDETERMINED),
        ("2024-XX-18 America/New_York", "2024-07-18T03:59Z", NO),
        ("2024-XX-18 America/New_York", "2024-07-18T04:00Z", YES),
        ("2024-XX-18 America/New_York", "2024-12-18T04:59Z", NO),
        # Seasons name no hemisphere.
        ("2001-21", "2001-10", UNDETERMINED),
        ("2001-21", "2001", YES),
        ("2001-21", "2001-21", YES),
        ("2001-21", "2001-23", UNDETERMINED),
        ("2001-21", "2002", NO),
        ("2001-24", "2002-01", UNDETERMINED),
        ("2001-33", "2001-03", YES),
        ("2001-33", "2001-04", NO),
    ],
)
def test_the_answer_for_two_dates(one: str, other: str, answer: Answer) -> None:
    assert span(one).overlaps(span(other)) is answer
    assert span(other).overlaps(span(one)) is answer


def test_the_declaration_of_war_is_right_in_moscow_and_in_tokyo() -> None:
    """Molotov told the ambassador in the evening of 8 August; in Tokyo that was after midnight."""
    told = DateSpan.parse("1945-08-08T22:00", time_zone="Europe/Moscow")
    assert told.overlaps(DateSpan.parse("1945-08-09", time_zone="Asia/Tokyo")) is YES
    assert told.overlaps(DateSpan.parse("1945-08-08")) is YES
    assert told.overlaps(DateSpan.parse("1945-08-09")) is UNDETERMINED


def test_two_sources_agree_on_a_beginning_and_conflict_on_the_end() -> None:
    short, long = DateSpan.parse("1945-08-09/1945-08-20"), DateSpan.parse("1945-08-09/1945-09-02")
    assert short.began is not None
    assert short.ended is not None
    assert long.began is not None
    assert long.ended is not None
    assert short.began.overlaps(long.began) is YES
    assert short.ended.overlaps(long.ended) is NO
