"""Reports of the desk's year: a page with a chart, and the same as csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from kb.analysis.reporting import Asked, Corrected, Report, yearly
from kb.editorial.cell_text import protect
from kb.models import Correction, Delivery
from kb.models.correction import CorrectionType, DeliveryOutcome
from kb.signing import audit
from kb.signing.models import Kind

#: Lengths of the chart, in its own units.
LABEL, LONG, ROW = 130, 420, 30
HEADER = ("correction", "source", "publisher", "asked", "how", "deadline", "answered", "outcome", "days")


def _corrections() -> Iterator[Corrected]:
    rows = Correction.objects.published().values_list("number", "type", "discovered", "published_at")
    for number, kind, discovered, published in rows.iterator():
        if number is not None and published is not None:
            yield Corrected(number, kind, discovered, published.date())


def _deliveries() -> Iterator[Asked]:
    rows = Delivery.objects.select_related("correction", "appearance__source").order_by("contacted_at", "pk")
    for row in rows.iterator(chunk_size=500):
        source = row.appearance.source
        yield Asked(
            correction=f"№ {row.correction.number}" if row.correction.number else row.correction.key,
            source=source.title,
            publisher=source.container_title or source.publisher,
            contacted=row.contacted_at.date() if row.contacted_at else None,
            how=row.how,
            deadline=row.deadline,
            answered=row.answered_at.date() if row.answered_at else None,
            outcome=row.outcome,
        )


def _years() -> list[int]:
    """The years of which there is something to report, newest first, and this one."""
    published = Correction.objects.published().values_list("published_at__year", flat=True)
    asked = Delivery.objects.filter(contacted_at__isnull=False).values_list("contacted_at__year", flat=True)
    return sorted({*published.order_by(), *asked.order_by(), timezone.now().year}, reverse=True)


def _checked(request: HttpRequest, year: int | None) -> int:
    if not request.user.has_perm("kb.view_delivery"):
        raise PermissionDenied
    if year is not None and not 1900 <= year <= timezone.now().year:
        raise Http404
    return year or timezone.now().year


@require_safe
def deliveries(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """How many, how fast, with what outcome."""
    year = _checked(request, year)
    found = _report(year)
    context = {
        **admin.site.each_context(request),
        "title": f"Corrections and answers, {year}",
        "report": found,
        "years": _years(),
        "types": [(CorrectionType(kind).label, number) for kind, number in found.by_type],
        "bars": list(_bars(found)),
        "height": ROW * len(found.outcomes),
        "width": LABEL + LONG + 60,
    }
    return TemplateResponse(request, "admin/desk/report.html", context)


def _report(year: int) -> Report:
    return yearly(
        year, _corrections(), _deliveries(), outcomes=DeliveryOutcome.values, today=timezone.now().date()
    )


def _bars(found: Report) -> Iterator[dict[str, Any]]:
    for place, (outcome, number) in enumerate(found.outcomes):
        yield {
            "label": DeliveryOutcome(outcome).label,
            "number": number,
            "y": place * ROW + 6,
            "text": place * ROW + 20,
            "length": round(LONG * number / found.most) if found.most else 0,
            "end": LABEL + (round(LONG * number / found.most) if found.most else 0) + 8,
        }


@require_safe
def deliveries_csv(request: HttpRequest, year: int) -> HttpResponse:
    """Every request of a year, a row each. No cell is a formula."""
    year = _checked(request, year)
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(HEADER)
    for one in _deliveries():
        if one.contacted is not None and one.contacted.year == year:
            cells = (one.correction, one.source, one.publisher, one.contacted, one.how, one.deadline, one.answered,
                     one.outcome, one.days)  # fmt: skip
            rows.writerow([protect(_cell(cell)) for cell in cells])
    audit.note(Kind.EXPORT, f"requests to publishers of {year}, as csv")
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="deliveries-{year}.csv"'
    return response


def _cell(value: date | int | str | None) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


urlpatterns = [
    path("deliveries/", admin.site.admin_view(deliveries), name="report_deliveries"),
    path("deliveries/<int:year>/", admin.site.admin_view(deliveries), name="report_deliveries_of"),
    path("deliveries/<int:year>.csv", admin.site.admin_view(deliveries_csv), name="report_deliveries_csv"),
]
