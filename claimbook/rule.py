"""The verdict rule: from a stated number and recomputed ones to a verdict.

Pure functions without input or output. Arithmetic is in fractions, so that an exact tie is a tie on
every platform. Stated and recomputed numbers are in one unit; percentages are in percent.
The page on method prints its widths and words from the constants and tables here.

Below zero, `about`, `nearly`, `similar`, `tens-of`, `hundreds-of` and `many` speak of size: "nearly
-17" runs from -17 towards zero. `more-than`, `at-least`, `less-than`, `at-most`, `well-above`,
`just-over` and `just-under` speak of order on the number line: whatever is well above S, or just
over it, is also more than S.

A stated number may be a range, written "5 to 6": each of its numbers counts as stated.
"""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor, isfinite
from numbers import Rational, Real
from typing import Final, Literal

RULE_VERSION: Final = "3"

Outcome = Literal["consistent", "not consistent", "undecided"]
Relation = Literal["inside", "disjoint", "overlap"]
Role = Literal["reading", "proxy", "context"]
Kind = Literal["number", "count", "date", "yes-no", "witnessed", "not-checkable"]
Rank = Literal["primary", "secondary", "tertiary"]
Says = Literal["supports", "contradicts", "silent"]
Weight = Literal["counted", "outranked", "retelling", "tertiary", "silent"]
Verdict = Literal[
    "holds",
    "depends on the reading",
    "nearly right",
    "holds in part",
    "does not hold",
    "unsettled",
    "not checkable",
]
Number = int | float | Fraction | Decimal
Recomputed = Number | tuple[Number, Number] | list[Number]
Stated = str | int | Decimal
RoundTo = str | Number

# Widths, since version 2. Shares are of the size of the stated number S, factors multiply it.
ABOUT: Final = Fraction(10, 100)  # share either way
NEARLY: Final = Fraction(5, 100)  # share by which the number may fall short
SIMILAR: Final = Fraction(10, 100)  # share either way
JUST: Final = Fraction(5, 100)  # share by which a number may lie just over or just under
WELL_ABOVE: Final = Fraction(12, 10)  # factor to be exceeded
TENS: Final = (Fraction(20), Fraction(100))  # factors
HUNDREDS: Final = (Fraction(200), Fraction(1000))  # factors
MANY: Final = Fraction(2)  # factor from which there are several
MOST: Final = Fraction(50)  # percent to be exceeded
NEARLY_RIGHT: Final = Fraction(10, 100)  # share of S by which a number may miss
SHARE_OF_REST: Final = Fraction(50)  # percent above which a miss is compared with the rest to 100
FAR_BEYOND: Final = Fraction(10)  # factor by which a one-sided statement is exceeded with a remark

RANGE: Final = " to "  # between both ends of a stated range
FLOAT_DIGITS: Final = 12  # significant digits at which a float is judged, and written

ENOUGH: Final[dict[Rank, int]] = {"primary": 1, "secondary": 2}  # independent witnesses of a rank

_HUNDRED_PERCENT: Final = Fraction(100)


