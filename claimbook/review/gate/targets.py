"""What can be moved: inputs, numeric and yes/no cells and units of tables, and witnesses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Literal

import pandas as pd
from pydantic import Field

from claimbook.base import units
from claimbook.data.models import CitedTable, ClaimEntry, Input, Part, Witness
from claimbook.data.registry import Registry
from claimbook.data.table_models import MOVED
from claimbook.review.gate import steps

_TOO_LARGE = 2**63  # columns of whole numbers have 64 bits


@dataclass(frozen=True)
class Target:
    """One number, one yes or no, or the unit of one column of `data/`.

    Attributes:
        source: id of the input, or of the table it is a cell of, or claim/part of the witness.
        kind: a yes or no has the numbers 1 and 0; a unit is 1 as it is, and 0 if it is another; a
            witness is 1 as it is, 0 if it is removed, and -1 if it says the opposite.
        present: its value now, in its own unit.
        row: place of its row in the table or the part, from 0; None for an input or a unit.
        column: name of its column, or id of the witness; empty for an input.
    """

    source: str
    kind: Literal["number", "whole", "yes-no", "unit", "witness"]
    present: Fraction
    row: int | None = None
    column: str = ""

    @property
    def name(self) -> str:
        """How break-evens and messages call it: rows are counted from 1."""
        if self.kind == "unit":
            return f"{self.source}[unit of {self.column}]"
        return self.source if self.row is None else f"{self.source}[{self.row + 1}, {self.column}]"

    def shown(self, value: Fraction) -> str:
        """A value of it in words."""
        if self.kind == "yes-no":
            return "true" if value else "false"
        if self.kind == "unit":
            return "its unit" if value else "another unit"
        if self.kind == "witness":
            return "the opposite" if value < 0 else "what it says" if value else "nothing"
        return steps.text(value)


class _Moved(Input):
    """An input with another value and its range moved along; its precision stays what it is."""

    span: Annotated[tuple[Fraction, Fraction], Field(exclude=True)]

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        return self.span


def targets(registry: Registry, source: str) -> Iterator[Target]:
    """Everything of one input or table that can be moved; gaps in a table cannot.

    A unit is moved too: what reads a column without it would not notice that it is wrong.
    """
    if source in registry.inputs:
        yield Target(source, "number", Fraction(registry.inputs[source].value))
        return
    if part := witnessed(registry).get(source):
        for place, witness in enumerate(part.witnesses):
            yield Target(source, "witness", Fraction(1), place, witness.id)
        return
    frame = registry.frame(source)
    for column in registry.tables[source].columns:
        if column.type not in MOVED:
            continue
        for row, value in enumerate(frame[column.name]):
            if pd.isna(value):
                continue
            if column.type == "boolean":
                yield Target(source, "yes-no", Fraction(bool(value)), row, column.name)
            else:
                kind: Literal["whole", "number"] = "whole" if column.type == "integer" else "number"
                yield Target(source, kind, Fraction(str(value)), row, column.name)
        if column.unit:
            yield Target(source, "unit", Fraction(1), None, column.name)


def witnessed(registry: Registry) -> dict[str, Part]:
    """The witnessed parts of all claims, by claim/part, which no input or table is called."""
    return {
        f"{slug}/{part.id}": part
        for slug, claim in registry.claims.items()
        for part in claim.parts
        if part.witnesses
    }


def moved(registry: Registry, values: Mapping[Target, Fraction]) -> Registry:
    """The registry with some values changed, in memory.

    Raises:
        OverflowError: a column of whole numbers cannot hold its value.
    """
    inputs, frames = dict(registry.inputs), dict(registry._frames)
    tables = dict(registry.tables)
    claims = _turned(registry, values)
    for target, value in values.items():
        if target.kind == "witness":
            continue
        if target.row is None and not target.column:
            inputs[target.source] = _moved_input(registry.inputs[target.source], value)
            continue
        if frames.get(target.source) is registry._frames.get(target.source):
            frames[target.source] = registry.frame(target.source).copy()
        frame = frames[target.source]
        if target.row is None:
            table = tables[target.source] = _with_another_unit(tables[target.source], target.column)
            frame.attrs["units"] = table.units
            continue
        if target.kind == "whole" and abs(value) >= _TOO_LARGE:
            raise OverflowError(f"expected a value that {target.name} can hold, found {value}")
        cells = {"yes-no": bool, "whole": int, "number": float}
        place = frame.index[target.row], target.column
        frame.loc[place] = cells[target.kind](value)
    return replace(
        registry,
        claims=claims,
        inputs=MappingProxyType(inputs),
        tables=MappingProxyType(tables),
        _frames=frames,
    )


def _turned(registry: Registry, values: Mapping[Target, Fraction]) -> Mapping[str, ClaimEntry]:
    """The claims with some witnesses removed, or saying the opposite."""
    told = {
        (target.source, target.row): value
        for target, value in values.items()
        if target.kind == "witness"
    }
    claims = dict(registry.claims)
    for source in dict.fromkeys(source for source, _ in told):
        slug, _, name = source.partition("/")
        parts = tuple(
            part.model_copy(
                update={
                    "witnesses": tuple(
                        _opposite(witness) if told.get((source, place)) == -1 else witness
                        for place, witness in enumerate(part.witnesses)
                        if told.get((source, place)) != 0
                    )
                }
            )
            if part.id == name
            else part
            for part in claims[slug].parts
        )
        claims[slug] = claims[slug].model_copy(update={"parts": parts})
    return MappingProxyType(claims)


def _opposite(witness: Witness) -> Witness:
    says = {"supports": "contradicts", "contradicts": "supports"}.get(witness.says, witness.says)
    return witness.model_copy(update={"says": says})


def _with_another_unit(table: CitedTable, name: str) -> CitedTable:
    columns = (
        column.model_copy(update={"unit": units.another(column.unit)})
        if column.name == name
        else column
        for column in table.columns
    )
    return table.model_copy(update={"columns": tuple(columns)})


def _moved_input(entry: Input, value: Fraction) -> Input:
    shift = value - Fraction(entry.value)
    low, high = (end + shift for end in entry.bounds)
    ends = {"low": steps.text(low), "high": steps.text(high)} if entry.low else {}
    # Not validated: the values that are tried may be longer than those that are typed.
    return _Moved.model_construct(
        **{**dict(entry), "value": steps.text(value), **ends, "span": (low, high)}
    )
