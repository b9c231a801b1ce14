"""`claimbook accept`: save new outputs and update the ledger."""

import click

from claimbook.cli.common import SLUGS, Refused, alone, chosen, project_here, validated
from claimbook.run import warm
from claimbook.run.notebooks import NotebookError


@click.command()
@SLUGS
def accept(slugs: tuple[str, ...]) -> None:
    """Regenerate notebook outputs and data/verdicts.csv after an intended change.

    Nothing is written unless every notebook runs and every claim has its result.
    """
    from claimbook.cli.progress import Progress
    from claimbook.run.accept import accept as accept_all

    warm.up()
    project = project_here()
    try:
        with alone(project):
            registry = validated(project)
            pages = chosen(registry, slugs)
            with Progress(len(pages)) as progress:
                results = accept_all(registry, pages, progress.done)
    except NotebookError as error:
        raise Refused(str(error)) from error
    click.echo(f"{project.relative(project.ledger)}: {len(results)} claims")
