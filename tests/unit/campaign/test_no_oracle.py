"""No answer about a file is a question to the store: whoever may not read counts learns nothing of them by trying.

The attacker of the first test brought one row for one village and a past year under another source and read the
preview: "new" meant no case, "not used … another source" meant one; nothing was stored and nothing recorded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from campaign.intake.importing import Upload, commit, examine, undo
from campaign.intake.notices import notices
from campaign.intake.preview import COMPARED, preview
from campaign.intake.preview_text import preview_text
from campaign.intake.provenance import cards
from campaign.intake.provenance_text import card_rows, use_lines
from campaign.intake.sources import conflicts
from campaign.model.scoring import compute_score
from campaign.office.desk import cards_of, conflicts_of
from campaign.office.installation import prepare
from campaign.reading.exact import SEEN, exact_figures
from data.domain.actor import EVERYWHERE, NOWHERE, Actor, Scope, owner
from data.domain.roles import ROLES, RULES, Act, Role
from data.errors import Refused
from data.intake.examined import ImportOptions
from data.store.parts.facts import Facts
from data.store.store import Store
from data.workspace import Workspace
from risk.evaluation.attack import attack_auc

KEC, DESA = 6, 10
VILLAGES = [f"97.0{1 + kec // 3}.0{1 + kec % 3}.20{desa:02d}" for kec in range(KEC) for desa in range(1, DESA + 1)]
FIRST, SECOND = ("97.01",), ("97.02",)
"""The areas of two district officers; the whole province has two kabupaten."""
RNG = np.random.default_rng(13)
HAS_CASE = RNG.random(len(VILLAGES)) < 0.5
CASES = np.where(HAS_CASE, RNG.integers(1, 4, len(VILLAGES)), 0)
PEOPLE = RNG.integers(400, 3000, len(VILLAGES))


def actor(role: Role, areas: tuple[str, ...] = ()) -> Actor:
    return Actor("Ani", f"ani.{role}", frozenset({role}), areas, signed_in=True)


WITHOUT = [
    *(actor(role) for role in ROLES if role not in RULES[Act.SEE_EXACT].roles),
    *(actor(role, areas) for role in ROLES for areas in (FIRST, SECOND) if role not in RULES[Act.SEE_EXACT].roles),
]
"""Everybody without a right to exact counts."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Sixty villages; the police's list of one year names those with a case and no others."""
    folder = tmp_path_factory.mktemp("ramalan")
    lines = ["kode,kode_bps,nama,jenis,kode_kec,kecamatan,kode_kab,kabupaten,penduduk,kode_lama,lon,lat"]
    for at, kode in enumerate(VILLAGES):
        lines.append(
            f"{kode},,Lontar {kode[-4:]},desa,{kode[:8]},Kecamatan {kode[3:8]},{kode[:5]},Kabupaten {kode[4]},"
            f"{PEOPLE[at]},,{131 + 0.05 * (at % 10)},{-2 - 0.05 * (at // 10)}"
        )
    (folder / "g.csv").write_text("\n".join(lines), encoding="utf-8")
    workspace = Workspace(folder / "kerja")
    prepare(workspace, gazetteer=folder / "g.csv", demo=False)
    store = workspace.store()
    rows = [(kode, 2024, n) for kode, n in zip(VILLAGES, CASES, strict=True) if n]
    bring(owner("Kepala"), store, workspace, rows, "Polda")
    store.close()
    return workspace


@pytest.fixture
def place(made: Workspace, tmp_path: Path) -> Iterator[tuple[Workspace, Store]]:
    import shutil

    shutil.copytree(made.path, tmp_path / "kerja")
    workspace = Workspace(tmp_path / "kerja")
    store = workspace.store()
    yield workspace, store
    store.close()


def table(rows: list[tuple[Any, ...]]) -> Upload:
    text = "\n".join(["Kode Desa;Tahun;Jumlah Kasus TPPO", *(";".join(map(str, row)) for row in rows)])
    return Upload("kasus.csv", text.encode())


def look(who: Actor | None, store: Store, workspace: Workspace, rows: list[tuple[Any, ...]], source: str) -> Any:
    return examine("kasus", table(rows), store, workspace, ImportOptions(source=source), who)


def bring(who: Actor, store: Store, workspace: Workspace, rows: list[tuple[Any, ...]], source: str) -> str:
    return commit(who, look(who, store, workspace, rows, source), "kasus", store, workspace)


