"""Dates in Japanese: 1945年8月9日."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.editorial.date_words.common import Ends, bare, hours_from_utc, in_common, unspeakable
from kb.editorial.edtf import Moment

if TYPE_CHECKING:
    from datetime import date

    from kb.editorial.dates import DateSpan


class Japanese:
    """The year first; years of the common era, counted as the world counts them."""

    SEASONS = {
        21: "春", 22: "夏", 23: "秋", 24: "冬",
        25: "（北半球の春）", 26: "（北半球の夏）", 27: "（北半球の秋）", 28: "（北半球の冬）",
        29: "（南半球の春）", 30: "（南半球の夏）", 31: "（南半球の秋）", 32: "（南半球の冬）",
        33: "第1四半期", 34: "第2四半期", 35: "第3四半期", 36: "第4四半期",
        37: "の最初の4か月", 38: "の中間の4か月", 39: "の最後の4か月",
        40: "上半期", 41: "下半期",
    }  # fmt: skip
    PARTS = ("年", "月", "日")

    def point(self, span: DateSpan) -> str:
        """One date with its doubts: 1945年頃, おそらく1945年8月, 2004年6月11日（年は不確か）."""
        moment = span.moment
        if moment is None:
            return span.edtf
        perhaps = "おそらく" if moment.whole in ("?", "%") else ""
        about = "頃" if moment.whole in ("~", "%") else ""
        return f"{perhaps}{self._date(moment, span)}{about}{self._part_doubts(moment)}"

    def interval(self, began: DateSpan | None, ended: DateSpan | None, span: DateSpan) -> str:
        """How long something lasted: 1945年8月9日から1945年9月2日まで, 1945年9月以降."""
        if began and ended:
            return f"{self.point(began)}から{self.point(ended)}まで"
        if began:
            return f"{self.point(began)}以降" if span.open_end else f"{self.point(began)}から（終わりは不明）"
        if ended:
            return f"{self.point(ended)}まで" + ("" if span.open_start else "（始まりは不明）")
        if span.open_start and span.open_end:
            return "常に"
        return "不明の日付まで" if span.open_start else "不明の日付から"

    def choice(self, ranges: tuple[Ends, ...]) -> str:
        """Once, at one of these: 1945年8月9日から20日までの間, 1945年8月8日または1945年8月9日."""
        first, last = ranges[0]
        if len(ranges) == 1 and first and last and first is not last:
            return f"{self.point(first)}から{self._end(first, last)}までの間"
        return self._listed([self._member(*pair) for pair in ranges], "または")

    def all_of(self, ranges: tuple[Ends, ...]) -> str:
        """At each of these: 1960年と1961年12月."""
        return self._listed([self._member(*pair) for pair in ranges], "と")

    def relation(self, relation: str, pivot: DateSpan | None, said: str) -> str:
        """Before, after or within something: 1945年8月9日より後."""
        after = {"before": "より前", "after": "より後", "within": "の間"}
        return f"{said or '不明の日付'}{after[relation]}"

    def in_julian(self, words: str) -> str:
        """The same, said to be of the Julian calendar."""
        return f"{words}（ユリウス暦）"

    def short_day(self, day: date, year: bool) -> str:
        """1945年8月18日."""
        return f"{f'{day.year}年' if year else ''}{day.month}月{day.day}日"

    def short_month(self, day: date) -> str:
        """1945年8月."""
        return f"{day.year}年{day.month}月"

    def _end(self, first: DateSpan, last: DateSpan) -> str:
        """The end of a stretch, without what it has in common with the beginning."""
        common, moment = in_common(first, last), last.moment
        if not common or moment is None:
            return self.point(last)
        day = f"{int(moment.day)}日"
        return day if common == "month" else f"{int(moment.month)}月{day}"

    def _member(self, first: DateSpan | None, last: DateSpan | None) -> str:
        if first and last:
            return self.point(first) if first is last else f"{self.point(first)}から{self.point(last)}まで"
        if first:
            return f"{self.point(first)}以降"
        return f"{self.point(last)}以前" if last else "不明の日付"

    def _listed(self, members: list[str], conjunction: str) -> str:
        if len(members) == 1:
            return members[0]
        return f"{'、'.join(members[:-1])}{conjunction}{members[-1]}"

    def _part_doubts(self, moment: Moment) -> str:
        doubts = []
        for part, marks in zip(self.PARTS, moment.marks, strict=True):
            if "?" in marks or "%" in marks:
                doubts.append(f"{part}は不確か")
            if "~" in marks or "%" in marks:
                doubts.append(f"{part}はおおよそ")
        return f"（{'、'.join(doubts)}）" if doubts else ""

    def _date(self, moment: Moment, span: DateSpan) -> str:
        if unspeakable(moment):
            return bare(moment)
        year = self._year(moment)
        if moment.season:
            return f"{year}{self.SEASONS[moment.season]}"
        if not moment.month:
            return year
        if moment.month == "XX":
            return f"{year}（{'月日' if moment.day else '月'}不明）"
        month = f"{year}{int(moment.month)}月"
        if moment.day == "XX":
            return f"{month}（日不明）"
        if not moment.day:
            return month
        day = f"{month}{int(moment.day)}日"
        if moment.time is None:
            return day
        clock = hours_from_utc(moment, span)
        return f"{day}{moment.time[0]:02}:{moment.time[1]:02}{f'（{clock}）' if clock else ''}"

    def _year(self, moment: Moment) -> str:
        digits = moment.year
        if "X" in digits:
            return self._masked_year(digits)
        said = self._year_number(int(digits))
        return f"{said}（有効数字{moment.significant}桁）" if moment.significant else said

    def _year_number(self, year: int) -> str:
        if year <= 0:
            before = 1 - year
            return f"紀元前{before:,}年" if before > 9999 else f"紀元前{before}年"
        if year < 1000:
            return f"西暦{year}年"
        return f"{year:,}年" if year > 9999 else f"{year}年"

    def _masked_year(self, digits: str) -> str:
        """194X is 1940年代, 18XX is 19世紀; before year 0, the years from and to; else the digits."""
        known = digits.rstrip("X")
        unknown = len(digits) - len(known)
        if known in ("", "-"):
            return "不明の年" if not known else "紀元前の不明の年"
        if "X" in known or unknown > 2:
            return digits
        before = "紀元前" if known.startswith("-") else ""
        number = int(known.lstrip("-"))
        if unknown == 2:
            return f"{before}{number + 1}世紀"
        if before:
            return f"紀元前{number * 10 + 10}～{max(number * 10 + 1, 2)}年"
        return f"{number * 10}年代" if number >= 100 else f"西暦{number * 10}～{number * 10 + 9}年"
