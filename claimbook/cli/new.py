"""`claimbook new`: the files that a new claim begins with."""

import click

from claimbook.authoring.new import KINDS, ScaffoldError, make
from claimbook.base.files import replace_all
from claimbook.cli.common import Refused, project_here


@click.command()
@click.argument("claim", metavar="CLAIM")
@click.option(
    "--article", help="Id of the article; by default that which has the statement, or the first."
)
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="number",
    show_default=True,
    help="What the claim states.",
)
def new(claim: str, article: str | None, kind: str) -> None:
    """Begin a claim: its file, an input, its notebook, and its line in articles and contents.

    A witnessed claim has no input, since its file has the evidence.

    CLAIM is its slug, in lowercase letters, digits and hyphens; that of a statement which the
    articles have as unchecked begins with its words. All files are written or none.
    Fields are empty; `make check` says what is still missing until nothing is.
    """
    project = project_here()
    try:
        texts = make(project, claim, article, kind)
        replace_all(project.root, texts)
    except ScaffoldError as error:
        raise Refused(f"nothing was changed: {error}") from error
    except OSError as error:
        raise Refused(f"nothing was changed: {error.strerror}") from error
    for path in texts:
        click.echo(project.relative(path))
    click.echo("Next: make check, which says what is still missing")
