"""Sessions held: entered by the same door as files, covered against a plan, compared where the draw allows it."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.intake.importing import Upload, commit, examine
from campaign.planning.plan_types import Plan
from campaign.sessions.sessions import Session, coverage, drawn_against_not, session_file
from campaign.sessions.topics import TOPICS, ticked, written
from data.batches import BatchMeta
from data.domain.actor import owner
from data.intake.examined import ImportOptions
from data.store.store import Store
from data.workspace import Workspace

DAY = dt.date(2026, 11, 20)


def hold(workspace: Workspace, store: Store, *sessions: Session) -> None:
    for one in sessions:
        found = examine("sesi", Upload("isian.csv", session_file(one)), store, workspace, ImportOptions(source="uji"))
        assert found.report.outcome == "ok", found.report.errors
        commit(owner("ani"), found, "sesi", store, workspace)


def test_a_session_entered_by_hand_goes_in_whole(demo_copy: Workspace) -> None:
    store = demo_copy.store()
    one = Session("53.01.04.2003", DAY, ("d", "a"), ("Pemuda dan OMK",), 12, 30, 40.5, 71, 2)
    hold(demo_copy, store, one)
    (row,) = store.records.read("sesi").to_dict("records")
    store.close()
    assert row["kode"] == "53.01.04.2003"
    assert pd.Timestamp(row["tanggal"]).date() == DAY
    assert (row["topik"], row["khalayak"]) == ("PP59: a, d", "Pemuda dan OMK")
    assert [row[name] for name in ("peserta", "peserta_l", "peserta_p", "pre", "post", "rujukan")] == [
        42,
        12,
        30,
        40.5,
        71,
        2,
    ]


@pytest.mark.parametrize(
    "one",
    [
        Session("53.01.04.2003", dt.date(2999, 1, 1)),
        Session("53.01.04.2003", DAY, before=140.0),
        Session("53.01.04.9999", DAY),
        Session("53.01.04.2003", DAY, men=15_000, women=10_000),
    ],
)
def test_a_session_that_cannot_be_is_refused(demo_copy: Workspace, one: Session) -> None:
    store = demo_copy.store()
    found = examine("sesi", Upload("isian.csv", session_file(one)), store, demo_copy)
    store.close()
    assert found.report.outcome == "row_errors"


@given(st.lists(st.sampled_from(sorted(TOPICS)), unique=True))
def test_ticked_topics_come_back_as_they_were(letters: list[str]) -> None:
    assert ticked(written(letters)) == set(letters)


@given(st.text(max_size=30))
def test_free_text_is_not_guessed_to_be_topics(text: str) -> None:
    assert ticked(text) <= set(TOPICS)
    if not text.strip().startswith("PP59:"):
        assert ticked(text) == set()


def test_coverage_tells_the_plan_from_the_rest_and_hides_small_sums(demo_copy: Workspace) -> None:
    store = demo_copy.store()
    codes = store.gazetteer.villages()["kode"].tolist()[:12]
    plan = cast(Plan, {"made": "2026-11-01", "villages": [{"kode": kode} for kode in codes[:3]]})
    before = Session(codes[0], dt.date(2026, 10, 1), ("a",), men=40)
    hold(
        demo_copy,
        store,
        before,
        Session(codes[1], DAY, ("a", "k"), men=4, women=3, referred=2),
        Session(codes[5], DAY, ("k",), women=20),
    )
    found = coverage(store, plan)
    assert found.sessions == 2
    assert found.open_villages == sorted([codes[0], codes[2]])
    assert found.outside == [codes[5]]
    assert (found.men, found.women, found.referred) == ("<10", 25, "<10")
    assert found.topics["k"] == 2
    assert found.topics["a"] == 1
    assert found.gain is None
    assert coverage(store).men == 45
    hold(demo_copy, store, *(Session(kode, DAY, before=40.0, after=60.0 + i) for i, kode in enumerate(codes[2:12])))
    gained = coverage(store).gain
    store.close()
    assert gained is not None
    mean, low, high = gained
    assert mean == pytest.approx(24.5)
    assert low < mean < high


def tied_plan(codes: list[str]) -> Plan:
    """As much of a plan as the comparison looks at."""
    zone = [{"kode": kode, "kelompok": kode[:8], "terpilih": i % 2 == 0} for i, kode in enumerate(codes)]
    return cast(Plan, {"made": "2026-01-01", "villages": [], "tie_zone": zone})


def test_drawn_and_not_drawn_are_compared_only_when_sums_are_large_enough(demo_copy: Workspace) -> None:
    store = demo_copy.store()
    codes = store.gazetteer.villages()["kode"].tolist()[:40]
    plan = tied_plan(codes)
    assert drawn_against_not(store, plan, "prosedural") is None, "nothing came after the plan yet"

    def add(value: Any) -> None:
        rows = pd.DataFrame(
            [
                {
                    "jenis": "keberangkatan",
                    "indikator": "prosedural",
                    "level": "desa",
                    "kode": kode,
                    "value": value(i),
                    "period_start": dt.date(2026, 2, 1),
                    "period_end": dt.date(2026, 10, 31),
                }
                for i, kode in enumerate(codes)
            ]
        )
        store.facts.commit(BatchMeta(jenis="keberangkatan", file_name="x", sha256="0" * 64, source="uji"), rows)

    add(lambda i: 1.0 if i < 6 else 0.0)
    assert drawn_against_not(store, plan, "prosedural") is None, "three against three would point at villages"
    add(lambda i: 9.0 if i % 2 == 0 else 2.0)
    found = drawn_against_not(store, plan, "prosedural")
    store.close()
    assert found is not None
    assert found.drawn > found.not_drawn
    assert found.chance < 0.05
    assert found.villages == 40


def test_a_draw_without_effect_seldom_looks_like_one(demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from campaign.sessions import sessions

    rng = np.random.default_rng(1)
    strata, people = np.repeat(np.arange(20), 4), np.full(80, 1000.0)
    chances = []
    for _ in range(120):
        count = rng.poisson(3.0, 80).astype(float)
        drawn = sessions._redraw(np.tile([True, True, False, False], 20), strata, rng)
        found = sessions._difference(count, people, drawn)
        again = [sessions._difference(count, people, sessions._redraw(drawn, strata, rng)) for _ in range(200)]
        chances.append(np.mean(np.abs(again) >= abs(found) - 1e-12))
    assert np.mean(np.array(chances) < 0.1) < 0.2
