"""How a published version is cited: as a line of text, and as programs that keep references read it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Cited:
    """One version of a record. `name` tells it from all others and is made of letters, digits and hyphens."""

    name: str
    title: str
    language: str
    desk: str
    number: int
    released_on: date
    url: str


#: What stands for itself in no LaTeX text.
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "$&#%_"},
}
_LIVE = re.compile(f"[{re.escape(''.join(_LATEX))}]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def bibtex(cited: Cited) -> str:
    """An entry for BibLaTeX and for BibTeX, which overlooks the fields it does not know."""
    day = cited.released_on
    fields = {
        "author": f"{{{_latex(cited.desk)}}}",
        "title": f"{{{_latex(cited.title)}}}",
        "year": f"{day.year:04}",
        "date": day.isoformat(),
        "version": str(cited.number),
        "url": cited.url,
        "note": f"Version {cited.number}",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@online{{{cited.name},", *lines, "}", ""])


def ris(cited: Cited) -> str:
    """An entry in RIS, whose fields are lines: what a text has of line ends becomes spaces."""
    fields = [
        ("TY", "ELEC"),
        ("ID", cited.name),
        ("AU", cited.desk),
        ("TI", cited.title),
        ("PY", f"{cited.released_on.year:04}"),
        ("DA", cited.released_on.strftime("%Y/%m/%d/")),
        ("ET", str(cited.number)),
        ("LA", cited.language),
        ("PB", cited.desk),
        ("UR", cited.url),
    ]
    lines = [f"{tag}  - {_line(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl_json(cited: Cited) -> str:
    """An item of CSL-JSON, in the list that programs expect."""
    day = cited.released_on
    item = {
        "id": cited.name,
        "type": "webpage",
        "title": _line(cited.title),
        "author": [{"literal": _line(cited.desk)}],
        "publisher": _line(cited.desk),
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "version": str(cited.number),
        "URL": cited.url,
    }
    if cited.language:
        item["language"] = cited.language
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def _line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())


def _latex(text: str) -> str:
    return _LIVE.sub(lambda found: _LATEX[found[0]], _line(text))


@dataclass(frozen=True)
class Style:
    """A form that a citation can be had in. `ending` is of its file's address and name."""

    name: str
    ending: str
    media_type: str
    write: Callable[[Cited], str]


STYLES = {
    style.ending: style
    for style in (
        Style("BibTeX", "bib", "application/x-bibtex", bibtex),
        Style("RIS", "ris", "application/x-research-info-systems", ris),
        Style("CSL-JSON", "csl.json", "application/vnd.citationstyles.csl+json", csl_json),
    )
}
