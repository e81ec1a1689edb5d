"""Decimals: numbers as they are, and rounded as they are shown."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import SupportsFloat


def exact_decimal(value: SupportsFloat | Decimal) -> Decimal:
    """Return a finite number exactly as Python prints it; absence and infinity raise ``ValueError``."""
    try:
        number = (
            value
            if isinstance(value, Decimal)
            else Decimal(str(value + 0 if isinstance(value, int) else float(value)))
        )
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{value!r} is no number; absence is shown by its reason: text.code('absence', …)"
        ) from error
    if not number.is_finite():
        raise ValueError(f"{value!r} is no finite number; open bounds are shown by text.interval")
    return number


def decimals_for(value: Decimal, significant: int) -> int:
    """Return how many decimals show that many significant digits; none are lost before the point."""
    return max(0, significant - 1 - value.adjusted()) if value else 0


def significant(value: Decimal, digits: int) -> Decimal:
    """Return a value rounded to that many digits."""
    return round_half_up(value, digits - 1 - value.adjusted()) if value else value


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Return a value rounded half up to that many decimals; nothing is a negative zero."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


def decimal_places(rounded: Decimal) -> int:
    """Return how many decimals a number has, zeros at the end not counted."""
    return max(0, -int(rounded.normalize().as_tuple().exponent))


def with_decimals(pattern: str, decimals: int) -> str:
    """Return a pattern of the CLDR for whole numbers with that many decimals."""
    return pattern.replace("0", f"0.{'0' * decimals}" if decimals else "0", 1)


def with_minus(number: str) -> str:
    """Return a number with a minus where Babel writes a hyphen."""
    return number.replace("-", "\N{MINUS SIGN}")


def known_value(value: float | None) -> float:
    """Return a value that there is."""
    if value is None:
        raise ValueError(
            "an interval without value and bounds; absence is shown by its reason: text.code('absence', …)"
        )
    return value
