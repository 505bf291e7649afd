"""The same sheet through django-import-export as it comes: its own widgets, one transaction, links kept.

    python -m tests.bench.imports.stock FILE.csv [--skip-unchanged]

One pass, without the dry run that its admin makes first. Appearances are written in the hook that is there for such
things. By default it writes rows that are unchanged again; its option looks at them first and skips them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import django

django.setup()

import tablib  # noqa: E402
from import_export import fields, resources, widgets  # noqa: E402

from kb.models import Appearance, Claim, Event, Place, Topic  # noqa: E402
from sources.models import Source  # noqa: E402


def listed(name: str, model: type) -> fields.Field:
    return fields.Field(name, name, widget=widgets.ManyToManyWidget(model, separator=";", field="key"))


class ClaimResource(resources.ModelResource):
    topics = listed("topics", Topic)
    places = listed("places", Place)
    events = listed("events", Event)

    class Meta:
        model = Claim
        import_id_fields = ("key",)
        fields = ("key", "statement", "kind", "language", "topics", "places", "events")
        skip_unchanged = "--skip-unchanged" in sys.argv
        use_transactions = True

    def after_save_instance(self, instance: Claim, row: Any, **kwargs: Any) -> None:
        source = Source.objects.get(key=row["source"])
        found = instance.appearances.filter(source=source).first() or Appearance(
            claim=instance, source=source
        )
        for name in ("quote", "locator", "stance", "fidelity"):
            setattr(found, name, row[name])
        found.save()


if __name__ == "__main__":
    data = tablib.Dataset().load(Path(sys.argv[1]).read_text(encoding="utf-8"), format="csv")
    result = ClaimResource().import_data(data, raise_errors=True)
    print({name: number for name, number in result.totals.items() if number})
