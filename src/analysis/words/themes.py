"""What the catalogues say of the themes: the formulas of measures, and what a new theme still lacks."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.evidence.register import MEASURES
from analysis.evidence.themes import THEMES
from analysis.words.catalogues import catalogue
from analysis.words.languages import LANGUAGES


def formulas() -> dict[str, str]:
    """Return the formula of each measure in English."""
    return {code: catalogue("en")[f"workbook.meaning.measure.{code}"] for code in MEASURES}


def theme_faults() -> Iterator[str]:
    """Yield a sentence, with the file, for all that is wrong with a theme or missing for it."""
    # Two languages may share a file of messages.
    written = {each.catalogue: each.code for each in reversed([*LANGUAGES.values()])}
    for code, theme in THEMES.items():
        yield from (f"src/analysis/evidence/themes: theme {code!r}: {fault}" for fault in theme.faults())
        for file, language in sorted(written.items()):
            missing = (key for key in theme.wording() if key not in catalogue(language))
            yield from (
                f"src/analysis/words/text/{file}: theme {code!r} has no message {key!r}; add it"
                for key in missing
            )
