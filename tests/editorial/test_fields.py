"""What fields take, what they refuse and in which words, and how bounds follow dates."""

from __future__ import annotations

import json

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kb.editorial.dates import DateSpan
from kb.editorial.fields import (
    DateSpanField,
    DateSpanFormField,
    HttpURLField,
    JSONTextField,
    LanguageField,
    LineField,
    ProseField,
    canonical_json,
    validate_date,
    validate_doi,
    validate_isbn,
    validate_language,
    validate_wikidata,
)
from kb.models import Event, ImportProfile, Place
from sources.models import Agent, Source
from tests.support.samples import sample, saved

# 1956-10-19 and the year 1945, in minutes from 1970.
DECLARATION = (-6943680, -6942241)


def refused(check, value) -> str:
    with pytest.raises(ValidationError) as caught:
        check(value)
    return " ".join(caught.value.messages)


def clean(field, value):
    return field.clean(value, None)


# --- addresses on the web --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["https://example.org/a?b=c#d", "http://example.org", "https://example.org/島", "HTTPS://EXAMPLE.ORG/"],
)
def test_addresses_of_the_web_are_taken(url):
    assert clean(HttpURLField(), url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "data:text/html,x",
        "ftp://example.org/a",
        "file:///etc/passwd",
        "//example.org",
        "example.org",
        "https://",
        "https://exa mple.org",
        "https://example.org/\n",
    ],
)
def test_other_addresses_are_refused(url):
    assert "valid URL" in refused(HttpURLField().run_validators, url)


def test_an_address_is_at_most_two_thousand_bytes_long():
    start = "https://example.org/"
    fits = start + "a" * (2000 - len(start))
    assert clean(HttpURLField(), fits) == fits
    assert "2000 characters" in refused(HttpURLField().run_validators, fits + "a")
    assert "2,000 bytes at most" in refused(HttpURLField().run_validators, start + "島" * 661)


def test_an_address_typed_without_its_scheme_is_taken_for_https():
    assert HttpURLField().formfield().clean("example.org/a") == "https://example.org/a"


# --- texts --------------------------------------------------------------------------------------------------------


def test_a_text_typed_into_a_browser_keeps_one_character_for_the_end_of_a_line() -> None:
    assert ProseField().formfield().clean("one\r\ntwo\rthree\nfour") == "one\ntwo\nthree\nfour"


@pytest.mark.parametrize("field", [ProseField(), LineField(max_length=20), DateSpanField()], ids=repr)
def test_the_nul_character_is_refused(field):
    assert "Remove it" in refused(field.run_validators, "a\x00b")


def test_a_text_has_a_limit():
    assert clean(ProseField(limit=3), "abc") == "abc"
    assert "at most 3 characters" in refused(ProseField(limit=3).run_validators, "abcd")
    assert ProseField(limit=3).deconstruct()[3] == {"limit": 3}
    assert ProseField().deconstruct()[3] == {}
    assert "at most 2 characters" in refused(LineField(max_length=2).run_validators, "abc")


@pytest.mark.parametrize(
    "tag",
    [
        "en",
        "ja",
        "ja-Latn",
        "zh-Hant",
        "zh-Hant-TW",
        "es-419",
        "ain-Kana",
        "sl-rozaj",
        "de-1996",
        "und",
        "en-x-desk",
    ],
)
def test_language_tags_are_taken(tag):
    validate_language(tag)
    assert clean(LanguageField(), tag) == tag


@pytest.mark.parametrize(
    "tag",
    ["", "EN", "e", "english-", "ja_Latn", "ja-latn", "en-us", "en ", "en\n", "zh-Hant-", "x-desk", "日本"],
)
def test_slips_of_the_pen_are_no_language_tags(tag):
    assert refused(validate_language, tag) == (
        "A language is written as a BCP 47 tag, such as “en”, “ja-Latn” or “zh-Hant”; “und” if unknown."
    )


@pytest.mark.parametrize(
    "doi", ["10.1145/3323503.3361698", "10.1000/182", "10.1002/(SICI)1097-4571(199806)49:8<693"]
)
def test_dois_are_taken(doi):
    validate_doi(doi)


@pytest.mark.parametrize(
    "doi", ["https://doi.org/10.1000/182", "doi:10.1000/182", "10.1000", "10.12/a", "10.1000/a b"]
)
def test_what_is_no_doi_is_refused_with_an_example(doi):
    assert refused(validate_doi, doi) == "A DOI begins with “10.”, as in “10.1145/3323503.3361698”."


