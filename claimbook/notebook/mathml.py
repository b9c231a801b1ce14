"""The sum behind a reading as MathML, which browsers draw themselves."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import Any

from claimbook.base import formats

Tree = Mapping[str, Any]

_SIGNS = {"+": "+", "-": "−", "*": "×", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "="}
_LOOSE = ("+", "-", "neg")  # stand in parentheses within a product


def formula(trees: Sequence[Tree], numbers: Mapping[str, str]) -> str:
    """A sum with its numbers put in; two trees are the ends of a range.

    Args:
        trees: as `claimbook.verdicts.expressions` describes them.
        numbers: what stands for each id in them.
    """
    ends = [_element(tree, numbers) for tree in trees]
    return f"<math>{'<mtext> to </mtext>'.join(ends)}</math>"


def _element(tree: Tree, numbers: Mapping[str, str]) -> str:
    if "factor" in tree:
        return _element(tree["of"], numbers)
    if "ref" in tree:
        return f"<mn>{escape(numbers.get(tree['ref'], tree['ref']))}</mn>"
    if "number" in tree:
        return f"<mn>{escape(formats.plainly(Fraction(tree['number'])))}</mn>"
    sign, inner = tree["do"], [_element(item, numbers) for item in tree["of"]]
    match sign:
        case "/":
            return f"<mfrac><mrow>{inner[0]}</mrow><mrow>{inner[1]}</mrow></mfrac>"
        case "**":
            return f"<msup><mrow>{_bracketed(tree['of'][0], inner[0])}</mrow>{inner[1]}</msup>"
        case "abs":
            return f"<mrow><mo>|</mo>{inner[0]}<mo>|</mo></mrow>"
        case "neg":
            return f"<mrow><mo>−</mo>{_bracketed(tree['of'][0], inner[0])}</mrow>"
        case "*":
            inner = [_bracketed(*pair) for pair in zip(tree["of"], inner, strict=True)]
        case "-":
            inner[1] = _bracketed(tree["of"][1], inner[1])
    return f"<mrow>{inner[0]}<mo>{escape(_SIGNS[sign])}</mo>{inner[1]}</mrow>"


def _bracketed(tree: Tree, written: str) -> str:
    while "factor" in tree:
        tree = tree["of"]
    if tree.get("do") in _LOOSE:
        return f"<mrow><mo>(</mo>{written}<mo>)</mo></mrow>"
    return written
