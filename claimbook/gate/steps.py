"""Values to try: just inside and outside a break-even, and near and far where there is none."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from claimbook.sensitivity import NEAR

DIGITS = 15  # of a value that is tried: so many survive in a float
CLOSE = Fraction(1, 1000)  # share of the way to a break-even at which its inner side is tried
_SHRINK = tuple(Fraction(share) for share in ("0.001", "0.999", "0.01", "0.1", "0.5", "0.9"))
_GROW = (*_SHRINK, Fraction(1), Fraction(9), Fraction(99), Fraction(999))


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

    Small and large ones come early: most numbers are noticed at once, and a maximum of many is
    noticed when it is far.
    """
    size = abs(present) or Fraction(1)
    outward = -1 if present < 0 else 1
    seen = {present}
    for place, step in enumerate(_GROW):
        for share in (step, -step) if place < len(_SHRINK) or not present else (step,):
            moved = present + outward * share * size
            if whole:
                least = 1 if moved > present else -1
                moved = Fraction(round(moved))
                moved = present + least if moved == present else moved
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
