"""Notices to the administrator: what is done to counts of single people that a person could learn from by comparing.

A score shows rounded totals. Whoever brings in figures, has a score computed and takes them back, or brings in others
for the same places, sees at which figure the rounding turns. That is work of every day too, so nothing is stopped: it
is written beside the act, in the same transaction, and the administrator is told.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import Connection, select

from data.domain.kinds import is_guarded
from data.domain.levels import BELOW_KABUPATEN
from data.store.frames import query_frame
from data.store.part import ACTIVE, note_act, now
from data.store.tables import batch, fakta, skor_versi

NOTICE = "peringatan"
"""The act under which a notice stands in the audit; its ``what`` has ``about`` (`ABOUT`), ``batch``, ``earlier`` (the
batches whose places it touches again) and ``scores`` (versions computed in between)."""
UNDONE_AFTER_SCORE, REPEATED_AFTER_SCORE = "dibatalkan", "diulang"
ABOUT = (UNDONE_AFTER_SCORE, REPEATED_AFTER_SCORE)
SOON = dt.timedelta(days=7)
"""Figures of other periods for the same place are suspicious that soon after another; later they are next month's."""


def holds_guarded(connection: Connection, name: str) -> bool:
    """Whether a live batch holds counts of single people below the kabupaten; demonstration data are nobody's."""
    query = (
        select(fakta.c.jenis, fakta.c.indikator)
        .where(fakta.c.batch == name, fakta.c.level.in_(BELOW_KABUPATEN), fakta.c.data_contoh.is_(False))
        .distinct()
    )
    return any(is_guarded(jenis, indikator) for jenis, indikator in connection.execute(query))


def notice_undone(connection: Connection, name: str, user: str) -> None:
    """To be called before the figures of a batch go: writes a notice when a score was computed with them."""
    if not holds_guarded(connection, name):
        return
    made = connection.execute(select(batch.c.created_at).where(batch.c.batch == name)).scalar_one()
    if scores := _scores_since(connection, made):
        _write(connection, user, UNDONE_AFTER_SCORE, name, [], scores)


def notice_repeated(connection: Connection, name: str, user: str) -> None:
    """To be called once a batch is stored: writes a notice when it speaks of places that another one spoke of, of the
    same time or `SOON` after it, and a score was computed in between."""
    if not holds_guarded(connection, name) or not _scores_since(connection, dt.datetime(1, 1, 1)):
        return
    columns = [fakta.c.batch, fakta.c.jenis, fakta.c.indikator, fakta.c.kode, fakta.c.period_start, fakta.c.period_end]
    query = (
        select(*columns, batch.c.created_at)
        .join(batch, batch.c.batch == fakta.c.batch)
        .where(
            batch.c.status == ACTIVE,
            fakta.c.level.in_(BELOW_KABUPATEN),
            fakta.c.data_contoh.is_(False),
            fakta.c.jenis.in_(select(fakta.c.jenis).where(fakta.c.batch == name).distinct()),
        )
    )
    facts = query_frame(connection, query)
    new = facts["batch"] == name
    pairs = facts[new].merge(facts[~new], on=["jenis", "indikator", "kode"], suffixes=("", "_lain"))
    common = (pairs["period_start"] <= pairs["period_end_lain"]) & (pairs["period_start_lain"] <= pairs["period_end"])
    soon = pd.to_datetime(pairs["created_at_lain"]) >= pd.Timestamp(now() - SOON)
    pairs = pairs[common | soon]
    guarded = [is_guarded(*one) for one in zip(pairs["jenis"], pairs["indikator"], strict=True)]
    pairs = pairs[pd.Series(guarded, pairs.index, dtype=bool)]
    before = {
        str(other): pd.Timestamp(at).to_pydatetime()
        for other, at in pairs.drop_duplicates("batch_lain")[["batch_lain", "created_at_lain"]].itertuples(index=False)
    }
    between = {other: scores for other, at in before.items() if (scores := _scores_since(connection, at))}
    if between:
        scores = sorted({versi for found in between.values() for versi in found})
        _write(connection, user, REPEATED_AFTER_SCORE, name, sorted(between), scores)


def _scores_since(connection: Connection, at: dt.datetime) -> list[str]:
    query = select(skor_versi.c.versi).where(skor_versi.c.created_at >= at).order_by(skor_versi.c.versi)
    return [str(versi) for versi in connection.execute(query).scalars()]


def _write(connection: Connection, user: str, about: str, name: str, earlier: list[str], scores: list[str]) -> None:
    what = {"about": about, "batch": name, "earlier": earlier, "scores": scores}
    note_act(connection, user, NOTICE, what)
