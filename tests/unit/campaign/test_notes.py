"""Notes of colleagues: kept as written, refused when they hold personal data, no part of what a score is made from."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.office.notes import LONGEST, notes_of, write_note
from campaign.reading.snapshot import Snapshot
from data.domain.actor import owner
from data.errors import PetaAmanError
from data.workspace import Workspace
from tests.stand_ins import as_store

KEWAR = "53.04.01.2001"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hubungi 0812 3456 7890 untuk jadwal", "NOTE_PERSONAL"),
        ("NIK 5304010101900001", "NOTE_PERSONAL"),
        ("kirim ke yosef@contoh.id saja", "NOTE_PERSONAL"),
        ("sdr. Yosef Bere minta jadwal", "NOTE_PERSONAL"),
        ("desa rawan", "STIGMA"),
        ("a", "NOTE_LENGTH"),
        ("panjang " * 80, "NOTE_LENGTH"),
    ],
)
def test_a_note_with_personal_data_or_a_mark_on_the_village_is_not_kept(
    demo_copy: Workspace, text: str, reason: str
) -> None:
    store = demo_copy.store()
    with pytest.raises(PetaAmanError) as refused:
        write_note(owner("Bidang Penempatan"), store, KEWAR, text)
    assert refused.value.reason == reason
    assert store.notes.all() == []
    assert not any(word in json.dumps(refused.value.params) for word in ("3456", "5304010101", "yosef", "Yosef"))
    store.close()


def test_a_note_is_kept_told_and_taken_off_and_leaves_the_score_alone(demo_copy: Workspace) -> None:
    store = demo_copy.store()
    before = store.input_version()
    number = write_note(owner("Bidang Penempatan"), store, KEWAR, "Jadwal  setelah\npanen {{7*7}} <b>")
    snapshot = Snapshot.load(demo_copy, store)
    (note,) = notes_of(snapshot.notes, KEWAR)
    assert (note.teks, note.oleh) == ("Jadwal setelah panen {{7*7}} <b>", "Bidang Penempatan")
    assert notes_of(snapshot.notes, "53.01") == []
    assert snapshot.current
    assert store.input_version() == before
    store.notes.remove(number, user="x")
    assert store.notes.all() == []
    with pytest.raises(PetaAmanError) as gone:
        store.notes.remove(number, user="x")
    assert gone.value.reason == "NOTE_UNKNOWN"
    store.close()


class Kept:
    """A store that only listens."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.notes = self

    def add(self, kode: str, text: str, **_: Any) -> int:
        self.said.append(text)
        return len(self.said)


@given(st.text(max_size=LONGEST + 50))
def test_what_is_kept_is_one_line_of_at_most_five_hundred_signs(text: str) -> None:
    store = Kept()
    with contextlib.suppress(PetaAmanError):
        write_note(owner("Dinas"), as_store(store), KEWAR, text)
    assert all(3 <= len(said) <= LONGEST and said.isprintable() for said in store.said)


def test_the_command_lists_writes_and_deletes(demo_copy: Workspace, peta_aman: Any) -> None:
    code, made, _ = peta_aman(
        "notes", "add", KEWAR, "Jadwal setelah panen", "--user", "Disnaker", "--json", workspace=demo_copy
    )
    assert code == 0
    code, told, said = peta_aman("notes", "list", KEWAR, "--json", workspace=demo_copy)
    assert code == 0
    assert [(one["teks"], one["oleh"]) for one in told["notes"]] == [("Jadwal setelah panen", "Disnaker")]
    assert "Kewar" in said
    assert peta_aman("notes", "add", KEWAR, "telepon 081234567890", "--json", workspace=demo_copy)[0] == 4
    assert peta_aman("notes", "add", "53.99", "halo semua", "--json", workspace=demo_copy)[0] == 2
    assert peta_aman("notes", "remove", str(made["id"]), "--json", workspace=demo_copy)[0] == 0
    assert peta_aman("notes", "list", "--json", workspace=demo_copy)[1]["notes"] == []
