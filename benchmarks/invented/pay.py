"""What a synthetic programme says of pay and operating funds, and what that is evidence for."""

from __future__ import annotations

from dataclasses import dataclass

from invented.author import Author
from invented.document import Dating, Fact, count, money, qualified

HEADS = ("head_split", "head_combined")
# The post, its name, how a sentence names it, its pay against that of a head, its chance to be printed.
POSTS = (
    ("head_split", "head, posts held separately", "正职（分设）", 1.0, 1.0),
    ("head_combined", "head, both posts combined", "正职（兼任）", 1.2, 0.6),
    ("deputy", "deputy", "副职", 0.75, 0.7),
    ("clerk", "clerk", "文书", 0.70, 0.25),
    ("member", "committee member", "委员", 0.60, 0.4),
)
NO_BEFORE = ("The text says that pay was raised, not from what.", "原文称提高待遇，未报告原标准。")
NO_PERIOD = ("Without a period the amount is no yearly amount.", "无期间则不能作为年度金额。")
NO_SPLIT = (
    "A county total is printed; the text does not say how it is spread.",
    "仅报告全县总额，原文未说明如何分配。",
)
NO_COMMUNITY = ("The county has no communities.", "该县没有社区。")


@dataclass(frozen=True)
class _Rate:
    """How pay is printed: per year or per month."""

    period: str
    divisor: int

    @property
    def unit(self) -> str:
        return f"CNY/person/{self.period}"

    @property
    def word(self) -> str:
        return "每年" if self.period == "year" else "每月"


def stipends(author: Author) -> None:
    """Write the paragraph on pay."""
    dating = author.paragraph("pay", "待遇保障方面，")
    kind = author.pick("pay", {"yearly": 0.45, "monthly": 0.35, "silent": 0.20})
    if kind == "yearly":
        _yearly(author, dating)
    elif kind == "monthly":
        _monthly(author, dating)
    else:
        author.document.say("村干部待遇逐步提高。")
    if author.chance("pay.pension", 0.2):
        _pension(author, dating)


def _pay(author: Author, name: str, post: str, amount: float, rate: _Rate, dating: Dating) -> str:
    """Write one rate of pay and return the figure's id."""
    _, english, chinese, _, _ = next(row for row in POSTS if row[0] == post)
    author.document.say(f"{chinese}{rate.word}")
    fact = Fact(
        f"Pay of a village {english}", f"村{chinese}待遇", "stipends", rate.unit,
        period=rate.period, basis="per_unit", status="standard", dating=dating,
    )  # fmt: skip
    figure = author.document.figure(name, money(max(round(amount / rate.divisor, -2), 100)), fact)
    author.document.say("，")
    return figure


def _like(place: str, post: str, stage: str) -> dict[str, str]:
    return {"place": place, "post": post, "stage": stage}


def _yearly(author: Author, dating: Dating) -> None:
    rate, base = _Rate("year", 1), author.place["yearly_pay"]
    for place, word, factor in (("village", "村", 1.0), ("community", "社区", 1.2)):
        if place == "community" and not author.chance("pay.community", 0.5):
            continue
        author.document.say(f"{word}干部中，")
        for post, _, _, share, odds in POSTS:
            if author.random.random() < odds or post == "head_split":
                name = f"pay.{place}.{post.replace('_', '-')}"
                figure = _pay(author, name, post, base * factor * share, rate, dating)
                author.code(name, "yearly_pay", figure, dimensions=_like(place, post, "after"))
        author.document.say("均已落实。")
    if author.chance("pay.before", 0.3):
        author.document.say("提高前")
        figure = _pay(author, "pay.before.head-split", "head_split", base * 0.6, rate, Dating())
        author.document.say("标准较低。")
        author.code("pay-before", "yearly_pay", figure, dimensions=_like("village", "head_split", "before"))
    else:
        author.code(
            "pay-before", "yearly_pay", dimensions=_like("village", "head_split", "before"),
            absence="not_reported", note=NO_BEFORE,
        )  # fmt: skip


