"""The sections of a report on its themes, the strongest first: a paragraph, a chart, a small table."""

from __future__ import annotations

import html
from itertools import chain

from analysis.evidence.themes import THEMES
from analysis.evidence.uncoded import uncoded
from analysis.show.chartbook.series import series_charts
from analysis.show.county.indicators import rest_table
from analysis.show.county.programme_view import ProgrammeView
from analysis.show.html import HasHtml, Html, Said, heading, piece, spoken
from analysis.words.findings.paragraphs import Paragraph
from analysis.words.findings.pieces import inside
from analysis.words.series import contradictions


def theme_title(view: ProgrammeView, theme: str) -> str:
    """Return the name of a theme with measures, or of one that only figures have."""
    return view.text(f"report.section_{theme}") if theme in THEMES else view.labels.term("theme", theme)


def theme_pieces(view: ProgrammeView, paragraph: Paragraph, charts: list[HasHtml]) -> list[HasHtml]:
    """Return the section of a theme; empty where nothing is left to say of it."""
    theme = paragraph.theme
    own = (row for row in view.own_estimates if row.theme == theme)
    figures = (tuple(chain.from_iterable(each.figure_ids for each in found)) for found in paragraph.said)
    said: list[Said] = [*zip(paragraph.sentences, figures, strict=True)]
    said += [(words, row.figure_ids.split()) for row, words in contradictions(view.labels, own)]
    table = rest_table(view, theme, paragraph.rest)
    series = series_charts(view.labels, view.programme, theme, view.price_year)
    words = [Html(f"<p>{spoken(said, view.text)}</p>")] if said else []
    rest = [table] if table else []
    shown = [*words, *charts, *series, *rest]
    title = [heading(theme, theme_title(view, theme), level=3)] if theme and shown else []
    # Where there is nothing, an answer may bring something.
    return [piece(f"{theme}.words", *title, *words), *charts, *series, piece(f"{theme}.rest", *rest)]


def silent_sentence(view: ProgrammeView, told: set[str]) -> list[HasHtml]:
    """Return a sentence on the themes that nobody has coded yet, and on those that nothing is printed of."""
    waiting = [each.theme for each in uncoded(view.data) if each.programme_id == view.programme]
    silent = [theme for theme in THEMES if theme not in told and theme not in waiting]
    return [
        _paragraph(
            view.text(key, themes=view.text.listing(inside(theme_title(view, each)) for each in themes))
        )
        for key, themes in (("report.uncoded", waiting), ("report.silent", silent))
        if themes
    ]


def _paragraph(words: str) -> Html:
    return Html(f"<p>{html.escape(words)}</p>")
