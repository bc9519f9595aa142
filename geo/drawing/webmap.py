"""The map as a folium object: a constant script, and what changes as one small payload. The only folium module.

folium compiles the text it is given as a Jinja template, on the server. So nothing that anybody typed comes in here:
only codes, numbers, colours and version hashes, each checked against a pattern, and texts as base64.
Names of places reach the browser as a JSON file and are set there as text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import folium
from folium.elements import JSCSSMixin
from folium.template import Template

from data.domain.levels import DRAWN, Level

# Relative to the map's own document, /component/streamlit_folium.st_folium/index.html, so that a proxy's prefix keeps.
_ASET = "../../aset/"
_STATIC = Path(__file__).resolve().parents[2] / "static"
_LEAFLET = "vendor/leaflet-1.9.4"
SCRIPTS = (
    f"{_LEAFLET}/leaflet.js",
    "vendor/topojson-client-3.1.0/topojson-client.min.js",
    *(f"peta/{name}.js" for name in ("geometry", "layer", "jelajah", "map", "gambar")),
)
"""What the map runs, in this order; sent as one file (`script`), for the frame fetches file after file."""
_VERSION = re.compile(r"[0-9a-f]{6,64}")
_CODE = re.compile(r"[0-9]{2}(\.[0-9]{2}){0,2}(\.[0-9]{4})?|")
_CLASSES = re.compile(r"[0-6-]*")
_MARKS = re.compile(r"[0-2]*")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_TOKEN = re.compile(r"[0-9a-z.:-]*")
_PAIRS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-."
_FOURS = _PAIRS + "_~!$()*+,;:@?/|^="


@cache
def script() -> bytes:
    """The vendored scripts and our own, one after the other."""
    return b"\n;\n".join((_STATIC / path).read_bytes() for path in SCRIPTS)


@cache
def _address() -> str:
    """Where `script` is, below ``/aset/``; its hash in the query lets browsers keep it for good."""
    return f"peta.js?v={hashlib.sha256(script()).hexdigest()[:8]}"


def assets(version: str, inputs: str, context: str = "") -> list[str]:
    """Addresses, below ``/aset/``, of all that the map's frame fetches before it can paint."""
    files = [f"lapisan/peta-{version}.topo.json", f"lapisan/peta-{version}.names.json?v={inputs}"]
    return [_address(), f"{_LEAFLET}/leaflet.css", *files, *([f"konteks/{context}.json"] if context else [])]


class _Map(folium.Map):
    """folium's map with our own Leaflet and without jQuery, Bootstrap, icon fonts and their CDNs."""

    default_js = []  # noqa: RUF012
    default_css = [("leaflet_css", f"{_ASET}{_LEAFLET}/leaflet.css")]  # noqa: RUF012
    # folium's own template would send two kilobytes of style with every rerun.
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = L.map('{{ this.get_name() }}', "
        "{zoomControl:false, attributionControl:false, zoomSnap:0.25, minZoom:4, maxZoom:15});"
        "{% endmacro %}"
    )


class _VillageLayer(JSCSSMixin):
    _template = Template(
        "{% macro script(this, kwargs) %}PetaAman.start({{ this._parent.get_name() }}, {{ this.files }});{% endmacro %}"
    )

    def __init__(self, files: str) -> None:
        super().__init__()
        self._name = "VillageLayer"
        self.files = files
        self.default_js = [("peta", _ASET + _address())]


class _Payload(folium.MacroElement):
    _template = Template(
        "{% macro script(this, kwargs) %}"
        "window.PETA_MUAT={{ this.body }};if(window.PETA)window.PETA.muat(window.PETA_MUAT);"
        "{% endmacro %}"
    )

    def __init__(self, body: str) -> None:
        super().__init__()
        self._name = "Payload"
        self.body = body


