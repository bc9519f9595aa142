"""The list as tables: a row per village, a row per decision of a person, a row per kabupaten; the rule in sentences."""

from __future__ import annotations

import pandas as pd

from campaign.documents.listing.columns import sheet_columns
from campaign.documents.listing.source import ListSource, costs
from campaign.handover.columns import table_of
from campaign.handover.lists import TargetList
from campaign.planning.plan_types import Plan
from campaign.planning.tables import avoid_text
from data.store.store import Store
from words import number, percent, t


def list_rows(target_list: TargetList, store: Store, lang: str = "id") -> pd.DataFrame:
    """One row per village of the list in `sheet_columns`, by kabupaten, kecamatan and code: the order says nothing.

    People are rounded to ten, rupiah to a thousand. ``hari_jalan`` is the village's share of the trip to its kecamatan.
    """
    source = ListSource(target_list, store, lang)
    return table_of(sheet_columns(), source, len(source.rows))


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


def rule_sentences(target_list: TargetList, lang: str = "id") -> list[str]:
    """How the villages were chosen, from the plan's own wishes and what bound them."""
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
    if objective := request.get("objective"):
        said.append(t(f"dokumen.aturan.{objective}", lang))
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


def _said(reason: str, lang: str) -> dict[str, str]:
    """A reason code with its words, as columns."""
    code, _, words = reason.partition(":")
    return {"kode_override": code, "arti": t(f"dokumen.override.{code}", lang), "uraian": words.strip()}


def _people(store: Store, versi: str) -> pd.Series:
    """People per village as the score version knew them, indexed by code."""
    scores = store.scores.table("desa", versi).set_index("kode")
    return (scores["harapan"] / scores["laju"] * 1000).where(scores["laju"] > 0, 0.0).fillna(0.0)


def _names(store: Store) -> dict[str, str]:
    villages = store.gazetteer.villages()
    names = dict(zip(villages["kode"], villages["nama"], strict=True))
    names |= dict(zip(villages["kode_kec"], villages["kecamatan"], strict=True))
    return names | dict(zip(villages["kode_kab"], villages["kabupaten"], strict=True))
