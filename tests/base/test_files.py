"""Files are written all or none, and stay what they are."""

import os
import stat

import pytest

from claimbook.base import digests
from claimbook.base.faults import nearest
from claimbook.base.files import replace_all
from claimbook.base.units import names


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "real.csv").write_text("old", "utf-8")
    link = tmp_path / "link.csv"
    link.symlink_to("kept/real.csv")
    replace_all(tmp_path, {link: "new"})
    assert link.is_symlink()
    assert (tmp_path / "kept" / "real.csv").read_text("utf-8") == "new"


@pytest.mark.parametrize("mode", [0o664, 0o600, 0o755])
def test_a_file_keeps_its_permissions(tmp_path, mode):
    path = tmp_path / "a.csv"
    path.write_text("old", "utf-8")
    path.chmod(mode)
    replace_all(tmp_path, {path: "new"})
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_file_that_could_not_be_written_is_as_it_was(tmp_path):
    path, folder = tmp_path / "a.csv", tmp_path / "folder"
    path.write_text("old", "utf-8")
    path.chmod(0o664)
    (folder / "full").mkdir(parents=True)
    with pytest.raises(OSError):
        replace_all(tmp_path, {path: "new", folder: "new"})
    assert path.read_text("utf-8") == "old"
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


def test_a_pipe_counts_by_its_name_and_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    found = digests.content(tmp_path, [tmp_path / "pipe"])
    (tmp_path / "pipe").rename(tmp_path / "other")
    assert digests.content(tmp_path, [tmp_path / "other"]) != found


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("usd", "; nearest is 'USD'"),
        ("gpu", "; nearest is 'GPU'"),
        ("Billion_usd", "; nearest is 'billion_USD'"),
        ("UDS", "; nearest is 'USD'"),
        ("x" * 1_000_000, ""),
    ],
)
def test_the_nearest_name_is_the_one_that_differs_in_capitals_alone(name, hint):
    assert nearest(name, names()) == hint
