"""The list as a table: a row per village, with what is known and empty columns for what the office fills in by hand.

No count of cases, no score of a village, no name of a person. ``p_topN`` is a word.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from campaign.documents.listing.arranged import arranged_columns
from campaign.handover.export import sentence
from campaign.handover.lists import TargetList
from campaign.planning.plan_types import Plan
from campaign.planning.tables import avoid_text
from campaign.reading.card import CERTAIN, UNCERTAIN
from campaign.sessions.topics import TOPICS, ticked
from data.choose import latest
from data.store.store import Store
from words import date_text, number, percent, t

COLUMNS = (
    "no",
    "kode_desa",
    "kode_bps",
    "kabupaten",
    "kecamatan",
    "desa_kel",
    "status",
    "pulau",
    "penduduk",
    "penduduk_15_35",
    "kk",
    "prioritas",
    "p_topN",
    "alasan_1",
    "alasan_2",
    "alasan_3",
    "kualitas_data",
    "cara_pilih",
    "kode_override",
    "alasan_override",
    "sesi_terakhir",
    "topik_belum",
    "moda",
    "waktu_tempuh_jam",
    "musim_hindari",
    "hari_tim",
    "hari_jalan",
    "biaya_rp",
    "pelaksana",
    "tim",
    "tgl_rencana",
    "urutan_kunjungan",
    "lokasi",
    "kelompok_sasaran",
    "bantuan",
    "mitra",
    "kontak_kantor",
    "bahasa_daerah",
    "status_plan",
    "verifikasi_kab",
    "versi",
    "hash",
    "berlaku_sampai",
    "status_data",
)
BY_HAND = (
    "penduduk_15_35",
    "kk",
    "pelaksana",
    "tim",
    "tgl_rencana",
    "urutan_kunjungan",
    "lokasi",
    "mitra",
    "kontak_kantor",
    "bahasa_daerah",
    "verifikasi_kab",
)
"""Columns the office fills in where nothing here knows."""
SHARED = ("penduduk_15_35", "kk", "pelaksana", "tim", "tgl_rencana", "urutan_kunjungan")
"""Of these the ones that fill themselves once figures were brought in or a schedule was made."""
COUNTED = {
    "penduduk_15_35": r"(jumlah_)?(penduduk_)?(usia_|umur_)?15_(s_d_|sampai_|hingga_)?35(_tahun)?",
    "kk": r"(jumlah_|jml_|banyaknya_)?(kk|kepala_keluarga)",
}
"""Columns that come from an indicator once somebody brought it in, and how its key may read."""


def list_rows(target_list: TargetList, store: Store, lang: str = "id") -> pd.DataFrame:
    """One row per village of the list in `COLUMNS`, by kabupaten, kecamatan and code: the order says nothing.

    People are rounded to ten, rupiah to a thousand. ``hari_jalan`` is the village's share of the trip to its kecamatan.
    """
    plan = target_list.plan
    chosen = pd.DataFrame(plan["villages"])
    places = store.gazetteer.villages().set_index("kode")
    scores = store.scores.table("desa", plan["score_version"]).set_index("kode")
    rows = chosen[chosen["kode"].isin(places.index)].sort_values("kode", ignore_index=True)
    here, scored = places.loc[rows["kode"]], scores.reindex(rows["kode"])
    effort = plan["wishes"]["effort"]
    share = (rows["trip_days"] / rows.groupby("trip")["kode"].transform("size")).round(2)
    people_said = plan["wishes"].get("must_reasons", {})
    hours = (rows["team_days"] + rows["trip_days"]) * effort["jam_per_hari"] - effort["jam_per_sesi"]
    held = last_sessions(store)
    out = pd.DataFrame("", index=rows.index, columns=list(COLUMNS)).astype(object)
    out["no"] = range(1, len(rows) + 1)
    out["kode_desa"] = rows["kode"]
    for column, name in (
        ("kode_bps", "kode_bps"),
        ("kabupaten", "kabupaten"),
        ("kecamatan", "kecamatan"),
        ("desa_kel", "nama"),
        ("status", "jenis"),
    ):
        out[column] = here[name].to_numpy()
    out["pulau"] = [_island(name, places) for name in rows["pulau"]]
    out["penduduk"] = rows["orang"].round(-1).astype(int)
    out["prioritas"] = [t(f"prioritas.{band}", lang) if isinstance(band, str) else "" for band in scored["prioritas"]]
    out["p_topN"] = [t(f"dokumen.p.{chance_word(p)}", lang) for p in rows["p_top"]]
    for i in range(3):
        out[f"alasan_{i + 1}"] = [
            sentence(reasons[i], lang) if isinstance(reasons, list) and len(reasons) > i else ""
            for reasons in scored["alasan"]
        ]
    out["kualitas_data"] = scored["kualitas_data"].fillna("").to_numpy()
    out["cara_pilih"] = [t(f"dokumen.cara.{how}", lang) for how in rows["how"]]
    said = [str(people_said.get(kode, "")).partition(":") for kode in rows["kode"]]
    out["kode_override"], out["alasan_override"] = [one[0] for one in said], [one[2].strip() for one in said]
    for column, key in COUNTED.items():
        out[column] = _counted(store, key, rows["kode"])
    out["topik_belum"] = _topics_open(store, rows["kode"])
    out["sesi_terakhir"] = [
        date_text(held[kode], lang) if kode in held else t("dokumen.belum_ada", lang) for kode in rows["kode"]
    ]
    out["moda"] = [t("dokumen.moda.laut" if sea else "dokumen.moda.darat", lang) for sea in rows["laut"]]
    out["waktu_tempuh_jam"] = hours.clip(lower=0).round(1)
    out["musim_hindari"] = [avoid_text(months, lang) for months in rows["musim_hindari"]]
    for column, said_of in arranged_columns(target_list, store, rows["kode"], lang).items():
        out[column] = said_of
    out["hari_tim"] = rows["team_days"].round(2)
    out["hari_jalan"] = share
    out["biaya_rp"] = costs(plan).reindex(rows["kode"]).round(-3).astype("int64").to_numpy()
    made = dt.date.fromisoformat(plan["made"])
    out["status_plan"] = [
        t(f"dokumen.status.{'terlaksana' if kode in held and held[kode] >= made else target_list.status}", lang)
        for kode in rows["kode"]
    ]
    out["versi"], out["hash"] = target_list.name, target_list.sidik[:16]
    out["berlaku_sampai"] = date_text(target_list.until, lang)
    out["status_data"] = t("app.contoh" if plan.get("data_contoh") else "dokumen.data_kantor", lang)
    return out[list(COLUMNS)]


def override_rows(target_list: TargetList, store: Store, lang: str = "id") -> pd.DataFrame:
    """What people decided against the computation: ``kode, nama, arah, kode_override, arti, uraian``."""
    places = _names(store)
    rows = [
        {
            "kode": kode,
            "nama": places.get(kode, ""),
            "arah": t("dokumen.wajib_masuk", lang),
            "kode_override": "",
            "arti": t("dokumen.cara.wajib", lang),
            "uraian": "",
        }
        for kode in target_list.plan["wishes"].get("must", ())
    ]
    given = target_list.plan["wishes"].get("must_reasons", {})
    rows = [{**row, **_said(given[row["kode"]], lang)} if row["kode"] in given else row for row in rows]
    for one in target_list.plan["excluded"]:
        rows.append(
            {
                "kode": one["kode"],
                "nama": places.get(one["kode"], ""),
                "arah": t("dokumen.dikeluarkan", lang),
                **_said(str(one["alasan"]), lang),
            }
        )
    return pd.DataFrame(rows, columns=["kode", "nama", "arah", "kode_override", "arti", "uraian"])


def kabupaten_rows(target_list: TargetList, store: Store, lang: str = "id") -> pd.DataFrame:
    """One row per kabupaten of the province: ``kode_kab, kabupaten, desa, hari_tim, biaya_rp, penduduk,
    persen_penduduk`` (of the kabupaten's people, text) ``, pemerataan, eksplorasi, override``."""
    plan = target_list.plan
    villages = store.gazetteer.villages()
    chosen = pd.DataFrame(plan["villages"]).assign(kode_kab=lambda rows: rows["kode"].str[:5])
    trips = chosen.drop_duplicates("trip").groupby("kode_kab")["trip_days"].sum()
    people = _people(store, plan["score_version"]).groupby(lambda kode: kode[:5]).sum()
    names = villages.drop_duplicates("kode_kab").set_index("kode_kab")["kabupaten"].sort_index()
    changed = [row["kode"][:5] for row in plan["excluded"]] + [kode[:5] for kode in plan["wishes"].get("must", ())]
    rupiah = costs(plan).groupby(lambda kode: kode[:5]).sum()
    out = []
    for kode, name in names.items():
        own = chosen[chosen["kode_kab"] == kode]
        days = float(own["team_days"].sum() + trips.get(kode, 0.0))
        reached, all_of = float(own["orang"].sum()), float(people.get(kode, 0.0))
        out.append(
            {
                "kode_kab": kode,
                "kabupaten": name,
                "desa": len(own),
                "hari_tim": round(days, 1),
                "biaya_rp": int(round(float(rupiah.get(kode, 0.0)), -3)),
                "penduduk": int(round(reached, -1)),
                "persen_penduduk": percent(min(reached / all_of, 1.0), lang) if all_of else "",
                "pemerataan": int((own["how"] == "pemerataan").sum()),
                "eksplorasi": int((own["how"] == "eksplorasi").sum()),
                "override": changed.count(str(kode)),
            }
        )
    return pd.DataFrame(out)


def costs(plan: Plan) -> pd.Series:
    """Rupiah per village (index ``kode``), its share of the trip to its kecamatan included; the plan's assumptions."""
    rows = pd.DataFrame(plan["villages"]).set_index("kode")
    rate = float(plan["wishes"]["effort"]["rupiah_per_hari"])
    own, trip = (
        (rows["biaya_rp"], rows["trip_rp"])
        if "biaya_rp" in rows
        else (rows["team_days"] * rate, rows["trip_days"] * rate)
    )
    return (own + trip / rows.groupby("trip")["team_days"].transform("size")).astype(float)


def rule_sentences(target_list: TargetList, lang: str = "id") -> list[str]:
    """How the villages were chosen, from the plan's own request and what bound them."""
    plan, request = target_list.plan, target_list.plan["wishes"]
    said = [_budget(plan, lang)]
    if request.get("floor_per_kabupaten"):
        said.append(t("dokumen.aturan.lantai", lang, n=request["floor_per_kabupaten"]))
    if request.get("floor_per_island"):
        said.append(t("dokumen.aturan.lantai_pulau", lang, n=request["floor_per_island"]))
    if request.get("ceiling_per_kabupaten") is not None:
        said.append(t("dokumen.aturan.plafon", lang, n=request["ceiling_per_kabupaten"]))
    if request.get("ceiling_per_island") is not None:
        said.append(t("dokumen.aturan.plafon_pulau", lang, n=request["ceiling_per_island"]))
    if request.get("explore"):
        said.append(t("dokumen.aturan.eksplorasi", lang, persen=percent(request["explore"], lang)))
    if request.get("months"):
        said.append(t("dokumen.aturan.bulan", lang, bulan=avoid_text(list(request["months"]), lang)))
    if request.get("avoid"):
        said.append(t("dokumen.aturan.hindari", lang, n=len(request["avoid"])))
    if request.get("must") or plan["excluded"]:
        said.append(
            t("dokumen.aturan.override", lang, masuk=len(request.get("must", ())), keluar=len(plan["excluded"]))
        )
    if plan["tie_zone"]:
        drawn = sum(bool(row["terpilih"]) for row in plan["tie_zone"])
        said.append(t("dokumen.aturan.undian", lang, dari=len(plan["tie_zone"]), n=drawn, benih=plan["seed"]))
    return said


def _budget(plan: Plan, lang: str) -> str:
    """What limited the plan: team-days, rupiah or a number of villages."""
    if days := plan.get("team_days"):
        return t("dokumen.aturan.hari", lang, hari=number(days, lang, 1))
    if rupiah := plan.get("rupiah"):
        return t("dokumen.aturan.rupiah", lang, rupiah=number(rupiah, lang))
    return t("dokumen.aturan.desa", lang, n=plan.get("villages_asked") or len(plan["villages"]))


def chance_word(p_top: float) -> str:
    """``tegas`` from 0.8, ``seri`` from 0.2, else ``luar``."""
    return "tegas" if p_top >= CERTAIN else "seri" if p_top >= UNCERTAIN else "luar"


def last_sessions(store: Store) -> dict[str, Any]:
    """The day of the last session held, by village."""
    held = store.records.read("sesi")
    if held.empty:
        return {}
    days = pd.to_datetime(held.groupby("kode")["tanggal"].max())
    return {str(kode): day.date() for kode, day in days.items()}


def _said(reason: str, lang: str) -> dict[str, str]:
    """A reason code with its words, as columns."""
    code, _, words = reason.partition(":")
    return {"kode_override": code, "arti": t(f"dokumen.override.{code}", lang), "uraian": words.strip()}


def _counted(store: Store, key: str, codes: pd.Series) -> list[Any]:
    """The newest figure of villages whose indicator reads like ``key``, rounded to ten; empty where there is none."""
    facts = store.facts.read(jenis="indikator", level="desa").dropna(subset=["value"])
    own = latest(facts[facts["indikator"].str.fullmatch(key)].reset_index(drop=True)).set_index("kode")["value"]
    return [int(round(float(own[kode]), -1)) if kode in own.index else "" for kode in codes]


def _topics_open(store: Store, codes: pd.Series) -> list[str]:
    """Letters of the topics (`campaign.sessions.topics.TOPICS`) no session of the village has ticked."""
    spoken = store.records.read("sesi").groupby("kode")["topik"].agg(list)
    return [
        ", ".join(sorted(set(TOPICS) - set().union(*(ticked(text) for text in spoken.get(kode, []))))) for kode in codes
    ]


def _people(store: Store, versi: str) -> pd.Series:
    """People per village as the score version knew them, indexed by code."""
    scores = store.scores.table("desa", versi).set_index("kode")
    return (scores["harapan"] / scores["laju"] * 1000).where(scores["laju"] > 0, 0.0).fillna(0.0)


def _names(store: Store) -> dict[str, str]:
    villages = store.gazetteer.villages()
    names = dict(zip(villages["kode"], villages["nama"], strict=True))
    names |= dict(zip(villages["kode_kec"], villages["kecamatan"], strict=True))
    return names | dict(zip(villages["kode_kab"], villages["kabupaten"], strict=True))


def _island(name: str, places: pd.DataFrame) -> str:
    """An island nobody named is called after its kecamatan."""
    if not name[:1].isdigit():
        return name
    inside = places.index[places["kode_kec"] == name]
    return str(places.at[inside[0], "kecamatan"]) if len(inside) else ""
