"""Look for values that cannot both hold, over all that the desk has recorded."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from kb.analysis import conflict_finding
from kb.models import Conflict, StatedValue

SOME = 500


class Command(BaseCommand):
    help = (
        "Find the stated values that cannot both hold, with the reason of each, and keep them for the desk’s list. "
        "With --all, what is compatible or undetermined is told as well, and nothing is kept."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one list of objects")
        parser.add_argument(
            "--all", action="store_true", help="every pair that was compared, with its answer"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        pairs: list[dict[str, Any]]
        if options["all"]:
            found = list(conflict_finding.compared())
            pairs = self._told((f.one, f.other, f.comparison.verdict, f.comparison.reason) for f in found)
        else:
            conflict_finding.find_all()
            rows = Conflict.objects.order_by("one_id", "other_id")
            pairs = self._told((c.one_id, c.other_id, "conflict", c.reason) for c in rows)
        if options["json"]:
            self.stdout.write(json.dumps(pairs, ensure_ascii=False))
            return
        for pair in pairs:
            answer = f"{pair['answer']}: " if options["all"] else ""
            self.stdout.write(f"{pair['subject']} {pair['attribute']}: {answer}{pair['reason']}")
            self.stdout.write(f"    {pair['one']['claim']} · {pair['other']['claim']}")
        number = sum(pair["answer"] == "conflict" for pair in pairs)
        self.stdout.write(f"{number:,} conflict{'' if number == 1 else 's'}.")

    @staticmethod
    def _told(found: Iterable[tuple[int, int, str, str]]) -> list[dict[str, Any]]:
        listed = list(found)
        wanted = sorted({pk for one, other, *_ in listed for pk in (one, other)})
        names = ("pk", "uid", "claim__key", "event__key", "place__key", "attribute__key", "qualifier")
        known: dict[int, dict[str, Any]] = {}
        for start in range(0, len(wanted), SOME):
            some = StatedValue.objects.filter(pk__in=wanted[start : start + SOME])
            known.update({row["pk"]: row for row in some.values(*names)})
        told = []
        for one, other, answer, reason in listed:
            first = known[one]
            event = first["event__key"]
            told.append(
                {
                    "subject": f"event:{event}" if event else f"place:{first['place__key']}",
                    "attribute": first["attribute__key"],
                    "qualifier": first["qualifier"],
                    "answer": str(answer),
                    "reason": reason,
                    "one": {"uid": first["uid"], "claim": first["claim__key"]},
                    "other": {"uid": known[other]["uid"], "claim": known[other]["claim__key"]},
                }
            )
        return told
