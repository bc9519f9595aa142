"""A page per kecamatan, and a page per village that may answer back."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from campaign.documents import atlas, clarification
from campaign.documents.writers.typeset import count_pages
from campaign.handover.lists import listed
from campaign.reading.snapshot import Snapshot
from data.errors import WrongUse
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE, all_text, cut_off
from words.stigma import stigma


@pytest.fixture(scope="module")
def snapshot(planned_once: Planned) -> Snapshot:
    return Snapshot.load(planned_once.workspace, planned_once.store)


def values_of(monkeypatch: pytest.MonkeyPatch, module: Any, act: Any, *words: Any) -> dict[str, Any]:
    """What a document hands to its template."""
    taken: list[dict[str, Any]] = []

    def take(_: str, values: dict[str, Any]) -> bytes:
        taken.append(json.loads(json.dumps(values)))
        return b"%PDF"

    monkeypatch.setattr(module, "set_pages", take)
    act(*words)
    return taken[0]


def test_every_kecamatan_has_one_page_and_everything_fits(
    planned_once: Planned, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    target_list = listed(planned_once.store, planned_once.plan, today=MADE)
    values = values_of(monkeypatch, atlas, atlas.atlas_pages, snapshot, planned_once.workspace, target_list)
    assert [page["kode"] for page in values["pages"]] == sorted(snapshot.places["kecamatan"].index)
    fullest = sorted(values["pages"], key=lambda page: len(all_text(page)) - len(page["map"]))[-25:]
    values["pages"] = fullest
    assert count_pages("atlas", values) == len(fullest)
    assert not cut_off("atlas", values)


def test_a_kabupaten_alone(planned_once: Planned, snapshot: Snapshot) -> None:
    pdf, n = atlas.atlas_pages(snapshot, planned_once.workspace, None, "53.71")
    assert pdf.startswith(b"%PDF")
    assert n == int(snapshot.places["kecamatan"].index.str.startswith("53.71").sum())
    with pytest.raises(WrongUse) as caught:
        atlas.atlas_pages(snapshot, planned_once.workspace, None, "53.99")
    assert caught.value.reason == "AREA_UNKNOWN"


def test_a_page_tells_bands_in_words_and_no_rank_within_a_band(
    planned_once: Planned, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = values_of(monkeypatch, atlas, atlas.atlas_pages, snapshot, planned_once.workspace, None, "53.06")
    order = {"Prioritas I": 0, "Prioritas II": 1, "Prioritas III": 2}
    for page in values["pages"]:
        listed_here = [(order[row[2]], row[0]) for row in page["desa"]]
        assert listed_here == sorted(listed_here)
        assert page["pendorong"]
        assert "belum pernah" in page["sesi"]
    text = all_text({**values, "pages": [{**page, "map": ""} for page in values["pages"]]})
    assert stigma(text) == []
    assert values["mark"] == "DATA CONTOH"
    drawn = values["pages"][0]["map"]
    assert set(re.findall(r">([^<>]+)</text>", drawn)) - {"1 km", "2 km", "5 km", "10 km", "0.5 km"} <= set(
        snapshot.places["desa"]["nama"]
    )


def test_a_village_reads_what_is_held_of_it_and_no_events(
    planned_once: Planned, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [row["kode"] for row in planned_once.plan["villages"]]
    values = values_of(monkeypatch, clarification, clarification.clarification_sheets, snapshot, codes)
    assert [page["kode"] for page in values["pages"]] == sorted(codes)
    assert count_pages("clarification", values) == len(codes)
    assert not cut_off("clarification", values)
    for page in values["pages"]:
        held = {row[0]: row[1] for row in page["baris"]}
        assert {"Status", "Pulau", "Jarak lurus ke pusat kabupaten/kota"} <= set(held)
        assert held["Sosialisasi terakhir di desa ini"] == "belum ada"
        people = snapshot.places["desa"].at[page["kode"], "penduduk"]
        assert people != people or "Penduduk (jiwa)" in held
    text = all_text(values).casefold()
    for word in ("kasus", "korban", "tppo", "prioritas i", "skor 0", "meninggal", "laporan dari"):
        assert word not in text, word
    assert stigma(text) == []


def test_a_sheet_of_nobodys_village_is_refused(snapshot: Snapshot) -> None:
    for codes, reason in ((["53.99.99.2001"], "AREA_UNKNOWN"), (list(snapshot.places["desa"].index), "TOO_MANY")):
        with pytest.raises(WrongUse) as caught:
            clarification.clarification_sheets(snapshot, codes)
        assert caught.value.reason == reason
