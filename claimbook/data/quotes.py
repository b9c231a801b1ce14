"""What the quote of a claim says in numbers, against what the claim says it states."""

import math
import re
from collections.abc import Iterator
from fractions import Fraction

from claimbook.base import units
from claimbook.data.models import ClaimEntry, Language, Part
from claimbook.numerals import Hedged, parse_hedged

# Words of a quote that stand beside its number and belong to its unit or its hedge.
WORDS = 6
_MARKS = re.compile("[“”\"']")
_TOLERANCE = 1e-9


def numbers(quote: str, language: Language) -> Iterator[Hedged]:
    """Every run of a few words in a quote that reads as one number, with its comparator."""
    words = _MARKS.sub("", quote).split()
    for start in range(len(words)):
        for end in range(start + 1, min(start + WORDS, len(words)) + 1):
            try:
                yield parse_hedged(" ".join(words[start:end]).rstrip("."), language)
            except ValueError:
                continue


def unstated(claim: ClaimEntry, part: Part, language: Language) -> str:
    """Why the quote does not state the number of a part, or nothing.

    A part that is a date or yes/no has no number, and no fault of this kind.
    """
    if part.kind not in ("number", "count"):
        return ""
    wanted = _in_words(part)
    found = {(float(number.value), number.comparator) for number in numbers(claim.quote, language)}
    if any(
        math.isclose(value, wanted, rel_tol=_TOLERANCE) and comparator == part.comparator
        for value, comparator in found
    ):
        return ""
    read = ", ".join(f"{comparator} {value:g}" for value, comparator in sorted(found)) or "none"
    return (
        f"expected a number that the quote has, with its comparator and unit; found "
        f"{part.comparator} {wanted:g}, and in the quote: {read}"
    )


def _in_words(part: Part) -> float:
    """The stated number as words of scale and a bare unit would have it; percent stay percent."""
    if part.unit == "percent":
        return float(part.stated)
    stated = units.quantity(Fraction(part.stated), part.unit)
    return float(stated.to_root_units().magnitude)
