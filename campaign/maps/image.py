"""Maps as pictures: the sheet a person takes along, and the small maps on a village's page."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from campaign.maps.classes import NEED, NO_DATA
from campaign.maps.filter import Shape
from campaign.maps.layers import MapLayer, legend_title
from campaign.reading.snapshot import Snapshot
from data.domain.surroundings import surroundings
from data.workspace import Workspace
from geo.drawing.layers import layer_file
from geo.drawing.shapes import Shapes, read_shapes
from geo.drawing.svg import Sheet, Style, map_svg, wrapped
from risk.scoring.bands import Band
from words import date_text, number, t

SHEET = (1400, 860)
MARKS = ((1, "peta.tanda.seri"), (2, "peta.tanda.lebar"))
WHOLE = 8
"""Zoom of a map of the whole province; what is named from a nearer zoom only would crowd it."""
AROUND = 0.035
"""Degrees of surroundings on a village's own map, at least; larger villages get more."""


def layer_sheet(
    snapshot: Snapshot,
    workspace: Workspace,
    layer: MapLayer,
    *,
    within: str = "",
    lang: str = "id",
    about: str = "",
    title: str = "",
    shape: Shape = (),
    today: dt.date | None = None,
) -> str:
    """The layer as an SVG sheet with legend, scale, north arrow, sources, and DATA CONTOH when it applies.

    Areas in the tie zone are dotted, those with a wide interval lined, as on the screen. ``within``: code of the
    kabupaten or kecamatan shown, "" for all; ``about`` is written under the map; ``title`` over the legend; ``shape``
    is outlined. Raises `LookupError` without map layers.
    """
    shapes = _shapes(snapshot, workspace)
    bbox = snapshot.extent(within)
    assert bbox is not None
    lines = wrapped(about, 215)
    lines.append(t("gambar.dibuat", lang, tanggal=date_text(today or dt.date.today(), lang)))
    title = title or legend_title(layer, lang)
    sheet = Sheet(
        title=f"{title} – {t(f'tingkat.{layer.level}', lang)}",
        subtitle=snapshot.name(within) if within else t("gambar.seluruh", lang),
        legend_title=title,
        legend=[(int(row.char), t(row.key, lang, **row.values), number(row.count, lang)) for row in layer.legend],
        marks=[(i, t(key, lang), number(layer.marks.count(str(i)), lang)) for i, key in MARKS if str(i) in layer.marks],
        lines=lines,
        mark=t("app.contoh", lang) if layer.data_contoh else "",
        north=t("gambar.utara", lang),
    )
    classes = {kode: int(c) if c.isdigit() else -1 for kode, c in zip(layer.codes, layer.classes, strict=True)}
    above = snapshot.places["desa" if len(within) == 8 else "kecamatan" if within else "kabupaten"]["nama"]
    labels = {str(k): str(name).removeprefix("Kabupaten ") for k, name in above.items() if str(k).startswith(within)}
    kept = [mark if c.isdigit() else "0" for mark, c in zip(layer.marks, layer.classes, strict=bool(layer.marks))]
    return map_svg(
        shapes,
        level=layer.level,
        classes=classes,
        style=Style(layer.palette, {int(c) for c in layer.hatched}),
        bbox=bbox,
        width=SHEET[0],
        height=SHEET[1],
        labels=labels,
        sheet=sheet,
        points=service_points(snapshot),
        around=around_names(snapshot, lang),
        roads=snapshot.roads.get("garis", ()),
        marks={kode: int(mark) for kode, mark in zip(layer.codes, kept, strict=False) if mark != "0"},
        ring=shape,
    )


def around_names(snapshot: Snapshot, lang: str = "id") -> list[tuple[float, float, str]]:
    """Seas and neighbours of the province that a map of all of it names."""
    named = surroundings(str(snapshot.villages["kode"].iloc[0])[:2]) if len(snapshot.villages) else []
    return [
        (float(lon), float(lat), str(en if lang == "en" else name))
        for _, lon, lat, name, en, zoom in named
        if float(zoom) < WHOLE
    ]


def service_points(snapshot: Snapshot) -> list[tuple[float, float, str]]:
    """Longitude, latitude and name of the service points, as `geo.drawing.svg.map_svg` marks them."""
    return [(float(p["lon"]), float(p["lat"]), str(p["nama"])) for p in snapshot.points.to_dict("records")]


@lru_cache(maxsize=2)
def summary_map(snapshot: Snapshot, workspace_path: str) -> str | None:
    """The province by the priority of its kecamatan, with the names of the kabupaten, as SVG; None without layers.

    One drawing for each state of the store, whoever looks.
    """
    if snapshot.layers is None:
        return None
    shapes = _shapes(snapshot, Workspace.locate(workspace_path))
    classes = {str(code): list(Band).index(band) for code, band in snapshot.scores["kecamatan"]["prioritas"].items()}
    names = snapshot.places["kabupaten"]["nama"]
    return map_svg(
        shapes,
        level="kecamatan",
        classes=classes,
        style=Style((*NEED, NO_DATA), {len(Band) - 1}),
        width=760,
        height=380,
        bbox=snapshot.layers["bbox"],
        detail=1.3,
        labels={str(code): str(name).removeprefix("Kabupaten ") for code, name in names.items()},
    )


def village_maps(snapshot: Snapshot, workspace: Workspace, kode: str) -> tuple[str, str] | None:
    """The village among its neighbours, and the village in the province, as SVG; None when nothing says where it is.

    Both are coloured by priority.
    """
    near = snapshot.extent(kode)
    if snapshot.layers is None or near is None:
        return None
    shapes = _shapes(snapshot, workspace)
    own = next((s for name in ("desa", "titik") for s in shapes.objects.get(name, ()) if s.kode == kode), None)
    if own is None:
        return None
    west, south, east, north = own.bbox
    margin = max(AROUND, 0.6 * max(east - west, north - south))
    scores = snapshot.scores["desa"]["prioritas"]
    classes = {str(code): list(Band).index(band) for code, band in scores.items()}
    style = Style((*NEED, NO_DATA), {len(Band) - 1})
    places = snapshot.places["desa"]["nama"]
    labels = {code: str(places.get(code, "")) for code in (kode, *snapshot.neighbours(kode))}
    local = map_svg(
        shapes,
        level="desa",
        classes=classes,
        style=style,
        width=620,
        height=430,
        selected=kode,
        labels=labels,
        bbox=(west - margin, south - margin, east + margin, north + margin),
        points=service_points(snapshot),
    )
    kabupaten = {str(code): 3 for code in snapshot.places["kabupaten"].index} | {kode[:5]: 2}
    lon, lat = own.point or ((west + east) / 2, (south + north) / 2)
    whole = map_svg(
        shapes,
        level="kabupaten",
        classes=kabupaten,
        style=style,
        width=620,
        height=230,
        bbox=snapshot.layers["bbox"],
        points=[(lon, lat, str(places[kode]))],
    )
    return local, whole


def _shapes(snapshot: Snapshot, workspace: Workspace) -> Shapes:
    return read_shapes(layer_file(workspace, snapshot.needed_layers()["version"]))
