"""The acts of the examples: each does with the real parts what a clerk does, and tells in sentences what came of it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import pandas as pd

from campaign.handover.lists import fingerprint, freeze
from campaign.planning.lottery import draw, place_in_draw
from campaign.planning.plan_types import Plan
from data.choose import judged
from data.disclosure import release_count, release_facts, release_total
from data.domain.actor import owner
from data.errors import PetaAmanError
from data.intake.cells.periods import year_period
from data.intake.examine import commit, examine_content
from data.intake.examined import Examined, ImportOptions
from data.store.part import ACTIVE
from data.store.store import Store
from data.workspace import Workspace
from tests.unit.data.province98 import make_gazetteer
from words import date_text, number, reason_text, t

SOURCE = Path(__file__).with_name("contoh.toml")
READER = "perencana"
DECIMALS = {"persen_miskin": 1}
UNSCORED: dict[str, Any] = {
    "skor": 50.0,
    "skor_bawah": 0.0,
    "skor_atas": 100.0,
    "p_top": 0.5,
    "prioritas": "III",
    "kualitas_data": "C",
}
"""A score that says nothing, for acts that need only that there is one."""


@dataclass(frozen=True)
class Example:
    """One example: what is typed (``tabel``, text cells, headers included), what is done, what is expected."""

    judul: str
    mengapa: str
    perbuatan: str
    tabel: list[list[str]]
    hasil: list[str]


def examples() -> list[Example]:
    """All examples in the order of the page."""
    return [Example(**one) for one in tomllib.loads(SOURCE.read_text(encoding="utf-8"))["contoh"]]


def outcome(example: Example) -> list[str]:
    """What the program makes of an example, in sentences."""
    for pattern, act in ACTS.items():
        if found := re.fullmatch(pattern, example.perbuatan):
            return act(example.tabel, *found.groups())
    raise ValueError(f"no act is called {example.perbuatan!r}")


# -- the acts --------------------------------------------------------------------------------------------------


def import_table(tabel: list[list[str]], kind: str) -> list[str]:
    with office() as store:
        found = examined(store, kind, tabel)
        report = found.report
        if report.outcome == "refused":
            return [f"Berkas ditolak. {reason_text(report.reason or '', report.params)}"]
        counts = f"{report.rows_ok} baik, {report.rows_error} salah, {report.rows_skipped} dilewati"
        lines = [f"Dibaca {report.rows_read} baris: {counts}."]
        lines += [f"Baris {one.row} salah: {reason_text(one.reason, one.params)}" for one in report.errors]
        lines += [
            f"Diusulkan untuk baris {one.row}: {place(one.kode)}, kemiripan {number(one.similarity, decimals=2)}."
            for one in report.proposals
        ]
        lines += [f"Baris {one.row} dilewati: {reason_text(one.reason, one.params)}." for one in report.skipped]
        lines += [f"Catatan: {reason_text(one.reason, one.params)}" for one in report.warnings]
        if report.errors:
            return [*lines, "Belum ada yang disimpan."]
        commit(found, store, "petugas")
        return lines + [f"Tersimpan: {fact}." for fact in shown_facts(store.facts.read())]


def choose_source(tabel: list[list[str]], kind: str) -> list[str]:
    with office() as store:
        store_each(store, kind, tabel)
        marked = judged(store.facts.read())
        return [
            f"{source}: {fact}. {'Dipakai' if used else 'Tidak dipakai'}: {t('pilih.' + why)}."
            for fact, source, used, why in zip(
                shown_facts(marked), marked["source"], marked["dipakai"], marked["alasan_pilih"], strict=True
            )
        ]


def undo_the_first(tabel: list[list[str]]) -> list[str]:
    with office() as store:
        first, *_ = store_each(store, "kemiskinan", tabel)
        store.batches.undo(first, "petugas")
        kept = [f"Masih tersimpan: {fact}." for fact in shown_facts(store.facts.read())]
        batches = store.batches.all()
        undone = (batches["status"] != ACTIVE).sum()
        return [*kept, f"Tercatat: {len(batches)} penyimpanan, {undone} di antaranya dibatalkan."]


def show(tabel: list[list[str]]) -> list[str]:
    lines = []
    for level, count in tabel[1:]:
        shown = release_count(float(count), level=level, role=READER)
        lines.append(f"{level}, {count} kasus: {'tidak ditampilkan' if shown is None else f'tampil {shown}'}.")
    return lines


def add_up(tabel: list[list[str]]) -> list[str]:
    cells = [release_count(float(count), level="kecamatan", role=READER) for _, count in tabel[1:]]
    total = release_total(cells)
    lines = [f"{name}: tampil {cell}." for (name, _), cell in zip(tabel[1:], cells, strict=True)]
    return [
        *lines,
        f"Jumlah: sedikitnya {total.at_least}, dan {total.hidden} kecamatan yang tidak terhitung di dalamnya.",
    ]


def draw_lots(tabel: list[list[str]], places: str, seed: str) -> list[str]:
    codes = pd.Series([row[0] for row in tabel[1:]]).to_numpy()
    lucky = draw(seed, codes, int(places))
    in_order = sorted(codes, key=lambda kode: place_in_draw(seed, kode))
    return [
        f"{kode}: karcis {place_in_draw(seed, kode)[:16]}…, {'terpilih' if kode in lucky else 'tidak terpilih'}."
        for kode in in_order
    ]


def freeze_twice(tabel: list[list[str]]) -> list[str]:
    now = dt.datetime(2026, 11, 21, 9, 0)
    with office() as store:
        scores = make_gazetteer()[["kode"]].assign(level="desa", **UNSCORED)
        version = store.scores.save({"input_version": store.input_version(), "n_top": 2}, scores)
        body: dict[str, Any] = {
            "name": "Sosialisasi 2027",
            "score_version": version,
            "made": now.date().isoformat(),
            "seed": "sosialisasi-2027",
            "villages": [{"kode": kode, "how": "tegas"} for (kode,) in tabel[1:]],
            "wishes": {},
            "tie_zone": [],
            "excluded": [],
        }
        plan = cast(Plan, {"version": f"R20261121-{fingerprint(body)[:8]}", **body})
        store.results.save("rencana", plan["version"], plan, "petugas")
        lines = []
        for time in ("Pertama kali", "Kedua kali"):
            try:
                known = freeze(owner("Kepala Dinas"), store, plan, now=now)
                lines.append(f"{time}: dibekukan, {len(tabel) - 1} desa, berlaku sampai {date_text(known.until)}.")
            except PetaAmanError as fault:
                lines.append(f"{time}: ditolak. {t('galat.' + fault.reason, **fault.params)}")
        return lines


ACTS: dict[str, Callable[..., list[str]]] = {
    r"impor (\w+)": import_table,
    r"pilih sumber (\w+)": choose_source,
    r"simpan berturut-turut, batalkan yang pertama": undo_the_first,
    r"tampilkan kepada perencana": show,
    r"jumlahkan yang tampil": add_up,
    r"undi (\d+) tempat dengan benih (\S+)": draw_lots,
    r"bekukan dua kali": freeze_twice,
}


# -- what they share -------------------------------------------------------------------------------------------


@contextmanager
def office() -> Iterator[Store]:
    """The store of an office in province 98 that holds nothing yet."""
    with tempfile.TemporaryDirectory() as folder:
        store = Workspace(Path(folder) / "kerja").create().store()
        try:
            store.gazetteer.replace(make_gazetteer())
            yield store
        finally:
            store.close()


def examined(store: Store, kind: str, tabel: list[list[str]], **options: Any) -> Examined:
    """A table examined as the CSV file that a spreadsheet makes of it."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(tabel)
    return examine_content(kind, text.getvalue().encode(), "rekap.csv", store, ImportOptions(**options))


