"""Names of languages and scripts for readers: "ru-Latn" is "Russian, romanised"."""

from __future__ import annotations

from functools import lru_cache

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, gettext, pgettext, pgettext_lazy

# Languages that the framework is not translated into but sources are written in (ISO 639). It has the others' names.
_LANGUAGES = {
    "ain": pgettext_lazy("language", "Ainu"),
    "chu": pgettext_lazy("language", "Church Slavonic"),
    "grc": pgettext_lazy("language", "Ancient Greek"),
    "la": pgettext_lazy("language", "Latin"),
    "lzh": pgettext_lazy("language", "Classical Chinese"),
    "mnc": pgettext_lazy("language", "Manchu"),
    "mul": pgettext_lazy("language", "Several languages"),
    "ojp": pgettext_lazy("language", "Old Japanese"),
    "tl": pgettext_lazy("language", "Tagalog"),
    "und": pgettext_lazy("language", "Unknown language"),
    "zh": pgettext_lazy("language", "Chinese"),
    "zxx": pgettext_lazy("language", "No language"),
}

# ISO 15924. A Latin script is a romanisation where the language is usually written otherwise.
_SCRIPTS = {
    "Cyrl": pgettext_lazy("script", "%(language)s, in Cyrillic"),
    "Hang": pgettext_lazy("script", "%(language)s, in hangul"),
    "Hani": pgettext_lazy("script", "%(language)s, in Chinese characters"),
    "Hans": pgettext_lazy("script", "%(language)s, simplified"),
    "Hant": pgettext_lazy("script", "%(language)s, traditional"),
    "Hira": pgettext_lazy("script", "%(language)s, in hiragana"),
    "Hrkt": pgettext_lazy("script", "%(language)s, in kana"),
    "Jpan": "%(language)s",
    "Kana": pgettext_lazy("script", "%(language)s, in katakana"),
    "Kore": "%(language)s",
}


def language_name(tag: str) -> str:
    """The name of a BCP 47 tag's language, in that of the page; the tag itself where the language is not known here.

    An empty tag is an empty text. Regions and variants are not said, except by a private name.
    """
    return _name(tag, get_language() or "en")


@lru_cache(maxsize=2048)
def _name(tag: str, _said_in: str) -> str:
    if not tag:
        return ""
    language, *subtags = tag.split("-")
    known = _LANGUAGES.get(language)
    name = str(known) if known else gettext(LANG_INFO.get(language, {}).get("name", "") or "")
    if not name:
        return tag
    script = next((part for part in subtags if len(part) == 4 and part.isalpha()), "")
    if script == "Latn":
        if language == "und":
            return pgettext("language", "Unknown language, in Latin script")
        return pgettext("script", "%(language)s, romanised") % {"language": name}
    if not script:
        return name
    pattern = _SCRIPTS.get(script) or pgettext("script", "%(language)s, in script %(script)s")
    return str(pattern) % {"language": name, "script": script}
