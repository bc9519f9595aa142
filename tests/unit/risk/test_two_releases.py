"""What two releases tell together: an attacker with integer programmes, and what one added case changes.

Everything that leaves the product about counts of single people, at both moments: the released cells that the score is
computed from (whoever inverts a score has those), departures by kabupaten and year from the map's slider, and what an
outsider is told of a file. The attacker knows the rules and that counts are whole and never fall from one release to
the next.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from campaign.reading.yearly import _counted
from data.disclosure import HIDDEN, SMALLEST, STEP
from risk.scoring.observed import Observed, observe
from risk.scoring.released import PROVINCE_CELL, Cells, released_cells

KINDS = ("tppo", "pmi_bermasalah")
YEARS = (2022, 2023, 2024)
FIRST_RELEASE = 2023
MOST = 200.0


def province(sizes: list[list[int]]) -> pd.DataFrame:
    """A gazetteer with kabupaten of kecamatan of that many villages."""
    codes = [
        f"98.{i + 1:02d}.{j + 1:02d}.2{k + 1:03d}"
        for i, kab in enumerate(sizes)
        for j, n in enumerate(kab)
        for k in range(n)
    ]
    frame = pd.DataFrame({"kode": codes})
    return frame.assign(kode_kec=frame["kode"].str[:8], kode_kab=frame["kode"].str[:5], kode_prov="98")


def facts_of(gazetteer: pd.DataFrame, counts: np.ndarray) -> pd.DataFrame:
    """Rows as the store keeps them of ``counts`` (village × kind × year); zeros are left out, as lists do."""
    rows = [
        {"jenis": "kasus", "indikator": kind, "level": "desa", "kode": kode, "value": float(counts[i, j, k])}
        | {"period_start": pd.Timestamp(year, 1, 1), "period_end": pd.Timestamp(year, 12, 31), "tahun": year}
        for i, kode in enumerate(gazetteer["kode"])
        for j, kind in enumerate(KINDS)
        for k, year in enumerate(YEARS)
        if counts[i, j, k]
    ]
    flags = dict.fromkeys(("cumulative", "data_contoh", "published", "pilihan"), False)
    told = {"source": "Polda", "completeness": "", "as_of": None, "batch": "B1", **flags}
    return pd.DataFrame([{**row, **told, "id": i} for i, row in enumerate(rows)])


def release(gazetteer: pd.DataFrame, facts: pd.DataFrame, until: int) -> tuple[Observed, Cells]:
    people = pd.Series(1000.0, gazetteer["kode"])
    seen = observe(facts, gazetteer, people, until=pd.Timestamp(until, 12, 31))
    return seen, released_cells(seen)


def told(cells: Cells) -> dict[str, float]:
    """The shown totals behind the cells: of kecamatan as they are, of kabupaten with what their kecamatan show."""
    shown = {str(name): float(n) for name, n in cells.totals.items() if len(str(name)) == 8}
    for name, rest in cells.totals.items():
        if len(str(name)) == 5:
            shown[str(name)] = float(rest) + sum(n for kec, n in shown.items() if kec.startswith(f"{name}."))
    return shown


def limits(value: float) -> tuple[float, float]:
    """Written apart from the code under test: what a released number of ten or more may stand for."""
    return max(value - STEP // 2, SMALLEST), value + STEP // 2


def rest_of_province(cells: Cells) -> tuple[list[str], float, float] | None:
    """Kabupaten whose number is hidden and what the province's total leaves for them; every rounding adds its slack."""
    hidden = sorted({kode[:5] for kode in cells.of_village.index[cells.of_village == PROVINCE_CELL]})
    left = float(cells.totals.get(PROVINCE_CELL, 0.0))
    if not hidden or left in (0.0, SMALLEST / 2 * len(hidden)):  # nothing left, or a total that is hidden itself
        return None
    slack = STEP // 2 * (1 + len({kode[:5] for kode in cells.of_village.index}) - len(hidden))
    return hidden, max(left - slack, 0.0), left + slack


