"""Who imports whom in the project, read from the source: at the top, inside functions, absolute and relative."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

Imports = dict[str, set[str]]


def modules(root: Path, packages: Iterable[str]) -> dict[str, Path]:
    """Every module below the packages: its dotted name (a package's own for `__init__.py`) and its file."""
    found = {}
    for package in packages:
        for file in sorted((root / package).rglob("*.py")):
            parts = file.relative_to(root).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def imports(root: Path, packages: Iterable[str]) -> Imports:
    """For each module, the modules of the project that it imports."""
    files = modules(root, packages)
    return {name: set(_imported(name, file, files)) - {name} for name, file in files.items()}


def _imported(name: str, file: Path, known: Mapping[str, Path]) -> Iterator[str]:
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            origin = _absolute(node, package)
            for alias in node.names:
                # `from kb.book import reading` names a module, `from kb.book.reading import get` something in one.
                for target in (f"{origin}.{alias.name}", origin):
                    if target in known:
                        yield target
                        break


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    base = parts[: len(parts) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


def longest_prefix(name: str, table: Iterable[str]) -> str | None:
    """The entry of the table that names the module or the nearest package around it."""
    entries = set(table)
    while name and name not in entries:
        name = name.rpartition(".")[0]
    return name or None


def upward(found: Imports, layers: Mapping[str, int]) -> list[str]:
    """The imports that go up a layer, as "kb.models.claim (layer 2) imports kb.admin (layer 5)"."""

    def layer(name: str) -> int:
        entry = longest_prefix(name, layers)
        return layers[entry] if entry else 0

    return [
        f"{name} (layer {layer(name)}) imports {target} (layer {layer(target)})"
        for name, targets in sorted(found.items())
        for target in sorted(targets)
        if layer(target) > layer(name)
    ]


def reaching(found: Imports, origins: Iterable[str], forbidden: Iterable[str]) -> list[str]:
    """The shortest ways by which a module of `origins` comes to a forbidden one: "kb.views.x → kb.y → kb.models"."""
    origins, forbidden = set(origins), set(forbidden)
    ways = []
    for start in sorted(found):
        if longest_prefix(start, origins) is None:
            continue
        seen, queue = {start}, [[start]]
        while queue:
            way = queue.pop(0)
            if longest_prefix(way[-1], forbidden):
                ways.append(" → ".join(way))
                continue
            for target in sorted(_loaded_by(found.get(way[-1], set())) - seen):
                seen.add(target)
                queue.append([*way, target])
    return ways


def _loaded_by(targets: Iterable[str]) -> set[str]:
    """The modules and the packages around them, which Python runs first."""
    return {
        ".".join(parts[:end])
        for parts in (name.split(".") for name in targets)
        for end in range(1, len(parts) + 1)
    }
