"""A map as SVG: for paper, for documents, and for small maps on pages, from the stored layers.

Names come in as plain text and are escaped; nothing else that anybody typed gets here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, radians
from xml.sax.saxutils import escape

import numpy as np

from data.domain.distance import KM_PER_DEGREE
from data.domain.levels import Level
from geo.drawing.shapes import COLLECTIONS, Shape, Shapes
from geo.roads import GRID

SEA, LAND, FADED = "#e4edf2", "#efece6", "#f7f5f1"
INK, FRAME = "#1b2430", "#0b1f33"
FONT = "'Source Sans 3','Source Sans',Arial,sans-serif"


@dataclass(frozen=True)
class Sheet:
    """What stands around a map on a sheet of its own: texts only.

    ``legend`` has a row per class: its number, what it means, how many areas (text); ``marks`` the same for the marks
    drawn over classes (1 dots, 2 lines). ``lines`` say the sources,
    ``mark`` is set large in a box (DATA CONTOH), ``north`` is the letter under the arrow.
    """

    title: str
    subtitle: str = ""
    legend_title: str = ""
    legend: Sequence[tuple[int, str, str]] = ()
    marks: Sequence[tuple[int, str, str]] = ()
    lines: Sequence[str] = ()
    mark: str = ""
    north: str = "U"


@dataclass(frozen=True)
class Style:
    """Colours by class number; ``hatched`` classes are drawn as lines in their colour. Other numbers are faded."""

    palette: Sequence[str]
    hatched: Collection[int] = field(default_factory=tuple)

    def fill(self, number: int) -> str:
        if not 0 <= number < len(self.palette):
            return FADED
        return f"url(#a{number})" if number in self.hatched else self.palette[number]

    def marking(self, number: int, mark: int) -> str:
        """Dots (1) or thin lines (2) that stand out on the class's colour."""
        dark = not 0 <= number < len(self.palette) or _light(self.palette[number])
        return f"url(#t{mark}{'g' if dark else 't'})"

    def patterns(self) -> str:
        return _MARK_PATTERNS + "".join(
            f'<pattern id="a{i}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect width="6" height="6" fill="#e9eaee"/><line x1="0" y1="0" x2="0" y2="6" stroke="{self.palette[i]}" '
            'stroke-width="2.2"/></pattern>'
            for i in self.hatched
        )


def _light(colour: str) -> bool:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red * 0.3 + green * 0.6 + blue * 0.1 > 150


_MARK_PATTERNS = "".join(
    f'<pattern id="t1{name}" width="6" height="6" patternUnits="userSpaceOnUse"><circle cx="1.6" cy="1.6" r="1.1" '
    f'fill="{ink}"/><circle cx="4.6" cy="4.6" r="1.1" fill="{ink}"/></pattern>'
    f'<pattern id="t2{name}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
    f'<line x1="0" y1="0" x2="0" y2="5" stroke="{ink}" stroke-opacity=".6" stroke-width="1"/></pattern>'
    for name, ink in (("g", "#1e1946"), ("t", "#ffffff"))
)
"""Marks for light and for dark classes."""