@dataclass(frozen=True)
class Accepted:
    """The numbers that count as the stated one: one interval, since all its parts contain S.

    Attributes:
        low: lower end; None if there is none.
        high: upper end; None if there is none.
        low_open: the lower end itself is not accepted.
        high_open: the upper end itself is not accepted.
        whole: the ends are whole numbers, because things are counted.
    """

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False
    whole: bool = False

    @property
    def bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """Both ends, None where there is none."""
        return self.low, self.high

    def contains(self, number: Fraction) -> bool:
        """Whether a number is accepted."""
        return not (self._is_below(number) or self._is_above(number))

    def relation(self, low: Fraction, high: Fraction) -> Relation:
        """How the interval from `low` to `high`, both ends included, lies to the accepted set."""
        if self.contains(low) and self.contains(high):
            return "inside"
        return "disjoint" if self._is_below(high) or self._is_above(low) else "overlap"

    def distance_to_border(self, low: Fraction, high: Fraction) -> Fraction:
        """Distance from the interval to the nearest end of the accepted set; 0 if it touches.

        Of counts, from inside, to the nearest whole number that is not accepted: where 3 alone is,
        3 is one thing away from another outcome. From outside, to the nearest one that is.
        """
        relation = self.relation(low, high)
        if relation == "overlap":
            return Fraction(0)
        ends = self._borders(inside=relation == "inside")
        return min(_distance(end, low, high) for end in ends)

    def whole_numbers(self) -> "Accepted":
        """The whole numbers of this set."""
        low, high = self.low, self.high
        low_open, high_open = self.low_open, self.high_open
        if low is not None and not (low_open and high is None and low == floor(low)):
            low, low_open = Fraction(floor(low) + 1 if low_open else ceil(low)), False
        if high is not None and not (high_open and low is None and high == floor(high)):
            high, high_open = Fraction(ceil(high) - 1 if high_open else floor(high)), False
        return Accepted(low, high, low_open, high_open, whole=True)

    def _borders(self, *, inside: bool) -> Iterator[Fraction]:
        step = 1 if self.whole else 0
        if self.low is not None:
            yield self.low + step * (self.low_open - inside)
        if self.high is not None:
            yield self.high - step * (self.high_open - inside)

    def _is_below(self, number: Fraction) -> bool:
        if self.low is None:
            return False
        return number < self.low or (self.low_open and number == self.low)

    def _is_above(self, number: Fraction) -> bool:
        if self.high is None:
            return False
        return number > self.high or (self.high_open and number == self.high)


@dataclass(frozen=True)
class Comparator:
    """How the article compares: what it accepts, in words and as a function.

    Attributes:
        accepts: one sentence about S, the stated number, and U, the numbers that round to it.
        build: the accepted set for S and half a unit of its last digit.
        miss_from_border: S is not the number claimed but the noun's unit or a threshold to leave
            well behind, so that a miss is measured from the border of the accepted set.
        of_ranges: it can be said of a range.
    """

    accepts: str
    build: Callable[[Fraction, Fraction], Accepted]
    miss_from_border: bool = False
    of_ranges: bool = False


def _plain(number: Fraction) -> str:
    with localcontext(prec=28):
        quotient = (Decimal(number.numerator) / Decimal(number.denominator)).normalize()
    return f"{quotient:,f}".replace("-", "\u2212")


def _percent(share: Fraction) -> str:
    return f"{_plain(share * 100)} %"


def _around(share: Fraction) -> Callable[[Fraction, Fraction], Accepted]:
    def build(s: Fraction, half: Fraction) -> Accepted:
        # Never stricter than the bare number, hence the larger of the two.
        reach = max(half, share * abs(s))
        return Accepted(s - reach, s + reach)

    return build


def _nearly(s: Fraction, half: Fraction) -> Accepted:
    short = max(half, NEARLY * abs(s))
    return Accepted(s - short, s + half) if s >= 0 else Accepted(s - half, s + short)


def _just_over(s: Fraction, half: Fraction) -> Accepted:
    return Accepted(s, s + max(half, JUST * abs(s)), low_open=True)


def _just_under(s: Fraction, half: Fraction) -> Accepted:
    return Accepted(s - max(half, JUST * abs(s)), s, high_open=True)


def _multiples(least: Fraction, most: Fraction | None) -> Callable[[Fraction, Fraction], Accepted]:
    def build(s: Fraction, _: Fraction) -> Accepted:
        if s == 0:
            raise ValueError("expected the unit that is counted, such as 1 billion; found 0")
        near, far = least * s, None if most is None else most * s
        return Accepted(near, far) if s > 0 else Accepted(far, near)

    return build


