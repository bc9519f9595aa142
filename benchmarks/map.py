"""The planner's map against naive folium and against a bare Streamlit page, in one run of one Chromium.

    uv run --group dev python benchmarks/map.py --boundaries ../shared/data/boundaries/wilayah_boundaries

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
from benchmarks.browser import ROOT, Traffic, chromium, free_port, patch, server, streamlit

SIZE = {"width": 1366, "height": 768}
HERE = Path(__file__).parent


PATCH = 40
LAND = {"naive": (0.5, 0.29), "ours": (0.22, 0.61)}
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
    """When (perf_counter) the patch changed for the last time: at least ``least`` bytes came, then ``quiet`` seconds.

    The last change, not the first: Streamlit fades what is out of date long before new colours arrive.
    """
    seen, changed = before, time.perf_counter()
    while time.perf_counter() - changed < quiet or traffic.websocket + traffic.http < least:
        now = patch(page, box)
        if now != seen:
            seen, changed = now, time.perf_counter()
        if time.perf_counter() - changed > 180:
            raise TimeoutError("the map did not change")
    if seen == before:
        raise RuntimeError("the colours of the patch did not change: choose another")
    return changed


def repaints(page: Any, name: str, options: list[int], quiet: float, least: int) -> dict[str, float]:
    """Median seconds and bytes of a change of colours."""
    box = map_box(page, name)
    traffic = Traffic(page)
    seconds, kilobytes = [], []
    for option in options:
        before = settle(page, box)
        page.locator(".st-key-lapisan [role=combobox]").first.click()
        target = page.get_by_role("option").nth(option)
        target.wait_for()
        traffic.reset()
        start = time.perf_counter()
        target.click()
        seconds.append(last_change(page, box, before, traffic, quiet, least) - start)
        kilobytes.append((traffic.websocket + traffic.http) / 1000)
    heap = traffic.session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    return {"repaint_s": statistics.median(seconds), "kB": statistics.median(kilobytes), "page_heap_MB": heap}


def first_paint(browser: Any, url: str, ready: str, runs: int) -> float:
    """Median seconds from navigation to ``ready`` (a JavaScript expression) in fresh contexts."""
    times = []
    for _ in range(runs):
        context = browser.new_context(viewport=SIZE)
        page = context.new_page()
        start = time.perf_counter()
        page.goto(url)
        page.wait_for_function(ready, timeout=120_000)
        times.append(time.perf_counter() - start)
        context.close()
    return statistics.median(times[1:] or times)


PAINTED = """() => [...document.querySelectorAll('iframe')].some(f => {
    try { return f.contentDocument && f.contentDocument.documentElement.dataset.painted }
    catch (e) { return false } })"""
TITLE = "() => document.body.innerText.includes('siap')"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--boundaries", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=6)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "ws"
        peta_aman = [sys.executable, str(ROOT / "cli.py"), "--workspace", str(workspace)]
        subprocess.run([*peta_aman, "init"], check=True, stderr=subprocess.DEVNULL)
        subprocess.run(
            [*peta_aman, "import", "batas", str(args.boundaries.resolve())], check=True, stderr=subprocess.DEVNULL
        )
        polygons = next((workspace / "batas").glob("*desa*.parquet"), None) or max(
            (workspace / "batas").glob("*.parquet"), key=lambda p: p.stat().st_size
        )
        naive = Path(folder) / "naive"
        shutil.copytree(HERE, naive, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "static" / "vendor" / "leaflet-1.9.4", naive / "static", dirs_exist_ok=True)
        ours, theirs, bare = free_port(), free_port(), free_port()
        with (
            server([*peta_aman, "run", "--port", str(ours)], ours, "/readyz"),
            server(
                streamlit(naive / "naive_app.py", theirs),
                theirs,
                "/_stcore/health",
                {"BENCH_POLYGONS": str(polygons)},
                naive,
            ),
            server(streamlit(naive / "bare_app.py", bare), bare, "/_stcore/health", cwd=naive),
            chromium() as browser,
        ):
            result = {"cores": os.cpu_count(), "load": os.getloadavg()[0]}
            result["bare_first_s"] = first_paint(browser, f"http://127.0.0.1:{bare}/", TITLE, args.runs)
            result["map_first_s"] = first_paint(browser, f"http://127.0.0.1:{ours}/peta", PAINTED, args.runs)
            for name, port, path in (("ours", ours, "/peta"), ("naive", theirs, "/"), ("ours_again", ours, "/peta")):
                page = browser.new_context(viewport=SIZE).new_page()
                page.goto(f"http://127.0.0.1:{port}{path}")
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
