"""Which names label a place, and in which order. Pure functions over the documents of a place and of the policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Name = Mapping[str, Any]
Part = tuple[str, str]

#: The kinds of text that the policy speaks of, and in which letters names may stand there.
TEXT, LIST, HEADING = KINDS_OF_TEXT = ("text", "list", "heading")
READERS, OWN, BOTH = LETTERS = ("readers", "own", "both")


@dataclass(frozen=True)
class Named:
    """One of the names in a label, and whose it is.

    `text` is in letters that readers of the policy's language read, if there is such a form. `own` is what the
    same parties write themselves, where that is something else.
    """

    text: str
    language: str
    parties: tuple[str, ...] = ()
    own: tuple[Part, ...] = ()

    @property
    def part(self) -> Part:
        return self.text, self.language

    def written(self, letters: str) -> tuple[Part, ...]:
        """The name in these letters, as words and their languages."""
        if letters == OWN:
            return self.own or (self.part,)
        return (self.part, *self.own) if letters == BOTH else (self.part,)


#: Languages not in Latin letters where the tag names no script; enough to know which names an English label takes.
_OTHER_SCRIPTS = frozenset(
    [
        "ja",
        "zh",
        "ko",
        "ru",
        "uk",
        "be",
        "bg",
        "sr",
        "mk",
        "el",
        "ar",
        "fa",
        "he",
        "ur",
        "hi",
        "bn",
        "th",
        "ka",
        "hy",
        "am",
        "mn",
        "kk",
        "ky",
        "tg",
        "ain",
        "und",
    ]
)
_LABEL_KINDS = ("endonym", "exonym")


def is_latin(tag: str) -> bool:
    """Whether a text with this BCP 47 tag is in Latin letters."""
    parts = tag.split("-")
    script = next((p for p in parts[1:] if len(p) == 4 and p.isalpha()), "")
    return script == "Latn" if script else parts[0] not in _OTHER_SCRIPTS


def named(place: str, names: Sequence[Name], policy: Mapping[str, Any] | None) -> list[Named]:
    """The names that stand for a place in the policy's order.

    Each party that uses a name which readers of the policy's language can read has one; where there is no such name,
    each has one in its own script. A name that several use stands once. The order is the policy's rule for the place,
    else for the pair of parties, else alphabetical. Without a current name that anybody uses, the first on record
    stands alone; without any, the list is empty.
    """
    language = str((policy or {}).get("language") or "en").split("-")[0]
    chosen = _one_for_each_party(names, language)
    if not chosen:
        best = min(names, key=lambda name: _preference(name, language), default=None)
        return [Named(best["text"], best["language"])] if best else []
    parties = sorted(chosen, key=lambda party: (chosen[party]["text"].casefold(), party))
    parties = _ordered(parties, place, (policy or {}).get("rules") or [])
    sharing: dict[str, list[str]] = {}
    for party in parties:
        sharing.setdefault(chosen[party]["text"], []).append(party)
    return [
        Named(
            text,
            chosen[users[0]]["language"],
            tuple(users),
            _own(names, [(user, chosen[user]) for user in users], language),
        )
        for text, users in sharing.items()
    ]


def label(place: str, names: Sequence[Name], policy: Mapping[str, Any] | None) -> list[Part]:
    """The names that stand for a place in running text, as (text, language)."""
    return [name.part for name in named(place, names, policy)]


def letters(policy: Mapping[str, Any] | None) -> dict[str, str]:
    """In which letters names stand, by kind of text. Policies published before they said so mean the readers'."""
    said = (policy or {}).get("letters") or {}
    return {kind: said.get(kind, READERS) for kind in KINDS_OF_TEXT}


def first(names: Iterable[Named], party: str) -> list[Named]:
    """The same names, with the party's before the others."""
    return sorted(names, key=lambda name: party not in name.parties)


def joined(names: Iterable[Named], letters: str = READERS) -> str:
    """A label as one line of text."""
    return " / ".join(" ".join(text for text, _ in name.written(letters)) for name in names)


def _own(names: Sequence[Name], chosen: Iterable[tuple[str, Name]], language: str) -> tuple[Part, ...]:
    """What each of these parties writes in its own script, where the name chosen for it is not in that."""
    parts: dict[Part, None] = {}
    for party, name in chosen:
        written = [
            one
            for one in names
            if one["kind"] in _LABEL_KINDS and party in one["used_by"] and not _legible(one, language)
        ]
        if written and _legible(name, language):
            best = min(
                written, key=lambda one: (one["uid"] != name["romanisation_of"], _preference(one, language))
            )
            parts.setdefault((best["text"], best["language"]))
    return tuple(parts)


def _one_for_each_party(names: Sequence[Name], language: str) -> dict[str, Name]:
    chosen: dict[str, Name] = {}
    current = [name for name in names if name["kind"] in _LABEL_KINDS]
    # A romanisation is the form of an endonym that other alphabets can read, whatever kind it was recorded as.
    current += [name for name in names if name["kind"] == "variant" and name["romanisation_of"]]
    legible = [name for name in current if _legible(name, language)]
    for name in sorted(legible or current, key=lambda name: _preference(name, language)):
        for party in name["used_by"]:
            chosen.setdefault(party, name)
    return chosen


def _legible(name: Name, language: str) -> bool:
    latin = is_latin(name["language"])
    if language not in _OTHER_SCRIPTS:
        return latin
    return not latin and name["language"].split("-")[0] == language


def _preference(name: Name, language: str) -> tuple[int, int, str, str]:
    kinds = (*_LABEL_KINDS, "variant", "historical", "reading")
    return (
        0 if _legible(name, language) else 1,
        kinds.index(name["kind"]),
        name["text"].casefold(),
        name["uid"],
    )


def _ordered(parties: list[str], place: str, rules: Sequence[Mapping[str, Any]]) -> list[str]:
    """Move the parties of the rule that applies to the front, in its order."""
    for_place = [rule for rule in rules if rule["place"] == place]
    for_pair = [
        rule for rule in rules if rule["place"] is None and {rule["first"], rule["second"]} <= set(parties)
    ]
    for rule in (for_place or for_pair)[:1]:
        first = [party for party in (rule["first"], rule["second"]) if party in parties]
        return first + [party for party in parties if party not in first]
    return parties
