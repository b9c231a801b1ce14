"""Trials on one page: its notebook is run with a value changed, and compared with the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from itertools import zip_longest
from typing import Literal

from claimbook.data.registry import Registry, kept
from claimbook.review.gate import steps
from claimbook.review.gate.targets import Target, moved, witnessed
from claimbook.run import in_process
from claimbook.run.dependencies import named
from claimbook.run.notebooks import NotebookError
from claimbook.verdicts import ledger, sensitivity

Rows = Mapping[ledger.Key, Mapping[str, str]]


@dataclass(frozen=True)
class Border:
    """Where sensitivity says that the outcome of a reading changes.

    Attributes:
        found: "at" a value, or on the "edge".
        value: the break-even, in the unit of what is moved; None on the edge.
    """

    reading: ledger.Key
    side: sensitivity.Direction
    found: Literal["at", "edge"]
    value: Fraction | None


@dataclass(frozen=True)
class Mutant:
    """What a page came to with one value changed.

    Attributes:
        differences: from the ledger.
        crash: why it came to nothing; empty if it did.
    """

    differences: tuple[ledger.Difference, ...] = ()
    crash: str = ""

    def outcome_of(self, reading: ledger.Key) -> bool:
        """Whether the outcome of a reading is another than in the ledger."""
        return any(
            (found.claim, found.part, found.reading, found.column) == (*reading, "outcome")
            for found in self.differences
        )


@dataclass(frozen=True)
class Trial:
    """What moving one target on one page showed.

    Attributes:
        outcomes: readings whose outcome changed where it had to; or the witness that turned the
            verdict of its part.
        noticed: what changed first, for a target without break-even; empty if nothing did.
        faults: what did not come as it had to.
    """

    page: str
    target: Target
    outcomes: tuple[ledger.Key, ...] = ()
    noticed: str = ""
    faults: tuple[str, ...] = ()


class Page:
    """A page that is tried, with what the ledger says of its claim."""

    def __init__(self, registry: Registry, slug: str, stored: Rows) -> None:
        self.slug = slug
        self._registry = registry
        self._stored = ledger.rows_of(stored, {slug})
        self._mutant = cache(self._run)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Ids of the inputs and tables that its code names, or asks for when it runs."""
        path = self._registry.project.notebook(self.slug)
        names = named(in_process.code(path, charts=True).values())
        with suppress(NotebookError):  # which the trials will show
            asking = self._registry.noted(lambda _, name: names.add(name))
            in_process.recompute(asking, self.slug)
        known = (*self._registry.inputs, *self._registry.tables)
        own = (name for name in witnessed(self._registry) if name.startswith(f"{self.slug}/"))
        return (*(name for name in known if name in names), *own)

    @cached_property
    def present(self) -> Mutant:
        """The page with nothing changed."""
        return self._compare(self._registry)

    def moves_outcome(self, target: Target) -> bool:
        """Whether a reading that counts has a break-even in it."""
        return bool(self._borders.get(target.name))

    def trial(self, target: Target) -> Trial:
        """Move a target on this page."""
        borders = self._borders.get(target.name, ())
        return self._at_borders(target, borders) if borders else self._anywhere(target)

    def trials(self, targets: Sequence[Target]) -> list[Trial]:
        """Move targets with which nothing should change.

        Those without break-even are moved all together, and one by one only if something does.
        """
        loose = [target for target in targets if not self.moves_outcome(target)]
        together = self._anywhere(*loose) if len(loose) > 1 else None
        if together is None or together.noticed or together.outcomes:
            return [self.trial(target) for target in targets]
        idle = [Trial(self.slug, target) for target in loose]
        return idle + [self.trial(target) for target in targets if target not in loose]

    @property
    def mutants(self) -> int:
        """How many changed notebooks have been run."""
        return self._mutant.cache_info().currsize

    def _at_borders(self, target: Target, borders: Sequence[Border]) -> Trial:
        caught: dict[ledger.Key, None] = {}
        faults: list[str] = []
        for border in borders:
            for value, changes in _around(target, border):
                fault = _fault(target, border, value, changes, self._mutant(((target, value),)))
                if fault:
                    faults.append(fault)
                elif changes:
                    caught[border.reading] = None
        return Trial(self.slug, target, tuple(caught), faults=tuple(faults))

    def _anywhere(self, *targets: Target) -> Trial:
        """Move targets without break-even together, until a row of the ledger changes."""
        for values in zip_longest(*map(_ladder, targets)):
            moves = zip(targets, values, strict=True)
            found = self._mutant(tuple(move for move in moves if move[1] is not None))
            if found.crash and all(target.kind == "unit" for target in targets):
                # That units do not fit is how a wrong one shows.
                return Trial(self.slug, targets[0], noticed=self.slug)
            others = [
                difference
                for difference in found.differences
                if not any(_is_of(difference, target) for target in targets)
            ]
            turned = [
                ledger.Key(difference.claim, difference.part, target.column)
                for difference in others
                for target in targets
                if difference.column == "verdict" and target.kind == "witness"
            ]
            if turned:
                return Trial(self.slug, targets[0], tuple(turned[:1]))
            if others:
                first = others[0]
                what = ", ".join(filter(None, (first.claim, first.part, first.reading)))
                return Trial(self.slug, targets[0], noticed=what)
        return Trial(self.slug, targets[0])

    def _run(self, moves: tuple[tuple[Target, Fraction], ...]) -> Mutant:
        try:
            changed = moved(self._registry, dict(moves))
        except OverflowError as error:
            return Mutant(crash=str(error))
        return self._compare(changed)

    def _compare(self, registry: Registry) -> Mutant:
        try:
            result = in_process.recompute(registry, self.slug)
        except NotebookError as error:
            return Mutant(crash=str(error))
        now = ledger.rows(ledger.text([result]))
        return Mutant(tuple(ledger.differences(self._stored, now)))

    @cached_property
    def _borders(self) -> Mapping[str, tuple[Border, ...]]:
        """Break-evens of all readings that count, by the name of what is moved."""
        found: dict[str, tuple[Border, ...]] = {}
        with kept(self._registry):
            claims = in_process.run(self._registry.project, self.slug)
        for claim in claims:
            for reading in claim.workings.readings.values():
                if reading.role not in ("reading", "proxy"):
                    continue
                part = claim.entry.part(reading.part)
                key = ledger.Key(claim.entry.id, part.id, reading.id)
                for lever in sensitivity.levers(part, reading, claim.workings):
                    found[lever.name] = (*found.get(lever.name, ()), *_borders(key, lever))
        return found


