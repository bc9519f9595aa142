"""Plans and schedules as the JSON documents they are: what each key holds.

A plan's version is the hash of its content, so a plan is kept and handed on as it was written. Keys that plans of
earlier versions of this program lack are marked.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


class PlanVillage(TypedDict):
    """A village of a plan. ``how`` is how it came in (`campaign.planning.plan.WAYS`); ``trip`` the kecamatan it is
    visited with, ``trip_days`` and ``trip_rp`` what that way takes, whoever shares it; ``p_top`` the chance that it is
    among as many of the highest as the plan has villages."""

    kode: str
    how: str
    team_days: float
    trip: str
    trip_days: float
    pulau: str
    laut: bool
    musim_hindari: list[int]
    orang: int
    p_top: float
    biaya_rp: NotRequired[int]
    trip_rp: NotRequired[int]


class TiedVillage(TypedDict):
    """A village that took part in a draw for ``tempat`` places among ``dari`` of one ``kelompok``: the code of the
    area they cannot be told apart in (kecamatan, kabupaten or province), with an island where one has rules of its own.
    ``lewat``: its turn came, its way did not fit into the days or rupiah left."""

    kode: str
    kelompok: str
    tempat: int
    dari: int
    terpilih: bool
    lewat: NotRequired[bool]


class AreaLeftOut(TypedDict):
    """An area (village, kecamatan or kabupaten) that a person left out, and why."""

    kode: str
    alasan: str


class AreaPrice(TypedDict):
    """Team-days an area costs more because a floor brought it in."""

    wilayah: str
    hari: float


class BindingRule(TypedDict):
    """A rule that holds the plan back: key and values for the catalogue of texts; for floors the areas they cost."""

    kunci: str
    nilai: dict[str, Any]
    rincian: NotRequired[list[AreaPrice]]


class HelpGround(TypedDict):
    """What the rule of a kind of help looked at."""

    ukuran: str
    tingkat: str
    ambang: float
    sumber: str


class PlanHelp(TypedDict):
    """Kinds of help proposed by village, the grounds by kind, and the kinds whose measure is not held."""

    usulan: dict[str, list[str]]
    dasar: dict[str, HelpGround]
    tanpa_data: list[str]


class PlanWarning(TypedDict, total=False):
    """A warning by ``code`` (`campaign.planning.warnings.CODES`) and its numbers; shares are 0-1."""

    code: str
    kabupaten: str
    nama: str
    villages: int
    of: int
    share: float
    expected_share: float
    grade_d: int
    coarse: int
    gap: float


class KeptRequest(TypedDict, total=False):
    """`campaign.planning.request.PlanRequest` as a plan keeps it."""

    team_days: float | None
    villages: int | None
    rupiah: float | None
    floor_per_kabupaten: int
    floor_per_island: int
    ceiling_per_kabupaten: int | None
    ceiling_per_island: int | None
    must: list[str]
    must_reasons: dict[str, str]
    exclude: dict[str, str]
    explore: float
    months: list[int]
    avoid: dict[str, list[int]]
    seed: str | None
    effort: dict[str, float]
    effort_sources: dict[str, str]
    name: str
    keep: list[str]
    objective: str


class PlanContent(TypedDict):
    """Everything the version of a plan is made of."""

    name: NotRequired[str]
    score_version: str
    data_contoh: NotRequired[bool]
    made: str
    seed: str
    team_days: float | None
    villages_asked: int | None
    rupiah: NotRequired[float | None]
    used_team_days: float
    used_rupiah: NotRequired[int]
    objective: float
    solver: str
    gap: float
    villages: list[PlanVillage]
    tie_zone: list[TiedVillage]
    binding: list[str]
    rules: list[BindingRule]
    baselines: dict[str, float]
    warnings: NotRequired[list[PlanWarning]]
    bantuan: NotRequired[PlanHelp]
    excluded: list[AreaLeftOut]
    wishes: KeptRequest


class Plan(PlanContent):
    """A plan; ``version`` is ``R<day>-<hash of the content>``."""

    version: str


class ScheduleTerms(TypedDict):
    """`campaign.planning.schedule.Terms` as a schedule keeps them; days as ISO text."""

    start: str
    teams: int
    weekdays: list[int]
    days_off: list[str]
    agency: str


class ScheduleStop(TypedDict):
    """A village of a trip: which one in order, its day, and the days of the trip before its session."""

    kode: str
    urutan: int
    tanggal: str | None
    sebelum: float


class ScheduleTrip(TypedDict):
    """A trip to the kecamatan ``trip``: team, agency, first and last day, team-days, months it avoids, villages."""

    trip: str
    tim: int
    pelaksana: str
    mulai: str | None
    selesai: str | None
    hari: float
    hindari: list[int]
    desa: list[ScheduleStop]


class TripChange(TypedDict, total=False):
    """What a person changes of a trip: team, agency, first day (ISO text; None takes its dates away)."""

    tim: int
    pelaksana: str
    mulai: str | None


class ScheduleFault(TypedDict):
    """Something people should look at: ``kunci`` is ``tanpa_tanggal, musim, hari_libur`` or ``bertabrakan``."""

    kunci: str
    trip: str
    tim: int


class Schedule(TypedDict):
    """The terms a schedule was made under, and its trips."""

    syarat: ScheduleTerms
    perjalanan: list[ScheduleTrip]
