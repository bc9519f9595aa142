"""Databases of every released version open in this one, with everything in them where it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import data.store
from data.errors import Refused
from data.store.engine import open_engine, reading, writing
from data.store.migrate import HEAD, RENUMBERED, upgrade
from data.store.store import Store
from data.workspace import Workspace

MIGRATIONS = Path(data.store.__file__).parent / "migrations"

# What an office had in its tables when it stopped at a revision: statements as that day's program wrote them.
WRITTEN = {
    "0001": """
        INSERT INTO keadaan (nama, nilai) VALUES
          ('id', 'a1b2c3d4'),
          ('batch', '1');
        INSERT INTO gazetir (kode, nama, jenis, kode_kec, kecamatan, kode_kab, kabupaten, kode_prov, kode_bps,
        penduduk, kode_lama, lon, lat, elevasi, presisi_titik) VALUES
          ('98.01.01.2001', 'Suka ''Maju''', 'desa', '98.01.01', 'Lontar', '98.01', 'Kabupaten Satu', '98', '',
           912, '', 121.5, -9.25, NULL, 'desa'),
          ('98.01.01.1002', 'Tanah Merah', 'kelurahan', '98.01.01', 'Lontar', '98.01', 'Kabupaten Satu', '98',
           '9801', NULL, '98.01.01.2002', 121.6, -9.3, 40, 'kecamatan');
        INSERT INTO batch (batch, jenis, file_name, sha256, source, as_of, "user", created_at, rows_read, rows_ok,
        rows_error, rows_skipped, status, data_contoh, content, report_json) VALUES
          ('B0001', 'kasus', 'rekap.csv', 'ab', 'Polres', '2024-12-31', 'ani', '2025-01-02 03:04:05.000000', 2,
           2, 0, 0, 'aktif', FALSE, 'cd', '{"outcome": "ok"}'),
          ('B0002', 'batas', 'batas.zip', 'ef', 'BIG', NULL, 'ani', '2025-01-03 03:04:05.000000', 2, 2, 0, 0,
           'dibatalkan', FALSE, 'gh', '{}');
        INSERT INTO fakta (batch, jenis, indikator, level, kode, period_start, period_end, cumulative, value, unit,
        source, as_of, "row", data_contoh, published, completeness, note) VALUES
          ('B0001', 'kasus', 'tppo', 'desa', '98.01.01.2001', '2024-01-01', '2024-12-31', FALSE, 3, 'orang',
           'Polres', '2024-12-31', 2, FALSE, FALSE, '', ''),
          ('B0001', 'kasus', 'tppo', 'kecamatan', '98.01.01', '2024-01-01', '2024-12-31', FALSE, NULL, 'orang',
           'Polres', NULL, 3, FALSE, FALSE, 'sebagian', 'menyusul');
        INSERT INTO batas (batch, level, version, path, kind, source, n_polygons, created_at) VALUES
          ('B0002', 'desa', 'f00d', 'batas/f00d.parquet', 'resmi', 'BIG', 2, '2025-01-03 03:04:05.000000');
        INSERT INTO skor_versi (versi, created_at, input_version, boundary_version, n_top, params_json,
        evaluation_json, data_contoh) VALUES
          ('S0001', '2025-01-04 03:04:05.000000', 'aa', 'f00d', 1, '{}', '{}', FALSE);
        INSERT INTO skor (versi, level, kode, skor, skor_bawah, skor_atas, p_top, n_top, prioritas, kualitas_data,
        alasan_json, data_contoh, internal_json) VALUES
          ('S0001', 'desa', '98.01.01.2001', 87.5, 60, 99, 0.75, 1, 'Prioritas I', 'B', '[]', FALSE, '{}'),
          ('S0001', 'desa', '98.01.01.1002', NULL, NULL, NULL, NULL, 1, 'Data belum cukup', 'D', '[]', FALSE,
           '{}');
        INSERT INTO audit (at, "user", act, what_json) VALUES
          ('2025-01-02 03:04:05.000000', 'ani', 'commit_batch', '{"batch": "B0001"}')
    """,
    "0002": """
        INSERT INTO padanan (batch, jenis, nilai, kode, "row") VALUES
          ('B0001', 'bps', '9801012', '98.01.01.2001', 2);
        INSERT INTO titik (batch, nama, jenis, kode, lon, lat, source, "row") VALUES
          ('B0001', 'LTSA Satu', 'ltsa', '98.01', 121.5, -9.2, 'Disnaker', 2);
        INSERT INTO sesi (batch, kode, tanggal, topik, peserta, peserta_l, peserta_p, pre, post, rujukan, source,
        "row") VALUES
          ('B0001', '98.01.01.2001', '2025-02-01', 'Migrasi aman', 40, 18, 22, 51.5, 78, NULL, 'LSM', 2);
        INSERT INTO alias (kunci, teks, lingkup, sumber, kode, "user", created_at) VALUES
          ('sukamadju', 'Suka Madju', '98.01.01', 'Polres', '98.01.01.2001', 'ani', '2025-01-02 03:04:05.000000');
        INSERT INTO pemetaan (jenis, sumber, tajuk, kolom_json, "user", created_at) VALUES
          ('kasus', 'Polres', 'aabb', '{"kode": "KODE"}', 'ani', '2025-01-02 03:04:05.000000')
    """,
    "0003": """
        INSERT INTO pilihan (jenis, indikator, level, source, alasan, "user", created_at) VALUES
          ('kasus', 'tppo', 'desa', 'Polres', 'Laporan polisi sudah diperiksa', 'ani',
           '2025-01-05 03:04:05.000000');
        INSERT INTO hasil (jenis, versi, created_at, isi_json) VALUES
          ('rencana', 'R1', '2025-01-05 03:04:05.000000', '{"version": "R1"}')
    """,
    "0004": """
        UPDATE skor SET harapan = 2.5, laju = 2.74, p_rr2 = 0.4 WHERE kode = '98.01.01.2001'
    """,
    "0005": """
        INSERT INTO daftar (versi, rencana, sidik, skor_versi, isi_json, dibuat_oleh, dibuat_saat, diperiksa_oleh,
        diperiksa_saat, disetujui_oleh, disetujui_saat, menggantikan, berlaku_sampai) VALUES
          ('D0001', 'R1', 'ff', 'S0001', '{}', 'ani', '2025-01-06 03:04:05.000000', 'budi',
           '2025-01-07 03:04:05.000000', '', NULL, '', '2025-07-06')
    """,
    "0006": """
        UPDATE sesi SET khalayak = 'calon pekerja migran'
    """,
    "0007": """
        INSERT INTO catatan (kode, teks, oleh, dibuat_saat) VALUES
          ('98.01.01.2001', 'Jembatan putus', 'ani', '2025-01-08 03:04:05.000000')
    """,
    "0008": """
        INSERT INTO permintaan (lembar, kode, versi, hal, nilai_lama, nilai_baru, status, alasan, diajukan_oleh,
        diajukan_saat, diputus_oleh, diputus_saat, batch) VALUES
          ('L1', '98.01.01.2001', 'S0001', 'penduduk', '912', '950', 'diajukan', '', 'ani',
           '2025-01-09 03:04:05.000000', '', NULL, '')
    """,
    "0010": """
        UPDATE skor SET tingkat_bukti = 'kecamatan' WHERE kode = '98.01.01.2001'
    """,
    "0012": """
        INSERT INTO akun (akun, nama, sumber, subjek, sandi, sandi_sementara, totp, totp_langkah, peran, wilayah, aktif,
        dibuat_oleh, dibuat_saat) VALUES
          ('ani', 'Ani', 'local', '', 'argon', FALSE, '', 0, 'perencana', '98.01', TRUE, 'budi',
           '2025-01-10 03:04:05.000000');
        INSERT INTO masuk (sidik, akun, sumber, sid, mulai, terakhir, selesai) VALUES
          ('ab', 'ani', 'local', '', '2025-01-10 03:04:05.000000', '2025-01-10 03:05:05.000000', NULL);
        INSERT INTO percobaan (kunci, gagal, terakhir, sampai) VALUES
          ('cd', 2, '2025-01-10 03:04:05.000000', NULL)
    """,
    "0013": """
        UPDATE audit SET account = 'ani@kantor', earlier = TRUE
    """,
    "0014": """
        UPDATE daftar SET diperiksa_akun = 'budi.k' WHERE versi = 'D0001'
    """,
}
Rows = dict[str, list[dict[str, Any]]]


def contents(url: str) -> Rows:
    """Every row of every table, Alembic's own aside."""
    engine = open_engine(url)
    with reading(engine) as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        rows = {
            name: [dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()] for name in names
        }
    engine.dispose()
    return rows


