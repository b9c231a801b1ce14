"""What several test modules need: projects to read and projects to break."""

import os
import shutil
import signal

import hypothesis
import pytest

from claimbook.base.paths import ROOT_VARIABLE, Project
from places import CASES, ROOT

# Before any test module loads data: whatever the caller has set, this project is tested.
os.environ.pop(ROOT_VARIABLE, None)

# A shell starts a job in the background with Ctrl-C ignored, and nohup with hangups, and what the
# tests start would be so too; a handler is not handed on.
signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)

# Machines are busy with other things: how long an example takes says nothing.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def book():
    """The project itself, not to be changed."""
    return Project(ROOT)


@pytest.fixture
def small(tmp_path):
    """A copy of a project with one claim, one table and two inputs, free to be broken."""
    shutil.copytree(CASES / "small", tmp_path / "small")
    return Project(tmp_path / "small")


@pytest.fixture
def settled(small):
    """The small project with its ledger written."""
    from settling import settle  # slow to import

    settle(small)
    return small


@pytest.fixture(scope="session")
def chromium():
    """A browser; without one tests are skipped, but never where CI runs them."""
    from browser import NoBrowserError, launched  # slow to import

    try:
        with launched() as browser:
            yield browser
    except NoBrowserError as error:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(error))
