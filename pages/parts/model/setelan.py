"""What the office chooses about its score, on the model page: an assumption on reporting, the model's retirement."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st

from campaign.model.second_list import curve_words, poverty_words
from campaign.office.responsibilities import who_may
from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import PetaAmanError
from data.remarks import LONGEST, SHORTEST
from pages import reading
from pages.parts.common import plain
from pages.parts.model.langkah import score_in_steps
from words import reason_text, t

BLANK = [(0.5, 60.0, 80.0, 90.0), (3.0, 20.0, 35.0, 50.0), (8.0, 3.0, 10.0, 25.0)]
# An example to change: hours, and of 100 events those reported at least, about, at most.
CURVE_COLUMNS, POOR_COLUMNS = ("jam", "rendah", "tengah", "tinggi"), ("miskin", "rendah", "tengah", "tinggi")


def settings(actor: Actor, lang: str) -> None:
    """Both choices with what is in force."""
    from risk.scoring.choices import choices

    chosen = choices(reading.store())
    if not actor.may(Act.ASSUME_REPORTING):
        st.info(f"{t('setelan.hanya_pembaca', lang)} {who_may(Act.ASSUME_REPORTING, lang)}")
    reporting(chosen.curve, actor, lang)
    retirement(chosen.ranking, actor, lang)


def reporting(curve: str, actor: Actor, lang: str) -> None:
    from campaign.model.scoring import assume_reporting
    from risk.scoring.reporting import Curve

    allowed = actor.may(Act.ASSUME_REPORTING)
    st.subheader(t("setelan.lapor", lang), anchor=False)
    st.write(t("setelan.lapor_arti", lang))
    told = Curve.parse(curve) if curve else Curve(())
    words = f"{curve_words(told.points, lang)}. {poverty_words(told.poor, lang=lang)}".strip(" .")
    st.caption(t("setelan.lapor_ada" if curve else "setelan.lapor_tidak", lang, kurva=plain(words)))
    by_hours = _editor("kurva", CURVE_COLUMNS, told.points, BLANK, (999.0, 99.0), allowed, lang)
    st.write(t("setelan.lapor_miskin", lang))
    by_poverty = _editor("kurva_miskin", POOR_COLUMNS, told.poor, [], (100.0, 100.0), allowed, lang)
    with st.container(horizontal=True, gap="small"):
        if st.button(t("setelan.simpan_hitung", lang), key="simpan_kurva", disabled=not allowed):
            text = Curve(_rows(by_hours), _rows(by_poverty)).text()
            again(lambda: assume_reporting(actor, reading.store(), text or "-"), actor, lang)
        if curve and st.button(t("setelan.lepas", lang), key="lepas_kurva", disabled=not allowed):
            again(lambda: assume_reporting(actor, reading.store(), ""), actor, lang)


def _editor(
    key: str,
    columns: tuple[str, ...],
    points: Sequence[Sequence[float]],
    blank: Sequence[Sequence[float]],
    most: tuple[float, float],
    allowed: bool,
    lang: str,
) -> pd.DataFrame:
    """A table of points to change, shares in percent; ``most``: the largest place and the largest share."""
    rows = [(at, *(100 * share for share in shares)) for at, *shares in points] or blank
    edited: pd.DataFrame = st.data_editor(
        pd.DataFrame(rows, columns=list(columns), dtype=float).round(1),
        key=key,
        hide_index=True,
        num_rows="dynamic",
        disabled=not allowed,
        width=620,
        column_config={
            name: st.column_config.NumberColumn(
                t(f"setelan.{name}", lang),
                min_value=0.0,
                max_value=most[0] if name == columns[0] else most[1],
                step=0.5,
                required=True,
                format="localized",
            )
            for name in columns
        },
    )
    return edited


def _rows(edited: pd.DataFrame) -> tuple[tuple[float, float, float, float], ...]:
    return tuple((at, low / 100, mid / 100, high / 100) for at, low, mid, high in edited.dropna().to_numpy(float))


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
    try:
        choose()
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, lang)))
        return
    versi = score_in_steps(actor, lang)
    if versi:
        st.session_state["pesan_setelan"] = t("setelan.tersimpan", lang, versi=versi)
        st.rerun()
