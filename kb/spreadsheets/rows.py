"""The desk's records as rows of the canonical workbook: database → cells, in the columns' order.

A cell's text follows `cell_text`. The same record gives the same cells on every database and every run, so that
they can be compared with the cells of a file: what is equal is unchanged.

- Rows come in the order in which the records were made.
- `sources.authors` are the contributions with the role *author*, in their order; the sheet `contributions` has the
  others. `text`, `text_extent` and `text_rights` are those of the newest snapshot.
- In `claims`, the columns of the first appearance, of one stated value, of one review and of a proposed rating are
  left empty: the sheets `appearances`, `values` and `reviews` have all of them, and the desk's ratings are not
  carried by a spreadsheet. So an exported workbook imported again changes nothing.
- `values.value` holds what the attribute's type uses; fields of another type have no column.
- Lists that have no order of their own are sorted by key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models.functions import Length

from kb.book.models import Record
from kb.editorial.aggregate import Aggregate, Part
from kb.editorial.cell_text import write_list, write_text
from kb.editorial.fields import JSONTextField, canonical_json
from kb.models import PlaceName, StatedValue
from kb.spreadsheets import cell_values
from kb.spreadsheets.layout import SHEETS, Column, Sheet, field_at
from sources.models import Contribution, Role, Snapshot, Source

#: SQLite chooses a plan 350 times slower for lists of more than a thousand.
BATCH = 1000
#: Captured texts are up to five million characters long: no more of them than this are in memory at once.
CHARACTERS = 8_000_000

Rows = models.QuerySet[Any]


class Row(NamedTuple):
    """One record: its primary key, its name in the sheet (key or uid), and its cells in the columns' order."""

    pk: int
    name: str
    cells: tuple[str, ...]


class Plain(NamedTuple):
    """A column that is worked out from columns of the database: paths for `values_list`, and what makes the text."""

    paths: tuple[str, ...]
    text: Callable[..., str]


class Linked(NamedTuple):
    """A column that has queries of its own: primary keys → texts of cells."""

    cells: Callable[[Sequence[int]], Mapping[int, str]]


def rows(
    sheet: Sheet, records: Rows | None = None, *, batch: int = BATCH, hidden: Collection[str] = ()
) -> Iterator[Row]:
    """The rows of a sheet, streamed; a batch costs the same few queries however many rows it has.

    `records` is a queryset of the sheet's model (all that the sheet shows if None; its order does not matter).
    Columns named in `hidden` are left empty.
    """
    makers = [_NOTHING if column.name in hidden else _maker(sheet, column) for column in sheet.columns]
    found = _annotated(sheet, all_records(sheet) if records is None else records, hidden).order_by("pk")
    paths = (path for maker in makers if isinstance(maker, Plain) for path in maker.paths)
    at = {path: i for i, path in enumerate(dict.fromkeys(("pk", sheet.identity[0], _CHARACTERS, *paths)))}
    last: int | None = None
    while True:
        page = found if last is None else found.filter(pk__gt=last)
        records_read = list(page.values_list(*at)[:batch])
        for group in _groups(records_read, at[_CHARACTERS]):
            pks = [record[0] for record in group]
            columns = [_column(maker, group, pks, at) for maker in makers]
            for record, cells in zip(group, zip(*columns, strict=True), strict=True):
                yield Row(record[0], record[1], cells)
        if len(records_read) < batch:
            return
        last = records_read[-1][0]


def all_records(sheet: Sheet) -> Rows:
    """The records that are rows of a sheet."""
    found = sheet.model._base_manager.all()
    return found.exclude(role=Role.AUTHOR) if sheet.model is Contribution else found


def published(sheet: Sheet) -> Rows:
    """Of a sheet's records, those that readers can see now, or that belong to one they can see.

    The rows are the desk's, as it has them today: they may hold edits that are not published yet, and name records
    that are not.
    """
    public = Record.objects.filter(withdrawn_in=None).values("uid")
    if issubclass(sheet.model, Aggregate):
        return all_records(sheet).filter(uid__in=public)
    roots = models.Q()
    for name in sheet.model.part_of:  # type: ignore[attr-defined]
        roots |= models.Q(**{f"{name}__uid__in": public})
    return all_records(sheet).filter(roots)


def hidden_from(user: User | AnonymousUser) -> dict[str, frozenset[str]]:
    """The sheets that a user may see, each with the columns that are to stay empty for them.

    As in the admin: who may view or change the records of a model sees them, and likewise the rows that belong to
    them (a source's authors and texts).
    """

    def sees(model: type[models.Model]) -> bool:
        name, app = model._meta.model_name, model._meta.app_label
        return any(user.has_perm(f"{app}.{action}_{name}") for action in ("view", "change"))

    return {
        sheet.name: frozenset(
            column.name
            for column in sheet.columns
            if any("." in path and not sees(field_at(sheet.model, path).model) for path in column.fields)
        )
        for sheet in SHEETS
        if sees(sheet.model)
    }


def _annotated(sheet: Sheet, records: Rows, hidden: Collection[str]) -> Rows:
    """With what of a source's newest text is read along with the source."""
    if sheet.model is not Source or "text" in hidden:
        return records.annotate(**{_CHARACTERS: models.Value(0)})
    return records.annotate(
        **{_CHARACTERS: _newest(Length("text"))},
        **{name: _newest(models.F(field)) for name, field in _SNAPSHOT_FIELDS.items()},
    )


def _newest(value: Any) -> models.Subquery:
    """Of a source's newest snapshot."""
    texts = Snapshot.objects.filter(source=models.OuterRef("pk")).order_by("-captured_at", "-pk")
    return models.Subquery(texts.annotate(_value=value).values("_value")[:1])


