"""Write the lists of public files that ``peta-aman fetch-public`` takes: names, sizes and checksums only.

uv run python scripts/build_public_list.py ../shared/data/boundaries/wilayah_boundaries 53
uv run python scripts/build_public_list.py ../shared/data/figures/idm2024_ntt_village.csv 53
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from data.public import PublicTable

OUT = Path(__file__).resolve().parent.parent / "data" / "embedded"
BASE_URL = "https://raw.githubusercontent.com/cahyadsn/wilayah_boundaries/main"


IDM_URL = (
    "https://raw.githubusercontent.com/kristonova/Visualisasi-Indeks-Desa-Membangun--IDM--2024/"
    "eea16759a235d857054a0f1f092c4b90b54f910f"
)
"""The state of the public repository the table was taken from: an address with a commit always gives the same file."""


def main(path: Path, province: str) -> None:
    """A folder is a copy of the boundaries' repository, a file a table of the village development index."""
    (boundaries if path.is_dir() else figures)(path, province)


def figures(table: Path, province: str) -> None:
    """The checksum is that of the figures (`data.public.PublicTable.lines`), which the published file lays out anew."""
    with table.open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["kemendagri_code"].startswith(f"{province}.")]
    rows = [
        (row["kemendagri_code"], *(f"{float(row[name]):.4f}" for name in ("idm", "iks", "ike", "ikl"))) for row in found
    ]
    listed = {
        "name": "idm",
        "source": "Kemendes PDTT, IDM 2024",
        "year": 2024,
        "base_url": IDM_URL,
        "path": f"data/idm/prov/{province}.json",
        "limit": 2_000_000,
        "columns": ["IDM", "IKS", "IKE", "IKL"],
        "sha256": hashlib.sha256(PublicTable.lines(rows)).hexdigest(),
    }
    target = OUT / f"idm_{province}.json"
    target.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    print(f"{len(rows)} villages listed in {target.name}")


def boundaries(folder: Path, province: str) -> None:
    files, versions = [], set()
    for path in sorted((folder / "db" / "kel" / province).glob("*.sql")):
        content = path.read_bytes()
        versions |= set(re.findall(rb"updated_at: (\d{4}-\d\d-\d\d)", content[:2000]))
        files.append(
            {
                "path": path.relative_to(folder).as_posix(),
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
    listed = {
        "set": "wilayah_boundaries",
        "source": "cahyadsn/wilayah_boundaries (MIT)",
        "province": province,
        "version": max(versions).decode(),
        "base_url": BASE_URL,
        "files": files,
    }
    target = OUT / f"wilayah_boundaries_{province}.json"
    target.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    print(f"{len(files)} files of {listed['version']} listed in {target.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
