"""Memos in an office's own wording: any value by its id, shown as asked for, refused where there is none."""

import io
import json
from dataclasses import replace

import docx
import pytest
from test_memo_template import faults, saved, with_text

from analysis import commands
from analysis.cli import main
from analysis.show.memo import TemplateError, audit, file_of, list_values, memo_on, to_text
from analysis.show.memo.calls import Call
from analysis.show.memo.values import Values

VILLAGE = 'object="village_venue"'


@pytest.fixture(scope="module")
def memo(data):
    return memo_on(data, {"programme": "minjia", "language": "en"})


@pytest.fixture(scope="module")
def values(data) -> Values:
    return Values(data, "en", programme="minjia")


def said(values: Values, function: str, *given: str, **options) -> str:
    return values.value(Call(function, given, options)).passage.text


def filled(data, memo, *paragraphs: str) -> tuple[bytes, list[str]]:
    """Return a memo whose template ends in paragraphs, and what these have become."""
    content = file_of(data, memo, saved(with_text(*paragraphs)), "office.docx")
    return content, [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


EXAMPLE = (
    'Minjia builds {{ figure("minjia.new-village-venues", unit="number") }} venues of '
    '{{ figure("minjia.venue-floor-area") }} each with {{ figure("minjia.total-investment", unit="1m", '
    "digits=2, cite=True) }}.",
    # Word makes quotation marks curly as one types.
    "A venue of Ludian costs {{ estimate(“ludian”, “cost_per_venue”, object=“village_venue”) }}, one of "
    "Minjia {{ estimate(programme, “cost_per_venue”, object=“village_venue”, funder=“total”) }}.",
    f'If it is for one venue: {{{{ estimate(programme, "cost_per_venue", {VILLAGE}, works="new", '
    'funder="total", reading="minjia.investment-scope=per-venue-replaces") }}.',
    '{{ finding(programme, "unit_cost.cost_per_venue", cite=True) }} We ask: '
    '{{ question(programme, "minjia.works-status") }}',
    '{%p if estimate(programme, "yearly_pay") %}',
    "Pay is printed.",
    "{%p else %}",
    'Pay of village officials: {{ estimate(programme, "yearly_pay") }}.',
    "{%p endif %}",
    '{%p if chart("profile") %}',
    '{{ chart("profile").caption }}',
    '{{ chart("profile").picture }}',
    "{%p endif %}",
    '{{ table("figures").caption }}',
    '{{p table("figures").grid }}',
    '{{ estimate("ludian", "cost_per_venue", object="village_venue", unit="10k", digits=1, '
    'language="zh-Hans") }}',
)


def test_a_template_may_hold_every_kind_of_value_in_its_own_words(data, memo):
    content, texts = filled(data, memo, *EXAMPLE)
    own = texts[texts.index("Citations in the text") + 1 :]
    assert own == [
        "Minjia builds 4 venues of 1,558 m² each with 3.80 million yuan.",
        "A venue of Ludian costs 754,000 yuan, one of Minjia 760,000 to 3.8 million yuan.",
        "If it is for one venue: 3.8 million yuan.",
        "Each village venue is put at between 760,000 yuan and 3.8 million yuan; the text does not say what "
        "the 3.8 million yuan covers. We ask: Are the works described a plan or already done?",
        "Pay of village officials: not reported.",
        "Chart 2. Minjia township reports 6 values that others report too",
        "",
        "Table 5. The figures that the estimates rest on, and their places",
        "75.4万元",
    ]
    assert len(docx.Document(io.BytesIO(content)).inline_shapes) == 2
    found = audit(content, data)
    assert found.passed
    facts = {fact.name for support in found.supports for fact in support.facts}
    assert "figure minjia.venue-floor-area, value" in facts
    assert "estimate ludian/cost_per_venue/village_venue/mixed/total/village, value" in facts
    assert content == file_of(data, memo, saved(with_text(*EXAMPLE)), "office.docx")


def test_a_value_stands_in_a_header_and_in_the_cells_of_a_table(data, memo):
    template = with_text()
    template.sections[0].header.paragraphs[0].text = 'For {{ figure("minjia.new-village-venues") }}'
    template.add_table(1, 1).rows[0].cells[0].text = '{{ figure("minjia.total-investment", unit="number") }}'
    content = file_of(data, memo, saved(template), "office.docx")
    document = docx.Document(io.BytesIO(content))
    assert document.sections[0].header.paragraphs[0].text == "For 4 venues"
    assert document.tables[-1].rows[0].cells[0].text == "3,800,000"
    assert audit(content, data).passed


def test_a_number_that_a_hand_has_changed_among_placed_ones_is_found(data, memo):
    content, _ = filled(data, memo, EXAMPLE[0])
    document = docx.Document(io.BytesIO(content))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs if "1,558" in run.text]
    runs[0].text = runs[0].text.replace("1,558", "1,559")
    assert [lost.numeral.text for lost in audit(saved(document), data).lost] == ["1,559 m²"]


