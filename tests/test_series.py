"""Several documents and years of one place: series, contradictions, and what stays a fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from qingxi import PAY, VALID, Rows, coding, figure, messages, write

from analysis import cli
from analysis.estimates.comparable import compare
from analysis.estimates.processed import checked
from analysis.estimates.series import series_spans
from analysis.estimates.spans import Span, spans
from analysis.evidence.dataset import Dataset
from analysis.evidence.rows import rows_of
from analysis.files import write_file
from analysis.show.chartbook.book import Book
from analysis.show.county import CountyReport
from analysis.show.html import Html
from analysis.show.memo.programme import ProgrammeMemo
from analysis.show.tablekit.subject import Subject
from analysis.words.language import Text

LATER = {
    "source_id": "qingxi-later", "programme_id": "qingxi", "title": "再强基", "title_en": "Stronger base",
    "published": "2022-03-01", "date_basis": "stated", "script": "simplified", "file": "qingxi-later.txt",
    "encoding": "utf-8", "sha256": "1" * 64, "paragraphs": "3",
}  # fmt: skip


def later(name: str, start: int, printed: str, value: str, unit: str, **rest: str) -> dict[str, str]:
    own = {"figure_id": f"qingxi-later.{name}", "source_id": "qingxi-later"}
    return figure(name, 1, start, printed, value, unit, **(rest | own))


def with_pay(printed: str, value: str, unit: str = "CNY/person/month", *, year: str = "2021") -> Rows:
    """Return the valid tables with the pay of a head in a later document, too, of 2021 or another year."""
    facts = PAY | {"year": year, "year_basis": "stated" if year else "unknown"}
    facts["period"] = unit.split("/")[-1]
    pay = later("pay.head", 20, printed, value, unit, **facts)
    coded = coding("pay-head-later", "yearly_pay", "qingxi-later.pay.head", post="head_split", stage="after")
    return VALID | {
        "sources": [*VALID["sources"], LATER],
        "figures": [*VALID["figures"], pay],
        "codings": [*VALID["codings"], coded],
    }


def head(data: Dataset, measure: str = "yearly_pay") -> list[tuple[float, str, str]]:
    """Return value, year and reading of what is estimated of the pay of a head."""
    frame = data.tables["estimates"]
    found = frame[(frame["measure"] == measure) & (frame["post"] == "head_split") & (frame["absence"] == "")]
    return list(zip(found["value"], found["year"], found["reading"], strict=True))


def span_of(data: Dataset) -> Span:
    rows = rows_of(Span, spans(data, data.tables["estimates"]), measure="yearly_pay", post="head_split")
    [span] = (row for row in rows if row.has_value)
    return span


TWELVE = "annualisation=twelve"


def test_two_years_are_a_series_and_the_latest_is_the_estimate(tmp_path: Path) -> None:
    tables = with_pay("5000元", "5000", year="2022")
    assert messages(tables) == []
    data = checked(write(tmp_path, tables))
    assert head(data) == [(60_000.0, "2022", TWELVE)]
    [series] = series_spans(data, data.tables["series"])
    assert [(time, span.value, span.figure_ids) for time, span in series] == [
        ("2021", 50_400.0, "qingxi.pay.head"),
        ("2022", 60_000.0, "qingxi-later.pay.head"),
    ]


def test_one_document_may_print_a_measure_for_two_years(tmp_path: Path) -> None:
    earlier = figure("pay.earlier", 2, 55, "2000元", "2000", "CNY/person/month", **(PAY | {"year": "2018"}))
    coded = coding("pay-earlier", "yearly_pay", "qingxi.pay.earlier", post="head_split", stage="after")
    tables = VALID | {"figures": [*VALID["figures"], earlier], "codings": [*VALID["codings"], coded]}
    assert messages(tables) == []
    data = checked(write(tmp_path, tables))
    assert head(data) == [(50_400.0, "2021", TWELVE)]
    assert list(data.tables["series"]["time"].unique()) == ["2018", "2021"]


def test_an_undated_figure_is_of_the_year_in_which_its_document_appeared(tmp_path: Path) -> None:
    data = checked(write(tmp_path, with_pay("5000元", "5000", year="")))
    assert head(data) == [(60_000.0, "", TWELVE)]
    assert list(data.tables["series"]["time"].unique()) == ["2021", "2022"]


def test_two_documents_that_print_the_same_are_one_estimate(tmp_path: Path) -> None:
    tables = with_pay("50400元", "50400", "CNY/person/year")
    data = checked(write(tmp_path, tables))
    assert head(data) == [(50_400.0, "2021", TWELVE)]
    assert span_of(data).figure_ids == "qingxi.pay.head qingxi-later.pay.head"
    assert data.tables["series"].empty
    assert len(data.choices) == len(VALID["choices"])


def test_two_documents_that_print_different_values_are_readings(tmp_path: Path) -> None:
    data = checked(write(tmp_path, with_pay("4500元", "4500")))
    choice = "qingxi.source-pay-head"
    assert head(data) == [
        (54_000.0, "2021", f"{TWELVE}; {choice}=qingxi-later"),
        (50_400.0, "2021", f"{TWELVE}; {choice}=qingxi"),
    ]
    span = span_of(data)
    assert (span.value, span.low, span.high, span.n_readings) == (54_000.0, 50_400.0, 54_000.0, 2)
    [asked] = data.choices[data.choices["choice_id"] == choice].to_dict("records")
    assert asked["question"] == "Which document is right where they print 4500元 / 4200元?"
    assert asked["question_zh"] == "各文件分别载为4500元、4200元，以哪一份为准？"
    assert (asked["matter"], asked["matter_zh"]) == ("which document is right", "以哪一份文件为准")
    answers = data.readings[data.readings["choice_id"] == choice]
    assert answers[["reading", "is_default", "label", "label_zh"]].values.tolist() == [
        ["qingxi-later", True, "Stronger base (4500元)", "再强基（4500元）"],
        ["qingxi", False, "Strong base (4200元)", "强基（4200元）"],
    ]


def test_a_check_notes_a_contradiction_and_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, with_pay("4500元", "4500"))
    write_file(tmp_path / "params/qingxi.yaml", b"programme: qingxi\nlanguage: en\n")
    assert cli.main(["--data", str(tmp_path), "check"]) == 0
    printed = capsys.readouterr()
    assert printed.err == (
        "data/raw/codings.csv:7: numerator: '4500元' of qingxi-later — expected '4200元' of qingxi, as "
        "line 4 has it for the same thing and year; correct the figure that is copied wrongly, or keep both: "
        "each is a reading [contradiction]\n"
    )
    assert printed.out.endswith("1 identities; 1 contradiction between documents\n")


@pytest.mark.parametrize("year", ["2021", ""])
def test_two_codings_of_one_document_and_year_are_a_fault(year: str) -> None:
    facts = PAY | {"year": year, "year_basis": "stated" if year else "unknown"}
    again = figure("pay.again", 2, 55, "4500元", "4500", "CNY/person/month", **facts)
    coded = coding("pay-again", "yearly_pay", "qingxi.pay.again", post="head_split", stage="after")
    tables = VALID | {"figures": [*VALID["figures"], again], "codings": [*VALID["codings"], coded]}
    assert messages(tables) == [
        "codings.csv:7: when: empty — expected a reading under which line 4, which codes the same measure, "
        "does not hold; tell the two apart, or remove one [coding-twice]"
    ]


def test_the_question_between_documents_is_the_suite_s_own() -> None:
    asked = {"choice_id": "qingxi.source-pay-head", "programme_id": "qingxi", "kind": "uncertain"}
    tables = VALID | {"choices": [*VALID["choices"], asked | {"question": "Which?", "question_zh": "哪份？"}]}
    assert (
        "choices.csv:5: choice_id: 'qingxi.source-pay-head' — expected another name, since the suite asks "
        "itself which of two documents is right; rename the choice [choice]" in messages(tables)
    )


def test_a_ratio_takes_both_of_its_values_from_one_document(tmp_path: Path) -> None:
    tables = with_pay("5000元", "5000", year="2022")
    before = [
        figure("pay.old", 2, 55, "2100元", "2100", "CNY/person/month", **(PAY | {"year": "2019"})),
        later("pay.old", 60, "4000元", "4000", "CNY/person/month", **(PAY | {"year": "2020"})),
    ]
    coded = [
        coding(name, "yearly_pay", f"{source}.pay.old", post="head_split", stage="before")
        for name, source in (("old", "qingxi"), ("old-later", "qingxi-later"))
    ]
    tables |= {"figures": [*tables["figures"], *before], "codings": [*tables["codings"], *coded]}
    assert messages(tables) == []
    data = checked(write(tmp_path, tables))
    assert [(value, year) for value, year, _ in head(data, "pay_rise")] == [(1.25, "2022")]
    series = data.tables["series"]
    rises = series[(series["measure"] == "pay_rise") & (series["absence"] == "")]
    assert rises[["time", "value"]].values.tolist() == [["2021", 2.0], ["2022", 1.25]]


def test_a_report_shows_a_series_as_chart_and_table(tmp_path: Path) -> None:
    data = checked(write(tmp_path, with_pay("5000元", "5000", year="2022")))
    shown = CountyReport(data, "qingxi", price_year=2021).estimates("stipends")
    assert isinstance(shown, Html)
    assert "Pay and operating funds: several years, prices as printed" in shown.content
    [chart] = [c for c in Book(data).programme("qingxi") if c.name == "series_yearly_pay"]
    assert chart.title == "青溪县: Yearly pay: Head_split, after, 50,400 yuan in 2021, 60,000 yuan in 2022"
    assert chart.subtitle == "Yearly pay by year: yuan, prices as printed"
    assert [(row.label, row.value) for row in chart.rows] == [("2021", 50_400.0), ("2022", 60_000.0)]
    names = [table.name for table in Subject(data, programme="qingxi").tables]
    assert "series" in names


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "Yearly pay: Head_split, after. The documents print different values for 2021, Stronger base "
            "(4500元); Strong base (4200元); each of them is a reading",
        ),
        (
            "zh-Hans",
            "年待遇：Head_split，after（2021）。各文件所载数值不一，再强基（4500元）；强基（4200元）；每一数值各为一种理解",
        ),
    ],
)
def test_report_and_memo_say_a_contradiction(tmp_path: Path, language: str, said: str) -> None:
    data = checked(write(tmp_path, with_pay("4500元", "4500")))
    assert said in CountyReport(data, "qingxi", language).themes().content
    memo = ProgrammeMemo(data, language, programme="qingxi").memo()
    span = Text.of(language).span(50_400, 54_000)
    assert span in memo.lead.text


def test_a_memo_speaks_of_the_latest_year_and_has_a_table_of_all(tmp_path: Path) -> None:
    data = checked(write(tmp_path, with_pay("5000元", "5000", year="2022")))
    memo = ProgrammeMemo(data, "en", programme="qingxi").memo()
    assert "A head_split gets 60,000 yuan a year" in str(memo.lead)
    assert "series-stipends" in memo.tables


def test_a_comparison_takes_the_latest_year_and_says_that_years_differ(tmp_path: Path) -> None:
    tables = with_pay("5000元", "5000", year="2022")
    place = VALID["programmes"][0] | {"programme_id": "other"}
    source = LATER | {"source_id": "other", "programme_id": "other", "file": "other.txt", "sha256": "2" * 64}
    pay = later("pay.head", 20, "3000元", "3000", "CNY/person/month", **PAY)
    pay |= {"figure_id": "other.pay.head", "source_id": "other"}
    coded = coding("x", "yearly_pay", "other.pay.head", post="head_split", stage="after")
    tables |= {
        "programmes": [*tables["programmes"], place],
        "sources": [*tables["sources"], source],
        "figures": [*tables["figures"], pay],
        "codings": [*tables["codings"], coded | {"coding_id": "other.pay", "programme_id": "other"}],
        "reference_series": [*tables["reference_series"], VALID["reference_series"][0] | {"year": "2022"}],
    }
    assert messages(tables) == []
    found = compare(checked(write(tmp_path, tables)), "yearly_pay", post="head_split", stage="after")
    assert found.price_basis == "constant-2022"
    assert sorted(found.estimates["figure_ids"]) == ["other.pay.head", "qingxi-later.pay.head"]
    assert found.differences == ["year"]
