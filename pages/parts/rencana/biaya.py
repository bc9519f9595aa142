"""Part of the plan page: what it costs, by kind, by trip, and what the numbers rest on."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from campaign.documents.registry import COST_SHEET
from campaign.handover.document import DocumentRequest
from campaign.handover.lists import listed
from campaign.planning.costs import assumptions, by_trip, components
from campaign.planning.plan_types import Plan
from campaign.reading.snapshot import Snapshot
from data.errors import PetaAmanError
from pages import reading
from pages.gate import Visit
from pages.parts.common import plain
from pages.parts.unduh import take_along
from words import number, reason_text, t


def costs(plan: Plan, snapshot: Snapshot, visit: Visit) -> None:
    lang = visit.lang
    kinds = components(plan)
    st.markdown(f"**{t('biaya.jumlah', lang, rupiah=number(sum(cost for *_, cost in kinds), lang))}**")
    st.caption(t("biaya.arti", lang))
    table = pd.DataFrame(
        [
            {
                "apa": t(f"rencana.anggapan.{name}", lang),
                "banyak": number(n, lang, int(n % 1 > 0)),
                "harga": number(price, lang),
                "jumlah": number(cost, lang),
            }
            for name, n, price, cost in kinds
        ]
    )
    st.table(headed(table, lang), hide_index=True, border="horizontal")
    st.markdown(f"**{t('biaya.perjalanan', lang)}**")
    trips = by_trip(plan)
    places = snapshot.places["kecamatan"]
    trips.insert(0, "kabupaten", [str(places.at[kode, "kabupaten"]) for kode in trips["trip"]])
    trips.insert(1, "kecamatan", [str(places.at[kode, "nama"]) for kode in trips["trip"]])
    trips = trips.assign(
        hari=[number(days, lang, 1) for days in trips["hari"]],
        biaya_rp=[number(cost, lang) for cost in trips["biaya_rp"]],
    )
    st.dataframe(
        headed(trips.drop(columns="trip"), lang),
        hide_index=True,
        height=260,
        key="tabel_biaya",
        alt=t("biaya.perjalanan", lang),
    )
    st.markdown(f"**{t('biaya.anggapan', lang)}**")
    known = assumptions(plan, lang)
    known["nilai"] = [number(value, lang, 0 if value % 1 == 0 else 2) for value in known["nilai"]]
    st.table(headed(known, lang).map(plain), hide_index=True, border="horizontal")
    try:
        of_list = listed(reading.store(), plan)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    take_along(COST_SHEET, DocumentRequest(lang=lang, target_list=of_list), visit, t("biaya.unduh", lang))


def headed(table: pd.DataFrame, lang: str) -> pd.DataFrame:
    return table.rename(columns={name: t(f"biaya.kolom.{name}", lang) for name in table.columns})
