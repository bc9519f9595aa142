"""The report of one import: what was read, refused, skipped, proposed, as reason codes and values.

The command line and the screens show the same report; ``to_json`` is the object INTERFACE.md promises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.errors import PetaAmanError

Render = Callable[[str, dict[str, Any]], str]
"""Turns a reason code and its values into a sentence."""

_NAMED = {"AMBIGUOUS_NAME", "NAME_CODE_MISMATCH", "NOT_A_NUMBER", "OUT_OF_RANGE", "PERIOD", "DATE_UNPARSEABLE"}
"""Reasons whose values are words of the officer's own."""

EXIT_CODES = {"ok": 0, "row_errors": 3, "refused": 4}


@dataclass(frozen=True)
class RowIssue:
    """One thing to say about one row (or about the file, with ``row`` None). ``params`` fill the reason's text."""

    row: int | None
    column: str | None
    reason: str
    params: dict[str, Any] = field(default_factory=dict)


def noted(notes: Mapping[str, Sequence[int]]) -> list[RowIssue]:
    """Remarks on rows by reason, one for the file each: how many rows, and the first of them."""
    said = []
    for reason, rows in notes.items():
        if rows:
            shown = ", ".join(str(row) for row in rows[:10]) + (" …" if len(rows) > 10 else "")
            said.append(RowIssue(None, None, reason, {"count": len(rows), "rows": shown}))
    return said


@dataclass(frozen=True)
class Proposal:
    """A place that may be meant by a name; a person confirms it, the program never does.

    ``lingkup`` (a kecamatan, kabupaten or province) and ``kunci`` (the folded name) are what a confirmed choice is
    remembered under; ``kunci`` is empty where it cannot be, because the kabupaten is not known or a code contradicts
    the name.
    ``di`` is where the row says it lies, as written (``Semau, Kab. Kupang``). ``kode`` is empty where no place is
    likely: then only a person can name one.
    """

    row: int
    value: str
    kode: str
    similarity: float
    lingkup: str = ""
    kunci: str = ""
    di: str = ""


@dataclass
class ImportReport:
    """What became of a file. ``rows_read == rows_ok + rows_error + rows_skipped`` holds in every outcome.

    ``unmatched`` are the names without any likely place; they are no part of the JSON object.
    ``looked`` is the number of the store's last act when the file was examined (`Store.audit.last`).
    """

    outcome: str = "ok"
    reason: str | None = None
    params: dict[str, Any] = field(default_factory=dict)
    committed: bool = False
    batch: str | None = None
    rows_read: int = 0
    rows_ok: int = 0
    rows_error: int = 0
    rows_skipped: int = 0
    totals: dict[str, float] = field(default_factory=dict)
    errors: list[RowIssue] = field(default_factory=list)
    skipped: list[RowIssue] = field(default_factory=list)
    warnings: list[RowIssue] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    unmatched: list[Proposal] = field(default_factory=list)
    looked: int | None = None

    @classmethod
    def refusal(cls, fault: PetaAmanError) -> ImportReport:
        """The report of a file that was refused as a whole."""
        return cls(outcome="refused", reason=fault.reason, params=dict(fault.params))

    @property
    def exit_code(self) -> int:
        """Exit code of the command line for this outcome."""
        if self.outcome == "row_errors" and self.committed:
            return 0
        return EXIT_CODES[self.outcome]

    def fill(
        self,
        data_rows: int,
        *,
        errors: list[RowIssue],
        skipped: list[RowIssue],
        proposals: list[Proposal],
        totals: dict[str, float],
        warnings: list[RowIssue],
    ) -> None:
        """Enters what a reader found among ``data_rows`` rows; read = accepted + errors + skipped holds by making."""
        self.rows_read = data_rows + len(skipped)
        self.rows_skipped = len(skipped)
        self.rows_error = len({issue.row for issue in errors})
        self.rows_ok = data_rows - self.rows_error
        self.errors = sorted(errors, key=lambda issue: issue.row or 0)
        self.skipped, self.totals, self.warnings = skipped, totals, warnings
        self.proposals = [proposal for proposal in proposals if proposal.kode]
        self.unmatched = [proposal for proposal in proposals if not proposal.kode]
        self.outcome = "row_errors" if self.errors else "ok"

    def to_json(self, render: Render) -> dict[str, Any]:
        """The JSON object of INTERFACE.md; ``render`` writes each ``message``."""
        return {
            "outcome": self.outcome,
            "reason": self.reason,
            "message": render(*self.headline()),
            "committed": self.committed,
            "batch": self.batch,
            "rows_read": self.rows_read,
            "rows_ok": self.rows_ok,
            "rows_error": self.rows_error,
            "rows_skipped": self.rows_skipped,
            "totals": {name: _tidy(value) for name, value in self.totals.items()},
            "errors": [
                {
                    "row": issue.row,
                    "column": issue.column,
                    "reason": issue.reason,
                    "message": render(issue.reason, issue.params),
                }
                for issue in self.errors
            ],
            "skipped": [
                {"row": issue.row, "reason": issue.reason, "message": render(issue.reason, issue.params)}
                for issue in self.skipped
            ],
            "warnings": [
                {"row": issue.row, "reason": issue.reason, "message": render(issue.reason, issue.params)}
                for issue in self.warnings
            ],
            "proposals": [
                {
                    "row": proposal.row,
                    "value": proposal.value,
                    "kode": proposal.kode,
                    "similarity": round(proposal.similarity, 3),
                }
                for proposal in self.proposals
            ],
        }

    def headline(self) -> tuple[str, dict[str, Any]]:
        """Reason and values of the sentence that sums the report up (``SUMMARY_…`` unless the file was refused)."""
        counts = {
            "rows_read": self.rows_read,
            "rows_ok": self.rows_ok,
            "rows_error": self.rows_error,
            "rows_skipped": self.rows_skipped,
            "batch": self.batch or "",
        }
        if self.outcome == "refused":
            return self.reason or "CORRUPT_FILE", self.params
        if self.committed:
            return ("SUMMARY_STORED" if not self.rows_error else "SUMMARY_STORED_PARTLY"), counts
        return ("SUMMARY_READY" if self.outcome == "ok" else "SUMMARY_ROW_ERRORS"), counts

    def to_store(self) -> dict[str, Any]:
        """The report as it is kept with its batch: codes and values, no sentences."""
        return {
            "outcome": self.outcome,
            "totals": {name: _tidy(value) for name, value in self.totals.items()},
            "errors": [_issue(issue) for issue in self.errors],
            "skipped": [{"row": issue.row, "reason": issue.reason, "params": {"text": ""}} for issue in self.skipped],
            "warnings": [_issue(issue) for issue in self.warnings],
        }


def _issue(issue: RowIssue) -> dict[str, Any]:
    """An issue for the store: a name that matched no place may be that of a person, so it is not kept."""
    hidden = {"value": ""} if issue.reason in _NAMED and "value" in issue.params else {}
    return {"row": issue.row, "column": issue.column, "reason": issue.reason, "params": {**issue.params, **hidden}}


def _tidy(value: float) -> float | int:
    """Whole totals as integers (``37``, not ``37.0``); others without the dust of binary fractions."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded
