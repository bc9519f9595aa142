"""Everything that must hold before a change lands: style, types, floors, tests. Ends with pytest's own summary line.

uv run --group dev python tests/run.py [pytest arguments]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from databases import postgres_programs

ROOT = Path(__file__).resolve().parent.parent
MOST_WORKERS = 4
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


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


def install(*packages: str) -> bool:
    """Fetches Debian packages when this is a Debian we may install on; whether it did."""
    apt = shutil.which("apt-get")
    if apt is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], check=False, env=quiet)
    words = [apt, "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(words, check=False, env=quiet, stdout=subprocess.DEVNULL).returncode == 0


def main() -> int:
    os.chdir(ROOT)
    ensure_chromium()
    ensure_postgresql()
    ensure_office()
    tools = [
        [sys.executable, "-m", "ruff", "check", "."],
        [sys.executable, "-m", "mypy"],
        [str(Path(sys.executable).parent / "lint-imports")],
    ]
    failed = [" ".join(tool[-2:]) for tool in tools if subprocess.run(tool, check=False).returncode]
    # A file a worker: fixtures of a file are made once, and browser and model tests share the machine.
    workers = [] if "-n" in sys.argv else ["-n", str(min(MOST_WORKERS, os.cpu_count() or 1)), "--dist", "loadfile"]
    code = subprocess.run([sys.executable, "-m", "pytest", *workers, *sys.argv[1:]], check=False).returncode
    if failed:
        print("failed before the tests: " + ", ".join(failed), file=sys.stderr)
    return code or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main())
