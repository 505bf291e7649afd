"""Claims as a desk's spreadsheet has them, and the records that they refer to.

python -m tests.bench.imports.samples ROWS OUT.csv      writes the sheet
python -m tests.bench.imports.samples --prepare         puts what it refers to into the site's database
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

COLUMNS = [
    "key",
    "statement",
    "kind",
    "language",
    "topics",
    "places",
    "events",
    "source",
    "quote",
    "locator",
    "stance",
    "fidelity",
]
TOPICS, PLACES, EVENTS, SOURCES = 20, 500, 300, 1_000
KINDS = ("event-date", "quantity", "causal", "other")
WORDS = {
    "en": "the islands were taken in the final days before surrender by forces that landed at dawn",
    "ru": "острова были заняты в последние дни войны десантом который высадился на рассвете у берега",
    "ja": "島々は 降伏 前の 最後の 数日に 占領 された 部隊は 夜明けに 北の 海岸へ 上陸した",
}
USER = "bench"


def write_csv(rows: int, out: Path) -> None:
    """The same sheet for the same number of rows."""
    chosen = random.Random(rows)
    with out.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(COLUMNS)
        for n in range(rows):
            language = chosen.choice(("en", "en", "ru", "ja"))
            text = WORDS[language].split()
            statement = " ".join(chosen.choice(text) for _ in range(16))
            quote = " ".join(chosen.choice(text) for _ in range(10))
            sheet.writerow(
                [
                    f"claim-{n}",
                    f"{statement} {n}.",
                    chosen.choice(KINDS),
                    language,
                    f"topic-{n % TOPICS}",
                    f"place-{n % PLACES};place-{(n * 7 + 3) % PLACES}",
                    f"event-{n % EVENTS}",
                    f"source-{n % SOURCES}",
                    quote,
                    f"p. {n % 400}",
                    "asserts",
                    "verbatim",
                ]  # fmt: skip
            )


def prepare() -> None:
    """The topics, places, events and sources that the sheet names, and an account that may do everything."""
    import django

    django.setup()
    from django.contrib.auth.models import User

    from kb.models import Event, Place, Topic
    from sources.models import Source

    User.objects.create_superuser(USER)
    Topic.objects.bulk_create([Topic(key=f"topic-{n}", name=f"Topic {n}") for n in range(TOPICS)])
    Place.objects.bulk_create([Place(key=f"place-{n}", kind="island") for n in range(PLACES)])
    Event.objects.bulk_create([Event(key=f"event-{n}", title=f"Event {n}") for n in range(EVENTS)])
    Source.objects.bulk_create(
        [Source(key=f"source-{n}", type="book", title=f"Source {n}") for n in range(SOURCES)]
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["--prepare"]:
        prepare()
    else:
        write_csv(int(sys.argv[1]), Path(sys.argv[2]))
