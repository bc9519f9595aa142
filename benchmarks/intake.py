"""How long imports take, against plain pandas; what hostile files cost the server; how long a restore takes.

    uv run --group dev python benchmarks/intake.py [--data real|mixed|contoh]

Tables: a table of one row a village, the same as a workbook, and one of 100,000 rows, each read, checked and stored in
a workspace of NTT, beside ``pandas.read_csv`` and ``merge`` on the code in the same process. Hostile files: each is
uploaded in Chromium to a real server; the time is from the upload to the refusal on the screen, the memory the highest
of the server and its children above what it was before, while another process asks ``/healthz`` twenty times a second.
Output: one JSON object; exit code 1 when a bound of the issue is broken.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from data.domain.actor import owner

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import pandas as pd
from browser import FLAGS, ROOT, free_port, server
from hostile import hostile_files

from benchmarks.office import PANDAS, cpu_seconds, data_options, made
from campaign.intake.importing import Upload, commit, examine
from campaign.intake.preview import preview
from data.intake.examined import ImportOptions
from data.workspace import Workspace
from words import t

LIMITS = {"dry_run": 5.0, "commit": 1.0, "hundred_thousand": 20.0, "hostile": 3.0, "memory": 150.0, "restore": 30.0}
"""Bounds of the issue: seconds and megabytes."""
QUARTERS = [f"Triwulan {roman} {year}" for year in range(2016, 2025) for roman in ("I", "II", "III", "IV")]


def tables(villages: pd.DataFrame) -> dict[str, tuple[str, bytes]]:
    """File name and content of each table."""
    one = pd.DataFrame(
        {
            "Kode Desa": villages["kode"],
            "Desa": villages["nama"],
            "Kecamatan": villages["kecamatan"],
            "Tahun": 2024,
            "Jumlah Penduduk Miskin": range(len(villages)),
        }
    )
    book = io.BytesIO()
    one.to_excel(book, index=False)
    many = pd.concat([one.drop(columns="Tahun").assign(Periode=quarter) for quarter in QUARTERS]).head(100_000)
    many["Jumlah Penduduk Miskin"] = [at % 700 for at in range(len(many))]
    return {
        "3,442 rows": ("satu.csv", one.to_csv(index=False, sep=";").encode()),
        "3,442 rows, workbook": ("satu.xlsx", book.getvalue()),
        "100,000 rows": ("banyak.csv", many.to_csv(index=False, sep=";").encode()),
    }


def naive(content: bytes, name: str, villages: pd.DataFrame) -> int:
    """What a script would do: read, join on the code, count what joined."""
    file = io.BytesIO(content)
    frame = pd.read_excel(file, engine="openpyxl") if name.endswith("xlsx") else pd.read_csv(file, sep=";")
    return len(villages.merge(frame, left_on="kode", right_on="Kode Desa", how="inner"))


class Taken(NamedTuple):
    """Medians: seconds on the clock, and of the processor (the steadier figure on a busy machine)."""

    seconds: float
    cpu: float

    def told(self) -> dict[str, float]:
        return {"seconds": round(self.seconds, 3), "cpu": round(self.cpu, 3)}


def timed(act: Callable[[], Any], runs: int) -> tuple[Taken, Any]:
    """How long an act takes, and what it gave."""
    clock, cpu, given = [], [], None
    for _ in range(runs):
        start, begun = time.perf_counter(), time.process_time()
        given = act()
        clock.append(time.perf_counter() - start)
        cpu.append(time.process_time() - begun)
    return Taken(statistics.median(clock), statistics.median(cpu)), given


def measure_tables(workspace: Workspace, runs: int) -> dict[str, dict[str, Any]]:
    store = workspace.store()
    villages = store.gazetteer.villages()
    out = {}
    for name, (file, content) in tables(villages).items():
        upload = Upload(file, content)
        look, found = timed(partial(examine, "kemiskinan", upload, store, workspace, ImportOptions(source="Uji")), runs)
        assert found.report.outcome == "ok", found.report
        told, _ = timed(partial(preview, found, store), 1)
        keep, batch = timed(partial(commit, owner("uji"), found, "kemiskinan", store, workspace), 1)
        store.batches.undo(batch, "uji")
        plain, joined = timed(partial(naive, upload.content, upload.name, villages), runs)
        assert joined == found.report.rows_ok
        out[name] = {
            "dry_run": look.told(),
            "preview": told.told(),
            "commit": keep.told(),
            "pandas": plain.told(),
            "ratio_cpu": round(look.cpu / plain.cpu, 1),
        }
    store.close()
    return out


def resident(pid: int) -> float:
    """Megabytes of a process and all below it; a child that is just being made still shows its parent's."""
    own = Path(f"/proc/{pid}/cmdline").read_bytes()
    children: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(entry.name) != pid and (entry / "cmdline").read_bytes() == own:
                    continue
                children.setdefault(int(fields[1]), []).append(int(entry.name))
                sizes[int(entry.name)] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
    total, todo = 0, [pid]
    while todo:
        one = todo.pop()
        total += sizes.get(one, 0)
        todo += children.get(one, [])
    return total / 1e6


