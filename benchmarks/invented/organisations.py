"""What a synthetic programme says of branches and organisations, and what that is evidence for."""

from __future__ import annotations

from invented.author import Author
from invented.document import Dating, Fact, count, qualified
from invented.venues import TARGET, WITHIN_YEAR, code_as_target_or_result

NO_TOTAL = ("No number of all branches is printed.", "未报告党支部总数。")
OTHER_COUNT = (
    "Organisations stand beside branches: no number of all organisations is printed.",
    "党组织与党支部口径不同，未报告党组织总数。",
)
STOCKS = ("branches-all", "organisations-all", "standard-branches")
LEVELS = (("province", "省级", 10), ("city", "市级", 20), ("county", "县级", 60))


def branches(author: Author) -> None:
    """Write the paragraph on organisations."""
    dating = author.paragraph("branches", "组织设置方面，")
    dissolved = established = ""
    if author.chance("branches.dissolved", 0.6) and author.place["branches_dissolved"]:
        dissolved = _dissolved(author, dating)
    if author.chance("branches.established", 0.6):
        established = _count(
            author, "branches-established", "新成立党支部", "branch", author.between(1, 120), dating
        )
        author.code("established", "branches_established", established, dimensions={"object": "branch"})
    if dissolved:
        _rate(author, dissolved, established, dating)
    if author.chance("branches.rectified", 0.5):
        _rectified(author, dating)
    if author.chance("branches.models", 0.4):
        for level, word, most in LEVELS:
            number = author.between(1, most)
            figure = _count(author, f"model-branches.{level}", f"{word}示范党支部", "branch", number, dating)
            like = {"object": f"model_branch_{level}"}
            author.code(f"model-{level}", "model_branches", figure, dimensions=like)
    if author.chance("branches.standard", 0.3):
        figure = _count(
            author, "standard-branches", "达标党支部", "branch", int(author.place["branches"]), dating
        )
        author.code("standard", "standard_branches", figure, dimensions={"object": "branch"})
    if author.chance("branches.alliances", 0.3):
        number = author.between(1, 15)
        figure = _count(author, "alliances", "产业联盟党组织", "organisation", number, dating)
        author.code("alliances", "new_structures", figure, dimensions={"object": "industry_alliance"})
    author.document.say("组织体系更加健全。")


_NAMES = {
    "branches-dissolved": "Party branches dissolved",
    "branches-established": "Party branches newly established",
    "branches-all": "Party branches in all",
    "weak-organisations.count": "Weak Party organisations rectified",
    "organisations-all": "Party organisations in all",
    "standard-branches": "Branches that reached the standard",
    "alliances": "Party organisations of industry alliances",
    **{f"model-branches.{level}": f"Model branches, {level} level" for level, _, _ in LEVELS},
}


def _count(
    author: Author, name: str, zh: str, unit: str, number: int, dating: Dating, status: str = ""
) -> str:
    """Write one count, of work done or of what there is, and return the figure's id."""
    status = status or ("reported" if name in STOCKS else "achieved")
    author.document.say(zh)
    fact = Fact(_NAMES[name], zh, "branches", unit, status=status, dating=dating)
    figure = author.document.figure(name, qualified(count(number, "个"), author.random), fact)
    author.document.say("，")
    return figure


def _dissolved(author: Author, dating: Dating) -> str:
    number = int(author.place["branches_dissolved"])
    figure = _count(author, "branches-dissolved", "调整撤销党支部", "branch", number, dating)
    like = {"object": "branch"}
    if not author.chance("branches.wording", 0.3, rare=True):
        author.code("dissolved", "branches_dissolved", figure, dimensions=like)
        return figure
    answers = {
        "all-dissolved": ("all were dissolved", "全部撤销"),
        "some-adjusted": ("some were only adjusted", "部分仅作调整"),
    }
    question = ("Were all of the branches dissolved?", "是否全部撤销？")
    matter = ("whether all of the branches were dissolved", "党支部是否全部撤销")
    choice = author.choose("dissolved-wording", question, matter, answers)
    author.code(
        "dissolved.all", "branches_dissolved", figure, dimensions=like, when=f"{choice}=all-dissolved"
    )
    author.code(
        "dissolved.some", "branches_dissolved", figure, dimensions=like, when=f"{choice}=some-adjusted",
        bound="upper",
    )  # fmt: skip
    return figure


def _rate(author: Author, dissolved: str, established: str, dating: Dating) -> None:
    like = {"object": "branch"}
    if established and author.chance("branches.all", 0.3):
        every = _count(author, "branches-all", "共有党支部", "branch", int(author.place["branches"]), dating)
        author.code("turnover", "turnover_rate", f"{established} + {dissolved}", every, dimensions=like)
    else:
        author.code("turnover", "turnover_rate", dimensions=like, absence="not_comparable", note=NO_TOTAL)


def _rectified(author: Author, dating: Dating) -> None:
    like, number = {"object": "weak_organisation"}, author.between(3, 90)
    open_ended = author.chance("branches.within-year", 0.25)
    author.document.say("年内" if open_ended else "")
    status = "planned" if open_ended else "achieved"
    name, word = "weak-organisations.count", "整顿软弱涣散党组织"
    figure = _count(author, name, word, "organisation", number, dating, status)
    if open_ended:
        question = ("Is “within the year” a target or a result?", "“年内”是目标还是结果？")
        choice = author.choose("within-year", question, WITHIN_YEAR, TARGET)
        code_as_target_or_result(author, choice, "rectified", "organisations_rectified", figure, like)
    else:
        author.code("rectified", "organisations_rectified", figure, dimensions=like)
    if author.chance("branches.organisations", 0.3):
        every = author.between(100, 900)
        total = _count(author, "organisations-all", "共有党组织", "organisation", every, dating)
        author.code("rectified-share", "rectified_share", figure, total, dimensions=like)
    else:
        author.code(
            "rectified-share", "rectified_share", dimensions=like, absence="not_comparable", note=OTHER_COUNT
        )
