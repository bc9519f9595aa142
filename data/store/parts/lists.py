"""Lists of villages that were frozen from a plan: written once, signed in steps, never changed, never deleted."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from data.domain.actor import same_person
from data.errors import WrongUse
from data.store.content import to_json
from data.store.part import Part, note_act
from data.store.tables import daftar

STEPS = ("diperiksa", "disetujui")
"""Signatures after the maker's, in their order."""


@dataclass(frozen=True)
class FrozenList:
    """A list as it was frozen, without its villages; each signature is a name, an account (empty where nobody signed
    in) and a moment, empty and None while it is missing. ``sidik`` is the SHA-256 of the plan ``rencana``,
    ``menggantikan`` the list before it or empty."""

    versi: str
    rencana: str
    sidik: str
    skor_versi: str
    dibuat_oleh: str
    dibuat_akun: str
    dibuat_saat: dt.datetime
    diperiksa_oleh: str
    diperiksa_akun: str
    diperiksa_saat: dt.datetime | None
    disetujui_oleh: str
    disetujui_akun: str
    disetujui_saat: dt.datetime | None
    menggantikan: str
    berlaku_sampai: dt.date

    @property
    def signatures(self) -> tuple[tuple[str, str, dt.date | None], ...]:
        """Step, who and on which day, in their order."""
        steps = (
            ("dibuat", self.dibuat_oleh, self.dibuat_saat),
            ("diperiksa", self.diperiksa_oleh, self.diperiksa_saat),
            ("disetujui", self.disetujui_oleh, self.disetujui_saat),
        )
        return tuple((step, who, at.date() if at else None) for step, who, at in steps)

    @property
    def unproved(self) -> bool:
        """Whether one of the signatures was given without signing in: its name is what somebody typed."""
        steps = (
            (self.dibuat_saat, self.dibuat_akun),
            (self.diperiksa_saat, self.diperiksa_akun),
            (self.disetujui_saat, self.disetujui_akun),
        )
        return any(at is not None and not account for at, account in steps)


class Lists(Part):
    """``store.lists``: keeps frozen lists."""

    def freeze(
        self,
        plan: Mapping[str, Any],
        sidik: str,
        *,
        user: str,
        until: dt.date,
        now: dt.datetime,
        account: str = "",
        replaces: Callable[[Mapping[str, Any]], bool] = lambda plan: True,
    ) -> str:
        """Keeps ``plan`` as a list and returns its version (``D20261122-01``); audited.

        It takes the place, once it is approved itself, of the newest approved list whose plan ``replaces`` says yes to.
        Raises `WrongUse` (``LIST_EXISTS``)
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
            approved = connection.execute(
                select(daftar.c.versi, daftar.c.isi_json)
                .where(daftar.c.disetujui_saat.is_not(None))
                .order_by(daftar.c.disetujui_saat.desc(), daftar.c.versi.desc())
            )
            before = next((versi for versi, text in approved if replaces(json.loads(text))), None)
            row = {
                "versi": f"{today}{made + 1:02d}",
                "rencana": plan["version"],
                "sidik": sidik,
                "skor_versi": plan["score_version"],
                "isi_json": to_json(plan),
                "dibuat_oleh": user,
                "dibuat_akun": account,
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

    def sign(self, versi: str, step: str, *, user: str, now: dt.datetime, account: str = "") -> None:
        """Signs a list as ``diperiksa`` or ``disetujui``; audited. ``account`` is empty where nobody signed in.

        Raises `WrongUse`: ``LIST_UNKNOWN``, ``LIST_EXPIRED``, ``LIST_SIGNED`` (that step is done), ``LIST_ORDER``
        (approved before it was checked), ``LIST_SAME_PERSON`` (made, checked and approved is by three people).
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
            before = [one for one in ("dibuat", *STEPS) if one != step and row[f"{one}_saat"] is not None]
            if any(_same((user, account), (row[f"{one}_oleh"], row[f"{one}_akun"])) for one in before):
                raise WrongUse("LIST_SAME_PERSON", versi=versi)
            signed = {f"{step}_oleh": user, f"{step}_akun": account, f"{step}_saat": now}
            connection.execute(update(daftar).where(daftar.c.versi == versi).values(**signed))
            note_act(connection, user, f"daftar.{step}", {"versi": versi, "sidik": row["sidik"]})

    def all(self) -> list[FrozenList]:
        """All frozen lists, the newest first."""
        names = [column for column in daftar.c if column.name != "isi_json"]
        query = select(*names).order_by(daftar.c.dibuat_saat.desc(), daftar.c.versi.desc())
        with self._reading() as connection:
            return [FrozenList(**row) for row in connection.execute(query).mappings()]

    def plan(self, versi: str) -> dict[str, Any] | None:
        """The plan a list was frozen from, or None."""
        query = select(daftar.c.isi_json).where(daftar.c.versi == versi)
        with self._reading() as connection:
            text = connection.execute(query).scalar()
        return None if text is None else dict(json.loads(text))


def _same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two signatures (name, account) may be one person's: accounts decide where both signed in; else any of
    what is known of one that is known of the other, because a name is all there is."""
    if one[1] and other[1]:
        return same_person(one[1], other[1])
    return any(same_person(a, b) for a in one if a for b in other if b)
