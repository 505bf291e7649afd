"""The canonical workbook has the sheets and columns that editors were promised, and each fills a field that exists."""

import pytest
from django.db import models

from kb.spreadsheets.layout import BY_NAME, SHEETS, Sheet, fields_of

PROMISED = {
    "agents": "key name native_name kind wikidata url note",
    "topics": "key name",
    "sources": "key type title authors container_title publisher issued language url archived_url accessed doi "
    "isbn volume issue pages archive archive_location in_reply_to derived_from standing text text_extent text_rights "
    "note",
    "contributions": "uid source agent role order",
    "places": "key kind part_of latitude longitude geometry time_zone wikidata geonames note",
    "place_names": "uid place text language kind used_by romanisation_of when source locator",
    "place_statuses": "uid place agent relation when source locator",
    "events": "key title when places participants part_of after note",
    "claims": "key statement kind language topics places events note source quote prefix suffix locator claimants "
    "stance fidelity about attribute qualifier value unit certainty reviewer review_source rating_text rating_value "
    "best worst reviewed proposed_rating rationale",
    "appearances": "uid claim source quote prefix suffix translation locator claimants stance fidelity derived_from",
    "values": "uid claim about attribute qualifier value raw calendar time_zone relative_to unit low high as_of "
    "certainty",
    "evidence": "uid claim rebuttal source relation quote locator note",
    "reviews": "uid claim reviewer source rating_text rating_value best worst when",
    "rebuttals": "key claim scope mode text language proposed source raised_by replies_to appearances counterclaims",
}


def test_the_sheets_and_their_columns_stand_in_the_promised_order() -> None:
    assert {sheet.name: " ".join(sheet.by_name) for sheet in SHEETS} == PROMISED
    assert list(BY_NAME) == list(PROMISED)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_every_column_fills_a_field(sheet: Sheet) -> None:
    found = list(fields_of(sheet))
    assert len(found) == sum(len(column.fields) for column in sheet.columns)
    assert all(isinstance(field, models.Field) for _, field in found)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_row_is_found_by_a_unique_field(sheet: Sheet) -> None:
    assert [sheet.model._meta.get_field(name).unique for name in sheet.identity] == [True]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_lists_are_where_a_record_may_have_several(sheet: Sheet) -> None:
    single = {"used_by"}  # of two fields, one for agents and one for sources, both lists
    for column, field in fields_of(sheet):
        own = "." not in column.fields[0]
        if own and column.name not in single:
            assert column.several == bool(field.many_to_many), column.name


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_what_a_record_cannot_be_without_is_required(sheet: Sheet) -> None:
    for column, field in fields_of(sheet):
        needed = not (field.blank or field.null or field.has_default() or field.many_to_many)
        if len(column.fields) == 1 and "." not in column.fields[0] and column.name != "uid":
            assert column.required or not needed, column.name
