"""What the documents of the book hold, field by field: said once, for the description of the data and for csv.

Names are those of the documents. References are uids; dates are EDTF, or ISO 8601 where a day or a moment is meant;
decimals are texts, which lose nothing.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def text(description: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": description} if description else {}), **more}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def listed(items: Schema, description: str = "") -> Schema:
    return {"type": "array", "items": items, **({"description": description} if description else {})}


def fields(**given: Schema) -> Schema:
    """An object that has all these fields and no other."""
    return {
        "type": "object",
        "properties": given,
        "required": sorted(given),
        "additionalProperties": False,
    }


def optional(schema: Schema, *names: str) -> Schema:
    """An object in which these need not be: documents published before they came have none."""
    return {**schema, "required": [name for name in schema["required"] if name not in names]}


UID = text("A permanent identifier.")
UIDS = listed(UID)
EDTF = text("A date in EDTF; empty where there is none.")
LANGUAGE = text("BCP 47.")
DECIMAL = maybe(text("A decimal number."))
DAY = maybe(text("ISO 8601, a day."))
MOMENT = maybe(text("ISO 8601, a moment."))
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}

EVIDENCE = fields(
    uid=UID,
    relation=text("supports, contradicts or gives-context"),
    source=UID,
    quote=text(),
    language=LANGUAGE,
    locator=text(),
    note=text(),
)

_AGENT = {
    "name": text(),
    "native_name": text(),
    "agent_kind": text(),
    "wikidata": text(),
    "url": text(),
    "note": text(),
}
_TOPIC = {"name": text(), "note": text()}
_SOURCE = {
    "type": text("A type of item of CSL 1.0.2."),
    "title": text(),
    **{name: text() for name in ("container_title", "publisher")},
    "issued": EDTF,
    "language": LANGUAGE,
    **{name: text() for name in ("url", "archived_url", "doi", "isbn", "volume", "issue", "pages")},
    **{name: text() for name in ("archive", "archive_location", "note")},
    "accessed": DAY,
    "in_reply_to": maybe(UID),
    "derived_from": UIDS,
    "standing": fields(status=text(), since=text(), notice=text()),
    "contributions": listed(fields(uid=UID, agent=UID, role=text("A name role of CSL."))),
    "snapshots": listed(
        fields(
            uid=UID,
            extent=text("whole or excerpts"),
            rights=text("private, excerpts or public"),
            sha256=text("Of the captured text."),
            url=text(),
            captured_at=MOMENT,
        )
    ),
}
_PLACE = {
    "place_kind": text(),
    "part_of": maybe(UID),
    "latitude": DECIMAL,
    "longitude": DECIMAL,
    "geometry": {"type": ["object", "null"], "description": "GeoJSON."},
    "geonames": maybe(WHOLE),
    **{name: text() for name in ("time_zone", "wikidata", "note")},
    "names": listed(
        fields(
            uid=UID,
            text=text(),
            language=LANGUAGE,
            kind=text("endonym, exonym, historical, variant or reading"),
            when=EDTF,
            used_by=UIDS,
            used_in=UIDS,
            romanisation_of=maybe(UID),
            source=maybe(UID),
            locator=text(),
        )
    ),
    "statuses": listed(
        fields(
            uid=UID,
            relation=text("claims, administers, recognises or renounces"),
            when=EDTF,
            locator=text(),
            agent=UID,
            source=UID,
        )
    ),
}
_EVENT = {
    "title": text(),
    "language": LANGUAGE,
    "when": EDTF,
    "note": text(),
    "places": UIDS,
    "participants": UIDS,
    "part_of": maybe(UID),
    "after": UIDS,
}
_APPEARANCE = optional(
    fields(
        uid=UID,
        source=UID,
        snapshot=maybe(UID),
        **{name: text() for name in ("quote", "prefix", "suffix", "translation", "locator")},
        start=maybe(WHOLE),
        end=maybe(WHOLE),
        stance=text("asserts, reports, questions or denies"),
        fidelity=text("verbatim, translation or paraphrase"),
        anchor=text("exact, orphan or none"),
        claimants=UIDS,
        derived_from=maybe(UID),
        derived_from_source=maybe(UID),
    ),
    "derived_from_source",
)
_VALUE = fields(
    uid=UID,
    about=fields(kind=text(), uid=UID),
    attribute=fields(
        key=text(), label=text(), type=text("date, quantity, coordinates or text"), dimension=text()
    ),
    qualifier=text(),
    raw=text("As the source has it."),
    certainty=text("certain, less-certain or uncertain"),
    edtf=EDTF,
    calendar=text(),
    time_zone=text(),
    relation=text(),
    offset=text(),
    earliest=maybe(WHOLE),
    latest=maybe(WHOLE),
    amount=DECIMAL,
    low=DECIMAL,
    high=DECIMAL,
    unit=text(),
    as_of=EDTF,
    latitude=DECIMAL,
    longitude=DECIMAL,
    text=text(),
    appearance=maybe(UID),
    relative_to=maybe(UID),
    measured_from=maybe(text("A uid; empty where it is not published.")),
)
_ASSESSMENT = fields(
    rating=text("accurate, partly-accurate, inaccurate, unproven, outdated or not-rateable"),
    disputed=FLAG,
    rationale=text(),
    language=LANGUAGE,
    assessed_on=DAY,
    assessed_at=MOMENT,
    editors=WHOLE,
)
_CLAIM = {
    "statement": text(),
    "language": LANGUAGE,
    "claim_kind": text(),
    "topics": UIDS,
    "places": UIDS,
    "events": UIDS,
    "appearances": listed(_APPEARANCE),
    "values": listed(_VALUE),
    "evidence": listed(EVIDENCE),
    "reviews": listed(
        fields(
            uid=UID,
            reviewer=UID,
            source=maybe(UID),
            rating_text=text(),
            when=EDTF,
            rating_value=DECIMAL,
            best=DECIMAL,
            worst=DECIMAL,
        )
    ),
    "assessment": maybe(_ASSESSMENT),
    "stale": maybe(fields(since=DAY, reason=text())),
}
_REBUTTAL = {
    "claim": UID,
    "appearances": UIDS,
    "replies_to": maybe(UID),
    "duplicate_of": maybe(UID),
    "scope": text(),
    "mode": text("contradicts or undercuts"),
    "text": text(),
    "language": LANGUAGE,
    "proposed": text(),
    "source": maybe(UID),
    "raised_by": maybe(UID),
    "counterclaims": UIDS,
    "evidence": listed(EVIDENCE),
    "decision": text(),
    "reason": text(),
    "received_on": DAY,
    "decided_on": DAY,
    "decided_at": MOMENT,
}
_CORRECTION = {
    "number": WHOLE,
    "type": text("correction, clarification, editors-note, retraction or update"),
    "of": text(),
    "said": text(),
    "right": text(),
    "language": LANGUAGE,
    "claim": UID,
    "rebuttal": maybe(UID),
    "corrects": maybe(UID),
    "discovered": DAY,
    "published_on": DAY,
    "published_at": MOMENT,
    "previous_hash": text("Of the entry before; empty for the first."),
    "hash": text("SHA-256, as /corrections/check/ says."),
}
_DELIVERY = {
    "correction": UID,
    "claim": maybe(UID),
    "appearance": UID,
    "source": maybe(UID),
    "contacted_on": DAY,
    "how": text(),
    "deadline": DAY,
    "answer": text(),
    "outcome": text("pending, corrected, declined, no-reply or unreachable"),
}
_DESK = {
    **{name: text() for name in ("name", "tagline", "notice", "contact", "about", "ratings_policy")},
    **{name: text() for name in ("corrections_policy", "licence", "licence_url")},
    "language": LANGUAGE,
}
_POLICY = {
    "text": text(),
    "language": LANGUAGE,
    "letters": fields(text=text(), list=text(), heading=text()),
    "rules": listed(fields(uid=UID, place=maybe(UID), first=UID, second=UID)),
}

_FIELDS = {
    "agent": _AGENT,
    "claim": _CLAIM,
    "correction": _CORRECTION,
    "delivery": _DELIVERY,
    "desk": _DESK,
    "event": _EVENT,
    "naming-policy": _POLICY,
    "place": _PLACE,
    "rebuttal": _REBUTTAL,
    "source": _SOURCE,
    "topic": _TOPIC,
}

#: kind → what its document holds.
DOCUMENTS: dict[str, Schema] = {
    kind: fields(
        schema={**WHOLE, "description": "The number of the document's shape."},
        kind={"const": kind},
        uid=UID,
        key=text("What its address is made of."),
        **given,
    )
    for kind, given in _FIELDS.items()
}
DOCUMENTS["naming-policy"]["required"].remove("letters")
