"""All of Indonesia, as far as it can be had here: NTT's real villages laid side by side until there are about 83,000.

    uv run --group dev python benchmarks/scale.py --boundaries ../shared/data/boundaries/wilayah_boundaries --keep scale

Twenty-five copies of the province, each moved to a place of its own inside Indonesia and numbered as another province,
go the way of an office: a gazetteer file and a folder of dumps, ``init`` with its score, the map in Chromium. Measured:
time, processor time and memory of ``init``; of the map what `benchmarks.map` measures, and pictures while one zooms and
pans over land, none of which may be blank. ``--keep`` leaves the workspace for the next run.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.browser import ROOT, chromium, free_port, heap_mb, memory_mb, patch, server
from benchmarks.map import PAINTED, SIZE, first_paint, repaints, tab_cost
from data.domain.provinces import PROVINCE_CODES
from data.gazetteer import EMBEDDED

COPIES = 25
COLUMNS, STEP_LON, STEP_LAT = 6, 6.4, 3.2
"""Copies beside each other, and degrees between them: NTT is 6.3° wide and 3.1° high."""
_ROW = re.compile(r"\t\('(53[\d.]+)','((?:[^']|'')*)',[^,]*,[^,]*,'(\[.*?\])'")
_PAIR = re.compile(r"\[(-?\d[\d.]*),(-?\d[\d.]*)\]")


def places() -> list[tuple[str, float, float]]:
    """Province code of each copy and by how many degrees it is moved; NTT itself stays where it is."""
    codes = ["53", *(code for code in sorted(set(PROVINCE_CODES.values())) if code != "53")][:COPIES]
    cells = sorted(((i, j) for j in range(5) for i in range(-3, COLUMNS - 3)), key=lambda cell: cell != (0, 0))
    return [(code, i * STEP_LON, j * STEP_LAT) for code, (i, j) in zip(codes, cells, strict=False)]


def make(folder: Path, boundaries: Path) -> tuple[Path, Path]:
    """Writes ``gazetir.csv`` and a folder ``batas`` of dumps like the public ones; returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    gazetteer, dumps = folder / "gazetir.csv", folder / "batas"
    known = pd.read_csv(EMBEDDED, dtype=str, keep_default_na=False)
    frames = []
    for code, east, north in places():
        copy = known.copy()
        for column in ("kode", "kode_kec", "kode_kab"):
            copy[column] = code + copy[column].str[2:]
        copy[["kode_lama", "kode_bps"]] = ""
        copy["kabupaten"] = copy["kabupaten"] + f" {code}"
        for column, by in (("lon", east), ("lat", north)):
            number = pd.to_numeric(copy[column]) + by
            copy[column] = number.map("{:.6f}".format).where(number.notna(), "")
        frames.append(copy)
    pd.concat(frames).to_csv(gazetteer, index=False)
    source = boundaries / "db" / "kel" / "53"
    for file in sorted(source.glob("*.sql")):
        rows = [(kode, name, _PAIR.split(path)) for kode, name, path in _ROW.findall(file.read_text("utf-8"))]
        # _PAIR.split gives text, lat, lon, text, …; numbers are converted once for all copies
        parsed = [
            (kode, name, cut, [(float(a), float(b)) for a, b in zip(cut[1::3], cut[2::3], strict=True)])
            for kode, name, cut in rows
        ]
        for code, east, north in places():
            target = dumps / "db" / "kel" / code
            target.mkdir(parents=True, exist_ok=True)
            with (target / file.name.replace("_53.", f"_{code}.")).open("w", encoding="utf-8") as out:
                out.write("INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES\n")
                for at, (kode, name, cut, pairs) in enumerate(parsed):
                    moved = [f"[{a + north:.7f},{b + east:.7f}]" for a, b in pairs]
                    path = "".join(text + pair for text, pair in zip(cut[::3], [*moved, ""], strict=True))
                    end = ";" if at == len(parsed) - 1 else ","
                    out.write(f"\t('{code}{kode[2:]}','{name}',0,0,'{path}'){end}\n")
    return gazetteer, dumps


