"""The words that `freetext` knows: months, seasons, eras and what stands around dates, in several languages.

Everything is looked up folded (`fold`): without case and accents. A word that means two things in two
languages is left out; a test checks that no word of one table means two months or two seasons.
"""

import re
import unicodedata


def fold(text: str) -> str:
    """Lower case without accents; compatibility forms (full-width digits) become plain ones."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(c for c in decomposed if not unicodedata.combining(c) or c in "\u3099\u309a")
    return unicodedata.normalize("NFKC", bare)


# One line a month: English, German, French, Spanish, Portuguese, Italian, Dutch, Scandinavian, Polish,
# Russian.
_MONTH_LINES = (
    "january jan januar jänner janvier janv enero ene janeiro gennaio gen januari stycznia styczeń "
    "января январе январь янв",
    "february feb februar février févr fév febrero fevereiro fev febbraio februari lutego luty "
    "февраля феврале февраль фев",
    "march mar märz mrz maerz mars marzo março maart mrt marts marca marzec марта марте март мар",
    "april apr avril avr abril abr aprile kwietnia kwiecień апреля апреле апрель апр",
    "may mai mayo maio mag maggio mei maj maja мая мае май",
    "june jun juni juin junio junho giugno giu czerwca czerwiec июня июне июнь июн",
    "july jul juli juillet juil julio julho luglio lug lipca lipiec июля июле июль июл",
    "august aug août agosto ago augustus augusti sierpnia sierpień августа августе август авг",
    "september sep sept septembre septiembre setembro settembre set września wrzesień сентября сентябре "
    "сентябрь сен сент",
    "october oct oktober okt octobre octubre outubro out ottobre ott października październik "
    "октября октябре октябрь окт",
    "november nov novembre noviembre novembro listopada listopad ноября ноябре ноябрь ноя нояб",
    "december dec dezember dez décembre déc diciembre dic dezembro dicembre desember des grudnia grudzień "
    "декабря декабре "
    "декабрь дек",
)
_SEASON_LINES = {
    "21": "spring frühling frühjahr printemps primavera lente forår våren vår wiosna весна",
    "22": "summer sommer été verano verão estate zomer sommeren lato лето",
    "23": "autumn fall herbst automne otoño outono autunno herfst efterår høst jesień осень",
    "24": "winter hiver invierno inverno zima зима",
}
MONTH_WORDS = {fold(word): f"{n:02}" for n, line in enumerate(_MONTH_LINES, 1) for word in line.split()}
SEASON_WORDS = {fold(word): code for code, line in _SEASON_LINES.items() for word in line.split()}

# An era's first year, and its first and last day; before 1873 Japan's months were lunar.
ERAS = {
    "明治": (1868, "1868-10-23", "1912-07-30"),
    "大正": (1912, "1912-07-30", "1926-12-25"),
    "昭和": (1926, "1926-12-25", "1989-01-07"),
    "平成": (1989, "1989-01-08", "2019-04-30"),
    "令和": (2019, "2019-05-01", "9999-12-31"),
}
FIRST_SOLAR_YEAR_OF_JAPAN = 1873


def _any(*phrases: str) -> str:
    return "|".join(re.escape(fold(phrase)) for phrase in sorted(phrases, key=len, reverse=True))


MONTH = _any(*MONTH_WORDS)
SEASON = _any(*SEASON_WORDS)
ABOUT = _any(
    "c.", "ca.", "ca", "circa", "about", "around", "approximately", "approx.", "roughly",
    "some time in about",
    "etwa", "um", "gegen", "vers", "environ", "hacia", "alrededor de", "cerca de", "por volta de", "verso",
    "circa il",
    "około", "ok.", "около", "примерно", "omstreeks", "rond", "約", "约",
)  # fmt: skip
PERHAPS = _any(
    "perhaps", "probably", "possibly", "maybe", "vermutlich", "wahrscheinlich", "peut-être", "probablement",
    "probablemente", "quizás", "provavelmente", "probabilmente", "prawdopodobnie", "вероятно", "возможно",
    "おそらく",
)  # fmt: skip
BEFORE = _any(
    "before", "prior to", "earlier than", "vor", "avant", "antes de", "antes del", "prima del", "przed"
)
AFTER = _any(
    "after", "later than", "nach", "après", "después de", "después del", "depois de", "dopo il", "po", "после"
)
NO_LATER = _any(
    "by",
    "on or before",
    "in or before",
    "no later than",
    "not later than",
    "spätestens",
    "au plus tard",
    "не позднее",
)
NO_EARLIER = _any(
    "on or after",
    "in or after",
    "no earlier than",
    "not earlier than",
    "not before",
    "frühestens",
    "не ранее",
)
SINCE = _any("since", "seit", "depuis", "desde", "dal", "sinds", "od", "с")
UNTIL = _any("until", "till", "up to", "bis", "jusqu'à", "jusqu'au", "hasta", "até", "fino al", "tot")
BETWEEN = (
    (_any("between"), _any("and")),
    (_any("zwischen", "zwischen dem"), _any("und", "und dem")),
    (_any("entre", "entre le"), _any("et", "et le", "y", "e")),
    (_any("tra", "fra", "tra il"), _any("e", "e il")),
    (_any("между"), _any("и")),
)
FROM = _any("from", "vom", "von", "du", "de", "del", "dal", "van", "od", "с")
TO = _any(
    "to",
    "until",
    "till",
    "through",
    "bis",
    "bis zum",
    "au",
    "a",
    "al",
    "à",
    "hasta",
    "até",
    "tot",
    "t/m",
    "do",
    "до",
    "по",
)
OR = _any("or", "oder", "ou", "o", "lub", "или", "of", "または", "或")
AND = _any("and", "und", "et", "y", "i", "и", "と")
ARTICLES = _any(
    "on the", "in the", "the", "on", "in", "am", "im", "der", "den", "le", "en", "el", "il", "op", "em",
    "во", "в",
)  # fmt: skip
OF = _any("of", "de", "del", "do", "di")
ORDINAL = _any("st", "nd", "rd", "th", "er", "º", "°", ".", "-го", "ª")
YEAR_WORD = _any("г.", "г", "года", "году", "год", "r.", "roku", "年", "년")