def map_svg(
    shapes: Shapes,
    *,
    level: str,
    classes: Mapping[str, int],
    style: Style,
    bbox: Sequence[float],
    width: int,
    height: int,
    selected: str = "",
    outlined: Collection[str] = (),
    labels: Mapping[str, str] | None = None,
    points: Sequence[tuple[float, float, str]] = (),
    marks: Mapping[str, int] | None = None,
    ring: Sequence[tuple[float, float]] = (),
    around: Sequence[tuple[float, float, str]] = (),
    roads: Sequence[Sequence[int]] = (),
    detail: float = 0.45,
    sheet: Sheet | None = None,
) -> str:
    """The areas of ``level`` in the colours of their ``classes``, as the text of an SVG file.

    Parameters
    ----------
    bbox : west, south, east, north in degrees (EPSG:4326); the map shows at least this.
    width, height : of the whole drawing, in pixels of CSS.
    selected, outlined : codes drawn with a heavy and with a thin dark outline.
    labels : a name to write in the middle of areas of any level, by code.
    points : longitude, latitude and name of places to mark.
    marks : areas drawn with dots (1: tie zone) or thin lines (2: wide interval) over their colour.
    ring : longitude and latitude of the corners of a shape to outline.
    around : longitude, latitude and name of seas and neighbours.
    roads : lines as `geo.roads.read_roads` gives them.
    detail : steps of an outline below this many pixels are left out; from 1 the map has no outlines of kecamatan.
    sheet : texts around the map; without one the map fills the drawing.
    """
    side = 250 if sheet else 0
    top = 58 if sheet else 0
    bottom = 18 + 15 * len(sheet.lines) if sheet else 0
    view = _View.around(bbox, width - side, height - top - bottom, detail)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="{FONT}" role="img">',
        f"<title>{escape(sheet.title if sheet else '')}</title>" if sheet else "",
        f"<defs>{style.patterns()}<clipPath id='peta'><rect width='{view.width}' height='{view.height}'/></clipPath>"
        "</defs>",
        f'<rect width="{width}" height="{height}" fill="#fff"/><g transform="translate(0 {top})">',
        f'<g clip-path="url(#peta)"><rect width="{view.width}" height="{view.height}" fill="{SEA}"/>',
        *_areas(shapes, view, level, classes, style, marks or {}),
        *_outlines(shapes, view, level, selected, outlined),
        *_dots(shapes, view, level, classes, style, selected),
        *_roads(view, roads),
        *_places(view, points),
        *_names(shapes, view, labels or {}),
        *_surroundings(view, around),
        _ring(view, ring),
        "</g>",
        _scale(view),
        _north(view, sheet.north if sheet else ""),
        "</g>",
    ]
    if sheet:
        parts += _around(sheet, style, view.width, top, width, height)
    return "".join(parts) + "</svg>"


@dataclass(frozen=True)
class _View:
    """Plate carrée scaled at the middle latitude: in a province of a few degrees true to a percent or two."""

    west: float
    north: float
    x_per_degree: float
    y_per_degree: float
    width: int
    height: int
    detail: float

    @classmethod
    def around(cls, bbox: Sequence[float], width: int, height: int, detail: float) -> _View:
        west, south, east, north = bbox
        shrink = cos(radians((south + north) / 2))
        per = min(width / max((east - west) * shrink, 1e-6), height / max(north - south, 1e-6))
        spare_x, spare_y = width / per / shrink - (east - west), height / per - (north - south)
        return cls(west - spare_x / 2, north + spare_y / 2, per * shrink, per, width, height, detail)

    def place(self, lonlat: np.ndarray) -> np.ndarray:
        return (lonlat - (self.west, self.north)) * (self.x_per_degree, -self.y_per_degree)

    def shows(self, bbox: Sequence[float]) -> bool:
        west, south, east, north = bbox
        return (
            east >= self.west
            and west <= self.west + self.width / self.x_per_degree
            and south <= self.north
            and north >= self.north - self.height / self.y_per_degree
        )


def _path(shapes: Shapes, view: _View, shape: Shape) -> str:
    out = []
    for ring in shape.rings:
        corners = np.round(view.place(shapes.ring(ring)), 0 if view.detail >= 1 else 1)
        step = np.abs(np.diff(corners, axis=0)).sum(axis=1)
        kept = corners[np.concatenate([[True], step > view.detail])]
        if len(kept) > 2:
            out.append("M" + "L".join(f"{x:g} {y:g}" for x, y in kept.tolist()) + "Z")
    return "".join(out)


def _roads(view: _View, roads: Sequence[Sequence[int]]) -> list[str]:
    drawn = ['<g fill="none" stroke="#6b5a43" stroke-width="1">']
    for steps in roads:
        places = np.cumsum(np.asarray(steps, float).reshape(-1, 2), axis=0) * GRID
        if view.shows((*places.min(axis=0), *places.max(axis=0))):
            drawn.append('<path d="M' + "L".join(f"{x:.1f} {y:.1f}" for x, y in view.place(places).tolist()) + '"/>')
    return [*drawn, "</g>"] if len(drawn) > 1 else []


def _ring(view: _View, ring: Sequence[tuple[float, float]]) -> str:
    if not ring:
        return ""
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in view.place(np.asarray(ring, float)).tolist())
    return f'<polygon points="{corners}" fill="none" stroke="{FRAME}" stroke-width="2" stroke-dasharray="6 4"/>'


def _surroundings(view: _View, names: Sequence[tuple[float, float, str]]) -> list[str]:
    drawn = []
    for lon, lat, name in names:
        if view.shows((lon, lat, lon, lat)):
            x, y = view.place(np.array([lon, lat])).tolist()
            text = _text(x, y, name, 12, anchor="middle", halo=True)
            drawn.append(f'<g font-style="italic" opacity=".75">{text}</g>')
    return drawn


