"""`claimbook check`: recompute verdicts and compare them with the ledger."""

import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from claimbook import formats, ledger, notebooks, rule, watch
from claimbook.cli.common import SLUGS, Refused, chosen, project_here, validated
from claimbook.letters import visible
from claimbook.paths import Project
from claimbook.registry import Registry
from claimbook.result import Result

_ACCEPT = "If this is intended: make accept"


@click.command()
@SLUGS
@click.option("--watch", "watching", is_flag=True, help="Check again after each save.")
def check(slugs: tuple[str, ...], watching: bool) -> None:
    """Validate data/ and recompute verdicts in this process, without kernels.

    With claims named, shows all their readings. Ends with status 1 if something is wrong or if
    what was recomputed differs from the ledger; watching ends with Ctrl-C and status 0.
    """
    project = project_here()
    if watching:
        with suppress(KeyboardInterrupt):
            watch.follow(project, lambda: _check_and_go_on(project, slugs))
    elif not _check(project, slugs):
        sys.exit(1)


def _check_and_go_on(project: Project, slugs: Sequence[str]) -> None:
    try:
        _check(project, slugs)
    except Refused as refusal:
        refusal.show()


def _check(project: Project, slugs: Sequence[str]) -> bool:
    """Print what data and notebooks come to; whether all is as it should be."""
    started = time.perf_counter()
    registry = validated(project)
    found, failures = _recompute(registry, chosen(registry, slugs))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 120  # a log has no width of its own
    console.print(_verdict_table(registry, found))
    if slugs:
        for result in found:
            console.print(_reading_table(result))
    for failure in failures:
        click.echo(f"\n{failure}", err=True)
    moved = _moved(registry, found)
    for line in moved:
        click.echo(line, err=True)
    click.echo(f"{len(found)} claims recomputed in {time.perf_counter() - started:.1f} s")
    return not failures and not moved


def _recompute(registry: Registry, pages: Sequence[str]) -> tuple[list[Result], list[str]]:
    """Results in the order of the claims, and a message for each page that has none."""
    found: dict[str, Result] = {}
    failures: list[str] = []
    for page in pages:
        try:
            found |= {result.claim: result for result in notebooks.recompute(registry, page)}
        except Exception as error:  # every notebook gets its turn, whatever fails in another
            failures.append(str(error))
    return [found[claim] for claim in registry.claims if claim in found], failures


def _moved(registry: Registry, found: Sequence[Result]) -> list[str]:
    """What the ledger says otherwise, by claim; claims not recomputed now are left out."""
    project = registry.project
    place = project.relative(project.ledger)
    try:
        stored = project.ledger.read_text(encoding="utf-8")
    except FileNotFoundError:
        return [f"{place}: expected the ledger, found none", _ACCEPT]
    except (OSError, UnicodeDecodeError) as error:
        return [f"{place}: expected a table in UTF-8, found: {error}"]
    silent = registry.claims.keys() - {result.claim for result in found}
    header, *lines = stored.splitlines() or [""]
    before = [line for line in lines if _claim(line) not in silent]
    columns, *after = ledger.text(found).splitlines()
    lines_before, lines_after = _by_claim(before), _by_claim(after)
    differences = [
        f"{claim}: differs from {place}"
        for claim in lines_after | lines_before
        if lines_before.get(claim) != lines_after.get(claim)
    ]
    if header != columns:
        differences.append(f"{place}: expected the present columns, found others")
    elif not differences and before != after:
        differences.append(f"{place}: expected the claims in the order of data/claims.yml")
    return [*differences, _ACCEPT] if differences else []


def _claim(line: str) -> str:
    """The claim that a line of the ledger is about; the file may hold anything."""
    return visible(line.partition(",")[0])


def _by_claim(lines: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(_claim(line), []).append(line)
    return found


def _verdict_table(registry: Registry, found: Sequence[Result]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("claim", "part", "verdict", "stated", "recomputed"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("claim", "verdict"))
    for result in found:
        for number, part in enumerate(result.parts):
            verdict = rule.VERDICTS[part.verdict]
            table.add_row(
                "" if number else Text(result.claim),
                Text(part.id) if len(result.parts) > 1 else "",
                Text(f"{verdict.icon} {part.verdict}"),
                Text(part.stated_text),
                Text(part.recomputed_text),
            )
    return table


def _reading_table(result: Result) -> Table:
    table = Table(box=None, pad_edge=False, title=Text(f"\n{result.claim}"), title_justify="left")
    for heading in ("part", "reading", "role", "recomputed", "outcome", "margin", "rests on"):
        table.add_column(heading, overflow="fold")
    for part in result.parts:
        for reading in part.readings:
            margin = "" if reading.margin is None else formats.fixed(reading.margin, 4)
            table.add_row(
                Text(part.id),
                Text(reading.title),
                Text(reading.role),
                Text(reading.text),
                Text(reading.outcome or ""),
                margin,
                Text(", ".join(reading.inputs + reading.tables)),
            )
    return table
