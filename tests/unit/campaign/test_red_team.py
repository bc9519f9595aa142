"""Usability task 10: whoever holds every public download guesses no better who has exactly one case.

The attacker has seen the truth of four villages in five, the worst teacher one can think of, knows every public figure
and the released totals, and adds all that can be taken away: score files of the role ``publik`` at three levels, the
classes of every map layer, the list in its formats, the briefing's text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from campaign.documents.briefing.note import write_briefing
from campaign.handover.lists import listed
from campaign.handover.log import handed_over
from campaign.maps.layers import map_layer
from campaign.maps.registry import LAYERS
from campaign.reading.snapshot import Snapshot
from data.domain.levels import DRAWN
from risk.evaluation.attack import straight_line
from risk.evaluation.leak import Secret, secret_of
from risk.scoring.inputs import build_inputs, read_store
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE, docx_text, export_list, export_scores

LIST_FORMATS = (".csv", ".geojson", ".docx")


@dataclass(frozen=True)
class Taken:
    """What the attacker took: a folder of files, and classes of map layers by village."""

    folder: Path
    classes: pd.DataFrame


@pytest.fixture(scope="module")
def secret(planned_once: Planned) -> Secret:
    return secret_of(build_inputs(*read_store(planned_once.store, planned_once.workspace)))


@pytest.fixture(scope="module")
def taken(planned_once: Planned, tmp_path_factory: pytest.TempPathFactory) -> Taken:
    folder = tmp_path_factory.mktemp("unduhan")
    store, workspace = planned_once.store, planned_once.workspace
    for level in DRAWN:
        export_scores(folder / f"skor-{level}.csv", store, workspace, level=level, role="publik", user="penyerang")
    target_list = listed(store, planned_once.plan, today=MADE)
    for suffix in LIST_FORMATS:
        export_list(target_list, folder / f"daftar{suffix}", store, workspace, user="penyerang")
    snapshot = Snapshot.load(workspace, store)
    write_briefing(folder / "nota.docx", snapshot, store, workspace, target_list)
    classes = {}
    # Second opinions are made of released figures alone.
    for layer in [key for key, row in LAYERS.items() if row.missing != "titik_panas"]:
        for level, length in zip(DRAWN, (13, 8, 5), strict=True):
            drawn = map_layer(snapshot, level, layer)
            by_code = dict(zip(drawn.codes, drawn.classes, strict=True))
            classes[f"peta_{layer}_{level}"] = [
                ord(by_code.get(kode[:length], "-")) for kode in snapshot.places["desa"].index
            ]
    return Taken(folder, pd.DataFrame(classes, index=snapshot.places["desa"].index))


def learned(taken: Taken, index: pd.Index) -> pd.DataFrame:
    """Every column of every file as a number per village: numbers as they stand, words by what they are."""
    columns = [taken.classes.reindex(index)]
    for name, key, length in (
        ("skor-desa", "kode", 13),
        ("skor-kecamatan", "kode", 8),
        ("skor-kabupaten", "kode", 5),
        ("daftar", "kode_desa", 13),
    ):
        file = pd.read_csv(taken.folder / f"{name}.csv", dtype={key: str}).set_index(key)
        file = file.loc[:, file.nunique(dropna=False) > 1].drop(columns=["no"], errors="ignore")
        numeric = file.select_dtypes("number")
        words = file.drop(columns=numeric.columns).apply(lambda column: pd.factorize(column)[0].astype(float))
        own = numeric.join(words).reindex([kode[:length] for kode in index]).set_index(index)
        columns.append(own.add_prefix(f"{name}."))
    return pd.concat(columns, axis=1).astype(float).fillna(-1.0)


def guesses(target_list: pd.DataFrame, wanted: np.ndarray, attacker: str, seed: int = 0) -> np.ndarray:
    if attacker == "line":
        return straight_line(target_list, wanted, seed)
    trees = HistGradientBoostingClassifier(max_iter=40, max_leaf_nodes=15, learning_rate=0.15, random_state=seed)
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    return cross_val_predict(trees, target_list.to_numpy(float), wanted, cv=folds, method="predict_proba")[:, 1]


def doubt(wanted: np.ndarray, one: np.ndarray, other: np.ndarray) -> float:
    """Standard error of the difference of two AUC over resampled villages."""
    rng, out = np.random.default_rng(0), []
    yes, no = np.flatnonzero(wanted), np.flatnonzero(~wanted)
    for _ in range(100):
        at = np.concatenate([rng.choice(yes, len(yes)), rng.choice(no, len(no))])
        out.append(roc_auc_score(wanted[at], one[at]) - roc_auc_score(wanted[at], other[at]))
    return float(np.std(out))


@pytest.mark.parametrize("attacker", ["line", "trees"])
def test_nobody_guesses_better_which_village_has_exactly_one_case(secret: Secret, taken: Taken, attacker: str) -> None:
    wanted = secret.counts == 1
    assert wanted.sum() > 50, "there is something to guess"
    kab = pd.get_dummies(secret.covariates.index.str[:5]).set_index(secret.covariates.index).astype(float)
    before = secret.public.join(kab)
    after = before.join(learned(taken, secret.covariates.index))
    without, with_files = (guesses(target_list, wanted, attacker) for target_list in (before, after))
    gain = roc_auc_score(wanted, with_files) - roc_auc_score(wanted, without)
    assert gain <= 0.01 + 2 * doubt(wanted, with_files, without)
    most = int(wanted.sum())
    hits = [int(wanted[np.argsort(-guess)[:most]].sum()) for guess in (without, with_files)]
    share = hits[0] / most
    assert hits[1] <= hits[0] + 2 * np.sqrt(most * share * (1 - share)), f"{hits} of {most} villages named"


def test_the_same_attack_finds_a_score_that_does_tell(secret: Secret, taken: Taken) -> None:
    """The test has teeth: with one column that holds the village's own count under noise the attacker wins."""
    wanted = secret.counts == 1
    before = secret.public
    leaky = before.assign(skor=secret.counts + np.random.default_rng(0).normal(0, 0.5, len(secret.counts)))
    with_score, without = (
        roc_auc_score(wanted, guesses(target_list, wanted, "trees")) for target_list in (leaky, before)
    )
    assert with_score - without > 0.1


