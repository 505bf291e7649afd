"""Dates in words for readers."""

import pytest

from kb.editorial.date_words import LANGUAGES
from kb.editorial.dates import DateSpan


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1945-08-18", "18 August 1945"),
        ("1945-08", "August 1945"),
        ("1945", "1945"),
        ("0079", "AD 79"),
        ("0000", "1 BC"),
        ("-0043-03-15", "15 March 44 BC"),
        ("Y170000002", "170,000,002"),
        ("Y-170000002", "170,000,003 BC"),
        ("1945~", "about 1945"),
        ("1945-08?", "perhaps August 1945"),
        ("1945%", "perhaps about 1945"),
        ("2004?-06-11", "11 June 2004 (year uncertain)"),
        ("2004-06-~11", "11 June 2004 (day approximate)"),
        ("2004-%06", "June 2004 (month uncertain, month approximate)"),
        ("1945-08-08T22:00", "8 August 1945, 22:00"),
        ("1945-08-08T22:00+03:00", "8 August 1945, 22:00 (UTC+3)"),
        ("1945-08-08T22:00-03:30", "8 August 1945, 22:00 (UTC−3:30)"),
        ("1945-08-08T19:00Z", "8 August 1945, 19:00 (UTC)"),
        ("2001-21", "spring 2001"),
        ("2001-31", "southern autumn 2001"),
        ("2001-33", "first quarter of 2001"),
        ("2001-41", "second half of 2001"),
        ("194X", "1940s"),
        ("007X", "AD 70–79"),
        ("-005X", "60–51 BC"),
        ("-000X", "10–2 BC"),
        ("18XX", "19th century"),
        ("19XX~", "about 20th century"),
        ("00XX", "1st century"),
        ("20XX", "21st century"),
        ("11XX", "12th century"),
        ("-01XX", "2nd century BC"),
        ("1XXX", "1XXX"),
        ("XXXX", "an unknown year"),
        ("1953S3", "1953 (to 3 significant digits)"),
        ("1945-XX", "1945 (month unknown)"),
        ("1945-XX-XX", "1945 (month and day unknown)"),
        ("1945-08-XX", "August 1945 (day unknown)"),
        ("156X-12-25", "156X-12-25"),
        ("1945-08-09/1945-09-02", "9 August 1945 to 2 September 1945"),
        ("1945-09/..", "since September 1945"),
        ("../1945-09-05", "until 5 September 1945"),
        ("1945-09/", "September 1945 to an unknown date"),
        ("/1945-09", "an unknown date to September 1945"),
        ("../..", "at all times"),
        ("../", "until an unknown date"),
        ("/..", "since an unknown date"),
        ("[1945-08-09..1945-08-20]", "between 9 and 20 August 1945"),
        ("[1945-08-09..1945-09-02]", "between 9 August and 2 September 1945"),
        ("[1944-12-31..1945-01-01]", "between 31 December 1944 and 1 January 1945"),
        ("[1945-08-09?..1945-08-20]", "between perhaps 9 August 1945 and 20 August 1945"),
        ("[1944..1945]", "between 1944 and 1945"),
        ("[1945-08-08,1945-08-09]", "8 August 1945 or 9 August 1945"),
        ("[1667,1668,1670..1672]", "1667, 1668 or 1670 to 1672"),
        ("[1945-08-09..]", "on or after 9 August 1945"),
        ("[..1945]", "in or before 1945"),
        ("[1945~..]", "about 1945 or later"),
        ("{1960,1961-12}", "1960 and December 1961"),
        ("[2007]", "2007"),
    ],
)
def test_english_words(text: str, words: str) -> None:
    assert DateSpan.parse(text).in_words() == words


def test_a_zone_and_the_julian_calendar_are_named() -> None:
    told = DateSpan.parse("1945-08-08T22:00", time_zone="Europe/Moscow")
    assert told.in_words() == "8 August 1945, 22:00 (Europe/Moscow)"
    julian = DateSpan.parse("1855-01-26", calendar="julian")
    assert julian.in_words() == "26 January 1855 (Julian calendar)"


def test_relative_dates_name_what_they_lean_on() -> None:
    declaration = DateSpan.parse("1945-08-09")
    assert DateSpan.after(declaration).in_words() == "after 9 August 1945"
    assert DateSpan.before(DateSpan.parse("1945-08-15")).in_words() == "before 15 August 1945"
    assert DateSpan.within(DateSpan.parse("1945-08")).in_words() == "within August 1945"
    julian = DateSpan.parse("1855-01-26", calendar="julian")
    assert DateSpan.before(julian).in_words() == "before 26 January 1855 (Julian calendar)"


def test_a_language_without_words_gets_english_and_one_with_words_is_found_by_its_primary_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Years(type(LANGUAGES["en"])):  # type: ignore[misc]
        def point(self, span: DateSpan) -> str:
            return f"{span.edtf}年"

    monkeypatch.setitem(LANGUAGES, "ja", Years())
    assert DateSpan.parse("1945").in_words("ja-Latn") == "1945年"
    assert DateSpan.parse("1945").in_words("xx") == "1945"


def test_a_span_as_text_is_its_words() -> None:
    assert str(DateSpan.parse("1945-08")) == "August 1945"
