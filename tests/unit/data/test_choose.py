from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.choose import KEY, chosen, judged, latest


def fact(**given_: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "jenis": "kasus",
        "indikator": "pmi_meninggal",
        "level": "kabupaten",
        "kode": "98.01",
        "cumulative": False,
        "period_start": dt.date(2024, 1, 1),
        "period_end": dt.date(2024, 12, 31),
        "value": 1.0,
        "source": "a",
        "as_of": None,
        "completeness": "",
        "data_contoh": False,
    }
    return row | given_


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    table = pd.DataFrame([{"id": number} | row for number, row in enumerate(rows)])
    for name in ("period_start", "period_end", "as_of"):
        table[name] = pd.to_datetime(table[name])
    return table


def test_cumulative_recaps_are_never_summed_the_latest_counts() -> None:
    recaps = frame(
        fact(cumulative=True, period_end=dt.date(2024, 8, 22), value=7),
        fact(cumulative=True, period_end=dt.date(2024, 11, 30), value=11),
        fact(cumulative=True, period_end=dt.date(2024, 4, 5), value=2),
        fact(cumulative=True, period_start=dt.date(2023, 1, 1), period_end=dt.date(2023, 7, 5), value=9),
    )
    used = chosen(recaps)
    assert used["value"].tolist() == [11, 9]
    assert used["alasan_pilih"].tolist() == ["snapshot_terakhir", "satu_satunya"]
    assert judged(recaps)["alasan_pilih"].tolist() == [
        "snapshot_lama",
        "snapshot_terakhir",
        "snapshot_lama",
        "satu_satunya",
    ]


def test_a_recap_over_years_yields_to_yearly_figures() -> None:
    rows = frame(
        fact(cumulative=True, period_start=dt.date(2019, 1, 1), period_end=dt.date(2021, 2, 15), value=39),
        fact(cumulative=True, period_start=dt.date(2021, 1, 1), period_end=dt.date(2021, 9, 30), value=10),
        fact(kode="98.02", cumulative=True, period_start=dt.date(2019, 1, 1), period_end=dt.date(2021, 2, 15), value=5),
    )
    marked = judged(rows)
    assert marked["dipakai"].tolist() == [False, True, True]
    assert marked["alasan_pilih"].tolist() == ["tumpang_tindih", "periode_utama", "satu_satunya"]


def test_quarters_beside_the_year_they_make_up_are_not_counted_twice() -> None:
    quarters = [
        fact(period_start=dt.date(2024, 3 * q + 1, 1), period_end=dt.date(2024, 3 * q + 3, 28), value=q)
        for q in range(4)
    ]
    assert len(chosen(frame(*quarters))) == 4
    with_year = chosen(frame(*quarters, fact(value=6)))
    assert with_year["value"].tolist() == [6]
    assert with_year["alasan_pilih"].tolist() == ["periode_utama"]


def test_of_two_sources_the_newer_is_used_and_both_are_named() -> None:
    rows = frame(
        fact(source="baru", as_of=dt.date(2025, 3, 5), value=125),
        fact(source="lama", as_of=dt.date(2025, 1, 17), value=123),
        fact(source="tanpa tanggal", value=120),
    )
    assert judged(rows)["alasan_pilih"].tolist() == ["sumber_terbaru", "sumber_lama", "sumber_lama"]


def test_then_the_more_complete_then_the_later_stored() -> None:
    day = dt.date(2025, 1, 1)
    rows = frame(
        fact(as_of=day, completeness="sebagian"),
        fact(as_of=day, completeness="lengkap", value=2),
        fact(kode="98.02"),
        fact(kode="98.02", value=2),
        fact(kode="98.71", as_of=day, value=None),
        fact(kode="98.71", value=2),
    )
    marked = judged(rows)
    assert marked["alasan_pilih"].tolist() == [
        "kurang_lengkap",
        "lebih_lengkap",
        "disimpan_lebih_dulu",
        "terakhir_disimpan",
        "nilai_kosong",
        "lebih_lengkap",
    ]
    assert chosen(rows)["value"].tolist() == [2, 2, 2]


def test_demonstration_data_steps_aside_where_real_data_came() -> None:
    rows = frame(
        fact(level="desa", kode="98.01.01.2001", data_contoh=True, indikator="tppo"),
        fact(level="desa", kode="98.01.01.2002", data_contoh=True, indikator="pmi_bermasalah"),
        fact(level="kabupaten", kode="98.01", data_contoh=True, indikator="tppo"),
        fact(level="desa", kode="98.01.01.2001", indikator="tppo", value=3),
        fact(jenis="indikator", level="desa", kode="98.01.01.2001", indikator="penduduk", data_contoh=True),
        fact(jenis="indikator", level="desa", kode="98.01.01.2001", indikator="idm"),
        fact(jenis="indikator", level="desa", kode="98.01.01.2001", indikator="idm", data_contoh=True),
    )
    marked = judged(rows)
    assert marked["dipakai"].tolist() == [False, False, True, True, True, True, False]
    assert marked.loc[~marked["dipakai"], "alasan_pilih"].unique().tolist() == ["contoh_digantikan"]


