"""Lists of the desk at any size: a count that stops, and claims found through their index instead of by reading all."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from kb.analysis.claim_index import among
from kb.analysis.claims_found import matching

#: Nobody pages through more; to count further costs as much as reading the table.
MOST = 5_000
_KEY = re.compile(r"[a-z0-9-]{1,120}", re.IGNORECASE)


class MoreThan(int):
    """A number that is told as “more than” it."""

    def __str__(self) -> str:
        return f"more than {int(self):,}"


class CappedPaginator(Paginator):
    """Counts up to a number. What is beyond it is found by searching and by filters, not by turning pages."""

    @cached_property
    def count(self) -> int:
        if not isinstance(self.object_list, QuerySet):
            return len(self.object_list)
        counted = self.object_list.order_by()[: MOST + 1].count()
        return MoreThan(MOST) if counted > MOST else counted


class FoundByWords(admin.ModelAdmin):
    """For an admin of claims: the search asks the index.

    Found are claims that have every word in their statement, a quote or a title, in any case and with or without
    diacritics, the last word as far as it is written; and those whose key or uid begins so. Of more than can be paged
    through it finds the newest.
    """

    search_help_text = "Words of the statement, of quotes and titles, or a key."

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = set(matching(term, MOST + 1))
        if _KEY.fullmatch(term):
            found.update(_called(queryset.model, term.lower()))
        return queryset.filter(pk__in=among(found)), False


def _called(model: Any, term: str) -> list[int]:
    """Records whose key or uid begins with a term; neither has a sign that sorts after the tilde."""
    after = f"{term}~"
    rows = model._base_manager.order_by()
    ways = (Q(key__gte=term, key__lt=after), Q(uid__gte=term, uid__lt=after))
    return [pk for way in ways for pk in rows.filter(way).values_list("pk", flat=True)[: MOST + 1]]
