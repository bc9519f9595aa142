"""Everything that must hold before a change lands: style, types, floors, tests. Ends with pytest's own summary line.

uv run --group dev python tests/run.py [pytest arguments]
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def ensure_chromium() -> None:
    """The browser tests drive Debian's Chromium; fetch it when this is a Debian we may install on."""
    if any(shutil.which(name) for name in BROWSERS):
        return
    apt = shutil.which("apt-get")
    if apt is None or (hasattr(os, "geteuid") and os.geteuid() != 0):
        print("Chromium is not installed: the browser tests will be skipped. On Debian: sudo apt-get install chromium")
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([apt, "update", "-qq"], check=False, env=quiet)
    subprocess.run(
        [apt, "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"],
        check=True,
        env=quiet,
        stdout=subprocess.DEVNULL,
    )


def main() -> int:
    os.chdir(ROOT)
    ensure_chromium()
    tools = [
        [sys.executable, "-m", "ruff", "check", "."],
        [sys.executable, "-m", "mypy"],
        [str(Path(sys.executable).parent / "lint-imports")],
    ]
    failed = [" ".join(tool[-2:]) for tool in tools if subprocess.run(tool, check=False).returncode]
    code = subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], check=False).returncode
    if failed:
        print("failed before the tests: " + ", ".join(failed), file=sys.stderr)
    return code or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main())
