"""Headers of code and name columns in boundary files, as agencies write them (letters and digits only, lower case).

Sources: RBI 10K/25K of the mapping agency, BPS, HDX and the public sets made from them.
"""

from __future__ import annotations

import re

CODE_HEADERS: dict[str, tuple[str, ...]] = {
    "desa": (
        "kdepum",
        "kodedesa",
        "kddesa",
        "kodekemendagridesa",
        "kodedesakelurahan",
        "kodekeldesa",
        "kodedesakel",
        "kodekd",
        "kddepum",
        "kddes",
        "kodekel",
        "kodekelurahan",
        "kdkeldes",
        "desacode",
        "villagecode",
        "adm4code",
    ),
    "kecamatan": ("kdcpum", "kodekec", "kodekecamatan", "kdkec", "kdkecamatan", "adm3code"),
    "kabupaten": ("kdpkab", "kodekk", "kodekab", "kodekabkota", "kodekabupaten", "kdkab", "kdkabkota", "adm2code"),
    "provinsi": ("kdppum", "kodeprov", "kodeprovinsi", "kdprov", "adm1code"),
}
ANY_LEVEL = ("kode", "kodekemendagri", "kemendagricode", "kodewilayah", "kodepum", "kdpum", "code", "kodeadm", "id")
BPS_HEADERS: dict[str, tuple[str, ...]] = {
    "desa": ("iddesa", "adm4pcode", "kodebps", "kodebpsdesa", "kdebps", "bpscode", "idkel", "cc4"),
    "kecamatan": ("idkec", "adm3pcode", "kodebpskec", "kdcbps", "cc3"),
    "kabupaten": ("idkab", "adm2pcode", "kodebpskab", "kdbbps", "cc2"),
    "provinsi": ("idprov", "adm1pcode"),
}
NAME_HEADERS: dict[str, tuple[str, ...]] = {
    "desa": (
        "nama",
        "wadmkd",
        "namadesa",
        "nmdesa",
        "desa",
        "adm4en",
        "adm4name",
        "namadesakelurahan",
        "kelurahan",
        "deskel",
        "desakel",
        "namakel",
        "namobj",
        "name",
        "name4",
    ),
    "kecamatan": (
        "nama",
        "wadmkc",
        "namakec",
        "namakecamatan",
        "nmkec",
        "kecamatan",
        "adm3en",
        "adm3name",
        "namobj",
        "name",
        "name3",
    ),
    "kabupaten": (
        "nama",
        "wadmkk",
        "namakab",
        "namakabkota",
        "nmkab",
        "kabupaten",
        "kabkota",
        "adm2en",
        "adm2name",
        "namobj",
        "name",
        "name2",
    ),
    "provinsi": ("nama", "wadmpr", "namaprov", "nmprov", "provinsi", "adm1en", "adm1name", "namobj", "name", "name1"),
}

GEOMETRY_HEADERS = frozenset(
    {"wkt", "geom", "geometry", "thegeom", "wktgeom", "geomwkt", "geojson", "poligon", "polygon", "shape"}
)
"""Headers of a text table's column of shapes."""


def plain(header: object) -> str:
    """A header as it is compared: letters and digits only, lower case."""
    return re.sub(r"[^a-z0-9]", "", str(header).casefold())
