"""`claimbook watch`: verdicts and site, anew after each save."""

import os
import time
from collections.abc import Sequence
from contextlib import suppress

import click

from claimbook.base.paths import Project
from claimbook.cli import saves
from claimbook.cli.build import renew
from claimbook.cli.check import report
from claimbook.cli.common import SLUGS, Refused, project_here
from claimbook.run import warm
from claimbook.site import serve
from claimbook.site.stamp import is_current

_PORT = "CLAIMBOOK_PORT"


@click.command()
@SLUGS
@click.option("--port", type=int, envvar=_PORT, help=f"Where to serve, if not at {serve.PORT}.")
def watch(slugs: tuple[str, ...], port: int | None) -> None:
    """Check, build and serve the site, and again after each save, until Ctrl-C.

    An open page shows each new state by itself. Data with faults, and notebooks that fail, leave
    the site as it was. With claims named, shows all their readings.
    """
    project = project_here()
    try:
        server = serve.Server(project.site, port)
    except OSError as error:
        raise Refused(f"port {port}: {error.strerror}") from error
    warm.up()  # what takes longest, while the first check runs
    with server, suppress(KeyboardInterrupt):
        # Where open pages look for it, should changed code start this anew.
        os.environ[_PORT] = str(server.server_port)
        saves.follow(project, lambda: _show(project, slugs, server))
    warm.down()


def _show(project: Project, slugs: Sequence[str], server: serve.Server) -> None:
    try:
        if report(project, slugs) != "failed" and not is_current(project):
            started = time.perf_counter()
            renew(project, quiet=True)
            server.renewed()
            click.echo(f"site built in {time.perf_counter() - started:.1f} s")
    except Refused as refusal:
        refusal.show()
    click.echo(f"Open {server.address}")
