"""The rules of the curation guide that propose which numerals of a text are no figure, and why.

They only propose: a curator decides. A rule is a reason and a pattern over normalised text; where two
rules meet, the one that stands first wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.evidence.characters import DIGITS, FRACTIONS, HAN, SCALES, SYMBOLS, normalise
from analysis.evidence.numerals import Quantity, whole_numerals
from analysis.evidence.units import UNITS

_N = f"[{HAN}]"  # a Chinese numeral character
_ANY = f"[0-9{HAN}半{SYMBOLS}壹贰叁柒捌玖]"
_X = rf"(?!分之)[^\W\da-zA-Z_{HAN}]"  # a character that is none
_S = "[ \u00a0]?"
_CLOCK = "(?:[ T]{1,3}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
_YEAR = r"(?:19|20)[0-9]{2}"
_MONTH = rf"[0-9{DIGITS}十]{{1,3}}"
_HOUR = f"[0-9{HAN}]{{1,3}}"
_BREAK = r"(?:^|(?<=[。；;：:，,！!？?…）)\]】])|(?<=。”))[ \t\u3000]*"
_COUNTED = "个名位项条种类户人次场期件本份起批支张套台只门处座所家块亩元年月天日周"
_OTHER_NEWS = (
    r"新闻推荐|相关(?:新闻|阅读|链接|推荐|文章)|推荐阅读|延伸阅读|热门(?:新闻|推荐|文章)|猜你喜欢|友情链接"
)

_PAGE = (
    r"https?://[^\s，。]+",
    r"(?:ICP|公网安备|电话|传真|邮编|QQ)[^\n]{0,40}",
    rf"第{_S}[0-9]+{_S}页(?:{_S}[，,/]?{_S}共{_S}[0-9]+{_S}页)?|^{_S}[-—–]+{_S}[0-9]+{_S}[-—–]+{_S}$",
    r"(?:点击|浏览|阅读|访问)(?:率|量|数|次数)?[:： ]{1,2}[0-9]+次?",
)
_RATIOS = (
    r"(?<![0-9:：.])[0-9.]+(?:[:：∶][0-9.]+){2,}(?![0-9:：])(?=的?(?:比例|配套|标准|出资|分担|投入|筹集))",
    r"(?<![0-9:：.])[0-9.]+[:：∶][0-9.]+(?=的?比例)",
)
_DATES = (
    r"(?<![0-9.])[01]?[0-9]·[0-3]?[0-9](?![0-9.])",
    rf"(?<![0-9.])[0-3]?[0-9]\.[01]?[0-9]\.{_YEAR}(?![0-9]){_CLOCK}",
    rf"{_YEAR}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}{_CLOCK}",
    r"(?<![0-9:])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9:])",
    rf"(?:每个?月|每年)?(?:{_YEAR}{_S}年{_S})?(?<![0-9个]){_MONTH}{_S}月{_S}{_MONTH}{_S}[日号]",
    rf"(?:(?:[上下]午|早上|晚上|中午|凌晨){_HOUR}[点时]|(?<!{_N}){_HOUR}[点时](?=[半整钟]))(?:半|整|一刻|{_N}{{1,3}}分)?",
    rf"(?:{_YEAR}{_S}年{_S})?{_MONTH}月?[-—–~～至到]{{1,2}}{_MONTH}月(?:份|底)?(?![0-9])",
    rf"{_YEAR}{_S}年?(?:[-—–~～至到]{{1,2}}{_YEAR})?(?=年)(?:年[0-9]{{1,2}}月(?!份?[0-9]))?",
    rf"{_YEAR}(?:[-—–~～至到]{{1,2}}{_YEAR})(?![0-9])",
    r"二〇[〇一二三四五六七八九]{2}(?=年)|(?<![〇零一二三四五六七八九])[〇零][一二三四五六七八九](?=年)",
    rf"(?<![0-9{DIGITS}十个每/多]){_MONTH}月(?:份|底|初|末|[上中下]旬)?(?![0-9])",
    rf"(?:每个?月|次月|当月)?{_MONTH}[日号]前?(?![0-9])",
    rf"(?<!{_N})(?:每?周|星期|礼拜)[一二三四五六](?![个次期])",
    r"[上下]半年|[0-9]{2}年代|[0-9一二十]{1,3}世纪",
)
_CODES = (
    rf"[〔\[（(]{_YEAR}[〕\]）)]第?[0-9]+号",
    r"(?:编码|编号|(?:统一社会信用)?代码|账号|证号)[:：为是 ]{0,2}[0-9][0-9A-Za-z-]*",
)
_ORDINALS = (
    rf"第?{_ANY}+届(?:{_ANY}+次)?(?=[^，,。；;\n]{{0,6}}(?:全会|大会|会议|委员会|村委会|[两村]委))",
    r"[一二三四五六](?=期(?:工程|项目|建设|规划))期",
    rf"{_N}(?:、{_N})+[组社队]|(?<=[（(]){_N}[组社队](?=[）)])",
    rf"[Ⅰ-Ⅻ](?:[级类期型]|标段)|{_BREAK}[壹贰叁柒捌玖]、|[{SYMBOLS}](?![{_COUNTED}万亿的{FRACTIONS}])",
    rf"{_BREAK}[（(〔]?{_N}{{1,3}}(?:[、）)〕]|是|要)",
    rf"{_BREAK}(?:[（(][0-9]{{1,2}}[）)]|[0-9]{{1,2}}[、．](?![0-9]))",
    rf"{_BREAK}[0-9]{{1,2}}\.[ \t\u00a0\u3000]*(?=[^\W\d])",
    r"其[一二三四五](?=[，,是、])",
)
_PLAIN = r"(?![^”’」』\n]{0,40}[0-9][万亿千百]?[元人户名个%])"  # a quoted sentence may print a figure
_QUOTED = (
    rf"“{_PLAIN}[^“”\n]{{1,40}}”(?:{_N}级联\w)?",
    rf"‘{_PLAIN}[^‘’\n]{{1,40}}[’\\]",
    rf"「{_PLAIN}[^「」\n]{{1,40}}」",
    rf"『{_PLAIN}[^『』\n]{{1,40}}』",
    r'"[^"0-9\n，,。]{1,16}"',
    r"《[^《》\n]{1,60}》",
    r"〈[^〈〉\n]{1,60}〉",
)
_TITLES = (rf"第{_ANY}+{_X}{{0,2}}",)
_SAYINGS = (
    r"十年磨一剑|十年树木|百年树人|一茬接着一茬|[两双]手抓、?[两双]手(?:都要)?硬|三分天下有其一",
    r"一步一个脚印|后半篇文章|千方百计|千家万户|万众一心|五湖四海|四面八方|四通八达|百花齐放|百家争鸣",
)
_SLOGANS = (rf"一{_X}一{_X}{{1,2}}", rf"{_N}[步级]联\w")
_IDIOMS = (
    r"进一步|逐一|统一",
    r"一(?:切|律|揽子|线|流|定|般|些|直|样|旦|致|道|同|经|度|再|系列|时|心|手|把手|体|方面|起|边|举|贯|概|味|齐|并)",
    r"[唯之同不专万](?:一)(?![个名项次人])|一[大小]?(?:批|支)(?!部)|一对一|百姓|百年|十分|十足|万分|万万",
    r"零(?:距离|容忍|障碍|跑腿|差错)|半天|多半|大半|成百上千|成千上万",
    rf"[数几][{SCALES}]+年",
    rf"一({_X})\1",
    rf"(?<=[（(])[{SCALES}]+(?:元|人|户|亩|吨|平方米)(?=[）)])|(?<=单位[:：])[{SCALES}]+元",
    rf"{_X}{{2}}一个(?:[、，,]{_X}{{2}}一个)+",
)
_NAMES = (
    r"[0-9]+ ?[×xX] ?[0-9]+(?:小时)?|拨打[0-9]{3,8}(?:[、或和][0-9]{3,8})*",
    r"百日(?=攻坚|行动|会战|竞赛|整治)",
    r"[百千万]名(?=(?:党员|干部|书记|人才|教师|医生|专家)[^，,。；;、\n]{0,2}(?:进|下|讲|联|帮|入|包|访))",
    r"三会一课|两学一做|四议两公开|[两三五]委(?:会)?|[两三五]务|两新|三农|三资|三治|三链|一肩挑|一站式(?:服务)?",
    r"一[把盘张](?:手|棋|网|图)|八项规定|清零|不忘初心|[门]前三包|四个一|三个一批",
    r"十[一二三四]五|十[一二三四五](?=规划|时期|期间|末)|(?:十[七八九]|二十)大(?=精神|报告|以来|会议|召开|代表)",
    r"(?<![0-9.])[0-9]+(?:(?:\+[0-9A-Za-z]+)+|(?:\.[0-9]+)?[A-KN-Z]\w{0,3})|(?<![A-Za-z])[A-Za-z][0-9]+(?:\.[0-9]+)?",
    r"(?<![0-9])[0-9]{3,8}(?:热线|平台)",
    r"[0-9]\.0(?=版|时代)|7[·.]1(?=[^0-9])",
    rf"[一二三四五六七八九两]{_X}{{1,2}}[一二三四五六七八九两](?![{_COUNTED}]){_X}{{1,2}}",
)
_STRUCTURES = (
    r"[两二三四五六七八九](?=[张本份](?:清单|表|网|图|单子|台账))[张本份]",
    rf"(?<![等共计0-9]){_N}(?:级|层|年)(?=行动|计划|规划|方案|攻坚|提升|联|书记|组织|干部|党|政府|管理|体系|网格)",
    r"(?<![等共计0-9])[两二三四五六七八九](?:部门|级(?!别)|步|层|轮|大(?![0-9])|方面?)",
    r"(?<![等共计0-9])[两二三四五六七八九](?:个|项|条|种|类)(?![0-9多余月]|百分)",
)
_WEEKDAYS = (r"(?:每个?月)?第[一二三四五]个?(?:星期|周|礼拜)[一二三四五六日天]",)
_OF_OTHERS = (r"(?<=[男女][，,])(?:[^\W\d]{1,3}族[，,])?[0-9]{2}岁",)
_REASONS = (
    ("elsewhere", _OF_OTHERS),
    ("date", _WEEKDAYS),
    ("boilerplate", _PAGE),
    ("ordinal", _TITLES),
    ("idiom", _SAYINGS),
    ("name", _CODES),
    ("structural", _RATIOS),
    ("name", _QUOTED),
    ("name", _SLOGANS),
    ("date", _DATES),
    ("ordinal", _ORDINALS),
    ("idiom", _IDIOMS),
    ("name", _NAMES),
    ("structural", _STRUCTURES),
)
_RULES = tuple(
    (reason, re.compile(pattern, re.MULTILINE)) for reason, patterns in _REASONS for pattern in patterns
)
_NUMERAL = re.compile(_ANY)
_UNIT_WITH_DIGIT = re.compile(
    "|".join(word for unit in UNITS.values() for word in unit.printed if re.search("[0-9]", word))
)
_EDGES = re.compile(r"^\W+|\W+$")
_COUNTRY = re.compile(r"(?:全国|国家级?)(?:平均|共|有|已有|约)?[^，,。；;\n0-9]{0,8}$")
# Words that make a figure of 一个: how many for each, or how many at least.
_EACH = re.compile(r"(?:每|均|各|至少)[^，,。；;\n]{0,8}$")


def exclusions(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the spans that the rules exclude, with the reason; each holds a numeral, and none overlap.

    None begins or ends inside a numeral that can be read: 三十一起 does not hold 一起.
    """
    normal = normalise(text)
    taken = bytearray(len(normal))
    inside = {offset for start, end in _with_units(text) for offset in range(start + 1, end)}
    for start, end, reason in _matches(normal):
        if (
            inside.isdisjoint((start, end))
            and _NUMERAL.search(normal, start, end)
            and not any(taken[start:end])
        ):
            taken[start:end] = b"\1" * (end - start)
            yield start, end, reason


