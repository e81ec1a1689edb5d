"""The export kit: pages that fit, tidy CSV that no spreadsheet computes, and a workbook that reads back."""

import io
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from country import country
from hypothesis import given
from hypothesis import strategies as st

from analysis.cli import main
from analysis.draw import style
from analysis.draw.tables import Column, Table
from analysis.estimates.comparable import comparisons
from analysis.estimates.themes import THEMES
from analysis.evidence.dataset import Dataset
from analysis.evidence.register import MEASURES
from analysis.show.export.citation import citation
from analysis.show.export.csvfile import guarded, number_text
from analysis.show.tablekit import (
    KitError,
    Request,
    Workbook,
    page,
    tables_of,
    unguarded,
    words,
    workbook,
    write_kit,
    xlsx,
)
from analysis.show.tablekit.cell_words import CellWords, number_form
from analysis.show.tablekit.codebook import codebook, codebook_csv
from analysis.show.tablekit.columns import COLUMNS, MEANINGS, TABLES
from analysis.show.tablekit.html_page import WIDTHS
from analysis.show.tablekit.subject import DataTable, Subject
from analysis.show.tablekit.table_maker import row_shares
from analysis.show.tablekit.text_widths import column_shares, text_width
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES
from analysis.words.reasons import Reasons

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠a",
    "'=1",
    "'twas",
]
HARMLESS = ["head", "–", "≥ 3", "100万元", "", "a=b"]


def frame_of(table: DataTable) -> pd.DataFrame:
    return pd.DataFrame(table.rows, columns=table.headings)


def with_first_cell(data: Dataset, table: str, column: str, text: str) -> Dataset:
    """The dataset with the first cell of a column changed."""
    frame = data.tables[table].copy()
    frame[column] = [text, *frame[column].to_list()[1:]]
    return replace(data, tables={**data.tables, table: frame})


def only(data: Dataset, programme: str) -> Dataset:
    """The dataset as if there were one programme."""
    tables = {
        name: frame[frame["programme_id"] == programme]
        if name in ("programmes", "sources", "estimates")
        else frame
        for name, frame in data.tables.items()
    }
    return replace(data, tables=tables)


def read_back(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def columns_of(sheet) -> dict[str, list]:
    """The cells below the header, by heading."""
    header, *rows = sheet.iter_rows(min_row=3)
    return {head.value: [row[place] for row in rows] for place, head in enumerate(header)}


@pytest.fixture(scope="module")
def book(data) -> Workbook:
    """The workbook on one theme in English."""
    return workbook(data, theme="investment")


@pytest.fixture(scope="module")
def many(data) -> Dataset:
    """The dataset with 300 synthetic programmes beside the real ones."""
    return country(data, 300)


class TestCsv:
    @pytest.mark.parametrize("text", DANGEROUS)
    def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(self, text):
        assert guarded(text) == f"'{text}"

    @pytest.mark.parametrize("text", HARMLESS)
    def test_other_text_stays_as_it_is(self, text):
        assert guarded(text) == text

    @given(st.text())
    def test_the_apostrophe_can_be_taken_away_again(self, text):
        assert unguarded(guarded(text)) == text
        assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))

    @pytest.mark.parametrize(
        ("number", "text"),
        [(96.0, "96"), (-0.5, "-0.5"), (0.98, "0.98"), (float("inf"), "inf"), (float("-inf"), "-inf"),
         (float("nan"), ""), (None, ""), (pd.NA, ""), (753924.0506329114, "753924.0506329114")],
    )  # fmt: skip
    def test_numbers_are_bare_and_read_back_exactly(self, number, text):
        assert number_text(number) == text

    def test_a_file_has_a_byte_order_mark_and_crlf(self):
        row = {"measure": "cost_per_venue", "programme_id": "=qingxi", "state": "not_reported"}
        assert DataTable("coverage", [row]).csv() == (
            b"\xef\xbb\xbfmeasure,programme_id,state\r\ncost_per_venue,'=qingxi,not_reported\r\n"
        )

    def test_negative_numbers_stay_numbers(self, data):
        rankings = Subject(data).table("rankings")
        rows = [row | {"margin": -3.0} for row in rankings.rows[:1]]
        frame = pd.read_csv(io.BytesIO(DataTable("rankings", rows).csv()))
        assert frame["margin"].to_list() == [-3.0]

    @pytest.mark.parametrize("name", ["values", "estimates"])
    def test_a_row_without_a_value_says_why(self, data, name):
        frame = pd.read_csv(io.BytesIO(Subject(data).table(name).csv()), keep_default_na=False)
        gaps = frame[frame["value"] == ""]
        assert len(gaps) > 20
        assert set(gaps["absence"]) == {"not_reported", "not_applicable", "not_comparable"}
        assert (frame.loc[frame["value"] != "", "absence"] == "").all()

    def test_estimates_are_those_of_the_dataset(self, data):
        frame = frame_of(Subject(data).table("estimates"))
        shared = [name for name in frame.columns if name in data.tables["estimates"].columns]
        expected = data.tables["estimates"][shared].reset_index(drop=True)
        words = Reasons(data).words
        expected = expected.assign(reason=[words(reason)[0] for reason in expected["reason"]])
        pd.testing.assert_frame_equal(frame[shared], expected, check_dtype=False)

    def test_rankings_are_the_cited_tables_of_the_comparisons(self, data):
        frame = frame_of(Subject(data, ("investment",)).table("rankings"))
        cited = pd.concat([found.cited() for found in comparisons(data, "investment")], ignore_index=True)
        shared = [name for name in cited.columns if name in frame.columns and name != "unit"]
        assert len(shared) >= 11
        pd.testing.assert_frame_equal(frame[shared], cited[shared], check_dtype=False)

    def test_each_row_of_a_ranking_has_a_unit_of_its_own(self, data):
        frame = frame_of(Subject(data, ("stipends",)).table("rankings"))
        money = frame[frame["measure"] == "office_money"]
        assert set(money["unit"]) == {"CNY/village/year", "CNY/community/year"}
        assert (frame["unit"] != "").all()

    def test_with_a_price_year_all_money_is_in_its_prices(self, data):
        frame = frame_of(Subject(data, price_year=2021).table("values"))
        money = frame[frame["unit"].str.startswith("CNY")]
        assert set(money["price_basis"]) == {"constant-2021"}
        assert set(frame.loc[frame["unit"] == "venue", "price_basis"]) == {"nominal"}


