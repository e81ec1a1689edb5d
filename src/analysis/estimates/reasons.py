"""Why an estimate has no value, or is ruled out: codes, whose words are ``reasons`` of the catalogues.

A reason that a curator has written stays in the raw tables and is named: ``coding:`` with the coding whose
note it is, ``reading:`` with the ``choice=reading`` whose reason it is.
"""

from __future__ import annotations

NOT_PRINTED = "not_printed"
NOT_CODED = "not_coded"
NO_CODING = "no_coding"
NOT_ANNUALISED = "not_annualised"
YEAR_OUTSIDE_PRICES = "year_outside_prices"
VALUE_WITHOUT_YEAR = "value_without_year"
YEAR_OUTSIDE_SERIES = "year_outside_series"
OTHER_REPORTED = "other_reported"
CODES = (
    NOT_PRINTED, NOT_CODED, NO_CODING, NOT_ANNUALISED, YEAR_OUTSIDE_PRICES, VALUE_WITHOUT_YEAR,
    YEAR_OUTSIDE_SERIES, OTHER_REPORTED,
)  # fmt: skip

CODING, READING = "coding:", "reading:"
