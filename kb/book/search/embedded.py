"""The engine within the project's own database: FTS5 on SQLite, tsvector and GIN on PostgreSQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Max

from kb.book.search import dialect, planning, ranking, vocabulary
from kb.book.search.dialect import All, Any_, Expression, Lookup, Phrase, Row
from kb.book.search.engine import Amount, Chosen, Found
from kb.book.search.planning import Plan
from kb.book.search.questions import Question
from kb.book.search.tables import SearchEntry, SearchName, SearchSlip, SearchTerm
from kb.book.search.terms import ORDER, Entry, about, rated, spoken_in

#: Candidates that are ranked: claims, which are most; of each other kind; of the one kind that is chosen.
CLAIMS, OTHERS, ONE_KIND = 200, 60, 400
#: What is counted at most.
COUNTED = 1_000
#: A phrase of words that all are frequent is looked for among so many of a kind, unless it is in quotation marks.
WITHIN = 50_000
#: So many that begin with the phrase, or have every word in the title, are ranked before others, where there are more.
FIRST = 60
CHUNK = 500


class Embedded:
    """See `engine.Engine`."""

    # --- writing ------------------------------------------------------------------------------------------------

    def index(self, entries: Sequence[Entry]) -> None:
        entries = [entry for entry in entries if entry.kind in ORDER]
        for at in range(0, len(entries), CHUNK):
            self._index(entries[at : at + CHUNK])

    def _index(self, entries: Sequence[Entry]) -> None:
        uids = [entry.uid for entry in entries]
        numbers = dict(SearchEntry.objects.filter(record__in=uids).values_list("record_id", "position"))
        before = dialect.texts(numbers.values())
        dialect.remove_texts(number for number, _, _ in before)
        new = [entry for entry in entries if entry.uid not in numbers]
        given = _next_numbers(new)
        SearchEntry.objects.bulk_create(
            [SearchEntry(record_id=uid, position=number) for uid, number in given.items()], batch_size=CHUNK
        )
        numbers |= given
        dialect.add_texts(
            (numbers[entry.uid], entry.title, entry.body, entry.marks)
            for entry in sorted(entries, key=lambda entry: numbers[entry.uid])
        )
        vocabulary.count(entries, [(title, body) for _, title, body in before])
        SearchName.objects.filter(record__in=uids).delete()
        SearchName.objects.bulk_create(
            [
                SearchName(record_id=entry.uid, name=name, stems=stems)
                for entry in entries
                for name, stems in entry.names
            ],
            batch_size=CHUNK,
        )

    def remove(self, uids: Iterable[str]) -> None:
        wanted = list(uids)
        for at in range(0, len(wanted), CHUNK):
            some = wanted[at : at + CHUNK]
            numbers = list(SearchEntry.objects.filter(record__in=some).values_list("position", flat=True))
            before = dialect.texts(numbers)
            dialect.remove_texts(numbers)
            vocabulary.count((), [(title, body) for _, title, body in before])
            SearchName.objects.filter(record__in=some).delete()
            SearchEntry.objects.filter(record__in=some).delete()

    def clear(self) -> None:
        dialect.clear_texts()
        for table in (SearchTerm, SearchSlip, SearchName, SearchEntry):
            table._base_manager.all().delete()

    # --- asking -------------------------------------------------------------------------------------------------

    def find(self, question: Question, chosen: Chosen, start: int = 0, most: int = 20) -> Found:
        plan = planning.plan(question)
        if not plan.groups or any(piece.quoted for piece in plan.unknown):
            return Found(instead=plan.instead, unknown=plan.unknown)
        looking, some = _Looking(plan, chosen, plan.everything()), bool(plan.unknown)
        if not looking.kinds and question.pieces[-1] != (last := question.unfinished()).pieces[-1]:
            # The last word may be the beginning of one.
            longer = planning.plan(last)
            wider = _Looking(longer, chosen, longer.everything())
            plan, looking = (longer, wider) if wider.kinds else (plan, looking)
        if not looking.kinds and len(plan.groups) > 1:
            looking, some = _Looking(plan, chosen, plan.anything(), plan.records), True
        rows = ranking.ranked(plan, looking.rows.values(), looking.called)
        ratings, languages = ranking.counted(rows)
        total = looking.total
        more = total.more or total.number > len(rows)
        return Found(
            uids=_uids(row[0] for row in rows[start : start + most]),
            ranked=len(rows),
            total=total,
            kinds=looking.kinds,
            ratings={code: Amount(number, more) for code, number in ratings.items()},
            languages={code: Amount(number, more) for code, number in languages.items()},
            words=planning.marked(plan.groups),
            named=plan.named,
            instead=plan.instead,
            unknown=plan.unknown,
            better=planning.better(plan, question) if total.number <= planning.FEW else "",
            some=some,
        )

    def newest(self, question: Question, chosen: Chosen, most: int) -> Sequence[str]:
        kinds = [at for at, kind in enumerate(ORDER) if chosen.kind in ("", kind)]
        for asked in dict.fromkeys((question, question.unfinished())):
            plan = planning.plan(asked)
            if plan.unknown or not plan.groups:
                continue
            all_words, guess = _narrowed(plan.everything(), chosen), plan.about()
            rows = dialect.fetch(
                [Lookup(kind, all_words, most, guess, plan.records, last_first=True) for kind in kinds]
            )
            if rows:
                return _uids(number for number, _, _ in rows)
        return ()

    def suggest(self, question: Question, most: int) -> Sequence[str]:
        if not question.pieces:
            return ()
        begun = SearchName.objects.filter(vocabulary.begins("name", question.line)).order_by("name", "record")
        found = dict.fromkeys(begun.values_list("record_id", flat=True)[: 4 * most])
        if len(found) < most:
            plan = planning.plan(question)
            if plan.groups and not plan.unknown:
                guess = plan.about()
                titles = plan.everything(titles=True)
                rows = dialect.fetch(
                    [Lookup(kind, titles, 2 * most, guess, plan.records) for kind in range(len(ORDER))]
                )
                ranked = ranking.ranked(plan, {row[0]: row for row in rows}.values(), ())
                found |= dict.fromkeys(_uids(row[0] for row in ranked[:most]))
        return list(found)[:most]


class _Looking:
    """What fits an expression: candidates of the chosen kind, and how many there are of each."""

    def __init__(self, plan: Plan, chosen: Chosen, expression: Expression, guess: int | None = None) -> None:
        self.plan, self.chosen = plan, chosen
        self.expression = _narrowed(expression, chosen)
        self.guess = plan.about() if guess is None else guess
        self.wanted = [at for at, kind in enumerate(ORDER) if chosen.kind in ("", kind)]
        self.called = _numbers(plan.called)
        found = dialect.fetch([self._lookup(kind, self.expression, self._most(kind)) for kind in self.wanted])
        there = Counter(ranking.kind_of(number) for number, _, _ in found)
        full = [kind for kind in self.wanted if there[ORDER[kind]] >= self._most(kind)]
        better = dialect.fetch(list(self._better(full)))
        self.rows: dict[int, Row] = {row[0]: row for row in (*found, *better)}
        self.kinds = self._counts(there, full)

    def _most(self, kind: int) -> int:
        return ONE_KIND if self.chosen.kind else CLAIMS if ORDER[kind] == "claim" else OTHERS

    def _lookup(self, kind: int, expression: Expression, most: int, within: int | None = None) -> Lookup:
        return Lookup(kind, expression, most, self.guess, self.plan.records, within)

    def _better(self, full: Sequence[int]) -> Iterator[Lookup]:
        """Of kinds of which more fit than are ranked, those that fit better."""
        phrase = self.plan.phrase()
        for kind in full:
            if self.plan.called:
                own = Any_(tuple(Phrase((about(uid),)) for uid in self.plan.called))
                few = All((own, self.expression))
                yield Lookup(kind, few, FIRST, FIRST, self.plan.records)
            if phrase is not None:
                yield self._lookup(kind, _narrowed(phrase, self.chosen), FIRST, WITHIN)
            titles = self.plan.everything(titles=True)
            yield self._lookup(kind, _narrowed(titles, self.chosen), FIRST, WITHIN)

    def _counts(self, there: Mapping[str, int], full: Sequence[int]) -> dict[str, Amount]:
        unknown = [at for at in range(len(ORDER)) if at in full or at not in self.wanted]
        lookups = [self._lookup(kind, self.expression, COUNTED + 1) for kind in unknown]
        counted = {
            ORDER[kind]: number for kind, number in zip(unknown, dialect.count_up_to(lookups), strict=True)
        }
        found = {**there, **counted}
        return {
            kind: Amount(min(found[kind], COUNTED), found[kind] > COUNTED)
            for kind in ORDER
            if found.get(kind)
        }

    @property
    def total(self) -> Amount:
        shown = [self.kinds[ORDER[at]] for at in self.wanted if ORDER[at] in self.kinds]
        return Amount(sum(one.number for one in shown), any(one.more for one in shown))


def _narrowed(expression: Expression, chosen: Chosen) -> Expression:
    marks = []
    if chosen.rating:
        marks.append(Phrase((rated(chosen.rating),)))
    if chosen.language:
        marks.append(Phrase((spoken_in(chosen.language),)))
    return All((expression, *marks)) if marks else expression


def _next_numbers(entries: Sequence[Entry]) -> dict[str, int]:
    """Numbers for records that have none, behind those of their kind."""
    given: dict[str, int] = {}
    for at, kind in enumerate(ORDER):
        new = [entry.uid for entry in entries if entry.kind == kind]
        if not new:
            continue
        first = at << dialect.KIND_BITS
        there = SearchEntry.objects.filter(position__gte=first, position__lt=first + (1 << dialect.KIND_BITS))
        last = there.aggregate(last=Max("position"))["last"]
        start = first if last is None else last + 1
        given |= {uid: start + offset for offset, uid in enumerate(new)}
    return given


def _numbers(uids: Iterable[str]) -> list[int]:
    wanted = list(uids)
    if not wanted:
        return []
    return list(SearchEntry.objects.filter(record__in=wanted).values_list("position", flat=True))


def _uids(numbers: Iterable[int]) -> list[str]:
    """Of entries by number their records' uids, in the same order."""
    wanted = list(numbers)
    found: dict[int, str] = {}
    for at in range(0, len(wanted), CHUNK):
        found |= dialect.uids(wanted[at : at + CHUNK])
    return [found[number] for number in wanted if number in found]
