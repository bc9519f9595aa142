"""Figures of NTT that are public already, typed in with source and date: what an installation knows on its first day.

``published/`` holds one small table a subject. Sources that disagree are all kept; `data.choose` picks one with a
reason. Recaps of deaths and returns are cumulative from 1 January, so they carry the flag and are never summed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from data.batches import BatchMeta

PROVINCE = "53"
_FOLDER = Path(__file__).parent / "published"
_USER = "peta-aman"


def published_batches(province: str = PROVINCE) -> Iterator[tuple[BatchMeta, pd.DataFrame]]:
    """One batch of real, public facts per table and kind; none for a province other than NTT.

    Rows as `data.batches.fact_frame` takes them, each with its own ``source`` and ``as_of``; all ``published``.
    """
    if province != PROVINCE:
        return
    for file_name, level, rows in (
        ("indikator_kabupaten.csv", "kabupaten", _yearly()),
        ("pmi_kabupaten.csv", "kabupaten", _by_period("pmi_kabupaten.csv")),
        ("deret_provinsi.csv", "provinsi", _by_period("deret_provinsi.csv")),
    ):
        for jenis, part in rows.groupby("jenis", sort=True):
            facts = part.assign(level=level).reset_index(drop=True)
            meta = BatchMeta(
                jenis=str(jenis),
                source="; ".join(sorted(set(facts["source"])))[:2000],
                file_name=file_name,
                as_of=facts["as_of"].max().date(),
                user=_USER,
                rows_read=len(facts),
                rows_ok=len(facts),
                published=True,
            )
            yield meta, facts


def kab_crosswalk() -> pd.DataFrame:
    """The 22 kabupaten of NTT in three code systems: ``kode`` (Kemendagri, dotted), ``kode_bps``, ``kode_hdx``,
    ``nama``, ``nama_bps``, ``nama_lain`` (``;``-separated), ``sumber``. 16 of the 22 have other digits at BPS.
    """
    return _read("padanan_kabupaten.csv")


def province_series() -> pd.DataFrame:
    """The province's published series 2017–2026, every source, as facts: ``jenis, indikator, kode, period_start,
    period_end, value, unit, cumulative, as_of, source, note`` and ``level`` ``provinsi``.
    """
    return _by_period("deret_provinsi.csv").assign(level="provinsi")


def _yearly() -> pd.DataFrame:
    table = _read("indikator_kabupaten.csv")
    return _renamed(table).assign(
        period_start=pd.to_datetime(table["tahun"] + "-01-01"),
        period_end=pd.to_datetime(table["tahun"] + "-12-31"),
        cumulative=False,
        row=range(2, len(table) + 2),
    )


def _by_period(file_name: str) -> pd.DataFrame:
    table = _read(file_name)
    facts = _renamed(table).assign(
        period_start=pd.to_datetime(table["periode_awal"]),
        period_end=pd.to_datetime(table["periode_akhir"]),
        cumulative=table["kumulatif"] == "ya",
        row=range(2, len(table) + 2),
    )
    if "kelengkapan" in table:
        total = "total terbit " + table["total_terbit"]
        facts["completeness"] = table["kelengkapan"]
        facts["note"] = total + ("; " + facts["note"]).where(facts["note"] != "", "")
    return facts


def _renamed(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "jenis": table["jenis"],
            "indikator": table["indikator"],
            "kode": table["kode"],
            "value": table["nilai"].astype(float),
            "unit": table["satuan"],
            "as_of": pd.to_datetime(table["per_tanggal"]),
            "source": table["sumber"],
            "note": table["catatan"],
        }
    )


def _read(file_name: str) -> pd.DataFrame:
    return pd.read_csv(_FOLDER / file_name, dtype=str, keep_default_na=False)
