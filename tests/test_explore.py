"""The panel: what its settings make of the data, and the widgets that show it."""

import json
from dataclasses import replace
from pathlib import Path

import ipywidgets as widgets
import pytest
from bs4 import BeautifulSoup
from charting import assert_readable
from country import country
from written import WRITTEN

import analysis
from analysis.show.panel import Desk, PanelState, Scene
from analysis.show.panel.scene_files import folder_of, write_scene
from analysis.show.panel.widgets import Panel

SCOPE = "minjia.investment-scope"
VENUES = {"object": "village_venue", "funder": "total"}


@pytest.fixture(scope="module")
def desk(data) -> Desk:
    return Desk(data)


@pytest.fixture
def panel(data, tmp_path) -> Panel:
    return analysis.explore(data, measure="cost_per_venue", out=tmp_path, **VENUES)


def scene(desk: Desk, language: str = "en", **settings) -> Scene:
    return Scene(desk, desk.start(language, **settings))


def values(shown: Scene) -> dict[str, float]:
    return {row.item: row.value for row in shown.ranking}


# What can be asked


def test_the_measures_of_a_theme_are_those_with_a_value(desk):
    assert desk.themes == ("investment", "stipends", "branches", "collective_economy", "oversight")
    assert "cost_per_venue" in desk.measures("investment")
    assert "turnover_rate" not in desk.measures("branches")


def test_what_several_programmes_report_comes_before_what_one_does(desk):
    asked = [(question.key, question.reporting) for question in desk.questions["organisations_rectified"]]
    assert asked == [({"object": "weak_organisation"}, 2)]
    reporting = [question.reporting for question in desk.questions["cost_per_venue"]]
    assert reporting == sorted(reporting, reverse=True) and set(reporting) == {2, 1}


def test_values_without_a_unit_in_common_are_questions_of_their_own(desk):
    assert {question.reporting for question in desk.questions["operating_funds"]} == {1}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"language": "fr"}, "no language 'fr' to show; there are en, zh-Hans, zh-Hant"),
        ({"theme": "money"},
         "no theme 'money' to show; there are investment, stipends, branches, collective_economy, oversight"),
        ({"programmes": "ludan"},
         "no programme 'ludan' to show; there are shangzhou, ludian, wushan, weinan, minjia"),
        (
            {"price_year": "2021"},
            "price_year: '2021' — expected a year of the price series, 2011 to 2024, as a plain number, "
            "'printed' or None; write 2021",
        ),
        ({"measure": "net_branches", "object": "venue"},
         "net_branches is not asked of object='venue'; it is asked of\n  object='branch'"),
        ({"object": "branch"},
         "object='branch' narrows a measure, and none is named; add measure='cost_per_venue'"),
        ({"theme": "stipends", "measure": "net_branches"},
         "measure 'net_branches' belongs to the theme 'branches', not to 'stipends'; name one of the two"),
        ({"readings": {"wushan.within-year": "both"}},
         "no reading of wushan.within-year 'both' to show; there are target, result"),
        ({"readings": {SCOPE: "new-venues-tops-up"}},
         f"{SCOPE}=new-venues-tops-up is ruled out by arithmetic: The subsidies of the four venues, 4.34 "
         "million yuan, exceed the total."),
    ],
)  # fmt: skip
def test_a_setting_that_there_is_not_is_answered_with_those_that_there_are(desk, settings, message):
    with pytest.raises(ValueError) as caught:
        desk.start(**settings)
    assert str(caught.value) == message


def test_an_unknown_measure_or_choice_names_the_known_ones(desk):
    with pytest.raises(ValueError, match="no measure 'cost' to show; there are cost_per_venue, cost_per_m2"):
        desk.start(measure="cost")
    with pytest.raises(ValueError, match="no choice 'scope' to show; there are annualisation, ludian"):
        desk.start(readings={"scope": "all"})


# What the settings make of the data


def test_without_a_reading_settled_it_is_the_comparison_of_the_data(desk, data):
    shown = scene(desk, measure="cost_per_venue", **VENUES)
    same = analysis.compare(data, "cost_per_venue", across=("works", "place"), **VENUES)
    assert shown.comparison.ranking().equals(same.ranking())
    assert shown.comparison.left_out.equals(same.left_out)


