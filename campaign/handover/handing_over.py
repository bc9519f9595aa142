"""Handing a document over: the one act by which a file leaves the office, whole, past the leak test, into the log."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from campaign.handover.document import Destination, Document, DocumentRequest, Leak, Need
from campaign.handover.purposes import check_purpose
from campaign.permission import act, within
from data.domain.actor import Actor
from data.domain.roles import Act, Role
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace


@dataclass(frozen=True)
class HandedOver:
    """A file that left: its SHA-256, its number of rows or pages, the list or score version it is of, and the request
    as it was completed."""

    sha256: str
    rows: int
    version: str
    request: DocumentRequest


@act(Act.HAND_OVER)
def hand_over_document(
    actor: Actor, document: Document, request: DocumentRequest, path: Path, store: Store, workspace: Workspace
) -> HandedOver:
    """Makes a document beside its place, writes who took what for which purpose to the audit, and moves it there whole.

    Raises
    ------
    WrongUse : an extension the document does not have (``UNKNOWN_FORMAT``), ``UNKNOWN_PURPOSE``, ``NO_FOLDER``,
        ``NO_SCORE``, and what the document's own writer asks for.
    Refused : ``FORBIDDEN``; a score version it is made from gives villages' counts away (``SCORE_LEAKS``): nothing is
        made then.
    """
    from risk.evaluation.leak_verdict import guard

    if not document.public:
        for_the_office(actor, _areas_of(request))
    suffix = document.check_format(path.name)
    purpose = request.purpose or document.purpose
    check_purpose(purpose)
    if not path.parent.is_dir():
        raise WrongUse("NO_FOLDER", path=str(path.parent))
    if actor.reader == Role.PUBLIC:
        request = replace(request, role=Role.PUBLIC)
    request = _completed(document, replace(request, purpose=purpose, actor=actor), store, workspace)
    if not document.public:
        for_the_office(actor, _areas_of(request))
    for version in score_versions(document, request, store):
        guard(store, workspace, actor.name, version)
    handle, name = tempfile.mkstemp(suffix=suffix, prefix=".", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    temporary.unlink()
    try:
        rows = document.writers[suffix](request, Destination(store, workspace, temporary))
        digest = hashlib.sha256(temporary.read_bytes()).hexdigest()
        version = request.target_list.name if request.target_list else _newest(request, store)
        # The row first: no paper may be there that the log does not know.
        store.audit.record(
            actor.name,
            "export",
            {
                "file": path.name,
                "what": document.key,
                "versi": version,
                "rows": rows,
                "purpose": purpose,
                **({"sidik": request.target_list.sidik} if request.target_list else {}),
                **({"level": request.level} if Need.LEVEL in document.takes else {}),
                **({"role": request.role} if Need.ROLE in document.takes else {}),
                "sha256": digest,
            },
        )
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return HandedOver(digest, rows, version, request)


@act(Act.HAND_OVER_WORK)
def for_the_office(actor: Actor, codes: list[str]) -> None:
    """Asked besides of a document that is not everybody's, with the areas it is about."""
    within(actor, Act.HAND_OVER_WORK, codes)


def document_content(
    actor: Actor, document: Document, request: DocumentRequest, name: str, store: Store, workspace: Workspace
) -> bytes:
    """The same act for a screen: the bytes of the file called ``name``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        hand_over_document(actor, document, request, path, store, workspace)
        return path.read_bytes()


def score_versions(document: Document, request: DocumentRequest, store: Store) -> list[str]:
    """The score versions a document is made from, as far as its row says that they must be tested."""
    found = []
    if document.leak in (Leak.PLAN, Leak.BOTH) and request.target_list is not None:
        found.append(str(request.target_list.plan["score_version"]))
    if document.leak in (Leak.NEWEST, Leak.BOTH):
        found.append(_newest(request, store))
    return [version for version in dict.fromkeys(found) if version]


def _completed(document: Document, request: DocumentRequest, store: Store, workspace: Workspace) -> DocumentRequest:
    """The request with the read model where the document needs one, and with what the document's row fills in.

    Raises `WrongUse` (``NO_SCORE``) when it needs a score and there is none.
    """
    from campaign.reading.snapshot import Snapshot

    if request.snapshot is None and Need.MODEL in document.needs:
        request = replace(request, snapshot=Snapshot.load(workspace, store))
    if Need.SCORE in document.needs and not _newest(request, store):
        raise WrongUse("NO_SCORE")
    if Need.LIST in document.needs:
        request.listed()
    return document.complete(request, store) if document.complete else request


def _areas_of(request: DocumentRequest) -> list[str]:
    """Codes of the areas a document is about; none for one about the whole province."""
    listed = [str(row["kode"]) for row in request.target_list.plan["villages"]] if request.target_list else []
    return [*listed, *request.codes, *([request.kabupaten] if request.kabupaten else [])]


def _newest(request: DocumentRequest, store: Store) -> str:
    version = request.snapshot.version if request.snapshot else store.scores.version()
    return version.versi if version else ""
