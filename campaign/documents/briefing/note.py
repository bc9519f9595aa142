"""The governor's briefing: one A4 page as an official note, the same as a letter to edit and as six slides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from campaign.documents.briefing.facts import BriefingFacts, briefing_facts, map_classes
from campaign.documents.writers.typeset import drawing, set_images, set_pages
from campaign.handover.lists import TargetList, left_to_others, list_in_force, listed
from campaign.maps.classes import NEED, NO_DATA
from campaign.planning.plan_types import Plan
from campaign.reading.snapshot import Snapshot
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace
from geo.drawing.svg import Style, map_svg
from words import date_text, t

BRIEFING_FORMATS = (".pdf", ".docx", ".pptx")
STYLE = Style((*NEED, NO_DATA), frozenset({len(NEED)}))
"""Colours that keep their order in grey; lines where data are too few."""
_WORDS = (
    "judul",
    "yth",
    "nomor",
    "tanggal",
    "sifat",
    "terbatas",
    "lampiran",
    "hal",
    "hal_isi",
    "jadwal",
    "penanggung",
    "ttd",
    "sumber",
    "pertimbangan",
    "arsiran",
)
_PARTS = ("persoalan", "fakta", "pendorong", "perubahan", "yakin", "kurang", "putusan")


def newest_list(
    store: Store, score_version: str, fits: Callable[[Plan], bool] = lambda plan: not left_to_others(plan)
) -> TargetList | None:
    """What a briefing asks a decision on: the frozen list in force, else the newest plan made from this score; of those
    that ``fits`` says yes to, which are the province's where nothing else is asked."""
    target_list = list_in_force(store, fits=fits)
    if target_list is not None:
        return target_list
    for versi, plan in store.results.all("rencana"):
        if plan.get("score_version") == score_version and plan.get("version") == versi and fits(plan):
            try:
                return listed(store, plan)
            except WrongUse:
                continue
    return None


def write_briefing(
    path: Path,
    snapshot: Snapshot,
    store: Store,
    workspace: Workspace,
    target_list: TargetList | None = None,
    lang: str = "id",
) -> BriefingFacts:
    """Writes the briefing in the format of ``path``'s extension and returns what it says.

    Raises `WrongUse`: ``UNKNOWN_FORMAT``, ``NO_SCORE`` (nothing has been scored).
    """
    suffix = path.suffix.lower()
    if suffix not in BRIEFING_FORMATS:
        raise WrongUse("UNKNOWN_FORMAT", format=suffix or path.name, allowed=", ".join(BRIEFING_FORMATS))
    if snapshot.version is None:
        raise WrongUse("NO_SCORE")
    facts = briefing_facts(snapshot, store, target_list, lang)
    svg = province_map(snapshot, workspace)
    if suffix == ".pdf":
        path.write_bytes(set_pages("briefing", page_values(facts, svg)))
    elif suffix == ".docx":
        from campaign.documents.briefing.letter import write_letter

        write_letter(facts, _picture(facts, svg), path, workspace)
    else:
        from campaign.documents.briefing.slides import write_slides

        write_slides(facts, _picture(facts, svg), path)
    return facts


def page_values(facts: BriefingFacts, svg: str) -> dict[str, Any]:
    """What the page's template takes."""
    lang = facts.lang
    highest = max((value for _, value, _, _ in facts.trend), default=1.0) or 1.0
    return {
        "lang": lang,
        "mark": facts.mark,
        "map": svg,
        "core": facts.core,
        "figures": facts.figures,
        "trend": [
            {"year": year, "value": _plain(value), "share": value / highest, "full": full, "note": note}
            for year, value, full, note in facts.trend
        ],
        "trend_title": facts.trend_title,
        "trend_note": facts.trend_note,
        "drivers": facts.drivers,
        "changes": facts.changes,
        "sure": facts.sure,
        "warning": facts.warning,
        "gaps": facts.gaps,
        "decisions": facts.decisions,
        "sources": facts.sources,
        "versions": facts.versions,
        "legend": [
            {"text": text, "colour": STYLE.palette[i], "hatched": i in STYLE.hatched} for i, text in facts.legend
        ],
        "map_title": facts.map_title,
        "words": {
            **{name: t(f"nota.{name}", lang) for name in _WORDS},
            **{f"bagian_{name}": t(f"nota.bagian.{name}", lang) for name in _PARTS},
            "kop": t("nota.kop", lang, provinsi=facts.province.upper()),
            "dari_siapa": t("nota.dari_siapa", lang),
            "gubernur": t("nota.gubernur", lang, provinsi=facts.province),
            "hari_ini": date_text(facts.made, lang),
            "isi_lampiran": t("nota.satu_daftar", lang, versi=facts.list_name) if facts.list_name else "–",
        },
    }


def province_map(snapshot: Snapshot, workspace: Workspace, width: int = 700, height: int = 330) -> str:
    """The kecamatan of the province as SVG, without names; empty when no map layers have been built."""
    from geo.drawing.shapes import read_shapes

    if snapshot.layers is None:
        return ""
    shapes = read_shapes(workspace.layers / f"peta-{snapshot.layers['version']}.topo.json")
    return drawing(
        map_svg(
            shapes,
            level="kecamatan",
            classes=map_classes(snapshot),
            style=STYLE,
            bbox=snapshot.layers["bbox"],
            width=width,
            height=height,
        )
    )


def legend_drawing(facts: BriefingFacts, width: int = 800) -> str:
    """The classes of the map with their names as SVG, in letters for a room."""
    step = width // len(facts.legend)
    boxes = "".join(
        f'<rect x="{i * step + 1}" y="3" width="24" height="16" fill="{STYLE.fill(which)}" stroke="#555c68"/>'
        f'<text x="{i * step + 31}" y="17" font-size="15">{escape(text)}</text>'
        for i, (which, text) in enumerate(facts.legend)
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 22" font-family="sans-serif">'
    return f'{head}<rect width="{width}" height="22" fill="#fff"/><defs>{STYLE.patterns()}</defs>{boxes}</svg>'


def _picture(facts: BriefingFacts, svg: str) -> bytes:
    """The map with its legend as a PNG, for formats that take no drawing."""
    return set_images("map", page_values(facts, svg), ppi=170)[0] if svg else b""


def _plain(value: float) -> str:
    return f"{value:g}"
