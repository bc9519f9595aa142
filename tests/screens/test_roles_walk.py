"""Every page × role × area: who may not do a thing is not offered it and reads who may; nothing is forgotten.

What is offered is told by the keys of widgets. The owner's screens say which there are; each role's must be the same
less what the rules do not allow. A key that no rule speaks of must be known to be harmless.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import app
from campaign.documents.registry import DOCUMENTS
from campaign.handover.document import DocumentRequest
from campaign.handover.handing_over import hand_over_document
from campaign.intake.importing import Upload, commit, examine
from campaign.maps.context import context
from campaign.office.desk import lists_of, log_of, notes_seen, plans_of, requests_of
from campaign.office.notes import write_note
from campaign.office.responsibilities import who_may
from campaign.reading.snapshot import Snapshot
from data.domain.actor import Actor, owner
from data.domain.roles import ROLES, RULES, Act, Role
from data.errors import PetaAmanError, Refused
from data.intake.examined import ImportOptions
from data.workspace import Workspace
from pages import gate
from pages.start import PAGES
from tests.unit.campaign.papers import kept_plan

pytestmark = pytest.mark.slow

INSIDE, OUTSIDE = "53.01.04.2003", "53.06.01.2001"
KUPANG, BELU = ("53.01",), ("53.04",)
WORK = {"rencana", "sesi", "data_masuk"}
OFFERS: dict[str, dict[str, Act]] = {
    "sasaran": {"unduh": Act.HAND_OVER},
    "desa": {"simpan_catatan": Act.WRITE_NOTE, "hapus_catatan_": Act.REMOVE_NOTE},
    "rencana": {"susun": Act.PLAN, "pakai_isian": Act.PLAN, "tambah_keluar": Act.KEEP_DRAFT},
    "sesi": {"simpan_sesi": Act.IMPORT, "sesi_desa": Act.IMPORT},
    "data_masuk": {
        "jenis": Act.IMPORT,
        "unduh_templat": Act.IMPORT,
        "batalkan": Act.UNDO,
        "batal_mana": Act.UNDO,
        "simpan_sumber_": Act.PREFER_SOURCE,
        "kode_lembar_": Act.ENTER_REPLY,
        "persis_tampilkan": Act.SEE_EXACT,
    },
    "model": {"nilai": Act.EVALUATE, "unduh_kartu": Act.HAND_OVER},
    "peta": {"unduh_peta": Act.HAND_OVER},
}
"""By page the beginnings of keys of widgets that offer an act."""
OF_THE_ADMIN = {"jejak", "akun"}
"""Walked in `test_pages` and `tests/browser/test_sign_in.py`."""
OPEN_PAGES = {"ringkasan", "peta", "desa", "sasaran", "model", "tentang"}
Walk = Callable[[Actor, str], AppTest]


def actor(role: Role, areas: tuple[str, ...] = ()) -> Actor:
    return Actor("Ani", f"ani.{role}", frozenset({role}), areas, signed_in=True)


@pytest.fixture(scope="module")
def office(demo_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The demonstration, with a note, a rival source, a request and a plan of the whole province."""
    import shutil

    place = tmp_path_factory.mktemp("peran") / "kerja"
    shutil.copytree(demo_workspace.path, place)
    workspace = Workspace(place)
    store = workspace.store()
    write_note(owner("Kepala"), store, INSIDE, "Balai desa sedang dipugar")
    for source, value in (("Kemendes", "0,5"), ("Dinas PMD", "0,7")):
        file = Upload("idm.csv", f"Kode Desa;Tahun;Nilai IDM\n{INSIDE};2024;{value}\n".encode())
        found = examine("indikator", file, store, workspace, ImportOptions(source=source))
        commit(owner("Kepala"), found, "indikator", store, workspace)
    cases = Upload("kasus.csv", f"Kode Desa;Tahun;Jumlah TPPO\n{INSIDE};2024;2\n{OUTSIDE};2024;7\n".encode())
    commit(owner("Kepala"), examine("kasus", cases, store, workspace), "kasus", store, workspace)
    kept_plan(store, workspace)
    store.close()
    return workspace


