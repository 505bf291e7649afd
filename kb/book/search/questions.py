"""What somebody asks for, taken apart: words, phrases in quotation marks, words with a minus before them.

Nothing in a question can be wrong: signs that mean nothing here are passed over, and what was passed over is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kb.book.search.terms import gathered, spoken
from kb.editorial.folding import UNSPACED, WORD, fold, line

#: Longer questions are cut: nobody types them, and to look for them would cost the more.
LONGEST = 200
#: More words than this are more than a reader means.
MOST_WORDS = 12

_QUOTES = str.maketrans(dict.fromkeys("“”„«»「」『』＂", '"'))
_MINUS = str.maketrans(dict.fromkeys("−–－", "-"))
_PART = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
#: A run without spaces is taken apart where its script changes: ソ連は択捉島を is ソ連, は, 択捉島 and を.
_SAME_SCRIPT = re.compile(r"[\u3041-\u309f]+|[\u30a0-\u30ff\u31f0-\u31ff]+|[^\u3041-\u30ff\u31f0-\u31ff]+")
_HIRAGANA = re.compile(r"[\u3041-\u309f]{1,2}\Z")
#: A longer run of one script is several words; any of its pairs may stand apart.
_LONGEST_RUN = 4


@dataclass(frozen=True)
class Piece:
    """One thing that a record must have: a word, or words that follow each other."""

    words: tuple[str, ...]
    #: As it is spelt, in this order: it was quoted, or its script has no spaces.
    exact: bool = False
    #: A phrase in quotation marks.
    quoted: bool = False
    #: What it begins with is enough: the last word, while somebody types.
    beginning: bool = False
    #: A pair of characters that begins with the last of the pair before it.
    goes_on: bool = False

    @property
    def text(self) -> str:
        """As it can be shown: pairs of characters are a run again."""
        if self.exact and not self.quoted:
            return "".join(word for word in self.words if len(word) == 1)
        return " ".join(self.words)


@dataclass(frozen=True)
class Question:
    """`pieces` are wanted, all of them, `without` are not. `line` is the folded question, for names in it."""

    text: str = ""
    pieces: tuple[Piece, ...] = ()
    without: tuple[Piece, ...] = ()
    line: str = ""
    #: It was longer than anything that is looked for, and the rest was passed over.
    cut: bool = False

    @property
    def says_something(self) -> bool:
        return bool(self.pieces)

    def unfinished(self) -> Question:
        """The same, where what the last word begins with is enough."""
        *before, last = self.pieces
        return replace(self, pieces=(*before, last if last.exact else replace(last, beginning=True)))


def clean(text: str) -> str:
    """A text that every database can be asked for: no NUL, no half characters; white space is one space."""
    sound = text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", " ")
    return " ".join(sound.split())


def read(text: str, *, typing: bool = False) -> Question:
    """Take a question apart. While somebody is `typing`, their last word may be unfinished."""
    whole = clean(text[: 8 * LONGEST])
    asked = whole[:LONGEST]
    pieces: list[Piece] = []
    without: list[Piece] = []
    wanted: list[str] = []
    for found in _PART.finditer(asked.translate(_QUOTES).translate(_MINUS)):
        phrase = found["phrase"]
        into = without if found["minus"] else pieces
        if into is pieces:
            wanted.append(phrase if phrase is not None else found["word"])
        if phrase is not None:
            words = tuple(spoken(phrase))
            into += [Piece(words, exact=True, quoted=True)] if words else []
        else:
            into += _words(found["word"])
    pieces = list(dict.fromkeys(pieces))
    cut = len(whole) > LONGEST or len(text) > 8 * LONGEST or len(pieces) > MOST_WORDS
    kept = _telling(pieces)[:MOST_WORDS]
    question = Question(asked, tuple(kept), tuple(without[:MOST_WORDS]), line(" ".join(wanted)), cut)
    return question.unfinished() if typing and kept and text[-1:].isalnum() else question


def _words(text: str) -> Iterator[Piece]:
    for found in WORD.finditer(fold(text)):
        at, word = 0, found[0]
        for run in UNSPACED.finditer(word):
            yield from _plain(word[at : run.start()])
            for same in _SAME_SCRIPT.findall(run[0]):
                yield from _run(same)
            at = run.end()
        yield from _plain(word[at:])


def _plain(word: str) -> Iterator[Piece]:
    if word:
        yield Piece(tuple(spoken(word)))


def _run(run: str) -> Iterator[Piece]:
    if len(run) <= _LONGEST_RUN or "\u3040" <= run[0] <= "\u31ff":
        yield Piece(tuple(gathered(run)), exact=True)
        return
    for at, (first, second) in enumerate(zip(run, run[1:], strict=False)):
        yield Piece((first, first + second, second), exact=True, goes_on=at > 0)


def _telling(pieces: list[Piece]) -> list[Piece]:
    """Without particles of one or two kana, if anything else was asked for."""
    telling = [piece for piece in pieces if piece.quoted or not _HIRAGANA.match(piece.text)]
    return telling or pieces
