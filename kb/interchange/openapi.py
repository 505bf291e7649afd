"""The description of the data in OpenAPI 3.1: which addresses there are, and what each answers.

Made from what makes the answers: the kinds that have pages, the filters of the lists, the fields of the documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.interchange.citing import STYLES
from kb.interchange.feeds import MEDIA_TYPE as FEED
from kb.interchange.schemas import (
    DOCUMENTS,
    FLAG,
    UID,
    UIDS,
    WHOLE,
    Schema,
    fields,
    listed,
    maybe,
    optional,
    text,
)

#: Raised when a field goes or means something else; what is added alone does not raise it.
VERSION = "1.0.0"
DESCRIPTION = """Beside every page of this site stands its data: the same address with an ending for the slash.

All of it is read only, and whoever asks gets the same; scripts of any site may read it. Answers carry an ETag: ask
again with If-None-Match, and 304 says that nothing has changed. Dates of what is told are EDTF, those of the site ISO
8601.
The document of a version never changes; its sha256 is that of its canonical JSON (names sorted, no spaces, no escapes
but the necessary, UTF-8)."""


@dataclass(frozen=True)
class Folder:
    """A kind of record and where it is: `name` is the folder of its pages. `versioned`: each version has an address."""

    kind: str
    name: str
    versioned: bool


@dataclass(frozen=True)
class Listing:
    """A list: the kind of its records, where it is, and by what it is narrowed: name and words."""

    kind: str
    name: str
    parameters: tuple[tuple[str, str], ...] = ()
    orders: tuple[str, ...] = ()


def document(
    folders: Sequence[Folder], lists: Sequence[Listing], *, site: str, desk: Mapping[str, Any]
) -> dict[str, Any]:
    """The description, as JSON has it. `site` is the address of the site, without a slash at its end."""
    paths: dict[str, Any] = {}
    for folder in folders:
        paths |= _record_paths(folder)
    for one in lists:
        paths |= _list_paths(one)
    paths |= _single_paths()
    licence = {"name": desk.get("licence") or "Not stated"}
    if desk.get("licence_url"):
        licence["url"] = desk["licence_url"]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"The data of {desk.get('name') or 'Rejoinder'}",
            "version": VERSION,
            "description": DESCRIPTION,
            "license": licence,
        },
        "servers": [{"url": site}],
        "paths": paths,
        "components": {"schemas": _schemas(lists), "responses": _responses()},
    }


# --- addresses ------------------------------------------------------------------------------------------------

KEY = {
    "name": "key",
    "in": "path",
    "required": True,
    "description": "As in the address of the page.",
    "schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
}
NUMBER = {
    "name": "number",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "minimum": 1, "maximum": 999_999_999},
}

#: What a search is asked: what no record can have narrows nothing.
SEARCH = [
    {"name": name, "in": "query", "description": words, "schema": text()}
    for name, words in (
        ("q", "The question; without one, nothing is found."),
        ("kind", "The kind of record."),
        ("rating", "Of claims: the rating, or none."),
        ("language", "The first part of a BCP 47 tag."),
    )
]

#: A view of the map.
VIEW = [
    {"name": name, "in": "query", "description": words, "schema": schema}
    for name, words, schema in (
        ("at", "Its middle, as in 44.83,147.83: degrees north and east.", text()),
        ("zoom", "0 is the whole world; each more is half as wide.", {"type": "integer", "minimum": 0}),
        ("place_kind", "The kind of place.", text()),
    )
]
PAGE = {
    "name": "page",
    "in": "query",
    "description": "Taken from `next`; there are no more than can be ranked.",
    "schema": {"type": "integer", "minimum": 1},
}


def _record_paths(folder: Folder) -> dict[str, Any]:
    there = f"/{folder.name}/{{key}}"
    found = {f"{there}.json": _get(f"The current version of a record: {folder.kind}", folder.kind, [KEY])}
    if folder.versioned:
        found[f"{there}/v/{{number}}.json"] = _get(
            f"A version of a record as it was published: {folder.kind}", folder.kind, [KEY, NUMBER]
        )
        for style in STYLES.values():
            found[f"{there}/v/{{number}}.{style.ending}"] = _get(
                f"How a version is cited, as {style.name}: {folder.kind}",
                None,
                [KEY, NUMBER],
                media_type=style.media_type,
            )
    return found


def _list_paths(one: Listing) -> dict[str, Any]:
    several = {"style": "form", "explode": True}
    narrowing = [
        {"name": name, "in": "query", "description": words, "schema": listed(text()), **several}
        for name, words in one.parameters
    ]
    if one.orders:
        narrowing.append(
            {"name": "sort", "in": "query", "schema": {"type": "string", "enum": list(one.orders)}}
        )
    where = {
        "name": "after",
        "in": "query",
        "description": "Where the page begins: taken from `next` of the page before.",
        "schema": text(),
    }
    listed_as = f"list_{one.kind}"
    return {
        f"/{one.name}.json": _get(
            f"A page of a list: {one.name}", listed_as, [*narrowing, where], listing=True
        ),
        f"/{one.name}.csv": _get(
            f"The whole list as csv: {one.name}", None, narrowing, media_type="text/csv", listing=True
        ),
        f"/{one.name}.atom": _get(
            f"What was last published of a list: {one.name}",
            None,
            [one for one in narrowing if one["name"] != "sort"],
            media_type=FEED,
            listing=True,
        ),
    }


def _single_paths() -> dict[str, Any]:
    policy = "The policy by which disputed places are named"
    return {
        "/corrections/{number}.json": _get("An entry of the ledger, by its number", "correction", [NUMBER]),
        "/about.json": _get("What the desk says of itself", "desk", []),
        "/about/names.json": _get(policy, "naming-policy", []),
        "/about/names/v/{number}.json": _get(f"{policy}, as it was", "naming-policy", [NUMBER]),
        "/data/manifest.json": _get("The whole book as one file: where, and what is in it", "manifest", []),
        "/places/map.json": _get(
            "The places in a view of the map, as GeoJSON",
            "map",
            VIEW,
            media_type="application/geo+json",
            listing=True,
        ),
        "/search.json": _get(
            "A page of what fits a question, the best first", "search", [*SEARCH, PAGE], plain=True
        ),
        "/search.atom": _get(
            "What came out last of all that has the words of a question",
            None,
            SEARCH,
            media_type=FEED,
            plain=True,
        ),
        "/places/{key}.atom": _feed("The claims last published about a place and its parts", [KEY]),
        "/sources/{key}.atom": _feed("The claims last published that were made in a source", [KEY]),
    }


def _feed(summary: str, parameters: list[Any]) -> dict[str, Any]:
    return _get(summary, None, parameters, media_type=FEED)


def _get(
    summary: str,
    schema: str | None,
    parameters: list[Any],
    *,
    media_type: str = "application/json",
    listing: bool = False,
    plain: bool = False,
) -> dict[str, Any]:
    """`listing`: it can be asked for what it does not have; `plain`: every question has an answer."""
    body: Schema = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "string"}
    answers: dict[str, Any] = {
        "200": {"description": "As described", "content": {media_type: {"schema": body}}},
        "304": {"$ref": "#/components/responses/unchanged"},
    }
    if listing:
        answers["400"] = {"$ref": "#/components/responses/misunderstood"}
    elif plain:
        pass
    elif parameters:
        answers |= {
            "301": {"$ref": "#/components/responses/moved"},
            "404": {"$ref": "#/components/responses/missing"},
            "410": {"$ref": "#/components/responses/gone"},
        }
    else:
        answers["404"] = {"$ref": "#/components/responses/missing"}
    return {"get": {"summary": summary, "parameters": parameters, "responses": answers}}


def _responses() -> dict[str, Any]:
    def told(description: str, schema: str) -> dict[str, Any]:
        return {
            "description": description,
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        }

    return {
        "unchanged": {"description": "What you have is current."},
        "moved": {"description": "The record has another address now."},
        "missing": told("Nothing is published at this address.", "error"),
        "misunderstood": told("The list cannot be narrowed so.", "error"),
        "gone": told("The record was withdrawn.", "tombstone"),
    }


# --- answers --------------------------------------------------------------------------------------------------

LINK = maybe(text(format="uri"))
LABEL = optional(
    fields(
        uid=UID,
        kind=text(),
        label=text("What it is called; of a place by all names that the naming policy puts side by side."),
        url=LINK,
        withdrawn=FLAG,
        names=listed(fields(text=text(), language=text("BCP 47"))),
    ),
    "names",
)
LICENCE = fields(text=text(), url=text(), desk=text("Whose the data is."))
VERSION_OF_RECORD = fields(
    number=WHOLE,
    current=FLAG,
    newest={**WHOLE, "description": "The number of the current version."},
    url=LINK,
    compare_url=LINK,
    released_at=text(format="date-time"),
    release={**WHOLE, "description": "The number of the act of publishing."},
    why=text(),
    sha256=text("Of the document's canonical JSON, as it was published."),
    redacted={**FLAG, "description": "Text was taken from it since, so the hash no longer holds."},
)
STATE = fields(stale=FLAG, challenged=FLAG, corrected=FLAG)
ERROR = fields(error=text("In words."))
TOMBSTONE = fields(kind=text(), key=text(), url=LINK, withdrawn_at=text(format="date-time"), why=text())
MANIFEST = fields(
    url=LINK,
    file=text(),
    bytes=WHOLE,
    sha256=text(),
    format=WHOLE,
    made_at=text(format="date-time"),
    release=WHOLE,
    released_at=maybe(text(format="date-time")),
    licence=LICENCE,
    files=listed(fields(name=text(), kind=text(), records=WHOLE, bytes=WHOLE, sha256=text())),
)


def record(kind: str) -> Schema:
    """A version of a record of this kind."""
    told = fields(
        kind={"const": kind},
        uid=UID,
        key=text(),
        label=text(),
        url=LINK,
        version=_ref("version"),
        merged_into={"oneOf": [_ref("label"), {"type": "null"}]},
        licence=_ref("licence"),
        document=_ref(f"document_{kind}"),
        labels={
            "type": "object",
            "description": "What the records that the document refers to are called, by uid.",
            "additionalProperties": _ref("label"),
        },
    )
    if kind == "claim":
        told["properties"] |= {"state": STATE, "rebuttals": UIDS, "corrections": UIDS}
    return told


def _in_list(kind: Schema, **further: Schema) -> Schema:
    return fields(
        kind=kind,
        uid=UID,
        key=text(),
        label=text(),
        url=LINK,
        data_url=LINK,
        card={"type": "object", "description": "What the list shows of it."},
        **further,
    )


#: How many there are.
AMOUNT = {
    "total": WHOLE,
    "exact": {**FLAG, "description": "Whether there are just so many; else there are more."},
}


def search() -> Schema:
    """A page of results."""
    return fields(
        question=text("As it was looked for."),
        **AMOUNT,
        some={**FLAG, "description": "Whether nothing has all the words, and these have some."},
        kinds={
            "type": "object",
            "description": "How many of each kind there are, whichever is chosen.",
            "additionalProperties": fields(**AMOUNT),
        },
        next=LINK,
        previous=LINK,
        licence=_ref("licence"),
        entries=listed(
            _in_list(text(), text=text("Where its words are, beside its label; empty if there alone."))
        ),
    )


def geojson() -> Schema:
    """The places in a view of the map: RFC 7946, with how many there are."""
    return fields(
        type={"const": "FeatureCollection"},
        total=WHOLE,
        licence=_ref("licence"),
        features=listed(
            fields(
                type={"const": "Feature"},
                geometry=fields(
                    type={"const": "Point"}, coordinates=listed({"type": "number"}, "East, then north.")
                ),
                properties=fields(
                    count={**WHOLE, "description": "How many places are drawn as this point."},
                    place={"oneOf": [_ref("label"), {"type": "null"}]},
                ),
            )
        ),
    )


def list_of(kind: str) -> Schema:
    """A page of a list of records of this kind."""
    return fields(
        **AMOUNT,
        next=LINK,
        previous=LINK,
        csv_url=LINK,
        licence=_ref("licence"),
        entries=listed(_in_list({"const": kind})),
        labels={"type": "object", "additionalProperties": _ref("label")},
    )


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _schemas(lists: Sequence[Listing]) -> dict[str, Schema]:
    return {
        **{kind: record(kind) for kind in DOCUMENTS if kind != "delivery"},
        **{f"document_{kind}": schema for kind, schema in DOCUMENTS.items()},
        **{f"list_{one.kind}": list_of(one.kind) for one in lists},
        "label": LABEL,
        "licence": LICENCE,
        "version": VERSION_OF_RECORD,
        "error": ERROR,
        "tombstone": TOMBSTONE,
        "manifest": MANIFEST,
        "map": geojson(),
        "search": search(),
    }