def test_no_public_file_has_a_column_that_is_a_count(secret: Secret, taken: Taken) -> None:
    files = learned(taken, secret.covariates.index)
    own = secret.counts - pd.Series(secret.counts).groupby(secret.kecamatan).transform("mean").to_numpy()
    for name in files:
        column = files[name] - files[name].groupby(secret.kecamatan).transform("mean")
        if column.std() > 1e-9:
            assert abs(np.corrcoef(column, own)[0, 1]) < 0.35, name
    public = pd.read_csv(taken.folder / "skor-desa.csv", dtype=dict.fromkeys(("kode", "kode_kec", "kode_kab"), str))
    numbers = public.select_dtypes("number").dropna(axis=1, how="all")
    assert set(numbers) <= {"n_top"}


def test_the_text_of_documents_tells_no_number_of_events_of_a_village(planned_once: Planned, taken: Taken) -> None:
    names = set(planned_once.store.gazetteer.villages()["nama"])
    for name in ("nota.docx", "daftar.docx"):
        text = docx_text(taken.folder / name)
        told = re.findall(r"([A-Z][\w' ]{3,30}?)\s*[:(]\s*\d+ (?:kasus|korban|kejadian|orang)", text)
        assert not set(told) & names
    features = json.loads((taken.folder / "daftar.geojson").read_text(encoding="utf-8"))["features"]
    assert not {key for one in features for key in one["properties"] if re.search(r"kasus|korban|jumlah|tppo", key)}


def test_the_record_shows_that_somebody_took_everything(planned_once: Planned, taken: Taken) -> None:
    mine = handed_over(planned_once.store).query("oleh == 'penyerang'")
    assert len(mine) == len(DRAWN) + len(LIST_FORMATS)
    assert mine["sidik"].str.len().eq(64).all()
