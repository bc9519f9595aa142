"""What an examined file would do: the preview of an import on the page of data in."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from campaign.intake.concurrent_changes import OthersAct, meanwhile
from campaign.intake.preview import Preview, preview
from campaign.intake.preview_records import record_lines
from campaign.intake.preview_text import coverage_text, lost_text, measure_name, part_text, record_text, rival_text
from data.domain.actor import Actor
from data.domain.kinds import KINDS, Holds
from data.intake.examined import Examined
from data.workspace import Workspace
from pages import gate, reading
from pages.parts.common import plain
from words import has, number, reason_text, t

SHOWN = 200
SEEN = "pratinjau_dilihat"


def show(report: dict[str, Any], found: Examined, kind: str) -> None:
    """What would happen: the outcome, the four counts, what storing would do, every row that is not as it should be."""
    lang = gate.require().lang
    draw = {"ok": st.success, "row_errors": st.warning, "refused": st.error}[report["outcome"]]
    draw(plain(report["message"]))
    if report["outcome"] == "refused" and not report["rows_read"]:
        return
    for column, name in zip(st.columns(4), ("rows_read", "rows_ok", "rows_error", "rows_skipped"), strict=True):
        column.metric(t(f"data.{name}", lang), number(report[name], lang), border=True)
    if report["outcome"] != "refused":
        consequences(found, kind, lang)
    for name in ("errors", "proposals", "warnings", "skipped"):
        listed(name, report[name], lang)


def others_came_between(found: Examined, file_id: str, lang: str) -> bool:
    """Whether others changed the data since this person last saw what storing this upload would do.

    Then only that is told, with the way to look again; the file has been examined anew by then.
    """
    version = found.version
    if version is None:
        return False
    seen = st.session_state.get(SEEN)
    if seen is None or seen["berkas"] != file_id or seen["versi"] == version:
        st.session_state[SEEN] = {"berkas": file_id, "versi": version, "sampai": found.report.looked}
        return False
    with st.container(border=True, key="data_berubah"):
        st.warning(f"**{t('sela.judul', lang)}.** {t('sela.arti', lang)}", icon=":material/group:")
        acts = meanwhile(reading.store(), seen["sampai"])
        st.markdown("\n".join(f"- {_act_text(act, lang)}" for act in acts[-SHOWN:]))
        if st.button(t("sela.periksa", lang), key="periksa_lagi", type="primary", icon=":material/refresh:"):
            del st.session_state[SEEN]
            st.rerun()
    return True


def consequences(found: Examined, kind: str, lang: str) -> None:
    """What storing would do to what is in use, to the map, and beside other sources."""
    if KINDS[kind].holds is not Holds.FACTS:
        lines = record_text(record_lines(kind, found, reading.store(), Workspace.locate()), lang)
        if lines:
            with st.container(border=True, key="pratinjau"):
                st.markdown(f"**{t('pratinjau.judul', lang)}**")
                st.markdown("\n".join(f"- {plain(line)}" for line in lines))
        return
    told = _preview_of(found, gate.require().actor)
    with st.container(border=True, key="pratinjau"):
        for lost in told.lost:
            st.warning(plain(lost_text(lost, lang)), icon=":material/playlist_remove:")
        if told.unread:
            st.warning(t("pratinjau.tak_terbaca", lang, n=told.unread), icon=":material/playlist_remove:")
        if not told.parts:
            return
        st.markdown(f"**{t('pratinjau.judul', lang)}**")
        lines = [line for part in told.parts for line in part_text(part, lang)]
        if told.stepping_aside:
            lines.append(t("pratinjau.contoh", lang, n=told.stepping_aside))
        lines += [line for one in told.coverage for line in coverage_text(one, lang)]
        lines += [rival_text(one, lang) for one in told.rivals]
        st.markdown("\n".join(f"- {plain(line)}" for line in lines))
        _changes(told, lang)
        _map_of(told, lang)


def listed(name: str, items: list[dict[str, Any]], lang: str) -> None:
    if not items:
        return
    with st.expander(t(f"data.{name}", lang, n=len(items)), expanded=name in ("errors", "proposals")):
        table = pd.DataFrame(items[:SHOWN])
        if "message" not in table and "reason" in table:
            table["message"] = [reason_text(reason, {}, lang) for reason in table["reason"]]
        headings = {key: t(f"data.kolom.{key}", lang) for key in table.columns if has(f"data.kolom.{key}")}
        st.dataframe(
            table[list(headings)].rename(columns=headings),
            hide_index=True,
            key=f"daftar_{name}",
            alt=t(f"data.{name}", lang, n=len(items)),
        )
        if len(items) > SHOWN:
            st.caption(t("data.lebih", lang, n=len(items) - SHOWN))


def _changes(told: Preview, lang: str) -> None:
    """Areas whose figure changes, the largest change first; new ones need no table."""
    rows = told.changes[told.changes["status"] != "baru"]
    if rows.empty:
        return
    title = t("pratinjau.perubahan", lang, n=len(rows))
    with st.expander(title, expanded=True):
        first = rows.head(SHOWN)
        columns: dict[str, list[Any]] = {
            "nama": list(first["nama"]),
            "lama": [_cell(value, lang) for value in first["lama"]],
            "baru": [_cell(value, lang) for value in first["baru"]],
            "status": [t(f"pratinjau.status.{key}", lang) for key in first["status"]],
            "indikator": [measure_name(key, lang) for key in first["indikator"]],
            "kabupaten": list(first["kabupaten"]),
        }
        if not any(columns["kabupaten"]):
            del columns["kabupaten"]
        shown = pd.DataFrame({t(f"pratinjau.kolom.{key}", lang): cells for key, cells in columns.items()})
        st.dataframe(shown, hide_index=True, key="daftar_perubahan", alt=title, height=min(320, 36 * len(shown) + 38))
        if len(rows) > SHOWN:
            st.caption(t("data.lebih", lang, n=len(rows) - SHOWN))


def _map_of(told: Preview, lang: str) -> None:
    """How much of each kabupaten would be drawn, as bars."""
    drawn = [one for one in told.coverage if len(one.table)]
    if not drawn:
        return
    heading = {key: t(f"pratinjau.kolom.{key}", lang) for key in ("kabupaten", "ada", "dari", "persen")}
    bar = st.column_config.ProgressColumn(heading["persen"], min_value=0, max_value=100, format="%d%%")
    with st.expander(t("pratinjau.peta_kabupaten", lang), icon=":material/map:"):
        for number_of, one in enumerate(drawn):
            if len(drawn) > 1:
                st.caption(plain(measure_name(one.indikator, lang)))
            st.dataframe(
                one.table.rename(columns=heading),
                hide_index=True,
                key=f"cakupan_{number_of}",
                column_config={heading["persen"]: bar},
                height=320,
                alt=t("pratinjau.peta_kabupaten", lang),
            )


def _cell(value: Any, lang: str) -> str:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return "–"
    if isinstance(value, str):
        return value
    return number(float(value), lang, 0 if float(value).is_integer() else 2 if abs(value) >= 1 else 4)


def _act_text(act: OthersAct, lang: str) -> str:
    kind = t(f"data.jenis.{act.jenis}", lang) if has(f"data.jenis.{act.jenis}") else act.jenis or "–"
    name = measure_name(act.name, lang) if act.what == "preferred" else act.name
    return t(
        f"sela.{act.what}",
        lang,
        saat=act.at,
        oleh=plain(act.user or "–"),
        nama=plain(name),
        jenis=plain(kind),
        sumber=plain(act.source or "–"),
    )


def _preview_of(found: Examined, actor: Actor) -> Preview:
    """The preview of one examined upload, worked out once for it and for whoever looks."""
    kept = _last_preview()
    if kept.get("found") is not found or kept.get("actor") != actor:
        kept["preview"] = preview(found, reading.store(), actor)
        kept["found"], kept["actor"] = found, actor
    made: Preview = kept["preview"]
    return made


@st.cache_resource(scope="session", max_entries=1, ttl=1800, show_spinner=False)
def _last_preview() -> dict[str, Any]:
    return {}
