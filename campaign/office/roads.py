"""Roads that an office loads, so that people find their way on the map."""

from __future__ import annotations

from pathlib import Path

from campaign.permission import act
from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace

LONGEST_SOURCE = 120


@act(Act.LOAD_ROADS)
def load_roads(actor: Actor, store: Store, workspace: Workspace, path: Path, source: str = "") -> list[list[int]]:
    """Reads the roads of a GeoJSON file, keeps their course and returns it. Raises as `geo.roads.read_roads`, and
    `WrongUse` (``NO_LAYERS``) before there are map layers to draw them on."""
    from geo.drawing.layers import current_layers
    from geo.roads import ROADS, read_roads

    layers = current_layers(store, workspace)
    if layers is None:
        raise WrongUse("NO_LAYERS")
    lines = read_roads(path, layers["bbox"])
    store.results.save(*ROADS, {"garis": lines, "sumber": source[:LONGEST_SOURCE]}, actor.name)
    return lines


@act(Act.LOAD_ROADS)
def remove_roads(actor: Actor, store: Store) -> None:
    """Takes the roads off the map."""
    from geo.roads import ROADS

    store.results.save(*ROADS, {"garis": [], "sumber": ""}, actor.name)
