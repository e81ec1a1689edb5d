"""What to ask a county: worked by hand on the real data, small frames of its own, the command, the letter."""

from __future__ import annotations

import io
import random
from collections import Counter

import docx
import pytest
from invented import write_country
from programs import text_of
from qingxi import SCOPE, VALID, YEAR, bilingual, coding, write

from analysis import cli
from analysis.draw.tables import Table
from analysis.estimates import processed
from analysis.estimates.questions import (
    ANY,
    ESTIMATE,
    ORDER,
    Order,
    Question,
    Undated,
    Unsettled,
    questions,
)
from analysis.estimates.robustness import outcomes_by_reading
from analysis.evidence.dataset import Dataset
from analysis.evidence.errors import InputError
from analysis.evidence.rows import Choice, Coding
from analysis.show.county.programme_view import ProgrammeView
from analysis.show.county.questions import questions_table
from analysis.show.memo.letter import letter
from analysis.words.labels import Labels
from analysis.words.language import Text
from analysis.words.languages import LANGUAGES
from analysis.words.questions import ask, options, question_lines, settles

# Yearly pay as printed (that of Ludian by twelve), and rural income per head of the country by year.
LUDIAN = {"head_split": 50_400, "head_combined": 50_400, "deputy": 38_400, "member": 31_200}
SHANGZHOU = {
    ("village", "head_split"): 24_000, ("village", "head_combined"): 30_000, ("village", "deputy"): 16_000,
    ("community", "head_split"): 30_000, ("community", "head_combined"): 36_000,
    ("community", "deputy"): 24_000, ("community", "member"): 18_000,
}  # fmt: skip
INCOME = {"2014": 10_489, "2015": 11_422, "2016": 12_363, "2020": 17_131, "2021": 18_931}
THEN, NOW = ("2014", "2015", "2016"), ("2020", "2021")


def name_of(question: Question) -> str:
    about = question.about
    if isinstance(about, Choice):
        return about.choice_id
    return about.coding_id if isinstance(about, Coding) else "undated"


@pytest.fixture(scope="module")
def asked(data: Dataset) -> dict[str, Question]:
    return {
        name if name != "undated" else f"{question.programme_id}.undated": question
        for question in questions(data)
        for name in [name_of(question)]
    }


def is_firm(pay: int, other: int, now: tuple[str, ...], then: tuple[str, ...]) -> bool:
    """Return whether the order of the two is the same for each of the years now and then."""
    return len({pay / INCOME[a] > other / INCOME[b] for a in now for b in then}) == 1


def posts_settled(now: tuple[str, ...], then: tuple[str, ...]) -> set[tuple[str, str]]:
    """Return the posts whose order is open today and firm if the years are those, worked out from the pay."""
    return {
        key for key, other in SHANGZHOU.items()
        if not is_firm(LUDIAN[key[1]], other, NOW, THEN) and is_firm(LUDIAN[key[1]], other, now, then)
    }  # fmt: skip


def posts_of(things: tuple[Unsettled, ...]) -> set[tuple[str, str]]:
    orders = [each.what for each in things if isinstance(each.what, Order)]
    keys = [o.comparison.key for o in orders if o.comparison.measure == "pay_to_rural_income"]
    return {(key["place"], key["post"]) for key in keys}


