"""A village's answer to its clarification sheet: what is held, what it says is wrong, who decided, what is to do.

Only services and conditions: a sheet holds no events, and an answer that speaks of them, or of a person, is not kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from campaign.permission import act, within
from campaign.reading.snapshot import Snapshot
from campaign.reading.village import figures_held, island_name, services
from campaign.sessions.sheet_code import read_sheet_code
from data.domain.actor import Actor
from data.domain.capitals import distance_to_seat
from data.domain.roles import Act
from data.errors import WrongUse
from data.remarks import remark
from data.store.parts.requests import ChangeRequest
from data.store.store import Store
from words import date_text, has, number, t
from words.stigma import refuse_stigma

FIGURES, SERVICES = 7, 5
"""Most figures and services on a sheet."""
MORE = ("sarana", "lain")
"""What a sheet leaves room for besides: ticks for what the village has, and whatever else."""
LONGEST = 200
STATES = ("diajukan", "diterima", "selesai", "dicatat", "ditolak")
"""Where a correction stands: asked for; accepted, and an import is to bring it in; brought in; accepted where no import
is for it, because the team or the gazetteer's keeper knows now; rejected."""
_IMPORTS = {
    "angka": "indikator",
    "layanan": "titik",
    "sesi": "sesi",
    "jarak": "batas",
    "pulau": "batas",
    "sarana": "indikator",
}
_EVENTS = re.compile(
    r"\b(?:korban|kasus|tppo|meninggal|jenazah|calo|perekrut|pelaku|tersangka|diperdagangkan|victims?|"
    r"trafficking|trafficked|deaths?)\b"
)

_PEOPLE = re.compile(r"\b(?:[Ii]bu|[Bb]apa?k?|[Pp]ak|[Bb]u|[Mm]ama|[Kk]akak|[Ss]uster|[Rr]omo|[Pp]astor)\s+[A-Z][a-z]+")


@dataclass(frozen=True)
class Held:
    """One line of a sheet: its key (``status, pulau, jarak, angka.<indikator>, layanan.<jenis>, sesi``), and in words
    what it is, what it says now and where from."""

    hal: str
    label: str
    value: str
    source: str = ""


def held(snapshot: Snapshot, kode: str, lang: str = "id") -> list[Held]:
    """What is known of a village's services and conditions and may be corrected there; no events, no scores."""
    place = snapshot.places["desa"].loc[kode]
    out = [Held("status", t("klarifikasi.status", lang), t(f"kartu.jenis.{place['jenis']}", lang))]
    if island := island_name(snapshot, kode, lang):
        out.append(Held("pulau", t("klarifikasi.pulau", lang), island))
    around = snapshot.places["desa"][snapshot.places["desa"]["kode_kab"] == place["kode_kab"]]
    away = float(distance_to_seat(around.reset_index(drop=True)).to_numpy(float)[list(around.index).index(kode)])
    if pd.notna(away):
        said = t("klarifikasi.km", lang, km=number(away, lang))
        out.append(Held("jarak", t("klarifikasi.jarak", lang), said))
    return [*out, *_figures(snapshot, kode, lang), *_services(snapshot, kode, lang), _session(snapshot, kode, lang)]


def label_of(hal: str, lang: str = "id") -> str:
    """What a line is about, in words."""
    name, _, what = hal.partition(".")
    if name == "angka":
        return _figure_label(what, lang)
    if name == "layanan":
        return t("klarifikasi.layanan", lang, jenis=_service_label(what, lang))
    return t(f"klarifikasi.{name}", lang)


def import_of(hal: str, snapshot: Snapshot) -> str:
    """The kind of import that brings a correction into the data; empty where none does (``status``, ``lain``)."""
    name, _, what = hal.partition(".")
    if name == "angka" and (snapshot.figures["indikator"] == what).any():
        return str(snapshot.figures.loc[snapshot.figures["indikator"] == what, "jenis"].iloc[0])
    return _IMPORTS.get(name, "")


@act(Act.ENTER_REPLY)
def propose(
    actor: Actor,
    store: Store,
    snapshot: Snapshot,
    code: str,
    wrong: Mapping[str, str],
    *,
    now: dt.datetime | None = None,
    lang: str = "id",
) -> list[int]:
    """Keeps what one sheet says is wrong (``hal`` → what is right) as change requests; returns their numbers.

    Raises as `read_sheet_code`, and `WrongUse`: ``REPLY_EMPTY``, ``REPLY_UNKNOWN`` (a line the sheet does not have),
    ``REPLY_SAME`` (nothing differs), ``REPLY_EVENTS`` (it speaks of events), ``REQUEST_TWICE``, ``STIGMA``; `Refused`
    (``PII_VALUE``). Nothing is kept then.
    """
    lembar, kode, versi = read_sheet_code(code, store)
    within(actor, Act.ENTER_REPLY, [kode])
    known = {line.hal: line for line in held(snapshot, kode, lang)}
    rows = []
    for hal, text in wrong.items():
        if hal not in known and hal not in MORE:
            raise WrongUse("REPLY_UNKNOWN", hal=hal[:40])
        said = remark(text, 1, LONGEST)
        refuse_stigma(said)
        if _EVENTS.search(said.casefold()) or _PEOPLE.search(said):
            raise WrongUse("REPLY_EVENTS", hal=label_of(hal, lang))
        before = known[hal].value if hal in known else ""
        if said.casefold() == before.casefold():
            raise WrongUse("REPLY_SAME", hal=label_of(hal, lang))
        rows.append(
            {"lembar": lembar, "kode": kode, "versi": versi, "hal": hal, "nilai_lama": before, "nilai_baru": said}
        )
    if not rows:
        raise WrongUse("REPLY_EMPTY")
    numbers: list[int] = store.requests.ask(rows, user=actor.name, now=now or _now())
    return numbers


