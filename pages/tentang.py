"""About: method, limits, sources, model card, versions, licences."""

from __future__ import annotations

import csv
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from campaign.reading.snapshot import Snapshot
from campaign.reading.summary import evaluation
from pages import gate, reading
from pages.parts.common import plain
from words import date_text, has, number, percent, t

visit = gate.require()
lang = visit.lang
VENDORED = Path(__file__).resolve().parent.parent / "static" / "vendor" / "vendored.csv"
LIBRARIES = (
    "streamlit",
    "geopandas",
    "shapely",
    "folium",
    "streamlit-folium",
    "scikit-learn",
    "pyproj",
    "pandas",
    "numpy",
    "SQLAlchemy",
)


def page() -> None:
    snapshot = reading.snapshot()
    st.markdown(t("tentang.pembuka", lang))
    purpose, method = st.columns(2, gap="medium")
    with purpose:
        chapter("tentang.untuk")
        chapter("tentang.bukan")
    with method:
        chapter("tentang.metode")
        chapter("tentang.kelas")
    model_card(snapshot)
    sources(snapshot)
    versions(snapshot)


def chapter(name: str) -> None:
    """A heading and its points: ``<name>.judul``, ``<name>.1``, ``<name>.2`` …"""
    st.subheader(t(f"{name}.judul", lang), anchor=False)
    points: list[str] = []
    while has(f"{name}.{len(points) + 1}"):
        points.append("- " + t(f"{name}.{len(points) + 1}", lang))
    st.markdown("\n".join(points))


def model_card(snapshot: Snapshot) -> None:
    st.subheader(t("tentang.kartu_model", lang), anchor=False)
    made = snapshot.version
    if made is None:
        st.write(t("ringkasan.tanpa_skor", lang))
        return
    rows: list[tuple[str, Any]] = [
        (t("metadata.versi_skor", lang), made.versi),
        (t("metadata.dibuat_skor", lang), date_text(pd.Timestamp(made.created_at).date(), lang)),
        (t("metadata.versi_masukan", lang), made.input_version[:12]),
        (t("metadata.status_data", lang), t("app.contoh_arti" if made.data_contoh else "daftar.bukan_contoh", lang)),
    ]
    st.table(
        pd.DataFrame({"a": [plain(a) for a, _ in rows], "b": [plain(b) for _, b in rows]}),
        hide_index=True,
        hide_header=True,
    )
    how_good(snapshot)
    chapter("tentang.batas_model")


def how_good(snapshot: Snapshot) -> None:
    """The score beside the simple rankings it must beat."""
    table = evaluation(snapshot)
    stored = snapshot.evaluation
    if table.empty:
        if snapshot.version and not snapshot.tested:
            st.write(t("langkah.belum_diuji", lang))
        return
    st.markdown(t(f"evaluasi.judul.{stored['mode']}", lang))
    named = [t(f"evaluasi.{key}", lang) if has(f"evaluasi.{key}") else plain(key) for key in table.index]
    shown = pd.DataFrame({t("evaluasi.peringkat", lang): named})
    for n in table.columns:
        shares = [percent(share, lang) if pd.notna(share) else "<10" for share in table[n]]
        shown[t("evaluasi.daftar", lang, n=int(n))] = shares
    st.table(shown, hide_index=True)
    sure = stored.get("calibration")
    if sure:
        st.caption(
            t(
                "evaluasi.kalibrasi",
                lang,
                semua=percent(sure["coverage_90"], lang),
                atas=percent(sure["coverage_90_top"], lang),
                aku=number(sure["claimed_top"], lang),
                nyata=number(sure["real_top"], lang),
            )
        )


def sources(snapshot: Snapshot) -> None:
    st.subheader(t("tentang.sumber", lang), anchor=False)
    table = snapshot.batches[snapshot.batches["status"] == "aktif"]
    boundary = snapshot.boundary
    st.write(
        t(
            "tentang.sumber_batas",
            lang,
            jenis=t(f"batas.{snapshot.boundary_kind}", lang),
            sumber=plain((boundary and boundary.source) or "-"),
        )
    )
    st.dataframe(
        pd.DataFrame(
            {
                t("data.kolom.jenis", lang): [t(f"data.jenis.{jenis}", lang) for jenis in table["jenis"]],
                t("data.kolom.contoh", lang): table["data_contoh"].astype(bool),
                t("data.kolom.sumber", lang): table["source"],
                t("data.kolom.per", lang): pd.to_datetime(table["as_of"]).dt.date,
                t("data.kolom.baris", lang): table["rows_ok"],
            }
        ),
        key="tabel_sumber",
        hide_index=True,
        height=280,
        alt=t("tentang.sumber", lang),
        placeholder="–",
    )


def versions(snapshot: Snapshot) -> None:
    st.subheader(t("tentang.versi", lang), anchor=False)
    with st.expander(t("tentang.versi_buka", lang)):
        ours = _version("peta-aman")
        layers = snapshot.layers["version"] if snapshot.layers else "-"
        st.write(t("tentang.versi_ini", lang, versi=ours, lapisan=layers))
        st.table(
            pd.DataFrame(
                {
                    t("tentang.pustaka", lang): LIBRARIES,
                    t("tentang.nomor", lang): [_version(name) for name in LIBRARIES],
                }
            ),
            hide_index=True,
        )
        with VENDORED.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        st.write(t("tentang.vendor", lang))
        st.table(
            pd.DataFrame(
                [
                    {
                        t("tentang.pustaka", lang): row["name"],
                        t("tentang.nomor", lang): row["version"],
                        t("tentang.lisensi", lang): row["licence"],
                    }
                    for row in rows
                ]
            ),
            hide_index=True,
        )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


page()
