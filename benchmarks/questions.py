"""What asking first settles: the first questions of a country against as many in random order.

``python benchmarks/questions.py`` writes a synthetic country, sorts its questions and prints seconds, and
how many orders are firm after the first ten answers, whatever these are, beside the mean of random orders.
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from invented import write_country

from analysis.estimates import processed
from analysis.estimates.questions import ORDER, Order, Question, Unsettled, questions

FIRST, DRAWS = 10, 20


def settled_by(asked: Iterable[Question]) -> int:
    """Return how many orders hold under every combination of answers to the questions asked."""
    names: dict[str, Question] = {}
    touched: dict[int, tuple[Unsettled, set[str]]] = {}
    for question in asked:
        for each in question.touched:
            if each.kind == ORDER:
                [name] = [n for n in each.settled_by if _is_of(n, question)]
                names[name] = question
                touched.setdefault(id(each), (each, set()))[1].add(name)
    return sum(_holds(each, sorted(choices), names) for each, choices in touched.values())


def _is_of(name: str, question: Question) -> bool:
    return name == getattr(question.about, "choice_id", "")


def _holds(each: Unsettled, choices: Sequence[str], names: dict[str, Question]) -> bool:
    """Return whether an order is the same in all readings that any combination of answers leaves."""
    assert isinstance(each.what, Order)
    robustness, pair = each.what.comparison.robustness, each.what.pair
    rows = robustness.standings(pair)
    combinations = itertools.product(*(names[choice].answers for choice in choices))
    return all(
        {
            sign
            for answers, sign in rows
            if all(
                answers.get(choice, answer) == answer
                for choice, answer in zip(choices, combination, strict=True)
            )
        }
        in ({1}, {-1})
        for combination in combinations
    )


def first_and_random(asked: Sequence[Question], seed: int = 1) -> tuple[int, float]:
    """Return the orders that the first questions settle, and the mean of as many in random order."""
    chance = random.Random(seed)
    drawn = [settled_by(chance.sample(asked, FIRST)) for _ in range(DRAWS)]
    return settled_by(asked[:FIRST]), sum(drawn) / DRAWS


def main() -> None:
    """Print how long the questions of a country take, and what the first of them settle."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programmes", type=int, default=200)
    size = parser.parse_args().programmes
    with tempfile.TemporaryDirectory() as folder:
        write_country(Path(folder), size)
        data = processed.load(folder)
        started = time.perf_counter()
        asked = questions(data)
        seconds = time.perf_counter() - started
    first, mean = first_and_random(asked)
    print(f"{size} programmes, {len(asked)} questions in {seconds:.1f} s")
    print(f"the first {FIRST} settle {first} orders; {FIRST} in random order {mean:.1f}, the mean of {DRAWS}")


if __name__ == "__main__":
    main()
