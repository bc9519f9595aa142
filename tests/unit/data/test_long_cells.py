"""A cell may be as long as a file: no pattern may take its time over it, wherever in the table it stands."""

from __future__ import annotations

import time

import pytest
from hostile_world import kode, make_province

from data.intake.examine import examine_content
from data.store.store import Store

pytestmark = pytest.mark.slow

A = kode("01", 1, 1)
LONG = {
    "letters": "a." * 30_000 + "@",
    "numbers": "1 " * 20_000 + "x",
    "signs": "+1-1" * 10_000,
    "phones": "Telp " * 12_000,
    "laws": "uu no " * 10_000,
    "brackets": "(" * 60_000,
    "units": "orang " * 10_000 + "x",
    "periods": "s/d " * 12_000,
    "capitals": "Aa " * 20_000,
    "points": "1." * 20_000 + "1",
    "sums": "jumlah " * 8_000,
    "thousands": "(ribu " * 10_000,
}
PLACES = {
    "title": "{}\nKode Desa;Desa;Jumlah;Tahun\n{a};Sukamaju;3;2024\n",
    "header": "Kode Desa;Desa;Jumlah;Tahun;{}\n{a};Sukamaju;3;2024;x\n",
    "code": "Kode Desa;Desa;Jumlah;Tahun\n{};Sukamaju;3;2024\n",
    "name": "Kode Desa;Desa;Jumlah;Tahun\n{a};{};3;2024\n",
    "figure": "Kode Desa;Desa;Jumlah;Tahun\n{a};Sukamaju;{};2024\n",
    "year": "Kode Desa;Desa;Jumlah;Tahun\n{a};Sukamaju;3;{}\n",
    "remark": "Kode Desa;Desa;Jumlah;Tahun;Ket\n{a};Sukamaju;3;2024;{}\n",
    "below": "Kode Desa;Desa;Jumlah;Tahun\n{a};Sukamaju;3;2024\n{}\n",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = Store.open(f"sqlite:///{tmp_path_factory.mktemp('panjang') / 'x.db'}")
    made.gazetteer.replace(make_province())
    return made


@pytest.mark.parametrize("what", LONG)
@pytest.mark.parametrize("place", PLACES)
def test_no_cell_is_too_long_to_answer_at_once(store: Store, place: str, what: str) -> None:
    content = PLACES[place].replace("{a}", A).replace("{}", LONG[what])
    started = time.process_time()
    report = examine_content("kasus", content.encode(), "rekap.csv", store).report
    assert time.process_time() - started < 3
    assert report.outcome in ("ok", "row_errors", "refused")
