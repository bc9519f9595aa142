"""Pictures of every page: two sizes, both languages, light and dark.

    uv run --group dev python scripts/screenshots.py FOLDER [--workspace DIR] [--only peta desa] [--size laptop]

Needs a Chromium of the system. Without a workspace the demonstration one is made. The files are called
``<page>-<size>-<language>-<light or dark>.png``; pages longer than the window are taken whole.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.browser import ROOT, chromium, free_port, server

QUERY = {"desa": "kode=53.04.01.2001"}
"""What a page needs in its address to have something to show."""
SIZES = {"laptop": (1366, 768), "telepon": (390, 844)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--size", choices=SIZES)
    parser.add_argument("--lang", choices=("id", "en"))
    parser.add_argument("--theme", choices=("light", "dark"))
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        workspace = (args.workspace or Path(folder) / "ws").resolve()
        command = [sys.executable, str(ROOT / "cli.py"), "--workspace", str(workspace)]
        if args.workspace is None:
            subprocess.run([*command, "init"], check=True, stderr=subprocess.DEVNULL)
        port = free_port()
        with server([*command, "run", "--port", str(port)], port, "/readyz"), chromium() as browser:
            for size in [args.size] if args.size else SIZES:
                for lang in [args.lang] if args.lang else ("id", "en"):
                    for theme in [args.theme] if args.theme else ("light", "dark"):
                        take(browser, f"http://127.0.0.1:{port}", args, size, lang, theme)


def pages() -> list[str]:
    """Names of all pages, from the router's table."""
    return re.findall(r'Entry\("(\w+)"', (ROOT / "pages" / "start.py").read_text(encoding="utf-8"))


def take(browser: Any, address: str, args: argparse.Namespace, size: str, lang: str, theme: str) -> None:
    """All pages in one profile, each from its own address."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
    page = context.new_page()
    for name in args.only or pages():
        path = name.replace("_", "-")
        query = "&".join(filter(None, [QUERY.get(name, ""), f"bahasa={lang}"]))
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{address}/{path}?{query}")
        page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
        if name == "peta":
            page.locator(".st-key-peta iframe").wait_for(timeout=60_000)
        wait_quiet(page)
        whole = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") + 70
        if name != "peta":  # the map fits itself to the window
            page.set_viewport_size({"width": width, "height": max(height, min(int(whole), 6000))})
            wait_quiet(page)
        page.screenshot(path=args.folder / f"{name}-{size}-{lang}-{'terang' if theme == 'light' else 'gelap'}.png")
    context.close()


def wait_quiet(page: Any) -> None:
    """Until nothing runs and a map, if there is one, is painted."""
    page.wait_for_timeout(400)
    page.wait_for_function(
        """() => !document.querySelector('[data-testid=stStatusWidget]')
            && [...document.querySelectorAll('[class*=st-key-peta] iframe')].every(f => f.contentDocument
                && f.contentDocument.documentElement.dataset.painted)""",
        timeout=60_000,
    )
    page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