def _is_of(found: ledger.Difference, target: Target) -> bool:
    """Whether a difference is in the row of a moved witness itself, which says nothing of it."""
    return target.kind == "witness" and (target.source, target.column) == (
        f"{found.claim}/{found.part}",
        found.reading,
    )


def _ladder(target: Target) -> Iterator[Fraction]:
    if target.kind in ("yes-no", "unit"):
        return iter([1 - target.present])
    if target.kind == "witness":
        return iter([-target.present, Fraction(0)])
    return steps.ladder(target.present, whole=target.kind == "whole")


def _borders(key: ledger.Key, lever: sensitivity.Lever) -> Iterator[Border]:
    sides: tuple[sensitivity.Direction, ...] = ("below", "above")
    for side in sides:
        found = sensitivity.break_even(lever, side)
        if found.found != "none":
            yield Border(key, side, found.found, found.value)


def _around(target: Target, border: Border) -> Iterator[tuple[Fraction, bool]]:
    """Values to try at a border, and whether the outcome must change there."""
    if border.value is None:
        yield steps.slightest(target.present, up=border.side == "above"), True
        return
    inner = steps.inside(target.present, border.value, whole=target.kind == "whole")
    if inner is not None:
        yield inner, False
    yield steps.outside(target.present, border.value), True


def _fault(target: Target, border: Border, value: Fraction, changes: bool, mutant: Mutant) -> str:
    """What is wrong with a mutant, or nothing."""
    where = f"{', '.join(border.reading)} at {target.shown(value)}"
    if mutant.crash:
        reason = mutant.crash.splitlines()[0]
        return f"expected the outcome of {where}, found a crash, which detects nothing: {reason}"
    if mutant.outcome_of(border.reading) == changes:
        return ""
    if changes:
        return f"expected another outcome of {where}, found the same"
    return f"expected the same outcome of {where}, just inside its break-even, found another"
