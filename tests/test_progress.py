"""The record of what a learner has done: what counts, what survives, what is said when it cannot be kept."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

import lstm_lib
from lstm_lib.exercises import check, check_solution, checking, progress, record
from lstm_lib.exercises.declare import FunctionExercise

EXERCISES = {
    lesson: [
        FunctionExercise(
            id, f"title {id}", "task", reference=lambda x: x, cases=lambda rng: {"one": (1,)}, mistakes=()
        )
        for id in ids
    ]
    for lesson, ids in {"00": ["00.1"], "01": ["01.1", "01.2"]}.items()
}


@pytest.fixture(autouse=True)
def two_lessons(monkeypatch):
    known = {exercise.id: exercise for exercises in EXERCISES.values() for exercise in exercises}
    monkeypatch.setattr(checking, "lessons", lambda: EXERCISES)
    monkeypatch.setattr(checking, "find", known.__getitem__)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "progress.json"


@pytest.fixture
def table(capsys):
    """What `progress()` prints."""

    def show():
        capsys.readouterr()
        progress()
        return capsys.readouterr().out

    return show


def right(x):
    return x


def wrong(x):
    return x + 1


def stub(x):
    raise NotImplementedError


def test_nothing_done_is_a_table_and_no_file(table, file):
    assert table() == (
        "Lesson 00\n"
        "  00.1   not yet  title 00.1\n"
        "Lesson 01\n"
        "  01.1   not yet  title 01.1\n"
        "  01.2   not yet  title 01.2\n"
        "0 of 3 done, 0 tried.\n"
    )
    assert not file.exists()


def test_one_lesson_alone(capsys):
    check("00.1", right)
    capsys.readouterr()
    progress("00")
    assert capsys.readouterr().out == "Lesson 00\n  00.1   done     title 00.1\n1 of 1 done, 0 tried.\n"
    progress("77")
    assert "No exercises of lesson '77'" in capsys.readouterr().out


def test_what_is_done_and_what_was_tried_is_shown_and_counted(table, file):
    check("00.1", right)
    check("01.2", wrong)
    check("01.1", stub)
    assert table() == (
        "Lesson 00\n"
        "  00.1   done     title 00.1\n"
        "Lesson 01\n"
        "  01.1   not yet  title 01.1\n"
        "  01.2   tried    title 01.2\n"
        "1 of 3 done, 1 tried.\n"
    )
    assert json.loads(file.read_text()) == {"00.1": "done", "01.2": "tried"}


def test_what_is_done_stays_done_and_what_was_tried_can_be_done(table):
    for answer in (wrong, right, wrong, stub, None):
        check("01.1", answer)
    assert "01.1   done" in table()


def test_a_solution_leaves_the_record_alone(file):
    check_solution("00.1", right)
    with pytest.raises(AssertionError):
        check_solution("00.1", wrong)
    assert not file.exists()


def test_exercises_that_are_no_more_are_kept_and_not_counted(table, file):
    file.write_text('{"99.9": "done"}')
    check("00.1", right)
    assert table().endswith("1 of 3 done, 0 tried.\n")
    assert json.loads(file.read_text()) == {"00.1": "done", "99.9": "done"}


def test_the_record_stands_at_the_root_of_the_repository_unless_named(monkeypatch):
    monkeypatch.delenv("LSTM_LIB_PROGRESS")
    assert record.path() == Path(lstm_lib.__file__).parents[1] / ".progress.json"


def test_a_folder_that_is_not_there_is_made(monkeypatch, tmp_path):
    monkeypatch.setenv("LSTM_LIB_PROGRESS", str(tmp_path / "a" / "b" / "mine.json"))
    check("00.1", right)
    assert json.loads((tmp_path / "a" / "b" / "mine.json").read_text()) == {"00.1": "done"}


DAMAGED = [b"", b"{", b"[1]", b'{"00.1": "banana"}', b'{"00.1": []}', b"\xff\xfe", b"[" * 200_000]


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_record_is_set_aside_and_nothing_is_lost(capsys, table, file, content):
    for n in (1, 2):
        file.write_bytes(content)
        check("00.1", right)
        aside = file.with_name(f"progress.json.damaged-{n}")
        assert aside.read_bytes() == content
        assert capsys.readouterr().out == (
            "00.1 passed: title 00.1\n"
            f"Note: your progress could not be read. It is kept as {aside.name}, and a new record begins.\n"
        )
        assert json.loads(file.read_text()) == {"00.1": "done"}
    assert table().startswith("Lesson 00\n")


def test_a_damaged_record_is_told_by_the_table_too(table, file):
    file.write_bytes(b"{")
    assert table().startswith("Note: your progress could not be read. It is kept as progress.json.damaged-1")
    assert table().startswith("Lesson 00\n")


def test_a_record_that_may_not_be_read_is_set_aside(monkeypatch, capsys, file):
    file.write_text("{}")

    def refuse(*args, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    check("00.1", right)
    assert "It is kept as progress.json.damaged-1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("place", "reason"), [("a_file/progress.json", "cannot be used"), (".", "is a folder")]
)
def test_where_nothing_can_be_written_the_verdict_still_shows(
    monkeypatch, capsys, table, tmp_path, place, reason
):
    (tmp_path / "a_file").write_text("")
    monkeypatch.setenv("LSTM_LIB_PROGRESS", str(tmp_path / place))
    check("00.1", right)
    out = capsys.readouterr().out
    assert out.startswith("00.1 passed: title 00.1\nNote: your progress was not saved: ")
    assert reason in out
    assert "set LSTM_LIB_PROGRESS to" in out
    assert "0 of 3 done" in table()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a_file"]


def test_a_failed_write_keeps_the_old_record(monkeypatch, capsys, file):
    check("00.1", right)

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    check("01.1", right)
    assert "your progress was not saved" in capsys.readouterr().out
    assert json.loads(file.read_text()) == {"00.1": "done"}
    assert [path.name for path in file.parent.glob("*.new")] == []


def in_a_process(code, *args):
    """Start a process that runs a line of code with the record at hand."""
    return subprocess.Popen(
        [sys.executable, "-c", f"import os, sys\nfrom lstm_lib.exercises import record\n{code}", *args]
    )


def test_a_crash_while_writing_keeps_the_old_record(table, file):
    check("00.1", right)
    code = "os.fsync = lambda handle: os._exit(9)\nrecord.note('01.1', 'done')"
    assert in_a_process(code).wait() == 9
    assert json.loads(file.read_text()) == {"00.1": "done"}
    check("01.2", right)
    assert "2 of 3 done" in table()


def test_notebooks_that_write_at_once_lose_nothing(file):
    code = "for n in range(10): record.note(f'{sys.argv[1]}.{n}', 'done')"
    processes = [in_a_process(code, name) for name in "abc"]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert set(json.loads(file.read_text())) == {f"{name}.{n}" for name in "abc" for n in range(10)}


def test_a_record_in_use_for_long_is_told(monkeypatch, capsys, table, file):
    check("00.1", right)
    monkeypatch.setattr(record, "PATIENCE", 0.1)
    with FileLock(f"{file}.lock"):
        check("01.1", right)
        assert re.search(
            r"01\.1 passed.*\n.*another program is using .*progress\.json", capsys.readouterr().out
        )
        assert "1 of 3 done" in table()  # to read is always possible


def test_a_home_that_is_nobodys_is_named(monkeypatch):
    monkeypatch.setenv("LSTM_LIB_PROGRESS", "~nobody-of-this-name/p.json")
    with pytest.raises(record.RecordError, match="LSTM_LIB_PROGRESS must be a path"):
        record.path()
