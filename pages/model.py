"""The model card on the screen: how mature the score is, how good, at what price, for whom; every number was stored."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from campaign.documents.registry import MODEL_CARD
from campaign.handover.document import MIME, DocumentRequest
from campaign.model.card import ModelCard, model_card
from campaign.model.card_parts import Picture, Table
from data.domain.roles import Act
from data.workspace import Workspace
from pages import gate, reading
from pages.parts.common import BadgeColour, plain
from pages.parts.model import pengujian
from pages.parts.model.langkah import evaluation_in_steps
from pages.parts.model.setelan import settings
from pages.parts.unduh import handed_out
from words import t

visit = gate.require()
lang = visit.lang
PICTURE_PIXELS = 540  # where there is room; a telephone shows it as wide as itself
COLOUR: dict[str, BadgeColour] = {"contoh": "orange", "teruji": "green", "awal": "blue"}


@st.cache_resource(show_spinner=False, max_entries=4)
def card_of(key: str, language: str) -> ModelCard:
    return model_card(reading.store(), language)


def page() -> None:
    snapshot = reading.snapshot()
    if snapshot.version is None:
        st.write(t("ringkasan.tanpa_skor", lang))
        return
    card = card_of(snapshot.key, lang)
    said = st.session_state.pop("pesan_setelan", None)
    if said:
        st.success(said, icon=":material/check_circle:")
    head(card)
    evaluate_now(card, snapshot.current)
    keys = [*card.chapters, "setelan"]
    for tab, key in zip(st.tabs([t(f"model.bab.{key}", lang) for key in keys]), keys, strict=True):
        with tab:
            if key in card.chapters:
                chapter(card.chapters[key])
            else:
                settings(visit.actor, lang)


def head(card: ModelCard) -> None:
    """The price of secrecy first, then maturity, verdict, and what the card is of."""
    with st.container(key="harga"):
        st.markdown(headed(card.price))
    for alarm in card.alarms:
        st.warning(f"**{plain(alarm)}**", icon=":material/notification_important:")
    with st.container(key="kematangan", horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(
            t(f"model.matang.{card.maturity}", lang),
            color=COLOUR.get(card.maturity, "gray"),
            icon=":material/verified:",
        )
        st.write(t(f"model.matang_arti.{card.maturity}", lang))
    verdict = plain(card.verdict)
    if card.warns:
        st.warning(f"**{verdict}**", icon=":material/balance:")
    else:
        st.write(verdict or plain(card.untested))
    st.caption(" · ".join(f"{label}: {plain(value)}" for label, value in card.facts))


def evaluate_now(card: ModelCard, current: bool) -> None:
    """The full evaluation takes half a minute and more and belongs to a score of the data now stored; who may compute
    scores may start it, and need not stay. Everybody may take the card."""
    going_on = evaluation_in_steps(lang)
    with st.container(horizontal=True, gap="small"):
        wanted = visit.actor.may(Act.EVALUATE) and "rahasia" not in card.chapters and not going_on
        if wanted and st.button(
            t("model.nilai", lang),
            key="nilai",
            type="primary",
            disabled=not current,
            help=t("model.nilai_arti" if current else "kurang.usang", lang),
        ):
            pengujian.begin(visit.actor, Workspace.locate())
            st.rerun()
        name = f"{t(MODEL_CARD.stem)}-{card.versi}.md"
        st.download_button(
            t("model.unduh", lang),
            data=lambda: handed_out(MODEL_CARD, DocumentRequest(lang=lang), name, visit),
            key="unduh_kartu",
            file_name=name,
            mime=MIME[".md"],
            on_click="ignore",
            icon=":material/download:",
        )


def chapter(parts: list[str | Table | Picture]) -> None:
    for part in parts:
        if isinstance(part, Table):
            shown = [[cell if cell.startswith("**") else plain(cell) for cell in row] for row in part.rows]
            with st.container(key=f"tabel_{part.key}"):
                st.table(pd.DataFrame(shown, columns=part.columns), hide_index=True)
        elif isinstance(part, Picture):
            with st.container(key=f"gambar_{part.key}"):
                st.caption(plain(part.title))
                st.image(part.svg, width=PICTURE_PIXELS, alt=part.title)
        else:
            st.markdown(headed(part))


def headed(text: str) -> str:
    """A sentence for Markdown; one that begins with ``**words**`` keeps those bold, all else stands for itself."""
    if not text.startswith("**"):
        return plain(text)
    head, _, rest = text[2:].partition("**")
    return f"**{plain(head)}** {plain(rest)}"


page()
