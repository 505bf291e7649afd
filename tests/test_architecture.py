"""Imports go down only, the public pages know nothing of the desk, and no folder of tests shadows the code."""

import subprocess
import sys
from pathlib import Path

import pytest

from kb.settings import BASE_DIR
from tests.support.imports import imports, longest_prefix, modules, reaching, upward

PACKAGES = ("kb", "sources")

# The one table of the layers. A module belongs where its name, or the nearest package around it, stands here.
LAYERS = {
    # What knows nothing of the project's records.
    "kb.editorial": 0,
    "kb.environment": 0,
    "kb.health": 0,
    "kb.logs": 0,
    "kb.requests": 0,
    "kb.cartography": 0,
    # The bibliography.
    "sources.models": 1,
    "sources.citations": 1,
    "sources.migrations": 1,
    # Who signs in, and what is written down about it.
    "kb.signing": 1,
    # The knowledge base.
    "kb.models": 2,
    "kb.seeding": 2,
    "kb.migrations": 2,
    # Judgement over plain values, and what is published.
    "kb.analysis": 3,
    "kb.book": 3,
    # Files in and out.
    "kb.spreadsheets": 4,
    "kb.interchange": 4,
    "kb.resources": 4,
    "sources.resources": 4,
    # What a record was, and the way back.
    "kb.history": 4,
    # What editors decide, and its way into the book.
    "kb.workflow": 4,
    "kb.cases": 4,
    "kb.triage": 4,
    "kb.publishing": 4,
    "kb.assigning": 4,
    "kb.accounts": 4,
    "kb.merging": 4,
    "kb.intake": 4,
    "kb.notices": 4,
    # The desk's surface, and the public one.
    "kb.admin": 5,
    "kb.desk_site": 5,
    "kb.management": 5,
    "sources.admin": 5,
    "kb.filters": 5,
    "kb.forms": 5,
    "kb.jinja": 5,
    "kb.views": 5,
    "sources.urls": 5,
    "sources.views": 5,
    # What puts it all together; nothing imports these but the server.
    "kb.apps": 6,
    "kb.book.apps": 6,
    "kb.signing.apps": 6,
    "sources.apps": 6,
    "kb.asgi": 6,
    "kb.server": 6,
    "kb.settings": 6,
    "kb.urls": 6,
    "kb.wsgi": 6,
}
PUBLIC = {
    "kb.book.atlas",
    "kb.book.chain",
    "kb.book.conflicts",
    "kb.book.finding",
    "kb.book.labels",
    "kb.book.listing",
    "kb.book.newest",
    "kb.book.periods",
    "kb.book.reading",
    "kb.book.search",
    "kb.book.similar",
    "kb.book.standing",
    "kb.book.walking",
    "kb.filters",
    "kb.forms",
    "kb.interchange",
    "kb.jinja",
    "kb.views",
    "sources.urls",
    "sources.views",
}
DOOR = "kb.intake"
DESK = {
    "kb.accounts",
    "kb.admin",
    "kb.assigning",
    "kb.book.documents",
    "kb.book.writing",
    "kb.cases",
    "kb.desk_site",
    "kb.history",
    "kb.management",
    "kb.merging",
    "kb.models",
    "kb.notices",
    "kb.publishing",
    "kb.resources",
    "kb.seeding",
    "kb.signing",
    "kb.spreadsheets",
    "kb.triage",
    "kb.workflow",
    "sources.admin",
    "sources.models",
    "sources.resources",
}


def test_every_module_has_its_layer() -> None:
    homeless = [
        name
        for name in modules(BASE_DIR, PACKAGES)
        if name not in PACKAGES and longest_prefix(name, LAYERS) is None
    ]
    assert homeless == []


def test_imports_go_down_only() -> None:
    assert upward(imports(BASE_DIR, PACKAGES), LAYERS) == []


def test_the_public_surface_reaches_no_model_of_the_desk() -> None:
    # But by the one door, which one public module opens.
    found = imports(BASE_DIR, PACKAGES)
    assert reaching({name: to for name, to in found.items() if name != DOOR}, PUBLIC, DESK) == []
    assert [
        name for name, to in found.items() if DOOR in to and longest_prefix(name, PUBLIC) is not None
    ] == ["kb.views.challenge"]


def test_the_date_kernel_works_without_django() -> None:
    asked = "import sys, kb.editorial.dates as d; d.DateSpan.parse('1945-08'); print('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_every_folder_of_tests_is_a_package() -> None:
    assert folders_without_init(BASE_DIR / "tests") == []


def folders_without_init(tests: Path) -> list[str]:
    folders = {file.parent for file in tests.rglob("*.py")}
    return sorted(
        str(folder.relative_to(tests)) for folder in folders if not (folder / "__init__.py").is_file()
    )


# --- the checks themselves, on planted faults ----------------------------------------------------------------------


def plant(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    "planted",
    [
        "from kb.admin import base",
        "import kb.admin.base",
        "from kb.admin.base import RecordAdmin",
        "from ..admin import base",
        "from ..admin.base import RecordAdmin",
        "def late():\n    from kb.admin.base import RecordAdmin",
        "if True:\n    import kb.admin.base as desk",
    ],
)
def test_an_import_up_a_layer_is_seen_however_it_is_written(tmp_path: Path, planted: str) -> None:
    root = plant(
        tmp_path,
        {
            "kb/__init__.py": "",
            "kb/models/__init__.py": "",
            "kb/models/claim.py": planted,
            "kb/admin/__init__.py": "",
            "kb/admin/base.py": "from kb.models import claim",
        },
    )
    assert upward(imports(root, ["kb"]), LAYERS) == [
        "kb.models.claim (layer 2) imports kb.admin.base (layer 5)"
    ]


def test_a_desk_model_is_seen_behind_another_module(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        {
            "kb/__init__.py": "",
            "kb/models.py": "",
            "kb/words.py": "from kb import models",
            "kb/views/__init__.py": "",
            "kb/views/claim.py": "from .. import words",
            "kb/views/place.py": "from kb.editorial import dates",
            "kb/editorial/dates.py": "",
        },
    )
    assert reaching(imports(root, ["kb"]), PUBLIC, DESK) == ["kb.views.claim → kb.words → kb.models"]


def test_a_desk_model_is_seen_in_the_package_around_a_module(tmp_path: Path) -> None:
    root = plant(
        tmp_path,
        {
            "kb/__init__.py": "",
            "kb/models.py": "",
            "kb/book/__init__.py": "import kb.models",
            "kb/book/reading.py": "",
            "kb/views.py": "from kb.book import reading",
        },
    )
    assert reaching(imports(root, ["kb"]), {"kb.views"}, DESK) == ["kb.views → kb.book → kb.models"]


def test_a_folder_of_tests_without_its_init_is_seen(tmp_path: Path) -> None:
    tests = plant(
        tmp_path,
        {
            "__init__.py": "",
            "kb/test_claim.py": "",
            "editorial/__init__.py": "",
            "editorial/test_dates.py": "",
        },
    )
    assert folders_without_init(tests) == ["kb"]
