"""Cards of the small invented dataset, word for word, and of the real one in three languages."""

from __future__ import annotations

import copy
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from qingxi import VALID, Rows, write
from written import WRITTEN

from analysis.estimates.processed import checked
from analysis.project import Project, load
from analysis.show.cards import UnknownIdError

# Invented; the numerals stand where the invented dataset says.
DOCUMENT = (
    "青溪县把建好村级阵地当作头等大事，共安排近160万元，其中，3个场所是新的，总共8个旧貌换新。\n"
    "每月4200元，副职则是3000元。\n"
    "已经有98%以上建成，其余1~2个月完成，坚持三会一课。\n"
)
TAGS = {
    "article",
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "li",
    "mark",
    "p",
    "section",
    "summary",
    "ul",
    "span",
    "style",
}


@pytest.fixture(autouse=True)
def no_documents(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ANALYSIS_SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "qingxi.txt").write_bytes(DOCUMENT.encode())
    return folder


def with_document() -> Rows:
    """Return the valid tables whose register describes the invented document."""
    tables = copy.deepcopy(VALID)
    tables["sources"][0]["sha256"] = hashlib.sha256(DOCUMENT.encode()).hexdigest()
    return tables


@pytest.fixture
def data(tmp_path: Path) -> Project:
    return project_of(with_document(), tmp_path / "project")


def project_of(tables: Rows, root: Path) -> Project:
    found = checked(write(root, tables))
    return Project(found.root, found.tables, found.data_hash)


def test_a_figure_in_its_sentence(data: Project, documents: Path) -> None:
    assert str(data.figure("qingxi.venues.amount", sources=documents)) == (
        "Figure qingxi.venues.amount\n"
        "venues.amount\n"
        "As printed: 近160万元\n"
        "Value: ≤ 1,600,000 yuan\n"
        "Basis: total\n"
        "Qualifier: nearly\n"
        "Status: achieved\n"
        "Year: 2019–2021 (stated)\n"
        "Theme: investment\n"
        "Source: Strong base\n"
        "Title as printed: 强基\n"
        "Publisher: not stated\n"
        "Date: 1 May 2021 (stated)\n"
        "Locator: ¶1, 20–26\n"
        "\n"
        "Sentence\n"
        "  青溪县把建好村级阵地当作头等大事，共安排【近160万元】，其中，3个场所是新的，总共8个旧貌换新。\n"
        "\n"
        "Evidence for\n"
        "  - Cost per venue\n"
        "    qingxi.cost-all: qingxi.venues.amount ÷ qingxi.venues.all; if all\n"
        "    qingxi.cost-new: qingxi.venues.amount ÷ qingxi.venues.new; if new\n"
        "\n"
        "Choices and readings\n"
        "  - Of which? (qingxi.scope)\n"
        "    all (default)\n"
        "    new (possible)\n"
        "  - Which year? (qingxi.year-2019-2021)\n"
        "    2019 (possible)\n"
        "    2020 (possible)\n"
        "    2021 (default)\n"
        "\n"
        "Estimates that use it\n"
        "  - Cost per venue: ≤ 200,000 yuan per venue\n"
        "    all (default)\n"
        "  - Cost per venue: ≤ 533,333 yuan per venue\n"
        "    new (possible)"
    )


def test_a_figure_in_traditional_chinese(data: Project, documents: Path) -> None:
    assert str(data.figure("qingxi.finished", "zh-Hant", sources=documents)) == (
        "數字 qingxi.finished\n"
        "finished\n"
        "原文：98%以上\n"
        "數值：≥ 98%\n"
        "口徑：比例\n"
        "限定：至少\n"
        "狀態：已完成\n"
        "年份：2021（原文載明）\n"
        "主題：investment\n"
        "來源：強基\n"
        "發佈者：未寫明\n"
        "日期：2021年5月1日（原文載明）\n"
        "位置：第3段，字符70—75\n"
        "\n"
        "原句\n"
        "  已經有【98%以上】建成，其餘1~2個月完成，堅持三會一課。\n"
        "\n"
        "用作以下指標的依據\n"
        "  - 不用於任何指標，報告中按原文列示。"
    )