@pytest.mark.parametrize(
    "isbn",
    ["978-0-306-40615-7", "9780306406157", "0-306-40615-2", "0306406152", "0-8044-2957-X", "080442957x"],
)
def test_isbns_with_their_check_digit_are_taken(isbn):
    validate_isbn(isbn)


@pytest.mark.parametrize(
    "isbn",
    ["978-0-306-40615-8", "0-306-40615-3", "0-8044-2957-1", "97803064061", "X306406152", "", "٩780306406157"],
)
def test_other_isbns_are_refused(isbn):
    assert (
        refused(validate_isbn, isbn)
        == f"“{isbn}” is not an ISBN: 10 or 13 digits with a correct check digit."
    )


@given(st.integers(0, 10**12 - 1), st.integers(0, 9))
def test_of_ten_check_digits_one_is_right(number, digit):
    body = f"{number:012}"
    right = -sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body)) % 10
    if digit == right:
        validate_isbn(body + str(digit))
    else:
        refused(validate_isbn, body + str(digit))


def test_wikidata_numbers():
    validate_wikidata("Q159")
    for wrong in ("159", "q159", "Q0", "Q", "P31", "Q159\n", "Q1234567890123"):
        assert refused(validate_wikidata, wrong) == "A Wikidata number looks like “Q233684”."


# --- dates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "edtf"),
    [
        ("18 August 1945", "1945-08-18"),
        ("1945-08-18", "1945-08-18"),
        ("about 1945", "1945~"),
        (" 1945-08 ", "1945-08"),
        ("1945-08-09/1945-08-20", "1945-08-09/1945-08-20"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_date_is_typed_as_an_editor_writes_it_and_kept_as_edtf(typed, edtf):
    assert DateSpanFormField(required=False).clean(typed) == edtf


def test_an_ambiguous_date_is_refused_with_what_it_could_mean():
    message = refused(DateSpanFormField().clean, "02/03/2024")
    assert "2024-02-03" in message
    assert "2024-03-02" in message


def test_what_is_no_date_is_refused():
    assert refused(DateSpanFormField().clean, "soon")
    assert refused(DateSpanFormField().clean, "") == "This field is required."
    assert refused(validate_date, "18 August 1945")
    assert refused(validate_date, "1945-02-29")
    validate_date("1944-02-29")


def test_the_form_of_a_record_takes_dates_in_words():
    assert isinstance(DateSpanField(blank=True).formfield(), DateSpanFormField)


def test_a_record_gives_the_span_of_its_date():
    assert sample(Source, issued="1945").issued_span == DateSpan.parse("1945")
    assert sample(Source).issued_span is None
    assert sample(Source, issued="no date").issued_span is None


def bounds_of(**which):
    return Source.objects.values_list("issued_earliest", "issued_latest").get(**which)


@pytest.mark.django_db
class TestBounds:
    def test_they_are_computed_on_saving(self):
        source = saved(Source, issued="1956-10-19")
        assert (source.issued_earliest, source.issued_latest) == DECLARATION
        assert bounds_of() == DECLARATION

    def test_they_follow_the_date_before_it_is_saved(self):
        source = saved(Source, issued="1945")
        source.issued = "1956-10-19"
        assert (source.issued_earliest, source.issued_latest) == DECLARATION

    def test_they_are_not_set_by_hand(self):
        saved(Source, issued="1956-10-19", issued_earliest=5, issued_latest=6)
        assert bounds_of() == DECLARATION

    def test_without_a_date_there_are_none(self):
        source = saved(Source, issued="1956-10-19")
        source.issued = ""
        source.save()
        assert bounds_of() == (None, None)

    def test_an_open_end_has_no_bound(self):
        saved(Source, issued="1956-10-19/..")
        assert bounds_of() == (DECLARATION[0], None)

    def test_they_are_computed_in_bulk(self):
        Source.objects.bulk_create([sample(Source, 1, issued="1956-10-19"), sample(Source, 2)])
        assert bounds_of(key="source-1") == DECLARATION
        assert bounds_of(key="source-2") == (None, None)

    def test_they_are_computed_for_a_fixture_that_has_none(self):
        fixture = [
            {
                "model": "sources.source",
                "fields": {"key": "a", "title": "A", "type": "book", "issued": "1956-10-19"},
            }
        ]
        for row in serializers.deserialize("json", json.dumps(fixture)):
            row.save()
        assert bounds_of() == DECLARATION

    def test_they_are_right_where_the_date_was_not_read(self):
        saved(Source, issued="1956-10-19")
        assert Source.objects.defer("issued").get().issued_latest == DECLARATION[1]
        assert Source.objects.only("title").get().issued_earliest == DECLARATION[0]
        assert Source.objects.only("issued_earliest").get().issued_earliest == DECLARATION[0]

    def test_they_are_right_after_reading_the_record_again(self):
        source = saved(Source, issued="1945")
        Source.objects.update(issued="1956-10-19")
        source.refresh_from_db()
        assert (source.issued_earliest, source.issued_latest) == DECLARATION
        Source.objects.update(issued="1945")
        source.refresh_from_db(fields=["issued"])
        assert source.issued_earliest == DateSpan.parse("1945").earliest

    def test_history_keeps_them(self):
        source = saved(Source, issued="1956-10-19")
        source.issued = "1945"
        source.save()
        row = source.history.earliest()
        assert (row.issued, row.issued_earliest, row.issued_latest) == ("1956-10-19", *DECLARATION)
        stored = source.history.model.objects.order_by("history_id").values_list("issued_latest", flat=True)
        assert list(stored) == [DECLARATION[1], DateSpan.parse("1945").latest]

    def test_they_sort_and_filter(self):
        saved(Event, 1, when="1956")
        saved(Event, 2, when="1945")
        assert [e.key for e in Event.objects.filter(when_latest__isnull=False).order_by("when_earliest")] == [
            "event-2",
            "event-1",
        ]

    def test_they_are_not_in_forms(self):
        names = {field.name for field in Source._meta.fields if field.editable}
        assert {"issued_earliest", "issued_latest"}.isdisjoint(names)


# --- JSON ---------------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=6,
)


class TestJSONInTheDatabase(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), JSON, min_size=1, max_size=4))
    def test_what_is_written_is_read(self, value):
        ImportProfile.objects.update_or_create(name="A", defaults={"mapping": value})
        profile = ImportProfile.objects.get()
        assert profile.mapping == value
        profile.full_clean()
        fixture = serializers.serialize("json", [profile])
        [again] = serializers.deserialize("json", fixture)
        assert again.object.mapping == value
        again.save()
        assert ImportProfile.objects.get().mapping == value


