"""`claimbook gate`: move every number in data/ and see that the ledger notices."""

import sys
import time

import click

from claimbook.cli.common import SLUGS, Refused, chosen, project_here, validated


@click.command()
@SLUGS
def gate(slugs: tuple[str, ...]) -> None:
    """Move every number in data/, just inside and just outside its break-evens.

    What notebooks then come to is compared with the ledger; nothing is written. With claims
    named, only the numbers that their pages name are moved. Ends with status 1 if a number is
    unused or unnoticed, if an outcome changes at another place than its page says, or if
    something said to be only context is noticed.
    """
    from claimbook.review.gate.run import Gate, GateError, Tried

    started = time.perf_counter()

    def show(tried: Tried) -> None:
        seconds = time.perf_counter() - started
        done = f"{tried.targets} numbers and units moved, {tried.mutants} mutants run"
        click.echo(f"{seconds:6.1f} s  {tried.page}  {done}", err=True)

    registry = validated(project_here())
    pages = chosen(registry, slugs)
    try:
        found = Gate(registry)
        report = found.report(found.named_on(pages) if slugs else found.sources, show)
    except GateError as error:
        raise Refused(str(error)) from error
    click.echo(str(report))
    for fault in report.failures:
        click.echo(str(fault), err=True)
    if report.failures:
        sys.exit(1)