COMPARATORS: Final[dict[str, Comparator]] = {
    "=": Comparator(
        "U: within half a unit of the last written digit of S, both ends included",
        lambda s, half: Accepted(s - half, s + half),
        of_ranges=True,
    ),
    "more-than": Comparator("above S", lambda s, _: Accepted(s, None, low_open=True)),
    "at-least": Comparator("S and above", lambda s, _: Accepted(s, None)),
    "less-than": Comparator("below S", lambda s, _: Accepted(None, s, high_open=True)),
    "at-most": Comparator("S and below", lambda s, _: Accepted(None, s)),
    "exactly": Comparator("S alone", lambda s, _: Accepted(s, s), of_ranges=True),
    "just-over": Comparator(
        f"above S by at most {_percent(JUST)}, or by half a unit of its last digit if that is more",
        _just_over,
    ),
    "just-under": Comparator(
        f"below S by at most {_percent(JUST)}, or by half a unit of its last digit if that is more",
        _just_under,
    ),
    "well-above": Comparator(
        f"above {_plain(WELL_ABOVE)} S, that is above S by more than {_percent(WELL_ABOVE - 1)}",
        lambda s, _: Accepted(s + (WELL_ABOVE - 1) * abs(s), None, low_open=True),
        miss_from_border=True,
    ),
    "about": Comparator(f"U together with S ± {_percent(ABOUT)}", _around(ABOUT), of_ranges=True),
    "nearly": Comparator(f"U together with S and up to {_percent(NEARLY)} less", _nearly),
    "tens-of": Comparator(
        f"{_plain(TENS[0])} S to {_plain(TENS[1])} S, S being the unit that the noun names",
        _multiples(*TENS),
        miss_from_border=True,
    ),
    "hundreds-of": Comparator(
        f"{_plain(HUNDREDS[0])} S to {_plain(HUNDREDS[1])} S, S being the unit that the noun names",
        _multiples(*HUNDREDS),
        miss_from_border=True,
    ),
    "many": Comparator(
        f"{_plain(MANY)} S and above, S being the unit that the noun names",
        _multiples(MANY, None),
        miss_from_border=True,
    ),
    "most": Comparator(
        f"above {_plain(MOST)} percent, whatever S",
        lambda _s, _half: Accepted(MOST, None, low_open=True),
        miss_from_border=True,
    ),
    "similar": Comparator(
        f"U together with S ± {_percent(SIMILAR)}", _around(SIMILAR), of_ranges=True
    ),
}


@dataclass(frozen=True)
class VerdictWords:
    """How a verdict is shown: in Vietnamese, as a shape, and in one sentence."""

    vi: str
    icon: str
    meaning: str


# From best to worst; the last stands apart.
VERDICTS: Final[dict[str, VerdictWords]] = {
    "holds": VerdictWords("đúng", "✓", "Every reading is consistent with the stated number."),
    "depends on the reading": VerdictWords(
        "tùy cách hiểu",
        "◐",
        "At least one reading is consistent with the stated number, and at least one is not.",
    ),
    "nearly right": VerdictWords(
        "gần đúng",
        "≈",
        "No reading is consistent, but one is off by at most "
        f"{_percent(NEARLY_RIGHT)} and in the right direction.",
    ),
    "holds in part": VerdictWords(
        "đúng một phần",
        "◧",
        "Of several parts at least one holds, and at least one does not hold or is unsettled.",
    ),
    "unsettled": VerdictWords(
        "chưa thể kết luận", "?", "The evidence decides neither for the statement nor against it."
    ),
    "does not hold": VerdictWords(
        "không đúng",
        "✗",
        "No reading is consistent or nearly right, or a check such as direction or date fails.",
    ),
    "not checkable": VerdictWords(
        "không kiểm chứng được", "–", "An opinion, a prediction or words without a number."
    ),
}

RANKS: Final[tuple[Rank, ...]] = ("primary", "secondary", "tertiary")  # from best to worst

_WORST_FIRST: Final[tuple[Verdict, ...]] = (
    "does not hold",
    "unsettled",
    "holds in part",
    "nearly right",
    "depends on the reading",
    "holds",
)