def test_a_figure_in_arithmetic_that_the_text_implies(data: Project) -> None:
    card = str(data.figure("qingxi.venues.new"))
    assert card.endswith(
        "Arithmetic that the text implies\n  - 8 venues = 8 venues\n    3 new ones and 5 others make 8."
    )


def sentence(data: Project, folder: Path | None) -> str:
    return data.figure("qingxi.venues.new", sources=folder).sentence.missing


def test_why_a_sentence_is_missing(data: Project, documents: Path, tmp_path: Path) -> None:
    assert sentence(data, None) == (
        "no source documents here; put qingxi.txt in sources/, or name its folder in ANALYSIS_SOURCES"
    )
    (tmp_path / "empty").mkdir()
    assert sentence(data, tmp_path / "empty") == "qingxi.txt is not in the folder of the documents"
    (documents / "qingxi.txt").write_bytes(b"\xff")
    assert sentence(data, documents) == "qingxi.txt cannot be read as utf-8"


def test_a_document_with_another_hash_is_never_quoted(data: Project, documents: Path) -> None:
    changed = DOCUMENT.replace("3个", "4个")
    (documents / "qingxi.txt").write_bytes(changed.encode())
    card = data.figure("qingxi.venues.new", sources=documents)
    found, expected = (hashlib.sha256(text.encode()).hexdigest()[:12] for text in (changed, DOCUMENT))
    assert card.sentence.missing == (
        f"qingxi.txt is not the registered document: its SHA-256 is {found}…, registered is {expected}…; "
        "the places of the figures may not fit it"
    )
    assert "场所是新的" not in str(card) + card._repr_html_()


def test_a_place_outside_the_document(tmp_path: Path, documents: Path) -> None:
    tables = with_document()
    tables["figures"][6] |= {"start": "9000", "end": "9005"}
    data = project_of(tables, tmp_path / "outside")
    card = data.figure("qingxi.weeks", sources=documents)
    assert card.sentence.missing == "qingxi.txt has no characters 9000–9005"


def test_documents_are_found_in_the_project(data: Project, documents: Path) -> None:
    documents.rename(data.root / "sources")
    assert data.figure("qingxi.venues.new").sentence.numeral == "3个"


def test_an_estimate_leads_to_its_figures(data: Project) -> None:
    card = data.estimate("qingxi", "cost_per_venue")
    assert str(card) == (
        "Estimate qingxi.cost-all\n"
        "青溪县: Cost per venue\n"
        "Value: ≤ 200,000 yuan per venue\n"
        "Formula: amount ÷ venues\n"
        "Computed as: 1,600,000 yuan ÷ 8 venues\n"
        "Span over readings: 0 to 533,333 yuan per venue\n"
        "Year: 2019–2021 (stated)\n"
        "Status: achieved\n"
        "Prices: prices as printed\n"
        "\n"
        "Readings\n"
        "  - ≤ 200,000 yuan per venue\n"
        "    all (default)\n"
        "  - ≤ 533,333 yuan per venue\n"
        "    new (possible)\n"
        "\n"
        "Figures\n"
        "  - venues.amount: 近160万元\n"
        "    qingxi.venues.amount\n"
        "  - venues.all: 8个\n"
        "    qingxi.venues.all\n"
        "  - venues.new: 3个\n"
        "    qingxi.venues.new"
    )
    assert card.figures[0] == data.figure("qingxi.venues.amount")
    assert card.figures[0].estimates == (card,)
    assert [choice.choice_id for choice in card.choices] == ["qingxi.scope"]
    assert (card.row["low"], card.row["n_readings"]) == (0, 2)


def test_an_estimate_without_a_value_says_why(data: Project) -> None:
    assert str(data.estimate("qingxi", "yearly_pay", stage="before")) == (
        "Estimate qingxi.pay-before\n"
        "青溪县: Yearly pay · Deputy, before\n"
        "Value: not reported\n"
        "Why: The source prints no such figure."
    )


