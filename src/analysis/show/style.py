"""The style sheet that every page begins with."""

from __future__ import annotations

from pathlib import Path

from analysis.words.languages import LANGUAGES, SIMPLIFIED, css_list

TEMPLATES = Path(__file__).parent / "templates"


def base_style() -> str:
    """Return the style sheet that all pages begin with: colours by light and dark, fonts by language."""
    own = {code: css_list(language.fonts) for code, language in LANGUAGES.items() if language.fonts}
    rest = css_list(SIMPLIFIED)
    rules = (f":root:lang({code}) {{\n  --cjk: {fonts},\n    {rest};\n}}" for code, fonts in own.items())
    style = (TEMPLATES / "base.css").read_text(encoding="utf-8")
    return style.replace("/* fonts of languages */", "\n".join(rules))
