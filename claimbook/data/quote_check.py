"""Whether a claim's quote states the number that its entry has: value, hedge, scale and unit.

The longest phrase around a number counts, never a part of it: "gần 600 tỷ USD" states nearly 600
billion USD, and neither 600 nor 600 billion. What the words do not say they do not contradict: "600
tỷ giá trị" may be of any currency, and "60 USD" of a price list may be per million tokens.
"""

from collections.abc import Iterator
from fractions import Fraction

from claimbook import numerals, rule
from claimbook.base import formats, units
from claimbook.data.models import ClaimEntry, Language, Part
from claimbook.numerals import Phrase

# Units that the words must name, as those of time: a number alone does not mean them.
_SAID = (units.PERCENT, units.POINT)
_COMPARATORS_WITHOUT_NUMBER = ("most", "similar")


def unstated(claim: ClaimEntry, part: Part, language: Language) -> str:
    """Why the quote does not state the number of a part, or nothing.

    A part that is a date or yes/no has no number, and no fault of this kind. Nor has one that
    declares how the words state it, unless they plainly do.
    """
    if part.kind not in ("number", "count"):
        return ""
    found = list(numerals.phrases(claim.quote, language))
    stated = any(states(phrase, part) for phrase in found) or (
        part.comparator in _COMPARATORS_WITHOUT_NUMBER
        and numerals.mentions(claim.quote, language, part.comparator)
    )
    if part.quote_says:
        return (
            "quote_says: expected none, because the quote states the number; found a reason"
            if stated
            else ""
        )
    if stated:
        return ""
    read = "; ".join(map(_described, found)) or "none"
    return (
        "stated: expected a number that the quote has, with its comparator and unit; found "
        f"{part.comparator} {part.stated}, and in the quote: {read} (unit of the entry: "
        f"{part.unit}). If the words do say so, give the reason in quote_says"
    )


def states(phrase: Phrase, part: Part) -> bool:
    """Whether a phrase states the number of a part: with its comparator, and in its unit."""
    ends = rule.stated_ends(part.stated)
    if part.comparator not in phrase.comparators:
        return False
    if (ends[0] != ends[1]) != (phrase.value != phrase.high):
        return False
    found = (Fraction(phrase.value), Fraction(phrase.high))
    return any(
        all(_agree(number * factor, end, half) for number, end in zip(signed, ends, strict=True))
        for factor in _factors(phrase, part)
        for signed in _signed(found, phrase)
        for half in [rule.step(part.stated, part.rounding) / 2 if phrase.rough else Fraction(0)]
    )


def _agree(found: Fraction, stated: Fraction, half: Fraction) -> bool:
    return abs(found - stated) <= half


def _signed(ends: tuple[Fraction, Fraction], phrase: Phrase) -> Iterator[tuple[Fraction, Fraction]]:
    """The number as written, and with the sign that "fell by" leaves out."""
    yield ends
    if phrase.falls:
        yield -ends[1], -ends[0]


def _factors(phrase: Phrase, part: Part) -> Iterator[Fraction]:
    """By what the number of a phrase is multiplied to be in the unit of the part, if it can be."""
    above, rate, _ = part.unit.partition("/")
    if phrase.per is not None:
        count, nouns = phrase.per
        if not rate:
            return
        for unit in phrase.units:
            for noun in nouns:
                yield from _factor(f"{unit} / {noun}", 1 / count, part.unit)
        return
    if phrase.share and part.unit in (units.PERCENT, "ratio"):
        yield Fraction(100 if part.unit == units.PERCENT else 1)
    if not phrase.units:
        if part.unit not in _SAID and not units.alike(part.unit, "second"):
            # Of a rate the words may leave out what it is per.
            yield 1 / units.multiple(above.strip())
        return
    for unit in phrase.units:
        yield from _factor(unit, Fraction(1), part.unit)
        if rate:
            yield from _factor(unit, Fraction(1), above.strip())


def _factor(found: str, times: Fraction, wanted: str) -> Iterator[Fraction]:
    """A number in one unit, times something, in another unit; nothing if they differ in kind."""
    if (found in _SAID or wanted in _SAID) and found != wanted:
        return
    try:
        if units.alike(found, wanted):
            number = units.as_number(units.quantity(times, found), wanted)
            yield Fraction(number)
    except ValueError:
        return  # a unit of the words that the book does not have, such as another currency


def _described(phrase: Phrase) -> str:
    """A phrase as it was read, for a message."""
    number = formats.plainly(Fraction(phrase.value))
    if phrase.value != phrase.high:
        number = formats.span(number, formats.plainly(Fraction(phrase.high)))
    hedges = " or ".join(sorted(phrase.comparators)) or "unclear:"
    said = " or ".join(sorted(phrase.units))
    if phrase.per is not None:
        noun = " or ".join(sorted(phrase.per[1])) or "of something"
        count = "" if phrase.per[0] == 1 else f"{formats.plainly(phrase.per[0])} "
        said = f"{said} per {count}{noun}"
    return " ".join(filter(None, (hedges, number, said)))
