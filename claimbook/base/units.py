"""Units of the book: a small registry of our own, exact with fractions.

The registry knows only what the claims need, so a mistyped unit is an error and not, say, a
barn. Multiples are named outright (`billion_USD`), because prefixes would make `MUSD` and `musd`
two different amounts of money.

What two percentages differ by is in percentage points, a unit of its own: a rise from 40 to 60
percent is one by 20 percentage points and by 50 percent.
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import pint

from claimbook.rule import FLOAT_DIGITS

Quantity = pint.Quantity  # for isinstance; magnitudes are fractions or floats

_DEFINITIONS = """
USD = [money]
CNY = [renminbi]
token = [token]
parameter = [parameter]
share = [share]
GPU = [accelerator]
person = [person]
task = [task]
count = [count]
byte = [byte]
FLOP = [operation]
second = [time]
ratio = []
percent = 0.01 * ratio
percentage_point = 0.01 * ratio
minute = 60 * second
hour = 60 * minute
day = 24 * hour
year = 8760 * hour
"""

_MULTIPLES = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_MULTIPLIED = ("USD", "CNY", "parameter", "share", "person", "count")
_PREFIXED = {
    "token": {"mega": 6, "giga": 9, "tera": 12},
    "FLOP": {"giga": 9, "tera": 12},
    "byte": {"giga": 9},
}


PERCENT, POINT = "percent", "percentage_point"


class _Quantity(pint.UnitRegistry.Quantity):  # type: ignore[type-arg]
    """A number with a unit, of which a difference of two percentages is in percentage points."""

    def __sub__(self, other: Any) -> Any:
        difference = super().__sub__(other)  # type: ignore[no-untyped-call]
        return _in_points(difference, self, other)

    def __isub__(self, other: Any) -> Any:
        return self - other


def _in_points(difference: Any, one: Any, other: Any) -> Any:
    both = [str(term.units) for term in (one, other) if isinstance(term, Quantity)]
    if both != [PERCENT, PERCENT]:
        return difference
    return type(difference)(difference.magnitude, POINT)


class _Registry(pint.UnitRegistry):  # type: ignore[type-arg]
    """Makes numbers of ours, and tells those that want to know of a change of their unit."""

    Quantity = _Quantity

    def _convert(self, value: Any, *args: Any, **options: Any) -> Any:
        if hasattr(value, "scaled"):
            return value.scaled(super()._convert(Fraction(1), *args, **options))
        return super()._convert(value, *args, **options)


@cache
def registry() -> "pint.UnitRegistry[Any]":
    """The unit registry, built once; magnitudes are exact fractions where inputs are."""
    units: pint.UnitRegistry[Any] = _Registry(None, non_int_type=Fraction)
    lines = [line for line in _DEFINITIONS.splitlines() if line]
    for unit in _MULTIPLIED:
        lines += [f"{name}_{unit} = 1e{power} * {unit}" for name, power in _MULTIPLES.items()]
    for unit, prefixes in _PREFIXED.items():
        lines += [f"{name}{unit} = 1e{power} * {unit}" for name, power in prefixes.items()]
    lines += ["GPU_hour = GPU * hour"]
    lines += [f"{name}_GPU_hour = 1e{power} * GPU * hour" for name, power in _MULTIPLES.items()]
    units.load_definitions(lines)
    return units


@cache
def parse_unit(text: str) -> pint.Unit:
    """Turn the text of a unit into a unit.

    Args:
        text: a unit expression such as `USD / megatoken`; empty means dimensionless.

    Raises:
        ValueError: the text is no such expression, or names a unit that the registry lacks.
    """
    if text and not re.fullmatch(pattern(), text):
        raise ValueError(f"unknown unit {text!r}")
    return registry().Unit(text or "dimensionless")


@cache
def pattern() -> str:
    """Regular expression of the texts that name a unit, without anchors.

    Names joined by `*` and `/`, with powers of one digit: less than pint reads, which also takes
    comments, plurals and Python expressions.
    """
    known = "|".join(sorted(names(), key=len, reverse=True))
    name = rf"({known})( ?\*\* ?[1-9])?"
    return rf"dimensionless|(1 ?[*/] ?)?{name}( ?[*/] ?{name})*"


def multiple(unit: str) -> Fraction:
    """How many of its noun a named multiple is: `billion_USD` is 1e9, `hour` is 1."""
    for name, power in _MULTIPLES.items():
        if unit.startswith(f"{name}_"):
            return Fraction(10) ** power
    for noun, prefixes in _PREFIXED.items():
        for name, power in prefixes.items():
            if unit == f"{name}{noun}":
                return Fraction(10) ** power
    return Fraction(1)


def another(unit: str) -> str:
    """Another unit of the same kind, mostly a multiple; of another kind if there is none."""
    first = re.search("[A-Za-z_]+", unit)
    own = first[0] if first else ""
    others = (name for name in names() if name != own and own and alike(name, own))
    return unit.replace(own, next(others, "ratio"), 1) if own else "percent"


def names() -> list[str]:
    """Names of all units, for hints."""
    return sorted(registry())


@cache
def is_money(unit: str) -> bool:
    """Whether a unit is one of money, for something or for itself."""
    dimensions: Mapping[str, Any] = parse_unit(unit).dimensionality
    return any(dimensions.get(name, 0) > 0 for name in ("[money]", "[renminbi]"))


def quantity(magnitude: Any, unit: str) -> "pint.Quantity[Any]":
    """A number with its unit; a text such as "0.5" is exact, as the numbers in `data/` are."""
    if isinstance(magnitude, str):
        magnitude = Fraction(magnitude)
    result: pint.Quantity[Any] = registry().Quantity(magnitude, parse_unit(unit))
    return result


def alike(one: str, other: str) -> bool:
    """Whether a number in one unit can be written in the other."""
    if POINT in (one, other):
        return one == other
    return bool(parse_unit(one).dimensionality == parse_unit(other).dimensionality)


def as_number(value: Any, unit: str) -> Fraction | float:
    """Magnitude of a reading's value in the unit of its claim.

    Args:
        value: a quantity, or a bare number where `unit` is dimensionless.
        unit: the unit to express it in.

    Raises:
        ValueError: the value has another dimension, or no unit where one is needed; or one of them
            is in percentage points and the other is not.
    """
    target = parse_unit(unit)
    if not isinstance(value, Quantity):
        number = plain(value)
        if not target.dimensionless:
            raise ValueError(f"expected a value in {unit!r}, found a number without unit")
        value = registry().Quantity(number, "dimensionless")
    if POINT in (unit, str(value.units)) and unit != str(value.units):
        found = "without unit" if str(value.units) == "dimensionless" else f"in {value.units!s}"
        raise ValueError(
            f"expected a value in {unit!r}, found one {found}; "
            f"what two percentages differ by is in {POINT!r}"
        )
    try:
        magnitude = value.to(target).magnitude
    except pint.DimensionalityError as error:
        raise ValueError(f"expected a value in {unit!r}, found one in {value.units!s}") from error
    return magnitude if isinstance(magnitude, Fraction) else plain(magnitude)


def plain(number: Any) -> Fraction | float:
    """A Python number from whatever pandas, numpy or pint hand over; whole numbers stay exact."""
    if isinstance(number, (Fraction, float)):
        return number
    if isinstance(number, int) and not isinstance(number, bool):
        return Fraction(number)
    if hasattr(number, "dtype") and getattr(number, "ndim", 0) == 0:
        return plain(number.item())
    raise ValueError(f"expected a number, found {type(number).__name__}")


def rounded(number: Fraction | float) -> float:
    """A float with 12 significant digits: what results carry and what tests compare."""
    return float(f"{float(number):.{FLOAT_DIGITS}g}")