def answer(who: Actor | None, store: Store, workspace: Workspace, kode: str, year: int = 2024, n: int = 1) -> str:
    """Everything that is told of one row for one village, its own name and code taken out."""
    found = look(who, store, workspace, [(kode, year, n)], "Lembaga lain")
    told = preview(found, store, who)
    said = [
        *preview_text(told, "id"),
        repr(told.parts),
        told.changes.drop(columns=["kode", "nama", "kabupaten"]).to_json(),
        repr((told.lost, told.coverage and [(c.before, c.after) for c in told.coverage], told.rivals)),
        repr(told.stepping_aside),
        json.dumps(found.report.to_json(lambda reason, params: f"{reason} {params}"), default=str),
    ]
    return re.sub(r"97\.\d\d\.\d\d(\.\d{4})?", "KODE", "\n".join(said))


def attack(answers: list[str]) -> tuple[float, float]:
    """AUC of guessing the villages with a case from public data, and from those with the answers."""
    public = pd.DataFrame({"penduduk": PEOPLE, "kab": [kode[4] == "1" for kode in VILLAGES]}, VILLAGES).astype(float)
    columns = pd.get_dummies(pd.Series(answers, VILLAGES)).astype(float)
    return attack_auc(public, HAS_CASE), attack_auc(public.join(columns), HAS_CASE)


def trail(store: Store, act: str) -> int:
    return int((store.audit.trail()["act"] == act).sum())


@pytest.mark.parametrize("who", [None, actor(Role.PLANNER), actor(Role.DATA_OFFICER, ("53.01",))], ids=str)
def test_sixty_previews_of_one_row_tell_an_outsider_nothing(place: tuple[Workspace, Store], who: Actor | None) -> None:
    workspace, store = place
    before = store.state_key(), store.audit.last()
    answers = [answer(who, store, workspace, kode) for kode in VILLAGES]
    assert len(set(answers)) == 1, "the answer is the same for every village"
    without, with_answers = attack(answers)
    assert with_answers == pytest.approx(without)
    assert (store.state_key(), store.audit.last()) == before


def test_the_same_attack_wins_with_the_right_to_read_and_is_written_down(place: tuple[Workspace, Store]) -> None:
    """The test has teeth; and who may read the counts leaves a trace at each look."""
    workspace, store = place
    officer = actor(Role.DATA_OFFICER)
    answers = [answer(officer, store, workspace, kode) for kode in VILLAGES]
    assert attack(answers)[1] == 1.0
    assert trail(store, COMPARED) == len(VILLAGES)
    first = store.audit.trail().iloc[0]
    assert first["user"] == officer.name
    assert json.loads(first["what_json"])["kabupaten"] == ["97.02"]


def test_a_district_officer_compares_the_own_district_only(place: tuple[Workspace, Store]) -> None:
    workspace, store = place
    officer = actor(Role.DATA_OFFICER, FIRST)
    answers = [answer(officer, store, workspace, kode) for kode in VILLAGES]
    mine = np.array([kode.startswith(FIRST) for kode in VILLAGES])
    assert len(set(np.array(answers)[~mine])) == 1
    assert len(set(np.array(answers)[mine])) > 1
    mixed = look(officer, store, workspace, [(VILLAGES[0], 2024, 1), (VILLAGES[-1], 2024, 1)], "Lembaga lain")
    told = preview(mixed, store, officer)
    assert not any(part.compared for part in told.parts), "one village of another district, and nothing is compared"
    assert (told.coverage, told.rivals) == ((), ())