def _areas(
    shapes: Shapes, view: _View, level: str, classes: Mapping[str, int], style: Style, marks: Mapping[str, int]
) -> list[str]:
    drawn = [f'<g fill="{LAND}" stroke="none">']
    drawn += [f'<path d="{_path(shapes, view, s)}"/>' for s in shapes.objects.get("konteks", ()) if view.shows(s.bbox)]
    if view.detail < 1:
        drawn += [f'<path d="{_path(shapes, view, s)}"/>' for s in shapes.objects["kab"] if view.shows(s.bbox)]
    drawn.append('</g><g stroke="#fff" stroke-opacity=".75" stroke-width=".4" fill-rule="evenodd">')
    for shape in shapes.objects[COLLECTIONS[Level(level)]]:
        if view.shows(shape.bbox):
            path, number = _path(shapes, view, shape), classes.get(shape.kode, -1)
            drawn.append(f'<path d="{path}" fill="{style.fill(number)}"/>')
            if shape.kode in marks:
                drawn.append(f'<path d="{path}" fill="{style.marking(number, marks[shape.kode])}" stroke="none"/>')
    drawn.append("</g>")
    pens = [("kec", "#32324b", 0.5, 0.4)] if level != "kabupaten" and view.detail < 1 else []
    for name, colour, opacity, wide in [*pens, ("kab", "#232337", 0.85, 1.0)]:
        drawn.append(f'<g fill="none" stroke="{colour}" stroke-opacity="{opacity}" stroke-width="{wide}">')
        drawn += [f'<path d="{_path(shapes, view, s)}"/>' for s in shapes.objects[name] if view.shows(s.bbox)]
        drawn.append("</g>")
    return drawn


def _outlines(shapes: Shapes, view: _View, level: str, selected: str, outlined: Collection[str]) -> list[str]:
    drawn = []
    for shape in shapes.objects[COLLECTIONS[Level(level)]]:
        if shape.kode in outlined and shape.kode != selected:
            path = _path(shapes, view, shape)
            drawn.append(f'<path d="{path}" fill="none" stroke="{FRAME}" stroke-width="1.4" stroke-dasharray="4 2"/>')
    for shape in shapes.objects[COLLECTIONS[Level(level)]]:
        if shape.kode == selected:
            path = _path(shapes, view, shape)
            drawn += [
                f'<path d="{path}" fill="none" stroke="{c}" stroke-width="{w}" stroke-linejoin="round"/>'
                for c, w in (("#fff", 6), (FRAME, 2.8))
            ]
    return drawn


def _dots(
    shapes: Shapes, view: _View, level: str, classes: Mapping[str, int], style: Style, selected: str
) -> list[str]:
    """Villages without a polygon: a ring; the chosen one larger."""
    if level != "desa":
        return []
    drawn = []
    for shape in shapes.objects.get("titik", ()):
        if shape.point is not None and view.shows(shape.bbox):
            x, y = view.place(np.asarray(shape.point)).round(1).tolist()
            r = 7 if shape.kode == selected else 3
            drawn.append(
                f'<circle cx="{x:g}" cy="{y:g}" r="{r}" fill="{style.fill(classes.get(shape.kode, -1))}" '
                f'stroke="#16324f" stroke-width="{2.6 if shape.kode == selected else 1.2}"/>'
            )
    return drawn


def _places(view: _View, points: Sequence[tuple[float, float, str]]) -> list[str]:
    drawn = []
    for lon, lat, name in points:
        if view.shows((lon, lat, lon, lat)):
            x, y = view.place(np.array([lon, lat])).round(1).tolist()
            drawn.append(
                f'<path d="M{x:g} {y - 6:g}l6 6l-6 6l-6 -6Z" fill="#a86a00" stroke="#fff" stroke-width="1.5"/>'
                + _text(x + 9, y + 4, name, 12, halo=True)
            )
    return drawn


def _names(shapes: Shapes, view: _View, labels: Mapping[str, str]) -> list[str]:
    """Names in the middle of the largest ring; one that would lie over another is left out."""
    drawn: list[str] = []
    taken: list[tuple[float, float, float, float]] = []
    for name in ("kab", "kec", "desa", "titik"):
        for shape in shapes.objects.get(name, ()):
            if shape.kode not in labels or not view.shows(shape.bbox):
                continue
            x, y = view.place(np.asarray(shape.point or _middle(shapes, shape))).tolist()
            half = len(labels[shape.kode]) * 3.4
            box = (x - half, y - 9, x + half, y + 5)
            if not (0 < x < view.width and 0 < y < view.height):
                continue
            if any(box[0] < t[2] and box[2] > t[0] and box[1] < t[3] and box[3] > t[1] for t in taken):
                continue
            taken.append(box)
            drawn.append(_text(x, y + (16 if shape.point else 3), labels[shape.kode], 12, anchor="middle", halo=True))
    return drawn