def accepted(
    stated: Stated, comparator: str, round_to: RoundTo | None = None, *, whole: bool = False
) -> Accepted:
    """Return the set of numbers that count as the stated one.

    Args:
        stated: The number as text with a decimal dot, because trailing zeros count: "96.40" is
            stricter than "96.4". A range is "5 to 6". For `tens-of`, `hundreds-of` and `many` the
            noun's unit.
        comparator: A key of `COMPARATORS`.
        round_to: To what S was rounded, in the unit of S; its last written digit if not given.
        whole: S counts things, so that only whole numbers count as it.

    Returns:
        The accepted set, in the unit of S.

    Raises:
        ValueError: `stated` is no number or range, `comparator` is unknown or does not apply to
            it, or `round_to` is not above 0.
        TypeError: `stated` is of another type, such as float.
    """
    if comparator not in COMPARATORS:
        raise ValueError(f"expected one of {', '.join(COMPARATORS)}; found {comparator!r}")
    low, high = stated_ends(stated)
    words = COMPARATORS[comparator]
    if low != high and not words.of_ranges:
        fitting = [name for name, other in COMPARATORS.items() if other.of_ranges]
        raise ValueError(
            f"comparator: expected one of {', '.join(fitting)} for a range, found {comparator!r}"
        )
    half = step(stated, round_to) / 2
    if whole and comparator in ("just-over", "just-under"):
        half = max(half, Fraction(1))  # the nearest whole number is one away
    found = words.build(low, half)
    if low != high:
        found = replace(found, high=words.build(high, half).high)
    return found.whole_numbers() if whole else found


def stated_ends(stated: Stated) -> tuple[Fraction, Fraction]:
    """Return both ends of a stated number, which differ for a range such as "5 to 6".

    Raises:
        ValueError: `stated` is no number, or a range that does not rise.
        TypeError: `stated` is of another type, such as float.
    """
    written = [Fraction(number) for number in _written(stated)]
    low, high = written[0], written[-1]
    if len(written) == 2 and low >= high:
        raise ValueError(f"stated: expected a range from low to high, found {stated!r}")
    return low, high


def decimals(stated: Stated) -> int:
    """Return how many decimals a stated number is written with; of a range, the longer one's."""
    return max(0, *(-int(number.as_tuple().exponent) for number in _written(stated)))


def step(stated: Stated, round_to: RoundTo | None = None) -> Fraction:
    """Return to what S was rounded: `round_to` if given, or else one unit of its last digit.

    Both ends of a range are taken to be rounded alike, as the longer one is.

    Raises:
        ValueError: `stated` is no number, or `round_to` is not above 0.
        TypeError: `stated` is of another type, such as float.
    """
    unit = Fraction(10) ** min(int(number.as_tuple().exponent) for number in _written(stated))
    if round_to is not None:
        unit = Fraction(_stated(round_to)) if isinstance(round_to, str) else exact(round_to)
    if unit <= 0:
        raise ValueError(f"round_to: expected a number above 0, found {round_to!r}")
    return unit


def rounded_to(number: Number, step: Fraction) -> tuple[Fraction, ...]:
    """Return the nearest multiple of a step, or both where a number lies halfway between two.

    Half-up and half-down are both honest, so a number such as 96.35 is 96.3 and 96.4.
    """
    steps = exact(number) / step
    down, up = ceil(steps - Fraction(1, 2)), floor(steps + Fraction(1, 2))
    return tuple(step * count for count in sorted({down, up}))


def assess(
    stated: Stated,
    recomputed: Recomputed,
    comparator: str = "=",
    round_to: RoundTo | None = None,
    recomputed_from_rounding: bool = False,
    *,
    whole: bool = False,
) -> Outcome:
    """Judge one reading.

    Args:
        stated: As for `accepted`.
        recomputed: A number, or its lowest and highest possible value, in the unit of S. Floats are
            judged at 12 significant digits, which is what results are written with.
        comparator: A key of `COMPARATORS`.
        round_to: As for `accepted`.
        recomputed_from_rounding: The width of `recomputed` is only the published rounding of
            inputs, so that reaching into the accepted set is enough.
        whole: As for `accepted`.

    Returns:
        "consistent" inside the accepted set, "not consistent" outside, else "undecided".

    Raises:
        ValueError: As for `accepted`; or `recomputed` is not finite or runs from high to low.
        TypeError: An argument is of another type.
    """
    relation = accepted(stated, comparator, round_to, whole=whole).relation(*as_range(recomputed))
    return _outcome(relation, overlap_is_enough=recomputed_from_rounding)


