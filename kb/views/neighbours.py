"""Labels of what a page refers to, at one remove or two, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from kb.book import reading

Document = dict[str, Any]
Labels = dict[str, "reading.Label"]


def labels_around(page: reading.Page, *documents: Document, further: Iterable[str] = ()) -> Labels:
    """The page's own labels, those of its neighbours and `further` ones, with the authors of every source among them.

    The page's own come first: an old version shows what things were called then.
    """
    missing = reading.named_in(*documents).union(further) - page.labels.keys()
    found: Labels = {**(reading.labels(missing) if missing else {}), **page.labels}
    return with_authors(found if page.is_current else with_languages(found))


def with_languages(labels: Labels) -> Labels:
    """Labels that an old version kept hold no card; the language that a title is in has not changed since."""
    today = reading.labels(uid for uid, label in labels.items() if not label.card)
    found = dict(labels)
    for uid, label in today.items():
        if language := label.card.get("language"):
            found[uid] = replace(found[uid], card={"language": language})
    return found


def with_authors(labels: Labels) -> Labels:
    """The labels, and those of the authors that sources among them name on their cards."""
    authors = {
        uid for label in labels.values() if label.kind == "source" for uid in label.card.get("authors", ())
    }
    missing = authors - labels.keys()
    return {**reading.labels(missing), **labels} if missing else labels


def named_on(card: Mapping[str, Any]) -> list[str]:
    """The uids of the records that a card names."""
    named = [card.get(name) for name in ("claim", "raised_by", "part_of")]
    several = [uid for name in ("events", "authors", "places") for uid in card.get(name) or ()]
    return [uid for uid in (*named, *several) if uid]


def of_kind(documents: Iterable[Document], kind: str) -> list[Document]:
    return [document for document in documents if document["kind"] == kind]
