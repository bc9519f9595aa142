"""Matching place names inside their parents: exact after folding is accepted, anything else is only proposed."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz, process

from data.intake.cells.text import name_key, numeral_of, words_of
from data.intake.places.gazetteer_index import Area, GazetteerIndex, kabupaten_key

PROPOSE_FROM = 0.6
AGREE_FROM = 0.6
"""Similarity from which a name beside a valid code counts as a spelling of the village the code names."""

AGREE_CLEARLY, SPELLS_ANOTHER = 0.7, 0.85
"""Where a sibling's name is nearer still: the code's own must be this near, the sibling's not nearer than that."""


@dataclass(frozen=True)
class Match:
    """An accepted area, or candidates (code, similarity) for a person to choose from.

    ``how`` is ``alias`` for a name a person confirmed before, ``lama`` for an older name. ``scope`` and ``key`` are
    what a confirmed choice is remembered under; empty where it cannot be.
    """

    kode: str | None = None
    candidates: tuple[tuple[str, float], ...] = ()
    failed: str = ""
    how: str = ""
    scope: str = ""
    key: str = ""


def match_kabupaten(index: GazetteerIndex, text: str) -> list[str]:
    """Codes of the kabupaten or towns the text may name; one is a match, several are ambiguous (bare ``Kupang``)."""
    key, town = kabupaten_key(text)
    codes = list(dict.fromkeys(index.kabupaten.get(key, ())))
    if len(codes) > 1 and town is not None:
        codes = [code for code in codes if index.areas[code].nama.lower().startswith("kota") == town]
    elif town is not None and len(codes) == 1:
        is_town = index.areas[codes[0]].nama.lower().startswith("kota")
        if is_town and not town:
            return []
    return codes


def kabupaten_alias(index: GazetteerIndex, text: str) -> tuple[str, str]:
    """What a confirmed name of a kabupaten is remembered under: the province and the words as written (``//kupang``);
    both empty for a gazetteer of several provinces.
    """
    province = next(iter(index.provinces)) if len(index.provinces) == 1 else ""
    return province, f"//{words_of(text)}" if province else ""


def close_kabupaten(index: GazetteerIndex, text: str) -> tuple[tuple[str, float], ...]:
    """Kabupaten and towns with a name like the text, with their similarity."""
    near = _close({key: key for key in index.kabupaten}, kabupaten_key(text)[0])
    found = [(code, similarity) for key, similarity in near for code in index.kabupaten[key]]
    return tuple({code: (code, similarity) for code, similarity in reversed(found)}.values())[::-1]


def match_names(index: GazetteerIndex, kabupaten: list[str], kecamatan: str, desa: str) -> Match:
    """The area named by a village and/or kecamatan inside one of the given kabupaten (all when none is known).

    Exact after folding, and only one such: accepted. A village without its kecamatan must be the only one of its name
    in its kabupaten. Without a kabupaten a kecamatan whose name is the only one tells it, else nothing is accepted.
    ``failed`` names the part that did not match.
    A name that was confirmed before counts as exact; so does an older name that no other village has or had.
    """
    if kecamatan and not kabupaten:
        owners = [code for kab in index.kecamatan_of for code in index.kecamatan_in(kab, name_key(kecamatan))]
        kabupaten = [index.areas[owners[0]].kode_kab] if len(owners) == 1 else []
    inside = kabupaten or sorted({code for codes in index.kabupaten.values() for code in codes})
    kec_codes = [code for kab in inside for code in index.kecamatan_in(kab, name_key(kecamatan))] if kecamatan else []
    key = name_key(desa) if desa else ""
    unplaced = not desa or (bool(kecamatan) and not kec_codes)
    parents = inside if unplaced else kec_codes or inside
    scope = parents[0] if kabupaten and len(parents) == 1 else ""
    alias_key = (f"{name_key(kecamatan)}/{key}" if unplaced else key) if scope else ""
    if (known := index.aliases.get((scope, alias_key))) is not None and known in index.areas:
        return Match(known, how="alias")
    if not desa:
        if len(kec_codes) == 1 and kabupaten:
            return Match(kec_codes[0])
        near_kecamatan = _close_kecamatan(index, inside, kecamatan, kec_codes)
        return Match(None, near_kecamatan, "kecamatan", scope=scope, key=alias_key)
    if unplaced:
        near = tuple(kode for kode, _ in _close_kecamatan(index, inside, kecamatan, [])[:2])
        close = _close_villages(index, near or tuple(inside), desa)
        return Match(None, close, "kecamatan", scope=scope, key=alias_key)
    found = list(dict.fromkeys(code for parent in parents for code in index.village_in(parent, key)))
    older = [code for parent in parents for code in index.older_in(parent, key) if code not in found]
    older = list(dict.fromkeys(older))
    if len(found) == 1 and kabupaten and not older:
        return Match(found[0])
    if older and not found:
        # Today's owner of the name elsewhere in the kabupaten may be meant as well.
        found = list(dict.fromkeys(code for kab in inside for code in index.village_in(kab, key)))
        if len(older) == 1 and kabupaten and not found:
            return Match(older[0], how="lama")
        return Match(None, tuple((code, 1.0) for code in [*older, *found][:5]), "desa", scope=scope, key=alias_key)
    if found:
        both = tuple((code, 1.0) for code in [*found, *older][:5])
        return Match(None, both, "desa", scope=scope, key=alias_key)
    return Match(None, _close_villages(index, tuple(parents), desa), "desa", scope=scope, key=alias_key)


