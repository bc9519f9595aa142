"""Real published files, as they are and re-shaped as ministries send them."""

from __future__ import annotations

import io
import time
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from province98 import SHARED

from data.choose import chosen
from data.gazetteer import read_gazetteer
from data.intake.examine import commit, examine, examine_content
from data.intake.examined import Examined
from data.store.store import Store

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the shared development data is not beside this checkout")


MOVED_NAMES = {"53.03.09.2008", "53.06.16.2003"}
"""Two of 3,347 villages whose name of 2020 is today's exact name of a neighbour (Humusu Wini split off, Nobo renamed):
only a table of older names, which comes by file, can tell them from their neighbours.
"""


@pytest.fixture(scope="module")
def ntt(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('ntt') / 'x.db'}")
    store.gazetteer.replace(read_gazetteer())
    return store


def clean(found: Examined, rows: int) -> Examined:
    report = found.report
    assert report.outcome == "ok", (report.reason, report.params, report.errors[:5])
    assert (report.rows_read, report.rows_ok, report.rows_error, report.rows_skipped) == (rows, rows, 0, 0)
    return found


def idm() -> pd.DataFrame:
    return pd.read_csv(SHARED / "figures" / "idm2024_ntt_village.csv", dtype={"kemendagri_code": str})


def test_idm_2024_joins_3137_of_3137_as_it_is(ntt: Store) -> None:
    found = clean(examine("indikator", SHARED / "figures" / "idm2024_ntt_village.csv", ntt), 3137)
    table = found.rows.pivot(index="kode", columns="indikator", values="value")
    assert list(table.columns) == ["idm", "ike", "ikl", "iks"]
    expected = idm().set_index("kemendagri_code")[["idm", "ike", "ikl", "iks"]]
    pd.testing.assert_frame_equal(table, expected.sort_index(), check_names=False)
    assert found.rows["level"].unique().tolist() == ["desa"]


def test_idm_2024_joins_as_the_ministrys_workbook(ntt: Store) -> None:
    source = idm()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("IDM 2024")
    sheet.append(
        [
            "KODE_PROV",
            "NAMA_PROVINSI",
            "KODE_KAB",
            "NAMA_KABUPATEN",
            "KODE_KEC",
            "NAMA_KECAMATAN",
            "KODE_DESA",
            "NAMA_DESA",
            "IKS_2024",
            "IKE_2024",
            "IKL_2024",
            "NILAI_IDM_2024",
            "STATUS_IDM_2024",
            "Keterangan",
        ]
    )
    for at, row in enumerate(source.itertuples()):
        digits = str(row.kemendagri_code).replace(".", "")
        sheet.append(
            [
                53,
                "NUSA TENGGARA TIMUR",
                int(digits[:4]),
                str(row.kab_name).upper(),
                int(digits[:6]),
                row.kec_name,
                int(digits),
                row.name,
                row.iks,
                row.ike,
                row.ikl,
                row.idm,
                row.status,
                "Update 2023" if at % 7 else None,
            ]
        )
    target = io.BytesIO()
    book.save(target)
    began = time.perf_counter()
    found = clean(examine_content("indikator", target.getvalue(), "idm-2024.xlsx", ntt), 3137)
    assert time.perf_counter() - began < 30
    table = found.rows.pivot(index="kode", columns="indikator", values="value")
    assert table["idm"].sum() == pytest.approx(source["idm"].sum())
    assert set(found.rows["period_end"].astype(str)) == {"2024-12-31"}


def test_all_kabupaten_figures_join_and_differing_sources_are_kept(ntt: Store) -> None:
    found = clean(examine("indikator", SHARED / "figures" / "kab_indicators_long.csv", ntt), 960)
    assert found.rows["kode"].nunique() == 22
    assert set(found.rows["level"]) == {"kabupaten"}
    source = pd.read_csv(SHARED / "figures" / "kab_indicators_long.csv")
    assert found.report.totals["nilai"] == pytest.approx(source["value"].sum())
    floor = found.rows[found.rows["indikator"] == "p0_poverty_rate_floor"]
    assert floor["note"].str.contains("truncated").all()


