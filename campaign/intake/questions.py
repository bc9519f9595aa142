"""Names that a person has to settle: which rows ask, who may be meant, and what tells the candidates apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from campaign.intake.confirming import confirmable, level_wanted
from campaign.reading.snapshot import Snapshot
from data.intake.examined import Examined
from data.store.store import Store
from data.workspace import Workspace


@dataclass(frozen=True)
class Candidate:
    """An area that may be meant: its ``place`` (kecamatan and kabupaten), the names it had, the areas around it."""

    kode: str
    name: str
    place: str
    similarity: float
    older: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """One name as written, all the rows that ask about it, and the candidates, the likeliest first.

    ``where`` is the place the file gives, ``scope`` the code of the kecamatan or kabupaten it must lie in.
    """

    scope: str
    key: str
    level: str
    value: str
    where: str
    rows: tuple[int, ...]
    candidates: tuple[Candidate, ...]


def questions(
    found: Examined, snapshot: Snapshot, older: Mapping[str, list[str]], neighbours: Mapping[str, list[str]]
) -> list[Question]:
    """The names of an examined import that wait for a person, in the order of their first rows.

    The same name in the same place is asked once, however many rows have it.
    """
    rows: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    settle = confirmable(found)
    for row, proposals in settle.items():
        rows[(proposals[0].lingkup, proposals[0].kunci)].append(row)
    out = []
    for (scope, key), own in rows.items():
        proposals = settle[own[0]]
        candidates = tuple(
            _candidate(one.kode, one.similarity, snapshot, older, neighbours)
            for one in proposals
            if one.kode.startswith(scope + ".")
        )
        first = proposals[0]
        out.append(Question(scope, key, level_wanted(first), first.value, first.di, tuple(own), candidates))
    return sorted(out, key=lambda question: question.rows[0])


def others(question: Question, snapshot: Snapshot) -> dict[str, str]:
    """Every other area that the name may mean (code → name and place), by name."""
    places = snapshot.places[question.level]
    inside = places[places.index.str.startswith(question.scope + ".")].sort_values("nama")
    known = {candidate.kode for candidate in question.candidates}
    return {str(kode): snapshot.labels[str(kode)] for kode in inside.index if kode not in known}


def older_names(store: Store) -> dict[str, list[str]]:
    """Names that villages had or have elsewhere, from the crosswalk; by code."""
    rows = store.records.read("padanan")
    names: defaultdict[str, list[str]] = defaultdict(list)
    named = rows[rows["jenis"] == "nama"]
    for kode, name in zip(named["kode"].astype(str), named["nilai"].astype(str), strict=True):
        if name not in names[kode]:
            names[kode].append(name)
    return dict(names)


def neighbour_codes(store: Store, workspace: Workspace) -> dict[str, list[str]]:
    """By village the codes of those that share an edge with it, or lie nearest where none does.

    Takes a second or two for a province: keep the result as long as the boundaries stay.
    """
    from geo.frame import village_frame
    from geo.proximity.neighbours import neighbour_pairs

    around: defaultdict[str, list[str]] = defaultdict(list)
    for a, b in neighbour_pairs(village_frame(store, workspace))[["a", "b"]].itertuples(index=False):
        around[a].append(b)
        around[b].append(a)
    return dict(around)


def _candidate(
    kode: str, similarity: float, snapshot: Snapshot, older: Mapping[str, list[str]], around: Mapping[str, list[str]]
) -> Candidate:
    name, _, place = snapshot.labels.get(kode, kode).partition(" · ")
    near = sorted(snapshot.labels[other].partition(" · ")[0] for other in around.get(kode, ()))
    return Candidate(kode, name, place, similarity, tuple(older.get(kode, ())), tuple(near))
