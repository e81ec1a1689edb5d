"""What all errors of the input have in common, and how they name what there is."""

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(ValueError):
    """The data or the call is wrong, and nothing was done; the message says what to correct."""


def list_names(names: Iterable[object], most: int = 20) -> str:
    """Return the first ``most`` names as text, and how many more there are."""
    listed = [str(name) for name in names]
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more


def closest_names(value: object, allowed: Iterable[str], most: int, likeness: float) -> list[str]:
    """Return the ``most`` allowed names that are at least so like a value (0 to 1), whatever its capitals."""
    named = {name.lower(): name for name in allowed}
    return [named[name] for name in get_close_matches(str(value).strip().lower(), named, most, likeness)]


def did_you_mean(value: object, allowed: Iterable[str]) -> str:
    """Return ``did you mean 'x'?`` for the closest allowed value, or ``choose one of these``."""
    close = closest_names(value, allowed, 1, 0.5)
    return f"did you mean {close[0]!r}?" if close else "choose one of these"
