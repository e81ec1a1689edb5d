"""What an audit has found, in the language of the memo: faults first, each in its sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.evidence.register import MEASURES
from analysis.evidence.rows import Figure, rows_of
from analysis.show.memo.claims import Known
from analysis.show.memo.claims.sentence import sentence_at
from analysis.show.memo.facts import Fact
from analysis.show.memo.matching import Support
from analysis.words.labels import Labels

EXCERPT = 60  # characters of a text that is shown beside what it rests on


@dataclass(frozen=True)
class Teller:
    """Says what is wrong with numerals; ``now`` are the facts of today by name."""

    labels: Labels
    now: Mapping[str, Sequence[Fact]]

    def say(self, key: str, **words: object) -> str:
        """Return a message of the audit."""
        return self.labels.text(f"audit.{key}", **words)

    def faults(self, lost: Sequence[Support]) -> Iterator[str]:
        """Yield the lines on numerals that do not hold: heading, sentence, then each numeral."""
        heading = text = None
        for support in lost:
            if support.heading != heading:
                heading = support.heading
                yield heading or self.say("no_heading")
            sentence = sentence_at(support.text, support.numeral.start)
            if sentence != text:
                text = sentence
                yield f"  {self.say('quoted', text=text)}"
            yield f"    {self.fault(support)}"

    def fault(self, support: Support) -> str:
        """Return what is wrong with one numeral, what it is, and what would be right."""
        said = [self.say(f"fault_{support.fault or 'value'}")]
        if support.agrees:
            said.append(self.say("is", known=self.known(support.agrees)))
        if (
            support.right
            and not support.was
            and (support.agrees is None or support.right.row != support.agrees.row)
        ):
            said.append(self.say("right", known=self.known(support.right)))
        said += [self._fate(fact) for fact in support.was[:1]]
        return self.say(
            "numeral", numeral=support.numeral.text.strip(), words=self.labels.text.rules.space.join(said)
        )

    def changed(self, support: Support, new: str) -> str:
        """Return how a number of a sentence has been changed."""
        sentence = sentence_at(support.text, support.numeral.start)
        return self.say("changed", old=support.numeral.text.strip(), new=new, sentence=sentence)

    def known(self, known: Known) -> str:
        """Return one value in words: its place, what it is, and how much."""
        row, text = known.row, self.labels.text
        if row is None:
            return text.quantity(known.amount.value, known.amount.unit)
        if isinstance(row, Figure):
            thing = self.labels.of(row, "subject")
            shown = self.say("printed", printed=text.convert(row.printed))
        else:
            thing = self.labels.with_detail(self.labels.measure(row.measure), [self.labels.dimensions(row)])
            shown = ""
        amount = known.amount
        value = text.interval(amount.value, amount.lower, amount.upper, amount.unit, short=False)
        year = self.labels.year(known.year, "") if known.year else ""
        detail = self.labels.attributes([year, shown])
        place = self.labels.programme(known.programme)
        return self.say("known", place=place, thing=thing, value=self.labels.with_detail(value, [detail]))

    def _fate(self, fact: Fact) -> str:
        """Return what a numeral rested on when the memo was made, and what has become of that."""
        others = self.now.get(fact.name, [])
        shown = self.labels.attributes(dict.fromkeys(map(self._value, others[:3])))
        thing = self._thing(fact)
        return self.say("was", fact=thing, now=shown) if others else self.say("gone", fact=thing)

    def _thing(self, fact: Fact) -> str:
        """Return what a fact is of, in words where it is a figure or an estimate."""
        kind, _, own = fact.name.split(",")[0].partition(" ")
        data = self.labels.data
        if kind == "figure" and own in data.amounts:
            [row] = rows_of(Figure, data.figures, figure_id=own)
            return self.labels.of(row, "subject")
        programme, *cell = own.split(" under ")[0].split("/")
        if kind == "estimate" and programme in data.programme_ids and cell[0] in MEASURES:
            return self.labels.measure(cell[0])
        return _cite(fact)

    def _value(self, fact: Fact) -> str:
        if fact.text or fact.value is None:
            return fact.text
        plain = fact.unit.startswith("#") or not fact.unit
        return self.labels.text.quantity(fact.value, "" if plain else fact.unit)

    def total(self, name: str, supports: Sequence[Support], same_data: bool) -> str:
        """Return how many numerals there are and how many do not hold."""
        lost = sum(not support.holds for support in supports)
        said = self.say("total", name=name, count=len(supports), lost=lost)
        return said if same_data else f"{said}{self.say('moved')}"

    def grounds(self, held: Sequence[Support]) -> Iterator[str]:
        """Yield what each numeral rests on that holds."""
        before = ""
        for support in held:
            if support.where != before:
                before = support.where
                shown = support.text if len(support.text) <= EXCERPT else f"{support.text[:EXCERPT]}…"
                yield f"{before}: {shown}"
            yield f"  {support.numeral.text}: {'; '.join(map(_cite, support.facts))} ({support.how})"


def _cite(fact: Fact) -> str:
    return f"{fact.name} [{fact.figures}]" if fact.figures else fact.name
