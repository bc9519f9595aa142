"""Scoring and testing on the screen, one step after the other: the score is waited for, the test may be left."""

from __future__ import annotations

import streamlit as st

from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import PetaAmanError
from data.workspace import Workspace
from pages import reading
from pages.parts.common import plain
from pages.parts.model import pengujian
from words import reason_text, t

DONE = "langkah_skor_selesai"
"""Where a visitor's session keeps what the first step did, while the second goes on: the version and keys of texts."""


def score_in_steps(actor: Actor, lang: str) -> str:
    """Computes the score, each step written below the one before, and begins to test it; the version's name, empty
    when there is none and the fault stands on the page."""
    from campaign.model.scoring import compute_score

    workspace, told = Workspace.locate(), []

    def tell(key: str) -> None:
        told.append(key)
        st.write(t(key, lang))

    with st.container(key="langkah_skor"), st.status(t("langkah.menghitung", lang), expanded=True) as status:
        try:
            versi = compute_score(actor, reading.store(), workspace, tell=tell)
        except PetaAmanError as error:
            status.update(label=t("langkah.gagal", lang), state="error")
            st.error(plain(reason_text(error.reason, error.params, lang)))
            return ""
    st.session_state[DONE] = versi, told
    if actor.may(Act.EVALUATE):
        pengujian.begin(actor, workspace)
    return versi


def evaluation_in_steps(lang: str) -> bool:
    """The test that is under way: its step, how far it is, and that nobody has to wait. When it has ended the page is
    drawn anew; one that failed says so once. Whether one is under way."""
    workspace = Workspace.locate()
    now = pengujian.under_way(workspace)
    done = st.session_state.pop(DONE, None)
    if now is None:
        return False
    if now.stage == "running":
        if done:
            st.session_state[DONE] = done
            with st.status(t("langkah.terhitung", lang, versi=done[0]), state="complete"):
                for key in done[1]:
                    st.write(t(key, lang))
        _following(lang)
        return True
    pengujian.put_away(workspace)
    if now.refusal is not None:
        why = plain(reason_text(now.refusal.reason, now.refusal.params, lang))
        st.error(t("langkah.uji_ditolak", lang, sebab=why), icon=":material/error:")
    elif now.stage == "failed":
        st.error(t("langkah.uji_gagal", lang, nomor=now.fault), icon=":material/error:")
    elif not reading.snapshot().tested:
        st.warning(t("langkah.tak_disimpan", lang), icon=":material/info:")
    return False


@st.fragment(run_every=1.0)
def _following(lang: str) -> None:
    now = pengujian.under_way(Workspace.locate())
    if now is None or now.stage != "running":
        st.rerun()
    with st.container(key="langkah_uji"):
        status = st.status(t("langkah.menguji", lang), expanded=True)  # one that is left by `with` counts as complete
        status.progress(now.share, t(f"model.menilai.{now.step}", lang))
        status.caption(t("langkah.boleh_pergi", lang))
