"""What the page of columns has beside the columns: how the files are read, and profiles, used and saved."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict

from kb.admin.wizard import choosing
from kb.models import ImportJob, ImportProfile
from kb.spreadsheets.choices import MappingError, save_profile, shipped_profiles

#: Python's name → what people call it. Others that a file may be in are offered where they are found in it.
ENCODINGS = (
    ("utf-8", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("cp1252", "Western European (Windows-1252)"),
    ("cp1250", "Central European (Windows-1250)"),
    ("cp1251", "Cyrillic (Windows-1251)"),
    ("koi8-u", "Cyrillic (KOI8)"),
    ("cp866", "Cyrillic (DOS 866)"),
    ("cp932", "Japanese (Shift-JIS)"),
    ("euc_jp", "Japanese (EUC)"),
    ("gb18030", "Chinese (GB 18030)"),
    ("big5", "Chinese (Big5)"),
    ("cp949", "Korean (CP949)"),
)
DELIMITERS = {"": None, "comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
LONGEST_HEADER = 8


def names() -> list[str]:
    """The profiles that can be used."""
    saved = list(ImportProfile.objects.values_list("name", flat=True)[:500])
    return [*saved, *(name for name in shipped_profiles() if name not in saved)]


def told_otherwise(data: QueryDict, job: ImportJob, look: dict[str, Any]) -> bool:
    """Take what a form says of how the files are read; whether that is new. Raises MappingError."""
    told = {str(number): dict(job.options.get(str(number), {})) for number in range(len(job.files))}
    known = {name for name, _ in ENCODINGS}
    for number, file in enumerate(look["files"]):
        own = told[str(number)]
        if f"f{number}-encoding" in data:
            # What is as it was read already is no news, and reading again would cost the editor's other decisions.
            encoding = data[f"f{number}-encoding"]
            if encoding in known.union(file["encoding_others"]) and encoding != file["encoding"]:
                own["encoding"] = encoding
            delimiter = DELIMITERS.get(data.get(f"f{number}-delimiter", ""))
            if delimiter and delimiter != file["delimiter"]:
                own["delimiter"] = delimiter
    for number, sheet in enumerate(look["sheets"]):
        text = data.get(f"s{number}-header", "").strip()
        if text and text != choosing.header_text(sheet):
            own = told[str(sheet["file"])]
            own["header_rows"] = {**own.get("header_rows", {}), sheet["own_name"]: _header_rows(text)}
    told = {number: _filled(own) for number, own in told.items() if _filled(own)}
    if told == job.options:
        return False
    job.options = told
    return True


def _filled(own: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in own.items() if value}


def _header_rows(text: str) -> list[int]:
    if text.casefold() in ("none", "0", "-"):
        return []
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and 0 < len(part) < 8 and int(part) for part in parts):
        raise MappingError(
            f"“{text[:40]}” is no row of a header. Write the row’s number, 1,2 for two rows, or none."
        )
    if len(parts) > LONGEST_HEADER:
        raise MappingError(f"A header has at most {LONGEST_HEADER} rows.")
    return sorted({int(part) for part in parts})


def _sheet(look: dict[str, Any], number: str) -> dict[str, Any]:
    if not number.isdecimal() or len(number) > 5 or int(number) >= len(look["sheets"]):
        raise MappingError("There is no such sheet.")
    sheet: dict[str, Any] = look["sheets"][int(number)]
    return sheet


def use(data: QueryDict, job: ImportJob, look: dict[str, Any], number: str) -> None:
    """Decide about a sheet as a profile does. Raises MappingError."""
    sheet = _sheet(look, number)
    name = data.get(f"s{number}-profile", "")
    if not name:
        raise MappingError("Choose a profile first.")
    into = job.choices["sheets"][sheet["name"]]["into"]
    job.choices["sheets"][sheet["name"]] = choosing.by_profile(sheet, name, into)
    job.choices["profile"] = name


def save(request: HttpRequest, job: ImportJob, look: dict[str, Any], number: str) -> str:
    """Save what was decided about a sheet under a name, and say so. Raises MappingError and PermissionDenied."""
    sheet = _sheet(look, number)
    name = " ".join(request.POST.get(f"s{number}-save-as", "").split())
    decision = job.choices["sheets"][sheet["name"]]
    if not name or len(name) > 120 or "\0" in name:
        raise MappingError("Give the profile a name of 120 characters at most.")
    if not decision["into"]:
        raise MappingError("Say first what the rows of this sheet are.")
    if not request.user.has_perm("kb.add_importprofile"):
        raise PermissionDenied("Saving a profile needs a right that you do not have.")
    there = ImportProfile.objects.filter(name=name).first()
    if (
        there is not None
        and there.owner_id != request.user.pk
        and not request.user.has_perm("kb.change_importprofile")
    ):
        raise MappingError(f"Somebody else has saved a profile “{name}”. Choose another name.")
    save_profile(name, choosing.choices_of(sheet, decision), owner=request.user)
    job.choices["profile"] = name
    return f"Saved as “{name}”: choose it next time you bring such a file."
