"""Parameter files: everything wrong with them is named, with place, value, what is allowed and what to do."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.show.params import (
    MAX_BYTES,
    QUICK_LOADER,
    ComparisonParameters,
    ParameterError,
    ParameterFault,
    ReportParameters,
    _parse,
    did_you_mean,
    load,
    read_folder,
)

PROGRAMMES = ("ludian", "minjia", "wushan")


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a parameter file and give its path, relative to the folder above params/."""
    monkeypatch.chdir(tmp_path)
    Path("params").mkdir()

    def write(content: str | bytes, name: str = "ludian.yaml") -> Path:
        path = Path("params", name)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def faults(path: Path) -> list[str]:
    with pytest.raises(ParameterError) as caught:
        load(path, PROGRAMMES)
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    return [str(fault) for fault in caught.value.faults]


def test_only_the_programme_is_needed(write):
    assert load(write("programme: ludian\n"), PROGRAMMES) == ReportParameters(programme="ludian")


def test_all_parameters(write):
    path = write(
        "programme: ludian\nlanguage: zh-Hant\nprice_year: 2021\npeers: [minjia, wushan]\n"
        "with_sentences: true\n"
    )
    expected = {
        "programme": "ludian",
        "language": "zh-Hant",
        "price_year": 2021,
        "with_sentences": True,
        "peers": ["minjia", "wushan"],
    }
    assert load(path, PROGRAMMES).model_dump() == expected


def test_a_byte_order_mark_is_no_fault(write):
    assert load(write("\ufeffprogramme: ludian\n"), PROGRAMMES).programme == "ludian"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            "langauge: en",
            "langauge: unknown key — expected one of the keys programme, language, price_year, "
            "with_sentences, peers; did you mean 'language'?",
        ),
        (
            "language: zh-Hantt",
            "language: 'zh-Hantt' — expected one of the languages en, zh-Hans, zh-Hant; "
            "did you mean 'zh-Hant'?",
        ),
        (
            "price_year: '2021'",
            "price_year: '2021' — expected a year from 1978 to 2100 as a plain number, printed or null; "
            "correct the value",
        ),
        (
            "price_year: 21",
            "price_year: 21 — expected a year from 1978 to 2100 as a plain number, printed or null; "
            "correct the value",
        ),
        (
            "peers: minjia",
            "peers: 'minjia' — expected a list of programmes out of ludian, minjia, wushan, or null for all; "
            "correct the value",
        ),
        (
            "peers: [minja]",
            "peers: 'minja' — expected a list of programmes out of ludian, minjia, wushan, or null for all; "
            "did you mean 'minjia'?",
        ),
        (
            "programme: minjia",
            "programme: repeated — expected each key once; it stands already in line 1; remove one of them",
        ),
    ],
)
def test_a_wrong_line_is_named(write, line, fault):
    assert faults(write(f"programme: ludian\n{line}\n")) == [f"params/ludian.yaml:2: {fault}"]


@pytest.mark.parametrize("name", ["ludan", "../ludian", "Ludian", "鲁甸"])
def test_an_unknown_programme_is_named(write, name):
    [fault] = faults(write(f"programme: {name}\n"))
    assert fault.startswith(
        f"params/ludian.yaml:1: programme: '{name}' — expected one of the programmes ludian, minjia, wushan; "
    )


def test_a_missing_programme_is_named(write):
    assert faults(write("language: en\n")) == [
        "params/ludian.yaml: programme: missing — expected one of the programmes ludian, minjia, wushan; "
        "add the line 'programme: …'"
    ]


def test_all_faults_of_a_file_are_named_at_once(write):
    found = faults(write("programe: ludian\nlanguage: fr\nprice_year: true\npeers: [x, 3]\n"))
    assert [fault.split(" — ")[0] for fault in found] == [
        "params/ludian.yaml: programme: missing",
        "params/ludian.yaml:1: programe: unknown key",
        "params/ludian.yaml:2: language: 'fr'",
        "params/ludian.yaml:3: price_year: True",
        "params/ludian.yaml:4: peers: 3",
        "params/ludian.yaml:4: peers: 'x'",
    ]


def test_a_theme_makes_it_a_comparison(write):
    path = write("theme: stipends\nprice_year: 2024\n")
    assert load(path, PROGRAMMES) == ComparisonParameters(theme="stipends", price_year=2024)


def test_an_unknown_theme_and_a_programme_beside_a_theme_are_faults(write):
    assert faults(write("theme: stipend\nprogramme: ludian\n")) == [
        "params/ludian.yaml:1: theme: 'stipend' — expected one of the themes investment, stipends, branches, "
        "collective_economy, oversight; did you mean 'stipends'?",
        "params/ludian.yaml:2: programme: unknown key — expected one of the keys theme, language, "
        "price_year, with_sentences; choose one of these",
    ]


