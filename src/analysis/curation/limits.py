"""Limits that a rule sets, from the words around a numeral: 不低于书记报酬的70%, 控制在15万元以内."""

from __future__ import annotations

import re

from analysis.evidence.numerals import Quantity

_EARLIER = re.compile(
    "(?:(?P<at_least>不得?(?:低于|少于|小于)|至少|高于|超过)|(?P<below>不得?(?:高于|超过|多于|大于)|低于|少于))"
    "[^，,。；;：:、0-9]{1,20}$"
)
_RULE = re.compile("不得?(?:低于|少于|小于|高于|超过|多于|大于)|控制(?:在|指标)|限定?[在为]")
_WHO = re.compile("^的(?:行政|自然)?(?:村|社区|支部|党支部|组织|人|户|党员|干部|书记|单位|项目|场所)")
_CLAUSE = re.compile("[，,。；;]")


def earlier_qualifier(quantity: Quantity, before: str) -> tuple[str, str]:
    """Return the qualifier that stands earlier in the clause, and its word; two empty texts for none."""
    found = _EARLIER.search(before) if quantity.qualifier == "exact" and not quantity.value_to else None
    return (str(found.lastgroup), found[str(found.lastgroup)]) if found else ("", "")


def is_limit(quantity: Quantity, qualifier: str, before: str, after: str) -> bool:
    """Return whether a rule sets the value as a limit: for what it holds, or what is to be kept to."""
    clause = _CLAUSE.split(before)[-1]
    kept = "控制在" in clause or (qualifier in ("at_least", "below") and _RULE.search(clause + quantity.text))
    return bool(
        kept
        or quantity.unit_words == "周岁"
        or (quantity.unit_words in ("年", "周年") and clause.endswith("满"))
        or (qualifier in ("at_least", "below") and (quantity.unit_words == "岁" or _WHO.search(after)))
    )
