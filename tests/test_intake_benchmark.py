"""What the draft guesses right, of the documents and of invented articles, and what it asks."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from intake import calibration, curated, drafts, invented, questions, scores, shares

from analysis.estimates import processed

PRINTED = {"decided": 1.0, "place": 1.0, "value": 1.0, "qualifier": 1.0}


def below(agreed: pd.Series, floors: dict[str, float]) -> dict[str, float]:
    """Return the fields that agree less often than they did."""
    return {field: agreed[field] for field, floor in floors.items() if agreed[field] < floor}


def test_the_draft_of_an_invented_article_is_mostly_right() -> None:
    cells = {"unit": 0.92, "period": 0.9, "basis": 0.95, "status": 0.8, "year": 0.95, "theme": 0.78}
    names = {"id alike": 0.55, "subject_zh alike": 0.7, "subject alike": 0.55}
    assert below(shares(scores(drafts(invented()))), PRINTED | cells | names | {"coding": 0.85}) == {}


def test_what_is_said_to_be_sure_is_right_more_often() -> None:
    text = calibration(drafts(invented())).loc["theme"]
    unsure, likely = (int(text[level].partition("%")[0]) for level in ("unsure", "likely"))
    assert likely >= unsure + 30


def test_the_documents_are_drafted_and_questioned_as_a_curator_did(
    project_root: Path, sources_dir: Path
) -> None:
    """The rules were mended on these documents: the floors are of memory, not of foresight."""
    drafted = drafts(curated(processed.checked(project_root), sources_dir))
    floors = {
        "decided": 0.99,
        "excluded": 0.99,
        "reason": 0.97,
        "place": 0.98,
        "value": 0.98,
        "qualifier": 0.98,
        "theme": 0.88,
        "basis": 0.88,
        "period": 0.87,
        "unit": 0.84,
        "status": 0.84,
        "year": 0.8,
        "coding": 0.85,
        "coded": 0.55,
    }
    assert below(shares(scores(drafted)), floors) == {}
    asked = questions(drafted)
    assert asked["asked"].sum() >= 0.8 * asked["of"].sum()
    assert (asked["others"] <= 3 * asked["pages"]).all()
