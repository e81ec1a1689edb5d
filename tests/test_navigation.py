"""Where the pages of reports lead, by the parameters of the reports that there are."""

from analysis.show.export.request import name_themes
from analysis.show.navigation import Link, Links, Neighbour, links, memo_file, neighbours
from analysis.words.language import Text

LUDIAN = {"programme": "ludian", "language": "en"}
LUDIAN_ZH = {"programme": "ludian", "language": "zh-Hans"}
PAY = {"theme": "stipends", "language": "en"}
PAY_ZH = {"theme": "stipends", "language": "zh-Hans"}
VENUES_ZH = {"theme": "investment", "language": "zh-Hans"}


def test_a_page_leads_to_the_comparisons_in_its_language_and_to_itself_in_others():
    found = neighbours({"ludian": LUDIAN, "ludian-zh": LUDIAN_ZH, "pay": PAY, "pay-zh": PAY_ZH})
    assert found["ludian"] == (
        Neighbour("pay", theme="stipends"),
        Neighbour("ludian-zh", language="zh-Hans"),
    )
    assert found["ludian-zh"] == (
        Neighbour("pay-zh", theme="stipends"),
        Neighbour("ludian", language="en"),
    )


def test_a_comparison_leads_to_the_others_in_whatever_language_there_is():
    found = neighbours({"pay": PAY, "venues-zh": VENUES_ZH, "ludian": LUDIAN})
    assert found["pay"] == (Neighbour("venues-zh", theme="investment"),)


def test_a_report_alone_leads_nowhere():
    assert neighbours({"ludian": LUDIAN, "wushan": {"programme": "wushan", "language": "en"}}) == {
        "ludian": (),
        "wushan": (),
    }


def test_a_page_leads_to_its_memo_in_its_own_language_where_there_is_one():
    memos = {"ludian.en.docx", "comparison-stipends.zh-Hans.docx", "wushan.en.docx"}
    found = neighbours({"pop": LUDIAN, "pop-zh": LUDIAN_ZH, "pay-zh": PAY_ZH}, memos)
    assert {name: [each for each in beside if each.is_memo] for name, beside in found.items()} == {
        "pop": [Neighbour("ludian.en.docx", is_memo=True)],
        "pop-zh": [],
        "pay-zh": [Neighbour("comparison-stipends.zh-Hans.docx", is_memo=True)],
    }
    assert links(Text.of("en"), found["pop"]).memo == Link("Memo (Word)", "../../memos/ludian.en.docx")


def test_a_memo_is_looked_for_under_the_name_that_it_is_written_under():
    theme = "collective_economy"
    assert memo_file("", theme, "en") == f"comparison-{name_themes(theme)}.en.docx"


def test_links_are_relative_and_a_language_calls_itself_by_its_name():
    found = (Neighbour("pay", theme="stipends"), Neighbour("ludian-zh", language="zh-Hans"))
    assert links(Text.of("en"), found) == Links(
        Link("All reports", "../index.html"),
        comparisons=(Link("Pay and operating funds", "../pay/report.html"),),
        languages=(Link("简体中文", "../ludian-zh/report.html", "zh-Hans"),),
    )
