"""Reasons and drivers: what a factor of the score may be told as. Only what the numbers allow is called a reason."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from risk.scoring.covariates import COVARIATES, EFFECTS, PEOPLE
from risk.scoring.reasons import NOTHING, Status, Way, direction
from words import number, t

ORDER_BY = ("cadangan", "pilihan")
"""What stands for a factor where another way made the order: the fallback, or the office's choice."""
_OLD, _MISSING = "alasan.", "belum_ada"


@dataclass(frozen=True)
class FactorFact:
    """A factor of one area: figure, average over people, coefficient with its SD (None where there is none), how well
    the figure is known, what it was stored as doing, and who published it."""

    name: str
    value: float | None = None
    mean: float | None = None
    coef: float | None = None
    sd: float | None = None
    status: Status = Status.KNOWN
    stored: Way = Way.UNTOLD
    source: str = ""

    @property
    def way(self) -> Way:
        """What may be said: the stored direction where the numbers beside it bear it out, else that it differs;
        nothing where there is no figure."""
        if self.value is None or self.value != self.value:
            return Way.UNTOLD
        found = direction(self.name, self.value, self.mean, self.coef, self.sd)
        return found if found == self.stored else Way.DIFFERS

    @property
    def missing(self) -> bool:
        """Whether the row says that the area's own figure is not there."""
        return self.way == Way.UNTOLD and self.is_factor

    @property
    def is_factor(self) -> bool:
        """Whether it is a factor at all, not a row that stands instead of reasons."""
        return self.name in COVARIATES or self.name == PEOPLE or self.name in EFFECTS.values()

    @property
    def key(self) -> str:
        """A short key for filters: ``idm.beda``, ``belum_ada.idm``, ``tidak_menonjol``."""
        if self.missing:
            return f"{_MISSING}.{self.name}"
        return f"{self.name}.{self.way}" if self.way else self.name


def facts_of(rows: Any) -> tuple[FactorFact, ...]:
    """The stored reasons of one area, at most three; empty for none. Rows of earlier programs (``kunci, nilai``) have
    no coefficient, so what they called a cause is read as not tested."""
    return tuple(_fact(row) for row in rows[:3]) if isinstance(rows, list) else ()


def reason_sentence(fact: FactorFact, lang: str = "id") -> str:
    """One reason as a sentence: a cause where the numbers bear it out, a difference where not, or what is missing."""
    if fact.missing and fact.name in EFFECTS.values():
        return t("pernyataan.tidak_diketahui", lang, faktor=t(f"banding.faktor.{fact.name}", lang))
    if not fact.is_factor or fact.missing:
        return t(f"alasan.{fact.key}", lang)
    figure = t(f"alasan.{fact.name}", lang, **_alike(fact.value, fact.mean, lang))
    said = "tidak_diuji" if fact.status == Status.UNTESTED else str(fact.way)
    sentence = t(f"pernyataan.{said}", lang, fakta=figure)
    return f"{sentence} {t('pernyataan.sumber', lang, sumber=fact.source)}" if fact.source else sentence


def reason_sentences(rows: Any, lang: str = "id") -> tuple[str, ...]:
    """The stored reasons of one area as sentences."""
    return tuple(reason_sentence(fact, lang) for fact in facts_of(rows))


def short_reason(rows: Any, lang: str = "id") -> str:
    """The first factor that is borne out as raising the priority, in a word or two with its figure; else a dash."""
    for fact in facts_of(rows):
        if fact.way == Way.UP:
            return t(f"peta.faktor.{fact.name}", lang)
    return "–"


def reason_keys(rows: Any) -> frozenset[str]:
    """Short keys of an area's reasons, for filters."""
    return frozenset(fact.key for fact in facts_of(rows))


def key_way(key: str) -> str:
    """What a short key says of its factor: a `Way`, ``belum_ada``, or "" for no factor."""
    if key.startswith(f"{_MISSING}."):
        return _MISSING
    ending = key.rpartition(".")[2]
    return ending if ending in (Way.UP, Way.DOWN, Way.DIFFERS) else ""


def reason_name(key: str, lang: str = "id") -> str:
    """A short key in words."""
    way = key_way(key)
    if not way:
        return t("peta.tidak_menonjol", lang) if key == NOTHING else t(f"alasan.{key}", lang)
    factor = key.removeprefix(f"{_MISSING}.").removesuffix(f".{way}")
    return t(f"peta.alasan.{way}", lang, nama=t(f"peta.faktor.{factor}", lang))


