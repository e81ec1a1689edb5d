"""The API as a researcher meets it in a notebook: completion, examples that run, errors that help."""

import doctest
import inspect
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

import analysis
from analysis.estimates.comparison import Comparison
from analysis.show import cards, display
from analysis.show.export import csvfile
from analysis.show.tablekit import table_maker

PUBLIC = [name for name in analysis.__all__ if name not in ("Dataset", "Project")]
METHODS = ("figure", "source", "choice", "estimate", "show", "programme")


def documented() -> Iterator[tuple[str, object]]:
    yield from ((name, getattr(analysis, name)) for name in PUBLIC)
    yield from ((f"Project.{name}", getattr(analysis.Project, name)) for name in METHODS)
    yield "Comparison", Comparison
    yield from ((module.__name__, module) for module in (csvfile, table_maker, cards, display))


def test_completion_offers_the_verbs_and_nothing_else():
    assert dir(analysis) == sorted([*analysis.__all__, "__version__"])


def test_completion_imports_nothing_that_takes_seconds():
    code = "import sys, analysis; dir(analysis); print('matplotlib' in sys.modules, 'pandas' in sys.modules)"
    path = os.pathsep.join(path for path in sys.path if path)
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert ran.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("name", [*PUBLIC, *(f"Project.{name}" for name in METHODS)])
def test_every_verb_says_what_it_returns_and_shows_an_example(name):
    described = dict(documented())[name]
    doc = inspect.getdoc(described) or ""
    assert doc and ">>> " in doc, f"{name}: no example in its docstring"


def test_the_examples_run(data):
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    said: list[str] = []
    for name, described in documented():
        for example in finder.find(described, name, globs={"analysis": analysis, "data": data}):
            example.globs |= {} if not inspect.ismodule(described) else vars(described)
            runner.run(example, out=said.append)
    assert runner.tries and not runner.failures, "".join(said)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda data: analysis.explor, "no attribute 'explor'; it has Book, Comparison"),
        (lambda data: analysis.CountyReport(data, "ludan").opening(),
         "unknown programme 'ludan'; did you mean 'ludian'?"),
        (lambda data: analysis.ComparisonReport(data, "money"),
         "unknown theme 'money'; allowed are investment, stipends, branches"),
        (lambda data: analysis.compare(data, "cost"), "unknown measure 'cost'; allowed are cost_per_venue"),
        (lambda data: analysis.Book(data).chart("cost"), "name either a programme or a theme: chart("),
        (lambda data: data.figure("ludian.village-venue.amount"),
         "did you mean ludian.village-venues.amount"),
    ],
    ids=["package", "programme", "theme", "measure", "chart", "figure"],
)  # fmt: skip
def test_a_wrong_name_is_answered_with_what_to_do(data, call, message):
    with pytest.raises((AttributeError, KeyError, ValueError)) as caught:
        call(data)
    assert message in str(caught.value)
