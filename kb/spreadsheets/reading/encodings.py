"""Which encoding a text file is in, how sure that is, and what else it could be.

UTF-8 proves itself: text in another encoding is hardly ever valid UTF-8. The older encodings do not, since nearly every
file is valid in several; so each that fits is read and the one whose letters are most like written language is
taken, with the others named beside it.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Python's names; of encodings that contain one another the larger.
OLD = (
    "cp1252", "cp1251", "koi8-u", "cp866", "cp932", "euc_jp", "cp949", "gb18030", "big5",
    "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "mac-roman", "cp850", "mac-cyrillic",
)  # fmt: skip
# How much likelier an encoding is before a letter is read; it counts most where there are few letters to tell by.
BEFOREHAND = {
    "cp1252": 0.1, "cp1251": 0.05, "cp1250": -0.05, "cp1253": -0.05, "cp1254": -0.1, "cp1255": -0.1, "cp1256": -0.1,
    "cp866": -0.1, "cp850": -0.15, "mac-roman": -0.3, "mac-cyrillic": -0.3,
}  # fmt: skip
CONTROL = bytes([*range(9), *range(14, 27), *range(28, 32)])
SAMPLE_BYTES = 200_000
SURE = 1.25
FEW = 4
"""Of fewer letters beyond ASCII than this nothing is sure."""

# The commonest letters of running text, in the order of how common they are, by script.
RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїє"
GREEK = "αοιετσνηυρπκμλωςγδχθφβξζψάέήίόύώ"
HEBREW = "יוהלאמתרבשנדקםעפחכגטסצןזךףץ"
ARABIC = "االنيمرتوبهعدلسفكقحشجطصخىةئءذزثضغظؤ"
ACCENTED = set("éèàçêâîôûëïùœäöüßñáíóúãõåøæśćłżźąęńğışřčžěýůňťďőűțșăÉÀÇÊÖÄÜÑÁÍÓÚÃÕÅØÆŠŽČŁŚŻşŞİĞÂÎÔÛÈÙ")
PUNCTUATION = set("“”‘’–—…«»„‚€§°·•£©®¿¡ºª½¼×´™№  ")
HAN = set(
    "的一是不了人在有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所"
    "本見經头面公同三已老从动两长知样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市"
    "這個們時會學國對來說過為後發經開動長現將與進實點種聲問機給幾業間電門東氣關並內產軍萬"
    "東京日本語人年月大学国会社時間表示地名島戦争連邦千島樺太色丹歯舞択捉国後条約宣言降伏占領政府"
)
KANA = re.compile("[ぁ-ゖァ-ヺー]")
COMMON_HANGUL = set(
    "이다는을의에가한고하지로은사대도자기나정시해인어서리그일부를수보으들면아제상과주스전있만원소구장여선국동유조안관게중공경생성문신라위장학말없와히방분러됐였았것습니까요독섬"
)


@dataclass(frozen=True)
class Reading:
    """An encoding by Python's name. `sure` is False where others fit nearly as well, best first."""

    name: str
    sure: bool = True
    others: tuple[str, ...] = ()
    scores: dict[str, float] = field(default_factory=dict, compare=False)


def detect(data: bytes) -> Reading | None:
    """The encoding of a text; None where the bytes are no text at all."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return Reading(name)
    if not _is_text_with_zeros(data) and (wide := _wide(data)):
        return Reading(wide)
    if b"\x1b$" in data and b"\x1b(" in data and _decodes(data, "iso2022_jp"):
        return Reading("iso2022_jp")
    if _decodes(data, "utf-8"):
        return Reading("utf-8")
    if len(data) - len(data.translate(None, CONTROL)) > len(data) // 100:
        return None
    return _old(data)


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _is_text_with_zeros(data: bytes) -> bool:
    """Whether these are the bytes of UTF-8, or of ASCII, with a stray zero here and there."""
    others = data.translate(None, bytes(range(1, 9)) + bytes(range(14, 32)))
    return len(others) == len(data) and data.count(0) * 4 < len(data) and _decodes(data, "utf-8")


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: line ends and delimiters, at least, are one byte and a zero."""
    if len(data) % 2 or len(data) < 4:
        return ""
    sample = data[:SAMPLE_BYTES]
    for name, own, other in (
        ("utf-16-le", sample[1::2], sample[0::2]),
        ("utf-16-be", sample[0::2], sample[1::2]),
    ):
        zeros = own.count(0)
        # Latin letters have a zero beside each; of other scripts only the signs between the words do.
        if (
            zeros > len(own) / 50
            and other.count(0) < zeros / 20
            and len(set(own)) < 0.7 * len(set(sample)) + 4
        ):
            try:
                text = data.decode(name)
            except UnicodeDecodeError:
                continue
            if re.search("[\r\n,;\t|]", text) and not re.search("[\0-\x08\ue000-\uf8ff\uffff]", text):
                return name
    return ""


