"""What the gate found out, as typed rows and as a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from claimbook.base.faults import Fault
from claimbook.review.gate.targets import Target
from claimbook.review.gate.trial import Trial

_LISTED = ("input, table or part", "tried", "caught", "waived", "first noticed by the")
_COUNTED = ("", "tried", "caught", "waived", "unnoticed", "by outcome", "by value")
Noticed = Literal["outcome", "value", "nothing"]


@dataclass(frozen=True)
class Finding:
    """What became of one target on all pages that name it.

    Attributes:
        noticed: the most that changed with it: an outcome where it had to, a value, or nothing.
        by: the first that did: claim, part and reading, check or fact; empty if nothing did.
        waived: nothing changed with it, and `data/` says why.
        faults: why it fails the gate, if it does.
    """

    target: Target
    noticed: Noticed
    by: str
    waived: bool
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Report:
    """What the gate found out.

    Attributes:
        faults: those of no single target, such as a page that differs from the ledger.
        mutants: how many changed notebooks were run.
    """

    findings: tuple[Finding, ...]
    faults: tuple[Fault, ...] = ()
    mutants: int = 0

    @property
    def failures(self) -> tuple[Fault, ...]:
        """Everything that fails the gate."""
        return self.faults + tuple(fault for found in self.findings for fault in found.faults)

    def __str__(self) -> str:
        """Every input and table by name, then how many there are of each kind."""
        by_source: dict[str, list[Finding]] = {}
        for found in self.findings:
            by_source.setdefault(found.target.source, []).append(found)
        listed = [_listed(source, found) for source, found in by_source.items()]
        units = [found for found in self.findings if found.target.kind == "unit"]
        told = [found for found in self.findings if found.target.kind == "witness"]
        cells = [
            found for found in self.findings if found.target.row is not None and found not in told
        ]
        inputs = [found for found in self.findings if not found.target.column]
        kinds = {"inputs": inputs, "cells": cells, "units": units}
        if told:
            kinds["witnesses"] = told
        counted = [_counts(name, found) for name, found in kinds.items()]
        return "\n".join(
            [
                *_aligned([_LISTED, *listed]),
                "",
                *_aligned([_COUNTED, *counted]),
                f"mutants run: {self.mutants}",
            ]
        )


def _listed(source: str, found: Sequence[Finding]) -> tuple[str, ...]:
    """An input or table with what notices it, outcomes before values."""
    outcome = [finding.by for finding in found if finding.noticed == "outcome"]
    value = [finding.by for finding in found if finding.noticed == "value"]
    waived = sum(finding.waived for finding in found)
    first = f"outcome of {outcome[0]}" if outcome else f"value of {value[0]}" if value else ""
    caught = len(outcome) + len(value)
    return (
        source,
        str(len(found)),
        str(caught),
        str(waived),
        first or "only context" * bool(waived),
    )


def _aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table under a head: numbers to the right, names to the left."""
    columns = []
    for head, *cells in zip(*lines, strict=True):
        width = max(map(len, (head, *cells)))
        numbers = all(cell.isdigit() for cell in cells)
        columns.append(
            [cell.rjust(width) if numbers else cell.ljust(width) for cell in (head, *cells)]
        )
    return ["  ".join(line).rstrip() for line in zip(*columns, strict=True)]


def judged(
    target: Target,
    trials: Sequence[Trial],
    place: tuple[str, str, str],
    reason: str,
) -> Finding:
    """What the trials of one target come to.

    Args:
        target: what was moved.
        trials: one for each page that names it.
        place: file, entry and field that faults name.
        reason: why it is only context; empty if `data/` does not say.
    """
    outcomes = [", ".join(key) for trial in trials for key in trial.outcomes]
    values = [trial.noticed for trial in trials if trial.noticed]
    first = next(iter(outcomes + values), "")
    messages = [message for trial in trials for message in trial.faults]
    # A unit is waived as the cells under it are, and these say so if they are not.
    if reason and first and target.kind != "unit":
        messages.append(
            f"expected no only_context, because {first} changes with it; found one: remove it"
        )
    elif not (reason or first or messages):
        pages = ", ".join(trial.page for trial in trials)
        if target.kind == "witness":
            noticed = "a verdict that changes without it or with the opposite"
        else:
            noticed = "a reading, check or fact that changes with it"
        messages.append(
            f"expected {noticed}, found none on {pages}: "
            "use it, or say in only_context why it is only context"
        )
    return Finding(
        target,
        "outcome" if outcomes else "value" if values else "nothing",
        by=first,
        waived=bool(reason) and not first,
        faults=tuple(Fault(*place, message) for message in messages),
    )


def _counts(name: str, found: Sequence[Finding]) -> tuple[str, ...]:
    by_outcome = sum(finding.noticed == "outcome" for finding in found)
    by_value = sum(finding.noticed == "value" for finding in found)
    waived = sum(finding.waived for finding in found)
    caught = by_outcome + by_value
    counts = (len(found), caught, waived, len(found) - caught - waived, by_outcome, by_value)
    return (name, *map(str, counts))
