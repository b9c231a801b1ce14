"""The command behind `make bench`."""

import datetime as dt
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.markdown import Markdown

from bench import compare, page, results, scale
from bench.commands import FailedError, say

FOLDER = Path(__file__).resolve().parent


def _sizes(ctx: click.Context, param: click.Parameter, value: str) -> list[int]:
    words = value.replace(",", " ").split()
    if not words or not all(word.isdecimal() and int(word) for word in words):
        raise click.BadParameter(f"expected numbers of claims such as '10 100', found {value!r}")
    return sorted({int(word) for word in words})


@click.command()
@click.option("--runs", type=click.IntRange(min=1), default=3, help="repetitions of each command")
@click.option("--scale", "sizes", callback=_sizes, default="10 100 1000", help="numbers of claims")
def main(runs: int, sizes: list[int]) -> None:
    """Measure this book and synthetic ones; write bench/results.json and bench/results.md."""
    try:
        with tempfile.TemporaryDirectory(prefix="claimbook-bench-") as name:
            folder = Path(name).resolve()
            compared = compare.measure(folder, FOLDER.parent, runs)
            found = results.Results(
                date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
                runs=runs,
                notebooks=compared.notebooks,
                machine=results.machine(),
                versions=results.versions(),
                timings=compared.seconds,
                executed=compared.executed,
                sizes=[scale.measure(folder, folder / "ours", size) for size in sizes],
            )
    except FailedError as error:
        say(str(error))
        sys.exit(1)
    written = page.text(found)
    (FOLDER / "results.json").write_text(found.model_dump_json(indent=2) + "\n", encoding="utf-8")
    (FOLDER / "results.md").write_text(written, encoding="utf-8")
    Console(highlight=False).print(Markdown(written))
    print(page.last_line(found))


if __name__ == "__main__":
    main()
