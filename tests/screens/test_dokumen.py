"""The part of the plan page that hands documents over, run alone with a plan kept in the workspace."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from campaign.documents.registry import offered_on
from campaign.handover.document import Screen
from campaign.handover.lists import TargetList, listed
from campaign.planning.plan_types import Plan
from data.domain.actor import owner
from data.workspace import Workspace
from pages.gate import Visit
from pages.parts.rencana import dokumen as rencana_dokumen
from risk.evaluation.leak_verdict import guard
from tests.unit.campaign.papers import kept_plan, kept_variant

OFFERED = list(offered_on(Screen.DOCUMENTS))


def script() -> None:
    import json
    import os

    from pages.gate import Visit
    from pages.parts.rencana.dokumen import documents

    with open(os.environ["PETA_AMAN_UJI_RENCANA"], encoding="utf-8") as file:
        documents(json.load(file), Visit(lang=os.environ["PETA_AMAN_UJI_BAHASA"]))


@pytest.fixture(scope="module")
def made_once(demo_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Plan]:
    import datetime as dt

    folder = tmp_path_factory.mktemp("dokumen") / "workspace"
    shutil.copytree(demo_workspace.path, folder)
    workspace = Workspace(folder)
    store = workspace.store()
    plan = kept_plan(store, workspace, villages=24, today=dt.date.today())
    guard(store, workspace)  # its verdict is kept, so that copies need no verdict of their own
    store.close()
    return workspace, plan


@pytest.fixture
def kept(
    made_once: tuple[Workspace, Plan], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Workspace, Plan]]:
    shutil.copytree(made_once[0].path, tmp_path / "workspace")
    workspace = Workspace(tmp_path / "workspace")
    monkeypatch.setenv("PETA_AMAN_WORKSPACE", str(workspace.path))
    monkeypatch.setenv("PETA_AMAN_UJI_RENCANA", str(tmp_path / "rencana.json"))
    monkeypatch.setenv("PETA_AMAN_UJI_BAHASA", "id")
    (tmp_path / "rencana.json").write_text(json.dumps(made_once[1]), encoding="utf-8")
    yield workspace, made_once[1]
    st.cache_resource.clear()


def shown() -> AppTest:
    return AppTest.from_function(script, default_timeout=60).run()


def fresh(workspace: Workspace, plan: Plan) -> TargetList:
    store = workspace.store()
    try:
        return listed(store, plan)
    finally:
        store.close()


@pytest.mark.parametrize(("lang", "button"), [("id", "Unduh"), ("en", "Download")])
def test_the_part_says_where_the_plan_stands(
    kept: tuple[Workspace, Plan], lang: str, button: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PETA_AMAN_UJI_BAHASA", lang)
    screen = shown()
    assert not screen.exception
    assert button in [one.label for one in screen.get("download_button")]
    assert len(screen.selectbox(key="dokumen_apa").options) == len(OFFERED)
    captions = " ".join(one.value for one in screen.caption).replace("\\", "")
    assert kept[1]["version"] in captions


def test_a_file_is_handed_out_for_a_purpose_and_the_record_shows_it(kept: tuple[Workspace, Plan]) -> None:
    workspace, plan = kept
    screen = shown()
    assert screen.get("download_button")[0].proto.disabled, "nobody has said what for"
    assert "penindakan" not in " ".join(screen.selectbox(key="dokumen_tujuan").options)
    screen.selectbox(key="dokumen_tujuan").set_value("koordinasi").run()
    assert not screen.get("download_button")[0].proto.disabled
    rencana_dokumen.made(fresh(workspace, plan), "daftar.csv", "koordinasi", Visit(who=owner("Kepala Bidang")))
    record = shown().table[0].value
    assert "Kepala Bidang" in record.to_string()
    assert "koordinasi antarinstansi" in record.to_string()


@pytest.mark.parametrize("kind", OFFERED)
def test_each_document_is_made_and_recorded(kept: tuple[Workspace, Plan], kind: str) -> None:
    workspace, plan = kept
    target_list = fresh(workspace, plan)
    content = rencana_dokumen.made(target_list, kind, "penetapan", Visit(who=owner("uji")))
    start = {
        "pdf": b"%PDF",
        "xlsx": b"PK",
        "docx": b"PK",
        "pptx": b"PK",
        "csv": b"no,",
        "gpkg": b"SQLite",
        "geojson": b"{",
        "kml": b"<?xml",
    }[kind.partition(".")[2]]
    assert content.startswith(start)
    name = rencana_dokumen.name_of(target_list, kind)
    assert plan["version"] in name
    assert "DATA-CONTOH" in name
    store = workspace.store()
    last = store.audit.trail().iloc[0]
    store.close()
    assert (last["user"], last["act"]) == ("uji", "export")
    assert json.loads(last["what_json"])["purpose"] == "penetapan"


def test_a_list_is_frozen_checked_and_approved_on_the_screen(kept: tuple[Workspace, Plan]) -> None:
    workspace, plan = kept
    for who, status in (("Staf Perencana", "usulan"), ("Kepala Bidang", "diperiksa"), ("Kepala Dinas", "ditetapkan")):
        screen = shown()
        screen.text_input(key="jabatan_penanda").set_value(who)
        screen.button(key="tanda_tangani").click().run()
        assert not screen.exception
        assert not screen.error
        assert fresh(workspace, plan).status == status
    last = shown()
    assert not last.button, "nothing is left to sign"
    frozen = last.table[-1].value.iloc[0]
    assert frozen["Status"] == "ditetapkan"
    assert frozen["Dibuat"].startswith("Staf Perencana, ")
    assert frozen["Disetujui"].startswith("Kepala Dinas, ")


def test_whoever_made_it_is_told_to_find_another(kept: tuple[Workspace, Plan]) -> None:
    for _ in range(2):
        screen = shown()
        screen.text_input(key="jabatan_penanda").set_value("Staf Perencana")
        screen.button(key="tanda_tangani").click().run()
    assert "orang lain" in screen.error[0].value


def test_a_name_that_marks_a_village_stops_every_document(kept: tuple[Workspace, Plan]) -> None:
    workspace, plan = kept
    store = workspace.store()
    named = kept_variant(store, plan, name="Zona merah Flores")
    store.close()
    Path(os.environ["PETA_AMAN_UJI_RENCANA"]).write_text(json.dumps(named), encoding="utf-8")
    screen = shown()
    assert "zona merah" in screen.error[0].value
    assert "kebutuhan layanan" in screen.error[0].value
    assert not screen.selectbox
