"""The village's right of reply: what is held about its services and conditions, and room to correct it. No cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from campaign.documents.typeset import set_pages
from campaign.snapshot import Snapshot
from campaign.village import figures_held, island_name, services
from data.errors import WrongUse
from data.seats import distance_to_seat
from words import date_text, number, t

MOST = 400
"""Sheets of one file."""
FIGURES, SERVICES = 7, 5
_WORDS = ("judul", "pengantar", "bukan", "catatan", "kode", "benar", "salah", "tambahan", "tanpa_nama", "kirim",
          "sumber")  # fmt: skip
_WORD_LISTS = ("kolom", "layanan_ada", "tanda")


def clarification_sheets(snapshot: Snapshot, codes: Sequence[str], lang: str = "id") -> bytes:
    """A PDF with one page for each village, in the order of the codes.

    Raises `WrongUse`: ``AREA_UNKNOWN`` (a code that is no village's), ``TOO_MANY`` (more than `MOST`).
    """
    villages = snapshot.places["desa"]
    if strange := [kode for kode in codes if kode not in villages.index]:
        raise WrongUse("AREA_UNKNOWN", kode=", ".join(kode[:20] for kode in strange[:5]))
    if len(codes) > MOST:
        raise WrongUse("TOO_MANY", n=len(codes), most=MOST)
    return set_pages("clarification", {
        "lang": lang, "mark": t("dokumen.tanda", lang) if snapshot.data_contoh else "",
        "pages": [_page(snapshot, kode, lang) for kode in sorted(set(codes))],
        "footer": t("klarifikasi.kaki", lang, hari=dt.date.today(),
                    skor=(snapshot.version or {}).get("versi", "–")),
        "words": {name: t(f"klarifikasi.{name}", lang) for name in _WORDS}
        | {name: t(f"klarifikasi.{name}", lang).split("|") for name in _WORD_LISTS},
    })  # fmt: skip


def _page(snapshot: Snapshot, kode: str, lang: str) -> dict[str, Any]:
    place = snapshot.places["desa"].loc[kode]
    rows = [[t("klarifikasi.status", lang), t(f"kartu.jenis.{place['jenis']}", lang), ""]]
    if island := island_name(snapshot, kode, lang):
        rows.append([t("klarifikasi.pulau", lang), island, ""])
    around = snapshot.places["desa"][snapshot.places["desa"]["kode_kab"] == place["kode_kab"]]
    away = float(distance_to_seat(around.reset_index(drop=True)).to_numpy(float)[list(around.index).index(kode)])
    if pd.notna(away):
        rows.append([t("klarifikasi.jarak", lang), t("klarifikasi.km", lang, km=number(away, lang)), ""])
    # Only what is said of the village itself: nobody there can correct a figure of the kabupaten.
    own = [row for row in figures_held(snapshot, kode, lang).to_numpy().tolist() if row[2] == t("tingkat.desa", lang)]
    for figure in own[:FIGURES]:
        name, value, _, year, _, source = (str(cell) for cell in figure)
        rows.append([name, value, f"{source}, {year}"])
    for service in services(snapshot, kode, lang).to_numpy().tolist()[:SERVICES]:
        kind, name, km, source = (str(cell) for cell in service)
        if kind != t("titik.pusat", lang):
            rows.append([t("klarifikasi.layanan", lang, jenis=kind), f"{name} ({km})", source])
    held = snapshot.sessions[snapshot.sessions["kode"] == kode]["tanggal"]
    last = date_text(pd.Timestamp(held.max()).date(), lang) if len(held) else t("dokumen.belum_ada", lang)
    rows.append([t("klarifikasi.sesi", lang), last, ""])
    return {"nama": str(place["nama"]), "tempat": f"{place['kecamatan']}, {place['kabupaten']}", "kode": kode,
            "jenis": t(f"kartu.jenis.{place['jenis']}", lang), "baris": rows}  # fmt: skip
