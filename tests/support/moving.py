"""Claims whose numbers are moved, and what Python computes for the moved ones."""

import random
from dataclasses import replace
from fractions import Fraction

from claimbook.base import formats
from claimbook.data.registry import load
from claimbook.notebook.claim import Claim
from claimbook.verdicts import whatif
from claimbook.verdicts.assess import assess_claim
from claimbook.verdicts.readings import ReadingError, Workings

RANDOM_POINTS = 4
MOST_NEAR = 12


class Moved(Workings):
    """The same readings with other values of inputs, each computed as Python does."""

    def __init__(self, workings, values):
        super().__init__(workings.claim, workings.registry)
        needed = [
            reading.id
            for reading in workings.readings.values()
            if reading.role in ("reading", "proxy", "check")
        ]
        for name in needed:
            needed += [
                other for other in workings.readings[name].evidence if other in workings.readings
            ]
        self.readings = {
            name: reading for name, reading in workings.readings.items() if name in needed
        }
        self.values = values

    def compute(self, reading_id, unit, *, values=None, tables=None):
        moved = self.values | dict(values or {})
        return super().compute(reading_id, unit, values=moved, tables=tables)

    def at(self, reading_id, unit, values):
        return super().at(reading_id, unit, self.values | dict(values))


def moves_of(claim):
    """What a browser is told of a claim."""
    return whatif.payload(claim.entry, claim.workings, claim.result())


def points_of(claim, payload):
    """Values to try, as fields take them: corners, near stated ones and break-evens, at random."""
    inputs = payload["inputs"]
    yield {}
    yield {item["id"]: item["low"] for item in inputs}
    yield {item["id"]: item["high"] for item in inputs}
    ends = ("low", "high")
    yield {item["id"]: item[ends[place % 2]] for place, item in enumerate(inputs)}
    model = whatif.Model(claim.entry, claim.workings)
    source = random.Random(1)
    near = []
    for item in inputs:
        digits = len(item["step"].partition(".")[2]) + 1
        stated = int(Fraction(item["value"]) * 10**digits)
        near += [{item["id"]: _decimal(stated + more, digits)} for more in (-1, 1)]
        for mark in whatif.break_evens(item["id"], model.following(claim.entry), model):
            down = int(mark * 10**digits)
            near += [{item["id"]: _decimal(down + more, digits)} for more in (0, 1)]
    yield from near if len(near) <= MOST_NEAR else source.sample(near, MOST_NEAR)
    for _ in range(RANDOM_POINTS):
        point = {}
        for item in inputs:
            digits = len(item["step"].partition(".")[2])
            low, high = (int(Fraction(item[end]) * 10**digits) for end in ends)
            point[item["id"]] = _decimal(source.randint(low, high), digits)
        yield point


def expected(claim, payload, point):
    """What a block has to say at a point: rows by id, verdicts by part, and that of the claim.

    Without the verdicts where a reading that follows no sum would come out differently.
    """
    values = {name: Fraction(text) for name, text in point.items()}
    try:
        result = assess_claim(claim.entry, Moved(claim.workings, values))
    except ReadingError:
        return {"verdict": "cannot be computed"}
    rows, verdicts, same = {}, {}, True
    for part, listed in zip(result.parts, payload["parts"], strict=True):
        found = {one.id: one for one in (*part.readings, *part.checks)}
        for entry in listed["entries"]:
            one = found[entry["id"]]
            if entry["fixed"]:
                same &= whatif.OUTCOMES[entry["fixed"]] == one.outcome
            else:
                text = (
                    getattr(one, "text", "")
                    or {
                        "consistent": "passes",
                        "not consistent": "fails",
                        "undecided": "undecided",
                    }[one.outcome]
                )
                rows[entry["id"]] = [one.outcome, text, _sum(claim, result, entry, point)]
        if listed["follows"] and len(payload["parts"]) > 1:
            verdicts[part.id] = part.verdict
    shown = {"rows": rows}
    if same:
        shown["verdict"] = result.verdict
        if verdicts:
            shown["parts"] = verdicts
    return shown


def _sum(claim, result, entry, point):
    if len(entry["sum"]["en"]) < 2:
        return None
    texts = []
    for term in result.sums[entry["id"]].en:
        text = term.text
        if term.ref in point:
            written = claim.registry.inputs[term.ref].value
            digits = max(len(value.partition(".")[2]) for value in (written, point[term.ref]))
            text = formats.fixed(Fraction(point[term.ref]), digits, strip=False)
        texts.append(text)
    return "".join(texts)


