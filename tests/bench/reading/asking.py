"""Asking processes that answer as `tests.bench.reading.answering` does, in turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from tests.bench.reading.kept import ROOT, Kept

#: How often each of two is measured, by turns; the median of each counts.
PAIRS = 5
#: One measurement takes about so long, in CPU ms, and is of so many requests at most.
LONG, MOST = 150, 200


@dataclass(frozen=True)
class Question:
    """Requests of one kind: the addresses they go round, whether the pages kept in memory are forgotten before each."""

    paths: Sequence[str]
    cold: bool = True
    conditional: bool = False


@dataclass
class Server:
    """One process. `close` it."""

    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env={**os.environ, **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.versions = self._read()["versions"]

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{' '.join(self.command)} has stopped.")
        return json.loads(line)

    def ask(self, path: str, times: int, **more: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"path": path, "times": times, **more}) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        if answer["status"] not in (200, 304):
            raise RuntimeError(f"{path} is answered with {answer['status']}.")
        return answer

    def cost(self, question: Question) -> float:
        """CPU ms of one request, over all the addresses."""
        costs = []
        for path in question.paths:
            headers = {}
            if question.conditional:
                headers = {"If-None-Match": self.ask(path, 1)["etag"]}
            said = {"cold": question.cold, "headers": headers}
            once = self.ask(path, 1, **said)["ms"]
            times = max(1, min(MOST, int(LONG / len(question.paths) / max(once, 0.01))))
            costs.append(self.ask(path, times, **said)["ms"])
        return sum(costs) / len(costs)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


def ours(kept: Kept) -> Server:
    """The site over one book."""
    return Server([sys.executable, "-m", "tests.bench.reading.answering"], kept.environment)


def compared(one: Callable[[], float], other: Callable[[], float], pairs: int = PAIRS) -> tuple[float, float]:
    """The medians of two measurements that take turns."""
    found = [(one(), other()) for _ in range(pairs)]
    return median(a for a, _ in found), median(b for _, b in found)
