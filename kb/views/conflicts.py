"""Conflicts among published values, as the pages of a claim, an event and a place show them: grouped, and in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kb.analysis.conflicts import Stated, compare
from kb.analysis.conflicts.coordinates import point_in_words
from kb.analysis.conflicts.quantities import COUNTS, figure
from kb.analysis.conflicts.texts import quoted
from kb.analysis.conflicts.units import factor
from kb.analysis.speech import dated
from kb.book import conflicts, reading
from kb.book.conflicts import Answer, Pair, Question
from kb.views.dates import whose
from kb.views.neighbours import Labels, with_authors
from kb.views.timeline import Finding
from kb.views.words import RULINGS, attribute, word

Document = dict[str, Any]

#: Of each question, so many answers and so many conflicts are shown, and of each answer so many claims.
ANSWERS, PAIRS, CLAIMS, TOLD = 12, 6, 3, 3
#: Stand for who says a value while its sentence is made, so that their names keep their languages.
_ONE, _OTHER = "\ue000", "\ue001"


@dataclass(frozen=True)
class AnswerShown:
    """What is stated alike by one or more: who, in what words, in the unit of the others, and by which claims."""

    who: str
    language: str
    words: str
    converted: str
    same_unit: bool
    claims: tuple[str, ...]
    more: int
    own: bool


@dataclass(frozen=True)
class Told:
    """A ruling: its word, its reason, its day, and of which two claims it was given."""

    word: str
    reason: str
    ruled_on: str
    claims: tuple[str, str]


@dataclass(frozen=True)
class ConflictShown:
    """Two answers that cannot both hold: why, in words; whose the other is; and what the desk made of it."""

    lead: str
    settled: bool
    reason: Finding
    claims: tuple[str, ...]
    more: int
    rulings: tuple[Told, ...]


@dataclass(frozen=True)
class QuestionShown:
    """What is asked of what, the answers side by side, and the conflicts; `hidden` are those there is no room for."""

    subject: str
    subject_kind: str
    attribute: str
    type: str
    qualifier: str
    unit: str
    answers: tuple[AnswerShown, ...]
    more_answers: int
    conflicts: tuple[ConflictShown, ...]
    hidden: int
    left_aside: int
    #: Whether no two of several answers can both hold, which then is said once.
    none_agree: bool


@dataclass(frozen=True)
class Shown:
    """All conflicts of a page, and the labels of what they name."""

    questions: tuple[QuestionShown, ...]
    labels: Labels

    @property
    def of_dates(self) -> bool:
        return any(question.type == "date" for question in self.questions)


def of_claim(claim: Document, labels: Labels) -> Shown:
    """What other published claims state otherwise."""
    return _shown(conflicts.of_claim(claim), labels)


def of_subject(uid: str, labels: Labels) -> Shown:
    """What cannot all hold of what is stated of an event or a place."""
    return _shown(conflicts.of_subject(uid), labels)


def _shown(questions: Sequence[Question], labels: Labels) -> Shown:
    cut = [replace(question, pairs=tuple(sorted(question.pairs, key=_order))) for question in questions]
    known = _labels(cut, labels)
    shown = tuple(_question(question, known) for question in cut)
    return Shown(shown, known)


def _order(pair: Pair) -> tuple[bool, int]:
    """What the desk found to be no conflict last; before it, what most claims are in first."""
    return pair.verdict not in ("", "real"), -len(pair.one.claims) - len(pair.other.claims)


def _labels(questions: Iterable[Question], labels: Labels) -> Labels:
    """The labels of all that is named; at most two queries."""
    wanted: set[str] = set()
    for question in questions:
        wanted.add(question.subject)
        shown = [*_first(question), *(a for pair in question.pairs[:PAIRS] for a in (pair.one, pair.other))]
        for answer in shown:
            wanted.update(answer.claims[:CLAIMS])
            wanted.update((answer.said[0].source, *answer.said[0].claimants))
            wanted.add(answer.stated.measured_from)
        for pair in question.pairs[:PAIRS]:
            wanted.update(uid for ruling in pair.rulings[:TOLD] for uid in ruling.claims)
    missing = wanted - labels.keys() - {""}
    return with_authors({**labels, **reading.labels(missing)}) if missing else labels


def _first(question: Question) -> list[Answer]:
    """The answers that are shown: the page's own, then those that most claims give."""
    by_weight = sorted(question.answers, key=lambda answer: (not answer.own, -len(answer.claims)))
    return by_weight[:ANSWERS]