def drivers(areas: Iterable[Any], most: int, lang: str = "id") -> tuple[str, ...]:
    """What most areas of a list have in common, from their stored reasons: causes first, then mere differences; where
    another way made the order, that; never empty."""
    rows = [facts_of(one) for one in areas]
    instead = Counter(fact.name for own in rows for fact in own if fact.name.partition(".")[0] in ORDER_BY)
    if instead:
        return (t(f"alasan.{instead.most_common(1)[0][0]}", lang),)
    causes, differing = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for fact in (one for own in rows for one in own):
        if fact.way == Way.UP:
            causes[fact.name, _side(fact)] += 1
        elif fact.way == Way.DIFFERS and fact.value != fact.mean:
            differing[fact.name, _side(fact)] += 1
    said = [_driver(name, side, n, len(rows), "sebab", lang) for (name, side), n in causes.most_common(most)]
    told = {name for name, _ in causes}
    others = [(one, n) for one, n in differing.most_common() if one[0] not in told]
    said += [_driver(name, side, n, len(rows), "beda", lang) for (name, side), n in others[: most - len(said)]]
    return tuple(said) or (t("pernyataan.pendorong.tidak_ada", lang),)


def cause(factor: str, times: float, a: str, b: str, lang: str = "id", *, clear: bool) -> str:
    """What a factor does to the expectation of ``a`` against ``b`` (``times``); no cause where that is not clear."""
    way = "belum_jelas" if not clear else "lebih" if times > 1 else "kurang"
    shown = number(times, lang, 1 if times >= 2 else 2)
    return t(f"banding.{way}", lang, a=a, b=b, faktor=t(f"banding.faktor.{factor}", lang), kali=shown)


def _side(fact: FactorFact) -> str:
    assert fact.value is not None
    return "atas" if fact.mean is None or fact.value > fact.mean else "bawah"


def _driver(name: str, side: str, n: int, total: int, way: str, lang: str) -> str:
    kind = "laporan" if name in EFFECTS.values() else "angka"
    factor, where = t(f"banding.faktor.{name}", lang), t(f"pernyataan.{kind}.{side}", lang)
    return t(f"pernyataan.pendorong.{way}", lang, faktor=factor, sisi=where, n=n, semua=total)


def _fact(row: Mapping[str, Any]) -> FactorFact:
    if "faktor" not in row:
        return _old(str(row["kunci"]).removeprefix(_OLD), row.get("nilai") or {})
    return FactorFact(
        name=str(row["faktor"]),
        value=row["nilai"],
        mean=row["rata"],
        coef=row["koef"],
        sd=row["sd"],
        status=Status(row["status"]),
        stored=Way(row["arah"]),
        source=row["sumber"],
    )


def _old(key: str, values: Mapping[str, Any]) -> FactorFact:
    """A row of an earlier program. People count one for one, whatever the model; of no other factor is it known
    whether its coefficient was clear."""
    head, _, rest = key.partition(".")
    if head == _MISSING:
        return FactorFact(rest, status=Status.UNKNOWN)
    value, mean = (values["kali"], 1.0) if "kali" in values else (values.get("nilai"), values.get("rata"))
    if value is None or rest not in (Way.UP, Way.DOWN):
        return FactorFact(key)
    source = str(values.get("sumber", ""))
    if head == PEOPLE:
        return FactorFact(head, value, mean, 1.0, 0.0, Status.KNOWN, Way(rest), source)
    return FactorFact(head, value, mean, None, None, Status.UNTESTED, Way.DIFFERS, source)


def _alike(value: float | None, mean: float | None, lang: str) -> dict[str, str]:
    """A figure and its average with as many decimals each, so that they can be compared: none for large or whole
    ones, more the smaller they are; a dash for what is not known."""
    known = [abs(one) for one in (value, mean) if one is not None and math.isfinite(one)]
    most = max(known, default=0.0)
    whole = most >= 20 and all(one.is_integer() for one in map(float, known))
    decimals = 0 if whole or most >= 1000 else 1 if most >= 10 else 2 if most >= 0.1 else 3
    return {
        name: "–" if one is None else number(one, lang, decimals) for name, one in (("nilai", value), ("rata", mean))
    }
