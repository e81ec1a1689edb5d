"""Wording and number formats of the reports in three languages."""

import datetime
import math
import re
import string
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence import units
from analysis.evidence.schema import TABLES
from analysis.words.catalogues import catalogue
from analysis.words.language import Text, placeholders
from analysis.words.languages import LANGUAGES, Language, Scale
from analysis.words.scan import numerals

EN, ZH, HANT = (Text.of(code) for code in ("en", "zh-Hans", "zh-Hant"))
CATALOGUES = sorted({language.catalogue for language in LANGUAGES.values()})
# Each language has plural forms of its own.
FORMS = re.compile(r"units\.[\w-]+\.(?!other$)|questions\.\w+_one$")
LATIN_ALLOWED = {
    "CPI", "CSV", "Ctrl", "HTML", "ID", "JSON", "JupyterLab", "OpenCC", "PNG", "SHA", "SVG", "Shift", "UTF",
    "m", "p", "rows", "t",
}  # fmt: skip


# The catalogues


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_holds_the_messages_of_the_english_one(language):
    ours, en = (
        {
            # Words that count things are Chinese only.
            key: placeholders(message) - {"classifier"}
            for key, message in catalogue(code).items()
            if not FORMS.match(key)
        }
        for code in (language, "en")
    )
    assert ours == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_has_a_name_in_forms_that_the_language_knows(language):
    forms = {"per", "count", "other", *LANGUAGES[language].cldr.plural_form.tags}
    named = [key.split(".") for key in catalogue(language) if key.startswith("units.")]
    assert {code for _, code, _ in named} == set(units.UNITS)
    assert {form for _, _, form in named} <= forms


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_is_empty_or_has_more_than_plain_placeholders(language):
    for key, message in catalogue(language).items():
        assert message.strip(), key
        for _, name, spec, conversion in string.Formatter().parse(message):
            assert name is None or (name.isidentifier() and not spec and conversion is None), key


def test_chinese_messages_hold_no_english():
    for key, message in catalogue("zh-Hans").items():
        words = set(re.findall(r"[A-Za-z]+", re.sub(r"\{\w+\}", "", message)))
        assert words <= LATIN_ALLOWED, f"{key}: {words - LATIN_ALLOWED}"


@pytest.mark.parametrize("file", CATALOGUES)
def test_no_key_stands_twice_in_a_catalogue(project_root, file):
    def keys(node, prefix=""):
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield prefix + key.value
                yield from keys(value, f"{prefix}{key.value}.")

    text = (project_root / "src/analysis/words/text" / file).read_text(encoding="utf-8")
    found = list(keys(yaml.compose(text)))
    assert {key for key in found if found.count(key) > 1} == set()


@pytest.mark.parametrize(
    "field", [field for table in TABLES.values() for field in table.fields if field.codes]
)
def test_every_closed_code_of_the_raw_tables_has_a_label(field):
    if field.name != "field":  # names columns of terms.csv, whose labels stand there
        assert [EN.code(field.name, code) and ZH.code(field.name, code) for code in field.codes]


# Messages


def test_a_message_takes_its_values_as_they_are():
    assert EN("number.span", lower="a {b}", upper="<c>") == "a {b} to <c>"
    assert ZH("number.span", lower="甲", upper="乙") == "甲至乙"


def test_traditional_chinese_is_the_converted_simplified_message():
    assert (ZH.code("absence", "not_reported"), HANT.code("absence", "not_reported")) == ("未报告", "未報告")


def test_an_unknown_message_names_key_and_language():
    files = " and ".join(f"src/analysis/words/text/{file}" for file in CATALOGUES)
    message = f"no message 'page.nothing' in language 'zh-Hant'; add it to {files}"
    with pytest.raises(ValueError, match=re.escape(message)):
        HANT("page.nothing")


def test_a_missing_value_names_key_language_and_placeholder():
    with pytest.raises(
        ValueError, match=r"message 'number\.span' in language 'en' needs a value for lower, upper"
    ):
        EN("number.span")


