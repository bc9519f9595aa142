"""Accounts: who may sign in, with which roles and areas."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert, select, update

from data.errors import WrongUse
from data.store.access_tables import akun
from data.store.part import Part, note_quietly


@dataclass(frozen=True)
class AccountRow:
    """An account as it is kept; see `data.store.access_tables.akun`."""

    akun: str
    nama: str
    sumber: str = "local"
    subjek: str = ""
    sandi: str = ""
    sandi_sementara: bool = False
    totp: str = ""
    totp_langkah: int = 0
    peran: str = ""
    wilayah: str = ""
    aktif: bool = True
    dibuat_oleh: str = ""
    dibuat_saat: dt.datetime = dt.datetime(1970, 1, 1)


class Accounts(Part):
    """``store.accounts``: keeps accounts; every change is audited without what is secret."""

    def get(self, account: str) -> AccountRow | None:
        """The account of that name, written as it is kept (small letters)."""
        with self._reading() as connection:
            row = connection.execute(select(*akun.c).where(akun.c.akun == account)).mappings().first()
        return AccountRow(**row) if row else None

    def of_subject(self, source: str, subject: str) -> AccountRow | None:
        """The account that a provider's identity belongs to."""
        query = select(*akun.c).where(akun.c.sumber == source, akun.c.subjek == subject)
        with self._reading() as connection:
            row = connection.execute(query).mappings().first()
        return AccountRow(**row) if row else None

    def all(self) -> list[AccountRow]:
        """All accounts by name."""
        with self._reading() as connection:
            rows = connection.execute(select(*akun.c).order_by(akun.c.akun)).mappings()
            return [AccountRow(**row) for row in rows]

    def add(self, row: AccountRow, *, user: str) -> None:
        """Keeps a new account. Raises `WrongUse` (``ACCOUNT_EXISTS``)."""
        with self._writing() as connection:
            if connection.execute(select(akun.c.akun).where(akun.c.akun == row.akun)).scalar() is not None:
                raise WrongUse("ACCOUNT_EXISTS", nama=row.akun)
            connection.execute(insert(akun).values(**asdict(row)))
            what = {"akun": row.akun, "sumber": row.sumber, "peran": row.peran, "wilayah": row.wilayah}
            note_quietly(connection, user, "akun.dibuat", what)

    def change(self, account: str, act: str, *, user: str, **values: Any) -> None:
        """Changes columns of an account; the audit line is named ``akun.<act>`` and says roles and areas only."""
        with self._writing() as connection:
            connection.execute(update(akun).where(akun.c.akun == account).values(**values))
            open_ = {name: value for name, value in values.items() if name in ("peran", "wilayah", "aktif")}
            note_quietly(connection, user, f"akun.{act}", {"akun": account, **open_})

    def spend_code(self, account: str, step: int) -> bool:
        """Marks the one-time code of ``step`` as used; False when it or a later one was used before."""
        with self._writing() as connection:
            done = connection.execute(
                update(akun).where(akun.c.akun == account, akun.c.totp_langkah < step).values(totp_langkah=step)
            )
            return bool(done.rowcount)
