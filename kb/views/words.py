"""The words that readers see for the book's vocabularies.

Documents hold codes ("partly-accurate", "gives-context"); these tables say them in the language of the page. A code
that is missing here is shown as it is, with its hyphens as spaces: an old version may hold one that is no longer used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: A word, or the promise of one in the language of whoever reads it.
Word = str | Promise


@dataclass(frozen=True)
class Verdict:
    """A rating or a decision as readers see it: a word, a tone (a CSS class), a shape, and what it means."""

    word: Word
    tone: str
    shape: str
    meaning: Word


RATINGS = {
    "accurate": Verdict(
        pgettext_lazy("rating", "Accurate"),
        "good",
        "tick",
        _("The sources that we hold independent of each other bear it out."),
    ),
    "partly-accurate": Verdict(
        pgettext_lazy("rating", "Partly accurate"),
        "half",
        "half",
        _("It holds in part, or only in another sense than its words have."),
    ),
    "inaccurate": Verdict(
        pgettext_lazy("rating", "Inaccurate"), "bad", "cross", _("The evidence contradicts it.")
    ),
    "unproven": Verdict(
        pgettext_lazy("rating", "Unproven"), "open", "question", _("The evidence decides it neither way.")
    ),
    "outdated": Verdict(
        pgettext_lazy("rating", "Outdated"),
        "past",
        "clock",
        _("It was right when it was said, and has ceased to be."),
    ),
    "not-rateable": Verdict(
        pgettext_lazy("rating", "Not rateable"),
        "past",
        "dash",
        _("A prediction, an opinion or a definition: evidence cannot decide it yet, or ever."),
    ),
}
UNRATED = Verdict(pgettext_lazy("rating", "Not assessed"), "past", "ring", _("The desk has not judged it."))

DECISIONS = {
    "received": Verdict(
        pgettext_lazy("decision", "Received"), "past", "ring", _("Nobody has looked at it yet.")
    ),
    "under-review": Verdict(
        pgettext_lazy("decision", "Under review"), "open", "question", _("An editor is weighing it.")
    ),
    "accepted": Verdict(pgettext_lazy("decision", "Accepted"), "good", "tick", _("The desk agrees.")),
    "partly-accepted": Verdict(
        pgettext_lazy("decision", "Accepted in part"), "half", "half", _("The desk agrees with part of it.")
    ),
    "rejected": Verdict(pgettext_lazy("decision", "Rejected"), "bad", "cross", _("The desk does not agree.")),
    "duplicate": Verdict(
        pgettext_lazy("decision", "Duplicate"), "past", "dash", _("An earlier rebuttal says the same.")
    ),
    "withdrawn": Verdict(
        pgettext_lazy("decision", "Withdrawn"), "past", "dash", _("Whoever raised it took it back.")
    ),
}

OUTCOMES = {
    "pending": Verdict(pgettext_lazy("outcome", "Pending"), "open", "ring", _("No answer yet.")),
    "corrected": Verdict(
        pgettext_lazy("outcome", "Corrected by the publisher"),
        "good",
        "tick",
        _("The publisher has corrected it."),
    ),
    "declined": Verdict(
        pgettext_lazy("outcome", "Declined by the publisher"),
        "bad",
        "cross",
        _("The publisher will not correct it."),
    ),
    "no-reply": Verdict(
        pgettext_lazy("outcome", "No reply"), "past", "dash", _("The deadline passed without an answer.")
    ),
    "unreachable": Verdict(
        pgettext_lazy("outcome", "Publisher not reachable"), "past", "dash", _("Nobody there could be asked.")
    ),
}

#: What a record is, by the kind of its document.
KINDS: dict[str, Word] = {
    "agent": _("Person or body"),
    "claim": _("Claim"),
    "correction": _("Correction"),
    "event": _("Event"),
    "naming-policy": _("Naming policy"),
    "place": _("Place"),
    "rebuttal": _("Rebuttal"),
    "source": _("Source"),
    "topic": _("Topic"),
}

CLAIM_KINDS: dict[str, Word] = {
    "event-date": pgettext_lazy("kind of claim", "date of an event"),
    "quantity": pgettext_lazy("kind of claim", "quantity"),
    "attribution": pgettext_lazy("kind of claim", "attribution"),
    "status": pgettext_lazy("kind of claim", "status"),
    "causal": pgettext_lazy("kind of claim", "cause"),
    "definition": pgettext_lazy("kind of claim", "definition"),
    "prediction": pgettext_lazy("kind of claim", "prediction"),
    "opinion": pgettext_lazy("kind of claim", "opinion"),
    "other": pgettext_lazy("kind of claim", "other"),
}

STALE_REASONS: dict[str, Word] = {
    "quote": _("a quote has changed"),
    "value": _("a stated value has changed"),
    "evidence": _("the evidence has changed"),
    "rebuttal": _("a rebuttal was accepted"),
}

SCOPES: dict[str, Word] = {
    "quotation": _("on the quotation"),
    "attribution": _("on who said it"),
    "date": _("on the date"),
    "figure": _("on the figure"),
    "name": _("on the name"),
    "inference": _("on the inference"),
    "context": _("on the context"),
}

#: The same as a reader chooses from, to see what was said on one alone.
SCOPE_NAMES: dict[str, Word] = {
    "quotation": pgettext_lazy("rebutted", "Quotation"),
    "attribution": pgettext_lazy("rebutted", "Who said it"),
    "date": pgettext_lazy("rebutted", "Date"),
    "figure": pgettext_lazy("rebutted", "Figure"),
    "name": pgettext_lazy("rebutted", "Name"),
    "inference": pgettext_lazy("rebutted", "Inference"),
    "context": pgettext_lazy("rebutted", "Context"),
}

MODES: dict[str, Word] = {
    "contradicts": _("says that it is false"),
    "undercuts": _("says that its grounds do not carry it"),
}

#: The same as what a rebuttal says of its claim, in a line of its own.
SAID_OF_CLAIM: dict[str, Word] = {
    "contradicts": _("That it is false"),
    "undercuts": _("That its grounds do not carry it"),
}

RELATIONS: dict[str, Word] = {
    "supports": pgettext_lazy("evidence", "supports"),
    "contradicts": pgettext_lazy("evidence", "contradicts"),
    "gives-context": pgettext_lazy("evidence", "gives context"),
}

STANCES: dict[str, Word] = {
    "asserts": pgettext_lazy("stance", "asserts it"),
    "reports": pgettext_lazy("stance", "reports it"),
    "questions": pgettext_lazy("stance", "questions it"),
    "denies": pgettext_lazy("stance", "denies it"),
}

FIDELITIES: dict[str, Word] = {
    "verbatim": "",
    "translation": _("in translation"),
    "paraphrase": _("in other words"),
}

STATUS_RELATIONS: dict[str, Word] = {
    "claims": pgettext_lazy("status", "claims"),
    "administers": pgettext_lazy("status", "administers"),
    "recognises": pgettext_lazy("status", "recognises"),
    "renounces": pgettext_lazy("status", "renounces"),
}

PLACE_KINDS: dict[str, Word] = {
    "island": pgettext_lazy("place", "Island"),
    "archipelago": pgettext_lazy("place", "Archipelago"),
    "city": pgettext_lazy("place", "City"),
    "region": pgettext_lazy("place", "Region"),
    "sea": pgettext_lazy("place", "Sea"),
    "state": pgettext_lazy("place", "State"),
    "other": pgettext_lazy("place", "Place"),
}

RULINGS: dict[str, Word] = {
    "real": pgettext_lazy("ruling", "Real conflict"),
    "compatible": pgettext_lazy("ruling", "Compatible"),
    "different-scope": pgettext_lazy("ruling", "About different things"),
    "date-basis": pgettext_lazy("ruling", "Dates on a different basis"),
}

NAME_KINDS: dict[str, Word] = {
    "endonym": "",
    "exonym": pgettext_lazy("name", "exonym"),
    "historical": pgettext_lazy("name", "historical"),
    "variant": pgettext_lazy("name", "variant spelling"),
    "reading": pgettext_lazy("name", "reading"),
}

KINDS_OF_TEXT: dict[str, Word] = {
    "text": _("In running text"),
    "list": _("In lists"),
    "heading": _("In headings"),
}

LETTERS: dict[str, Word] = {
    "readers": _("Each name in letters that readers of this policy read, where it has such a form."),
    "own": _("Each name as the party that uses it writes it."),
    "both": _(
        "Each name in letters that readers of this policy read, and as the party that uses it writes it."
    ),
}

AGENT_KINDS: dict[str, Word] = {
    "person": pgettext_lazy("agent", "Person"),
    "organisation": pgettext_lazy("agent", "Organisation"),
    "state": pgettext_lazy("agent", "State"),
    "group": pgettext_lazy("agent", "Group"),
    "anonymous": pgettext_lazy("agent", "Anonymous reader"),
}

CORRECTION_TYPES: dict[str, Word] = {
    "correction": pgettext_lazy("correction", "Correction"),
    "clarification": pgettext_lazy("correction", "Clarification"),
    "editors-note": pgettext_lazy("correction", "Editor’s note"),
    "retraction": pgettext_lazy("correction", "Retraction"),
    "update": pgettext_lazy("correction", "Update"),
}

READ_CORRECTION: dict[str, Word] = {
    "correction": _("Read the correction"),
    "clarification": _("Read the clarification"),
    "editors-note": _("Read the editor’s note"),
    "retraction": _("Read the retraction"),
    "update": _("Read the update"),
}

CORRECTION_OF: dict[str, Word] = {"source": _("of what a source said"), "desk": _("of the desk’s own record")}

STANDINGS: dict[str, Word] = {
    "current": "",
    "corrected": pgettext_lazy("source", "Corrected by its publisher"),
    "clarified": pgettext_lazy("source", "Clarified by its publisher"),
    "expression-of-concern": pgettext_lazy("source", "Its publisher has expressed concern"),
    "retracted": pgettext_lazy("source", "Retracted"),
    "retracted-and-replaced": pgettext_lazy("source", "Retracted and replaced"),
    "removed": pgettext_lazy("source", "Removed by its publisher"),
}

# The item types of CSL 1.0.2.
SOURCE_TYPES: dict[str, Word] = {
    "article": pgettext_lazy("type of source", "article"),
    "article-journal": pgettext_lazy("type of source", "journal article"),
    "article-magazine": pgettext_lazy("type of source", "magazine article"),
    "article-newspaper": pgettext_lazy("type of source", "newspaper article"),
    "bill": pgettext_lazy("type of source", "bill"),
    "book": pgettext_lazy("type of source", "book"),
    "broadcast": pgettext_lazy("type of source", "broadcast"),
    "chapter": pgettext_lazy("type of source", "chapter"),
    "classic": pgettext_lazy("type of source", "classic"),
    "collection": pgettext_lazy("type of source", "collection"),
    "dataset": pgettext_lazy("type of source", "dataset"),
    "document": pgettext_lazy("type of source", "document"),
    "entry": pgettext_lazy("type of source", "entry"),
    "entry-dictionary": pgettext_lazy("type of source", "dictionary entry"),
    "entry-encyclopedia": pgettext_lazy("type of source", "encyclopedia entry"),
    "event": pgettext_lazy("type of source", "event"),
    "figure": pgettext_lazy("type of source", "figure"),
    "graphic": pgettext_lazy("type of source", "graphic"),
    "hearing": pgettext_lazy("type of source", "hearing"),
    "interview": pgettext_lazy("type of source", "interview"),
    "legal_case": pgettext_lazy("type of source", "legal case"),
    "legislation": pgettext_lazy("type of source", "legislation"),
    "manuscript": pgettext_lazy("type of source", "manuscript"),
    "map": pgettext_lazy("type of source", "map"),
    "motion_picture": pgettext_lazy("type of source", "film"),
    "musical_score": pgettext_lazy("type of source", "musical score"),
    "pamphlet": pgettext_lazy("type of source", "pamphlet"),
    "paper-conference": pgettext_lazy("type of source", "conference paper"),
    "patent": pgettext_lazy("type of source", "patent"),
    "performance": pgettext_lazy("type of source", "performance"),
    "periodical": pgettext_lazy("type of source", "periodical"),
    "personal_communication": pgettext_lazy("type of source", "personal communication"),
    "post": pgettext_lazy("type of source", "comment"),
    "post-weblog": pgettext_lazy("type of source", "blog post"),
    "regulation": pgettext_lazy("type of source", "regulation"),
    "report": pgettext_lazy("type of source", "report"),
    "review": pgettext_lazy("type of source", "review"),
    "review-book": pgettext_lazy("type of source", "book review"),
    "software": pgettext_lazy("type of source", "software"),
    "song": pgettext_lazy("type of source", "song"),
    "speech": pgettext_lazy("type of source", "speech"),
    "standard": pgettext_lazy("type of source", "standard"),
    "thesis": pgettext_lazy("type of source", "thesis"),
    "treaty": pgettext_lazy("type of source", "treaty"),
    "webpage": pgettext_lazy("type of source", "web page"),
}


#: The attributes that every desk starts with, by their keys: the label that they start with, and what readers see.
ATTRIBUTES: dict[str, tuple[str, Word]] = {
    "occurred": ("took place", pgettext_lazy("attribute", "took place")),
    "began": ("began", pgettext_lazy("attribute", "began")),
    "ended": ("ended", pgettext_lazy("attribute", "ended")),
    "announced": ("was announced", pgettext_lazy("attribute", "was announced")),
    "declared": ("was declared", pgettext_lazy("attribute", "was declared")),
    "delivered": ("was delivered", pgettext_lazy("attribute", "was delivered")),
    "effective": ("took effect", pgettext_lazy("attribute", "took effect")),
    "signed": ("was signed", pgettext_lazy("attribute", "was signed")),
    "ratified": ("was ratified", pgettext_lazy("attribute", "was ratified")),
    "in-force": ("came into force", pgettext_lazy("attribute", "came into force")),
    "expires": ("expires", pgettext_lazy("attribute", "expires")),
    "population": ("population", pgettext_lazy("attribute", "population")),
    "count": ("number", pgettext_lazy("attribute", "number")),
    "area": ("area", pgettext_lazy("attribute", "area")),
    "distance": ("distance", pgettext_lazy("attribute", "distance")),
    "coordinates": ("coordinates", pgettext_lazy("attribute", "coordinates")),
    "named": ("name", pgettext_lazy("attribute", "name")),
    "described": ("description", pgettext_lazy("attribute", "description")),
}


def attribute(given: Mapping[str, str]) -> str:
    """What a document calls an attribute; in the page's language where the desk has not given it a label of its own."""
    label, said = ATTRIBUTES.get(given["key"], ("", ""))
    return str(said) if given["label"] == label else given["label"]


def word(table: Mapping[str, Word], code: str) -> str:
    """The word for a code; the code itself, readable, where the table has none."""
    return str(table.get(code, code.replace("-", " ").replace("_", " ")))


def verdict(table: Mapping[str, Verdict], code: str) -> Verdict:
    """The verdict for a code; an empty one is `UNRATED`."""
    if not code:
        return UNRATED
    return table.get(code) or Verdict(code.replace("-", " ").capitalize(), "past", "ring", "")
