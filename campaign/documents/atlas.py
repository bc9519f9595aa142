"""The atlas: a page per kecamatan with its map, priority villages, drivers, services and sessions held."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from campaign.documents.briefing.note import STYLE
from campaign.documents.writers.typeset import drawing, set_pages
from campaign.handover.lists import TargetList
from campaign.maps.layers import map_layer
from campaign.reading.card import chance_key
from campaign.reading.snapshot import Snapshot
from campaign.reading.village import services
from campaign.statements.factors import reason_sentences, short_reason
from campaign.statements.plan import warning_sentences
from data.errors import WrongUse
from data.workspace import Workspace
from geo.drawing.svg import map_svg
from risk.scoring.bands import RANKED, Band
from words import date_text, t

ROWS, SERVICES = 20, 5
_WORDS = ("judul", "desa", "pendorong", "layanan", "sesi", "kode", "kosong")
MARGIN = 0.012
"""Degrees around a kecamatan on its map, about 1.3 km."""


def atlas_pages(
    snapshot: Snapshot,
    workspace: Workspace,
    target_list: TargetList | None = None,
    kabupaten: str = "",
    lang: str = "id",
) -> tuple[bytes, int]:
    """The PDF and how many kecamatan it shows.

    Raises `WrongUse`: ``NO_SCORE``, ``NO_LAYERS`` (no map layers have been built), ``AREA_UNKNOWN``.
    """
    from geo.drawing.shapes import read_shapes

    if snapshot.version is None:
        raise WrongUse("NO_SCORE")
    if snapshot.layers is None:
        raise WrongUse("NO_LAYERS")
    places = snapshot.places["kecamatan"]
    if kabupaten and kabupaten not in snapshot.places["kabupaten"].index:
        raise WrongUse("AREA_UNKNOWN", kode=kabupaten[:20])
    codes = [kode for kode in places.index if kode.startswith(kabupaten)]
    shapes = read_shapes(workspace.layers / f"peta-{snapshot.layers['version']}.topo.json")
    layer = map_layer(snapshot, "desa", "prioritas")
    classes = {code: int(char) for code, char in zip(layer.codes, layer.classes, strict=True)}
    frames = {shape.kode: shape.bbox for shape in shapes.objects["kec"]}
    rows = _villages(snapshot, target_list, lang)
    pages = []
    for kode in codes:
        own = rows[rows["kode_kec"] == kode]
        frame = frames.get(kode) or snapshot.extent(kode)
        pages.append(
            {
                **_about(snapshot, kode, own, lang),
                "map": drawing(
                    map_svg(
                        shapes,
                        level="desa",
                        classes={code: classes[code] for code in own.index if code in classes},
                        style=STYLE,
                        bbox=_around(frame),
                        width=480,
                        height=390,
                        labels=own["nama"].to_dict(),
                        points=_points(snapshot, frame),
                        outlined=(),
                    )
                )
                if frame
                else "",
            }
        )
    version = snapshot.version
    warned = warning_sentences(target_list.plan, lang) if target_list else []
    return set_pages(
        "atlas",
        {
            "lang": lang,
            "mark": t("dokumen.tanda", lang) if snapshot.data_contoh else "",
            "pages": pages,
            "legend": [
                {"text": t(f"prioritas.{band}", lang), "colour": STYLE.palette[i], "hatched": i in STYLE.hatched}
                for i, band in enumerate(Band)
            ],
            "footer": t(
                "atlas.kaki",
                lang,
                skor=version.versi,
                batas=t(f"batas.{snapshot.boundary_kind}", lang),
                daftar=target_list.name if target_list else "–",
            ),
            "words": {name: t(f"atlas.{name}", lang) for name in _WORDS}
            | {"kolom": t("atlas.kolom", lang).split("|"), "arti": " ".join([t("nota.pertimbangan", lang), *warned])},
        },
    ), len(codes)


def _villages(snapshot: Snapshot, target_list: TargetList | None, lang: str) -> pd.DataFrame:
    """Every village with what its row says; bands in their order, then names: no rank within a band."""
    places, scores = snapshot.places["desa"], snapshot.scores["desa"]
    table = places[["nama", "jenis", "kode_kec"]].join(scores[["prioritas", "p_top", "alasan"]])
    table["prioritas"] = table["prioritas"].fillna(Band.UNKNOWN.value)
    table["urut"] = table["prioritas"].map(list(Band).index)
    listed = {row["kode"] for row in target_list.plan["villages"]} if target_list else set()
    table["daftar"] = [t("atlas.ya", lang) if kode in listed else "" for kode in table.index]
    held = snapshot.sessions.groupby("kode")["tanggal"].max() if len(snapshot.sessions) else pd.Series(dtype=object)
    table["sesi"] = [
        date_text(pd.Timestamp(held[kode]).date(), lang) if kode in held.index else "–" for kode in table.index
    ]
    return table.sort_values(["urut", "nama"], kind="stable")


def _about(snapshot: Snapshot, kode: str, own: pd.DataFrame, lang: str) -> dict[str, Any]:
    place, scores = snapshot.places["kecamatan"].loc[kode], snapshot.scores["kecamatan"]
    scored = scores.loc[kode] if kode in scores.index else None
    counts = own["prioritas"].value_counts()
    shown = own[own["prioritas"].isin(RANKED)].head(ROWS)
    main = [
        [
            row["nama"],
            index,
            t(f"prioritas.{row['prioritas']}", lang),
            t(f"peluang.{chance_key(row['p_top'])}", lang) if pd.notna(row["p_top"]) else "–",
            short_reason(row["alasan"], lang),
            row["sesi"],
            row["daftar"],
        ]
        for index, row in shown.iterrows()
    ]
    rest = len(own) - len(shown)
    held = int((own["sesi"] != "–").sum())
    return {
        "nama": str(place["nama"]),
        "kabupaten": str(place["kabupaten"]),
        "kode": kode,
        "kelas": t(f"prioritas.{scored['prioritas']}", lang) if scored is not None else t("kartu.tanpa_skor", lang),
        "ringkas": t(
            "atlas.ringkas",
            lang,
            n=len(own),
            satu=int(counts.get(Band.FIRST, 0)),
            dua=int(counts.get(Band.SECOND, 0)),
            tiga=int(counts.get(Band.THIRD, 0)),
        ),
        "desa": main,
        "sisa": t("atlas.sisa", lang, n=rest) if rest and main else "",
        "pendorong": list(reason_sentences(scored["alasan"], lang)) if scored is not None else [],
        "layanan": _services(snapshot, own, lang),
        "sesi": t("atlas.sesi_ada", lang, n=held, semua=len(own)) if held else t("atlas.sesi_kosong", lang),
    }


def _services(snapshot: Snapshot, own: pd.DataFrame, lang: str) -> list[list[str]]:
    """The nearest service of each kind from the middle of the kecamatan: kind, name, distance."""
    at = snapshot.places["desa"].loc[own.index, ["lon", "lat"]].astype(float).dropna()
    if at.empty:
        return []
    middle = str(at.index[int(np.hypot(*(at - at.mean()).to_numpy().T).argmin())])
    return [[str(cell) for cell in row[:3]] for row in services(snapshot, middle, lang).to_numpy().tolist()[:SERVICES]]


def _points(snapshot: Snapshot, frame: Any) -> list[tuple[float, float, str]]:
    if frame is None or snapshot.points.empty:
        return []
    west, south, east, north = _around(frame)
    near = snapshot.points[snapshot.points["lon"].between(west, east) & snapshot.points["lat"].between(south, north)]
    return [(float(row["lon"]), float(row["lat"]), str(row["nama"])) for row in near.head(8).to_dict("records")]


def _around(frame: Any) -> tuple[float, float, float, float]:
    west, south, east, north = frame
    return west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN
