"""Outputs of executed notebooks, kept in jupyter-cache, where Jupyter Book looks for them.

jupyter-cache compares the code and the kernel's description; the digest of all else that outputs
depend on is written into that description (`mark`), here and while the site is built.
"""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from claimbook.base.paths import Project

_KEY = "claimbook"
_AT_LEAST = 1000  # jupyter-cache's own limit, too low for a large book


def mark(notebook: Any, digest: str) -> None:
    """Write the digest of what its outputs depend on into a notebook, as JSON or as a node."""
    notebook["metadata"].setdefault("kernelspec", {})[_KEY] = digest


class Store:
    """The outputs kept for one project.

    Args:
        project: whose.
        pages: how many notebooks it has; several versions of each are kept.
    """

    def __init__(self, project: Project, pages: int) -> None:
        from jupyter_cache import get_cache

        self._folder = project.outputs
        with self._repaired():
            self._cache = get_cache(str(self._folder))
            self._cache.change_cache_limit(max(_AT_LEAST, 4 * pages))

    def holds(self, marked: Any) -> bool:
        """Whether outputs for a marked notebook are there."""
        with self._repaired():
            try:
                record = self._cache.match_cache_notebook(marked)
            except KeyError:
                return False
            # As jupyter-cache lays them out; to ask it would write to its database each time.
            return bool((self._folder / "executed" / record.hashkey / "base.ipynb").is_file())
        return False

    def put(self, marked: Any, path: Path, seconds: float) -> None:
        """Keep the outputs of a marked and executed notebook."""
        from jupyter_cache.base import CacheBundleIn

        bundle = CacheBundleIn(marked, str(path), data={"execution_seconds": seconds})
        with self._repaired():
            self._cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)

    @contextmanager
    def _repaired(self) -> Iterator[None]:
        """Begin anew if what lies there is no store: all of it can be made again."""
        from sqlalchemy.exc import DatabaseError, OperationalError

        try:
            yield
        except OperationalError as error:  # such as no room, or a store that may not be written
            raise OSError(errno.EIO, str(error.orig), str(self._folder)) from error
        except DatabaseError:
            from jupyter_cache import get_cache

            shutil.rmtree(self._folder, ignore_errors=True)
            self._cache = get_cache(str(self._folder))
