"""Unit codes: which there are, and how they divide and multiply."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.evidence.units import (
    TIME_ATOMS,
    UNITS,
    UnitError,
    atoms,
    divide,
    multiply,
    time_of,
    without_time,
)

COUNT = "one to three different atoms are expected"
ATOM_LIST = ", ".join(UNITS)
COUNTS = [unit.code for unit in UNITS.values() if unit.dimension == "count"]
counts = st.sampled_from(COUNTS)
times = st.sampled_from(["", "/year", "/month"])


@pytest.mark.parametrize(
    ("code", "expected"), [("CNY", ["CNY"]), ("CNY/person/month", ["CNY", "person", "month"])]
)
def test_a_code_is_made_of_atoms(code: str, expected: list[str]) -> None:
    assert [atom.code for atom in atoms(code)] == expected


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("yuan", f"unit 'yuan': unknown atom 'yuan'; atoms are {ATOM_LIST}"),
        ("", f"unit '': unknown atom ''; atoms are {ATOM_LIST}"),
        ("CNY/", f"unit 'CNY/': unknown atom ''; atoms are {ATOM_LIST}"),
        ("CNY per venue", f"unit 'CNY per venue': unknown atom 'CNY per venue'; atoms are {ATOM_LIST}"),
        (
            "CNY/village/person/year",
            f"unit 'CNY/village/person/year': {COUNT}; atoms are {ATOM_LIST}",
        ),
        (
            "venue/venue",
            f"unit 'venue/venue': {COUNT}; atoms are {ATOM_LIST}",
        ),
    ],
)
def test_any_other_code_is_refused(code: str, message: str) -> None:
    with pytest.raises(UnitError) as caught:
        atoms(code)
    assert str(caught.value) == message


def test_every_word_of_the_vocabulary_is_declared_once() -> None:
    assert all(code == unit.code and "/" not in code and " " not in code for code, unit in UNITS.items())
    assert set(TIME_ATOMS) <= set(UNITS)
    assert all(len(set(unit.printed)) == len(unit.printed) for unit in UNITS.values())


@pytest.mark.parametrize(
    ("code", "time", "rest"),
    [
        ("CNY/person/month", "month", "CNY/person"),
        ("CNY/year", "year", "CNY"),
        ("CNY/venue", None, "CNY/venue"),
        ("month", None, "month"),
    ],
)
def test_a_rate_over_time(code: str, time: str | None, rest: str) -> None:
    assert (time_of(code), without_time(code)) == (time, rest)


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [
        ("CNY", "venue", "CNY/venue"),
        ("CNY/year", "village", "CNY/village/year"),
        ("CNY/person/month", "CNY/person/month", "ratio"),
        ("venue", "venue", "ratio"),
        ("CNY", "m2", "CNY/m2"),
    ],
)
def test_division(numerator: str, denominator: str, quotient: str) -> None:
    assert divide(numerator, denominator) == quotient


@pytest.mark.parametrize(
    ("numerator", "denominator", "message"),
    [
        (
            "CNY",
            "person/household",
            "cannot divide 'CNY' by the rate 'person/household'; divide by a count or an area",
        ),
        (
            "CNY/venue",
            "venue",
            f"unit 'CNY/venue/venue': {COUNT}; atoms are {ATOM_LIST}",
        ),
        ("CNY", "yuan", f"unit 'CNY/yuan': unknown atom 'yuan'; atoms are {ATOM_LIST}"),
    ],
)
def test_division_without_meaning(numerator: str, denominator: str, message: str) -> None:
    with pytest.raises(UnitError) as caught:
        divide(numerator, denominator)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("left", "right", "product"),
    [
        ("CNY/venue", "venue", "CNY"),
        ("venue", "CNY/venue", "CNY"),
        ("CNY/village/year", "village", "CNY/year"),
        ("CNY/person/month", "month", "CNY/person"),
    ],
)
def test_multiplication(left: str, right: str, product: str) -> None:
    assert multiply(left, right) == product


def test_multiplication_without_meaning() -> None:
    with pytest.raises(UnitError) as caught:
        multiply("CNY/venue", "village")
    assert str(caught.value) == "cannot multiply 'CNY/venue' by 'village': one must be a rate per the other"


@given(counts, counts, times)
def test_multiplication_undoes_division(left: str, right: str, time: str) -> None:
    assume(left != right)
    assert multiply(divide(left + time, right), right) == left + time


@given(counts, counts, times)
def test_time_stays_last(left: str, right: str, time: str) -> None:
    assume(left != right)
    assert divide(left + time, right).endswith(time)


@given(st.text(max_size=20))
def test_any_text_is_a_code_or_a_unit_error(text: str) -> None:
    try:
        codes = [atom.code for atom in atoms(text)]
    except UnitError:
        assert text not in {"/".join(parts) for parts in permutations(["CNY", "person", "month"])}
    else:
        assert "/".join(codes) == text
