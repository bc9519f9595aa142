"""The parts of the latent vector and their priors: intercept, covariates, groups, neighbour field, own effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import sparse

from risk.estimator.field import Field
from risk.estimator.laplace import Block

START_VARIANCE = 0.09


def build_blocks(
    covariates: Mapping[Any, float],
    groups: Mapping[str, int],
    field: Field | None,
    n_areas: int | None,
    ridge: float,
    prior: Mapping[str, Mapping[str, Any]],
) -> list[Block]:
    """Blocks in the order of the design's columns, the areas' own effect last (it is no column).

    ``covariates``: name -> standard deviation it was divided by; each standardised coefficient is N(0, 1 / ``ridge``)
    unless ``prior["coef"]`` has a (mean, sd) for it, in its own unit. ``groups``: column -> number of labels;
    ``n_areas`` number of areas, None for no own effect. Variances are learned from `START_VARIANCE` on unless
    ``prior["variance"]`` names them.
    """
    blocks: list[Block] = []
    at = 0

    def add(
        name: str,
        size: int,
        precision: Any = None,
        root: Any = None,
        *,
        variance: float | None = None,
        own: bool = False,
        centre: Any = 0.0,
    ) -> None:
        nonlocal at
        precision = sparse.identity(size, format="csr") if precision is None else precision
        root = sparse.identity(size, format="csr") if root is None else root
        where = None if own else slice(at, at + size)
        given = prior.get("variance", {}).get(name, variance)
        start = START_VARIANCE if given is None else float(given)
        blocks.append(Block(name, where, precision, root, start, given is None, centre))
        at += 0 if own else size

    nothing = sparse.csr_matrix((1, 1))
    add("intercept", 1, nothing, nothing, variance=1.0)
    if covariates:
        scale = np.array(list(covariates.values()), float)
        told = prior.get("coef", {})
        pairs = [told.get(name, (0.0, 1 / (np.sqrt(ridge) * unit))) for name, unit in covariates.items()]
        centre, sd = (np.array(column, float) * scale for column in zip(*pairs, strict=True))
        add(
            "covariates",
            len(scale),
            sparse.diags(sd**-2.0, format="csr"),
            sparse.diags(1 / sd, format="csr"),
            variance=1.0,
            centre=centre,
        )
    for column, size in groups.items():
        add(column, size)
    if field is not None:
        add("neighbours", len(field.labels), field.precision, field.root)
    if n_areas is not None:
        add("own_history", n_areas, own=True)
    return blocks
