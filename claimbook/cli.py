"""The command line: `claimbook check`, `claimbook accept` and `claimbook build`."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from claimbook import formats, ledger, notebooks, rule
from claimbook.faults import DataError
from claimbook.paths import Project, find_project
from claimbook.registry import Registry, validate
from claimbook.result import Result

SLUGS = click.argument("slugs", nargs=-1, metavar="[CLAIM]...")


class Refused(click.ClickException):
    """Ends a command with a message and exit status 1."""

    def show(self, file: object = None) -> None:
        """Print the message as it is, to standard error."""
        click.echo(self.message, err=True)


@click.group()
def main() -> None:
    """Recompute the claims of this book, build it, and check it."""


@main.command()
@SLUGS
def check(slugs: tuple[str, ...]) -> None:
    """Validate data/ and recompute verdicts in this process, without kernels.

    With claims named, shows all their readings. Ends with status 1 if something is wrong or if
    the verdicts differ from the ledger.
    """
    started = time.perf_counter()
    project, registry = _validated()
    found, failures = _recompute(project, _chosen(registry, slugs))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 120  # a log has no width of its own
    console.print(_verdict_table(registry, found))
    if slugs:
        for result in found:
            console.print(_reading_table(result))
    for failure in failures:
        click.echo(f"\n{failure}", err=True)
    moved = [] if failures or slugs else _moved(project, found)
    for line in moved:
        click.echo(line, err=True)
    click.echo(f"{len(found)} claims recomputed in {time.perf_counter() - started:.1f} s")
    if failures or moved:
        sys.exit(1)


@main.command()
@SLUGS
def accept(slugs: tuple[str, ...]) -> None:
    """Regenerate notebook outputs and data/verdicts.csv after an intended change.

    Nothing is written unless every notebook runs.
    """
    project, registry = _validated()
    chosen = _chosen(registry, slugs)
    done = iter(range(1, len(chosen) + 1))
    try:
        notebooks.accept(
            project, chosen, lambda slug: click.echo(f"[{next(done)}/{len(chosen)}] {slug}")
        )
        stored = {
            result.claim: result
            for page in registry.pages
            for result in notebooks.results(notebooks.read(project.notebook(page)))
        }
    except notebooks.NotebookError as error:
        raise Refused(str(error)) from error
    results = [stored[claim] for claim in registry.claims if claim in stored]
    ledger.write(project.ledger, results)
    click.echo(f"{project.relative(project.ledger)}: {len(results)} claims")


@main.command()
def build() -> None:
    """Execute every notebook and build the site; warnings and failed cells are errors."""
    project, _ = _validated()
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [str(jupyter_book), "build", str(project.root), "-W", "-n", "--keep-going"]
    status = subprocess.run(command, check=False).returncode
    if status:
        raise Refused("The book was not built: see the messages above.")
    click.echo(f"Open {project.relative(project.site / 'index.html')}")


def _validated() -> tuple[Project, Registry]:
    try:
        project = find_project()
        return project, validate(project)
    except (DataError, FileNotFoundError) as error:
        raise Refused(str(error)) from error


def _chosen(registry: Registry, slugs: Sequence[str]) -> list[str]:
    """Slugs of the notebooks to run: those named, or all."""
    from claimbook.faults import nearest

    pages = {claim.id: claim.notebook for claim in registry.claims.values()}
    pages |= {page: page for page in registry.pages}
    for slug in slugs:
        if slug not in pages:
            raise Refused(f"no claim {slug!r}{nearest(slug, pages)}")
    return list(dict.fromkeys(pages[slug] for slug in slugs)) or list(registry.pages)


def _recompute(project: Project, pages: Sequence[str]) -> tuple[list[Result], list[str]]:
    found: list[Result] = []
    failures: list[str] = []
    for page in pages:
        try:
            found += [claim.result() for claim in notebooks.run(project, page)]
        except Exception as error:  # every notebook gets its turn, whatever fails in another
            failures.append(str(error))
    return found, failures


def _moved(project: Project, found: Sequence[Result]) -> list[str]:
    """What the ledger says otherwise, by claim."""
    try:
        before = project.ledger.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        before = []
    after = ledger.text(found).splitlines()
    claims = dict.fromkeys(
        line.partition(",")[0]
        for line in (*before[1:], *after[1:])
        if (line in before) != (line in after)
    )
    if not claims:
        return []
    place = project.relative(project.ledger)
    return [
        *(f"{claim}: differs from {place}" for claim in claims),
        "If this is intended: make accept",
    ]


def _verdict_table(registry: Registry, found: Sequence[Result]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("claim", "part", "verdict", "stated", "recomputed"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("claim", "verdict"))
    for result in found:
        for number, part in enumerate(result.parts):
            verdict = rule.VERDICTS[part.verdict]
            table.add_row(
                "" if number else escape(result.claim),
                escape(part.id) if len(result.parts) > 1 else "",
                f"{verdict.icon} {part.verdict}",
                escape(part.stated_text),
                escape(part.recomputed_text),
            )
    return table


def _reading_table(result: Result) -> Table:
    table = Table(box=None, pad_edge=False, title=f"\n{result.claim}", title_justify="left")
    for heading in ("part", "reading", "role", "recomputed", "outcome", "margin", "rests on"):
        table.add_column(heading, overflow="fold")
    for part in result.parts:
        for reading in part.readings:
            margin = "" if reading.margin is None else formats.fixed(reading.margin, 4)
            table.add_row(
                escape(part.id),
                escape(reading.title),
                reading.role,
                escape(reading.text),
                reading.outcome or "",
                margin,
                escape(", ".join(reading.inputs + reading.tables)),
            )
    return table
