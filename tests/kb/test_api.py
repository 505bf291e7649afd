"""The description of the data: itself valid, and true of every answer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from kb.interchange import openapi
from kb.interchange.citing import STYLES
from kb.models import Claim
from tests.kb import published, records

pytestmark = pytest.mark.django_db


def described(client: Client) -> dict[str, Any]:
    answer = client.get("/api/openapi.json")
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (200, "*")
    return answer.json()


def faults(api: dict[str, Any], name: str, said: Any) -> list[str]:
    """Where an answer is not as its schema says."""
    schema = {**api["components"]["schemas"][name], "components": api["components"]}
    found = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(said)
    return [f"{name} {fault.json_path}: {fault.message[:200]}" for fault in found]


def answer_of(api: dict[str, Any], path: str, status: int, media_type: str = "application/json") -> str:
    answer = api["paths"][path]["get"]["responses"][str(status)]
    if "$ref" in answer:
        answer = api["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return answer["content"][media_type]["schema"]["$ref"].rpartition("/")[2]


def addresses(made: dict[str, Any]) -> dict[str, str]:
    """An address of each described path that answers in JSON."""
    made["correction"].refresh_from_db()
    kinds = {
        "agents": "agent",
        "topics": "topic",
        **{f"{k}s": k for k in ("claim", "source", "place", "event", "rebuttal")},
    }
    found = {
        "/corrections/{number}.json": f"/corrections/{made['correction'].number}.json",
        "/about.json": "/about.json",
    }
    for folder, kind in kinds.items():
        found[f"/{folder}/{{key}}.json"] = f"/{folder}/{made[kind].key}.json"
        if kind not in ("agent", "topic"):
            found[f"/{folder}/{{key}}/v/{{number}}.json"] = f"/{folder}/{made[kind].key}/v/1.json"
    return found


def test_the_description_is_valid_openapi(client: Client) -> None:
    api = described(client)
    validate(api)
    published.publish(records.desk())
    assert described(client) == {**api, "info": {**api["info"], "title": "The data of The claims desk"}}


def test_every_address_described_leads_to_an_answer(client: Client) -> None:
    for path in described(client)["paths"]:
        for name, value in (("key", "a-key"), ("number", "1")):
            path = path.replace(f"{{{name}}}", value)
        try:
            resolve(path)
        except Resolver404:
            pytest.fail(f"{path} is described and leads nowhere")


def test_every_record_answers_as_described(client: Client) -> None:
    desk = records.desk()
    published.publish(desk)
    made = published.full(2)
    # A version that is no longer current, and a record that refers to what was withdrawn, too.
    alone = records.event("alone")
    made["claim"].events.add(alone)
    Claim.objects.filter(pk=made["claim"].pk).update(statement="Edited statement.")
    published.publish(alone, made["claim"])
    published.withdraw(alone)
    api = described(client)
    there = addresses(made)
    problems = [
        f"{address} {fault}"
        for path, address in there.items()
        for fault in faults(api, answer_of(api, path, 200), client.get(address).json())
    ]
    assert problems == []
    gone = client.get("/events/alone.json")
    assert faults(api, answer_of(api, "/events/{key}.json", 410), gone.json()) == []
    missing = client.get("/events/nothing.json")
    assert faults(api, answer_of(api, "/events/{key}.json", 404), missing.json()) == []


def test_the_dump_is_described(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.DUMP_DIR = tmp_path
    published.full(1)
    call_command("dump_book", verbosity=0)
    assert faults(described(client), "manifest", client.get("/data/manifest.json").json()) == []


def test_the_check_finds_what_is_not_described(client: Client) -> None:
    published.full(1)
    said = client.get("/claims/claim-1.json").json()
    api = described(client)
    assert faults(api, "claim", said) == []
    assert faults(api, "claim", {**said, "further": 1}) != []
    assert faults(api, "claim", {**said, "document": {**said["document"], "further": 1}}) != []
    assert faults(api, "claim", {name: value for name, value in said.items() if name != "uid"}) != []
    assert faults(api, "event", said) != []


def test_people_read_it_as_a_page(client: Client) -> None:
    api = described(client)
    html = client.get("/api/").content.decode()
    assert [path for path in api["paths"] if f"<code>{path}</code>" not in html] == []
    assert [kind for kind in openapi.DOCUMENTS if f'id="document-{kind}"' not in html] == []
    assert 'href="/api/openapi.json"' in html
    assert all(style.ending in html for style in STYLES.values())
    assert "<dd>The current version of a record: claim" in html.replace(' lang="en"', "")
    # What a field leads to is named.
    assert re.search(r"<code>version</code></th><td>version</td>", html)
