"""Sentences read for what their numerals claim: whose, of what, in which unit, year and direction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from analysis.evidence.characters import normalise
from analysis.evidence.numerals import find
from analysis.show.memo.claims.claim import Claim, PlaceNames
from analysis.show.memo.claims.vocabulary import Vocabulary
from analysis.words.scan import Numeral, numerals
from analysis.words.sentences import places_of_sentences

_STOP = re.compile(r"[，；、—]|[,;](?![0-9])")
_YEAR = re.compile(r"(?<![0-9.,])(?:19|20)[0-9]{2}(?=年|\b)(?!\s*(?:yuan|元|万)|[.,][0-9])")
_PRICES = re.compile(
    r"prices of (?:19|20)[0-9]{2}|(?:in|at) (?:19|20)[0-9]{2} prices"
    r"|(?:按|以)?(?:19|20)[0-9]{2}年(?:的)?(?:不变)?价格",
    re.IGNORECASE,
)
MOST_DOUBLINGS = 60
_MORE = re.compile("[多余](?![0-9])")


def claims_in(text: str, language: str, names: PlaceNames, default: Sequence[str] = ()) -> Iterator[Claim]:
    """Yield what each numeral of a paragraph claims; ``default`` are its places if it names none."""
    carried: tuple[str, ...] = ()
    found = numerals(text, language)
    for start, end in places_of_sentences(text):
        own = [
            replace(numeral, start=numeral.start - start, end=numeral.end - start)
            for numeral in found
            if start <= numeral.start < end
        ]
        sentence = _Sentence(text[start:end], names, carried, tuple(default))
        for claim in sentence.claims(own):
            numeral = claim.numeral
            yield replace(
                claim, numeral=replace(numeral, start=numeral.start + start, end=numeral.end + start)
            )
        carried = tuple(dict.fromkeys(place for *_, place in sentence.mentions)) or carried


def sentence_at(text: str, place: int) -> str:
    """Return the sentence of a text that a place is in."""
    return next((text[a:b].strip() for a, b in places_of_sentences(text) if a <= place < b), text)


class _Sentence:
    """One sentence, cut at its marks into parts, and at its conjunctions into pieces."""

    def __init__(
        self, text: str, names: PlaceNames, carried: tuple[str, ...], default: tuple[str, ...]
    ) -> None:
        self.text, self.carried = text, carried or default
        self.normal = normalise(text)
        self.words = Vocabulary.of(self.normal)
        self.mentions = names.mentions(self.normal)
        self.terms = self.words.terms(self.normal)
        self.parts = self._cut(_STOP)
        self.pieces = self._cut(self.words["clause"])
        self.quantities = {quantity.start: quantity for quantity in find(text)}
        self.blank = self._without_places()
        self.spans: list[tuple[int, int]] = []
        self.order = self._order()

    def _without_places(self) -> str:
        text = self.normal
        for start, end, _ in self.mentions:
            text = text[:start] + " " * (end - start) + text[end:]
        return text

    def _cut(self, mark: re.Pattern[str]) -> list[tuple[int, int]]:
        cuts = [0, *(m.start() for m in mark.finditer(self.normal) if self._cuts(m)), len(self.normal)]
        return list(pairwise(sorted(set(cuts))))

    def _cuts(self, mark: re.Match[str]) -> bool:
        """Return whether a mark stands between pieces, and not within a place's name or a number."""
        around = self.normal[max(0, mark.start() - 3) : mark.end() + 3]
        if re.search(r"[0-9][,.:][0-9]", around[2:5]) or "（社区" in around or "社区）" in around:
            return False
        return not any(a < mark.end() and mark.start() < b for a, b, _ in self.mentions)

    def claims(self, found: Sequence[Numeral]) -> Iterator[Claim]:
        years = {match.start() for match in _YEAR.finditer(self.normal)}
        counted = [numeral for numeral in found if numeral.start not in years]
        self.spans = [(numeral.start, numeral.end) for numeral in found]
        for numeral in found:
            claim = self._claim(numeral)
            if numeral.start in years:
                claim = replace(claim, relation="year", places=self._year_places())
            elif self.words["respectively"].search(self.normal):
                places = self._respective(numeral, counted) or claim.places
                claim = replace(claim, places=places, terms={**claim.terms, **self._listed(numeral, counted)})
            yield claim

    def _year_places(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place for *_, place in self.mentions)) or self.carried

    def _claim(self, numeral: Numeral) -> Claim:
        piece, part = self._around(numeral, self.pieces), self._around(numeral, self.parts)
        relation, direction = self._relation(numeral, part)
        if numeral.unit_words == "番":  # 翻两番: four times as much
            doubled = tuple(2.0 ** min(each, MOST_DOUBLINGS) for each in numeral.values)
            relation, numeral = "multiple", replace(numeral, values=doubled)
        stage, before = self._from_to(numeral)
        terms = self._terms(numeral, piece, part)
        if stage:
            terms = {**terms, "stage": frozenset({stage})}
        named = tuple(dict.fromkeys(place for *_, place in self.mentions))
        words = self._whole(numeral) or self._tokens(numeral, piece, part)
        first = max((end for _, end in self.spans if end <= numeral.start), default=0)
        last = min((start for start, _ in self.spans if start >= numeral.end), default=len(self.blank))
        near = max(first, piece[0]), min(last, piece[1])
        return Claim(
            numeral,
            self.text,
            self.words.name,
            places=self._places(numeral, piece),
            named=named,
            terms=terms,
            words=words,
            period=self._period(numeral, piece, part),
            years=self._years(numeral, part),
            qualifier=self._qualifier(numeral),
            relation=relation,
            direction=direction,
            is_change=self._changes(numeral, part),
            compares=self._compares(numeral),
            each=self._has("each", near),
            total=self._has("total", (near[0], numeral.start if self.words.name == "zh" else near[1])),
            stage=stage,
            before=before,
            beside=self._beside(),
            order=self.order,
        )

    @staticmethod
    def _around(numeral: Numeral, cuts: Iterable[tuple[int, int]]) -> tuple[int, int]:
        return next((a, b) for a, b in cuts if a <= numeral.start < b)

    # Whose

    def _places(self, numeral: Numeral, piece: tuple[int, int]) -> tuple[str, ...]:
        """Return the places a numeral is of: named in its piece, else before it, else after it."""
        groups = self._groups()
        inside = [group for group in groups if piece[0] <= group[0] < piece[1]]
        before = [group for group in groups if group[1] <= numeral.start]
        after = [group for group in groups if group[0] >= numeral.end]
        if inside:
            ahead = [group for group in inside if group[1] <= numeral.start]
            return (ahead or inside)[-1 if ahead else 0][2]
        if before:
            return before[-1][2]
        return after[0][2] if after else self.carried

    def _groups(self) -> list[tuple[int, int, tuple[str, ...]]]:
        """Return the places named, those that are joined by "and" together."""
        groups: list[tuple[int, int, tuple[str, ...]]] = []
        for start, end, place in self.mentions:
            if groups and self.words["joined"].fullmatch(self.normal[groups[-1][1] : start]):
                first, _, places = groups.pop()
                groups.append((first, end, (*places, place)))
            else:
                groups.append((start, end, (place,)))
        return groups

    def _respective(self, numeral: Numeral, counted: Sequence[Numeral]) -> tuple[str, ...]:
        """Return the place that comes in the order of the numerals, where a list is told respectively."""
        for _, end, places in self._groups():
            listed = [each for each in counted if each.start >= end][: len(places)]
            if len(places) > 1 and len(listed) == len(places) and numeral in listed:
                return (places[listed.index(numeral)],)
        return ()

    def _order(self) -> tuple[str, str, int] | None:
        """Return the two places of which one is said to be above (1) or below (-1) the other, if any."""
        patterns = self.words.group("relations")
        for (_, end, first), (start, stop, second) in pairwise(self.mentions):
            between, after = self.normal[end:start], self.normal[stop : stop + 12]
            if first == second:
                continue
            if self.words.name == "zh" and between.endswith("比"):
                tail = re.match(r"[^。；]{0,10}?(高|多|贵|大|低|少|便宜|小)", after)
                if tail:
                    return first, second, 1 if tail[1] in "高多贵大" else -1
            for name, sign in (("above", 1), ("below", -1)):
                for match in patterns[name].finditer(between):
                    rest = between[match.end() :]
                    if len(rest) <= (4 if self.words.name == "zh" else 40) and not _STOP.search(rest):
                        return first, second, sign
        return None

    # Of what

    def _terms(
        self, numeral: Numeral, piece: tuple[int, int], part: tuple[int, int]
    ) -> dict[str, frozenset[str]]:
        found = {}
        money = (
            "元" in numeral.unit_words
            or "yuan" in numeral.after[:12]
            or (not numeral.unit_words and numeral.distinctive)
        )
        is_said_before = money and self._is_short(numeral, piece)
        for field_, spans in self.terms.items():
            near = self._codes(spans, piece) or self._codes(spans, part)
            if not near and is_said_before and field_ in ("object", "works", "post"):
                earlier = [(a, b, code) for a, b, code in spans if b <= numeral.start]
                near = frozenset({max(earlier)[2]}) if earlier else near
            if near:
                found[field_] = near - {"head"} if len(near) > 1 else near
        return found

    def _is_short(self, numeral: Numeral, piece: tuple[int, int]) -> bool:
        """Return whether a piece says next to nothing but its number: what it is of, an earlier one says."""
        rest = self.blank[piece[0] : numeral.start] + self.blank[numeral.end : piece[1]]
        return len(re.findall("[\u4e00-\u9fff]|[a-z]{4,}", rest)) <= 4

    def _listed(self, numeral: Numeral, counted: Sequence[Numeral]) -> dict[str, frozenset[str]]:
        """Return the codes that come in the order of the numerals, where a list is told respectively."""
        found = {}
        for field_, spans in self.terms.items():
            ordered = sorted(spans)
            listed = [each for each in counted if ordered and each.start >= ordered[-1][1]][: len(ordered)]
            if len(ordered) > 1 and len(listed) == len(ordered) and numeral in listed:
                found[field_] = frozenset({ordered[listed.index(numeral)][2]})
        return found

    @staticmethod
    def _codes(spans: Iterable[tuple[int, int, str]], within: tuple[int, int]) -> frozenset[str]:
        return frozenset(code for a, b, code in spans if within[0] <= a < within[1])

    def _whole(self, numeral: Numeral) -> dict[str, float]:
        """Return the words on what a part is told of, where a numeral is that: of 103 villages, 103个村中."""
        if self.words.name == "zh":
            match = re.match(
                r"[^，。；]{1,12}(?=中|的[0-9一二三四五六七八九十约近])", self.blank[numeral.end :]
            )
        else:
            of = re.search(r"\b(?:of|of its|of the|among)\s+(?:the |its )?$", self.blank[: numeral.start])
            match = re.match(r"[^,.;(]{1,40}", self.blank[numeral.end :]) if of else None
        return dict.fromkeys(self.words.tokens(match[0]), 1.0) if match else {}

    def _tokens(self, numeral: Numeral, piece: tuple[int, int], part: tuple[int, int]) -> dict[str, float]:
        weights: dict[str, float] = {}
        own = self._near(numeral, piece) if self._shared(piece) else piece
        for weight, span in ((0.25, (0, len(self.blank))), (0.6, part), (1.0, own)):
            weights |= dict.fromkeys(self.words.tokens(self.blank[slice(*span)]), weight)
        return weights

    def _shared(self, piece: tuple[int, int]) -> bool:
        return sum(piece[0] <= start < piece[1] for start, _ in self.spans) > 1

    def _near(self, numeral: Numeral, piece: tuple[int, int]) -> tuple[int, int]:
        """Return where the words stand between a numeral and its neighbours; in Chinese, the nearest."""
        first = max((end for _, end in self.spans if end <= numeral.start), default=0)
        last = min((start for start, _ in self.spans if start >= numeral.end), default=len(self.blank))
        if self.words.name == "zh":
            first, last = max(first, numeral.start - 6), min(last, numeral.end + 5)
        return max(first, piece[0]), min(last, piece[1])

    # In which unit, when, how much

    def _period(self, numeral: Numeral, piece: tuple[int, int], part: tuple[int, int]) -> str:
        for a, b in (piece, part):
            text = self.normal[a : numeral.start] + self.normal[numeral.start : b]
            found = {name for name, pattern in self.words.group("periods").items() if pattern.search(text)}
            if len(found) == 1:
                return found.pop()
        return ""

    def _years(self, numeral: Numeral, part: tuple[int, int]) -> tuple[int, ...]:
        text = _PRICES.sub(lambda match: " " * len(match[0]), self.normal)
        here = [
            int(m[0])
            for m in _YEAR.finditer(text[: part[1]])
            if m.start() >= part[0] and m.start() != numeral.start
        ]
        earlier = [int(m[0]) for m in _YEAR.finditer(text[: numeral.start]) if m.start() != numeral.start]
        return tuple(here or earlier[-1:])

    def _qualifier(self, numeral: Numeral) -> str:
        before, after = self.normal[: numeral.start], self.normal[numeral.end :]
        if _MORE.search(self.normal[numeral.start : numeral.end]):
            return "above"
        quantity = self.quantities.get(numeral.start)
        inside = self.normal[numeral.start : numeral.end]
        for name, pattern in self.words.group("qualifiers").items():
            lead = re.match(r"[^0-9a-zA-Z一二三四五六七八九十百千两]*", inside)
            ahead = before + (lead[0] if lead else "")
            if pattern.search(ahead.rstrip() if self.words.name == "zh" else ahead):
                return name
        for name, pattern in self.words.group("qualifiers_after").items():
            tail = re.sub(r"^.*[0-9万亿千百十个名元件次%]", "", inside) + after
            if pattern.search(tail):
                return name
        return "least" if quantity and quantity.qualifier == "at_least" else ""

    def _relation(self, numeral: Numeral, part: tuple[int, int]) -> tuple[str, int]:
        """Return how a numeral relates values, and in which direction its part of the sentence goes."""
        patterns = self.words.group("relations")
        ahead = self._unqualified(self.normal[part[0] : numeral.start])
        behind = self.normal[numeral.end : part[1]]
        rose, fell = patterns["rose"].search(ahead), patterns["fell"].search(ahead)
        direction = 1 if rose and not fell else -1 if fell and not rose else 0
        multiple = numeral.unit_words in ("倍", "番") or bool(patterns["times"].search(behind))
        percent = bool(numeral.fits("share"))
        by = bool(patterns["by"].search(ahead))
        compared = self._compared(ahead, behind)
        if multiple:
            return ("growth" if direction and by else "multiple"), direction or compared
        if percent and direction and patterns["rise_to"].search(ahead):
            return "multiple", direction
        if percent and direction and (by or self.words.name == "zh"):
            return "growth", direction
        if by and direction:
            return "difference", direction
        if compared:
            return ("growth" if percent else "difference"), compared
        return "", direction

    def _unqualified(self, ahead: str) -> str:
        """Return the words before a numeral without those that qualify it: more than, nearly."""
        for pattern in self.words.group("qualifiers").values():
            ahead = pattern.sub("", ahead)
        return ahead

    def _compared(self, ahead: str, behind: str) -> int:
        """Return whether a numeral is by how much one is above (1) or below (-1) another; else 0."""
        for name, sign in (("more", 1), ("less", -1)):
            pattern = self.words["differs_" + name]
            if pattern.search(ahead) or pattern.match(behind):
                return sign
        return 0

    def _beside(self) -> int:
        """Return where the sentence names what its first value is set beside: after 比 or than."""
        if self.words["former"].search(self.normal):
            return 0  # The former is the first.
        match = self.words["beside"].search(self.normal)
        return match.start() if match else -1

    def _has(self, name: str, within: tuple[int, int]) -> bool:
        return within[0] < within[1] and bool(self.words[name].search(self.normal[slice(*within)]))

    def _changes(self, numeral: Numeral, part: tuple[int, int]) -> bool:
        """Return whether a part tells of a rise or a fall, and not of one thing beside another."""
        ahead = self.normal[part[0] : numeral.start]
        patterns = self.words.group("relations")
        return bool(patterns["rose"].search(ahead) or patterns["fell"].search(ahead)) and not self.words[
            "beside"
        ].search(self.normal[slice(*part)])

    def _compares(self, numeral: Numeral) -> bool:
        """Return whether the words right around a numeral say that it is a difference."""
        around = (
            self.normal[max(0, numeral.start - 8) : numeral.start]
            + " "
            + self.normal[numeral.end : numeral.end + 24]
        )
        return bool(self.words["differs"].search(around))

    def _from_to(self, numeral: Numeral) -> tuple[str, int]:
        """Return whether a change began or ended with a numeral, and for an end where its begin stands."""
        for match in self.words["from_to"].finditer(self.normal):
            if match.start("a") <= numeral.start < match.end("a"):
                return "before", -1
            if numeral.start >= match.end() and re.fullmatch(
                "[^0-9，,。；;]{0,12}", self.normal[match.end() : numeral.start]
            ):
                return "after", match.start("a")
        return "", -1
