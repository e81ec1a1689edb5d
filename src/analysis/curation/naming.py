"""What a figure is called: its subject in both languages and its id, as drafted from the phrase around it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from analysis.curation.glossary import Glossary, Word, plural
from analysis.curation.phrases import Phrase, phrase_of
from analysis.curation.sureness import Guess, Guesses
from analysis.evidence.units import VILLAGES

STAGES = {"before": ("（提高前）", "before the rise"), "after": ("（提高后）", "after the rise")}
_PERIODS = {"month": "monthly", "year": "yearly"}
_MANY = ("CNY", "m2", "share", "ratio")
_SINGULAR = ("CNY/", *_MANY[1:])


def name_cells(glossary: Glossary, guesses: Guesses, before: str, after: str, source_id: str) -> Guesses:
    """Return the guesses at ``figure_id``, ``subject`` and ``subject_zh`` of a row with other guesses.

    An id that no word is known for is empty: the row then keeps the number of its paragraph.
    """
    unit = guesses["unit"].value
    phrase = phrase_of(before, after, unit)
    stage_zh, stage_en = STAGES.get(phrase.stage, ("", ""))
    subject_zh = Guess(phrase.text and phrase.text + stage_zh, _ground(phrase), phrase.text)
    same = glossary.accepted.get(subject_zh.value)
    if same and unit in (same.unit, ""):
        alike = (
            Guess(text, "accepted_alike", phrase.text) for text in (f"{source_id}.{same.tail}", same.subject)
        )
        names = dict(zip(("figure_id", "subject"), alike, strict=True)) | {"subject_zh": subject_zh}
        return names | ({} if unit else {"unit": Guess(same.unit, "accepted_alike", phrase.text)})
    parts = glossary.split(phrase.text)
    unknown = "".join(part for part in parts if isinstance(part, str))
    words = [part for part in parts if isinstance(part, Word)]
    ground = "words_unknown" if unknown or not words else "noun_near" if phrase.far else "glossary"
    words = [*words, *_from_cells(words, guesses)]
    subject = english(words, unit, stage_en)
    tail = id_of(words, guesses, phrase.stage)
    return {
        "figure_id": Guess(f"{source_id}.{tail}" if tail else "", ground, unknown),
        "subject": Guess(subject, ground, unknown),
        "subject_zh": subject_zh,
    }


def _from_cells(words: list[Word], guesses: Guesses) -> list[Word]:
    """Return what other cells say of pay and funds and the phrase does not: their period, and for whom."""
    kinds, said = {word.kind for word in words}, " ".join(word.en for word in words)
    if "money" not in kinds:
        return []
    period = _PERIODS.get(guesses["period"].value)
    place = guesses["unit"].value.partition("/")[2].partition("/")[0]
    more = [Word("", "period", period, "")] if period and "period" not in kinds else []
    if place in VILLAGES and not any(place in word.slug for word in words):
        more.append(
            Word("", "noun", "" if place.replace("-", " ") in said else place.replace("-", " "), place)
        )
    return more


def _ground(phrase: Phrase) -> str:
    return "not_decided" if not phrase.text else "noun_near" if phrase.far else "phrase"


def english(words: list[Word], unit: str, stage: str) -> str:
    """Return a subject in English: nouns in order, what was done after them, and whose money it is."""
    of = {
        kind: [word.en for word in words if word.kind == kind and word.en] for kind in {w.kind for w in words}
    }
    things = _things(words)
    put_into = of.get("money", [""])[-1].endswith("into")
    if things and unit and (put_into or not unit.startswith(_MANY)):
        things[-1] = plural(things[-1])
    noun = " ".join([*things, *of.get("verb", [])[-1:]])
    money = [*of.get("period", [])[:1], *of.get("money", [])[-1:]]
    if of.get("money"):
        noun = (
            f"{' '.join(money)}{_link(of['money'][-1], things)}{' '.join(things)}"
            if things
            else " ".join(money)
        )
    text = " ".join([noun, *of.get("funder", [])[:1], *of.get("when", [])[:1], *([stage] if stage else [])])
    return text[:1].upper() + text[1:]


def _things(words: list[Word]) -> list[str]:
    """Return the nouns with what describes them; a comma where the text has 、 or 和 between two."""
    things: list[str] = []
    for word in words:
        if word.kind in ("adjective", "noun") and word.en:
            things.append(word.en)
        elif word.kind == "join" and things:
            things[-1] = things[-1].rstrip(",") + ","
    return [*things[:-1], things[-1].rstrip(",")] if things else []


def _link(money: str, things: list[str]) -> str:
    if not things:
        return ""
    return " " if money.endswith("into") else " of "


def id_of(words: list[Word], guesses: Guesses, stage: str) -> str:
    """Return an id without the document: what is counted, what was done, which part of it is the figure."""
    money = [word.slug for word in words if word.kind == "money"]
    thing = _thing(words, guesses["unit"].value)
    if not thing and not money:
        return ""
    done = [word.slug for word in words if word.kind == "verb" and word.slug not in ("", "new", "upgraded")]
    parts = _parts(thing, money[-1:], done[-1:], guesses)
    tail = ".".join(filter(None, [*dict.fromkeys(parts), stage]))
    return re.sub("-{2,}", "-", tail)


def _thing(words: list[Word], unit: str) -> str:
    """Return the nouns of an id, the last one in the plural where several are counted."""
    nouns = (word.slug for word in words if word.kind in ("adjective", "noun") and word.slug)
    slugs = list(dict.fromkeys(nouns))[-3:]
    of_money = any(word.kind == "money" for word in words)
    if slugs and unit and (unit == "CNY" or not of_money) and not unit.startswith(_SINGULAR):
        slugs[-1] = plural(slugs[-1])
    return "-".join(slugs)


def _parts(thing: str, money: list[str], done: list[str], guesses: Guesses) -> list[str]:
    """Return the parts of an id, between dots: ``pay.deputy``, ``village-venues.amount``."""
    unit, theme = guesses["unit"].value, guesses["theme"].value
    if unit in ("share", "ratio"):
        return [*money, thing, "share"]
    if theme == "stipends" and (money or unit.startswith("CNY/")):
        return ["pay", thing]
    if money and (unit.startswith("CNY/") or not unit):
        return [*money, thing]
    if unit.startswith("CNY"):
        kind = "standard" if "/" in unit else "amount"
        return [thing, *(money if money and money[0] not in ("funds", "subsidy") else [kind])]
    return ["-".join(filter(None, [thing, *done]))]


def without_doubles(rows: list[Guesses]) -> list[Guesses]:
    """Return the rows with ids that differ: a count beside its amount, a number for what is the same."""
    ids = {row["figure_id"].value for row in rows}
    for row in rows:
        value = row["figure_id"].value
        if f"{value}.amount" in ids:
            row["figure_id"] = replace(row["figure_id"], value=f"{value}.count")
    seen: Counter[str] = Counter()
    named = []
    for row in rows:
        guess = row["figure_id"]
        seen[guess.value] += 1
        if guess.value and (number := seen[guess.value]) > 1:
            row = row | {"figure_id": Guess(f"{guess.value}-{number}", "not_decided", guess.words)}
        named.append(row)
    return named
