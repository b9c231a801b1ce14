"""`claimbook build`: the site, executing only what changed."""

import click

from claimbook import build as site
from claimbook.cli.common import Refused, project_here
from claimbook.faults import DataError


@click.command()
def build() -> None:
    """Execute the notebooks that changed and build the site; warnings are errors."""
    from claimbook.progress import Progress

    project = project_here()
    if site.is_current(project):
        click.echo("Nothing has changed since the last build.")
    else:
        try:
            with Progress() as progress:
                site.execute_changed(project, progress.begin, progress.done)
            site.build_site(project)
        except (DataError, site.BuildError) as error:
            raise Refused(str(error)) from error
    click.echo(f"Open {project.relative(project.site / 'index.html')}")