def test_an_unknown_language_names_those_allowed():
    with pytest.raises(ValueError, match=f"unknown language 'xx'; allowed are {', '.join(LANGUAGES)}"):
        Text.of("xx")


@pytest.mark.parametrize(
    ("spelling", "code"),
    [("zh-CN", "zh-Hans"), ("zh_CN", "zh-Hans"), ("cn", "zh-Hans"), ("zh-TW", "zh-Hant"),
     ("zh_HK", "zh-Hant"), ("ZH-hant", "zh-Hant"), ("en_US", "en"), ("EN", "en")],
)  # fmt: skip
def test_a_language_is_what_people_mean(spelling, code):
    assert Language.parse(spelling).code == code


def test_a_language_without_its_script_is_refused():
    with pytest.raises(ValueError, match="unknown language 'zh'; allowed are en, zh-Hans, zh-Hant"):
        Language.parse("zh")


def test_languages_call_themselves_by_their_names():
    named = [text.rules.name for text in (EN, ZH, HANT)]
    assert named == ["English", "简体中文", "繁體中文"]


@pytest.fixture
def german(monkeypatch):
    """A further language that has nothing but its value and a catalogue, here the English one."""
    scales = (Scale(10**6, " Mio."), Scale(10**3, " Tsd."))
    monkeypatch.setitem(LANGUAGES, "de", Language("de", "de_DE", "en.yaml", scales))
    return Text.of("de")


def test_a_further_language_writes_numbers_dates_and_lists_by_its_own_rules(german):
    assert (german.rules.name, german.rules.tag) == ("Deutsch", "de-DE")
    assert [german.number(1234.5, 1), german.share(0.767)] == ["1.234,5", "76,7\N{NO-BREAK SPACE}%"]
    assert [german.money_short(753_924), german.span(3e5, 3.8e5)] == [
        "753,92 Tsd. yuan",
        "300 Tsd. to 380 Tsd. yuan",
    ]
    assert german.date(datetime.date(2021, 9, 26)) == "26. September 2021"
    assert german.listing(["a", "b", "c"]) == "a, b und c"


def test_the_numerals_of_a_further_language_are_read_as_it_prints_them(german):
    read = numerals("1.234,5 venues, 0,767", german.language)
    assert [(numeral.text, numeral.values) for numeral in read] == [
        ("1.234,5", (1234.5,)),
        ("0,767", (0.767,)),
    ]


def test_a_language_is_one_object():
    assert Text.of("en") is EN


def test_data_text_is_picked_and_converted():
    assert [text.pick("Ludian County", "鲁甸县") for text in (EN, ZH, HANT)] == [
        "Ludian County",
        "鲁甸县",
        "魯甸縣",
    ]
    assert [text.convert("干部") for text in (EN, ZH, HANT)] == ["干部", "干部", "幹部"]


def test_lists_and_dates_read_as_phrases():
    assert [EN.listing(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert ZH.listing(["甲", "乙", "丙"]) == "甲、乙和丙"
    day = datetime.date(2021, 9, 6)
    assert (EN.date(day), ZH.date(day)) == ("6 September 2021", "2021年9月6日")


# Numbers


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (0, "0"),
        (1234567, "1,234,567"),
        (2.5, "2.5"),
        (13.3333, "13.3"),
        (733.5, "734"),
        (0.01234, "0.0123"),
        (-0.0, "0"),
        (1e16, "10,000,000,000,000,000"),
        (Decimal("0.125"), "0.125"),
    ],
)
def test_numbers_keep_whole_digits_and_three_significant(value, printed):
    assert EN.number(value) == printed


