"""Who may do what, in words: beside a button that is not there, and as the table of the documentation."""

from __future__ import annotations

from data.domain.roles import ROLES, RULES, Act, Role
from words import t


def roles_of(kind: Act) -> tuple[Role, ...]:
    """The roles that may do an act, in the order of `ROLES`."""
    return tuple(role for role in ROLES if role in RULES[kind].roles)


def who_may(kind: Act, lang: str = "id") -> str:
    """``Ini dapat dilakukan oleh petugas data.``"""
    rule = RULES[kind]
    key = "peran.dapat_seluruh" if rule.everywhere else "peran.dapat"
    return t(key, lang, siapa=", ".join(t(f"peran.{role}", lang) for role in roles_of(kind)))


def role_table(lang: str = "id") -> str:
    """Role × act as a table of Markdown."""
    heads = [t("peran.tindakan", lang), *(t(f"peran.{role}", lang) for role in ROLES), t("peran.lingkup", lang)]
    lines = [_row(heads), _row(["---", *[":-:"] * len(ROLES), "---"])]
    for kind in Act:
        rule = RULES[kind]
        marks = ["✓" if role in rule.roles else "" for role in ROLES]
        reach = "seluruh" if rule.everywhere else "semua" if rule.anywhere else "wilayah"
        lines.append(_row([t(f"tindakan.{kind}", lang), *marks, t(f"peran.lingkup_{reach}", lang)]))
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
