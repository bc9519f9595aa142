"""What the server keeps beside the map layers; `geo.drawing.layers` writes it."""

from __future__ import annotations

from typing import TypedDict


class LayerMeta(TypedDict):
    """Content of ``peta-<version>.meta.json``.

    ``version`` (names the files), ``kind`` (``resmi``, ``perkiraan``, or ``campuran`` of both), ``perkiraan`` (codes
    of the kabupaten drawn from approximate villages), ``bbox`` (west, south, east, north in EPSG:4326), ``units``
    ({level: all codes, sorted}), ``polygons`` (codes of villages drawn as polygons, sorted), ``bagian`` (provinces with
    files of their own), ``tetangga`` (pairs of neighbouring villages as positions in ``units["desa"]``), ``pulau``
    (name of the island of each of them, or the code of the kecamatan that an unnamed one is known by), ``masukan``
    (what they were made from).
    """

    version: str
    kind: str
    perkiraan: list[str]
    bbox: tuple[float, float, float, float]
    units: dict[str, list[str]]
    polygons: list[str]
    bagian: list[str]
    tetangga: list[list[int]]
    pulau: list[str]
    masukan: str