def test_settling_a_reading_changes_chart_order_and_sentence(desk):
    open_ = scene(desk, measure="cost_per_venue", price_year="printed", **VENUES)
    settled = Scene(desk, open_.state.settle(SCOPE, "new-venues-replaces"))
    assert (values(open_)["minjia"], values(settled)["minjia"]) == (3_800_000, 950_000)
    costs = (
        "In prices as printed, a village venue costs {} (planned or done) in Minjia township "
        "and {} in Ludian County"
    )
    assert open_.finding == costs.format("760,000 to 3.8 million yuan", "754,000 yuan")
    assert settled.finding == costs.format("950,000 yuan", "754,000 yuan")
    assert open_.chart.alt != settled.chart.alt
    assert open_.order != settled.order


def test_the_chart_and_the_sentences_say_which_readings_are_settled(desk):
    said = "Readings chosen: 3.8 million yuan for the four new village venues together; Daping gets"
    shown = scene(desk, measure="cost_per_venue", readings={SCOPE: "new-venues-replaces"})
    assert said in shown.chart.note and said in shown.sentences[-1]
    assert "Readings chosen" not in scene(desk, measure="cost_per_venue").chart.note


def test_a_reading_of_other_works_is_compared_and_not_left_out(desk):
    """Five venues, new and upgraded, for 3.8 million yuan is the reading that is most like Ludian's."""
    settings = {"readings": {SCOPE: "village-venues-replaces"}, "price_year": "printed"}
    shown = scene(desk, measure="cost_per_venue", **settings, **VENUES)
    assert shown.finding.startswith(
        "In prices as printed, a village venue costs 760,000 yuan (planned or done) in Minjia"
    )


def test_money_is_in_constant_prices_unless_it_is_asked_for_as_printed(desk):
    open_, printed = (
        scene(desk, measure="yearly_pay", post="deputy", place="village", price_year=year)
        for year in (None, "printed")
    )
    assert (open_.comparison.price_basis, printed.comparison.price_basis) == ("constant-2021", "nominal")
    assert values(printed)["shangzhou"] == 16_000 and "printed 16,000 yuan" in open_.chart.alt


def test_a_card_under_a_settled_reading_counts_no_reading_that_is_settled(desk):
    choice = "ludian.dissolved-wording"
    shown = scene(desk, measure="net_branches")
    assert "−83 to 94" in shown.finding and "−83 to 94" in str(shown.evidence("ludian"))
    settled = Scene(desk, shown.state.settle(choice, "all-dissolved"))
    assert "94 Party branches" not in str(settled.evidence("ludian")).split("Figures")[0]


def test_opening_a_choice_again_gives_what_was_there_before(desk):
    state = desk.start(measure="cost_per_venue")
    assert state.settle(SCOPE, "new-venues-replaces").settle(SCOPE, "") == state


def test_a_definition_is_no_uncertain_choice_and_has_no_range(desk):
    shown = scene(desk, measure="yearly_pay", post="head_combined", price_year="printed")
    kinds = {choice.choice_id: (choice.definitional, choice.chosen) for choice in shown.choices}
    assert kinds == {"annualisation": (True, "twelve"), "ludian.combined-post-pay": (False, "")}


def test_another_definition_takes_out_what_rests_on_the_default_one(desk):
    shown = scene(desk, measure="yearly_pay", post="deputy", readings={"annualisation": "as-printed"})
    assert shown.comparison.programmes == ["shangzhou"]
    [row] = shown.comparison.left_out.query("programme_id == 'ludian'").to_dict("records")
    assert row["reason"] == "not_annualised"
    assert "Monthly pay is not annualised under this reading." in shown.left_out.html()


def test_a_reading_that_is_ruled_out_is_named_with_its_reason_and_cannot_be_chosen(desk):
    [choice] = scene(desk, measure="cost_per_venue", price_year="printed", **VENUES).choices
    assert len(choice.possible) == 4 and len(choice.ruled_out) == 4
    assert all(answer.reason for answer in choice.ruled_out)


def test_a_price_year_brings_the_choice_of_the_year_along(desk):
    shown = scene(desk, measure="cost_per_venue", price_year=2024, **VENUES)
    assert [choice.choice_id for choice in shown.choices] == [
        "minjia.investment-scope",
        "ludian.year-2018-2021",
    ]
    low, high = (
        values(Scene(desk, shown.state.settle("ludian.year-2018-2021", year)))["ludian"]
        for year in ("2021", "2018")
    )
    [row] = [row for row in shown.ranking if row.item == "ludian"]
    assert (row.low, row.value, row.high) == pytest.approx((low, low, high)) and low < high


