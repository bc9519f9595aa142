"""The governor's page: where, since when, how sure, what is missing."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from campaign.maps.classes import NEED, NO_DATA
from campaign.maps.image import summary_map
from campaign.reading.snapshot import Snapshot
from campaign.reading.summary import by_kabupaten, missing, sureness, top_kecamatan, trend
from campaign.statements.headlines import score_headline
from campaign.statements.shares import share_text
from data.workspace import Workspace
from pages import gate, reading
from pages.parts.common import plain
from pages.parts.ringkasan.proyektor import projected
from risk.scoring.bands import RANKED, Band
from words import date_text, number, t

visit = gate.require()
lang = visit.lang


def page() -> None:
    snapshot = reading.snapshot()
    if snapshot.data_contoh:
        st.warning(f"**{t('app.contoh', lang)}.** {t('app.contoh_arti', lang)}", icon=":material/science:")
    if snapshot.version is not None and not snapshot.current:
        st.info(t("app.usang", lang), icon=":material/update:")
    if snapshot.version is not None and st.toggle(
        t("proyektor.tombol", lang), key="proyektor", bind="query-params", help=t("proyektor.arti", lang)
    ):
        projected(snapshot, visit.actor, lang)
        return
    if snapshot.version is None:
        st.info(t("ringkasan.tanpa_skor", lang))
    else:
        heart(snapshot)
        where(snapshot)
    since_when(snapshot)
    left, right = st.columns(2, gap="medium")
    with left:
        how_sure(snapshot)
    with right:
        what_is_missing(snapshot)


def heart(snapshot: Snapshot) -> None:
    """One sentence, then four figures."""
    table = by_kabupaten(snapshot)
    st.markdown(f"#### {score_headline(table, lang, plain)}")
    totals = table[[*Band]].sum()
    for column, band in zip(st.columns(len(Band)), Band, strict=True):
        column.metric(
            t(f"prioritas.{band}", lang),
            number(int(totals[band]), lang),
            help=t(f"ringkasan.arti.{band}", lang),
            border=True,
        )


def where(snapshot: Snapshot) -> None:
    left, right = st.columns([0.58, 0.42], gap="medium")
    with left:
        st.subheader(t("ringkasan.kabupaten", lang), anchor=False)
        st.altair_chart(
            _bands_chart(by_kabupaten(snapshot)), key="bagan_kabupaten", alt=t("ringkasan.kabupaten_alt", lang)
        )
        if picture := summary_map(snapshot, str(Workspace.locate().path)):
            st.subheader(t("ringkasan.peta", lang), anchor=False)
            with st.container(key="peta_ringkasan"):
                st.image(picture, width="stretch", alt=t("ringkasan.peta_alt", lang))
            st.caption(t("desa.posisi_warna", lang))
    with right:
        st.subheader(t("ringkasan.kecamatan", lang), anchor=False)
        table = top_kecamatan(snapshot)
        shown = pd.DataFrame(
            {
                t("tingkat.kecamatan", lang): table["nama"],
                t("tingkat.kabupaten", lang): table["kabupaten"],
                t("kolom.skor", lang): table["skor"].round(),
                t("ringkasan.selang", lang): [
                    f"{number(a, lang)} – {number(b, lang)}"
                    for a, b in zip(table["skor_bawah"], table["skor_atas"], strict=True)
                ],
                t("ringkasan.utama", lang): table["utama"],
            }
        )
        st.dataframe(shown, key="tabel_kecamatan", hide_index=True, height="auto", alt=t("ringkasan.kecamatan", lang))
        st.page_link("peta.py", label=t("ringkasan.buka_peta", lang), icon=":material/map:")
    st.caption(t("ringkasan.bukan_bahaya", lang))


def _bands_chart(table: pd.DataFrame) -> alt.Chart:
    """Stacked bars: villages per kabupaten in bands I, II and III; the darkest is the greatest need."""
    bands = [band.value for band in RANKED]
    table = table.assign(nama=table["nama"].str.removeprefix("Kabupaten "))
    tall = table.melt(id_vars="nama", value_vars=bands, var_name="kelas", value_name="banyak")
    tall["urut"] = tall["kelas"].map(bands.index)
    return (
        alt.Chart(tall)
        .mark_bar(stroke=NO_DATA, strokeWidth=0.5)
        .encode(
            y=alt.Y(
                "nama:N",
                sort=list(table["nama"]),
                title=None,
                axis=alt.Axis(labelLimit=190, labelOverlap=False, labelFlush=False),
            ),
            x=alt.X("banyak:Q", title=t("ringkasan.banyak_desa", lang)),
            color=alt.Color(
                "kelas:N",
                title=t("kolom.prioritas", lang),
                scale=alt.Scale(domain=bands, range=list(NEED[:3])),
                legend=alt.Legend(orient="top", titleOrient="left"),
            ),
            order="urut:Q",
            tooltip=[
                alt.Tooltip("nama:N", title=t("tingkat.kabupaten", lang)),
                alt.Tooltip("kelas:N", title=t("kolom.prioritas", lang)),
                alt.Tooltip("banyak:Q", title=t("ringkasan.banyak_desa", lang)),
            ],
        )
        .properties(height=max(200, 21 * len(table)))
    )


def since_when(snapshot: Snapshot) -> None:
    """Published provincial figures; a recap that stops within a year is drawn hollow and said so."""
    figures = trend(snapshot)
    st.subheader(t("ringkasan.tren", lang), anchor=False)
    if figures.empty:
        st.write(t("ringkasan.tren_kosong", lang))
        return
    figures["nama"] = [t(f"indikator.{key}", lang) for key in figures["indikator"]]
    figures["catatan"] = [
        t("ringkasan.setahun" if full else "ringkasan.sampai", lang, tanggal=date_text(day, lang))
        for full, day in zip(figures["penuh"], figures["sampai"], strict=True)
    ]
    figures["tertulis"] = [number(value, lang) for value in figures["nilai"]]
    names = list(dict.fromkeys(figures["nama"]))
    for place, name in zip(st.columns(len(names), gap="medium"), names, strict=True):
        place.markdown(f"**{name}**")
        place.altair_chart(_trend_chart(figures[figures["nama"] == name]), alt=name)
    st.caption(t("ringkasan.tren_catatan", lang))
    with st.expander(t("ringkasan.sumber_angka", lang)):
        st.table(
            figures[["nama", "tahun", "nilai", "catatan", "sumber"]]
            .rename(
                columns={
                    "nama": t("ringkasan.angka", lang),
                    "tahun": t("ringkasan.tahun", lang),
                    "nilai": t("ringkasan.nilai", lang),
                    "catatan": t("ringkasan.periode", lang),
                    "sumber": t("ringkasan.sumber", lang),
                }
            )
            .astype({t("ringkasan.nilai", lang): int})
            .map(plain),
            hide_index=True,
        )


def _trend_chart(figures: pd.DataFrame) -> alt.LayerChart:
    base = alt.Chart(figures).encode(
        x=alt.X("tahun:O", title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("nilai:Q", title=None, axis=None, scale=alt.Scale(zero=True, nice=True, padding=18)),
        tooltip=[
            alt.Tooltip("tahun:O", title=t("ringkasan.tahun", lang)),
            alt.Tooltip("tertulis:N", title=t("ringkasan.nilai", lang)),
            alt.Tooltip("catatan:N", title=t("ringkasan.periode", lang)),
            alt.Tooltip("sumber:N", title=t("ringkasan.sumber", lang)),
        ],
    )
    line = base.mark_line(color=NO_DATA)
    points = base.mark_point(size=80, color=NEED[1], opacity=1).encode(
        fill=alt.condition("datum.penuh", alt.value(NEED[1]), alt.value("white"))
    )
    figure = base.mark_text(dy=-13, fontSize=12, color=NO_DATA).encode(text="tertulis:N")
    return (line + points + figure).properties(height=190)


def how_sure(snapshot: Snapshot) -> None:
    st.subheader(t("ringkasan.yakin", lang), anchor=False)
    sure = sureness(snapshot)
    if sure is None:
        st.write(t("ringkasan.tanpa_skor", lang))
        return
    st.markdown(
        "\n".join(
            f"- {line}"
            for line in (
                t("yakin.tegas", lang, n=sure.certain, atas=sure.n_top),
                t("yakin.seri", lang, n=sure.tied),
                t("yakin.tertukar", lang, bagian=share_text(sure.swapped, lang), atas=sure.n_top),
                t("yakin.lebar", lang, lebar=number(sure.width, lang)),
            )
        )
    )
    st.page_link("tentang.py", label=t("ringkasan.buka_tentang", lang), icon=":material/info:")


def what_is_missing(snapshot: Snapshot) -> None:
    st.subheader(t("ringkasan.kurang", lang), anchor=False)
    gaps = missing(snapshot)
    if not gaps:
        st.write(t("ringkasan.lengkap", lang))
    st.markdown("\n".join(f"- {t(key, lang, **values)}" for key, values in gaps))
    st.page_link("data_masuk.py", label=t("ringkasan.buka_data", lang), icon=":material/upload_file:")


page()
