"""How sure a guess is and why: what tells a curator where to look first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sure = Literal["sure", "likely", "unsure"]
LEVELS: tuple[Sure, ...] = ("unsure", "likely", "sure")

# What a guess can rest on, and how sure that makes it. Their names for readers are in the catalogues.
GROUNDS: dict[str, Sure] = {
    "printed": "sure",  # in the numeral, its unit or its qualifier
    "unit_word": "sure",  # the unit word has one meaning
    "rate_word": "likely",  # 每村, 户均: an amount for each
    "usual_meaning": "likely",  # 名: persons
    "noun_beside": "likely",  # the noun that is counted stands beside the numeral
    "noun_near": "unsure",  # or only somewhere in the sentence
    "words_beside": "likely",  # 累计, 年内, 不低于 in the same clause
    "year_named": "likely",
    "year_of_publication": "likely",  # no other year is named
    "several_years": "unsure",  # the document names others
    "table_header": "likely",
    "nothing_said": "likely",  # no word says otherwise, and seldom any is needed
    "not_decided": "unsure",  # the text does not say, and it matters
    "accepted_alike": "likely",  # accepted rows say so of the same words
    "glossary": "likely",  # made of accepted words
    "words_unknown": "unsure",  # some words are not in the glossary
    "phrase": "likely",  # the words around the numeral
    "pattern": "likely",  # a declared pattern of codings
    "ambiguous": "unsure",  # a sentence that can be read in two ways
}


@dataclass(frozen=True)
class Guess:
    """A cell as guessed: its value, the code in ``GROUNDS`` of what it rests on, and the words quoted."""

    value: str
    why: str
    words: str = ""

    @property
    def sure(self) -> Sure:
        """How sure the guess is."""
        return GROUNDS[self.why]

    def __str__(self) -> str:
        return f"{self.why} “{self.words}”" if self.words else self.why


Guesses = dict[str, Guess]
"""The guesses of a row by column."""


def unsure_of(guesses: Guesses) -> list[str]:
    """Return the columns of a row that nobody should accept unseen."""
    return [column for column, guess in guesses.items() if guess.sure == "unsure"]


def unsure_cells(guesses: Guesses) -> str:
    """Return the unsure columns as a cell of the draft: each with what its guess rests on."""
    return "; ".join(f"{column}: {guesses[column]}" for column in unsure_of(guesses))