def test_deaths_of_pmi_are_snapshots_of_which_one_a_year_is_used(ntt: Store) -> None:
    found = clean(examine("kasus", SHARED / "figures" / "pmi_deaths_kab.csv", ntt), 142)
    assert found.rows["cumulative"].all()
    assert found.rows["indikator"].unique().tolist() == ["pmi_meninggal"]
    name = commit(found, ntt, "uji")
    used = chosen(ntt.facts.read(jenis="kasus"))
    november = used[used["period_end"] == "2024-11-30"]
    assert november["value"].sum() == 119
    assert not used[used["period_start"].dt.year == 2024].duplicated("kode").any()
    ntt.batches.undo(name, "uji")


def test_kabupaten_tables_with_bps_codes_follow_their_names(ntt: Store) -> None:
    crosswalk = pd.read_csv(SHARED / "codes" / "kab_crosswalk.csv", dtype=str)
    lines = [f"{row.bps_code};{row.name_official};{n + 1},5;2021" for n, row in enumerate(crosswalk.itertuples())]
    content = "Kode;Kabupaten/Kota;Persentase Penduduk Miskin;Tahun\n" + "\n".join(lines)
    found = clean(examine_content("kemiskinan", content.encode(), "bps.csv", ntt), 22)
    assert found.rows["kode"].tolist() == crosswalk["kemendagri_code"].tolist()


def test_village_files_with_bps_codes_never_land_on_other_villages(ntt: Store) -> None:
    """The embedded gazetteer has no BPS codes of villages: names decide, what they do not settle is an error."""
    crosswalk = pd.read_csv(SHARED / "codes" / "village_crosswalk.csv", dtype=str, keep_default_na=False)
    known = crosswalk[crosswalk["bps_code"] != ""].head(800)
    lines = [f"{row.bps_code},{row.name_mfd2020},{row.kec_name},{row.kab_name},1,2023" for row in known.itertuples()]
    content = "iddesa,nmdesa,nmkec,nmkab,jumlah,tahun\n" + "\n".join(lines)
    found = examine_content("kasus", content.encode(), "bps.csv", ntt)
    truth = dict(zip(range(2, len(known) + 2), known["kemendagri_code"], strict=True))
    accepted = dict(zip(found.rows["row"], found.rows["kode"], strict=True))
    wrong = {truth[row] for row, kode in accepted.items() if truth[row] != kode}
    assert wrong <= MOVED_NAMES
    assert len(found.rows) > 700
    assert "CODE_SYSTEM_BPS_BY_NAME" in {issue.reason for issue in found.report.warnings}
    bare = "Kode Desa,Desa,jumlah,tahun\n" + "\n".join(
        f"{row.bps_code},{row.name_mfd2020},1,2023" for row in known.itertuples()
    )
    assert examine_content("kasus", bare.encode(), "bps.csv", ntt).report.reason == "CODE_SYSTEM_MISMATCH"


def test_names_alone_are_right_or_only_proposed(ntt: Store) -> None:
    """BPS's names of 2020 against Kemendagri's of 2025, the official bridge as truth: none accepted wrongly."""
    crosswalk = pd.read_csv(SHARED / "codes" / "village_crosswalk.csv", dtype=str, keep_default_na=False)
    known = crosswalk[crosswalk["name_mfd2020"] != ""]
    lines = [f"{row.name_mfd2020};{row.kec_name};{row.kab_name};1;2023" for row in known.itertuples()]
    content = "Desa;Kecamatan;Kabupaten;Jumlah;Tahun\n" + "\n".join(lines)
    found = examine_content("kasus", content.encode(), "nama.csv", ntt)
    truth = dict(zip(range(2, len(known) + 2), known["kemendagri_code"], strict=True))
    accepted = dict(zip(found.rows["row"], found.rows["kode"], strict=True))
    assert {truth[row] for row, kode in accepted.items() if truth[row] != kode} <= MOVED_NAMES
    best = {proposal.row: proposal.kode for proposal in reversed(found.report.proposals)}
    covered = len(accepted) + sum(truth[row] == kode for row, kode in best.items())
    assert covered / len(known) >= 0.95


def test_figures_of_the_province_stay_at_its_level(ntt: Store) -> None:
    found = clean(examine("indikator", SHARED / "figures" / "ntt_province_series.csv", ntt), 85)
    assert set(found.rows["level"]) == {"provinsi"}


def test_a_file_that_is_not_there_is_not_hidden(ntt: Store, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        examine("kasus", tmp_path / "tiada.csv", ntt)
