"""Every page of the admin answers, and asks the database no more for three rows than for one."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.kb import records

KINDS = ("agent", "source", "place", "event", "claim", "rebuttal", "correction", "delivery", "topic")


@pytest.fixture
def everybody(client: Client, db: None) -> Client:
    client.force_login(User.objects.create_superuser("head", password="of no consequence"))
    return client


def address(name: str, record: Any, *args: Any) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{name}", args=args)


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_every_registered_list_and_add_form_answers(everybody: Client) -> None:
    records.full(1)
    answers = {}
    for model, model_admin in admin.site._registry.items():
        route = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        answers[route, "list"] = everybody.get(reverse(f"{route}_changelist"), {"q": "a"}).status_code
        allowed = model_admin.has_add_permission(everybody.get(reverse("admin:index")).wsgi_request)
        answers[route, "add"] = everybody.get(reverse(f"{route}_add")).status_code if allowed else 200
    assert {key: status for key, status in answers.items() if status != 200} == {}


def test_form_and_history_ask_no_more_for_three_rows_than_for_one(everybody: Client) -> None:
    one, three = records.full(1), records.full(3)
    for page in ("change", "history"):
        asked = [
            {kind: queries(everybody, address(page, desk[kind], desk[kind].pk)) for kind in KINDS}
            for desk in (one, three)
        ]
        assert (page, asked[1]) == (page, asked[0])


def test_list_asks_no_more_for_three_records_than_for_one(everybody: Client) -> None:
    made = records.full(1)
    before = {kind: queries(everybody, address("changelist", made[kind])) for kind in KINDS}
    records.full(2)
    records.full(3)
    assert {kind: queries(everybody, address("changelist", made[kind])) for kind in KINDS} == before


def test_the_desk_lists_its_records_in_an_editors_order(everybody: Client) -> None:
    rooms = everybody.get(reverse("admin:index")).context["app_list"]
    assert [(room["name"], [model["object_name"] for model in room["models"]]) for room in rooms] == [
        ("The record", ["Claim", "Source", "Place", "Event"]),
        ("Challenges", ["Rebuttal", "Submission", "Assessment", "Correction", "Delivery", "Report"]),
        ("Who and what", ["Agent", "Topic"]),
        ("The desk", ["Desk", "NamingPolicy"]),
        ("Vocabulary", ["Attribute"]),
        ("Work", ["Assignment"]),
        ("Checks", ["Appearance", "Conflict", "ConflictRuling", "Merge"]),
        ("The book", ["Release", "PublishingJob"]),
        ("Imports", ["Wizard", "ImportBatch", "ImportProfile"]),
        ("Accounts", ["User", "Group", "AuditEntry", "SecondFactor"]),
    ]


def test_the_head_of_every_page_carries_the_desks_own_name(everybody: Client) -> None:
    records.desk()
    assert everybody.get(reverse("admin:index")).context["site_header"] == "The claims desk"
