"""The tools around the lessons: execute and save, compare with what was saved, the map in the README."""

import base64
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbval.plugin import get_sanitize_patterns

from lstm_lib import lesson_map
from tools import course, lessons
from tools.notebook import Lesson, printed

starts_kernels = pytest.mark.lessons  # these take seconds, so `make check` leaves them out

HEADLINE = {"tags": ["headline"]}
PLAN = """
[[lesson]]
number = "00"
name = "start"
part = "Start"
title = "Start here"
about = "What *this* is"
seconds = 0
[[lesson]]
number = "01"
name = "loop"
part = "I Loops"
title = "A loop"
about = "Why order matters"
seconds = 7
[[lesson]]
number = "02"
name = "gone"
part = "I Loops"
title = "Ünïcode"
about = 'a "quoted" \\ word'
seconds = 0
"""


def write(path, *sources, **metadata):
    """A small notebook with one code cell for each source."""
    cells = [new_markdown_cell("# 01 A loop\n\n12 minutes to read, 7 seconds to run.")]
    cells += [new_code_cell(source) for source in sources]
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    return path


@pytest.fixture
def folder(tmp_path):
    """A folder of notebooks with the plan of three lessons; those of 00 and 01 stand."""
    (tmp_path / "lessons.toml").write_text(PLAN, encoding="utf-8")
    write(tmp_path / "00_start.ipynb", "1 + 1")
    write(tmp_path / "01_loop.ipynb", "import os\nprint(os.getcwd())", "print('Loss 0.5 | 3 times better')")
    return tmp_path


# --- execute ---------------------------------------------------------------------------------------------


@starts_kernels
def test_executing_saves_outputs_in_the_form_the_lessons_keep(folder):
    path = folder / "01_loop.ipynb"
    nb = nbformat.read(path, as_version=4)
    ids = [cell.id for cell in nb.cells]
    nb.cells[2].metadata = nbformat.from_dict(HEADLINE | {"lines_to_next_cell": 2})
    nb.metadata = nbformat.from_dict({"jupytext": {}, "kernelspec": {"name": "conda", "display_name": "x"}})
    nbformat.write(nb, path)

    seconds = lessons.execute(path)

    nb = nbformat.read(path, as_version=4)
    assert 0 < seconds < 60
    assert [cell.id for cell in nb.cells] == ids
    assert [cell.execution_count for cell in nb.cells[1:]] == [1, 2]
    assert Path(nb.cells[1].outputs[0].text.strip()).samefile(folder)  # a notebook runs in its own folder
    assert nb.cells[2].metadata == HEADLINE  # and no timing
    assert set(nb.metadata) == {"kernelspec", "language_info"}
    assert nb.metadata.kernelspec.name == "python3"
    assert "version" not in nb.metadata.language_info
    assert path.read_bytes().endswith(b"}\n")
    assert [p.name for p in folder.glob("*draft*")] == []


@starts_kernels
def test_executing_twice_gives_the_same_bytes(folder):
    path = folder / "01_loop.ipynb"
    lessons.execute(path)
    first = path.read_bytes()
    lessons.execute(path)
    assert path.read_bytes() == first


@starts_kernels
def test_a_failure_names_the_cell_and_leaves_the_notebook_as_it_was(folder):
    path = write(folder / "01_loop.ipynb", "x = 1", "x / 0", "x = 2")
    before = path.read_bytes()
    with pytest.raises(lessons.LessonFailed, match=r"01_loop\.ipynb, cell 2 failed(?s:.*)ZeroDivisionError"):
        lessons.execute(path)
    assert path.read_bytes() == before
    assert [p.name for p in folder.glob("*draft*")] == []


@starts_kernels
def test_lessons_are_executed_offline_and_without_the_learners_progress(folder):
    path = write(
        folder / "01_loop.ipynb",
        "import os, socket\nprint(os.environ['LSTM_LIB_PROGRESS'])",
        "try:\n    socket.create_connection(('192.0.2.1', 80))\nexcept OSError as error:\n    print(error)",
    )
    lessons.execute(path)
    progress, error = (printed(cell) for _, cell in Lesson.read(path).code)
    assert str(lessons.ROOT) not in progress
    assert "network is refused" in error


def seconds(folder):
    return {lesson.number: lesson.seconds for lesson in lesson_map.lessons(folder)}


@starts_kernels
def test_the_seconds_are_noted_for_those_that_ran(folder, monkeypatch, capsys):
    write(folder / "00_start.ipynb", "1 / 0")
    monkeypatch.setattr(lessons, "NOTEBOOKS", folder)
    assert lessons.execute_all(lessons.standing()) == 1
    assert seconds(folder) == {"00": 0, "01": 5, "02": 0}
    assert "00_start.ipynb, cell 1" in capsys.readouterr().err


