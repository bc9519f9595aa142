"""Sign-ins: who is in, since when, and tries that failed. What a browser holds is known here by its hash only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, select, update

from data.store.access_tables import akun, masuk, percobaan
from data.store.part import Part, note_quietly

KEPT = dt.timedelta(days=30)
"""How long the row of an ended sign-in stays."""
FORGOTTEN = dt.timedelta(days=1)
"""After this long without a try, earlier failures count no more."""


@dataclass(frozen=True)
class Tries:
    """Under what tries are counted. ``waits[n]`` is how long nothing is tried after failure ``n + 1`` (the last one
    also after all later ones); every ``fades``, where there is one, a failure less counts."""

    key: str
    waits: tuple[dt.timedelta, ...]
    fades: dt.timedelta | None = None


@dataclass(frozen=True)
class SignInRow:
    """A sign-in with what its account is now."""

    sidik: str
    akun: str
    sumber: str
    sid: str
    mulai: dt.datetime
    terakhir: dt.datetime
    selesai: dt.datetime | None
    nama: str
    peran: str
    wilayah: str
    aktif: bool
    sandi_sementara: bool
    totp: str


class SignIns(Part):
    """``store.signins``: starts, keeps and ends sign-ins, and counts tries that failed."""

    def get(self, mark: str) -> SignInRow | None:
        """The sign-in whose token has the SHA-256 ``mark``, ended ones too."""
        more = (akun.c.nama, akun.c.peran, akun.c.wilayah, akun.c.aktif, akun.c.sandi_sementara, akun.c.totp)
        query = select(*masuk.c, *more).join(akun, akun.c.akun == masuk.c.akun).where(masuk.c.sidik == mark)
        with self._reading() as connection:
            row = connection.execute(query).mappings().first()
        return SignInRow(**row) if row else None

    def start(self, mark: str, account: str, source: str, at: dt.datetime, sid: str = "") -> None:
        """Starts a sign-in; audited. Rows of sign-ins that are long over go."""
        with self._writing() as connection:
            connection.execute(delete(masuk).where(masuk.c.mulai < at - KEPT))
            values = {"sidik": mark, "akun": account, "sumber": source, "sid": sid, "mulai": at, "terakhir": at}
            connection.execute(insert(masuk).values(**values))
            note_quietly(connection, account, "masuk.berhasil", {"sumber": source, "masuk": mark[:8]})

    def stay(self, mark: str, at: dt.datetime) -> None:
        """Notes that a sign-in is in use."""
        with self._writing() as connection:
            connection.execute(update(masuk).where(masuk.c.sidik == mark).values(terakhir=at))

    def end(self, mark: str, at: dt.datetime, *, user: str, why: str) -> bool:
        """Ends one sign-in; audited with ``why``. False when it had ended already."""
        with self._writing() as connection:
            return bool(_end(connection, masuk.c.sidik == mark, at, user, why))

    def end_all(self, account: str, at: dt.datetime, *, user: str, why: str, but: str = "") -> int:
        """Ends all sign-ins of an account except ``but``; how many there were."""
        with self._writing() as connection:
            return _end(connection, (masuk.c.akun == account) & (masuk.c.sidik != but), at, user, why)

    def end_of_provider(self, subject: str, sid: str, at: dt.datetime) -> int:
        """Ends what a provider says is over: its session ``sid`` and, of ``subject``, the sign-ins of which no session
        is known; all of ``subject`` when it names no session."""
        which: ColumnElement[bool] = masuk.c.akun.in_(
            select(akun.c.akun).where(akun.c.sumber == "oidc", akun.c.subjek == subject)
        )
        if sid:
            which = (masuk.c.sid == sid) | ((masuk.c.sid == "") & which)
        with self._writing() as connection:
            return _end(connection, (masuk.c.sumber == "oidc") & which, at, "oidc", "penyedia")

    def attempt(self, at: dt.datetime, *counted: Tries) -> dt.datetime | None:
        """Counts a try before it is judged, so that tries at the same moment count too.

        Returns until when tries are refused, in which case this one is counted nowhere; None when it may be judged.
        """
        with self._writing() as connection:
            connection.execute(delete(percobaan).where(percobaan.c.terakhir < at - FORGOTTEN))
            known = {one.key: _tried(connection, one.key) for one in counted}
            until = [row["sampai"] for row in known.values() if row and row["sampai"] and row["sampai"] > at]
            if until:
                latest: dt.datetime = max(until)
                return latest
            for one in counted:
                number, since = _faded(known[one.key], at, one.fades)
                wait = one.waits[min(number, len(one.waits) - 1)]
                _keep(connection, one.key, number + 1, since, at + wait if wait else None)
            return None

    def told(self, key: str, at: dt.datetime, every: dt.timedelta, times: int = 1) -> int:
        """Counts what anybody can bring about so often, and returns how many of it are to be told now: 0 until
        ``every`` has passed since the last telling."""
        with self._writing() as connection:
            connection.execute(delete(percobaan).where(percobaan.c.terakhir < at - FORGOTTEN))
            row = _tried(connection, key)
            number = (int(row["gagal"]) if row else 0) + times
            early = row is not None and row["sampai"] is not None and at < row["sampai"] <= at + every
            _keep(connection, key, number if early else 0, at, row["sampai"] if row and early else at + every)
            return 0 if early else number

    def forgive(self, account: str, address: str) -> None:
        """After a try that was right: forgets the failures of the account, and takes this try off the address's."""
        with self._writing() as connection:
            connection.execute(delete(percobaan).where(percobaan.c.kunci == account))
            less = {"gagal": percobaan.c.gagal - 1, "sampai": None}
            connection.execute(update(percobaan).where(percobaan.c.kunci == address).values(**less))

    def release(self, key: str) -> None:
        """Forgets tries that failed."""
        with self._writing() as connection:
            connection.execute(delete(percobaan).where(percobaan.c.kunci == key))

    def waiting(self, key: str) -> tuple[int, dt.datetime | None]:
        """How many tries failed, and until when none is judged."""
        with self._reading() as connection:
            row = connection.execute(
                select(percobaan.c.gagal, percobaan.c.sampai).where(percobaan.c.kunci == key)
            ).first()
        return (int(row[0]), row[1]) if row else (0, None)


