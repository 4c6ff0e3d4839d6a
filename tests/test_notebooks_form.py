"""The form of the lessons: every rule of tools/form.py, shown to bite on a bad notebook, then held over all.

`good()` makes a notebook that keeps every rule; each case below breaks one thing in it and names words that
the sentence about it must hold.
"""

import copy
import json

import pytest

from lstm_lib import lesson_map
from lstm_lib.exercises import declare
from tools import form, lessons
from tools.notebook import Lesson, anchors, link_targets, section, stated_time

ALT = "A line falls from one to a thousandth over fifty steps."
FIGURE = f'<img alt="{ALT}" src="data:image/png;base64,iVBORw0KGgo=">'


def markdown(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source, *outputs, tags=(), hidden=False):
    meta = {"tags": list(tags)} if tags else {}
    if hidden:
        meta["jupyter"] = {"source_hidden": True}
    return {"cell_type": "code", "metadata": meta, "source": source, "outputs": list(outputs)}


def stream(words, name="stdout"):
    return {"output_type": "stream", "name": name, "text": [words]}


def shown(**bundle):
    return {"output_type": "display_data", "metadata": {}, "data": bundle}


def exercise(k):
    return [
        markdown(f"**Exercise {k}.** Double a number."),
        code("def double(x):\n    raise NotImplementedError", tags=["exercise"]),
        code(f'check("02.{k}", double)', stream("not yet\n"), tags=["check"]),
        code(f'check_solution("02.{k}", lambda x: 2 * x)', stream("right\n"), tags=["solution"], hidden=True),
    ]


