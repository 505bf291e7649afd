"""Where the sources of a claim have it from, on its page: from what is published alone."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kb.models import Claim
from sources.models import Source
from tests.book import cases
from tests.kb import published, records
from tests.kb.test_views import queries, text

pytestmark = pytest.mark.django_db


def article(key: str, *taken_from: Source, **fields: str) -> Source:
    made = records.source(key, **{"type": "article-newspaper", **fields})
    made.derived_from.set(taken_from)
    return made


def said_in(*sources: Source, key: str = "claim") -> Claim:
    claim = records.claim(key)
    for source in sources:
        records.appearance(claim, source)
    return claim


def out(*given: Source | Claim) -> None:
    published.publish(*cases.again(*given))


def page(client: Client, address: str = "/claims/claim/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def dots(html: str) -> int:
    return len(re.findall(r'<circle class="(?:origin|circle|taken)"', html))


def test_seven_articles_with_one_origin_are_said_to_have_one(client):
    agency = article("agency")
    papers = [article(f"paper-{n}", agency) for n in range(7)]
    out(agency, *papers, said_in(*papers))
    html = page(client)
    shown = text(html)
    assert "Where its sources have it from Seven articles, one origin." in shown
    assert dots(html) == 8
    assert "The paper-3 , taken from The agency ." in shown or "The paper-3, taken from The agency." in shown
    assert 'href="/sources/agency/"' in html
    assert 'aria-labelledby="chain-short" aria-describedby="chain-list"' in html


def test_nothing_is_drawn_where_every_source_speaks_for_itself(client):
    papers = [article("one"), article("other")]
    out(*papers, said_in(*papers))
    assert "Where its sources have it from" not in page(client)


def test_an_origin_that_is_not_published_is_not_named(client):
    agency = article("agency", title="CANARY telegram")
    papers = [article("one", agency), article("other", agency)]
    claim = said_in(*papers)
    out(*papers, claim)
    assert "CANARY" not in page(client)
    out(agency, *papers)
    assert "CANARY telegram" in page(client)
    published.withdraw(agency)
    assert "CANARY" not in page(client)


def test_an_appearance_says_for_its_own_claim_where_it_was_taken_from(client):
    letter, paper = article("letter"), article("paper")
    claim = said_in(letter, paper)
    claim.appearances.filter(source=paper).update(derived_from=claim.appearances.get(source=letter))
    other = said_in(letter, paper, key="other")
    out(letter, paper, claim, other)
    assert "Two articles, one origin." in page(client)
    assert "origin" not in text(page(client, "/claims/other/"))


def test_a_circle_is_named_and_hangs_nothing(client):
    one, other = article("one", type="webpage"), article("other", type="webpage")
    one.derived_from.add(other)
    other.derived_from.add(one)
    out(one, other, said_in(one, other))
    shown = text(page(client)).replace(" ,", ",").replace(" .", ".").replace(" ;", ";")
    assert "Two sources in a circle, no origin." in shown
    assert "The one, taken from The other. It goes round in a circle with The other." in shown


def test_who_denies_it_does_not_support_it(client):
    agency = article("agency")
    denying = article("denying", agency)
    claim = records.claim("claim")
    records.appearance(claim, denying, stance="denies")
    out(agency, denying, claim)
    assert "Where its sources have it from" not in page(client)


def test_titles_are_escaped_and_keep_their_language(client):
    agency = article("agency", title="電報 <i>", language="ja")
    paper = article("paper", agency)
    out(agency, paper, said_in(agency, paper))
    html = page(client)
    assert '<tspan lang="ja">電報 &lt;i&gt;</tspan>' in html
    assert 'lang="ja">電報 &lt;i&gt;</a>' in html


def test_a_page_asks_as_much_for_three_sources_as_for_one(client):
    agency = article("agency")
    one = [article("alone", agency)]
    three = [article(f"paper-{n}", agency) for n in range(3)]
    out(agency, *one, *three, said_in(agency, *one), said_in(agency, *three, key="other"))
    assert queries(client, "/claims/claim/") == queries(client, "/claims/other/")


def test_fifty_appearances_are_fifty_rows(client):
    papers: list[Source] = []
    for number in range(50):
        papers.append(article(f"paper-{number}", *papers[-2:]))
    out(*papers, said_in(*papers))
    html = page(client)
    assert dots(html) == 50
    assert "50 articles, one origin." in text(html)
