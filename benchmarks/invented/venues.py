"""What a synthetic programme says of venues and their money, and what that is evidence for."""

from __future__ import annotations

from collections.abc import Mapping

from invented.author import MARK, Author
from invented.document import Dating, Fact, count, money, qualified

WORKS = {"new": 0.35, "upgraded": 0.35, "mixed": 0.30}
WORDS = {"new": "新建", "upgraded": "改造提升", "mixed": "新建和改扩建"}
VILLAGE = {"object": "village_venue", "place": "village"}
TOTAL = {"funder": "total"}
NO_SUM = ("Venues are printed without any amount of money.", "报告场所数，未报告金额。")
TARGET = {
    "target": ("targets for the year", "年度目标"),
    "result": ("results of the year", "年度结果"),
}
WITHIN_YEAR = ("whether “within the year” sets a target or reports a result", "“年内”是目标还是结果")


def code_as_target_or_result(
    author: Author, choice: str, name: str, measure: str, figure: str, like: Mapping[str, str]
) -> None:
    """Add a coding for each reading of a choice between ``TARGET``'s answers."""
    for reading, status in (("target", "planned"), ("result", "achieved")):
        when = f"{choice}={reading}"
        author.code(f"{name}.{reading}", measure, figure, dimensions=like, when=when, status=status)


def investment(author: Author) -> None:
    """Write the paragraph on venues."""
    dating = author.paragraph("venues", "阵地建设方面，")
    kinds = {"counted": 0.42, "scope": 0.10, "subsidy": 0.15, "uncosted": 0.15, "silent": 0.18}
    kind = author.pick("venues", kinds)
    {"counted": _counted, "scope": _scope, "subsidy": _subsidy, "uncosted": _uncosted, "silent": _silent}[
        kind
    ](author, dating)
    if author.chance("venues.group", 0.35):
        _groups(author, dating)
    if author.chance("venues.equipment", 0.2):
        _equipment(author, dating)
    if author.chance("venues.centre", 0.12):
        _centre(author, dating)
    if author.chance("venues.township", 0.1):
        _township(author, dating)


def _fact(subject: str, subject_zh: str, unit: str, dating: Dating, **cells: str) -> Fact:
    return Fact(subject, subject_zh, "investment", unit, dating=dating, **cells)


def _counted(author: Author, dating: Dating) -> None:
    """An amount and the venues it paid for, and now and then their floor area and the villages."""
    document, place = author.document, author.place
    works = author.pick("venues.works", WORKS)
    number = int(place["venues"])
    period = "cumulative" if "/" in dating.year else "none"
    document.say("投入")
    paid = qualified(money(round(place["cost_per_venue"] * number, -4)), author.random)
    fact = _fact("Money put into village venues", "村级活动场所投入", "CNY", dating, period=period)
    amount = document.figure("village-venues.amount", paid, fact)
    document.say(f"，{WORDS[works]}村级活动场所")
    fact = _fact("Village venues", "村级活动场所", "venue", dating, period=period)
    venues = document.figure("village-venues.count", count(number, "个"), fact)
    document.say("。")
    like = VILLAGE | TOTAL | {"works": works}
    author.code("village-venue", "cost_per_venue", amount, venues, dimensions=like)
    author.code("village-venues-total", "total_spending", amount, dimensions=like)
    author.code("village-venues", "venues_upgraded", venues, dimensions=VILLAGE | {"works": works})
    if author.chance("venues.area", 0.25):
        document.say("每个场所建筑面积")
        fact = _fact("Floor area of each venue", "每个场所建筑面积", "m2/venue", dating, basis="per_unit")
        area = document.figure("venue-floor-area", count(author.between(12, 80) * 10, "平方米"), fact)
        document.say("。")
        author.code("village-venue-m2", "cost_per_m2", amount, f"{venues} * {area}", dimensions=like)
    if author.chance("venues.villages", 0.6):
        document.say("全县有行政村")
        fact = _fact("Villages", "行政村", "village", dating, status="reported")
        villages = document.figure("villages", count(int(place["villages"]), "个"), fact)
        document.say("。")
        like = VILLAGE | {"works": works}
        author.code("venues-per-village", "venues_per_village", venues, villages, dimensions=like)


