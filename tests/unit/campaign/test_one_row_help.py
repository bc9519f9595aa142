"""A kind of help is one row of the table and its texts: a throw-away one is proposed, listed and explained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest

import words
from campaign.documents.listing.arranged import arranged_columns
from campaign.handover.lists import listed
from campaign.planning import help as helping
from campaign.planning.help import HelpKind, audiences_of, help_for, help_of, kinds
from campaign.planning.plan_types import Plan
from data.batches import BatchMeta
from data.domain.actor import owner
from data.store.store import Store
from data.workspace import Workspace
from tests.throwaway import add_texts

ROW = "ternak,Dinas Peternakan,keluarga;tokoh,sapi_uji,atas,tetap:40,Aturan uji"
HEAD = "bantuan,penyelenggara,kelompok,ukuran,arah,batas,sumber\n"
CODES = ("53.01.04.2003", "53.01.04.2004", "53.02.01.2001")


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The product's table with one row more."""
    path = tmp_path / "help_kinds.csv"
    path.write_text(helping.TABLE.read_text(encoding="utf-8") + ROW + "\n", encoding="utf-8")
    monkeypatch.setattr(helping, "TABLE", path)
    kinds.cache_clear()
    yield path
    kinds.cache_clear()


def test_it_is_proposed_where_its_rule_says_and_named_in_both_languages(
    table: Path, place: tuple[Workspace, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, store = place
    row = kinds()["ternak"]
    add_texts(monkeypatch, row.texts[:2])
    add_texts(monkeypatch, row.texts[2:], "{ambang}")
    assert "ternak" in help_for(store, list(CODES))["tanpa_data"]
    figures = pd.DataFrame(
        {
            "indikator": "sapi_uji",
            "level": "desa",
            "kode": list(CODES),
            "value": [39.0, 40.0, 55.0],
            "period_start": pd.Timestamp(2024, 1, 1),
            "period_end": pd.Timestamp(2024, 12, 31),
        }
    )
    store.facts.commit(BatchMeta("indikator", "Dinas Uji"), figures)
    found = help_for(store, list(CODES))
    assert [("ternak" in found["usulan"][kode]) for kode in CODES] == [False, True, True]
    assert found["dasar"]["ternak"] == {"ukuran": "sapi_uji", "tingkat": "desa", "ambang": 40.0, "sumber": "Dinas Uji"}

    plan = cast(Plan, {"bantuan": found, "villages": [{"kode": kode} for kode in CODES]})
    assert help_of(plan)[CODES[2]] == ["ternak"]
    assert audiences_of(["ternak"]) == ["keluarga", "tokoh"]
    from pages.parts.rencana.bantuan import rule

    for lang in words.LANGUAGES:
        said = " ".join(rule(plan, "ternak", lang))
        for part in (f"[{lang} bantuan.lengkap.ternak]", f"[{lang} bantuan.ukuran.sapi_uji] 40", "Dinas Peternakan"):
            assert part in said
        assert "Aturan uji" in said


def test_it_stands_in_the_list_that_is_handed_over(table: Path, planned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    add_texts(monkeypatch, kinds()["ternak"].texts)
    from campaign.planning.kept_plans import keep_help

    kode = planned.plan["villages"][0]["kode"]
    keep_help(owner("uji"), planned.store, planned.plan, {kode: ["ternak"]})
    known = listed(planned.store, planned.plan)
    for lang in words.LANGUAGES:
        columns = arranged_columns(known, planned.store, pd.Series([kode]), lang)
        assert columns["bantuan"] == [f"[{lang} bantuan.lengkap.ternak]"]
        assert columns["kelompok_sasaran"] == [
            f"{words.t('khalayak.keluarga', lang)}, {words.t('khalayak.tokoh', lang)}"
        ]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("ternak,Dinas,keluarga,sapi,samping,tetap:40,Aturan", "samping"),
        ("ternak,Dinas,keluarga,sapi,atas,kira:40,Aturan", "one limit"),
        ("ternak,Dinas,semua orang,sapi,atas,tetap:40,Aturan", "semua orang"),
        ("ternak,Dinas,keluarga,,atas,tetap:40,Aturan", "measure"),
        ("ternak,Dinas,keluarga,sapi,atas,tetap:40,", "source"),
    ],
)
def test_a_row_that_lacks_something_is_refused_when_it_is_read(table: Path, row: str, what: str) -> None:
    table.write_text(HEAD + row + "\n", encoding="utf-8")
    kinds.cache_clear()
    with pytest.raises(ValueError, match=what):
        kinds()


def test_the_products_rows_say_what_they_look_at() -> None:
    kinds.cache_clear()
    assert all(isinstance(one, HelpKind) for one in kinds().values())
    assert {one.measure for one in kinds().values()} >= set(helping.MEASURES)
