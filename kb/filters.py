"""Filters of the public lists: forms by GET that work without scripts, read into a `Selection` of the book's lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kb.book import finding
from kb.book.facets import span_of
from kb.book.listing import Order, Selection, Span, value
from kb.book.reading import Label
from kb.editorial.dates import DateError, DateSpan
from kb.views.languages import language_name
from kb.views.words import (
    CLAIM_KINDS,
    CORRECTION_TYPES,
    DECISIONS,
    MODES,
    PLACE_KINDS,
    RATINGS,
    SCOPE_NAMES,
    SOURCE_TYPES,
    STANDINGS,
    UNRATED,
    Word,
    word,
)

#: More records than this cannot be asked for at once.
MOST_LINKS = 6
#: No name is longer, and no date.
LONGEST_NAME, LONGEST_DATE = 200, 60


@dataclass
class Draft:
    """A selection in the making."""

    values: list[str] = field(default_factory=list)
    times: dict[str, Span] = field(default_factory=dict)


# --- what a reader may say ------------------------------------------------------------------------------------


class Texts(forms.Widget):
    """A box that may be filled in several times over: the address repeats the name."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        found = data.getlist(name) if isinstance(data, QueryDict) else data.get(name, [])
        return list(dict.fromkeys(text for one in found if (text := one.strip())))


class RecordsField(forms.Field):
    """Records of one kind, by key or by name. Where a name is not enough, the error holds what it could mean."""

    widget = Texts

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(**kwargs)

    def clean(self, given: list[str]) -> list[tuple[str, Label]]:
        if len(given) > MOST_LINKS:
            raise ValidationError(
                gettext("These are too many at once: at most %(most)s.") % {"most": MOST_LINKS}
            )
        for text in given:
            if "\0" in text or len(text) > LONGEST_NAME:
                raise ValidationError(gettext("This is not a name that can be looked up."))
        found = finding.by_keys(self.kind, given) if given else {}
        return [(text, found.get(text) or self._called(text)) for text in given]

    def _called(self, text: str) -> Label:
        named, certain = finding.by_name(self.kind, text)
        if certain:
            return named[0]
        if not named:
            raise ValidationError(
                gettext("Nothing published is called “%(text)s”.") % {"text": text}, code="unknown"
            )
        raise ValidationError(
            gettext("Several may be called “%(text)s”. Choose one:") % {"text": text},
            code="several",
            params={"text": text, "labels": named},
        )


class TimeField(forms.CharField):
    """A date as EDTF or as people write it; what it means is a first and a last minute."""

    def clean(self, given: Any) -> tuple[str, Span] | None:
        text = super().clean(given)
        if not text:
            return None
        try:
            span = span_of(DateSpan.read(text).edtf)
        except DateError as reason:
            raise ValidationError(str(reason)) from reason
        if span is None:
            raise ValidationError(gettext("This date has neither a beginning nor an end."))
        return text, span


class Narrowing:
    """What a filter of ours adds to django-filter's: the facet it is about, and how it narrows a selection."""

    facet: str
    label: Word

    def narrow(self, draft: Draft, kind: str, cleaned: Any) -> None:
        raise NotImplementedError

    def chosen(self, cleaned: Any) -> Iterator[tuple[str, Word]]:
        """What has been chosen: as the address has it, and in words."""
        raise NotImplementedError


class Words(Narrowing, django_filters.ChoiceFilter):
    """One word of a vocabulary; `say` is how it reads."""

    def __init__(
        self, facet: str, label: Word, say: Callable[[str], Word], codes: Sequence[str] | None, **kwargs: Any
    ) -> None:
        self.facet, self.say, self.codes = facet, say, codes
        super().__init__(label=label, choices=self._choices, null_label=None, **kwargs)

    def _choices(self) -> list[tuple[str, Word]]:
        return [(code, self.say(code)) for code in self.codes or ()]

    def narrow(self, draft: Draft, kind: str, cleaned: str) -> None:
        draft.values.append(value(kind, self.facet, cleaned))

    def chosen(self, cleaned: str) -> Iterator[tuple[str, Word]]:
        yield cleaned, self.say(cleaned)


class OpenWords(Words):
    """A vocabulary that is as long as what is published: any code of the right form is asked for."""

    field_class = forms.CharField

    def __init__(self, facet: str, label: Word, say: Callable[[str], Word]) -> None:
        super().__init__(facet, label, say, None)
        self.extra = {"required": False, "max_length": 40}


class Mark(Narrowing, django_filters.BooleanFilter):
    """Only what is marked so."""

    def __init__(self, facet: str, label: Word) -> None:
        self.facet = facet
        super().__init__(label=label, widget=forms.CheckboxInput)

    def narrow(self, draft: Draft, kind: str, cleaned: bool) -> None:
        draft.values.append(value(kind, self.facet))

    def chosen(self, cleaned: bool) -> Iterator[tuple[str, Word]]:
        yield "on", self.label