def agreement(index: GazetteerIndex, area: Area, desa: str, kecamatan: str, kabupaten: str, nama: str = "") -> str:
    """Whether the names of a row fit the area its code names: ``sama``, ``mirip``, ``beda`` or ``tanpa`` (no name)."""
    verdicts = []
    if kabupaten and area.kode_kab:
        codes = match_kabupaten(index, kabupaten)
        verdicts.append(
            "sama" if area.kode_kab in codes else "beda" if codes else _likeness(index, area, kabupaten, "kab")
        )
    if kecamatan and area.kode_kec:
        verdicts.append(_likeness(index, area, kecamatan, "kec"))
    own = desa if area.level == "desa" else ""
    if nama and not own and area.level != "provinsi":
        own = nama
    if own:
        verdicts.append(_own_likeness(index, area, own))
    for verdict in ("beda", "mirip", "sama"):
        if verdict in verdicts:
            return verdict
    return "tanpa"


def _own_likeness(index: GazetteerIndex, area: Area, text: str) -> str:
    if area.level == "kabupaten":
        return "sama" if area.kode in match_kabupaten(index, text) else "beda"
    key = name_key(text)
    if key == area.key:
        return "sama"
    if area.level == "kecamatan":
        return _like(key, area.key, index.kecamatan_of.get(area.kode_kab, {}))
    if key in index.older_keys.get(area.kode, ()) and key not in index.villages_of.get(area.kode_kec, {}):
        return "mirip"
    return _like(key, area.key, index.villages_of.get(area.kode_kec, {}))


def _likeness(index: GazetteerIndex, area: Area, text: str, level: str) -> str:
    if level == "kab":
        key, own = kabupaten_key(text)[0], index.areas[area.kode_kab].key
        return "mirip" if fuzz.ratio(key, own) >= 85 else "beda"
    key, own = name_key(text), index.areas[area.kode_kec].key
    return "sama" if key == own else _like(key, own, index.kecamatan_of.get(area.kode_kab, {}))


def _like(key: str, own: str, siblings: dict[str, list[str]]) -> str:
    """``mirip`` when the name is a spelling of ``own`` and not of a sibling in the same kecamatan."""
    if key in siblings:
        return "beda"
    number, own_number = numeral_of(key), numeral_of(own)
    if number and own_number and number != own_number:
        return "beda"
    score = _similarity(key, own)
    others = (other for other in siblings if other != own and not (number and number != numeral_of(other)))
    best_other = max((_similarity(key, other) for other in others), default=0.0)
    if score >= best_other:
        return "mirip" if score >= AGREE_FROM else "beda"
    return "mirip" if score >= AGREE_CLEARLY and best_other < SPELLS_ANOTHER else "beda"


def _similarity(key: str, other: str) -> float:
    return fuzz.ratio(key.rstrip("0123456789") or key, other.rstrip("0123456789") or other) / 100


def _close_villages(index: GazetteerIndex, parents: tuple[str, ...], text: str) -> tuple[tuple[str, float], ...]:
    names = {
        code: index.areas[code].key
        for parent in parents
        for codes in index.villages_of.get(parent, {}).values()
        for code in codes
    }
    return _close(names, name_key(text))


def _close_kecamatan(
    index: GazetteerIndex, kabupaten: list[str], text: str, exact: list[str]
) -> tuple[tuple[str, float], ...]:
    if exact:
        return tuple((code, 1.0) for code in exact[:5])
    names = {
        code: index.areas[code].key
        for kab in kabupaten
        for codes in index.kecamatan_of.get(kab, {}).values()
        for code in codes
    }
    return _close(names, name_key(text))


def _close(names: dict[str, str], key: str) -> tuple[tuple[str, float], ...]:
    found = process.extract(key, names, scorer=fuzz.ratio, limit=3, score_cutoff=PROPOSE_FROM * 100)
    return tuple((code, score / 100) for _, score, code in found)