def assess_exact(
    stated: str, recomputed: bool | dt.date | Collection[bool] | Collection[dt.date]
) -> Outcome:
    """Judge one reading of a date or of yes/no.

    Args:
        stated: "yes", "no", or an ISO date, whose day or month may be missing: "2023-05" is any
            day of that month.
        recomputed: The answer, or all answers that the evidence leaves possible.

    Returns:
        "consistent" if every answer agrees, "not consistent" if none does, else "undecided".

    Raises:
        ValueError: `stated` is none of these, or there is no answer.
        TypeError: An answer is not of the type that `stated` asks for.
    """
    answers = list(recomputed) if isinstance(recomputed, Collection) else [recomputed]
    if not answers:
        raise ValueError(f"expected an answer to compare with {stated!r}, found none")
    agreeing = [_agrees(stated, answer) for answer in answers]
    if all(agreeing):
        return "consistent"
    return "undecided" if any(agreeing) else "not consistent"


def off_by(
    stated: Stated,
    recomputed: Recomputed,
    unit_is_percent: bool = False,
    comparator: str = "=",
) -> Fraction | None:
    """Return how far the recomputed number misses the stated one, as a share.

    The distance from S to the nearest end of the recomputed interval, over the size of S; of a
    range, from its nearest end, and nothing between a range and what overlaps with it. Where S
    is not the number claimed (`tens-of`, `hundreds-of`, `many`, `most`, `well-above`), the nearest
    border of the accepted set takes its place, so that coming closer never makes it worse.
    For percentages between 50 and 100 the distance is over the rest to 100.

    Args:
        stated: As for `accepted`.
        recomputed: As for `assess`.
        unit_is_percent: Both numbers are percentages.
        comparator: A key of `COMPARATORS`.

    Returns:
        The share, 0.1 for 10 %. None where S is 0 or 100 percent, which nothing is near to.

    Raises:
        ValueError: As for `assess`.
        TypeError: As for `assess`.
    """
    low, high = as_range(recomputed)
    lowest, highest = stated_ends(stated)
    nearest = _measured_from(stated, low, high, comparator)
    claimed = highest if low > highest else lowest
    in_a_range = lowest <= high and low <= highest and lowest != highest
    if not in_a_range and (claimed == 0 or (unit_is_percent and abs(claimed) == _HUNDRED_PERCENT)):
        return None
    if nearest is None:
        return Fraction(0)
    size = abs(nearest)
    if unit_is_percent and SHARE_OF_REST < size < _HUNDRED_PERCENT:
        size = _HUNDRED_PERCENT - size
    return _distance(nearest, low, high) / size


def missed_by(stated: Stated, recomputed: Recomputed, comparator: str = "=") -> Fraction:
    """Return the distance of which `off_by` is a share, in the unit of both numbers.

    Args:
        stated: As for `accepted`.
        recomputed: As for `assess`.
        comparator: A key of `COMPARATORS`.

    Raises:
        ValueError: As for `assess`.
        TypeError: As for `assess`.
    """
    low, high = as_range(recomputed)
    nearest = _measured_from(stated, low, high, comparator)
    return Fraction(0) if nearest is None else _distance(nearest, low, high)


def _measured_from(
    stated: Stated, low: Fraction, high: Fraction, comparator: str
) -> Fraction | None:
    """The number from which a miss is measured; None where nothing is missed."""
    lowest, highest = stated_ends(stated)
    allowed = accepted(stated, comparator)
    if lowest <= high and low <= highest and lowest != highest:
        return None
    if COMPARATORS[comparator].miss_from_border:
        if allowed.relation(low, high) != "disjoint":
            return None
        borders = [border for border in allowed.bounds if border is not None]
        return min(borders, key=lambda border: _distance(border, low, high))
    return highest if low > highest else lowest


def right_direction(stated: Stated, recomputed: Recomputed) -> bool:
    """Whether all of the recomputed interval has the sign of the stated number; 0 has none."""
    claimed = stated_ends(stated)
    return all(end * number > 0 for end in as_range(recomputed) for number in claimed)


