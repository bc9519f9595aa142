"""The stated alternative, as the manuals show it: ``folium.GeoJson`` of the same villages, each told on hover."""

import os

import branca  # noqa: F401  (imported for the same warm start as the app under test)
import folium
import geopandas as gpd
import streamlit as st
from streamlit_folium import st_folium

BASE = "../../app/static/"
folium.Map.default_js[:] = [("leaflet", BASE + "leaflet.js")]
folium.Map.default_css[:] = [("leaflet_css", BASE + "leaflet.css")]
PALETTE = ("#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c")


@st.cache_data
def villages() -> gpd.GeoDataFrame:
    return gpd.read_parquet(os.environ["BENCH_POLYGONS"])[["kode", "geometry"]]


st.set_page_config(layout="wide")
year = st.selectbox("Lapisan", [0, 1, 2, 3, 4], key="lapisan")
desa = villages()
desa["kelas"] = [(i + year) % 5 for i in range(len(desa))]
peta = folium.Map(tiles=None, location=[-9.3, 121.9], zoom_start=8)
folium.GeoJson(
    desa,
    style_function=lambda feature: {
        "fillColor": PALETTE[feature["properties"]["kelas"]],
        "fillOpacity": 1,
        "weight": 0.3,
        "color": "#555",
    },
    tooltip=folium.GeoJsonTooltip(fields=["kode", "kelas"]),
).add_to(peta)
st_folium(peta, key="peta", width=1100, height=600, returned_objects=["last_object_clicked_tooltip"])