class Attacker:
    """Knows shown sums of atoms (village × kind × year) at both releases; asks which values a sum can have."""

    def __init__(
        self,
        gazetteer: pd.DataFrame,
        releases: dict[int, dict[str, float]],
        rest: dict[int, tuple[list[str], float, float]] | None = None,
    ) -> None:
        self.codes = list(gazetteer["kode"])
        self.shape = (len(self.codes), len(KINDS), len(YEARS))
        self.size = int(np.prod(self.shape))
        rows, low, high = [], [], []
        for until, shown in releases.items():
            for area, value in shown.items():
                rows.append(self.sum_of(area, [year for year in YEARS if year <= until]))
                least, most = limits(value)
                low.append(least)
                high.append(most)
        for until, (areas, least, most) in (rest or {}).items():
            years = [year for year in YEARS if year <= until]
            rows.append(np.sum([self.sum_of(area, years) for area in areas], axis=0))
            low.append(least)
            high.append(most)
        self.known = LinearConstraint(np.array(rows).reshape(-1, self.size), low, high) if rows else ()

    def sum_of(self, area: str, years: list[int], kinds: tuple[str, ...] = KINDS) -> np.ndarray:
        mask = np.zeros(self.shape)
        here = [i for i, kode in enumerate(self.codes) if kode == area or kode.startswith(f"{area}.")]
        at = np.ix_(here, [KINDS.index(kind) for kind in kinds], [YEARS.index(year) for year in years])
        mask[at] = 1.0
        return mask.ravel()

    def width(self, target: np.ndarray) -> float:
        """How many whole values the sum can still have."""
        ends = [
            milp(sign * target, constraints=self.known, integrality=np.ones(self.size), bounds=Bounds(0, MOST))
            for sign in (1, -1)
        ]
        assert all(end.success for end in ends), "what is shown contradicts itself"
        return float(-ends[1].fun - ends[0].fun + 1)


SIZES = [[3, 2, 4], [2, 3], [1, 3, 2]]


def random_counts(seed: int, gazetteer: pd.DataFrame) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rate = rng.gamma(0.5, 2.0, len(gazetteer))
    return rng.poisson(rate[:, None, None], (len(gazetteer), len(KINDS), len(YEARS))).astype(float)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_no_cell_over_years_kinds_levels_and_releases_is_narrowed_below_ten(seed: int) -> None:
    gazetteer = province(SIZES)
    facts = facts_of(gazetteer, random_counts(seed, gazetteer))
    cells = {until: release(gazetteer, facts, until)[1] for until in (FIRST_RELEASE, YEARS[-1])}
    releases = {until: told(one) for until, one in cells.items()}
    assert any(releases.values()), "something is shown"
    rest = {until: found for until, one in cells.items() if (found := rest_of_province(one)) is not None}
    attacker = Attacker(gazetteer, releases, rest)
    for until, shown in releases.items():
        years = [year for year in YEARS if year <= until]
        areas = [*gazetteer["kode_kec"].unique(), *gazetteer["kode_kab"].unique()]
        for area in [one for one in areas if not any(known.startswith(one) for known in shown)]:
            assert attacker.width(attacker.sum_of(area, years)) >= 10, (until, area)
        for area in areas:
            for kind in KINDS:
                assert attacker.width(attacker.sum_of(area, years, (kind,))) >= 10, "a kind is shown nowhere"
    for kode in gazetteer["kode"]:
        assert attacker.width(attacker.sum_of(kode, list(YEARS))) >= 10, kode
        assert attacker.width(attacker.sum_of(kode, [FIRST_RELEASE])) >= 10, kode


def test_the_attacker_has_teeth() -> None:
    """Exact kecamatan totals, as a leaking score would give them, are narrowed at once."""
    gazetteer = province([[1, 3]])
    attacker = Attacker(gazetteer, {YEARS[-1]: {"98.01": 30.0, "98.01.02": 30.0}})
    assert attacker.width(attacker.sum_of("98.01.01", list(YEARS))) < 10


