"""Imports without what takes seconds and is not needed."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

_GRAMMARS = "rfc3987_syntax"


def lean(module: str) -> ModuleType:
    """Return a module, imported without the grammars that jsonschema builds if it can, in two seconds.

    They check that a text is an IRI, which nothing in a notebook is (python-jsonschema/jsonschema#1428).
    jsonschema does without where the package is not installed; meanwhile it looks as if it were not.
    """
    if _GRAMMARS in sys.modules:
        return importlib.import_module(module)
    sys.modules[_GRAMMARS] = None  # type: ignore[assignment]
    try:
        return importlib.import_module(module)
    finally:
        del sys.modules[_GRAMMARS]
