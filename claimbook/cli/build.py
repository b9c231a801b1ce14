"""`claimbook build`: the site, executing only what changed."""

import click

from claimbook.base.faults import DataError
from claimbook.base.paths import Project
from claimbook.cli.common import Refused, alone, project_here, sentences
from claimbook.run import warm
from claimbook.site.stamp import is_current


@click.command()
def build() -> None:
    """Execute the notebooks that changed and build the site; warnings are errors."""
    project = project_here()
    if is_current(project):
        click.echo("Nothing has changed since the last build.")
    else:
        renew(project)
        warm.down()
    click.echo(f"Open {project.relative(project.site / 'index.html')}")


def renew(project: Project, *, quiet: bool = False) -> None:
    """Execute the notebooks that changed, and build the site.

    Args:
        project: whose.
        quiet: of Sphinx, print warnings alone.

    Raises:
        Refused: it cannot be built; the message says why.
    """
    # Slow to import, and not needed where nothing has changed.
    from claimbook.cli.progress import Progress
    from claimbook.site.build import BuildError, build_site, execute_changed

    try:
        with sentences(), alone(project) as waited:
            if waited and is_current(project):
                return
            with Progress() as progress:
                execute_changed(project, progress.begin, progress.done)
            build_site(project, quiet=quiet)
    except (DataError, BuildError) as error:
        raise Refused(str(error)) from error