class TestRealData:
    def test_the_first_question_to_each_place_is_the_one_that_settles_most(self, data):
        first = {place: name_of(questions(data, [place])[0]) for place in data.programme_ids}
        assert first == {
            "shangzhou": "shangzhou.year-2014-2016",
            "ludian": "ludian.year-2020-2021",
            "wushan": "wushan.within-year",
            "weinan": "weinan.venue-overlap",
            "minjia": "minjia.investment-scope",
        }

    def test_orders_of_pay_are_settled_as_worked_out_from_the_printed_pay(self, asked):
        shangzhou, ludian = asked["shangzhou.year-2014-2016"], asked["ludian.year-2020-2021"]
        for year in THEN:
            assert posts_of(shangzhou.answers[year]) == posts_settled(NOW, (year,))
        for year in NOW:
            assert posts_of(ludian.answers[year]) == posts_settled((year,), THEN)
        assert posts_settled(("2021",), THEN) == {("community", "head_combined")}
        assert posts_settled(NOW, ("2014",)) == {("community", "head_combined"), ("community", "deputy")}

    def test_the_worst_answer_counts(self, asked):
        counts = {
            year: Counter(each.kind for each in settled)[ORDER]
            for year, settled in asked["shangzhou.year-2014-2016"].answers.items()
        }
        assert counts == {"2014": 4, "2015": 8, "2016": 9}
        assert asked["shangzhou.year-2014-2016"].least(ORDER) == 4
        # One of them under each year, the others under some.
        assert len(asked["shangzhou.year-2014-2016"].certain(ORDER)) == 1

    def test_one_answer_of_weinan_makes_an_order_firm_and_the_other_a_tie(self, asked):
        # 8 of 16 villages are more than the half of Minjia; 5 of 16 are not told from it.
        overlap = asked["weinan.venue-overlap"]
        assert [len([e for e in s if e.kind == ORDER]) for s in overlap.answers.values()] == [1, 0]
        assert (overlap.least(ORDER), overlap.least(ESTIMATE)) == (0, 3)

    def test_the_scope_of_an_investment_decides_four_values(self, asked):
        scope = asked["minjia.investment-scope"]
        assert list(scope.answers) == [
            "per-venue-replaces", "per-venue-tops-up", "new-venues-replaces", "village-venues-replaces",
        ]  # fmt: skip
        assert (scope.least(ORDER), scope.least(ESTIMATE)) == (0, 4)

    def test_gaps_that_block_a_value_are_asked_for(self, asked):
        gaps = {name for name, question in asked.items() if isinstance(question.about, Coding)}
        assert gaps == {
            "shangzhou.before", "shangzhou.equipment-per-venue", "wushan.no-money", "wushan.rectified-share",
            "weinan.no-money", "minjia.training-funds", "minjia.rectified", "minjia.people-trained",
        }  # fmt: skip
        # Pay before the rise, and the rise; not its ratio to an income, which would need its year.
        measures = [each.what.measure for each in asked["shangzhou.before"].certain(ESTIMATE)]
        assert measures == ["yearly_pay", "pay_rise"]

    def test_money_without_a_year_is_asked_for(self, asked):
        about = asked["minjia.undated"].about
        assert isinstance(about, Undated) and asked["minjia.undated"].least(ESTIMATE) == 4

    def test_what_the_analyst_defines_is_not_asked(self, asked):
        assert not {"office-money", "annualisation", "price-index"} & set(asked)

    def test_an_answer_that_arithmetic_rules_out_is_none(self, asked):
        assert list(asked["ludian.office-increase"].answers) == ["all-103", "others-only"]

    def test_an_unknown_programme_is_named_with_those_like_it_or_all(self, data):
        with pytest.raises(InputError, match=r"^unknown programme 'ludan'; did you mean 'ludian'\?$"):
            questions(data, ["ludan"])
        known = "known are shangzhou, ludian, wushan, weinan, minjia"
        with pytest.raises(InputError, match=f"^unknown programme 'x'; {known}$"):
            questions(data, ["x"])


