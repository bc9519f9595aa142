"""Promises of the house that no single room can keep alone."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("words", "data", "geo", "risk", "campaign", "commands", "pages")


def tracked(*suffixes: str) -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [ROOT / name for name in names if name.endswith(suffixes) and (ROOT / name).exists()]


def test_no_module_is_past_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): n
        for room in (*ROOMS, "benchmarks")
        for path in (ROOT / room).glob("**/*.py")
        if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


def test_no_folder_has_more_than_sixteen_modules_side_by_side() -> None:
    beside = Counter(
        path.parent.relative_to(ROOT)
        for room in ROOMS
        for path in (ROOT / room).glob("**/*.py")
        if path.name != "__init__.py"
    )
    assert not {str(folder): n for folder, n in beside.items() if n > 16}


def test_no_parameter_is_a_store_of_any_kind() -> None:
    loose = [path for path in tracked(".py") if re.search(r"\bstore: Any\b", path.read_text(encoding="utf-8"))]
    assert [path for path in loose if path != Path(__file__)] == []


def test_no_two_test_files_share_a_name() -> None:
    """Tests are no packages: pytest refuses to collect two modules of one name together."""
    names = Counter(path.name for path in tracked(".py") if "tests" in path.parts and path.name != "conftest.py")
    assert not [name for name, n in names.items() if n > 1 and name != "__init__.py"]


def test_nothing_shipped_to_the_browser_names_an_outside_address() -> None:
    allowed = re.compile(r"https?://(www\.w3\.org|localhost|127\.0\.0\.1)")
    strangers = {}
    for path in [p for p in tracked(".js", ".html", ".css") if "tests" not in p.parts and "vendor" not in p.parts]:
        found = [
            url
            for url in re.findall(r"https?://[^\s\"'`)]+", path.read_text(encoding="utf-8"))
            if not allowed.match(url)
        ]
        if found:
            strangers[str(path.relative_to(ROOT))] = found
    assert not strangers


def test_no_commit_names_a_registry_or_a_machine() -> None:
    registry = re.compile(r"py" + r"pi\.org|python" + r"hosted\.org|npm" + r"js\.(org|com)|deb\." + r"debian\.org")
    named = {
        str(path.relative_to(ROOT))
        for path in tracked(".py", ".md", ".toml", ".csv", ".json", ".txt", ".js", "run")
        if registry.search(path.read_text(encoding="utf-8", errors="replace"))
        or str(ROOT.parent) + "/" in path.read_text(encoding="utf-8", errors="replace")
    }
    assert not named


@pytest.mark.parametrize("room", ["pages", "commands", "campaign", "words"])
def test_no_page_lets_html_through(room: str) -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for path in (ROOT / room).glob("**/*.py")
        if re.search(r"unsafe_allow_html\s*=\s*True", path.read_text(encoding="utf-8"))
    ]
    assert not offenders


def test_the_page_of_commands_says_what_the_parser_says() -> None:
    """Every command has a section, and its usage and options are the program's own."""
    done = subprocess.run(
        [sys.executable, "scripts/commands_page.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stderr}\nuv run python scripts/commands_page.py writes docs/perintah.md anew"


def test_nothing_imports_the_front_doors_and_they_own_no_heavy_library() -> None:
    """``app.py`` and ``cli.py`` are modules, which import-linter leaves out: the same floors, checked here."""
    heavy = {"sklearn", "folium", "branca", "geopandas", "shapely", "pyproj", "pyogrio", "sqlalchemy", "alembic"}

    def imported(path: Path) -> set[str]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        return names | {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    for room in ROOMS:
        for path in (ROOT / room).glob("**/*.py"):
            assert not imported(path) & {"app", "cli"}, path
    for path in (ROOT / "geo").glob("**/*.py"):
        assert path.name == "webmap.py" or not {m.split(".")[0] for m in imported(path)} & {"folium", "branca"}, path
    for name in ("app.py", "cli.py"):
        assert not {module.split(".")[0] for module in imported(ROOT / name)} & heavy, name


def test_help_loads_no_heavy_library() -> None:
    """A person who asks how a command is written does not wait for pandas."""
    heavy = (
        "{'numpy', 'pandas', 'scipy', 'sklearn', 'sqlalchemy', 'streamlit', 'geopandas', 'shapely', 'typst', 'docx'}"
    )
    program = (
        "import sys, cli\n"
        "try:\n    cli.main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"sys.exit(', '.join(sorted({heavy} & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
