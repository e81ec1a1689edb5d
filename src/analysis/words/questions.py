"""Questions to a county in words: what is asked, and what the answer settles whichever it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.estimates.measures import Estimate
from analysis.estimates.questions import ESTIMATE, FINDING, ORDER, Order, Question, Undated, Unsettled
from analysis.evidence.register import CONTRADICTION, MEASURES, OPEN_YEAR
from analysis.evidence.rows import Choice, Coding, Figure, Reading, rows_of
from analysis.words.findings.pieces import inside
from analysis.words.labels import Labels

MOST_AMOUNTS = 5
"""So many amounts without a year are named in a question."""
MOST_MEASURES = 2
"""So many measures of values are named as what an answer decides; of more, their themes are."""


def ask(labels: Labels, question: Question) -> str:
    """Return what is asked, as a person at the county can answer it."""
    about = question.about
    if isinstance(about, Choice):
        return labels.of(about, "question")
    return _ask_gap(labels, about) if isinstance(about, Coding) else _ask_years(labels, about)


def _ask_gap(labels: Labels, coding: Coding) -> str:
    """Return what the text leaves out, in the curator's words, and the question for it."""
    keys = (f"{coding.measure}_{coding.stage}", coding.measure, "any")
    key = next(key for key in keys if f"questions.ask.{key}" in labels.text.messages)
    return labels.sentences([labels.of(coding, "note"), labels.text(f"questions.ask.{key}")])


def _ask_years(labels: Labels, about: Undated) -> str:
    rows = {row.figure_id: row for row in rows_of(Figure, labels.data.figures)}
    named = [rows[name] for name in about.figure_ids]
    found = [row for row in named if row.unit.startswith("CNY") and not row.year]
    texts = dict.fromkeys(labels.text.pick(labels.text.money(row.value), row.printed) for row in found)
    amounts = list(texts)[:MOST_AMOUNTS]
    listed = labels.text("number.list_separator").join(amounts)
    if more := len(texts) - len(amounts):
        listed = labels.text("questions.more", amounts=listed, number=more)
    return _counted(labels, "undated", len(texts), amounts=listed)


def options(labels: Labels, question: Question) -> list[str]:
    """Return the answers to tick: years, or documents that contradict each other; none to other questions."""
    about = question.about
    if not isinstance(about, Choice):
        return []
    listed = OPEN_YEAR.readings_of(about.choice_id) or CONTRADICTION.owns(about.choice_id)
    rows = rows_of(Reading, labels.data.readings, choice_id=about.choice_id) if listed else []
    return [labels.of(row, "label") for row in rows if row.reading in question.answers]


def settles(labels: Labels, question: Question) -> str:
    """Return what the answer settles, whichever it is, in a sentence; orders come first.

    Where nothing is settled, how much depends on the answer.
    """
    values = _estimates(labels, question) or _findings(labels, question)
    said = [words for words in (_orders(labels, question), values) if words]
    if said:
        both = labels.text("questions.both", first=said[0], second=said[1]) if len(said) > 1 else said[0]
        return labels.text("questions.sentence", settles=both)
    if touched := [each for each in question.touched if each.kind != FINDING]:
        return _counted(labels, "narrows", len(touched))
    return labels.text("questions.nothing")


def _orders(labels: Labels, question: Question) -> str:
    number = question.least(ORDER)
    if not number:
        return ""
    certain = question.certain(ORDER)
    things = certain if len(certain) == number else question.touched
    orders = [each.what for each in things if isinstance(each.what, Order)]
    who = _others(labels, question.programme_id, orders)
    posts = {tuple(order.comparison.key.get(name, "") for name in ("place", "post")) for order in orders}
    if len(certain) == number == len(posts) and all(post for _, post in posts):
        return _counted(labels, "posts", number, who=who)
    key = "order" if len(certain) == number else "least"
    what = _what(labels, [order.comparison.measure for order in orders], most=1)
    return _counted(labels, key, number, who=who, what=what)


def _others(labels: Labels, programme: str, orders: Iterable[Order]) -> str:
    """Return against whom the orders are: a place by its name, or how many they are."""
    items = (item.split(":")[0] for order in orders for item in (order.pair.first, order.pair.second))
    places = list(dict.fromkeys(item for item in items if item != programme))
    if len(places) == 1:
        return labels.programme(places[0])
    return labels.text("questions.places", number=labels.text.number(len(places)))


def _estimates(labels: Labels, question: Question) -> str:
    number, about = question.least(ESTIMATE), question.about
    if not number:
        return ""
    if isinstance(about, Undated):
        return _counted(labels, "dated", number)
    if isinstance(about, Choice) and (years := OPEN_YEAR.readings_of(about.choice_id)):
        shown = labels.text("number.years", first=years[0], last=years[-1])
        return _counted(labels, "years", number, years=shown)
    what = _what(labels, _measures(question.certain(ESTIMATE) or question.touched))
    return _counted(labels, "decides" if isinstance(about, Choice) else "gap", number, what=what)


def _findings(labels: Labels, question: Question) -> str:
    number = question.least(FINDING)
    return _counted(labels, "findings", number) if number else ""


def _measures(things: Iterable[Unsettled]) -> list[str]:
    return [each.what.measure for each in things if isinstance(each.what, Estimate)]


def _what(labels: Labels, measures: Sequence[str], most: int = MOST_MEASURES) -> str:
    """Return the measures as they stand in a sentence, or their themes where they are more."""
    names = list(dict.fromkeys(labels.measure(code) for code in measures))
    if len(names) > most:
        themes = dict.fromkeys(MEASURES[code].theme for code in measures)
        names = [labels.text(f"report.section_{theme}") for theme in themes]
    return labels.text("number.list_separator").join(map(inside, names))


def _counted(labels: Labels, key: str, number: int, **values: object) -> str:
    """Return a message in the plural form that the language has for a number."""
    form = labels.text.rules.cldr.plural_form(number)
    return labels.text(f"questions.{key}_{form}", number=labels.text.number(number), **values)


def question_lines(labels: Labels, questions: Iterable[Question]) -> list[str]:
    """Return each question with its number and its place, and below it what the answer settles."""
    lines = []
    for number, question in enumerate(questions, start=1):
        asked = labels.text(
            "questions.about", place=labels.programme(question.programme_id), question=ask(labels, question)
        )
        lines.append(f"{number}. {asked}")
        lines.append(f"   {settles(labels, question)}")
    return lines or [labels.text("questions.none")]