class TestWhatIsToBeSettled:
    """Anything may be given to settle: here four things that two questions of Ludian touch."""

    SCOPE, YEAR = "ludian.platform-scope", "ludian.year-2020-2021"

    def things(self, data: Dataset) -> list[Unsettled]:
        row = questions(data, ["ludian"])[0].touched[0].what
        both = frozenset({"centre-only", "whole-platform"})
        return [
            Unsettled(ORDER, row, {self.SCOPE: frozenset({"centre-only"})}),
            Unsettled(ORDER, row, {self.SCOPE: frozenset({"whole-platform"}), self.YEAR: frozenset()}),
            Unsettled(ESTIMATE, row, {self.SCOPE: both}),
            Unsettled(ESTIMATE, row, {self.YEAR: frozenset({"2020"})}),
        ]

    def test_each_kind_has_its_own_minimum(self, data):
        things = self.things(data)
        first, second, *others = questions(data, ["ludian"], things)
        assert [name_of(first), name_of(second)] == [self.SCOPE, self.YEAR]
        # One order under either answer, though never the same one.
        assert (first.least(ORDER), first.certain(ORDER), first.certain(ESTIMATE)) == (1, [], things[2:3])
        assert (second.weight, second.touched) == ((0, 0, 0, 2), (things[1], things[3]))
        assert all(question.weight == (0, 0, 0, 0) for question in others)


def test_an_outcome_that_a_choice_does_not_touch_stands_under_each_reading():
    found = outcomes_by_reading([({"a": "1", "b": "x"}, 10), ({"a": "2"}, 20), ({}, 30)])
    assert found == {"a": {"1": {10, 30}, "2": {20, 30}}, "b": {"x": {10, 20, 30}}}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Dataset:
    gap = coding("equipped", "cost_per_venue", "", place="village", absence="not_reported") | bilingual(
        note="无金额。"
    )
    return processed.checked(
        write(tmp_path_factory.mktemp("questions"), VALID | {"codings": [*VALID["codings"], gap]})
    )


class TestSmall:
    """The invented county: a total without the number of venues, under a scope and an open year."""

    def test_choices_years_gaps_and_undated_money_are_asked(self, small):
        assert {name_of(question) for question in questions(small)} >= {SCOPE, YEAR, "qingxi.equipped"}

    def test_no_order_is_settled_where_there_is_one_place(self, small):
        assert {question.least(ORDER) for question in questions(small)} == {0}

    def test_a_gap_supplies_its_value_whatever_the_answer(self, small):
        [gap] = [each for each in questions(small) if name_of(each) == "qingxi.equipped"]
        assert (list(gap.answers), gap.weight) == ([ANY], (0, 1, 1, 2))
        labels = Labels(small, Text.of("zh-Hans"))
        assert ask(labels, gap) == "无金额。共投入（安排）多少资金，用于多少个场所？"
        assert settles(labels, gap) == "据此可补充1项原文未载明的数据（单个场所投入）。"


@pytest.fixture(scope="module")
def country(tmp_path_factory, project_root) -> list[Question]:
    folder = tmp_path_factory.mktemp("country")
    write_country(folder, 40, root=project_root)
    return questions(processed.checked(folder))


def orders_settled(chosen: list[Question], chance: random.Random) -> int:
    """Return how many orders some question settles alone, under answers drawn at random."""
    drawn = [chance.choice(list(question.answers.values())) for question in chosen]
    return len({id(each) for settled in drawn for each in settled if each.kind == ORDER})


@pytest.mark.slow
def test_the_first_ten_of_a_country_settle_twice_as_many_orders_as_ten_at_random(country):
    chance = random.Random(1)
    first = sum(orders_settled(country[:10], chance) for _ in range(20)) / 20
    others = sum(orders_settled(chance.sample(country, 10), chance) for _ in range(20)) / 20
    assert first >= 2 * others > 0
    # Whatever the answers are, too.
    assert sum(question.least(ORDER) for question in country[:10]) >= 100


