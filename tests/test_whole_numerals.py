"""Chinese numerals from 1 to 99,999 with every classifier, money and fractions: none is ever cut."""

from __future__ import annotations

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.curation.candidates import candidates
from analysis.evidence.numerals import EXTRA_WORDS, find, whole_numerals
from analysis.evidence.sources import Document
from analysis.evidence.units import UNITS

WORDS = sorted({word for unit in UNITS.values() for word in unit.printed if word} | set(EXTRA_WORDS.split()))
# A share is not counted.
LEFT_OUT = ("%", "‰", "成", "个百分点")
CLASSIFIERS = [word for word in WORDS if word not in LEFT_OUT]


def chinese(value: int) -> str:
    word = str(cn2an.an2cn(value, "low"))
    return word[1:] if word.startswith("一十") else word


@pytest.mark.slow
def test_every_numeral_with_every_classifier_is_one_whole() -> None:
    numerals = [chinese(value) for value in range(1, 100_000)]
    for shift, word in enumerate(CLASSIFIERS):
        # Every classifier after 1,500 numerals of all sizes, and every numeral before one of them.
        some = numerals[shift :: len(CLASSIFIERS)]
        assert whole(f"共{numeral}{word}" for numeral in some) == some, word
    for pattern in ("{}元", "{}万元", "百分之{}", "{}分之一"):
        some = numerals[: 99 if "分之" in pattern else 9_999 if "万" in pattern else None]
        texts = [pattern.format(numeral) for numeral in some]
        assert whole(texts) == [text.removesuffix("元") for text in texts], pattern


def whole(texts) -> list[str]:
    text = "，".join(texts)
    return [text[start:end] for start, end in whole_numerals(text)]


@pytest.mark.slow
def test_every_numeral_is_proposed_as_one_row_with_its_value() -> None:
    values = range(1, 100_000)
    words = [CLASSIFIERS[value * 7 % len(CLASSIFIERS)] for value in values]
    for first in range(0, len(values), 5_000):
        part = slice(first, first + 5_000)
        texts = [f"建成{chinese(value)}{word}" for value, word in zip(values[part], words[part], strict=True)]
        found = find("。".join(texts))
        assert [quantity.value for quantity in found] == list(values[part])
        assert [f"建成{quantity.text}" for quantity in found] == texts


@given(
    value=st.integers(1, 99_999),
    pattern=st.sampled_from(
        [f"共有{{}}{word}" for word in CLASSIFIERS]
        + ["投入{}元", "投入{}万元", "完成百分之{}", "约{}点五倍", "其中{}分之一的村"]
    ),
)
def test_no_rule_begins_or_ends_inside_a_numeral(value: int, pattern: str) -> None:
    numeral = chinese(value)
    row, *others = candidates(Document.from_text(pattern.format(numeral), "x"))
    assert others == []
    assert numeral in row.printed
