"""From a question to what the full-text index is asked: each piece in its forms, with near words and what it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from kb.book.models import Reference
from kb.book.search import dialect, vocabulary
from kb.book.search.dialect import All, Any_, Expression, Phrase, Without
from kb.book.search.questions import Piece, Question
from kb.book.search.terms import about, spoken, stems_of
from kb.book.search.vocabulary import Term
from kb.editorial.folding import UNSPACED
from kb.editorial.stemming import stem

#: Names have at most so many words, or so many characters where there are no spaces; of all that a question may name,
#: so many are looked for.
NAME_WORDS, NAME_CHARACTERS, MOST_NAMES = 6, 12, 400
#: A name that so many records have tells little.
MOST_NAMED = 12
#: Where more records refer to what is named, they are taken for all there are.
MOST_REFERENCES = 2_000
#: A word in so few records may be a slip, if one in so many times as many is near.
FEW, TIMES = 2, 20


@dataclass(frozen=True)
class Group:
    """One piece as it is looked for: any of these."""

    piece: Piece
    #: Words and phrases, those spelt as they were typed first, each with how many records have it.
    forms: tuple[tuple[tuple[str, ...], int], ...] = ()
    #: Records that the piece names, alone or with those beside it.
    named: tuple[str, ...] = ()
    #: Looked for instead of what nobody has written.
    instead: bool = False

    @property
    def records(self) -> int:
        """In at most how many records it is, those aside that are about what it names."""
        return sum(number for _, number in self.forms)

    def expression(self, titles: bool = False) -> Expression:
        parts: list[Expression] = [Phrase(words, titles) for words, _ in self.forms]
        parts += [Phrase((about(uid),)) for uid in self.named]
        return parts[0] if len(parts) == 1 else Any_(tuple(parts))


@dataclass(frozen=True)
class Plan:
    groups: tuple[Group, ...] = ()
    without: tuple[Group, ...] = ()
    #: Pieces that are in no text, and nothing like them.
    unknown: tuple[Piece, ...] = ()
    #: Records whose whole name is the question, and all that it names.
    called: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    records: int = 0
    #: The question as texts would have it, in order.
    words: tuple[str, ...] = ()
    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def about(self) -> int:
        """A guess, never too low, of how many records fit."""
        uids = {uid for group in self.groups for uid in group.named}
        most = Reference.objects.filter(target__in=uids)[:MOST_REFERENCES].count() if uids else 0
        if most == MOST_REFERENCES:
            most = self.records
        return min(
            (min(group.records + (most + 1 if group.named else 0), self.records) for group in self.groups),
            default=0,
        )

    def everything(self, titles: bool = False) -> Expression:
        return self._kept(All(tuple(group.expression(titles) for group in self.groups)))

    def anything(self) -> Expression:
        return self._kept(Any_(tuple(group.expression() for group in self.groups)))

    def phrase(self) -> Expression | None:
        """All the words in their order, in titles; nothing where that says no more than the words do."""
        if len(self.words) < 2 or any(group.instead for group in self.groups):
            return None
        return self._kept(Phrase(self.words, titles=True))

    def _kept(self, expression: Expression) -> Expression:
        if not self.without:
            return expression
        return Without(expression, Any_(tuple(group.expression() for group in self.without)))


def plan(question: Question) -> Plan:
    """Look up the question's words and names: three queries, two more for a word that nobody has written."""
    asked = [*question.pieces, *question.without]
    exact = {word for piece in asked if piece.exact for word in piece.words}
    exact |= {piece.words[0] for piece in asked if not piece.exact}
    number, forms = vocabulary.known(exact, {stem(piece.words[0]) for piece in asked if not piece.exact})
    named, called = _names(question)
    groups, unknown, instead = [], [], dict[str, tuple[str, ...]]()
    for at, piece in enumerate(question.pieces):
        group = Group(piece, tuple(_forms(piece, forms)), named.get(at, ()))
        if not group.forms and not group.named and not piece.exact:
            near = vocabulary.beginning(piece.words[0]) or vocabulary.near(piece.words[0])
            group = Group(piece, tuple(((term.word,), term.records) for term in near), instead=True)
            if near:
                instead[piece.text] = tuple(term.word for term in near)
        if group.forms or group.named:
            groups.append(group)
        else:
            unknown.append(piece)
    without = [Group(piece, some) for piece in question.without if (some := tuple(_forms(piece, forms)))]
    everything = tuple(dict.fromkeys(chain.from_iterable(named.values())))
    return Plan(
        groups=tuple(groups),
        without=tuple(without),
        unknown=tuple(unknown),
        called=tuple(called),
        named=everything,
        records=max(number, 1),
        words=tuple(spoken(question.line)),
        instead=instead,
    )


