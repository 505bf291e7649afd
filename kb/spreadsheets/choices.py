"""What an editor decides about a file before it is imported, and the profiles that keep it for next time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.spreadsheets.layout import BY_NAME, Sheet

#: Sheets whose records can be made from a name that stands in a reference.
CREATABLE = ("agents", "topics", "sources", "places", "events")


class MappingError(ValueError):
    """A mapping that cannot be; the message says what would be right."""


@dataclass(frozen=True)
class Choices:
    """What an editor decides about a file, or a profile keeps: plain values, in JSON as they stand here.

    `columns` is header or letter → our column ("" leaves the column out); `constants` our column → what every row has
    there; `values` our column → theirs → ours; `create` the sheets whose records may be made from names that are not
    known. A column of ours may be `reference.field` (`review_source.title`): it describes the record that is made
    for a reference.
    """

    into: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    day_first: bool | None = None
    create: frozenset[str] = frozenset()

    def over(self, other: Choices) -> Choices:
        """These choices, and where they say nothing the other's."""
        values = {name: dict(pairs) for name, pairs in other.values.items()}
        for name, pairs in self.values.items():
            values.setdefault(name, {}).update(pairs)
        return Choices(
            into=self.into or other.into,
            columns={**other.columns, **self.columns},
            constants={**other.constants, **self.constants},
            values=values,
            day_first=other.day_first if self.day_first is None else self.day_first,
            create=self.create | other.create,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "into": self.into,
            "columns": dict(self.columns),
            "constants": dict(self.constants),
            "values": {name: dict(pairs) for name, pairs in self.values.items()},
            "day_first": self.day_first,
            "create": sorted(self.create),
        }

    @classmethod
    def from_json(cls, data: Any) -> Choices:
        """Raises MappingError where the data is no profile."""
        try:
            made = cls(
                into=str(data.get("into", "")),
                columns={str(k): str(v) for k, v in data.get("columns", {}).items()},
                constants={str(k): str(v) for k, v in data.get("constants", {}).items()},
                values={
                    str(name): {str(k): str(v) for k, v in pairs.items()}
                    for name, pairs in data.get("values", {}).items()
                },
                day_first=data.get("day_first"),
                create=frozenset(map(str, data.get("create", ()))),
            )
        except (AttributeError, TypeError, ValueError) as reason:
            raise MappingError(
                "This is not a profile: it is an object with “columns” and the like."
            ) from reason
        if made.day_first not in (None, True, False):
            raise MappingError("“day_first” is true, false or null.")
        made.check()
        return made

    def check(self) -> None:
        """Raises MappingError for a sheet that there is not."""
        if self.into:
            sheet_named(self.into)
        for name in self.create:
            sheet_named(name)
            if name not in CREATABLE:
                raise MappingError(
                    f"Records of “{name}” are not made from a name alone. These are: {', '.join(CREATABLE)}."
                )


def sheet_named(name: str) -> Sheet:
    """Our sheet of that name. Raises MappingError."""
    found = BY_NAME.get(name)
    if found is None:
        raise MappingError(f"There is no sheet “{name}”. There are: {', '.join(BY_NAME)}.")
    return found


SHIPPED = Path(__file__).parent / "profiles"


def shipped_profiles() -> dict[str, Choices]:
    """The profiles that come with Rejoinder, by name."""
    return {
        file.stem: Choices.from_json(json.loads(file.read_text(encoding="utf-8")))
        for file in sorted(SHIPPED.glob("*.json"))
    }


def profile(name: str) -> Choices:
    """A profile that the desk has saved, or else one that is shipped. Raises MappingError."""
    from kb.models import ImportProfile

    saved = ImportProfile.objects.filter(name=name).first()
    if saved is not None:
        return Choices.from_json(saved.mapping)
    shipped = shipped_profiles()
    if name not in shipped:
        known = [*ImportProfile.objects.values_list("name", flat=True), *shipped]
        raise MappingError(f"There is no profile “{name}”. There are: {', '.join(known) or 'none yet'}.")
    return shipped[name]


def save_profile(name: str, choices: Choices, *, owner: Any = None) -> Any:
    """Keep choices under a name, in place of what it named before. Returns the ImportProfile."""
    from kb.models import ImportProfile

    choices.check()
    saved, _ = ImportProfile.objects.update_or_create(
        name=name, defaults={"mapping": choices.as_json(), "owner": owner}
    )
    return saved
