"""Part of the plan page: what the office asks of a plan. Asked for again from where the last plan stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Literal

import pandas as pd
import streamlit as st

from campaign.planning.effort import SOURCE_LENGTH, Effort, changed, effort_of
from campaign.planning.kept_plans import DRAFT, keep_draft
from campaign.planning.plan_types import Plan
from campaign.planning.request import CONCAVE, OBJECTIVES, REASONS, PlanRequest, check_reason
from campaign.reading.snapshot import Snapshot
from data.errors import PetaAmanError
from pages import reading
from pages.gate import Visit
from pages.parts.common import plain
from words import number, reason_text, t

BUDGETS = {
    "hari": ("rencana_banyak", 120, 10),
    "desa": ("rencana_banyak_desa", 100, 10),
    "rupiah": ("rencana_banyak_rupiah", 300_000_000, 10_000_000),
}
# the key, first value and step of each kind of budget
OUT, AVOID, ASSUMED = "rencana_keluar", "rencana_hindari", "rencana_anggapan"
# areas left out with their reasons, months areas are avoided in, assumptions with their sources


def restore(visit: Visit, plans: Mapping[str, Plan]) -> None:
    """When the page is come to the form is as the newest plan, or a decision made since, left it."""
    if "rencana_nama" in st.session_state:
        return
    store, kept = reading.store(), st.session_state.get("rencana_wajib", [])
    newest = next(iter(plans.items()), None)
    fill(newest[1] if newest else None)
    st.session_state["rencana_wajib"] = [*st.session_state.get("rencana_wajib", []), *kept]
    draft = store.results.get(DRAFT, visit.account)
    if draft and (newest is None or draft["setelah"] == newest[0]):
        st.session_state[OUT] = draft["keluar"]
        st.session_state[AVOID] = {kode: tuple(months) for kode, months in draft["hindari"].items()}


def fill(plan: Plan | None) -> None:
    """Puts a plan's request into the form; an empty form without one."""
    state = st.session_state
    request = plan["wishes"] if plan else {}
    state[OUT] = dict(request.get("exclude", {}))
    state[AVOID] = {kode: tuple(months) for kode, months in request.get("avoid", {}).items()}
    assumed = effort_of(request["effort"]) if plan else Effort()
    sources = request.get("effort_sources", {})
    state[ASSUMED] = {name: (value, sources.get(name, "")) for name, value in asdict(assumed).items()}
    state["anggapan_ke"] = state.get("anggapan_ke", 0) + 1
    if plan is None:
        return
    budgets = (("desa", request.get("villages")), ("rupiah", request.get("rupiah")), ("hari", request.get("team_days")))
    kind, amount = next((kind, amount) for kind, amount in budgets if amount is not None)
    state["rencana_anggaran"] = kind
    state[BUDGETS[kind][0]] = int(amount)
    state["rencana_nama"] = plan.get("name", "")
    state["rencana_lantai"] = int(request.get("floor_per_kabupaten", 0))
    state["rencana_lantai_pulau"] = int(request.get("floor_per_island", 0))
    state["rencana_langit_kab"] = request.get("ceiling_per_kabupaten")
    state["rencana_langit_pulau"] = request.get("ceiling_per_island")
    state["rencana_bulan"] = list(request.get("months", ()))
    state["rencana_wajib"] = list(request.get("must", ()))
    given = set(request.get("must_reasons", {}).values())
    if len(given) == 1:
        code, _, words = next(iter(given)).partition(":")
        state["wajib_alasan"], state["wajib_uraian"] = code, words.strip()
    state["rencana_jelajah"] = round(100 * request.get("explore", 0.1) / 5) * 5
    state["rencana_benih"] = request.get("seed") or ""
    state["rencana_sasaran"] = request.get("objective", CONCAVE)


