"""The typed rows have the columns that are declared, in their order."""

import pytest

from analysis.estimates.measures import Estimate
from analysis.estimates.spans import Span
from analysis.evidence import rows
from analysis.evidence.schema import TABLES

KINDS = {
    "terms": rows.Term,
    "programmes": rows.Programme,
    "sources": rows.Source,
    "figures": rows.Figure,
    "exclusions": rows.Exclusion,
    "choices": rows.Choice,
    "codings": rows.Coding,
    "identities": rows.Identity,
}


@pytest.mark.parametrize("name", KINDS)
def test_a_row_has_the_columns_of_its_table(name: str) -> None:
    assert list(KINDS[name]._fields) == TABLES[name].columns


def test_a_reading_knows_whether_it_is_feasible() -> None:
    assert list(rows.Reading._fields) == [*TABLES["readings"].columns, "feasible"]


def test_estimates_and_spans_have_the_columns_of_their_frames() -> None:
    assert Span._fields == (*Estimate._fields, "low", "high", "n_readings", "n_values")
