"""The planner's map against naive folium and against a bare Streamlit page, in one run of one Chromium.

    uv run --group dev python benchmarks/map.py --boundaries ../shared/data/boundaries/wilayah_boundaries
    uv run --group dev python benchmarks/map.py --data real

Measured: seconds from a widget's change to changed pixels (screenshots of a small patch), bytes to the browser for that
change, seconds from navigation to the first painted map against the bare page's first line, and the JavaScript heap.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.browser import ROOT, Traffic, chromium, free_port, heap_mb, memory_mb, patch, server, streamlit
from benchmarks.office import PANDAS, boundaries_of, cpu_seconds, data_options, made, peta_aman

SIZE = {"width": 1366, "height": 768}
HERE = Path(__file__).parent


PATCH = 40
LAND = {"naive": (0.5, 0.29), "ours": (0.22, 0.61), "country": (0.522, 0.69)}
"""Where land lies in the first view, as shares of the map's frame: a small patch there is quick to photograph."""


def map_box(page: Any, name: str) -> dict[str, float]:
    frame = page.locator("iframe").first.bounding_box()
    x, y = LAND[name.split("_")[0]]
    return {
        "x": frame["x"] + frame["width"] * x - PATCH / 2,
        "y": frame["y"] + frame["height"] * y - PATCH / 2,
        "width": PATCH,
        "height": PATCH,
    }


def settle(page: Any, box: dict[str, float], quiet: float = 1.0) -> bytes:
    last, since = patch(page, box), time.perf_counter()
    while time.perf_counter() - since < quiet:
        now = patch(page, box)
        if now != last:
            last, since = now, time.perf_counter()
    return last


def last_change(page: Any, box: dict[str, float], before: bytes, traffic: Traffic, quiet: float, least: int) -> float:
    """When (seconds since 1970) the patch changed last: at least ``least`` bytes came, then ``quiet`` seconds passed.

    The last change, not the first: Streamlit fades what is out of date long before new colours arrive.
    """
    seen, changed = before, time.time()
    while time.time() - changed < quiet or traffic.websocket + traffic.http < least:
        now = patch(page, box)
        if now != seen:
            seen, changed = now, time.time()
        if time.time() - changed > 180:
            raise TimeoutError("the map did not change")
    if seen == before:
        raise RuntimeError("the colours of the patch did not change: choose another")
    return changed


CLICKED = """() => document.addEventListener('click', () => {
    window.petaAmanClick = performance.timeOrigin + performance.now() }, true)"""


def repaints(page: Any, name: str, options: list[int], quiet: float, least: int) -> dict[str, float]:
    """Median seconds and bytes of a change of colours, from the page's own click to changed pixels."""
    box = map_box(page, name)
    traffic = Traffic(page)
    page.evaluate(CLICKED)
    seconds, kilobytes = [], []
    for option in options:
        before = settle(page, box)
        page.locator(".st-key-lapisan [role=combobox]").first.click()
        target = page.get_by_role("option").nth(option)
        target.wait_for()
        traffic.reset()
        target.click()
        end = last_change(page, box, before, traffic, quiet, least)
        seconds.append(end - page.evaluate("window.petaAmanClick") / 1000)
        kilobytes.append((traffic.websocket + traffic.http) / 1000)
    return {"repaint_s": statistics.median(seconds), "kB": statistics.median(kilobytes), "heap_MB": heap_mb(page)}