def form(snapshot: Snapshot, visit: Visit, make: Callable[[PlanRequest], None]) -> None:
    """Draws the form; ``make`` gets the request when its button is pressed and it can be met."""
    lang = visit.lang
    with st.container(border=True, key="isian_rencana"):
        name = st.text_input(t("rencana.nama", lang), key="rencana_nama", max_chars=60)
        budget, amount = st.columns([0.5, 0.5])
        kind = budget.selectbox(
            t("rencana.anggaran", lang),
            list(BUDGETS),
            key="rencana_anggaran",
            format_func=lambda one: t(f"rencana.anggaran.{one}", lang),
        )
        key, first, step = BUDGETS[kind]
        n = amount.number_input(
            t("rencana.banyaknya", lang),
            min_value=1,
            key=key,
            step=step,
            value="min" if key in st.session_state else first,
        )
        if kind == "rupiah":
            st.caption(t("rencana.sama_dengan", lang, rupiah=number(n, lang)))
        floor = number_field("rencana_lantai", t("rencana.lantai", lang), 1)
        months = st.multiselect(
            t("rencana.bulan", lang),
            range(1, 13),
            key="rencana_bulan",
            format_func=lambda month: t(f"bulan.{month}", lang),
            placeholder=t("rencana.bulan_semua", lang),
        )
        must, must_reasons = musts(snapshot, lang)
        decisions(snapshot, visit)
        with st.expander(t("rencana.lain", lang)):
            explore = st.slider(
                t("rencana.jelajah", lang),
                0,
                50,
                step=5,
                format="%d%%",
                key="rencana_jelajah",
                help=t("rencana.jelajah_arti", lang),
                value=None if "rencana_jelajah" in st.session_state else 10,
            )
            objective = st.selectbox(
                t("rencana.sasaran", lang),
                OBJECTIVES,
                key="rencana_sasaran",
                format_func=lambda one: t(f"rencana.sasaran.{one}", lang),
                help=t("rencana.sasaran_arti", lang),
            )
            island_floor = number_field("rencana_lantai_pulau", t("rencana.lantai_pulau", lang), 0)
            ceiling = limit_field("rencana_langit_kab", t("rencana.langit_kab", lang))
            island = limit_field("rencana_langit_pulau", t("rencana.langit_pulau", lang))
            seed = st.text_input(
                t("rencana.benih", lang), key="rencana_benih", max_chars=80, help=t("rencana.benih_arti", lang)
            )
        with st.expander(t("rencana.anggapan", lang)):
            numbers, sources = assumptions(lang)
        go = st.button(t("rencana.susun", lang), type="primary", icon=":material/route:", key="susun", width="stretch")
        if not go:
            return
        if must and not must_reasons:
            st.error(t("rencana.wajib_alasan_kosong", lang))
            return
        try:
            request = PlanRequest(
                team_days=float(n) if kind == "hari" else None,
                villages=int(n) if kind == "desa" else None,
                rupiah=float(n) if kind == "rupiah" else None,
                floor_per_kabupaten=floor,
                floor_per_island=island_floor,
                ceiling_per_kabupaten=ceiling,
                ceiling_per_island=island,
                must=tuple(must),
                must_reasons=must_reasons,
                exclude=dict(st.session_state[OUT]),
                avoid=dict(st.session_state[AVOID]),
                explore=explore / 100,
                months=tuple(months),
                seed=seed.strip() or None,
                effort=changed(Effort(), numbers),
                effort_sources=sources,
                name=name.strip(),
                objective=objective,
            )
            request.check()
        except PetaAmanError as error:
            st.error(plain(reason_text(error.reason, error.params, lang)))
            return
        make(request)


def number_field(key: str, label: str, first: int) -> int:
    value: int | Literal["min"] = "min" if key in st.session_state else first
    return int(st.number_input(label, min_value=0, max_value=50, key=key, value=value))


def limit_field(key: str, label: str) -> int | None:
    if key in st.session_state:
        # What stands in the state may be nothing: the field was emptied.
        kept: int | None = st.number_input(label, min_value=1, key=key)
        return kept
    return st.number_input(label, min_value=1, key=key, value=None)


def musts(snapshot: Snapshot, lang: str) -> tuple[list[str], dict[str, str]]:
    """Villages that must be in, and the reason of all of them; none while it is not given."""
    state, known = st.session_state, snapshot.places["desa"].index
    state["rencana_wajib"] = sorted(
        {kode for kode in [*state.get("rencana_wajib", []), *state.pop("keranjang", [])] if kode in known}
    )
    must = st.multiselect(
        t("rencana.wajib", lang),
        known,
        key="rencana_wajib",
        format_func=snapshot.labels.__getitem__,
        placeholder=t("rencana.cari_desa", lang),
        persist_state="session",
    )
    if not must:
        return [], {}
    code = st.selectbox(
        t("rencana.wajib_alasan", lang),
        REASONS,
        index=None,
        key="wajib_alasan",
        format_func=lambda one: t(f"rencana.alasan.{one}", lang),
        placeholder=t("rencana.pilih_alasan", lang),
    )
    words = st.text_area(
        t("rencana.uraian", lang), key="wajib_uraian", max_chars=600, height=68, help=t("rencana.uraian_arti", lang)
    )
    reason = with_words(code, words) if code else ""
    return must, dict.fromkeys(must, reason) if reason else {}


