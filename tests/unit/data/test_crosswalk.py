"""Older names, BPS codes, retired codes and confirmed names in the intake."""

from __future__ import annotations

import pandas as pd
import pytest
from imports import Examine, faults, said, stored

from data.batches import BatchMeta
from data.store.store import Store

NAMES = "Desa;Kecamatan;Kabupaten;Jumlah Kasus TPPO;Tahun\n{};Bukit Batu;Kab. Lontar;3;2024\n"


def load(store: Store, *rows: tuple[str, str, str]) -> str:
    return store.records.commit(
        BatchMeta("padanan", "uji"), pd.DataFrame(rows, columns=["jenis", "nilai", "kode"]), expected=None
    )


def test_an_older_name_is_read_and_said(filled: Store, look: Examine) -> None:
    assert faults(look("kasus", NAMES.format("Kampung Lama"))) == [(2, "AMBIGUOUS_NAME")]
    batch = load(filled, ("nama", "KAMPUNG LAMA", "98.01.01.2001"))
    found = look("kasus", NAMES.format("Kampung Lama"))
    assert stored(found) == {("98.01.01.2001", "tppo"): 3}
    assert "OLDER_NAME" in said(found)
    coded = "Kode Desa;Desa;Jumlah Kasus TPPO;Tahun\n98.01.01.2001;Kampung Lama;3;2024\n"
    assert "NAME_SPELLING" in said(look("kasus", coded))
    filled.batches.undo(batch, "ani")
    assert faults(look("kasus", NAMES.format("Kampung Lama"))) == [(2, "AMBIGUOUS_NAME")]
    assert faults(look("kasus", coded)) == [(2, "NAME_CODE_MISMATCH")]


@pytest.mark.parametrize("owner", ["98.01.01.2003", "98.01.02.2002"])
def test_an_older_name_that_is_anothers_name_today_is_only_proposed(filled: Store, look: Examine, owner: str) -> None:
    """``Sukamaju`` is 98.01.01.2001 today; was it, in this file, the village that bore the name before?"""
    load(filled, ("nama", "Sukamaju", owner))
    inside = owner.startswith("98.01.01")
    found = look("kasus", NAMES.format("Sukamaju"))
    if inside:
        assert faults(found) == [(2, "AMBIGUOUS_NAME")]
        assert {one.kode for one in found.report.proposals} == {"98.01.01.2001", owner}
    else:
        # Its kecamatan settles it.
        assert stored(found) == {("98.01.01.2001", "tppo"): 3}


def test_an_older_name_owned_today_in_another_kecamatan_is_only_proposed(filled: Store, look: Examine) -> None:
    load(filled, ("nama", "Tanah Merah Pantai", "98.01.01.2003"))
    found = look("kasus", NAMES.format("Tanah Merah Pantai"))
    assert faults(found) == [(2, "AMBIGUOUS_NAME")]
    assert {one.kode for one in found.report.proposals} == {"98.01.01.2003", "98.01.02.2002"}


def test_bps_and_retired_codes_of_the_crosswalk_lead_to_their_villages(filled: Store, look: Examine) -> None:
    load(
        filled,
        ("bps", "9855001001", "98.01.01.2001"),
        ("bps", "9855001002", "98.01.01.2002"),
        ("lama", "98.01.09.2009", "98.01.01.2003"),
        ("lama", "98.01.09.2010", "98.01.01.2001"),
        ("lama", "98.01.09.2010", "98.01.02.2001"),
        ("lama", "98.01.09.2011", ""),
    )
    header = "Kode Desa;Desa;Kabupaten;Jumlah Kasus TPPO;Tahun\n"
    found = look("kasus", header + "9855001001;Sukamaju;Lontar;1;2024\n9855001002;Tanah Merah Bukit;Lontar;2;2024\n")
    assert stored(found) == {("98.01.01.2001", "tppo"): 1, ("98.01.01.2002", "tppo"): 2}
    assert "CODE_SYSTEM_BPS" in said(found)
    found = look("kasus", "Kode Desa;Jumlah Kasus TPPO;Tahun\n98.01.09.2009;4;2024\n")
    assert stored(found) == {("98.01.01.2003", "tppo"): 4}
    assert "RETIRED_CODE" in said(found)
    found = look("kasus", "Kode Desa;Jumlah Kasus TPPO;Tahun\n98.01.09.2010;4;2024\n98.01.09.2011;4;2024\n")
    assert faults(found) == [(2, "UNKNOWN_CODE"), (3, "UNKNOWN_CODE")]
    assert [(one.row, one.kode, one.kunci) for one in found.report.proposals] == [
        (2, "98.01.01.2001", ""),
        (2, "98.01.02.2001", ""),
    ]


def test_a_bps_code_claimed_for_two_villages_is_nobodys(filled: Store, look: Examine) -> None:
    load(filled, ("bps", "9855001001", "98.01.01.2001"), ("bps", "9855001001", "98.01.01.2003"))
    found = look("kasus", "Kode BPS;Jumlah Kasus TPPO;Tahun\n9855001001;1;2024\n")
    assert found.rows.empty


def test_a_confirmed_name_is_used_where_it_was_confirmed(filled: Store, look: Examine) -> None:
    proposal = look("kasus", NAMES.format("Sukajaya")).report.proposals[0]
    assert (proposal.kode, proposal.lingkup, proposal.kunci) == ("98.01.01.2001", "98.01.01", "sukajaya")
    number = filled.names.remember("Sukajaya", proposal.kunci, "98.01.01.2004", proposal.lingkup, "polres", "ani")
    found = look("kasus", NAMES.format("SUKA JAYA"), source="Polres")
    assert stored(found) == {("98.01.01.2004", "tppo"): 3}
    assert "ALIAS_USED" in said(found)
    assert faults(look("kasus", NAMES.format("Sukajaya"), source="BPS")) == [(2, "AMBIGUOUS_NAME")]
    elsewhere = NAMES.format("Sukajaya").replace("Bukit Batu", "Pantai Timur")
    assert faults(look("kasus", elsewhere, source="Polres")) == [(2, "AMBIGUOUS_NAME")]
    filled.names.forget(number, "ani")
    assert faults(look("kasus", NAMES.format("Sukajaya"), source="Polres")) == [(2, "AMBIGUOUS_NAME")]


def test_a_village_of_an_unknown_kecamatan_is_remembered_with_it(filled: Store, look: Examine) -> None:
    wrong = NAMES.format("Sukamaju").replace("Bukit Batu", "Gunung Karang")
    proposal = look("kasus", wrong).report.proposals[0]
    assert (proposal.lingkup, proposal.kunci) == ("98.01", "gunungkarang/sukamaju")
    filled.names.remember("Sukamaju", proposal.kunci, "98.01.02.2001", proposal.lingkup, "", "ani")
    assert stored(look("kasus", wrong)) == {("98.01.02.2001", "tppo"): 3}
    assert stored(look("kasus", NAMES.format("Sukamaju"))) == {("98.01.01.2001", "tppo"): 3}
