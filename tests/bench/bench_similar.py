"""How fast the claims most like a statement are found, beside the scorer that holds all claims in memory, and BM25.

Run it from the root: `python -m tests.bench.bench_similar [CLAIMS]` (100,000). On SQLite in a folder of its own; with
`BENCH_DATABASE_URL` on that PostgreSQL database, which is emptied. The claims are those of `shared/data/claims` beside
the project, varied by names, figures and halves of one another; without these files there is nothing to measure.
Queries are claims as somebody else would put them: with words left out, turned, misspelt, tagged.
"""

from __future__ import annotations

import csv
import os
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from math import log
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

CLAIMS = int(sys.argv[1]) if len(sys.argv) > 1 and __name__ == "__main__" else 100_000
QUERIES = int(os.environ.get("BENCH_QUERIES", 300))
#: The in-memory scorer takes minutes to build; it answers fewer.
BESIDE = 100
FOLDER = Path(__file__).parents[3] / "shared" / "data" / "claims"
_NAME = re.compile(r"\b[A-ZÀ-Ý][a-zà-ÿ]{3,}\b")
_FIGURE = re.compile(r"\d+")


def originals() -> list[str]:
    found = []
    for name, column, delimiter in (
        ("FACTCKBR.tsv", "claimReviewed", "\t"),
        ("buzzfeed2018_top_2018.csv", "title", ","),
    ):
        with (FOLDER / name).open(encoding="utf-8", newline="") as file:
            found += [row[column] or "" for row in csv.DictReader(file, delimiter=delimiter)]
    return list(dict.fromkeys(" ".join(text.split())[:900] for text in found if len(text.split()) > 2))


def statements(number: int, chance: random.Random) -> Iterator[str]:
    """The originals, then variations of them: other names, other figures, one half of another."""
    given = originals()
    names = [name for text in given for name in _NAME.findall(text)]
    yield from given[:number]
    for _ in range(number - len(given)):
        text = chance.choice(given)
        words = text.split()
        if chance.random() < 0.5:
            other = chance.choice(given).split()
            words = words[: len(words) // 2 + 1] + other[len(other) // 2 :]
        text = _FIGURE.sub(lambda found: str(chance.randrange(1, 10 ** len(found[0]))), " ".join(words))
        yield _NAME.sub(lambda found: chance.choice(names) if chance.random() < 0.4 else found[0], text)[:900]


def asked(text: str, chance: random.Random) -> str:
    """A statement as somebody else would put it."""
    words = [word for word in text.split() if chance.random() > 0.25] or text.split()
    if chance.random() < 0.5:
        words = words[len(words) // 2 :] + words[: len(words) // 2]
    at = chance.randrange(len(words))
    if len(words[at]) > 4:
        words[at] = words[at][:2] + words[at][3:]
    tail = chance.choice(["", "", " https://t.co/abc", " #fakenews", " 😡😡"])
    return (" ".join(words).upper() if chance.random() < 0.1 else " ".join(words)) + tail


class WordsAlone:
    """BM25 over whole words, in memory."""

    def __init__(self, texts: dict[str, str]) -> None:
        from kb.editorial.folding import words

        self.words = words
        self.postings: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.lengths: dict[str, int] = {}
        for key, text in texts.items():
            counts = Counter(words(text))
            self.lengths[key] = counts.total()
            for word, count in counts.items():
                self.postings[word].append((key, count))
        self.average = sum(self.lengths.values()) / len(self.lengths)

    def __call__(self, text: str) -> list[str]:
        scores: dict[str, float] = defaultdict(float)
        for word in set(self.words(text)):
            found = self.postings.get(word, [])
            rare = log(1 + (len(self.lengths) - len(found) + 0.5) / (len(found) + 0.5))
            for key, count in found:
                held = 1.2 * (0.25 + 0.75 * self.lengths[key] / self.average)
                scores[key] += rare * count * 2.2 / (count + held)
        return sorted(scores, key=lambda key: -scores[key])[:5]


def measured(
    name: str, ask: Callable[[str], list[str]], queries: list[tuple[str, str]]
) -> dict[str, list[str]]:
    from kb.analysis.similarity import mean_average_precision

    ask(queries[0][1])
    took, used, found = [], [], {}
    for _, query in queries:
        start, cpu = perf_counter(), process_time()
        found[query] = ask(query)
        took.append(1000 * (perf_counter() - start))
        used.append(1000 * (process_time() - cpu))
    score = mean_average_precision(list(found.values()), [{key} for key, query in queries if query in found])
    print(
        f"{name}: median {median(took):.1f} ms, 95th percentile {quantiles(took, n=20)[-1]:.1f} ms "
        f"(processor {median(used):.1f} ms); MAP@5 {score:.3f} on {len(queries)} queries"
    )
    return found


def main() -> None:
    if not FOLDER.exists():
        print(f"There are no claims to measure with: {FOLDER} is missing.")
        return
    folder = tempfile.mkdtemp(prefix="rejoinder-bench-")
    os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{folder}/rejoinder.sqlite3")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from kb.analysis import claim_index
    from kb.analysis.claims_alike import in_memory, similar
    from kb.models import Claim

    call_command("migrate", verbosity=0)
    print(f"{connection.vendor}, {CLAIMS:,} claims")
    chance = random.Random(1)
    texts = {f"claim-{n}": text for n, text in enumerate(statements(CLAIMS, chance))}
    Claim.objects.all().delete()
    cpu = process_time()
    rows = [Claim(key=key, statement=text, kind="opinion") for key, text in texts.items()]
    Claim.objects.bulk_create(rows, batch_size=1000)
    print(f"written in {process_time() - cpu:.1f} s of the processor")
    cpu, wall = process_time(), perf_counter()
    claim_index.catch_up()
    print(f"indexed in {process_time() - cpu:.1f} s of the processor, {perf_counter() - wall:.1f} s")
    queries = [(key, asked(texts[key], chance)) for key in chance.sample(sorted(texts), QUERIES)]
    ours = measured(
        "the index, compared again", lambda text: [one.similar.key for one in similar(text)], queries
    )
    words = WordsAlone(texts)
    measured("BM25 over words, in memory", words, queries)
    cpu = process_time()
    memory = in_memory()
    print(f"all claims read into memory in {process_time() - cpu:.1f} s of the processor")
    whole = measured(
        "all claims in memory", lambda text: [one.key for one in memory.rank(text)], queries[:BESIDE]
    )
    first = sum(ours[query][:1] == found[:1] for query, found in whole.items())
    print(f"The index puts the same claim first for {first} of {len(whole)} queries.")


if __name__ == "__main__":
    main()
