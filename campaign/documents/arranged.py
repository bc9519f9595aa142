"""What an office arranged for the villages of a list: the planned day of each, and its quarter."""

from __future__ import annotations

import datetime as dt
from typing import Any

from campaign.lists import Listed

QUARTERS = (1, 2, 3, 4)


def planned_days(known: Listed, store: Any) -> dict[str, dt.date]:
    """The planned day by village; villages without one are not in it."""
    return {}


def quarter(day: dt.date) -> int:
    """1 to 4."""
    return (day.month - 1) // 3 + 1


def quarter_text(day: dt.date | None) -> str:
    """``I 2027``; empty without a day."""
    return "" if day is None else f"{('I', 'II', 'III', 'IV')[quarter(day) - 1]} {day.year}"
