"""What was published last, and when: for feeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from kb.book.asking import chunks
from kb.book.listing import Order, Selection, page
from kb.book.models import Record, Release, Version
from kb.book.search.engine import Chosen, engine
from kb.book.search.questions import read

#: By uid, in the order of a feed: when readers first saw a record, and when they saw what stands there now.
Dates = dict[str, tuple[datetime, datetime]]


def of(selection: Selection, limit: int) -> Dates:
    """What was published last, or last changed, of what a list is narrowed to, in whichever order the list is."""
    newest_first = replace(selection, order=Order("came", descending=True))
    return published(entry.uid for entry in page(newest_first, size=limit).entries)


def found(question: str, chosen: Chosen, limit: int) -> Dates:
    """What came out last of what has all the words of a question. Changed records stay where they were."""
    asked = read(question)
    if not asked.says_something:
        return {}
    dates = published(engine().newest(asked, chosen, limit))
    first = sorted(dates.items(), key=lambda pair: pair[1][0], reverse=True)
    return dict(first[:limit])


def published(uids: Iterable[str]) -> Dates:
    """The dates of these published records, in this order; what is not published is absent."""
    wanted, dates = list(uids), Dates()
    for some in chunks(wanted):
        first = dict(Version.objects.filter(uid__in=some, number=1).values_list("uid", "release__at"))
        current = Record.objects.filter(uid__in=some, withdrawn_in=None).values_list(
            "uid", "version__release__at"
        )
        dates |= {uid: (first.get(uid, at), at) for uid, at in current}
    return {uid: dates[uid] for uid in wanted if uid in dates}


def first_release_on() -> date | None:
    """The day on which anything was published for the first time."""
    at = Release.objects.order_by("number").values_list("at", flat=True).first()
    return at.date() if at else None
