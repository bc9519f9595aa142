"""A folder that is dear to make is made once for all workers of a run, and each has a copy of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
SHARING = """
import time
from pathlib import Path

import pytest
from tests.once import made_once

NOTES = Path(__file__).parent / "notes"

@pytest.fixture(scope="session")
def copy(tmp_path_factory):
    def make(folder):
        with NOTES.open("a") as notes:
            notes.write("made\\n")
        folder.mkdir()
        time.sleep(1)  # the other worker asks meanwhile
        if NOTES.read_text() == FAILS:
            raise OSError("disk full")
        (folder / "a.txt").write_text("as made")

    return made_once(tmp_path_factory, "costly", make)

@pytest.mark.parametrize("n", range(2))
def test_it_is_there_and_nobody_elses(copy, n):
    assert (copy / "a.txt").read_text() == "as made" + n * " and changed"
    (copy / "a.txt").write_text("as made and changed")
"""


@pytest.mark.parametrize(
    ("fails", "made", "result"),
    [("", 1, ["4 passed"]), ("made\n", 2, ["2 passed", "2 errors"])],
    ids=["all is well", "the first worker fails"],
)
def test_two_workers_make_it_once(tmp_path: Path, fails: str, made: int, result: list[str]) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    for name in "ab":
        (tmp_path / f"test_{name}.py").write_text(f"FAILS = {fails!r}\n{SHARING}")
    words = ["-q", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'temp'}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTEST_ADDOPTS": "", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (tmp_path / "notes").read_text() == "made\n" * made, done.stdout
    last = done.stdout.splitlines()[-1]
    assert all(part in last for part in result), done.stdout
