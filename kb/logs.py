"""Logs on standard error: plain lines for a person, one JSON object a line for a collector."""

import json
import logging
from datetime import UTC, datetime
from typing import Any


class JsonFormatter(logging.Formatter):
    """One object a line: time (ISO 8601, UTC), level, logger, message; path, status and error where there are."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = getattr(record, "request", None)
        if path := getattr(request, "path", None):
            # The path alone: what a reader searched for is nobody else's business.
            entry["path"] = path
        if status := getattr(record, "status_code", None):
            entry["status"] = status
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def logging_configuration(*, style: str, level: str) -> dict[str, Any]:
    """The `LOGGING` setting for a style of "plain" or "json"."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"},
            "json": {"()": "kb.logs.JsonFormatter"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": style}},
        "root": {"handlers": ["stderr"], "level": level},
        # Django gives this logger a handler of its own for runserver; here all go one way.
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
    }
