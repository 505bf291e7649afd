"""The index of claims follows every write, and can be made again."""

from __future__ import annotations

import io
from time import sleep

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kb.analysis import claim_index
from kb.analysis.claims_alike import similar, similar_to
from kb.analysis.similarity import Told
from kb.models import Appearance, Claim, ClaimToIndex, ClaimWords, TermCount
from kb.spreadsheets import storing
from tests.kb import records


def counts() -> dict[str, int]:
    return dict(TermCount.objects.exclude(claims=0).values_list("term", "claims"))


def words() -> dict[str, str]:
    keys = dict(Claim.objects.values_list("pk", "key"))
    return {keys.get(pk, "gone"): found for pk, found in ClaimWords.objects.values_list("pk", "words")}


def keys(text: str) -> list[str]:
    return [one.key for one in similar(text)]


def test_tokens_are_what_is_told_of_a_claim_each_once() -> None:
    told = Told("a", "The Soviet Soviets took 択捉島.", "Hot springs", "il y a eu l'été")
    assert claim_index.tokens(told) == [
        "a", "ete", "eu", "hot", "il", "l", "sovie", "sprin", "the", "took", "y", "択捉", "捉島",
    ]  # fmt: skip
    assert claim_index.as_token("\0a place") == claim_index.as_token("''") == ""


def test_what_is_foreseen_of_a_text_is_what_it_is_found_by() -> None:
    told = Told("a", "The Soviets took 択捉島.", "Hot springs", "il y a eu l'été")
    with claim_index.foreseeing([told.statement, told.quotes]) as foreseen:
        while len(foreseen) < 2:
            sleep(0.001)
    assert claim_index.tokens(told, foreseen) == claim_index.tokens(told)
    assert claim_index.tokens(told, {told.statement: ("other",)}) != claim_index.tokens(told)


@pytest.mark.django_db
class TestEveryWrite:
    def test_what_is_written_before_its_claim_is_noted_once_with_it(self) -> None:
        source = records.source("s")
        storing.insert(Appearance, [{"id": 7, "uid": "a7", "claim_id": 77, "source_id": source.pk}])
        assert ClaimToIndex.objects.count() == 0
        storing.insert(
            Claim, [{"id": 77, "uid": "c7", "key": "late", "kind": "other", "statement": "Shikotan fell."}]
        )
        assert list(ClaimToIndex.objects.values_list("claim", flat=True)) == [77]
        Appearance.objects.update(quote="Paramushir")
        claim_index.catch_up()
        assert words() == {"late": "fell param s shiko the"}

    def test_is_found_before_it_is_indexed_and_after(self) -> None:
        records.claim("a", statement="Shikotan was taken in September.")
        assert ClaimWords.objects.count() == 0
        assert keys("taking Shikotan") == ["a"]
        claim_index.catch_up()
        assert ClaimToIndex.objects.count() == 0
        assert keys("taking Shikotan") == ["a"]

    def test_counts_in_how_many_claims_each_term_is(self) -> None:
        records.claim("a", statement="Shikotan fell.")
        records.claim("b", statement="Shikotan rose, Shikotan fell.")
        claim_index.catch_up()
        assert counts() == {"": 2, "shiko": 2, "fell": 2, "rose": 1}
        assert words() == {"a": "fell shiko", "b": "fell rose shiko"}

    def test_follows_a_save_a_bulk_write_and_plain_sql(self) -> None:
        claim = records.claim("a", statement="Shikotan fell.")
        claim_index.catch_up()
        claim.statement = "Iturup fell."
        claim.save()
        claim_index.catch_up()
        assert counts() == {"": 1, "fell": 1, "iturup"[:5]: 1}
        Claim.objects.filter(key="a").update(statement="Urup rose.")
        claim_index.catch_up()
        assert counts() == {"": 1, "rose": 1, "urup": 1}
        with connection.cursor() as cursor:
            cursor.execute("UPDATE kb_claim SET statement = 'Kunashir sank.'")
        claim_index.catch_up()
        assert words() == {"a": "kunas sank"}

    def test_follows_quotes_and_deletes(self) -> None:
        claim = records.claim("a", statement="It fell.")
        other = records.claim("b", statement="It rose.")
        row = records.appearance(claim, records.source("s", title="Diplomacy"), quote="its final days")
        claim_index.catch_up()
        assert keys("final") == ["a"]
        row.claim = other
        row.save()
        claim_index.catch_up()
        assert keys("final") == ["b"]
        other.delete()
        claim_index.catch_up()
        assert keys("final") == []
        assert words() == {"a": "fell it"}
        assert counts() == {"": 1, "fell": 1, "it": 1}

    def test_notes_nothing_for_what_it_is_not_found_by(self) -> None:
        claim = records.claim("a", statement="It fell.")
        claim_index.catch_up()
        claim.note = "for the desk"
        claim.save()
        assert ClaimToIndex.objects.count() == 0

    def test_a_title_that_is_about_several_claims_finds_none_of_them(self) -> None:
        source = records.source("s", title="Hot spring diplomacy")
        records.appearance(records.claim("a", statement="It fell."), source)
        claim_index.catch_up()
        assert keys("diplomacy") == ["a"]
        records.appearance(records.claim("b", statement="It rose."), source)
        claim_index.catch_up()
        assert keys("diplomacy") == []

    def test_can_be_made_again_from_nothing(self) -> None:
        for key in "abc":
            records.claim(key, statement=f"Shikotan fell {key}.")
        claim_index.catch_up()
        before = words(), counts()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM kb_claimwords")
            cursor.execute("UPDATE kb_termcount SET claims = 77")
        out = io.StringIO()
        call_command("index_claims", stdout=out)
        assert out.getvalue() == "The index has 3 claims.\n"
        assert (words(), counts()) == before


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_is_indexed() -> None:
    claim = records.claim("a", statement="Shikotan fell.")
    assert words() == {"a": "fell shiko"}
    claim.delete()
    assert words() == {}


@pytest.mark.django_db
class TestAskingForMany:
    def test_takes_as_many_queries_as_for_one(self) -> None:
        for key in "abc":
            records.claim(key, statement=f"Shikotan fell on the {key * 5}.")
        claim_index.catch_up()
        similar("anything")
        with CaptureQueriesContext(connection) as one:
            list(similar_to(["Shikotan fell"]))
        with CaptureQueriesContext(connection) as many:
            found = list(similar_to([f"Shikotan fell {key * 5}" for key in "cab"] * 200))
        assert len(many) == len(one)
        assert [some[0].key for some in found] == list("cab") * 200

    def test_frequent_words_find_what_has_several_of_them(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(claim_index, "FOR_ONE", 3)
        for number in range(8):
            records.claim(f"x-{number}", statement="Soldiers came.")
            records.claim(f"y-{number}", statement="Islands burned.")
        records.claim("both", statement="Soldiers burned.")
        claim_index.catch_up()
        assert keys("soldiers burned")[0] == "both"
