"""From challenge to correction, played through in a real browser by a reader and three accounts of the desk.

The founding editorial stands published as it was before anybody objected. A reader challenges its date and another
sends the same; Vera sorts it and gathers what it relies on, Boris decides, Petra publishes; then every place that
ought to tell of it does, and a ledger that somebody has altered is found out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from kb import forms, notices
from kb.analysis import conflict_finding
from kb.book.models import Version
from kb.editorial import triggers
from kb.management.commands import founding_case
from kb.models import Claim, Correction, Delivery, Rebuttal
from tests.browser.test_admin_browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLAIM = "islands-taken-before-surrender"
STATEMENT_PAGE = f"/claims/{CLAIM}/"
WHY = "The operation in the Kuril Islands did not start until 18 August."
RIGHT = "Soviet troops landed on the four islands after Japan had announced its surrender on 15 August 1945."
REASON = "The landings began on 18 August 1945, three days after the announcement."
#: Words of the claims that it relies on.
COUNTERCLAIMS = ("28 August to 3 September", "did not start until 18 August")
WIDE = {"viewport": {"width": 1280, "height": 900}}


def before_anybody_objected() -> None:
    """The founding case without its challenge, published, its claim assessed as it was then."""
    rows = json.loads(founding_case.fixture(founding_case.FIXTURE))
    kept = [row for row in rows if row["model"] != "kb.rebuttal" and not row["fields"].get("rebuttal")]
    with transaction.atomic():
        editor, publisher = founding_case.people()
        loaded = founding_case.load(kept, by=editor)
        judgement = {"rating": "accurate", "rationale": "The editorial says so."}
        founding_case.assess(Claim.objects.get(key=CLAIM), judgement, by=editor, confirmed_by=publisher)
        founding_case.publish(loaded, handed_in_by=editor, by=publisher, why="As it was.")
    conflict_finding.find_all()


@dataclass
class Play:
    """The people of the play: who has which page open."""

    new_page: Callable[..., Page]
    codes: list[str] = field(default_factory=list)

    def reader(self) -> Page:
        return self.new_page(java_script_enabled=False, **WIDE)

    def member(self, name: str, group: str) -> Page:
        return sign_in(self.new_page(**WIDE), name, group)

    # --- in the order of the play -------------------------------------------------------------------------------

    def challenges(self, why: str, email: str) -> None:
        page = self.reader()
        page.goto(STATEMENT_PAGE)
        page.get_by_role("link", name="Challenge this claim").click()
        page.get_by_label("What is wrong?").select_option("date")
        page.get_by_label("Say why").fill(why)
        page.get_by_label("What would be right?").fill(RIGHT)
        page.get_by_label("Your e-mail address").fill(email)
        page.get_by_role("button", name="Send the challenge").click()
        expect(page.get_by_text("Nobody has looked at it yet.")).to_be_visible()
        self.codes.append(page.locator(".code").inner_text())

    def sorts(self, page: Page) -> None:
        """Vera finds it on the front page, takes it up, joins the second to it, and gathers what it relies on."""
        page.goto("/admin/")
        expect(page.get_by_role("link", name="2 Challenges received")).to_be_visible()
        page.get_by_role("article", name="Challenges received").get_by_role("listitem").get_by_role(
            "link"
        ).first.click()
        page.get_by_role("link", name="Start review").click()
        page.get_by_role("button", name="Start review").click()
        page.goto(review(first_challenge()))
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_text("stands for the case")).to_be_visible()
        for words in COUNTERCLAIMS:
            page.locator(".select2-selection").first.click()
            page.keyboard.type(words)
            page.get_by_role("option").filter(has_text=words).first.click()
            page.get_by_role("button", name="Add it").click()
            expect(page.get_by_text("It now relies on")).to_be_visible()

    def sees_the_conflict(self, page: Page) -> None:
        table = page.locator("table.comparisons")
        expect(table.get_by_text("Conflict", exact=True).first).to_be_visible()
        expect(page.get_by_role("img", name="Dates stated")).to_be_visible()

    def decides(self, page: Page) -> None:
        page.goto(review(first_challenge()))
        page.get_by_label("Decision").select_option("accepted")
        page.get_by_label("Reason").fill(REASON)
        page.get_by_label("What is right").fill(RIGHT)
        page.get_by_role("button", name="Decide", exact=True).click()
        expect(page.get_by_text("A correction has been drafted")).to_be_visible()
        assert page.goto(admin("claim", Claim.objects.get(key=CLAIM).pk)).status == 200  # type: ignore[union-attr]

    def assesses_again(self, page: Page) -> None:
        claim = Claim.objects.get(key=CLAIM)
        page.goto(admin("claim", claim.pk))
        page.get_by_role("link", name="Assess", exact=True).click()
        page.get_by_label("Rating").select_option("inaccurate")
        page.get_by_label("Rationale").fill("The landings began after the announcement.")
        page.get_by_role("button", name="Assess", exact=True).click()
        expect(page.get_by_text("Another editor can now confirm it.")).to_be_visible()

    def confirms(self, page: Page) -> None:
        page.goto(admin("claim", Claim.objects.get(key=CLAIM).pk))
        page.get_by_role("link", name="Confirm it").click()
        page.get_by_role("button", name="Confirm", exact=True).click()
        expect(page.get_by_text("Readers see it once the claim is published.")).to_be_visible()

    def hands_in(self, page: Page) -> None:
        page.goto(review(first_challenge()))
        page.get_by_role("link", name="Hand the decision in for review").click()
        page.get_by_role("button", name="Submit for review").first.click()
        expect(page.locator(".messagelist")).to_be_visible()

    def publishes(self, page: Page) -> None:
        page.goto(review(first_challenge()))
        page.get_by_role("link", name="Publish the decision").click()
        page.get_by_label("Why").fill("The reader’s challenge is accepted.")
        page.get_by_role("button", name="Publish").first.click()
        expect(page.locator(".messagelist")).to_be_visible()

    def asks_the_publisher(self, page: Page) -> None:
        delivery = Delivery.objects.get()
        page.goto(admin("delivery", delivery.pk))
        page.get_by_role("link", name="Record that they were asked").click()
        assert RIGHT in page.get_by_label("A text to send").input_value()
        page.get_by_label("How").fill("By letter.")
        page.get_by_role("button", name="Record that they were asked").click()
        expect(page.get_by_text("The clock of their right of reply runs.")).to_be_visible()
        page.get_by_role("link", name="Record the answer").click()
        page.get_by_label("Outcome").select_option("corrected")
        page.get_by_label("Answer").fill("They have added a note.")
        page.get_by_role("button", name="Record the answer").click()
        expect(page.get_by_text("Recorded.")).to_be_visible()


def first_challenge() -> Rebuttal:
    return Rebuttal.objects.order_by("pk")[0]


def review(rebuttal: Rebuttal) -> str:
    return f"/admin/kb/rebuttal/{rebuttal.pk}/review/"


def admin(name: str, pk: int) -> str:
    return f"/admin/kb/{name}/{pk}/change/"


def text_of(page: Page, address: str) -> str:
    page.goto(address)
    return page.get_by_role("main").inner_text()


def test_a_challenge_becomes_a_correction(
    new_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    before_anybody_objected()
    monkeypatch.setattr(forms, "SOONEST", 0)
    play = Play(new_page)
    play.challenges(WHY, "one@example.org")
    play.challenges(f"{WHY} So says the order of the day.", "two@example.org")

    vera = play.member("vera", "Editor")
    play.sorts(vera)
    play.sees_the_conflict(vera)
    boris = play.member("boris", "Editor")
    play.decides(boris)
    play.assesses_again(vera)
    play.confirms(boris)
    play.hands_in(vera)

    # Not a word of it has reached a reader.
    reader = play.reader()
    assert "Accurate" in text_of(reader, STATEMENT_PAGE)
    assert RIGHT not in reader.content()
    assert "No correction has been published yet." in text_of(reader, "/corrections/check/")
    cache.clear()

    petra = play.member("petra", "Publisher")
    play.publishes(petra)
    assert Claim.objects.get(key=CLAIM).stale_since is None
    readers_see_all_of_it(reader, play.codes)

    play.asks_the_publisher(boris)
    year = timezone.now().year
    petra.goto(f"/admin/reports/deliveries/{year}/")
    assert petra.locator("span.number").all_inner_texts() == ["1", "1"]
    expect(petra.get_by_role("row", name="corrected 1")).to_have_count(1)
    notices_go_to_both()
    an_altered_row_is_named(reader)


def readers_see_all_of_it(page: Page, codes: list[str]) -> None:
    """Decision, rating, correction, ledger, feed and history, all from one release."""
    entry = Correction.objects.get()
    assert entry.number == 1
    for code in codes:
        told = text_of(page, f"/challenge/{code}/")
        assert "Accepted" in told
        assert "Read the decision and its reason" in told
    claim = text_of(page, STATEMENT_PAGE)
    assert claim.index(RIGHT) < claim.index("Where")
    assert "Inaccurate" in claim
    assert "Accurate" in text_of(page, f"{STATEMENT_PAGE}v/1/")
    assert RIGHT not in page.content()
    assert REASON in text_of(page, f"/rebuttals/{first_challenge().key}/")
    assert RIGHT in text_of(page, "/corrections/1/")
    assert "The ledger holds" in text_of(page, "/corrections/check/")
    feed = page.request.get("/corrections/feed/")
    assert RIGHT in feed.text()
    assert "inaccurate" in text_of(page, f"{STATEMENT_PAGE}compare/?from=1&to=2").lower()


def notices_go_to_both() -> None:
    assert notices.send() == 2
    assert sorted(message.to[0] for message in mail.outbox) == ["one@example.org", "two@example.org"]
    assert all("is now: accepted." in message.body for message in mail.outbox)


def an_altered_row_is_named(page: Page) -> None:
    triggers.lift(connection)
    version = Version.objects.get(kind="correction")
    altered = version.document.replace("15 August 1945", "14 August 1945")
    assert altered != version.document
    Version.objects.filter(pk=version.pk).update(document=altered)
    cache.clear()
    assert "The ledger does not hold" in text_of(page, "/corrections/check/")
    assert "Entry № 1 is not what was published" in page.get_by_role("main").inner_text()
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", stdout=out)
    assert "Entry № 1 is not what was published" in out.getvalue()
