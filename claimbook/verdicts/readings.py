"""Readings of a claim, and what they come to for given inputs.

A reading is a plain function together with the ids of the inputs, tables and other readings of the
same claim that it is called with. From that alone the package knows which numbers rest on which
evidence. Checks and facts are computed in the same way.
"""

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

from claimbook.base import units
from claimbook.base.faults import nearest
from claimbook.base.units import Quantity
from claimbook.data.registry import Registry

if TYPE_CHECKING:
    import pandas as pd

Role = Literal["reading", "proxy", "context", "check", "fact"]
Number = Fraction | float

# Corners of a box of inputs double with each uncertain input; beyond this a reading should be
# split, or return its own pair of bounds.
MAX_UNCERTAIN_INPUTS = 6

# How a formula is looked at between the corners: along each edge that begins where it is lowest
# or highest, and at so many points within, one in each layer of every input.
_ON_EDGES = tuple(Fraction(place, 4) for place in range(1, 4))
_LAYERS = 8
_SEED = 20250127
# Floats differ by this much without any meaning.
_NOISE = 1e-9
# Where the extremes lie within, they are searched for in steps that are halved so often.
_HALVINGS = 16


class ReadingError(Exception):
    """A reading cannot be computed; names the claim, the reading and the parameter."""

    def __init__(self, claim: str, reading: str, message: str) -> None:
        self.claim, self.reading = claim, reading
        super().__init__(f"{claim}: reading {reading!r}: {message}")


@dataclass(frozen=True)
class Reading:
    """One way of turning the words of a part into a computation; or a check, or a fact.

    Attributes:
        part: id of the part it belongs to; empty for facts.
        why: why it has its role; empty for checks and facts.
        evidence: ids of inputs, tables and earlier readings, in the order of the parameters.
        unit: unit of a bare number that the function returns; empty if it returns quantities.
        digits: decimals shown; None means one more than the article wrote, and at least two.
        primary: why this reading gives the number in headlines; empty if it does not.
    """

    id: str
    title: str
    part: str
    role: Role
    why: str
    function: Callable[..., Any]
    evidence: tuple[str, ...]
    unit: str = ""
    digits: int | None = None
    primary: str = ""


@dataclass(frozen=True)
class Recomputed:
    """What a reading comes to: an interval, or for dates and yes/no the possible answers.

    Attributes:
        low: lower end, in the unit asked for; None for dates and yes/no.
        high: upper end, equal to `low` without uncertainty.
        answers: dates or truth values, one unless the inputs leave it open.
        from_rounding: the width comes from the published rounding of inputs alone.
        inside: an end lies between the ends of the inputs' ranges, where it was searched for.
    """

    low: Number | None = None
    high: Number | None = None
    answers: frozenset[dt.date | bool] = frozenset()
    from_rounding: bool = False
    inside: bool = False


Point = Mapping[str, Fraction]


