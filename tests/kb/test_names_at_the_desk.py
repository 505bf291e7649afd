"""Names of places at the desk: labels by the policy in lists, forms and choices, and warnings about one party's."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kb.models import Attribute, Claim, Event, Place, PlaceName, PlaceStatus, StatedValue
from tests.kb import records
from tests.kb.admin_forms import posted
from tests.kb.test_admin_editing import page_of
from tests.kb.test_admin_steps import messages

pytestmark = pytest.mark.django_db


def island(key: str, japanese: str, russian: str) -> Place:
    place = records.place(key)
    for text, language, user in ((japanese, "ja-Latn", "japan"), (russian, "ru-Latn", "russia")):
        name = PlaceName.objects.create(place=place, text=text, language=language)
        name.used_by.add(records.Agent.objects.filter(key=user).first() or records.agent(user))
    return place


@pytest.fixture
def iturup() -> Place:
    place = island("iturup", "Etorofu", "Iturup")
    agents = records.Agent.objects
    records.naming_policy((agents.get(key="russia"), agents.get(key="japan")))
    return place


LABEL = "Iturup / Etorofu (iturup)"
WARNING = (
    "“Etorofu” is what Japan calls the place, and the names of others are not there (Russia: Iturup). "
    "The naming policy would write “Iturup / Etorofu”."
)


def told(response) -> list[str]:
    return [said for said in messages(response) if "what Japan calls" in said]


# --- the warning ----------------------------------------------------------------------------------------------------


def test_a_statement_with_one_party_s_name_is_saved_and_warned_about(admin_client, iturup):
    claim = records.claim(statement="It was so.")
    data = {**posted(admin_client, page_of(claim)), "statement": "They landed on Etorofu."}
    response = admin_client.post(page_of(claim), data, follow=True)
    assert Claim.objects.get().statement == "They landed on Etorofu."
    (warning,) = told(response)
    assert warning.startswith(f"Statement: {WARNING}")
    assert [m.level_tag for m in response.context["messages"] if WARNING in str(m)] == ["warning"]
    # As long as it stands, and no longer.
    again = {**posted(admin_client, page_of(claim)), "note": "A note."}
    assert len(told(admin_client.post(page_of(claim), again, follow=True))) == 1
    both = {**posted(admin_client, page_of(claim)), "statement": "They landed on Iturup / Etorofu."}
    assert told(admin_client.post(page_of(claim), both, follow=True)) == []


def test_the_title_of_an_event_and_what_is_right_are_looked_at_too(admin_client, iturup):
    claim = records.claim()
    for record, field in ((records.event(), "title"), (records.correction(claim), "right")):
        data = {**posted(admin_client, page_of(record)), field: "On Etorofu."}
        assert len(told(admin_client.post(page_of(record), data, follow=True))) == 1


def test_quotes_and_titles_of_sources_are_left_alone(admin_client, iturup):
    claim, source = records.claim(), records.source()
    records.appearance(claim, source, quote="Etorofu is ours")
    for record, field, text in ((claim, "statement", "He says “Etorofu”."), (source, "title", "On Etorofu")):
        data = {**posted(admin_client, page_of(record)), field: text}
        response = admin_client.post(page_of(record), data, follow=True)
        assert response.status_code == 200
        assert told(response) == []
    assert claim.appearances.get().quote == "Etorofu is ours"


def test_a_rationale_is_looked_at_where_it_is_written(admin_client, iturup):
    claim = records.claim()
    address = f"{reverse('admin:kb_claim_step', args=['assess'])}?id={claim.pk}"
    data = {"id": claim.pk, "rating": "accurate", "rationale": "They landed on Etorofu."}
    assert len(told(admin_client.post(address, data, follow=True))) == 1


def test_what_is_in_review_so_can_be_listed(admin_client, iturup):
    one, other = records.claim("one", statement="On Etorofu."), records.claim("other", statement="On Urup.")
    Claim.objects.update(editing_state="in-review")
    listed = admin_client.get(reverse("admin:kb_claim_changelist"), {"names": "one"})
    assert list(listed.context["cl"].result_list) == [one]
    assert "Claims in review with one party’s name alone" in admin_client.get("/admin/").content.decode()
    assert other.pk != one.pk


# --- labels ---------------------------------------------------------------------------------------------------------


def test_choices_are_offered_by_label_with_the_key_beside(admin_client, iturup):
    records.place("nameless")
    asked = {"app_label": "kb", "model_name": "event", "field_name": "places", "term": ""}
    offered = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [one["text"] for one in offered] == [LABEL, "nameless"]


def test_lists_name_places_by_label(admin_client, iturup):
    event = records.event()
    event.places.add(iturup)
    records.place("bay", part_of=iturup)
    for kind in ("place", "event"):
        assert LABEL in admin_client.get(reverse(f"admin:kb_{kind}_changelist")).content.decode()
    shown = admin_client.get(reverse("admin:kb_place_changelist"), {"q": "bay"}).content.decode()
    assert f'<td class="field-within">{LABEL}</td>' in shown


def test_forms_name_what_is_chosen_by_label(admin_client, iturup):
    event, claim = records.event(), records.claim()
    event.places.add(iturup)
    claim.places.add(iturup)
    population = Attribute.objects.get(key="population")
    StatedValue.objects.create(claim=claim, place=iturup, attribute=population, amount=1)
    status = PlaceStatus.objects.create(
        place=iturup, agent=records.Agent.objects.get(key="japan"), relation="claims", source=records.source()
    )
    for record, times in ((event, 1), (claim, 2)):
        html = admin_client.get(page_of(record)).content.decode()
        assert html.count(f'<option value="{iturup.pk}" selected>{LABEL}</option>') == times
    html = admin_client.get(page_of(iturup)).content.decode()
    assert f"<h2>{LABEL}</h2>" in html
    assert str(PlaceStatus.objects.get(pk=status.pk)) == "Japan claims iturup"
    assert f"Japan claims {LABEL}" in html


def test_steps_and_queues_name_places_by_label(admin_client, iturup):
    address = f"{reverse('admin:kb_place_step', args=['publish'])}?id={iturup.pk}"
    assert LABEL in admin_client.get(address).content.decode()
    Place.objects.filter(pk=iturup.pk).update(editing_state="in-review")
    assert LABEL in admin_client.get(reverse("admin:index")).content.decode()


def test_labels_cost_no_more_for_three_places_than_for_one(admin_client, iturup):
    event, claim = records.event(), records.claim()
    event.places.add(iturup)
    population = Attribute.objects.get(key="population")
    StatedValue.objects.create(claim=claim, place=iturup, attribute=population, amount=1)
    asked = "?app_label=kb&model_name=event&field_name=places&term="
    addresses = [
        reverse("admin:kb_place_changelist"),
        reverse("admin:kb_event_changelist"),
        reverse("admin:autocomplete") + asked,
        page_of(event),
        page_of(claim),
    ]

    def queries() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert admin_client.get(address).status_code == 200
            found.append(len(captured))
        return found

    queries()
    one = queries()
    for key in ("kunashir", "habomai"):
        other = island(key, f"{key}-jima", key)
        other.part_of = iturup
        other.save()
        event.places.add(other)
        StatedValue.objects.create(claim=claim, place=other, attribute=population, amount=1)
    assert queries() == one
    assert Event.objects.get().places.count() == 3