def test_a_placed_value_that_has_moved_since_is_told(data, memo):
    text = 'It costs {{ estimate("ludian", "cost_per_venue", object="village_venue") }}.'
    content, _ = filled(data, memo, text)
    estimates = data.tables["estimates"].copy()
    is_moved = (estimates["programme_id"] == "ludian") & (estimates["measure"] == "cost_per_venue")
    estimates.loc[is_moved, ["value", "lower", "upper"]] *= 2
    moved = replace(data, tables={**data.tables, "estimates": estimates})
    [lost] = [lost for lost in audit(content, moved).lost if lost.text == "It costs 754,000 yuan."]
    assert lost.numeral.text == "754,000"


def test_units_digits_and_language_are_those_asked_for(values):
    def cost(**options) -> str:
        return said(values, "estimate", "ludian", "cost_per_venue", object="village_venue", **options)

    assert (cost(), cost(unit="per")) == ("754,000 yuan", "754,000 yuan per venue")
    assert (cost(unit="1"), cost(unit="1m", digits=3)) == ("753,924 yuan", "0.754 million yuan")
    assert (cost(unit="number"), cost(unit="number", digits=0)) == ("753,924", "753,924")
    assert (cost(language="zh-Hans"), cost(language="zh-Hant", unit="per")) == ("75.39万元", "75.39萬元/場所")
    assert cost(language="zh-Hans", unit="100m", digits=4) == "0.0075亿元"
    assert said(values, "figure", "minjia.commended-share", digits=1) == "20.0%"
    assert said(values, "figure", "minjia.skills-per-farmer") == "at least 1 skill"
    assert said(values, "figure", "weinan.venue-area-threshold") == "less than 200 m²"
    spans = {"object": "village_venue", "funder": "total"}
    assert said(values, "estimate", "minjia", "cost_per_venue", **spans, unit="1m", digits=2) == (
        "0.76 million to 3.80 million yuan"
    )
    assert (
        said(values, "estimate", "minjia", "cost_per_venue", **spans, language="zh-Hans") == "76万至380万元"
    )


def test_what_does_not_exist_is_false_and_says_why(values):
    absent = values.value(Call("estimate", ("ludian", "turnover_rate")))
    assert (absent.exists, absent.passage.text) == (False, "not comparable")
    absent = values.value(
        Call("estimate", ("minjia", "yearly_pay"), {"post": "deputy", "language": "zh-Hans"})
    )
    assert (absent.exists, absent.passage.text) == (False, "未报告")
    absent = values.value(Call("finding", ("minjia", "change.yearly_pay")))
    assert (absent.exists, absent.passage.text) == (False, "not reported")


def test_a_chart_that_only_other_places_have_is_false(data, memo):
    shown = "{% if chart('yearly_pay') %}Pay{% else %}No chart{% endif %}: {{ chart('yearly_pay').caption }}"
    assert filled(data, memo, shown)[1][-1] == "No chart: not reported"


