"""Crosswalk files: read whole, wrong rows told, nothing of them taken for granted; measured on the real ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from imports import Examine, faults, said, stored
from province98 import SHARED

from data.gazetteer import read_gazetteer
from data.intake.examine import commit, examine, examine_content
from data.intake.examined import Examined
from data.store.store import Store

TABLE = """kode_kemendagri,kode_bps,nama_desa,nama_2018,kode_lama
98.01.01.2001,9802010001,Sukamaju,Kampung Lama,
9801012002,9802010002,Tanah Merah Bukit,Tanah Merah Bukit,98.01.09.2002;98.01.09.2003
98.01.01.2003,,Wae Rebo II,,
"""


def entries(found: Examined) -> set[tuple[str, str, str]]:
    return set(found.rows[["jenis", "nilai", "kode"]].itertuples(index=False, name=None))


def test_a_row_per_village(filled: Store, look: Examine) -> None:
    found = look("padanan", TABLE)
    assert (found.report.outcome, found.report.rows_ok) == ("ok", 3)
    assert entries(found) == {
        ("bps", "9802010001", "98.01.01.2001"),
        ("nama", "Kampung Lama", "98.01.01.2001"),
        ("bps", "9802010002", "98.01.01.2002"),
        ("lama", "98.01.09.2002", "98.01.01.2002"),
        ("lama", "98.01.09.2003", "98.01.01.2002"),
    }
    assert found.report.totals == {"kode_bps": 2, "kode_lama": 2, "nama_lama": 1}
    before = filled.table_hashes()
    batch = commit(found, filled, "ani")
    named = look("kasus", "Desa;Kecamatan;Kabupaten;Jumlah Kasus TPPO;Tahun\nKampung Lama;Bukit Batu;Lontar;1;2024\n")
    assert stored(named) == {("98.01.01.2001", "tppo"): 1}
    filled.batches.undo(batch, "ani")
    assert filled.table_hashes() == before


def test_a_row_per_retired_code(look: Examine) -> None:
    found = look(
        "padanan",
        "old_code,old_name,successor\n98.01.09.2001,Desa Satu,98.01.01.2001\n98.01.09.2002,Desa Dua,"
        "98.01.01.2002|98.01.02.2002\n98.01.09.2003,Desa Tiga,\n",
    )
    assert entries(found) == {
        ("lama", "98.01.09.2001", "98.01.01.2001"),
        ("nama", "Desa Satu", "98.01.01.2001"),
        ("lama", "98.01.09.2002", "98.01.01.2002"),
        ("lama", "98.01.09.2002", "98.01.02.2002"),
        ("lama", "98.01.09.2003", ""),
    }
    assert {"RETIRED_SEVERAL", "RETIRED_NO_SUCCESSOR"} <= said(found)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("98.01.01.2999,9802010009,Desa Baru,,", "UNKNOWN_CODE"),
        ("11.01.01.2001,1101010001,Desa Baru,,", "OUTSIDE_PROVINCE"),
        ("98.01.01,9802010,Bukit Batu,,", "WRONG_LEVEL"),
        ("98.01.01.2004,98020100,Oesapa,,", "BAD_CODE"),
        ("98.01.01.2004,9801010004,Oesapa,,", "NAME_CODE_MISMATCH"),
        ("98.01.01.2004,9802010004,Sukamaju,,", "NAME_CODE_MISMATCH"),
        ("98.01.01.2004,9802010001,Oesapa,,", "DUPLICATE_KEY"),
        ("98.01.01.2001,9802010044,Sukamaju,,", "DUPLICATE_KEY"),
        ("98.01.01.2004,9802010004,Oesapa,,12", "BAD_CODE"),
        (",9802010004,Oesapa,,", "BAD_CODE"),
        ('98.01.01.2004,"9,80E+09",Oesapa,,', "CODE_PRECISION_LOST"),
    ],
)
def test_wrong_rows_are_told(look: Examine, row: str, reason: str) -> None:
    found = look("padanan", TABLE + row + "\n")
    assert (5, reason) in faults(found)
    assert {at for at, _ in faults(found)} <= {2, 5}
    assert 5 not in set(found.rows["row"])


def test_codes_of_the_other_system_are_not_taken_for_ours(look: Examine) -> None:
    """BPS codes in the column of ours: valid codes of other villages, betrayed by the names beside them."""
    swapped = "kode,kode_bps,nama_2018\n" + "".join(
        f"98.02.01.200{n},98.01.01.200{n},{name}\n" for n, name in enumerate(("Kelapa", "Lontara", "Jati Luhur"), 1)
    )
    assert look("padanan", swapped).report.reason == "CODE_SYSTEM_MISMATCH"


def test_what_no_crosswalk_is(look: Examine) -> None:
    assert look("padanan", "kode,desa\n98.01.01.2001,Sukamaju\n").report.params == {"field": "kode_bps"}
    assert look("padanan", "kode_bps,nama\n9802010001,Sukamaju\n").report.reason == "MISSING_COLUMN"
    assert look("padanan", "kode,kode_bps\n98.01.01.2001,\n").report.reason == "NO_ROWS"
    assert look("padanan", "kode,kode_bps,NIK\n98.01.01.2001,9802010001,1\n").report.reason == "PII_COLUMN"


def test_a_code_still_in_use_is_not_retired(look: Examine) -> None:
    found = look("padanan", "kode,kode_lama,nama_lama\n98.01.01.2001,98.01.01.2002,Kampung\n")
    assert entries(found) == {("nama", "Kampung", "98.01.01.2001")}
    assert "RETIRED_STILL_USED" in said(found)


# -- the real crosswalk, as issue and interface name it ------------------------------------------------------------


@pytest.fixture(scope="module")
def codes(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "codes" / "village_crosswalk.csv", dtype=str, keep_default_na=False)


def measured(store: Store, codes: pd.DataFrame) -> tuple[float, list[str], float]:
    """Share accepted, villages accepted wrongly, share covered by accepted plus top proposal: BPS's names of 2020."""
    known = codes[codes["name_mfd2020"] != ""]
    lines = [f"{row.name_mfd2020};{row.kec_name};{row.kab_name};1;2023" for row in known.itertuples()]
    content = "Desa;Kecamatan;Kabupaten;Jumlah;Tahun\n" + "\n".join(lines)
    found = examine_content("kasus", content.encode(), "nama.csv", store)
    truth = dict(zip(range(2, len(known) + 2), known["kemendagri_code"], strict=True))
    accepted = dict(zip(found.rows["row"], found.rows["kode"], strict=True))
    wrong = [str(truth[row]) for row, kode in accepted.items() if truth[row] != kode]
    best = {one.row: one.kode for one in reversed(found.report.proposals)}
    covered = len(accepted) - len(wrong) + sum(truth[row] == kode for row, kode in best.items())
    return len(accepted) / len(known), wrong, covered / len(known)