def test_a_choice_with_a_reading_that_arithmetic_rules_out(tmp_path: Path) -> None:
    tables = copy.deepcopy(VALID)
    rules_out = {"requires": "2 * qingxi.venues.all <= qingxi.venues.new", "reason": "Too few."}
    tables["readings"][3] |= rules_out | {"reason_zh": "Too few."}
    data = project_of(tables, tmp_path)
    assert str(data.choice("qingxi.scope")) == (
        "Choice qingxi.scope\n"
        "Of which?\n"
        "Programme: 青溪县\n"
        "Who decides: the text does not decide\n"
        "\n"
        "Readings\n"
        "  - (1) all (default)\n"
        "  - (2) new (ruled out)\n"
        "    Too few.\n"
        "    Requires 2 × qingxi.venues.all ≤ qingxi.venues.new; but 16 venues > 3 venues\n"
        "\n"
        "What it does to estimates\n"
        "  - Cost per venue\n"
        "    under every reading: ≤ 200,000 yuan per venue (achieved)\n"
        "\n"
        "Figures\n"
        "  - venues.all: 8个\n"
        "    qingxi.venues.all\n"
        "  - venues.new: 3个\n"
        "    qingxi.venues.new\n"
        "  - venues.amount: 近160万元\n"
        "    qingxi.venues.amount"
    )


def test_a_choice_whose_requirement_holds(data: Project) -> None:
    card = str(data.choice("qingxi.scope", "zh-Hans"))
    assert "须满足 qingxi.venues.new ≤ qingxi.venues.all，实际为 3个场所 ≤ 8个场所，成立" in card
    assert "理解1：≤ 200,000元/场所（已完成）\n    理解2：≤ 533,333元/场所（已完成）" in card


def test_a_choice_that_matters_to_constant_prices_only(data: Project) -> None:
    effects = str(data.choice("qingxi.year-2019-2021")).split("\n\n")[2]
    assert effects == (
        "What it does to estimates\n"
        "  - Cost per venue (prices of 2021)\n"
        "    reading 1: ≤ 206,845 yuan per venue (achieved)\n"
        "    reading 2: ≤ 201,800 yuan per venue (achieved)\n"
        "    reading 3: ≤ 200,000 yuan per venue (achieved)"
    )


def test_a_definitional_choice_names_the_programme_of_each_estimate(data: Project) -> None:
    card = str(data.choice("annualisation"))
    assert "Who decides: the analyst decides" in card
    assert (
        "  - 青溪县: Yearly pay · Deputy, after\n"
        "    reading 1: 36,000 yuan per person per year (standard)\n"
        "    reading 2: not comparable"
    ) in card


def test_a_source(data: Project, documents: Path) -> None:
    sha256 = hashlib.sha256(DOCUMENT.encode()).hexdigest()
    assert str(data.source("qingxi", sources=documents)) == (
        "Source qingxi\n"
        "Strong base\n"
        "Programme: 青溪县\n"
        "Title as printed: 强基\n"
        "Publisher: not stated\n"
        "Date: 1 May 2021 (stated)\n"
        "Script: Simplified Chinese\n"
        "Document: at hand: the registered document\n"
        f"SHA-256: {sha256}\n"
        "\n"
        "Figures by theme\n"
        "  - investment: 5\n"
        "    qingxi.venues.amount qingxi.venues.new qingxi.venues.all qingxi.finished qingxi.weeks\n"
        "  - stipends: 2\n"
        "    qingxi.pay.head qingxi.pay.deputy\n"
        "\n"
        "Numerals that are no figure\n"
        "  - slogan or name: 1"
    )
    assert data.source("qingxi").document is None


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("figure", "qingxi.venue.amount",
         "no figure 'qingxi.venue.amount'; "
         "did you mean qingxi.venues.amount or qingxi.venues.new or qingxi.venues.all?"),
        ("source", "x", "no source 'x'; known are qingxi"),
        ("choice", "qingxi.scoop", "no choice 'qingxi.scoop'; did you mean qingxi.scope?"),
    ],
)  # fmt: skip
def test_an_unknown_id_names_the_closest(data: Project, kind: str, name: str, message: str) -> None:
    with pytest.raises(KeyError) as caught:
        getattr(data, kind)(name)
    assert str(caught.value) == message


