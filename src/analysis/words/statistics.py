"""Statistics in words: the names of methods, and why one is refused."""

from __future__ import annotations

import pandas as pd

from analysis.estimates.inference import RULES, Refusal, Result
from analysis.words.language import Text


def method_name(text: Text, answer: Result | Refusal) -> str:
    """Return the method of an answer; one on synthetic data says so."""
    method = text(f"inference.method_{answer.method}")
    return text("inference.synthetic_method", method=method) if answer.synthetic else method


def refusal_phrase(text: Text, refusal: Refusal) -> str:
    """Return why something is not computed, and how many are still missing."""
    words = text(
        f"inference.refusal_{refusal.code}",
        label=text(f"inference.method_{refusal.method}"),
        each=RULES[refusal.method].per_parameter,
        n=refusal.n,
        needed=refusal.needed,
        missing=refusal.missing,
        unit=text(f"inference.unit_{refusal.unit}"),
        **refusal.values,
    )
    return text("inference.synthetic", text=words) if refusal.synthetic else words


def answer_frame(text: Text, answer: Result | Refusal) -> pd.DataFrame:
    """Return an answer as a frame to look at: its coefficients as factors, or the sentence of a refusal."""
    method = method_name(text, answer)
    if isinstance(answer, Refusal):
        return pd.DataFrame({method: [refusal_phrase(text, answer)]})
    columns = [name for name in ("effect", "effect_low", "effect_high", "df", "p") if name in answer.frame]
    frame = answer.frame.set_index("term")[columns]
    return frame.rename_axis(f"{method}, n = {answer.n}").round(4)
