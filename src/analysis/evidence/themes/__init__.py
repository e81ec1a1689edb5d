"""The themes: one file each, whose ``THEME`` is the whole declaration. A file put here is a theme more."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from analysis.evidence.theme import Theme


def _declared() -> dict[str, Theme]:
    modules = (import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    themes: list[Theme] = sorted((module.THEME for module in modules), key=lambda theme: theme.rank)
    return {theme.code: theme for theme in themes}


THEMES: dict[str, Theme] = _declared()
