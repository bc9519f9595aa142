"""Part of the plan page: several plans side by side, as figures and on two maps."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from campaign.planning.plan_types import Plan
from campaign.planning.tables import compared, figures
from campaign.reading.snapshot import Snapshot
from geo.drawing.webmap import base_map, payload
from pages.gate import Visit
from pages.parts.common import plain
from words import number, t

MOST = 4
CLASSES = ("bersama", "hanya", "di_luar")
PALETTE = ("#2d1e6b", "#948fd0", "#edeef2")
# villages in both plans, in this one alone, in neither
HEIGHT = 420


def side_by_side(
    plan: Plan, plans: dict[str, Plan], snapshot: Snapshot, title: Callable[[Plan], str], visit: Visit
) -> None:
    lang = visit.lang
    rest = [one for one in plans if one != plan["version"]]
    if not rest:
        st.caption(t("rencana.hanya_satu", lang))
        one_map(plan, plan, snapshot, "peta_rencana", lang)
        return
    others = st.multiselect(
        t("rencana.banding_dengan", lang),
        rest,
        default=rest[:1],
        max_selections=MOST - 1,
        key=f"rencana_banding_{plan['version']}",
        format_func=lambda one: title(plans[one]),
        placeholder=t("rencana.banding_pilih", lang),
    )
    together = [plan, *(plans[one] for one in others)]
    st.table(figures_table(together, snapshot, title, lang), border="horizontal")
    if not others:
        return
    other = plans[others[0]]
    st.caption(t("rencana.peta_arti", lang))
    for column, mine, theirs, name in zip(
        st.columns(2, gap="small"), (plan, other), (other, plan), ("peta_rencana", "peta_rencana_lain"), strict=True
    ):
        with column:
            st.markdown(f"**{plain(title(mine))}**")
            one_map(mine, theirs, snapshot, name, lang)
    found = compared(plan, other, snapshot, lang)
    st.write(t("rencana.sama", lang, n=found["sama"]))
    for name in ("baru", "hilang"):
        with st.expander(t(f"rencana.{name}", lang, n=len(found[name]))):
            st.markdown("\n".join(f"- {plain(one)}" for one in found[name]) or "–")


def figures_table(together: list[Plan], snapshot: Snapshot, title: Callable[[Plan], str], lang: str) -> pd.DataFrame:
    """A column per plan, a row per figure."""
    columns: dict[str, dict[str, str]] = {}
    for one in together:
        told = figures(one, snapshot, lang)
        shown = {t(f"rencana.angka.{name}", lang): told[name] for name in ("desa", "orang", "hari", "kabupaten")}
        shown[t("rencana.angka.rupiah", lang)] = f"Rp {told['rupiah']}"
        for how in ("tegas", "jangkauan", "undian", "pemerataan", "eksplorasi", "wajib"):
            shown[t(f"rencana.cara.{how}", lang)] = number(sum(row["how"] == how for row in one["villages"]), lang)
        shown[t("rencana.angka.keluar", lang)] = number(len(one["excluded"]), lang)
        columns[plain(title(one))] = shown
    return pd.DataFrame(columns)


def one_map(plan: Plan, other: Plan, snapshot: Snapshot, name: str, lang: str) -> None:
    """The villages of a plan, those of the other one too in the darker colour."""
    if snapshot.layers is None:
        return
    mine, theirs = ({row["kode"] for row in one["villages"]} for one in (plan, other))
    classes = "".join(
        "2" if kode not in mine else "0" if kode in theirs else "1" for kode in snapshot.layers["units"]["desa"]
    )
    words = {
        "bahasa": lang,
        "batas": snapshot.boundary_kind,
        "legenda": t("rencana.peta_legenda", lang),
        "kelas": [t(f"rencana.peta.{one}", lang) for one in CLASSES],
        "contoh": t("app.contoh", lang) if plan["data_contoh"] else "",
    }
    with st.container(key=name):
        st_folium(
            base_map(snapshot.layers["version"], snapshot.layers["bbox"], snapshot.layers["masukan"][:8]),
            key=f"{name}_leaflet",
            height=HEIGHT,
            use_container_width=True,
            returned_objects=[],
            feature_group_to_add=payload(
                level="desa",
                classes=classes,
                palette=list(PALETTE),
                counts=[classes.count(char) for char in "012"],
                words=words,
            ),
        )