def good():
    """A notebook, as the JSON of its file, that keeps every rule."""
    cells = [
        markdown("# 02 A small lesson"),
        markdown(
            "**What you will do.** Draw.\n\n**What you will learn.** Why.\n\n"
            "**What you need.** [Lesson 01](01_other.ipynb#A-heading)\n\n"
            "**Time.** 12 minutes to read, 20 seconds to run."
        ),
        code("from lstm_lib.exercises import check, check_solution\n\nrng = np.random.default_rng(0)"),
        markdown("## A heading\n\nWith $x_t$ and a [link](#A-heading)."),
        code("figure", shown(**{"text/html": [FIGURE], "text/plain": [f"Figure: {ALT}"]})),
        markdown("What comes out?"),
        code("loss = 0.5", stream("0.51\n"), tags=["nbval-ignore-output"]),
        code("assert loss < 1\nprint('The loss is 0.50.')", stream("The loss is 0.50.\n"), tags=["headline"]),
        *exercise(1),
        *exercise(2),
        *exercise(3),
        markdown("## What to remember\n\n- One\n- Two"),
        markdown("## On your own\n\nTry ten steps."),
        markdown("## In practice\n\nEverywhere."),
        markdown("## Sources\n\n- A paper."),
        markdown("## Before\n\n[01 Another](01_other.ipynb)."),
    ]  # fmt: skip
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i}"
    for count, cell in enumerate((c for c in cells if c["cell_type"] == "code"), start=1):
        cell["execution_count"] = count
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def folder(tmp_path):
    other = {"cells": [markdown("## A heading")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "01_other.ipynb").write_text(json.dumps(other), encoding="utf-8")
    return tmp_path


def found(nb, folder, name="02_small.ipynb"):
    path = folder / name
    path.write_text(json.dumps(nb), encoding="utf-8")
    return form.problems(Lesson.read(path))


def test_the_good_notebook_is_good(folder):
    assert found(good(), folder) == []


# --- one thing broken at a time --------------------------------------------------------------------------


def put(*path_and_value):
    """A change that puts a value at a place in the notebook."""
    *path, last, value = path_and_value

    def change(nb):
        for key in path:
            nb = nb[key]
        nb[last] = value

    return change


def source(i, words):
    return put("cells", i, "source", words)


def add_output(i, output):
    return lambda nb: nb["cells"][i]["outputs"].append(output)


def drop(i):
    return lambda nb: nb["cells"].pop(i)


def insert(i, cell):
    return lambda nb: nb["cells"].insert(i, {"id": "new", "execution_count": None} | cell)


LONG = "\n".join(["x = 1"] * 26)
BROKEN = {
    "too large": (source(5, "x" * 1_600_000), "KiB"),
    "kernel": (put("metadata", "kernelspec", "name", "conda-env"), "python3"),
    "widget state": (put("metadata", "widgets", {}), "widgets"),
    "version": (put("metadata", "language_info", {"version": "3.12.1"}), "version of Python"),
    "timing": (put("cells", 2, "metadata", "execution", {}), "'execution'"),
    "no id": (lambda nb: nb["cells"][3].pop("id"), "id of its own"),
    "same ids": (put("cells", 3, "id", "cell-2"), "id of its own"),
    "unknown tag": (put("cells", 4, "metadata", "tags", ["exercize"]), "'exercize'"),
    "skipped": (put("cells", 4, "metadata", "tags", ["nbval-skip"]), "'nbval-skip'"),
    "home in output": (add_output(4, stream("/home/ada/course")), "path of one machine"),
    "tmp in code": (source(4, "open('/tmp/x')"), "path of one machine"),
    "windows path": (source(5, r"C:\Users\ada"), "path of one machine"),
    "mac path": (add_output(4, shown(**{"text/plain": ["'/Users/ada'"]})), "path of one machine"),
    "too short": (lambda nb: nb["cells"].__delitem__(slice(8, 16)), "cells, a lesson has"),
    "no title": (source(0, "A small lesson"), "title"),
    "wrong number": (source(0, "# 03 A small lesson"), "title"),
    "no objectives": (source(1, "12 minutes to read, 20 seconds to run"), "What you will learn"),
    "no time": (source(1, "What you will do, what you will learn, and"), "how long it takes to run"),
    "no memory": (source(20, "Bye."), "What to remember"),
    "long memory": (source(20, "## What to remember\n" + "- x\n" * 6), "6 lines"),
    "no sources": (drop(23), "Sources"),
    "empty sources": (source(23, "## Sources"), "'## Sources' is empty"),
    "nothing to try": (drop(21), "On your own"),
    "no practice": (drop(22), "In practice"),
    "no headline": (put("cells", 7, "metadata", {}), "headline"),
    "two headlines": (put("cells", 4, "metadata", "tags", ["headline"]), "headline"),
    "long headline": (add_output(7, stream("more\n")), "one line"),
    "long cell": (source(4, LONG), "26 lines"),
    "four in a row": (insert(12, code("x")), "in a row"),
    "magic": (source(4, "%matplotlib inline"), "plain Python"),
    "shell": (source(4, "!pip install x"), "installs"),
    "install": (source(4, "import pip; pip.main()"), "installs"),
    "download": (source(4, "urllib.request.urlopen(x)"), "downloads"),
    "path trick": (source(4, "import sys\nsys.path.append('..')"), "trick"),
    "version print": (source(4, "print(np.__version__)"), "version"),
    "semicolon": (source(4, "figure;"), "';'"),
    "more than imports": (source(2, "import numpy as np\nx = np.zeros(3)"), "more than imports"),
    "not run": (put("cells", 4, "execution_count", None), "not run"),
    "out of order": (put("cells", 4, "execution_count", 9), "not run"),
    "empty cell": (source(4, "  "), "empty"),
    "error": (add_output(4, {"output_type": "error", "ename": "ValueError"}), "ends in ValueError"),
    "warning": (add_output(4, stream("UserWarning", "stderr")), "standard error"),
    "address": (add_output(4, shown(**{"text/plain": ["<F at 0x7f3a2b1c>"]})), "address"),
    "ignored": (source(7, "print('The loss is 0.50.')"), "must assert"),
    "ignored, last": (put("cells", 19, "metadata", "tags", ["nbval-ignore-output"]), "must assert"),
    "png": (add_output(4, shown(**{"image/png": "iVBORw0KGgo="})), "without alt text"),
    "svg": (add_output(4, shown(**{"image/svg+xml": ["<svg/>"]})), "without alt text"),
    "no alt": (add_output(4, shown(**{"text/html": ["<img src='x.png'>"]})), "no alt text"),
    "thin alt": (add_output(4, shown(**{"text/html": ["<img alt='figure' src='x'>"]})), "no alt text"),
    "no alt in prose": (source(5, "![](01_other.ipynb)"), "no alt text"),
    "no alt in html prose": (source(5, "<img src='01_other.ipynb'>"), "no alt text"),
    "dead link": (source(5, "[gone](09_gone.ipynb)"), "does not stand"),
    "dead html link": (source(5, "<a href='gone.md'>x</a>"), "does not stand"),
    "dead anchor": (source(5, "[gone](#Gone)"), "heading"),
    "dead anchor elsewhere": (source(5, "[gone](01_other.ipynb#Gone)"), "heading"),
    "few exercises": (drop(18), "2 exercises"),
    "other lesson": (source(10, 'check("03.1", double)'), "exercise of lesson 02"),
    "no check tag": (put("cells", 10, "metadata", {}), "needs the tag 'check'"),
    "no stub": (put("cells", 9, "metadata", {}), "no stub"),
    "no solution": (drop(11), "no check_solution('02.1'"),
    "wrong solution": (source(11, 'check_solution("02.2", f)'), "no check_solution('02.1'"),
    "solution unfolded": (put("cells", 11, "metadata", {"tags": ["solution"]}), "collapsed"),
    "solution untagged": (put("cells", 11, "metadata", "tags", []), "tagged 'solution'"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_each_rule_bites(case, folder):
    change, words = BROKEN[case]
    nb = copy.deepcopy(good())
    change(nb)
    assert any(words in problem for problem in found(nb, folder)), found(nb, folder)


def test_every_rule_is_among_the_broken(folder):
    """No rule stands untested: each of them speaks in some case above."""
    silent = set(form.CHECKS)
    for change, _ in BROKEN.values():
        nb = copy.deepcopy(good())
        change(nb)
        (folder / "02_small.ipynb").write_text(json.dumps(nb), encoding="utf-8")
        lesson = Lesson.read(folder / "02_small.ipynb")
        silent -= {check for check in form.CHECKS if list(check(lesson))}
    assert silent == set()


def test_an_exercise_that_the_library_does_not_know(folder):
    lesson = Lesson(folder / "02_small.ipynb", good())
    assert not list(form.undeclared(lesson, {"02.1", "02.2", "02.3"}))
    assert "'02.3'" in next(form.undeclared(lesson, {"02.1", "02.2"}))


def test_lesson_00_may_have_one_exercise_and_no_headline(folder):
    nb = good()
    nb["cells"][0]["source"] = "# 00 Start"
    nb["cells"][7]["metadata"] = {}
    named = [p for p in found(nb, folder, "00_small.ipynb") if "headline" in p or "at least" in p]
    assert named == []


# --- the pieces the rules are made of --------------------------------------------------------------------


def test_what_is_a_link():
    words = "[a](b.md) `[no](x)` $[u](v)$ [c](<d.md>) [t](e.md \"title\") <a href='f.md'>"
    words += "\n```\n[no](code)\n```\n[w](http://x)"
    assert link_targets(words) == ["b.md", "d.md", "e.md", "http://x", "f.md"]


def test_headings_are_anchors_as_jupyterlab_names_them(folder):
    nb = {"cells": [markdown("## The *cell* `c_t`: a road\n\n```\n# no\n```\n<a id='here'></a>")]}
    assert anchors(Lesson(folder / "02_x.ipynb", nb)) == {"The-cell-c_t:-a-road", "here"}


def test_a_section_ends_at_the_next_heading(folder):
    nb = {"cells": [markdown("# T"), markdown("## Sources\n\n- a\n\n- b"), markdown("### More\n- c")]}
    lesson = Lesson(folder / "02_x.ipynb", nb)
    assert section(lesson, "sources") == ["- a", "- b"]
    assert section(lesson, "Gone") is None


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("About 2 minutes to run.", 120),
        ("1 minute to run", 60),
        ("40 seconds to run", 40),
        ("a while to run", None),
    ],
)
def test_the_time_a_lesson_states(words, seconds):
    assert stated_time(words, "run") == seconds


# --- the lessons -----------------------------------------------------------------------------------------

STANDING = sorted(lessons.NOTEBOOKS.glob("*.ipynb"))
PLAN = {lesson.file: lesson for lesson in lesson_map.lessons(lessons.NOTEBOOKS)}


@pytest.mark.lessons
@pytest.mark.parametrize("path", STANDING, ids=lambda path: path.stem)
class TestEveryLesson:
    def test_is_in_good_form(self, path):
        assert form.problems(Lesson.read(path)) == []

    def test_asks_only_exercises_that_are_declared(self, path):
        declared = {exercise.id for found in declare.lessons().values() for exercise in found}
        assert list(form.undeclared(Lesson.read(path), declared)) == []

    def test_is_in_the_plan_under_its_title(self, path):
        entry = PLAN[path.name]
        assert Lesson.read(path).prose[0][1].splitlines()[0] == f"# {entry.number} {entry.title}"

    def test_states_about_the_time_that_was_measured(self, path):
        measured = PLAN[path.name].seconds
        stated = stated_time("\n".join(words for _, words in Lesson.read(path).prose[:4]), "run")
        assert abs(stated - measured) <= max(10, measured / 2), f"stated {stated} s, measured {measured} s"


@pytest.mark.lessons
def test_the_readme_shows_the_map_as_it_is():
    assert lessons.main(["check"]) == 0
