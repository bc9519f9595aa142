"""A preview in sentences: what the screen says above its tables and what the command line says."""

from __future__ import annotations

from typing import Any

import pandas as pd

from campaign.intake.preview import UNTOLD, AreasCovered, FigurePart, Lost, Preview, Rival, preview
from campaign.intake.preview_records import NAMED, Line, record_lines
from data.disclosure import MANY, ShownTotal
from data.domain.actor import Actor
from data.domain.kinds import KINDS, Holds, is_guarded
from data.intake.examined import Examined
from data.store.store import Store
from data.workspace import Workspace
from words import date_text, has, t

SOURCE_SHOWN = 60
"""Characters of a source's name in a line."""


def measure_name(indikator: str, lang: str) -> str:
    """What a figure is called; a free indicator by its own words."""
    for key in (f"ukuran.{indikator}", f"bidang.{indikator}", f"indikator.{indikator}"):
        if has(key):
            return t(key, lang)
    return indikator.replace("_", " ")


def period_text(start: pd.Timestamp, end: pd.Timestamp, lang: str) -> str:
    """``2024``, ``2021–2024``, or both days."""
    whole = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
    if whole:
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    return f"{date_text(start.date(), lang)} – {date_text(end.date(), lang)}"


def shown(value: Any, lang: str) -> Any:
    """A released number as it stands in a sentence."""
    if isinstance(value, ShownTotal):
        return t("pratinjau.sedikitnya", lang, n=value.at_least, k=value.hidden) if value.hidden else value.at_least
    return t("pratinjau.banyak", lang) if isinstance(value, str) and value == MANY else value


def short_source(source: str) -> str:
    """A source's name, cut where it is a whole list of them."""
    return source if len(source) <= SOURCE_SHOWN else source[: SOURCE_SHOWN - 1] + "…"


def lines_of(
    kind: str, found: Examined, store: Store, workspace: Workspace, lang: str, actor: Actor | None = None
) -> list[str]:
    """What storing an examined import of any kind would do, in sentences, as far as ``actor`` may know it."""
    if KINDS[kind].holds is Holds.FACTS:
        return preview_text(preview(found, store, actor), lang)
    return record_text(record_lines(kind, found, store, workspace), lang)


def record_text(lines: list[Line], lang: str) -> list[str]:
    """Lines of `campaign.intake.preview_records` as sentences."""
    return [
        t(
            key,
            lang,
            **{name: t(value[1:], lang) if str(value).startswith("@") else value for name, value in values.items()},
        )
        for key, values in lines
    ]


def preview_text(found: Preview, lang: str) -> list[str]:
    """All of a preview but its tables, one sentence or two a line."""
    out = [line for part in found.parts for line in part_text(part, lang)]
    if found.stepping_aside:
        out.append(t("pratinjau.contoh", lang, n=found.stepping_aside))
    out += [lost_text(one, lang) for one in found.lost]
    if found.unread:
        out.append(t("pratinjau.tak_terbaca", lang, n=found.unread))
    for one in found.coverage:
        out += coverage_text(one, lang)
    return [*out, *(rival_text(one, lang) for one in found.rivals)]


def part_text(part: FigurePart, lang: str) -> list[str]:
    """What is stored of one figure, and what becomes of its areas."""
    values = {
        "nama": measure_name(part.indikator, lang),
        "tingkat": t(f"tingkat.{part.level}", lang).lower(),
        "masa": period_text(part.start, part.end, lang),
        "n": part.areas,
    }
    if part.total is None:
        first = t("pratinjau.bagian", lang, **values)
    else:
        first = t("pratinjau.bagian_jumlah", lang, **values, jumlah=shown(part.total, lang))
    then = []
    if part.replacing is not None and part.new + part.replacing:
        then.append(t("pratinjau.nasib_hitung", lang, baru=part.new, mengganti=part.replacing))
    elif part.changed is not None and part.same is not None and part.new + part.changed + part.same:
        then.append(t("pratinjau.nasib", lang, baru=part.new, berubah=part.changed, sama=part.same))
    then += [
        t("pratinjau.tidak_dipakai", lang, n=n, alasan=t(f"pilih.{reason}", lang))
        for reason, n in sorted(part.unused.items())
    ]
    if part.empty:
        then.append(t("pratinjau.kosong", lang, n=part.empty))
    lines = [" ".join([first, *then])]
    if is_guarded(part.jenis, part.indikator) and part.level in UNTOLD:
        lines.append(t("pratinjau.tanpa_wilayah", lang))
    if not part.compared:
        lines.append(t("pratinjau.tanpa_banding", lang))
    return lines


def lost_text(one: Lost, lang: str) -> str:
    """What the rows with errors would have brought."""
    values = {
        "nama": measure_name(one.indikator, lang),
        "jumlah": shown(one.sum, lang),
        "semua": shown(one.whole, lang),
    }
    if one.share is None:
        return t("pratinjau.hilang_lindung", lang, **values)
    return t("pratinjau.hilang", lang, **values, persen=round(one.share, 1))


def coverage_text(one: AreasCovered, lang: str) -> list[str]:
    """How much of the map has the figure afterwards, and the names of what stays blank."""
    lines = [
        t(
            "pratinjau.cakupan",
            lang,
            nama=measure_name(one.indikator, lang),
            tingkat=t(f"tingkat.{one.level}", lang).lower(),
            sesudah=shown(one.after, lang),
            semua=one.areas,
            sebelum=shown(one.before, lang),
        )
    ]
    if one.blank:
        names, more = ", ".join(one.blank[:NAMED]), len(one.blank) - NAMED
        lines.append(
            t("pratinjau.tetap_kosong_lagi", lang, nama=names, n=more)
            if more > 0
            else t("pratinjau.tetap_kosong", lang, nama=names)
        )
    return lines


def rival_text(one: Rival, lang: str) -> str:
    """Another source, whose figure is used, why, and how far they are apart."""
    said = t(
        "pratinjau.saingan",
        lang,
        sumber=short_source(one.source),
        n=one.areas,
        kita=one.ours,
        nama=measure_name(one.indikator, lang),
        tingkat=t(f"tingkat.{one.level}", lang).lower(),
        alasan=t(f"pilih.{one.reason}", lang),
    )
    if one.typical is None:
        return said
    return f"{said} " + t("pratinjau.selisih", lang, lazim=one.typical, terbesar=one.largest)
