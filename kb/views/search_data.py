"""The results of a search as JSON: the same records as its page, in the same order."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from kb.book import reading
from kb.book.search.engine import Amount
from kb.book.search.results import search
from kb.interchange import records
from kb.views.caching import open_data
from kb.views.data import as_json
from kb.views.listed import in_list
from kb.views.search import address, asked, chosen, last_page, page_of


@open_data
def results(request: HttpRequest) -> HttpResponse:
    """A page of what fits a question, the best first; without a question, of nothing."""
    given, page = asked(request), page_of(request)
    found = search(given["q"], chosen(given), page)
    given["q"] = found.question.text
    absolute, last = request.build_absolute_uri, last_page(found)

    def leading(to: int) -> str | None:
        there = 1 <= to <= last
        return absolute(address("search_json", **given, page=to if to > 1 else "")) if there else None

    return as_json(
        {
            "question": found.question.text,
            **_amount(found.found.total),
            "some": found.found.some,
            "kinds": {kind: _amount(amount) for kind, amount in found.found.kinds.items()},
            "next": leading(page + 1),
            "previous": leading(page - 1),
            "licence": records.licence(reading.desk()),
            "entries": [
                {**in_list(one.label, absolute), "text": "".join(text for text, _ in one.text)}
                for one in found.results
            ],
        }
    )


def _amount(amount: Amount) -> dict[str, Any]:
    return {"total": amount.number, "exact": not amount.more}
