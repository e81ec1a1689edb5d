"""Raw files that cannot be read, many faults at once, and what follows once nothing is at fault."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qingxi import VALID, as_csv, messages, with_cells, write

from analysis.estimates.prices import in_prices_of, series
from analysis.estimates.spans import spans
from analysis.estimates.themes import all_estimates
from analysis.evidence.checks import DataError, check_tables, load, problems_of
from analysis.evidence.dataset import from_raw_tables
from analysis.evidence.raw import parse_csv
from analysis.evidence.register import CPI, parse_when
from analysis.evidence.schema import TABLES
from analysis.evidence.units import UNITS

TERMS = as_csv("terms", VALID["terms"])


def faults(root: Path, content: str | bytes, name: str = "terms.csv") -> list[str]:
    """Return the messages for the valid data set with one file replaced."""
    raw = content.encode() if isinstance(content, str) else content
    (write(root) / "data/raw" / name).write_bytes(raw)
    return [str(problem) for problem in problems_of(root)]


def test_valid_files_load(tmp_path: Path) -> None:
    data = load(write(tmp_path))
    assert repr(data) == f"Dataset(1 programmes, 7 figures, 1 sources, data {data.data_hash[:12]})"


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    assert faults(tmp_path, b"\xef\xbb\xbf" + TERMS.replace("\n", "\r\n").encode()) == []


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    cells = [line.split(",") for line in TERMS.splitlines()]
    assert faults(tmp_path, "\n".join(",".join(reversed(row)) for row in cells)) == []


def test_a_missing_file(tmp_path: Path) -> None:
    (write(tmp_path) / "data/raw/terms.csv").unlink()
    expected = "data/raw/terms.csv: no such file — expected a CSV file; restore it [missing-file]"
    assert [str(problem) for problem in problems_of(tmp_path)] == [expected]


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    path = write(tmp_path) / "data/raw/terms.csv"
    path.unlink()
    path.mkdir()
    (problem,) = problems_of(tmp_path)
    assert (problem.code, problem.file) == ("unreadable-file", "data/raw/terms.csv")


def test_another_encoding(tmp_path: Path) -> None:
    raw = TERMS.replace("post,deputy,1,deputy,deputy", "post,deputy,1,deputy,副职").encode("gb18030")
    assert faults(tmp_path, raw) == [
        "data/raw/terms.csv:9: byte 0xb8 — expected text in UTF-8; save the file as CSV UTF-8 [encoding]"
    ]


@pytest.mark.parametrize(("character", "seen"), [("\0", r"\x00"), ("\x0b", r"\x0b")])
def test_a_control_character(tmp_path: Path, character: str, seen: str) -> None:
    assert faults(tmp_path, TERMS.replace("1,deputy", f"1,dep{character}uty")) == [
        f"data/raw/terms.csv:9: label: '{seen}' — expected text; remove it [control-character]"
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('post,deputy,1,"dep"uty,x', "',' expected after '\"'"),
        ('post,deputy,1,"deputy,x', "unexpected end of data"),
    ],
)
def test_quotation_marks_that_do_not_fit(tmp_path: Path, row: str, reason: str) -> None:
    assert faults(tmp_path, TERMS.replace("post,deputy,1,deputy,deputy", row)) == [
        f"data/raw/terms.csv:9: {reason} — expected rows of CSV; close the quotation marks of the row that "
        "begins here, and double those inside a cell [csv]"
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "field,code,rank,label",
            "label_zh: no such column — {columns}; add the column [missing-column]",
        ),
        (
            "field,code,rank,label,label_zh,color",
            "'color' — {columns}; rename or remove the column [unknown-column]",
        ),
        (
            "field,code,rank,label,label_zh,label",
            "label: 2 columns of this name — expected one; remove the others [duplicate-column]",
        ),
        (
            "field;code;rank;label;label_zh",
            "'field;code;rank;label;label_zh' — {columns}; restore the first line, with commas between the "
            "names [missing-column]",
        ),
        (
            "",
            "empty — {columns}; restore the first line, with commas between the names [missing-column]",
        ),
    ],
)
def test_a_header_that_is_not_as_declared(tmp_path: Path, header: str, expected: str) -> None:
    columns = "expected the columns field, code, rank, label, label_zh"
    place = "data/raw/terms.csv:1: "
    assert faults(tmp_path, header + "\n") == [place + expected.format(columns=columns)]


def test_a_row_of_another_width(tmp_path: Path) -> None:
    remedy = "look for a comma too many or too few, or a missing quotation mark [row-width]"
    assert faults(tmp_path, TERMS + "post,clerk,3,clerk,clerk,文书\npost,member,4,member\n") == [
        f"data/raw/terms.csv:12: 6 cells — expected 5, as in the header; {remedy}",
        f"data/raw/terms.csv:13: 4 cells — expected 5, as in the header; {remedy}",
        "data/raw/terms.csv:13: label_zh: empty — expected the same in Simplified Chinese: name in reports; "
        "fill in the cell [required]",
    ]


def test_line_numbers_count_the_lines_inside_quoted_cells(tmp_path: Path) -> None:
    content = (
        'field,code,rank,label,label_zh\npost,clerk,1,"clerk,\nof a\nvillage",文书\n\npost,member,two,m,m\n'
    )
    found = [line for line in faults(tmp_path, TERMS + content.partition("\n")[2]) if "terms.csv:" in line]
    assert found == [
        "data/raw/terms.csv:16: rank: 'two' — expected a whole number of at most 15 digits, such as 12; "
        "correct the cell [type]"
    ]


def test_all_faults_are_reported_at_once_in_order(tmp_path: Path) -> None:
    root = write(tmp_path, with_cells("figures", 8, status="done", unit="days"))
    (root / "data/raw/exclusions.csv").unlink()
    codings = as_csv("codings", with_cells("codings", 6, absence="none")["codings"])
    (root / "data/raw/codings.csv").write_text(codings, encoding="utf-8")
    (root / "data/raw/terms.csv").write_text("field,code\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load(root)
    assert [(problem.file, problem.line, problem.code) for problem in caught.value.problems] == [
        ("data/raw/terms.csv", 1, "missing-column"),
        ("data/raw/terms.csv", 1, "missing-column"),
        ("data/raw/terms.csv", 1, "missing-column"),
        ("data/raw/figures.csv", 8, "unknown-code"),
        ("data/raw/exclusions.csv", None, "missing-file"),
        ("data/raw/codings.csv", 6, "unknown-code"),
    ]
    assert str(caught.value).startswith(
        "the raw data has 6 faults:\ndata/raw/terms.csv:1: rank: no such column"
    )


def test_faults_between_tables_are_reported_together() -> None:
    tables = with_cells("figures", 2, value="1.6") | {
        "codings": with_cells("codings", 6, measure="pay")["codings"],
        "identities": with_cells("identities", 2, expected="fails")["identities"],
    }
    assert [message.partition(" — ")[0] for message in messages(tables)] == [
        "figures.csv:2: value: '1.6'",
        "codings.csv:6: measure: 'pay'",
        "identities.csv:2: expected: 'fails'",
    ]


# Cells that are wrong in most places, right in some, and have brought code down in others.
NASTY = (
    "", "0", "-1", "1", "0.5", "1e400", "1２", "²", "nan", "TRUE", "0000", "2018/2021", "2021/2018", "=",
    "qingxi.scope=new", "qingxi.scope=all; qingxi.scope=new", "annualisation=twelve",
    "qingxi.year-2019-2021", "qingxi.year-2021-2019", "qingxi.year-2019-2021=2020",
    "CNY/month/person", "CNY/month", "venue/venue", "3 venue", "0元", "0个", " + ", "a <= b", "1 day = 1 day",
    "qingxi.venues.all - qingxi.venues.all", "qingxi.venues.amount - 5000000 CNY", "qingxi.pay.head * 0",
    "net_branches", "branches_dissolved", "not_reported", "x\ny", '"', "\u2028", *UNITS,
)  # fmt: skip
CELLS = [
    (table, line, column)
    for table, rows in VALID.items()
    for line in range(2, len(rows) + 2)
    for column in TABLES[table].columns
]


@given(st.data())
def test_what_passes_the_checks_can_be_estimated(data: st.DataObject) -> None:
    """Change one or two cells of the valid data set: the checks object, or everything can be computed."""
    tables = copy.deepcopy(VALID)
    for table, line, column in data.draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=2)):
        others = [cell for row in VALID[table] for cell in (row.get(column, ""), *row.values())]
        tables[table][line - 2][column] = data.draw(st.sampled_from([*NASTY, *others]) | st.text(max_size=5))
    raw = {name: parse_csv(TABLES[name], as_csv(name, rows)) for name, rows in tables.items()}
    if check_tables(raw):
        return
    dataset = from_raw_tables(Path(), raw, "")
    nominal = all_estimates(dataset)
    constant = in_prices_of(dataset, nominal, max(series(dataset, CPI)))
    assert len(spans(dataset, nominal)) and len(spans(dataset, constant))
    labelled = set(zip(dataset.readings["choice_id"], dataset.readings["reading"], strict=True))
    named = {
        pair for when in [*nominal["reading"], *constant["reading"]] for pair in parse_when(when).items()
    }
    assert named <= labelled
