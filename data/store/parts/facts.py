"""Facts: one figure for an area and a stretch of time, stored and taken back batch by batch."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import insert, not_, or_, select

from data.batches import FACT_COLUMNS, BatchMeta, fact_frame
from data.disclosure import guarded_rows
from data.domain.actor import Scope
from data.domain.kinds import free_kinds, wholly_open
from data.domain.levels import BELOW_KABUPATEN
from data.store.content import hash_rows, hash_text
from data.store.frames import query_frame
from data.store.notices import notice_repeated
from data.store.part import ACTIVE, Part, new_batch
from data.store.parts.remembered import preferred_rows
from data.store.tables import batch, fakta


class Facts(Part):
    """``store.facts``: what was measured and counted."""

    def commit(self, meta: BatchMeta, rows: pd.DataFrame, expected: str | None = None) -> str:
        """Stores one batch of facts whole and returns its id, ``B20261122-0001``.

        ``rows`` as `data.batches.fact_frame` takes them. With ``expected`` (the `input_version` read when the rows
        were checked) the batch is refused (``DATA_CHANGED``) if anything was stored or taken back since.
        """
        frame = fact_frame(rows, meta)
        records = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
        content = hash_text(
            meta.jenis, str(meta.as_of), meta.source, hash_rows(frame.itertuples(index=False, name=None))
        )
        with self._writing() as connection:
            name = new_batch(connection, meta, content, expected)
            if records:
                for record in records:
                    record["batch"] = name
                connection.execute(insert(fakta), records)
            notice_repeated(connection, name, meta.user)
        return name

    def read(
        self,
        jenis: str | None = None,
        indikator: str | None = None,
        level: str | None = None,
        *,
        scope: Scope | None = None,
    ) -> pd.DataFrame:
        """Facts of live batches in the order they were stored.

        With ``scope`` guarded figures below the kabupaten are read inside of it only, and the others as if those were
        not there: what is answered from them cannot tell whether there are any. Without, all are: for what computes,
        never for what answers.

        Columns: ``id, batch``, those of `data.batches.FACT_COLUMNS`, ``created_at`` of the batch, ``pilihan`` (of a
        source a person prefers; `data.choose` heeds it). Dates are ``datetime64``; ``value`` is float with NaN for
        missing (which is not 0).
        """
        columns = [fakta.c.id, fakta.c.batch, *(fakta.c[name] for name in FACT_COLUMNS)]
        query = (
            select(*columns, batch.c.created_at)
            .join(batch, batch.c.batch == fakta.c.batch)
            .where(batch.c.status == ACTIVE)
            .order_by(fakta.c.id)
        )
        for column, wanted in ((fakta.c.jenis, jenis), (fakta.c.indikator, indikator), (fakta.c.level, level)):
            if wanted is not None:
                query = query.where(column == wanted)
        if scope is not None and not scope.everywhere:
            near = (fakta.c.kode == area for area in scope.areas)
            below = (fakta.c.kode.startswith(f"{area}.", autoescape=True) for area in scope.areas)
            away = fakta.c.jenis.not_in(wholly_open()) & fakta.c.level.in_(BELOW_KABUPATEN)
            away = away & fakta.c.jenis.not_in(free_kinds())
            query = query.where(or_(not_(away), *near, *below))
        with self._reading() as connection:
            frame = query_frame(connection, query)
            frame["pilihan"] = preferred_rows(connection, frame)
        for name in ("period_start", "period_end", "as_of", "created_at"):
            frame[name] = pd.to_datetime(frame[name])
        frame["value"] = frame["value"].astype(float)
        for name in ("cumulative", "data_contoh", "published"):
            frame[name] = frame[name].astype(bool)
        frame["row"] = frame["row"].astype("Int64")
        if scope is not None and not scope.everywhere:
            # Of free indicators only their words say whether they are guarded.
            hidden = guarded_rows(frame) & frame["level"].isin(BELOW_KABUPATEN)
            hidden &= ~frame["kode"].map(scope.covers).astype(bool)
            frame = frame[~hidden].reset_index(drop=True)
        return frame