def _question(question: Question, labels: Labels) -> QuestionShown:
    first = _first(question)
    unit = _common_unit(first)
    number = len(question.answers)
    none_agree = number > 3 and len(question.pairs) == number * (number - 1) // 2
    room = 1 if none_agree and not any(pair.rulings for pair in question.pairs) else PAIRS
    return QuestionShown(
        question.subject,
        question.subject_kind,
        attribute(question.attribute),
        question.type,
        question.qualifier,
        unit,
        tuple(_answer(answer, unit, labels) for answer in sorted(first, key=_in_order)),
        len(question.answers) - len(first),
        tuple(_conflict(pair, labels) for pair in question.pairs[:room]),
        max(0, len(question.pairs) - room),
        question.stated - question.compared,
        none_agree,
    )


def _in_order(answer: Answer) -> tuple[bool, float]:
    """The page's own first, then by time or size."""
    stated = answer.stated
    if stated.span is not None:
        bound = stated.span.earliest if stated.span.earliest is not None else stated.span.latest
        return not answer.own, float(bound or 0)
    amounts = [amount for amount in (stated.amount, stated.low, stated.high) if amount is not None]
    known = factor(stated.unit) if stated.unit else None
    return not answer.own, float(amounts[0] * (known[1] if known else 1)) if amounts else 0.0


def _answer(answer: Answer, unit: str, labels: Labels) -> AnswerShown:
    who, language = _who(answer, labels)
    words = in_words(answer.stated)
    place = labels.get(answer.stated.measured_from)
    return AnswerShown(
        who,
        language,
        _("%(figure)s, from %(place)s") % {"figure": words, "place": place.text} if place else words,
        _converted(answer.stated, unit),
        answer.stated.unit == unit,
        answer.claims[:CLAIMS],
        max(0, len(answer.claims) - CLAIMS),
        answer.own,
    )


def _who(answer: Answer, labels: Labels) -> tuple[str, str]:
    first = answer.said[0]
    return whose(first.source, first.claimants, labels)


def _conflict(pair: Pair, labels: Labels) -> ConflictShown:
    return ConflictShown(
        word(RULINGS, pair.verdict) if pair.verdict else pgettext("ruling", "Conflict"),
        pair.verdict not in ("", "real"),
        reason(pair, labels),
        pair.other.claims[:CLAIMS],
        max(0, len(pair.other.claims) - CLAIMS),
        tuple(
            Told(word(RULINGS, ruling.verdict), ruling.reason, ruling.ruled_on, ruling.claims)
            for ruling in pair.rulings[:TOLD]
        ),
    )


def reason(pair: Pair, labels: Labels) -> Finding:
    """Why two answers cannot both hold: a sentence in parts, the names of who says them in their languages."""
    answer = compare(replace(pair.one.stated, says=_ONE), replace(pair.other.stated, says=_OTHER))
    who = {_ONE: pair.one, _OTHER: pair.other}
    pieces = re.split(f"([{_ONE}{_OTHER}])", answer.reason if answer else "")
    parts = [_who(who[piece], labels) if piece in who else (piece, "") for piece in pieces]
    return tuple(part for part in parts if part[0])


# --- values in words ------------------------------------------------------------------------------------------


def in_words(stated: Stated) -> str:
    """A value as a reader expects it."""
    if stated.type == "date":
        return stated.leaning or (dated(stated.span) if stated.span else "")
    if stated.type == "quantity":
        return figure(stated)
    return point_in_words(stated) if stated.type == "coordinates" else quoted(stated.text)


def _common_unit(answers: Sequence[Answer]) -> str:
    """The unit that figures in several units are told in beside their own: that of the first; "" if none is needed."""
    units = [answer.stated.unit for answer in answers if answer.stated.type == "quantity"]
    counts = any(answer.stated.dimension == COUNTS for answer in answers)
    known = {unit: factor(unit) for unit in units if unit}
    if counts or len({found for found in known.values() if found}) < 2:
        return ""
    return next(unit for unit in units if known.get(unit))


def _converted(stated: Stated, unit: str) -> str:
    if not unit:
        return ""
    into, own = factor(unit), factor(stated.unit) if stated.unit else None
    if into is None or own is None or into[0] != own[0]:
        return ""
    size = own[1] / into[1]

    def convert(amount: Decimal | None) -> Decimal | None:
        return amount if amount is None or own == into else _to_four_figures(amount * size)

    low, high = convert(stated.low), convert(stated.high)
    return figure(
        replace(stated, unit=unit, raw="", as_of=None, amount=convert(stated.amount), low=low, high=high)
    )


def _to_four_figures(amount: Decimal) -> Decimal:
    """As exactly as a reader compares by."""
    return amount.quantize(Decimal(1).scaleb(min(0, max(-6, 3 - amount.adjusted())))) if amount else amount