def test_programmes_that_are_not_chosen_are_not_counted(desk):
    shown = scene(desk, measure="venues_upgraded", programmes=["ludian", "weinan"])
    assert shown.comparison.programmes == ["ludian", "weinan"]
    assert "2 of 2 places compared" in shown.chart.subtitle


def test_a_reading_of_another_question_is_kept_but_not_applied(desk):
    shown = scene(desk, measure="yearly_pay", post="deputy", readings={SCOPE: "new-venues-replaces"})
    assert shown.settled == {} and shown.state.readings == {SCOPE: "new-venues-replaces"}


def test_what_decides_an_order_alone_is_said(desk, data):
    estimates = data.tables["estimates"].copy()
    mine = (estimates["programme_id"] == "minjia") & estimates["reading"].str.endswith("new-venues-replaces")
    estimates.loc[mine, ["value", "lower", "upper"]] = 1.0
    turned = Desk(replace(data, tables={**data.tables, "estimates": estimates}))
    shown = scene(turned, measure="cost_per_venue", **VENUES)
    assert shown.sentences[1].startswith("What does the total investment of 3.8 million yuan cover")
    assert shown.sentences[1].endswith("Answering this question alone, either way, settles the order.")


def test_the_evidence_is_the_estimate_with_its_figures(desk):
    shown = scene(desk, measure="cost_per_venue", **VENUES)
    assert shown.items == {"minjia": "Minjia township", "ludian": "Ludian County"}
    figures = [card.figure_id for card in shown.evidence("ludian").figures]
    assert figures == ["ludian.village-venues.amount", "ludian.village-venues.count"]
    page = BeautifulSoup(shown.evidence("ludian")._repr_html_(), "html.parser")
    assert len(page.select("details > article")) >= 2


def test_questions_can_be_shown_at_printed_and_at_constant_prices(desk):
    for questions in desk.questions.values():
        # What several report, and what only one does.
        for question in {questions[0], questions[-1]}:
            for year in (None, 2020):
                shown = Scene(desk, PanelState("", question, price_year=year))
                assert all(shown.sentences) and shown.chart.alt


@pytest.mark.parametrize("language", WRITTEN)
def test_every_measure_can_be_shown_in_every_language_with_its_evidence(desk, language):
    for questions in desk.questions.values():
        shown = Scene(desk, PanelState("", questions[0], language))
        assert all(shown.sentences) and shown.chart.alt
        assert all(shown.evidence(item).content() for item in shown.items)


@pytest.mark.parametrize(
    "settings", [{"measure": "net_branches"}, {"measure": "cost_per_m2", "price_year": 2020}]
)
def test_a_chart_of_one_programme_or_of_none_can_be_read(desk, settings):
    assert_readable(scene(desk, **settings).chart)


def test_the_call_shows_the_same_again(desk, data):
    shown = scene(
        desk, "zh-Hans", measure="yearly_pay", post="deputy", programmes=["ludian"], price_year=2020,
        readings={"annualisation": "twelve"},
    )  # fmt: skip
    call = shown.code.splitlines()[0].removeprefix("panel = ")
    again = eval(call, {"analysis": analysis, "data": data})
    assert again.state == shown.state


# Files


def test_the_kit_holds_pictures_data_evidence_words_and_the_call(desk, tmp_path):
    settings = {"readings": {SCOPE: "new-venues-replaces"}, "price_year": "printed"}
    shown = scene(desk, measure="cost_per_venue", **settings, **VENUES)
    files = write_scene(shown, tmp_path)
    stem = "comparison_cost_per_venue.en"
    pictures = [f"{stem}.memo.standalone.{kind}" for kind in ("svg", "png", "pdf")]
    assert [file.name for file in files] == [
        *pictures, f"{stem}.csv", f"{stem}.json", f"{stem}.txt", "panel.py",
    ]  # fmt: skip
    sidecar = json.loads(files[4].read_text(encoding="utf-8"))
    assert f"{SCOPE}=new-venues-replaces" in sidecar["readings"]
    assert "minjia.total-investment" in sidecar["figure_ids"]
    assert "Readings chosen" in sidecar["note"]


def test_other_settings_have_another_folder_and_the_same_ones_the_same(desk):
    state = desk.start(measure="cost_per_venue")
    folders = {
        folder_of(Scene(desk, each))
        for each in (state, replace(state, price_year=2020), state.settle(SCOPE, "per-venue-replaces"))
    }
    assert len(folders) == 3
    assert folder_of(Scene(desk, replace(state, language="zh-Hans"))) in folders