def margin(
    stated: Stated,
    recomputed: Recomputed,
    comparator: str = "=",
    round_to: RoundTo | None = None,
    *,
    whole: bool = False,
) -> Fraction:
    """Return the distance from the recomputed interval to the nearest border of the accepted set.

    Args:
        stated: As for `accepted`.
        recomputed: As for `assess`.
        comparator: A key of `COMPARATORS`.
        round_to: As for `accepted`.
        whole: As for `accepted`. A count that agrees is then at least 1 inside: so many things
            more or less would change the outcome.

    Returns:
        In the unit of S: positive inside, negative outside, 0 on the edge, that is if the interval
        touches or contains a border.

    Raises:
        ValueError: As for `assess`.
        TypeError: As for `assess`.
    """
    low, high = as_range(recomputed)
    allowed = accepted(stated, comparator, round_to, whole=whole)
    distance = allowed.distance_to_border(low, high)
    return -distance if allowed.relation(low, high) == "disjoint" else distance


def exceeded(
    stated: Stated, recomputed: Recomputed, comparator: str
) -> tuple[Fraction, Fraction] | None:
    """Return how far a recomputed number lies beyond a one-sided statement, if that is very far.

    "More than 4.69 million" holds for 4.69 billion, and a reader should know by how much. Measured
    from S, or where S is not the number claimed (`many`, `well-above`) from the border of the
    accepted set.

    Args:
        stated: As for `accepted`.
        recomputed: As for `assess`.
        comparator: A key of `COMPARATORS`.

    Returns:
        The nearest end of the recomputed interval, and its ratio to the stated number: at least
        `FAR_BEYOND`, or at most 1 over it. None if it is nearer or not consistent, if the statement
        is bounded on both sides, or if S is 0 or has another sign.

    Raises:
        ValueError: As for `assess`.
        TypeError: As for `assess`.
    """
    low, high = as_range(recomputed)
    allowed = accepted(stated, comparator)
    if None not in allowed.bounds or allowed.relation(low, high) != "inside":
        return None
    nearest = low if allowed.high is None else high
    claimed = stated_ends(stated)[0]
    if COMPARATORS[comparator].miss_from_border:
        claimed = next(border for border in allowed.bounds if border is not None)
    if claimed == 0:
        return None
    ratio = nearest / claimed
    return (nearest, ratio) if ratio >= FAR_BEYOND or 0 <= ratio <= 1 / FAR_BEYOND else None


@dataclass(frozen=True)
class ReadingOutcome:
    """What the verdict of a part needs to know of one reading.

    Attributes:
        role: Only "reading" counts.
        outcome: None is for context alone.
        off_by: As `off_by` returns it; None where nothing is near.
        right_direction: As `right_direction` returns it.
    """

    role: Role
    outcome: Outcome | None
    off_by: Fraction | None = None
    right_direction: bool = False

    def __post_init__(self) -> None:
        if self.role == "reading" and self.outcome is None:
            raise ValueError("expected an outcome for a reading that counts, found none")


def part_verdict(
    readings: Iterable[ReadingOutcome],
    kind: Kind,
    *,
    checks_hold: bool = True,
    checks_open: bool = False,
    checkable: bool = True,
) -> Verdict:
    """Return the verdict of one part from its readings, whose order does not matter.

    A consistent reading beside an undecided one depends on the reading: it does not hold in every
    sense, and in one sense it does. Proxies neither carry nor refute a part; without a reading that
    counts it is unsettled.

    Args:
        readings: All readings, proxies and contexts of the part.
        kind: Of the part; only numbers and counts can be nearly right.
        checks_hold: No named check (direction, sign, unit, base, date) failed.
        checks_open: The evidence leaves a named check open; the part is then unsettled at best.
        checkable: False for an opinion, a prediction or words without a number.

    Returns:
        A key of `VERDICTS`.
    """
    if not checkable:
        return "not checkable"
    if not checks_hold:
        return "does not hold"
    verdict = _verdict_of_readings(readings, kind)
    return "unsettled" if checks_open and verdict != "does not hold" else verdict


def _verdict_of_readings(readings: Iterable[ReadingOutcome], kind: Kind) -> Verdict:
    counting = [reading for reading in readings if reading.role == "reading"]
    outcomes = {reading.outcome for reading in counting}
    if outcomes == {"consistent"}:
        return "holds"
    if "consistent" in outcomes:
        return "depends on the reading"
    if not outcomes or "undecided" in outcomes:
        return "unsettled"
    if kind in ("number", "count") and any(_is_near(reading) for reading in counting):
        return "nearly right"
    return "does not hold"


