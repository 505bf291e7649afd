"""What has been published stays at the desk: no form, bulk write or plain SQL deletes it."""

import pytest
from django.db import IntegrityError, connection, transaction

from kb.models import Event
from tests.kb.published import publish

pytestmark = pytest.mark.django_db

REFUSAL = "What has been published is not deleted. Withdraw it instead."


def test_what_was_never_published_can_be_deleted() -> None:
    event = Event.objects.create(key="landing", title="The landing")

    event.delete()

    assert Event.objects.count() == 0


def _by_plain_sql(event: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kb_event")


WAYS = {
    "object": lambda event: event.delete(),
    "queryset": lambda event: Event.objects.all().delete(),
    "plain SQL": _by_plain_sql,
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_published_cannot(way: str) -> None:
    event = Event.objects.create(key="landing", title="The landing")
    publish(event)

    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        WAYS[way](event)

    assert list(Event.objects.values_list("key", flat=True)) == ["landing"]
