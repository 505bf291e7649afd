"""What went wrong is told in words, with the right status, on pages that the site's own policy allows."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_form_without_its_token_is_answered_with_a_way_on() -> None:
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x", "password": "y"})

    assert answer.status_code == 403
    text = answer.content.decode()
    assert "This form could not be taken" in text
    assert "reload the page and send it again" in text
    assert "<style" not in text