def messages(data, memo, *paragraphs: str) -> list[str]:
    """Return the faults of a template without the place and the placeholder, which come first."""
    return [fault.split("}}: ", 1)[-1] for fault in faults(data, memo, *paragraphs)]


def test_every_wrong_call_is_named_with_its_paragraph_and_the_nearest_name(data, memo):
    wrong = ('{{ figure("minjia.new-vilage-venues") }}', '{{ figur("x") }}')
    number = len(with_text().paragraphs) + 1
    assert faults(data, memo, wrong[0], "Text", wrong[1]) == [
        f"template office.docx: paragraph {number} of the text, {wrong[0]}: 'minjia.new-vilage-venues' is no "
        "figure; did you mean 'minjia.new-village-venues'?",
        f"template office.docx: paragraph {number + 2} of the text, {wrong[1]}: 'figur' is none of figure, "
        "estimate, finding, question, chart, table; did you mean 'figure'?",
    ]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('estimate("ludain", "cost_per_venu", object="village_venu", unit="10k", digits=9)', [
            "'ludain' is no programme; known are shangzhou, ludian, wushan, weinan, minjia; did you mean "
            "'ludian'?",
            "'10k' is no unit in 'en'; allowed are per, number, 1, 1m, 1bn",
            "digits is 9; write 0 to 6",
            "'cost_per_venu' is no measure; did you mean 'cost_per_venue'?",
            "'village_venu' is no object; did you mean 'village_venue'?",
        ]),
        ('estimate(programme, "cost_per_venue")', [
            'estimate("minjia", "cost_per_venue") may be any of 5 values; say which by object '
            "(village_venue, group_venue) or works (new, upgraded) or funder (total, county_subsidy)"
        ]),
        (f'estimate(programme, "cost_per_venue", {VILLAGE}, funder="total", reading="minjia.scope=all")', [
            "'minjia.scope' is no choice that this value hangs on; there are minjia.investment-scope; "
            "did you mean 'minjia.investment-scope'?"
        ]),
        (f'estimate(programme, "cost_per_venue", {VILLAGE}, reading="all")', [
            "reading: 'all' is not of the form choice=reading; choice=reading"
        ]),
        ('figure("minjia.commended-share", unit="1m")', [
            "unit '1m' is for amounts and counts; figure(\"minjia.commended-share\", unit=\"1m\") is none"
        ]),
        ('figure("minjia.commended-share", unti="1", digits="2")', [
            "'unti' is none of what 'figure' takes, id, unit, digits, language, cite; did you mean 'unit'?",
            "digits is '2'; write a whole number",
        ]),
        ("figure()", ["'figure' needs id; write figure(\"…\")"]),
        ("figure", ['write figure("…")']),
        ('question("weinan", "weinan.overlap")', [
            "'weinan.overlap' is no question to 'weinan'; there are weinan.venue-overlap, weinan.no-money; "
            "did you mean 'weinan.venue-overlap'?"
        ]),
        ('finding("weinan", "plan.venues")', [
            "'plan.venues' is no finding of 'weinan'; there are level.problems_per_village, "
            "level.people_trained, level.venues_upgraded, plan.venues_upgraded, gap.cost_per_venue, "
            "level.weinan.standard-areas, "
            "level.weinan.villages-inspected, level.venues_covered and 1 more; did you mean "
            "'plan.venues_upgraded'?"
        ]),
        ('chart("profil").title', [
            "'profil' is no chart of this memo; there are comparison_cost_per_venue, cost_per_venue, "
            "coverage, profile, readings_average_subsidy, readings_cost_per_m2, readings_cost_per_venue; "
            "did you mean 'profile'?"
        ]),
        ('chart("profile").titel', [
            "'titel' is none of what 'chart' has, caption, reference, title, subtitle, "
            "picture, note, source; did you mean 'title'?"
        ]),
        ('figure("minjia.total-investment").value', [
            "'figure' has nothing named 'value'; write {{ figure }}"
        ]),
    ],
)  # fmt: skip
def test_each_fault_of_a_call_says_what_to_write(data, memo, call, expected):
    assert messages(data, memo, f"{{{{ {call} }}}}") == expected


