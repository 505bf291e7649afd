"""The public pages' own words: settled for each language when a template is compiled."""

import pytest
from django.template import engines
from django.utils import translation

from kb.book.reading import Label
from kb.views.marking import Marks


@pytest.mark.parametrize(
    ("template", "english", "japanese"),
    [
        ('{{ _("Claims") }}', "Claims", "主張"),
        ('{{ pgettext("page", "Next") }}', "Next", "次へ"),
        ('{{ ngettext("%(num)s claim", "%(num)s claims", 2) }}', "2 claims", "主張2件"),
        ('{{ _("of the claim %(claim)s", claim="<b>") }}', "of the claim &lt;b&gt;", "対象の主張：&lt;b&gt;"),
        ('{{ m.rating("accurate") | striptags }}', "Accurate", "正確"),
    ],
)
def test_words_are_in_the_language_of_whoever_asks(template: str, english: str, japanese: str) -> None:
    public = engines["public"]
    source = '{% import "includes/marks.html" as m %}' + template
    said = []
    for language in ("en", "ja", "en"):
        with translation.override(language):
            said.append(public.from_string(source).render({}))
    assert said == [english, japanese, english]


def test_a_text_is_marked_where_the_page_speaks_otherwise() -> None:
    marks = Marks("en")
    assert marks.text("a < b", "en") == "a &lt; b"
    assert marks.text("ا < ب", "ar") == '<span lang="ar" dir="rtl">ا &lt; ب</span>'
    assert marks.lang('"><script>') == ' lang="&#34;&gt;&lt;script&gt;"'


def test_records_stand_in_a_row_as_a_sentence_has_them() -> None:
    labels = {
        uid: Label(uid, "event", uid, f"{uid} & co", withdrawn=uid == "b", card={"language": "en"})
        for uid in "abc"
    }
    links = {uid: f'<a href="/events/{uid}/">{uid} &amp; co</a>' for uid in "abc"}
    with translation.override("en"):
        assert Marks("en").refs(labels, ["a", "unknown"]) == links["a"]
        assert Marks("en").refs(labels, "abc") == (
            f'{links["a"]}, {links["b"]} <span class="flag">withdrawn</span> and {links["c"]}'
        )