def numbered(url: str, number: str | None = None) -> str:
    """The revision that the database says it has, once it was told ``number``."""
    engine = open_engine(url)
    with writing(engine) as connection:
        if number is not None:
            connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    engine.dispose()
    return str(found)


def made_at(url: str, revision: str) -> Rows:
    """Makes a database of ``revision`` with something in each of its tables; its contents."""
    engine = open_engine(url)
    with writing(engine) as connection:
        upgrade(connection, revision)
        for number, statements in WRITTEN.items():
            if number <= revision:
                for statement in statements.split(";"):
                    connection.exec_driver_sql(statement)
    engine.dispose()
    rows = contents(url)
    assert all(rows.values()), "each table holds something"
    return rows


def columns_of(rows: list[dict[str, Any]], like: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in like[0]} for row in rows]


def test_migrations_are_one_line_and_no_former_number_is_used_again() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    line = [script.revision for script in scripts.walk_revisions()][::-1]
    assert line == sorted(line)
    assert set(line) == set(WRITTEN), "a new migration brings what is written at its revision into this test"
    assert not set(line) & set(RENUMBERED)
    assert {former.now for former in RENUMBERED.values()} <= set(line)
    assert [path.name[1:5] for path in sorted((MIGRATIONS / "versions").glob("m*.py"))] == line


