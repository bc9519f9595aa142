"""A plan's problem as a mixed-integer programme, and HiGHS, which solves it through `scipy.optimize`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from campaign.planning.problem import Problem

Rules = tuple[sparse.csr_matrix, np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class Programme:
    """What is minimised and within which bounds, over villages, trips and pieces of cells; which are whole numbers; the
    rules."""

    aim: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    whole: np.ndarray
    rules: Rules


def programme_of(problem: Problem, within: np.ndarray) -> Programme:
    n, m = len(problem.value), len(problem.trip)
    rules = _rules(problem)
    worth = problem.value.astype(float)
    whole = np.ones(n + m)
    lower = np.concatenate([within.astype(float), np.zeros(m)])
    upper = np.concatenate([(~problem.never).astype(float), np.ones(m)])
    pieces = np.zeros(0)
    if problem.returns is not None:
        cell, width, pieces = problem.returns.slices()
        inside = np.flatnonzero(problem.returns.cell >= 0)
        worth = np.where(problem.returns.cell >= 0, 0.0, worth)
        held = sparse.csr_matrix(
            (-problem.value[inside], (problem.returns.cell[inside], inside)), shape=(len(problem.returns.unit), n + m)
        )
        filled = sparse.csr_matrix(
            (np.ones(len(cell)), (cell, np.arange(len(cell)))), shape=(len(problem.returns.unit), len(cell))
        )
        matrix, low, high = rules
        empty = sparse.csr_matrix((matrix.shape[0], len(cell)))
        rules = (
            sparse.vstack([sparse.hstack([matrix, empty]), sparse.hstack([held, filled])], format="csr"),
            np.concatenate([low, np.full(len(problem.returns.unit), -np.inf)]),
            np.concatenate([high, np.zeros(len(problem.returns.unit))]),
        )
        whole = np.concatenate([whole, np.zeros(len(cell))])
        lower, upper = np.concatenate([lower, np.zeros(len(cell))]), np.concatenate([upper, width])
    # A grain of cost on trips, so that none is made in vain where the budget is villages.
    aim = np.concatenate([-worth, np.full(m, 1e-9 * max(problem.value.max(), 1.0)), -pieces])
    return Programme(aim, lower, upper, whole, rules)


def run(programme: Programme, gap: float, nodes: int) -> Any:
    with _solver_words_to_stderr():
        return milp(
            programme.aim,
            integrality=programme.whole,
            bounds=Bounds(programme.lower, programme.upper),
            constraints=LinearConstraint(*programme.rules),
            options={"mip_rel_gap": gap, "node_limit": nodes},
        )


def relaxed(programme: Programme) -> Any:
    """The programme without whole numbers."""
    matrix, low, high = programme.rules
    at_most, at_least = np.isfinite(high), np.isfinite(low)
    with _solver_words_to_stderr():
        return linprog(
            programme.aim,
            A_ub=sparse.vstack([matrix[at_most], -matrix[at_least]], format="csr"),
            b_ub=np.concatenate([high[at_most], -low[at_least]]),
            bounds=np.column_stack([programme.lower, programme.upper]),
            method="highs",
        )


def _rules(problem: Problem) -> Rules:
    n, m = len(problem.value), len(problem.trip)
    rows: list[sparse.csr_matrix] = []
    low: list[np.ndarray] = []
    high: list[np.ndarray] = []

    def rule(on_villages: np.ndarray, at_least: float, at_most: float, on_trips: np.ndarray | None = None) -> None:
        rows.append(sparse.csr_matrix(np.concatenate([on_villages, np.zeros(m) if on_trips is None else on_trips])))
        low.append(np.array([at_least]))
        high.append(np.array([at_most]))

    if problem.budget is not None:
        of_village, of_trip = problem.taken()
        rule(of_village, -np.inf, problem.budget, of_trip)
    else:
        rule(np.ones(n), -np.inf, float(problem.villages or 0))
    rows.append(
        sparse.hstack(
            [sparse.eye(n), -sparse.csr_matrix((np.ones(n), (np.arange(n), problem.kecamatan)), shape=(n, m))]
        )
    )
    low.append(np.full(n, -np.inf))
    high.append(np.zeros(n))
    for members, floor in problem.floor_villages():
        rule(members.astype(float), float(floor), np.inf)
    for of, ceiling in ((problem.group, problem.ceiling), (problem.island, problem.island_ceiling)):
        for number in np.unique(of) if ceiling is not None else ():
            rule((of == number).astype(float), -np.inf, float(ceiling or 0))
    if problem.explore and problem.explored.any():
        rule(problem.cost * (problem.explored - problem.explore), 0.0, np.inf)
    return sparse.vstack(rows, format="csr"), np.concatenate(low), np.concatenate(high)


@contextmanager
def _solver_words_to_stderr() -> Iterator[None]:
    """HiGHS writes a line to standard output now and then, which belongs to the command's one JSON object."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
