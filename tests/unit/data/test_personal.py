from __future__ import annotations

import json
import logging
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from province98 import SHARED, make_gazetteer

from data.errors import Refused
from data.intake.examine import examine, examine_content
from data.intake.examined import ImportOptions
from data.intake.files.raw import RawTable
from data.intake.privacy.personal import header_kind, refuse_personal, safe_file_name, value_kind
from data.store.store import Store
from data.workspace import Workspace
from words import t

NIK = "5301045203900001"
GROUPED = "5301 0452 0390 0001"


def spellings(nik: str) -> list[object]:
    """One identity number as people write it to get it past a form."""
    wide = nik.translate({48 + n: 0xFF10 + n for n in range(10)})
    arabic = nik.translate({48 + n: 0x660 + n for n in range(10)})
    groups = [nik[:6], nik[6:12], nik[12:]]
    fours = [nik[i : i + 4] for i in range(0, 16, 4)]
    twos = [nik[0:2], nik[2:4], nik[4:6], nik[6:12], nik[12:]]
    return [
        nik,
        f"'{nik}",
        f" {nik} ",
        f"NIK {nik}",
        f"NIK:{nik}",
        f"nik.{nik}",
        f"KTP={nik}",
        f"({nik})",
        f"{nik}.",
        f"no {nik}, ok",
        float(nik),
        f"{nik}.0",
        f"{nik[0]}.{nik[1:]}E+15",
        f"{nik[0]},{nik[1:6]}E+15",
        f"{nik[0]}.{nik[1:6]}e15",
        *(sign.join(groups) for sign in (" ", ".", "-", "/", "_", " - ", "\u00a0", "·")),
        *(sign.join(fours) for sign in (" ", ".", "-", "/", "  ", ", ")),
        *(sign.join(twos) for sign in (".", " ", "-")),
        " ".join(nik),
        "-".join(nik),
        "\u200b".join(groups),
        "\u200b".join(nik),
        "\ufeff" + nik,
        wide,
        arabic,
        nik.replace("0", "O"),
        nik[:6] + "******" + nik[12:],
        nik[:4] + "xxxxxxxxxxxx",
        f"{nik}/{nik}",
        f"a{nik}b",
        f"KK {nik} a.n. kepala keluarga",
        f"{groups[0]}\n{groups[1]}\n{groups[2]}",
    ]


@pytest.mark.parametrize("spelling", spellings(NIK), ids=range(len(spellings(NIK))))
def test_identity_numbers_are_seen_in_every_spelling(spelling: object) -> None:
    assert value_kind(spelling) is not None  # type: ignore[arg-type]


@given(
    st.sampled_from([53, 11, 31, 94]),
    st.integers(0, 9999),
    st.integers(1, 31),
    st.integers(1, 12),
    st.integers(0, 99),
    st.integers(1, 9999),
    st.booleans(),
    st.sampled_from(["", " ", ".", "-"]),
)
def test_all_identity_numbers_are_seen(
    prov: int, area: int, day: int, month: int, year: int, serial: int, woman: bool, sign: str
) -> None:
    parts = [f"{prov}{area:04d}", f"{day + 40 * woman:02d}{month:02d}{year:02d}", f"{serial:04d}"]
    assert value_kind(sign.join(parts)) == "NIK/KK"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("0812-3456-7890", "telepon/phone"),
        ("+62 812 3456 7890", "telepon/phone"),
        ("08123456789", "telepon/phone"),
        ("6281234567890", "telepon/phone"),
        ("(0380) 821234", "telepon/phone"),
        ("WA 0813.3344.5566", "telepon/phone"),
        ("maria@contoh.id", "e-mail"),
        ("maria (at) contoh.go.id", "e-mail"),
        ("B1234567", "paspor/passport"),
        ("paspor C 7654321", "paspor/passport"),
        ("NIP. 19700101 199003 1 001", "NIP"),
        ("197001011990031001", "NIP"),
        ("a.n. Maria Bere", "nama orang/personal name"),
        ("Alm. Yosef", "nama orang/personal name"),
        ("Ahmad bin Salim", "nama orang/personal name"),
        ("Sdri. MARIA", "nama orang/personal name"),
    ],
)
def test_other_personal_data_are_seen(text: str, what: str) -> None:
    assert value_kind(text) == what