def _groups(records: Sequence[tuple[Any, ...]], at: int) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Parts of a batch whose texts fit into memory together."""
    start = characters = 0
    for index, record in enumerate(records):
        characters += record[at] or 0
        if characters > CHARACTERS and index > start:
            yield records[start:index]
            start, characters = index, record[at] or 0
    if records:
        yield records[start:]


def _column(
    maker: Plain | Linked, records: Sequence[tuple[Any, ...]], pks: Sequence[int], at: Mapping[str, int]
) -> list[str]:
    if isinstance(maker, Linked):
        cells = maker.cells(pks)
        return [cells.get(pk, "") for pk in pks]
    if not maker.paths:
        return [""] * len(pks)
    text = maker.text
    if len(maker.paths) == 1:
        index = at[maker.paths[0]]
        return [text(record[index]) for record in records]
    indexes = [at[path] for path in maker.paths]
    return [text(*(record[index] for index in indexes)) for record in records]


def _maker(sheet: Sheet, column: Column) -> Plain | Linked:
    special = _SPECIAL.get((sheet.model, column.name))
    if special is not None:
        return special
    if "." in column.fields[0]:
        return _NOTHING
    field = field_at(sheet.model, column.fields[0])
    if isinstance(field, models.ManyToManyField):
        return Linked(_links(field))
    if isinstance(field, models.ForeignKey):
        return Plain((f"{field.name}__{_name_of(field.related_model)}",), _text)
    return Plain((field.name,), _text_of(field))


def _name_of(model: Any) -> str:
    """The field by which cells refer to a row of the model."""
    return "uid" if issubclass(model, Part) else "key"


def _text(value: str | None) -> str:
    return write_text(value) if value else ""


def _text_of(field: models.Field) -> Callable[..., str]:
    if isinstance(field, models.DecimalField):
        return cell_values.write_decimal
    if isinstance(field, models.BooleanField):
        return cell_values.write_boolean
    if isinstance(field, models.DateField):
        return lambda value: "" if value is None else value.isoformat()
    if isinstance(field, models.IntegerField):
        return lambda value: "" if value is None else str(value)
    if isinstance(field, JSONTextField):
        return lambda value: "" if value is None else write_text(canonical_json(value))
    return _text


def _linked_names(field: models.ManyToManyField, pks: Sequence[int]) -> dict[int, list[str]]:
    owner, target = field.m2m_field_name(), field.m2m_reverse_field_name()
    through: Any = field.remote_field.through
    links = through._base_manager.filter(**{f"{owner}__in": pks})
    names: dict[int, list[str]] = {}
    for pk, name in links.values_list(f"{owner}_id", f"{target}__{_name_of(field.related_model)}"):
        names.setdefault(pk, []).append(name)
    return names


def _links(field: models.ManyToManyField) -> Callable[[Sequence[int]], Mapping[int, str]]:
    return lambda pks: {pk: write_list(sorted(names)) for pk, names in _linked_names(field, pks).items()}


def _authors(pks: Sequence[int]) -> dict[int, str]:
    made = Contribution.objects.filter(source__in=pks, role=Role.AUTHOR).order_by("source", "order", "pk")
    keys: dict[int, list[str]] = {}
    for pk, key in made.values_list("source_id", "agent__key"):
        keys.setdefault(pk, []).append(key)
    return {pk: write_list(found) for pk, found in keys.items()}


def _snapshot_texts(pks: Sequence[int]) -> dict[int, str]:
    found = Source.objects.filter(pk__in=pks).order_by().annotate(_text=_newest(models.F("text")))
    return {pk: _text(text) for pk, text in found.values_list("pk", "_text")}


def _used_by(pks: Sequence[int]) -> dict[int, str]:
    """Agents by their keys, sources as `source:KEY`."""
    used_by: Any = PlaceName._meta.get_field("used_by")
    used_in: Any = PlaceName._meta.get_field("used_in")
    names = {pk: sorted(keys) for pk, keys in _linked_names(used_by, pks).items()}
    for pk, keys in _linked_names(used_in, pks).items():
        sources = [cell_values.write_reference(cell_values.SOURCE, key) for key in sorted(keys)]
        names[pk] = [*names.get(pk, []), *sources]
    return {pk: write_list(found) for pk, found in names.items()}


def _about(event: str | None, place: str | None) -> str:
    kind = cell_values.EVENT if event else cell_values.PLACE
    return write_text(cell_values.write_reference(kind, event or place or ""))


def _value(kind: str, *stated: Any) -> str:
    return write_text(cell_values.write_value(kind, dict(zip(_STATED, stated, strict=True))))


def _leaning(relation: str, event: str | None, offset: str, place: str | None) -> str:
    leaning = cell_values.Leaning(relation, event or "", offset, place or "")
    return write_text(cell_values.write_leaning(leaning))


_CHARACTERS = "_characters"
_NOTHING = Plain((), lambda: "")
_STATED = ("edtf", "amount", "latitude", "longitude", "text")
_SNAPSHOT_FIELDS = {"_extent": "extent", "_rights": "rights"}
_SPECIAL: dict[tuple[type[models.Model], str], Plain | Linked] = {
    (Source, "authors"): Linked(_authors),
    (Source, "text"): Linked(_snapshot_texts),
    (Source, "text_extent"): Plain(("_extent",), _text),
    (Source, "text_rights"): Plain(("_rights",), _text),
    (PlaceName, "used_by"): Linked(_used_by),
    (StatedValue, "about"): Plain(("event__key", "place__key"), _about),
    (StatedValue, "value"): Plain(("attribute__type", *_STATED), _value),
    (StatedValue, "relative_to"): Plain(
        ("relation", "relative_to__key", "offset", "measured_from__key"), _leaning
    ),
}
