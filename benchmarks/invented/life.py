"""What a synthetic programme says beyond the measures: people, training, supervision, honours, economy."""

from __future__ import annotations

from dataclasses import replace

from invented.author import Author
from invented.document import Dating, Fact, Printed, count, money, qualified, share

# Name, the words before it, measure word, unit, subject, theme, smallest, largest, chance.
COUNTS = (
    ("first-secretaries", "选派驻村干部", "名", "person", "Officials in villages", "personnel", 20, 300, 0.7),
    ("village-officials", "村干部共", "名", "person", "Village officials", "personnel", 300, 1500, 0.7),
    ("reserve-cadres", "储备后备干部", "名", "person", "Reserve cadres", "personnel", 100, 900, 0.6),
    ("graduates", "招录大学生村干部", "名", "person", "Graduates hired", "personnel", 3, 60, 0.5),
    ("new-members", "发展党员", "名", "person", "New Party members", "personnel", 30, 400, 0.6),
    ("courses", "举办培训", "期", "course", "Training courses", "training", 2, 40, 0.8),
    ("trainees", "培训", "人次", "person-time", "Participants in training", "training", 200, 9000, 0.8),
    ("lectures", "书记讲党课", "场次", "session", "Party lectures", "training", 20, 600, 0.6),
    ("handbooks", "印发手册", "本", "copy", "Handbooks printed", "training", 100, 3000, 0.4),
    ("inspections", "开展督查", "次", "occasion", "Inspections", "supervision", 2, 30, 0.7),
    ("bulletins", "下发通报", "期", "issue", "Bulletins issued", "supervision", 1, 20, 0.5),
    ("problems", "交办问题", "个", "problem", "Problems assigned", "supervision", 10, 400, 0.7),
    ("talks", "约谈干部", "人次", "person-time", "Officials admonished", "supervision", 2, 60, 0.6),
    ("notices", "下发整改通知", "份", "document", "Rectification notices", "supervision", 5, 90, 0.5),
    ("honoured-members", "表彰优秀党员", "名", "person", "Members commended", "honours", 5, 200, 0.6),
    ("honoured-groups", "表彰先进党组织", "个", "organisation", "Groups commended", "honours", 2, 60, 0.6),
    ("honoured-workers", "表彰党务工作者", "名", "person", "Workers commended", "honours", 2, 100, 0.5),
    ("agency-services", "代办事项", "件", "service", "Matters handled", "services", 500, 40_000, 0.7),
    ("visits", "接待群众", "人次", "person-time", "Residents received", "services", 500, 9000, 0.5),
    ("disputes", "调处矛盾纠纷", "起", "case", "Disputes mediated", "services", 50, 900, 0.6),
    ("aid-projects", "落实帮扶项目", "个", "project", "Assistance projects", "services", 10, 300, 0.6),
    ("grid-staff", "配备网格员", "名", "person", "Grid staff", "governance", 50, 900, 0.5),
    ("regulations", "修订村规民约", "份", "document", "Village codes revised", "governance", 50, 300, 0.5),
    ("model-villages", "打造示范村", "个", "village", "Model villages", "governance", 3, 60, 0.5),
    ("task-groups", "成立工作专班", "个", "organisation", "Task groups", "governance", 2, 12, 0.5),
    ("rules", "制定管理办法", "个", "document", "Management rules", "governance", 2, 20, 0.5),
)  # fmt: skip
STOCKS = ("village-officials", "reserve-cadres", "grid-staff")
SHARES = (
    ("attainment", "考核达标率", "Share that reached the standard", "supervision", 0.5),
    ("graduate-share", "大专以上学历占比", "Share with higher education", "personnel", 0.4),
    ("income-share", "集体经济达标村占比", "Villages above the threshold", "collective_economy", 0.5),
)  # fmt: skip
SLOGANS = (("三会一课", "name"), ("第一书记", "ordinal"), ("两级书记", "structural"), ("进一步", "idiom"))
MORE = 0.25  # added to every chance, so that a programme has about 40 figures
LEADS = ("落实", "深化", "压实", "推进")
WEAK = ("{} at {} each make the amount printed.", "村数乘以标准等于所报金额。")
BROKEN = (
    "The villages at the standard do not make the amount printed: a finding.",
    "村数乘以标准不等于所报金额，为一项发现。",
)
TOTALS = ("Villages and communities make the whole.", "村与社区之和为总数。")


