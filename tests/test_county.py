"""The report on one programme: every section, for a county that reports much and one that reports nothing."""

import html
import re

import pytest
from bs4 import BeautifulSoup
from qingxi import SCOPE, VALID, bilingual, coding, write

from analysis.draw import Chart
from analysis.draw.tables import Table
from analysis.estimates import processed
from analysis.estimates.comparable import compare
from analysis.evidence.dataset import Dataset, records
from analysis.evidence.register import MEASURES
from analysis.evidence.themes import THEMES
from analysis.show.county import CountyReport
from analysis.show.county.indicators import indicator_table
from analysis.show.county.opening import glossary
from analysis.show.county.sections import silent_sentence, theme_pieces
from analysis.show.html import joined
from analysis.words.findings.paragraphs import paragraphs
from analysis.words.languages import LANGUAGES

PROGRAMMES = ("shangzhou", "ludian", "wushan", "weinan", "minjia")
# What may stand in Latin letters in a Chinese report: ids of figures, hashes and the name of the hash.
IDS = re.compile(r"\b(?:shangzhou|ludian|wushan|weinan|minjia|qingxi)\.[a-z0-9.-]+|\b[0-9a-f]{64}\b|SHA-256")


@pytest.fixture(scope="module")
def data(project_root) -> Dataset:
    return processed.checked(project_root)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Dataset:
    """An invented county, and another one whose document prints no figure at all."""
    place = {"programme_id": "baisha", "admin_level": "county"} | bilingual(
        label="白沙县", programme_name="固"
    )
    source = VALID["sources"][0] | {"source_id": "baisha", "programme_id": "baisha", "file": "baisha.txt"}
    added = {"programmes": [place], "sources": [source]}
    tables = VALID | {name: [*VALID[name], *rows] for name, rows in added.items()}
    return processed.checked(write(tmp_path_factory.mktemp("county"), tables))


def pieces(report: CountyReport) -> dict[str, str]:
    """Return every piece of a report that the notebook shows, as HTML."""
    shown = {"opening": report.opening(), "indicators": report.indicators()}
    shown |= {"questions": report.questions(), "evidence": report.evidence()}
    charts = {f"{theme}-chart": wording(chart) for theme, chart in report.charts.items()}
    themes = {"themes": without_pictures(report)}
    return charts | themes | {name: piece._repr_html_() for name, piece in shown.items()}


def without_pictures(report: CountyReport) -> str:
    """Return the sections on themes without their charts, which take long to draw."""
    found = paragraphs(report.labels, report.programme, report.account)
    parts = [piece for each in found for piece in theme_pieces(report, each, [])]
    silent = silent_sentence(report, {each.theme for each in found})
    return joined(*(part for part in [*parts, *silent] if not isinstance(part, Chart)))._repr_html_()


def wording(chart: Chart) -> str:
    """Return all that a chart says as HTML, without drawing it."""
    said = (chart.title, chart.subtitle, chart.alt, chart.note, chart.source)
    return "".join(f"<p>{html.escape(text)}</p>" for text in said)


