"""The audit is a chain: what is changed, removed, put in, moved, cut off or put back is found, on either database."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from campaign.permission import act
from data.backup import backup, restore
from data.domain.actor import Actor, owner
from data.domain.roles import Act, Role
from data.errors import Refused
from data.sealing.key import Key
from data.sealing.seal import NOTHING, Head
from data.store.chain import row_hash
from data.store.engine import open_engine, reading, writing
from data.store.store import Store
from data.workspace import DATABASE_FILE, Workspace
from tests.audited import audited

ROOT = Path(__file__).resolve().parents[2]
ROWS = 12


@pytest.fixture
def workspace(database: str, tmp_path: Path) -> Workspace:
    place = Workspace(tmp_path / "kerja").create()
    store = place.store()
    for number in range(ROWS):
        store.audit.record(f"orang {number % 3}", "view", {"n": number}, f"akun{number % 3}")
    store.close()
    return place


def verdict(workspace: Workspace) -> Any:
    store = workspace.store()
    try:
        return store.audit.verify()
    finally:
        store.close()


def rows_of(connection: Connection) -> list[dict[str, Any]]:
    query = text('SELECT id, at, "user", account, act, what_json, earlier, "before", hash FROM audit ORDER BY id')
    return [dict(row) for row in connection.execute(query).mappings()]


def head_text(connection: Connection) -> str:
    return str(connection.execute(text("SELECT nilai FROM keadaan WHERE nama = 'jejak'")).scalar_one())


def set_head(connection: Connection, head: str) -> None:
    connection.execute(text("UPDATE keadaan SET nilai = :head WHERE nama = 'jejak'"), {"head": head})


def chained_again(connection: Connection) -> None:
    """What somebody does who knows how the chain is made but lacks the key."""
    import datetime as dt

    last = NOTHING
    for row in rows_of(connection):
        at = row["at"] if isinstance(row["at"], dt.datetime) else dt.datetime.fromisoformat(row["at"])
        digest = row_hash(last, {**row, "at": at})
        change = text('UPDATE audit SET "before" = :before, hash = :hash WHERE id = :id')
        connection.execute(change, {"before": last, "hash": digest, "id": row["id"]})
        last = digest
    told = json.loads(head_text(connection))
    kept = rows_of(connection)
    told |= {"rows": len(kept), "id": kept[-1]["id"] if kept else 0, "hash": last}
    set_head(connection, json.dumps(told, sort_keys=True))


def alter(connection: Connection, chance: random.Random) -> None:
    column = chance.choice(["user", "account", "act", "what_json", "before", "hash"])
    new = "0" * 64 if column in ("before", "hash") else "x"
    connection.execute(
        text(f'UPDATE audit SET "{column}" = :new WHERE id = :id'), {"new": new, "id": chance.randint(2, ROWS)}
    )


def shift_time(connection: Connection, chance: random.Random) -> None:
    connection.execute(
        text("UPDATE audit SET at = '2025-01-01 00:00:00.000000' WHERE id = :id"), {"id": chance.randint(1, ROWS)}
    )


def call_it_earlier(connection: Connection, chance: random.Random) -> None:
    connection.execute(text("UPDATE audit SET earlier = TRUE WHERE id = :id"), {"id": chance.randint(1, ROWS)})


def remove(connection: Connection, chance: random.Random) -> None:
    connection.execute(text("DELETE FROM audit WHERE id = :id"), {"id": chance.randint(1, ROWS)})


def cut_tail(connection: Connection, chance: random.Random) -> None:
    connection.execute(text("DELETE FROM audit WHERE id > :id"), {"id": chance.randint(0, ROWS - 1)})


def cut_beginning(connection: Connection, chance: random.Random) -> None:
    connection.execute(text("DELETE FROM audit WHERE id < :id"), {"id": chance.randint(2, ROWS + 1)})


def swap(connection: Connection, chance: random.Random) -> None:
    one, other = chance.sample(range(1, ROWS + 1), 2)
    for old, new in ((one, 900), (other, one), (900, other)):
        connection.execute(text("UPDATE audit SET id = :new WHERE id = :old"), {"old": old, "new": new})


def put_in(connection: Connection, chance: random.Random) -> None:
    row = chance.choice(rows_of(connection))
    row["id"] = ROWS + 1 + chance.randint(0, 5)
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(text(f"INSERT INTO audit ({names}) VALUES ({', '.join(':' + n for n in row)})"), row)


def rewrite(connection: Connection, chance: random.Random) -> None:
    chance.choice([alter, remove, cut_tail])(connection, chance)
    chained_again(connection)


def empty_it(connection: Connection, chance: random.Random) -> None:
    connection.execute(text("DELETE FROM audit"))
    set_head(connection, Head().to_text())


def take_off_the_head(connection: Connection, chance: random.Random) -> None:
    connection.execute(text("DELETE FROM keadaan WHERE nama = 'jejak'"))


def begin_later(connection: Connection, chance: random.Random) -> None:
    """A cut by rule that nobody with the key made."""
    last = rows_of(connection)[chance.randint(0, ROWS - 2)]
    connection.execute(text("DELETE FROM audit WHERE id <= :id"), {"id": last["id"]})
    start = Head(last["id"], last["id"], last["hash"], "2026-01-01T00:00:00+00:00", "ab" * 64)
    connection.execute(text("INSERT INTO keadaan (nama, nilai) VALUES ('jejak_awal', :s)"), {"s": start.to_text()})


TAMPERINGS: list[Callable[[Connection, random.Random], None]] = [
    alter,
    shift_time,
    call_it_earlier,
    remove,
    cut_tail,
    cut_beginning,
    swap,
    put_in,
    rewrite,
    empty_it,
    take_off_the_head,
    begin_later,
]


def test_of_a_hundred_random_tamperings_every_one_is_found(workspace: Workspace) -> None:
    """Also when further acts come after it, up to more than were cut off: they must not heal the chain."""
    chance = random.Random(53)
    store = workspace.store()
    assert store.audit.verify().broken is None
    found: list[str] = []
    engine = open_engine(workspace.database_url)
    with reading(engine) as connection:
        state = rows_of(connection), head_text(connection)
    kept = (workspace.path / "jejak.json").read_bytes()
    for number in range(100):
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        with writing(engine) as connection:
            tamper(connection, chance)
            changed = (rows_of(connection), head_text(connection) if tamper is not take_off_the_head else "") != state
        assert changed, tamper.__name__
        for acts in (0, 1, ROWS if number >= 88 else 1):
            for _ in range(acts):
                store.audit.record("ani", "view", {})
            verdict = store.audit.verify()
            found += [] if verdict.broken is not None else [f"{number} {tamper.__name__}, acts {acts}"]
        with writing(engine) as connection:  # as it was
            connection.execute(text("DELETE FROM audit"))
            connection.execute(text("DELETE FROM keadaan WHERE nama IN ('jejak', 'jejak_awal')"))
            connection.execute(text("INSERT INTO keadaan (nama, nilai) VALUES ('jejak', :h)"), {"h": state[1]})
            names = ", ".join(f'"{name}"' for name in state[0][0])
            insert = f"INSERT INTO audit ({names}) VALUES ({', '.join(':' + n for n in state[0][0])})"
            connection.execute(text(insert), state[0])
        (workspace.path / "jejak.json").write_bytes(kept)
    assert found == []
    assert store.audit.verify().broken is None, "the test itself leaves nothing broken"
    store.close()
    engine.dispose()


CHANGES = [
    "UPDATE audit SET \"user\" = 'x' WHERE id = 5",
    "DELETE FROM audit WHERE id = 5",
    "DELETE FROM audit WHERE id > 7",
]


def rewritten(workspace: Workspace, change: str) -> None:
    """The rows as somebody leaves them who can write into the database and knows how the chain is made."""
    engine = open_engine(workspace.database_url)
    with writing(engine) as connection:
        connection.execute(text(change))
        chained_again(connection)
    engine.dispose()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_rewritten_chain_stays_broken_whatever_is_done_after(workspace: Workspace, change: str) -> None:
    """Also over a restart, and when the file apart was taken away; a backup that is restored says it in its row."""
    rewritten(workspace, change)
    kept = (workspace.path / "jejak.json").read_bytes()
    assert verdict(workspace).broken is not None
    for _ in range(ROWS + 2):
        store = workspace.store()
        store.audit.record("ani", "view", {})
        assert store.audit.verify().broken is not None
        store.close()
    assert (workspace.path / "jejak.json").read_bytes() == kept, "the head that knows better is kept"
    (workspace.path / "jejak.json").unlink()
    store = workspace.store()
    store.audit.record("ani", "view", {})
    assert store.audit.verify().why == "signature"
    store.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_unsigned_chain_is_signed_only_where_it_has_no_row_of_the_chain(workspace: Workspace) -> None:
    engine = open_engine(workspace.database_url)
    with writing(engine) as connection:
        told = Head.from_text(head_text(connection))
        set_head(connection, Head(told.id, told.rows, told.hash, told.at).to_text())
    engine.dispose()
    (workspace.path / "jejak.json").unlink()
    for _ in range(2):
        store = workspace.store()
        store.audit.record("ani", "view", {})
        assert store.audit.verify().why == "signature"
        store.close()


def test_a_process_that_is_killed_before_it_keeps_the_head_breaks_nothing(workspace: Workspace) -> None:
    behind = (workspace.path / "jejak.json").read_bytes()
    store = workspace.store()
    store.audit.record("ani", "view", {})
    (workspace.path / "jejak.json").write_bytes(behind)
    assert store.audit.verify().broken is None
    store.audit.record("ani", "view", {})
    assert store.audit.verify().broken is None
    assert (workspace.path / "jejak.json").read_text(encoding="utf-8") == store.audit.head().to_text()
    store.close()


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_broken_chain_is_not_cut_and_a_restored_one_says_so(
    workspace: Workspace, tmp_path: Path, change: str
) -> None:
    import datetime as dt

    rewritten(workspace, change)
    store = workspace.store()
    broken, before = store.audit.verify().broken, len(store.audit.rows())
    with pytest.raises(Refused, match="AUDIT_BROKEN") as fault:
        store.audit.cut("ani", dt.date.today() + dt.timedelta(days=1))
    assert fault.value.params["row"] == broken
    assert len(store.audit.rows()) == before
    store.close()
    assert backup(workspace, tmp_path / "a.zip")["audit_broken"] == broken
    (row,) = restored_row(tmp_path)
    assert row["audit_broken"] == broken


def restored_row(tmp_path: Path) -> list[dict[str, Any]]:
    place = Workspace(tmp_path / "pulih")
    restore(place, tmp_path / "a.zip")
    return audited(place, "restore")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_chain_that_only_the_head_apart_knows_to_be_cut_is_told_by_the_restored_row(
    workspace: Workspace, tmp_path: Path
) -> None:
    """An older copy was put back: all of it is signed, so a backup of it is whole to whoever has no more than that."""
    older = as_it_is(workspace, tmp_path)
    store = workspace.store()
    store.audit.record("ani", "view", {})
    store.close()
    shutil.copy(older, workspace.path / DATABASE_FILE)
    backup(workspace, tmp_path / "a.zip")
    (row,) = restored_row(tmp_path)
    assert row["audit_broken"] == ROWS + 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_whole_chain_is_restored_without_a_word_of_a_break(workspace: Workspace, tmp_path: Path) -> None:
    backup(workspace, tmp_path / "a.zip")
    (row,) = restored_row(tmp_path)
    assert "audit_broken" not in row
    assert verdict(Workspace(tmp_path / "pulih")).broken is None


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("change", [None, *CHANGES[1:]])
def test_an_audit_that_gives_way_to_a_restored_one_is_told_by_its_row(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str | None
) -> None:
    """A database without data takes a backup in; whoever took the data out must not lose the audit in silence."""
    if change:
        engine = open_engine(workspace.database_url)
        with writing(engine) as connection:
            connection.execute(text(change))
        engine.dispose()
    with monkeypatch.context() as patched:
        patched.delenv("PETA_AMAN_DATABASE")
        other = Workspace(tmp_path / "asal").create()
        other.store().close()
        backup(other, tmp_path / "a.zip")
    store = workspace.store()
    head, broken = store.audit.head().short, store.audit.verify().broken
    store.close()
    (row,) = restored_row(tmp_path)
    assert (row["replaced"], row.get("audit_broken")) == (head, broken)
    assert (broken is None) == (change is None)


@pytest.mark.parametrize("head_apart", [True, False])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_lost_key_is_told_and_no_new_one_made_in_silence(
    workspace: Workspace, tmp_path: Path, head_apart: bool
) -> None:
    key, head = workspace.path / "kunci.pem", workspace.path / "jejak.json"
    own = key.read_bytes()
    server = workspace.store()
    server.audit.record("ani", "view", {})
    key.unlink()
    with pytest.raises(Refused, match="KEY_LOST"):
        server.audit.record("ani", "view", {})
    server.close()
    if not head_apart:
        head.unlink()
    store = workspace.store()
    with pytest.raises(Refused, match="KEY_LOST"):
        store.audit.record("ani", "view", {})
    with pytest.raises(Refused, match="KEY_LOST"):
        store.audit.verify()
    assert len(store.audit.rows()) == ROWS + 1, "what is there can be read"
    with pytest.raises(Refused, match="KEY_LOST"):
        backup(workspace, tmp_path / "a.zip")
    assert not key.exists()
    key.write_bytes(own)
    store.audit.record("ani", "view", {})
    assert (store.audit.verify().broken, len(store.audit.rows())) == (None, ROWS + 2)
    store.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_apart_that_lags_behind_a_cut_does_not_break_the_chain(workspace: Workspace) -> None:
    """The process was killed between the commit and the keeping of the head; then all was cut by rule."""
    import datetime as dt

    behind = (workspace.path / "jejak.json").read_bytes()
    store = workspace.store()
    store.audit.record("ani", "view", {})
    (workspace.path / "jejak.json").write_bytes(behind)
    for _ in range(2):
        store.audit.cut("ani", dt.date.today() + dt.timedelta(days=1))
        assert store.audit.verify().broken is None
        (workspace.path / "jejak.json").write_bytes(behind)
        assert store.audit.verify().broken is None, "killed once more"
    store.close()


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ("UPDATE audit SET \"user\" = 'x' WHERE id = 5", 5),
        ("DELETE FROM audit WHERE id = 5", 6),
        ("DELETE FROM audit WHERE id > 7", 8),
    ],
)
def test_the_first_row_that_is_not_as_it_was_is_named(workspace: Workspace, change: str, row: int) -> None:
    engine = open_engine(workspace.database_url)
    with writing(engine) as connection:
        connection.execute(text(change))
    engine.dispose()
    assert verdict(workspace).broken == row


def as_it_is(workspace: Workspace, tmp_path: Path) -> Path:
    """A copy of the database file, with everything in it."""
    with closing(sqlite3.connect(workspace.path / DATABASE_FILE)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(shutil.copy(workspace.path / DATABASE_FILE, tmp_path / "lama.db"))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_older_copy_put_back_is_found(workspace: Workspace, tmp_path: Path) -> None:
    """It is signed and whole; only the head kept apart knows better."""
    older = as_it_is(workspace, tmp_path)
    store = workspace.store()
    store.audit.record("ani", "view", {})
    store.close()
    assert verdict(workspace).broken is None
    shutil.copy(older, workspace.path / DATABASE_FILE)
    kept = (workspace.path / "jejak.json").read_bytes()
    assert verdict(workspace).broken == ROWS + 1
    for _ in range(3):
        store = workspace.store()
        store.audit.record("ani", "view", {})
        assert store.audit.verify().broken is not None, "further acts do not heal it"
        store.close()
    assert (workspace.path / "jejak.json").read_bytes() == kept, "the head that knows better is kept"


def test_a_chain_of_another_key_or_another_store_is_not_believed(workspace: Workspace, tmp_path: Path) -> None:
    own = (workspace.path / "kunci.pem").read_bytes()
    other = Key.of(tmp_path)
    (workspace.path / "kunci.pem").write_bytes(other.path.read_bytes())
    assert verdict(workspace).why in ("signature", "head")
    (workspace.path / "kunci.pem").write_bytes(own)
    assert verdict(workspace).broken is None
    (workspace.path / "kunci.pem").write_bytes(b"x")
    with pytest.raises(Refused, match="KEY_DAMAGED"):
        verdict(workspace)


def test_what_a_verification_found_counts_only_while_nothing_is_written(workspace: Workspace) -> None:
    store = workspace.store()
    engine = open_engine(workspace.database_url)
    seen = [store.audit.written()]
    assert store.audit.written() == seen[0]
    store.audit.verify()
    assert store.audit.written() == seen[0], "reading changes nothing"
    for change in (
        "UPDATE audit SET \"user\" = 'x' WHERE id = 5",
        "UPDATE audit SET \"user\" = 'y' WHERE id = 5",
        "UPDATE keadaan SET nilai = nilai || ' ' WHERE nama = 'jejak'",
    ):
        with writing(engine) as connection:
            connection.execute(text(change))
        seen.append(store.audit.written())
    (workspace.path / "jejak.json").write_text("{}")
    seen.append(store.audit.written())
    (workspace.path / "kunci.pem").unlink()
    seen.append(store.audit.written())
    assert len(set(seen)) == len(seen)
    store.close()
    engine.dispose()


def test_the_key_is_its_owners_alone_and_made_once(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "kerja").create()
    place.store().close()
    assert (place.path / "kunci.pem").stat().st_mode & 0o777 == 0o600
    first = Key.of(place.path).fingerprint
    place.store().close()
    assert Key.of(place.path).fingerprint == first


_WRITER = """
import sys
from pathlib import Path
from data.workspace import Workspace

