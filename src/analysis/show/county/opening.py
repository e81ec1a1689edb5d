"""How a report on one place opens: its name, what it did, and the messages."""

from __future__ import annotations

import html
from itertools import chain

from analysis.show.county.programme_view import ProgrammeView
from analysis.show.html import Html, spoken
from analysis.show.shared import searched_for

MOST_TERMS = 3
HEADLINE, MESSAGE = "headline", "message"
"""What the pieces of an opening are called."""


def opening_html(view: ProgrammeView) -> Html:
    """Return the opening of a report."""
    messages = "".join(message_html(view, number) for number in range(len(view.account.messages)))
    caution = html.escape(view.labels.sentences([view.text("report.caution"), _levels(view)]))
    return Html(
        f"<h1>{html.escape(view.labels.programme(view.programme))}</h1>"
        f"<p><small>{html.escape(_programme(view))}</small></p>"
        f"{headline_html(view)}<ul>{messages}</ul>"
        f"<p><small>{caution}</small></p>"
    )


def headline_html(view: ProgrammeView) -> str:
    """Return the headline as a piece of the page."""
    figures = chain.from_iterable(finding.figure_ids for finding in view.account.leading)
    words = spoken([(view.account.headline, figures)], view.text)
    return f'<p class="headline" data-piece="{HEADLINE}"><strong>{words}</strong></p>'


def message_html(view: ProgrammeView, number: int) -> str:
    """Return a message as a piece of the page, in a list."""
    message = view.account.messages[number]
    figures = (finding.figure_ids for finding in message.findings)
    words = spoken(zip(message.sentences, figures, strict=True), view.text)
    return f'<li data-piece="{MESSAGE}.{number}">{words}</li>'


def _programme(view: ProgrammeView) -> str:
    """Return the programme by its name, and when its documents appeared."""
    dates = (view.labels.attributes(view.labels.publication(source)) for source in view.sources)
    return view.labels.with_detail(view.labels.of(view.place, "programme_name"), dict.fromkeys(dates))


def glossary(view: ProgrammeView) -> list[str]:
    """Return what terms mean that stand in the name of the programme or in the subjects of its figures."""
    name, subjects = str(view.place["programme_name_zh"]), " ".join(view.figures["subject_zh"])
    terms = [row for (field, _), row in view.data.terms.items() if field == "glossary"]
    found = [(rank, en, zh, searched_for(zh)) for rank, en, zh in terms]
    named = sorted((row for row in found if row[-1] in name + subjects), key=lambda row: row[-1] not in name)
    return [view.text.pick(en, zh) for _, en, zh, _ in named[:MOST_TERMS]]


def _levels(view: ProgrammeView) -> str:
    """Return of which levels the places are that stand beside each other; empty where they are alike."""
    levels = list(dict.fromkeys(view.selected.programmes["admin_level"]))
    if len(levels) < 2:
        return ""
    names = view.text.listing([view.labels.term("admin_level", level) for level in levels])
    return view.text("report.levels", levels=names)
