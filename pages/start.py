"""The router: one table of pages, the language, the DATA CONTOH mark, and the wait at the first start.

``app.py`` serves this script. It lets a visit in through the gate for the length of a page's run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from data.domain.roles import Act
from data.workspace import Workspace
from pages import gate, reading
from pages.parts.common import language, plain
from pages.parts.diri import personal
from pages.serving import preparation
from words import t

ICON = Path(__file__).resolve().parent.parent / "static" / "ikon.svg"


@dataclass(frozen=True)
class Entry:
    """One page: ``file`` beside this one, ``path`` in the address, text keys ``halaman.<name>`` and icon; a ``hidden``
    one is reached from others, one with an ``act`` is in the menu of those only who may do it."""

    name: str
    icon: str
    hidden: bool = False
    act: Act | None = None

    @property
    def file(self) -> str:
        return f"{self.name}.py"

    @property
    def path(self) -> str:
        return self.name.replace("_", "-")


PAGES = (
    Entry("ringkasan", "insights"),
    Entry("peta", "map"),
    Entry("desa", "home_pin", hidden=True),
    Entry("sasaran", "checklist"),
    Entry("rencana", "route", act=Act.SEE_WORK),
    Entry("sesi", "groups", act=Act.SEE_WORK),
    Entry("data_masuk", "upload_file", act=Act.SEE_WORK),
    Entry("model", "fact_check"),
    Entry("tentang", "info"),
    Entry("jejak", "history", act=Act.READ_AUDIT),
    Entry("akun", "group", act=Act.MANAGE_ACCOUNTS),
)


def main() -> None:
    # A named icon would be fetched from the internet as the tab's picture; this one is ours, and it must come first.
    st.set_page_config(page_icon=str(ICON), layout="wide")
    visit = gate.arriving()
    if visit is None:
        st.error(t("masuk.bukan_siapa", "en" if st.session_state.get("bahasa") == "en" else "id"))
        return
    top = st.container(key="atas", horizontal=True, vertical_alignment="center", gap="small")
    with top:
        place = st.container(key="judul", width="stretch")
        lang = language()
        if visit.signed:
            personal(visit.signed, visit.mark, lang)
    # The name of this container tells our style sheet the language, for the few words that Streamlit says itself.
    title = place.container(key=f"layar_{lang}", horizontal=True, vertical_alignment="center")
    visit = replace(visit, lang=lang)
    chosen = st.navigation([_page(entry, visit) for entry in PAGES] + [_home()], position="top")
    st.set_page_config(page_title=f"{chosen.title} · Peta Aman" if chosen.url_path else "Peta Aman")
    if not _prepared(lang):
        return
    snapshot = reading.snapshot()
    with title:
        if chosen.title:
            st.title(chosen.title, anchor=False)
        if snapshot.data_contoh:
            st.badge(t("app.contoh", lang), color="orange", icon=":material/science:", help=t("app.contoh_arti", lang))
    with gate.admit(visit):
        chosen.run()


def _page(entry: Entry, visit: gate.Visit) -> st.Page:
    lang, shown = visit.lang, not entry.hidden and (entry.act is None or visit.may(entry.act))
    if entry.name == "akun":  # where nobody signs in there are no accounts
        shown = shown and visit.signed is not None
    return st.Page(
        entry.file,
        title=t(f"halaman.{entry.name}", lang),
        icon=f":material/{entry.icon}:",
        url_path=entry.path,
        help=t(f"halaman.{entry.name}_bantuan", lang),
        visibility="visible" if shown else "hidden",
    )


def _home() -> st.Page:
    """The bare address. The server sends browsers on to the first page; this does it where there is no server."""
    return st.Page(
        lambda: st.switch_page(PAGES[0].file), title="Peta Aman", url_path="awal", default=True, visibility="hidden"
    )


def _prepared(lang: str) -> bool:
    """Whether there is something to show; otherwise draws how far the preparation is, or offers to begin."""
    workspace = Workspace.locate()
    state = preparation.progress()
    if state.stage == "preparing":
        _wait(lang)
        return False
    if workspace.exists():
        return True
    st.header(t("app.belum_ada", lang), anchor=False)
    st.write(t("app.belum_ada_arti", lang, tempat=plain(workspace.path.name)))
    if state.stage == "failed":
        st.error(t("app.gagal", lang, nomor=state.fault))
    if st.button(t("app.siapkan", lang), type="primary", key="siapkan"):
        preparation.prepare_in_background(workspace)
        st.rerun()
    return False


@st.fragment(run_every=0.7)
def _wait(lang: str) -> None:
    state = preparation.progress()
    if state.stage != "preparing":
        st.rerun()
    st.header(t("app.menyiapkan", lang), anchor=False)
    st.progress(state.share, text=t(state.key, lang))
    st.caption(t("app.menyiapkan_arti", lang))


main()