def test_no_single_estimate(data: Project) -> None:
    with pytest.raises(UnknownIdError, match="no measure 'cost_venue'; did you mean cost_per_venue"):
        data.estimate("qingxi", "cost_venue")
    with pytest.raises(ValueError, match="no dimension colour; known are object, works, funder, place, post"):
        data.estimate("qingxi", "yearly_pay", colour="red")
    with pytest.raises(ValueError) as caught:
        data.estimate("qingxi", "yearly_pay", post="deputy")
    assert str(caught.value) == (
        "no single estimate qingxi yearly_pay with post='deputy': 2 estimates fit; add one of\n"
        "  post='deputy', stage='after'\n"
        "  post='deputy', stage='before'"
    )
    with pytest.raises(ValueError) as caught:
        data.estimate("qingxi", "cost_per_venue", post="deputy")
    assert str(caught.value) == (
        "no single estimate qingxi cost_per_venue with post='deputy': there are\n  (no dimension)"
    )


class Page(HTMLParser):
    """Collects the tags, the attributes and the text of a card; fails where tags do not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_text_of_the_data_cannot_become_markup(tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)>\"'&"
    tables = copy.deepcopy(VALID)
    tables["figures"][0] |= {"subject": evil, "subject_zh": evil, "note": evil, "note_zh": evil}
    tables["sources"][0] |= {"title": evil, "title_en": evil, "author": evil, "publisher": evil}
    tables["choices"][1] |= {"question": evil, "question_zh": evil}
    tables["readings"][2] |= {"label": evil, "label_zh": evil, "reason": evil, "reason_zh": evil}
    data = project_of(tables, tmp_path)
    cards = (
        data.figure("qingxi.venues.amount"),
        data.choice("qingxi.scope"),
        data.source("qingxi", "zh-Hant"),
        data.estimate("qingxi", "cost_per_venue"),
    )
    for card in cards:
        page = Page(card._repr_html_())
        assert page.tags <= TAGS
        assert page.attributes <= {"class", "lang", "role", "aria-label", "aria-level"}
        assert "<img" in "".join(page.words)


def test_a_card_marks_the_numeral_and_says_its_languages(data: Project, documents: Path) -> None:
    html = data.figure("qingxi.venues.new", sources=documents)._repr_html_()
    assert re.search(r'<blockquote lang="zh-Hans">青溪县.*<mark>3个</mark>场所是新的', html)
    assert re.match(r'<article [^>]*lang="en" aria-label="Figure qingxi.venues.new">', html)
    assert re.search(r'<dd><span lang="zh-Hans">强基</span></dd>', html)


def test_the_figures_of_an_estimate_open(data: Project) -> None:
    html = data.estimate("qingxi", "cost_per_venue", "zh-Hant")._repr_html_()
    assert html.count("</article></details>") == 3


# The real data


@pytest.fixture(scope="module")
def real(project_root: Path) -> Project:
    return load(project_root)


@pytest.mark.parametrize("language", WRITTEN)
def test_every_card_of_the_real_data_is_drawn(real: Project, language: str) -> None:
    cards = [
        *(real.figure(name, language) for name in real.figures["figure_id"]),
        *(real.source(name, language) for name in real.sources["source_id"]),
        *(real.choice(name, language) for name in real.choices["choice_id"]),
    ]
    for card in cards:
        assert Page(card._repr_html_()).tags <= TAGS
        if language != "en":
            assert english(str(card), real) == set(), card.content().card_id


def english(text: str, data: Project) -> set[str]:
    """Return the Latin words of a text that are neither ids nor names of files and settings."""
    ids = r"\b[a-z0-9]+(?:[.-][a-z0-9]+)+\b"
    known = {"SHA", "ANALYSIS_SOURCES", "m", *data.programme_ids, *data.choices["choice_id"]}
    return (
        set(re.findall(r"[A-Za-z_]{2,}", re.sub(r"\b[0-9a-f]{64}\b|sources/", "", re.sub(ids, "", text))))
        - known
    )


def test_every_estimate_of_the_real_data_is_drawn(real: Project) -> None:
    cards = {card for name in real.figures["figure_id"] for card in real.figure(name, "zh-Hant").estimates}
    assert len(cards) > 80
    for card in cards:
        assert card.figures
        assert english(str(card), real) == set(), card


def test_every_real_sentence_holds_its_numeral(real: Project, sources_dir: Path) -> None:
    for name in real.figures["figure_id"]:
        card = real.figure(name, sources=sources_dir)
        assert card.sentence.numeral == card.row["printed"], name
