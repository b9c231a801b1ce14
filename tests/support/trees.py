"""The trees of sums, evaluated in Python as a browser does it."""

import operator
from fractions import Fraction

_WAYS = {
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


def evaluated(tree, values):
    """What a tree comes to for numbers by their ids."""
    if "ref" in tree:
        return values[tree["ref"]]
    if "number" in tree:
        return Fraction(tree["number"])
    if "factor" in tree:
        return Fraction(tree["factor"]) * evaluated(tree["of"], values)
    return _WAYS[tree["do"]](*(evaluated(inner, values) for inner in tree["of"]))
