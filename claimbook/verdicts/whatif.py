"""Moving the numbers of a claim: all that a browser needs to follow, as JSON.

The browser evaluates the trees of the readings at the points listed here and compares what they
come to with the accepted numbers; which verdict follows from the outcomes stands in tables here.
So the rule, and how ranges spread, are written in Python alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product
from math import ceil, comb, floor, log10, prod
from typing import Any

from claimbook import rule
from claimbook.base import formats
from claimbook.data.models import ClaimEntry, Input, Part
from claimbook.verdicts import expressions
from claimbook.verdicts.assess import as_shown, outcome_of
from claimbook.verdicts.expressions import Tree
from claimbook.verdicts.readings import Number, Reading, ReadingError, Recomputed, Workings, spanned
from claimbook.verdicts.result import Result, Term
from claimbook.verdicts.sensitivity import Lever, break_even, state_of

Json = dict[str, Any]

LANGUAGES = ("en", "vi")
FIRST = 4  # inputs shown at once; the others are folded
MAX_COMBINATIONS = 2000
_MAX_POWER = 9

# A slider reaches this share of its value and of its marks beyond them, and no mark farther off
# than this factor.
_ROOM = Fraction(1, 5)
_FARTHEST = 10
_LEAST_STEPS = 20
_WHOLE = frozenset({"count", "GPU", "parameter", "person", "share", "task", "token"})

# Where a reading may stand, as the verdict needs to know it; a letter each in the tables.
_STANDINGS: dict[str, tuple[rule.Outcome, Fraction | None]] = {
    "+": ("consistent", None),
    "~": ("not consistent", Fraction(0)),
    "?": ("undecided", None),
    "-": ("not consistent", None),
}
OUTCOMES = {letter: outcome for letter, (outcome, _) in _STANDINGS.items()}
_NEAR = "~"
_EXACT = "+?-"  # of dates, yes/no and checks, which are never near


def payload(entry: ClaimEntry, workings: Workings, result: Result) -> Json | None:
    """What can be moved, and what follows from it.

    Args:
        entry: the claim as its file has it.
        workings: its readings, checks and facts.
        result: what it came to.

    Returns:
        An object of JSON; all exact numbers are texts such as "2.19" or "1927/20". None if no
        reading follows any input.
    """
    model = Model(entry, workings)
    parts = [_part(part, model, result) for part in entry.parts]
    inputs = list(_inputs(entry, model))
    if not inputs:
        return None
    moved = {one["id"] for one in inputs}
    return {
        "claim": entry.id,
        "verdict": result.verdict,
        "inputs": inputs,
        "trees": [{"id": name, "trees": trees} for name, trees in model.trees.items()],
        "numbers": [_number(name, model) for name in model.trees if name in model.shown],
        "parts": parts,
        "stays": [
            entry["title"]
            for part in parts
            for entry in part["entries"]
            if entry["fixed"] and moved & set(entry["rests_on"])
        ],
        "verdicts": _claim_verdicts([part["verdicts"] for part in parts]),
        "words": _words(),
    }


class Model:
    """The readings of a claim as trees, and what these come to when inputs are moved.

    Attributes:
        trees: of every reading, check or fact that follows its inputs, by id.
        shown: unit and decimals of every reading and fact.
    """

    def __init__(self, entry: ClaimEntry, workings: Workings) -> None:
        self.workings = workings
        self.shown = dict(as_shown(entry, workings))
        self._unit_of = {name: unit for name, (unit, _) in self.shown.items()}
        self.trees: dict[str, list[Tree]] = {}
        self._known: dict[str, bool] = {}
        self._offsets: dict[str, list[dict[str, Fraction]]] = {}
        self._rounded: dict[str, bool] = {}
        self._values = {
            name: Fraction(workings.registry.inputs[name].value)
            for reading in workings.readings
            for name in workings.inputs(reading)
        }
        self.counting: dict[str, list[Reading]] = {
            part.id: workings.of_part(part.id, "reading", "proxy", "check") for part in entry.parts
        }
        for reading in (reading for found in self.counting.values() for reading in found):
            self.follows(reading.id)

    def following(self, entry: ClaimEntry) -> Iterator[tuple[Part, Reading]]:
        """Readings, proxies and checks that follow their inputs, each with its part."""
        for part in entry.parts:
            for reading in self.counting[part.id]:
                if self.follows(reading.id):
                    yield part, reading

    def follows(self, name: str) -> bool:
        """Whether a tree says what a reading comes to, whichever of its inputs moves."""
        if name not in self._known:
            # The browser looks at the ends of ranges alone.
            steady = (
                bool(self.workings.inputs(name))
                and not self.workings.compute(name, self.unit(name)).inside
            )
            self._known[name] = steady and self._grow(name)
        return self._known[name]

    def recomputed(self, name: str, values: Mapping[str, Fraction]) -> Recomputed:
        """What a reading that follows comes to, as `Workings.compute` has it.

        Raises:
            ReadingError: by these numbers it cannot be computed.
        """
        base = self._stated(name)
        base |= {other: values[other] for other in base.keys() & values.keys()}
        points = [
            base | {other: base[other] + offset for other, offset in point.items()}
            for point in self.offsets(name)
        ]
        return spanned([self._at(name, point) for point in points], self.rounded(name))

    def offsets(self, name: str) -> list[dict[str, Fraction]]:
        """Where a reading is computed, as distances from the values of its inputs; only not 0."""
        if name not in self._offsets:
            stated = self._stated(name)
            self._offsets[name] = [
                {
                    other: value - stated[other]
                    for other, value in point.items()
                    if value != stated[other]
                }
                for point in self.workings.points(name, {})
            ]
        return self._offsets[name]

    def rounded(self, name: str) -> bool:
        """Whether only the rounding of inputs makes a reading a range."""
        if name not in self._rounded:
            self._rounded[name] = self.workings.only_rounded(name)
        return self._rounded[name]

    def unit(self, name: str) -> str:
        """Unit in which a reading is shown; empty for checks."""
        return self._unit_of.get(name, "")

    def floating(self, name: str) -> bool:
        """Whether a reading is computed with floats, which are judged at 12 digits."""
        found = self.workings.at(name, self.unit(name), {})
        return any(isinstance(end, float) for end in (found.low, found.high))

    def _at(self, name: str, point: Mapping[str, Fraction]) -> Recomputed:
        try:
            ends = [self._evaluated(tree, point) for tree in self.trees[name]]
        except ArithmeticError as error:
            raise ReadingError(self.workings.claim, name, str(error)) from error
        if isinstance(ends[0], bool):
            return Recomputed(answers=frozenset(ends))
        return Recomputed(low=min(ends), high=max(ends))

    def _evaluated(self, tree: Tree, point: Mapping[str, Fraction]) -> Any:
        def value_of(name: str) -> Any:
            if name in point:
                return point[name]
            return self._evaluated(self.trees[name][0], point)

        return expressions.evaluate(tree, value_of)

    def _grow(self, name: str) -> bool:
        """Find the tree of a reading, and those that it refers to; false if one cannot be found."""
        trees = expressions.decide(self.workings, name, self.unit(name), self._unit_of)
        constants: dict[str, Number] = {}
        for other in sorted(set().union(*map(expressions.refers, trees))):
            if other in self.workings.registry.inputs or self.follows(other):
                continue
            if self.workings.inputs(other):
                return False
            low = self.workings.at(other, self.unit(other), {}).low
            assert low is not None  # a tree refers to numbers alone
            constants[other] = low
        self.trees[name] = [_plain(tree, constants) for tree in trees]
        if not trees or not all(map(_is_exact, trees)) or not self._holds(name):
            del self.trees[name]
            return False
        return True

    def _holds(self, name: str) -> bool:
        """Whether the tree gives what the formula gives, at the stated values and well away."""
        stated = self._stated(name)
        moves = [{}, *({other: value * Fraction(6, 7)} for other, value in stated.items())]
        moves += [{other: Fraction(0)} for other in stated]
        moves += [{other: value * factor for other, value in stated.items()} for factor in (2, -1)]
        return all(self._agree(name, stated | moved) for moved in moves)

    def _agree(self, name: str, point: Mapping[str, Fraction]) -> bool:
        try:
            computed = self.workings.at(name, self.unit(name), point)
        except ReadingError:
            computed = None
        try:
            followed = self._at(name, point)
        except ReadingError:
            followed = None
        if computed is None or followed is None:
            return computed is followed
        return computed.answers == followed.answers and all(
            _alike(one, other)
            for one, other in ((computed.low, followed.low), (computed.high, followed.high))
        )

    def _stated(self, name: str) -> dict[str, Fraction]:
        return {other: self._values[other] for other in self.workings.inputs(name)}


def near_right(part: Part, low: Number, high: Number) -> bool:
    """Whether a reading that is not consistent would make its part nearly right."""
    standing = rule.ReadingOutcome(
        role="reading",
        outcome="not consistent",
        off_by=_miss(part, low, high),
        right_direction=rule.right_direction(part.stated, (low, high)),
    )
    return rule.part_verdict([standing], part.kind) == "nearly right"


def standing(part: Part, recomputed: Recomputed) -> str:
    """The letter for where a reading of a part stands."""
    outcome = outcome_of(part, recomputed)
    if outcome == "not consistent" and recomputed.low is not None and recomputed.high is not None:
        return _NEAR if near_right(part, recomputed.low, recomputed.high) else "-"
    return _letter(outcome)


def verdict_key(readings: Iterable[str], proxies: Iterable[str], checks: Iterable[str]) -> str:
    """Key of a table of verdicts: the letters of each kind, in order of the alphabet."""
    return "|".join("".join(sorted(letters)) for letters in (readings, proxies, checks))


def _part(part: Part, model: Model, result: Result) -> Json:
    found = next(one for one in result.parts if one.id == part.id)
    numeric = part.kind in ("number", "count")
    entries = [_entry(part, reading, model, result) for reading in model.counting[part.id]]
    return {
        "id": part.id,
        "label": found.label.model_dump(),
        "verdict": found.verdict,
        "accepted": _accepted(part) if numeric else None,
        "near": _near(part) if numeric else None,
        "agrees": part.stated == "yes",
        "entries": entries,
        "follows": any(not entry["fixed"] for entry in entries),
        "verdicts": _part_verdicts(part, entries, found.verdict),
    }


def _entry(part: Part, reading: Reading, model: Model, result: Result) -> Json:
    """One reading, proxy or check, with where it stands before anything is moved."""
    name = reading.id
    follows = model.follows(name)
    unit = "" if reading.role == "check" else model.unit(name)
    recomputed = model.workings.compute(name, unit)
    words = result.references
    found = result.sums.get(name)
    return {
        "id": name,
        "title": reading.title,
        "role": reading.role,
        "fixed": "" if follows else _standing_of(part, reading, recomputed),
        "rests_on": list(model.workings.inputs(name)),
        "start": _standing_of(part, reading, recomputed),
        "text": {language: words[language].get(name, "") for language in LANGUAGES},
        "points": [
            [[other, str(offset)] for other, offset in point.items()]
            for point in (model.offsets(name) if follows else [])
        ],
        "rounded": follows and model.rounded(name),
        "floating": follows and model.floating(name),
        "sum": {language: _terms(getattr(found, language)) for language in LANGUAGES}
        if found and follows
        else {language: [] for language in LANGUAGES},
    }


def _standing_of(part: Part, reading: Reading, recomputed: Recomputed) -> str:
    if reading.role != "check":
        return standing(part, recomputed)
    return _letter(rule.assess_exact("yes", {bool(answer) for answer in recomputed.answers}))


def _letter(outcome: rule.Outcome) -> str:
    return next(letter for letter in _EXACT if OUTCOMES[letter] == outcome)


def _terms(terms: Iterable[Term]) -> list[list[str]]:
    return [[term.text, term.ref] for term in terms]


def _accepted(part: Part) -> Json:
    accepted = part.accepted()
    low, high = accepted.bounds
    return {
        "low": _exact(low),
        "high": _exact(high),
        "low_open": accepted.low_open,
        "high_open": accepted.high_open,
    }


def _near(part: Part) -> Json | None:
    """Ends of what is nearly right, and the sign that it has; None if nothing is.

    Outside the accepted numbers the miss grows steadily, so that two of its values say where it
    becomes too large.
    """
    signs = [sign for sign in (1, -1) if rule.right_direction(part.stated, sign)]
    low, high = part.accepted().bounds

    def end(border: Fraction | None, away: int) -> Fraction | None:
        if border is None:
            return None
        first, second = (
            _miss(part, border + steps * away, border + steps * away) for steps in (1, 2)
        )
        assert first is not None
        assert second is not None
        return border + away * (1 + (rule.NEARLY_RIGHT - first) / (second - first))

    border = high if low is None else low
    if not signs or border is None or _miss(part, border, border) is None:
        return None
    return {"low": _exact(end(low, -1)), "high": _exact(end(high, 1)), "sign": signs[0]}


def _miss(part: Part, low: Number, high: Number) -> Fraction | None:
    return rule.off_by(part.stated, (low, high), part.unit == "percent", part.comparator)


def _part_verdicts(part: Part, entries: Iterable[Json], word: str) -> dict[str, str] | None:
    """The verdict for every combination of outcomes; None if these are too many.

    No outcome moves that of a statement in words.
    """
    kinds: dict[str, tuple[list[str], int]] = {}
    for role in ("reading", "proxy", "check"):
        own = [entry for entry in entries if entry["role"] == role]
        fixed = [entry["fixed"] for entry in own if entry["fixed"]]
        kinds[role] = fixed, len(own) - len(fixed)
    numeric = part.kind in ("number", "count")
    letters = {role: _EXACT if role == "check" or not numeric else OUTCOMES for role in kinds}
    sizes = [comb(free + len(letters[role]) - 1, free) for role, (_, free) in kinds.items()]
    if prod(sizes) > MAX_COMBINATIONS:
        return None
    if part.worded:
        return {verdict_key((), (), ()): word}
    choices = [
        [[*fixed, *free] for free in combinations_with_replacement(letters[role], count)]
        for role, (fixed, count) in kinds.items()
    ]
    return {
        verdict_key(readings, proxies, checks): verdict_of(part, readings, proxies, checks)
        for readings, proxies, checks in product(*choices)
    }


def verdict_of(
    part: Part, readings: Iterable[str], proxies: Iterable[str], checks: Iterable[str]
) -> rule.Verdict:
    """The verdict of a part whose readings, proxies and checks stand as these letters say."""
    outcomes = [OUTCOMES[letter] for letter in checks]
    roles: tuple[tuple[rule.Role, Iterable[str]], ...] = (("reading", readings), ("proxy", proxies))
    return rule.part_verdict(
        [
            rule.ReadingOutcome(role, *_STANDINGS[letter], right_direction=letter == _NEAR)
            for role, letters in roles
            for letter in letters
        ],
        part.kind,
        checks_hold="not consistent" not in outcomes,
        checks_open="undecided" in outcomes,
    )


def _claim_verdicts(parts: Iterable[dict[str, str] | None]) -> dict[str, str] | None:
    """The verdict of the claim by those of its parts, in order; None if these are too many."""
    possible = []
    for verdicts in parts:
        if verdicts is None:
            return None
        possible.append([word for word in rule.VERDICTS if word in verdicts.values()])
    if prod(map(len, possible)) > MAX_COMBINATIONS:
        return None
    return {"|".join(words): rule.headline(words) for words in product(*possible)}  # type: ignore[arg-type]


def _inputs(entry: ClaimEntry, model: Model) -> Iterator[Json]:
    """What can be moved: first what the headline numbers rest on."""
    following = list(model.following(entry))
    first = [reading for _, reading in following if reading.primary]
    first = first or [reading for _, reading in following if reading.role == "reading"][:1]
    ordered = first + [reading for _, reading in following if reading.role != "check"]
    if not ordered:
        return
    ordered += [reading for _, reading in following]
    leading = {name for reading in first for name in model.workings.inputs(reading.id)}
    names = dict.fromkeys(name for reading in ordered for name in model.workings.inputs(reading.id))
    for place, name in enumerate(names):
        marks = list(break_evens(name, following, model))
        yield _slider(
            model.workings.registry.inputs[name], marks, place < FIRST and name in leading
        )


def break_evens(
    name: str, following: Iterable[tuple[Part, Reading]], model: Model
) -> Iterator[Fraction]:
    """Values of an input at which the outcome of a reading becomes another, the others as stated.

    Args:
        name: id of the input.
        following: the readings to look at, with their parts; checks are not.
        model: what they come to.
    """
    entry = model.workings.registry.inputs[name]
    for part, reading in following:
        if reading.role == "check" or name not in model.workings.inputs(reading.id):
            continue

        def moved(value: Fraction, part: Part = part, reading: Reading = reading) -> Any:
            return state_of(part, lambda: model.recomputed(reading.id, {name: value}))

        lever = Lever(
            name, entry.quantity, Fraction(entry.value), entry.unit, whole=False, state=cache(moved)
        )
        for found in (break_even(lever, "below"), break_even(lever, "above")):
            if found.value is not None:
                yield found.value


def _slider(entry: Input, marks: Iterable[Fraction], first: bool) -> Json:
    low, high, step = slider(
        Fraction(entry.value), _decimals(entry.value), entry.unit, [*entry.bounds, *marks]
    )
    digits = max(0, -floor(log10(step)))
    return {
        "id": entry.id,
        "short": entry.short.model_dump(),
        "unit": {language: formats.written(entry.unit, language) for language in LANGUAGES},
        "value": entry.value,
        "low": _decimal(low, digits),
        "high": _decimal(high, digits),
        "step": _decimal(step, digits),
        "first": first,
    }


def slider(
    value: Fraction, decimals: int, unit: str, marks: Iterable[Fraction]
) -> tuple[Fraction, Fraction, Fraction]:
    """Lowest value, highest value and step of a slider; it does not cross zero.

    Args:
        value: where it stands, to be met by a step.
        decimals: with which the value is written.
        unit: of the value; some are counted in whole numbers.
        marks: values to be within reach, unless they are many times larger or smaller.
    """
    size, written = abs(value), Fraction(1, 10**decimals)
    sign = -1 if value < 0 else 1
    near = [sign * mark for mark in marks]
    reach = [size, *(mark for mark in near if size <= mark * _FARTHEST <= size * _FARTHEST**2)]
    least, most = min(reach), max(reach)
    low = least - _ROOM * (size - least) - _ROOM * size
    high = most + _ROOM * (most - size) + max(_ROOM * size, written)
    step = written
    if (high - low) / step < _LEAST_STEPS and unit not in _WHOLE:
        step = _power((high - low) / _LEAST_STEPS)
    round_step = max(step, _power((high - low) / 10))
    low, high = floor(low / round_step) * round_step, ceil(high / round_step) * round_step
    low = max(low, step if size else Fraction(0))
    return (low, high, step) if sign > 0 else (-high, -low, step)


def _power(number: Fraction) -> Fraction:
    """The largest power of ten that is no larger than a number."""
    return Fraction(10) ** floor(log10(number))


def _number(name: str, model: Model) -> Json:
    """How a reading is written, in its own row and in sums."""
    unit, digits = model.shown[name]
    return {
        "id": name,
        "digits": digits,
        "unit": {language: formats.with_unit("", unit, language) for language in LANGUAGES},
    }


def _words() -> Json:
    """Words that numbers are joined with, by language."""
    return {
        language: {
            "to": formats.span("0", "1", language=language)[1:-1],
            "answers": {
                "true": formats.yes_no(True, language),
                "false": formats.yes_no(False, language),
                "both": formats.either(
                    [formats.yes_no(answer, language) for answer in (False, True)], language
                ),
            },
            "separators": formats.fixed(Fraction(123456, 100), 2, language=language)[1::4],
        }
        for language in LANGUAGES
    }


def _plain(tree: Tree, constants: Mapping[str, Number]) -> Tree:
    """A tree with all numbers as fractions, and those that no input moves put in."""
    if "ref" in tree and tree["ref"] in constants:
        number = constants[tree["ref"]]
        return {"number": str(Fraction(repr(number) if isinstance(number, float) else number))}
    if "number" in tree:
        return {"number": str(Fraction(tree["number"]))}
    found = dict(tree)
    for key in {"of", "if", "then", "else"} & tree.keys():
        inner = tree[key]
        found[key] = (
            [_plain(item, constants) for item in inner]
            if isinstance(inner, list)
            else _plain(inner, constants)
        )
    return found


def _is_exact(tree: Tree) -> bool:
    """Whether fractions stay fractions: powers are small whole numbers."""
    if tree.get("do") == "**":
        power = Fraction(tree["of"][1].get("number", "1/2"))
        if power.denominator != 1 or abs(power) > _MAX_POWER:
            return False
    return all(map(_is_exact, expressions.inner(tree)))


def _alike(one: Number | None, other: Number | None) -> bool:
    if one is None or other is None:
        return one is other
    if isinstance(one, float):
        return abs(one - float(other)) <= 1e-9 * max(1.0, abs(one))
    return one == other


def _exact(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])


def _decimal(number: Fraction, digits: int) -> str:
    """A number as a program reads it."""
    scaled = number * 10**digits
    text = f"{abs(int(scaled)):0{digits + 1}d}"
    whole, decimals = text[: len(text) - digits], text[len(text) - digits :]
    return ("-" if number < 0 else "") + whole + (f".{decimals}" if decimals else "")
