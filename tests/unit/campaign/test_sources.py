"""Cards of origin, sources that differ, and an officer's preference: kept, heeded, undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from campaign.intake.importing import Upload, commit, examine
from campaign.intake.provenance import card, cards
from campaign.intake.provenance_text import card_rows, conflict_lines, conflict_title, use_lines
from campaign.intake.sources import conflicts, prefer
from campaign.office.health import examine_health
from data.batches import BatchMeta
from data.domain.actor import EVERYWHERE, owner
from data.domain.kinds import is_guarded
from data.errors import PetaAmanError
from data.intake.examined import ImportOptions
from data.store.store import Store
from data.workspace import Workspace
from geo.frame import village_frame

Run = Callable[..., tuple[int, dict[str, Any], str]]
REASON = "Angka resmi kementerian"


def figures(value: list[float], level: str = "desa", indikator: str = "idm", start: int = 1) -> pd.DataFrame:
    kode = [f"98.01.01.200{start + at}" if level == "desa" else f"98.0{start + at}" for at in range(len(value))]
    return pd.DataFrame(
        {
            "indikator": indikator,
            "level": level,
            "kode": kode,
            "value": value,
            "period_start": dt.date(2024, 1, 1),
            "period_end": dt.date(2024, 12, 31),
        }
    )


@pytest.fixture
def two(store: Store) -> Store:
    """Two sources of one index, the second newer, and cases of two sources by village and by kabupaten."""
    villages = pd.DataFrame(
        {
            "kode": [f"98.01.01.200{n}" for n in range(1, 6)],
            "nama": [f"Lontar {n}" for n in range(1, 6)],
            "jenis": "desa",
            "kode_kec": "98.01.01",
            "kecamatan": "Kec",
            "kode_kab": "98.01",
            "kabupaten": "Kab",
            "kode_prov": "98",
            "kode_bps": "",
            "penduduk": 500.0,
            "kode_lama": "",
            "lon": 120.0,
            "lat": -9.0,
            "elevasi": 1.0,
            "presisi_titik": "desa",
        }
    )
    store.gazetteer.replace(villages)
    store.facts.commit(
        BatchMeta(
            "indikator", "Kemendes", file_name="a.csv", rows_read=5, rows_ok=3, rows_error=1, rows_skipped=1, user="ani"
        ),
        figures([0.5, 0.5, 0.5]),
    )
    store.facts.commit(
        BatchMeta(
            "indikator", "Dinas", as_of=dt.date(2025, 1, 1), file_name="b.csv", rows_read=2, rows_ok=2, user="budi"
        ),
        figures([0.7, 0.9]),
    )
    for source, value in (("Polda", 3.0), ("BP3MI", 7.0)):
        store.facts.commit(BatchMeta("kasus", source), figures([value, value], indikator="tppo"))
        store.facts.commit(BatchMeta("kasus", source), figures([value * 10], level="kabupaten", indikator="tppo"))
    return store


def test_sources_that_differ_are_told_with_what_may_be_seen(two: Store) -> None:
    everybody = {(one.indikator, one.level) for one in conflicts(two)}
    assert everybody == {("idm", "desa"), ("tppo", "kabupaten")}, "villages with two counts are not spoken of"
    found = {(one.indikator, one.level): one for one in conflicts(two, EVERYWHERE)}
    idm = found["idm", "desa"]
    assert (idm.areas, idm.differing) == (2, 2)
    assert (idm.typical, idm.largest) == (pytest.approx(0.3), pytest.approx(0.4))
    assert [(say.source, say.areas, say.used, say.reason) for say in idm.says] == [
        ("Dinas", 2, 2, "sumber_terbaru"),
        ("Kemendes", 3, 1, "sumber_lama"),
    ]
    for level, differing in (("desa", None), ("kabupaten", 1)):
        cases = found["tppo", level]
        assert is_guarded(cases.jenis, cases.indikator)
        assert (cases.differing, cases.typical, cases.largest) == (differing, None, None)
    assert "2 wilayah, 2 sumber" in conflict_title(idm, "id")
    assert "tidak pernah ditunjukkan per desa" in conflict_lines(found["tppo", "desa"], "id")[0]


def test_a_preference_moves_the_frame_the_score_and_back(two: Store, workspace: Workspace) -> None:
    def idm() -> list[float]:
        return list(village_frame(two, workspace, geometry=False)["idm"].head(3))

    before, version = two.table_hashes(), two.input_version()
    assert idm() == [0.7, 0.9, 0.5]
    number = prefer(owner("ani"), two, "idm", "desa", "Kemendes", f"  {REASON} ")
    assert idm() == [0.5, 0.5, 0.5]
    assert two.input_version() != version
    assert two.preferences.all()[["source", "alasan", "user"]].to_numpy().tolist() == [["Kemendes", REASON, "ani"]]
    assert two.audit.trail()["act"].iloc[0] == "prefer_source"
    says = {say.source: say for say in conflicts(two)[0].says}
    assert (says["Kemendes"].preferred, says["Kemendes"].reason, says["Dinas"].reason) == (
        True,
        "sumber_pilihan",
        "bukan_pilihan",
    )
    two.preferences.forget(number, "ani")
    assert (idm(), two.table_hashes(), two.input_version()) == ([0.7, 0.9, 0.5], before, version)


@pytest.mark.parametrize(
    ("source", "reason", "fault"),
    [
        ("Kemendes", "pendek", "REASON_SHORT"),
        ("Kemendes", "x" * 400, "REASON_LONG"),
        ("Kemendes", "Telepon petugas 0812 3456 7890 saja", "PII_VALUE"),
        ("Kemendes", "NIK 5301014503900001 yang melapor", "PII_VALUE"),
        ("Lain", REASON, "UNKNOWN_SOURCE"),
    ],
)
def test_a_preference_without_a_proper_reason_is_not_kept(two: Store, source: str, reason: str, fault: str) -> None:
    seen = two.audit.last()
    with pytest.raises(PetaAmanError) as found:
        prefer(owner("ani"), two, "idm", "desa", source, reason)
    assert found.value.reason == fault
    assert not any(digits in str(found.value.params) for digits in ("5301014503900001", "3456"))
    assert (two.preferences.all().empty, two.audit.last()) == (True, seen)


def test_a_card_balances_its_rows_and_says_what_is_in_use(two: Store, workspace: Workspace) -> None:
    told = {one["file_name"]: one for one in cards(two, workspace)}
    first = told["a.csv"]
    assert first["rows_read"] == first["rows_stored"] + first["rows_refused"] + first["rows_skipped"]
    (figure,) = first["figures"]
    assert (figure["in_use"], figure["why_used"]) == (1, {"satu_satunya": 1})
    assert (figure["superseded"], figure["why_not"]) == (2, {"sumber_lama": 2})
    assert told["b.csv"]["figures"][0]["why_used"] == {"sumber_terbaru": 2}
    assert told["b.csv"]["as_of"] == "2025-01-01"
    lines = dict(card_rows(first, "id"))
    assert lines["Baris"] == "5 dibaca = 3 tersimpan + 1 ditolak + 1 dilewati"
    assert "Tidak dipakai 2: ada sumber yang lebih baru." in use_lines(first, "id")[0]
    two.batches.undo(told["b.csv"]["batch"], "citra")
    undone = card(two, workspace, told["b.csv"]["batch"])
    assert undone is not None
    assert (undone["taken_back"]["user"], undone["figures"]) == ("citra", [])
    assert card(two, workspace, "B19990101-0001") is None


def test_a_card_of_a_partly_stored_file_names_the_reasons(demo_copy: Workspace) -> None:
    store = demo_copy.store()
    text = "Kode Desa;Tahun;Nilai IDM\n53.01.04.2003;2024;0,5\n53.01.99.2001;2024;0,5\nJUMLAH;;1,0\n"
    found = examine("indikator", Upload("idm.csv", text.encode()), store, demo_copy, ImportOptions(source="Dinas"))
    batch = commit(owner("ani"), found, "indikator", store, demo_copy)
    told = card(store, demo_copy, batch)
    store.close()
    assert told is not None
    assert (told["rows_read"], told["rows_stored"], told["rows_refused"], told["rows_skipped"]) == (3, 1, 1, 1)
    assert (told["refused"], told["skipped"]) == ({"UNKNOWN_CODE": 1}, {"TOTAL_ROW": 1})
    assert len(told["sha256"]) == 64


REPORT = {
    "outcome",
    "reason",
    "message",
    "committed",
    "batch",
    "rows_read",
    "rows_ok",
    "rows_error",
    "rows_skipped",
    "totals",
    "errors",
    "skipped",
    "warnings",
    "proposals",
}


def test_the_command_line_previews_tells_origins_and_prefers(
    peta_aman: Run, demo_copy: Workspace, tmp_path: Any
) -> None:
    for name, value in (("kemendes", "0,5"), ("dinas", "0,7")):
        (tmp_path / f"{name}.csv").write_text(
            f"Kode Desa;Desa;Tahun;Nilai IDM\n53.01.04.2003;Bokonusan;2024;{value}\n", encoding="utf-8"
        )
    code, body, said = peta_aman("import", "indikator", tmp_path / "dinas.csv", "--dry-run", workspace=demo_copy)
    assert (code, set(body)) == (0, REPORT), "a dry run says what it does beside the object, not in it"
    assert "Bila disimpan" in said
    assert "1 dari 3.442 wilayah punya angka (sekarang 0)" in said
    for name in ("kemendes", "dinas"):
        file = tmp_path / f"{name}.csv"
        code, body, _ = peta_aman("import", "indikator", file, "--source", name, workspace=demo_copy)
        assert (code, set(body)) == (0, REPORT)
    code, origin, said = peta_aman("batches", body["batch"], workspace=demo_copy)
    assert (code, origin["batches"][0]["rows_stored"], len(origin["batches"][0]["sha256"])) == (0, 1, 64)
    assert "1 dibaca = 1 tersimpan + 0 ditolak + 0 dilewati" in said
    assert peta_aman("batches", "B1", workspace=demo_copy)[0] == 2
    words = ["sources", "--prefer", "kemendes", "--figure", "idm", "--level", "desa"]
    assert peta_aman(*words, "--reason", "ya", workspace=demo_copy)[1]["reason"] == "REASON_SHORT"
    code, told, _ = peta_aman(*words, "--reason", REASON, workspace=demo_copy)
    (kept,) = told["preferred"]
    assert (code, kept["source"], kept["alasan"]) == (0, "kemendes", REASON)
    (idm,) = [one for one in told["conflicts"] if one["indikator"] == "idm"]
    assert [say["source"] for say in idm["says"] if say["used"]] == ["kemendes"]
    health = {check.name: check.ok for check in examine_health(demo_copy)}
    assert not health["skor_mutakhir"]
    code, told, _ = peta_aman("sources", "--forget", str(kept["id"]), workspace=demo_copy)
    assert (code, told["preferred"]) == (0, [])
    assert peta_aman("sources", "--forget", "99", workspace=demo_copy)[1]["reason"] == "UNKNOWN_PREFERENCE"