@pytest.mark.parametrize(
    "text",
    [
        "5301042003",
        "53.01.04.2003",
        "8101012001",
        "6208012001",
        "ID5303100005",
        "0.1234567890123456",
        "123.4567890123456",
        "-10.1234567890123",
        "1.234.567.890.123",
        "2021 2022 2023 2024",
        "2024-01-01 s/d 2024-12-31",
        "11/03/2024 - 12/03/2024",
        "2024-01-01 2024-12-31",
        "130677394000",
        "Ibu Kota Kabupaten",
        "Kab. Kupang",
        "Oe'sapa",
        "BA03070040",
        "1 Januari 2024",
        "Dinas Sosial, P3A",
        "Kantor Wilayah Desa Tanah Merah",
        "53.01.04.2003 - 53.01.04.2004",
        "300.2.2-2138",
        130677394000.0,
        True,
        None,
        0.5,
        "3 kasus",
        "TPPO",
        "B20261122-0001",
    ],
)
def test_clean_cells_are_left_alone(text: object) -> None:
    assert value_kind(text) is None  # type: ignore[arg-type]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared development data is not beside this checkout")
def test_no_code_name_or_figure_of_ntt_raises_a_false_alarm() -> None:
    alarms = []
    for path in ("codes/village_crosswalk.csv", "figures/idm2024_ntt_village.csv", "figures/dana_desa_kab.csv"):
        table = pd.read_csv(SHARED / path, dtype=str, keep_default_na=False)
        cells = set(table.to_numpy().ravel())
        alarms += [cell for cell in cells if value_kind(cell)]
        if "kemendagri_code" in table:
            alarms += [code for code in table["kemendagri_code"] if value_kind(float(code.replace(".", "")))]
    assert alarms == []


@pytest.mark.parametrize(
    "header",
    [
        "NIK",
        "No. KTP",
        "No KK",
        "nik_korban",
        "NomorKK",
        "Nama Korban",
        "Nama Lengkap",
        "NAMA PMI",
        "No HP",
        "Telp.",
        "E-mail",
        "No. Paspor",
        "Tgl Lahir",
        "Tempat/Tgl Lahir",
        "Alamat",
        "Nama Kepala Keluarga",
        "NIP",
    ],
)
def test_headers_that_announce_personal_data(header: str) -> None:
    assert header_kind(header) is not None


@pytest.mark.parametrize(
    "header",
    [
        "Nama Desa",
        "Kode Desa",
        "Jumlah KK Miskin",
        "Kepala",
        "Unik",
        "Teknik",
        "Nama Kecamatan",
        "Jumlah Korban",
        "Nama Kabupaten",
        "Whatever",
        "Nama Wilayah",
    ],
)
def test_headers_of_places_and_counts_are_left_alone(header: str) -> None:
    assert header_kind(header) is None


def table_of(*rows: list[object]) -> RawTable:
    return RawTable("text", rows=[(number, list(row)) for number, row in enumerate(rows, start=1)])  # type: ignore[arg-type]


def test_a_column_of_people_is_known_by_its_cells() -> None:
    places = {"Sukamaju", "Tanah Merah"}
    people = table_of(["Kode", "Korban"], ["98.01", "Maria Bere"], ["98.02", "Yosef Nahak"], ["98.71", "Anton Seran"])
    with pytest.raises(Refused) as fault:
        refuse_personal(people, ["Kode", "Korban"], {1}, {0}, places.__contains__)
    assert (fault.value.reason, fault.value.params["column"]) == ("PII_COLUMN", "B")
    counts = table_of(["Kode", "Korban"], ["98.01", "3"], ["98.02", "nihil"])
    refuse_personal(counts, ["Kode", "Korban"], {1}, {0}, places.__contains__)
    named = table_of(["Nama", "Jumlah"], ["Sukamaju", "3"], ["Tanah Merah", "2"])
    refuse_personal(named, ["Nama", "Jumlah"], {1}, set(), places.__contains__)


