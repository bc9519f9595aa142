"""A document the product hands out, as one row: formats, writers, what it needs, how it is guarded, who offers it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from campaign.handover.purposes import PURPOSES
from data.domain.actor import Actor
from data.domain.roles import DEFAULT_ROLE
from data.errors import WrongUse
from data.workspace import Workspace
from words import t

if TYPE_CHECKING:
    from campaign.handover.lists import TargetList
    from campaign.reading.snapshot import Snapshot
    from data.store.store import Store

_OFFICE = "application/vnd.openxmlformats-officedocument."
TABLE_FORMATS = (".csv", ".xlsx", ".parquet", ".gpkg", ".geojson", ".kml")
"""Formats of a table of areas."""
MIME = {
    ".csv": "text/csv",
    ".docx": _OFFICE + "wordprocessingml.document",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".json": "application/json",
    ".kml": "application/vnd.google-earth.kml+xml",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".pptx": _OFFICE + "presentationml.presentation",
    ".svg": "image/svg+xml",
    ".xlsx": _OFFICE + "spreadsheetml.sheet",
}
"""The type of a file by its extension."""


class Need(StrEnum):
    """What a document is made from, or may be."""

    LIST = "daftar"
    """A plan that may be handed out, or the frozen list it became."""
    SCORE = "skor"
    """A score version: without one there is nothing to say (``NO_SCORE``)."""
    MODEL = "data"
    """The read model of what is stored now."""
    VILLAGES = "desa"
    """Codes of villages."""
    KABUPATEN = "kabupaten"
    LEVEL = "tingkat"
    ROLE = "peran"


class Screen(StrEnum):
    """Which screen, or part of one, offers a document."""

    DOCUMENTS = "Rencana → Dokumen"
    COSTS = "Rencana → Biaya"
    SCHEDULE = "Rencana → Jadwal"
    SESSIONS = "Sesi"
    TARGETS = "Desa Sasaran"
    MODEL = "Model"
    MAP = "Peta"


class Leak(StrEnum):
    """Which score versions are tested for giving counts away before a document leaves."""

    PLAN = "rencana"
    """The version the plan was made from."""
    NEWEST = "terbaru"
    """The version the read model holds, or the newest."""
    BOTH = "keduanya"
    NONE = "tidak"
    """The document tells no figure and no class of a village."""


@dataclass(frozen=True)
class DocumentRequest:
    """What somebody asks for. An empty ``purpose`` means the document's own; empty ``codes`` mean every village.

    ``snapshot``: the read model, where the caller has one. ``by_rank``: a table goes from the highest score down.
    ``content`` draws what only a screen knows how to draw. ``actor`` is set by the act of handing over.
    """

    lang: str = "id"
    purpose: str = ""
    target_list: TargetList | None = None
    codes: tuple[str, ...] = ()
    kabupaten: str = ""
    level: str = "desa"
    role: str = DEFAULT_ROLE
    by_rank: bool = False
    snapshot: Snapshot | None = None
    content: Callable[[], bytes] | None = None
    actor: Actor | None = None

    def listed(self) -> TargetList:
        """The list. Raises `WrongUse` (``PLAN_FILE``) when none was given."""
        if self.target_list is None:
            raise WrongUse("PLAN_FILE", path="–")
        return self.target_list

    def model(self) -> Snapshot:
        """The read model; `hand_over_document` loads it for documents that need it."""
        assert self.snapshot is not None, "the document's row does not say that it needs the read model"
        return self.snapshot

    @property
    def villages(self) -> int:
        """Villages of the list."""
        return len(self.target_list.plan["villages"]) if self.target_list else 0


@dataclass(frozen=True)
class Destination:
    """Where a document is made: the store it is read from, its workspace, the file to write."""

    store: Store
    workspace: Workspace
    path: Path


Writer = Callable[[DocumentRequest, Destination], int]
"""Writes the file and returns how many rows or pages it holds."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """One document. Its texts are ``serah.dokumen.<key>`` (name in the log), ``dokumen.berkas.<key>`` (beginning of the
    file's name), ``dokumen.untuk.<key>`` (for whom), and ``dokumen.layar.<key><extension>`` where a screen lets choose.

    ``writers``: by extension; ``offered``: those a screen lets choose, empty: all. ``takes``: what may be given beside
    what it ``needs``. ``purpose``: the usual one, the only one unless ``asks_purpose``. ``command``: the command made
    from this row, ``said`` the text key of what it says then; ``made_by``: another command that makes it on the way.
    ``counts_pages``: what a writer counts are pages, not rows. ``complete`` fills in what was not given. ``public``:
    everybody may have it, of any area; without it is the office's, for its own areas.
    """

    key: str
    writers: dict[str, Writer]
    leak: Leak
    needs: frozenset[Need] = frozenset()
    takes: frozenset[Need] = frozenset()
    purpose: str = PURPOSES[0]
    asks_purpose: bool = True
    screens: tuple[Screen, ...] = ()
    offered: tuple[str, ...] = ()
    command: str = ""
    said: str = ""
    made_by: str = ""
    counts_pages: bool = False
    public: bool = False
    complete: Callable[[DocumentRequest, Any], DocumentRequest] | None = None

    def __post_init__(self) -> None:
        if not self.writers or not set(self.writers) <= set(MIME):
            raise TypeError(f"document {self.key!r} has no writer, or a format without a type: {list(self.writers)}")
        if self.purpose not in PURPOSES:
            raise TypeError(f"document {self.key!r} has no purpose of {PURPOSES}")
        if self.leak in (Leak.PLAN, Leak.BOTH) and Need.LIST not in self.needs | self.takes:
            raise TypeError(f"document {self.key!r} is guarded by a plan it does not take")
        if self.public and Need.LIST in self.needs | self.takes:
            raise TypeError(f"document {self.key!r} holds a list and is not for everybody")

    @property
    def formats(self) -> tuple[str, ...]:
        """Extensions, with their dot."""
        return tuple(self.writers)

    @property
    def choices(self) -> tuple[str, ...]:
        """Extensions a screen lets choose."""
        return self.offered or self.formats

    @property
    def title(self) -> str:
        return f"serah.dokumen.{self.key}"

    @property
    def stem(self) -> str:
        return f"dokumen.berkas.{self.key}"

    @property
    def readers(self) -> str:
        return f"dokumen.untuk.{self.key}"

    def label(self, suffix: str) -> str:
        return f"dokumen.layar.{self.key}{suffix}"

    def text_keys(self) -> list[str]:
        """Every text the row needs."""
        labels = [self.label(suffix) for suffix in self.choices] if Screen.DOCUMENTS in self.screens else []
        commands = [f"cli.bantuan_{self.command.replace('-', '_')}", self.said] if self.command else []
        return [self.title, self.stem, self.readers, *labels, *commands]

    def check_format(self, name: str) -> str:
        """The extension of a file name. Raises `WrongUse` (``UNKNOWN_FORMAT``) for one the document does not have."""
        suffix = Path(name).suffix.lower()
        if suffix not in self.writers:
            raise WrongUse("UNKNOWN_FORMAT", format=suffix or name, allowed=", ".join(self.formats))
        return suffix

    def file_name(
        self, version: str, contoh: bool, suffix: str, *, stem: str = "", today: dt.date | None = None
    ) -> str:
        """A name that carries version and day, and DATA-CONTOH when it must. ``stem``: key of another beginning."""
        mark = "-DATA-CONTOH" if contoh else ""
        return f"{t(stem or self.stem)}-{version}-{(today or dt.date.today()).isoformat()}{mark}{suffix}"

    def list_file_name(self, target_list: TargetList, suffix: str, today: dt.date | None = None) -> str:
        """The name of a document of a list."""
        return self.file_name(target_list.name, bool(target_list.plan.get("data_contoh")), suffix, today=today)