class Records(Narrowing, django_filters.Filter):
    """Only what is about, in or by these records, all of them."""

    field_class = RecordsField

    def __init__(self, facet: str, label: Word, kind: str) -> None:
        self.facet, self.kind = facet, kind
        super().__init__(label=label, kind=kind)

    def narrow(self, draft: Draft, kind: str, cleaned: list[tuple[str, Label]]) -> None:
        draft.values += [value(kind, self.facet, label.uid) for _text, label in cleaned]

    def chosen(self, cleaned: list[tuple[str, Label]]) -> Iterator[tuple[str, Word]]:
        yield from ((text, label.text) for text, label in cleaned)


class Time(Narrowing, django_filters.Filter):
    """Only what can have been at this time: a claim about 1945 is found under August 1945, and the other way round."""

    field_class = TimeField

    def __init__(self, facet: str, label: Word) -> None:
        self.facet = facet
        super().__init__(label=label, max_length=LONGEST_DATE)

    def narrow(self, draft: Draft, kind: str, cleaned: tuple[str, Span]) -> None:
        draft.times[self.facet] = cleaned[1]

    def chosen(self, cleaned: tuple[str, Span]) -> Iterator[tuple[str, Word]]:
        yield cleaned[0], cleaned[0]


# --- the lists ------------------------------------------------------------------------------------------------

EARLIEST = (pgettext_lazy("order", "Earliest date first"), Order("begin"))
LATEST = (pgettext_lazy("order", "Latest date first"), Order("begin", descending=True))
NEWEST = (pgettext_lazy("order", "Last published first"), Order("came", descending=True))
OLDEST = (pgettext_lazy("order", "First published first"), Order("came"))
NAMED = (pgettext_lazy("order", "By name"), Order("label"))
TITLED = (pgettext_lazy("order", "By title"), Order("label"))

Orders = Mapping[str, tuple[Word, Order]]


class ListFilter(django_filters.FilterSet):
    """The form of a list. `selection` is what it asks for; None where it cannot be understood."""

    kind: ClassVar[str]
    #: By their names in addresses; the first is taken where none is asked for.
    orders: ClassVar[Orders]

    def __init__(self, data: QueryDict) -> None:
        # Filters of ours keep nothing of a request, so all share those of the class; to copy them, as django-filter
        # does, would take as long as reading the list.
        self.is_bound, self.data, self.filters = True, data, self.base_filters

    @cached_property
    def form(self) -> forms.Form:
        """The form of what the address names. What it does not name is as good as left empty."""
        form = forms.Form(self.data)
        form.fields = {name: one.field for name, one in self.filters.items() if name in self.data}
        return form

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        raise NotImplementedError("Lists are read with `kb.book.listing`, from `selection`.")

    @cached_property
    def order_name(self) -> str:
        """The order asked for. What is narrowed to a time comes in the order of time."""
        wanted = self.data.get("sort", "")
        return wanted if wanted in self.possible_orders else next(iter(self.possible_orders))

    @cached_property
    def possible_orders(self) -> Orders:
        if not self.form.is_valid() or not any(
            self.form.cleaned_data.get(name) for name, one in self.filters.items() if isinstance(one, Time)
        ):
            return self.orders
        return {name: pair for name, pair in self.orders.items() if pair[1].column == "begin"}

    def selection(self) -> Selection | None:
        if not self.form.is_valid():
            return None
        draft = Draft()
        for name, cleaned in self.form.cleaned_data.items():
            if cleaned:
                self.filters[name].narrow(draft, self.kind, cleaned)
        order = self.possible_orders[self.order_name][1]
        return Selection(
            self.kind, tuple(draft.values), draft.times.get("date"), draft.times.get("said"), order
        )

    @cached_property
    def boxes(self) -> list[str]:
        """The parameters that are typed, not chosen from a few words."""
        return [name for name, one in self.filters.items() if isinstance(one, (Records, Time))]

    def problems(self) -> list[tuple[str, Word, str]]:
        """What could not be understood: the parameter, what it is, and why."""
        errors = self.form.errors.items()
        return [(name, self.filters[name].label, " ".join(map(str, said))) for name, said in errors]

    def errors_of(self, name: str) -> list[ValidationError]:
        return self.form.errors[name].as_data() if name in self.form.errors else []

    def is_time(self, name: str) -> bool:
        return isinstance(self.filters[name], Time)

    def has_times(self) -> bool:
        return any(self.is_time(name) for name in self.filters)

    def typed(self, name: str) -> str:
        """What stands in its box: a date, and what was not understood or stood beside it; records found do not."""
        if self.is_time(name) or self.form.errors:
            return str(self.data.get(name, ""))[:LONGEST_NAME].replace("\0", "")
        return ""

    def chosen(self) -> Iterator[tuple[str, str, Word, Word]]:
        """What narrows the list: parameter, its text, what it is, and in words."""
        if self.form.is_valid():
            for name, cleaned in self.form.cleaned_data.items():
                if cleaned:
                    label = self.filters[name].label
                    for text, words in self.filters[name].chosen(cleaned):
                        yield name, text, label, words