def _scope(author: Author, dating: Dating) -> None:
    """A total that may be of each venue, of the new ones, or of all: arithmetic rules some of it out."""
    document = author.document
    new, other = author.between(3, 6), author.between(2, 4)
    subsidy, less = author.between(30, 90) * 10_000, author.between(5, 20) * 10_000
    total = new * subsidy + author.between(0, 1) * other * less + author.between(0, 2) * 10_000
    plan = {"status": "planned"}
    document.say("新建村级活动场所")
    fact = _fact("New village venues", "新建村级活动场所", "venue", dating, **plan)
    venues = document.figure("new-village-venues", count(new, "个", author.random), fact)
    document.say("，改建小组活动场所")
    fact = _fact("Upgraded group venues", "改建小组活动场所", "venue", dating, **plan)
    groups = document.figure("upgraded-group-venues", count(other, "个", author.random), fact)
    document.say("，总投资")
    fact = _fact("Total investment; its scope is a choice", "总投资（涵盖范围为选择）", "CNY", dating, **plan)
    amount = document.figure("total-investment", money(total), fact)
    rate = {"basis": "per_unit", "status": "standard"}
    document.say("，其中新建场所每个补助")
    fact = _fact("County subsidy to a new venue", "新建场所县级补助", "CNY/venue", dating, **rate)
    each = document.figure("subsidy.new", money(subsidy), fact)
    document.say("，改建场所每个补助")
    fact = _fact("County subsidy to an upgraded venue", "改建场所县级补助", "CNY/venue", dating, **rate)
    lesser = document.figure("subsidy.upgraded", money(less), fact)
    document.say("。")
    named = f"{venues} * {each}"
    exceeds = ("The named subsidies against the total decide.", "所列补助与总投资相比即可判定。")
    choice = author.choose(
        "investment-scope",
        ("What does the total investment cover?", "总投资覆盖什么？"),
        ("what the total investment covers", "总投资覆盖的范围"),
        {
            "per-venue": ("each new venue", "每个新建场所"),
            "new-venues": ("the new venues together", "全部新建场所"),
            "everything": ("all venues together", "全部场所"),
        },
        requires={
            "new-venues": (f"{named} <= {amount}", exceeds),
            "everything": (f"{named} + {groups} * {lesser} <= {amount}", exceeds),
        },
    )
    like = VILLAGE | TOTAL | {"works": "new"}
    mixed = ("The total would cover several kinds of venue.", "总额涵盖多类场所。")
    for measure, over in (("cost_per_venue", "{}"), ("average_subsidy", "")):
        if over:
            rows = {"per-venue": "1 venue", "new-venues": venues}
            for reading, number in rows.items():
                author.code(
                    f"new-venue.{reading}",
                    measure,
                    amount,
                    number,
                    dimensions=like,
                    when=f"{choice}={reading}",
                )
            author.code(
                "new-venue.everything", measure, dimensions=like, when=f"{choice}=everything",
                absence="not_comparable", note=mixed,
            )  # fmt: skip
        else:
            subsidised = VILLAGE | {"works": "new", "funder": "county_subsidy"}
            author.code("average-subsidy", measure, named, venues, dimensions=subsidised)
    _planned(author, venues)
    subsidised = VILLAGE | {"works": "new", "funder": "county_subsidy"}
    author.code("subsidy-new", "cost_per_venue", each, dimensions=subsidised)


def _planned(author: Author, venues: str) -> None:
    """The works may be a plan or done, which changes no value and the status of all."""
    answers = {"plan": ("a plan", "计划"), "done": ("already done", "已完成")}
    question = ("Are the works a plan or already done?", "所述建设是计划还是已完成？")
    matter = ("whether the works were planned or already done", "所述建设是计划还是已完成")
    choice = author.choose("works-status", question, matter, answers)
    for reading, status in (("plan", "planned"), ("done", "achieved")):
        author.code(
            f"new-venues.{reading}", "venues_upgraded", venues, dimensions=VILLAGE | {"works": "new"},
            when=f"{choice}={reading}", status=status,
        )  # fmt: skip


def _subsidy(author: Author, dating: Dating) -> None:
    """A subsidy for each venue: an exact amount, and less than its cost."""
    document = author.document
    for name, works, most in (("new", "new", 60), ("upgraded", "upgraded", 20)):
        document.say(f"县财政对每个{WORDS[works]}的村级活动场所补助")
        fact = _fact(
            f"County subsidy to each village venue ({works})", f"县财政对每个{WORDS[works]}场所的补助",
            "CNY/venue", dating, basis="per_unit", status="standard",
        )  # fmt: skip
        each = document.figure(f"subsidy.{name}", money(author.between(3, most) * 10_000), fact)
        document.say("。")
        like = VILLAGE | {"works": works, "funder": "county_subsidy"}
        author.code(f"subsidy-{name}", "cost_per_venue", each, dimensions=like)


