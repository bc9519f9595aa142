"""Finding a place by what somebody types: a piece of its name, a slip of the keys, its code, its kecamatan with it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process

from campaign.reading.snapshot import Snapshot

FOUND = 8
LIKELY = 72.0
"""Similarity (0–100) from which a name counts as meant; two letters swapped in six leave some 80."""
_KIND = re.compile(r"^(?:desa|kelurahan|kel|kecamatan|kec|kabupaten|kab|kota)\b\.?\s*")


def find(snapshot: Snapshot, text: str, *, villages_only: bool = False, limit: int = FOUND) -> list[str]:
    """Codes of the areas meant by ``text``, the likeliest first; villages before the areas they lie in."""
    wanted = _folded(text)
    codes, names, lines = _choices(snapshot)
    if not wanted:
        return []
    if wanted[0].isdigit():
        found = sorted((kode for kode in codes if kode.startswith(text.strip())), key=len)
    else:
        bare = _KIND.sub("", wanted) or wanted
        score = np.maximum(_similar(bare, names, fuzz.ratio), _similar(wanted, lines, fuzz.token_set_ratio) - 4)
        if len(bare) > 4:
            score = np.maximum(score, _similar(bare, names, fuzz.partial_ratio) - 10)
        # What begins like the name is being typed still; a word inside the name is meant more than a likeness.
        starts = np.array([name.startswith(bare) for name in names])
        inside = np.array([len(bare) > 2 and f" {bare}" in name for name in names])
        whole = np.array([len(bare) / len(name) for name in names])
        score = np.where(starts, np.maximum(score, 90 + 10 * whole), score)
        score = np.where(inside, np.maximum(score, 92), score)
        order = np.argsort(-score, kind="stable")
        found = [codes[i] for i in order[: limit * 4] if score[i] >= LIKELY]
    return [kode for kode in found if len(kode) == 13 or not villages_only][:limit]


def _similar(wanted: str, choices: list[str], scorer: object) -> np.ndarray:
    return process.cdist([wanted], choices, scorer=scorer, dtype=np.float32)[0]  # type: ignore[arg-type]


@lru_cache(maxsize=2)
def _choices(snapshot: Snapshot) -> tuple[list[str], list[str], list[str]]:
    """Codes, folded names and folded whole labels of all areas, in the order of the labels."""
    codes = list(snapshot.labels)
    names = [_KIND.sub("", _folded(snapshot.labels[kode].split(" · ")[0].removesuffix(" (kel.)"))) for kode in codes]
    return codes, [name or "-" for name in names], [_folded(snapshot.labels[kode]) for kode in codes]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.sub(r"[^0-9a-z.]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).split())