class TestWords:
    @pytest.mark.parametrize(
        ("name", "en", "zh"),
        [
            (
                "shangzhou.year-2014-2016",
                "The answer settles the order against Ludian County in at least 4 comparisons "
                "(pay and operating funds) and removes the years 2014–2016 from 25 values.",
                "据此可在至少4项比较中确定与鲁甸县的高低（待遇与工作经费），并可将25项数据的年份由2014—2016年明确到具体年度。",
            ),
            (
                "minjia.investment-scope",
                "The answer decides 4 values that are open today (venues and equipment).",
                "据此可明确目前有多种理解的数据4项（阵地与设施投入）。",
            ),
            (
                "wushan.no-money",
                "The answer supplies one value that is not in print (cost per venue).",
                "据此可补充1项原文未载明的数据（单个场所投入）。",
            ),
            ("minjia.undated", "The answer puts a year to 4 amounts.", "据此可为4项金额明确年份。"),
            (
                "minjia.works-status",
                "The answer makes one statement of the report firm.",
                "据此可确定报告中的1项结论。",
            ),
        ],
    )  # fmt: skip
    def test_what_an_answer_settles(self, data, asked, name, en, zh):
        assert settles(Labels(data, Text.of("en")), asked[name]) == en
        assert settles(Labels(data, Text.of("zh-Hans")), asked[name]) == zh

    def test_orders_for_certain_are_said_by_their_posts(self, data, asked):
        [certain] = asked["shangzhou.year-2014-2016"].certain(ORDER)
        question = Question("shangzhou", asked["shangzhou.before"].about, {ANY: (certain,)}, (certain,))
        said = settles(Labels(data, Text.of("en")), question)
        assert said == "The answer settles the order against Ludian County for one post."

    def test_a_question_without_consequences_says_so(self, data, asked):
        question = Question("shangzhou", asked["shangzhou.before"].about, {ANY: ()}, ())
        assert settles(Labels(data, Text.of("en")), question) == "No value depends on the answer."

    def test_a_gap_is_asked_for_in_the_words_of_its_note(self, data, asked):
        en, zh = (Labels(data, Text.of(language)) for language in ("en", "zh-Hans"))
        assert ask(en, asked["shangzhou.before"]) == (
            "The text says that pay was raised, not from what. How much was it before?"
        )
        assert ask(zh, asked["shangzhou.before"]).endswith("提高前的标准是多少？")

    def test_amounts_without_a_year_are_named_as_they_are_printed(self, data, asked):
        en, zh = (Labels(data, Text.of(language)) for language in ("en", "zh-Hans"))
        assert ask(en, asked["minjia.undated"]) == (
            "Of which year are the amounts that are printed without one "
            "(960,000 yuan, 100,000 yuan, 30,000 yuan)?"
        )
        assert (
            ask(zh, asked["minjia.undated"])
            == "文中未注明年份的金额（96万元、10万元、3万元）分别属于哪一年？"
        )

    def test_years_can_be_ticked(self, data, asked):
        labels = Labels(data, Text.of("en"))
        assert options(labels, asked["ludian.year-2020-2021"]) == ["2020", "2021"]
        assert (
            options(labels, asked["ludian.platform-scope"]) == options(labels, asked["minjia.undated"]) == []
        )

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_question_is_asked_in_every_language(self, data, language):
        lines = question_lines(Labels(data, Text.of(language)), questions(data))
        assert len(lines) == 50 and lines[0].startswith("1. ") and lines[1].startswith("   ")
        assert all("  " not in line.strip() and "{" not in line for line in lines)

    def test_nothing_to_ask_is_said(self, data):
        assert question_lines(Labels(data, Text.of("en")), []) == ["There is nothing to ask."]


def test_the_table_of_a_county_leaves_out_what_nothing_depends_on(data):
    table = questions_table(ProgrammeView(data, "weinan"))
    assert isinstance(table, Table)
    assert [row["question"] for row in table.rows] == [
        "Are some of the five rented venues among the three under 200 m²?",
        "A special item of the zone’s budget is named without an amount. "
        "How much was spent or set aside, and on how many venues?",
    ]


def test_orders_of_a_county_are_against_its_peers(data):
    table = questions_table(ProgrammeView(data, "ludian", peers=[]))
    assert table is not None
    assert table.rows[0]["settles"] != "" and not any("against" in row["settles"] for row in table.rows)