def _monthly(author: Author, dating: Dating) -> None:
    rate, place = _Rate("month", 12), "village_or_community"
    combined = False
    for post, _, _, share, odds in POSTS:
        if not author.chance(f"pay.{post}", odds, rare=True):
            continue
        slug, amount = post.replace("_", "-"), author.place["yearly_pay"] * share
        author.document.say("由原来的")
        before = _pay(author, f"pay.{slug}.before", post, amount * 0.55, rate, Dating())
        author.code(f"{slug}-before", "yearly_pay", before, dimensions=_like(place, post, "before"))
        combined = combined or post == "head_combined"
        if post == "head_combined":
            continue
        author.document.say("提高到")
        after = _pay(author, f"pay.{slug}.after", post, amount, rate, dating)
        author.code(f"{slug}-after", "yearly_pay", after, dimensions=_like(place, post, "after"))
    author.document.say("均已落实。")
    if combined:
        _combined(author, place)
    if author.chance("pay.group-leader", 0.3, rare=True):
        _group_leader(author, rate, place, dating)


def _combined(author: Author, place: str) -> None:
    """The new pay of a head may or may not be that of combined posts too."""
    answers = {
        "covers": ("the new pay is for all heads", "新标准适用于全部正职"),
        "split-only": ("only for heads with one post", "仅适用于分设正职"),
    }
    question = ("Does the new pay cover combined posts?", "新标准是否包括兼任正职？")
    matter = ("whether combined posts get the new pay too", "兼任正职是否也执行新标准")
    choice = author.choose("combined-post-pay", question, matter, answers)
    like = _like(place, "head_combined", "after")
    figure = f"{author.document.source_id}.pay.head-split.after"
    author.code("combined.covers", "yearly_pay", figure, dimensions=like, when=f"{choice}=covers")
    note = ("Under this reading the new pay is not printed.", "按此理解，新标准未报告。")
    author.code(
        "combined.split-only", "yearly_pay", dimensions=like, when=f"{choice}=split-only",
        absence="not_reported", note=note,
    )  # fmt: skip


def _group_leader(author: Author, rate: _Rate, place: str, dating: Dating) -> None:
    document = author.document
    document.say("兼任小组长的支部书记每月")
    fact = Fact(
        "Pay of a branch secretary who leads a villager group", "兼任小组长的支部书记待遇", "stipends",
        rate.unit, period="month", basis="per_unit", status="standard", dating=dating,
    )  # fmt: skip
    figure = document.figure("pay.secretary-group-leader", money(author.between(3, 12) * 100), fact)
    document.say("。")
    answers = {
        "whole-pay": ("the whole pay of the post", "该岗位的全部待遇"),
        "supplement": ("a supplement to other pay", "在其他待遇之外另加"),
    }
    question = ("Is it the whole pay?", "是否为全部待遇？")
    matter = ("whether the amount is the whole pay of the post", "所列金额是否为该岗位的全部待遇")
    choice = author.choose("group-leader-pay", question, matter, answers)
    like = _like(place, "secretary_group_leader", "after")
    author.code("group-leader.whole", "yearly_pay", figure, dimensions=like, when=f"{choice}=whole-pay")
    note = ("Under this reading the amount is a part of the pay.", "按此理解，该金额只是待遇的一部分。")
    author.code(
        "group-leader.supplement", "yearly_pay", dimensions=like, when=f"{choice}=supplement",
        absence="not_comparable", note=note,
    )  # fmt: skip


def _pension(author: Author, dating: Dating) -> None:
    document, people = author.document, author.between(80, 600)
    document.say("为干部办理养老保险")
    fact = Fact(
        "Officials with pension insurance", "办理养老保险的干部", "stipends", "person", status="reported",
        dating=dating,
    )  # fmt: skip
    insured = document.figure("pension.people", count(people, "名"), fact)
    document.say("，县财政每年补助")
    fact = Fact(
        "County subsidy to pension insurance", "县级养老保险补助", "stipends", "CNY/year", period="year",
        dating=dating,
    )  # fmt: skip
    paid = qualified(money(round(people * author.between(10, 60) * 100, -4) or 10_000), author.random)
    amount = document.figure("pension.amount", paid, fact)
    document.say("。")
    like = {"object": "pension_insurance", "place": "village_or_community"}
    author.code("pension", "pension_subsidy", amount, insured, dimensions=like)


