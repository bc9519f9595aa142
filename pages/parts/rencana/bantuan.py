"""Part of the plan page: help that goes along with the sessions, proposed by open rules and changed by people."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from campaign.planning.help import help_of, kinds
from campaign.planning.kept_plans import help_changes, keep_help
from campaign.planning.plan_types import Plan
from campaign.reading.snapshot import Snapshot
from data.domain.roles import Act
from pages import gate, reading
from pages.gate import Visit
from pages.parts.common import plain
from words import number, t


def helping(plan: Plan, snapshot: Snapshot, visit: Visit) -> None:
    lang, store = visit.lang, reading.store()
    st.caption(t("bantuan.arti" if "bantuan" in plan else "bantuan.lama", lang))
    chosen = help_of(plan, help_changes(store, plan))
    counted = Counter(kind for of_village in chosen.values() for kind in of_village)
    lines = [
        t("bantuan.banyak", lang, n=number(counted[kind], lang), apa=t(f"bantuan.lengkap.{kind}", lang))
        for kind in kinds()
    ]
    st.markdown("\n".join(f"- {line}" for line in lines))
    codes = [kode for kode in chosen if kode in snapshot.places["desa"].index]
    places = snapshot.places["desa"].loc[codes]
    table = pd.DataFrame(
        {
            "desa": places["nama"].to_numpy(),
            "kecamatan": places["kecamatan"].to_numpy(),
            **{kind: [kind in chosen[kode] for kode in codes] for kind in kinds()},
        }
    )
    column = st.column_config
    edited = st.data_editor(
        table,
        hide_index=True,
        height=330,
        disabled=["desa", "kecamatan"] if visit.may(Act.ARRANGE_HELP) else True,
        key=f"bantuan_{plan['version']}",
        column_config={
            "desa": column.TextColumn(t("rencana.kolom.nama", lang), pinned=True),
            "kecamatan": column.TextColumn(t("rencana.kolom.kecamatan", lang)),
            **{
                kind: column.CheckboxColumn(t(f"bantuan.{kind}", lang), help=t(f"bantuan.lengkap.{kind}", lang))
                for kind in kinds()
            },
        },
        alt=t("rencana.tab.bantuan", lang),
    )
    if gate.offered(Act.ARRANGE_HELP, visit.actor, lang) and st.button(
        t("bantuan.simpan", lang), key="simpan_bantuan", icon=":material/save:"
    ):
        now = {
            kode: [kind for kind in kinds() if row[kind]]
            for kode, row in zip(codes, edited.to_dict("records"), strict=True)
        }
        proposed = help_of(plan)
        changed = {kode: of_village for kode, of_village in now.items() if of_village != proposed[kode]}
        keep_help(visit.actor, store, plan, changed)
        st.success(t("bantuan.tersimpan", lang))
    with st.expander(t("bantuan.aturan_judul", lang)):
        st.markdown("\n".join(f"- {plain(line)}" for kind in kinds() for line in rule(plan, kind, lang)))


def rule(plan: Plan, key: str, lang: str) -> list[str]:
    """What a kind of help is, for whom, and where it is proposed and why; or that no data say where."""
    kind, ground = kinds()[key], plan.get("bantuan", {}).get("dasar", {}).get(key)
    about = {
        "apa": t(f"bantuan.lengkap.{key}", lang),
        "oleh": kind.host,
        "siapa": ", ".join(t(f"khalayak.{one}", lang) for one in kind.audiences),
    }
    if ground is None:
        return [t("bantuan.tanpa_data", lang, aturan=kind.source, **about)]
    measured = t(f"bantuan.ukuran.{ground['ukuran']}", lang, ambang=float(ground["ambang"]))
    return [
        t("bantuan.aturan", lang, ukuran=measured, tingkat=t(f"tingkat.{ground['tingkat']}", lang), **about),
        t("bantuan.sumber", lang, aturan=kind.source, angka=ground["sumber"]),
    ]
