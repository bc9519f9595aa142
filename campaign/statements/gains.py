"""What test means before and after sessions tell: a direction only where the interval lies on one side of nothing."""

from __future__ import annotations

from words import number, t


def gain_sentence(gain: tuple[float, float, float], tested: int, lang: str = "id") -> str:
    """``gain``: mean change out of 100 with its 90 % interval, over ``tested`` sessions."""
    mean, low, high = gain
    way = "naik" if low > 0 else "turun" if high < 0 else "beda"
    shown = abs(mean) if way == "turun" else mean
    return t(
        f"pernyataan.nilai.{way}",
        lang,
        n=number(shown, lang, 1),
        sesi=tested,
        bawah=number(low, lang, 1),
        atas=number(high, lang, 1),
    )
