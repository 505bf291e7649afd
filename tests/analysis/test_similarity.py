"""What has been said before is found in other words, other scripts and beside other figures."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from math import log
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from kb.analysis import claim_index
from kb.analysis.claims_alike import in_memory, similar
from kb.analysis.similarity import Names, Similarity, Told, cleaned, figures, mean_average_precision, terms
from kb.editorial.folding import words
from kb.models import Claim
from kb.settings import BASE_DIR
from tests.fixtures.case import load_undecided
from tests.kb import records

DATA = Path(__file__).parent.parent / "data"
LABELLED = DATA / "similar_claims.tsv"
#: Posts about other matters in a dozen languages, labelled before anything was scored; nothing is tuned on them.
POSTS, POSTED = DATA / "said_before_posts.tsv", DATA / "said_before_claims.tsv"
FOUNDING = BASE_DIR / "fixtures" / "hot_spring_diplomacy.json"


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))


def labelled(file: Path = LABELLED) -> tuple[list[str], list[set[str]]]:
    rows = rows_of(file)
    return [row["query"] for row in rows], [set(row["claims"].split()) for row in rows]


def statements() -> dict[str, str]:
    rows = json.loads(FOUNDING.read_text(encoding="utf-8"))
    return {r["fields"]["key"]: r["fields"]["statement"] for r in rows if r["model"] == "kb.claim"}


class Plain:
    """BM25 over whole words, with the usual constants: what a search engine does unasked."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.found = {key: Counter(words(text)) for key, text in texts.items()}
        self.there: dict[str, int] = defaultdict(int)
        for counts in self.found.values():
            for word in counts:
                self.there[word] += 1
        self.average = sum(c.total() for c in self.found.values()) / len(self.found)

    def rank(self, text: str, top: int = 5) -> list[str]:
        asked = set(words(text))

        def score(key: str) -> float:
            counts = self.found[key]
            held = 1.2 * (0.25 + 0.75 * counts.total() / self.average)
            rarity = {
                w: log(1 + (len(self.found) - self.there[w] + 0.5) / (self.there[w] + 0.5)) for w in asked
            }
            return sum(rarity[w] * counts[w] * 2.2 / (counts[w] + held) for w in asked if w in counts)

        return sorted((k for k in self.found if score(k)), key=lambda key: -score(key))[:top]


@pytest.fixture(scope="class")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        load_undecided()
        claim_index.catch_up()
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
class TestTheLabelledSet:
    def test_labels_are_claims_that_there_are(self) -> None:
        queries, right = labelled()
        assert len(queries) == 68
        assert set().union(*right) - set(statements()) == set()

    def test_beats_words_alone(self) -> None:
        """Paraphrases, other languages and scripts, other figures: see docs/similar-claims.md for the figures."""
        queries, right = labelled()
        plain = Plain(statements())
        by_words = mean_average_precision([plain.rank(query) for query in queries], right)
        by_all = mean_average_precision([[s.key for s in similar(query)] for query in queries], right)
        assert by_all >= by_words + 0.04
        assert by_all >= 0.97

    def test_the_index_loses_nothing_that_is_found_among_all(self) -> None:
        queries, right = labelled()
        among_all = in_memory()
        whole = mean_average_precision([[s.key for s in among_all.rank(q)] for q in queries], right)
        fetched = mean_average_precision([[s.key for s in similar(query)] for query in queries], right)
        assert fetched >= whole - 0.005

    def test_the_command_prints_keys_line_by_line(self) -> None:
        asked = "Etorofu was invaded on 28 August 1945\n\nShikotan measures 253.33 sq km\n"
        out = io.StringIO()
        call_command("similar_claims", "--top", "1", stdin=io.StringIO(asked), stdout=out)
        assert out.getvalue() == "iturup-landing-28-august\n\nshikotan-253-33-km2\n"