def funds(author: Author) -> None:
    """Write the paragraph on operating funds."""
    dating = author.paragraph("funds", "经费保障方面，")
    kind = author.pick("funds", {"yearly": 0.45, "undated": 0.15, "raised": 0.15, "silent": 0.25})
    if kind == "silent":
        author.document.say("村级经费纳入预算。")
    else:
        _office(author, dating, kind)
    if author.chance("funds.party", 0.3):
        _party_funds(author, dating)
    if author.chance("funds.no-community", 0.05):
        like = {"object": "office_funds", "place": "community", "stage": "after"}
        author.code(
            "no-community", "office_money", dimensions=like, absence="not_applicable", note=NO_COMMUNITY
        )


def _funds_fact(subject: str, subject_zh: str, unit: str, dating: Dating, basis: str = "per_unit") -> Fact:
    period = "year" if unit.endswith("/year") else "none"
    return Fact(
        subject, subject_zh, "operating_funds", unit, period=period, basis=basis, status="standard",
        dating=dating,
    )  # fmt: skip


def _office(author: Author, dating: Dating, kind: str) -> None:
    document, amount = author.document, author.between(2, 12) * 5_000
    like = {"object": "office_funds", "place": "village", "stage": "after"}
    if kind == "undated":
        document.say("每村办公经费")
        fact = _funds_fact("Office funds of a village", "村级办公经费", "CNY/village", dating)
        figure = document.figure("office-funds.village", money(amount), fact)
        document.say("。")
        answers = {"per-year": ("per year", "每年"), "not-stated": ("no period follows", "原文不能得出期间")}
        question = ("Are the funds per year?", "经费是否为每年标准？")
        matter = ("whether the funds are per year", "经费是否按年核定")
        choice = author.choose("funds-period", question, matter, answers)
        yearly, open_ended = f"{choice}=per-year", f"{choice}=not-stated"
        author.code("office-funds.per-year", "office_money", figure, "1 year", dimensions=like, when=yearly)
        author.code(
            "office-funds.not-stated", "office_money", dimensions=like, when=open_ended,
            absence="not_comparable", note=NO_PERIOD,
        )  # fmt: skip
        return
    document.say("村级办公经费每年")
    fact = _funds_fact("Office funds of a village", "村级办公经费", "CNY/village/year", dating)
    figure = document.figure("office-funds.village", money(amount), fact)
    document.say("。")
    _defined(author, dating, figure, like)
    if kind == "raised":
        document.say("涉及行政村")
        fact = _funds_fact("Villages with higher funds", "提高经费的村", "village", dating, "total")
        villages = document.figure("funds.villages", count(int(author.place["villages"]), "个"), fact)
        document.say("，全县每年增加")
        fact = _funds_fact(
            "Yearly increase in office funds", "办公经费每年增加额", "CNY/year", dating, "total"
        )
        rise = document.figure("office-funds.increase", money(author.between(20, 200) * 10_000), fact)
        document.say("。")
        like = {"object": "office_funds", "place": "village"}
        author.code("office-funds-rise", "operating_funds_rise", rise, villages, dimensions=like)


def _defined(author: Author, dating: Dating, office: str, like: dict[str, str]) -> None:
    """Code office money; where Party-building funds stand beside it, under each definition of it."""
    if not author.chance("funds.party-each", 0.3):
        author.code("office-funds", "office_money", office, dimensions=like)
        return
    author.document.say("每村党建经费每年")
    fact = _funds_fact("Party-building funds of a village", "村级党建经费", "CNY/village/year", dating)
    amount = money(author.between(1, 6) * 2_000)
    both = f"{office} + {author.document.figure('party-funds.village', amount, fact)}"
    author.document.say("。")
    sums = {"office-only": office, "with-party-building": both, "with-service": both}
    for definition, funded in sums.items():
        when = f"office-money={definition}"
        author.code(f"office-funds.{definition}", "office_money", funded, dimensions=like, when=when)


def _party_funds(author: Author, dating: Dating) -> None:
    document = author.document
    document.say("县财政每年列支党建经费")
    fact = _funds_fact(
        "Yearly Party-building funds of the county", "每年党建经费", "CNY/year", dating, "total"
    )
    document.figure("party-funds.county", money(author.between(50, 500) * 10_000), fact)
    document.say("。")
    like = {"object": "party_building_funds", "place": "village_or_community", "stage": "after"}
    author.code("party-funds", "operating_funds", dimensions=like, absence="not_comparable", note=NO_SPLIT)