@pytest.fixture
def walk(office: Workspace, monkeypatch: pytest.MonkeyPatch, open_page: Any) -> Iterator[Walk]:
    """``walk(actor, page)`` opens a page as that person, put in where pages learn who it is."""

    def run(who: Actor, page: str) -> AppTest:
        monkeypatch.setattr(gate, "_acting", lambda mark: who)
        monkeypatch.setenv("PETA_AMAN_WORKSPACE", str(office.path))
        if page != "desa":
            screen: AppTest = open_page(office, page)
            return screen
        screen = AppTest.from_file(str(Path(app.ROOT) / "pages" / "start.py"), default_timeout=240)
        screen.query_params["kode"] = INSIDE
        screen.run()
        screen.query_params["kode"] = INSIDE
        return screen.switch_page("desa.py").run()

    yield run
    st.cache_resource.clear()


def keys(screen: AppTest) -> set[str]:
    kinds = ("selectbox", "multiselect", "text_input", "text_area", "button", "checkbox", "date_input", "number_input")
    found = {str(element.key) for kind in kinds for element in getattr(screen, kind)}
    return found | {_user_key(element.proto.id) for element in screen.get("download_button")}


def _user_key(widget: str) -> str:
    """The key we gave, as Streamlit keeps it at the end of a widget's id."""
    return widget.rpartition("-")[2]


def offered(screen: AppTest, page: str) -> dict[str, bool]:
    there = keys(screen)
    return {start: any(key.startswith(start) for key in there) for start in OFFERS.get(page, {})}


def words(screen: AppTest) -> str:
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success", "text")
    said = "\n".join(str(element.value) for kind in kinds for element in getattr(screen, kind))
    return re.sub(r"\\(.)", r"\1", said)


def test_the_pages_of_the_walk_are_all_there_are() -> None:
    assert {entry.name for entry in PAGES} == OPEN_PAGES | WORK | OF_THE_ADMIN
    assert {entry.name for entry in PAGES if entry.act is Act.SEE_WORK} == WORK


@pytest.mark.parametrize("page", sorted(OPEN_PAGES | WORK))
def test_each_role_is_offered_what_it_may_do_and_reads_who_may_do_the_rest(walk: Walk, page: str) -> None:
    whole = walk(owner("Kepala"), page)
    assert not whole.exception
    there = offered(whole, page)
    assert all(there.values()), f"the walk looks for what the owner has: {there}"
    for role in ROLES:
        who = actor(role)
        screen = walk(who, page)
        assert not screen.exception, (page, role)
        said = words(screen)
        if page in WORK and not who.may(Act.SEE_WORK):
            assert who_may(Act.SEE_WORK) in said
            assert keys(screen) <= {"bahasa", "atur_akun", "keluar"}, (
                "a page that is not for this role draws nothing else"
            )
            continue
        assert offered(screen, page) == {start: who.may(kind) for start, kind in OFFERS.get(page, {}).items()}, role
        asked = {Act.IMPORT, Act.UNDO, Act.PREFER_SOURCE, Act.ENTER_REPLY, Act.PLAN, Act.WRITE_NOTE}
        for kind in {one for one in OFFERS.get(page, {}).values() if one in asked and not who.may(one)}:
            assert role == Role.PUBLIC or who_may(kind) in said, (page, role, kind)


@pytest.mark.parametrize("page", ["data_masuk", "model", "sesi"])
def test_a_role_for_one_district_is_not_offered_what_concerns_the_province(walk: Walk, page: str) -> None:
    for role in (Role.DATA_OFFICER, Role.PLANNER, Role.ADMIN):
        who = actor(role, KUPANG)
        screen = walk(who, page)
        assert not screen.exception
        assert offered(screen, page) == {start: who.may(kind) for start, kind in OFFERS[page].items()}, role
    assert not actor(Role.DATA_OFFICER, KUPANG).may(Act.PREFER_SOURCE)


