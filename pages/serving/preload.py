"""What the map page will need in a moment, named in the document's head so that the browser fetches it meanwhile.

Streamlit asks for the code of a widget when the widget arrives, the map's frame for its files one after the other; on
the way to the first painted map that waiting is longer than all the drawing.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import streamlit as st

from campaign.maps.context import context
from data.workspace import Workspace
from geo.drawing.webmap import assets
from pages import reading

WIDGETS = (
    "Selectbox",
    "Multiselect",
    "TextInput",
    "ComponentInstance",
    "DownloadButton",
    "Expander",
    "Popover",
    "Slider",
    "ButtonGroup",
)
# Streamlit's own pieces on the map page; one that a version of it names otherwise is simply fetched later.
_IMPORT = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")
_STREAMLIT = Path(st.__file__).parent / "static"


def links(lang: str) -> str:
    """``<link>`` elements for the map page; addresses relative to the page's own."""
    if not Workspace.locate().exists():
        return ""
    snapshot = reading.snapshot()
    layers = snapshot.layers
    ours = assets(layers["version"], layers["masukan"][:8], context(snapshot)[0]) if layers else []
    told = [f'<link rel="modulepreload" href="./static/js/{name}">' for name in _chunks()]
    told += [f'<link rel="prefetch" href="./aset/{path}">' for path in [*ours, f"kata/{lang}.json"]]
    return "".join([*told, f'<link rel="prefetch" href="./component/{_frame()}">'])


@cache
def _chunks() -> tuple[str, ...]:
    """Files of `WIDGETS` and what they import, without what Streamlit's document names already."""
    folder = _STREAMLIT / "static" / "js"
    document = (_STREAMLIT / "index.html").read_text(encoding="utf-8")
    found: list[str] = []
    wanted = [file.name for name in WIDGETS for file in sorted(folder.glob(f"{name}.*.js"))]
    while wanted:
        name = wanted.pop()
        if name in found or name in document or not (folder / name).is_file():
            continue
        found.append(name)
        wanted += _IMPORT.findall((folder / name).read_text(encoding="utf-8"))
    return tuple(sorted(found))


@cache
def _frame() -> str:
    """The script of the map's frame."""
    import importlib.util

    spec = importlib.util.find_spec("streamlit_folium")
    assert spec is not None
    build = Path(str(spec.origin)).parent / "frontend" / "build"
    (script,) = build.glob("static/js/main.*.js")
    return f"streamlit_folium.st_folium/{script.relative_to(build).as_posix()}"
