"""Values to try: just inside and outside a break-even, and near and far where there is none."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from claimbook.verdicts.sensitivity import NEAR

DIGITS = 15  # of a value that is tried: so many survive in a float
CLOSE = Fraction(1, 1000)  # share of the way to a break-even at which its inner side is tried
_SHRINK = tuple(Fraction(share) for share in ("0.999", "0.001", "0.9", "0.5", "0.1", "0.01"))
_GROW = tuple(Fraction(factor) for factor in (999, 99, 9, 1))


def outside(present: Fraction, border: Fraction) -> Fraction:
    """The border, rounded away from the present value."""
    return written(border, up=border > present)


def inside(present: Fraction, border: Fraction, *, whole: bool) -> Fraction | None:
    """A value just short of the border; None if there is none beside the present value."""
    if whole:
        found = border + (1 if border < present else -1)
    else:
        found = written(border - CLOSE * (border - present), up=border < present)
    return None if found == present else found


def slightest(present: Fraction, *, up: bool) -> Fraction:
    """The value next to the present one for which being on the edge makes a difference."""
    step = NEAR * (abs(present) or 1)
    return written(present + step if up else present - step, up=up)


def ladder(present: Fraction, *, whole: bool) -> Iterator[Fraction]:
    """Values from a thousandth away up to a thousandfold, on both sides and of the same sign.

    Far ones come first: a sum notices any, the least or greatest of many only those.
    """
    size = abs(present) or Fraction(1)
    outward = -1 if present < 0 else 1
    both_ways = _SHRINK if present else _SHRINK + _GROW
    steps = [sign * step for step in both_ways for sign in (1, -1)]
    seen = {present}
    for step in [*steps[:2], *(_GROW if present else ()), *steps[2:]]:
        moved = present + outward * step * size
        if whole:
            least = present + (1 if moved > present else -1)
            moved = least if round(moved) == present else Fraction(round(moved))
        if moved not in seen:
            seen.add(moved)
            yield moved


def written(value: Fraction, *, up: bool) -> Fraction:
    """A value as a decimal of so many digits, rounded up or down."""
    context = Context(prec=DIGITS, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    return Fraction(context.divide(Decimal(value.numerator), Decimal(value.denominator)))


def text(value: Fraction) -> str:
    """A decimal in plain digits, exactly.

    Raises:
        ValueError: it has no end.
    """
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
        if places > _MOST_PLACES:
            raise ValueError(f"expected a decimal with an end, found {value}")
    return f"{Decimal(int(value * 10**places)).scaleb(-places, Context(prec=400)):f}"


_MOST_PLACES = 300