def test_a_card_is_told_to_each_as_the_own_right_says_whoever_looked_before(walk: Walk, office: Workspace) -> None:
    """One cache, one server: the owner, a planner, officers of one district and of all, in turn and again."""
    store = office.store()
    batches = store.batches.all()
    batch = str(batches.loc[(batches["jenis"] == "kasus") & ~batches["data_contoh"].astype(bool), "batch"].iloc[0])
    hashed = str(batches.set_index("batch").loc[batch, "sha256"])
    store.close()
    people = [
        (owner("Kepala"), True),
        (actor(Role.PLANNER), False),
        (actor(Role.DATA_OFFICER), True),
        (actor(Role.DATA_OFFICER, KUPANG), False),
        (actor(Role.LEADER), False),
        (owner("Kepala"), True),
        (actor(Role.SUPERVISOR, KUPANG), False),
    ]
    for who, may in people:
        screen = walk(who, "data_masuk")
        screen.selectbox(key="kartu_asal_mana").select(batch).run()
        assert not screen.exception
        said = words(screen)
        assert (hashed in said) is may, who
        assert ("2 dibaca = 2 tersimpan" in said) is may, who
        listed = next(one.value for one in screen.dataframe if batch in one.value.to_string())
        row = listed.set_index(listed.columns[0]).loc[batch]
        assert (2 in row.tolist()) is may, who


def test_exact_figures_are_drawn_when_asked_for_and_only_of_the_own_district(walk: Walk, office: Workspace) -> None:
    officer = actor(Role.DATA_OFFICER, KUPANG)
    screen = walk(officer, "data_masuk")
    assert len(screen.selectbox(key="persis_wilayah").options) == 1
    assert not [one for one in screen.dataframe if one.key == "tabel_persis"]
    next(one for one in screen.button if one.key == "persis_tampilkan").click().run()
    assert not screen.exception
    (table,) = [one.value for one in screen.dataframe if INSIDE in one.value.to_string() and 2 in one.value.to_numpy()]
    assert OUTSIDE not in table.to_string()
    store = office.store()
    trail = store.audit.trail()
    store.close()
    assert trail.iloc[0][["user", "act"]].tolist() == [officer.name, "lihat_persis"]


def test_a_note_of_a_village_is_the_offices(walk: Walk) -> None:
    for role in ROLES:
        assert ("dipugar" in words(walk(actor(role), "desa"))) is (role != Role.PUBLIC)
    outside = walk(actor(Role.PLANNER, BELU), "desa")
    assert "dipugar" in words(outside)
    assert not any(key.startswith(("simpan_catatan", "hapus_catatan")) for key in keys(outside)), "not their village"


def test_the_public_sees_no_number_of_a_village(walk: Walk) -> None:
    rows = walk(actor(Role.PUBLIC), "sasaran").dataframe[0].value
    assert rows[["skor", "p_top"]].isna().all().all()
    assert set(rows["selang"]) == set(rows["peluang"]) == {""}
    known = walk(actor(Role.PLANNER), "sasaran").dataframe[0].value
    assert known["skor"].notna().any()


def test_people_of_a_district_see_its_plans_only(walk: Walk, office: Workspace) -> None:
    store = office.store()
    (plan,) = plans_of(owner("Kepala"), store).values()
    assert plans_of(actor(Role.PLANNER, KUPANG), store) == {}
    assert lists_of(actor(Role.LEADER, KUPANG), store) == []
    assert len(log_of(actor(Role.LEADER, KUPANG), store)) == 0
    store.close()
    assert plan["version"] in str(walk(actor(Role.PLANNER), "rencana").selectbox(key="rencana_versi").options)
    theirs = walk(actor(Role.PLANNER, KUPANG), "rencana")
    assert not [one for one in theirs.selectbox if one.key == "rencana_versi"]
    entry = walk(actor(Role.DATA_OFFICER, KUPANG), "sesi").selectbox(key="sesi_desa")
    assert entry.options
    assert not [one for one in entry.options if "Kabupaten Kupang" not in one]