def _of(table: Mapping[str, Word]) -> Callable[[str], str]:
    return lambda code: str(capfirst(word(table, code)))


def words_of(table: Mapping[str, Word]) -> list[tuple[str, Word]]:
    """Choices from a vocabulary, those that have a word of their own."""
    return [(code, _of(table)(code)) for code in _spoken(table)]


def _rating(code: str) -> Word:
    return UNRATED.word if code == "none" else RATINGS[code].word


def _spoken(table: Mapping[str, Word]) -> list[str]:
    return [code for code, said in table.items() if said]


#: What a list of claims is "about", in addresses that other pages write.
ABOUT = {"place": "place", "event": "event", "topic": "topic", "source": "source", "agent": "claimant"}


class ClaimFilter(ListFilter):
    """`about=place/iturup` is another way to write `place=iturup`; other pages link so."""

    kind = "claim"
    orders = {"date": EARLIEST, "-date": LATEST, "new": NEWEST}

    rating = Words("rating", _("Rating"), _rating, [*RATINGS, "none"])
    claim_kind = Words("kind", _("Kind"), _of(CLAIM_KINDS), _spoken(CLAIM_KINDS))
    disputed = Mark("disputed", _("Disputed"))
    challenged = Mark("challenged", _("Under challenge"))
    corrected = Mark("corrected", _("Corrected"))
    stale = Mark("stale", _("Needs re-review"))
    topic = Records("topic", _("Topic"), "topic")
    place = Records("place", _("Place"), "place")
    event = Records("event", _("Event"), "event")
    claimant = Records("claimant", _("Claimant"), "agent")
    source = Records("source", _("Source"), "source")
    language = OpenWords("language", _("Language"), lambda tag: language_name(tag))
    date = Time("date", _("Date of the event"))
    said = Time("said", _("Date of the statement"))

    def __init__(self, data: QueryDict) -> None:
        about = data.getlist("about")
        if about:
            data = data.copy()
            del data["about"]
            for one in about:
                kind, _slash, key = one.partition("/")
                data.appendlist(ABOUT.get(kind, "place"), key if kind in ABOUT else one)
        super().__init__(data)


class SourceFilter(ListFilter):
    kind = "source"
    orders = {"-date": LATEST, "date": EARLIEST, "title": TITLED, "new": NEWEST}

    type = OpenWords("type", _("Type"), _of(SOURCE_TYPES))
    language = OpenWords("language", _("Language"), lambda tag: language_name(tag))
    standing = Words("standing", _("Standing"), _of(STANDINGS), _spoken(STANDINGS))
    author = Records("author", _("Author"), "agent")
    date = Time("date", _("Published"))


class PlaceFilter(ListFilter):
    kind = "place"
    orders = {"name": NAMED, "new": NEWEST}

    place_kind = Words("kind", _("Kind"), _of(PLACE_KINDS), _spoken(PLACE_KINDS))
    contested = Mark("contested", _("Claimed by more than one party"))
    within = Records("within", _("Part of"), "place")


class EventFilter(ListFilter):
    kind = "event"
    orders = {"date": EARLIEST, "-date": LATEST, "title": TITLED, "new": NEWEST}

    topic = Records("topic", _("Topic"), "topic")
    place = Records("place", _("Place"), "place")
    participant = Records("participant", _("Participant"), "agent")
    date = Time("date", _("Date"))


class RebuttalFilter(ListFilter):
    kind = "rebuttal"
    orders = {"-date": LATEST, "date": EARLIEST, "new": NEWEST}

    decision = Words("decision", _("Decision"), lambda code: DECISIONS[code].word, list(DECISIONS))
    scope = Words("scope", _("What it is about"), _of(SCOPE_NAMES), _spoken(SCOPE_NAMES))
    mode = Words("mode", _("How it argues"), _of(MODES), _spoken(MODES))
    raised_by = Records("raised-by", _("Raised by"), "agent")
    date = Time("date", _("Received"))


class CorrectionFilter(ListFilter):
    kind = "correction"
    orders = {"new": NEWEST, "old": OLDEST}

    type = Words("type", _("Type"), _of(CORRECTION_TYPES), _spoken(CORRECTION_TYPES))
    date = Time("date", _("Published"))

    @cached_property
    def possible_orders(self) -> Orders:
        """The ledger keeps its order within a time: of one day there may be several entries."""
        return self.orders
