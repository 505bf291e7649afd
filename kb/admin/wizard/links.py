"""The way from a row of an import to the record on its own page, with a query per kind for a whole page of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import admin
from django.db import models
from django.urls import reverse

from kb.editorial.aggregate import Aggregate, Part
from kb.spreadsheets.columns import BY_LABEL, root_link
from kb.spreadsheets.layout import BY_NAME
from kb.spreadsheets.recording import BY_KIND


def link_rows(user: Any, rows: list[dict[str, Any]]) -> None:
    """Note on each row of a preview the `link` to the record that is there already, and its name."""
    found = records(
        (BY_NAME[row["target"]].model, row["uid"]) for row in rows if row["uid"] and row["target"] in BY_NAME
    )
    for row in rows:
        if row["root"] is not None:
            row["link"] = link(user, BY_LABEL[row["root_table"]], row["root"])
        elif (known := found.get(row["uid"])) is not None:
            row["name"] = row["name"] or known[2]
            row["link"] = link(user, known[0], known[1])


def records_of_kinds(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[type[models.Model], int, str]]:
    """As `records`, by the kinds that rows of a batch have."""
    return records((BY_KIND[kind], uid) for kind, uid in pairs if kind in BY_KIND and uid)


def records(
    pairs: Iterable[tuple[type[models.Model], str]],
) -> dict[str, tuple[type[models.Model], int, str]]:
    """uid → the record that it is or belongs to: its model, primary key and key."""
    wanted: Mapping[type[models.Model], list[str]] = defaultdict(list)
    for model, uid in pairs:
        wanted[model].append(uid)
    found: dict[str, tuple[type[models.Model], int, str]] = {}
    for model, uids in wanted.items():
        for path in _roots(model):
            prefix = f"{path}__" if path else ""
            root: Any = model._meta.get_field(path).related_model if path else model
            rows = model._base_manager.filter(uid__in=uids, **({f"{path}__isnull": False} if path else {}))
            for uid, pk, key in rows.values_list("uid", f"{prefix}pk", f"{prefix}key"):
                found[uid] = (root, pk, key)
    return found


def _roots(model: type[models.Model]) -> tuple[str, ...]:
    if issubclass(model, Aggregate):
        return ("",)
    return tuple(name.removesuffix("_id") for name in root_link(model)) if issubclass(model, Part) else ()


def link(user: Any, model: type[models.Model], pk: int) -> str:
    """The record's page at the desk, for whoever may see it; else ""."""
    options = model._meta
    if model not in admin.site._registry or not (
        user.has_perm(f"{options.app_label}.view_{options.model_name}")
        or user.has_perm(f"{options.app_label}.change_{options.model_name}")
    ):
        return ""
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[pk])
