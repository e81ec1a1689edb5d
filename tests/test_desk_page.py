"""The desk in a real browser: a curator takes articles from file to report; nobody else gets in."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsers import PATIENCE, launched
from curator import SETTLED, Article, Curator

from analysis import cli
from analysis.curation.desk import Desk
from analysis.show.desk.server import Served

pytestmark = pytest.mark.service

SONGQUAN = Article(
    name="songquan",
    title="Songquan County: strong branches, good venues",
    figures=[
        ("960万元", "CNY none total achieved 2023 inferred investment"),
        ("12个", "venue none total achieved 2023 inferred investment"),
        ("不少于300平方米", "m2/venue none threshold standard 2023 inferred investment"),
        ("2400元", "CNY/person/month month per_unit standard - unknown stipends"),
        ("3000元", "CNY/person/month month per_unit standard 2023 inferred stipends"),
        ("2100元", "CNY/person/month month per_unit standard 2023 inferred stipends"),
        ("8个", "branch none total achieved 2023 inferred branches"),
        ("15个", "branch none total achieved 2023 inferred branches"),
        ("近20个", "organisation none total open 2023 stated branches"),
    ],
    words={
        "不少于300平方米": {
            "subject_zh": "新建村级活动场所面积下限",
            "subject": "Least floor area of a new village venue",
        },
    },
    place={
        "label": "Songquan County", "label_zh": "松泉县", "admin_level": "county",
        "programme_name": "“Three focuses, three advances”", "programme_name_zh": "“三抓三促”",
    },
    added={
        "2100元": {
            "stage": "before", "numerator": "", "absence": "not_reported",
            "note": "Only one standard is printed.", "note_zh": "原文只写一个标准。",
        },
    },
)  # fmt: skip
BAIYAN = Article(
    name="baiyan",
    title="Baiyan Township: venues of four kinds built together",
    figures=[
        ("480万元", "CNY none total achieved 2022 inferred investment"),
        ("6个", "venue none total achieved 2022 inferred investment"),
        ("4个", "venue none total achieved 2022 inferred investment"),
        ("240", "m2 none total achieved 2022 inferred investment"),
        ("80", "CNY none total achieved 2022 inferred investment"),
        ("260", "m2 none total achieved 2022 inferred investment"),
        ("90.5", "CNY none total achieved 2022 inferred investment"),
        ("280", "m2 none total achieved 2022 inferred investment"),
        ("84", "CNY none total achieved 2022 inferred investment"),
        ("1800元", "CNY/person/month month per_unit standard - unknown stipends"),
        ("2600元", "CNY/person/month month per_unit standard 2022 inferred stipends"),
        ("1500元", "CNY/person/month month per_unit standard - unknown stipends"),
        ("2000元", "CNY/person/month month per_unit standard 2022 inferred stipends"),
        ("5个", "branch none total achieved 2022 inferred branches"),
        ("7个", "branch none total achieved 2022 inferred branches"),
        ("3个", "organisation none total achieved 2022 inferred branches"),
        ("11个", "village none total reported 2022 inferred governance"),
        ("420名", "person none total reported 2022 inferred governance"),
    ],
    words={
        "4个": {"figure_id": "baiyan.village-venues.upgraded"},
        "240": {"subject_zh": "上岩村新建场所面积", "subject": "Floor area of a new village venue"},
        "80": {
            "figure_id": "baiyan.venue-cost", "subject_zh": "上岩村新建场所投入",
            "subject": "Money put into a new village venue",
        },
    },
    columns=("240", "80"),
    place={
        "label": "Baiyan Township", "label_zh": "白岩乡", "admin_level": "township",
        "programme_name": "“One village, one venue”", "programme_name_zh": "“一村一阵地”",
    },
    # The money went into new and upgraded venues together.
    changed={
        "baiyan.cost-per-venue-village-venue-new-total-village": {
            "works": "mixed",
            "denominator": "baiyan.village-venues.count + baiyan.village-venues.upgraded",
        },
        "baiyan.total-spending-village-venue-new-total-village": {"works": "mixed"},
    },
)  # fmt: skip
QINGLUAN = Article(
    name="qingluan",
    title="Qingluan County: two projects for strong branches",
    figures=[
        ("1260万元", "CNY none total achieved 2020 stated investment"),
        ("36个", "venue none total achieved 2020 stated investment"),
        ("35万元", "CNY/venue none per_unit achieved 2020 stated investment"),
        ("2万元", "CNY/village/year year per_unit standard - unknown operating_funds"),
        ("3万元", "CNY/village/year year per_unit standard 2021 inferred operating_funds"),
        ("3200元", "CNY/person/month month per_unit standard 2021 inferred stipends"),
        ("9个", "branch none total open 2021 stated branches"),
        ("14个", "branch none total open 2021 stated branches"),
        ("20个", "branch none total open 2021 stated branches"),
        ("58名", "person none total achieved 2021 inferred personnel"),
        ("12期", "session none total achieved 2021 inferred training"),
        ("2300人次", "person-time none total achieved 2021 inferred training"),
        ("103个", "village none total reported 2021 inferred governance"),
    ],
    words={
        "35万元": {
            "figure_id": "qingluan.cost-per-venue", "subject_zh": "新建村级活动场所平均投入",
            "subject": "Average cost of a new village venue",
        },
        "2万元": {"subject": "Yearly office funds of a village before the rise"},
        "3万元": {"subject": "Yearly office funds of a village after the rise"},
        "2300人次": {"subject": "Party members and officials trained"},
    },
    place={
        "label": "Qingluan County", "label_zh": "青栾县", "admin_level": "county",
        "programme_name": "“Two projects”", "programme_name_zh": "“两项工程”",
    },
    # Attendances are not people.
    removed=("qingluan.people-trained-trainee",),
)  # fmt: skip
ARTICLES = (SONGQUAN, BAIYAN, QINGLUAN)


@pytest.fixture
def root(project_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project as the working folder."""
    for name in ("data/raw", "params", "notebooks"):
        shutil.copytree(project_root / name, tmp_path / name)
    monkeypatch.delenv("ANALYSIS_SOURCES", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def draft(project_root: Path, name: str) -> None:
    """Draft the rows of an article."""
    file = project_root / f"tests/fixtures/{name}.txt"
    assert cli.main(["intake", str(file), "--programme", name]) == 0


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    with launched(chromium) as opened:
        context = opened.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
        context.set_default_timeout(30_000)
        yield context


@pytest.fixture
def served(project_root: Path, root: Path) -> Iterator[Served]:
    """The desk of Songquan."""
    draft(project_root, "songquan")
    with Served(Desk(root, "songquan")).running() as found:
        yield found


# A curator, from file to report


def test_a_curator_takes_three_articles_from_file_to_report(project_root, root, browser, capsys):
    took = []
    for article in ARTICLES:
        draft(project_root, article.name)
        desk = Desk(root, article.name)
        page, faults = browser.new_page(), []
        page.on("pageerror", lambda error, faults=faults: faults.append(str(error)))
        page.on(
            "console", lambda line, faults=faults: faults.append(line.text) if line.type == "error" else None
        )
        with Served(desk).running() as served:
            page.goto(served.address)
            page.locator("mark").first.wait_for()
            curator = Curator(page, desk, article)
            curator.numerals()
            curator.about()
            curator.codings()
            left = desk.left(desk.faults(), desk.data())
            assert (left.undecided, [str(each) for each in desk.faults()]) == (0, [])
            moved = f"{article.name}: moved into data/raw: programmes 1, sources 1, "
            assert curator.accept().startswith(moved)
        page.close()
        assert faults == []
        took.append(curator)
    assert cli.main(["check"]) == 0 and cli.main(["build"]) == 0
    assert cli.main(["run", *(article.name for article in ARTICLES)]) == 0
    for article in ARTICLES:
        page = (root / f"reports/{article.name}/report.html").read_text(encoding="utf-8")
        assert article.place["label"] in page
    # Before there was a desk: 115 cells typed for 22 rows.
    assert all(curator.keys <= 3 * len(curator.desk.sheets.numerals) for curator in took)
    assert all(len(curator.typed) < len(curator.desk.sheets.numerals) for curator in took)
    with capsys.disabled():
        print("", *(curator.report() for curator in took), sep="\n")


# The keys, and what stands on the page


@pytest.fixture
def page(served: Served, browser: Any) -> Iterator[Any]:
    opened = browser.new_page()
    opened.goto(served.address)
    opened.locator("mark").first.wait_for()
    yield opened
    opened.close()


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_function(SETTLED)


def state_of(page: Any, printed: str) -> str:
    return page.locator("mark", has_text=printed).first.get_attribute("class")


def test_a_decision_is_seen_at_once_and_taken_back_with_a_key(page):
    assert state_of(page, "三抓三促") == "undecided"
    press(page, "ArrowRight", "Enter")
    assert state_of(page, "三抓三促") == "exclusion"
    press(page, "u")
    assert state_of(page, "三抓三促") == "undecided"
    press(page, "U", "ArrowUp", "5")
    assert page.locator("mark[aria-current]").inner_text() == "进一步"


def test_a_fault_stands_at_its_numeral_while_one_types(page):
    page.locator("mark", has_text="12个").click()
    press(page, "Enter", "ArrowLeft", "V")
    page.keyboard.type("13")
    press(page, "Enter")
    page.locator("mark.fault", has_text="12个").click()
    said = page.locator("label.wrong small.wrong").inner_text()
    assert said.startswith("The value is not the printed one '13' — ")
    press(page, "u", "u")


def test_the_language_changes_with_all_words(page):
    page.get_by_role("combobox", name="Language").select_option("zh-Hant")
    page.get_by_role("button", name="移入數據表").wait_for()
    assert page.locator("html").get_attribute("lang") == "zh-Hant"


def test_what_a_spreadsheet_changes_is_read_and_the_step_refused_in_words(page, root):
    path = root / "data/draft/songquan/sources.csv"
    before = path.read_bytes()
    path.write_bytes(before.replace("松泉党建网".encode(), "松泉日报".encode()))
    press(page, "Enter")
    assert page.locator("#said").inner_text().startswith("Another program has changed the draft.")
    assert "松泉日报".encode() in path.read_bytes()
    path.write_bytes(before)


def test_two_numerals_are_joined_and_split_again_with_keys(page):
    page.locator("mark", has_text="8个").click()
    press(page, "j", "s")
    page.keyboard.press("Home")
    for _ in "8个，新成立党支部":
        page.keyboard.press("ArrowRight")
    press(page, "Enter")
    assert page.locator("mark", has_text="15个").first.inner_text() == "15个"
    press(page, "u", "u")


# Nobody else


SURE = json.dumps({"language": "en", "edit": "sure", "arguments": {}})


def answer(
    served: Served, method: str = "GET", path: str = "/state", asked: str = SURE, **headers: str
) -> tuple[int, Any]:
    """Return status and headers of a request as any program of this machine can make it."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    body = asked if method == "POST" else None
    given = {"Host": f"127.0.0.1:{served.port}", "X-Desk-Token": served.token} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    connection.request(method, path, body, given)
    found = connection.getresponse()
    found.read()
    connection.close()
    return found.status, found.headers


def test_without_the_token_nothing_is_read_or_done(served):
    assert answer(served)[0] == 200
    assert answer(served, X_Desk_Token="")[0] == 403
    assert answer(served, X_Desk_Token=served.token[:-1] + "?")[0] == 403
    assert answer(served, "POST", "/do", X_Desk_Token="x", Content_Type="application/json")[0] == 403
    assert not served.desk.can_undo


@pytest.mark.parametrize("origin", ["http://example.org", "null", "https://127.0.0.1"])
def test_another_site_is_refused_even_with_the_token(served, origin):
    assert answer(served, "POST", "/do", Origin=origin, Content_Type="application/json")[0] == 403
    assert not served.desk.can_undo


def test_a_name_that_was_led_here_is_refused(served):
    assert answer(served, Host="example.org")[0] == 403
    assert answer(served, Host=f"example.org:{served.port}")[0] == 403
    assert answer(served, Host=f"localhost:{served.port}")[0] == 200


def test_a_form_of_another_site_cannot_send_an_edit(served):
    assert answer(served, "POST", "/do", Content_Type="text/plain")[0] == 415
    assert not served.desk.can_undo


@pytest.mark.parametrize(
    "asked",
    ["{", "[]", SURE.replace("en", "xx"), SURE.replace("sure", "erase"), SURE.replace("{}", '{"row": 1}')],
)
def test_what_is_no_edit_is_refused_and_changes_nothing(served, asked):
    assert answer(served, "POST", "/do", asked, Content_Type="application/json")[0] == 400
    assert not served.desk.can_undo


def test_a_draft_with_anything_left_is_not_accepted(page, root):
    before = (root / "data/raw/figures.csv").read_bytes()
    page.evaluate(
        """token => fetch("do", {method: "POST", headers: {"X-Desk-Token": token, "Content-Type":
          "application/json"}, body: JSON.stringify({language: "en", edit: "accept", arguments: {}})})""",
        page.url.partition("#")[2],
    )
    assert (root / "data/raw/figures.csv").read_bytes() == before


def test_the_page_loads_from_nowhere_else_and_is_not_framed_elsewhere(served):
    status, headers = answer(served, path="/", X_Desk_Token="")
    policy = headers["Content-Security-Policy"]
    assert status == 200 and policy.startswith("default-src 'none'; script-src 'self';")
    assert "frame-ancestors http://127.0.0.1:* http://localhost:*" in policy and "unsafe" not in policy


def test_it_listens_on_this_machine_alone(served):
    assert served.address.startswith("http://127.0.0.1:")
    assert served.socket.getsockname()[0] == "127.0.0.1"


def test_the_command_serves_until_it_is_interrupted(project_root, root):
    draft(project_root, "songquan")
    command = [
        sys.executable,
        "-m",
        "analysis.cli",
        "desk",
        "songquan",
        "--no-browser",
        "--language",
        "zh-Hans",
    ]
    source = os.pathsep.join(path for path in sys.path if path)
    started = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": source}
    )
    address, _, token = started.stdout.readline().strip().partition("/#")
    asked = urllib.request.Request(f"{address}/state", headers={"X-Desk-Token": token})
    with urllib.request.urlopen(asked, timeout=PATIENCE) as found:
        assert json.load(found)["words"]["title"] == "录入台"
    started.send_signal(signal.SIGINT)
    assert started.wait(PATIENCE) == cli.INTERRUPTED