def _uncosted(author: Author, dating: Dating) -> None:
    """Venues without money, which may be a target or a result."""
    document = author.document
    open_ended = author.chance("venues.within-year", 0.5, rare=True)
    document.say("年内" if open_ended else "")
    document.say("改造提升村级阵地")
    number = count(int(author.place["venues"]), "个")
    fact = _fact("Village venues to be upgraded", "改造提升的村级阵地", "venue", dating, status="planned")
    venues = document.figure("village-venues.count", number, fact)
    document.say("。")
    like = VILLAGE | {"works": "upgraded"}
    author.code("no-money", "cost_per_venue", dimensions=like | TOTAL, absence="not_reported", note=NO_SUM)
    if not open_ended:
        author.code("village-venues", "venues_upgraded", venues, dimensions=like)
        return
    question = ("Are the figures of “within the year” targets or results?", "“年内”数字是目标还是结果？")
    choice = author.choose("venues-within-year", question, WITHIN_YEAR, TARGET)
    code_as_target_or_result(author, choice, "village-venues", "venues_upgraded", venues, like)


def _silent(author: Author, dating: Dating) -> None:
    author.document.say("村级活动场所建设有序推进。")


def _groups(author: Author, dating: Dating) -> None:
    document = author.document
    number = author.between(10, 300)
    document.say("整合资金")
    spent = money(number * author.between(8, 30) * 10_000)
    fact = _fact("Money for villager-group venues", "村民小组活动场所投入", "CNY", dating)
    amount = document.figure("group-venues.amount", qualified(spent, author.random), fact)
    document.say("，新建村民小组活动场所")
    fact = _fact("New villager-group venues", "新建村民小组活动场所", "venue", dating)
    venues = document.figure("group-venues.count", qualified(count(number, "个"), author.random), fact)
    document.say("。")
    like = {"object": "group_venue", "place": "village", "works": "new"}
    author.code("group-venue", "cost_per_venue", amount, venues, dimensions=like | TOTAL)
    author.code("group-venues", "venues_upgraded", venues, dimensions=like)


def _equipment(author: Author, dating: Dating) -> None:
    document = author.document
    document.say("投入")
    fact = _fact("Equipment of village venues", "村级场所设备投入", "CNY", dating)
    amount = document.figure("equipment.amount", money(author.between(20, 400) * 10_000), fact)
    document.say("配齐村级场所设备。")
    like = TOTAL | {"object": "venue_equipment", "place": "village"}
    author.code("equipment-total", "total_spending", amount, dimensions=like)
    note = ("Money is printed without the number of venues equipped.", "报告金额，未报告配备的场所数。")
    author.code("equipment-per-venue", "cost_per_venue", dimensions=like, absence="not_reported", note=note)


def _centre(author: Author, dating: Dating) -> None:
    """A sum for a centre alone or for the platform in every village."""
    document = author.document
    document.say("投入")
    fact = _fact("Money for the command centre", "指挥中心投入", "CNY", dating)
    amount = document.figure("command-centre.amount", money(author.between(50, 300) * 10_000), fact)
    document.say("建成指挥中心，同步推行到村（社区）")
    unit = "village-or-community"
    fact = _fact("Villages and communities", "村（社区）", unit, dating, status="reported")
    places = document.figure("platform.places", count(int(author.place["villages"]), "个"), fact)
    document.say("。")
    answers = {
        "centre-only": ("the command centre alone", "仅指挥中心"),
        "whole-platform": ("centre and platform together", "指挥中心和平台"),
    }
    question = ("What does the money pay for?", "资金用于什么？")
    matter = ("whether the money pays for the command centre alone", "资金是否只用于指挥中心")
    choice = author.choose("platform-scope", question, matter, answers)
    like = TOTAL | {"object": "command_centre", "place": "village_or_community"}
    whole = f"{choice}=whole-platform"
    author.code("platform-per-village", "spending_per_unit", amount, places, dimensions=like, when=whole)
    note = ("The money pays for one centre.", "资金仅用于一个中心。")
    author.code(
        "platform-centre-only", "spending_per_unit", dimensions=like, when=f"{choice}=centre-only",
        absence="not_applicable", note=note,
    )  # fmt: skip


def _township(author: Author, dating: Dating) -> None:
    document = author.document
    document.say("投入")
    fact = _fact("Money for town staff facilities", "镇办设施投入", "CNY", dating)
    amount = document.figure("township-facilities.amount", money(author.between(100, 900) * 10_000), fact)
    names = []
    for grade, zh in (("model", "示范型"), ("improved", "改善型")):
        document.say(f"，建成{zh}镇办设施")
        fact = _fact(f"Town staff facilities, {grade} grade", f"{zh}镇办设施", "facility", dating)
        number = count(author.between(2, 15), "个", author.random)
        names.append(document.figure(f"township-facilities.{grade}", number, fact))
    document.say("。")
    like = TOTAL | {"object": "township_facility", "place": "township"}
    author.code("township-facility", "cost_per_venue", amount, " + ".join(names), dimensions=like, note=MARK)