class TestCodebook:
    def test_every_column_of_every_file_is_described(self, data):
        for subject in (Subject(data), Subject(data, programme="ludian")):
            frame = pd.read_csv(io.BytesIO(codebook_csv(data, subject.tables)), keep_default_na=False)
            columns = frame[frame["code"] == ""]
            for table in subject.tables:
                held = {row.column for row in columns.itertuples() if table.name in row.table.split()}
                assert held == set(table.headings)
            assert (columns[["label", "label_zh", "description", "description_zh"]] != "").all(axis=None)

    def test_every_code_in_a_file_is_described(self, data):
        subject = Subject(data)
        known = {
            (entry.column, entry.code) for entry in codebook(CellWords(data, Text.of("en")), subject.tables)
        }
        for table in subject.tables:
            for key in (key for key in table.columns if COLUMNS[key].kind in ("code", "unit", "prices")):
                missing = {row[key] for row in table.rows if row[key] and (key, row[key]) not in known}
                assert missing == set(), f"{table.name}.{key}"

    def test_the_english_meanings_are_those_of_the_declarations(self):
        text = Text.of("en")
        for field, codes in MEANINGS.items():
            if field == "measure":  # the formulas stand in the catalogues alone
                continue
            assert {code: text(f"workbook.meaning.{field}.{code}") for code in codes} == codes

    def test_every_declared_table_uses_declared_columns(self):
        assert {key for keys in TABLES.values() for key in keys} == set(COLUMNS)


