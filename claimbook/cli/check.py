"""`claimbook check`: recompute verdicts and compare them with the ledger."""

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from textwrap import indent
from typing import Literal

import click
from rich.table import Table
from rich.text import Text

from claimbook import rule
from claimbook.authoring import checklist
from claimbook.base import digests, formats
from claimbook.base.characters import visible
from claimbook.base.faults import ALL
from claimbook.base.paths import Project
from claimbook.cli.common import SLUGS, chosen, console, project_here, validated, writable
from claimbook.data.registry import Registry
from claimbook.run.forked import recompute_all
from claimbook.verdicts import ledger
from claimbook.verdicts.result import Result

_ACCEPT = "If this is intended: make accept"
_DIFFERS = "The computed results differ from the saved ledger. After a trial, undo the edit."
# What is said first of a claim: verdicts, outcomes, rows that come or go; then values.
_WEIGHT = {"claim_verdict": 0, "verdict": 1, "outcome": 2, "": 3}
_SHOWN = 8  # lines on one claim


@click.command()
@SLUGS
@click.option("--all", "everything", is_flag=True, help="Show every fault and every difference.")
def check(slugs: tuple[str, ...], everything: bool) -> None:
    """Validate data/ and recompute verdicts without kernels.

    With claims named, shows all their readings. Ends with status 1 if something is wrong or if
    what was recomputed differs from the ledger.
    """
    if report(project_here(), slugs, everything=everything) != "right":
        sys.exit(1)


def report(
    project: Project, slugs: Sequence[str], *, everything: bool = False
) -> Literal["right", "wrong", "failed"]:
    """Print what data and notebooks come to, and whether it is right.

    Args:
        project: what is checked.
        slugs: claims, whose readings are shown as well; all are checked without.
        everything: show every fault and difference, however many there are.

    Returns:
        "failed" if a notebook could not be run; "wrong" if something is missing, or differs from
        the ledger.

    Raises:
        Refused: with every fault of the data.
    """
    started = time.perf_counter()
    before = digests.data_files(project)
    registry = validated(project, all_faults=everything)
    claims = chosen(registry, slugs)
    found, failures = _recompute(registry, claims)
    failures += _changed(before, digests.data_files(project))
    missing = checklist.faults(registry, claims, found)
    shown = console()
    if not shown.is_terminal:
        shown.width = 120  # a log has no width of its own
    shown.print(_verdict_table(registry, found))
    if slugs:
        for result in found:
            shown.print(_reading_table(result))
    for failure in failures:
        click.echo(f"\n{failure}", err=True)
    for fault in missing:
        click.echo(str(fault), err=True)
    moved = _moved(registry, found, None if everything else _SHOWN)
    for line in moved:
        click.echo(line, err=True)
    click.echo(f"{len(found)} claims recomputed in {time.perf_counter() - started:.1f} s")
    return "failed" if failures else "wrong" if missing or moved else "right"


