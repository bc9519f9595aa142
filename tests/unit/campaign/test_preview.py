"""What storing a file would do is told before it is done, and tells nothing that may not be seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.intake.importing import Upload, commit, examine
from campaign.intake.preview import Preview, preview
from campaign.intake.preview_text import lines_of, preview_text
from campaign.office.installation import prepare
from data.disclosure import HIDDEN, MANY, release_sum
from data.domain.actor import owner
from data.intake.examined import ImportOptions
from data.workspace import Workspace

pytestmark = pytest.mark.slow

VILLAGES = [
    (f"97.0{kab}.0{kec}.200{desa}", f"Lontar {kab}{kec}{desa}")
    for kab in (1, 2)
    for kec in (1, 2, 3)
    for desa in range(1, 6)
]
Bring = Callable[..., Any]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Thirty villages of a fictional province, no figures."""
    folder = tmp_path_factory.mktemp("pratinjau")
    lines = ["kode,kode_bps,nama,jenis,kode_kec,kecamatan,kode_kab,kabupaten,penduduk,kode_lama,lon,lat"]
    for number, (kode, name) in enumerate(VILLAGES):
        kab = kode[3:5].lstrip("0")
        lines.append(
            f"{kode},,{name},desa,{kode[:8]},Kecamatan {kode[3:8]},{kode[:5]},Kabupaten {kab},900,,"
            f"{131 + 0.05 * (number % 6)},{-2 - 0.05 * (number // 6)}"
        )
    (folder / "g.csv").write_text("\n".join(lines), encoding="utf-8")
    workspace = Workspace(folder / "kerja")
    prepare(workspace, gazetteer=folder / "g.csv", demo=False)
    return workspace


@pytest.fixture
def bring(place: Workspace) -> Any:
    """``bring(kind, header, rows, source=…)`` examines a table; what is stored through ``keep`` is gone afterwards."""
    store = place.store()
    before = store.table_hashes()
    kept: list[str] = []

    def look(kind: str, header: str, rows: list[tuple[Any, ...]], source: str = "Dinas", **options: Any) -> Any:
        text = "\n".join([f"Kode Desa;Desa;Tahun;{header}", *(";".join(map(str, row)) for row in rows)])
        upload = Upload("tabel.csv", text.encode())
        return examine(kind, upload, store, place, ImportOptions(source=source, valid_rows_only=True, **options))

    def keep(kind: str, *words: Any, **options: Any) -> str:
        kept.append(commit(owner("ani"), look(kind, *words, **options), kind, store, place))
        return kept[-1]

    look.keep, look.store, look.place = keep, store, place  # type: ignore[attr-defined]
    yield look
    for name in reversed(kept):
        store.batches.undo(name, "ani")
    for number in store.preferences.all()["id"]:
        store.preferences.forget(int(number), "ani")
    assert store.table_hashes() == before
    store.close()


def rows(values: list[Any], year: int = 2024, start: int = 0) -> list[tuple[Any, ...]]:
    return [(*VILLAGES[start + at], year, value) for at, value in enumerate(values)]


def told(found: Any, bring: Bring) -> Preview:
    return preview(found, bring.store)  # type: ignore[attr-defined]


def test_new_changed_same_and_unused_areas_are_told_apart(bring: Bring) -> None:
    bring.keep("kemiskinan", "Jumlah Penduduk Miskin", rows([10, 20, 30]))  # type: ignore[attr-defined]
    found = told(bring("kemiskinan", "Jumlah Penduduk Miskin", rows([10, 25, 60, 5])), bring)
    (part,) = found.parts
    assert (part.areas, part.total, part.new, part.changed, part.same) == (4, 100.0, 1, 2, 1)
    changed = found.changes[found.changes["status"] == "berubah"]
    assert changed[["kode", "lama", "baru"]].to_numpy().tolist() == [
        [VILLAGES[2][0], 30.0, 60.0],
        [VILLAGES[1][0], 20.0, 25.0],
    ]
    older = told(bring("kemiskinan", "Jumlah Penduduk Miskin", rows([1, 2, 3], year=2020)), bring)
    assert dict(older.parts[0].unused) == {"ada_yang_lebih_baru": 3}
    assert set(older.changes["status"]) == {"tidak_dipakai"}