class TestWorkbook:
    def test_numbers_are_numbers_with_formats_and_text_is_text(self, book):
        values = columns_of(read_back(book.content)["Values"])
        assert {cell.data_type for cell in values["Value"]} == {"n", "s"}
        numbers = [cell for cell in values["Value"] if cell.data_type == "n"]
        assert {cell.number_format for cell in numbers} == {"#,##0_)", "#,##0.00_)", "0.00_)"}
        assert {cell.value for cell in values["Value"] if cell.data_type == "s"} == {
            "not reported", "not applicable", "not comparable",
        }  # fmt: skip

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_cell_is_empty_and_none_is_a_formula_or_a_link(self, data, language):
        for made in (
            workbook(data, language=language),
            workbook(data, programme="ludian", language=language, price_year=2021),
        ):
            for sheet in read_back(made.content).worksheets:
                rows = list(sheet.iter_rows(min_row=3))
                assert len(rows) > 1, sheet.title
                assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}, sheet.title
                assert all(cell.value not in (None, "") for row in rows for cell in row), sheet.title
                assert not any(cell.hyperlink for row in rows for cell in row), sheet.title

    def test_sheets_are_named_in_the_language(self, data):
        names = {
            language: [sheet.name for sheet in workbook(data, theme="branches", language=language).sheets]
            for language in LANGUAGES
        }
        assert names["en"] == [
            "About", "Side by side", "Values", "Rankings", "Coverage", "Not compared",
            "Estimates by reading", "Readings", "Figures", "Sources", "Codebook",
        ]  # fmt: skip
        assert names["zh-Hans"] == [
            "说明", "对照", "数值", "次序", "报告情况", "未作比较", "各理解测算值", "理解",
            "数字", "来源", "代码簿",
        ]  # fmt: skip
        assert names["zh-Hant"][:3] == ["說明", "對照", "數值"]

    def test_data_sheets_have_a_title_a_filter_and_a_frozen_header_that_is_printed_again(self, book):
        sheet = read_back(book.content)["Values"]
        assert sheet["A1"].value == "Values: Venues and equipment compared"
        assert sheet.freeze_panes == "B4"
        assert sheet.auto_filter.ref.startswith("A3:")
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage

    def test_side_by_side_a_bound_and_an_open_reading_show_in_the_number(self, book):
        sheet = columns_of(read_back(book.content)["Side by side"])
        shown = {
            (cell.number_format, round(cell.value))
            for place in ("Ludian County", "Minjia township")
            for cell in sheet[place]
            if cell.data_type == "n"
        }
        assert {('"≥ "#,##0_)', 12_987), ('#,##0" *"_)', 2_439), ("#,##0_)", 30_000)} <= shown

    def test_the_about_sheet_says_what_it_is_and_how_to_cite_it(self, data, book):
        rows = {row[0].value: row[1].value for row in read_back(book.content)["About"].iter_rows(min_row=4)}
        assert rows["SHA-256 of the data"] == data.data_hash
        assert rows["Money"] == "prices as printed"
        assert rows["Licence"] == "MIT"
        assert rows["How to cite"].startswith("County programme analysis: ")

    def test_sources_say_whether_a_date_is_inferred(self, book):
        sources = columns_of(read_back(book.content)["Sources"])
        dated = {
            published.value: known.value
            for published, known in zip(sources["Published"], sources["Date known by"], strict=True)
        }
        assert dated == {
            "2014/2016": "inferred", "2021-09-26": "stated", "2022/2024": "inferred", "2016-05-25": "stated",
            "2013-04-24": "stated",
        }  # fmt: skip

    @pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "@SUM(1)", "https://example.org", "123", "-2"])
    def test_text_from_the_data_stays_text(self, data, text):
        hostile = with_first_cell(data, "figures", "printed", text)
        figures = columns_of(read_back(workbook(hostile, programme="shangzhou").content)["Figures"])
        cell = figures["As printed"][0]
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)

    def test_what_a_cell_cannot_hold_is_replaced_and_cut(self, data):
        long = "long" * 10_000
        hostile = with_first_cell(data, "figures", "printed", f"a\x00b\x0bc\r\nd_x0041_{long}")
        figures = columns_of(read_back(workbook(hostile, programme="shangzhou").content)["Figures"])
        shown = figures["As printed"][0].value
        assert shown.startswith("a�b�c\nd_x0041_long")
        assert len(shown) == 32_767
        assert shown.endswith("…")

    @pytest.mark.parametrize(
        ("text", "cell"),
        [("\ud800", "�"), ("\x7f\ufffe", "��"), ("a\rb\r\nc\td", "a\nb\nc\td"), ("待遇", "待遇")],
    )
    def test_a_cell_holds_what_xml_can_hold(self, text, cell):
        assert xlsx.clean_text(text) == cell

    def test_a_sheet_that_is_too_long_is_cut_and_says_so(self, data, monkeypatch):
        monkeypatch.setattr(xlsx, "MOST_ROWS", 10)
        sheet = read_back(workbook(data, theme="branches").content)["Values"]
        assert sheet.max_row == 10
        assert sheet["A2"].value == "This sheet holds as many rows as a sheet can; the CSV file holds all."

    def test_very_many_cells_are_written_row_by_row(self, data, book, monkeypatch):
        whole = read_back(book.content)
        monkeypatch.setattr(xlsx, "MOST_IN_MEMORY", 0)
        streamed = read_back(workbook(data, theme="investment").content)
        assert [[cell.value for cell in row] for row in streamed["Values"].iter_rows()] == [
            [cell.value for cell in row] for row in whole["Values"].iter_rows()
        ]

    def test_a_name_that_no_tab_can_bear_is_refused(self):
        with pytest.raises(ValueError) as refused:
            xlsx.Sheet("a/b", "T", "", ("h",), ())
        assert str(refused.value) == (
            "sheet name 'a/b': a name has 1 to 31 characters, none of []:*?/\\ and no apostrophe at an end; "
            "shorten it in the catalogue"
        )

    def test_the_bytes_are_the_same_on_every_run(self, data, book):
        assert workbook(data, theme="investment").content == book.content

    def test_it_is_saved_whole(self, book, tmp_path):
        path = book.save(tmp_path / "new" / "book.xlsx")
        assert path.read_bytes() == book.content
        assert [file.name for file in path.parent.iterdir()] == ["book.xlsx"]

    def test_it_says_what_it_holds(self, book):
        assert repr(book).startswith(
            "Workbook('Venues and equipment compared'; sheets with their rows: About (23), "
        )

    def test_libreoffice_opens_it(self, book, calc, tmp_path):
        path = book.save(tmp_path / "book.xlsx")
        form = "csv:Text - txt - csv (StarCalc):44,34,76"  # commas, quotation marks, UTF-8
        first = calc.convert(path, form).read_text(encoding="utf-8")
        assert first.startswith("Venues and equipment compared,\n")

    @pytest.mark.parametrize(
        ("value", "unit", "form"),
        [(3_800_000, "CNY/venue", "#,##0"), (282608.7, "CNY/facility", "#,##0"), (0.98, "share", "0.0%"),
         (0.767, "venue/village", "#,##0.00"), (0.0123, "venue/village", "0.0000"), (1.2, "ratio", "0.00")],
    )  # fmt: skip
    def test_the_format_fits_the_unit(self, value, unit, form):
        assert number_form(value, unit) == form


