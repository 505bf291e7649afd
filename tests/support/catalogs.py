"""The catalogs of translations: what there is to translate is read from the code, and .mo files are made from .po.

`make messages` (`python -m tests.support.catalogs`) brings both up to date; a translator then fills what is empty in
`locale/*/LC_MESSAGES/django.po` and runs it again. GNU gettext is not needed.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from kb.settings import BASE_DIR

LANGUAGES = ("ja", "ru")
#: Functions whose texts are translated: which arguments are a text, its plural, and ("c") its context.
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
#: A compiled catalog has a date, which would make it another file every day.
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
#: Folders, how they are read, and what in them is the desk's own, which speaks English.
_READ = (
    (
        "kb",
        "python",
        ("admin", "history", "management", "merging", "migrations", "models", "signing", "spreadsheets"),
    ),
    ("sources", "python", ("migrations",)),
    ("templates", "jinja2.ext:babel_extract", ("admin",)),
)


def catalog_path(language: str, ending: str = "po") -> Path:
    return BASE_DIR / "locale" / language / "LC_MESSAGES" / f"django.{ending}"


def extracted() -> Catalog:
    """All texts of the public pages, as the code has them now."""
    found = Catalog(charset="utf-8")
    for folder, method, left_out in _READ:
        pattern = "**.py" if method == "python" else "**.html"
        messages = extract_from_dir(
            BASE_DIR / folder,
            [(pattern, method)],
            {pattern: {} if method == "python" else _JINJA},
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
            directory_filter=lambda path, left_out=left_out: Path(path).name not in left_out,
        )
        for name, _line, message, comments, context in messages:
            found.add(message, None, [(f"{folder}/{name}", 0)], auto_comments=comments, context=context)
    return found


def read(language: str) -> Catalog:
    path = catalog_path(language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="django")


def renewed(language: str) -> Catalog:
    """The language's catalog with exactly the texts that the code has; what is new is empty, nothing is guessed."""
    there = read(language) if catalog_path(language).exists() else Catalog(locale=language, domain="django")
    new = Catalog(
        locale=language,
        domain="django",
        charset="utf-8",
        fuzzy=False,
        header_comment=f"# {there.locale.english_name} of the public pages. docs/languages.md has the terms.",
    )
    for message in extracted():
        if message.id:
            known = there.get(message.id, message.context)
            new.add(
                message.id,
                known.string if known and _fits(known.string, message.id) else None,
                message.locations,
                auto_comments=message.auto_comments,
                context=message.context,
            )
    return new


def _fits(translation: object, text: object) -> bool:
    return isinstance(translation, (tuple, list)) == isinstance(text, (tuple, list))


def po_text(catalog: Catalog) -> bytes:
    """The same for the same texts: without a date, or a line of the code that moves with every edit."""
    out = io.BytesIO()
    write_po(out, catalog, sort_output=True, include_lineno=False, width=120, omit_header=True)
    head = (
        f"{catalog.header_comment}\n"
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale_identifier}\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return head.encode() + out.getvalue()


def mo_bytes(language: str) -> bytes:
    """What the language's .po is compiled to; the same for the same texts."""
    catalog = read(language)
    catalog.creation_date = catalog.revision_date = _NO_TIME
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def untranslated(catalog: Catalog) -> Iterator[object]:
    """The texts that have no translation, or not all plural forms of one."""
    for message in catalog:
        strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if message.id and not all(strings):
            yield message.id


def main() -> None:
    for language in LANGUAGES:
        path = catalog_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_text(renewed(language)))
        catalog_path(language, "mo").write_bytes(mo_bytes(language))
        missing = list(untranslated(read(language)))
        sys.stdout.write(f"{language}: {len(missing)} texts to translate\n")


if __name__ == "__main__":
    main()
