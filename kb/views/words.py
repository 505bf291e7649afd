"""The words that readers see for the book's vocabularies.

Documents hold codes ("partly-accurate", "gives-context"); these tables say them in English. A code that is missing here
is shown as it is, with its hyphens as spaces: an old version may hold one that is no longer used.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """A rating or a decision as readers see it: a word, a tone (a CSS class), a shape, and what it means."""

    word: str
    tone: str
    shape: str
    meaning: str


RATINGS = {
    "accurate": Verdict(
        "Accurate", "good", "tick", "The sources that we hold independent of each other bear it out."
    ),
    "partly-accurate": Verdict(
        "Partly accurate", "half", "half", "It holds in part, or only in another sense than its words have."
    ),
    "inaccurate": Verdict("Inaccurate", "bad", "cross", "The evidence contradicts it."),
    "unproven": Verdict("Unproven", "open", "question", "The evidence decides it neither way."),
    "outdated": Verdict("Outdated", "past", "clock", "It was right when it was said, and has ceased to be."),
    "not-rateable": Verdict(
        "Not rateable",
        "past",
        "dash",
        "A prediction, an opinion or a definition: evidence cannot decide it yet, or ever.",
    ),
}
UNRATED = Verdict("Not assessed", "past", "ring", "The desk has not judged it.")

DECISIONS = {
    "received": Verdict("Received", "past", "ring", "Nobody has looked at it yet."),
    "under-review": Verdict("Under review", "open", "question", "An editor is weighing it."),
    "accepted": Verdict("Accepted", "good", "tick", "The desk agrees."),
    "partly-accepted": Verdict("Accepted in part", "half", "half", "The desk agrees with part of it."),
    "rejected": Verdict("Rejected", "bad", "cross", "The desk does not agree."),
    "duplicate": Verdict("Duplicate", "past", "dash", "An earlier rebuttal says the same."),
    "withdrawn": Verdict("Withdrawn", "past", "dash", "Whoever raised it took it back."),
}

OUTCOMES = {
    "pending": Verdict("Pending", "open", "ring", "No answer yet."),
    "corrected": Verdict("Corrected by the publisher", "good", "tick", "The publisher has corrected it."),
    "declined": Verdict("Declined by the publisher", "bad", "cross", "The publisher will not correct it."),
    "no-reply": Verdict("No reply", "past", "dash", "The deadline passed without an answer."),
    "unreachable": Verdict("Publisher not reachable", "past", "dash", "Nobody there could be asked."),
}

CLAIM_KINDS = {
    "event-date": "date of an event",
    "quantity": "quantity",
    "attribution": "attribution",
    "status": "status",
    "causal": "cause",
    "definition": "definition",
    "prediction": "prediction",
    "opinion": "opinion",
    "other": "other",
}

STALE_REASONS = {
    "quote": "a quote has changed",
    "value": "a stated value has changed",
    "evidence": "the evidence has changed",
    "rebuttal": "a rebuttal was accepted",
}

SCOPES = {
    "quotation": "on the quotation",
    "attribution": "on who said it",
    "date": "on the date",
    "figure": "on the figure",
    "name": "on the name",
    "inference": "on the inference",
    "context": "on the context",
}

MODES = {"contradicts": "says that it is false", "undercuts": "says that its grounds do not carry it"}

RELATIONS = {"supports": "supports", "contradicts": "contradicts", "gives-context": "gives context"}

STANCES = {
    "asserts": "asserts it",
    "reports": "reports it",
    "questions": "questions it",
    "denies": "denies it",
}

FIDELITIES = {"verbatim": "", "translation": "in translation", "paraphrase": "in other words"}

STATUS_RELATIONS = {
    "claims": "claims",
    "administers": "administers",
    "recognises": "recognises",
    "renounces": "renounces",
}

PLACE_KINDS = {
    "island": "Island",
    "archipelago": "Archipelago",
    "city": "City",
    "region": "Region",
    "sea": "Sea",
    "state": "State",
    "other": "Place",
}

RULINGS = {
    "real": "Real conflict",
    "compatible": "Compatible",
    "different-scope": "About different things",
    "date-basis": "Dates on a different basis",
}

NAME_KINDS = {
    "endonym": "",
    "exonym": "exonym",
    "historical": "historical",
    "variant": "variant spelling",
    "reading": "reading",
}

KINDS_OF_TEXT = {"text": "In running text", "list": "In lists", "heading": "In headings"}

LETTERS = {
    "readers": "Each name in letters that readers of this policy read, where it has such a form.",
    "own": "Each name as the party that uses it writes it.",
    "both": "Each name in letters that readers of this policy read, and as the party that uses it writes it.",
}

AGENT_KINDS = {
    "person": "Person",
    "organisation": "Organisation",
    "state": "State",
    "group": "Group",
    "anonymous": "Anonymous reader",
}

CORRECTION_TYPES = {
    "correction": "Correction",
    "clarification": "Clarification",
    "editors-note": "Editor’s note",
    "retraction": "Retraction",
    "update": "Update",
}

CORRECTION_OF = {"source": "of what a source said", "desk": "of the desk’s own record"}

STANDINGS = {
    "current": "",
    "corrected": "Corrected by its publisher",
    "clarified": "Clarified by its publisher",
    "expression-of-concern": "Its publisher has expressed concern",
    "retracted": "Retracted",
    "retracted-and-replaced": "Retracted and replaced",
    "removed": "Removed by its publisher",
}

# CSL 1.0.2 item types where the code itself is not the word.
SOURCE_TYPES = {
    "article-journal": "journal article",
    "article-magazine": "magazine article",
    "article-newspaper": "newspaper article",
    "entry-dictionary": "dictionary entry",
    "entry-encyclopedia": "encyclopedia entry",
    "legal_case": "legal case",
    "motion_picture": "film",
    "musical_score": "musical score",
    "paper-conference": "conference paper",
    "personal_communication": "personal communication",
    "post": "comment",
    "post-weblog": "blog post",
    "review-book": "book review",
    "webpage": "web page",
}


def word(table: dict[str, str], code: str) -> str:
    """The word for a code; the code itself, readable, where the table has none."""
    return table.get(code, code.replace("-", " ").replace("_", " "))


def verdict(table: dict[str, Verdict], code: str) -> Verdict:
    """The verdict for a code; an empty one is `UNRATED`."""
    if not code:
        return UNRATED
    return table.get(code) or Verdict(code.replace("-", " ").capitalize(), "past", "ring", "")
