"""Importing this does once what every kernel of a book would do at its start.

Kernels are forked from a process that has imported it (`claimbook.run.warm`).
"""

import importlib
import os
from contextlib import suppress

from claimbook.base.faults import DataError
from claimbook.base.imports import skip_grammar
from claimbook.base.paths import find_project
from claimbook.data.registry import load
from claimbook.notebook import html

_MODULES = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completer",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "faulthandler",
    "psutil",
    "sqlite3",
    "tornado.locks",
    "pandas",
    "pandas.io.formats.format",
    "altair",
    "pint",
    "claimbook.notebook.claim",
    "claimbook.notebook.charts",
    "claimbook.notebook.table",
)


def _rehearse() -> None:
    """Do what is slow the first time and leaves nothing behind but caches."""
    import altair as alt
    import pandas as pd

    html.compile_templates()
    frame = pd.DataFrame({"x": [1.0], "label": ["one"], "day": [pd.Timestamp(2025, 1, 27)]})
    bars = alt.Chart(frame, title="One").mark_bar().encode(x="x:Q", y="label:N", tooltip="day:T")
    (bars + bars.mark_text()).properties(width=100).to_dict()


# The debugger, which nobody uses here, would remark on how Python was started.
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
skip_grammar()
for _name in _MODULES:
    importlib.import_module(_name)
_rehearse()
# A kernel compares the content of data/ with what it was here, and loads it anew if it differs.
with suppress(DataError, FileNotFoundError):
    load(find_project())
