"""The sum behind a reading, derived from its formula: which numbers it joins, and how.

A formula is called once with numbers that remember what they were made from. From that follow the
sum with its numbers put in, its MathML, and the tree that a browser evaluates with other numbers,
so that no formula is typed twice.

A tree is JSON, one object a node:
    {"ref": id}                       an input, or an earlier reading or fact, in its own unit
    {"number": "3/2"}                 a constant of the formula, or what a table came to
    {"do": "-", "of": [tree, tree]}   one of + - * / ** neg abs and the comparisons < <= > >= ==
    {"factor": "1/1000", "of": tree}  a change of unit, which is not shown
and where a formula goes one way or another by its numbers, which no sum shows:
    {"if": tree, "then": tree, "else": tree}
    {"answer": true}
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from claimbook.base import units
from claimbook.base.units import Quantity
from claimbook.verdicts.readings import Reading, Workings

Tree = dict[str, Any]


class UntraceableError(Exception):
    """A formula does something with a number that no sum shows."""


_WAYS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "neg": operator.neg,
    "abs": abs,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
}

# Comparisons that a formula may make in a row before it is no sum any more.
_MAX_COMPARED = 8


class Compared(list[Tree]):
    """The comparisons that a formula makes, in order, and how they are answered.

    Args:
        answers: to the first ones, whatever the numbers say; what follows is answered by these.
    """

    def __init__(self, answers: Sequence[bool] = ()) -> None:
        super().__init__()
        self.answers = list(answers)

    def answer(self, tree: Tree, truth: bool) -> bool:
        """Take in a comparison and answer it."""
        if len(self) == _MAX_COMPARED:
            raise UntraceableError("too many comparisons")
        self.append(tree)
        if len(self) > len(self.answers):
            self.answers.append(truth)
        return self.answers[len(self) - 1]


class Traced:
    """A number that remembers what it was made from.

    Args:
        value: the number.
        tree: what it was made from.
        compared: takes in each comparison that the formula makes.
    """

    __array_ufunc__ = None  # so that numpy leaves arithmetic with such numbers to them

    def __init__(self, value: Any, tree: Tree, compared: Compared) -> None:
        self.value, self.tree, self._compared = value, tree, compared

    def scaled(self, factor: Fraction) -> "Traced":
        """The same number in another unit."""
        if factor == 1:
            return self
        return Traced(self.value * factor, {"factor": str(factor), "of": self.tree}, self._compared)

    def _joined(self, sign: str, left: Any, right: Any) -> "Traced":
        value = _WAYS[sign](_value(left), _value(right))
        return Traced(value, {"do": sign, "of": [_tree(left), _tree(right)]}, self._compared)

    def __add__(self, other: Any) -> "Traced":
        # `sum` begins with a nought that is no part of the formula.
        return self if isinstance(other, int) and not other else self._joined("+", self, other)

    def __radd__(self, other: Any) -> "Traced":
        return self._joined("+", other, self)

    def __sub__(self, other: Any) -> "Traced":
        return self._joined("-", self, other)

    def __rsub__(self, other: Any) -> "Traced":
        return self._joined("-", other, self)

    def __mul__(self, other: Any) -> "Traced":
        return self._joined("*", self, other)

    def __rmul__(self, other: Any) -> "Traced":
        return self._joined("*", other, self)

    def __truediv__(self, other: Any) -> "Traced":
        return self._joined("/", self, other)

    def __rtruediv__(self, other: Any) -> "Traced":
        return self._joined("/", other, self)

    def __pow__(self, other: Any) -> "Traced":
        return self._joined("**", self, other)

    def __neg__(self) -> "Traced":
        if self.tree.get("do") == "-":  # 1 - x reaches us as -(x - 1)
            left, right = self.tree["of"]
            return Traced(-self.value, {"do": "-", "of": [right, left]}, self._compared)
        return Traced(-self.value, {"do": "neg", "of": [self.tree]}, self._compared)

    def __abs__(self) -> "Traced":
        return Traced(abs(self.value), {"do": "abs", "of": [self.tree]}, self._compared)

    def _compare(self, sign: str, other: Any, answer: bool) -> bool:
        tree = {"do": sign, "of": [self.tree, _tree(other)]}
        return self._compared.answer(tree, bool(answer))

    def __lt__(self, other: Any) -> bool:
        return self._compare("<", other, self.value < _value(other))

    def __le__(self, other: Any) -> bool:
        return self._compare("<=", other, self.value <= _value(other))

    def __gt__(self, other: Any) -> bool:
        return self._compare(">", other, self.value > _value(other))

    def __ge__(self, other: Any) -> bool:
        return self._compare(">=", other, self.value >= _value(other))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int) and not other:
            return bool(self.value == 0)  # a question of pint's, not of the formula
        return self._compare("==", other, self.value == _value(other))

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        return bool(self.value)


def trace(workings: Workings, reading_id: str, unit: str, unit_of: Mapping[str, str]) -> list[Tree]:
    """What a reading is made of, at the stated values.

    Args:
        workings: the readings of the claim.
        reading_id: which reading.
        unit: unit in which it is shown; empty for dates and yes/no.
        unit_of: the same for the readings and facts that it rests on.

    Returns:
        One tree; two for a reading that gives the lowest and the highest possible value; none
        where the formula works on the rows of a table, or does what no sum shows.
    """
    reading = workings.readings[reading_id]
    compared = Compared()
    try:
        value = _called(reading, workings, unit_of, compared)
        if _is_answer(value):
            return list(compared) if len(compared) == 1 else []
        # With comparisons the formula goes one way or another by its numbers.
        return [] if compared else _ends(value, reading, unit)
    except Exception:  # a formula may ask a number for anything
        return []


def decide(
    workings: Workings, reading_id: str, unit: str, unit_of: Mapping[str, str]
) -> list[Tree]:
    """What a reading or a check is made of, whichever way its comparisons turn out.

    As `trace`, but a formula that goes one way or another by its numbers has a tree too: it is
    called once for every way.
    """
    reading = workings.readings[reading_id]

    def ways(answers: Sequence[bool]) -> list[Tree]:
        compared = Compared(answers)
        value = _called(reading, workings, unit_of, compared)
        if _is_answer(value):
            found: list[Tree] = [{"answer": bool(value)}]
        else:
            found = _ends(value, reading, unit)
        for place in reversed(range(len(answers), len(compared))):
            taken = compared.answers[place]
            other = ways([*compared.answers[:place], not taken])
            sides = (found, other) if taken else (other, found)
            found = [
                {"if": compared[place], "then": then, "else": otherwise}
                for then, otherwise in zip(*sides, strict=True)
            ]
        return found

    try:
        return ways([])
    except Exception:  # a formula may ask a number for anything
        return []


def evaluate(tree: Tree, value_of: Callable[[str], Any]) -> Any:
    """What a tree comes to, exactly.

    Args:
        tree: as above.
        value_of: the number that an id stands for.

    Raises:
        ZeroDivisionError: by numbers that the formula cannot take.
    """
    if "ref" in tree:
        return value_of(tree["ref"])
    if "number" in tree:
        return Fraction(tree["number"])
    if "answer" in tree:
        return tree["answer"]
    if "factor" in tree:
        return Fraction(tree["factor"]) * evaluate(tree["of"], value_of)
    if "if" in tree:
        return evaluate(tree["then" if evaluate(tree["if"], value_of) else "else"], value_of)
    return _WAYS[tree["do"]](*(evaluate(item, value_of) for item in tree["of"]))


def refers(tree: Tree) -> set[str]:
    """Ids of the inputs, readings and facts in a tree."""
    if "ref" in tree:
        return {tree["ref"]}
    return set().union(*map(refers, inner(tree)))


def inner(tree: Tree) -> list[Tree]:
    """The trees right inside a tree."""
    of = tree.get("of", [])
    return [
        *(of if isinstance(of, list) else [of]),
        *(tree[key] for key in ("if", "then", "else") if key in tree),
    ]


def _called(
    reading: Reading, workings: Workings, unit_of: Mapping[str, str], compared: Compared
) -> Any:
    """What the formula of a reading gives for traced numbers."""
    return reading.function(
        *(_argument(name, workings, unit_of, compared) for name in reading.evidence)
    )


def _argument(name: str, workings: Workings, unit_of: Mapping[str, str], compared: Compared) -> Any:
    """A piece of evidence as the formula gets it, traced if it is a number."""
    if name in workings.registry.tables:
        return workings.registry.frame(name)
    if name in workings.registry.inputs:
        entry = workings.registry.inputs[name]
        return units.quantity(Traced(Fraction(entry.value), {"ref": name}, compared), entry.unit)
    unit = unit_of.get(name, "")
    found = workings.at(name, unit, {})
    if found.low is None or found.low != found.high:
        raise UntraceableError(name)
    return units.quantity(Traced(found.low, {"ref": name}, compared), unit)


def _is_answer(value: Any) -> bool:
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")


def _ends(value: Any, reading: Reading, unit: str) -> list[Tree]:
    """The tree of a number, or those of both ends of a range; none if it was not traced."""
    ends = value if isinstance(value, tuple) and len(value) == 2 else (value,)
    found = []
    for end in ends:
        if not isinstance(end, Quantity):
            end = units.quantity(end, reading.unit)
        magnitude = end.to(units.parse_unit(unit)).magnitude
        if not isinstance(magnitude, Traced):
            return []
        found.append(magnitude.tree)
    return found


def _value(number: Any) -> Any:
    return number.value if isinstance(number, Traced) else _plain(number)


def _tree(number: Any) -> Tree:
    if isinstance(number, Traced):
        return number.tree
    value = _plain(number)
    # A float in full, since other numbers are computed from it.
    return {"number": str(value) if isinstance(value, Fraction) else repr(float(value))}


def _plain(number: Any) -> Fraction | float:
    try:
        return units.plain(number)
    except ValueError as error:
        raise UntraceableError(str(error)) from error