def test_numbers_round_half_up():
    assert [EN.number(value, 0) for value in (0.5, 1.5, 2.5)] == ["1", "2", "3"]
    assert EN.number(2.675, 2) == "2.68"
    assert EN.number(-0.001, 2) == "0.00"


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (0, "0 yuan", "0元"),
        (0.0011649, "0.00116 yuan", "0.00116元"),
        (900, "900 yuan", "900元"),
        (4_203, "4,200 yuan", "4203元"),
        (9_999.6, "10,000 yuan", "1万元"),
        (30_000, "30,000 yuan", "3万元"),
        (50_400, "50,400 yuan", "5.04万元"),
        (753_924, "754,000 yuan", "75.39万元"),
        (999_600, "1 million yuan", "99.96万元"),
        (1_085_000, "1.09 million yuan", "108.5万元"),
        (3_800_000, "3.8 million yuan", "380万元"),
        (59_560_000, "59.56 million yuan", "5956万元"),
        (99_999_960, "100 million yuan", "1亿元"),
        (1_200_000_000, "1.2 billion yuan", "12亿元"),
        (-22_000, "−22,000 yuan", "−2.2万元"),
    ],
)
def test_short_money(value, en, zh):
    assert (EN.money_short(value), ZH.money_short(value)) == (en, zh)


def test_money_in_full():
    assert (EN.money(753_924), ZH.money(4166.67)) == ("753,924 yuan", "4167元")


def test_shares_and_ratios():
    assert [EN.share(value) for value in (0.98, 0.767, 0.0042, 1)] == ["98%", "76.7%", "0.42%", "100%"]
    assert [EN.ratio(value) for value in (0.8, 1.855)] == ["0.80", "1.86"]


@pytest.mark.parametrize(
    ("unit", "en", "zh", "hant"),
    [
        ("CNY/venue", "yuan per venue", "元/场所", "元/場所"),
        ("CNY/person/month", "yuan per person per month", "元/人·月", "元/人·月"),
        ("m2/venue", "m² per venue", "平方米/场所", "平方米/場所"),
        ("month", "months", "个月", "個月"),
        ("share", "share", "占比", "佔比"),
    ],
)
def test_unit_names(unit, en, zh, hant):
    assert [text.unit(unit) for text in (EN, ZH, HANT)] == [en, zh, hant]


def test_quantities():
    assert [EN.quantity(value, "venue") for value in (1, 96)] == ["1 venue", "96 venues"]
    assert ZH.quantity(96, "venue") == "96个场所"
    assert EN.quantity(30_000, "CNY/village") == "30,000 yuan per village"
    assert ZH.quantity(30_000, "CNY/village", short=True) == "3万元/村"
    assert EN.quantity(0.98, "share") == "98%"
    assert EN.quantity(1.5, "ratio") == "1.50"


@pytest.mark.parametrize(
    ("value", "lower", "upper", "unit", "en", "zh"),
    [
        (1e6, 1e6, math.inf, "CNY", "≥ 1 million yuan", "≥ 100万元"),
        (6, 0, 6, "person", "≤ 6 people", "≤ 6人"),
        (6, -math.inf, 6, "person", "≤ 6 people", "≤ 6人"),
        (50, 50, 50, "person", "50 people", "50人"),
        (50, 48, 52, "person", "50 people (48 to 52 people)", "50人（48至52人）"),
        (None, 300_000, 380_000, "CNY", "300,000 to 380,000 yuan", "30万至38万元"),
        (None, 760_000, 3_800_000, "CNY", "760,000 to 3.8 million yuan", "76万至380万元"),
        (None, 2.5e6, 3.8e6, "CNY/venue", "2.5 million to 3.8 million yuan per venue", "250万至380万元/场所"),
        (None, 900, 1_200_000, "CNY", "900 yuan to 1.2 million yuan", "900元至120万元"),
        (0.98, 0.98, 1, "share", "≥ 98%", "≥ 98%"),
        (None, 0.98, 1, "share", "98 to 100%", "98%至100%"),
        (7, 0, math.inf, "person", "7 people", "7人"),
    ],
)
def test_intervals(value, lower, upper, unit, en, zh):
    assert (EN.interval(value, lower, upper, unit), ZH.interval(value, lower, upper, unit)) == (en, zh)