class Watch:
    """The highest memory of the server since `start`."""

    def __init__(self, pid: int) -> None:
        self.pid, self.before, self.highest = pid, 0.0, 0.0
        threading.Thread(target=self._look, daemon=True).start()

    def start(self) -> None:
        self.before = self.highest = resident(self.pid)

    def _look(self) -> None:
        with contextlib.suppress(OSError):  # the server is gone
            while True:
                self.highest = max(self.highest, resident(self.pid))
                time.sleep(0.02)


def ask_health(address: str, answers: Any, stop: Any) -> None:
    """A process of its own: one that shares ours would measure our own waiting."""
    slowest, asked, failed = 0.0, 0, 0
    while not stop.is_set():
        start = time.perf_counter()
        try:
            failed += urllib.request.urlopen(f"{address}/healthz", timeout=30).status != 200
        except OSError:
            failed += 1
        slowest, asked = max(slowest, time.perf_counter() - start), asked + 1
        time.sleep(0.05)
    answers.put({"asked": asked, "failed": failed, "slowest_seconds": round(slowest, 3)})


@contextlib.contextmanager
def polling(address: str, into: dict[str, Any]) -> Iterator[None]:
    context = multiprocessing.get_context("spawn")
    answers, stop = context.Queue(), context.Event()
    process = context.Process(target=ask_health, args=(address, answers, stop), daemon=True)
    process.start()
    try:
        yield
    finally:
        stop.set()
        into.update(answers.get(timeout=60))
        process.join(10)


def measure_hostile(workspace: Workspace, folder: Path) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    port = free_port()
    health: dict[str, float] = {}
    out: dict[str, Any] = {}
    command = [sys.executable, str(ROOT / "app.py"), "--port", str(port), "--workspace", str(workspace.path)]
    address = f"http://127.0.0.1:{port}"
    with server(command, port, "/readyz") as process, sync_playwright() as driver:
        watch = Watch(process.pid)
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        with polling(address, health):
            for one in hostile_files():
                (folder / one.file).write_bytes(one.content)
                page = browser.new_page()
                page.goto(f"{address}/data-masuk")
                page.get_by_text(t("data.templat")).wait_for(timeout=60_000)
                page.locator(".st-key-jenis [role=combobox]").first.click()
                page.get_by_role("option", name=t(f"data.jenis.{one.kind}"), exact=True).click()
                page.wait_for_timeout(1500)
                watch.start()
                start = time.perf_counter()
                page.set_input_files("[data-testid=stFileUploaderDropzoneInput]", folder / one.file)
                told = page.locator("[data-testid=stAlertContentError], [data-testid=stAlertContentWarning]").first
                told.wait_for(timeout=120_000)
                seconds = time.perf_counter() - start
                page.wait_for_timeout(300)
                out[one.name] = {
                    "megabytes_sent": round(len(one.content) / 1e6, 1),
                    "seconds": round(seconds, 2),
                    "extra_megabytes": round(watch.highest - watch.before, 1),
                    "said": told.inner_text()[:90],
                }
                page.close()
        browser.close()
    return {"files": out, "healthz": health}


def measure_restore(workspace: Workspace, folder: Path) -> dict[str, float]:
    """Backup and restore on the command line, the start of the process included."""
    out = {}
    for name, place in (("backup", workspace.path), ("restore", folder / "pulih")):
        words = [sys.executable, str(ROOT / "cli.py"), name, str(folder / "cadangan.zip"), "--workspace", str(place)]
        start = time.perf_counter()
        subprocess.run(words, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
        out[name] = round(time.perf_counter() - start, 2)
    out["megabytes"] = round((folder / "cadangan.zip").stat().st_size / 1e6, 1)
    return out


def broken(result: dict[str, Any]) -> list[str]:
    """The bounds that do not hold."""
    times = result["tables"]
    seen = {
        "dry_run": times["3,442 rows"]["dry_run"]["seconds"],
        "commit": times["3,442 rows"]["commit"]["seconds"],
        "hundred_thousand": sum(times["100,000 rows"][part]["seconds"] for part in ("dry_run", "commit")),
        "hostile": max(one["seconds"] for one in result["hostile"]["files"].values()),
        "memory": max(one["extra_megabytes"] for one in result["hostile"]["files"].values()),
        "restore": result["restore"]["restore"],
    }
    faults = [f"{name} {value:.2f} > {LIMITS[name]}" for name, value in seen.items() if value > LIMITS[name]]
    return faults + (["healthz did not answer"] if result["hostile"]["healthz"]["failed"] else [])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    data_options(parser)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peta-aman-intake-") as temporary:
        folder = Path(temporary)
        workspace = made(args, folder / "kerja")
        result: dict[str, Any] = {"data": args.data, "load": os.getloadavg()[0]}
        result["pandas"] = round(cpu_seconds(PANDAS), 2)
        result |= {"tables": measure_tables(workspace, args.runs)}
        result["restore"] = measure_restore(workspace, folder)
        result["hostile"] = measure_hostile(workspace, folder)
    result["broken"] = broken(result)
    print(json.dumps(result, indent=1, ensure_ascii=False))
    return 1 if result["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
