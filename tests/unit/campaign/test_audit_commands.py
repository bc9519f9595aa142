"""The audit by command: who did what, whether the chain is whole, the report on one person, the cut by rule."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Word
from sqlalchemy import text

import cli
from campaign.evidence import trail
from campaign.evidence.incident import report_incident
from campaign.evidence.recording import note_preview
from campaign.evidence.retention import KEEP_DAYS, cut_audit
from campaign.evidence.trail import Group, TrailQuery, act_name, details, group_of, read_audit
from campaign.handover.log import handed_over
from campaign.intake.importing import Upload, examine
from campaign.office.custody import back_up
from data.domain.actor import Actor, owner
from data.domain.roles import Act, Role
from data.errors import Refused, WrongUse
from data.intake.examined import ImportOptions
from data.store.engine import open_engine, writing
from data.store.parts.audit import Audit
from data.store.store import Store
from data.workspace import Workspace
from words import has

Run = Callable[..., tuple[int, dict[str, Any], str]]
BOSS = owner("Kepala", "kepala@kantor")
TODAY = dt.date.today().isoformat()


@pytest.fixture
def peta_aman(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in this process: a dozen processes of their own would only cost time here."""
    monkeypatch.delenv("PETA_AMAN_DATABASE", raising=False)

    def run(*words: str | Path, workspace: Workspace) -> tuple[int, dict[str, Any], str]:
        code = cli.main([*map(str, words), "--workspace", str(workspace.path), "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out), said.err

    return run


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    place = Workspace(tmp_path / "kerja").create()
    store = place.store()
    store.audit.record(
        "Ani", "export", {"file": "daftar.xlsx", "what": "sheet", "rows": 12, "sha256": "ab" * 32}, "ani"
    )
    store.audit.record("Ani", "view_exact", {"kode": "53.01", "indikator": "tppo"}, "ani")
    store.audit.record("Budi", "import", {"batch": "B1", "jenis": "kasus"}, "budi")
    store.audit.record("ANI  ", "undo", {"batch": "B1"}, "x")
    store.audit.record("Tamu", "refused", {"act": "setujui_daftar"}, "tamu")
    store.close()
    return place


@pytest.fixture
def store(workspace: Workspace) -> Iterator[Store]:
    opened = workspace.store()
    yield opened
    opened.close()


def test_rows_of_a_person_are_found_by_name_or_account_however_written(workspace: Workspace, peta_aman: Run) -> None:
    code, told, said = peta_aman("audit", "--user", "ani", "--since", TODAY, workspace=workspace)
    assert code == 0
    assert [row["nomor"] for row in told["rows"]] == [4, 2, 1]
    assert told["head"].startswith("5:")
    assert told["head"] in said
    assert "daftar.xlsx" in said
    assert "Budi" not in said
    code, told, _ = peta_aman("audit", "--since", "2020-01-01", "--until", "2020-12-31", workspace=workspace)
    assert (code, told["rows"]) == (0, [])


def test_a_printed_head_is_compared(workspace: Workspace, store: Store, peta_aman: Run) -> None:
    printed = store.audit.head().short
    store.audit.record("Budi", "view", {})
    code, told, _ = peta_aman("audit", "--head", printed, workspace=workspace)
    assert (code, told["head_known"]) == (0, True)
    code, told, _ = peta_aman("audit", "--head", "5:0123456789abcdef", workspace=workspace)
    assert (code, told["head_known"]) == (1, False)
    code, told, _ = peta_aman("audit", "--head", "tanpa arti", workspace=workspace)
    assert (code, told["reason"]) == (2, "AUDIT_HEAD")


def test_a_broken_chain_is_told_with_its_row(workspace: Workspace, peta_aman: Run) -> None:
    engine = open_engine(workspace.database_url)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM audit WHERE id = 2"))
    engine.dispose()
    code, told, said = peta_aman("audit", workspace=workspace)
    assert (code, told["outcome"], told["broken"]) == (1, "unhealthy", 3)
    assert "3" in said


def test_the_report_tells_what_one_person_did(
    workspace: Workspace, store: Store, peta_aman: Run, tmp_path: Path
) -> None:
    words = ("incident-report", "--user", "Ani", "--since", TODAY)
    for name in ("laporan.md", "laporan.docx"):
        code, told, _ = peta_aman(*words, "--out", tmp_path / name, workspace=workspace)
        assert (code, told["rows"]) == (0, 3)
    content = (tmp_path / "laporan.md").read_text(encoding="utf-8")
    assert "daftar.xlsx" in content
    assert "Membawa keluar: 1 catatan" in content
    assert "Melihat: 1 catatan" in content
    assert "Mengubah: 1 catatan" in content
    assert store.audit.head().short[0] == "7"
    assert "budi" not in content.casefold()
    word = Word(str(tmp_path / "laporan.docx"))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert any("daftar.xlsx" in cell for cell in cells)
    written = store.audit.rows(act="incident_report")
    assert len(written) == 2, "who asked about whom is in the audit too"
    code, told, _ = peta_aman(*words, "--out", tmp_path / "laporan.pdf", workspace=workspace)
    assert (code, told["reason"]) == (2, "UNKNOWN_FORMAT")
    code, told, _ = peta_aman(*words, "--until", "2020-01-01", "--out", tmp_path / "x.md", workspace=workspace)
    assert (code, told["reason"]) == (2, "PERIOD")


@pytest.mark.parametrize("name", ["laporan.md", "laporan.docx", "cadangan.zip"])
def test_no_file_takes_its_name_before_its_row_is_written(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path, day = tmp_path / "keluar" / name, dt.date.today()
    path.parent.mkdir()
    store = workspace.store()

    def make() -> None:
        if name.endswith(".zip"):
            back_up(BOSS, workspace, path)
        else:
            report_incident(BOSS, store, "Ani", day, day, path)

    def full(*_words: object, **_more: object) -> None:
        assert not path.exists()
        raise Refused("DISK_FULL", free=0)

    with monkeypatch.context() as patched:
        patched.setattr(Audit, "record", full)
        with pytest.raises(Refused, match="DISK_FULL"):
            make()
    assert not list(path.parent.iterdir())
    make()
    (row,) = [json.loads(what) for what in store.audit.rows()["what_json"] if f'"{name}"' in what]
    assert row["sha256"] in (hashlib.sha256(path.read_bytes()).hexdigest(), path.read_bytes()[-64:].decode("latin-1"))
    store.close()


def test_young_rows_are_not_cut(workspace: Workspace, store: Store, peta_aman: Run) -> None:
    code, told, said = peta_aman("audit", "--cut-before", TODAY, workspace=workspace)
    assert (code, told["reason"]) == (2, "AUDIT_TOO_YOUNG")
    assert str(KEEP_DAYS) in said
    later = dt.date.today() + dt.timedelta(days=KEEP_DAYS + 2)
    with pytest.raises(WrongUse, match="AUDIT_TOO_YOUNG"):
        cut_audit(BOSS, store, later, today=later)
    assert cut_audit(BOSS, store, dt.date.today() + dt.timedelta(days=1), today=later) == 5
    found = store.audit.verify()
    assert (found.broken, found.rows, found.head.rows) == (None, 1, 6)


def test_the_audit_is_for_the_admin_and_asking_is_recorded(store: Store) -> None:
    planner = Actor("Cici", "cici", frozenset({Role.PLANNER}))
    with pytest.raises(Refused, match="FORBIDDEN"):
        read_audit(planner, store)
    last = store.audit.rows().iloc[-1]
    assert (last["account"], last["act"]) == ("cici", "refused")
    before = store.audit.last()
    assert len(read_audit(BOSS, store)) == 6
    assert store.audit.last() == before, "reading it leaves no row each time"


def test_it_is_searched_by_words_and_group(store: Store) -> None:
    assert read_audit(BOSS, store, TrailQuery(text="DAFTAR.xlsx ani"))["nomor"].tolist() == [1]
    assert read_audit(BOSS, store, TrailQuery(group=Group.REFUSED))["nama"].tolist() == ["Tamu"]
    assert read_audit(BOSS, store, TrailQuery(text="tidak ada")).empty


def test_a_long_audit_is_read_no_further_than_it_is_shown(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked: the newest that fit, and no more rows leave the database than are needed for them."""
    monkeypatch.setattr(trail, "_AT_ONCE", 4)
    for number in range(30):
        store.audit.record("Cici" if number % 3 else " CICI", "view" if number % 2 else "undo", {"batch": f"B{number}"})
    read: list[int] = []
    plain = store.audit.rows

    def counted(**how: Any) -> Any:
        found = plain(**how)
        read.append(len(found))
        return found

    monkeypatch.setattr(store.audit, "rows", counted)
    for query in (
        TrailQuery(),
        TrailQuery(user="cici"),
        TrailQuery(group=Group.SAW),
        TrailQuery(text="cici"),
        TrailQuery(text="b1"),
        TrailQuery(user="Ani", text="daftar"),
        TrailQuery(text="tidak ada"),
        TrailQuery(user="tidak ada"),
    ):
        whole = read_audit(BOSS, store, query)
        read.clear()
        some = read_audit(BOSS, store, query, most=3)
        assert some["nomor"].tolist() == whole["nomor"].tolist()[:3], query
        assert list(some.columns) == list(trail.COLUMNS), query
        if not query.text:
            assert read == [len(some)]
        elif query.text == "cici":
            assert read == [4], "one helping was enough"
    assert len(read_audit(BOSS, store, TrailQuery(user="cici"))) == 30


def test_a_log_of_one_list_is_asked_of_the_database(store: Store) -> None:
    for versi in ("D1", "D10", "D%", "d1"):
        store.audit.record("Ani", "export", {"file": f"{versi}.csv", "versi": versi})
    assert handed_over(store, "D1")["berkas"].tolist() == ["D1.csv"]
    assert handed_over(store, "D%", "d1")["berkas"].tolist() == ["d1.csv", "D%.csv"]
    assert len(handed_over(store)) == 5
    assert store.audit.trail("undo", "import")["act"].tolist() == ["undo", "import"]
    assert store.audit.trail("export", naming=["D1"])["act"].tolist() in (["export"], ["export"] * 2)
    assert store.audit.trail(since=dt.datetime.now() + dt.timedelta(days=1)).empty


def test_kinds_of_act_have_groups_and_words() -> None:
    assert (group_of("masuk.gagal"), group_of("view_restricted"), group_of("impor")) == (
        Group.CAME,
        Group.SAW,
        Group.CHANGED,
    )
    assert act_name("masuk.gagal") == "gagal masuk"
    assert all(has(f"tindakan.{kind}") or has(f"jejak.tindakan.{kind}") for kind in Act)
    for group in Group:
        assert has(f"jejak.kelompok.{group}")
    assert details({"act": "setujui_daftar", "rows": 3, "sha256": "x"}) == "baris 3; tindakan menyetujui daftar"


def test_a_preview_is_recorded_without_what_it_was_refused_for(workspace: Workspace, store: Store) -> None:
    clean = Upload("kasus.csv", b"Kode Desa;Tahun;Jumlah TPPO\n98.01.01.2001;2024;2\n")
    personal = Upload(
        "Siti Aminah 3201234567890001.csv", b"Kode Desa;NIK;Jumlah TPPO\n98.01.01.2001;5301012345678901;2\n"
    )
    for file in (clean, personal):
        note_preview(BOSS, store, examine("kasus", file, store, workspace, ImportOptions(source="Uji")))
    rows = store.audit.rows(act="preview")
    assert rows["account"].tolist() == ["kepala@kantor"] * 2
    assert "kasus.csv" in rows["what_json"].iloc[0]
    assert "Siti" not in rows["what_json"].iloc[1]


def test_a_preview_of_a_guarded_file_leaves_neither_its_rows_nor_its_hash(workspace: Workspace, store: Store) -> None:
    """A file of one row is one person's; and whoever has a file could find by its hash that the office has it."""
    guarded = Upload("kasus.csv", b"Kode Desa;Tahun;Jumlah TPPO\n98.01.01.2001;2024;2\n")
    plain = Upload("miskin.csv", b"Kode Desa;Tahun;Persentase Miskin\n98.01.01.2001;2024;12\n")
    for kind, file in (("kasus", guarded), ("kemiskinan", plain)):
        note_preview(BOSS, store, examine(kind, file, store, workspace, ImportOptions(source="Uji")))
    told = {row["jenis"]: row for row in map(json.loads, store.audit.rows(act="preview")["what_json"])}
    assert set(told["kasus"]) == {"jenis", "outcome", "file"}
    assert told["kemiskinan"]["sha256"] == hashlib.sha256(plain.content).hexdigest()
    assert told["kemiskinan"]["rows"] == 1
