"""Draft of the decree that names the priority villages, with its annex. The annex is public: it gives no reasons."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

from campaign.documents.listing.arranged import planned_days, quarter_text
from campaign.documents.listing.meta import signatures
from campaign.documents.listing.rows import list_rows, rule_sentences
from campaign.documents.writers import word
from campaign.handover.lists import TargetList
from campaign.planning.plan_types import Plan
from data.store.store import Store
from words import number, t

LAWS = 4
"""Laws under *Mengingat* that were checked; the office adds its own."""
NOTES = 6
"""What the legal office is asked to check, on a page of its own that is not part of the decree."""


def write_decree(target_list: TargetList, store: Store, path: Path, lang: str = "id") -> None:
    """*Keputusan* and *lampiran* as one document; a draft to be edited, never a decision of its own."""
    plan, rows = target_list.plan, list_rows(target_list, store, lang)
    days = planned_days(target_list, store)
    year = _year(plan, days)
    mark = t("dokumen.tanda", lang) if plan.get("data_contoh") else ""
    footer = t(
        "sk.kaki", lang, versi=target_list.name, hash=target_list.sidik, benih=plan["seed"], berlaku=target_list.until
    )
    document = word.new_document(t("sk.tentang", lang, tahun=year), footer, mark, lang)
    for text in (
        t("sk.rancangan", lang),
        t("sk.jabatan", lang),
        t("sk.nomor", lang),
        t("sk.tentang_kata", lang),
        t("sk.tentang", lang, tahun=year),
    ):
        word.line(document, text, bold=True, align=word.CENTRE, after=2)
    word.line(document, "", after=2)
    kabupaten = rows["kabupaten"].nunique()
    rule = " ".join(rule_sentences(target_list, lang))
    reasons = [
        t("sk.menimbang.a", lang),
        t("sk.menimbang.b", lang, skor=plan["score_version"], n=len(rows), kabupaten=kabupaten, aturan=rule),
        t("sk.menimbang.c", lang),
    ]
    _block(document, t("sk.menimbang", lang), reasons, "abc")
    laws = [t(f"sk.mengingat.{i + 1}", lang) for i in range(LAWS)] + [t("sk.mengingat.kantor", lang)]
    _block(document, t("sk.mengingat", lang), laws, "12345")
    word.line(document, t("sk.memutuskan", lang), bold=True, align=word.CENTRE)
    values: dict[str, Any] = {
        "n": len(rows),
        "kabupaten": kabupaten,
        "tahun": year,
        "hari": number(plan["used_team_days"], lang, 1),
        "berlaku": target_list.until,
    }
    for which in ("kesatu", "kedua", "ketiga", "keempat", "kelima"):
        head, _, body = t(f"sk.{which}", lang, **values).partition("|")
        word.line(document, f"{head}\t: {body}", indent=2.6, hanging=2.6, align=word.JUSTIFIED)
    _sign(document, lang)
    document.add_page_break()
    _annex(document, rows, days, target_list, lang, year)
    _sign(document, lang)
    document.add_page_break()
    word.line(document, t("sk.hukum", lang), bold=True)
    for i in range(NOTES):
        word.line(document, t(f"sk.hukum.{i + 1}", lang), size=9.5)
    document.save(str(path))


def _annex(document: Any, rows: Any, days: dict[str, dt.date], target_list: TargetList, lang: str, year: str) -> None:
    word.line(document, t("sk.lampiran", lang), bold=True, after=0)
    word.line(document, t("sk.nomor", lang), after=0)
    word.line(document, t("sk.lampiran_judul", lang, tahun=year), bold=True, align=word.CENTRE)
    heads = [t(f"sk.kolom.{name}", lang) for name in ("no", "kab", "kec", "desa", "kode", "pelaksana", "triwulan")]
    body = [
        (
            row["no"],
            row["kabupaten"],
            row["kecamatan"],
            row["desa_kel"],
            row["kode_desa"],
            row["pelaksana"],
            quarter_text(days.get(row["kode_desa"])),
        )
        for row in rows.to_dict("records")
    ]
    word.table(document, heads, body, (0.9, 3.4, 2.6, 2.9, 2.4, 2.9, 1.7))
    word.line(document, "", after=2)
    done = "; ".join(
        f"{t(f'dokumen.meta.{step}', lang).lower()}: {said}" for step, said in signatures(target_list, lang)
    )
    said = t(
        "sk.catatan",
        lang,
        versi=target_list.name,
        status=t(f"dokumen.status.{target_list.status}", lang),
        paraf=done,
        hash=target_list.sidik,
        benih=target_list.plan["seed"],
        berlaku=target_list.until,
        ganti=target_list.menggantikan or "-",
    )
    word.line(document, said, size=9)


def _block(document: Any, title: str, points: list[str], signs: str) -> None:
    for i, (sign, point) in enumerate(zip(signs, points, strict=True)):
        head = f"{title}:" if i == 0 else ""
        paragraph = word.line(document, f"{head}\t{sign}.\t{point}", indent=3.3, hanging=3.3, align=word.JUSTIFIED)
        for place in (2.6, 3.3):
            paragraph.paragraph_format.tab_stops.add_tab_stop(word.Cm(place))


def _sign(document: Any, lang: str) -> None:
    word.line(document, "", after=0)
    for text in t("sk.tanda_tangan", lang).split("|"):
        word.line(document, text, indent=9.5, after=0).paragraph_format.keep_with_next = True


def _year(plan: Plan, days: dict[str, dt.date]) -> str:
    """The year a plan is for: that of most planned days; without any the year it was made in, the next one when it was
    made in December."""
    if days:
        return str(Counter(day.year for day in days.values()).most_common(1)[0][0])
    made = dt.date.fromisoformat(plan["made"])
    return str(made.year + (made.month == 12))
