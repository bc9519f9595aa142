"""Years on the map: the same classes in each, people counted never on a village; what differs between two maps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from campaign.maps.difference import DIVERGING, difference
from campaign.maps.layers import layer_years, map_layer
from campaign.reading.snapshot import Snapshot
from campaign.reading.yearly import yearly
from data.domain.levels import DRAWN
from tests.stand_ins import as_store
from tests.unit.campaign.test_read_model import CODES, figures, luminance, snapshot


def by_year(*rows: tuple[str, str, str, str, Any, int]) -> Snapshot:
    table = figures([row[:5] for row in rows])
    ends = [pd.Timestamp(year, 12, 31) for *_, year in rows]
    return snapshot(series=table.assign(tahun=[year for *_, year in rows], period_end=ends))


PERCENT, DEATHS = ("kemiskinan", "persen_miskin"), ("kasus", "pmi_meninggal", "kabupaten")
POOR = by_year(
    *[(*PERCENT, "desa", kode, 40.0 - 8 * i, 2024) for i, kode in enumerate(CODES)],
    *[(*PERCENT, "kabupaten", kode, value, 2019) for kode, value in (("53.01", 28.0), ("53.02", 9.0))],
    *[(*PERCENT, "kabupaten", kode, value, 2024) for kode, value in (("53.01", 21.0), ("53.02", 9.5))],
)
DEAD = by_year((*DEATHS, "53.01", 12, 2023), (*DEATHS, "53.01", 3, 2024), (*DEATHS, "53.02", "<10", 2024))


def test_classes_and_their_meaning_are_the_same_in_every_year() -> None:
    assert layer_years(POOR, "kemiskinan") == [2019, 2024]
    old, new = (map_layer(POOR, "kabupaten", "kemiskinan", year) for year in (2019, 2024))
    assert [(r.key, r.values, r.colour) for r in old.legend] == [(r.key, r.values, r.colour) for r in new.legend]
    assert (old.classes, new.classes) == ("30", "30")
    assert (old.as_of.year, new.as_of.year) == (2019, 2024)
    assert map_layer(POOR, "desa", "kemiskinan", 2019).inherited == "kabupaten"
    assert map_layer(POOR, "desa", "kemiskinan", 1950).year is None  # a year nobody knows is the newest figures


def test_people_counted_of_two_years_never_stand_in_one_map() -> None:
    made = map_layer(DEAD, "kabupaten", "meninggal")
    assert made.year == 2024
    assert made.classes == "16"  # 3 of 2024, not 12 of 2023; "<10" is a class of its own
    assert map_layer(DEAD, "kabupaten", "meninggal", 2023).classes == "35"


def test_published_deaths_are_never_painted_on_a_village() -> None:
    for level in ("desa", "kecamatan"):
        assert set(map_layer(DEAD, level, "meninggal").classes) == {"5"}


def test_sessions_of_a_year_are_as_they_stood_at_its_end() -> None:
    held = pd.DataFrame(
        [
            {"batch": "B1", "kode": kode, "tanggal": day, "topik": "", "peserta": 9, "source": "uji"}
            for kode, day in ((CODES[0], "2023-06-01"), (CODES[1], "2025-02-01"))
        ]
    )
    shown = snapshot(sessions=held)
    assert layer_years(shown, "sesi") == [2023, 2025]
    assert map_layer(shown, "desa", "sesi", 2023).classes == "03333"
    assert map_layer(shown, "desa", "sesi", 2025).classes[:2] == "20"


def test_a_difference_of_years_is_in_the_layers_own_measure_and_of_one_level() -> None:
    made = difference(POOR, "kabupaten", "kemiskinan", 2024, "2019")
    assert made is not None
    assert made.classes == "02"  # seven points less, half a point more
    assert made.legend[0].values == {"n": 5.0}
    below = difference(POOR, "desa", "kemiskinan", None, "2019")
    assert below is not None
    assert below.inherited == "kabupaten"  # a village's figure is not compared with its kabupaten's
    assert below.classes == "00022"


def test_what_one_of_two_maps_lacks_is_no_data_and_what_is_hidden_stays_hidden() -> None:
    made = difference(DEAD, "kabupaten", "meninggal", 2024, "2023")
    assert made is not None
    assert made.classes == "06"
    assert [row.count for row in made.legend] == [1, 0, 0, 0, 0, 0, 1]


def test_two_layers_are_compared_by_rank_and_words_not_at_all() -> None:
    same = difference(POOR, "desa", "skor", None, "p_top")
    assert same is not None
    assert set(same.classes) == {"2"}
    assert difference(POOR, "desa", "kualitas", None, "skor") is None
    assert difference(POOR, "desa", "skor", None, "lisa") is None
    older = difference(POOR, "desa", "prioritas", None, "S0")
    assert older is not None
    assert older.classes == "45555"  # 100 now and 50 then; the others were not scored then
    assert difference(POOR, "kabupaten", "prioritas", None, "S0") is None


def test_the_diverging_colours_are_apart_in_grey_and_none_is_red() -> None:
    shades = sorted(luminance(colour) for colour in DIVERGING)
    lightness = [116 * shade ** (1 / 3) - 16 if shade > 0.008856 else 903.3 * shade for shade in shades]
    assert np.abs(np.diff(lightness)).min() > 9
    for colour in DIVERGING:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        assert not (red > 1.3 * green and red > 1.25 * blue)


@pytest.mark.parametrize("level", DRAWN)
def test_every_area_has_one_class_of_a_difference(level: str) -> None:
    made = difference(POOR, level, "kemiskinan", None, "2019")
    assert made is not None
    assert sum(row.count for row in made.legend) == len(made.codes) == len(POOR.places[level])


def test_parts_of_a_year_are_added_and_recaps_over_years_left_out() -> None:
    class Stored:
        @property
        def facts(self) -> Stored:
            return self

        def read(self, jenis: str, indikator: str, level: str) -> pd.DataFrame:
            rows = (
                []
                if jenis == "kasus"
                else [
                    ("53.01", "2024-01-01", "2024-03-31", 8),
                    ("53.01", "2024-04-01", "2024-12-31", 14),
                    ("53.02", "2024-01-01", "2024-12-31", 4),
                    ("53.02", "2015-01-01", "2019-12-31", 90),
                ]
            )
            table = pd.DataFrame(rows, columns=["kode", "period_start", "period_end", "value"])
            for name in ("period_start", "period_end"):
                table[name] = pd.to_datetime(table[name])
            table = table.assign(jenis=jenis, indikator=indikator, level=level, source="uji", published=False)
            table["as_of"] = pd.NaT
            table = table.assign(data_contoh=False, cumulative=False, completeness="")
            return table.assign(id=range(len(table)))

    made = yearly(as_store(Stored()), figures([]).assign(period_start=[]))
    told = {(kode, year): value for kode, year, value in made[["kode", "tahun", "value"]].itertuples(index=False)}
    assert told == {("53.01", 2024): 20, ("53.02", 2024): "<10"}
