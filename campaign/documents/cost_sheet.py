"""The cost sheet of a plan as a workbook: what it rests on, by kind of cost, by trip, by village."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import xlsxwriter

from campaign.documents.listing.meta import list_meta
from campaign.documents.listing.rows import list_rows
from campaign.documents.writers.workbook import PLAIN, Sheets
from campaign.handover.lists import TargetList
from campaign.planning.costs import assumptions, by_trip, components
from data.store.store import Store
from words import t


def write_cost_book(target_list: TargetList, store: Store, path: Path, lang: str = "id") -> None:
    """Writes sheets Ringkas, Anggapan, Perjalanan, Desa, Metadata."""
    plan, places = target_list.plan, store.gazetteer.villages().drop_duplicates("kode_kec").set_index("kode_kec")
    book = xlsxwriter.Workbook(str(path), PLAIN)
    book.set_properties({"title": t("biaya.judul", lang), "comments": f"{target_list.name} · {target_list.sidik}"})
    try:
        mark = t("dokumen.tanda", lang) if plan.get("data_contoh") else ""
        sheets = Sheets(book, f"{t('biaya.judul', lang)} · {target_list.name}", mark)
        kinds = pd.DataFrame(
            [(t(f"rencana.anggapan.{name}", lang), n, price, round(cost)) for name, n, price, cost in components(plan)],
            columns=["apa", "banyak", "harga", "jumlah"],
        )
        sheets.table("Ringkas", kinds, heads(kinds, lang), {"apa": 44, "harga": 16, "jumlah": 18})
        sheets.total(len(kinds) + 1, [t("dokumen.rekap.jumlah", lang), "", "", int(kinds["jumlah"].sum())])
        table = assumptions(plan, lang)
        sheets.table("Anggapan", table, heads(table, lang), {"anggapan": 44, "nilai": 16, "sumber": 70})
        trips = by_trip(plan)
        trips.insert(1, "kabupaten", places.loc[trips["trip"], "kabupaten"].to_numpy())
        trips.insert(2, "kecamatan", places.loc[trips["trip"], "kecamatan"].to_numpy())
        sheets.table("Perjalanan", trips, heads(trips, lang), {"kabupaten": 28, "kecamatan": 22, "biaya_rp": 16})
        villages = list_rows(target_list, store, lang)[
            ["kode_desa", "kabupaten", "kecamatan", "desa_kel", "moda", "hari_tim", "hari_jalan", "biaya_rp"]
        ]
        sheets.table("Desa", villages, heads(villages, lang), {"kode_desa": 16, "kabupaten": 28, "biaya_rp": 16})
        sheets.pairs("Metadata", list_meta(target_list, store, lang, "pelaksanaan"))
    finally:
        book.close()


def heads(table: pd.DataFrame, lang: str) -> list[str]:
    """What the columns are called."""
    return [t(f"biaya.kolom.{name}", lang) for name in table.columns]
