"""The desk's surface: Django's admin, one module per noun on one base class."""

from kb.admin import (
    accounts,
    audit,
    claim,
    conflict,
    correction,
    desk,
    event,
    importing,
    jobs,
    merging,
    place,
    rebuttal,
    work,
)

__all__ = [
    "accounts",
    "audit",
    "claim",
    "conflict",
    "correction",
    "desk",
    "event",
    "importing",
    "jobs",
    "merging",
    "place",
    "rebuttal",
    "work",
]
