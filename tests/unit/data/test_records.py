"""Records beside the facts, and what people confirmed: stored whole, taken back whole, audited."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.batches import BatchMeta
from data.errors import Refused, WrongUse
from data.store.store import Store

FRAMES = {
    "padanan": pd.DataFrame(
        {"jenis": ["bps", "nama"], "nilai": ["9802010001", "suka maju"], "kode": ["98.01.01.2001"] * 2}
    ),
    "titik": pd.DataFrame(
        {"nama": ["LTSA"], "jenis": ["ltsa"], "kode": [""], "lon": [120.5], "lat": [-9.25], "source": ["x"], "row": [2]}
    ),
    "sesi": pd.DataFrame(
        {
            "kode": ["98.01.01.2001"],
            "tanggal": [dt.date(2025, 3, 4)],
            "topik": [""],
            "khalayak": [""],
            "peserta": [30.0],
            "pre": [41.5],
            "source": ["x"],
            "row": [2],
        }
    ),
}


@pytest.mark.parametrize("kind", list(FRAMES))
def test_records_come_back_and_are_taken_back(filled: Store, kind: str) -> None:
    before = filled.table_hashes(), filled.input_version()
    name = filled.records.commit(BatchMeta(kind, "uji"), FRAMES[kind])
    found = filled.records.read(kind)
    assert found["batch"].unique().tolist() == [name]
    for column in FRAMES[kind]:
        assert found[column].tolist() == FRAMES[kind][column].tolist()
    if kind == "sesi":
        assert pd.isna(found["peserta_l"].iloc[0])
        assert pd.isna(found["post"].iloc[0])
    assert filled.table_hashes()[kind] != before[0][kind]
    filled.batches.undo(name, "ani")
    assert filled.records.read(kind).empty
    assert (filled.table_hashes(), filled.input_version()) == before


def test_records_are_refused_when_the_data_changed_in_between(filled: Store) -> None:
    seen = filled.input_version()
    filled.records.commit(BatchMeta("titik", "uji"), FRAMES["titik"], expected=seen)
    with pytest.raises(Refused, match="DATA_CHANGED"):
        filled.records.commit(BatchMeta("titik", "uji"), FRAMES["titik"], expected=seen)
    with pytest.raises(ValueError, match="lon"):
        filled.records.commit(BatchMeta("titik", "uji"), FRAMES["titik"].drop(columns="lon"))
    assert len(filled.records.read("titik")) == 1


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.permutations(range(6)))
def test_undo_in_any_order_brings_every_table_back(filled: Store, order: list[int]) -> None:
    before = filled.table_hashes()
    names = [
        filled.records.commit(BatchMeta(kind, f"uji {turn}"), frame)
        for turn in (1, 2)
        for kind, frame in FRAMES.items()
    ]
    for position in order:
        filled.batches.undo(names[position], "ani")
    assert filled.table_hashes() == before


def test_a_confirmed_name_is_kept_replaced_and_forgotten(filled: Store) -> None:
    before = filled.table_hashes()
    filled.names.remember("Suka Maju Lama", "sukamajulama", "98.01.01.2001", "98.01.01", "polres", "ani")
    number = filled.names.remember("Sukamaju lama", "sukamajulama", "98.01.01.2002", "98.01.01", "polres", "budi")
    kept = filled.names.all()
    assert kept[["teks", "kode", "user"]].values.tolist() == [["Sukamaju lama", "98.01.01.2002", "budi"]]
    filled.names.forget(number, "cici")
    assert filled.names.all().empty
    assert filled.table_hashes() == before
    acts = filled.audit.trail()
    assert acts["act"].head(3).tolist() == ["forget_alias", "remember_alias", "remember_alias"]
    assert acts["user"].iloc[0] == "cici"
    with pytest.raises(WrongUse, match="UNKNOWN_ALIAS"):
        filled.names.forget(number, "cici")


def test_remembered_columns_are_kept_replaced_and_forgotten(filled: Store) -> None:
    state = filled.state_key()
    filled.columns.remember("kasus", "polres", "a" * 64, {"nilai": "Banyaknya"}, "ani")
    number = filled.columns.remember("kasus", "polres", "a" * 64, {"nilai": "Jml LP"}, "ani")
    assert filled.state_key() != state
    assert filled.columns.all()["kolom"].tolist() == [{"nilai": "Jml LP"}]
    filled.columns.forget(number, "ani")
    assert filled.columns.all().empty
    with pytest.raises(WrongUse, match="UNKNOWN_MAPPING"):
        filled.columns.forget(number, "ani")
