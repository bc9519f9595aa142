"""The summary for a room: what the briefing says, in large letters. No village is named and none is ranked."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from campaign.documents.briefing.facts import BriefingFacts
from campaign.handover.lists import TargetList
from campaign.maps.classes import NEED, NO_DATA
from campaign.reading.snapshot import Snapshot
from data.domain.actor import Actor
from data.domain.roles import Act
from data.store.store import Store
from data.workspace import Workspace
from pages import reading
from pages.parts.common import plain
from words import number, t


def projected(snapshot: Snapshot, actor: Actor, lang: str) -> None:
    """Draws the facts of the briefing; needs a score. The list it asks a decision on is the office's."""
    from campaign.office.desk import list_to_decide

    store = reading.store()
    target_list = list_to_decide(actor, store, snapshot.versi) if actor.may(Act.SEE_WORK) else None
    name = target_list.name if target_list else ""
    facts, drawn = _facts(snapshot.key, lang, name, snapshot, store, Workspace.locate(), target_list)
    with st.container(key="layar_proyektor"):
        st.markdown(f"## {plain(facts.core)}")
        if facts.warning:
            st.markdown(f":material/priority_high: **{plain(facts.warning)}**")
        for column, (value, label) in zip(st.columns(len(facts.figures)), facts.figures, strict=True):
            column.metric(label, value, border=True, height="stretch")
        left, right = st.columns([0.6, 0.4], gap="medium")
        with left:
            st.markdown(f"#### {facts.map_title}")
            if drawn:
                st.image(drawn, width="stretch", alt=facts.map_title)
            _legend(facts)
        with right:
            st.markdown(f"#### {facts.trend_title}")
            if facts.trend:
                st.altair_chart(_bars(facts, lang), alt=facts.trend_title)
            st.caption(plain(facts.trend_note))
        for pair in (
            (("pendorong", facts.drivers), ("perubahan", facts.changes)),
            (("yakin", facts.sure), ("kurang", facts.gaps)),
        ):
            for column, (part, points) in zip(st.columns(2, gap="medium"), pair, strict=True):
                column.markdown(f"#### {t(f'nota.bagian.{part}', lang)}")
                column.markdown("\n".join(f"- {plain(point)}" for point in points))
        st.markdown(f"#### {t('nota.bagian.putusan', lang)}")
        st.markdown("\n\n".join(f"☐ {plain(one)}" for one in facts.decisions))
        st.caption(plain(f"{'; '.join(facts.sources)}. {facts.versions} {t('nota.pertimbangan', lang)}"))


@st.cache_resource(show_spinner=False, max_entries=4)
def _facts(
    key: str,
    lang: str,
    of_list: str,
    _snapshot: Snapshot,
    _store: Store,
    _workspace: Workspace,
    _list: TargetList | None,
) -> tuple[BriefingFacts, str]:
    """What the briefing says and its map as SVG; once for each state of the store and list that its reader may see."""
    from campaign.documents.briefing.facts import briefing_facts
    from campaign.documents.briefing.note import province_map

    return briefing_facts(_snapshot, _store, _list, lang), province_map(_snapshot, _workspace)


def _legend(facts: BriefingFacts) -> None:
    from campaign.documents.briefing.note import legend_drawing

    st.image(legend_drawing(facts), width="stretch", alt=", ".join(text for _, text in facts.legend))


def _bars(facts: BriefingFacts, lang: str) -> alt.LayerChart:
    rows = pd.DataFrame(
        [
            {"tahun": "|".join([year, *note.split()]), "nilai": value, "penuh": full, "tertulis": number(value, lang)}
            for year, value, full, note in facts.trend
        ]
    )
    base = alt.Chart(rows).encode(
        x=alt.X(
            "tahun:N",
            sort=None,
            title=None,
            axis=alt.Axis(labelAngle=0, labelFontSize=15, labelOverlap=False, labelExpr="split(datum.label, '|')"),
        ),
        y=alt.Y("nilai:Q", title=None, axis=None, scale=alt.Scale(zero=True, padding=24)),
    )
    bars = base.mark_bar(stroke=NEED[1], strokeWidth=1.5).encode(
        fill=alt.condition("datum.penuh", alt.value(NEED[1]), alt.value("transparent"))
    )
    figures = base.mark_text(dy=-12, fontSize=18, fontWeight="bold", color=NO_DATA).encode(text="tertulis:N")
    return (bars + figures).properties(height=320)