def step(name: str, command: list[str]) -> dict[str, Any]:
    """Runs a command of ours; seconds on the clock and of the processor, and the most memory it had."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    told = []
    for line in process.stdout:
        told.append(line)
        print(f"  {time.perf_counter() - begun:7.1f} s  {line}", end="", flush=True)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name} ended with {process.returncode}: {''.join(told[-5:])}")
    return {
        "seconds": round(time.perf_counter() - begun, 1),
        "cpu": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_MB": round(usage.ru_maxrss / 1024),
    }


LAND = (-9.75, 119.95)
"""Inland on Sumba, in the copy that was not moved."""
HANDS = """async (place) => {
    const map = [...document.querySelectorAll('iframe')][0].contentWindow.PETA._map
    map.setView(place.slice(0, 2), place[2], {animate: false})
    await new Promise(done => setTimeout(done, 1500))
}"""
LONG = """() => { const frame = document.querySelector('iframe').contentWindow
    frame.longest = 0
    const seen = list => list.getEntries().forEach(e => { frame.longest = Math.max(frame.longest, e.duration) })
    new frame.PerformanceObserver(seen).observe({entryTypes: ['longtask']}) }"""


def hands(page: Any) -> dict[str, Any]:
    """Zooms in on land step by step and drags the map about; the share of pictures in which the middle is blank."""
    page.evaluate(HANDS, [*LAND, 6])
    page.evaluate(LONG)
    box = page.frame_locator("iframe").first.locator("#map_div").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    middle = {"x": x - 20, "y": y - 20, "width": 40, "height": 40}
    page.mouse.move(x, y)
    blank = seen = 0
    for turn in range(8):
        if turn < 5:
            page.mouse.wheel(0, -60)
        else:
            page.mouse.down()
            page.mouse.move(x + 30 * (turn - 5), y + 20, steps=4)
            page.mouse.up()
        until = time.perf_counter() + 1.5
        while time.perf_counter() < until:
            seen += 1
            blank += len(colours(patch(page, middle))) == 1 and SEA in colours(patch(page, middle))
            time.sleep(0.03)
    return {
        "pictures": seen,
        "blank": blank,
        "longest_task_ms": page.evaluate("() => document.querySelector('iframe').contentWindow.longest"),
        "zoom": page.evaluate("() => document.querySelector('iframe').contentWindow.PETA._map.getZoom()"),
    }


SEA = (0xE4, 0xED, 0xF2)


def colours(picture: bytes) -> set[tuple[int, int, int]]:
    from PIL import Image

    pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).reshape(-1, 3)
    return {(int(r), int(g), int(b)) for r, g, b in np.unique(pixels, axis=0)}


def of_the_map(workspace: Path) -> dict[str, Any]:
    """First painted map, changes of colours, memory of browser and server, zoom and pan."""
    port = free_port()
    run = [sys.executable, str(ROOT / "cli.py"), "--workspace", str(workspace), "run", "--port", str(port)]
    begun = time.perf_counter()
    with server(run, port, "/readyz") as process, chromium() as browser:
        result: dict[str, Any] = {"ready_s": time.perf_counter() - begun}
        url = f"http://127.0.0.1:{port}/peta"
        result["first_s"] = statistics.median([first_paint(browser, url, PAINTED) for _ in range(3)])
        page = browser.new_context(viewport=SIZE).new_page()
        page.goto(url)
        page.wait_for_function(PAINTED, timeout=120_000)
        result |= repaints(page, "country", [1, 2, 0, 1, 2, 0], 2.0, 1_000)
        result |= hands(page)
        result["heap_after_MB"] = heap_mb(page)
        result["tab_MB"] = tab_cost(browser, url, process.pid)
        result["server_MB"], result["server_peak_MB"] = memory_mb(process.pid), memory_mb(process.pid, "VmHWM")
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in result.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--boundaries", type=Path, required=True)
    parser.add_argument("--keep", type=Path, required=True, help="folder of the files made and of the workspace")
    args = parser.parse_args()
    result: dict[str, Any] = {"load": round(os.getloadavg()[0], 1)}
    workspace = args.keep.resolve() / "ws"
    if not workspace.exists():
        gazetteer, dumps = make(args.keep.resolve(), args.boundaries.resolve())
        command = [sys.executable, str(ROOT / "cli.py"), "--workspace", str(workspace), "init"]
        result["init"] = step("init", [*command, "--gazetteer", str(gazetteer), "--boundaries", str(dumps)])
    result["map"] = of_the_map(workspace)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