@starts_kernels
def test_lesson_00_is_renewed_last_because_it_shows_the_map(folder, monkeypatch):
    show = (
        "from pathlib import Path\nprint('seconds = 5' in Path('lessons.toml').read_text(encoding='utf-8'))"
    )
    write(folder / "00_start.ipynb", show)
    monkeypatch.setattr(lessons, "NOTEBOOKS", folder)
    assert lessons.execute_all(lessons.standing(["01"])) == 0
    (_, cell), *_ = Lesson.read(folder / "00_start.ipynb").code
    assert printed(cell) == "True\n"
    assert seconds(folder)["00"] == 0


def test_which_lessons_stand(folder, monkeypatch):
    monkeypatch.setattr(lessons, "NOTEBOOKS", folder)
    assert [path.name for path in lessons.standing()] == ["00_start.ipynb", "01_loop.ipynb"]
    assert [path.name for path in lessons.standing(["01"])] == ["01_loop.ipynb"]
    with pytest.raises(SystemExit, match="no notebook stands for lesson 02"):
        lessons.standing(["01", "02"])
    monkeypatch.setattr(lessons, "NOTEBOOKS", folder / "elsewhere")
    with pytest.raises(SystemExit, match="no lesson stands"):
        lessons.standing()


# --- compare ---------------------------------------------------------------------------------------------

FIGURE = """
class Figure:
    def _repr_html_(self):
        return '<img alt="A line falls" width="8" src="data:image/png;base64,iVBORw0KGgo=">'
    def __repr__(self):
        return "Figure"
"""
# What is changed in a saved notebook, and whether nbval then still agrees.
CHANGES = {
    "as saved": ("A line falls", "A line falls", True),
    "other bytes": ('base64,iVBORw0KGgo=\\">"', 'base64,AAAA/+BBBB==\\">"', True),
    "other alt text": ('"<img alt=\\"A line falls', '"<img alt=\\"A line rises', False),
    "other size": (
        '"<img alt=\\"A line falls\\" width=\\"8',
        '"<img alt=\\"A line falls\\" width=\\"9',
        False,
    ),
    "other number": ('"Loss 0.5\\n"', '"Loss 0.6\\n"', False),
    "no count": ('"execution_count": 3', '"execution_count": null', False),
    "endless": ("print('Loss 0.5')", "import time; time.sleep(60)", False),
}


@pytest.fixture(scope="module")
def agreed(tmp_path_factory):
    """Which of the changed notebooks agree with their saved outputs, from one run over all of them."""
    folder = tmp_path_factory.mktemp("compared")
    saved = write(tmp_path_factory.mktemp("saved") / "saved.ipynb", FIGURE, "Figure()", "print('Loss 0.5')")
    lessons.execute(saved)
    words = saved.read_text(encoding="utf-8")
    for i, (name, (old, new, _)) in enumerate(CHANGES.items()):
        assert old in words, name
        (folder / f"{i:02}_x.ipynb").write_text(words.replace(old, new), encoding="utf-8")
    command = [*lessons.nbval_command([folder], cell_seconds=3), "-rf"]
    with lessons.quiet_room() as environment:
        done = subprocess.run(command, cwd=lessons.ROOT, env=environment, capture_output=True, text=True)
    assert " passed" in done.stdout
    failed = set(re.findall(r"^FAILED .*?(\d\d)_x\.ipynb", done.stdout, re.MULTILINE))
    return {name: f"{i:02}" not in failed for i, name in enumerate(CHANGES)}


@starts_kernels
@pytest.mark.parametrize("name", CHANGES)
def test_what_is_compared_with_the_saved_outputs(agreed, name):
    assert agreed[name] == CHANGES[name][2]


def test_the_sanitiser_blanks_the_bytes_of_pictures_and_nothing_else():
    patterns = get_sanitize_patterns(
        (lessons.ROOT / "tests" / "nbval_sanitize.cfg").read_text(encoding="utf-8")
    )
    words = (
        '<p>base64,QUJD</p><img alt="x base64,QUJD" width="8" src="data:image/png;base64,iVBOR/+0KGgo=">'
        'src="data:image/jpeg;base64,QUJD"'
    )
    blanked = words
    for pattern, replacement in patterns:
        blanked = re.sub(pattern, replacement, blanked)
    assert blanked == words.replace("iVBOR/+0KGgo=", "PNG")


# --- the map ---------------------------------------------------------------------------------------------

PICTURE = f"{course.PICTURE_START}\n{course.PICTURE_END}"
README = f"# Course\n\n{course.START}\nold\n{course.END}\n\nMore.\n{PICTURE}\n"