@act(Act.DECIDE_REPLY)
def decide(
    actor: Actor, store: Store, number: int, *, accept: bool, reason: str = "", now: dt.datetime | None = None
) -> None:
    """Accepts a request, or rejects it with a reason. Raises as `Store.requests.decide` and `data.remarks.remark`."""
    within(actor, Act.DECIDE_REPLY, _villages_of(store, number))
    said = remark(reason, 1) if accept and reason.strip() else "" if accept else remark(reason)
    store.requests.decide(number, "diterima" if accept else "ditolak", said, user=actor.name, now=now or _now())


@act(Act.FINISH_REPLY)
def finish(actor: Actor, store: Store, snapshot: Snapshot, number: int, batch: str) -> None:
    """Says which import brought an accepted change into the data.

    Raises as `Store.requests.resolve`, and `WrongUse` (``REQUEST_OTHER_KIND``) for a batch of another kind than the
    change needs.
    """
    within(actor, Act.FINISH_REPLY, _villages_of(store, number))
    own = next((row for row in store.requests.all() if row.id == number), None)
    batches = store.batches.all()
    brought = batches[batches["batch"] == batch]
    if own and len(brought):
        wanted = import_of(own.hal, snapshot)
        if wanted and wanted != brought["jenis"].iloc[0]:
            raise WrongUse("REQUEST_OTHER_KIND", nomor=number, jenis=wanted)
    store.requests.resolve(number, batch, user=actor.name)


def _villages_of(store: Store, number: int) -> list[str]:
    return [row.kode for row in store.requests.all() if row.id == number]


@dataclass(frozen=True)
class Tally:
    """How many requests stand where: ``accepted`` are not in the data yet, ``done`` need nothing more."""

    asked: int = 0
    accepted: int = 0
    done: int = 0
    rejected: int = 0

    @property
    def all(self) -> int:
        return self.asked + self.accepted + self.done + self.rejected


def tally(store: Store) -> Tally:
    """The requests of all sheets, counted."""
    states = [state_of(row) for row in store.requests.all()]
    done = states.count("selesai") + states.count("dicatat")
    return Tally(states.count("diajukan"), states.count("diterima"), done, states.count("ditolak"))


def state_of(row: ChangeRequest) -> str:
    """Which of `STATES` a correction is in."""
    if row.status == "diterima" and row.hal.partition(".")[0] not in _IMPORTS:
        return "dicatat"
    return "selesai" if row.batch else row.status


def _figures(snapshot: Snapshot, kode: str, lang: str) -> list[Held]:
    # Only what is said of the village itself: nobody there can correct a figure of the kabupaten.
    own = snapshot.figures[(snapshot.figures["level"] == "desa") & (snapshot.figures["kode"] == kode)]
    keys = {_figure_label(str(name), lang): str(name) for name in own["indikator"]}
    rows = [row for row in figures_held(snapshot, kode, lang).to_numpy().tolist() if row[2] == t("tingkat.desa", lang)]
    return [
        Held(f"angka.{keys[name]}", name, str(value), f"{source}, {year}")
        for name, value, _, year, _, source in rows[:FIGURES]
    ]


def _services(snapshot: Snapshot, kode: str, lang: str) -> list[Held]:
    keys = {_service_label(str(kind), lang): str(kind) for kind in snapshot.points["jenis"].unique()}
    return [
        Held(f"layanan.{keys[kind]}", t("klarifikasi.layanan", lang, jenis=kind), f"{name} ({km})", str(source))
        for kind, name, km, source in services(snapshot, kode, lang).to_numpy().tolist()[:SERVICES]
        if kind in keys
    ]


def _session(snapshot: Snapshot, kode: str, lang: str) -> Held:
    days = snapshot.sessions[snapshot.sessions["kode"] == kode]["tanggal"]
    last = date_text(pd.Timestamp(days.max()).date(), lang) if len(days) else t("dokumen.belum_ada", lang)
    return Held("sesi", t("klarifikasi.sesi", lang), last)


def _figure_label(name: str, lang: str) -> str:
    return t(f"indikator.{name}", lang) if has(f"indikator.{name}") else name.replace("_", " ")


def _service_label(kind: str, lang: str) -> str:
    return t(f"titik.{kind}", lang) if has(f"titik.{kind}") else kind


def _now() -> dt.datetime:
    return dt.datetime.now().replace(microsecond=0)
