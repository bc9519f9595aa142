"""The plan as a row of the regional action plan (RAD), with a line per kabupaten under it: XLSX or DOCX.

What the plan does not know (agency, partner, source of money, obstacles) stays empty for the office. People who came
are sums over many sessions, past the disclosure rule.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from campaign.documents.listing.arranged import QUARTERS, planned_days, quarter
from campaign.documents.listing.meta import list_meta
from campaign.documents.listing.source import costs, last_sessions
from campaign.documents.writers.word import Letter, write_word
from campaign.documents.writers.workbook import PLAIN, Sheets
from campaign.handover.lists import TargetList
from campaign.sessions.sessions import Coverage, coverage
from campaign.statements.gains import gain_sentence
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace
from words import number, t

FORM = "rad"
RAD_FORMATS = (".xlsx", ".docx")
RAD_COLUMNS = (
    "no",
    "strategi",
    "kegiatan",
    "keluaran",
    "hasil",
    "tw1",
    "tw2",
    "tw3",
    "tw4",
    "lokus",
    "opd",
    "mitra",
    "dana",
    "rupiah",
    "realisasi",
    "kendala",
    "rtl",
)
RAD_BY_HAND = ("opd", "mitra", "dana", "kendala", "rtl")


def write_action_row(
    target_list: TargetList,
    store: Store,
    path: Path,
    lang: str = "id",
    purpose: str = "pelaporan",
    workspace: Workspace | None = None,
) -> None:
    """Writes the row in the format of ``path``'s extension. Raises `WrongUse` (``UNKNOWN_FORMAT``)."""
    suffix = path.suffix.lower()
    if suffix not in RAD_FORMATS:
        raise WrongUse("UNKNOWN_FORMAT", format=suffix or path.name, allowed=", ".join(RAD_FORMATS))
    row, inside = action_row(target_list, store, lang), kabupaten_lines(target_list, store, lang)
    if suffix == ".xlsx":
        _workbook(target_list, store, path, row, inside, lang, purpose)
    else:
        _word(target_list, path, row, inside, lang, purpose, workspace)


def action_row(target_list: TargetList, store: Store, lang: str = "id") -> dict[str, Any]:
    """One activity in `RAD_COLUMNS`; targets are villages by quarter of the planned days, the rest under no quarter."""
    plan, found = target_list.plan, coverage(store, target_list.plan)
    per_quarter = _quarters(target_list, store, [row["kode"] for row in plan["villages"]])
    done = len(found.planned & found.villages)
    open_days = len(plan["villages"]) - sum(per_quarter)
    out: dict[str, Any] = dict.fromkeys(RAD_COLUMNS, "")
    out |= {
        "no": 1,
        "strategi": t("rad.strategi", lang),
        "kegiatan": t("rad.kegiatan", lang),
        "keluaran": t("rad.keluaran", lang, n=len(plan["villages"])),
        "hasil": t("rad.hasil", lang),
        **{f"tw{i}": n for i, n in zip(QUARTERS, per_quarter, strict=True)},
        "lokus": t(
            "rad.lokus",
            lang,
            n=len(plan["villages"]),
            kab=len({row["kode"][:5] for row in plan["villages"]}),
            versi=target_list.name,
        ),
        "rupiah": int(round(float(costs(plan).sum()), -3)),
        "realisasi": " ".join(
            [
                t(
                    "rad.realisasi",
                    lang,
                    n=done,
                    semua=len(plan["villages"]),
                    l=_people(found.men, lang),
                    p=_people(found.women, lang),
                ),
                _gained(found, lang),
            ]
        ),
    }
    if open_days:
        out["lokus"] += " " + t("rad.tanpa_tanggal", lang, n=open_days)
    return out


def kabupaten_lines(target_list: TargetList, store: Store, lang: str = "id") -> pd.DataFrame:
    """Per kabupaten of the plan: ``kabupaten, desa, tw1..tw4, rupiah, terlaksana`` (villages with a session)."""
    plan, names = target_list.plan, store.gazetteer.areas("kabupaten").set_index("kode")["nama"]
    rupiah, held = costs(plan).groupby(lambda kode: kode[:5]).sum(), last_sessions(store)
    lines = []
    codes = [str(row["kode"]) for row in plan["villages"]]
    for kode in sorted({one[:5] for one in codes}):
        own = [one for one in codes if one.startswith(kode)]
        done = [one for one in own if one in held and held[one].isoformat() >= plan["made"]]
        quarters = _quarters(target_list, store, own)
        lines.append(
            {
                "kabupaten": names[kode],
                "desa": len(own),
                **{f"tw{i}": n for i, n in zip(QUARTERS, quarters, strict=True)},
                "rupiah": int(round(float(rupiah[kode]), -3)),
                "terlaksana": len(done),
            }
        )
    return pd.DataFrame(lines)


