"""What villages answer: typed in by the code of their sheet, decided once, done by an import, taken up by documents."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

import pytest

from campaign.documents.briefing.facts import briefing_facts
from campaign.documents.listing.meta import list_meta
from campaign.handover.lists import listed
from campaign.reading.snapshot import Snapshot
from campaign.sessions.replies import Tally, decide, finish, held, import_of, propose, tally
from campaign.sessions.sheet_code import sheet_code
from data.batches import BatchMeta
from data.domain.actor import owner
from data.errors import PetaAmanError
from data.workspace import DATABASE_FILE
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE


@pytest.fixture
def snapshot(planned: Planned) -> Snapshot:
    return Snapshot.load(planned.workspace, planned.store)


@pytest.fixture
def code(planned: Planned) -> str:
    return sheet_code(planned.plan["villages"][0]["kode"], planned.plan["version"])


def refused(act: Any, *words: Any, **named: Any) -> str:
    with pytest.raises(PetaAmanError) as caught:
        act(*words, **named)
    return caught.value.reason


def test_what_a_sheet_says_is_wrong_becomes_requests_of_that_village_and_list(
    planned: Planned, snapshot: Snapshot, code: str
) -> None:
    numbers = propose(
        owner("Petugas Data"), planned.store, snapshot, code.lower(), {"pulau": " Semau ", "lain": "sinyal di bukit"}
    )
    rows = {row.id: row for row in planned.store.requests.all()}
    assert sorted(rows) == numbers
    first = rows[numbers[0]]
    assert (first.kode, first.versi) == (planned.plan["villages"][0]["kode"], planned.plan["version"])
    assert (first.nilai_lama, first.nilai_baru, first.status) == ("Timor", "Semau", "diajukan")
    acts = planned.store.audit.trail()
    assert acts["act"].tolist()[:2] == ["perbaikan.diajukan"] * 2
    assert "Semau" not in " ".join(acts["what_json"]), "the audit holds no cell of what was typed"


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({}, "REPLY_EMPTY"),
        ({"kasus": "3"}, "REPLY_UNKNOWN"),
        ({"pulau": "timor"}, "REPLY_SAME"),
        ({"lain": "dua warga jadi korban"}, "REPLY_EVENTS"),
        ({"lain": "Ada CALO di pasar"}, "REPLY_EVENTS"),
        ({"pulau": "Semau", "lain": "hubungi 0812 3456 7890"}, "PII_VALUE"),
        ({"lain": "petugas a.n. Maria Bere"}, "PII_VALUE"),
        ({"lain": "rumah Ibu Maria dekat balai"}, "REPLY_EVENTS"),
        ({"lain": "ini bukan zona merah"}, "STIGMA"),
        ({"lain": "x" * 201}, "REASON_LONG"),
    ],
)
def test_events_people_marks_and_nothing_new_are_not_kept(
    planned: Planned, snapshot: Snapshot, code: str, wrong: dict[str, str], reason: str
) -> None:
    assert refused(propose, owner("x"), planned.store, snapshot, code, wrong) == reason
    assert planned.store.requests.all() == []
    for text in wrong.values():
        if reason == "PII_VALUE" and re.search(r"\d{4}|Maria", text):
            planned.store.close()
            with sqlite3.connect(planned.workspace.path / DATABASE_FILE) as base:
                assert text not in "\n".join(base.iterdump()), "nothing of it is on the disk"


def test_a_line_is_asked_for_once_a_sheet(planned: Planned, snapshot: Snapshot, code: str) -> None:
    propose(owner("x"), planned.store, snapshot, code, {"pulau": "Semau"})
    again = {"lain": "jembatan putus", "pulau": "Rote"}
    assert refused(propose, owner("x"), planned.store, snapshot, code, again) == "REQUEST_TWICE"
    assert len(planned.store.requests.all()) == 1, "all of a sheet or nothing"


def test_a_request_is_decided_once_and_a_rejection_has_a_reason(
    planned: Planned, snapshot: Snapshot, code: str
) -> None:
    (number,) = propose(owner("x"), planned.store, snapshot, code, {"pulau": "Semau"})
    assert refused(decide, owner("Kabid"), planned.store, number, accept=False, reason="tidak") == "REASON_SHORT"
    assert refused(decide, owner("Kabid"), planned.store, 99, accept=True) == "REQUEST_UNKNOWN"
    decide(owner("Kabid"), planned.store, number, accept=False, reason="peta resmi berkata lain")
    row = planned.store.requests.all()[0]
    assert (row.status, row.alasan, row.diputus_oleh) == ("ditolak", "peta resmi berkata lain", "Kabid")
    assert row.diputus_saat is not None
    assert refused(decide, owner("Kabid"), planned.store, number, accept=True) == "REQUEST_DECIDED"
    assert refused(finish, owner("x"), planned.store, snapshot, number, "B1") == "REQUEST_NOT_ACCEPTED"


def test_an_accepted_one_is_to_do_until_an_import_brings_it_and_again_when_that_is_undone(
    planned: Planned, snapshot: Snapshot, code: str
) -> None:
    store = planned.store
    people, other = propose(owner("x"), store, snapshot, code, {"angka.penduduk": "6500", "lain": "jembatan putus"})
    for number in (people, other):
        decide(owner("Kabid"), store, number, accept=True)
    assert import_of("angka.penduduk", snapshot) == "indikator"
    assert tally(store) == Tally(accepted=1, done=1), "what no import is for needs nothing more"
    wrong_kind = store.batches.all().query("jenis == 'batas'")["batch"].iloc[0]
    assert refused(finish, owner("x"), store, snapshot, people, wrong_kind) == "REQUEST_OTHER_KIND"
    assert refused(finish, owner("x"), store, snapshot, people, "B-tidak-ada") == "UNKNOWN_BATCH"
    facts = store.facts.read(jenis="indikator").head(1)[["indikator", "level", "kode", "period_start", "period_end"]]
    meta = BatchMeta(jenis="indikator", file_name="desa.csv", sha256="0" * 64, source=f"Lembar {code}", user="x")
    batch = store.facts.commit(meta, facts.assign(value=6500.0, unit="orang", row=2))
    finish(owner("x"), store, snapshot, people, batch)
    assert tally(store) == Tally(done=2)
    store.batches.undo(batch, "x")
    assert tally(store) == Tally(accepted=1, done=1)


def test_documents_say_how_many_wait(planned: Planned, snapshot: Snapshot, code: str) -> None:
    target_list = listed(planned.store, planned.plan, today=MADE)
    before = dict(list_meta(target_list, planned.store))
    assert before["Usulan perbaikan dari desa"] == "belum ada usulan dari desa"
    number, _ = propose(owner("x"), planned.store, snapshot, code, {"pulau": "Semau", "jarak": "30 km"})
    decide(owner("Kabid"), planned.store, number, accept=True)
    said = dict(list_meta(target_list, planned.store))["Usulan perbaikan dari desa"]
    assert said.startswith("1 menunggu keputusan, 1 diterima tetapi belum masuk data")
    assert any(
        "1 belum diputuskan, 1 diterima" in gap for gap in briefing_facts(snapshot, planned.store, target_list).gaps
    )


def test_a_sheet_holds_services_and_conditions_only(planned: Planned, snapshot: Snapshot) -> None:
    for row in planned.plan["villages"]:
        lines = held(snapshot, row["kode"])
        keys = [line.hal for line in lines]
        assert len(keys) == len(set(keys))
        assert {key.partition(".")[0] for key in keys} <= {"status", "pulau", "jarak", "angka", "layanan", "sesi"}
        assert not any(
            re.search(r"kasus|tppo|meninggal|skor|prioritas", line.hal + line.label.casefold()) for line in lines
        )
