"""What the catalogues say of the themes: the formulas of measures, and what a new theme still lacks."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.evidence.register import MEASURES
from analysis.evidence.themes import THEMES
from analysis.words.language import Text, catalogue
from analysis.words.languages import LANGUAGES


def formulas(language: str = "en") -> dict[str, str]:
    """Return the formula of each measure in words."""
    text = Text.of(language)
    return {code: text(f"workbook.meaning.measure.{code}") for code in MEASURES}


def missing_wording() -> Iterator[str]:
    """Yield a sentence for each message that a theme needs and a written catalogue lacks."""
    for theme in THEMES.values():
        # Two languages may share a file of messages.
        for file, language in {each.catalogue: each for each in reversed([*LANGUAGES.values()])}.items():
            for key in theme.wording():
                if key not in catalogue(language.code):
                    expected = f"expected words for {theme.code}; add it"
                    yield f"src/analysis/words/text/{file}: {key}: missing — {expected}"
