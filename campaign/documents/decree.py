"""Draft of the decree that names the priority villages, with its annex. The annex is public: it gives no reasons."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

from campaign.documents.listing.arranged import planned_days
from campaign.documents.listing.columns import annex_columns
from campaign.documents.listing.meta import signatures
from campaign.documents.listing.rows import rule_sentences
from campaign.documents.listing.source import ListSource
from campaign.documents.writers.word import Letter, write_word
from campaign.handover.columns import table_of
from campaign.handover.lists import TargetList
from campaign.planning.plan_types import Plan
from campaign.statements.plan import warning_sentences
from data.store.store import Store
from data.workspace import Workspace
from words import number, t

FORM = "sk"

LAWS = 4
"""Laws under *Mengingat* that were checked; the office adds its own."""
ORDERS = ("kesatu", "kedua", "ketiga", "keempat", "kelima")
NOTES = 6
"""What the legal office is asked to check, on a page of its own that is not part of the decree."""


def write_decree(
    target_list: TargetList, store: Store, path: Path, lang: str = "id", workspace: Workspace | None = None
) -> None:
    """*Keputusan* and *lampiran* as one document; a draft to be edited, never a decision of its own."""
    values = decree_values(target_list, store, lang)
    mark = t("dokumen.tanda", lang) if target_list.plan.get("data_contoh") else ""
    foot = t(
        "sk.kaki",
        lang,
        versi=target_list.name,
        hash=target_list.sidik,
        benih=target_list.plan["seed"],
        berlaku=target_list.until,
    )
    widths = {tuple(values["kolom"]): [annex.width for _, annex in annex_columns()]}
    write_word(FORM, values, path, Letter(values["tentang"], foot, mark, lang), workspace, widths=widths)


def decree_values(target_list: TargetList, store: Store, lang: str = "id") -> dict[str, Any]:
    """What the form prints: texts, and lists of them."""
    days = planned_days(target_list, store)
    source = ListSource(target_list, store, lang, days)
    plan, year = target_list.plan, _year(target_list.plan, days)
    n, kabupaten = len(source.rows), source.here["kabupaten"].nunique()
    rule = " ".join(rule_sentences(target_list, lang))
    reasons = [
        t("sk.menimbang.a", lang),
        t("sk.menimbang.b", lang, skor=plan["score_version"], n=n, kabupaten=kabupaten, aturan=rule),
        t("sk.menimbang.c", lang),
    ]
    if warned := warning_sentences(plan, lang):
        reasons.insert(2, t("sk.menimbang.peringatan", lang, isi=" ".join(warned).rstrip(".")))
    laws = [t(f"sk.mengingat.{i + 1}", lang) for i in range(LAWS)] + [t("sk.mengingat.kantor", lang)]
    told: dict[str, Any] = {
        "n": n,
        "kabupaten": kabupaten,
        "tahun": year,
        "hari": number(plan["used_team_days"], lang, 1),
        "berlaku": target_list.until,
    }
    orders = [t(f"sk.{which}", lang, **told).partition("|") for which in ORDERS]
    columns = annex_columns()
    annex = table_of([column for column, _ in columns], source, n)
    return {
        **{name: t(f"sk.{name}", lang) for name in ("rancangan", "jabatan", "nomor", "tentang_kata", "memutuskan")},
        "tentang": t("sk.tentang", lang, tahun=year),
        "menimbang": _block(t("sk.menimbang", lang), reasons, "abcd"[: len(reasons)]),
        "mengingat": _block(t("sk.mengingat", lang), laws, "12345"),
        "diktum": [{"judul": head, "isi": body} for head, _, body in orders],
        "tanda_tangan": t("sk.tanda_tangan", lang).split("|"),
        "lampiran": t("sk.lampiran", lang),
        "lampiran_judul": t("sk.lampiran_judul", lang, tahun=year),
        "kolom": [t(annex.head, lang) for _, annex in columns],
        "desa": [[str(cell) for cell in row] for row in annex.itertuples(index=False, name=None)],
        "catatan": _note(target_list, lang),
        "hukum": t("sk.hukum", lang),
        "catatan_hukum": [t(f"sk.hukum.{i + 1}", lang) for i in range(NOTES)],
    }


def _note(target_list: TargetList, lang: str) -> str:
    """Which list the annex is, who signed it, until when."""
    done = "; ".join(
        f"{t(f'dokumen.meta.{step}', lang).lower()}: {text}" for step, text in signatures(target_list, lang)
    )
    if target_list.unproved:
        done += f". {t('dokumen.meta.tanpa_akun_arti', lang)}".rstrip(".")
    return t(
        "sk.catatan",
        lang,
        versi=target_list.name,
        status=t(f"dokumen.status.{target_list.status}", lang),
        paraf=done,
        hash=target_list.sidik,
        benih=target_list.plan["seed"],
        berlaku=target_list.until,
        ganti=target_list.menggantikan or "-",
        jejak=target_list.evidence or "-",
    )


def _block(title: str, points: list[str], signs: str) -> list[dict[str, str]]:
    """Numbered points; the title stands before the first."""
    return [
        {"judul": "" if i else f"{title}:", "tanda": f"{sign}.", "isi": point}
        for i, (sign, point) in enumerate(zip(signs, points, strict=True))
    ]


def _year(plan: Plan, days: dict[str, dt.date]) -> str:
    """The year a plan is for: that of most planned days; without any the year it was made in, the next one when it was
    made in December."""
    if days:
        return str(Counter(day.year for day in days.values()).most_common(1)[0][0])
    made = dt.date.fromisoformat(plan["made"])
    return str(made.year + (made.month == 12))
