"""`claimbook diff`: what changes between two revisions, for those who review it."""

import signal
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import click

from claimbook.cli.common import Refused, project_here

CHANGED, TROUBLE = 1, 2


@click.command()
@click.argument("base")
@click.argument("head", default="")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for report.md and report.json.",
)
def diff(base: str, head: str, output: Path | None) -> None:
    """Say what changes from BASE to HEAD, or to the files as they are now.

    Verdicts, recomputed values, margins and break-evens, and what is behind each move. Both
    revisions are recomputed, each with its own package. Ends with status 0 if no verdict changed,
    1 if one did, 2 if the two cannot be compared.
    """
    from claimbook.review.diff.compare import compare
    from claimbook.review.diff.markdown import markdown
    from claimbook.review.diff.revisions import RevisionError

    former = {number: signal.signal(number, _end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        report = compare(project_here(), base, head)
        text = markdown(report)
        if output:
            output.mkdir(parents=True, exist_ok=True)
            (output / "report.md").write_text(text, encoding="utf-8")
            (output / "report.json").write_text(report.model_dump_json(indent=1), encoding="utf-8")
    except (RevisionError, Refused) as error:
        click.echo(str(error), err=True)
        sys.exit(TROUBLE)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"{place}expected a place for files, found: {error.strerror or error}", err=True)
        sys.exit(TROUBLE)
    except Exception:  # Python would end with 1, which says that a verdict changed
        traceback.print_exc()
        sys.exit(TROUBLE)
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
    click.echo(text, nl=False)
    sys.exit(TROUBLE if report.failures else CHANGED if report.verdicts else 0)


def _end(*_: object) -> NoReturn:
    """End as after any other trouble, so that folders and processes are cleared away.

    Python ends with 1 after Ctrl-C, which says that a verdict changed.
    """
    click.echo("ended before it was done", err=True)
    sys.exit(TROUBLE)