def test_nothing_is_read_for_an_outsider_so_no_waiting_tells_either(
    place: tuple[Workspace, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, store = place
    read, asked = Facts.read, []

    def watched(self: Facts, jenis: str | None = None, *args: Any, **named: Any) -> pd.DataFrame:
        asked.append((jenis, named.get("scope")))
        return read(self, jenis, *args, **named)

    monkeypatch.setattr(Facts, "read", watched)
    preview(look(None, store, workspace, [(VILLAGES[0], 2024, 1)], "Lain"), store, actor(Role.PLANNER))
    assert {jenis for jenis, _ in asked} <= {"indikator"}, "people, whom the file is checked against"
    upload = Upload("k.csv", b"Kode Kabupaten;Tahun;Jumlah Kasus TPPO\n97.01;2024;30\n")
    asked.clear()
    preview(examine("kasus", upload, store, workspace, ImportOptions(source="Lain")), store, actor(Role.PLANNER))
    assert [scope for jenis, scope in asked if jenis == "kasus"] == [NOWHERE]


@pytest.mark.parametrize("level", ["desa", "kecamatan"])
@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_other_years_levels_and_values_ask_nothing_either(
    place: tuple[Workspace, Store], level: str, year: int
) -> None:
    workspace, store = place
    codes = VILLAGES if level == "desa" else sorted({kode[:8] for kode in VILLAGES})
    header = "Kode Desa" if level == "desa" else "Kode Kecamatan"
    for n in (0, 1, 12):
        told = set()
        for kode in codes[::7] if level == "desa" else codes:
            upload = Upload("k.csv", f"{header};Tahun;Jumlah Kasus TPPO\n{kode};{year};{n}\n".encode())
            found = examine("kasus", upload, store, workspace, ImportOptions(source="Lain"), actor(Role.PLANNER))
            assert found.report.outcome == "ok"
            told.add(repr(preview(found, store, actor(Role.PLANNER))).replace(kode, ""))
        assert len(told) == 1


def test_that_a_file_is_stored_already_is_told_to_its_officer_only(place: tuple[Workspace, Store]) -> None:
    """Else a guess at a whole file could be checked against the store."""
    workspace, store = place
    rows = [(kode, 2024, n) for kode, n in zip(VILLAGES, CASES, strict=True) if n]
    for who, told in ((actor(Role.PLANNER), False), (actor(Role.DATA_OFFICER, FIRST), False), (owner("Kepala"), True)):
        found = look(who, store, workspace, rows, "Polda")
        assert ("SAME_FILE" in {one.reason for one in found.report.warnings}) is told, who


def test_cards_and_sources_tell_nobody_else_how_many_villages_a_list_named(place: tuple[Workspace, Store]) -> None:
    workspace, store = place
    batch = bring(owner("Kepala"), store, workspace, [(VILLAGES[0], 2024, 3)], "Lembaga lain")
    hidden = {"sha256", "rows_read", "rows_ok", "rows_error", "rows_skipped", "rows_stored", "rows_refused"}
    for who in WITHOUT:
        if not who.may(Act.SEE_WORK):
            with pytest.raises(Refused, match="FORBIDDEN"):
                cards_of(who, store, workspace)
            continue
        told = {one["batch"]: one for one in cards_of(who, store, workspace)}[batch]
        assert {told[name] for name in hidden} == {None}
        assert (told["figures"], told["period"], told["refused"], told["skipped"]) == ([], None, {}, {})
        assert not re.search(r"[0-9a-f]{64}|\b1 dibaca", str([card_rows(told, "id"), use_lines(told, "id")]))
        assert conflicts_of(who, store) == []
    first = {one["batch"]: one for one in cards(store, workspace, Scope(FIRST))}
    assert first[batch]["rows_read"] == 1, "the district's own officer sees the own list"
    lists = [one for name, one in first.items() if one["jenis"] == "kasus" and name != batch]
    assert [one["rows_read"] for one in lists] == [None], "and not the province's"
    whole = {one["batch"]: one for one in cards(store, workspace, EVERYWHERE)}
    assert whole[batch]["rows_stored"] == 1
    assert len(conflicts(store, EVERYWHERE)) == int(HAS_CASE[0])
    undo(owner("Kepala"), batch, store, workspace)
    gone = {one["batch"]: one for one in cards(store, workspace, NOWHERE)}[batch]
    assert (gone["status"], gone["rows_read"], gone["sha256"]) == ("dibatalkan", None, None)


def test_facts_are_read_inside_a_scope_as_if_the_others_were_not_there(place: tuple[Workspace, Store]) -> None:
    workspace, store = place
    upload = Upload("i.csv", f"Kode Desa;Tahun;Nilai IDM\n{VILLAGES[-1]};2024;0,5\n".encode())
    commit(owner("ani"), examine("indikator", upload, store, workspace), "indikator", store, workspace)
    assert len(store.facts.read("kasus", scope=NOWHERE)) == 0
    assert len(store.facts.read("kasus", scope=EVERYWHERE)) == int(HAS_CASE.sum())
    own = store.facts.read("kasus", scope=Scope(FIRST))
    assert set(own["kode"]) == {kode for kode, n in zip(VILLAGES, CASES, strict=True) if n and kode < "97.02"}
    assert len(store.facts.read("indikator", scope=NOWHERE)) == 1, "an open figure is everybody's"


# --- fake imports, a new score, undo --------------------------------------------------------------------------------


def test_nobody_without_the_right_brings_in_or_takes_back_cases(place: tuple[Workspace, Store]) -> None:
    """Fakes that lift a cell over ten, or over the next five, would tell its count by how the score moves."""
    workspace, store = place
    batches = store.batches.all()
    batch = str(batches.loc[batches["jenis"] == "kasus", "batch"].iloc[0])
    found = look(None, store, workspace, [(VILLAGES[0], 2020, 5)], "Palsu")
    before = store.state_key()
    for who in [*WITHOUT, actor(Role.ADMIN), *(actor(role, SECOND) for role in ROLES)]:
        with pytest.raises(Refused, match="FORBIDDEN"):
            commit(who, found, "kasus", store, workspace)
        with pytest.raises(Refused, match="FORBIDDEN"):
            undo(who, batch, store, workspace)
    assert store.state_key() == before
    for who in (actor(Role.DATA_OFFICER, FIRST), actor(Role.PLANNER, FIRST)):
        with pytest.raises(Refused, match="FORBIDDEN"):
            compute_score(who, store, workspace)


def test_an_undo_or_another_import_after_a_score_is_told_to_the_administrator(place: tuple[Workspace, Store]) -> None:
    workspace, store = place
    officer, admin = actor(Role.DATA_OFFICER), actor(Role.ADMIN)
    compute_score(officer, store, workspace)
    assert notices(admin, store) == []
    fake = bring(officer, store, workspace, [(VILLAGES[3], 2019, 2)], "Palsu")
    about = {one.about for one in notices(admin, store)}
    assert about == ({"diulang"} if HAS_CASE[3] else set()), "the police's list spoke of that village a moment ago"
    undo(officer, fake, store, workspace)
    assert len(notices(admin, store)) == len(about), "no score in between: nothing could be learned"
    fake = bring(officer, store, workspace, [(VILLAGES[4], 2019, 2)], "Palsu")
    versi = compute_score(officer, store, workspace)
    undo(officer, fake, store, workspace)
    last = notices(admin, store)[0]
    assert (last.about, last.batch, last.user) == ("dibatalkan", fake, officer.name)
    assert versi in last.scores
    with pytest.raises(Refused, match="FORBIDDEN"):
        notices(officer, store)


def test_fakes_of_other_years_for_one_village_are_noticed_too(place: tuple[Workspace, Store]) -> None:
    workspace, store = place
    officer = actor(Role.DATA_OFFICER)
    free = VILLAGES[int(np.flatnonzero(~HAS_CASE)[0])]
    first = bring(officer, store, workspace, [(free, 2015, 1)], "Palsu")
    versi = compute_score(officer, store, workspace)
    second = bring(officer, store, workspace, [(free, 2016, 1)], "Palsu")
    (told,) = notices(actor(Role.ADMIN), store)
    assert (told.about, told.batch, told.earlier, told.scores) == ("diulang", second, (first,), (versi,))


def test_open_figures_raise_no_notice(place: tuple[Workspace, Store]) -> None:
    workspace, store = place
    who = actor(Role.DATA_OFFICER)
    upload = Upload("i.csv", f"Kode Desa;Tahun;Nilai IDM\n{VILLAGES[0]};2024;0,5\n".encode())
    batch = commit(who, examine("indikator", upload, store, workspace), "indikator", store, workspace)
    compute_score(who, store, workspace)
    undo(actor(Role.ADMIN), batch, store, workspace)
    assert notices(actor(Role.ADMIN), store) == []


# --- exact counts are shown, to whom and how ------------------------------------------------------------------------


def test_exact_figures_are_for_the_officer_of_the_area_and_written_down(place: tuple[Workspace, Store]) -> None:
    _, store = place
    officer = actor(Role.DATA_OFFICER, FIRST)
    found = exact_figures(officer, store, "97.01")
    known = {kode: n for kode, n in zip(VILLAGES, CASES, strict=True) if n and kode.startswith("97.01")}
    assert found.set_index("kode")["value"].to_dict() == known
    assert trail(store, SEEN) == 1
    for who, area in [(officer, "97.02"), (officer, "97"), *((one, "97.01") for one in WITHOUT)]:
        with pytest.raises(Refused, match="FORBIDDEN"):
            exact_figures(who, store, area)
    assert trail(store, SEEN) == 1


def test_the_command_line_narrowed_to_a_role_answers_as_the_screen(
    place: tuple[Workspace, Store], peta_aman: Any, tmp_path: Path
) -> None:
    workspace, store = place
    yes, no = (VILLAGES[int(np.flatnonzero(flag == HAS_CASE)[0])] for flag in (True, False))

    def dry(kode: str, *words: str) -> tuple[int, str]:
        path = tmp_path / "kasus.csv"
        path.write_bytes(table([(kode, 2024, 1)]).content)
        code, told, said = peta_aman(
            "import", "kasus", path, "--dry-run", "--source", "Lain", *words, workspace=workspace
        )
        return code, json.dumps(told) + re.sub(r"97\.\S+|Lontar \d+", "", said)

    before = store.audit.last()
    assert dry(yes, "--role", "perencana") == dry(no, "--role", "perencana")
    assert dry(yes, "--role", "petugas_data", "--area", "97.09") == dry(no, "--role", "petugas_data", "--area", "97.09")
    assert store.audit.last() == before
    assert dry(yes) != dry(no), "the owner of the workspace may know"
    assert store.audit.last() == before, "a dry run writes nothing"
    code, told, _ = peta_aman("figures", "97.01", "--role", "pimpinan", workspace=workspace)
    assert (code, told["reason"]) == (4, "FORBIDDEN")
