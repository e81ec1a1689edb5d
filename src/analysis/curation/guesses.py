"""Guesses at the cells of a figure, from its printed text and the sentence around it.

A guess is only made where the words near the numeral support it; what is left empty is for the curator.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from analysis.curation.limits import earlier_qualifier, is_limit
from analysis.curation.nouns import NOUNS, VERBS
from analysis.curation.sureness import LEVELS, Guess, Guesses
from analysis.curation.years import year_of
from analysis.evidence.numerals import Quantity, find, unit_fits
from analysis.evidence.units import TIME_ATOMS, UNITS, VILLAGES

# Where a measure word alone leaves several units, the one it most often stands for.
_USUAL = {"人": "person", "名": "person", "位": "person", "次": "occasion", "件": "service"}
_ELSE = {"期": "session"}
_THEMES = {
    "stipends": "奖金|待遇|补贴|报酬|工资|薪|养老保险|误工",
    "operating_funds": "办公经费|工作经费|党建经费|运转经费|专项经费|经费",
    "investment": "场所|阵地|活动室|服务中心|建筑面积|占地|总投资|投影|设备|设施|指挥中心|主楼|附楼|投资",
    "branches": "(?<!先进)(?<!先进基层)党组织(?!书记|负责人)|撤并"
    "|党支部|软弱涣散|党总支|联盟党组织|示范党支部|撤销|新成立|社区党委|组建",
    "personnel": "年龄|学历|回引|选派|选举|换届|后备|第一书记|处级干部|科级干部|下沉|报到|包联|人才",
    "training": "培训|轮训|党课|课堂|讲座|学习|技能|观摩",
    "supervision": "督查|约谈|整改|问题|通报|审计|考核|检讨|评议|排查|调研|会议|挂钩|包保|联系",
    "honours": "表彰|优秀|先进|获评|荣誉|星级",
    "collective_economy": "集体经济|薄弱村|产业|经营性|分红",
    "services": "代办|来访|调处|调解|服务群众|接待|帮扶|走访|便民",
    "governance": "治理|村规民约|网格|自治|举措|制度|管理办法",
}
_PLANNED = re.compile("计划|拟(?!定)|将(?:于|在|达|新建|建成)|力争|确保|目标|明年|预计|规划")
_WITHIN = re.compile("(?<![两三几十])年内")  # a target or a result: the text does not say
_UNTIL = re.compile("[到至](20[0-9]{2})年")
_CUMULATIVE = re.compile("累计|以来|先后|近年|截至|近[两三几五]年")
_PER = re.compile(
    r"(?:每|各)(?:村（社区）|村\(社区\)|[^\W\d每年月天周日])[^，,。；;]{0,21}$|(?P<mean>[人户村]均)[^，,。；;]{0,6}$"
)
_MEANS = {"人均": "person", "户均": "household", "村均": "village"}
_EACH_PERSON = re.compile("^每[人名位]")
_EACH_ALONE = re.compile("^每[个处座所][的按为约给补]{0,2}$")
# A sum over what is counted, and not a rate for each of it.
_POST = re.compile("书记|主任|委员|副职|正职|文书|干部|员(?!会)|一肩挑|每人|人均")
_TOTAL = re.compile("合计|总计|共(?!产|同|建|享|治|青)|总投|总额|总量|累计|支付|支出|筹[集措]")
_OF_WHOM = re.compile("^的(?:行政|自然)?(?:村|社区|支部|场所)")
_SET = re.compile("(?:(?:提高|增加|达|标准|核定|按)[到至为]?|经费|资金|由)(?:每年|每月)?$")
_STANDARD = re.compile("标准(?!化)|提高到|提高至|每年|每月|经费[为达]?$")
_TIME_WORDS = re.compile("每个?月|月(?=补|工|报|待|人均)|[每全]年|年(?=补|工|报|待|人均)")
_BOTH_TIMES = re.compile("每年每个?月[^，,。；;]{0,4}$")
# A stock or a finding: what there is, not what was done.
_STOCK = re.compile("查[出摆]|考核为|已达标|均在|后备|现有")
_DID = re.compile("培养|选派|发展|招录|新增|整顿|化解|选拔")
_CONTACTS = re.compile("^[^，,。；;]*?(?:挂|包保|联系|下派)")
_CLAUSE = re.compile(r"[，,：:]")
_NOUN_LEFT = re.compile(r"[^\W\d共有约达到其中的了为近各分别计]{2}$")
_NOUN_ALONE = re.compile("^(?![并已以均进的等增提减下达占])[\\w]{1,4}$")
LARGEST_PAY = 200_000  # 元: a larger amount for pay is no one person's


def guess_cells(quantity: Quantity, before: str, after: str, published: str, since: str = "") -> Guesses:
    """Return the columns of ``figures.csv`` that can be guessed; an empty value is not decided.

    ``before`` and ``after`` are the rest of its sentence; ``published`` is the stated date of the document,
    and ``since`` the first year that it names: there 近年来 is taken to begin.
    """
    theme = _theme_of_pay(quantity, before) or _theme(before, after)
    unit, basis = _unit(quantity, before, after, theme.value)
    period = _period(quantity, before, unit.value, theme.value)
    if unit.value.startswith("CNY") and period.value in TIME_ATOMS:
        unit = replace(unit, value=f"{unit.value}/{period.value}")
    year, year_basis = year_of(before, published, since)
    earlier, word = earlier_qualifier(quantity, before)
    status = _status(before, after, basis.value, unit.value, published)
    if is_limit(quantity, earlier or quantity.qualifier, before, after):
        basis = basis if basis.value == "share" else Guess("threshold", "words_beside", word)
        status = status if status.value == "planned" else Guess("standard", "words_beside", word)
    return _printed(quantity, earlier, word) | {
        "unit": unit if period.value else Guess("", "not_decided"),
        "period": period,
        "basis": basis,
        "status": status,
        "year": year,
        "year_basis": year_basis,
        "theme": theme,
    }


def _printed(quantity: Quantity, earlier: str, word: str) -> Guesses:
    """Return what the printed text says: its value, and its qualifier or the one that stands earlier."""
    to = "" if quantity.value_to is None else f"{quantity.value_to:.15g}"
    cells = {
        "value": Guess(f"{quantity.value:.15g}", "printed"),
        "value_to": Guess(to, "printed"),
        "qualifier": Guess(quantity.qualifier, "printed"),
    }
    if not earlier:
        return cells
    return cells | {
        "qualifier": Guess(earlier, "words_beside", word),
        "note": Guess(f"The qualifier stands earlier in the sentence: “{word}”.", "words_beside", word),
        "note_zh": Guess(f"限定词在前文：“{word}”。", "words_beside", word),
    }


def _unit(quantity: Quantity, before: str, after: str, theme: str) -> tuple[Guess, Guess]:
    """Return the unit code and the basis: of the whole, for each unit, or a share."""
    words, *rates = re.split(r"[/·]", quantity.unit_words)
    head = _counted(words, before, after)
    rated = [rate for rate in rates if rate not in ("月", "年")]
    if head.value in ("share", "ratio"):
        return head, Guess("share" if head.value == "share" else "total", "printed")
    under = _counted(rated[0], before, "") if rated else _per(before)
    summed = _TOTAL.search(_CLAUSE.split(before)[-1])
    small = head.value == "CNY" and theme == "stipends" and quantity.value < LARGEST_PAY
    if not under.value and not summed and head.value == "CNY" and theme == "operating_funds":
        under = _place_of_funds(quantity, before)
    if not under.value and not summed and small:
        post = _POST.search("，".join(_CLAUSE.split(before)[-2:]))
        under = Guess("person", *(("noun_beside", post[0]) if post else ("not_decided",)))
    if not under.value and head.value in ("CNY", "m2"):
        under = _whose(quantity, before, after)
    if not under.value or under.value == head.value:
        # Of money it is not sure that it is no rate.
        head = replace(head, why="nothing_said") if head.value == "CNY" and not summed else head
        return head, Guess("total", *(("words_beside", summed[0]) if summed else ("nothing_said",)))
    unit = f"{head.value}/{under.value}" if head.value else ""
    return least_sure(head, under, unit), replace(under, value="per_unit")


def _whose(quantity: Quantity, before: str, after: str) -> Guess:
    """Return what a limit or a mean is for: 收入10万元以上的村, 场所平均面积80平方米."""
    limited = _OF_WHOM.search(after) if quantity.qualifier in ("at_least", "below") else None
    noun = _last_noun(limited[0], "个") if limited else None
    if "平均" in _CLAUSE.split(before)[-1]:
        noun = _last_noun(before[-48:], "个")
    return Guess(noun[0], "noun_near", noun[1]) if noun else Guess("", "nothing_said")


def _place_of_funds(quantity: Quantity, before: str) -> Guess:
    """Return the place that small funds are set for each of: 村级办公经费提高到2万元."""
    near = "，".join(_CLAUSE.split(before)[-2:])
    place = re.findall(r"村[（(]社区[）)]|社区|村", near)
    if not place or quantity.value >= LARGEST_PAY or not _SET.search(_CLAUSE.split(before)[-1]):
        return Guess("", "nothing_said")
    codes = {"村": "village", "社区": "community"}
    return Guess(codes.get(place[-1], "village-or-community"), "noun_near", place[-1])


def least_sure(first: Guess, second: Guess, value: str) -> Guess:
    """Return a guess that rests on two others: as sure as the less sure of them."""
    return replace(min(first, second, key=lambda guess: LEVELS.index(guess.sure)), value=value)


def _counted(words: str, before: str, after: str) -> Guess:
    """Return the unit code that a printed unit stands for, by the noun beside it where words are several."""
    fitting = _fitting(words)
    if len(fitting) == 1:
        return Guess(fitting[0], "unit_word", words)
    if words in _USUAL:
        return Guess(_USUAL[words], "usual_meaning", words)
    return _of_which(before, after, words) or _nearest(before, after, words)


def _of_which(before: str, after: str, words: str) -> Guess | None:
    """Return the code of the whole that a numeral is a part of: 对象11个，其中不胜任2个."""
    head, which, _ = before.rpartition("其中")
    if not which or _phrase(after):
        return None
    wholes = [whole for whole in find(head) if whole.unit_words == words]
    return _counted(words, head[: wholes[-1].start], head[wholes[-1].end :]) if wholes else None


@lru_cache
def _fitting(words: str) -> tuple[str, ...]:
    return tuple(code for code in UNITS if unit_fits(words, code))


def _nearest(before: str, after: str, words: str) -> Guess:
    """Return the code of the noun that the numeral counts: what follows it, or else the last before it."""
    phrase, clause = _phrase(after), _CLAUSE.split(after)[0]
    places = [(phrase, "noun_beside"), (clause if phrase else "", "noun_near")]
    # 卅个小组: the noun follows, whether there is a code for it or not.
    if not _NOUN_ALONE.search(phrase):
        *earlier, last = _CLAUSE.split(before)
        places.append((last[-24:], "noun_near" if phrase else "noun_beside"))
        if not _NOUN_LEFT.search(VERBS.sub("", last)):
            places.append(("".join(earlier[-1:])[-24:], "noun_near"))
    # In 8个省级、40个县级支部 the noun stands with the last number only.
    found = (Guess(*noun[:1], why, noun[1]) for place, why in places if (noun := _last_noun(place, words)))
    other = _ELSE.get(words, "")
    return next(found, Guess(other, "noun_near" if other else "not_decided"))


def _last_noun(text: str, words: str) -> tuple[str, str] | None:
    """Return the code of the last noun that the printed unit can count, with the noun: 活动场所, a venue."""
    found = [
        (match.end(), len(match[0]), code, match[0])
        for code in _fitting(words)
        if code in NOUNS
        for match in re.finditer(NOUNS[code], text)
    ]
    return max(found)[2:] if found else None


def _phrase(after: str) -> str:
    """Return the words that belong to a numeral, up to the next mark, conjunction or numeral."""
    return re.split(r"[，,。；;、和及与0-9]|(?<=.)[“‘「]|(?<=..)(?:全部|均已|都已|建成|实现|参加|获)", after)[
        0
    ][:14]


def _per(before: str) -> Guess:
    """Return the unit that the amount is for each of (每个村, 户均); an empty one where it is for none."""
    match = _PER.search(before)
    if match is None or _TOTAL.search(match[0]):
        return Guess("", "nothing_said")
    if _EACH_PERSON.search(match[0]):
        return Guess("person", "rate_word", match[0])
    around = before[-48:] if _EACH_ALONE.search(match[0]) else match[0]
    if mean := _MEANS.get(match["mean"] or ""):
        return Guess(mean, "rate_word", match[0])
    noun = _last_noun(around, "个")
    return Guess(noun[0], "rate_word", match[0]) if noun else Guess("", "nothing_said")


def _period(quantity: Quantity, before: str, unit: str, theme: str) -> Guess:
    if both := _BOTH_TIMES.search(before):
        return Guess("", "not_decided", both[0])  # 每年每月15元 is for each year of service
    if quantity.period:
        return Guess(quantity.period, "printed")
    recurs = unit.startswith("CNY") and theme in ("stipends", "operating_funds")
    if recurs and (stated := _TIME_WORDS.findall(before)):
        return Guess("month" if "月" in stated[-1] else "year", "words_beside", stated[-1])
    if "/" not in unit and (summed := _CUMULATIVE.search(before)):
        return Guess("cumulative", "words_beside", summed[0])
    return Guess("none", "not_decided" if recurs else "nothing_said")


def _status(before: str, after: str, basis: str, unit: str, published: str) -> Guess:
    near = "，".join(_CLAUSE.split(before)[-2:])
    ahead = any(
        year > published[-4:] if "/" in published else year > published[:4] for year in _UNTIL.findall(near)
    )
    planned = _PLANNED.search(near)
    if ahead or planned:
        return Guess("planned", "words_beside", planned[0] if planned else "")
    if within := _WITHIN.search(near):
        return Guess("open", "ambiguous", within[0])
    if unit.startswith("CNY") or not unit:
        rule = _STANDARD.search(near)
        if basis == "per_unit" or rule:
            return Guess("standard", "words_beside" if rule else "nothing_said", rule[0] if rule else "")
        return Guess("achieved", "nothing_said")
    contacts = unit == "person" and _CONTACTS.search(after)
    stock = None if _DID.search(_CLAUSE.split(before)[-1]) else _STOCK.search(near)
    if unit in VILLAGES or stock or contacts:
        return Guess("reported", "words_beside" if stock else "nothing_said", stock[0] if stock else "")
    return Guess("achieved", "nothing_said")


def _theme_of_pay(quantity: Quantity, before: str) -> Guess | None:
    """Return the theme of an amount in a list of the pay of posts: 副职1800元、支部书记兼小组长600元."""
    clause = _CLAUSE.split(before)[-1]
    pay = re.findall(_THEMES["stipends"], clause)
    small = quantity.unit_words.startswith("元") and quantity.value < LARGEST_PAY
    return Guess("stipends", "noun_beside", pay[-1]) if pay and small else None


def _theme(before: str, after: str) -> Guess:
    """Return the theme of what the numeral counts, or of the nearest word before it in the sentence."""
    places = (
        (_phrase(after), "noun_beside"),
        (_CLAUSE.split(before)[-1], "noun_beside"),
        ("".join(_CLAUSE.split(after)[1:2]) if not _phrase(after) else "", "noun_beside"),
        (before, "noun_near"),
        (after, "noun_near"),
    )
    for text, why in places:
        found = [
            (match.end(), len(match[0]), theme, match[0])
            for theme, words in _THEMES.items()
            for match in re.finditer(words, text)
        ]
        if found:
            return Guess(max(found)[2], why, max(found)[3])
    return Guess("", "not_decided")
