"""The arithmetic of documents in signs and numbers."""

from __future__ import annotations

from analysis.evidence import arithmetic
from analysis.evidence.arithmetic import Amount
from analysis.words.language import Text

SIGNS = {"=": "=", "<=": "≤", ">=": "≥"}
_BROKEN = {"=": "≠", "<=": ">", ">=": "<"}


def sign_of(left: Amount, relation: str, right: Amount) -> str:
    """Return the sign of a relation, or the opposite one where it does not hold."""
    return (SIGNS if arithmetic.holds(left, relation, right) else _BROKEN)[relation]


def relation_phrase(text: Text, left: Amount, relation: str, right: Amount) -> str:
    """Return ``left ≤ right`` in numbers, with the opposite sign where it does not hold."""
    first, second = (text.quantity(amount.value, amount.unit) for amount in (left, right))
    return f"{first} {sign_of(left, relation, right)} {second}"
