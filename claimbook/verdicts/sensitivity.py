"""How far an input must move before the outcome changes."""

import itertools
import random
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import ceil, floor, log10
from typing import Any, Literal

import pandas as pd

from claimbook.base import formats
from claimbook.base.units import rounded
from claimbook.data.models import Column, Input, Part
from claimbook.verdicts.assess import outcome_of
from claimbook.verdicts.readings import Reading, ReadingError, Recomputed, Workings

# Relative steps at which the outcome is looked at, near ones first, out to a thousandfold.
NEAR = Fraction(1, 10**9)
_STEPS_UP = (
    NEAR,
    *(Fraction(1, 10**power) for power in (6, 5, 4, 3)),
    *(Fraction(percent, 100) for percent in (1, 2, 5, 10, 20, 35, 50, 75, 100)),
    *(Fraction(factor) for factor in (2, 4, 9, 19, 49, 99, 999)),
)
_STEPS_DOWN = (
    *(step for step in _STEPS_UP if step < 1),
    *(1 - Fraction(1, factor) for factor in (5, 10, 20, 50, 100, 1000)),
)
_HALVINGS = 40
IMPOSSIBLE = "impossible"
_DRAWS = 2000
_NEARLY_ALL = 99  # percent
_SEED = 20250127

Direction = Literal["below", "above"]


@dataclass(frozen=True)
class BreakEven:
    """Where the outcome changes on one side of the present value.

    Attributes:
        found: "at" a value, "edge" if the slightest move changes it, "none" if nothing within a
            thousandfold does.
        value: the nearest value with another outcome, in the unit of what is moved; None unless
            found at one.
    """

    found: Literal["at", "edge", "none"]
    value: Fraction | None = None


@dataclass(frozen=True)
class State:
    """Where a reading stands to the accepted numbers.

    Attributes:
        outcome: as the rule has it; `IMPOSSIBLE` if the reading cannot be computed.
        side: -1 below all accepted numbers, 1 above them, 0 neither.
        result: what the reading comes to, of which two states may have different ones.
    """

    outcome: str
    side: int = 0
    result: Recomputed | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Lever:
    """One number that can be moved: an input, or a cell of a table.

    Attributes:
        present: its value now, in `unit`.
        whole: it can only take whole numbers.
        state: the state of the reading if it took another value.
        cell: it is a cell of a table.
    """

    name: str
    quantity: str
    present: Fraction
    unit: str
    whole: bool
    state: Callable[[Fraction], State]
    cell: bool = False

    def outcome(self, value: Fraction) -> str:
        """The outcome of the reading if the number took this value."""
        return self.state(value).outcome


def break_even(lever: Lever, direction: Direction) -> BreakEven:
    """Find the nearest value, on one side, at which the outcome is another.

    Looked for from one state to the next, since a step may jump over all accepted numbers. A move
    that makes the reading impossible, such as a division by zero, ends the search. A cell whose
    moves leave the reading as it is (see `_idle`) is not looked at further.
    """
    start = state = lever.state(lever.present)
    same = lever.present
    moves = list(_moves(lever, direction))
    if lever.cell and _idle(lever, moves):
        return BreakEven("none")
    for moved in moves:
        found = lever.state(moved)
        if found != state:
            border = _border(lever, state, same, moved)
            other = lever.state(border)
            if other.outcome == IMPOSSIBLE:
                return BreakEven("none")
            if other.outcome != start.outcome:
                slight = not lever.whole and abs(moved - lever.present) <= NEAR * abs(same)
                return BreakEven("edge") if slight else BreakEven("at", border)
            if found.outcome == IMPOSSIBLE:
                return BreakEven("none")
            state = found
        same = moved
    return BreakEven("none")


