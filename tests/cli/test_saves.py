"""What counts as a change of a file, when it is seen, and how it is told."""

import os
import threading
import time

import pytest

from claimbook.cli import saves


@pytest.fixture
def changes(tmp_path, monkeypatch):
    """A folder, and how to wait for what is seen to change in it."""

    def begin(look=300):
        monkeypatch.setattr(saves, "LOOK", look)
        folder = tmp_path / "watched"
        folder.mkdir()
        (folder / "a.yml").write_text("a")
        (tmp_path / "alone.yml").write_text("a")
        found = saves.changes([folder, tmp_path / "alone.yml", tmp_path / "absent"])
        assert next(found) == []
        # Here would come the first check; what is saved during it is not announced.
        (folder / "first.yml").write_text("b")
        assert next(found) == [folder / "first.yml"]
        return folder, lambda: [path.name for path in next(found)]

    return begin


def test_a_change_is_seen_when_it_is_announced(changes):
    folder, seen = changes(look=4_000)
    started = time.monotonic()
    (folder / "a.yml").write_text("b")
    assert seen() == ["a.yml"]
    assert time.monotonic() - started < 3, "it was found by looking"


def save_by_renaming(path, text):
    """Save as editors do that never leave half a file."""
    path.with_name(".a.yml.swp").write_text("")
    path.with_name("4913").write_text("")
    path.with_name("4913").unlink()
    path.rename(path.with_name("a.yml~"))
    path.with_name("a.tmp").write_text(text)
    path.with_name("a.tmp").rename(path)
    path.with_name("a.yml~").unlink()
    path.with_name(".a.yml.swp").unlink()


def test_a_file_saved_by_renaming_is_one_change(changes):
    folder, seen = changes()
    save_by_renaming(folder / "a.yml", "b")
    assert seen() == ["a.yml"]


def test_a_burst_is_one_change_and_the_next_save_another(changes, monkeypatch):
    monkeypatch.setattr(saves, "QUIET", 1_000)  # a busy machine may pause in the middle
    folder, seen = changes()
    (folder / "inner").mkdir()

    def burst():
        for number in range(20):
            (folder / "inner" / f"{number:02}.yml").write_text("b")
            time.sleep(0.01)

    threading.Timer(0.2, burst).start()
    assert len(seen()) == 20
    (folder / "inner" / "07.yml").write_text("c")
    assert seen() == ["07.yml"]


def test_a_save_without_a_change_and_what_is_hidden_or_compiled_do_not_count(changes):
    folder, seen = changes()
    (folder / "a.yml").write_text("a")
    os.utime(folder / "a.yml")
    for hidden in (".a.yml.swp", ".ipynb_checkpoints", "__pycache__"):
        (folder / hidden).mkdir()
        (folder / hidden / "a.yml").write_text("b")
    threading.Timer(0.5, lambda: (folder / "b.yml").write_text("b")).start()
    assert seen() == ["b.yml"]


def test_a_removed_file_is_a_change(changes):
    folder, seen = changes()
    (folder / "a.yml").unlink()
    assert seen() == ["a.yml"]


def test_a_file_is_watched_without_its_folder(changes):
    folder, seen = changes()
    (folder.parent / "another.yml").write_text("a")
    save_by_renaming(folder.parent / "alone.yml", "b")
    assert seen() == ["alone.yml"]


@pytest.fixture
def saved(small, monkeypatch, capsys):
    """What is shown when files of the small project are saved once."""

    def follow(act, *names):
        paths = [small.data / name for name in names]
        monkeypatch.setattr(saves, "changes", lambda tops: iter([[], paths]))
        saves.follow(small, act)
        return capsys.readouterr()

    return follow


def test_a_failure_that_nobody_thought_of_is_shown_and_watching_goes_on(saved):
    shown = saved(lambda: {}["a bug"], "verdicts.csv")
    assert shown.err.count("KeyError: 'a bug'") == 2
    assert "data/verdicts.csv" in shown.out


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("a.yml", "b.yml"), "  data/a.yml, data/b.yml\n"),
        (("a.yml", "b.yml", "c.yml", "d.yml"), "  data/a.yml, data/b.yml, data/c.yml and 1 more\n"),
        (("\x1b[31mred\u202e.yml",), "  data/\\x1b[31mred\\u202e.yml\n"),
    ],
    ids=["two", "many", "invisible characters"],
)
def test_changed_files_are_named_in_one_line_that_moves_no_cursor(saved, names, shown):
    assert saved(lambda: None, *names).out.endswith(shown)


def test_a_pipe_among_the_files_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert next(saves.changes([tmp_path])) == []