def _forms(piece: Piece, forms: Mapping[str, list[Term]]) -> Iterator[tuple[tuple[str, ...], int]]:
    if piece.exact:
        if all(forms.get(f"={word}") for word in piece.words):
            yield piece.words, min(forms[f"={word}"][0].records for word in piece.words)
        return
    word = piece.words[0]
    found = {term.word: term.records for term in forms.get(f"={word}", ())}
    found |= {term.word: term.records for term in forms.get(stem(word), ())}
    if piece.beginning:
        found |= {term.word: term.records for term in vocabulary.beginning(word)}
    yield from (((form,), records) for form, records in found.items())


# --- names --------------------------------------------------------------------------------------------------------


def _names(question: Question) -> tuple[dict[int, tuple[str, ...]], list[str]]:
    """By the place of each piece the records that it names, with its neighbours; and those that the whole names."""
    spans = dict[str, list[tuple[int, int]]]()
    for name, first, last in _possible(question.pieces):
        spans.setdefault(name, []).append((first, last))
    whole = stems_of(question.line)
    wanted = list(dict.fromkeys([whole, *spans]))[:MOST_NAMES]
    wanted = [name for name in wanted if name]
    named: dict[int, dict[str, None]] = {}
    called: dict[str, None] = {}
    for stems, uid in dialect.names_by_stems(wanted, 10 * MOST_NAMED) if wanted else ():
        if stems == whole:
            called.setdefault(uid)
        for first, last in spans.get(stems, ()):
            for at in range(first, last + 1):
                some = named.setdefault(at, {})
                if len(some) < MOST_NAMED:
                    some.setdefault(uid)
    return {at: tuple(some) for at, some in named.items()}, list(called)


def _possible(pieces: Sequence[Piece]) -> Iterator[tuple[str, int, int]]:
    """What may be a name in a question, and the pieces that it takes: one or several, or a part of a run."""
    texts = [piece.text for piece in pieces]
    for first in range(len(pieces)):
        for last in range(first, min(first + NAME_WORDS, len(pieces))):
            some = texts[first : last + 1]
            if not all(UNSPACED.fullmatch(text) for text in some):
                yield stems_of(" ".join(some)), first, last
                continue
            # Pairs of a long run overlap.
            joined = some[0]
            for text, piece in zip(some[1:], pieces[first + 1 : last + 1], strict=True):
                joined += text[1:] if piece.goes_on else text
            yield joined, first, last
    for at, text in enumerate(texts):
        if UNSPACED.fullmatch(text):
            yield from ((part, at, at) for part in _parts(text))


def _parts(run: str) -> Iterator[str]:
    for first in range(len(run)):
        for last in range(first + 2, min(first + NAME_CHARACTERS, len(run)) + 1):
            if last - first < len(run):
                yield run[first:last]


# --- a better spelling --------------------------------------------------------------------------------------------


def better(plan: Plan, question: Question) -> str:
    """The question with words that hardly any text has put right, if a near word is far more frequent. Or nothing."""
    changed = question.text.lower()
    for group in plan.groups:
        word = group.piece.words[0]
        if group.piece.exact or group.instead or group.records > FEW:
            continue
        near = [term for term in vocabulary.near(word) if term.records >= TIMES * max(group.records, 1)]
        if near:
            changed = changed.replace(word, near[0].word)
    return changed if changed != question.text.lower() else ""


def marked(groups: Iterable[Group]) -> frozenset[tuple[str, ...]]:
    return frozenset(words for group in groups for words, _ in group.forms)
