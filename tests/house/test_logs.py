"""A log line that a collector can read, and that says nothing of what a reader asked."""

import json
import logging
import sys

from django.test import RequestFactory

from kb.logs import JsonFormatter, logging_configuration


def record(**extra: object) -> logging.LogRecord:
    made = logging.LogRecord("kb.book", logging.WARNING, __file__, 1, "%s rows", (3,), None)
    made.created = 1_763_800_000.125
    made.__dict__.update(extra)
    return made


def test_a_line_is_one_object() -> None:
    line = JsonFormatter().format(record())
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2025-11-22T08:26:40.125+00:00",
        "level": "WARNING",
        "logger": "kb.book",
        "message": "3 rows",
    }


def test_a_request_is_told_by_its_path_without_the_question(rf: RequestFactory) -> None:
    line = json.loads(JsonFormatter().format(record(request=rf.get("/claims/?q=Шикотан"), status_code=500)))
    assert (line["path"], line["status"]) == ("/claims/", 500)
    assert "Шикотан" not in str(line)


def test_an_error_comes_with_its_trace() -> None:
    try:
        raise LookupError("no such claim")
    except LookupError:
        line = JsonFormatter().format(record(exc_info=sys.exc_info()))
    assert "\n" not in line
    assert json.loads(line)["error"].endswith("LookupError: no such claim")


def test_style_and_level_are_as_asked() -> None:
    made = logging_configuration(style="json", level="ERROR")
    assert made["handlers"]["stderr"]["formatter"] == "json"
    assert made["root"] == {"handlers": ["stderr"], "level": "ERROR"}