def test_a_year_outside_the_price_series_is_a_fault(write):
    path = write("programme: ludian\nprice_year: 2030\n")
    with pytest.raises(ParameterError) as error:
        load(path, PROGRAMMES, range(2011, 2025))
    assert str(error.value) == (
        "params/ludian.yaml:2: price_year: 2030 — expected a year of the price series, 2011 to 2024, "
        "printed or null; choose another year"
    )


BOMB = "a: &a [x]\nb: &b [*a, *a]\nprogramme: *b\n"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("programme: !!python/object/apply:os.system [id]\n", "expected no tags; write the plain value"),
        (BOMB, "&a — expected no anchors or aliases; write the value out, in quotation marks"),
        (
            "programme: " + "[" * 9000,
            "nested too deeply — expected at most 4 levels; write plain values and lists",
        ),
        ("x" * (MAX_BYTES + 1), f"too large — expected a text file of at most {MAX_BYTES} bytes in UTF-8"),
        ("programme: [ludian\n", "expected YAML; correct this line"),
        ("programme: ludian\n---\nprogramme: minjia\n", "expected YAML; correct this line"),
        ("programme: 2021-13-45\n", "expected YAML; correct this line"),
        ("", "None — expected lines of the form 'key: value'; begin with 'programme: …'"),
        ("ludian\n", "'ludian' — expected lines of the form 'key: value'; begin with 'programme: …'"),
        ("programme: 鲁甸\n".encode("gb18030"), "byte 0xb5 at 13 — expected a text file"),
    ],
)
def test_what_is_no_plain_mapping_is_refused(write, content, fault):
    assert fault in faults(write(content))[0]


@pytest.mark.parametrize("name", ["Ludian.yaml", "lu dian.yaml", "1ludian.yaml", ".yaml", "鲁甸.yaml"])
def test_a_report_name_is_an_id(write, name):
    assert (
        "expected a report name of lower-case letters, digits and hyphens"
        in faults(write("programme: ludian\n", name))[0]
    )


@given(st.text(max_size=200))
def test_any_text_is_either_read_or_refused(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("params") / "report.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(ParameterError):
        load(path, PROGRAMMES)


@given(st.text("abn12:-_.,[]#'\"\n ", max_size=30), st.sampled_from(["", "programme: ludian\n"]))
def test_the_quick_loader_reads_what_the_plain_one_reads(text, head):
    def outcome(loader: type) -> tuple[object, ...]:
        found: list[ParameterFault] = []
        return repr(_parse(head + text, "params/ludian.yaml", found, loader)), found

    assert outcome(QUICK_LOADER) == outcome(yaml.SafeLoader)


# A folder


def test_a_folder_is_read_whole_or_by_name(write):
    write("programme: ludian\n")
    write("programme: minjia\nlanguage: zh-Hans\n", "minjia.yaml")
    assert list(read_folder(Path("params"), PROGRAMMES).checked()) == ["ludian", "minjia"]
    assert list(read_folder(Path("params"), PROGRAMMES, ["minjia", "minjia"]).checked()) == ["minjia"]


def test_the_faults_of_all_files_are_named_at_once(write):
    write("programme: ludan\n")
    write("programme: minjia\nlanguage: de\n", "minjia.yaml")
    write("programme: wushan\n", "wushan.yml")
    with pytest.raises(ParameterError) as caught:
        read_folder(Path("params"), PROGRAMMES, ["ludian", "minjia", "wushan", "wushn"]).checked()
    assert [str(fault).split(" — ")[0] for fault in caught.value.faults] == [
        "params: report: 'wushn'",
        "params/ludian.yaml:1: programme: 'ludan'",
        "params/minjia.yaml:2: language: 'de'",
        "params/wushan.yml: file",
    ]


def test_the_faults_of_one_file_leave_the_others_sound(write):
    write("programme: ludan\n")
    write("programme: minjia\n", "minjia.YAML")
    write("programme: wushan\n", "wushan.yaml")
    found = read_folder(Path("params"), PROGRAMMES)
    assert (list(found.reports), list(found.faults), found.of_all) == (["wushan"], ["ludian", "minjia"], [])
    assert str(found.faults["minjia"][0]) == (
        "params/minjia.YAML: file — expected the ending .yaml, so that no two files make the same report; "
        "rename it to minjia.yaml"
    )


def test_an_empty_folder_is_a_fault(write):
    with pytest.raises(
        ParameterError, match=r"params: file — expected at least one file <report>\.yaml; add one"
    ):
        read_folder(Path("params"), PROGRAMMES).checked()


def test_the_closest_allowed_value_is_suggested():
    assert did_you_mean("ZH-HANT", ["en", "zh-Hant"]) == "did you mean 'zh-Hant'?"
    assert did_you_mean("qqq", ["en", "zh-Hant"]) == "choose one of these"