def _old(data: bytes) -> Reading | None:
    sample = _sample(data)
    scores: dict[str, float] = {}
    for name in OLD:
        if _decodes(data, name):
            text = sample.decode(name, errors="ignore")
            letters = sum(not letter.isascii() for letter in text[:1_000])
            known = BEFOREHAND.get(name, 0.0) * (1 + 4 / max(letters, 1))
            scores[name] = round(_likeness(text) + known, 4)
    ranked = sorted(scores, key=lambda name: (-scores[name], OLD.index(name)))
    if not ranked:
        return None
    best = ranked[0]
    # Encodings that give the same letters are no alternatives to each other.
    text = sample.decode(best, errors="ignore")
    others = [name for name in ranked[1:] if sample.decode(name, errors="ignore") != text]
    near = tuple(name for name in others if scores[name] > 0 and scores[best] < SURE * scores[name] + 0.1)
    sure = not near and scores[best] > 0 and sum(not letter.isascii() for letter in text[:1_000]) >= FEW
    return Reading(best, sure, near or tuple(others[:3]), scores)


def _sample(data: bytes) -> bytes:
    """The lines with letters beyond ASCII, since only they tell encodings apart."""
    if len(data) <= SAMPLE_BYTES:
        return data
    lines = [line for line in re.split(rb"(?<=[\r\n])", data[: 20 * SAMPLE_BYTES]) if not line.isascii()]
    return b"".join(lines)[:SAMPLE_BYTES]


def _likeness(text: str) -> float:
    """How much the letters beyond ASCII look like written language: about 1 where they do, 0 or less where not."""
    runs = re.findall(r"[^\x00-\x7f]+", text)
    total = sum(map(len, runs))
    if not total:
        return 0.0
    return sum(_letter(letter) for run in runs for letter in run) / total - _broken_words(text, total)


def _letter(letter: str) -> float:
    lower = letter.lower()
    code = ord(letter)
    if 0x0400 <= code <= 0x045F:
        place = RUSSIAN.find(lower)
        return _common(place) * (0.95 if letter != lower else 1) if place >= 0 else -1.0
    if 0x3041 <= code <= 0x30FC:
        return 1.2
    if 0xFF61 <= code <= 0xFF9F:  # half-width katakana: what other bytes look like in Shift-JIS
        return -0.5
    if 0x4E00 <= code <= 0x9FFF:
        return 1.2 if letter in HAN else 0.3
    if 0xAC00 <= code <= 0xD7A3:
        return 1.2 if letter in COMMON_HANGUL else 0.5
    if 0x3000 <= code <= 0x3011 or 0xFF01 <= code <= 0xFF5E:
        return 0.8
    if letter in ACCENTED:
        return 0.9
    if letter in PUNCTUATION:
        return 0.5
    for alphabet in (GREEK, HEBREW, ARABIC):
        if (place := alphabet.find(lower)) >= 0:
            return _common(place) - 0.05
    if letter.isalpha() and code < 0x250:
        return 0.1
    return -1.0


def _common(place: int) -> float:
    """The weight of a letter by its place among the letters of its language, the commonest first."""
    return 1.1 if place < 10 else 0.9 if place < 20 else 0.6


WORD = re.compile(r"[^\W\d_]+")
# Opening marks and signs right behind a letter, and low quotation marks before a small one.
MISPLACED = re.compile(r"(?<=[^\W\d_])[“„‚¿¡«•£©§]|[‚„](?=[a-z])|(?<=[^\W\d_])[…–—»”°](?=[^\W\d_])")


def _broken_words(text: str, total: int) -> float:
    """What words that no language writes cost: capitals after small letters, two scripts in one word."""
    faults = float(len(MISPLACED.findall(text)))
    for word in WORD.findall(text):
        if word.isascii():
            continue
        kinds = {_script(letter) for letter in word} - {""}
        faults += (len(kinds) - 1) * 2 if len(kinds) > 1 and not kinds <= {"han", "kana", "hangul"} else 0
        if kinds & {"cyrillic", "latin", "greek"}:
            faults += (
                len(re.findall(r"(?<=[^\W\d_A-Z])[A-ZÀ-ÖØ-ÞА-ЯЁΑ-Ω]", word)) * 1.5
                if not word.isupper()
                else 0.0
            )
            capitals = sum(letter.isupper() for letter in word)
            faults += 1.0 if word.isupper() and len(word) > 3 else 0.0
            faults += capitals * 0.2 if capitals > 1 else 0.0
        if "latin" in kinds:
            beyond = [letter for letter in word if not letter.isascii()]
            faults += len(beyond) if len(beyond) * 2 > len(word) and len(word) > 2 else 0.0
    return faults / total


def _script(letter: str) -> str:
    code = ord(letter)
    if code < 0x250:
        return "latin"
    if 0x370 <= code < 0x400:
        return "greek"
    if 0x400 <= code < 0x530:
        return "cyrillic"
    if 0x3040 <= code <= 0x30FF:
        return "kana"
    if 0x4E00 <= code <= 0x9FFF:
        return "han"
    return "hangul" if 0xAC00 <= code <= 0xD7A3 else "other"