# The widgets


def all_widgets(root: widgets.Widget) -> list[widgets.Widget]:
    return [root, *(each for child in getattr(root, "children", ()) for each in all_widgets(child))]


def controls(panel: Panel) -> list[widgets.DOMWidget]:
    kinds = (widgets.Dropdown, widgets.SelectMultiple, widgets.RadioButtons, widgets.Button, widgets.Text)
    return [each for each in all_widgets(panel) if isinstance(each, kinds)]


def test_every_control_is_native_and_has_a_label(panel):
    assert all(control.description for control in controls(panel))


def test_the_controls_come_in_the_order_in_which_they_narrow(panel):
    labels = [control.description for control in controls(panel)]
    assert labels[:6] == ["Language", "Theme", "Measure", "Of what", "Prices", "Programmes"]
    assert labels[-3:] == [
        "Open all readings again",
        "Open the evidence for",
        "Write chart and evidence to files",
    ]


def radio(panel: Panel) -> widgets.RadioButtons:
    return next(each for each in all_widgets(panel) if isinstance(each, widgets.RadioButtons))


def test_choosing_a_reading_changes_what_is_shown_and_keeps_the_control(panel):
    before, control = (panel.chart.value, panel.sentence.value, panel.order.value), radio(panel)
    control.value = "new-venues-replaces"
    after = (panel.chart.value, panel.sentence.value, panel.order.value)
    assert all(one != other for one, other in zip(before, after, strict=True))
    # Another widget in its place would take the keyboard focus away.
    assert radio(panel) is control and panel.state.readings == {SCOPE: "new-venues-replaces"}


def test_all_readings_can_be_opened_again(panel):
    before = panel.chart.value
    assert panel.choices.reset.disabled
    radio(panel).value = "new-venues-replaces"
    panel.choices.reset.click()
    assert radio(panel).value == "" and panel.chart.value == before and panel.choices.reset.disabled


def test_readings_that_are_ruled_out_are_told_and_not_offered(panel):
    offered = [value for _, value in radio(panel).options]
    assert offered == [
        "", "per-venue-replaces", "per-venue-tops-up", "new-venues-replaces", "village-venues-replaces",
    ]  # fmt: skip
    told = next(each for each in all_widgets(panel) if "Ruled out" in str(getattr(each, "value", "")))
    assert len(BeautifulSoup(told.value, "html.parser").select("li")) == 4


def test_uncertain_choices_and_definitions_stand_apart(data):
    shown = analysis.explore(data, measure="yearly_pay", post="head_combined")
    text = " ".join(
        str(each.description if isinstance(each, widgets.RadioButtons) else each.value)
        for each in all_widgets(shown.choices.box)
        if isinstance(each, widgets.RadioButtons | widgets.HTML)
    )
    order = ["What the text leaves open", "Does the new monthly pay", "What the analyst decides", "How does"]
    assert sorted(order, key=text.index) == order


def test_a_theme_and_a_measure_bring_their_first_question(panel):
    panel.theme.value = "stipends"
    assert panel.measure.value == "yearly_pay"
    panel.measure.value = "pay_rise"
    assert panel.state.measure == "pay_rise" and panel.question.value.measure == "pay_rise"


def test_the_language_changes_everything_that_is_read(panel):
    panel.language.value = "zh-Hant"
    assert panel.measure.description == "指標"
    assert panel.sentence.value.startswith('<div lang="zh-Hant">')
    assert "魯甸縣" in panel.order.value and "魯甸縣" in dict(panel.item.options)
    assert radio(panel).options[0][0] == "全部理解，以範圍表示"


def test_the_evidence_follows_the_place_that_is_chosen(panel):
    assert "minjia.total-investment" in panel.evidence.value
    panel.item.value = "ludian"
    assert "ludian.village-venues.amount" in panel.evidence.value


def test_the_button_writes_the_kit_and_says_where(panel, tmp_path):
    panel.export.click()
    [folder] = tmp_path.iterdir()
    assert f"7 files in {tmp_path.name}/{folder.name}" in panel.written.value


def test_prices_of_a_year_and_as_printed(panel):
    panel.prices.value = 2020
    assert panel.state.price_year == 2020 and "prices of 2020" in panel.chart.value
    panel.prices.value = panel.prices.options[0][1]
    assert panel.state.price_year is None


