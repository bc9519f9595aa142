"""The village's right of reply: what is held about its services and conditions, and room to correct it. No cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from campaign.documents.writers.typeset import set_pages
from campaign.reading.snapshot import Snapshot
from campaign.sessions.replies import held
from campaign.sessions.sheet_code import sheet_code
from data.errors import WrongUse
from words import t

MOST = 400
"""Sheets of one file."""
_WORDS = (
    "judul",
    "pengantar",
    "bukan",
    "catatan",
    "kode",
    "benar",
    "salah",
    "tambahan",
    "tanpa_nama",
    "kirim",
    "sumber",
    "kode_lembar",
)
_WORD_LISTS = ("kolom", "layanan_ada", "tanda")


def clarification_sheets(snapshot: Snapshot, codes: Sequence[str], lang: str = "id", *, versi: str = "") -> bytes:
    """A PDF with one page for each village, in the order of the codes; ``versi``: the list they are printed for.

    Each carries a code (`campaign.sessions.sheet_code`) by which what comes back is entered.

    Raises `WrongUse`: ``AREA_UNKNOWN`` (a code that is no village's), ``TOO_MANY`` (more than `MOST`).
    """
    villages = snapshot.places["desa"]
    if strange := [kode for kode in codes if kode not in villages.index]:
        raise WrongUse("AREA_UNKNOWN", kode=", ".join(kode[:20] for kode in strange[:5]))
    if len(codes) > MOST:
        raise WrongUse("TOO_MANY", n=len(codes), most=MOST)
    return set_pages(
        "clarification",
        {
            "lang": lang,
            "mark": t("dokumen.tanda", lang) if snapshot.data_contoh else "",
            "pages": [_page(snapshot, kode, versi, lang) for kode in sorted(set(codes))],
            "footer": t("klarifikasi.kaki", lang, hari=dt.date.today(), skor=snapshot.versi or "–"),
            "words": {name: t(f"klarifikasi.{name}", lang) for name in _WORDS}
            | {name: t(f"klarifikasi.{name}", lang).split("|") for name in _WORD_LISTS},
        },
    )


def _page(snapshot: Snapshot, kode: str, versi: str, lang: str) -> dict[str, Any]:
    place = snapshot.places["desa"].loc[kode]
    return {
        "nama": str(place["nama"]),
        "tempat": f"{place['kecamatan']}, {place['kabupaten']}",
        "kode": kode,
        "jenis": t(f"kartu.jenis.{place['jenis']}", lang),
        "lembar": sheet_code(kode, versi),
        "baris": [[line.label, line.value, line.source] for line in held(snapshot, kode, lang)],
    }