store = Workspace(Path(sys.argv[1])).store()
for at in range(15):
    store.audit.record(sys.argv[2], "view", {"n": at}, sys.argv[2])
store.close()
"""


def test_writers_in_several_processes_keep_one_chain(workspace: Workspace) -> None:
    words = [sys.executable, "-c", _WRITER, str(workspace.path)]
    writers = [subprocess.Popen([*words, f"p{number}"], cwd=ROOT) for number in range(3)]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    found = verdict(workspace)
    assert (found.broken, found.rows) == (None, ROWS + 45)
    store = workspace.store()
    rows = store.audit.rows()
    for name in ("p0", "p1", "p2"):
        mine = [json.loads(what)["n"] for what in rows.loc[rows["user"] == name, "what_json"]]
        assert mine == list(range(15)), "each process's acts are there in its own order"
    assert rows["id"].tolist() == list(range(1, ROWS + 46))
    store.close()


def test_rows_of_before_the_chain_are_chained_and_marked(tmp_path: Path) -> None:
    from data.store.migrate import upgrade

    place = Workspace(tmp_path / "kerja").create()
    engine = open_engine(place.database_url)
    with writing(engine) as connection:
        upgrade(connection, "0010")
        for number in range(4):
            connection.execute(
                text("INSERT INTO audit (at, \"user\", act, what_json) VALUES (:at, 'ani', 'import', '{}')"),
                {"at": f"2025-01-0{number + 1} 00:00:00.000000"},
            )
    engine.dispose()
    store = place.store()
    store.audit.record("budi", "view", {})
    found = store.audit.verify()
    assert (found.broken, found.rows, found.earlier) == (None, 5, 4)
    assert store.audit.rows()["earlier"].astype(bool).tolist() == [True] * 4 + [False]
    store.close()


def test_a_cut_by_rule_leaves_a_chain_that_verifies(workspace: Workspace) -> None:
    import datetime as dt

    store = workspace.store()
    printed = store.audit.head().short
    gone = store.audit.cut("ani", dt.date.today() + dt.timedelta(days=1))
    assert gone == ROWS
    store.audit.record("budi", "view", {})
    found = store.audit.verify()
    assert (found.broken, found.rows, found.head.rows) == (None, 2, ROWS + 2)
    row = store.audit.rows(act="audit_cut").iloc[0]
    assert (row["user"], json.loads(row["what_json"])["rows"]) == ("ani", ROWS)
    assert store.audit.has_head(printed), "the row that a printed list names is the one the cut names"
    assert not store.audit.has_head(f"{ROWS + 1}:0123456789abcdef")
    assert store.audit.cut("ani", dt.date(2020, 1, 1)) == 0
    store.close()


@act(Act.WRITE_NOTE)
def _does_nothing(actor: Actor, store: Store) -> None:
    """An act whose function writes no row of its own."""


@act(Act.FREEZE_LIST)
def _around(actor: Actor, store: Store) -> None:
    _does_nothing(actor, store)


def test_every_act_and_every_refusal_leaves_a_row_with_the_account(workspace: Workspace) -> None:
    store = workspace.store()
    planner = Actor("Ani", "ani@kantor", frozenset({Role.PLANNER}))
    _does_nothing(planner, store)
    with pytest.raises(Refused, match="FORBIDDEN"):
        _around(Actor("Tamu", "tamu", frozenset({Role.PUBLIC})), store)
    _around(owner("Budi", "budi@kantor"), store)
    rows = store.audit.rows().iloc[ROWS:]
    assert rows[["user", "account", "act", "what_json"]].to_numpy().tolist() == [
        ["Ani", "ani@kantor", "tulis_catatan", "{}"],
        ["Tamu", "tamu", "refused", '{"act":"bekukan_daftar"}'],
        ["Budi", "budi@kantor", "tulis_catatan", "{}"],
    ]
    store.close()
