"""The whole view in the address: send it, reload it, open it elsewhere. Behind the ``#`` the map keeps its place."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from campaign.maps.filter import read_shape, reason_options
from campaign.maps.layers import available_layers, layer_years
from campaign.reading.snapshot import Snapshot
from data.domain.levels import DRAWN
from pages.parts.peta.saringan import BY_ZOOM
from risk.scoring.bands import Band, Grade
from risk.scoring.evidence import Evidence

# Keys of widgets that hold one value, or several, the same in the address; and the chosen area, of whatever level.
SINGLE = ("tingkat", "lapisan", "tahun", "kabupaten", "kecamatan", "pulau", "bentuk", "banding", "selisih")
SEVERAL = ("prioritas", "mutu", "bukti", "alasan")
CHOSEN = "desa"
_DEFAULTS = {"tingkat": DRAWN[0], "lapisan": "prioritas"}


def restore(snapshot: Snapshot, go_to: Callable[[str], None]) -> None:
    """Takes over what the address asks for, once for each address; what it asks wrongly is left out."""
    asked = {key: st.query_params[key] for key in (*SINGLE, *SEVERAL, CHOSEN) if key in st.query_params}
    if not asked or asked == st.session_state.get("alamat"):
        return
    places = {kode for level in DRAWN for kode in snapshot.places[level].index}
    layers = available_layers(snapshot)
    known = {str(year) for layer in layers for year in layer_years(snapshot, layer)}
    allowed = {
        "tingkat": (*DRAWN, BY_ZOOM),
        "lapisan": layers,
        "kabupaten": places,
        "kecamatan": places,
        "tahun": known,
        "pulau": set(snapshot.islands),
        "banding": [*layers, *known, *snapshot.history["versi"].unique()],
        "prioritas": list(Band),
        "mutu": list(Grade),
        "bukti": list(Evidence),
        "alasan": reason_options(snapshot),
        "selisih": ("1",),
        CHOSEN: places,
        "bentuk": [asked["bentuk"]] if read_shape(asked.get("bentuk", "")) else (),
    }
    for key, text in asked.items():
        if key in SEVERAL:
            st.session_state[key] = [value for value in text.split(",") if value in allowed[key]]
        elif text in allowed[key]:
            if key == CHOSEN:
                st.session_state["terpilih"] = text
            else:
                st.session_state[key] = {"tahun": int, "selisih": bool}.get(key, str)(text)
    if aim := next((asked[key] for key in (CHOSEN, "kecamatan", "kabupaten") if asked.get(key) in places), ""):
        go_to(aim)
    st.session_state["alamat"] = asked


def write(snapshot: Snapshot) -> None:
    """Brings the address up to the view; the language is kept there by its own switch."""
    state = st.session_state
    now = {key: str(state.get(key) or "") for key in SINGLE}
    now["selisih"] = "1" if state.get("selisih") and state.get("banding") else ""
    if len(layer_years(snapshot, state.get("lapisan", ""))) < 2:
        now["tahun"] = ""
    now |= {key: ",".join(state.get(key) or []) for key in SEVERAL}
    now[CHOSEN] = state.get("terpilih", "")
    now = {key: value for key, value in now.items() if value and value != _DEFAULTS.get(key)}
    for key in (*SINGLE, *SEVERAL, CHOSEN):
        if key in now and st.query_params.get(key) != now[key]:
            st.query_params[key] = now[key]
        elif key not in now and key in st.query_params:
            del st.query_params[key]
    st.session_state["alamat"] = now