def store_each(store: Store, kind: str, tabel: list[list[str]]) -> list[str]:
    """Stores every row as a file of its own; its first cells are the source and the day it speaks of."""
    header, *rows = tabel
    batches = []
    for source, as_of, *cells in rows:
        found = examined(store, kind, [header[2:], cells], source=source, as_of=as_of)
        batches.append(commit(found, store, "petugas"))
    return batches


def shown_facts(facts: pd.DataFrame) -> list[str]:
    """Facts as a planner may see them."""
    lines = []
    for row, stored in zip(release_facts(facts, role=READER).to_dict("records"), facts["value"], strict=True):
        value = row["value"]
        if value is None:
            told = "tidak ada data" if pd.isna(stored) else "tidak ditampilkan"
        else:
            told = value if isinstance(value, str) else number(value, decimals=DECIMALS.get(row["indikator"], 0))
        start, end = row["period_start"].date(), row["period_end"].date()
        period = f"{date_text(start)} sampai {date_text(end)}"
        if (start, end) == year_period(start.year)[:2]:
            period = f"tahun {start.year}"
        lines.append(f"{place(row['kode'])}, {period}: {t('bidang.' + row['indikator'])} {told}")
    return lines


@cache
def _names() -> dict[str, str]:
    villages = make_gazetteer()
    return {
        **dict(zip(villages["kode_kab"], villages["kabupaten"], strict=True)),
        **dict(zip(villages["kode_kec"], "Kecamatan " + villages["kecamatan"], strict=True)),
        **dict(zip(villages["kode"], villages["jenis"] + " " + villages["nama"], strict=True)),
    }


def place(kode: str) -> str:
    return f"{_names()[kode]} ({kode})"
