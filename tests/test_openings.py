"""What the reports on the five places open with, word for word: the product, read aloud."""

import pytest

from analysis.evidence.dataset import Dataset
from analysis.words.findings.opening import opening
from analysis.words.labels import Labels
from analysis.words.language import Text

OPENINGS = {
    ("en", "shangzhou"): [
        "Shangzhou District put money into town and subdistrict staff facilities, set what "
        "village and community heads receive a year and trained 3,636 people.",
        "Spending on 23 town and subdistrict staff facilities came to 6.5 million yuan, about "
        "283,000 yuan each. For equipment of village venues the text gives 3.1 million yuan.",
        "A village head with one post gets a subsidy of 24,000 yuan a year, and a head with both "
        "posts one of 30,000 yuan. In a community it is 30,000 yuan and 36,000 yuan.",
        "The text sets office funds of a village at 25,000 yuan, Party-building funds of a "
        "village at 8,000 yuan and work funds of a community at 30,000 yuan.",
        "The text counts more than 40,000 matters handled on behalf of residents.",
    ],
    ("en", "ludian"): [
        "Ludian County more than doubled the pay of a village or community head with one post, "
        "built or upgraded village venues and dissolved or regrouped more Party branches than it "
        "founded.",
        "The pay of a village or community head with one post rose from 2,000 to 4,200 yuan a "
        "month. A head with one post gets 2.7 to 2.9 times the national rural income per head; "
        "the text does not say whether 2020 or 2021 is meant. A committee member’s pay rose most,"
        " from 600 to 2,600 yuan a month.",
        "Spending on 79 new or upgraded village venues came to 59.56 million yuan, about 754,000 yuan each.",
        "In all, 177 Party branches were dissolved or regrouped and 94 founded; the text does not"
        " say whether all 177 branches were dissolved.",
    ],
    ("en", "wushan"): [
        "Wushan County trained more than 3,000 people, lists 60 upgraded village venues as "
        "planned or completed and counts 2,773 Party-member officials who reported to communities"
        " for service.",
        "Seven weak Party organisations were put in order or are to be; the text does not say "
        "whether “within the year” sets a target or reports a result.",
        "At least 80% of villages have or are to have a collective income of 100,000 yuan or more a year.",
        "The text lists 50 model villages for codes of conduct within the year, planned or done.",
        "The text names no amount of money for the 60 venues.",
    ],
    ("en", "weinan"): [
        "Weinan High-tech Zone found 242 problems in 16 villages and decided on 266 measures.",
        "Between five and eight new or upgraded village venues are planned; the text does not say"
        " whether the five rented venues include the three small ones. With one venue each, 31 to"
        " 50% of the 16 villages are to have a new or upgraded one.",
        "The venues were to be put right by the end of June. One venue that the text names was "
        "rebuilt and in use by late May, two were under way, the plan of one was with the finance"
        " office.",
        "The text counts 10 areas of work with a written standard.",
        "A special item of the zone’s budget is named without an amount.",
    ],
    ("en", "minjia"): [
        "Minjia township lists four new village venues, one upgraded village venue and six new "
        "villager-group venues as planned or completed.",
        "Each village venue is put at between 760,000 yuan and 3.8 million yuan; the text does "
        "not say what the 3.8 million yuan covers. The general rate of the county subsidy is "
        "960,000 yuan for each new village venue and 100,000 yuan for each upgraded village venue"
        " or new villager-group venue.",
        "The text lists 134 other village branch venues to follow this example, planned or done.",
        "The text names training as an aim but gives no number of people.",
        "Weak secretaries are to be reassigned; the text does not say how many.",
    ],
    ("zh-Hans", "shangzhou"): [
        "商州区投入资金建设镇办安心工程设施，明确了村和社区正职的年待遇，培训人员3636人。",
        "共投入650万元用于镇办安心工程设施23处，平均每处约28.26万元。村级场所设备投入310万元。",
        "村正职（分设）每年补贴2.4万元，正职（一肩挑）每年3万元。社区分别为3万元和3.6万元。",
        "原文写明村级办公经费2.5万元、村级党建经费8000元和社区工作经费3万元。",
        "干部为群众代办事项4万多件。",
    ],
    ("zh-Hans", "ludian"): [
        "鲁甸县村（社区）正职（分设）待遇提高一倍多，新建、改扩建村级活动场所，调整、撤销的党支部多于新成立的。",
        "村（社区）正职（分设）待遇由每月2000元提高到4200元。正职（分设）一年的待遇是全国农村居民人均可支配收入的2.7至2.9倍；所指是2020年还是2021年，原文未说明。",
        "共投入5956万元用于新建、改扩建村级活动场所79个，平均每个约75.39万元。",
        "调整、撤销党支部177个，新成立94个；177个党支部是否全部撤销，原文未说明。",
    ],
    ("zh-Hans", "wushan"): [
        "武山县培训人员3000多人，列出提升村级活动场所60个（计划或已完成），到社区报到的党员干部2773人。",
        "整顿软弱涣散基层党组织7个；“年内”是目标还是结果，原文未说明。",
        "村集体经济年收入达到10万元以上的村占80%以上（目标或结果）。",
        "年内打造命名村规民约示范村50个（目标或结果）。",
        "60个阵地的投入，原文未写金额。",
    ],
    ("zh-Hans", "weinan"): [
        "渭南高新区对16个村逐一排查，查出问题242个、提出整改措施266条。",
        "计划新建、改扩建村级活动场所5至8个；5个租赁场所是否包含3个面积不足的场所，原文未说明。按每村一处计，16个村中31%至50%将有新建或提升的场所。",
        "要求6月底前完成整改。至5月下旬，文中点名的4处中，1处已改造完成并投入使用。另有2处在建，1处方案报财政局审核。",
        "制定规范化标准的工作10项。",
        "原文提到区级财政专项列支，未写金额。",
    ],
    ("zh-Hans", "minjia"): [
        "民家列出新建村级活动场所4个、提升村级活动场所1个和新建村民小组活动场所6个（计划或已完成）。",
        "每个村级活动场所的造价为76万元至380万元；380万元涵盖哪些建设内容，原文未说明。县级补助一般标准为新建村级活动场所每个96万元，提升村级活动场所或新建村民小组活动场所每个10万元。",
        "辐射带动其他村党支部活动场所建设134个（目标或结果）。",
        "原文把培训列为目标，未写人数。",
        "原文提出调整软弱涣散的党组织书记，未写人数。",
    ],
}


@pytest.mark.parametrize(("language", "programme"), OPENINGS)
def test_the_opening_of_a_report(data: Dataset, language: str, programme: str) -> None:
    opened = opening(Labels(data, Text.of(language)), programme)
    assert [opened.headline, *(message.words for message in opened.messages)] == OPENINGS[language, programme]