def other_themes(author: Author) -> None:
    """Write the paragraphs without measures; in one programme of ten they are a document of their own."""
    if author.chance("second-document", 0.1):
        author.open(f"{author.programme}-more")
    dating = author.paragraph("life", "其他工作方面，")
    for place, (name, before, word, unit, subject, theme, low, high, odds) in enumerate(COUNTS):
        if author.random.random() > odds + MORE:
            continue
        if author.random.random() < 0.45:
            _slogan(author)
        if place == len(COUNTS) // 2:
            author.document.begin()
        author.document.say(before)
        printed = qualified(_size(author, low, high, word), author.random)
        period = "cumulative" if unit in ("service", "case") else "none"
        status = "reported" if name in STOCKS else "achieved"
        fact = Fact(subject, before, theme, unit, period=period, status=status, dating=dating)
        author.document.figure(name, printed, fact)
        author.document.say("。")
    _shares(author, dating)
    _economy(author, dating)
    _places(author, dating)


def _size(author: Author, low: int, high: int, word: str) -> Printed:
    """Return a count; a large one now and then rounded down, as in 3600多人次."""
    number = author.between(low, high)
    if number > 100 and author.random.random() < 0.3:
        rounded = number // 100 * 100
        return Printed(f"{rounded}{word}", rounded)
    return count(number, word, author.random)


def _slogan(author: Author) -> None:
    words, reason = SLOGANS[author.between(0, len(SLOGANS) - 1)]
    author.document.say(LEADS[author.between(0, len(LEADS) - 1)])
    author.document.exclude(words, reason)
    author.document.say("要求。")


def _shares(author: Author, dating: Dating) -> None:
    for name, before, subject, theme, odds in SHARES:
        if author.random.random() < odds:
            author.document.say(before)
            fact = Fact(subject, before, theme, "share", basis="share", status="reported", dating=dating)
            author.document.figure(name, qualified(share(author.between(30, 98)), author.random), fact)
            author.document.say("。")
    if author.chance("correction-period", 0.15):
        author.document.say("集中整改")
        fact = Fact(
            "Time set for correction", "整改时间", "supervision", "month", status="planned", dating=dating
        )
        author.document.figure("correction-period", Printed("1~2个月", 1, 2), fact)
        author.document.say("。")


def _economy(author: Author, dating: Dating) -> None:
    """Villages, a standard and an amount; in one programme of eight they do not add up."""
    if not author.chance("weak-villages", 0.4):
        return
    document = author.document
    villages, each = author.between(5, 60), author.between(5, 30) * 10_000
    fails = author.chance("weak-villages.fails", 0.12)
    theme = "collective_economy"
    document.say("对薄弱村每村扶持")
    fact = Fact("Support for each weak village", "薄弱村扶持标准", theme, "CNY/village", basis="per_unit",
                status="standard", dating=dating)  # fmt: skip
    standard = document.figure("weak-villages.standard", money(each), fact)
    document.say("，涉及")
    fact = Fact("Weak villages", "薄弱村", theme, "village", status="reported", dating=dating)
    number = document.figure("weak-villages.count", count(villages, "个"), fact)
    document.say("，投入")
    fact = Fact("Support for weak villages in all", "薄弱村扶持资金", theme, "CNY", dating=dating)
    total = document.figure("weak-villages.amount", money(villages * each + fails * 250_000), fact)
    document.say("。")
    note = BROKEN if fails else (WEAK[0].format("The villages", "the standard"), WEAK[1])
    author.state("weak-villages", f"{number} * {standard}", total, "fails" if fails else "holds", note)
    like = {"object": "weak_village", "funder": "total"}
    author.code("weak-village", "collective_support", total, number, dimensions=like)


def _places(author: Author, dating: Dating) -> None:
    if not author.chance("places", 0.35):
        return
    document, communities = author.document, author.between(3, 40)
    villages = int(author.place["villages"])
    document.say("全县")
    unit = "village-or-community"
    stock = Fact(
        "Villages and communities", "村（社区）", "governance", unit, status="reported", dating=dating
    )
    every = document.figure("places.all", count(villages + communities, "个"), stock)
    document.say("村（社区），其中社区")
    fact = replace(stock, subject="Communities", subject_zh="社区", unit="community")
    urban = document.figure("places.communities", count(communities, "个"), fact)
    document.say("，行政村")
    fact = replace(stock, subject="Administrative villages", subject_zh="行政村", unit="village")
    rural = document.figure("places.villages", count(villages, "个"), fact)
    document.say("。")
    left = f"1 {unit}/community * {urban} + 1 {unit}/village * {rural}"
    author.state("places", left, every, "holds", TOTALS)
