"""What the briefing says, as sentences and figures in one language: for a page, for slides, for a letter to edit.

Figures come from the snapshot, the plan and what has been published; no village is named and none counted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from campaign.documents.listing.meta import shortened
from campaign.documents.listing.source import costs
from campaign.handover.lists import TargetList
from campaign.maps.layers import map_layer
from campaign.planning.plan_types import Plan
from campaign.reading.snapshot import Snapshot
from campaign.reading.summary import by_kabupaten, missing, sureness, trend
from campaign.sessions.replies import tally
from campaign.statements.changes import change_sentences
from campaign.statements.comparison import compared, comparison_sentence, comparison_warning, level_test
from campaign.statements.factors import drivers
from campaign.statements.headlines import plan_headline, score_headline
from campaign.statements.plan import warning_sentences
from campaign.statements.shares import chances_of, list_sureness, sureness_sentences
from data.store.store import Store
from risk.scoring.bands import MAIN, Band
from words import number, t

YEARS, DRIVERS, GAPS = 7, 3, 4
TREND = "pmi_meninggal"


@dataclass(frozen=True)
class BriefingFacts:
    """One state of one installation, said for the governor; every text is ready to be printed.

    ``trend``: year, figure, whether it covers the year, and what stands under it. ``warning`` is the sentence that must
    be bold, empty when there is none. ``legend``: class number and text of the map.
    """

    lang: str
    mark: str
    core: str
    figures: tuple[tuple[str, str], ...]
    trend_title: str
    trend: tuple[tuple[str, float, bool, str], ...]
    trend_note: str
    drivers: tuple[str, ...]
    changes: tuple[str, ...]
    sure: tuple[str, ...]
    warning: str
    gaps: tuple[str, ...]
    decisions: tuple[str, ...]
    sources: tuple[str, ...]
    versions: str
    list_name: str
    province: str
    legend: tuple[tuple[int, str], ...]
    map_title: str
    made: dt.date = field(default_factory=dt.date.today)


def briefing_facts(snapshot: Snapshot, store: Store, target_list: TargetList | None, lang: str = "id") -> BriefingFacts:
    """The facts of ``target_list``, or without one of the newest score."""
    plan = target_list.plan if target_list else None
    contoh = snapshot.data_contoh or bool(plan and plan.get("data_contoh"))
    title, years, note = _trend(snapshot, lang)
    return BriefingFacts(
        lang=lang,
        mark=t("dokumen.tanda", lang) if contoh else "",
        core=plan_headline(plan, lang) if plan else score_headline(by_kabupaten(snapshot), lang),
        figures=_figures_of_plan(plan, snapshot, lang) if plan else _figures_of_scores(snapshot, lang),
        trend_title=title,
        trend=years,
        trend_note=note,
        drivers=_drivers(snapshot, plan, lang),
        changes=tuple(change_sentences(snapshot, store, lang)),
        sure=(*(warning_sentences(plan, lang) if plan else ()), *_sure(snapshot, store, plan, lang)),
        warning=comparison_warning(compared(snapshot), lang),
        gaps=_gaps(snapshot, store, target_list, lang),
        decisions=_decisions(target_list, snapshot, lang),
        sources=_sources(snapshot, lang),
        versions=_versions(snapshot, target_list, lang),
        list_name=target_list.name if target_list else "",
        province=_province(snapshot, lang),
        legend=tuple((i, t(f"prioritas.{band}", lang)) for i, band in enumerate(Band)),
        map_title=t("nota.peta", lang),
    )


def map_classes(snapshot: Snapshot) -> dict[str, int]:
    """The class of each kecamatan, as positions in `Band`."""
    layer = map_layer(snapshot, "kecamatan", "prioritas")
    return {code: int(char) for code, char in zip(layer.codes, layer.classes, strict=True)}


def _figures_of_plan(plan: Plan, snapshot: Snapshot, lang: str) -> tuple[tuple[str, str], ...]:
    people = round(sum(row["orang"] for row in plan["villages"]), -3)
    rupiah = float(costs(plan).sum()) / 1e6
    visited = len({row["kode"][:5] for row in plan["villages"]})
    estimated = bool(snapshot.params.get("taksiran", {}).get("desa", 0))
    living = t("nota.angka.penduduk_taksiran" if estimated else "nota.angka.penduduk", lang)
    return (
        (number(len(plan["villages"]), lang), t("nota.angka.desa", lang)),
        (number(people, lang), living),
        (number(plan["used_team_days"], lang), t("nota.angka.hari", lang, rupiah=number(rupiah, lang))),
        (f"{visited}/{len(snapshot.places['kabupaten'])}", t("nota.angka.kabupaten", lang)),
    )


def _figures_of_scores(snapshot: Snapshot, lang: str) -> tuple[tuple[str, str], ...]:
    table = by_kabupaten(snapshot)
    reached = int((table["utama"] > 0).sum())
    return (
        (number(int(table[Band.FIRST].sum()), lang), t("nota.angka.satu", lang)),
        (number(int(table[Band.SECOND].sum()), lang), t("nota.angka.dua", lang)),
        (number(int(table[Band.UNKNOWN].sum()), lang), t("nota.angka.belum", lang)),
        (f"{reached}/{len(table)}", t("nota.angka.kab_utama", lang)),
    )


def _trend(snapshot: Snapshot, lang: str) -> tuple[str, tuple[tuple[str, float, bool, str], ...], str]:
    table = trend(snapshot)
    own = table[table["indikator"] == TREND].tail(YEARS)
    years = tuple(
        (
            str(row["tahun"]),
            float(row["nilai"]),
            bool(row["penuh"]),
            "" if row["penuh"] else t("nota.sampai", lang, hari=row["sampai"].day, bulan=row["sampai"].month),
        )
        for row in own.to_dict("records")
    )
    said = sorted({shortened(str(source).split(" via ")[0].split(";")[0], 34) for source in own["sumber"]})
    shown = "; ".join(said[:3]) + (t("nota.lainnya", lang, n=len(said) - 3) if len(said) > 3 else "")
    return t(f"indikator.{TREND}", lang), years, t("nota.tren_catatan", lang, sumber=shown or "-")


def _drivers(snapshot: Snapshot, plan: Plan | None, lang: str) -> tuple[str, ...]:
    """What most villages of the list have in common."""
    scores = snapshot.scores["desa"]
    if plan:
        scores = scores.reindex([row["kode"] for row in plan["villages"]])
    else:
        scores = scores[scores["prioritas"].isin(MAIN)]
    return drivers(scores["alasan"], DRIVERS, lang)


def _sure(snapshot: Snapshot, store: Store, plan: Plan | None, lang: str) -> tuple[str, ...]:
    """How sure the list is by its own length, or without one the highest by the score; and how the score was tested."""
    province = sureness(snapshot)
    if province is None:
        return (t("ringkasan.tanpa_skor", lang),)
    if plan and plan["villages"]:
        codes, versi = [row["kode"] for row in plan["villages"]], plan["score_version"]
    else:
        ordered = snapshot.scores["desa"].sort_values("skor", ascending=False, kind="stable")
        codes, versi = list(ordered.head(province.n_top).index), snapshot.versi
    chances = chances_of(store, versi, len(codes))
    found = list_sureness(codes, chances) if chances else None
    return (*sureness_sentences(found, lang), comparison_sentence(compared(snapshot), level_test(snapshot), lang))


def _gaps(snapshot: Snapshot, store: Store, target_list: TargetList | None, lang: str) -> tuple[str, ...]:
    """What is not target_list, the weightiest first."""
    found = [t(key, lang, **values).replace("**", "") for key, values in missing(snapshot)]
    if target_list and not target_list.current_score:
        found.insert(0, t("nota.skor_lama", lang, versi=target_list.plan["score_version"]))
    proposed = tally(store)
    if proposed.asked or proposed.accepted:
        # What villages say is wrong is told even when much else is missing.
        found.insert(
            min(len(found), GAPS - 1), t("nota.usulan_desa", lang, ajukan=proposed.asked, terima=proposed.accepted)
        )
    return tuple(found[:GAPS])


def _decisions(target_list: TargetList | None, snapshot: Snapshot, lang: str) -> tuple[str, ...]:
    if target_list is None:
        first = t("nota.putusan.susun", lang)
    else:
        act = "laksana" if target_list.status == "ditetapkan" else "setuju"
        first = t(f"nota.putusan.{act}", lang, versi=target_list.name, n=len(target_list.plan["villages"]))
    keys = [key for key, _ in missing(snapshot)]
    wanted = [key for key in ("kemiskinan", "idm", "batas", "penduduk") if f"kurang.{key}" in keys]
    asked = ", ".join(t(f"nota.data.{key}", lang) for key in wanted[:3]) or t("nota.data.kasus", lang)
    return (first, t("nota.putusan.hari", lang), t("nota.putusan.surat", lang, data=asked))


def _sources(snapshot: Snapshot, lang: str) -> tuple[str, ...]:
    """Which kinds of data, from whom, how old; the newest of each kind, of boundaries those in force."""
    held = snapshot.batches
    held = held[held["status"] == "aktif"].sort_values(["data_contoh", "as_of"], ascending=False, kind="stable")
    said = []
    for kind, own in held.groupby("jenis", sort=False):
        stored = [snapshot.boundary.source] if kind == "batas" and snapshot.boundary else own["source"]
        first = (str(source).split(";")[0].split(" via ")[0].strip() for source in stored)
        names = list(dict.fromkeys(shortened(source, 40) for source in first if source)) or ["–"]
        more = t("nota.lainnya", lang, n=len(names) - 1) if len(names) > 1 else ""
        day = own["as_of"].max()
        when = f", {day.year}" if hasattr(day, "year") and day == day else ""
        said.append(f"{t(f'dokumen.jenis.{kind}', lang)}: {names[0]}{more}{when}")
    return tuple(said)


def _versions(snapshot: Snapshot, target_list: TargetList | None, lang: str) -> str:
    version = snapshot.version
    parts = [t("nota.skor", lang, versi=snapshot.versi or "-", masukan=version.input_version[:12] if version else "-")]
    if target_list:
        parts.append(
            t(
                "nota.daftar",
                lang,
                versi=target_list.name,
                status=t(f"dokumen.status.{target_list.status}", lang),
                hash=target_list.sidik[:16],
                berlaku=target_list.until,
                override=len(target_list.plan["excluded"]) + len(target_list.plan["wishes"].get("must", ())),
            )
        )
    return " ".join([*parts, t("nota.supresi", lang)])


def _province(snapshot: Snapshot, lang: str) -> str:
    from data.domain.provinces import PROVINCE_CODES

    code = str(snapshot.villages["kode_prov"].iloc[0]) if len(snapshot.villages) else ""
    names = [name for name, one in PROVINCE_CODES.items() if one == code and len(name) > 4]
    return names[0].title() if names else t("tingkat.provinsi", lang)
