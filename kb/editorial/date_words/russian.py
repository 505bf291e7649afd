"""Dates in Russian: 9 августа 1945 г.

What a preposition stands before is in the genitive ("с сентября", "до осени"), else in the nominative, which after
"по" is the accusative of all that stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.editorial.date_words.common import Ends, bare, hours_from_utc, in_common, unspeakable
from kb.editorial.edtf import POINT, Moment

if TYPE_CHECKING:
    from datetime import date

    from kb.editorial.dates import DateSpan

#: Between a number and what it counts, no line ends.
_JOINED = "\N{NO-BREAK SPACE}"
_YEAR, _YEARS, _BEFORE_CHRIST, _OF_OUR_ERA = f"{_JOINED}г.", f"{_JOINED}гг.", " до н. э.", " н. э."
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class Russian:
    """Nominative and genitive of all that has cases."""

    MONTHS = (
        ("январь", "января"), ("февраль", "февраля"), ("март", "марта"), ("апрель", "апреля"), ("май", "мая"),
        ("июнь", "июня"), ("июль", "июля"), ("август", "августа"), ("сентябрь", "сентября"), ("октябрь", "октября"),
        ("ноябрь", "ноября"), ("декабрь", "декабря"),
    )  # fmt: skip
    SHORT = ("янв.", "февр.", "мар.", "апр.", "май", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек.")
    SEASONS = {
        21: ("весна", "весны"), 22: ("лето", "лета"), 23: ("осень", "осени"), 24: ("зима", "зимы"),
        33: ("I квартал", "I квартала"), 34: ("II квартал", "II квартала"),
        35: ("III квартал", "III квартала"), 36: ("IV квартал", "IV квартала"),
        37: ("первые четыре месяца", "первых четырёх месяцев"),
        38: ("средние четыре месяца", "средних четырёх месяцев"),
        39: ("последние четыре месяца", "последних четырёх месяцев"),
        40: ("первая половина", "первой половины"), 41: ("вторая половина", "второй половины"),
    }  # fmt: skip
    PARTS = ("год", "месяц", "день")

    def point(self, span: DateSpan, genitive: bool = False) -> str:
        """One date with its doubts: «ок. 1945 г.», «предположительно август 1945 г.»."""
        moment = span.moment
        if moment is None:
            return span.edtf
        perhaps = "предположительно " if moment.whole in ("?", "%") else ""
        about = "ок. " if moment.whole in ("~", "%") else ""
        said = self._date(moment, span, bool(genitive or about))
        return f"{perhaps}{about}{said}{self._part_doubts(moment)}"

    def interval(self, began: DateSpan | None, ended: DateSpan | None, span: DateSpan) -> str:
        """How long something lasted: «с 9 августа 1945 г. по 2 сентября 1945 г.», «с сентября 1945 г.»."""
        if began and ended:
            return f"с {self.point(began, True)} по {self.point(ended)}"
        if began:
            return f"с {self.point(began, True)}" + ("" if span.open_end else " по неизвестную дату")
        if ended:
            return ("" if span.open_start else "с неизвестной даты ") + f"по {self.point(ended)}"
        if span.open_start and span.open_end:
            return "всегда"
        return "по неизвестную дату" if span.open_start else "с неизвестной даты"

    def choice(self, ranges: tuple[Ends, ...]) -> str:
        """Once, at one of these: «в период с 9 по 20 августа 1945 г.», «8 августа 1945 г. или 9 августа 1945 г.»."""
        first, last = ranges[0]
        if len(ranges) == 1 and first and last and first is not last:
            return f"в период с {self._beginning(first, last)} по {self.point(last)}"
        return self._listed([self._member(*pair) for pair in ranges], "или")

    def all_of(self, ranges: tuple[Ends, ...]) -> str:
        """At each of these: «1960 г. и декабрь 1961 г.»."""
        return self._listed([self._member(*pair) for pair in ranges], "и")

    def relation(self, relation: str, pivot: DateSpan | None, said: str) -> str:
        """Before, after or within something: «после 9 августа 1945 г.»."""
        before = {"before": "до", "after": "после", "within": "в течение"}[relation]
        if pivot is None or not said:
            return f"{before} неизвестной даты"
        # The words of the pivot may be followed by those for its calendar.
        nominative = self.point(pivot) if pivot.shape == POINT else ""
        if nominative and said.startswith(nominative):
            return f"{before} {self.point(pivot, True)}{said[len(nominative) :]}"
        return f"{before} периода ({said})"

    def in_julian(self, words: str) -> str:
        """The same, said to be of the Julian calendar."""
        return f"{words} (юлианский календарь)"

    def short_day(self, day: date, year: bool) -> str:
        """«18 авг. 1945»."""
        month = "мая" if day.month == 5 else self.SHORT[day.month - 1]
        return f"{day.day}{_JOINED}{month}{f' {day.year}' if year else ''}"

    def short_month(self, day: date) -> str:
        """«авг. 1945»."""
        return f"{self.SHORT[day.month - 1]} {day.year}"

    def _beginning(self, first: DateSpan, last: DateSpan) -> str:
        """The beginning of a stretch, without what it has in common with the end."""
        common, moment = in_common(first, last), first.moment
        if not common or moment is None:
            return self.point(first, True)
        day = str(int(moment.day))
        return day if common == "month" else f"{day}{_JOINED}{self.MONTHS[int(moment.month) - 1][1]}"

    def _member(self, first: DateSpan | None, last: DateSpan | None) -> str:
        if first and last:
            if first is last:
                return self.point(first)
            return f"с {self.point(first, True)} по {self.point(last)}"
        if first:
            return f"не ранее {self.point(first, True)}"
        return f"не позднее {self.point(last, True)}" if last else "неизвестная дата"

    def _listed(self, members: list[str], conjunction: str) -> str:
        if len(members) == 1:
            return members[0]
        return f"{', '.join(members[:-1])} {conjunction} {members[-1]}"

    def _part_doubts(self, moment: Moment) -> str:
        doubts = []
        for part, marks in zip(self.PARTS, moment.marks, strict=True):
            if "?" in marks or "%" in marks:
                doubts.append(f"{part} под вопросом")
            if "~" in marks or "%" in marks:
                doubts.append(f"{part} приблизительно")
        return f" ({', '.join(doubts)})" if doubts else ""

    def _date(self, moment: Moment, span: DateSpan, genitive: bool) -> str:
        if unspeakable(moment):
            return bare(moment)
        if moment.season:
            return self._season(moment, genitive)
        if not moment.month:
            return self._year(moment, genitive)
        if moment.month == "XX":
            unknown = "месяц и день неизвестны" if moment.day else "месяц неизвестен"
            return f"{self._year(moment, genitive)} ({unknown})"
        year = self._year(moment, True)
        if moment.day in ("", "XX"):
            month = f"{self.MONTHS[int(moment.month) - 1][genitive]} {year}"
            return f"{month} (день неизвестен)" if moment.day else month
        day = f"{int(moment.day)}{_JOINED}{self.MONTHS[int(moment.month) - 1][1]} {year}"
        if moment.time is None:
            return day
        clock = hours_from_utc(moment, span)
        return f"{day}, {moment.time[0]:02}:{moment.time[1]:02}{f' ({clock})' if clock else ''}"

    def _season(self, moment: Moment, genitive: bool) -> str:
        """The seasons of one half of the world say so; 25 and 29 are springs as 21 is."""
        half = {0: "", 1: " (Северное полушарие)", 2: " (Южное полушарие)"}
        number = moment.season
        which = (number - 21) // 4 if number <= 32 else 0
        words = self.SEASONS[number - 4 * which]
        return f"{words[genitive]} {self._year(moment, True)}{half[which]}"

    def _year(self, moment: Moment, genitive: bool) -> str:
        digits = moment.year
        if "X" in digits:
            return self._masked_year(digits, genitive)
        said = self._year_number(int(digits))
        return f"{said} (значащих цифр: {moment.significant})" if moment.significant else said

    def _year_number(self, year: int) -> str:
        if year <= 0:
            return f"{self._grouped(1 - year)}{_YEAR}{_BEFORE_CHRIST}"
        return f"{self._grouped(year)}{_YEAR}{_OF_OUR_ERA if year < 1000 else ''}"

    def _grouped(self, year: int) -> str:
        return f"{year:,}".replace(",", _JOINED) if year > 9999 else str(year)

    def _masked_year(self, digits: str, genitive: bool) -> str:
        """194X «1940-е годы», 18XX «XIX век»; before year 0, the years from and to; else the digits."""
        known = digits.rstrip("X")
        unknown = len(digits) - len(known)
        if known in ("", "-"):
            said = "неизвестного года" if genitive else "неизвестный год"
            return f"{said}{_BEFORE_CHRIST}" if known else said
        if "X" in known or unknown > 2:
            return digits
        era = _BEFORE_CHRIST if known.startswith("-") else ""
        number = int(known.lstrip("-"))
        if unknown == 2:
            return f"{_roman(number + 1)} {'века' if genitive else 'век'}{era}"
        if era:
            return f"{number * 10 + 10}\N{EN DASH}{max(number * 10 + 1, 2)}{_YEARS}{era}"
        if number < 100:
            return f"{number * 10}\N{EN DASH}{number * 10 + 9}{_YEARS}{_OF_OUR_ERA}"
        return f"{number * 10}-х годов" if genitive else f"{number * 10}-е годы"


def _roman(number: int) -> str:
    """A century's number."""
    said = ""
    for value, letters in _ROMAN:
        said, number = said + letters * (number // value), number % value
    return said