def test_departures_by_kabupaten_and_year_are_released_one_by_one() -> None:
    """What the slider of years shows: each cell has ten values or five, and below ten none is a number."""
    day = lambda year, end: pd.Timestamp(year, 12 if end else 1, 31 if end else 1)  # noqa: E731
    rows = [
        {"kode": f"98.0{i + 1}", "value": float(n), "period_start": day(year, False), "period_end": day(year, True)}
        for i, kab in enumerate(([0, 3, 9], [10, 12, 13]))
        for n, year in zip(kab, YEARS, strict=True)
    ]
    facts = pd.DataFrame(rows).assign(jenis="keberangkatan", indikator="prosedural", level="kabupaten", source="BP3MI")
    shown = _counted(facts.assign(published=False, data_contoh=False))
    assert shown["value"].tolist() == [HIDDEN, HIDDEN, HIDDEN, 10, 10, 15]


# --- one added case ------------------------------------------------------------------------------------------------


def one_more(counts: np.ndarray, village: int) -> np.ndarray:
    more = counts.copy()
    more[village, 0, -1] += 1
    return more


@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_same_whichever_village_of_its_kecamatan_the_case_is_in(seed: int) -> None:
    """So two releases tell at most that a kecamatan has one more, never which village."""
    gazetteer = province(SIZES)
    counts = random_counts(seed, gazetteer)
    for _, here in gazetteer.groupby("kode_kec"):
        found = [told(release(gazetteer, facts_of(gazetteer, one_more(counts, i)), 2024)[1]) for i in here.index]
        assert all(one == found[0] for one in found)


def changed_areas(before: Cells, after: Cells) -> set[str]:
    old, new = told(before), told(after)
    return {area for area in {*old, *new} if old.get(area) != new.get(area)}


def test_one_added_case_moves_numbers_of_its_own_kabupaten_only_and_by_one_step() -> None:
    gazetteer = province(SIZES)
    quiet = moved = 0
    for seed in range(3):
        counts = random_counts(seed, gazetteer)
        before = release(gazetteer, facts_of(gazetteer, counts), 2024)[1]
        for village, kode in enumerate(gazetteer["kode"]):
            after = release(gazetteer, facts_of(gazetteer, one_more(counts, village)), 2024)[1]
            areas = changed_areas(before, after)
            assert all(area.startswith(kode[:5]) for area in areas), "another kabupaten's numbers stand"
            both = areas & set(told(before)) & set(told(after))
            assert all(0 <= told(after)[area] - told(before)[area] <= STEP for area in both)
            quiet += not areas and before.totals.get(PROVINCE_CELL) == after.totals.get(PROVINCE_CELL)
            moved += bool(areas)
    assert quiet, "most added cases are seen by nobody"
    assert moved, "and some turn a rounding"


@pytest.mark.slow
def test_of_a_kecamatan_shown_twice_the_growth_is_known_within_nine_values() -> None:
    """What docs/metode.md admits: rounding to five hides up to four more; the growth of a *shown* kecamatan is no
    hidden cell, and is never known to be one village's."""
    gazetteer = province([[3, 4]])
    counts = np.zeros((7, len(KINDS), len(YEARS)))
    counts[:3, 0, 0], counts[3:, 0, 0] = 8.0, 9.0
    counts[0, 0, 2] = 1.0
    facts = facts_of(gazetteer, counts)
    releases = {until: told(release(gazetteer, facts, until)[1]) for until in (FIRST_RELEASE, 2024)}
    assert set(releases[2024]) >= {"98.01.01", "98.01.02"}
    attacker = Attacker(gazetteer, releases)
    growth = attacker.width(attacker.sum_of("98.01.01", [2024]))
    assert 3 <= growth <= 9
    assert attacker.width(attacker.sum_of("98.01.01.2001", list(YEARS))) >= 10