class TestPages:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("width", WIDTHS)
    def test_every_page_stands_by_itself(self, data, language, width):
        tables = [
            *tables_of(Subject(data, ("investment",)), language),
            *tables_of(Subject(data, ("investment",), "minjia", 2021), language),
        ]
        for table in tables:
            content = page(table, language, width)
            soup = BeautifulSoup(content, "html.parser")
            assert content.startswith("<!DOCTYPE html>\n")
            assert soup.html["lang"] == language
            assert soup.find("meta", charset="utf-8")
            assert soup.select_one(".gt_title").get_text() == table.title
            assert [note.get_text() for note in soup.select(".gt_sourcenote")] == list(table.lines)
            assert all(cell.get_text() for cell in soup.select("tbody td")), table.name
            assert {head["scope"] for head in soup.select("thead th.gt_col_heading")} == {"col"}
            assert not soup.select("script, link, img, a")
            assert f"width: {WIDTHS[width].mm}mm" in content

    def test_the_memo_variant_is_the_grid_and_its_words_are_beside_it(self, data):
        [table] = [
            table for table in tables_of(Subject(data, ("branches",)), "en") if table.name == "rankings"
        ]
        soup = BeautifulSoup(page(table, "en", variant="memo"), "html.parser")
        assert soup.select_one(".gt_title") is None
        assert soup.select_one(".gt_sourcenote") is None
        assert words(table).splitlines() == [
            "Party organisations: order of the places, and how firm it is",
            "Money: prices as printed.",
            "An order is counted over the readings of the two places compared, each possible year being "
            "one: “3 of 3 readings” counts combinations of their readings, and is no probability.",
            f"Data {data.data_hash[:12]}; county programme analysis, version {citation(data)['version']}.",
            "Sources: Four steps in concert: grassroots Party building grows stronger and leaner "
            "(26 September 2021); [Wushan County’s campaign to shore up the foundations of grassroots Party "
            "building] (2022–2024; inferred)",
        ]

    def test_absence_is_a_word(self, data):
        [table] = [
            table
            for table in tables_of(Subject(data, ("investment",)), "zh-Hant")
            if table.name == "coverage"
        ]
        cells = {row[place] for row in table.rows for place in data.programme_ids}
        assert cells == {"有報告", "未報告", "不可比"}

    def test_a_table_without_rows_says_so(self, data):
        [table] = [table for table in tables_of(Subject(data, ("branches",)), "en") if table.name == "flips"]
        assert [row["nothing"] for row in table.rows] == [
            "No reading turns the order of any two places compared."
        ]

    def test_text_from_the_data_is_never_markup(self, data):
        hostile = with_first_cell(data, "programmes", "label", "<script>alert(1)</script>")
        for table in tables_of(Subject(hostile, ("investment",)), "en"):
            assert not BeautifulSoup(page(table, "en"), "html.parser").select("script"), table.name

    def test_the_widths_are_those_of_the_charts(self):
        assert {name: width.mm for name, width in WIDTHS.items()} == style.WIDTHS_MM