@dataclass(frozen=True)
class Witness:
    """What one cited row says of a statement, as far as the rule needs it.

    Attributes:
        source: who says it.
        rank: of the source, for this statement.
        says: whether it supports the statement, contradicts it, or leaves it open.
        depends_on: the source that it retells; empty if it speaks for itself.
        sense: in which sense of the words it speaks; empty if in all.
    """

    source: str
    rank: Rank
    says: Says
    depends_on: str = ""
    sense: str = ""

    def __post_init__(self) -> None:
        if self.rank == "primary" and self.depends_on:
            raise ValueError("expected a primary source to retell nobody, found depends_on")
        if self.depends_on == self.source:
            raise ValueError("expected a source that retells another one, found itself")


def witnessed_verdict(witnesses: Iterable[Witness]) -> Verdict:
    """Return the verdict of a statement from its witnesses, whose order does not matter.

    The best rank at which anybody says something decides, primary before secondary. At it the
    statement holds if enough independent witnesses support it (`ENOUGH`) and none contradicts, and
    does not hold the other way round. Where both is said of different senses of the words, it
    depends on the reading.
    """
    rows = list(witnesses)
    counting = [row for row, weight in zip(rows, weights(rows), strict=True) if weight == "counted"]
    if not counting:
        return "unsettled"
    sides = {
        side: [row for row in counting if row.says == side] for side in ("supports", "contradicts")
    }
    if all(sides.values()):
        senses = [{row.sense for row in side} for side in sides.values()]
        apart = all(_senses_of_one(*pair) for pair in (senses, senses[::-1]))
        return "depends on the reading" if apart else "unsettled"
    if len(independent(counting)) < ENOUGH[counting[0].rank]:
        return "unsettled"
    return "holds" if sides["supports"] else "does not hold"


def weights(witnesses: Iterable[Witness]) -> list[Weight]:
    """Return for each witness whether it counts, or why it does not, in their order.

    A tertiary source never counts, nor does one that is silent. One that retells another that is
    there leaves the word to it; of those that retell each other none comes first. Those of a lower
    rank than the best are outranked.
    """
    rows = list(witnesses)
    speaking = [row for row in rows if row.rank != "tertiary" and row.says != "silent"]
    best = min((RANKS.index(row.rank) for row in speaking), default=0)

    def weight(row: Witness) -> Weight:
        if row.says == "silent":
            return "silent"
        if row.rank == "tertiary":
            return "tertiary"
        retold = _retold(row, speaking)
        if any(row not in _retold(other, speaking) for other in retold if other != row):
            return "retelling"
        return "counted" if RANKS.index(row.rank) == best else "outranked"

    return [weight(row) for row in rows]


def independent(witnesses: Iterable[Witness]) -> list[list[int]]:
    """Return which witnesses are one, by their places: of one source, or of one that both retell.

    Silent and tertiary ones connect nobody.
    """
    groups: list[tuple[set[str], list[int]]] = []
    for place, row in enumerate(witnesses):
        names, places = {row.source, row.depends_on} - {""}, [place]
        if row.rank == "tertiary" or row.says == "silent":
            continue
        for other in [group for group in groups if group[0] & names]:
            groups.remove(other)
            names, places = names | other[0], other[1] + places
        groups.append((names, places))
    return sorted(sorted(places) for _, places in groups)


def _retold(row: Witness, speaking: Collection[Witness]) -> set[Witness]:
    """The witnesses that one retells, directly or not; itself if these retell it in turn."""
    found: set[Witness] = set()
    waiting = [row.depends_on]
    while waiting:
        name = waiting.pop()
        new = {other for other in speaking if other.source == name} - found
        found |= new
        waiting += [other.depends_on for other in new if other.depends_on]
    return found


def _senses_of_one(own: Collection[str], other: Collection[str]) -> bool:
    """Whether one side speaks of a sense that the other side leaves to it."""
    return "" not in other and any(sense and sense not in other for sense in own)


