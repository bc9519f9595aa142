"""What a plan's rules cost and what must be known before signing it, each sentence made from its numbers."""

from __future__ import annotations

from campaign.planning.plan_types import BindingRule, Plan, PlanWarning
from campaign.planning.warnings import CONCENTRATED, MOSTLY_UNKNOWN
from campaign.statements.shares import share_text
from words import number, t


def rule_sentence(rule: BindingRule, lang: str) -> str:
    """A rule that binds, as the screen and the documents say it."""
    values = dict(rule["nilai"])
    # Plans of earlier versions did not keep which of the two objectives reaches more.
    way = str(values.pop("arah", "berbeda"))
    told = {
        name: share_text(value, lang, 1) if name == "persen" else number(value, lang, int(value % 1 > 0))
        for name, value in values.items()
    }
    return t(rule["kunci"], lang, **told, arah=t(f"rencana.arah.{way}", lang))


def warning_sentences(plan: Plan, lang: str = "id") -> list[str]:
    """The warnings of a plan in words, each with its numbers; none of plans made before there were any."""
    return [warning_sentence(one, lang) for one in plan.get("warnings", [])]


def warning_sentence(one: PlanWarning, lang: str = "id") -> str:
    """One warning in words; what is none of the villages is not mentioned."""
    if one["code"] == CONCENTRATED:
        share = share_text(one["expected_share"], lang, 1)
        told = {"berapa": _how_many(one, lang), "nama": one["nama"], "expected_share": share}
    elif one["code"] == MOSTLY_UNKNOWN:
        counts = {"grade_d": one["grade_d"], "coarse": one["coarse"]}
        why = [t(f"rencana.tak_dibedakan.{name}", lang, n=number(n, lang)) for name, n in counts.items() if n]
        told = {"berapa": _how_many(one, lang), "sebab": "; ".join(why)}
    else:
        told = {"gap": share_text(float(one["gap"]), lang, 1), "of": number(int(one["of"]), lang)}
    return t(f"rencana.peringatan.{one['code']}", lang, **told)


def _how_many(one: PlanWarning, lang: str) -> str:
    """How many of the plan's villages, with their share unless it is all of them."""
    villages, of = int(one["villages"]), int(one["of"])
    if villages == of:
        return t("rencana.semua_desa", lang, of=number(of, lang))
    share = share_text(villages / of, lang, 1)
    return t("rencana.sebagian_desa", lang, villages=number(villages, lang), of=number(of, lang), share=share)
