"""What the gate found out, as typed rows and as a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from claimbook.faults import Fault
from claimbook.gate.targets import Target
from claimbook.gate.trial import Trial

Noticed = Literal["outcome", "value", "nothing"]


@dataclass(frozen=True)
class Finding:
    """What became of one target on all pages that name it.

    Attributes:
        noticed: the most that changed with it: an outcome where it had to, a value, or nothing.
        waived: nothing changed with it, and `data/` says why.
        faults: why it fails the gate, if it does.
    """

    target: Target
    noticed: Noticed
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
        inputs = [found for found in self.findings if found.target.row is None]
        cells = [found for found in self.findings if found.target.row is not None]
        heads = ("", "tried", "caught", "by outcome", "by value", "waived", "unnoticed")
        lines = [heads, _counts("inputs", inputs), _counts("cells", cells)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = [
            "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
            for line in lines
        ]
        return "\n".join([*text, f"mutants run: {self.mutants}"])


def judged(
    target: Target, trials: Sequence[Trial], place: tuple[str, str, str], reason: str
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
    if reason and first:
        messages.append(
            f"expected no only_context, because {first} changes with it; found one: remove it"
        )
    elif not (reason or first or messages):
        pages = ", ".join(trial.page for trial in trials)
        messages.append(
            f"expected a reading, check or fact that changes with it, found none on {pages}: "
            "use it, or say in only_context why it is only context"
        )
    return Finding(
        target,
        "outcome" if outcomes else "value" if values else "nothing",
        waived=bool(reason) and not first,
        faults=tuple(Fault(*place, message) for message in messages),
    )


def _counts(name: str, found: Sequence[Finding]) -> tuple[str, ...]:
    by_outcome = sum(finding.noticed == "outcome" for finding in found)
    by_value = sum(finding.noticed == "value" for finding in found)
    waived = sum(finding.waived for finding in found)
    caught = by_outcome + by_value
    counts = (len(found), caught, by_outcome, by_value, waived, len(found) - caught - waived)
    return (name, *map(str, counts))
