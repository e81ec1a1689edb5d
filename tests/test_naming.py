"""What a figure is called: the phrase around its numeral, its subject in English, its id."""

from __future__ import annotations

import pytest

from analysis.curation.candidates import Candidate, candidates
from analysis.curation.glossary import Glossary, declared, learn, plural
from analysis.curation.phrases import phrase_of
from analysis.evidence.raw import RawTable
from analysis.evidence.schema import TABLES
from analysis.evidence.sources import Document


def table(name: str, *rows: dict[str, str]) -> RawTable:
    columns = TABLES[name].columns
    return RawTable(TABLES[name], columns, [[row.get(column, "") for column in columns] for row in rows], [])


def figure(figure_id: str, subject_zh: str, subject: str, unit: str) -> dict[str, str]:
    return {
        "figure_id": figure_id,
        "source_id": figure_id.partition(".")[0],
        "subject_zh": subject_zh,
        "subject": subject,
        "unit": unit,
    }


def glossary(*figures: dict[str, str]) -> Glossary:
    return learn({"figures": table("figures", *figures), "codings": table("codings")})


def named(sentence: str, words: Glossary | None = None) -> list[Candidate]:
    document = Document.from_text(sentence, "x")
    return [row for row in candidates(document, "2021", words or glossary()) if not row.reason]


@pytest.mark.parametrize(
    ("before", "after", "unit", "phrase", "stage"),
    [
        ("今年以来，全县新建村级活动场所", "，", "venue", "新建村级活动场所", ""),
        ("对", "软弱涣散基层党组织进行整顿", "organisation", "软弱涣散基层党组织", ""),
        ("选派", "名干部到村任职", "person", "选派名干部", ""),
        ("全县投入", "，新建党群服务中心6个", "CNY", "新建党群服务中心投入", ""),
        ("新建活动室5个，投入资金", "。", "CNY", "新建活动室投入", ""),
        ("副职每月补贴由", "提高到2100元", "CNY/person/month", "副职每月补贴", "before"),
        ("副职每月补贴由1800元提高到", "。", "CNY/person/month", "副职每月补贴", "after"),
        (
            "待遇：正职由每月2000元提高到2500元、副职由1500元提高到",
            "",
            "CNY/person/month",
            "副职待遇",
            "after",
        ),
        (
            "按照每个社区每年",
            "的标准拨付服务群众专项经费",
            "CNY/community/year",
            "社区服务群众专项经费",
            "",
        ),
        ("将书记、副职月报酬分别提高到3800元、", "。", "CNY/person/month", "副职月报酬", ""),
        ("县财政列支", "，对32个村级活动场所进行修缮", "CNY", "村级活动场所列支资金", ""),
        ("整合涉农资金", "，为64个村购置办公设备", "CNY", "购置办公设备整合资金", ""),
        ("平均年龄由51岁下降到", "。", "age", "平均年龄", "after"),
        ("获省委表彰的有", "", "person", "获省委表彰", ""),
        ("推荐，", "优秀党员、2名教师获市委表彰", "person", "市委表彰的优秀党员", ""),
        ("建成", "省级、10个市级示范党支部", "branch", "建成省级示范党支部", ""),
        ("集体经济年收入10万元以上的村达到", "，", "village", "集体经济年收入10万元以上的村", ""),
        ("集体经济达标的村9个，占", "。", "share", "集体经济达标的村占比", ""),
        ("修订村规民约", "。", "document", "修订村规民约", ""),
    ],
)
def test_the_phrase_of_a_numeral(before: str, after: str, unit: str, phrase: str, stage: str) -> None:
    found = phrase_of(before, after, unit)
    assert (found.text, found.stage) == (phrase, stage)


@pytest.mark.parametrize(
    ("sentence", "figure_id", "subject"),
    [
        ("新建村级活动场所12个。", "x.village-venues", "Village venues newly built"),
        ("撤销党支部8个。", "x.branches-dissolved", "Party branches dissolved"),
        ("年内整顿党组织3个。", "x.organisations", "Party organisations rectified within the year"),
        ("村党支部书记每月补贴2400元。", "x.pay.secretary", "Monthly subsidy of village branch secretary"),
        ("村级办公经费每年2万元。", "x.office-funds.village", "Yearly office funds of village"),
        ("党支部达标率98%。", "x.branch-attainment.share", "Party branch rate of attainment"),
    ],
)
def test_an_id_and_a_subject_are_made_of_known_words(sentence: str, figure_id: str, subject: str) -> None:
    guesses = named(sentence)[0].guesses
    assert (guesses["figure_id"].value, guesses["subject"].value) == (figure_id, subject)
    assert guesses["subject"].sure == "likely"


def test_a_count_and_its_money_are_told_apart() -> None:
    rows = named("全县投入960万元，新建村级活动场所12个。新建村级活动场所8个。")
    assert [row.cells["figure_id"] for row in rows] == [
        "x.village-venues.amount",
        "x.village-venues.count",
        "x.village-venues.count-2",
    ]
    assert rows[2].guesses["figure_id"].sure == "unsure"


def test_unknown_words_make_a_name_unsure() -> None:
    guess = named("新建扶贫车间8个。")[0].guesses["subject"]
    assert (guess.sure, guess.words) == ("unsure", "扶贫车间")


def test_a_subject_that_was_accepted_is_taken_as_it_was() -> None:
    accepted = figure("qingxi.lanes.count", "硬化巷道", "Lanes paved", "road")
    guesses = named("硬化巷道8条。", glossary(accepted))[0].guesses
    assert (guesses["figure_id"].value, guesses["subject"].value) == ("x.lanes.count", "Lanes paved")
    assert (guesses["unit"].value, guesses["unit"].why) == ("road", "accepted_alike")


def test_a_word_is_learnt_from_two_rows_that_pair_it() -> None:
    rows = [
        figure("a.workshops", "新建扶贫车间", "Workshops newly built", "project"),
        figure("b.workshops", "提升扶贫车间", "Workshops upgraded", "project"),
        figure("c.halls", "新建村史馆", "Museums newly built", "project"),
    ]
    words = glossary(*rows).words
    assert words["扶贫车间"].en == "Workshops"
    assert "村史馆" not in words  # one row may be a slip
    left = learn({"figures": table("figures", *rows), "codings": table("codings")}, without=["a"])
    assert "扶贫车间" not in left.words


def test_declared_words_are_sound() -> None:
    assert {word.kind for word in declared().values()} == {
        "noun", "adjective", "money", "verb", "period", "when", "funder", "each", "skip", "join",
    }  # fmt: skip
    assert [word.zh for word in declared().values() if word.kind == "noun" and not word.en] == []


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        ("branch", "branches"),
        ("community", "communities"),
        ("head of a unit", "heads of a unit"),
        ("skilled person", "skilled people"),
        ("work funds", "work funds"),
    ],
)
def test_the_plural_of_a_noun(noun: str, many: str) -> None:
    assert plural(noun) == many