def _idle(lever: Lever, moves: Sequence[Fraction]) -> bool:
    """Whether a middle and the last move leave what the reading comes to just as it is.

    Most of the many cells of a table are not used by a reading, or cannot turn its yes into a no.
    Two moves tell them if the reading rises or falls steadily in the cell, as `Workings.compute`
    expects. A number that changes at all is looked at move by move, since not every cell is like
    that: what is rounded up to a multiple rises and falls with it.
    """
    start = lever.state(lever.present)
    looks = [lever.state(moves[place]) for place in (len(moves) // 2, -1)]
    return all((look, look.result) == (start, start.result) for look in looks)


def _border(lever: Lever, state: State, same: Fraction, other: Fraction) -> Fraction:
    """The first value, between one in a state and one in another, that is no longer in it."""
    for _ in range(_HALVINGS):
        middle = (same + other) / 2
        if lever.whole:
            middle = Fraction(round(middle))
            if middle in (same, other):
                break
        if lever.state(middle) == state:
            same = middle
        else:
            other = middle
    return other


def _moves(lever: Lever, direction: Direction) -> Iterator[Fraction]:
    sign = 1 if direction == "above" else -1
    size = abs(lever.present) or Fraction(1)
    last = Fraction(0)
    # Towards zero a number can only shrink; away from it, it can grow a thousandfold.
    shrinking = lever.present * sign < 0
    for step in _STEPS_DOWN if shrinking else _STEPS_UP:
        distance = step * size
        if lever.whole:
            distance = Fraction(max(1, round(distance)))
        if distance > last:
            yield lever.present + sign * distance
            last = distance


def levers(part: Part, reading: Reading, workings: Workings) -> Iterator[Lever]:
    """Everything that the reading rests on and that can be moved.

    Inputs, and the cells of those table columns that carry a unit.
    """
    for name in workings.inputs(reading.id):
        entry = workings.registry.inputs[name]

        def moved_input(value: Fraction, name: str = name) -> State:
            return state_of(
                part, lambda: workings.compute(reading.id, part.unit, values={name: value})
            )

        yield Lever(
            name,
            entry.quantity,
            Fraction(entry.value),
            entry.unit,
            whole=False,
            state=cache(moved_input),
        )
    for name in workings.tables(reading.id):
        yield from _cells(part, reading, workings, name)


def _cells(part: Part, reading: Reading, workings: Workings, table: str) -> Iterator[Lever]:
    entry = workings.registry.tables[table]
    frame = workings.registry.frame(table)
    for column in entry.columns:
        if column.type not in ("integer", "number") or not column.unit:
            continue
        for position, value in enumerate(frame[column.name]):
            if pd.isna(value):
                continue

            def moved_cell(
                value: Fraction, column: Column = column, position: int = position
            ) -> State:
                moved = frame.copy()
                cell = int(value) if column.type == "integer" else float(value)
                moved.at[moved.index[position], column.name] = cell
                return state_of(
                    part, lambda: workings.compute(reading.id, part.unit, tables={table: moved})
                )

            yield Lever(
                f"{table}[{position + 1}, {column.name}]",
                _row_label(frame, entry.columns, position, column),
                Fraction(str(value)),
                column.unit,
                whole=column.type == "integer",
                state=cache(moved_cell),
                cell=True,
            )


def _row_label(
    frame: pd.DataFrame, columns: tuple[Column, ...], position: int, column: Column
) -> str:
    """A cell in words: the texts and dates that lead its row, and the column's title."""
    words: list[str] = []
    for other in columns:
        if other.type in ("string", "date") and len(words) < 2:
            value = frame[other.name].iloc[position]
            words.append(str(value.date()) if other.type == "date" else str(value))
    return ", ".join([*words, column.title or column.name])


def state_of(part: Part, compute: Callable[[], Recomputed]) -> State:
    """Where a reading of a part stands, whose computation may fail."""
    try:
        recomputed = compute()
        outcome = outcome_of(part, recomputed)
    except ReadingError:
        return State(IMPOSSIBLE)
    side = 0
    if outcome == "not consistent" and recomputed.low is not None:
        low = part.accepted().low
        side = -1 if low is not None and recomputed.low <= low else 1
    return State(outcome, side, recomputed)


class Sensitivity:
    """The break-evens of the headline reading of a part; of all readings if none is preferred."""

    def __init__(self, part: Part, workings: Workings) -> None:
        self._part, self._workings = part, workings
        own = [reading for reading in workings.readings.values() if reading.part == part.id]
        self._readings = (
            [reading for reading in own if reading.primary]
            or [reading for reading in own if reading.role == "reading"]
            or [reading for reading in own if reading.role == "proxy"]
        )

    def payload(self) -> dict[str, Any]:
        """The table of break-evens, as JSON."""
        return {
            "kind": "sensitivity",
            "claim": self._workings.claim,
            "part": self._part.id,
            "readings": [self._reading(reading) for reading in self._readings],
        }

    def _reading(self, reading: Reading) -> dict[str, Any]:
        outcome = outcome_of(self._part, self._workings.compute(reading.id, self._part.unit))
        rows, unmoved = [], 0
        for lever in levers(self._part, reading, self._workings):
            sides = {side: break_even(lever, side) for side in ("below", "above")}
            if lever.cell and all(side.found == "none" for side in sides.values()):
                unmoved += 1
                continue
            rows.append(
                {
                    "input": lever.name,
                    "cell": lever.cell,
                    "quantity": lever.quantity,
                    "value": _present(lever),
                    **{side: _side(lever, found) for side, found in sides.items()},
                    "nearest": _nearest(lever, sides.values()),
                    "share": "" if lever.cell else self._share(reading, lever.name, outcome),
                }
            )
        return {
            "reading": reading.id,
            "title": reading.title,
            "outcome": outcome,
            "rows": rows,
            "unmoved_cells": unmoved,
            "joint_share": self._joint_share(reading, outcome),
        }

    def _share(self, reading: Reading, name: str, outcome: str) -> str:
        """Share of one input's range in which the reading is consistent, the others as stated."""
        low, high = self._workings.registry.inputs[name].bounds
        if low == high:
            return ""
        count = 200
        points = (low + (high - low) * Fraction(2 * n + 1, 2 * count) for n in range(count))
        ends = [{name: low}, {name: high}]
        return self._percent(reading, [{name: point} for point in points], outcome, ends)

    def _joint_share(self, reading: Reading, outcome: str) -> str:
        """The same for all ranges at once, by draws from the box with a fixed seed."""
        entries: list[Input] = [
            self._workings.registry.inputs[name] for name in self._workings.inputs(reading.id)
        ]
        ranged = [entry for entry in entries if entry.bounds[0] != entry.bounds[1]]
        if len(ranged) < 2:
            return ""
        source = random.Random(_SEED)

        def draw(entry: Input) -> Fraction:
            low, high = entry.bounds
            return low + (high - low) * Fraction(source.random())

        points = [{entry.id: draw(entry) for entry in ranged} for _ in range(_DRAWS)]
        ends = [
            dict(zip((entry.id for entry in ranged), corner, strict=True))
            for corner in itertools.product(*(entry.bounds for entry in ranged))
        ]
        return self._percent(reading, points, outcome, ends)

    def _percent(
        self,
        reading: Reading,
        points: list[dict[str, Fraction]],
        outcome: str,
        ends: list[dict[str, Fraction]],
    ) -> str:
        """Share of the points at which the reading is consistent.

        Points miss what lies in a corner: all of a range is said of it only if its ends agree, and
        none of it likewise.
        """
        if outcome == "not consistent":
            points, ends = points[:1], []  # all ranges together never reach an accepted number
        hits = sum(self._is_consistent(reading, point) for point in points)
        all_hit = hits == len(points) and all(self._is_consistent(reading, end) for end in ends)
        none_hit = not hits and not any(self._is_consistent(reading, end) for end in ends)
        share = Fraction(100 * hits, len(points))
        if not all_hit and share > _NEARLY_ALL:
            return f"more than {formats.with_unit(str(_NEARLY_ALL), 'percent')}"
        if not none_hit and share < 100 - _NEARLY_ALL:
            return f"less than {formats.with_unit(str(100 - _NEARLY_ALL), 'percent')}"
        return formats.with_unit(formats.fixed(share, 0), "percent")

    def _is_consistent(self, reading: Reading, point: dict[str, Fraction]) -> bool:
        state = state_of(self._part, lambda: self._workings.at(reading.id, self._part.unit, point))
        return state.outcome == "consistent"


def _side(lever: Lever, found: BreakEven) -> str:
    if found.found == "edge":
        return "on the edge"
    if found.value is None:
        return "none"
    text = _written(found.value, lever)
    if not lever.present:
        return text
    change = (found.value - lever.present) / abs(lever.present) * 100
    sign = "+" if change > 0 else ""
    digits = 1 if abs(change) >= 1 else 3
    percent = formats.with_unit(formats.fixed(change, digits, strip=False), "percent")
    return f"{text} ({sign}{percent})"


def _nearest(lever: Lever, sides: Collection[BreakEven]) -> float | None:
    """The smaller move that changes the outcome, as a share of the present value."""
    if any(side.found == "edge" for side in sides):
        return 0.0
    moves = [abs(side.value - lever.present) for side in sides if side.value is not None]
    return rounded(min(moves) / (abs(lever.present) or 1)) if moves else None


def _present(lever: Lever) -> str:
    return formats.with_unit(formats.plainly(lever.present), lever.unit)


def _written(value: Fraction, lever: Lever) -> str:
    """A break-even: whole numbers in full, others with four digits, rounded away from the present.

    So the number shown lies beyond the border, never short of it.
    """
    if not lever.whole and value:
        value = Fraction(f"{float(value):.12g}")
        step = Fraction(10) ** (floor(log10(abs(value))) - 3)
        value = step * (ceil(value / step) if value > lever.present else floor(value / step))
    return formats.with_unit(formats.plainly(value), lever.unit)