class Workings:
    """The readings of one claim together with the evidence they may ask for."""

    def __init__(self, claim: str, registry: Registry) -> None:
        self.claim = claim
        self.registry = registry
        self.readings: dict[str, Reading] = {}
        self._unit_fits: set[str] = set()
        # Whether a formula rises or falls steadily, by claim, reading and unit. That is looked at
        # for the values as they are, so whoever changes values in memory has it looked at once.
        self.steady = {} if registry.steady is None else registry.steady

    def add(self, reading: Reading) -> None:
        """Take in a reading.

        Raises:
            ReadingError: its name is taken, or its evidence does not exist or does not fit its
                function.
        """
        if reading.id in self.readings:
            raise self._error(
                reading,
                f"expected a name of its own, found one already used for {self._shown(reading.id)}",
            )
        if any(reading.id in kind for kind in (self.registry.inputs, self.registry.tables)):
            raise self._error(reading, "expected a name that is not the id of an input or table")
        if not reading.evidence:
            raise self._error(
                reading, "expected an input, a table or a reading to rest on, found none"
            )
        kinds = (self.registry.inputs, self.registry.tables, self.readings)
        for name in reading.evidence:
            if not any(name in kind for kind in kinds):
                known = {name for kind in kinds for name in kind}
                raise self._error(
                    reading,
                    f"{name!r}: expected the id of an input, a table or an earlier reading, found "
                    f"none{nearest(name, known)}",
                )
        self.readings[reading.id] = reading

    def _shown(self, reading_id: str) -> str:
        """What was declared before under a name, in words."""
        earlier = self.readings[reading_id]
        return f"the {earlier.role} {earlier.title!r}"

    def of_part(self, part: str, *roles: Role) -> list[Reading]:
        """What belongs to a part and has one of these roles, role by role."""
        return [
            reading
            for role in roles
            for reading in self.readings.values()
            if reading.part == part and reading.role == role
        ]

    def inputs(self, reading_id: str) -> tuple[str, ...]:
        """Ids of the inputs that a reading rests on, directly or through other readings."""
        return tuple(name for name in self._leaves(reading_id) if name in self.registry.inputs)

    def tables(self, reading_id: str) -> tuple[str, ...]:
        """Ids of the tables that a reading rests on, directly or through other readings."""
        return tuple(name for name in self._leaves(reading_id) if name in self.registry.tables)

    def later(self, reading_id: str) -> bool:
        """Whether a reading uses evidence that was not available when the article was written."""
        inputs, tables = self.registry.inputs, self.registry.tables
        return any(
            (inputs[name] if name in inputs else tables[name]).known == "later"
            for name in self._leaves(reading_id)
        )

    def compute(
        self,
        reading_id: str,
        unit: str,
        *,
        values: Mapping[str, Fraction] | None = None,
        tables: "Mapping[str, pd.DataFrame] | None" = None,
    ) -> Recomputed:
        """Compute a reading over the ranges of its inputs.

        The interval is spanned by the corners of the box of ranges: exact for a formula that rises
        or falls steadily in each input. Whether it does is looked at once, at points between the
        corners, always the same. Where it does not, its ends are searched for from the best of
        these points, and the result says so. A hump narrower than their distance can be missed.

        Args:
            reading_id: which reading.
            unit: unit of the interval; empty for dates and yes/no.
            values: stands in for the stated values of these inputs, in their own units; a range
                moves with its value.
            tables: stands in for these tables.

        Raises:
            ReadingError: the function fails, or returns something that does not fit.
        """
        reading = self.readings[reading_id]
        ranges, uncertain = self._box(reading_id, values or {})
        look = _Look(
            lambda point: self._outcome(reading, unit, point, tables or {}), ranges, uncertain
        )
        look.at(_corners(ranges, uncertain))
        at_corners = look.answers, look.low, look.high
        look.at([self._stated(reading_id, values or {})])
        key = self.claim, reading_id, unit
        if uncertain and key not in self.steady:
            if values or tables:
                Workings.compute(self, reading_id, unit)
            else:
                look.between()
                self.steady[key] = look.answers == at_corners[0] and look.is_within(*at_corners[1:])
        inside = bool(uncertain) and not self.steady[key]
        if inside:
            look.between()
        if look.answers:
            return Recomputed(answers=look.answers, inside=inside)
        if inside:
            look.search()
        low, high = (look.low, look.high) if inside else at_corners[1:]
        return Recomputed(
            low=low,
            high=high,
            from_rounding=self.only_rounded(reading_id) and not look.own_width,
            inside=inside,
        )

    def points(self, reading_id: str, values: Mapping[str, Fraction]) -> list[dict[str, Fraction]]:
        """The corners of the ranges, which decide what a steady formula comes to.

        Args:
            reading_id: which reading.
            values: as for `compute`.

        Raises:
            ReadingError: too many inputs have a range.
        """
        return list(_corners(*self._box(reading_id, values)))

    def only_rounded(self, reading_id: str) -> bool:
        """Whether inputs of a reading have ranges, and all of these come from rounding."""
        inputs = [self.registry.inputs[name] for name in self._uncertain(reading_id)]
        return bool(inputs) and all(entry.precision == "rounded" for entry in inputs)

    def _uncertain(self, reading_id: str) -> list[str]:
        bounds = {name: self.registry.inputs[name].bounds for name in self.inputs(reading_id)}
        return [name for name, (low, high) in bounds.items() if low != high]

    def _box(
        self, reading_id: str, values: Mapping[str, Fraction]
    ) -> tuple[dict[str, tuple[Fraction, Fraction]], list[str]]:
        """The ranges of the inputs of a reading, and which of them are more than one value."""
        uncertain = self._uncertain(reading_id)
        if len(uncertain) > MAX_UNCERTAIN_INPUTS:
            raise self._error(
                self.readings[reading_id],
                f"expected at most {MAX_UNCERTAIN_INPUTS} inputs with a range, "
                f"found {len(uncertain)}",
            )
        return {name: self._range(name, values) for name in self.inputs(reading_id)}, uncertain

    def at(self, reading_id: str, unit: str, values: Mapping[str, Fraction]) -> Recomputed:
        """Compute a reading at one point, without any range."""
        return self._outcome(self.readings[reading_id], unit, self._stated(reading_id, values), {})

    def _stated(self, reading_id: str, values: Mapping[str, Fraction]) -> dict[str, Fraction]:
        return {
            name: values.get(name, Fraction(self.registry.inputs[name].value))
            for name in self.inputs(reading_id)
        }

    def _leaves(self, reading_id: str) -> Iterator[str]:
        seen = set()
        for name in self.readings[reading_id].evidence:
            for leaf in self._leaves(name) if name in self.readings else (name,):
                if leaf not in seen:
                    seen.add(leaf)
                    yield leaf

    def _range(self, name: str, values: Mapping[str, Fraction]) -> tuple[Fraction, Fraction]:
        """An input's range; moved as a whole if another value stands in for the stated one."""
        entry = self.registry.inputs[name]
        shift = values[name] - Fraction(entry.value) if name in values else Fraction(0)
        low, high = entry.bounds
        return low + shift, high + shift

    def _outcome(
        self,
        reading: Reading,
        unit: str,
        point: Mapping[str, Fraction],
        tables: "Mapping[str, pd.DataFrame]",
    ) -> Recomputed:
        value = self._call(reading, point, tables)
        answer = self._answer(reading, value)
        if answer is not None:
            if unit:
                raise self._error(reading, f"expected a value in {unit!r}, found {answer!r}")
            return Recomputed(answers=frozenset({answer}))
        if not unit:
            # Context has a unit of its own where its part has none.
            more = ", or a unit= in which it is shown" if reading.role == "context" else ""
            raise self._error(reading, f"expected a date or a truth value{more}, found {value!r}")
        low, high = value if isinstance(value, tuple) and len(value) == 2 else (value, value)
        try:
            ends = [units.as_number(end, unit) for end in (low, high)]
            finite = all(isfinite(end) for end in ends)
        except (ValueError, TypeError, ArithmeticError) as error:
            raise self._error(reading, str(error)) from error
        if not finite:
            raise self._error(reading, f"expected a finite number, found {ends[0]} to {ends[1]}")
        return Recomputed(low=min(ends), high=max(ends))

    def _dressed(self, reading: Reading, value: Any) -> Any:
        """Bare numbers with the unit that the reading declares."""
        if isinstance(value, tuple):
            return tuple(self._dressed(reading, item) for item in value)
        if isinstance(value, Quantity) or not reading.unit:
            return value
        if self._answer(reading, value) is not None:
            return value
        self._check_unit(reading)
        try:
            return units.quantity(units.plain(value), reading.unit)
        except (ValueError, TypeError, ArithmeticError) as error:
            raise self._error(reading, str(error)) from error

    def _check_unit(self, reading: Reading) -> None:
        """Refuse a bare number whose declared unit no column of its tables has.

        A number of rows may have any unit but one of money, unless a column has one of its kind.
        """
        if reading.id in self._unit_fits:
            return
        declared = units.parse_unit(reading.unit)
        columns = {
            f"{name}: {column}": units.parse_unit(unit)
            for name in reading.evidence
            if name in self.registry.tables
            for column, unit in self.registry.tables[name].units.items()
        }
        alike = {
            column: unit
            for column, unit in columns.items()
            if unit.dimensionality == declared.dimensionality
        }
        if columns and declared not in alike.values() and (alike or units.is_money(reading.unit)):
            found = "; ".join(f"{column} in {unit}" for column, unit in (alike or columns).items())
            raise self._error(
                reading,
                f"expected a quantity, such as column(frame, name) gives, because the number is "
                f"declared in {reading.unit!r}, which no column has; found {found}",
            )
        self._unit_fits.add(reading.id)

    def _call(
        self,
        reading: Reading,
        point: Mapping[str, Fraction],
        tables: "Mapping[str, pd.DataFrame]",
    ) -> Any:
        arguments = [self._value_of(name, point, tables) for name in reading.evidence]
        try:
            value = reading.function(*arguments)
            if value is ...:
                raise self._error(reading, "expected a formula, found '...' in its place")
            return self._dressed(reading, value)
        except ReadingError:
            raise
        except Exception as error:
            raise self._error(reading, f"{type(error).__name__}: {error}") from error

    def _value_of(
        self, name: str, point: Mapping[str, Fraction], tables: "Mapping[str, pd.DataFrame]"
    ) -> Any:
        """What a function is called with for a piece of evidence."""
        if name in self.readings:
            return self._call(self.readings[name], point, tables)
        if name in self.registry.inputs:
            return units.quantity(point[name], self.registry.inputs[name].unit)
        frame = tables.get(name)
        # A copy for each call, since a function may change its table; cheap until it does.
        return self.registry.frame(name) if frame is None else frame.copy(deep=False)

    def _answer(self, reading: Reading, value: Any) -> dt.date | bool | None:
        try:
            return _answer(value)
        except ValueError as error:
            raise self._error(reading, str(error)) from error

    def _error(self, reading: Reading, message: str) -> ReadingError:
        return ReadingError(self.claim, reading.id, message)