def first_paint(browser: Any, url: str, ready: str) -> float:
    """Seconds from navigation to ``ready`` (a JavaScript expression) with an empty profile."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url, wait_until="commit")
    page.wait_for_function(ready, timeout=120_000)
    seconds = time.perf_counter() - start
    context.close()
    return seconds


PAINTED = """() => [...document.querySelectorAll('iframe')].some(f => {
    try { return f.contentDocument && f.contentDocument.documentElement.dataset.painted }
    catch (e) { return false } })"""
TITLE = "() => document.body && document.body.innerText.includes('siap')"


TABS = 4


def tab_cost(browser: Any, url: str, pid: int) -> float:
    """Megabytes that one more open tab costs the server, over some tabs."""
    contexts = []
    before = memory_mb(pid)
    for _ in range(TABS):
        contexts.append(browser.new_context(viewport=SIZE))
        page = contexts[-1].new_page()
        page.goto(url)
        page.wait_for_function(PAINTED, timeout=120_000)
    time.sleep(1)
    after = memory_mb(pid)
    for context in contexts:
        context.close()
    return (after - before) / TABS


def made_workspace(folder: Path, boundaries: Path) -> Path:
    """A demonstration workspace with the real boundaries."""
    command = [sys.executable, str(ROOT / "cli.py"), "--workspace", str(folder), "init"]
    subprocess.run([*command, "--boundaries", str(boundaries)], check=True, capture_output=True)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser()
    given = parser.add_mutually_exclusive_group()
    given.add_argument("--boundaries", type=Path, help="official boundaries under DATA CONTOH")
    given.add_argument("--workspace", type=Path, help="one made before, with official boundaries")
    parser.add_argument("--runs", type=int, default=6)
    data_options(parser)
    args = parser.parse_args()
    if args.data == "contoh" and args.boundaries is None:
        args.boundaries = boundaries_of(args.files)
    with tempfile.TemporaryDirectory() as folder:
        workspace = args.workspace
        if workspace is None and args.data == "contoh":
            workspace = made_workspace(Path(folder) / "ws", args.boundaries.resolve())
        elif workspace is None:
            office = made(args, Path(folder) / "ws")
            peta_aman(office, "score")
            workspace = office.path
        polygons = max((workspace / "batas").glob("desa*.parquet"), key=lambda file: file.stat().st_size)
        naive = Path(folder) / "naive"
        shutil.copytree(HERE, naive, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "static" / "vendor" / "leaflet-1.9.4", naive / "static", dirs_exist_ok=True)
        ours, theirs, bare = free_port(), free_port(), free_port()
        url = f"http://127.0.0.1:{ours}/peta"
        polygons_of = {"BENCH_POLYGONS": str(polygons.resolve())}
        run = [sys.executable, str(ROOT / "cli.py"), "--workspace", str(workspace), "run", "--port", str(ours)]
        health = "/_stcore/health"
        with (
            server(run, ours, "/readyz") as process,
            server(streamlit(naive / "naive_app.py", theirs), theirs, health, polygons_of, naive),
            server(streamlit(naive / "bare_app.py", bare), bare, health, cwd=naive),
            chromium() as browser,
        ):
            result: dict[str, Any] = {"data": args.data, "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
            result["pandas"] = round(cpu_seconds(PANDAS), 2)
            # taken in turns, so that a busy moment of the machine meets both
            bares, maps = [], []
            for _ in range(args.runs + 1):
                bares.append(first_paint(browser, f"http://127.0.0.1:{bare}/", TITLE))
                maps.append(first_paint(browser, url, PAINTED))
            result["bare_first_s"], result["map_first_s"] = statistics.median(bares[1:]), statistics.median(maps[1:])
            result["MB_a_tab"] = tab_cost(browser, url, process.pid)
            for name, address in (("ours", url), ("naive", f"http://127.0.0.1:{theirs}/"), ("ours_again", url)):
                page = browser.new_context(viewport=SIZE).new_page()
                page.goto(address)
                page.locator("iframe").first.wait_for(timeout=120_000)
                if name != "naive":
                    page.wait_for_function(PAINTED, timeout=60_000)
                settle(page, map_box(page, name), 6.0 if name == "naive" else 1.0)
                quiet, least = (12.0, 1_000_000) if name == "naive" else (2.0, 1_000)
                result[name] = repaints(page, name, [1, 2, 0, 1, 2, 0][: args.runs], quiet, least)
                page.context.close()
    fast = [result["ours"]["repaint_s"], result["ours_again"]["repaint_s"]]
    result["repaint_ratio"] = result["naive"]["repaint_s"] / statistics.mean(fast)
    result["bytes_ratio"] = result["naive"]["kB"] / result["ours"]["kB"]
    result["first_map_over_bare"] = result["map_first_s"] / result["bare_first_s"]
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