class TestLayout:
    def test_a_chinese_character_counts_double(self):
        assert [text_width(text) for text in ("", "pay", "待遇", "a\n待遇")] == [0, 3, 4, 4]

    def test_the_column_with_most_text_gets_most_room(self):
        columns = (Column("what", "What"), Column("value", "Value", "right"))
        rows = ({"what": "a long sentence about what is counted " * 4, "value": "1"},) * 3
        shares = column_shares(Table("t", "T", columns, rows), 60)
        assert sum(shares.values()) == pytest.approx(1)
        assert shares["what"] > 0.8

    def test_no_column_is_narrower_than_its_longest_word(self):
        columns = (Column("what", "What"), Column("kind", "Kind"))
        rows = ({"what": "word " * 100, "kind": "not comparable"},)
        assert column_shares(Table("t", "T", columns, rows), 60)["kind"] * 60 >= len("comparable")

    def test_small_groups_are_shown_whole(self):
        assert row_shares([2, 50, 50], 20) == [2, 9, 9]
        assert row_shares([1, 1], 20) == [1, 1]
        assert row_shares([5, 5, 5], 2) == [1, 1, 0]

    @given(st.lists(st.integers(0, 40), max_size=30), st.integers(0, 100))
    def test_as_many_rows_are_shown_as_there_is_room_for(self, sizes, most):
        shown = row_shares(sizes, most)
        assert sum(shown) == min(most, sum(sizes))
        assert all(0 <= few <= size for few, size in zip(shown, sizes, strict=True))


class TestManyProgrammes:
    def test_programmes_stand_in_rows_and_the_note_says_where_the_rest_is(self, many):
        tables = {table.name: table for table in tables_of(Subject(many, ("investment",)), "en")}
        table = tables["side-by-side"]
        assert [column.key for column in table.shown] == ["place", "value", "year", "status"]
        assert len(table.rows) == 120
        assert table.notes[2] == (
            "120 of 230 rows are shown, the first under each heading; values.csv and the workbook hold all."
        )
        assert table.rows[0]["group"].endswith(" (a value for 201 of 305 programmes)")
        assert max(len(table.rows) for table in tables.values()) == 120

    def test_sources_are_counted_where_they_cannot_be_listed(self, many):
        [table] = [
            table for table in tables_of(Subject(many, ("stipends",)), "en") if table.name == "rankings"
        ]
        assert table.source.startswith("Sources: documents of ")
        assert table.source.endswith(" programmes, listed in sources.csv")

    def test_coverage_counts_every_programme_once(self, many):
        [table] = [
            table for table in tables_of(Subject(many, ("branches",)), "en") if table.name == "coverage"
        ]
        kinds = ("value", "not_reported", "not_applicable", "not_comparable")
        assert {sum(int(row[kind]) for kind in kinds) for row in table.rows} == {305}
        assert table.notes[0] == "Numbers of programmes, of 305 in all."

    def test_the_workbook_holds_all_of_them(self, many):
        made = workbook(many, theme="investment")
        sizes = {sheet.name: len(sheet.rows) for sheet in made.sheets}
        assert "Side by side" not in sizes
        assert sizes["Sources"] == 305
        assert sizes["Coverage"] == 305 * sum(measure.theme == "investment" for measure in MEASURES.values())

    def test_one_programme_is_enough(self, data):
        alone = only(data, "weinan")
        tables = {table.name: table for table in tables_of(Subject(alone, ("stipends",)), "en")}
        assert tables["rankings"].rows == (
            {"nothing": "No measure of this theme is reported by two places."},
        )
        assert len(read_back(workbook(alone, theme="stipends").content).worksheets) == 11