def test_where_no_widget_can_be_drawn_it_says_what_to_do(panel):
    assert repr(panel).startswith(
        "[The panel needs a running notebook: open it in JupyterLab and run the cell.]"
    )


def test_each_mark_of_the_chart_is_a_button_that_names_its_place_in_the_list(panel):
    chart = BeautifulSoup(panel.chart.value, "html.parser")
    marks = chart.select("svg.desktop [role=button]")
    names = [name for name, _ in panel.item.options]
    assert [names[int(mark["data-item"])] for mark in marks] == ["Minjia township", "Ludian County"]
    assert all(mark["tabindex"] == "0" and mark.title for mark in marks)


def test_choosing_a_programme_leaves_the_list_as_it_was(panel):
    before = panel.programmes.list.options
    panel.programmes.list.value = ("weinan",)
    assert panel.programmes.list.options == before


@pytest.mark.parametrize("theme", ["", "investment", "stipends", "branches"])
def test_a_panel_opens_with_what_places_can_be_compared_in(desk, theme):
    shown = scene(desk, theme=theme)
    assert len(shown.comparison.programmes) > 1


def test_where_nothing_can_be_compared_it_says_what_to_do(desk):
    settings = {"measure": "cost_per_venue", **VENUES}
    none, alone = (scene(desk, programmes=[p], **settings) for p in ("weinan", "ludian"))
    assert none.sentences[-1] == (
        "To compare, mark Ludian County and Minjia township as well, or clear the marks to see all places."
    )
    assert alone.sentences[-1] == (
        "To compare, mark Minjia township as well, or clear the marks to see all places."
    )
    assert scene(desk, measure="net_branches").sentences[-1] == (
        "To compare places, choose another measure; the number behind each says how many places report it."
    )


def test_the_card_is_in_the_prices_that_are_chosen_and_says_what_is_printed(desk):
    card = scene(desk, measure="cost_per_venue", price_year=2024, **VENUES).evidence("ludian")
    facts = dict(card.content().facts)
    assert card.row["price_basis"] == "constant-2024" and facts["Prices"] == "prices of 2024"
    assert facts["prices as printed"] == "753,924 yuan per venue"
    printed = scene(desk, measure="cost_per_venue", price_year="printed", **VENUES).evidence("ludian")
    assert dict(printed.content().facts)["Value"] == "753,924 yuan per venue"


def test_the_exported_files_are_links_that_hold_them(panel):
    panel.export.click()
    links = BeautifulSoup(panel.written.value, "html.parser").select("a[download]")
    assert len(links) == 7 and all(link["href"].startswith("data:") for link in links)


# Very many programmes


@pytest.fixture(scope="module")
def many(data) -> Panel:
    return analysis.explore(country(data, 300), measure="cost_per_venue", out=Path("charts"))


def test_many_programmes_need_no_more_widgets(many, panel):
    kinds = (widgets.DOMWidget,)
    few, lots = (sum(isinstance(w, kinds) for w in all_widgets(each)) for each in (panel, many))
    assert lots <= few + 1  # the field to find a programme
    assert len(many.programmes.list.options) == 100 and len(many.chart.value) < 200_000


def test_programmes_are_found_by_a_part_of_their_name_in_any_language(many):
    many.programmes.find.value = "鲁甸"
    assert [value for _, value in many.programmes.list.options] == ["ludian"]
    many.programmes.find.value = "programme 0201"
    assert [name for name, _ in many.programmes.list.options] == ["Synthetic programme 0201"]


def test_what_is_marked_stays_listed_whatever_is_sought(many):
    many.programmes.find.value = "ludian"
    many.programmes.list.value = ("ludian",)
    many.programmes.find.value = "minjia"
    assert [value for _, value in many.programmes.list.options] == ["ludian", "minjia"]
    assert many.state.programmes == ("ludian",)
    many.programmes.list.value = ()
    many.programmes.find.value = "no such place"
    assert "No name holds that. Clear the field to list all 305." in many.programmes.hint.value
    many.programmes.find.value = ""


def test_more_choices_than_can_be_set_out_ask_for_fewer_programmes(desk, monkeypatch):
    monkeypatch.setattr("analysis.show.panel.scene.MOST_CHOICES", 0)
    shown = scene(desk, measure="cost_per_venue", price_year="printed", **VENUES)
    assert shown.choices == () and shown.unlisted == 1
