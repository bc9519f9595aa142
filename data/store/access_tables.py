"""Tables of who may sign in and who has; they lie in the same database as all others."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, String, Table, Text

from data.store.tables import metadata

OF_THE_MOMENT = frozenset({"masuk", "percobaan"})
"""Tables that stay out of a backup: whoever restores one must not let a sign-in of another day live on."""

akun = Table(
    "akun",
    metadata,
    Column("akun", String(120), primary_key=True),
    Column("nama", Text, nullable=False),
    Column("sumber", String(12), nullable=False),
    Column("subjek", Text, nullable=False),
    Column("sandi", Text, nullable=False),
    Column("sandi_sementara", Boolean, nullable=False),
    Column("totp", String(64), nullable=False),
    Column("totp_langkah", Integer, nullable=False),
    Column("peran", Text, nullable=False),
    Column("wilayah", Text, nullable=False),
    Column("aktif", Boolean, nullable=False),
    Column("dibuat_oleh", Text, nullable=False),
    Column("dibuat_saat", DateTime, nullable=False),
)
"""One row an account. ``sumber`` is who vouches for it (``local``, ``oidc``, ``proxy``), ``subjek`` the identity at the
provider, ``sandi`` an argon2 hash or empty, ``totp_langkah`` the step of the last one-time code that was used;
``peran`` and ``wilayah`` are lists with ``;``."""

masuk = Table(
    "masuk",
    metadata,
    Column("sidik", String(64), primary_key=True),
    Column("akun", String(120), ForeignKey("akun.akun"), nullable=False, index=True),
    Column("sumber", String(12), nullable=False),
    Column("sid", Text, nullable=False),
    Column("mulai", DateTime, nullable=False),
    Column("terakhir", DateTime, nullable=False),
    Column("selesai", DateTime),
)
"""One row a sign-in, kept 30 days: ``sidik`` is the SHA-256 of what the browser holds, never that itself; ``sid`` the
provider's own session; ``selesai`` when it was ended before its time."""

percobaan = Table(
    "percobaan",
    metadata,
    Column("kunci", String(64), primary_key=True),
    Column("gagal", Integer, nullable=False),
    Column("terakhir", DateTime, nullable=False),
    Column("sampai", DateTime),
)
"""Tries that failed, by the hash of an account's name (also of names nobody has) or of an address; no try counts before
``sampai``."""
