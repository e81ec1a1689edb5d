"""One fault after the other in a small valid data set, each with its exact message."""

from __future__ import annotations

from pathlib import Path

import pytest
from qingxi import VALID, bilingual, messages, with_cells

from analysis.evidence.checks import problems_of
from analysis.evidence.register import MEASURES
from analysis.evidence.units import UNITS

UNIT_LIST = ", ".join(UNITS)
MEASURE_LIST = ", ".join(code for code, measure in MEASURES.items() if not measure.derived)

# Table, line, the cells that are changed there, and every message that follows.
FAULTS: list[tuple[str, int, dict[str, str], list[str]]] = [
    # A cell is empty, of another type or form, or no known code.
    ("figures", 2, {"subject": ""}, [
        "figures.csv:2: subject: empty — expected what is counted; fill in the cell [required]",
    ]),
    ("figures", 8, {"value": "1.2.3"}, [
        "figures.csv:8: value: '1.2.3' — expected a number such as 12 or 0.98, of at most 15 digits, "
        "without separators and units; correct the cell [type]",
    ]),
    ("figures", 8, {"value": "9999999999999999"}, [
        "figures.csv:8: value: '9999999999999999' — expected a number such as 12 or 0.98, of at most "
        "15 digits, without separators and units; correct the cell [type]",
        "figures.csv:8: value: '9999999999999999' — expected 1, as printed in 1~2个月; correct the "
        "cell or the printed text [value-disagrees]",
    ]),
    ("figures", 2, {"paragraph": "1２"}, [
        "figures.csv:2: paragraph: '1２' — expected a whole number of at most 15 digits, such as 12; "
        "correct the cell [type]",
    ]),
    ("figures", 8, {"year": "2021年", "year_basis": "stated"}, [
        "figures.csv:8: year: '2021年' — expected a year such as 2021, or the first and last year of "
        "a range, such as 2018/2021; correct the cell [form]",
    ]),
    ("terms", 8, {"code": "Head Split"}, [
        "terms.csv:8: code: 'Head Split' — expected a code of lower-case letters, digits and "
        "underscores, such as village_venue; correct the cell [form]",
        "codings.csv:4: post: 'head_split' — expected one of Head Split, deputy; correct the code, "
        "or add it to data/raw/terms.csv [unknown-code]",
    ]),
    ("choices", 3, {"choice_id": "qingxi.Scope"}, [
        "choices.csv:3: choice_id: 'qingxi.Scope' — expected an id such as annualisation, or ids "
        "joined by dots, such as ludian.year-2018-2021; correct the cell [form]",
        "choices.csv:3: choice_id: 'qingxi.Scope: no reading' — expected two readings or more; add "
        "them to data/raw/readings.csv, or remove the choice [choice]",
        "choices.csv:3: choice_id: 'qingxi.Scope: 0 defaults' — expected one reading that is the "
        "default; correct is_default in data/raw/readings.csv [choice]",
        "choices.csv:3: choice_id: 'qingxi.Scope' — expected a choice that a coding or a value "
        "of a regional series names in its column when; name it there, or remove the choice [unused-choice]",
        "readings.csv:4: choice_id: 'qingxi.scope' — expected a choice_id of data/raw/choices.csv; "
        "correct it, or add the row there [dangling-id]",
        "readings.csv:5: choice_id: 'qingxi.scope' — expected a choice_id of data/raw/choices.csv; "
        "correct it, or add the row there [dangling-id]",
        "codings.csv:2: when: 'qingxi.scope=all' — expected a choice of qingxi, or one for all "
        "programmes; correct it [coding-when]",
        "codings.csv:3: when: 'qingxi.scope=new' — expected a choice of qingxi, or one for all "
        "programmes; correct it [coding-when]",
    ]),
    ("sources", 2, {"published": "2021/9/26"}, [
        "sources.csv:2: published: '2021/9/26' — expected a date such as 2021-09-26, a year such as "
        "2021, or a range such as 2018/2021; correct the cell [form]",
    ]),
    ("sources", 2, {"sha256": "abc"}, [
        "sources.csv:2: sha256: 'abc' — expected 64 hexadecimal digits in lower case; correct the "
        "cell [form]",
    ]),
    ("sources", 2, {"file": "../qingxi.txt"}, [
        "sources.csv:2: file: '../qingxi.txt' — expected the name of a file, without a folder; "
        "correct the cell [form]",
    ]),
    ("figures", 2, {"status": "done"}, [
        "figures.csv:2: status: 'done' — expected one of achieved, planned, open, standard, "
        "reported, superseded; correct the code [unknown-code]",
    ]),
    ("figures", 2, {"theme": "venues"}, [
        "figures.csv:2: theme: 'venues' — expected one of investment, stipends; correct the code, or "
        "add it to data/raw/terms.csv [unknown-code]",
    ]),
    ("figures", 2, {"note": "About that."}, [
        "figures.csv:2: note_zh: empty — expected a text, since note has one; translate it, or empty "
        "both cells [translation]",
    ]),
    # An id is not of its form, not its own, or nobody's.
    ("figures", 8, {"figure_id": "weeks"}, [
        "figures.csv:8: figure_id: 'weeks' — expected ids joined by dots, of lower-case letters, "
        "digits and hyphens, such as ludian.villages.count; correct the cell [form]",
        "figures.csv:8: figure_id: 'weeks' — expected an id that begins with 'qingxi.'; rename it "
        "[id-prefix]",
    ]),
    ("exclusions", 2, {"source_id": "qinxi"}, [
        "exclusions.csv:2: source_id: 'qinxi' — expected a source_id of data/raw/sources.csv; "
        "correct it, or add the row there [dangling-id]",
    ]),
    ("codings", 2, {"numerator": "qingxi.venue.amount"}, [
        "codings.csv:2: numerator: 'qingxi.venue.amount' — expected figure ids of "
        "data/raw/figures.csv, with + - * between spaces; correct it, or add the row there "
        "[dangling-id]",
    ]),
    ("readings", 5, {"requires": "qingxi.venue.new <= qingxi.venues.all"}, [
        "readings.csv:5: requires: 'qingxi.venue.new' — expected figure ids of data/raw/figures.csv, "
        "with + - * between spaces; correct it, or add the row there [dangling-id]",
    ]),
    ("codings", 2, {"when": "qingxi.scope=both"}, [
        "codings.csv:2: when: 'qingxi.scope=both' — expected a choice and a reading of "
        "data/raw/readings.csv; correct it, or add the row there [dangling-id]",
    ]),
    ("codings", 2, {"coding_id": "cost.all"}, [
        "codings.csv:2: coding_id: 'cost.all' — expected an id that begins with 'qingxi.'; rename it "
        "[id-prefix]",
    ]),
    ("choices", 3, {"programme_id": ""}, [
        "choices.csv:3: programme_id: empty — expected the programme of qingxi.scope: only a choice "
        "for all programmes has none; fill in the cell [id-prefix]",
    ]),
    # A source has an impossible date or encoding.
    ("sources", 2, {"published": "2021-02-30"}, [
        "sources.csv:2: published: '2021-02-30' — expected a day of the calendar; correct the date "
        "[date]",
    ]),
    ("sources", 2, {"published": "2022/2021"}, [
        "sources.csv:2: published: '2022/2021' — expected two different years, the earlier one "
        "first; correct the range [year-range]",
    ]),
    ("sources", 2, {"date_basis": "inferred"}, [
        "sources.csv:2: date_note: empty — expected how the date was inferred; fill in the cell "
        "[date]",
    ]),
    ("sources", 2, {"encoding": "utf-9"}, [
        "sources.csv:2: encoding: 'utf-9' — expected the name of an encoding, such as utf-8, gb18030 "
        "or big5; correct the cell [encoding]",
    ]),
    # The row of a figure does not say what is printed.
    ("figures", 2, {"printed": "160万和8"}, [
        "figures.csv:2: printed: '160万和8' — expected exactly one quantity; correct the cell: "
        "'160万和8': '和8' is left over after '160万' [unreadable]",
    ]),
    ("figures", 2, {"value": "160000"}, [
        "figures.csv:2: value: '160000' — expected 1600000, as printed in 近160万元; correct the "
        "cell or the printed text [value-disagrees]",
    ]),
    ("figures", 8, {"value_to": ""}, [
        "figures.csv:8: value_to: empty — expected 2, as printed in 1~2个月; correct the cell or the "
        "printed text [value-disagrees]",
    ]),
    ("figures", 6, {"value_to": "3500"}, [
        "figures.csv:6: value_to: '3500' — expected no upper end, as printed in 3000元; correct the "
        "cell or the printed text [value-disagrees]",
    ]),
    ("figures", 7, {"qualifier": "exact"}, [
        "figures.csv:7: qualifier: 'exact' — expected at_least, as printed in 98%以上; correct the "
        "cell or the printed text [qualifier-disagrees]",
    ]),
    ("figures", 8, {"unit": "week"}, [
        "figures.csv:8: unit: 'week' — expected a unit printed as 个月, as in 1~2个月; correct the "
        "cell or the printed text [unit-disagrees]",
    ]),
    ("figures", 8, {"printed": "1~2", "end": "83"}, [
        "figures.csv:8: unit: 'month' — expected a printed unit, or a note_zh that quotes it from "
        "where it stands, such as “元” or （万元）, as in 1~2; correct the cell or the printed text "
        "[unit-disagrees]",
    ]),
    # A bare number is not yuan, unless a note quotes the word; a scale that the note quotes is read too.
    ("figures", 6, {"printed": "3000", "end": "64"}, [
        "figures.csv:6: unit: 'CNY/person/month' — expected a printed unit, or a note_zh that quotes "
        "it from where it stands, such as “元” or （万元）, as in 3000; correct the cell or the printed "
        "text [unit-disagrees]",
    ]),
    ("figures", 6, {"printed": "0.3万", "end": "64", "note": "header", "note_zh": "见表头“元”。"}, []),
    ("figures", 6, {"printed": "0.3", "end": "63", "note": "header", "note_zh": "见表头（万元）。"}, []),
    ("figures", 6, {"printed": "0.5", "end": "63", "note": "header", "note_zh": "见表头（万元）。"}, [
        "figures.csv:6: value: '3000' — expected 5000, as printed in 0.5; correct the cell or the "
        "printed text [value-disagrees]",
    ]),
    # A qualifier that stands earlier in the sentence is one that the note quotes.
    ("figures", 6, {"qualifier": "at_least"}, [
        "figures.csv:6: qualifier: 'at_least' — expected exact, as printed in 3000元; correct the "
        "cell or the printed text [qualifier-disagrees]",
    ]),
    ("figures", 6, {"qualifier": "at_least", "note": "Earlier.", "note_zh": "前文“不低于”。"}, []),
    # What is done is not later than the document that tells of it.
    ("figures", 3, {"year": "2022"}, [
        "figures.csv:3: year: '2022' — expected 2021 or earlier, when qingxi appeared, for what is "
        "achieved; correct the year, the status, or published in sources.csv [year-after-publication]",
    ]),
    ("figures", 3, {"year": "2022", "status": "planned"}, []),
    # What a later document corrects names the figure that holds, and is evidence for nothing.
    ("figures", 8, {"status": "superseded", "note": "See qingxi.finished.", "note_zh": "已更正。"}, [
        "figures.csv:8: note: 'See qingxi.finished.' — expected the id of the figure in a later document "
        "that holds instead; name it in the note, or correct the status [superseded]",
    ]),
    ("figures", 6, {"status": "superseded", "note": "See other.pay.", "note_zh": "已更正。"}, [
        "figures.csv:6: note: 'See other.pay.' — expected the id of the figure in a later document that "
        "holds instead; name it in the note, or correct the status [superseded]",
        "codings.csv:5: numerator: 'qingxi.pay.deputy' — expected a figure that holds, and not one that a "
        "later document corrects; name the figure in its note [superseded]",
    ]),
    ("figures", 5, {"printed": "4200元/年", "end": "57"}, [
        "figures.csv:5: period: 'month' — expected year, as printed in 4200元/年; correct the cell "
        "or the printed text [period-disagrees]",
    ]),
    # Unit, period, basis and value of a figure do not go together.
    ("figures", 8, {"unit": "months"}, [
        f"figures.csv:8: unit: 'months' — expected one to three different ones of {UNIT_LIST}, joined "
        "by /; correct the code [unknown-unit]",
    ]),
    ("figures", 5, {"unit": "CNY/person/year"}, [
        "figures.csv:5: period: 'month' — expected year, as the unit CNY/person/year says; correct "
        "the period or the unit [period-disagrees]",
    ]),
    ("figures", 2, {"period": "year"}, [
        "figures.csv:2: unit: 'CNY' — expected CNY/year, as the period says; correct the unit or the "
        "period [period-disagrees]",
    ]),
    ("figures", 8, {"unit": "month/year/person"}, [
        "figures.csv:8: unit: 'month/year/person' — expected month/person/year: time once, and last; "
        "correct the unit [unit-order]",
        "figures.csv:8: basis: 'total' — expected per_unit or threshold, since the unit is "
        "month/year/person; correct the basis or the unit [basis-disagrees]",
    ]),
    ("figures", 5, {"basis": "total"}, [
        "figures.csv:5: basis: 'total' — expected per_unit or threshold, since the unit is "
        "CNY/person/month; correct the basis or the unit [basis-disagrees]",
    ]),
    ("figures", 7, {"basis": "total"}, [
        "figures.csv:7: basis: 'total' — expected share for the unit share, and for no other; "
        "correct the basis or the unit [basis-disagrees]",
    ]),
    ("figures", 3, {"basis": "share"}, [
        "figures.csv:3: basis: 'share' — expected share for the unit share, and for no other; "
        "correct the basis or the unit [basis-disagrees]",
    ]),
    ("figures", 7, {"value": "98"}, [
        "figures.csv:7: value: '98' — expected 0.98, as printed in 98%以上; correct the cell or the "
        "printed text [value-disagrees]",
        "figures.csv:7: value: '98' — expected a fraction from 0 to 1; write 0.98 for 98% [share]",
    ]),
    # The year of a figure is not known as it says.
    ("figures", 2, {"year_basis": "unknown"}, [
        "figures.csv:2: year_basis: 'unknown' — expected stated or inferred, since the year "
        "2019/2021 is given; say how the year is known, or that it is unknown [year-basis]",
    ]),
    ("figures", 3, {"year": ""}, [
        "figures.csv:3: year: empty — expected a year, since it is stated; say how the year is "
        "known, or that it is unknown [year-basis]",
    ]),
    ("figures", 2, {"year": "2021/2019"}, [
        "figures.csv:2: year: '2021/2019' — expected two different years, the earlier one first; "
        "correct the range [year-range]",
    ]),
    # A span cannot be where it is.
    ("figures", 2, {"end": "25"}, [
        "figures.csv:2: end: '25' — expected 26, for 6 printed characters from 20; correct start, "
        "end or printed [impossible-span]",
    ]),
    ("figures", 2, {"end": "27"}, [
        "figures.csv:2: end: '27' — expected 26, for 6 printed characters from 20; correct start, "
        "end or printed [impossible-span]",
    ]),
    ("exclusions", 2, {"end": "95"}, [
        "exclusions.csv:2: end: '95' — expected 94, for 4 printed characters from 90; correct start, "
        "end or printed [impossible-span]",
    ]),
    ("figures", 8, {"paragraph": "4"}, [
        "figures.csv:8: paragraph: '4' — expected 3 or less, the paragraphs of qingxi; correct the "
        "paragraph [impossible-span]",
    ]),
    ("figures", 8, {"paragraph": "2"}, [
        "figures.csv:8: paragraph: '2' — expected 3 or more, since line 7 of figures.csv stands "
        "before it; correct the paragraph or the span [impossible-span]",
    ]),
    ("figures", 3, {"start": "22", "end": "24"}, [
        "figures.csv:3: start: '22' — expected 26 or more, where line 2 of figures.csv ends; let no "
        "two rows share a character [overlapping-span]",
    ]),
    ("exclusions", 2, {"start": "82", "end": "86"}, [
        "exclusions.csv:2: start: '82' — expected 85 or more, where line 8 of figures.csv ends; let "
        "no two rows share a character [overlapping-span]",
    ]),
    # A choice cannot be computed with.
    ("readings", 3, {"is_default": "TRUE"}, [
        "choices.csv:2: choice_id: 'annualisation: 2 defaults' — expected one reading that is the "
        "default; correct is_default in data/raw/readings.csv [choice]",
    ]),
    ("readings", 2, {"is_default": "false"}, [
        "choices.csv:2: choice_id: 'annualisation: 0 defaults' — expected one reading that is the "
        "default; correct is_default in data/raw/readings.csv [choice]",
    ]),
    ("readings", 2, {"reading": "thirteen"}, [
        "choices.csv:2: choice_id: 'annualisation: thirteen, as-printed' — expected the readings "
        "twelve and as-printed, which the suite computes; correct data/raw/readings.csv [choice]",
    ]),
    ("readings", 6, {"reading": "first"}, [
        "choices.csv:4: choice_id: 'qingxi.year-2019-2021: first, 2020, 2021' — expected the readings "
        "2019, 2020 and 2021, which the suite computes; correct data/raw/readings.csv [choice]",
    ]),
    ("readings", 5, {"requires": "qingxi.venues.new < qingxi.venues.all"}, [
        "readings.csv:5: requires: 'qingxi.venues.new < qingxi.venues.all' — expected a + b <= c "
        "over figure ids; correct it: 'qingxi.venues.new < qingxi.venues.all' has no relation; "
        "expected ' = ', ' <= ' or ' >= ' between two sides [arithmetic]",
    ]),
    ("readings", 5, {"requires": "qingxi.pay.head <= qingxi.venues.all"}, [
        "readings.csv:5: requires: 'qingxi.pay.head <= qingxi.venues.all' — expected arithmetic over "
        "figure ids whose units go together; correct it: CNY/person/month and venue cannot be "
        "compared [arithmetic]",
    ]),
    ("readings", 5, {"requires": "qingxi.venues.new >= qingxi.venues.all"}, [
        "readings.csv:5: reason: empty — expected what rules the reading out, since the arithmetic "
        "that it requires fails; fill in the cell [choice]",
    ]),
    ("readings", 4, {"requires": "qingxi.venues.new >= qingxi.venues.all"} | bilingual(reason="No."), [
        "readings.csv:4: is_default: 'true' — expected false, since the arithmetic that the reading "
        "requires fails; choose another default [choice]",
    ]),
    # An identity does not add up, or adds up against expectation.
    ("identities", 2, {"left": "qingxi.venues.new + 6 venue"}, [
        "identities.csv:2: expected: 'holds' — expected fails, since 9 = 8 is not true; correct the "
        "figure at fault, or set expected to fails and say in the note what it means [identity]",
    ]),
    ("identities", 2, {"expected": "fails"}, [
        "identities.csv:2: expected: 'fails' — expected holds, since 8 = 8 is true; set expected to "
        "holds [identity]",
    ]),
    ("identities", 2, {"left": "qingxi.venues.new + 5"}, [
        "identities.csv:2: left: 'qingxi.venues.new + 5 = qingxi.venues.all' — expected arithmetic "
        "over figure ids whose units go together; correct it: venue and ratio cannot be added; "
        "convert one of them first [arithmetic]",
    ]),
    # A coding cannot be computed, or answers what another one answers.
    ("codings", 2, {"measure": "cost"}, [
        f"codings.csv:2: measure: 'cost' — expected one of {MEASURE_LIST}; correct the code "
        "[unknown-code]",
    ]),
    ("codings", 4, {"measure": "pay_rise"}, [
        f"codings.csv:4: measure: 'pay_rise' — expected one of {MEASURE_LIST}; remove the row: it is "
        "computed from other measures [unknown-code]",
    ]),
    ("codings", 2, {"absence": "not_reported"}, [
        "codings.csv:2: numerator: 'qingxi.venues.amount' — expected either a numerator or an "
        "absence; fill in one of the two cells [coding-value]",
    ]),
    ("codings", 6, {"absence": ""}, [
        "codings.csv:6: numerator: empty — expected either a numerator or an absence; fill in one of "
        "the two cells [coding-value]",
    ]),
    ("codings", 6, {"denominator": "qingxi.venues.new"}, [
        "codings.csv:6: denominator: 'qingxi.venues.new' — expected a numerator that it divides; "
        "fill it in, or empty this cell [coding-value]",
    ]),
    ("codings", 2, {"when": "qingxi.scope"}, [
        "codings.csv:2: when: 'qingxi.scope' — expected choice=reading, or several of them joined by "
        "a semicolon; correct the cell [coding-when]",
    ]),
    ("codings", 2, {"when": "qingxi.scope=all; qingxi.scope=all"}, [
        "codings.csv:2: when: 'qingxi.scope=all; qingxi.scope=all' — expected each choice once; "
        "correct the cell [coding-when]",
    ]),
    ("codings", 4, {"when": "annualisation=twelve"}, [
        "codings.csv:4: when: 'annualisation=twelve' — expected no such condition: the suite "
        "computes every reading of this choice; remove it [coding-when]",
    ]),
    ("codings", 3, {"when": "qingxi.scope=all"}, [
        "codings.csv:3: when: 'qingxi.scope=all' — expected a reading under which line 2, which "
        "codes the same measure, does not hold; tell the two apart, or remove one [coding-twice]",
    ]),
    ("codings", 2, {"when": ""}, [
        "codings.csv:3: when: 'qingxi.scope=new' — expected a reading under which line 2, which "
        "codes the same measure, does not hold; tell the two apart, or remove one [coding-twice]",
    ]),
    ("codings", 5, {"numerator": "36000 CNY/person/year"}, [
        "codings.csv:5: numerator: '36000 CNY/person/year' — expected at least one figure id; name "
        "the figures that the value rests on [arithmetic]",
    ]),
    ("codings", 4, {"numerator": "qingxi.pay.head + qingxi.venues.new"}, [
        "codings.csv:4: numerator: 'qingxi.pay.head + qingxi.venues.new' — expected arithmetic over "
        "figure ids whose units go together; correct it: CNY/person/month and venue cannot be added; "
        "convert one of them first [arithmetic]",
    ]),
    ("codings", 4, {"denominator": "qingxi.venues.new - 3 venue"}, [
        "codings.csv:4: numerator: 'qingxi.pay.head' — expected arithmetic over figure ids whose "
        "units go together; correct it: division by 0 venue; a denominator must be above zero "
        "[arithmetic]",
    ]),
    ("codings", 4, {"numerator": "qingxi.venues.amount"}, [
        "codings.csv:4: numerator: 'qingxi.venues.amount' — expected a result in CNY/person/year or "
        "CNY/person/month, not in CNY; use other figures or another measure [coding-unit]",
    ]),
    ("codings", 5, {"numerator": "qingxi.pay.deputy - qingxi.pay.head"}, [
        "codings.csv:5: numerator: 'qingxi.pay.deputy - qingxi.pay.head' — expected a result of zero "
        "or more, not -1200; correct the arithmetic [coding-result]",
    ]),
    ("codings", 5, {"numerator": "qingxi.pay.deputy * 0"}, [
        "codings.csv:5: numerator: 'qingxi.pay.deputy * 0' — expected a pay above zero, since others "
        "are divided by it; correct it, or give the absence instead [coding-result]",
    ]),
    # A reference series has no such value, or a gap.
    ("reference_series", 5, {"series": "income"}, [
        "reference/reference_series.csv: series: no such series — expected the series "
        "rural_disposable_income_pc; restore its rows [series]",
    ]),
    ("reference_series", 3, {"year": "2022"}, [
        "reference/reference_series.csv:4: year: '2021' — expected 2020: prices are chained from "
        "each year after 2019; add the missing rows, or correct the year [series]",
    ]),
    ("reference_series", 5, {"value": "0"}, [
        "reference/reference_series.csv:5: value: '0' — expected more than 0; correct the value "
        "[series]",
    ]),
    ("reference_series", 2, {"value": "-100"}, [
        "reference/reference_series.csv:2: value: '-100' — expected more than -100; correct the "
        "value [series]",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "line", "cells", "expected"),
    FAULTS,
    ids=[f"{table}:{line}:{','.join(cells)}" for table, line, cells, _ in FAULTS],
)
def test_a_changed_cell_is_a_fault(table: str, line: int, cells: dict[str, str], expected: list[str]) -> None:
    assert messages(with_cells(table, line, **cells)) == expected


def test_rows_that_have_a_part_each_of_one_numeral_are_a_fault() -> None:
    rows = with_cells("figures", 4, printed="一百二十", value="120", start="40", end="44", unit="venue")
    rows["exclusions"] = [
        VALID["exclusions"][0] | {"paragraph": "1", "start": "44", "end": "46", "printed": "三个"},
        *VALID["exclusions"],
    ]
    assert [each for each in messages(rows) if "split-numeral" in each] == [
        "exclusions.csv:2: printed: '三个' — expected one row for 一百二十三, which begins in line 4 of "
        "figures.csv; make them one row [split-numeral]"
    ]


def test_the_small_data_set_has_no_fault() -> None:
    assert messages(VALID) == []


def test_the_real_data_set_has_no_fault(project_root: Path) -> None:
    assert [str(problem) for problem in problems_of(project_root)] == []


def test_a_spreadsheet_may_write_true_in_capitals() -> None:
    assert messages(with_cells("readings", 2, is_default="TRUE")) == []


@pytest.mark.parametrize(
    ("end", "expected"),
    [(25, "26 or more"), (26, ""), (29, ""), (96, ""), (97, "96 or less")],
)
def test_in_a_glossed_document_each_character_may_have_a_gloss_behind_it(end: int, expected: str) -> None:
    rows = with_cells("figures", 2, end=str(end))
    rows["sources"][0] |= {"script": "traditional_glossed"}
    found = [each for each in messages(rows) if each.startswith("figures.csv:2: end:")]
    assert found == [
        f"figures.csv:2: end: '{end}' — expected {each}, for 6 printed characters from 20; correct start, "
        "end or printed [impossible-span]"
        for each in filter(None, [expected])
    ]
