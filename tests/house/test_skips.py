"""What CI makes of a skip, and which tests are left for the inner loop: pytest run on a few small tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.marks import ALLOWED_SKIPS, FAST

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
SKIPS = """
import pytest

@pytest.fixture(scope="session")
def chromium():
    pytest.skip("Chromium is not installed")

def test_in_a_fixture(chromium): pass
@pytest.mark.skipif(True, reason="PostgreSQL is not installed")
def test_by_a_mark(): pass
def test_in_a_test(): pytest.skip("poppler-utils is not installed")
def test_of_a_module(): pytest.importorskip("no_such_module")
@pytest.mark.xfail(reason="known", strict=True)
def test_known_to_fail(): assert False
def test_that_passes(): pass
"""
KINDS = """
import pytest

@pytest.fixture
def demo_workspace(): pass
@pytest.fixture
def planned(demo_workspace): pass
@pytest.fixture
def shared(): pass

def test_plain(): pass
def test_of_the_demonstration(planned): pass
def test_of_published_data(shared): pass
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_a_database(kind): pass
@pytest.mark.skipif(False, reason="LibreOffice is not installed")
def test_of_documents(): pass
@pytest.mark.slow
def test_of_a_model(): pass
"""


def outcome(folder: Path, *words: str, ci: str = "", **files: str) -> tuple[int, dict[str, int], str]:
    """Runs pytest with this project's hooks over files: exit code, how many passed, failed …, and what was printed."""
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.marks", "-p", "no:cacheprovider", "-ra", *words, str(folder)],
        cwd=ROOT,
        env={**os.environ, "CI": ci, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    counts = {word: int(n) for n, word in re.findall(r"(\d+) (\w+)", done.stdout.splitlines()[-1].split(" in ")[0])}
    return done.returncode, counts, done.stdout


def test_without_ci_what_is_missing_is_skipped(tmp_path: Path) -> None:
    code, counts, _ = outcome(tmp_path, test_x=SKIPS)
    assert (code, counts) == (0, {"passed": 1, "skipped": 4, "xfailed": 1})


@pytest.mark.parametrize("ci", ["1", "true"])
def test_with_ci_what_is_missing_fails_and_says_why(tmp_path: Path, ci: str) -> None:
    code, counts, said = outcome(tmp_path, ci=ci, test_x=SKIPS)
    assert (code, counts) == (1, {"passed": 1, "failed": 2, "errors": 2, "xfailed": 1})
    for reason in ("Chromium is not installed", "PostgreSQL is not installed", "poppler-utils is not installed"):
        assert reason in said


def test_with_ci_a_module_that_skips_itself_fails(tmp_path: Path) -> None:
    text = 'import pytest\npytest.skip("LibreOffice is not installed", allow_module_level=True)\n'
    code, counts, said = outcome(tmp_path, ci="1", test_x=text)
    assert (code, counts) == (2, {"error": 1})
    assert "LibreOffice is not installed" in said


def test_with_ci_reasons_of_the_platform_are_allowed(tmp_path: Path) -> None:
    text = "import pytest\n" + "".join(
        f"def test_{n}(): pytest.skip({reason!r})\n" for n, reason in enumerate(ALLOWED_SKIPS)
    )
    code, counts, _ = outcome(tmp_path, ci="1", test_x=text)
    assert (code, counts) == (0, {"skipped": len(ALLOWED_SKIPS)})


def test_the_inner_loop_leaves_out_what_needs_more_than_python(tmp_path: Path) -> None:
    (tmp_path / "browser").mkdir()
    (tmp_path / "browser" / "test_y.py").write_text("def test_in_a_browser(): pass\n")
    code, counts, said = outcome(tmp_path, "-v", "-m", FAST, test_x=KINDS)
    assert (code, counts) == (0, {"passed": 2, "deselected": 6})
    assert set(re.findall(r"::(\S+) PASSED", said)) == {"test_plain", "test_of_a_database[sqlite]"}