def test_measured_yardstick_of_names(tmp_path: Path, codes: pd.DataFrame) -> None:
    """Without older names two of 3,347 go wrong (names that moved to a neighbour); with them none does."""
    store = Store.open(f"sqlite:///{tmp_path / 'x.db'}")
    store.gazetteer.replace(read_gazetteer())
    share, wrong, covered = measured(store, codes)
    assert (share > 0.94, len(wrong) <= 2, covered > 0.995) == (True, True, True)
    for name, rows in (("village_crosswalk.csv", 3442), ("village_codes_retired.csv", 116)):
        found = examine("padanan", SHARED / "codes" / name, store)
        assert (found.report.outcome, found.report.rows_ok) == ("ok", rows), found.report.errors[:5]
        commit(found, store, "ani")
    share, wrong, covered = measured(store, codes)
    assert (share > 0.99, wrong, covered > 0.995) == (True, [], True)
    known = codes[codes["bps_code"] != ""]
    names = known["name_mfd2020"].where(known["name_mfd2020"] != "", known["name_2025"])
    lines = [f"{code},{name},1,2023" for code, name in zip(known["bps_code"], names, strict=True)]
    coded = examine_content("kasus", ("Kode,Desa,Jumlah,Tahun\n" + "\n".join(lines)).encode(), "b.csv", store)
    told = [issue.row - 2 for issue in coded.report.errors if issue.row and issue.reason == "NAME_CODE_MISMATCH"]
    # Code and older name fit, but the name is a neighbour's today: an error, as without the crosswalk.
    assert known["kemendagri_code"].iloc[told].tolist() == ["53.03.09.2008", "53.06.16.2003"]
    assert coded.rows["kode"].tolist() == known["kemendagri_code"].drop(known.index[told]).tolist()
    store.close()
