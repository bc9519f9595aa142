"""The gazetteer: NTT's is whole, and a file with mistakes is refused with the place of each."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import PetaAmanError, Refused, RowErrors
from data.gazetteer import EMBEDDED, read_gazetteer
from data.store.parts.gazetteer import GAZETTEER_COLUMNS
from words import has, t

HEADER = "kode,kode_bps,nama,jenis,kode_kec,kecamatan,kode_kab,kabupaten,penduduk,kode_lama,lon,lat\n"
GOOD = "53.01.04.2003,,Bokonusan,desa,53.01.04,Semau,53.01,Kabupaten Kupang,812,,123.38,-10.23\n"


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "gazetir.csv"
    path.write_bytes(text.encode(encoding))
    return path


def assert_said(reason: str, params: dict[str, Any]) -> None:
    """The catalogue has a sentence for the reason, in both languages, and its values fill it."""
    key = next(key for key in (f"intake.{reason}", f"galat.{reason}") if has(key))
    for lang in ("id", "en"):
        assert t(key, lang, **params)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        read_gazetteer(tmp_path / "tidak-ada.csv")
    assert_said(caught.value.reason, caught.value.params)
    assert caught.value.params["path"] == "tidak-ada.csv"


def test_ntt_has_every_village_once(ntt: pd.DataFrame) -> None:
    assert len(ntt) == ntt["kode"].nunique() == 3442
    assert ntt["kode_kec"].nunique() == 315
    assert ntt["kode_kab"].nunique() == 22
    assert set(ntt["kode_prov"]) == {"53"}
    assert ntt["jenis"].value_counts().to_dict() == {"desa": 3137, "kelurahan": 305}
    assert ntt["kode"].is_monotonic_increasing
    assert tuple(ntt.columns) == GAZETTEER_COLUMNS


def test_every_village_has_a_point_and_its_precision_is_said(ntt: pd.DataFrame) -> None:
    assert ntt["lon"].between(118.9, 125.3).all()
    assert ntt["lat"].between(-11.1, -7.7).all()
    assert ntt["presisi_titik"].value_counts().to_dict() == {"desa": 3353, "kecamatan": 89}
    assert not ntt.duplicated(["lon", "lat"]).any()
    # villages of unknown place stand close to the middle of their own kecamatan
    known = ntt[ntt["presisi_titik"] == "desa"].groupby("kode_kec")[["lon", "lat"]].median()
    guessed = ntt[ntt["presisi_titik"] == "kecamatan"].join(known, on="kode_kec", rsuffix="_mid")
    assert (np.hypot(guessed["lon"] - guessed["lon_mid"], guessed["lat"] - guessed["lat_mid"]) < 0.03).all()


def test_retired_codes_are_really_retired(ntt: pd.DataFrame) -> None:
    retired = ntt.loc[ntt["kode_lama"] != "", "kode_lama"]
    assert len(retired) == retired.nunique() == 78
    assert not retired.isin(ntt["kode"]).any()
    bitefa = ntt.set_index("kode").loc["53.03.01.2006"]
    assert (bitefa["nama"], bitefa["kode_lama"]) == ("Bitefa", "53.03.01.1006")


def test_ntt_agrees_with_the_published_crosswalk(ntt: pd.DataFrame, shared: Path) -> None:
    published = (
        pd.read_csv(shared / "codes" / "village_crosswalk.csv", dtype=str)
        .set_index("kemendagri_code")
        .reindex(ntt["kode"])
    )
    for ours, theirs in {
        "nama": "name_2025",
        "jenis": "unit",
        "kecamatan": "kec_name",
        "kabupaten": "kab_name",
    }.items():
        assert (ntt[ours].to_numpy() == published[theirs].to_numpy()).all()
    retired = pd.read_csv(shared / "codes" / "village_codes_retired.csv", dtype=str)
    successors = retired.set_index("old_kemendagri_code")["successor_candidates_same_name_same_kab"]
    for row in ntt[ntt["kode_lama"] != ""].itertuples():
        assert row.kode in successors[str(row.kode_lama)].split("|")


def test_unknown_cells_stay_unknown(tmp_path: Path) -> None:
    frame = read_gazetteer(write(tmp_path, HEADER + GOOD.replace("812", "").replace("123.38,-10.23", ",")))
    assert frame[["penduduk", "lon", "lat", "elevasi"]].isna().all(axis=None)
    assert frame["presisi_titik"].tolist() == [""]


def test_semicolons_a_byte_order_mark_and_plain_codes_are_understood(tmp_path: Path) -> None:
    text = (HEADER + GOOD).replace(",", ";").replace("53.01.04.2003", "5301042003")
    frame = read_gazetteer(write(tmp_path, text, "utf-8-sig"))
    assert frame["kode"].tolist() == ["53.01.04.2003"]
    assert frame["penduduk"].tolist() == [812.0]


@pytest.mark.parametrize(
    ("old", "new", "column", "reason"),
    [
        ("53.01.04.2003", "53.01.04.203", "kode", "BAD_CODE"),
        ("53.01.04.2003", "53.01.04", "kode", "WRONG_LEVEL"),
        ("53.01.04,Semau", "53.01.05,Semau", "kode_kec", "NAME_CODE_MISMATCH"),
        ("Bokonusan", "  ", "nama", "MISSING_VALUE"),
        ("Bokonusan", "Boko\u202enusan", "nama", "CONTROL_CHAR"),
        ("Bokonusan", "B" * 121, "nama", "TOO_LONG"),
        ("desa", "dusun", "jenis", "OUT_OF_RANGE"),
        ("812", "-1", "penduduk", "NEGATIVE"),
        ("812", "1.234.567", "penduduk", "NOT_A_NUMBER"),
        ("812", "nan", "penduduk", "NOT_A_NUMBER"),
        ("123.38,-10.23", "-10.23,123.38", "lon", "AXIS_SWAPPED"),
        ("123.38,-10.23", "123.38,", "lat", "COORD_MISSING"),
        ("123.38,-10.23", "12338,-10.23", "lon", "OUT_OF_RANGE"),
        ("2003,,Boko", "2003,53 1042,Boko", "kode_bps", "BAD_CODE"),
    ],
)
def test_each_mistake_is_named_with_its_row_and_column(
    tmp_path: Path, old: str, new: str, column: str, reason: str
) -> None:
    second = GOOD.replace("2003", "2004").replace("Bokonusan", "Otan")
    assert old in GOOD
    with pytest.raises(RowErrors) as caught:
        read_gazetteer(write(tmp_path, HEADER + second + GOOD.replace(old, new, 1)))
    issue = caught.value.params["errors"][0]
    assert (issue.row, issue.column, issue.reason) == (3, column, reason)
    assert_said(issue.reason, issue.params)
    assert_said(caught.value.reason, caught.value.params)


def test_all_mistakes_are_listed_not_the_first(tmp_path: Path) -> None:
    rows = GOOD + GOOD + GOOD.replace("2003", "2004").replace("Semau", "Semao").replace("812", "x")
    with pytest.raises(RowErrors) as caught:
        read_gazetteer(write(tmp_path, HEADER + rows))
    assert [(issue.row, issue.reason) for issue in caught.value.params["errors"]] == [
        (3, "DUPLICATE_KEY"),
        (4, "NOT_A_NUMBER"),
        (4, "NAME_CODE_MISMATCH"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "EMPTY_FILE"),
        ("\n \n", "EMPTY_FILE"),
        (HEADER, "NO_ROWS"),
        ("kode,nama\n53.01.04.2003,Bokonusan\n", "MISSING_COLUMN"),
        (HEADER.replace("kode_bps", "nama") + GOOD, "AMBIGUOUS_COLUMN"),
        (HEADER + GOOD + '"unclosed\n', "MALFORMED_CSV"),
        ("PK\x03\x04\x00\x00", "TYPE_MISMATCH"),
    ],
)
def test_a_file_that_is_no_gazetteer_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        read_gazetteer(write(tmp_path, text))
    assert caught.value.reason == reason
    assert_said(caught.value.reason, caught.value.params)


def test_another_encoding_is_refused_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        read_gazetteer(write(tmp_path, HEADER + GOOD.replace("Bokonusan", "Bokonus’an"), "cp1252"))
    assert caught.value.reason == "ENCODING"


def test_a_short_row_is_named(tmp_path: Path) -> None:
    with pytest.raises(RowErrors) as caught:
        read_gazetteer(write(tmp_path, HEADER + "53.01.04.2003,Bokonusan\n"))
    assert (caught.value.params["code"], caught.value.params["row"]) == ("COLUMN_COUNT", 2)


cells = st.text(alphabet="53.0142,;-\"'= \nabZé\t", max_size=14)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(HEADER.strip().split(",")), cells, max_size=4))
def test_whatever_stands_in_a_cell_the_file_is_read_or_refused_in_our_words(
    tmp_path: Path, changes: dict[str, str]
) -> None:
    row = dict(zip(HEADER.strip().split(","), GOOD.strip().split(","), strict=True)) | changes
    out = io.StringIO()
    writer = csv.DictWriter(out, row)
    writer.writeheader()
    writer.writerow(row)
    path, reason, frame = write(tmp_path, out.getvalue()), None, pd.DataFrame()
    try:
        frame = read_gazetteer(path)
    except PetaAmanError as fault:
        reason = fault.reason
    if reason is None:
        assert len(frame) == 1
        assert frame["kode"].str.fullmatch(r"\d\d\.\d\d\.\d\d\.\d{4}").all()
        assert (frame["nama"] != "").all()
    else:
        assert reason.isupper()


def test_the_embedded_file_is_plain_text_sorted_by_code() -> None:
    codes = [line.split(",", 1)[0] for line in EMBEDDED.read_text(encoding="utf-8").splitlines()[1:]]
    assert codes == sorted(codes)