def test_people_lost_with_wrong_rows_are_told_against_all(bring: Bring) -> None:
    table = [*rows([40, 40]), ("97.09.01.2001", "Tiada", 2024, 20), (*VILLAGES[4], 2024, "banyak")]
    found = told(bring("kemiskinan", "Jumlah Penduduk Miskin", table), bring)
    (lost,) = found.lost
    assert (lost.rows, lost.sum, lost.whole, lost.share) == (1, 20.0, 100.0, 20.0)
    assert found.unread == 1
    assert any("20 dari 100" in line for line in preview_text(found, "id"))


def test_the_map_to_come_names_what_stays_blank(bring: Bring) -> None:
    found = told(bring("indikator", "Nilai IDM", rows([0.5] * 8)), bring)
    (map_,) = found.coverage
    assert (map_.before, map_.after, map_.areas) == (0, 8, 30)
    assert map_.table[["ada", "dari"]].to_numpy().tolist() == [[8, 15], [0, 15]]
    assert map_.blank == ["Kecamatan 01.03 (Kabupaten 1)", *(f"Kecamatan 02.0{kec} (Kabupaten 2)" for kec in (1, 2, 3))]
    assert any("8 dari 30 wilayah punya angka (sekarang 0)" in line for line in preview_text(found, "id"))


def test_another_source_is_named_with_its_difference_and_who_is_used(bring: Bring) -> None:
    bring.keep("indikator", "Nilai IDM", rows([0.5, 0.6]), source="Kemendes", as_of="2025-06-01")  # type: ignore[attr-defined]
    found = told(bring("indikator", "Nilai IDM", rows([0.7, 0.7, 0.7]), as_of="2025-01-01"), bring)
    (rival,) = found.rivals
    assert (rival.source, rival.areas, rival.ours, rival.reason) == ("Kemendes", 2, 0, "sumber_lama")
    assert (rival.typical, rival.largest) == (pytest.approx(0.15), pytest.approx(0.2))
    assert (found.parts[0].new, dict(found.parts[0].unused)) == (1, {"sumber_lama": 2})
    newer = told(bring("indikator", "Nilai IDM", rows([0.7, 0.7]), as_of="2025-12-01"), bring)
    assert (newer.rivals[0].ours, newer.rivals[0].reason) == (2, "sumber_terbaru")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([0, 0, 0, 1, 2, 4, 0, 9, 0, 1, 0, 3]), st.booleans())
def test_a_preview_of_cases_does_not_say_in_which_village_they_are(
    bring: Bring, values: list[int], stored_before: bool
) -> None:
    header, kind = "Jumlah Kasus TPPO", "kasus"
    if stored_before:
        bring.keep(kind, header, rows([1, 0, 0, 5, 0, 0, 0, 0, 0, 1, 1, 1]), source="Polda")  # type: ignore[attr-defined]
    usual = preview_text(told(bring(kind, header, rows(sorted(values))), bring), "id")
    found = told(bring(kind, header, rows(values)), bring)
    assert preview_text(found, "id") == usual
    assert found.changes.empty
    assert not any(name in line for line in usual for _, name in VILLAGES)
    assert all(part.changed is None and part.same is None for part in found.parts)
    assert all(one.blank == [] and one.table.empty for one in found.coverage)
    assert all(one.typical is None and one.largest is None for one in found.rivals)


def test_few_cases_in_few_villages_are_not_told(bring: Bring) -> None:
    none = preview_text(told(bring("kasus", "Jumlah Kasus TPPO", rows([0])), bring), "id")
    one = preview_text(told(bring("kasus", "Jumlah Kasus TPPO", rows([9])), bring), "id")
    assert none == one
    many = [preview_text(told(bring("kasus", "Jumlah Kasus TPPO", rows([n])), bring), "id") for n in (12, 800)]
    assert many[0] == many[1], "a single village may hold it all"


