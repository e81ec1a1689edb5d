"""The noun phrase of a figure: what the words around a numeral say is counted, in Chinese.

新建村级活动场所12个 counts 新建村级活动场所; 全县投入960万元，新建村级活动场所12个 is money for them;
副职每月补贴由1800元提高到2100元 is that pay before and after a rise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.curation.nouns import NOUNS, VERBS
from analysis.evidence.characters import normalise
from analysis.evidence.numerals import Quantity, find

MONEY = "经费|补贴|补助|报酬|待遇|工资|资金|投资|造价|成本|奖金|收入|产值"
_SHARED = re.compile(f"(?:每?[月年])?(?:基本|绩效|岗位)?(?:{MONEY})$")
_HEADS = re.compile("|".join(NOUNS.values()))
_PAY = re.compile("(?:补贴|补助|报酬|待遇|工资|(?:办公|工作|党建)?经费)")
_RISE = re.compile(
    r"(?:由|从)(?:原来的?|过去的?|以前的?|去年的?)?(?:每[人月年个村]{1,3}|[年月]?人均|[年月]均)?$"
)
_TO = re.compile(
    r"^[^，,。；;0-9（(]{0,8}(?:[（(][^（()）]*[）)])?[^，,。；;0-9（(]{0,6}(?:提高|增加|调整|上调|提升|增长|涨|下降|降低|减少)"
    "[^，,。；;0-9]{0,4}?[到至为]"
)
_RAISED = re.compile(
    "(?:提高|增加|调整|上调|提升|增长|涨|下降|降低|减少)[^，,。；;0-9]{0,4}?[到至为](?:今年的?|现在的?)?(?:每[人月年个村]{1,3})?$"
)
_STOPS = re.compile("[，,。；;：:！？\n]")
_OPENING = re.compile(
    r"^(?:\w{2,4}(?:[县区市镇乡]|街道)(?=[^的]{0,4}(?:投入|整合|投资|拨付|筹|新建|建成|改造))|仅?(?:今年|近年来?|近[两三几五]年来?|去年|本年度?|年初|目前|现在|截至目前|[0-9]{4}年(?:度)?)(?:以来|起|底)?"
    "|全[县区市镇乡省](?!域)|[我本该][县区市镇乡村]|县财政|其中|同时|并|已经?|共计?|累计|合计|先后|分别|还|也|又|再|均|统一|每年|按照?"
    "|新近|有|现有|设有|拥有|即|为|对|将|把|在|从|由|以|达|于|给予|集中|积极|全面|深入|大力|切实|持续|[一二三四五六七八九十]是)+"
)
_CLOSING = re.compile(
    "(?:共计?|(?<![民规公节条契])约|近|达到?|超过?|为|至|到|的|是|有|按|按照|由|从|各|每[人名位个年月村]|不低于|不少于|不超过|最高|最低|至少|控制在"
    "|累计|合计|总计|大约|均|全部|达成|分别|(?:由|从)?(?:原来|过去)|[年月]?人均|提高|增加|共有|有了|标准)+$"
)
_AFTER = re.compile(
    "进行|开展|全部|获|被|参加|达到|实现|纳入|给予|用于|进驻|到|对|以上|左右|的标准|标准|建成|完成|组成|为|各"
)
_AWARD = re.compile("^[^，,。；;]{0,48}?(?:获|被|受到?)(?P<who>[^，,。；;的]{1,6})(?:表彰|命名|授予)")
_LEVEL = re.compile("^[省市县区镇乡村]级$")
_FUNDS_AFTER = re.compile(
    f"^的?(?:标准)?(?:[^，,。；;0-9]{{0,4}}(?:拨付|安排|落实|发放|给予|核定|预算|列支))的?(?P<what>[^，,。；;0-9]{{0,8}}(?:{MONEY}))"
)
_SPENT = re.compile("投入|投资|拨付|筹[集措]|整合|安排|争取|落实|列支|下拨|支付|支出|发放|划拨")
_BOUGHT = re.compile("(?:购置|配备|配置|安装|添置)[^，,。；;0-9]{2,14}")
_SPENT_FUNDS = re.compile("(?:投入|整合|筹集|争取|统筹|安排)[^，,]{0,4}资金")
_REACHES = re.compile("惠及|覆盖|涉及|受益|参与|带动")


@dataclass(frozen=True)
class Phrase:
    """What is counted, in Chinese, and whether it is before or after a rise (``""`` for neither)."""

    text: str
    stage: str = ""
    far: bool = False  # whether it was looked for beyond the clause


def phrase_of(before: str, after: str, unit: str) -> Phrase:
    """Return the phrase of a numeral between the two parts of its sentence; ``unit`` is its guessed unit."""
    before, stage = _stage(before, after)
    if shared := _of_list(before):
        return Phrase(shared, stage)
    clause = _last_clause(before)
    if unit.startswith("CNY"):
        return _of_money(clause, before, after, unit, stage)
    noun, text = _noun_after(after), _trim(clause)
    earlier = _trim(_earlier_clause(before))
    if noun:
        verbs = VERBS.findall(text)
        verb = verbs[-1] if verbs and (text.endswith(verbs[-1]) or text.startswith(verbs[-1])) else ""
        award = _AWARD.search(after)
        return Phrase(f"{award['who']}表彰的{noun}" if award else verb + noun, stage)
    if text == "占":
        return Phrase(f"{earlier}占比", stage, far=True)
    if _REACHES.fullmatch(text):
        return Phrase(f"{earlier}{text}", stage, far=True)
    if text:
        area = unit.startswith("m2") and "面积" not in text
        return Phrase(text + "面积" * area, stage)
    return Phrase(earlier, stage, far=True)


def _of_list(before: str) -> str:
    """Return the phrase of a number of a list: 书记、副职月报酬分别为3800元、2900元 are of one post each."""
    clause = _STOPS.split(before)[-1]
    listed, said, numbers = clause.rpartition("分别")
    names = [name for name in re.split("[、和及与]", _trim(listed)) if name]
    place = len(_numerals(numbers))
    if not said or len(names) < 2 or place >= len(names):
        return ""
    shared = _SHARED.search(names[-1])
    names[-1] = names[-1][: shared.start()] if shared else names[-1]
    return names[place] + (shared[0] if shared else "")


def _stage(before: str, after: str) -> tuple[str, str]:
    """Return what stands before a rise, and on which side of it the numeral is."""
    if rise := _RISE.search(before):
        return (before[: rise.start()], "before") if _TO.search(after) else (before, "")
    raised = _RAISED.search(before)
    if not raised:
        return before, "before" if _TO.search(after) else ""
    head = before[: raised.start()]
    old = _numerals(_STOPS.split(head)[-1])
    if not old:
        return head, ""
    head = head[: len(head) - len(_STOPS.split(head)[-1]) + old[-1].start]
    head = re.sub(r"[（(][^（()）]*$", "", head)
    if (earlier := _numerals(head)) and earlier[-1].end == len(head):
        head = head[: earlier[-1].start]
    rise = _RISE.search(head)
    return (head[: rise.start()] if rise else head), "after"


def _numerals(text: str) -> list[Quantity]:
    """Return the quantities of a text, without words such as 一肩挑 and “两委”."""
    return [found for found in find(text) if found.unit_words or re.search("[0-9]", normalise(found.text))]


def _last_clause(text: str) -> str:
    """Return the last clause of a text, without what belongs to another numeral of it."""
    clause = _STOPS.split(text.rstrip("（("))[-1]
    quantities = _numerals(clause)
    rest = clause[quantities[-1].end :] if quantities else clause
    if quantities and re.match("(?:以[上下内])?的", rest):
        return clause  # 收入10万元以上的村达到9个
    return re.sub(r"^(?:[^（()）]*[）)])?[、和及与]?", "", rest) if quantities else rest


def _earlier_clause(text: str) -> str:
    """Return the clause before the last one, without the numeral at its end."""
    text = text.rstrip("（(")
    clause = _STOPS.split(text[: len(text) - len(_STOPS.split(text)[-1])].rstrip("，,：:；; "))[-1]
    quantities = _numerals(clause)
    at_end = quantities and quantities[-1].end == len(clause)
    return _last_clause(clause[: quantities[-1].start] if at_end else clause)


def _trim(text: str) -> str:
    """Return a clause without the words that open it and those that lead to a numeral."""
    text = _CLOSING.sub("", re.sub(r"\s", "", text))
    text = _OPENING.sub("", text)[-28:]
    for opening, closing in ("（）", "()", "“”"):
        if text.count(opening) != text.count(closing):
            text = text.rpartition(opening)[2] if opening in text else text.partition(closing)[2]
    return re.sub(r"^[^\w“（《(]+", "", text).strip("、")


def _noun_after(after: str) -> str:
    """Return the noun that follows a numeral, or ``""``."""
    text = re.split("[，,。；;、：:0-9]|(?<=.)[和及与](?=.)", after)[0]
    text = _AFTER.split(re.sub("^的", "", text))[0]
    if (heads := list(_HEADS.finditer(text))) and len(text) - heads[-1].end() > 1:
        text = text[: heads[-1].end()]
    text = text.rpartition("的")[2] if len(text) > 16 else text
    if _LEVEL.search(text) and (later := _numerals(after)):
        # In 8个省级、40个县级示范党支部 the noun stands with the last number only.
        text += re.sub("^[省市县区镇乡村]级", "", _noun_after(after[later[-1].end :]))
    text = text.strip("“”") if text.count("“") != text.count("”") else text
    return (
        text
        if (1 < len(text) <= 20 or text in ("村", "户"))
        and not re.match("并|已|以|等|均|且|年[内底初末度]|月", text)
        else ""
    )


def _of_money(clause: str, before: str, after: str, unit: str, stage: str) -> Phrase:
    text = _trim(clause)
    words = re.fullmatch(f"(?:{_SPENT.pattern}|{MONEY}|各类|共)+", text)
    generic = words or (_SPENT_FUNDS.fullmatch(text) and _object_after(after))
    if re.search(f"(?:{MONEY})", text) and not generic:
        return Phrase(text, stage)
    if (funds := _FUNDS_AFTER.search(after)) and "/" in unit:
        return Phrase(re.sub("^每个?", "", text) + funds["what"], stage)
    if "/" in unit:
        pay = _PAY.findall(before)
        text = text or _trim(_earlier_clause(before))
        return Phrase(text + (pay[-1] if pay and pay[-1] not in text else ""), stage, far=True)
    spent = _SPENT.search(text)
    thing = _trim(_object_after(after))
    beside = bool(thing)
    if not thing:
        thing = _trim(text[: spent.start()] if spent else text)
    if not thing:
        thing = _trim(_earlier_clause(before))
    verb = spent[0] if spent and spent[0] not in ("投资", "拨付", "安排", "落实") else "投入"
    return Phrase(thing and thing + ("投入" if verb == "投入" else verb + "资金"), stage, far=not beside)


def _bought(text: str) -> str:
    """Return what was bought for those counted: of 64个村购置办公设备 购置办公设备."""
    bought = _BOUGHT.search(text)
    return bought[0] if bought else ""


def _object_after(after: str) -> str:
    """Return what the money is for: of “，新建村级活动场所12个” 新建村级活动场所."""
    clause = re.sub("^[的对为给]", "", _STOPS.split(after.lstrip("，,、"))[0])
    if clause.startswith("其中"):
        return ""
    quantities = _numerals(clause)
    if quantities and not quantities[0].start:
        return _bought(clause[quantities[0].end :]) or _noun_after(clause[quantities[0].end :])
    return clause[: quantities[0].start] if quantities else re.sub("^用于", "", clause)
