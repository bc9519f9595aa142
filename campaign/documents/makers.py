"""How each document of the registry is written: a request and a place in, a file and its number of rows or pages out.

Writers are imported when a document is made: Word, Excel, PowerPoint and Typst stay off the path of every screen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from campaign.handover.document import Destination, DocumentRequest
from data.domain.levels import Level
from data.errors import WrongUse

if TYPE_CHECKING:
    from data.store.store import Store


def list_workbook(request: DocumentRequest, place: Destination) -> int:
    from campaign.documents.writers.workbook import write_list_workbook

    write_list_workbook(request.listed(), place.store, place.path, request.lang, request.purpose)
    return request.villages


def list_csv(request: DocumentRequest, place: Destination) -> int:
    from campaign.documents.listing.files import write_list_csv

    write_list_csv(request.listed(), place.store, place.path, request.lang)
    return request.villages


def list_areas(request: DocumentRequest, place: Destination) -> int:
    from campaign.documents.listing.files import write_list_areas

    write_list_areas(request.listed(), place.store, place.workspace, place.path, request.lang, request.purpose)
    return request.villages


def decree(request: DocumentRequest, place: Destination) -> int:
    from campaign.documents.decree import write_decree

    write_decree(request.listed(), place.store, place.path, request.lang, place.workspace)
    return request.villages


def team_paper(request: DocumentRequest, place: Destination) -> int:
    """Sheets for every village of the list, or for those of the request."""
    from campaign.documents.team_sheets import team_sheets

    target_list, wanted = request.listed(), set(request.codes)
    if wanted:
        rows = [row for row in target_list.plan["villages"] if row["kode"] in wanted]
        target_list = replace(target_list, plan={**target_list.plan, "villages": rows})
    place.path.write_bytes(team_sheets(target_list, place.store, request.lang))
    return len(target_list.plan["villages"])


def briefing(request: DocumentRequest, place: Destination) -> int:
    from campaign.documents.briefing.note import write_briefing

    write_briefing(place.path, request.model(), place.store, place.workspace, request.target_list, request.lang)
    return request.villages


def atlas(request: DocumentRequest, place: Destination) -> int:
    from campaign.documents.atlas import atlas_pages

    pages, count = atlas_pages(request.model(), place.workspace, request.target_list, request.kabupaten, request.lang)
    place.path.write_bytes(pages)
    return count


def clarification(request: DocumentRequest, place: Destination) -> int:
    from campaign.documents.clarification import clarification_sheets

    versi = request.target_list.name if request.target_list else ""
    place.path.write_bytes(clarification_sheets(request.model(), request.codes, request.lang, versi=versi))
    return len(set(request.codes))


def action_row(request: DocumentRequest, place: Destination) -> int:
    from campaign.documents.action_row import write_action_row

    write_action_row(request.listed(), place.store, place.path, request.lang, request.purpose, place.workspace)
    return request.villages


def calendar(request: DocumentRequest, place: Destination) -> int:
    from campaign.documents.calendar import calendar as pages

    place.path.write_bytes(pages(request.listed(), place.store, request.lang))
    return request.villages


def cost_book(request: DocumentRequest, place: Destination) -> int:
    from campaign.documents.cost_sheet import write_cost_book

    write_cost_book(request.listed(), place.store, place.path, request.lang)
    return request.villages


def scores(request: DocumentRequest, place: Destination) -> int:
    """The score table of the request's level; only the areas of the request, where it names some."""
    from campaign.handover.score_table import ranked, score_rows

    rows = score_rows(place.store, level=request.level, role=request.role, lang=request.lang)
    rows = ranked(rows) if request.by_rank else rows
    if request.codes:
        rows = rows[rows["kode"].isin(set(request.codes))].reset_index(drop=True)
    return _table(rows, request, place, "daftar")


def second_list(request: DocumentRequest, place: Destination) -> int:
    from campaign.model.second_list import second_rows

    return _table(second_rows(place.store, role=request.role, lang=request.lang), request, place, "pelaporan")


def hotspots(request: DocumentRequest, place: Destination) -> int:
    from campaign.handover.hotspot_files import ABOUT, hotspot_rows

    assert request.actor is not None, "a document is made by the act of handing over"
    rows = hotspot_rows(request.actor, place.store, place.workspace, level=Level(request.level))
    return _table(rows, request, place, ABOUT)


def card(request: DocumentRequest, place: Destination) -> int:
    from campaign.model.card import model_card, write_card

    found = model_card(place.store, request.lang)
    write_card(found, place.store.results.get("evaluasi", found.versi) or {}, place.path, request.lang)
    return 0


def drawn(request: DocumentRequest, place: Destination) -> int:
    """What the screen draws."""
    assert request.content is not None, "only a screen can make this"
    place.path.write_bytes(request.content())
    return 0


def with_newest_list(request: DocumentRequest, store: Store) -> DocumentRequest:
    """The list a briefing asks a decision on, where none was named."""
    from campaign.documents.briefing.note import newest_list

    if request.target_list is not None:
        return request
    return replace(request, target_list=newest_list(store, store.scores.needed_version().versi))


def with_villages(request: DocumentRequest, store: Store) -> DocumentRequest:
    """The villages of the list behind those that were named. Raises `WrongUse` (``USAGE_CLARIFY``) without any."""
    listed = [str(row["kode"]) for row in request.target_list.plan["villages"]] if request.target_list else []
    if not (codes := (*request.codes, *listed)):
        raise WrongUse("USAGE_CLARIFY")
    return replace(request, codes=codes)


def _table(rows: Any, request: DocumentRequest, place: Destination, about: str) -> int:
    from campaign.handover.export import write_table

    write_table(rows, place.path, place.store, place.workspace, level=request.level, lang=request.lang, about=about)
    return len(rows)
