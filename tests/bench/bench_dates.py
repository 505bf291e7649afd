"""How fast dates are parsed, beside the parser of the `edtf` package where that is installed.

Run it from the root: `python -m tests.bench.bench_dates`. Each pair is timed in turn, five times; what counts
is the ratio of the medians.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from statistics import median
from time import perf_counter

from kb.editorial import dates

PAIRS = 5
KINDS = {
    "plain date": [f"19{year:02}-{month:02}-18" for year in range(100) for month in (2, 8)],
    "month or year": [f"19{year:02}{month}" for year in range(100) for month in ("", "-08")],
    "interval": [f"19{year:02}-08-09/1999-09-02~" for year in range(100)],
    "set": [f"[16{year:02},1768,1770..1772]" for year in range(20)],
}


def seconds(parse: Callable[[str], object], texts: list[str]) -> float:
    """Seconds for each text, parsed once."""
    start = perf_counter()
    for text in texts:
        parse(text)
    return (perf_counter() - start) / len(texts)


def cold(text: str) -> object:
    """A parse that the cache does not answer."""
    return dates._parse.__wrapped__(text, "gregorian", "")


def main() -> None:
    """Prints one line for each kind of text."""
    other = import_module("edtf").parse_edtf if find_spec("edtf") else None
    for kind, texts in KINDS.items():
        for text in texts:
            dates.DateSpan.parse(text)
        pairs = [
            (
                seconds(cold, texts),
                seconds(dates.DateSpan.parse, texts),
                seconds(other, texts) if other else None,
            )
            for _ in range(PAIRS)
        ]
        ours, cached = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
        line = f"{kind:14} ours {ours * 1e6:8.1f} µs, from the cache {cached * 1e6:6.2f} µs"
        if other:
            theirs = median(pair[2] for pair in pairs)
            line += f", edtf {theirs * 1e6:10.1f} µs: {theirs / ours:8.0f} times ours"
        print(line)


if __name__ == "__main__":
    main()