def _recompute(registry: Registry, claims: Sequence[str]) -> tuple[list[Result], list[str]]:
    """Results in the order of the articles, and a message for each claim that has none.

    What notebooks print is shown.
    """
    ended = {done.slug: done for done in recompute_all(registry, claims)}
    ordered = [ended[claim] for claim in registry.claims if claim in ended]
    for done in ordered:
        if done.printed.strip():
            click.echo(f"{done.slug}.ipynb prints:\n{indent(done.printed.rstrip(), '    ')}\n")
    failures = [done.failure for done in ordered if done.failure]
    return [done.result for done in ordered if done.result], failures


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Files in `data/` that are not what they were when this began."""
    names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return [f"{visible(name)}: changed while notebooks ran: check again" for name in names]


def _moved(registry: Registry, found: Sequence[Result], shown: int | None) -> list[str]:
    """What the ledger says otherwise, by name; claims not recomputed now are left out."""
    project = registry.project
    place = project.relative(project.ledger)
    try:
        stored = ledger.rows(project.ledger.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return [f"{place}: expected the ledger, found none", _ACCEPT]
    except ledger.LedgerError as error:
        return [f"{place}: {error}", _ACCEPT]
    except (OSError, UnicodeDecodeError) as error:
        return [f"{place}: expected a table in UTF-8, found: {error}"]
    silent = registry.claims.keys() - {result.claim for result in found}
    before = ledger.rows_of(stored, {key.claim for key in stored} - silent)
    after = ledger.rows(ledger.text(found))
    # The file may hold anything.
    lines = [visible(line) for line in _lines(ledger.differences(before, after), place, shown)]
    if not lines and list(before) != list(after):
        lines = [f"{place}: expected {_order(before, after)}"]
    return [*lines, _DIFFERS, _ACCEPT] if lines else []


def _lines(differences: Iterable[ledger.Difference], place: str, shown: int | None) -> list[str]:
    """A line for each difference, verdicts first; of each claim no more than can be read."""
    by_claim: dict[str, list[ledger.Difference]] = {}
    for difference in differences:
        by_claim.setdefault(difference.claim, []).append(difference)
    lines = []
    for claim, own in by_claim.items():
        own = _joined(own)
        own.sort(key=lambda difference: _WEIGHT.get(difference.column, len(_WEIGHT)))
        lines += [_line(difference, place) for difference in own[:shown]]
        if shown is not None and len(own) > shown:
            lines.append(f"{claim}: and {len(own) - shown} more: {ALL}")
    return lines


def _joined(differences: Iterable[ledger.Difference]) -> list[ledger.Difference]:
    """Both ends of a recomputed number as one, where they were and are one number."""
    found: dict[ledger.Difference, None] = {}
    for difference in differences:
        low = replace(difference, column="recomputed_low")
        if difference.column == "recomputed_high" and low in found:
            del found[low]
            difference = replace(difference, column="recomputed")
        found[difference] = None
    return list(found)


def _order(before: Iterable[ledger.Key], after: Iterable[ledger.Key]) -> str:
    """What is in another order, if the rows themselves are the same."""
    claims = [list(dict.fromkeys(key.claim for key in keys)) for keys in (before, after)]
    if claims[0] != claims[1]:
        return "the claims in the order of data/articles.yml"
    return "the rows of each claim in the order of its notebook"


def _line(difference: ledger.Difference, place: str) -> str:
    what = ", ".join(filter(None, (difference.claim, difference.part, difference.reading)))
    if difference.before is None:
        return f"{what}: not in {place}, recomputed now"
    if difference.after is None:
        return f"{what}: in {place}, not recomputed now"
    column = difference.column.replace("_", " ")
    before, after = difference.before or "nothing", difference.after or "nothing"
    return f"{what}: {column}: {before} in {place}, {after} now"


def _verdict_table(registry: Registry, found: Sequence[Result]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("claim", "part", "verdict", "stated", "recomputed"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("claim", "verdict"))
    for result in found:
        for number, part in enumerate(result.parts):
            verdict = rule.VERDICTS[part.verdict]
            table.add_row(
                "" if number else _text(result.claim),
                _text(part.id) if len(result.parts) > 1 else "",
                _text(f"{writable(verdict.icon)} {part.verdict}".strip()),
                _text(part.stated_text),
                _text(part.recomputed_text),
            )
    return table


def _reading_table(result: Result) -> Table:
    table = Table(box=None, pad_edge=False, title=_text(f"\n{result.claim}"), title_justify="left")
    for heading in ("part", "reading", "role", "recomputed", "outcome", "margin", "based on"):
        table.add_column(heading, overflow="fold")
    for part in result.parts:
        for reading in part.readings:
            margin = "" if reading.margin is None else formats.fixed(reading.margin, 4)
            table.add_row(
                _text(part.id),
                _text(reading.title),
                _text(reading.role),
                _text(reading.text),
                _text(reading.outcome or ""),
                margin,
                _text(", ".join(reading.inputs + reading.tables)),
            )
        for witness in part.witnesses:
            table.add_row(
                _text(part.id),
                _text(witness.who),
                _text(f"{witness.rank} witness"),
                _text(witness.words.en),
                _text(witness.says),
                "",
                _text(witness.why_not or witness.source),
            )
    return table


def _text(text: str) -> Text:
    """A text of a cell; what a notebook computes may be anything."""
    return Text(visible(text))
