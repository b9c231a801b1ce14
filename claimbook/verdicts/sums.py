"""Sums with their numbers put in: a traced formula as readers see it, in English and Vietnamese."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from claimbook.base import formats
from claimbook.verdicts import expressions
from claimbook.verdicts.expressions import Tree
from claimbook.verdicts.readings import Number, Workings
from claimbook.verdicts.result import Sum, Term

_SIGNS = {
    "+": " + ",
    "-": " − ",
    "*": " × ",
    "/": " ÷ ",
    "**": "^",
    "<": " < ",
    "<=": " ≤ ",
    ">": " > ",
    ">=": " ≥ ",
    "==": " = ",
}
# How tightly signs bind; a looser one within a tighter one stands in parentheses.
_BINDING = {"+": 2, "-": 2, "neg": 2, "*": 3, "/": 3, "**": 4, "abs": 5}
_LOOSEST, _NUMBER = 1, 5

# Significant digits of a constant, which may be what the rows of a table came to.
CONSTANT_DIGITS = 6


@dataclass(frozen=True)
class Named:
    """A number that a sum refers to.

    Attributes:
        text: the number as written, without its unit, by language.
        unit: its unit.
    """

    text: Mapping[str, str]
    unit: str


@dataclass(frozen=True)
class _Piece:
    """A part of a sum: its terms, how tightly they bind, and a unit not yet written behind them."""

    terms: tuple[Term, ...]
    binding: int
    unit: str = ""

    @property
    def constant(self) -> bool:
        """Whether it names no number, so that it has the unit of what it is added to."""
        return not any(term.ref for term in self.terms)


def of_claim(workings: Workings, shown: Mapping[str, tuple[str, int]]) -> dict[str, Sum]:
    """The sums behind readings and facts, by their ids; without those that have none to show.

    Args:
        workings: the readings and facts of the claim.
        shown: of each reading and fact the unit it is shown in, empty for dates and yes/no, and
            its decimals.
    """
    unit_of = {name: unit for name, (unit, _) in shown.items()}

    def named(name: str) -> Named:
        value: Number
        if name in workings.registry.inputs:
            entry = workings.registry.inputs[name]
            value, unit = Fraction(entry.value), entry.unit
            digits, strip = len(entry.value.partition(".")[2]), False
        else:
            unit, digits = shown[name]
            value, strip = workings.at(name, unit, {}).low or Fraction(0), True
        return Named(
            {
                language: formats.fixed(value, digits, strip=strip, language=language)
                for language in ("en", "vi")
            },
            unit,
        )

    found = {}
    for name, (unit, _) in shown.items():
        trees = expressions.trace(workings, name, unit, unit_of)
        if trees:
            found[name] = Sum(
                trees=tuple(trees),
                en=written(trees, named, "en"),
                vi=written(trees, named, "vi"),
            )
    return found


def written(
    trees: Sequence[Tree], names: Callable[[str], Named], language: str
) -> tuple[Term, ...]:
    """The terms of a sum, in order; two trees are the two ends of a range.

    Units are left out where all numbers have the same one and none is changed on the way.

    Args:
        trees: as `claimbook.verdicts.expressions.trace` returns them.
        names: what an id in a tree refers to.
        language: en or vi.
    """
    found = {names(name).unit for tree in trees for name in _names(tree)}
    bare = len(found) < 2 and not any(_converts(tree, outermost=True) for tree in trees)
    terms: list[Term] = []
    for tree in trees:
        if terms:
            terms.append(Term(text=" đến " if language == "vi" else " to "))
        piece = _piece(tree, names, language, bare)
        terms += _closed(piece, language).terms
    return tuple(_joined(terms))


def _piece(tree: Tree, names: Callable[[str], Named], language: str, bare: bool) -> _Piece:
    if "factor" in tree:
        return _piece(tree["of"], names, language, bare)
    if "ref" in tree:
        named = names(tree["ref"])
        term = Term(text=named.text[language], ref=tree["ref"])
        return _Piece((term,), _NUMBER, "" if bare else named.unit)
    if "number" in tree:
        return _Piece((Term(text=_number(tree["number"], language)),), _NUMBER)
    inner = [_piece(item, names, language, bare) for item in tree["of"]]
    sign = tree["do"]
    binding = _BINDING.get(sign, _LOOSEST)
    if sign == "abs":
        return _Piece((Term(text="|"), *inner[0].terms, Term(text="|")), _NUMBER, inner[0].unit)
    if sign == "neg":
        return _Piece((Term(text="−"), *_within(inner[0], 3)), binding, inner[0].unit)
    left, right = inner
    unit = ""
    units = {piece.unit for piece in inner if not piece.constant}
    if sign in ("+", "-") and len(units) == 1:
        unit = units.pop()  # once, behind both
    else:
        left, right = _closed(left, language), _closed(right, language)
    # What follows a minus or a division binds one step tighter: a - (b - c).
    tighter = binding + (sign in ("-", "/", "**"))
    return _Piece(
        (*_within(left, binding), Term(text=_SIGNS[sign]), *_within(right, tighter)), binding, unit
    )


def _within(piece: _Piece, binding: int) -> tuple[Term, ...]:
    if piece.binding >= binding:
        return piece.terms
    return (Term(text="("), *piece.terms, Term(text=")"))


def _closed(piece: _Piece, language: str) -> _Piece:
    """A piece with its unit written behind it."""
    if not piece.unit:
        return piece
    suffix = formats.with_unit("", piece.unit, language)
    if not suffix:
        return _Piece(piece.terms, piece.binding)
    return _Piece((*_within(piece, _NUMBER), Term(text=suffix)), _NUMBER)


def _joined(terms: Sequence[Term]) -> Iterator[Term]:
    """The same terms with neighbouring texts made one."""
    text = ""
    for term in terms:
        if term.ref:
            if text:
                yield Term(text=text)
            yield term
            text = ""
        else:
            text += term.text
    if text:
        yield Term(text=text)


def _number(text: str, language: str) -> str:
    value = Fraction(text)
    whole = len(str(abs(int(value))))
    return formats.fixed(value, max(0, CONSTANT_DIGITS - whole), language=language)


def _names(tree: Tree) -> Iterator[str]:
    if "ref" in tree:
        yield tree["ref"]
    inner = tree.get("of", [])
    for item in inner if isinstance(inner, list) else [inner]:
        yield from _names(item)


def _converts(tree: Tree, *, outermost: bool = False) -> bool:
    """Whether a unit changes within a sum; that its result is in percent shows by itself."""
    if "factor" in tree:
        percent = outermost and tree["factor"] == "100"
        return not percent or _converts(tree["of"])
    inner = tree.get("of", [])
    return any(_converts(item) for item in inner)
