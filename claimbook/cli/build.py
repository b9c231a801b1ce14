"""`claimbook build`: the site, executing only what changed."""

import click

from claimbook.base.faults import DataError
from claimbook.cli.common import Refused, project_here
from claimbook.site.build import BuildError, build_site, execute_changed, is_current


@click.command()
def build() -> None:
    """Execute the notebooks that changed and build the site; warnings are errors."""
    from claimbook.cli.progress import Progress

    project = project_here()
    if is_current(project):
        click.echo("Nothing has changed since the last build.")
    else:
        try:
            with Progress() as progress:
                execute_changed(project, progress.begin, progress.done)
            build_site(project)
        except (DataError, BuildError) as error:
            raise Refused(str(error)) from error
    click.echo(f"Open {project.relative(project.site / 'index.html')}")
