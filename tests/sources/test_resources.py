"""What is refused in a workbook is refused through the bibliography's buttons."""

from __future__ import annotations

import pytest
import tablib
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources.models import Source
from sources.resources import SourceResource
from tests.kb import records

pytestmark = pytest.mark.django_db


def test_an_address_that_runs_a_script_is_refused_with_its_cell() -> None:
    data = tablib.Dataset(
        ("good", "book", "A book", "https://example.org/"),
        ("bad", "book", "Another", "javascript:alert(1)"),
        headers=("key", "type", "title", "url"),
    )
    result = SourceResource().import_data(data, user=records.account("boss", is_superuser=True))
    refused = [(row.number, len(row.errors)) for row in result.rows if row.errors]
    assert (refused, Source.objects.count()) == ([(3, 1)], 0)


def test_authors_are_exported_in_their_order() -> None:
    records.agent("b", name="B")
    records.agent("a", name="A")
    data = tablib.Dataset(("one", "book", "One", "b; a"), headers=("key", "type", "title", "authors"))
    SourceResource().import_data(data, user=records.account("boss", is_superuser=True))
    assert SourceResource().export().dict[0]["authors"] == "b; a"


def test_the_number_of_queries_does_not_grow_with_the_rows() -> None:
    def exported() -> int:
        with CaptureQueriesContext(connection) as queries:
            SourceResource().export()
        return len(queries)

    records.source("one")
    few = exported()
    for key in ("two", "three", "four"):
        records.source(key)
    assert exported() == few
