"""Where the files of the project lie."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT_VARIABLE = "CLAIMBOOK_ROOT"
_MARKER = Path("data") / "articles.yml"


@dataclass(frozen=True)
class Project:
    """The folders of one project, all derived from its root."""

    root: Path

    @property
    def data(self) -> Path:
        """Folder of claims, inputs, tables and sources."""
        return self.root / "data"

    @property
    def articles(self) -> Path:
        """The news stories, each with its statements in the order of its text."""
        return self.root / _MARKER

    @property
    def claims(self) -> Path:
        """Folder with one file per claim."""
        return self.data / "claims"

    @property
    def notebooks(self) -> Path:
        """Folder with one notebook per claim."""
        return self.root / "book" / "claims"

    @property
    def ledger(self) -> Path:
        """The generated table of all verdicts."""
        return self.data / "verdicts.csv"

    @property
    def schemas(self) -> Path:
        """Folder of the schemas that editors use for the files in `data/`."""
        return self.root / "schemas"

    @property
    def contents(self) -> Path:
        """The contents of the book, page by page."""
        return self.root / "_toc.yml"

    @property
    def site(self) -> Path:
        """Folder into which the site is built."""
        return self.root / "_build" / "html"

    @property
    def outputs(self) -> Path:
        """Folder where jupyter-cache keeps outputs, as Jupyter Book has it by default."""
        return self.root / "_build" / ".jupyter_cache"

    @property
    def reads(self) -> Path:
        """Folder where it is kept, with the outputs, what each notebook asked for when it ran."""
        return self.outputs / "reads"

    @property
    def ipython(self) -> Path:
        """Folder of IPython's settings, which nobody's own ones stand in."""
        return self.root / "_build" / ".ipython"

    @property
    def stamp(self) -> Path:
        """File that says what the site was built from."""
        return self.root / "_build" / ".built.json"

    def claim(self, slug: str) -> Path:
        """Path of the file of a claim."""
        return self.claims / f"{slug}.yml"

    def notebook(self, slug: str) -> Path:
        """Path of the notebook of a claim."""
        return self.notebooks / f"{slug}.ipynb"

    def relative(self, path: Path) -> str:
        """Path as shown in messages: from the root, with forward slashes."""
        return path.relative_to(self.root).as_posix()


def find_project(start: Path | None = None) -> Project:
    """Find the project that a notebook or a command belongs to.

    The environment variable `CLAIMBOOK_ROOT` wins; otherwise the nearest folder at or above
    `start` (the working directory unless given) that holds `data/articles.yml`; otherwise
    the checkout that this package was installed from.

    Raises:
        FileNotFoundError: no such folder.
    """
    chosen = os.environ.get(ROOT_VARIABLE)
    if chosen and start is None:
        root = Path(chosen).resolve()
        if not (root / _MARKER).is_file():
            raise FileNotFoundError(
                f"no {_MARKER.as_posix()} in {root}, which {ROOT_VARIABLE} names"
            )
        return Project(root)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if (folder / _MARKER).is_file():
            return Project(folder)
    raise FileNotFoundError(
        f"no {_MARKER.as_posix()} at or above {here}: run this inside a checkout of the project"
    )