def test_kabupaten_counts_are_told_rounded(bring: Bring) -> None:
    table = "Kode;Kabupaten;Tahun;Jumlah Kasus TPPO\n97.01;Kabupaten 1;2024;13\n97.02;Kabupaten 2;2024;2\n"
    found = examine("kasus", Upload("k.csv", table.encode()), bring.store, bring.place, ImportOptions(source="Polda"))  # type: ignore[attr-defined]
    seen = told(found, bring)
    assert seen.changes[["lama", "baru"]].to_numpy().tolist() == [[None, 15], [None, HIDDEN]]
    assert any("sedikitnya 15, belum termasuk 1 wilayah" in line for line in preview_text(seen, "id"))


def test_kecamatan_counts_are_not_listed(bring: Bring) -> None:
    table = "Kode Kecamatan;Kecamatan;Tahun;Jumlah Kasus TPPO\n97.01.01;Kecamatan 01.01;2024;13\n"
    found = examine("kasus", Upload("k.csv", table.encode()), bring.store, bring.place, ImportOptions(source="Polda"))  # type: ignore[attr-defined]
    assert found.report.outcome == "ok"
    seen = told(found, bring)
    assert seen.changes.empty
    assert not any("Kecamatan 01.01" in line for line in preview_text(seen, "id"))


@given(st.integers(0, 500), st.integers(1, 40))
def test_a_sum_of_few_cells_is_never_a_number(value: int, cells: int) -> None:
    shown = release_sum(value, cells=cells, jenis="kasus", role="perencana")
    assert shown == (HIDDEN if value < 10 else MANY if cells < 10 else 5 * int((value + 2.5) // 5))
    assert release_sum(value, cells=cells, jenis="kemiskinan", indikator="penduduk_miskin", role="publik") == value
    assert release_sum(value, cells=cells, jenis="kasus", role="petugas_data") == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("padanan", "kode,kode_bps\n97.01.01.2001,9701010001\n97.01.01.2002,9701010002\n", "Kode BPS: 2 padanan"),
        ("titik", "nama,jenis,lat,lon\nPos Lontar,pelabuhan,-2.0,131.0\n", "1 titik, 1 baru, 0 sudah"),
        ("sesi", "kode desa,tanggal,peserta l,peserta p\n97.01.01.2001,14/03/2025,9,8\n", "1 sosialisasi di 1 desa"),
    ],
)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_records_say_what_is_new_and_what_is_known(bring: Bring, kind: str, text: str, said: str, lang: str) -> None:
    upload = Upload("catatan.csv", text.encode())
    store, place = bring.store, bring.place  # type: ignore[attr-defined]
    found = examine(kind, upload, store, place)
    lines = lines_of(kind, found, store, place, lang)
    assert said in lines[0] or lang == "en"
    name = commit(owner("ani"), found, kind, store, place)
    again = lines_of(kind, examine(kind, upload, store, place), store, place, "id")
    assert ", 0 baru" in again[0] or "1 sudah tersimpan" in again[0]
    store.batches.undo(name, "ani")


def test_boundaries_say_where_they_come_into_force(bring: Bring, tmp_path: Path) -> None:
    from geo.boundaries.in_force import active_boundaries

    store, place = bring.store, bring.place  # type: ignore[attr-defined]
    frame = active_boundaries(store, place)
    half = frame[frame["kode"].str.startswith("97.01.01")][["kode", "geometry"]]
    path = tmp_path / "desa.geojson"
    path.write_text(half.to_json(), encoding="utf-8")
    lines = lines_of(
        "batas", examine("batas", path, store, place, ImportOptions(valid_rows_only=True)), store, place, "id"
    )
    assert lines[0] == "5 poligon tingkat Desa/kelurahan di 1 kabupaten/kota."
    assert lines[1] == "Kabupaten 1: 5 dari 15 wilayah berpoligon; sekarang berlaku batas perkiraan."
    assert lines[2].startswith("10 wilayah di kabupaten itu tetap titik")
