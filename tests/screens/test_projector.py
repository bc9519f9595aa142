"""The summary for a room: what the briefing says, in large letters, no village named."""

from __future__ import annotations

import re

import pytest

from campaign.documents.briefing.facts import briefing_facts
from campaign.documents.briefing.note import newest_list
from campaign.reading.snapshot import Snapshot
from data.workspace import Workspace
from tests.screens.conftest import Open
from words import t


@pytest.mark.parametrize("lang", ["id", "en"])
def test_it_says_what_the_briefing_says_and_names_no_village(demo_copy: Workspace, open_page: Open, lang: str) -> None:
    screen = open_page(demo_copy, "ringkasan", lang)
    before = len(screen.dataframe)
    screen.toggle(key="proyektor").set_value(True).run()
    assert not screen.exception
    assert before > 0
    assert not screen.dataframe, "no table of places by rank"
    store = demo_copy.store()
    snapshot = Snapshot.load(demo_copy, store)
    version = snapshot.versi
    facts = briefing_facts(snapshot, store, newest_list(store, version), lang)
    store.close()
    shown = [one.value.replace("\\", "") for one in (*screen.markdown, *screen.caption)]
    told = "\n".join(shown)
    for said in (facts.core, *facts.sure, *facts.gaps, *facts.drivers, *facts.decisions, facts.trend_note):
        assert said in told
    assert [(one.value, one.label) for one in screen.metric] == list(facts.figures)
    assert t("nota.bagian.kurang", lang) in told
    above = " ".join(name for level in ("kecamatan", "kabupaten") for name in snapshot.places[level]["nama"])
    villages = set(snapshot.places["desa"]["nama"]) - set(above.split())
    ordinary = {"Data", "Desa", "Fakta", "Sumber", "Peta", "Harapan", "Nusa", "Score", "List"}
    assert set(re.findall(r"[A-Z][\w'’-]{3,}", told)) & villages <= ordinary
    assert not re.search(r"53\.\d\d\.\d\d\.\d{4}", told)


def test_without_a_score_there_is_nothing_to_project(demo_copy: Workspace, open_page: Open) -> None:
    import sqlite3

    from data.workspace import DATABASE_FILE

    with sqlite3.connect(demo_copy.path / DATABASE_FILE) as base:
        base.execute("DELETE FROM skor")
        base.execute("DELETE FROM skor_versi")
    screen = open_page(demo_copy, "ringkasan")
    assert not screen.exception
    assert not screen.toggle