@pytest.mark.parametrize("revision", WRITTEN)
def test_a_database_of_each_release_opens_with_its_contents(workspace: Workspace, database: str, revision: str) -> None:
    url = workspace.database_url
    before = made_at(url, revision)
    store = Store.open(url)
    try:
        places = store.gazetteer.villages().set_index("kode")
        assert places.loc["98.01.01.2001", ["nama", "penduduk"]].tolist() == ["Suka 'Maju'", 912]
        facts = store.facts.read("kasus")
        assert facts["value"].iloc[0] == 3
        assert facts["value"].isna().tolist() == [False, True]
        assert store.scores.table("desa").set_index("kode")["skor"].to_dict()["98.01.01.2001"] == 87.5
        after = contents(url)
        assert numbered(url) == HEAD
        head = [row["nilai"] for row in after["keadaan"] if row["nama"] == "jejak"]
        assert json.loads(head[0])["rows"] == (1 if revision < "0013" else 0)
        for rows_now in (before, after):
            rows_now["keadaan"] = [row for row in rows_now["keadaan"] if row["nama"] != "jejak"]
        for name, rows in before.items():
            assert columns_of(after[name], rows) == rows, name
        assert all(not after[name] for name in set(after) - set(before)), "nothing is invented"
        assert "kode" in store.records.read("sesi").columns
        store.batches.undo("B0001", "budi")
        assert store.facts.read("kasus").empty
    finally:
        store.close()


def test_a_workspace_made_before_migrations_were_renumbered_opens(workspace: Workspace, database: str) -> None:
    """The migration 0008 was released as 0009 first, with the same table."""
    url = workspace.database_url
    before = made_at(url, "0008")
    (workspace.path / "basis-data.id").write_text("a1b2c3d4", encoding="ascii")  # whose database it is, on a server
    assert numbered(url, "0009") == "0009"
    for _ in range(2):
        store = workspace.store()
        assert len(store.gazetteer.villages()) == 2
        store.close()
        assert numbered(url) == HEAD
    after = contents(url)
    after["keadaan"] = [row for row in after["keadaan"] if row["nama"] != "jejak"]
    assert {name: columns_of(after[name], rows) for name, rows in before.items()} == before
    assert not any(after[name] for name in set(after) - set(before))


def test_a_strange_database_of_a_former_number_is_left_alone(workspace: Workspace) -> None:
    """Its number alone does not make it one of ours: the tables of that migration must be there."""
    url = workspace.database_url
    before = made_at(url, "0007")
    numbered(url, "0009")
    with pytest.raises(Refused, match="DATABASE_NEWER"):
        workspace.store()
    assert (numbered(url), contents(url)) == ("0009", before)
