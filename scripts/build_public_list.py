"""Write the list of public boundary files that ``peta-aman fetch-public`` takes: names, sizes and checksums only.

    uv run python scripts/build_public_list.py ../shared/data/boundaries/wilayah_boundaries 53
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "data" / "embedded"
BASE_URL = "https://raw.githubusercontent.com/cahyadsn/wilayah_boundaries/main"


def main(folder: Path, province: str) -> None:
    files, versions = [], set()
    for path in sorted((folder / "db" / "kel" / province).glob("*.sql")):
        content = path.read_bytes()
        versions |= set(re.findall(rb"updated_at: (\d{4}-\d\d-\d\d)", content[:2000]))
        files.append(
            {
                "path": path.relative_to(folder).as_posix(), "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )  # fmt: skip
    listed = {
        "set": "wilayah_boundaries", "source": "cahyadsn/wilayah_boundaries (MIT)", "province": province,
        "version": max(versions).decode(), "base_url": BASE_URL, "files": files,
    }  # fmt: skip
    target = OUT / f"wilayah_boundaries_{province}.json"
    target.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    print(f"{len(files)} files of {listed['version']} listed in {target.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