def _quarters(target_list: TargetList, store: Store, codes: list[str]) -> list[int]:
    days = planned_days(target_list, store)
    found = [quarter(days[kode]) for kode in codes if kode in days]
    return [found.count(i) for i in QUARTERS]


def _people(count: int | str | None, lang: str) -> str:
    return "–" if count is None else count if isinstance(count, str) else number(count, lang)


def _gained(found: Coverage, lang: str) -> str:
    if found.gain is None:
        return t("rad.belum_diukur", lang)
    return gain_sentence(found.gain, found.tested, lang)


def _workbook(
    target_list: TargetList,
    store: Store,
    path: Path,
    row: dict[str, Any],
    inside: pd.DataFrame,
    lang: str,
    purpose: str,
) -> None:
    book = xlsxwriter.Workbook(str(path), PLAIN)
    book.set_properties({"title": t("rad.judul", lang), "comments": f"{target_list.name} · {target_list.sidik}"})
    try:
        sheets = Sheets(book, f"{t('rad.judul', lang)} · {target_list.name}", _mark(target_list, lang))
        widths = {
            "no": 5,
            "kegiatan": 30,
            "keluaran": 34,
            "hasil": 34,
            "lokus": 34,
            "realisasi": 40,
            "rupiah": 16,
            **{f"tw{i}": 7 for i in QUARTERS},
        }
        sheets.table(
            "RAD",
            pd.DataFrame([row]),
            [t(f"rad.kolom.{name}", lang) for name in RAD_COLUMNS],
            widths,
            empty=RAD_BY_HAND,
        )
        sheets.table(
            "Rincian_Kab",
            inside,
            [t(f"rad.kolom.{name}", lang) for name in inside.columns],
            {"kabupaten": 30, "rupiah": 16},
        )
        sheets.pairs(
            "Metadata",
            [(t("dokumen.meta.judul", lang), t("rad.judul", lang)), *list_meta(target_list, store, lang, purpose)[1:]],
        )
    finally:
        book.close()


def _word(
    target_list: TargetList,
    path: Path,
    row: dict[str, Any],
    inside: pd.DataFrame,
    lang: str,
    purpose: str,
    workspace: Workspace | None,
) -> None:
    foot = t(
        "sk.kaki",
        lang,
        versi=target_list.name,
        hash=target_list.sidik,
        benih=target_list.plan["seed"],
        berlaku=target_list.until,
    )
    values = word_values(row, inside, lang, purpose)
    widths = {
        tuple(values["kolom"]): (0.8, 1.9, 2.4, 2.6, 2.4, 1.6, 2.2, 2.1, 1.5, 1.5, 2.1, 3.0, 1.7, 1.5),
        tuple(values["kolom_kabupaten"]): (6.0, 2.0, 1.8, 1.8, 1.8, 1.8, 3.4, 2.6),
    }
    write_word(
        FORM, values, path, Letter(values["judul"], foot, _mark(target_list, lang), lang), workspace, widths=widths
    )


def word_values(row: dict[str, Any], inside: pd.DataFrame, lang: str, purpose: str) -> dict[str, Any]:
    """What the form prints: texts, and lists of them. The quarters share one cell."""
    cells = {name: number(value, lang) if isinstance(value, int) else value for name, value in row.items()}
    quarters = [f"tw{i}" for i in QUARTERS]
    cells["tw"] = "\n".join(f"TW{i}: {cells[f'tw{i}']}" for i in QUARTERS)
    names = [name for name in RAD_COLUMNS if name not in quarters]
    names.insert(RAD_COLUMNS.index("tw1"), "tw")
    return {
        "judul": t("rad.judul", lang),
        "kolom": [t(f"rad.kolom.{name}", lang) for name in names],
        "kegiatan": [cells[name] for name in names],
        "judul_kabupaten": t("rad.per_kabupaten", lang),
        "kolom_kabupaten": [t(f"rad.kolom.{name}", lang) for name in inside.columns],
        "kabupaten": [
            [number(value, lang) if isinstance(value, int) else value for value in line.values()]
            for line in inside.to_dict("records")
        ],
        "catatan": t("rad.catatan", lang, tujuan=t(f"dokumen.tujuan_pakai.{purpose}", lang)),
    }


def _mark(target_list: TargetList, lang: str) -> str:
    return t("dokumen.tanda", lang) if target_list.plan.get("data_contoh") else ""