def _middle(shapes: Shapes, shape: Shape) -> tuple[float, float]:
    """Centroid of the largest ring, in degrees."""
    best, at = 0.0, ((shape.bbox[0] + shape.bbox[2]) / 2, (shape.bbox[1] + shape.bbox[3]) / 2)
    for ring in shape.rings:
        xy = shapes.ring(ring)
        own = xy - xy[0]
        nxt = np.roll(own, -1, axis=0)
        cross = own[:, 0] * nxt[:, 1] - nxt[:, 0] * own[:, 1]
        area = cross.sum() / 2
        if abs(area) > best:
            best = abs(area)
            x, y = ((own + nxt) * cross[:, None]).sum(axis=0) / (6 * area) + xy[0]
            at = (float(x), float(y))
    return at


def _scale(view: _View) -> str:
    km = view.width * 0.22 / view.y_per_degree * KM_PER_DEGREE
    nice = next(step for step in (200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1) if step <= km or step == 0.1)
    length = nice / KM_PER_DEGREE * view.y_per_degree
    y = view.height - 12
    return (
        f'<rect x="8" y="{y - 18}" width="{length + 16:.1f}" height="26" fill="#fff" fill-opacity=".8"/>'
        f'<path d="M16 {y - 5}v5h{length:.1f}v-5" fill="none" stroke="{INK}" stroke-width="1.5"/>'
        + _text(16 + length / 2, y - 6, f"{nice:g} km", 11, anchor="middle")
    )


def _north(view: _View, letter: str) -> str:
    x = view.width - 22
    arrow = f'<path d="M{x} 12l8 22l-8 -6l-8 6Z" fill="{INK}" stroke="#fff"/>'
    return arrow + (_text(x, 47, letter, 12, anchor="middle", bold=True, halo=True) if letter else "")


def _around(sheet: Sheet, style: Style, map_width: int, top: int, width: int, height: int) -> list[str]:
    drawn = [_text(8, 26, sheet.title, 20, bold=True), _text(8, 47, sheet.subtitle, 13)]
    x, y = map_width + 14, top + 18
    for line in wrapped(sheet.legend_title, 34):
        drawn.append(_text(x, y, line, 14, bold=True))
        y += 18
    rows = [(style.fill(number), "", text, count) for number, text, count in sheet.legend]
    rows += [("#948fd0", f"url(#t{mark}g)", text, count) for mark, text, count in sheet.marks]
    for fill, over, text, count in rows:
        box = f'<rect x="{x}" y="{y - 8}" width="24" height="14" stroke="#555c68" fill='
        drawn += [f'{box}"{paint}"/>' for paint in (fill, over) if paint]
        lines = wrapped(text, 26)
        drawn += [_text(x + 32, y + 3 + 14 * i, line, 12) for i, line in enumerate(lines)]
        drawn.append(_text(width - 10, y + 3, count, 12, anchor="end"))
        y += 8 + 14 * max(1, len(lines))
    base = height - 15 * len(sheet.lines) + 2
    drawn += [_text(8, base + 15 * i, line, 11) for i, line in enumerate(sheet.lines)]
    if sheet.mark:
        drawn.append(
            f'<rect x="{x}" y="{height - 64 - 15 * len(sheet.lines)}" width="{width - x - 10}" height="34" '
            f'fill="#fff4df" stroke="#a86a00"/>'
        )
        drawn.append(
            _text((x + width - 10) / 2, height - 41 - 15 * len(sheet.lines), sheet.mark, 17, anchor="middle", bold=True)
        )
    return drawn


def wrapped(text: str, length: int) -> list[str]:
    """``text`` in lines of at most ``length`` characters, broken at spaces."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= length:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def _text(
    x: float, y: float, text: str, size: int, *, anchor: str = "start", bold: bool = False, halo: bool = False
) -> str:
    weight = ' font-weight="700"' if bold else ""
    around = ' stroke="#fff" stroke-width="3" paint-order="stroke" stroke-opacity=".9"' if halo else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{INK}"{weight}{around}{place}>{escape(text)}</text>'
