"""The languages whose texts are written; the others are converted from these (test_language.py)."""

from analysis.words.languages import LANGUAGES

WRITTEN = [language.code for language in LANGUAGES.values() if not language.conversion]