class TestKit:
    def test_files_have_names_that_can_be_foretold(self, data, tmp_path):
        request = Request(("branches",), languages=("en",), variants=("standalone", "memo"))
        names = [path.relative_to(tmp_path).as_posix() for path in write_kit(data, request, tmp_path)]
        tables = (
            "coverage",
            "estimates",
            "figures",
            "not-compared",
            "rankings",
            "readings",
            "sources",
            "values",
        )
        pages = (
            "coverage", "figures", "flips", "not-compared", "rankings", "sensitivity", "side-by-side",
            "sources",
        )  # fmt: skip
        expected = [f"{name}.csv" for name in (*tables, "codebook")]
        expected += [
            f"{name}.en.memo.{end}" for name in pages for end in ("standalone.html", "memo.html", "memo.txt")
        ]
        expected += ["comparison-branches.en.xlsx"]
        assert sorted(names) == sorted(f"comparison-branches/{name}" for name in expected)
        assert sorted(path.name for path in (tmp_path / "comparison-branches").iterdir()) == sorted(expected)

    def test_the_bytes_are_the_same_on_every_run(self, data, tmp_path):
        request = Request(("branches",), ("wushan",), languages=("zh-Hant",), price_year=2021)
        first, second = (write_kit(data, request, tmp_path / name) for name in ("a", "b"))
        assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
        assert {path.parent.name for path in first} == {"wushan-branches-prices-2021"}

    def test_a_comparison_is_named_as_its_report_is(self, project_root):
        reports = {path.stem for path in (project_root / "params").glob("comparison-*.yaml")}
        assert {topic.folder for topic in Request(tuple(THEMES)).topics} == reports
        [topic] = Request(("collective_economy", "oversight"), ("ludian",)).topics
        assert topic.folder == "ludian-collective-economy-oversight"

    def test_all_faults_are_named_at_once_and_nothing_is_written(self, data, tmp_path):
        request = Request(
            ("investmint",), ("ludien",), ("xx",), ("pdf", "csv"), ("wide",), (), price_year=1900
        )
        with pytest.raises(KitError) as refused:
            write_kit(data, request, tmp_path)
        assert str(refused.value).splitlines() == [
            "theme: 'investmint' is not known; allowed are investment, stipends, branches, "
            "collective_economy, oversight; did you mean 'investment'?",
            "programme: 'ludien' is not known; allowed are shangzhou, ludian, wushan, weinan, minjia; "
            "did you mean 'ludian'?",
            "language: 'xx' is not known; allowed are en, zh-Hans, zh-Hant; choose one of these",
            "format: 'pdf' is not known; allowed are html, csv, xlsx; choose one of these",
            "width: 'wide' is not known; allowed are memo, slide; did you mean 'slide'?",
            "variant: none is named; choose from standalone, memo",
            "price_year: 1900 — expected a year of the price series, 2011 to 2024, as a plain number, "
            "'printed' or None; choose another year",
        ]
        assert list(tmp_path.iterdir()) == []

    def test_all_stands_for_every_programme(self, data):
        request = Request(programmes=("all",)).validate(data, ("csv",))
        assert [topic.folder for topic in request.topics] == data.programme_ids

    def test_a_long_list_of_programmes_is_cut_in_the_message(self, many):
        with pytest.raises(KitError, match=r"and 285 more; did you mean 'synthetic-0300'\?$"):
            workbook(many, programme="synthetic-300")

    def test_a_workbook_of_an_unknown_language_is_refused(self, data):
        with pytest.raises(KitError) as refused:
            workbook(data, language="fr")
        assert str(refused.value) == (
            "language: 'fr' is not known; allowed are en, zh-Hans, zh-Hant; choose one of these"
        )

    def test_the_command_names_the_files(self, project_root, tmp_path, capsys):
        call = ["--data", str(project_root), "tables", "--theme", "branches", "--format", "xlsx"]
        assert main([*call, "--language", "en,zh-Hans", "--out", str(tmp_path)]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "comparison-branches/comparison-branches.en.xlsx",
            "comparison-branches/comparison-branches.zh-Hans.xlsx",
            f"2 files in {tmp_path}",
        ]

    def test_the_command_refuses_what_it_does_not_know(self, project_root, tmp_path, capsys):
        call = ["--data", str(project_root), "tables", "--theme", "pay", "--out", str(tmp_path / "new")]
        assert main(call) == 2
        assert capsys.readouterr().err == (
            "theme: 'pay' is not known; allowed are investment, stipends, branches, collective_economy, "
            "oversight; choose one of these\n"
        )
        assert not (tmp_path / "new").exists()


def test_without_a_citation_file_the_package_is_named(data, tmp_path):
    assert citation(replace(data, root=tmp_path))["title"] == "county-programme-analysis"