class TestCommand:
    @pytest.fixture
    def run(self, project_root, capsys):
        def call(*arguments: str) -> tuple[int, str, str]:
            status = cli.main(["--data", str(project_root), "questions", *arguments])
            return (status, *capsys.readouterr())

        return call

    def test_it_lists_the_questions_in_a_language(self, run):
        status, out, _ = run("weinan", "--language", "zh-Hans")
        assert (status, out.splitlines()) == (0, [
            "1. 渭南高新区：5个租赁场所与3个不足200平方米的场所是否重叠？",
            "   据此可明确目前有多种理解的数据3项（阵地与设施投入）。",
            "2. 渭南高新区：原文提到区级财政专项列支，未写金额。共投入（安排）多少资金，用于多少个场所？",
            "   据此可补充1项原文未载明的数据（单个场所投入）。",
        ])  # fmt: skip

    def test_without_a_programme_it_lists_those_of_all(self, run):
        assert run()[1].splitlines()[0] == "1. Shangzhou District: Of which year are the amounts?"

    def test_an_unknown_programme_is_wrong_input(self, run):
        assert run("ludan") == (2, "", "unknown programme 'ludan'; did you mean 'ludian'?\n")

    def test_a_letter_goes_to_one_county(self, run, tmp_path):
        file = tmp_path / "letter.docx"
        message = "--letter is to one county: name one programme\n"
        assert (
            run("--letter", str(file)) == run("ludian", "minjia", "--letter", str(file)) == (2, "", message)
        )
        assert not file.exists()
        assert run("ludian", "--letter", str(file)) == (0, f"{file}\n", "")
        assert file.read_bytes().startswith(b"PK")


class TestLetter:
    def paragraphs(self, data: Dataset, place: str, language: str) -> list[str]:
        content = letter(Labels(data, Text.of(language)), place, questions(data, [place]))
        return [each.text for each in docx.Document(io.BytesIO(content)).paragraphs]

    def test_it_has_title_salutation_questions_and_fields(self, data):
        title, to, lead, first, use, answer, *_ = found = self.paragraphs(data, "ludian", "zh-Hans")
        assert (title, to) == ("关于商请核实鲁甸县基层党建数据的函", "鲁甸县有关部门：")
        assert "（2021年9月26日）" in lead
        assert first == "问题1：提高后的待遇从哪一年起执行？"
        assert use.startswith("据此") and answer == "□ 2020年\u3000□ 2021年\u3000□ 其他：\t"
        assert found[-5:] == [
            "请将答复填写在本表内。特此致函，请予支持为盼。",
            "（发函单位）", "（成文日期）", "（联系人及电话）", "填写人\t日期\t",
        ]  # fmt: skip

    def test_every_question_has_room_for_its_answer(self, data):
        found = self.paragraphs(data, "minjia", "en")
        assert sum(text == "Answer:\t" for text in found) == 6
        assert found[-4:-1] == ["[Issuing unit]", "[Date]", "[Name and telephone of the person to reply to]"]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_same_questions_give_the_same_bytes(self, data, language):
        labels, asked = Labels(data, Text.of(language)), questions(data, ["wushan"])
        assert letter(labels, "wushan", asked) == letter(labels, "wushan", asked)

    def test_libreoffice_opens_it_on_two_pages(self, data, tmp_path, writer):
        file = tmp_path / "letter.docx"
        file.write_bytes(letter(Labels(data, Text.of("zh-Hans")), "ludian", questions(data, ["ludian"])))
        first, second, rest = text_of(writer.convert(file, "pdf")).split("\f")
        assert first.startswith("关于商请核实鲁甸县基层党建数据的函")
        # Who signs does not stand alone on a page.
        assert "问题 8" in second and "（发函单位）" in second and rest == ""
