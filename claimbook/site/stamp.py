"""What the site was built from, noted with it, so that an unchanged book is left alone."""

import hashlib
import json
import sys

from claimbook.base import digests
from claimbook.base.paths import Project
from claimbook.run import dependencies


def sources(project: Project) -> str:
    """Digest of everything that a site is made from, as it is now."""
    paths = dependencies.files(project, *dependencies.TOPS)
    return f"{sys.version} {digests.package()} {digests.content(project.root, paths)}"


def put(project: Project, made_from: str) -> None:
    """Note that the site, as it is now, was built from sources of this digest."""
    text = json.dumps({"sources": made_from, "site": _site(project)})
    project.stamp.write_text(text, encoding="utf-8")


def is_current(project: Project) -> bool:
    """Whether the last build was made from what is there now, and its files are as it left them."""
    try:
        stamp = json.loads(project.stamp.read_text(encoding="utf-8"))
        return bool(stamp == {"sources": sources(project), "site": _site(project)})
    except (OSError, ValueError):
        return False


def _site(project: Project) -> str:
    """Digest of the names, sizes and times of the site's files."""
    found = hashlib.sha256()
    for path in dependencies.files(project, project.relative(project.site)):
        state = path.stat()
        found.update(f"{project.relative(path)}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    return found.hexdigest()
