"""What the published model is fitted to, worked out by hand on a few kabupaten."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from risk.scoring.observed import Observed
from risk.scoring.released import released_cells, released_prior, released_spread


def observed(village: dict[str, float], kabupaten: dict[str, float] | None = None) -> Observed:
    counts = pd.Series(village, dtype=float).sort_index()
    kab = sorted({kode[:5] for kode in counts.index})
    years = pd.Series(1.0, counts.index)
    return Observed(
        village=counts,
        kecamatan=pd.Series(0.0, sorted({kode[:8] for kode in counts.index})),
        kabupaten=pd.Series(kabupaten or {}, dtype=float).reindex(kab, fill_value=0.0),
        years=years,
        calendar_years=years.astype(int),
        precision=pd.DataFrame(index=kab),
        sources=["uji"],
        period=None,
        data_contoh=False,
    )


def villages(kec: str, *counts: float) -> dict[str, float]:
    return {f"{kec}.{2001 + i}": n for i, n in enumerate(counts)}


def test_a_kecamatan_of_ten_and_more_is_a_cell_and_the_rest_of_its_kabupaten_is_another() -> None:
    few = {k: n for i in range(2, 8) for k, n in villages(f"98.01.{i:02d}", 3, 0).items()}
    cells = released_cells(observed(villages("98.01.01", 20, 4) | few))
    assert cells.totals.to_dict() == {"98.01.01": 25, "98.01": 15}, "24 is shown as 25, 42 in all as 40"
    assert cells.of_village["98.01.01.2001"] == "98.01.01"
    assert cells.of_village["98.01.02.2001"] == "98.01"
    assert cells.kabupaten.empty


def test_the_count_of_a_kecamatan_of_one_village_is_in_no_cell_of_its_own() -> None:
    several = villages("98.01.02", 20, 20) | villages("98.01.03", 15, 15) | villages("98.01.04", 3, 3)
    cells = released_cells(observed(villages("98.01.01", 25) | several))
    assert "98.01.01" not in cells.totals.index
    assert cells.of_village["98.01.01.2001"] == "98.01"


def test_a_remainder_of_rounded_totals_is_never_below_nothing() -> None:
    """Three kecamatan of 13 and five of 15 are shown as 15 each, their kabupaten of 114 as 115."""
    counts = [13, 13, 13, 15, 15, 15, 15, 15, 0, 0, 0]
    parts = {k: n for i, count in enumerate(counts, 1) for k, n in villages(f"98.01.{i:02d}", count, 0).items()}
    cells = released_cells(observed(parts))
    assert cells.totals.tolist() == [*[15] * 8, 0]


def test_what_remains_of_the_rounded_total_of_the_province_is_never_below_nothing() -> None:
    counts = [13, 13, 13, 15, 15, 15, 15, 15, 0, 0, 0]
    parts = {k: n for i, count in enumerate(counts, 1) for k, n in villages(f"98.{i:02d}.01", count, 0).items()}
    cells = released_cells(observed(parts))
    assert cells.totals["*"] == 0
    assert (cells.of_village == "*").sum() == 6


def test_where_the_provinces_total_is_below_ten_nothing_is_known_of_its_cell() -> None:
    cells = released_cells(observed(villages("98.01.01", 2, 1) | villages("98.02.01", 1, 1)))
    assert cells.totals.empty
    assert set(cells.of_village) == {"*"}


def test_where_the_provinces_total_is_withheld_hidden_kabupaten_count_as_half_of_what_they_may_be() -> None:
    large = villages("98.01.01", 30, 30) | villages("98.01.02", 40, 20)
    cells = released_cells(observed(large | villages("98.02.01", 1, 0)))
    assert cells.totals["*"] == 5
    assert cells.of_village["98.02.01.2001"] == "*"


def test_cases_known_to_the_kabupaten_only_are_its_own_from_ten_on_and_are_spread_over_it() -> None:
    counts = villages("98.01.01", 20, 10) | villages("98.01.02", 20, 20)
    exposure = pd.Series([1000.0, 3000.0, 2000.0, 2000.0], sorted(counts))
    known = observed(counts, {"98.01": 16.0})
    assert released_cells(known).kabupaten.to_dict() == {"98.01": 15}
    spread = released_spread(known, exposure)["cases"]
    assert spread.tolist() == pytest.approx([7.5 + 15 / 8, 22.5 + 45 / 8, 20 + 30 / 8, 20 + 30 / 8])
    assert spread.sum() == pytest.approx(30 + 40 + 15)
    assert released_spread(observed(counts), exposure * 0)["cases"].tolist() == [0, 0, 0, 0]


def test_what_the_full_model_hands_on_is_rounded_and_never_certain() -> None:
    full = SimpleNamespace(
        covariate_names_=["kemiskinan"],
        coef_=[0.012345],
        coef_sd_=[1e-9],
        size_coef_=(-0.2468, 0.1357),
        variance_components_={"kab": 0.123456, "kec": 0.0004},
    )
    prior = released_prior(full)  # type: ignore[arg-type]
    assert prior["coef"] == {"kemiskinan": (0.012, 1e-6), "area_size": (-0.25, 0.14)}
    assert prior["variance"] == {"kab": 0.12, "kec": 0.01}