@pytest.mark.django_db
def test_posts_about_other_matters_find_what_was_said() -> None:
    told = rows_of(POSTED)
    Claim.objects.bulk_create(
        Claim(key=row["key"], statement=row["statement"], kind="opinion") for row in told
    )
    claim_index.catch_up()
    queries, right = labelled(POSTS)
    assert set().union(*right) - {row["key"] for row in told} == set()
    plain = Plain({row["key"]: row["statement"] for row in told})
    by_words = mean_average_precision([plain.rank(query) for query in queries], right)
    by_index = mean_average_precision([[s.key for s in similar(query)] for query in queries], right)
    assert by_index >= by_words + 0.02
    assert by_index >= 0.95


@pytest.mark.django_db
def test_asking_takes_as_many_queries_for_one_claim_as_for_three() -> None:
    def queries() -> int:
        claim_index.catch_up()
        similar("They were taken early")
        with CaptureQueriesContext(connection) as made:
            similar("They were taken early")
        return len(made)

    records.appearance(records.claim("a", statement="They were taken early."), records.source("s"))
    one = queries()
    for key in ("b", "c"):
        records.appearance(
            records.claim(key, statement=f"They were taken {key}."), records.source(f"s-{key}")
        )
    assert queries() == one


@pytest.mark.django_db
def test_a_claim_is_found_by_what_is_quoted_and_by_titles() -> None:
    claim = records.claim("a", statement="They were taken early.")
    records.claim("b", statement="Something else was said.")
    records.appearance(claim, records.source("s", title="Hot spring diplomacy"), quote="in its final days")
    claim_index.catch_up()
    assert [s.key for s in similar("the final days")] == ["a"]
    assert [s.key for s in similar("hot springs and diplomats")] == ["a"]


@pytest.mark.django_db
def test_nothing_is_like_nothing() -> None:
    assert similar("anything") == []
    records.claim("a", statement="They were taken early.")
    assert similar("") == similar(" \0 \u3000 ") == similar("http://example.org") == []
    with pytest.raises(CommandError, match="from 1"):
        call_command("similar_claims", "--top", "0", stdin=io.StringIO(""))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("See https://example.org/a?b=c now", "See   now"),
        ("It fell pic.twitter.com/AbC", "It fell  "),
        ("#StopTheWar2022 said @realDonaldTrump", " Stop The War 2022 said  real Donald Trump"),
        ("It fell — Ann Lee (@annlee) March 3, 2020", "It fell  Ann Lee"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
    ],
)
def test_a_post_is_read_as_a_sentence(text: str, clean: str) -> None:
    assert cleaned(text) == clean


def test_terms_are_beginnings_and_pairs_and_transliterated() -> None:
    assert terms("Landings of 1945: 択捉島") == ["landi", "of", "1945", "択捉", "捉島"]
    assert terms("Итурупе") == terms("Iturup") == ["iturU".lower()]
    assert terms("April 13th, the 2nd") == ["april", "13", "the", "2"]
    assert terms("쿠릴열도는") == ["쿠릴", "릴열", "열도", "도는"]


def test_figures_are_compared_without_their_signs() -> None:
    assert figures("1,600,000 troops, 5.69 km², 9 August") == {"1600000", "569", "9"}


def test_a_place_is_one_whatever_it_is_called() -> None:
    names = Names([("Iturup", "1"), ("択捉島", "1"), ("Habomai Islands", "2")])
    assert names.named("The landing on iturup") == {"1"}
    assert names.named("ソ連軍は択捉島に上陸") == {"1"}
    assert names.named("on the Habomai islands") == {"2"}
    claims = Similarity([Told("a", "Iturup fell."), Told("b", "Urup fell.")], names)
    assert claims.rank("択捉島の占領")[0].key == "a"


def test_of_two_that_differ_in_a_figure_the_right_one_is_first() -> None:
    claims = Similarity([Told("a", "It fell on 8 August."), Told("b", "It fell on 9 August.")])
    assert [s.key for s in claims.rank("On 9 August it fell")] == ["b", "a"]
    assert [s.key for s in claims.rank("On 8 August it fell")] == ["a", "b"]


def test_the_same_words_are_as_alike_as_can_be() -> None:
    (only,) = Similarity([Told("a", "It fell on 8 August.")]).rank("It fell on 8 August.")
    assert round(only.alike, 6) == 1