def test_a_planner_of_a_district_gets_a_plan_of_the_district(office: Workspace) -> None:
    from campaign.planning.kept_plans import keep_plan
    from campaign.planning.plan import make_plan
    from campaign.planning.request import PlanRequest, confined

    store = office.store()
    planner = actor(Role.PLANNER, KUPANG)
    request = confined(PlanRequest(villages=5), planner, store.gazetteer.villages())
    plan = make_plan(store, office, request)
    assert {row["kode"][:5] for row in plan["villages"]} == {"53.01"}
    keep_plan(planner, store, plan)
    assert list(plans_of(planner, store)) == [plan["version"]]
    with pytest.raises(Refused, match="FORBIDDEN"):
        keep_plan(replace(planner, areas=BELU), store, plan)
    store.close()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.key)
def test_each_document_is_for_everybody_or_for_the_office_inside_its_area(
    office: Workspace, tmp_path: Path, document: Any
) -> None:
    """Asked for by each role for a village inside and outside; what comes after permission is not looked at."""
    store = office.store()
    for role in ROLES:
        for areas in ((), KUPANG):
            for kode in (INSIDE, OUTSIDE):
                who = actor(role, areas)
                allowed = document.public or (role != Role.PUBLIC and who.covers(kode))
                request = DocumentRequest(codes=(kode,), purpose="koordinasi")
                path = tmp_path / "tidak-ada" / f"x{document.formats[0]}"  # no folder: refused after permission
                try:
                    hand_over_document(who, document, request, path, store, office)
                    reason = ""
                except PetaAmanError as fault:
                    reason = fault.reason
                assert (reason == "FORBIDDEN") is not allowed, (role, areas, kode, reason)
    store.close()


def test_what_the_office_works_with_is_read_by_the_office_only(office: Workspace) -> None:
    store = office.store()
    snapshot = Snapshot.load(office, store)
    readers: list[Callable[[Actor], Any]] = [
        lambda who: plans_of(who, store),
        lambda who: lists_of(who, store),
        lambda who: log_of(who, store),
        lambda who: requests_of(who, store),
        lambda who: notes_seen(who, snapshot.notes, INSIDE),
    ]
    for read in readers:
        for role in RULES[Act.SEE_WORK].roles:
            read(actor(role))
        with pytest.raises(Refused, match="FORBIDDEN"):
            read(actor(Role.PUBLIC))
    row = {"lembar": "L1", "kode": INSIDE, "versi": "", "hal": "lain", "nilai_lama": "", "nilai_baru": "x"}
    import datetime as dt

    store.requests.ask([row], user="x", now=dt.datetime(2026, 11, 30))
    assert [len(requests_of(actor(Role.SUPERVISOR, areas), store)) for areas in ((), KUPANG, BELU)] == [1, 1, 0]
    store.close()


ROUTES = {
    "/": "sends on",
    "/healthz": "up or down",
    "/readyz": "up or down",
    "/aset/kata/{lang}.json": "words",
    "/aset/konteks/{version}.json": "map context, by the hash of what a reader may have",
    "/aset/peta.js": "program",
    "/aset/{path:path}": "program and shapes",
}


def test_no_route_serves_what_is_the_offices(office: Workspace) -> None:
    own = [route.path for route in app.ROUTES]
    assert own == list(ROUTES), "a new route says here what it serves, and to whom"
    store = office.store()
    snapshot = Snapshot.load(office, store)
    public, work = context(snapshot), context(snapshot, notes=True)
    assert public[0] != work[0]
    assert INSIDE.encode() in work[1]
    assert b'"catatan":[]' in public[1]
    store.close()
