"""What the parts of text keys may be, where the code takes them from a registry or from what is stored.

By the pattern of the key, ``{}`` for each part: the registry or enumeration that the values come from; a tuple a key
where it has several parts. `tests/house/test_dynamic_keys.py` finds every key in both languages. Where the values are
written out here, they are the columns or steps of the one function named beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

import cli
from campaign.access.accounts import SOURCES
from campaign.documents import decree
from campaign.documents.briefing import note
from campaign.documents.listing.columns import CHANCE_WORDS, LIST_COLUMNS
from campaign.evidence.trail import Group
from campaign.handover import log
from campaign.handover.hotspot_files import ABOUT
from campaign.handover.lists import CARRIED_OUT, STATUSES
from campaign.handover.purposes import PURPOSES
from campaign.handover.score_table import SCORE_COLUMNS
from campaign.intake.concurrent_changes import ACTS
from campaign.maps.filter import WAYS
from campaign.maps.registry import LAYERS
from campaign.model import card, second_list, tested
from campaign.model.second_list import LISTS
from campaign.planning import help as helping
from campaign.planning.effort import Effort
from campaign.planning.plan import WAYS as WAYS_IN
from campaign.planning.prices import rules_in_use
from campaign.planning.request import OBJECTIVES, REASONS, PlanRequest
from campaign.planning.schedule import AGENCIES, FAULTS
from campaign.planning.solver.conflict import LIFTED
from campaign.planning.warnings import CODES
from campaign.reading.card import CHANCES
from campaign.reading.summary import TREND
from campaign.sessions.replies import MORE, STATES
from campaign.sessions.topics import AUDIENCES, TOPICS
from campaign.statements.changes import OBSTACLES
from campaign.statements.factors import ORDER_BY
from data.choose import WHY_NOT, WHY_USED
from data.domain.kinds import KINDS
from data.domain.levels import DRAWN, LEVELS
from data.domain.measures import MEASURES
from data.domain.roles import ROLES
from data.intake.kinds.titik import OTHER, TYPES
from data.store.notices import ABOUT as ABOUT_NOTICES
from geo.boundaries.composition import APPROXIMATE, MIXED, OFFICIAL
from pages.parts.peta.saringan import BY_ZOOM
from pages.parts.rencana.isian import BUDGETS
from risk.clusters import hotspots
from risk.evaluation import evaluate, price
from risk.evaluation.baselines import TELLING
from risk.pairs import RANKING
from risk.scoring.bands import Band, Grade
from risk.scoring.choices import RANKINGS
from risk.scoring.covariates import COVARIATES, EFFECTS, FIFTHS, PEOPLE
from risk.scoring.evidence import Evidence
from risk.scoring.observed import CASE_KINDS
from risk.scoring.reasons import NOTHING, Status, Way
from words import catalogue

FACTORS = (*COVARIATES, PEOPLE, *EFFECTS.values())
COMPARED = [name for name, one in COVARIATES.items() if one.compared]
HELP = helping.kinds()
ASSUMPTIONS = [one.name for one in fields(Effort)]
ROOT = Path(__file__).resolve().parents[2]
# The router draws when it is imported, so its table of pages is read as text.
PAGES = re.findall(r'^    Entry\("(\w+)"', (ROOT / "pages" / "start.py").read_text(encoding="utf-8"), re.MULTILINE)
COMMANDS = cli.commands()
OPTIONS = {
    action.dest if f"cli.opsi.{name}.{action.dest}" not in catalogue() else f"{name}.{action.dest}"
    for name, parser in COMMANDS.items()
    for action in parser._actions
}
EVERY_RULE = PlanRequest(
    villages=1,
    floor_per_kabupaten=1,
    floor_per_island=1,
    ceiling_per_kabupaten=1,
    ceiling_per_island=1,
    must=("53.01.04.2003",),
    exclude={"53.20": "O3"},
)

_SOURCES: dict[str, Iterable[str | tuple[str, ...]]] = {
    "akun.sumber_{}": SOURCES,
    # --- the score -----------------------------------------------------------------------------------------------
    "jejak.kelompok.{}": Group,
    "prioritas.{}": Band,
    "kartu.mutu_arti.{}": Grade,
    "kartu.bukti.{}": Evidence,
    "peta.bukti.{}": Evidence,
    "kartu.p.{}": CHANCES,
    "peluang.{}": CHANCES,
    "kartu.jenis.{}": ("desa", "kelurahan"),  # the gazetteer's column jenis
    "kartu.lapor.{}": LISTS,
    "lapor.daftar.{}": LISTS,
    "lapor.meja.{}": ("meja", "pusat"),  # risk.scoring.reporting.travel_hours
    "peta.alasan.{}": WAYS,
    "peta.faktor.{}": FACTORS,
    "banding.faktor.{}": (*FACTORS, RANKING),
    "alasan.{}": (
        *FACTORS,
        *(f"belum_ada.{name}" for name in (*COVARIATES, PEOPLE)),
        NOTHING,
        *(f"{why}.{ranking}" for why in ORDER_BY for ranking in RANKINGS),
    ),
    "pernyataan.{}": (Way.UP, Way.DOWN, Way.DIFFERS, Status.UNTESTED),
    "pernyataan.{}.{}": [(kind, side) for kind in ("angka", "laporan") for side in ("atas", "bawah")],
    "pernyataan.pendorong.{}": ("sebab", "beda"),  # campaign.statements.factors.drivers
    "pernyataan.cara.{}": WAYS_IN,
    "pernyataan.utama_{}": ("terbanyak", "semua"),  # campaign.statements.headlines.score_headline
    "pernyataan.daftar.{}": ("pasti", "tidak_pasti"),  # campaign.statements.shares.sureness_sentences
    "pernyataan.tak_sebanding.{}": OBSTACLES,
    "pernyataan.nilai.{}": ("naik", "turun", "beda"),  # campaign.statements.gains.gain_sentence
    "banding.{}": ("belum_jelas", "lebih", "kurang"),  # campaign.statements.factors.cause
    "model.langkah.{}": COVARIATES,
    "model.kelompok.{}": ("pulau", "kabupaten", *COMPARED),
    "model.{}.{}": (
        *(("matang", one) for one in card.MATURITY),
        *(("matang_arti", one) for one in card.MATURITY),
        *((name, str(i + 1)) for name in COMPARED for i in range(FIFTHS)),
    ),
    "model.matang.{}": card.MATURITY,
    "model.matang_arti.{}": card.MATURITY,
    "model.jenis.{}": CASE_KINDS,
    "model.bab.{}": (*card.CHAPTERS, "setelan"),
    "setelan.{}": ("jam", "miskin", "rendah", "tengah", "tinggi"),  # pages.parts.model.setelan._editor
    "model.cara.{}": price.WAYS,
    "model.menilai.{}": evaluate.STEPS,
    "model.adil_{}": ("kurang", "lebih"),  # campaign.model.card._passed_over
    "evaluasi.{}": ("published", *TELLING, *RANKINGS, *tested.SIMPLE),
    "evaluasi.judul.{}": ("truth", "rolling"),  # risk.evaluation.evaluate: mode
    # --- who may do what -----------------------------------------------------------------------------------------
    "peran.{}": ROLES,
    "peran.lingkup_{}": ("seluruh", "semua", "wilayah"),  # campaign.office.responsibilities.role_table
    "peringatan.{}": ABOUT_NOTICES,
    "persis.kolom.{}": ("indikator", "level", "kode", "nama", "masa", "value", "source"),  # pages.parts.masuk.persis
    # --- the map -------------------------------------------------------------------------------------------------
    "peta.lapisan.{}": LAYERS,
    "peta.legenda.{}": (*LAYERS, "selisih"),
    "peta.belum.{}": {layer.missing for layer in LAYERS.values() if layer.missing},
    "peta.warisan.{}": DRAWN[1:],
    "peta.arti.selisih{}": ("", "_peringkat"),  # pages/peta.py: two_maps
    "tingkat.{}": (*LEVELS, BY_ZOOM),
    "titik.{}": (*TYPES, OTHER, "pusat"),
    "batas.{}": (OFFICIAL, MIXED, APPROXIMATE),
    # --- plans ---------------------------------------------------------------------------------------------------
    "rencana.cara.{}": WAYS_IN,
    "rencana.cara_arti.{}": WAYS_IN,
    "dokumen.cara.{}": WAYS_IN,
    "dokumen.p.{}": CHANCE_WORDS,
    "rencana.alasan.{}": REASONS,
    "dokumen.override.{}": REASONS,
    "rencana.anggapan.{}": ASSUMPTIONS,
    "rencana.anggaran.{}": BUDGETS,
    "rencana.aturan.{}": rules_in_use(EVERY_RULE, months_bind=True),
    "rencana.bentrok.{}": LIFTED.keys() - {"budget"},
    "rencana.bentrok.anggaran_{}": ("hari", "desa", "juta"),
    "rencana.banding.{}": ("rencana", "by_score", "by_score_x_population", "greedy", *OBJECTIVES),
    "rencana.sasaran.{}": OBJECTIVES,
    "rencana.tak_dibedakan.{}": ("grade_d", "coarse"),
    "rencana.arah.{}": ("kurang", "lebih", "berbeda"),
    "rencana.peringatan.{}": CODES,
    "dokumen.aturan.{}": OBJECTIVES,
    "rencana.keputusan.{}": ("keluarkan", "hindari"),  # pages/parts/rencana/isian.py: decisions
    "rencana.langkah.{}": ("jarak", "pilih", "harga"),  # campaign.planning.plan.make_plan: tell
    "bulan.{}": map(str, range(1, 13)),
    "bantuan.{}": HELP,
    "bantuan.lengkap.{}": HELP,
    "bantuan.ukuran.{}": {kind.measure for kind in HELP.values()},
    "khalayak.{}": AUDIENCES,
    "topik.{}": TOPICS.values(),
    "pelaksana.{}": ("", *AGENCIES),
    "jadwal.galat.{}": FAULTS,
    "jadwal.hari.{}": map(str, range(7)),
    # --- documents -----------------------------------------------------------------------------------------------
    "dokumen.status.{}": (*STATUSES, CARRIED_OUT),
    "dokumen.tujuan_pakai.{}": PURPOSES,
    "dokumen.jenis.{}": KINDS,
    "dokumen.kamus.{}": {column.filled_by for column in LIST_COLUMNS},
    "dokumen.layar.tombol.{}": ("dibuat", "diperiksa", "disetujui"),  # the steps of campaign.handover.lists.sign
    "nota.bagian.{}": note._PARTS,
    "nota.data.{}": ("kemiskinan", "idm", "batas", "penduduk"),  # campaign.documents.briefing.facts
    "nota.putusan.{}": ("laksana", "setuju"),  # campaign.documents.briefing.facts
    "sk.hukum.{}": [str(i + 1) for i in range(decree.NOTES)],
    "sk.mengingat.{}": [str(i + 1) for i in range(decree.LAWS)],
    "kamus.{}": {*(one.name for one in SCORE_COLUMNS), *hotspots.HOTSPOT_COLUMNS, *second_list.ASSUMED_COLUMNS},
    "{}.judul": ("daftar", "pelaporan", ABOUT, "tentang.untuk", "tentang.bukan", "tentang.metode", "tentang.kelas"),
    "{}.tujuan": ("daftar", "pelaporan", ABOUT),
    "{}.ketidakpastian": ("daftar", "pelaporan", ABOUT),
    # --- data in -------------------------------------------------------------------------------------------------
    "data.jenis.{}": KINDS,
    "data.bentuk.{}": KINDS,
    "templat.jenis.{}": [name for name, kind in KINDS.items() if kind.template],
    "templat.arti.{}": {column.what for kind in KINDS.values() for column in kind.template},
    "data.status.{}": ("aktif", "dibatalkan"),  # data.store: a batch's status
    "pilih.{}": (*WHY_USED, *WHY_NOT, "ada_yang_lebih_baru"),
    "pratinjau.status.{}": ("baru", "berubah", "mengganti", "tidak_dipakai"),  # campaign.intake.comparison
    "sela.{}": ACTS.values(),
    "lembar.keadaan.{}": STATES,
    "klarifikasi.{}": ("status", "pulau", "jarak", "sesi", *MORE),  # campaign.sessions.replies.held
    "indikator.{}": {indikator for _, indikator in TREND} | (COVARIATES.keys() & MEASURES.keys()),
    "ingatan.lupakan_{}": ("nama", "kolom"),  # pages/parts/masuk/ingatan.py
    "bagian.{}": ("sheet", "layer"),  # pages/parts/masuk/bagian.py: note_parts
    "nama.{}": ("biarkan",),  # pages/parts/masuk/nama.py: LEAVE
    "nama.{}_{}": [("lain", level) for level in DRAWN],
    "bidang.{}": ("kode", "nama", "tahun", "periode", "indikator", "nilai"),  # others are shown by their own names
    "cli.opsi.{}": OPTIONS,
    "cli.bantuan_{}": [name.replace("-", "_") for name in COMMANDS],
    "halaman.{}": PAGES,
    "halaman.{}_bantuan": PAGES,
    "sasaran.format{}": (".xlsx", ".csv", ".gpkg", ".geojson", ".kml"),  # pages/sasaran.py: FORMATS
    # --- columns of tables ---------------------------------------------------------------------------------------
    "asal.{}": [
        "jenis",
        "sumber",
        "masa",
        "per",
        "oleh",
        "berkas",
        "sidik",
        "baris",
        "refused",
        "skipped",
        "catatan",
        "dibatalkan",
    ],
    "biaya.kolom.{}": [
        "apa",
        "banyak",
        "harga",
        "jumlah",
        "anggapan",
        "nilai",
        "sumber",
        "trip",
        "kabupaten",
        "kecamatan",
        "desa",
        "hari",
        "biaya_rp",
        "kode_desa",
        "desa_kel",
        "moda",
        "hari_tim",
        "hari_jalan",
    ],
    "data.{}": ("errors", "proposals", "warnings", "skipped"),
    "data.kolom.{}": ("row", "column", "message", "value", "kode", "similarity"),
    "desa.kolom.{}": [
        "jenis",
        "nama",
        "km",
        "sumber",
        "tanggal",
        "topik",
        "peserta",
        "kecamatan",
        "prioritas",
        "selang",
        "versi",
        "skor",
        "angka",
        "nilai",
        "tingkat",
        "masa",
        "umur",
    ],
    "dokumen.meta.{}": [
        "judul",
        "nama",
        "tujuan",
        "dipakai_untuk",
        "tingkat",
        "status_data",
        "skor_lama",
        "versi",
        "rencana",
        "hash",
        "status",
        "dibuat",
        "diperiksa",
        "disetujui",
        "berlaku",
        "menggantikan",
        "jumlah",
        "anggaran",
        "tarif",
        "aturan",
        "benih",
        "skor",
        "sumber",
        "usulan",
        "supresi",
        "berkas",
        "larangan",
    ],
    "dokumen.ov.{}": ("kode", "nama", "arah", "kode_override", "arti", "uraian"),
    "dokumen.rekap.{}": [
        "kode_kab",
        "kabupaten",
        "desa",
        "hari_tim",
        "biaya_rp",
        "penduduk",
        "persen_penduduk",
        "pemerataan",
        "eksplorasi",
        "override",
    ],
    "jadwal.kolom.{}": [
        "tim",
        "mulai",
        "selesai",
        "kecamatan",
        "desa",
        "pelaksana",
        "hari",
        "moda",
        "hindari",
        "kabupaten",
    ],
    "lembar.kolom.{}": ["nomor", "desa", "hal", "lama", "baru", "keadaan", "alasan", "oleh"],
    "metadata.{}": [
        "judul",
        "tujuan",
        "status_data",
        "tingkat",
        "jumlah_baris",
        "versi_skor",
        "dibuat_skor",
        "dibuat_berkas",
        "versi_masukan",
        "batas",
        "sumber_batas",
        "kabupaten_perkiraan",
        "sumber_data",
        "ketidakpastian",
        "larangan",
    ],
    "nota.{}": ["yth", "dari_siapa", "nomor", "tanggal", "sifat", "lampiran", "hal"],
    "pratinjau.kolom.{}": ["nama", "lama", "baru", "status", "indikator", "kabupaten"],
    "rad.kolom.{}": ["kabupaten", "desa"],
    "serah.kolom.{}": set(log.LOG_COLUMNS) - {"versi"},
    "sesi.{}": ["laki", "perempuan", "rujukan", "pre", "post"],
    "sumber.kolom.{}": ["sumber", "wilayah", "dipakai", "alasan"],
    "{}.{}": (
        *(("dokumen.tujuan_pakai", purpose) for purpose in PURPOSES),
        *(("serah.dokumen", one) for one in ("skor", "daftar", "nota", "klarifikasi", "rad", "atlas", "briefing")),
        *((f"tentang.{name}", "1") for name in ("untuk", "bukan", "metode", "kelas")),
    ),
}
REGISTRIES = {pattern: list(values) for pattern, values in _SOURCES.items()}
