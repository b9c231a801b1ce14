"""`claimbook accept`: take over what the notebooks come to now."""

import click

from claimbook import notebooks, warm
from claimbook.cli.common import SLUGS, Refused, chosen, project_here, validated


@click.command()
@SLUGS
def accept(slugs: tuple[str, ...]) -> None:
    """Regenerate notebook outputs and data/verdicts.csv after an intended change.

    Nothing is written unless every notebook runs and every claim has its result.
    """
    from claimbook import acceptance
    from claimbook.progress import Progress

    warm.up()
    project = project_here()
    registry = validated(project)
    pages = chosen(registry, slugs)
    try:
        with Progress(len(pages)) as progress:
            results = acceptance.accept(registry, pages, progress.done)
    except notebooks.NotebookError as error:
        raise Refused(str(error)) from error
    click.echo(f"{project.relative(project.ledger)}: {len(results)} claims")
