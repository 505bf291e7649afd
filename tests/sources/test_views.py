"""The public pages of sources and agents."""

import pytest
from django.test import RequestFactory
from django.utils import timezone

from kb.book import writing
from kb.models import StatedValue
from kb.views.rendering import render_page
from sources.models import Contribution, Snapshot
from tests.kb import published, records
from tests.kb.test_views import page, text

pytestmark = pytest.mark.django_db


def quoted(rights: str):
    """A source with a claim quoted in it, published; the rest of its text is "The war ended in September."."""
    work = records.source("report", language="en", url="https://example.org/report")
    captured = Snapshot.objects.create(
        source=work, text=records.TEXT, captured_at=timezone.now(), rights=rights
    )
    said = records.claim("taken")
    records.appearance(said, work, snapshot=captured, quote="taken in August")
    published.publish(work, said)
    return work, said


@pytest.mark.parametrize("rights", ["private", "excerpts"])
def test_only_quoted_passages_are_shown_unless_the_text_is_public(client, rights):
    quoted(rights)
    html = page(client, "/sources/report/")
    assert "What it claims, in its own words" in html
    assert ">taken in August</mark>" in html
    assert "The war ended in September." not in html


def test_a_public_text_is_shown_whole_with_its_claims_marked(client):
    quoted("public")
    html = page(client, "/sources/report/")
    assert "The text, with its claims marked" in html
    assert ">taken in August</mark>" in html
    assert "The war ended in September." in html


def test_each_mark_has_a_note_with_the_rating_and_the_claim(client):
    quoted("excerpts")
    html = page(client, "/sources/report/")
    assert '<a href="#n1" aria-label="Note 1: Not assessed">1</a>' in html
    assert 'id="n1"' in html
    assert 'id="claim-taken"' in html
    assert '<mark class="past lane-0" id="quote-taken" data-note="1">taken in August</mark>' in html
    assert 'href="#quote-taken:~:text=taken%20in%20August"' in html
    assert 'href="https://example.org/report#:~:text=were-,taken%20in%20August"' not in html
    assert (
        'href="https://example.org/report#:~:text=taken%20in%20August" rel="external">In the original</a>'
        in html
    )
    assert '<a href="/claims/taken/">Statement of taken.</a>' in html
    assert 'href="/sources/report/#quote-taken"' in page(client, "/claims/taken/")


def test_a_source_links_to_its_publisher_its_article_and_its_replies(client):
    article = records.source("article", url="https://www.example.org/article")
    comment = records.source("comment", type="post", in_reply_to=article)
    published.publish(article, comment)
    html = page(client, "/sources/article/")
    assert '<a href="https://www.example.org/article" rel="external">Read it at example.org</a>' in html
    assert '<a href="/sources/comment/"' in html
    assert '<a href="/sources/article/"' in page(client, "/sources/comment/")


def test_a_retracted_source_says_so(client):
    published.publish(records.source("retracted", standing="retracted", standing_since="2016"))
    assert "Retracted, 2016." in text(page(client, "/sources/retracted/"))


def test_an_agent_page_tells_what_it_says_and_what_is_said_about_it(client):
    speaker = records.agent("speaker", kind="person")
    work = records.source("work")
    Contribution.objects.create(source=work, agent=speaker)
    own, reported, about = (records.claim(key) for key in ("own", "reported", "about"))
    records.appearance(own, work)
    elsewhere = records.source("elsewhere")
    records.appearance(reported, elsewhere).claimants.add(speaker)
    records.appearance(about, elsewhere)
    meeting = records.event("meeting")
    meeting.participants.add(speaker)
    about.events.add(meeting)
    published.publish(speaker, work, elsewhere, meeting, own, reported, about)
    html = page(client, "/agents/speaker/")
    said, _, told = html.partition("What is claimed about what it took part in")
    assert "Statement of own." in said
    assert "Statement of reported." in said
    assert "Statement of about." in told
    assert "Statement of about." not in said


def test_an_agent_does_not_make_what_its_source_only_reports(client):
    speaker, other = records.agent("speaker"), records.agent("other")
    work = records.source("work")
    Contribution.objects.create(source=work, agent=speaker)
    reported = records.claim("reported")
    records.appearance(reported, work, stance="reports").claimants.add(other)
    published.publish(speaker, other, work, reported)
    assert "Statement of reported." not in page(client, "/agents/speaker/")
    assert "Statement of reported." in page(client, "/agents/other/")


def test_every_kind_of_draft_can_be_previewed_and_kept_by_nobody():
    """The admin's Preview: the page as releasing would make it, from the same templates."""
    made = records.full(2)
    StatedValue.objects.filter(claim=made["claim"]).update(edtf="1945-08-28")
    drafts = [*made.values(), records.desk(), records.naming_policy()]
    for draft in drafts:
        response = render_page(RequestFactory().get("/"), writing.draft_page(draft), preview=True)
        assert response.status_code == 200
        assert "Preview: not published." in response.content.decode()
        assert response["Cache-Control"] == "private, no-store"
        assert "ETag" not in response
