"""Everything that must hold before a change lands: style, types, floors, tests. Ends with pytest's own summary line.

uv run --group dev python tests/run.py [--fast] [pytest arguments]

``--fast`` is for the inner loop: style and the unit tests that need no browser, server or demonstration workspace.
With ``CI`` set, a tool that is missing is a failure and not a skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from databases import postgres_programs
from marks import FAST

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
MOST_WORKERS = 4
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SCRIPTS = ("static/peta", "tests/unit/static")
COVERAGE = ("--cov", "--cov-report=term:skip-covered")
"""Measured while tests of the inner loop run: on Python 3.11 tracing nearly doubles the time of plain Python, so
``marks.py`` switches it off for all others. Processes that tests start are not measured either."""

STYLE = (
    (sys.executable, "-m", "ruff", "check", "."),
    (sys.executable, "-m", "ruff", "format", "--check", "."),
    (str(TOOLS / "oxlint"), "--deny-warnings", *SCRIPTS),
)
FLOORS = ((sys.executable, "-m", "mypy"), (str(TOOLS / "lint-imports"),))


def ensure_chromium() -> None:
    """The browser tests drive Debian's Chromium; fetch it when this is a Debian we may install on."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    if not install("chromium", "fonts-liberation"):
        print("Chromium is not installed: the browser tests will be skipped. On Debian: sudo apt-get install chromium")


def ensure_postgresql() -> None:
    """The tests of the store also run on PostgreSQL, in a throwaway cluster they start and stop themselves."""
    if os.environ.get("PETA_AMAN_TEST_POSTGRES") or postgres_programs() or install("postgresql"):
        return
    print("PostgreSQL is not installed: its tests will be skipped. On Debian: sudo apt-get install postgresql")


def ensure_office() -> None:
    """Documents are read back with poppler and opened in LibreOffice (without a screen), as an office would."""
    if not shutil.which("pdftotext") and not install("poppler-utils"):
        print("poppler-utils is not installed: some tests of documents will be skipped.")
    writers = [f"libreoffice-{part}-nogui" for part in ("writer", "calc", "impress")]
    if not shutil.which("soffice") and not install(*writers):
        print(f"LibreOffice is not installed: its test will be skipped. Debian: apt-get install {' '.join(writers)}")


def ensure_node() -> None:
    """The map's scripts have unit tests of their own, run by Node; npm brings the OpenID provider of the sign-in's."""
    if not shutil.which("node") and not install("nodejs"):
        print("Node is not installed: the scripts' unit tests will be skipped. On Debian: sudo apt-get install nodejs")
    if not shutil.which("npm") and not install("npm"):
        print(
            "npm is not installed: tests with an OpenID provider will be skipped. On Debian: sudo apt-get install npm"
        )


def install(*packages: str) -> bool:
    """Fetches Debian packages when this is a Debian we may install on; whether it did."""
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], check=False, env=quiet)
    words = [apt, "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(words, check=False, env=quiet, stdout=subprocess.DEVNULL).returncode == 0


def passes(tool: tuple[str, ...]) -> bool:
    """Runs a tool and says whether all is well; one that is not there counts as failed."""
    try:
        return subprocess.run(tool, check=False).returncode == 0
    except FileNotFoundError as fault:
        print(fault, file=sys.stderr)
        return False


def script_tests() -> tuple[tuple[str, ...], ...]:
    """How Node runs the unit tests of the map's scripts; nothing where there is no Node and nobody insists."""
    if not shutil.which("node") and not os.environ.get("CI"):
        return ()
    tests = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "unit" / "static").glob("*.test.mjs"))
    return (("node", "--test", "--test-reporter=spec", *tests),)


def pytest_words(given: list[str], fast: bool) -> list[str]:
    if fast:
        # One process: a second one would read all modules again, which costs more than the tests themselves.
        return ["-m", FAST, *(given or ["tests/unit", "tests/house"])]
    words = ["--durations=25", *COVERAGE]
    if "-n" not in given:
        # A file a worker: fixtures of a file are made once, and browser and model tests share the machine.
        words += ["-n", str(min(MOST_WORKERS, os.cpu_count() or 1)), "--dist", "loadfile"]
    return [*words, *given]


def main() -> int:
    os.chdir(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # commands that tests start would compile every library anew
    fast = "--fast" in sys.argv
    given = [word for word in sys.argv[1:] if word != "--fast"]
    if not fast:
        for ensure in (ensure_chromium, ensure_postgresql, ensure_office, ensure_node):
            ensure()
    tools = (*STYLE, *(() if fast else FLOORS), *script_tests())
    failed = [" ".join(tool[:4]) for tool in tools if not passes(tool)]
    code = subprocess.run([sys.executable, "-m", "pytest", *pytest_words(given, fast)], check=False).returncode
    if failed:
        print("failed before the tests: " + ", ".join(failed), file=sys.stderr)
    return code or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main())
