"""The import contracts of pyproject.toml hold the house together; a model house shows that each one bites."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MODEL_HOUSE = {
    "analysis/__init__.py": "",
    "analysis/scale.py": "",
    "analysis/rules.py": "from analysis import scale",
    "analysis/counts.py": "import numpy, pandas",
    "app/__init__.py": "",
    "app/main.py": "from app import web",
    "app/settings.py": "",
    "app/clock.py": "",
    "app/cli/__init__.py": "from app import services",
    "app/demo/__init__.py": "from app import services",
    "app/domain/__init__.py": "",
    "app/domain/rating.py": "from analysis.scale import __name__",
    "app/i18n/__init__.py": "",
    "app/journal.py": "",
    "app/interchange/__init__.py": "",
    "app/mail/__init__.py": "",
    "app/reports/__init__.py": "from app.i18n import __name__",
    "app/services/__init__.py": "from app import storage, reports; from analysis import counts",
    "app/storage/__init__.py": "import sqlalchemy, numpy; from app.domain import rating",
    "app/web/__init__.py": "",
    "app/web/panelist/__init__.py": "from app.web import shared",
    "app/web/researcher/__init__.py": "from app.web import shared; from app import services",
    "app/web/shared/__init__.py": "",
}


def lint_imports(house: dict[str, str], place: Path) -> subprocess.CompletedProcess[str]:
    """Build a house and hold the project's own contracts against it."""
    for name, source in house.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source + "\n", encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", place)
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)


def test_the_model_house_keeps_every_contract(tmp_path):
    answer = lint_imports(MODEL_HOUSE, tmp_path)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("name", "source", "broken"),
    [
        pytest.param("app/helpers.py", "", "Imports point one way", id="a stray module has no place"),
        pytest.param(
            "app/domain/study.py",
            "from app import storage",
            "Imports point one way",
            id="domain asks storage",
        ),
        pytest.param(
            "app/storage/rows.py",
            "from app import services",
            "Imports point one way",
            id="storage asks services",
        ),
        pytest.param(
            "app/mail/outbox.py", "from app import storage", "Imports point one way", id="mail asks storage"
        ),
        pytest.param("app/web/page.py", "from app import demo", "Imports point one way", id="web asks demo"),
        pytest.param(
            "analysis/tables.py", "import sqlalchemy", "analysis knows ratings", id="analysis asks a database"
        ),
        pytest.param(
            "analysis/studies.py", "from app import domain", "analysis knows", id="analysis asks the app"
        ),
        pytest.param(
            "app/domain/count.py",
            "from analysis import counts",
            "scale and the rules",
            id="domain counts by itself",
        ),
        pytest.param(
            "app/services/rows.py", "import sqlalchemy", "Only storage names", id="a service writes SQL"
        ),
        pytest.param("app/reports/table.py", "import pandas", "numpy and pandas", id="a report computes"),
        pytest.param("app/web/figures.py", "import numpy", "numpy and pandas", id="a page computes"),
        pytest.param(
            "app/web/panelist/pages.py",
            "from app.web import researcher",
            "cannot reach a panelist's page",
            id="a panelist's page asks a researcher's",
        ),
    ],
)
def test_a_wrong_import_breaks_its_contract(tmp_path, name, source, broken):
    answer = lint_imports(MODEL_HOUSE | {name: source}, tmp_path)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert any(broken in line for line in answer.stdout.splitlines() if " BROKEN" in line), answer.stdout


def imported_packages(file: Path) -> set[str]:
    """Return the first names of everything that a module imports."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).partition(".")[0])
    return names


@pytest.mark.parametrize("room", ["app/domain", "analysis/scale", "analysis/rules"])
def test_the_rules_of_the_house_need_no_library(room):
    place = ROOT / room
    files = sorted(place.rglob("*.py")) or [place.with_suffix(".py")]
    foreign = {
        file.name: imported_packages(file) - sys.stdlib_module_names - {"app", "analysis"} for file in files
    }
    assert {name: packages for name, packages in foreign.items() if packages} == {}


def loaded_by(modules, libraries):
    """Return which of some libraries are loaded when modules are imported, in a process of its own."""
    program = f"import sys, {modules}; print(*{libraries} & set(sys.modules))"
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


def test_the_domain_can_be_asked_without_loading_a_library():
    """A panelist's page must not wait for pandas, and the domain must not come to need it unseen."""
    modules = ", ".join(f"app.domain.{file.stem}" for file in (ROOT / "app/domain").glob("[!_]*.py"))
    assert loaded_by(modules, {"numpy", "pandas", "scipy", "sqlalchemy"}) == []


@pytest.mark.parametrize("module", ["app.web.panelist", "app.main"])
def test_a_server_loads_no_library_of_figures_before_somebody_asks_for_figures(module):
    assert loaded_by(module, {"numpy", "pandas", "scipy", "altair"}) == []
