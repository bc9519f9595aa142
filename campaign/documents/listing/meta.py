"""What a reader must know beside a list: rule, sources, versions, who signed, until when."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from campaign.documents.listing.rows import rule_sentences
from campaign.handover.lists import TargetList
from campaign.sessions.replies import tally
from campaign.statements.plan import warning_sentences
from data.store.store import Store
from words import date_text, number, t


def list_meta(
    target_list: TargetList, store: Store, lang: str = "id", purpose: str = "pelaksanaan"
) -> list[tuple[str, str]]:
    """(label, value) pairs in reading order."""
    plan = target_list.plan
    newest = version.versi if (version := store.scores.version()) else ""
    old = (
        []
        if target_list.current_score
        else [("skor_lama", t("dokumen.meta.skor_lama_arti", lang, versi=plan["score_version"], baru=newest))]
    )
    pairs = [
        ("judul", t("dokumen.judul", lang)),
        ("nama", str(plan.get("name") or "-")),
        ("tujuan", t("dokumen.tujuan", lang)),
        ("dipakai_untuk", t(f"dokumen.tujuan_pakai.{purpose}", lang)),
        ("tingkat", t("dokumen.tingkat", lang)),
        ("status_data", t("daftar.contoh" if plan.get("data_contoh") else "daftar.bukan_contoh", lang)),
        *old,
        ("versi", target_list.name),
        ("rencana", str(plan["version"])),
        ("hash", target_list.sidik),
        *([("jejak", _evidence(target_list, store, lang))] if target_list.evidence else []),
        ("status", t(f"dokumen.status.{target_list.status}", lang)),
        *signatures(target_list, lang),
        *([("tanpa_akun", t("dokumen.meta.tanpa_akun_arti", lang))] if target_list.unproved else []),
        ("berlaku", date_text(target_list.until, lang)),
        ("menggantikan", target_list.menggantikan or "-"),
        ("jumlah", number(len(plan["villages"]), lang)),
        ("anggaran", number(plan["used_team_days"], lang, 1)),
        *[
            ("tarif", f"{t(f'rencana.anggapan.{name}', lang)}: Rp{number(price, lang)}")
            for name, price in plan["wishes"]["effort"].items()
            if name.startswith("rupiah_")
        ],
        *[("aturan", said) for said in rule_sentences(target_list, lang)],
        *[("peringatan", said) for said in warning_sentences(plan, lang)],
        ("benih", str(plan["seed"])),
        ("skor", str(plan["score_version"])),
        *[("sumber", said) for said in sources(store, lang)],
        ("usulan", _proposed(store, lang)),
        ("supresi", t("dokumen.meta.supresi_arti", lang)),
        ("berkas", date_text(dt.date.today(), lang)),
        ("larangan", t("daftar.larangan", lang)),
    ]
    return [(t(f"dokumen.meta.{key}", lang), value) for key, value in pairs]


def _evidence(target_list: TargetList, store: Store, lang: str) -> str:
    """Where the audit stood when the list was signed, and whose key signed it."""
    return t("dokumen.meta.jejak_arti", lang, kepala=target_list.evidence, kunci=store.audit.key() or "-")


def _proposed(store: Store, lang: str) -> str:
    """How many corrections villages proposed and where they stand."""
    found = tally(store)
    if not found.all:
        return t("lembar.tanpa", lang)
    return t("lembar.hitung", lang, ajukan=found.asked, terima=found.accepted, selesai=found.done, tolak=found.rejected)


def signatures(target_list: TargetList, lang: str = "id") -> list[tuple[str, str]]:
    """Key and text of each signature: who and when, or not yet."""
    done = {step: (who, day) for step, who, day in target_list.signed}
    out = []
    for step in ("dibuat", "diperiksa", "disetujui"):
        who, day = done.get(step, ("", None))
        out.append(
            (
                step,
                t("dokumen.meta.oleh", lang, oleh=who, saat=date_text(day, lang))
                if day
                else t("dokumen.meta.belum", lang),
            )
        )
    return out


def sources(store: Store, lang: str = "id", length: int = 160) -> list[str]:
    """Sources of what is stored now, each with the day it speaks of, the newest first."""
    held = store.batches.all().query("status == 'aktif'").sort_values("as_of", ascending=False, kind="stable")
    said = []
    for kind, source, as_of in zip(held["jenis"], held["source"], held["as_of"], strict=True):
        day = "" if pd.isna(as_of) else f" ({date_text(pd.Timestamp(as_of).date(), lang)})"
        said.append(f"{t(f'dokumen.jenis.{kind}', lang)}: {shortened(str(source), length)}{day}")
    return list(dict.fromkeys(said))


def shortened(text: str, length: int) -> str:
    """``text`` on one line, cut at a word with an ellipsis when it is longer."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    head = line[: length - 1]
    return (head.rsplit(" ", 1)[0] if " " in head[length // 2 :] else head).rstrip(" ,;:(") + "…"
