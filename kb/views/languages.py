"""Names of languages and scripts for readers: "ru-Latn" is "Russian, romanised"."""

from __future__ import annotations

from functools import lru_cache

from django.conf.locale import LANG_INFO

# Languages that the framework is not translated into but sources are written in (ISO 639).
_LANGUAGES = {
    "ain": "Ainu", "chu": "Church Slavonic", "grc": "Ancient Greek", "la": "Latin", "lzh": "Classical Chinese",
    "mnc": "Manchu", "mul": "Several languages", "ojp": "Old Japanese", "tl": "Tagalog", "und": "Unknown language",
    "zh": "Chinese", "zxx": "No language",
}  # fmt: skip

# ISO 15924. A Latin script is a romanisation where the language is usually written otherwise.
_SCRIPTS = {
    "Cyrl": "in Cyrillic", "Hang": "in hangul", "Hani": "in Chinese characters", "Hans": "simplified",
    "Hant": "traditional", "Hira": "in hiragana", "Hrkt": "in kana", "Jpan": "", "Kana": "in katakana", "Kore": "",
}  # fmt: skip


@lru_cache(maxsize=512)
def language_name(tag: str) -> str:
    """The English name of a BCP 47 tag; the tag itself where the language is not known here.

    An empty tag is an empty text. Regions and variants are not said, except by a private name.
    """
    if not tag:
        return ""
    language, *subtags = tag.split("-")
    name = _LANGUAGES.get(language) or LANG_INFO.get(language, {}).get("name")
    if not name:
        return tag
    script = next((part for part in subtags if len(part) == 4 and part.isalpha()), "")
    if script == "Latn":
        return "Unknown language, in Latin script" if language == "und" else f"{name}, romanised"
    said = _SCRIPTS.get(script, f"in script {script}" if script else "")
    return f"{name}, {said}" if said else str(name)
