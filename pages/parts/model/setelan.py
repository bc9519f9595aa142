"""What the office chooses about its score, on the model page: an assumption on reporting, the model's retirement."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from campaign.model.second_list import curve_words
from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import PetaAmanError
from data.remarks import LONGEST, SHORTEST
from data.workspace import Workspace
from pages import reading
from pages.parts.common import plain
from words import reason_text, t

BLANK = [(0.5, 60.0, 80.0, 90.0), (3.0, 20.0, 35.0, 50.0), (8.0, 3.0, 10.0, 25.0)]
# An example to change: hours, and of 100 events those reported at least, about, at most.
CURVE_COLUMNS = ("jam", "rendah", "tengah", "tinggi")


def settings(actor: Actor, lang: str) -> None:
    """Both choices with what is in force."""
    from risk.scoring.choices import choices

    chosen = choices(reading.store())
    if not actor.may(Act.ASSUME_REPORTING):
        st.info(t("setelan.hanya_pembaca", lang))
    reporting(chosen.curve, actor, lang)
    retirement(chosen.ranking, actor, lang)


def reporting(curve: str, actor: Actor, lang: str) -> None:
    from campaign.model.scoring import assume_reporting
    from risk.scoring.reporting import Curve

    allowed = actor.may(Act.ASSUME_REPORTING)
    st.subheader(t("setelan.lapor", lang), anchor=False)
    st.write(t("setelan.lapor_arti", lang))
    points = Curve.parse(curve).points if curve else ()
    words = curve_words(points, lang)
    st.caption(t("setelan.lapor_ada" if curve else "setelan.lapor_tidak", lang, kurva=plain(words)))
    told = [(at, *(100 * share for share in shares)) for at, *shares in points] or BLANK
    edited = st.data_editor(
        pd.DataFrame(told, columns=list(CURVE_COLUMNS)).round(1),
        key="kurva",
        hide_index=True,
        num_rows="dynamic",
        disabled=not allowed,
        width=620,
        column_config={
            name: st.column_config.NumberColumn(
                t(f"setelan.{name}", lang),
                min_value=0.0,
                max_value=999.0 if name == "jam" else 99.0,
                step=0.5,
                required=True,
                format="localized",
            )
            for name in CURVE_COLUMNS
        },
    )
    with st.container(horizontal=True, gap="small"):
        if st.button(t("setelan.simpan_hitung", lang), key="simpan_kurva", disabled=not allowed):
            rows = edited.dropna().itertuples(index=False)
            text = " ".join(f"{at:g}=" + "/".join(f"{share / 100:g}" for share in shares) for at, *shares in rows)
            again(lambda: assume_reporting(actor, reading.store(), text or "-"), actor, lang)
        if curve and st.button(t("setelan.lepas", lang), key="lepas_kurva", disabled=not allowed):
            again(lambda: assume_reporting(actor, reading.store(), ""), actor, lang)


def retirement(ranking: str, actor: Actor, lang: str) -> None:
    from campaign.model.scoring import retire_model
    from risk.scoring.choices import RANKINGS

    allowed = actor.may(Act.RETIRE_MODEL)
    st.subheader(t("setelan.henti", lang), anchor=False)
    if ranking:
        if st.button(t("setelan.kembali", lang), key="model_lagi", disabled=not allowed):
            again(lambda: retire_model(actor, reading.store(), ""), actor, lang)
        return
    st.write(t("setelan.henti_arti", lang))
    instead = st.selectbox(
        t("setelan.pengganti", lang),
        RANKINGS,
        key="pengganti",
        width=420,
        disabled=not allowed,
        format_func=lambda key: t(f"evaluasi.{key}", lang),
    )
    reason = st.text_input(
        t("setelan.alasan", lang, n=SHORTEST), key="alasan_henti", max_chars=LONGEST, disabled=not allowed
    )
    if st.button(t("setelan.hentikan", lang), key="hentikan", disabled=not allowed):
        again(lambda: retire_model(actor, reading.store(), str(instead), reason), actor, lang)


def again(choose: Callable[[], object], actor: Actor, lang: str) -> None:
    """Keeps the choice and computes the score anew; a fault stands below the button that made it."""
    from campaign.model.scoring import compute_score

    try:
        choose()
        with st.spinner(t("data.menghitung", lang)):
            versi = compute_score(actor, reading.store(), Workspace.locate())
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    st.session_state["pesan_setelan"] = t("setelan.tersimpan", lang, versi=versi)
    st.rerun()