def words(page_html: str) -> str:
    page = BeautifulSoup(page_html.replace("<wbr>", ""), "html.parser")
    for style in page.select("style"):
        style.decompose()
    return page.get_text(" ") + " ".join(image["alt"] for image in page.select("img"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_section_says_something_in_its_language(data, programme, language):
    report = CountyReport(data, programme, language=language, price_year=2024)
    for name, piece in pieces(report).items():
        text = words(piece)
        assert text.strip(), name
        assert not re.search(r"\bnan\b|None|\{\w*\}|<NA>", text), name
        if language != "en":
            latin = set(re.findall(r"[A-Za-z]+", IDS.sub("", text)))
            assert latin == set(), f"{name}: {latin}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_county_that_reports_nothing_has_every_section(small, language):
    report = CountyReport(small, "baisha", language=language, price_year=2021)
    assert all(words(piece).strip() for piece in pieces(report).values())
    assert [report.estimates(theme) for theme in THEMES] == [None] * len(THEMES)
    assert not isinstance(report.arithmetic(), Table)
    assert report.first_chart()._repr_html_() == ""


def test_themes_without_content_share_one_sentence(small, data):
    report = CountyReport(small, "baisha")
    said = (
        "The documents print no figure on venues and equipment, pay and operating funds, Party organisations"
    )
    assert f"{said}, collective economy and supervision and personnel." in words(
        report.themes()._repr_html_()
    )
    assert "The documents print no figure on collective economy." in without_pictures(
        CountyReport(data, "minjia")
    )


def test_a_county_that_reports_nothing_lacks_every_measure(small):
    names = "; ".join(row["measure"] for row in CountyReport(small, "baisha").missing().rows)
    text = CountyReport(small, "baisha").text
    assert [code for code in MEASURES if text(f"measures.{code}") not in names] == []


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_each_measure_has_a_value_or_is_named_as_missing(data, programme):
    report = CountyReport(data, programme)
    text = words("".join(table._repr_html_() for theme in THEMES if (table := report.estimates(theme))))
    shown = [text, *(row["measure"] for row in report.missing().rows)]
    # The ratio by region stands in a column beside the national one.
    shown += [report.text(f"measures.{code}") for code, measure in MEASURES.items() if measure.beside]
    text = " ".join(shown)
    assert [code for code in MEASURES if report.text(f"measures.{code}") not in text] == []


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_no_column_is_empty_and_no_row_stands_twice(data, programme):
    report = CountyReport(data, programme, price_year=2024)
    tables = [
        report.profile(),
        report.missing(),
        report.readings(),
        report.arithmetic(),
        report.all_figures(),
    ]
    tables += [report.estimates(theme) for theme in THEMES]
    tables += [indicator_table(report)]
    for table in tables:
        if isinstance(table, Table):
            assert [
                column.key for column in table.columns if not any(row[column.key] for row in table.rows)
            ] == []
            keys = ("measure", "what", "question", "reading", "id", "item", "check", "status")
            cells = [tuple(row.get(key, "") for key in keys) for row in table.rows]
            assert sorted(set(cells)) == sorted(cells), table.name


# The opening


def opening(report: CountyReport) -> BeautifulSoup:
    return BeautifulSoup(report.opening()._repr_html_(), "html.parser")


def test_it_says_that_sources_publicise_and_that_levels_differ(data):
    text = opening(CountyReport(data, "ludian")).select("small")[-1].get_text()
    assert text.startswith(
        "The sources are written to publicise success. Nothing here says what caused what. "
    )
    assert "(district, county, development zone and township)." in text
    assert (
        "levels" not in opening(CountyReport(data, "ludian", peers=["wushan"])).select("small")[-1].get_text()
    )


def test_terms_that_a_stranger_needs_have_a_line_each(data):
    assert [len(glossary(CountyReport(data, place))) for place in PROGRAMMES] == [3, 3, 0, 1, 1]
    assert glossary(CountyReport(data, "ludian", "zh-Hant"))[0].startswith("雙整百千，")


def test_nothing_is_said_twice_on_a_page(data):
    for programme in PROGRAMMES:
        report = CountyReport(data, programme)
        page = BeautifulSoup(report.opening()._repr_html_() + without_pictures(report), "html.parser")
        said = [s for p in page.select("p, li") for s in re.split(r"(?<=[.;]) ", p.get_text(" "))]
        assert len(said) == len(set(said)), programme


def test_the_indicators_say_inferred_once(data):
    table = indicator_table(CountyReport(data, "ludian"))
    assert len(table.rows) == 8
    assert table.rows[0] == {
        "what": "Yearly pay, village or community, head with one post",
        "value": "50,400 yuan (was 24,000 yuan)",
        "year": "2020–2021*",
        "status": "standard",
    }
    assert table.notes == ("* The year is inferred from the date of the document or from its context.",)


def test_the_first_chart_shows_one_of_the_first_messages(data):
    charts = [CountyReport(data, place).first_chart() for place in PROGRAMMES]
    names = ["yearly_pay", "yearly_pay", "branches", "problems_per_village", "cost_per_venue"]
    assert [chart.name for chart in charts] == names


# Tables


def rows(table: Table, key: str, value: str) -> list[dict[str, str]]:
    return [row for row in table.rows if row[key] == value]


def test_peers_limit_what_is_compared(data):
    alone = CountyReport(data, "ludian", peers=[])
    assert "reported by 1 of 1 places" in alone.chart("stipends").subtitle
    assert "Shangzhou" not in alone.chart("stipends").alt


def test_the_unit_stands_in_the_heading_of_its_measure(data):
    table = CountyReport(data, "ludian").estimates("stipends")
    head = rows(table, "measure", "Yearly pay (yuan per person per year)")[0]
    assert (head["what"], head["value"]) == (
        "Village or community, head with both posts, before the rise",
        "26,400",
    )
    assert [
        row["value"] for row in rows(table, "measure", "Operating funds per year (yuan per person per year)")
    ] == ["18,833"]


def test_constant_prices_are_a_column_only_where_a_year_is_known(data):
    def keys(programme: str, theme: str) -> list[str]:
        return [
            column.key for column in CountyReport(data, programme, price_year=2024).estimates(theme).columns
        ]

    assert "constant" in keys("ludian", "investment")
    assert "constant" in keys("minjia", "investment")
    assert "constant" not in keys("ludian", "branches")
    minjia = CountyReport(data, "minjia", price_year=2024).estimates("investment").rows
    # Money of no year is at least its conversion from the year in which it was published.
    assert all(row["constant"].startswith(("≥", "≤")) for row in minjia if row["constant"])


def test_ids_of_figures_link_to_their_row_in_the_last_table(data):
    page = BeautifulSoup(pieces(CountyReport(data, "ludian"))["evidence"], "html.parser")
    anchors = {place["id"] for place in page.select("td span[id]")}
    links = {link["href"].removeprefix("#") for link in page.select("td a")}
    assert len(anchors) == len(data.figures_of("ludian"))
    assert links and links <= anchors


def test_what_is_ruled_out_shows_the_numbers_that_rule_it_out(data):
    table = CountyReport(data, "minjia").readings()
    assert {row["reason"][-31:] for row in rows(table, "standing", "ruled out")} >= {
        "(4,340,000 yuan > 3,800,000 yuan)"[-31:]
    }


def test_identities_are_worked_out(data):
    checks = [row["check"] for row in CountyReport(data, "ludian").arithmetic().rows]
    assert "48 villages × 300,000 yuan per village = 14,400,000 yuan = 14,400,000 yuan" in checks


def test_an_identity_that_fails_is_a_finding(tmp_path):
    identity = VALID["identities"][0] | {"left": "qingxi.venues.new + 6 venue", "expected": "fails"}
    data = processed.checked(write(tmp_path, VALID | {"identities": [identity]}))
    [row] = CountyReport(data, "qingxi").arithmetic().rows
    assert row["check"] == "3 venues + 6 venues = 9 venues ≠ 8 venues"
    assert row["result"] == "does not add up"
    assert row["figures"] == "qingxi.venues.new qingxi.venues.all"


def test_the_profile_gives_the_title_as_printed_and_the_date_in_words(data):
    cells = {row["item"]: row["entry"] for row in CountyReport(data, "ludian").profile().rows}
    source = records(data.sources, source_id="ludian")[0]
    assert cells["Source"] == f"{source['title_en']} ({source['title']})"
    assert (cells["Date"], cells["Belongs to"]) == ("26 September 2021", "Zhaotong, Yunnan")
    chinese = {row["item"]: row["entry"] for row in CountyReport(data, "ludian", "zh-Hant").profile().rows}
    assert (chinese["日期"], chinese["隸屬"]) == ("2021年9月26日", "雲南省昭通市")


def test_text_from_data_is_escaped(tmp_path):
    evil = "<script>x</script>{{ 1 }}*b*"
    programme = VALID["programmes"][0] | bilingual(label=evil, programme_name=evil, note=evil)
    figures = [row | bilingual(subject=evil, note=evil) for row in VALID["figures"]]
    data = processed.checked(write(tmp_path, VALID | {"programmes": [programme], "figures": figures}))
    for name, piece in pieces(CountyReport(data, "qingxi")).items():
        assert not BeautifulSoup(piece, "html.parser").select("script"), name
    assert evil in words(CountyReport(data, "qingxi").all_figures()._repr_html_())


def test_an_unknown_programme_is_named(data):
    with pytest.raises(ValueError, match=r"unknown programme 'ludain'; did you mean 'ludian'\?"):
        CountyReport(data, "ludain")
    with pytest.raises(ValueError, match="unknown programme 'x'; known are shangzhou, ludian, wushan"):
        CountyReport(data, "ludian", peers=["x"])
    with pytest.raises(ValueError, match="unknown language 'zh'; allowed are en, zh-Hans, zh-Hant"):
        CountyReport(data, "ludian", "zh")


def test_notes_on_codings_choices_and_arithmetic_reach_the_reader(data):
    """What a curator knew and a reader must: what an amount is called, and what is only a formal bound."""
    shangzhou, ludian = (CountyReport(data, place) for place in ("shangzhou", "ludian"))
    assert any("The amounts are called subsidies" in n for n in shangzhou.estimates("stipends").notes)
    [bound] = [note for note in ludian.estimates("branches").notes if "A formal bound" in note]
    assert bound.startswith("Branches dissolved: ")
    assert any("The analyst decides" in note for note in ludian.readings().notes)
    assert any("112 first secretaries" in row["note"] for row in ludian.arithmetic().rows)


def test_the_net_change_of_branches_has_one_span_everywhere(data):
    """At most 177 were dissolved and 94 set up: in table, chart, card and comparison alike."""
    report = CountyReport(data, "ludian")
    [net] = [row for row in report.estimates("branches").rows if row["measure"] == "Net change of branches"]
    [gone] = [row for row in report.estimates("branches").rows if row["measure"] == "Branches dissolved"]
    assert (net["span"], gone["span"]) == ("−83 to 94", "0 to 177")
    assert (-83, 94) in [(row.low, row.high) for row in report.chart("branches").rows]
    assert "A formal bound" in report.chart("branches").note
    [ranked] = compare(data, "net_branches", object="branch").ranked
    assert (ranked.low, ranked.high) == (-83, 94)


def test_charts_are_written_where_a_folder_is_named(data, tmp_path):
    CountyReport(data, "wushan", charts_dir=tmp_path / "charts").chart("branches")
    assert sorted(path.name for path in (tmp_path / "charts").iterdir()) == ["branches.svg"]


def test_a_value_under_some_readings_only_says_under_how_many(tmp_path):
    cost = coding("cost", "cost_per_venue", "qingxi.venues.amount", "qingxi.venues.new", when=f"{SCOPE}=new")
    cost |= {"object": "village_venue"}
    absent = coding("none", "cost_per_venue", "", when=f"{SCOPE}=all", absence="not_reported") | {
        "object": "village_venue"
    }
    choices = [
        row | {"is_default": str(row["reading"] in ("new", "twelve", "2021")).lower()}
        for row in VALID["readings"]
    ]
    data = processed.checked(write(tmp_path, VALID | {"codings": [cost, absent], "readings": choices}))
    [row] = CountyReport(data, "qingxi").estimates("investment").rows
    assert row["span"] == "a value in 1 of 2 readings"