# -- nothing of it reaches a message, a log, a disk or the database ---------------------------------------------


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("spelling", [one for one in spellings(NIK) if isinstance(one, str) and "\n" not in one][::3])
def test_a_refused_value_leaves_no_trace(
    filled: Store, workspace: Workspace, tmp_path: Path, caplog: pytest.LogCaptureFixture, spelling: str
) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / f"rekap {NIK}.csv"
    path.write_text(f'Kode Desa;Desa;Jumlah;Keterangan\n98.01.01.2001;Sukamaju;2;"{spelling}"\n', encoding="utf-8")
    before = filled.table_hashes()
    found = examine("kasus", path, filled, ImportOptions(as_of="2024-12-31", source="uji"))
    assert found.report.outcome == "refused"
    assert found.report.reason == "PII_VALUE"
    body = found.report.to_json(lambda reason, params: t(f"intake.{reason}", "id", **params))
    said = json.dumps(body, ensure_ascii=False)
    shown = said + repr(found) + caplog.text
    for secret in (NIK, spelling.strip("'() "), GROUPED, NIK[-8:]):
        assert secret not in shown
    assert "Kolom D" in said
    assert filled.table_hashes() == before
    filled.close()
    path.unlink()
    assert NIK.encode() not in everything_in(tmp_path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("NIK,Kode Desa,Jumlah\n,98.01.01.2001,1\n", "PII_COLUMN"),
        ("Nama Korban,Desa,Kecamatan,Kabupaten,Jumlah\nX,Sukamaju,Bukit Batu,Kab. Lontar,1\n", "PII_COLUMN"),
        ("Nama,Desa,Kecamatan,Kabupaten,Jumlah\nMaria Bere,Sukamaju,Bukit Batu,Kab. Lontar,1\n", "PII_COLUMN"),
        (f"Kode Desa,Jumlah\n98.01.01.2001,1\nMengetahui {GROUPED},\n", "PII_VALUE"),
        ("Kode Desa,Jumlah\n98.01.01.2001,1\nNIP. 19700101 199003 1 001,\n", "PII_VALUE"),
        ("Hubungi 0812 3456 7890\nKode Desa,Jumlah\n98.01.01.2001,1\n", "PII_VALUE"),
        (f"a,b\n{NIK},x\n", "PII_VALUE"),
        ("Kode Desa,Umur,Jenis Kelamin,Tahun,Jumlah\n98.01.01.2001,19,P,2024,1\n", "PII_COLUMN"),
        ("Kode Desa,Nama,JK,Tahun,Jumlah\n98.01.01.2001,Maria,P,2024,1\n", "PII_COLUMN"),
    ],
)
def test_personal_data_anywhere_in_a_file_refuse_it(filled: Store, content: str, reason: str) -> None:
    found = examine_content("kasus", content.encode(), "rekap.csv", filled, ImportOptions(as_of="2024-12-31"))
    assert (found.report.outcome, found.report.reason) == ("refused", reason)
    assert found.rows.empty


def test_village_codes_do_not_trip_the_door(filled: Store) -> None:
    gazetteer = make_gazetteer()
    lines = [f"{code.replace('.', '')},{n}" for n, code in enumerate(gazetteer["kode"])]
    content = "Kode Desa,Jumlah Kasus\n" + "\n".join(lines)
    chosen = ImportOptions(columns={"kode_desa": "Kode Desa"})
    found = examine_content("kasus", content.encode(), "rekap_2024.csv", filled, chosen)
    assert found.report.reason != "PII_VALUE"


def test_the_source_an_officer_types_passes_the_same_door(filled: Store) -> None:
    content = b"Kode Desa,Jumlah\n98.01.01.2001,1\n"
    found = examine_content(
        "kasus", content, "rekap.csv", filled, ImportOptions(as_of="2024-12-31", source=f"dari {NIK}")
    )
    assert found.report.reason == "PII_VALUE"


def test_file_names_are_kept_without_numbers_of_people() -> None:
    assert safe_file_name("rekap_2024_kupang.xlsx") == "rekap_2024_kupang.xlsx"
    assert NIK not in safe_file_name(f"data {NIK}.csv")
    assert "0812" not in safe_file_name("dari 081234567890.csv")
    assert "@" not in safe_file_name("maria@contoh.id.csv")
