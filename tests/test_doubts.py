"""What a check refuses because nobody can mean it, and what it notes because it seldom is meant."""

from __future__ import annotations

import copy
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from qingxi import VALID, Rows, bilingual, coding, messages, reading, term, with_cells, with_twin, write

from analysis import cli
from analysis.evidence.checks import notes_on, problems_of, read_tables
from analysis.evidence.register import REGIONAL_CPI

NOTHING = "\u3164\u2800\u115f\u1160\uffa0 \u3000\ufe0f\u034f\U0001d173\U000e0100"


@given(st.text(NOTHING, min_size=1, max_size=5))
def test_a_label_that_shows_nothing_is_refused(label):
    [message] = messages(with_cells("programmes", 2, label=label))
    assert message.startswith("programmes.csv:2: label: ")
    assert message.endswith("— expected text, or nothing; fill in or empty the cell [blank]")


def test_prices_that_nobody_has_seen_rise_so_are_refused():
    [message] = messages(with_cells("reference_series", 2, value="1000000000"))
    assert message == (
        "reference/reference_series.csv:2: value: '1000000000' — expected 1000 percent or less; correct the "
        "value [series]"
    )
    row = {"series": REGIONAL_CPI, "region_code": "610000", "year": "2021", "value": "1101", "unit": "x"}
    [message] = messages(
        VALID | {"regional_series": [row | {"source": "yearbook"} | bilingual(region="Shaanxi")]}
    )
    assert message.endswith(":2: value: '1101' — expected 1100 or less; correct the value [series]")


def exploding(kind: str) -> Rows:
    """Return tables in which each of twelve things is coded under a choice of its own, of five readings."""
    tables = copy.deepcopy(VALID)
    for thing in range(12):
        choice = f"qingxi.c{thing}"
        about = {"choice_id": choice, "programme_id": "qingxi", "kind": kind}
        tables["choices"].append(about | bilingual(question="?"))
        tables["terms"].append(term("object", f"o{thing}"))
        for number in range(5):
            tables["readings"].append(reading(choice, f"r{number}", default=number == 0))
            where = {"object": f"o{thing}", "when": f"{choice}=r{number}"}
            tables["codings"].append(
                coding(f"c{thing}-{number}", "venues_upgraded", "qingxi.venues.new", **where)
            )
    return tables


def test_an_explosion_of_definitions_is_refused_with_its_number():
    assert messages(exploding("uncertain")) == []
    [message] = messages(exploding("definitional"))
    assert message == (
        "codings.csv:66: when: 'qingxi.c11=r4' — expected at most 64 combinations of readings of one "
        "measure, "
        "not 244,140,625; decide some of its 12 choices, or give them fewer readings [coding-when]"
    )


def doubts(root: Path, tables: Rows) -> list[str]:
    write(root, tables)
    assert problems_of(root) == []
    return [str(note).removeprefix("data/raw/") for note in notes_on(read_tables(root)[0]).doubts]


def same_name() -> Rows:
    tables = with_twin()
    tables["programmes"][1] |= {"label": " 青溪县", "label_zh": "白水县"}
    return tables


def test_names_that_differ_in_width_and_spaces_alone_are_noted(tmp_path):
    tables = with_twin()
    tables["programmes"][0] |= {"label": "Qingxi County"}
    tables["programmes"][1] |= {"label": "Ｑingxi  county", "label_zh": "白水县"}
    [note] = doubts(tmp_path, tables)
    assert note.startswith("programmes.csv:3: label: 'Ｑingxi  county' — expected a name of its own")


def test_two_programmes_of_one_name_are_noted(tmp_path):
    [note] = doubts(tmp_path, same_name())
    assert note == (
        "programmes.csv:3: label: ' 青溪县' — expected a name of its own: readers cannot tell it from that "
        "of line 2; name the prefecture or province as well [same-name]"
    )


def test_a_doubt_is_no_fault(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(write(tmp_path, same_name()))
    (tmp_path / "params").mkdir()
    (tmp_path / "params/qingxi.yaml").write_text("programme: qingxi\n")
    assert cli.main(["check"]) == 0
    printed = capsys.readouterr()
    assert printed.out.endswith("2 identities; 1 doubt\n")
    assert "[same-name]" in printed.err
