"""What an examined file would do: the preview of an import on the page of data in."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages import gate
from pages.parts import plain
from words import has, number, reason_text, t

SHOWN = 200


def show(report: dict[str, Any]) -> None:
    """What would happen: the outcome, the four counts, and every row that is not as it should be."""
    lang = gate.require().lang
    draw = {"ok": st.success, "row_errors": st.warning, "refused": st.error}[report["outcome"]]
    draw(plain(report["message"]))
    if report["outcome"] == "refused" and not report["rows_read"]:
        return
    for column, name in zip(st.columns(4), ("rows_read", "rows_ok", "rows_error", "rows_skipped"), strict=True):
        column.metric(t(f"data.{name}", lang), number(report[name], lang), border=True)
    if report["totals"]:
        st.write(t("data.jumlah", lang) + " "
                 + ", ".join(f"{plain(k)} {number(float(v), lang)}" for k, v in report["totals"].items()))  # fmt: skip
    for name in ("errors", "proposals", "warnings", "skipped"):
        listed(name, report[name], lang)


def listed(name: str, items: list[dict[str, Any]], lang: str) -> None:
    if not items:
        return
    with st.expander(t(f"data.{name}", lang, n=len(items)), expanded=name in ("errors", "proposals")):
        table = pd.DataFrame(items[:SHOWN])
        if "message" not in table and "reason" in table:
            table["message"] = [reason_text(reason, {}, lang) for reason in table["reason"]]
        headings = {key: t(f"data.kolom.{key}", lang) for key in table.columns if has(f"data.kolom.{key}")}
        st.dataframe(table[list(headings)].rename(columns=headings), hide_index=True, key=f"daftar_{name}",
                     alt=t(f"data.{name}", lang, n=len(items)))  # fmt: skip
        if len(items) > SHOWN:
            st.caption(t("data.lebih", lang, n=len(items) - SHOWN))
