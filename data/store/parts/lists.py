"""Lists of villages that were frozen from a plan: written once, signed in steps, never changed, never deleted."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import func, insert, select, update

from data.errors import WrongUse
from data.store.content import to_json
from data.store.part import Part, note_act
from data.store.tables import daftar

STEPS = ("diperiksa", "disetujui")
"""Signatures after the maker's, in their order."""


class Lists(Part):
    """``store.lists``: keeps frozen lists."""

    def freeze(self, plan: dict[str, Any], sidik: str, *, user: str, until: dt.date, now: dt.datetime) -> str:
        """Keeps ``plan`` as a list and returns its version (``D20261122-01``); audited.

        It takes the place of the newest approved list once it is approved itself. Raises `WrongUse` (``LIST_EXISTS``)
        when the same plan is frozen already and still valid on ``now``.
        """
        with self._writing() as connection:
            known = connection.execute(
                select(daftar.c.versi).where(daftar.c.sidik == sidik, daftar.c.berlaku_sampai >= now.date())
            ).scalar()
            if known is not None:
                raise WrongUse("LIST_EXISTS", versi=known)
            today = f"D{now:%Y%m%d}-"
            made = connection.execute(
                select(func.count()).select_from(daftar).where(daftar.c.versi.like(f"{today}%"))
            ).scalar_one()
            before = connection.execute(
                select(daftar.c.versi)
                .where(daftar.c.disetujui_saat.is_not(None))
                .order_by(daftar.c.disetujui_saat.desc(), daftar.c.versi.desc())
                .limit(1)
            ).scalar()
            row = {
                "versi": f"{today}{made + 1:02d}",
                "rencana": plan["version"],
                "sidik": sidik,
                "skor_versi": plan["score_version"],
                "isi_json": to_json(plan),
                "dibuat_oleh": user,
                "dibuat_saat": now,
                "diperiksa_oleh": "",
                "disetujui_oleh": "",
                "menggantikan": before or "",
                "berlaku_sampai": until,
            }
            connection.execute(insert(daftar).values(**row))
            what = {name: row[name] for name in ("versi", "rencana", "sidik", "menggantikan")}
            note_act(connection, user, "daftar.dibekukan", what)
            return str(row["versi"])

    def sign(self, versi: str, step: str, *, user: str, now: dt.datetime) -> None:
        """Signs a list as ``diperiksa`` or ``disetujui``; audited.

        Raises `WrongUse`: ``LIST_UNKNOWN``, ``LIST_EXPIRED``, ``LIST_SIGNED`` (that step is done), ``LIST_ORDER``
        (approved before it was checked), ``LIST_SAME_PERSON`` (whoever made a list neither checks nor approves it).
        """
        if step not in STEPS:
            raise ValueError(f"step is {step!r} but is expected to be one of {STEPS}")
        with self._writing() as connection:
            row = connection.execute(select(*daftar.c).where(daftar.c.versi == versi)).mappings().first()
            if row is None:
                raise WrongUse("LIST_UNKNOWN", versi=versi)
            if row["berlaku_sampai"] < now.date():
                raise WrongUse("LIST_EXPIRED", versi=versi, until=row["berlaku_sampai"])
            if row[f"{step}_saat"] is not None:
                raise WrongUse("LIST_SIGNED", versi=versi, step=step)
            if step == "disetujui" and row["diperiksa_saat"] is None:
                raise WrongUse("LIST_ORDER", versi=versi)
            if user == row["dibuat_oleh"]:
                raise WrongUse("LIST_SAME_PERSON", versi=versi)
            signed = {f"{step}_oleh": user, f"{step}_saat": now}
            connection.execute(update(daftar).where(daftar.c.versi == versi).values(**signed))
            note_act(connection, user, f"daftar.{step}", {"versi": versi, "sidik": row["sidik"]})

    def all(self) -> list[dict[str, Any]]:
        """All frozen lists, the newest first, without their villages."""
        names = [column for column in daftar.c if column.name != "isi_json"]
        query = select(*names).order_by(daftar.c.dibuat_saat.desc(), daftar.c.versi.desc())
        with self._reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def plan(self, versi: str) -> dict[str, Any] | None:
        """The plan a list was frozen from, or None."""
        query = select(daftar.c.isi_json).where(daftar.c.versi == versi)
        with self._reading() as connection:
            text = connection.execute(query).scalar()
        return None if text is None else dict(json.loads(text))