def spanned(found: Sequence[Recomputed], only_rounded: bool) -> Recomputed:
    """What a reading comes to, from what it comes to at all its points.

    Args:
        found: at each point.
        only_rounded: as `Workings.only_rounded` has it.
    """
    if any(result.answers for result in found):
        return Recomputed(answers=frozenset().union(*(result.answers for result in found)))
    ends = [end for result in found for end in (result.low, result.high) if end is not None]
    own_width = any(result.low != result.high for result in found)
    return Recomputed(low=min(ends), high=max(ends), from_rounding=only_rounded and not own_width)


class _Look:
    """What a formula comes to at points of the box of ranges.

    Attributes:
        answers: dates or truth values that were found.
        own_width: the formula gives ranges of its own.
    """

    def __init__(
        self,
        outcome: Callable[[Point], Recomputed],
        ranges: Mapping[str, tuple[Fraction, Fraction]],
        uncertain: Sequence[str],
    ) -> None:
        self._outcome, self._ranges, self._uncertain = outcome, ranges, uncertain
        self._found: dict[tuple[Fraction, ...], tuple[Point, Recomputed]] = {}
        self.answers: frozenset[dt.date | bool] = frozenset()
        self.own_width = False

    def at(self, points: Iterable[Point]) -> None:
        """Look at points."""
        for point in points:
            key = tuple(point.values())
            if key not in self._found:
                result = self._outcome(point)
                self._found[key] = point, result
                self.answers |= result.answers
                self.own_width |= result.low != result.high

    @property
    def low(self) -> Number | None:
        """The lowest number found."""
        return min((low for _, low in self._ends(-1)), default=None)

    @property
    def high(self) -> Number | None:
        """The highest number found."""
        return max((high for _, high in self._ends(1)), default=None)

    def is_within(self, low: Number | None, high: Number | None) -> bool:
        """Whether all numbers lie in an interval, but for what floats lose."""
        if low is None or high is None or self.low is None or self.high is None:
            return True
        noise = _NOISE * max(abs(float(low)), abs(float(high)))
        return low - self.low <= noise and self.high - high <= noise

    def between(self) -> None:
        """Look between the corners."""
        starts = [self._best(-1), self._best(1)] if not self.answers else [{}]
        centre = {name: (low + high) / 2 for name, (low, high) in self._ranges.items()}
        for start in starts:
            for name in self._uncertain:
                self.at({**centre, **start, name: self._place(name, at)} for at in _ON_EDGES)
        # The same points each time.
        source = random.Random(_SEED)
        layers = {name: source.sample(range(_LAYERS), _LAYERS) for name in self._uncertain}
        for number in range(_LAYERS):
            inner = {
                name: self._place(name, Fraction(2 * order[number] + 1, 2 * _LAYERS))
                for name, order in layers.items()
            }
            self.at([{**centre, **inner}])

    def search(self) -> None:
        """Go on from the lowest and the highest point, in ever smaller steps."""
        for sign in (-1, 1):
            for halving in range(3, _HALVINGS):
                best = self._best(sign)
                for name in self._uncertain:
                    low, high = self._ranges[name]
                    step = (high - low) / 2**halving
                    moved = (min(max(best[name] + move, low), high) for move in (-step, step))
                    self.at({**best, name: value} for value in moved)

    def _place(self, name: str, share: Fraction) -> Fraction:
        low, high = self._ranges[name]
        return low + share * (high - low)

    def _ends(self, sign: int) -> list[tuple[Point, Number]]:
        ends = [
            (point, result.low if sign < 0 else result.high)
            for point, result in self._found.values()
        ]
        return [(point, end) for point, end in ends if end is not None]

    def _best(self, sign: int) -> Point:
        return max(self._ends(sign), key=lambda found: sign * found[1])[0]


def _corners(
    ranges: Mapping[str, tuple[Fraction, Fraction]], uncertain: Sequence[str]
) -> Iterator[dict[str, Fraction]]:
    lowest = {name: low for name, (low, _) in ranges.items()}
    for ends in itertools.product(*(ranges[name] for name in uncertain)):
        yield lowest | dict(zip(uncertain, ends, strict=True))


def _answer(value: Any) -> dt.date | bool | None:
    """A truth value or a date, out of the types that pandas and numpy may hand over."""
    kind = type(value).__name__
    if isinstance(value, bool) or kind in ("bool", "bool_"):
        return bool(value)
    if kind == "datetime64":
        import pandas as pd

        value = pd.Timestamp(value)
        kind = type(value).__name__
    if value is None or kind in ("NaTType", "NAType"):
        raise ValueError(f"expected a value, found a missing one ({value})")
    if isinstance(value, dt.datetime):
        if value.tzinfo is not None:
            # One moment has two dates, and the verdict may depend on which.
            raise ValueError(
                f"expected a date, found a time with a zone ({value}); "
                "convert it to the zone that is meant, and take its .date()"
            )
        return value.date()
    return value if isinstance(value, dt.date) else None
