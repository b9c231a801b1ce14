"""`claimbook schemas`: the schemas that editors use for the files in `data/`."""

import click

from claimbook.base.files import replace_all
from claimbook.cli.common import Refused, project_here
from claimbook.data import schemas as made


@click.command()
def schemas() -> None:
    """Write schemas/*.json anew, after a change of the models."""
    project = project_here()
    texts = made.texts(project)
    project.schemas.mkdir(exist_ok=True)
    try:
        replace_all(project.root, texts)
    except OSError as error:
        raise Refused(f"nothing was changed: {error}") from error
    for path in texts:
        click.echo(project.relative(path))
