"""Every document the product hands out, one row each. Screens, commands, docs/dokumen.md and tests loop over them."""

from __future__ import annotations

from campaign.documents import makers
from campaign.handover.document import TABLE_FORMATS, Document, Leak, Need, Screen, Writer
from data.errors import WrongUse


def _table(writer: Writer) -> dict[str, Writer]:
    return dict.fromkeys(TABLE_FORMATS, writer)


LIST = Document(
    key="daftar",
    writers={
        ".xlsx": makers.list_workbook,
        ".csv": makers.list_csv,
        ".gpkg": makers.list_areas,
        ".geojson": makers.list_areas,
        ".kml": makers.list_areas,
    },
    leak=Leak.PLAN,
    needs=frozenset({Need.LIST}),
    screens=(Screen.DOCUMENTS,),
    command="export",
    said="cli.daftar_ditulis",
)
DECREE = Document(
    key="sk",
    writers={".docx": makers.decree},
    leak=Leak.PLAN,
    needs=frozenset({Need.LIST}),
    screens=(Screen.DOCUMENTS,),
    command="export",
    said="cli.daftar_ditulis",
)
TEAM_SHEETS = Document(
    key="tim",
    writers={".pdf": makers.team_paper},
    leak=Leak.PLAN,
    needs=frozenset({Need.LIST}),
    screens=(Screen.DOCUMENTS,),
    command="export",
    said="cli.daftar_ditulis",
)
BRIEFING = Document(
    key="nota",
    writers={".pdf": makers.briefing, ".docx": makers.briefing, ".pptx": makers.briefing},
    leak=Leak.BOTH,
    needs=frozenset({Need.SCORE, Need.MODEL}),
    takes=frozenset({Need.LIST}),
    purpose="penetapan",
    screens=(Screen.DOCUMENTS,),
    command="briefing",
    said="cli.nota_ditulis",
    complete=makers.with_newest_list,
)
ACTION_ROW = Document(
    key="rad",
    writers={".xlsx": makers.action_row, ".docx": makers.action_row},
    leak=Leak.PLAN,
    needs=frozenset({Need.LIST}),
    purpose="pelaporan",
    screens=(Screen.DOCUMENTS,),
    command="rad",
    said="cli.rad_ditulis",
)
CLARIFICATION = Document(
    key="klarifikasi",
    writers={".pdf": makers.clarification},
    leak=Leak.BOTH,
    needs=frozenset({Need.MODEL}),
    takes=frozenset({Need.LIST, Need.VILLAGES}),
    purpose="koordinasi",
    screens=(Screen.DOCUMENTS,),
    command="clarify",
    said="cli.klarifikasi_ditulis",
    counts_pages=True,
    complete=makers.with_villages,
)
ATLAS = Document(
    key="atlas",
    writers={".pdf": makers.atlas},
    leak=Leak.BOTH,
    needs=frozenset({Need.SCORE, Need.MODEL}),
    takes=frozenset({Need.LIST, Need.KABUPATEN}),
    command="atlas",
    said="cli.atlas_ditulis",
    counts_pages=True,
    complete=makers.with_newest_list,
)
CALENDAR = Document(
    key="kalender",
    writers={".pdf": makers.calendar},
    leak=Leak.PLAN,
    needs=frozenset({Need.LIST}),
    asks_purpose=False,
    screens=(Screen.SCHEDULE,),
    made_by="schedule",
)
COST_SHEET = Document(
    key="biaya",
    writers={".xlsx": makers.cost_book},
    leak=Leak.PLAN,
    needs=frozenset({Need.LIST}),
    asks_purpose=False,
    screens=(Screen.COSTS,),
)
SESSION_FORMS = Document(
    key="formulir",
    writers={".pdf": makers.team_paper},
    leak=Leak.PLAN,
    needs=frozenset({Need.LIST, Need.VILLAGES}),
    asks_purpose=False,
    screens=(Screen.SESSIONS,),
)
SCORES = Document(
    key="skor",
    writers=_table(makers.scores),
    public=True,
    leak=Leak.NEWEST,
    needs=frozenset({Need.SCORE}),
    takes=frozenset({Need.LEVEL, Need.ROLE, Need.VILLAGES}),
    screens=(Screen.TARGETS,),
    offered=(".xlsx", ".csv", ".gpkg", ".geojson", ".kml"),
    made_by="scores",
)
SECOND_LIST = Document(
    key="pelaporan",
    writers=_table(makers.second_list),
    public=True,
    leak=Leak.NEWEST,
    needs=frozenset({Need.SCORE}),
    takes=frozenset({Need.LEVEL, Need.ROLE}),
    made_by="scores --lapor",
)
HOTSPOTS = Document(
    key="konsentrasi",
    writers=_table(makers.hotspots),
    leak=Leak.NEWEST,
    needs=frozenset({Need.SCORE}),
    takes=frozenset({Need.LEVEL}),
    asks_purpose=False,
    made_by="hotspots",
)
MODEL_CARD = Document(
    key="kartu",
    writers={".md": makers.card, ".json": makers.card},
    public=True,
    leak=Leak.NONE,
    needs=frozenset({Need.SCORE}),
    purpose="pelaporan",
    asks_purpose=False,
    screens=(Screen.MODEL,),
    offered=(".md",),
    made_by="evaluate --out",
)
MAP_PICTURE = Document(
    key="gambar",
    writers={".svg": makers.drawn},
    public=True,
    leak=Leak.NONE,
    needs=frozenset({Need.MODEL}),
    asks_purpose=False,
    screens=(Screen.MAP,),
)

DOCUMENTS: tuple[Document, ...] = (
    LIST,
    DECREE,
    TEAM_SHEETS,
    BRIEFING,
    ACTION_ROW,
    CLARIFICATION,
    ATLAS,
    CALENDAR,
    COST_SHEET,
    SESSION_FORMS,
    SCORES,
    SECOND_LIST,
    HOTSPOTS,
    MODEL_CARD,
    MAP_PICTURE,
)


def offered_on(screen: Screen) -> dict[str, tuple[Document, str]]:
    """What a screen lets choose: ``<key><extension>`` with the document and the extension."""
    return {
        f"{document.key}{suffix}": (document, suffix)
        for document in DOCUMENTS
        if screen in document.screens
        for suffix in document.choices
    }


def made_by_command(command: str) -> tuple[Document, ...]:
    """The documents a command makes, in their order."""
    return tuple(document for document in DOCUMENTS if document.command == command)


def document_for(command: str, file_name: str) -> Document:
    """The document that a command makes under a file name. Raises `WrongUse` (``UNKNOWN_FORMAT``)."""
    rows = made_by_command(command)
    suffix = "." + file_name.rpartition(".")[2].lower() if "." in file_name else ""
    for document in rows:
        if suffix in document.writers:
            return document
    allowed = ", ".join(one for document in rows for one in document.formats)
    raise WrongUse("UNKNOWN_FORMAT", format=suffix or file_name, allowed=allowed)


def commands() -> tuple[str, ...]:
    """Commands made from rows, each once, in their order."""
    return tuple(dict.fromkeys(document.command for document in DOCUMENTS if document.command))