def test_latest_is_the_newest_period_of_each_area() -> None:
    rows = frame(
        fact(jenis="kemiskinan", indikator="persen_miskin", value=21.0),
        fact(
            jenis="kemiskinan",
            indikator="persen_miskin",
            value=22.0,
            period_start=dt.date(2021, 1, 1),
            period_end=dt.date(2021, 12, 31),
        ),
        fact(
            jenis="kemiskinan",
            indikator="persen_miskin",
            value=25.0,
            kode="98.02",
            period_start=dt.date(2019, 1, 1),
            period_end=dt.date(2019, 12, 31),
        ),
    )
    assert latest(rows)["value"].tolist() == [21.0, 25.0]


def test_nothing_to_choose_from() -> None:
    empty = frame(fact()).iloc[:0]
    assert chosen(empty).empty
    assert latest(empty).empty


days = st.integers(0, 1500)
rows_strategy = st.lists(
    st.builds(
        fact,
        kode=st.sampled_from(["98.01", "98.02"]),
        indikator=st.sampled_from(["tppo", "pmi_meninggal"]),
        cumulative=st.booleans(),
        period=st.tuples(days, st.integers(0, 800)),
        value=st.one_of(st.none(), st.integers(0, 50)),
        as_of=st.one_of(st.none(), st.just(dt.date(2025, 1, 1)), st.just(dt.date(2025, 6, 1))),
        completeness=st.sampled_from(["", "lengkap", "sebagian"]),
        data_contoh=st.booleans(),
        pilihan=st.booleans(),
    ).map(
        lambda row: (
            row
            | {
                "period_start": dt.date(2020, 1, 1) + dt.timedelta(days=row["period"][0]),
                "period_end": dt.date(2020, 1, 1) + dt.timedelta(days=sum(row["period"])),
            }
        )
    ),
    min_size=1,
    max_size=25,
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(rows_strategy)
def test_what_is_used_never_overlaps_and_nothing_is_lost_without_a_reason(rows: list[dict[str, Any]]) -> None:
    facts = frame(*rows)
    marked = judged(facts)
    assert len(marked) == len(facts)
    used = marked[marked["dipakai"]]
    for _, group in used.groupby(KEY):
        ordered = group.sort_values("period_start")
        assert (ordered["period_start"].iloc[1:].to_numpy() > ordered["period_end"].iloc[:-1].to_numpy()).all()
    gone = marked[~marked["dipakai"]]
    assert set(gone["alasan_pilih"]) <= {
        "contoh_digantikan",
        "nilai_kosong",
        "snapshot_lama",
        "sumber_lama",
        "kurang_lengkap",
        "disimpan_lebih_dulu",
        "tumpang_tindih",
        "bukan_pilihan",
    }
    assert set(map(tuple, facts.loc[~facts["data_contoh"], KEY].to_numpy())) <= set(map(tuple, used[KEY].to_numpy()))
    again = chosen(chosen(facts).drop(columns="alasan_pilih"))
    assert len(again) == len(used), "choosing twice chooses the same"


def test_a_source_a_person_prefers_comes_before_newer_and_longer_ones() -> None:
    day = dt.date(2025, 6, 1)
    rows = frame(
        fact(source="baru", as_of=day, value=125, pilihan=False),
        fact(source="pilihan", value=123, pilihan=True),
        fact(kode="98.02", source="baru", as_of=day, value=9, pilihan=False),
        fact(kode="98.02", source="pilihan", value=None, pilihan=True),
        fact(kode="98.71", source="tahunan", value=8, pilihan=False),
        fact(kode="98.71", source="pilihan", period_end=dt.date(2024, 6, 30), value=4, pilihan=True),
    )
    marked = judged(rows)
    assert marked["dipakai"].tolist() == [False, True, True, False, False, True]
    assert marked["alasan_pilih"].tolist() == [
        "bukan_pilihan",
        "sumber_pilihan",
        "lebih_lengkap",
        "nilai_kosong",
        "bukan_pilihan",
        "sumber_pilihan",
    ]


def test_a_preference_brings_no_demonstration_figure_and_no_old_recap_back() -> None:
    rows = frame(
        fact(source="nyata", pilihan=False),
        fact(source="contoh", data_contoh=True, pilihan=True),
        fact(kode="98.02", indikator="lain", source="tahunan", pilihan=False),
        fact(kode="98.02", indikator="lain", source="rekap", period_start=dt.date(2020, 1, 1), pilihan=True),
    )
    assert judged(rows)["dipakai"].tolist() == [True, False, True, False]