def test_an_interval_the_wrong_way_round_is_refused():
    with pytest.raises(
        ValueError, match=re.escape("interval 5..4: the lower bound is above the upper; swap them")
    ):
        EN.interval(4, 5, 4)


@pytest.mark.parametrize("absent", [None, "", "many", float("nan"), math.inf])
def test_an_absent_value_is_never_printed_as_a_number(absent):
    with pytest.raises(ValueError, match=re.escape(repr(absent))):
        EN.number(absent)


@given(st.floats(min_value=-1e15, max_value=1e15), st.sampled_from(sorted(units.UNITS)))
def test_no_quantity_is_in_scientific_notation(value, unit):
    for text in (EN, ZH):
        for short in (False, True):
            assert not re.search(r"\d[eE]|-0(?![.\d])", text.quantity(value, unit, short=short))


SCALES = {"亿": 10**8, "万": 10**4, " million": 10**6, " billion": 10**9, "": 1}


@given(st.integers(min_value=0, max_value=10**12))
@pytest.mark.parametrize("text", [EN, ZH])
def test_short_money_has_two_decimals_at_most_and_loses_half_a_percent_at_most(text, value):
    shown = re.fullmatch(r"([\d,]+(?:\.\d?[1-9])?)([^\d]*?) ?(?:元|yuan)", text.money_short(value))
    assert shown is not None
    read = Decimal(shown[1].replace(",", "")) * SCALES[shown[2]]
    assert abs(read - value) <= Decimal("0.0051") * value


@given(st.integers(min_value=1, max_value=10**12))
@pytest.mark.parametrize("text", [EN, ZH])
def test_memos_read_short_money_as_what_it_stands_for(text, value):
    [read] = numerals(text.money_short(value), text.language)
    assert read.equals(0, value)


def test_chinese_numbers_have_separators_from_five_digits_on():
    assert [ZH.number(value) for value in (2812, 10_489)] == ["2812", "10,489"]


def test_data_texts_come_out_right_in_traditional_characters() -> None:
    """OpenCC takes 和面积 for flour (和麵) and 系上 for a tie (繫上): such texts are worded anew."""
    traditional = Text.of("zh-Hant")
    raw = Path(__file__).resolve().parents[1] / "data" / "raw"
    texts = [text for path in raw.glob("*.csv") for text in path.read_text(encoding="utf-8").splitlines()]
    converted = [traditional.convert(text) for text in [*texts, *Text.of("zh-Hans").messages.values()]]
    assert [text for text in converted if "麵" in text or "繫上" in text or "隻" in text] == []


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("广东郁南县、安徽岳西县和湖南岳阳市", "廣東郁南縣、安徽岳西縣和湖南岳陽市"),
        ("岳池县、岳麓区、岳普湖县、岳庄村和岳家庄", "岳池縣、岳麓區、岳普湖縣、岳莊村和岳家莊"),
        ("村支书岳某、岳书记和他的岳父岳云鹏", "村支書岳某、岳書記和他的岳父岳雲鵬"),
        ("登山岳，游五岳：南岳衡山在衡阳南岳区", "登山嶽，遊五嶽：南嶽衡山在衡陽南嶽區"),
        ("湖南岳西村、山东岳某、泰安岱岳区的东岳庙", "湖南岳西村、山東岳某、泰安岱嶽區的東嶽廟"),
        ("里塘乡的村里，距县城三十里", "里塘鄉的村裡，距縣城三十里"),
        ("四川木里藏族自治县", "四川木里藏族自治縣"),
        ("被发明、被发现、被发展为党员", "被發明、被發現、被發展為黨員"),
        ("展示了成果，提出了解决办法", "展示了成果，提出了解決辦法"),
        ("了解到干部统一只认一个标准", "瞭解到幹部統一只認一個標準"),
        ("头发、面条、后备干部、皇后", "頭髮、麵條、後備幹部、皇后"),
    ],
)  # fmt: skip
def test_names_and_words_are_converted_as_they_are_written(simplified, traditional):
    assert Text.of("zh-Hant").convert(simplified) == traditional