def _tried(connection: Connection, key: str) -> RowMapping | None:
    return connection.execute(select(*percobaan.c).where(percobaan.c.kunci == key)).mappings().first()


def _faded(row: RowMapping | None, at: dt.datetime, fades: dt.timedelta | None) -> tuple[int, dt.datetime]:
    """How many failures still count at ``at``, and from when the next one fades."""
    if row is None or fades is None:
        return (int(row["gagal"]) if row else 0), at
    gone = max(0, (at - row["terakhir"]) // fades)
    left = max(0, int(row["gagal"]) - gone)
    return left, row["terakhir"] + gone * fades if left else at


def _keep(connection: Connection, key: str, number: int, since: dt.datetime, until: dt.datetime | None) -> None:
    values = {"gagal": number, "terakhir": since, "sampai": until}
    if connection.execute(update(percobaan).where(percobaan.c.kunci == key).values(**values)).rowcount == 0:
        connection.execute(insert(percobaan).values(kunci=key, **values))


def _end(connection: Connection, which: ColumnElement[bool], at: dt.datetime, user: str, why: str) -> int:
    query = select(masuk.c.sidik, masuk.c.akun).where(which, masuk.c.selesai.is_(None))
    found = connection.execute(query).fetchall()
    for mark, account in found:
        connection.execute(update(masuk).where(masuk.c.sidik == mark).values(selesai=at))
        note_quietly(connection, user or account, "masuk.selesai", {"akun": account, "masuk": mark[:8], "sebab": why})
    return len(found)