def _with_units(text: str) -> Iterator[tuple[int, int]]:
    """Yield the whole numerals, each with a unit after it that holds a digit: in 三十m2, m2 is no name."""
    for start, end in whole_numerals(text):
        unit = _UNIT_WITH_DIGIT.match(text, end)
        yield start, unit.end() if unit else end


def _matches(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield every match of every rule, without the marks and spaces at its ends."""
    body = _end_of_article(text)
    for line in re.finditer(r"[^\r\n]+", text[body:]):
        found = [match.span() for match in _NUMERAL.finditer(line[0])]
        if found:
            yield body + line.start() + found[0][0], body + line.start() + found[-1][1], "boilerplate"
    for reason, pattern in _RULES:
        for match in pattern.finditer(text, 0, body):
            inner = _EDGES.sub("", match[0])
            start = match.start() + match[0].find(inner)
            yield start, start + len(inner), reason


def _end_of_article(text: str) -> int:
    """Return where a list of other news begins below the article, or the end of the text."""
    headings = re.finditer(rf"^\W*(?:{_OTHER_NEWS})\W*$", text, re.MULTILINE)
    return next((found.start() for found in headings if found.start() > len(text) / 2), len(text))


def reason_of(text: str, quantity: Quantity) -> str:
    """Return why a quantity that no rule excludes is still no figure (一个 as an article), or ``""``."""
    if _COUNTRY.search(text, max(0, quantity.start - 16), quantity.start):
        return "elsewhere"
    if re.search("[0-9]", normalise(quantity.text)):
        return ""
    if quantity.unit_words == "番":
        return ""
    article = quantity.value == 1 and quantity.qualifier == "exact" and quantity.value_to is None
    each = _EACH.search(text, max(0, quantity.start - 10), quantity.start)
    return "idiom" if not quantity.unit_words or (article and not each) else ""