def headline(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict of a claim from those of its parts that can be checked.

    If some hold and others do not hold or are unsettled, the claim holds in part: a wrong part must
    not hide that another is right. Otherwise it is the worst of them, also beside parts that hold:
    "nearly right" and "depends on the reading" already say that something is right.

    Raises:
        ValueError: There is no part.
    """
    found = set(verdicts)
    if not found:
        raise ValueError("expected the verdict of at least one part, found none")
    if "holds" in found and found & {"does not hold", "unsettled"}:
        return "holds in part"
    return next((verdict for verdict in _WORST_FIRST if verdict in found), "not checkable")


def as_range(recomputed: Recomputed) -> tuple[Fraction, Fraction]:
    """Return the exact ends of a recomputed number or of a (low, high) pair.

    Raises:
        ValueError: An end is not finite, or the pair runs from high to low.
        TypeError: An end is not a number.
    """
    if isinstance(recomputed, tuple | list):
        if len(recomputed) != 2:
            raise ValueError(f"expected a number or a (low, high) pair, found {recomputed!r}")
        low, high = exact(recomputed[0]), exact(recomputed[1])
    else:
        low = high = exact(recomputed)
    if low > high:
        raise ValueError(f"expected low before high, found {recomputed!r}")
    return low, high


def exact(number: Number) -> Fraction:
    """Return a number as a fraction, a float at 12 significant digits.

    Raises:
        ValueError: It is not finite.
        TypeError: It is not a number; truth values are not.
    """
    if isinstance(number, bool) or not isinstance(number, Real | Decimal):
        raise TypeError(f"expected a number, found {type(number).__name__} {number!r}")
    if isinstance(number, Rational):
        # int() because the integers of numpy overflow.
        return Fraction(int(number.numerator), int(number.denominator))
    if not isfinite(number):
        raise ValueError(f"expected a finite number, found {number}")
    if isinstance(number, Decimal):
        return Fraction(number)
    return Fraction(f"{number:.{FLOAT_DIGITS}g}")


def _written(stated: Stated) -> list[Decimal]:
    """The stated number, or both ends of a stated range."""
    if isinstance(stated, str) and RANGE in stated.strip():
        return [_stated(end) for end in stated.split(RANGE, 1)]
    return [_stated(stated)]


def _stated(stated: Stated) -> Decimal:
    if isinstance(stated, bool) or not isinstance(stated, str | int | Decimal):
        raise TypeError(
            f"stated: expected text, because trailing zeros count, "
            f"found {type(stated).__name__} {stated!r}"
        )
    text = str(stated).strip().replace("\u2212", "-")
    if not re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?", text):
        raise ValueError(f"stated: expected a number such as 96.4, found {stated!r}")
    return Decimal(text)


def _agrees(stated: str, answer: object) -> bool:
    if stated in ("yes", "no"):
        if not isinstance(answer, bool):
            raise TypeError(f"expected a truth value to compare with {stated!r}, found {answer!r}")
        return answer == (stated == "yes")
    first, last = days(stated)
    if not isinstance(answer, dt.date):
        raise TypeError(f"expected a date to compare with {stated!r}, found {answer!r}")
    day = answer.date() if isinstance(answer, dt.datetime) else answer
    return first <= day <= last


def days(stated: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day of a written date, month or year.

    Raises:
        ValueError: it is none of these.
    """
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", stated):
        raise ValueError(f"stated: expected yes, no or a date such as 2025-01-27, found {stated!r}")
    year, *rest = (int(part) for part in stated.split("-"))
    months = rest[:1] or [1, 12]
    ends = rest[1:] or [1, calendar.monthrange(year, months[-1])[1]]
    return dt.date(year, months[0], ends[0]), dt.date(year, months[-1], ends[-1])


def _outcome(relation: Relation, *, overlap_is_enough: bool) -> Outcome:
    if relation == "overlap":
        return "consistent" if overlap_is_enough else "undecided"
    return "consistent" if relation == "inside" else "not consistent"


def _is_near(reading: ReadingOutcome) -> bool:
    return reading.off_by is not None and reading.off_by <= NEARLY_RIGHT and reading.right_direction


def _distance(point: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """Distance from a point to an interval, 0 inside it."""
    return max(low - point, point - high, Fraction(0))