def _decimal(scaled, digits):
    text = f"{abs(scaled):0{digits + 1}d}"
    sign = "-" if scaled < 0 else ""
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else sign + text


# Small claims, each with what no claim of the book has: the part, the inputs, and readings.


def _extremes(apple_price, pear_price):
    return min(apple_price, pear_price) / max(apple_price, pear_price)


def _both_ends(apple_price, pear_price):
    return apple_price / pear_price, 2 * apple_price / pear_price


def _saving(apple_price, pear_price):
    return 1 - apple_price / pear_price


def _loss(apple_price, pear_price):
    return (apple_price - pear_price) / pear_price


def _with_a_float(apple_price, pear_price):
    return (1 - apple_price / pear_price) * (1 / 3) * 3


def _power(apple_price, pear_price):
    return abs(apple_price - pear_price) ** 2 / pear_price**2


def _per_gap(apple_price, pear_price):
    return apple_price / (pear_price - apple_price)


def _share(apple_price, pear_price):
    return Fraction(23, 25) * pear_price / apple_price


def _cheaper(apple_price, pear_price):
    return apple_price < pear_price and 3 * apple_price > pear_price


def _whole(apple_price, pear_price):
    return 2 * pear_price / apple_price


EXACT = {"precision": "exact", "low": "", "high": ""}
WIDE = {"precision": "estimate", "low": "-1", "high": "2.00"}
ROUNDED = EXACT | {"precision": "rounded"}

SMALL = {
    "estimate": ({}, {}, [_saving]),
    "rounded": ({"stated": "50.0", "round_to": None}, ROUNDED, [_saving, _loss]),
    "exact tie": ({"stated": "50", "comparator": "more-than", "round_to": None}, EXACT, [_saving]),
    "tie included": ({"stated": "50", "comparator": "at-least"}, EXACT, [_saving]),
    "below": ({"stated": "-50", "comparator": "less-than", "round_to": None}, EXACT, [_loss]),
    "range": ({"stated": "45 to 48", "round_to": None}, EXACT, [_saving]),
    "far": ({"stated": "96.4", "round_to": None}, EXACT, [_saving]),
    "thresholds": ({"stated": "2", "comparator": "tens-of", "round_to": None}, EXACT, [_saving]),
    "most": ({"stated": "100", "comparator": "most", "round_to": None}, EXACT, [_saving]),
    "nothing near": ({"stated": "0", "round_to": None}, EXACT, [_saving]),
    "across zero": ({"stated": "2.0", "unit": "ratio", "round_to": None}, WIDE, [_share]),
    "negative": (
        {"stated": "-47", "comparator": "nearly", "round_to": None},
        EXACT,
        [_loss, _saving],
    ),
    "tie of floats": ({"comparator": "at-least", "round_to": None}, EXACT, [_with_a_float]),
    "smallest and largest": ({}, EXACT, [_extremes]),
    "own ends": ({"stated": "60", "round_to": None}, ROUNDED, [_both_ends]),
    "powers": ({"stated": "25", "round_to": None}, EXACT, [_power]),
    "division by nothing": ({"stated": "100", "round_to": None}, EXACT, [_per_gap]),
    "yes": ({"kind": "yes-no", "stated": "yes", "unit": "", "round_to": None}, {}, [_cheaper]),
    "no": ({"kind": "yes-no", "stated": "no", "unit": "", "round_to": None}, {}, [_cheaper]),
    "count": ({"kind": "count", "stated": "4", "unit": "ratio", "round_to": None}, EXACT, [_whole]),
}


def small_claim(small, name, functions=None, **more):
    """One of the small claims, with a check beside its readings.

    Args:
        small: the project.
        name: of the claim.
        functions: other readings than its own.
        more: of the part, other than its own.
    """
    part, entry, own = SMALL[name]
    part, functions = part | more, own if functions is None else functions
    registry = load(small)
    pear = registry.inputs["pear_price"].model_copy(update=entry)
    registry = replace(registry, inputs={**registry.inputs, pear.id: pear})
    claim = Claim("apples-half-price", registry)
    (stated,) = claim.entry.parts
    claim.entry = claim.entry.model_copy(update={"parts": (stated.model_copy(update=part),)})
    for place, function in enumerate(functions):
        primary = {"why": "another sense"} if place else {"primary": "the first sense"}
        claim.reading(
            function.__name__.strip("_"),
            function.__name__,
            function,
            "apple_price",
            "pear_price",
            **primary,
        )

    @claim.check("Both cost something")
    def something(apple_price, pear_price):
        return apple_price.magnitude > 0 and pear_price.magnitude > 0

    return claim
