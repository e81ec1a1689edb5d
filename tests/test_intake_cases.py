"""Kinds of sentence that an intake read wrongly once, each with sentences of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from analysis.curation.candidates import Candidate, candidates
from analysis.evidence.sources import Document

PUBLISHED = "2022-03-08"


def drafted(sentence: str) -> list[Candidate]:
    return candidates(Document.from_text(sentence, "x"), PUBLISHED)


def said(row: Candidate, columns: str) -> str:
    """Return what a row says: its numeral, and why it is no figure or some of its cells."""
    return f"{row.printed}: " + (row.reason or " ".join(row.cells[name] or "—" for name in columns.split()))


# A sentence, then what is asked of its rows and what they say: a reason, or cells (— is not decided).
CASES = """
# K0: numerals that count nothing of the programme
十四届六次全会召开，第九届村委会换届。
    unit = 十四届六次: ordinal / 第九届村: ordinal
提供7×24小时服务，拨打12345或119。
    unit = 7×24小时: name / 拨打12345或119: name
百日攻坚行动，万名党员进社区。
    unit = 百日: name / 万名: name
每月第一个星期五开展活动，“6·18”期间。
    unit = 每月第一个星期五: date / 6·18: name
用好三张清单，二期工程开工。
    unit = 三张: structural / 二期: ordinal
王某，男，45岁，2008年入党。
    unit = 45岁: elsewhere / 2008: date
全国95%以上的村实现目标。
    unit = 95%以上: elsewhere
十年磨一剑，一茬接着一茬干。
    unit = 十年磨一剑: idiom / 一茬接着一茬: idiom
发放宣传册1000余份。
    unit = 1000余份: copy

# K1: a bare number is no yuan
统一社会信用代码91610000。
    unit = 统一社会信用代码91610000: name
按照青政发〔2020〕8号执行。
    unit = 2020〕8号: name
第 2 页 共 7 页
    unit = 第 2 页 共 7 页: boilerplate
编辑 08.03.2022 18:05
    unit = 08.03.2022 18:05: date
2. 全镇投入35万元
    unit = 2: ordinal / 35万元: CNY
资金按2：3：5的比例筹集。
    unit = 2：3：5: structural
约3/4的支部达标。
    value unit qualifier = 约3/4: 0.75 share approximately
评议得分88。
    unit = 88: —

# K2: spaces in a quantity
总投资 92 万元，自筹 8.5 万元。
    value unit = 92 万元: 920000 CNY / 8.5 万元: 85000 CNY
市财政补助2 400 000元。
    value unit = 2 400 000元: 2400000 CNY

# K4: a sum over things is not one over time
全县共有社区26个，占总数的8%。
    period = 26个: none / 8%: none
三年来累计投入26万元。
    period = 三年: none / 26万元: cumulative

# K5: a total beside 补助 or 经费 stays a total
总投资500万元，其中市级补助120万元。
    unit status = 500万元: CNY achieved / 120万元: CNY achieved
两级共支付误工补贴6.4万元。
    unit basis status = 两级: structural / 6.4万元: CNY total achieved
各社区工作经费合计150万元。
    unit basis status = 150万元: CNY total achieved
新建活动室的，按每个3万元至5万元补助。
    unit basis = 3万元至5万元: CNY/venue per_unit

# K6: rate words away from the number
副职报酬每月2600元、全年3.1万元。
    unit = 2600元: CNY/person/month / 3.1万元: CNY/person/year
主任每人每月1500元；规模大的村，每人每月1700元。
    unit = 1500元: CNY/person/month / 1700元: CNY/person/month
文书补贴1800元左右/月。
    unit qualifier = 1800元左右/月: CNY/person/month approximately
按任职年限每年每月20元发放。
    unit period = 20元: — —

# K7: the qualifier stands earlier, or is a sign
书记报酬不低于上年人均收入的1.5倍。
    qualifier unit status = 1.5倍: at_least ratio standard
委员报酬不低于书记的60%。
    qualifier status = 60%: at_least standard
单个项目投资≥30万元。
    qualifier = ≥30万元: at_least

# K8: a rule's threshold is no result
面积控制在80-100平方米，造价控制在12万元以内。
    basis status = 80-100平方米: threshold standard / 12万元以内: threshold standard
对人口在800人以下的村给予倾斜。
    basis status = 800人以下: threshold standard
集体收入5万元以上的村达到7个。
    unit basis = 5万元以上: CNY/village threshold / 7个: village total
发展35岁以下党员9名。
    basis unit = 35岁以下: threshold age / 9名: total person

# K9: the year of the earlier value
经费由去年的3万元提高到今年的5万元。
    year = 3万元: 2021 / 5万元: 2022

# K10: units
镇域面积120平方公里，距市区25公里，平均年龄48岁，产茶30吨。
    unit = 120平方公里: km2 / 25公里: km / 48岁: age / 30吨: ton
流转土地1.2万亩，学习40小时，榨油60斤，征集建议18条。
    unit = 1.2万亩: mu / 40小时: hour / 60斤: jin / 18条: proposal
成立专班4个、工作组6个。
    unit = 4个: organisation / 6个: organisation

# K11: forms of numerals
收入翻一番，产值翻两番。
    value unit = 一番: 1 doubling / 两番: 2 doubling
五分之四的支部达标。
    value unit = 五分之四: 0.8 share
年满65周岁的老党员。
    value unit = 65周岁: 65 age
新建活动室卅二个。
    value unit = 卅二个: 32 venue

# K12: the noun is given earlier; a noun that has no code is not another one
排查薄弱党组织15个，其中班子不强6个、制度不全9个。
    unit = 15个: organisation / 6个: organisation / 9个: organisation
撤销支部8个，新建小组20个，卅个小组达标。
    unit = 8个: branch / 20个: — / 卅个: —

# a mean and a limit are of each
每个场所平均面积220平方米。
    unit basis = 220平方米: m2/venue per_unit
年内建成场所6个。
    status = 6个: open
"""


def cases() -> Iterator[tuple[str, str, list[str]]]:
    """Yield each sentence with the columns and the rows below it."""
    lines = [line for line in CASES.splitlines() if line and not line.startswith("#")]
    for sentence, expected in zip(lines[::2], lines[1::2], strict=True):
        columns, rows = expected.split(" = ")
        yield sentence, columns.strip(), rows.split(" / ")


@pytest.mark.parametrize(("sentence", "columns", "rows"), list(cases()))
def test_a_kind_of_sentence_is_read_as_it_says(sentence: str, columns: str, rows: list[str]) -> None:
    assert [said(row, columns) for row in drafted(sentence)] == rows