@pytest.mark.parametrize(("measured", "noted"), [(0.2, 5), (5.0, 5), (5.1, 10), (31.9, 35)])
def test_seconds_are_rounded_up_and_nothing_else_changes(folder, measured, noted):
    before = tomllib.loads(PLAN)
    course.note_seconds(folder, "02", measured)
    before["lesson"][2]["seconds"] = noted
    assert tomllib.loads((folder / "lessons.toml").read_text(encoding="utf-8")) == before


@starts_kernels
def test_the_map_shows_what_stands_and_what_is_planned(folder):
    nb = nbformat.read(folder / "01_loop.ipynb", as_version=4)
    nb.cells[2].metadata = nbformat.from_dict(HEADLINE)
    nbformat.write(nb, folder / "01_loop.ipynb")
    lessons.execute(folder / "01_loop.ipynb")
    rows = course.table(folder).splitlines()[2:]
    name = folder.name
    assert rows == [
        "| | **Start** | | | | |",
        f"| 00 | [Start here]({name}/00_start.ipynb) | What *this* is | 12 min | ? |  |",
        "| | **I Loops** | | | | |",
        f"| 01 | [A loop]({name}/01_loop.ipynb) | Why order matters | 12 min | 7 s "
        "| Loss 0.5 \\| 3 times better |",
        '| 02 | Ünïcode | a "quoted" \\ word | | | *planned* |',
    ]


def test_only_the_map_changes_in_the_readme(folder):
    fresh = course.with_map(README, folder)
    assert fresh.startswith(f"# Course\n\n{course.START}\n\n| ")
    assert fresh.endswith(f" |\n\n{course.END}\n\nMore.\n{PICTURE}\n")
    assert "old" not in fresh
    assert course.with_map(fresh, folder) == fresh
    with pytest.raises(ValueError, match="must hold"):
        course.with_map("# Course\n", folder)


def shows(folder, *pictures, headline=True):
    """Lesson 00 with one cell for each picture, (alt text, bytes), and a headline cell after the last but one."""
    path = write(folder / "00_start.ipynb", *("1" for _ in pictures), "print('Done')")
    nb = nbformat.read(path, as_version=4)
    for cell, (alt, png) in zip(nb.cells[1:], pictures, strict=False):
        html = f'<img alt="{alt}" src="data:image/png;base64,{base64.b64encode(png).decode()}">'
        cell.outputs = [new_output("display_data", {"text/html": html})]
    if headline:
        nb.cells[len(pictures)].metadata = nbformat.from_dict(HEADLINE)
    nbformat.write(nb, path)
    return Lesson.read(path)


def test_the_picture_is_the_last_before_the_headline(folder):
    lesson = shows(folder, ("first", b"1"), ("A map [of gates] &amp; cells", b"2"), ("after", b"3"))
    assert course.picture(lesson) == ("A map [of gates] & cells", b"2")
    fresh = course.with_picture(README, lesson)
    assert f"![A map (of gates) & cells]({folder.name}/00_start.png)" in fresh
    assert course.with_picture(fresh, lesson) == fresh


def test_a_lesson_without_a_picture_is_refused(folder):
    with pytest.raises(ValueError, match="must show a PNG"):
        course.picture(Lesson.read(folder / "00_start.ipynb"))


def test_what_is_stale_in_the_readme_is_noticed(folder, monkeypatch, capsys):
    readme = folder / "README.md"
    readme.write_text(README, encoding="utf-8")
    shows(folder, ("first", b"1"), ("second", b"2"))
    monkeypatch.setattr(lessons, "README", readme)
    monkeypatch.setattr(lessons, "NOTEBOOKS", folder)
    assert lessons.main(["check"]) == 1
    assert "out of date" in capsys.readouterr().err
    assert lessons.main(["map"]) == 0
    assert lessons.main(["check"]) == 0
    course.note_seconds(folder, "01", 33)
    assert lessons.main(["check"]) == 1
    assert lessons.main(["map"]) == 0
    assert (folder / "00_start.png").read_bytes() == b"1"
    (folder / "00_start.png").write_bytes(b"another")
    assert lessons.main(["check"]) == 1


def test_the_plan_of_the_course_is_nineteen_lessons_in_order():
    plan = lesson_map.lessons(lessons.NOTEBOOKS)
    assert [lesson.number for lesson in plan] == [f"{n:02}" for n in range(19)]
    assert len({lesson.name for lesson in plan}) == 19


def test_the_plan_stands_as_the_tools_write_it(tmp_path):
    """So that a measurement changes one line."""
    path = lessons.NOTEBOOKS / "lessons.toml"
    copy = Path(shutil.copy(path, tmp_path))
    course.note_seconds(tmp_path, "99", 1.0)
    assert copy.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")