def test_a_memo_on_a_theme_has_no_place_of_its_own(data):
    memo = memo_on(data, {"theme": "branches", "language": "en"})
    assert messages(data, memo, '{{ estimate(programme, "yearly_pay") }}') == [
        "this memo is on no single place; name one in quotation marks"
    ]


@pytest.mark.parametrize(
    "escape",
    [
        "figure.__globals__", 'figure("minjia.total-investment").__class__.__mro__', "figure.__call__('x')",
        "figure(title)", "figure(*notes)", "figure(**loop)", "figure('a' ~ 'b')", "figure(figure('x'))",
        "(figure)('x')()", "chart('profile').picture()", "chart('profile').__init__", "charts.get('x')",
        "title.format('x')", "range(9)", "cycler('a')", "lipsum()", "namespace()", "self.x()",
        "estimate('ludian', 'cost_per_venue', object=[])", "figure('x') > 1", "figure('x') + 1",
        "figure('x')|attr('passage')", "notes.append('x')", "question('minjia', 'years', number=1.5)",
    ],
)  # fmt: skip
def test_no_call_reaches_beyond_the_list(data, memo, escape):
    with pytest.raises(TemplateError):
        file_of(data, memo, saved(with_text(f"{{{{ {escape} }}}}")), "office.docx")


def test_the_item_of_a_loop_is_not_called(data, memo):
    loop = "{% for figure in notes %}{{ figure('x') }}{% endfor %}"
    [fault] = faults(data, memo, loop)
    assert fault.endswith("'figure' is no function here, but the item of a loop; name the item otherwise")
    [fault] = faults(data, memo, "{% for programme in notes %}{{ programme }}{% endfor %}")
    assert fault.endswith("'programme' is the place of the memo; name the item otherwise")


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("programme", ["ludian", "minjia", "weinan"])
def test_each_call_of_the_catalogue_gives_the_value_that_it_lists(data, programme, language):
    memo = memo_on(data, {"programme": programme, "language": language})
    listed = list(list_values(data, memo))
    assert {each.kind for each in listed} == {"figure", "estimate", "finding", "question", "chart", "table"}
    texts = [each for each in listed if each.kind in ("figure", "estimate", "finding", "question")]
    # Each in a paragraph of its own, in one template: what is printed can be pasted.
    _, shown = filled(data, memo, *(f"{{{{ {each.call} }}}}" for each in texts))
    assert shown[-len(texts) :] == [each.value for each in texts]


def test_the_catalogue_names_the_call_the_value_and_what_it_is(data, memo):
    lines = to_text(list_values(data, memo)).splitlines()
    assert lines[:3] == [
        "# figure",
        '{{ figure("minjia.new-village-venues") }}',
        "    4 venues  [New venues of village general branches]",
    ]
    place = lines.index('{{ estimate("minjia", "cost_per_venue", object="village_venue", funder="total") }}')
    assert lines[place + 1] == (
        "    760,000 to 3.8 million yuan  [Cost per venue: Village venue, total cost]"
    )
    assert '{{p table("figures").grid }}' in lines


def test_the_command_lists_values_as_text_and_as_json(project_root, capsys, monkeypatch):
    monkeypatch.chdir(project_root)
    assert main(["memo", "--values", "weinan", "--language", "zh-Hans", "--json"]) == commands.OK
    rows = json.loads(capsys.readouterr().out)
    assert rows[0].keys() == {"kind", "call", "value", "label"}
    assert main(["memo", "--values", "weinnan"]) == commands.WRONG_INPUT
    assert "did you mean 'weinan'?" in capsys.readouterr().err