def base_map(version: str, bbox: Sequence[float], inputs: str = "0") -> folium.Map:
    """The map without colours. Equal arguments give an equal script, so the browser keeps the map it has.

    Parameters
    ----------
    version : hash of the geometry, as in ``peta-<version>.topo.json``.
    bbox : west, south, east, north in degrees (EPSG:4326).
    inputs : hash of what the layers were made from; new names may come with the same geometry.
    """
    files = {
        "version": _checked(_VERSION, version, "version"),
        "topo": f"{_ASET}lapisan/peta-{version}.topo.json",
        "names": f"{_ASET}lapisan/peta-{version}.names.json?v={_checked(_TOKEN, inputs, 'inputs')}",
        "bbox": [round(float(side), 3) for side in bbox],
    }
    web_map = _Map(tiles=None)
    _VillageLayer(_script_json(files)).add_to(web_map)
    return web_map


def payload(
    *,
    level: str,
    classes: str,
    palette: Sequence[str],
    hatched: str = "",
    counts: Sequence[int] = (),
    selected: str = "",
    marks: str = "",
    view: Sequence[float] | None = None,
    view_key: str = "",
    words: Mapping[str, Any] | None = None,
    context: str = "",
    shape: Sequence[tuple[float, float]] = (),
    by_zoom: bool = False,
) -> folium.FeatureGroup:
    """What a rerun sends: a class per area of ``level`` in the order of the areas' codes, two areas in one character.

    Parameters
    ----------
    classes : one character per area; 0–6 index ``palette``, ``-`` is an area outside the filter.
    palette : ``#rrggbb`` per class.
    hatched : the class characters drawn as hatching in their colour.
    counts : areas per class, for the legend.
    selected : code of the area to outline, or "".
    marks : "" or one character per area: 1 drawn with dots (tie zone), 2 with thin lines (wide interval), else 0.
    view, view_key : west, south, east, north to go to; the browser goes there once per key.
    words : the catalogue's texts for the map (strings and lists of strings).
    context : hash of the places and notes drawn over the areas, as in ``konteks/<context>.json``.
    shape : longitude and latitude of the corners of the shape that filters the areas.
    by_zoom : whether the browser asks for another level when somebody zooms.
    """
    body: dict[str, Any] = {
        "t": DRAWN.index(Level(level)),
        "c": packed(classes),
        "p": [_checked(_COLOUR, colour, "palette") for colour in palette],
        "h": _checked(_CLASSES, hatched, "hatched"),
        "j": [int(count) for count in counts],
        "s": _checked(_CODE, selected, "selected"),
        "u": packed_marks(marks),
        "v": None if view is None else [round(float(side), 3) for side in view],
        "n": _checked(_TOKEN, view_key, "view_key"),
        "q": base64.b64encode(json.dumps(words or {}, ensure_ascii=False, separators=(",", ":")).encode()).decode(),
    }
    if context:
        body["k"] = _checked(_VERSION, context, "context")
    if shape:
        body["b"] = [[round(float(lon), 3), round(float(lat), 3)] for lon, lat in shape]
    if by_zoom:
        body["o"] = 1
    group = folium.FeatureGroup()
    group.add_child(_Payload(_script_json(body)))
    return group


def packed(classes: str) -> str:
    """Two class characters in one of 64; the last stands alone when their number is odd."""
    _checked(_CLASSES, classes, "classes")
    values = [7 if char == "-" else int(char) for char in classes + "0" * (len(classes) % 2)]
    return "".join(_PAIRS[8 * a + b] for a, b in zip(values[::2], values[1::2], strict=True))


def packed_marks(marks: str) -> str:
    """Four marks in one of 81 characters."""
    _checked(_MARKS, marks, "marks")
    padded = marks + "0" * (-len(marks) % 4)
    return "".join(_FOURS[int(padded[i : i + 4], 3)] for i in range(0, len(padded), 4))


def _script_json(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, separators=(",", ":"))
    if any(mark in text for mark in ("{{", "}}", "{%", "{#", "</")):
        raise ValueError("a map script may not hold template marks")
    return text


def _checked(pattern: re.Pattern[str], value: str, name: str) -> str:
    if not pattern.fullmatch(value):
        raise ValueError(f"{name} holds something else than codes: {value[:20]!r}")
    return value
