"""Paper for a team: the plan of each trip and a session form for each village. Numbers of people only, no names."""

from __future__ import annotations

import datetime as dt

from campaign.documents.listing.arranged import planned_days
from campaign.documents.listing.rows import list_rows
from campaign.documents.writers.typeset import set_pages
from campaign.handover.lists import TargetList
from campaign.sessions.topics import AUDIENCES, TOPICS
from data.store.store import Store
from words import number, t

_SPARE_ROWS = 2


def team_sheets(target_list: TargetList, store: Store, lang: str = "id") -> bytes:
    """A PDF: for each kabupaten a plan with its villages, then one session form for each of them."""
    rows = list_rows(target_list, store, lang)
    days = planned_days(target_list, store)
    rows["hari"] = [(kode[:5], days.get(kode, dt.date.max)) for kode in rows["kode_desa"]]
    rows = rows.sort_values(["hari", "kode_desa"])
    trips = []
    for kabupaten, own in rows.groupby("kabupaten", sort=False):
        villages = own.to_dict("records")
        total = number(float(own["hari_tim"].sum() + own["hari_jalan"].sum()), lang, 1)
        avoided = [text for text in own["musim_hindari"].unique() if text]
        trips.append(
            {
                "nama": kabupaten,
                "keterangan": t(
                    "tim.keterangan",
                    lang,
                    n=len(villages),
                    kec=own["kecamatan"].nunique(),
                    hari=total,
                    musim="; ".join(avoided) or "–",
                ),
                "desa": [
                    [
                        day_text(days.get(row["kode_desa"])),
                        row["kode_desa"],
                        row["desa_kel"],
                        row["kecamatan"],
                        "",
                        row["moda"],
                        "",
                        "",
                        "",
                        "",
                        "",
                    ]
                    for row in villages
                ],
                "kosong": _SPARE_ROWS,
                "formulir": [
                    {"nama": row["desa_kel"], "tempat": f"{row['kecamatan']}, {kabupaten}", "kode": row["kode_desa"]}
                    for row in villages
                ],
            }
        )
    return set_pages(
        "team",
        {
            "lang": lang,
            "mark": t("dokumen.tanda", lang) if target_list.plan.get("data_contoh") else "",
            "trips": trips,
            "footer": t(
                "tim.kaki", lang, versi=target_list.name, hash=target_list.sidik[:16], berlaku=target_list.until
            ),
            "words": {
                "judul": t("tim.judul", lang),
                "formulir": t("tim.formulir", lang),
                "kode": t("tim.kode", lang),
                "topik": t("tim.topik", lang),
                "kelompok": t("tim.kelompok", lang),
                "hadir": t("tim.hadir", lang),
                "hadir_catatan": t("tim.hadir_catatan", lang),
                "kuis": t("tim.kuis", lang),
                "kuis_catatan": t("tim.kuis_catatan", lang),
                "larangan": t("tim.larangan", lang),
                "topik_pilihan": [*(t(f"topik.{key}", lang) for key in TOPICS.values()), t("topik.lain", lang)],
                "kelompok_pilihan": [*(t(f"khalayak.{key}", lang) for key in AUDIENCES), t("kelompok.lain", lang)],
                **{
                    name: t(f"tim.{name}", lang).split("|")
                    for name in (
                        "kepala",
                        "kolom",
                        "isian",
                        "hadir_kolom",
                        "hadir_baris",
                        "kuis_isian",
                        "lain",
                        "tanda",
                    )
                },
            },
        },
    )


def day_text(day: dt.date | None) -> str:
    """A planned day in the narrow first column."""
    return f"{day:%d/%m}" if day else ""