def assumptions(lang: str) -> tuple[dict[str, str], dict[str, str]]:
    """The table of assumptions: numbers as text, and the sources that were written beside them."""
    st.caption(t("rencana.anggapan_arti", lang))
    known = st.session_state[ASSUMED]
    table = pd.DataFrame(
        {
            "apa": [t(f"rencana.anggapan.{name}", lang) for name in known],
            "nilai": [value for value, _ in known.values()],
            "sumber": [source for _, source in known.values()],
        }
    )
    column = st.column_config
    edited = st.data_editor(
        table,
        hide_index=True,
        disabled=["apa"],
        key=f"anggapan_{st.session_state['anggapan_ke']}",
        column_config={
            "apa": column.TextColumn(t("rencana.anggapan.kolom", lang), width=125),
            "nilai": column.NumberColumn(t("rencana.anggapan.nilai", lang), width=80, min_value=0.0, required=True),
            "sumber": column.TextColumn(t("rencana.anggapan.sumber", lang), width=105, max_chars=SOURCE_LENGTH),
        },
        alt=t("rencana.anggapan", lang),
    )
    st.caption(t("rencana.anggapan_sumber_arti", lang))
    numbers = {name: str(value) for name, value in zip(known, edited["nilai"], strict=True)}
    sources = {name: " ".join(str(text).split()) for name, text in zip(known, edited["sumber"].fillna(""), strict=True)}
    return numbers, {name: source for name, source in sources.items() if source}


def decisions(snapshot: Snapshot, visit: Visit) -> None:
    """Areas kept out with a reason, and areas avoided in some months; they hold for the next plan."""
    lang, out, avoid = visit.lang, st.session_state[OUT], st.session_state[AVOID]
    with st.expander(t("rencana.keputusan", lang, n=len(out) + len(avoid)), key="keputusan"):
        way = st.segmented_control(
            t("rencana.keputusan_apa", lang),
            ("keluarkan", "hindari"),
            default="keluarkan",
            required=True,
            key="keluar_arah",
            label_visibility="collapsed",
            format_func=lambda one: t(f"rencana.keputusan.{one}", lang),
        )
        kode = st.selectbox(
            t("rencana.keluarkan_apa", lang),
            list(snapshot.labels),
            index=None,
            key="keluar_kode",
            format_func=snapshot.labels.__getitem__,
            placeholder=t("rencana.cari_area", lang),
        )
        if way == "hindari":
            months = st.multiselect(
                t("rencana.hindari_bulan", lang),
                range(1, 13),
                key="hindari_bulan",
                format_func=lambda month: t(f"bulan.{month}", lang),
                placeholder=t("rencana.pilih_bulan", lang),
            )
            st.caption(t("rencana.hindari_arti", lang))
            if st.button(t("rencana.tambah_hindari", lang), key="tambah_hindari", disabled=not (kode and months)):
                avoid[kode] = tuple(sorted(months))
                remember(visit)
        else:
            reason, words = reason_fields("keluar", lang)
            if st.button(t("rencana.tambah_keluar", lang), key="tambah_keluar", disabled=kode is None) and kode:
                leave_out(kode, reason, words, visit)
        for area, told in [
            *((one, said) for one, said in out.items()),
            *((one, t("rencana.tidak_pada", lang, bulan=month_names(months, lang))) for one, months in avoid.items()),
        ]:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(plain(f"{snapshot.labels.get(area, area)} · {told[:80]}"))
                if st.button(t("rencana.kembalikan", lang), key=f"kembali_{area}", type="tertiary"):
                    out.pop(area, None)
                    avoid.pop(area, None)
                    remember(visit)


def reason_fields(key: str, lang: str) -> tuple[str, str]:
    """A reason code and words for it."""
    reason = st.selectbox(
        t("rencana.alasan", lang),
        REASONS,
        index=None,
        key=f"{key}_alasan",
        format_func=lambda one: t(f"rencana.alasan.{one}", lang),
        placeholder=t("rencana.pilih_alasan", lang),
    )
    words = st.text_area(
        t("rencana.uraian", lang), key=f"{key}_uraian", max_chars=600, height=68, help=t("rencana.uraian_arti", lang)
    )
    return reason or "", words


def with_words(reason: str, words: str) -> str:
    """``O3``, or ``O3: words``."""
    return f"{reason}: {words.strip()}" if words.strip() else reason


def leave_out(kode: str, reason: str, words: str, visit: Visit) -> None:
    text = with_words(reason, words)
    try:
        check_reason(kode, text)
    except PetaAmanError as error:
        st.error(plain(reason_text(error.reason, error.params, visit.lang)))
        return
    st.session_state[OUT][kode] = text
    remember(visit)


def remember(visit: Visit) -> None:
    """Decisions outlive the visit: they took words and are not made again gladly."""
    keep_draft(visit.actor, reading.store(), st.session_state[OUT], st.session_state[AVOID])
    st.rerun()


def month_names(months: tuple[int, ...], lang: str) -> str:
    return ", ".join(t(f"bulan.{month}", lang) for month in months)
