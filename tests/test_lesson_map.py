"""The map of the lessons, on a small course of three lessons of which two stand."""

import json

import pytest

from lstm_lib import lesson_map

PLAN = """
[[lesson]]
number = "00"
name = "start"
part = "Start"
title = "Begin"
about = "The *first* one"
seconds = 20

[[lesson]]
number = "01"
name = "loop"
part = "I Loops"
title = "A loop"
about = "Round and round"
seconds = 0

[[lesson]]
number = "02"
name = "gate"
part = "I Loops"
title = "A gate"
about = "Open, shut"
seconds = 0
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "lessons.toml").write_text(PLAN, encoding="utf-8")
    for name, source in {
        "00_start": ["# 00 Begin\n", "**Time.** 15 minutes to\nread, 20 seconds to run."],
        "01_loop": "# 01 A loop",  # promises nothing
    }.items():
        cells = [{"cell_type": "markdown", "metadata": {}, "source": source}]
        (tmp_path / f"{name}.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return tmp_path


def test_the_plan_is_read_with_what_stands(folder):
    first, second, third = lesson_map.lessons(folder)
    assert (first.number, first.file, first.minutes, first.seconds) == ("00", "00_start.ipynb", 15, 20)
    assert (second.stands, second.minutes) == (True, 0)
    assert (third.stands, third.minutes, third.part) == (False, 0, "I Loops")


def test_the_map_has_a_row_for_each_part_and_each_lesson(folder):
    table = lesson_map.lesson_map(folder)
    assert table.splitlines()[2:] == [
        "| | **Start** | | | |",
        "| 00 | [Begin](00_start.ipynb) | The *first* one | 15\N{NO-BREAK SPACE}min | 20\N{NO-BREAK SPACE}s |",
        "| | **I Loops** | | | |",
        "| 01 | [A loop](01_loop.ipynb) | Round and round |  |  |",
        "| 02 | A gate | Open, shut |  | *planned* |",
    ]


def test_a_notebook_shows_it_as_a_table(folder):
    table = lesson_map.lesson_map(folder)
    assert table._repr_markdown_() == repr(table) == str(table)


def test_without_a_plan_it_says_where_it_looked(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no plan of the lessons at .*lessons\.toml: work in a copy"):
        lesson_map.lessons(tmp_path)


def test_the_course_has_nineteen_lessons_in_five_parts():
    plan = lesson_map.lessons()
    assert [lesson.number for lesson in plan] == [f"{k:02}" for k in range(19)]
    assert len({lesson.part for lesson in plan}) == 5