@given(JSON)
def test_canonical_json_is_one_text_for_one_value(value):
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


def test_canonical_json_sorts_names_and_spares_spaces_and_escapes():
    assert canonical_json({"b": 1, "a": ["島", None]}) == '{"a":["島",null],"b":1}'


@pytest.mark.django_db
def test_json_is_stored_as_canonical_text():
    saved(Place, geometry={"type": "Point", "coordinates": [147.8, 44.8]})
    with connection.cursor() as cursor:
        cursor.execute("SELECT geometry FROM kb_place")
        assert cursor.fetchone() == ('{"coordinates":[147.8,44.8],"type":"Point"}',)
    assert saved(Place, 2).geometry is None


def test_text_that_is_no_json_is_refused():
    assert refused(JSONTextField().to_python, "{a}") == "This is not JSON."
    assert JSONTextField().to_python('{"a": [1]}') == {"a": [1]}


@pytest.mark.parametrize("text", ['{"a": NaN}', "[Infinity]", '"\\ud800"'])
def test_json_that_no_database_could_hold_is_refused(text):
    assert refused(lambda value: clean(JSONTextField(), value), text) == (
        "This cannot be kept as JSON: numbers must be finite, and characters whole."
    )


def test_a_form_shows_json_and_reads_it():
    field = JSONTextField().formfield()
    assert field.clean('{"a": 1}') == {"a": 1}
    assert field.prepare_value({"a": 1}) == '{"a": 1}'


@pytest.mark.django_db
def test_a_record_is_checked_field_by_field():
    agent = sample(Agent, key="No Key", wikidata="159", url="javascript:alert(1)", name="a\x00")
    with pytest.raises(ValidationError) as caught:
        agent.full_clean()
    assert sorted(caught.value.message_dict) == ["key", "name", "url", "wikidata"]
