"""Read a downloaded report: a small regular file with a known name, or nothing."""

import stat
from itertools import islice
from pathlib import Path

REPORT = "report.json"
EXPECTED = frozenset({REPORT, "report.md"})
MAX_BYTES = 5_000_000


class NoReportError(Exception):
    """The run produced no report."""


class UnfitError(Exception):
    """The report cannot be shown; the message says why in words of ours alone."""


def content(folder: Path) -> bytes:
    """The report in a folder that somebody else has filled.

    Args:
        folder: where the download was put.

    Returns:
        The bytes of the report: UTF-8, at most `MAX_BYTES`.

    Raises:
        NoReportError: there is no folder, or nothing in it.
        UnfitError: the folder holds something else, or the report is not a small text file.
    """
    if not folder.is_dir():
        raise NoReportError
    # One more than expected is enough to know that there are too many.
    found = {path.name for path in islice(folder.iterdir(), len(EXPECTED) + 1)}
    if not found:
        raise NoReportError
    if not found <= EXPECTED:
        raise UnfitError(
            f"expected nothing but {' and '.join(sorted(EXPECTED))}, found other files"
        )
    path = folder / REPORT
    if REPORT not in found or not stat.S_ISREG(path.lstat().st_mode):
        raise UnfitError(f"expected {REPORT} as a regular file, found none")
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnfitError(f"expected at most {MAX_BYTES} bytes in {REPORT}, found more")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnfitError(f"expected {REPORT} in UTF-8, found other bytes") from error
    return data
