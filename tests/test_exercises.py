"""Exercises: every declaration, what an answer draws, and that nothing a learner does breaks the check."""

import inspect
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from dataclasses import replace

import nbclient
import nbformat
import numpy as np
import pytest
import torch

import lstm_lib.exercises
from lstm_lib.exercises import check, check_solution, checking, limit
from lstm_lib.exercises.declare import FunctionExercise, Mistake, ValueExercise, lessons
from lstm_lib.exercises.validate import lesson_problems, problems

ALL = [exercise for exercises in lessons().values() for exercise in exercises]
ALARM = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs the alarm signal")


def documented():
    """The module that the package's docstring shows to authors."""
    text = inspect.cleandoc(lstm_lib.exercises.__doc__)
    source = text[text.index("    import numpy") : text.index("    Function exercises.")]
    names = {}
    exec(textwrap.dedent(source), names)
    return names["EXERCISES"]


SHARE, FIFTY = documented()


def exercise_of(reference, *args, **options):
    """An exercise whose mistakes nobody makes."""
    cases = {f"case {i}": case for i, case in enumerate(args)}
    return FunctionExercise(
        "01.1", "title", "task", reference=reference, cases=lambda rng: cases, mistakes=(), **options
    )


@pytest.fixture
def said(monkeypatch, capsys):
    """What `check` prints about an answer to an exercise."""

    def say(answer, exercise=SHARE):
        monkeypatch.setattr(checking, "find", lambda id: exercise)
        check(exercise.id, answer)
        return capsys.readouterr().out

    return say


# Every declaration


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)
def test_every_exercise_takes_its_solution_and_refuses_every_mistake_with_its_own_hint(exercise, seed):
    assert problems(exercise, seed) == []


def test_every_lesson_numbers_its_exercises():
    for lesson, exercises in lessons().items():
        assert lesson_problems(lesson, exercises) == []


def test_the_example_for_authors_is_a_good_declaration():
    assert lesson_problems("01", documented()) == []


GOOD = SHARE.mistakes[1]


@pytest.mark.parametrize(
    ("exercise", "complaint"),
    [
        (replace(SHARE, mistakes=SHARE.mistakes[:2]), "at least 3 mistakes"),
        (replace(SHARE, mistakes=(*SHARE.mistakes, Mistake("m", np.matmul, "h"))), "'m' passes"),
        (
            replace(SHARE, mistakes=(*SHARE.mistakes, replace(GOOD, name="m", hint="h"))),
            "'m' draws the hint of 'sum'",
        ),
        (replace(SHARE, mistakes=(*SHARE.mistakes, replace(GOOD, hint="h"))), "share the name"),
        (
            replace(SHARE, mistakes=(*SHARE.mistakes, Mistake("m", lambda x, W: x, GOOD.hint))),
            "share the hint",
        ),
        (replace(SHARE, mistakes=(*SHARE.mistakes, Mistake("m", lambda x, W: x, " "))), "'m' has no hint"),
        (replace(SHARE, mistakes=(*SHARE.mistakes, Mistake("m", lambda x: x, "h"))), "fails on every case"),
        (replace(SHARE, reference=lambda x, W_x: x @ W_x.T), "the reference raised ValueError"),
        (replace(SHARE, reference=lambda x: x), "the reference takes 1"),
        (replace(SHARE, reference=lambda x, W_x: np.log(-abs(x))), "the reference warned"),
        (replace(SHARE, reference=lambda x, W_x: x.fill(0)), "the right answer must pass"),
        (replace(SHARE, cases=lambda rng: {"a": (np.eye(2), np.eye(2))}), "at least 2 cases"),
        (replace(SHARE, cases=lambda rng: SHARE.cases(np.random.default_rng(0))), "must be fresh"),
        (replace(SHARE, cases=lambda rng: SHARE.cases(np.random.default_rng())), "from nothing else"),
        (replace(SHARE, id="1.1"), "the id must look like"),
        (replace(SHARE, task=" "), "the task must be one line"),
        (replace(FIFTY, mistakes=FIFTY.mistakes[:1]), "at least 3 mistakes"),
        (replace(FIFTY, mistakes=(*FIFTY.mistakes, Mistake("m", 0.9**50, "h"))), "'m' passes"),
        (replace(FIFTY, mistakes=(*FIFTY.mistakes, Mistake("m", 2.0, "h"))), "'m' draws the hint of 'grown'"),
        (
            replace(FIFTY, mistakes=(*FIFTY.mistakes, Mistake("m", 0.3, "h", when=len))),
            "'m' draws no hint of its own",
        ),
        (replace(FIFTY, accept=lambda value: False), "the right answer must pass"),
        (replace(FIFTY, right=None), "the right answer must pass"),
        (replace(FIFTY, choices=("a", "b")), "is not one of the choices"),
    ],
)
def test_a_bad_declaration_is_found(exercise, complaint):
    assert complaint in "\n".join(problems(exercise))


def test_wrong_numbering_is_found():
    assert "must be ['01.1', '01.2'], got ['01.2', '01.1']" in lesson_problems("01", [FIFTY, SHARE])[0]


# What an answer draws


def test_passing_and_not_attempting_always_say_the_same(said):
    def stub(x, W_x):
        raise NotImplementedError("write this")

    for _ in range(3):
        assert said(np.matmul) == "01.1 passed: what the inputs add\n"
        assert said(stub) == (
            "01.1 not attempted yet: what the inputs add\n"
            "  Write share(x, W_x): the inputs (B, D) times the weights (D, H).\n"
            "  Replace `raise NotImplementedError`, run that cell, then run this one again.\n"
        )
    assert said(...).startswith("01.1 not attempted yet")


def test_a_known_mistake_draws_its_hint_always_in_the_same_words_and_the_second_hint_when_it_comes_again(
    said,
):
    words = "01.1 not yet: your function raised ValueError.\n  Hint: the shapes are (B, D) and (D, H)."
    words += " Which two axes must meet?\n"
    for _ in range(2):
        assert said(lambda x, W_x: x @ W_x.T) == words
        assert said(lambda x, W_x: x @ W_x.T) == words + "  And: " + SHARE.mistakes[0].more + "\n"
        said(np.matmul)


def test_inputs_are_fresh_each_time(said):
    seen = []
    for _ in range(2):
        said(lambda x, W_x: seen.append(x.copy()))
    first, second = seen[: len(seen) // 2], seen[len(seen) // 2 :]
    assert not any(np.array_equal(*pair) for pair in zip(first, second, strict=True))


def one_wrong(x, W_x):
    y = x @ W_x
    y[0, 1] += 1
    return y


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x, W: None, "expected an array of shape (4, 2), got None; did you forget `return`?"),
        (
            lambda x, W: list(x @ W),
            "got a list of length 4, the first an array of shape (2,); `np.stack` makes",
        ),
        (lambda x, W: (x @ W).tolist(), "`np.array` of a list of numbers"),
        (lambda x, W: (x @ W, 0), "got a tuple of length 2, the first an array"),
        (lambda x, W: (yield x), "`yield` makes a generator"),
        (lambda x, W: torch.tensor(x @ W), "`.detach().numpy()` makes an array"),
        (lambda x, W: torch.ones(2, dtype=torch.bfloat16), "got a torch tensor of shape (2,)"),
        (lambda x, W: (x @ W).T, "expected shape (4, 2), got (2, 4); two axes look swapped"),
        (lambda x, W: (x @ W)[None], "got (1, 4, 2); an axis of length 1 is too many"),
        (lambda x, W: (x @ W)[:, :1], "expected shape (4, 2), got (4, 1)."),
        (lambda x, W: (x @ W).astype(int), "expected real values, got an array of int"),
        (lambda x, W: (x @ W).astype(object), "expected real values, got an array of object"),
        (lambda x, W: x @ W * 2, "Each time the numbers are 2 times the expected ones."),
        (lambda x, W: x @ W / 4, "Each time the numbers are 1/4 of the expected ones."),
        (lambda x, W: -(x @ W), "Each time the sign is flipped."),
        (lambda x, W: x @ W * 0, "all numbers are zero"),
        (
            lambda x, W: x @ W * W.shape[1],
            "The factor changes with the inputs (2, 2, 3): is it one of the sizes?",
        ),
        (lambda x, W: x @ W + 0.5, "the numbers are 0.5 too large"),
        (lambda x, W: (x @ W)[::-1], "the numbers are right, but in reverse order along axis 0"),
        (lambda x, W: (x @ W)[::-1], 'Right on "one sequence"; wrong on "a batch", "D equal to H".'),
        (lambda x, W: np.sqrt(x @ W - 1e9), "8 of 8 values are NaN or infinite, the first at index (0, 0)"),
        (lambda x, W: np.sqrt(x @ W - 1e9), "There was a warning: invalid value encountered in sqrt."),
        (one_wrong, "1 of 8 values are wrong, the largest difference is 1 at index (0, 1)"),
        (one_wrong, 'On "a batch", with x (4, 3), W_x (3, 2): '),
        (one_wrong, "Hint: " + SHARE.hint),
    ],
)
def test_an_unknown_mistake_draws_the_facts(said, answer, words):
    text = said(answer)
    assert text.startswith("01.1 not yet: ")
    assert words in text


A, V = np.arange(9.0).reshape(3, 3) + 1, np.array([1.0, 2.0])


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        (A, A.T.copy(), "two axes are swapped"),
        ((V, A), (V, A + V[0]), "dW has wrong values."),
        ((V, A), (V, A + V[0]), "Right already: dx."),
        ((V, A), (V,), "expected 2 values, got 1"),
        ((V, (V, V)), (V, (V, V * 2)), "dW, value 2 has wrong values."),
        ({"b": V, "c": V}, {"b": V, "c": V * 3}, "c has wrong values."),
        ({"b": V, "c": V}, {"b": V}, "expected the keys b, c; got b"),
        ({"b": V}, V, "expected a dict with the keys b, got an array"),
        (2.5, 2.0, "it is off by 0.5"),
        (2.5, V, "expected a number, got an array of shape (2,)"),
        (2.5, torch.tensor(2.5), "`.item()` a number"),
        (2.5, float("nan"), "1 of 1 values are NaN or infinite."),
        (3, 3.0, "expected a whole number, got a number"),
        (True, 1, "expected True or False, got a whole number"),
        ("abc", "abd", "it is not the expected one"),
        (np.array([1, 2]), np.array([1, 3]), "1 of 2 values are wrong"),
        (np.array([True, False]), np.array([True, True]), "1 of 2 values are wrong, the first at index (1,)"),
        (np.array([-np.inf, 1.0]), np.array([-1e9, 1.0]), "1 of 2 values are wrong"),
        (torch.ones(2), np.ones(2), "expected a torch tensor of shape (2,), got an array of shape (2,)"),
        (torch.ones(2), torch.zeros(2), "all numbers are zero"),
        ({1, 2}, {1}, "it is not the expected one"),
        (V, "text", "got text"),
    ],
)
def test_results_of_every_kind_are_compared_part_by_part(said, right, wrong, words):
    exercise = exercise_of(lambda n: right, (1,), returns=("dx", "dW"))
    assert said(lambda n: right, exercise).startswith("01.1 passed")
    text = said(lambda n: wrong, exercise)
    assert text.startswith("01.1 not yet")
    assert words in text


def test_a_factor_of_nearly_one_is_no_size(said):
    three = exercise_of(lambda n: 3.14159 * n, (1,), (2,), (3,))
    assert "factor" not in said(lambda n: round(3.14159 * n, 3), three)
    assert "The factor changes with the inputs" in said(lambda n: 3.14159 * n * n * 2, three)
    text = said(lambda n: V * (1 - 1e-5), exercise_of(lambda n: V, (1,)))
    assert "values are wrong, the largest difference is" in text
    assert "of the expected ones" not in text


def test_what_is_as_good_as_right_passes(said):
    assert "passed" in said(lambda n: [V.astype(np.float32), 3], exercise_of(lambda n: (V, 3.0), (1,)))
    assert "passed" in said(lambda n: np.array(2), exercise_of(lambda n: 2, (1,)))
    assert "passed" in said(lambda n: V + 1e-7, exercise_of(lambda n: V, (1,)))
    assert "passed" in said(lambda n: V * np.nan, exercise_of(lambda n: V * np.nan, (1,)))
    assert "not yet" in said(lambda n: V + 1e-5, exercise_of(lambda n: V, (1,)))
    assert "not yet" in said(lambda n: V * 0, exercise_of(lambda n: V * 1e-9, (1,)))
    assert "passed" in said(lambda n: V + 1e-5, exercise_of(lambda n: V, (1,), tolerance=1e-4))


def test_a_mistake_that_changes_one_argument_is_not_another_that_changes_the_other(said):
    def spoils(position):
        def add(x, y):
            total = x + y
            (x, y)[position][0] = 0
            return total

        return add

    exercise = exercise_of(lambda x, y: x + y, (V, V + 1))
    exercise = replace(exercise, mistakes=(Mistake("x", spoils(0), "you spoil x."),))
    assert "Hint: you spoil x." in said(spoils(0), exercise)
    assert "your function changes its argument `y`.\n" in said(spoils(1), exercise)
    assert "Hint" not in said(spoils(1), exercise)


def test_a_random_answer_draws_what_the_reference_draws(said):
    exercise = exercise_of(lambda rng, n: rng.normal(size=n), (np.random.default_rng(3), 4))
    assert "passed" in said(lambda rng, n: rng.normal(size=n), exercise)
    assert "with rng, n = 4: " in said(lambda rng, n: rng.random(size=n), exercise)


def test_a_mistake_that_changes_its_argument_is_told_from_one_that_does_not(said):
    def in_place(x):
        x += 1
        return x

    spoils = Mistake("spoils", in_place, "you spoil x.")
    exercise = replace(
        exercise_of(lambda x: x + 1, (V,)), mistakes=(spoils, Mistake("twice", lambda x: x + 2, "once"))
    )

    def both(x):
        x[:] = 7
        return V + 2

    def in_place_and_twice(x):
        x += 1
        return x + 1

    assert "Hint: you spoil x." in said(in_place, exercise)
    assert "Hint: once" in said(in_place_and_twice, exercise)
    assert "Hint: once" in said(both, exercise)
    assert "passed" in said(lambda x: x + 1, exercise)


# A value


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (..., "01.2 not attempted yet: fifty steps"),
        (None, "Replace the `...`"),
        (0.9**50, "01.2 passed: fifty steps"),
        (np.float32(0.0052), "01.2 passed"),
        (0.9, "Hint: that is left after one step."),
        (-4, "Hint: what is left cannot be negative."),
        (3, "Hint: it loses, it does not gain."),
        (0.5, "01.2 not yet: that is not it.\n"),
        ("0.005", "Expected a number, got text."),
        (V, "Expected a number, got an array of shape (2,)."),
        (abs, "you passed a function"),
        (float("nan"), "1 of 1 values are NaN or infinite."),
    ],
)
def test_a_value_is_judged(said, answer, words):
    assert words in said(answer, FIFTY)


def test_a_whole_number_may_come_as_a_float(said):
    exercise = ValueExercise("01.2", "count", "How many?", right=12, mistakes=())
    assert "passed" in said(12.0, exercise)
    assert "not yet" in said(12.5, exercise)


def test_an_answer_may_be_written_in_several_ways(said):
    exercise = ValueExercise(
        "01.2", "three", "Which?", right=(1.0, 2.0), mistakes=(), read=lambda v: tuple(v.tolist())
    )
    assert "passed" in said(np.array([1.0, 2.0]), exercise)
    assert "passed" in said((1, 2), exercise)  # `read` fails here, and the answer is taken as it is
    assert "Expected a tuple of length 2" in said(1.0, exercise)


def test_an_answer_that_cannot_be_read_is_told_how_to_write_one(said):
    def read(value):
        if len(value) != 2:
            raise ValueError("write two numbers, such as (1.0, 2.0)")
        return tuple(float(part) for part in value)

    low = Mistake("low", (0.0, 1.0), "higher", when=lambda v: v[0] < 1)
    exercise = ValueExercise(
        "01.2", "two", "Which?", right=(1.0, 2.0), mistakes=(low,), read=read, accept=lambda v: v[0] >= 1,
        hint="think.",
    )  # fmt: skip
    told = "01.2 not yet: your answer cannot be read.\n  Write two numbers, such as (1.0, 2.0).\n"
    assert said((0.0, 1.0, 2.0), exercise) == told  # what `when` says is of answers that can be read
    assert said((1.0, 2.0, 3.0), exercise) == told
    assert "Hint: higher" in said((0.0, 1.0), exercise)
    for other in (3.0, ("a", 1.0)):  # a TypeError, and a ValueError that is not meant for the learner
        text = said(other, exercise)
        assert "that is not it" in text
        assert "Hint: think." in text
        assert "Expected a" in text


def test_a_text_with_ways_of_its_own_is_taken_as_text(said):
    exercise = ValueExercise(
        "01.2", "choose", "Which?", right="grows", mistakes=(), choices=("grows", "falls")
    )
    assert "passed" in said(Sly("grows"), exercise)


@pytest.mark.parametrize("wrong", [None, [1.0], np.ones(3), (V,), 3.0])
def test_no_part_is_called_right_where_none_was_looked_at(said, wrong):
    exercise = exercise_of(lambda n: (V, A), (1,), returns=("dx", "dW"))
    assert "Right already" not in said(lambda n: wrong, exercise)


def test_an_answer_that_breaks_what_the_reference_uses_ends_in_a_message(said, monkeypatch):
    monkeypatch.setattr(np, "sort", np.sort)  # put back after the test
    exercise = exercise_of(lambda n: np.sort(n), (np.arange(3.0),), (np.arange(4.0),))

    def spoils_numpy(n):
        np.sort = None
        return n

    text = said(spoils_numpy, exercise)
    assert "the check itself cannot run here" in text
    assert "Restart the kernel" in text


def test_what_numpy_is_told_in_an_answer_is_forgotten_after_it(said):
    before = np.geterr()
    said(lambda x, W_x: np.seterr(all="raise"))
    assert np.geterr() == before


def test_what_is_said_of_a_wrong_value_does_not_give_the_right_one_away(said):
    assert said(0.9**50 * 2, FIFTY) == "01.2 not yet: that is not it.\n"


def test_choices_open_questions_and_several_at_once(said):
    choice = replace(
        FIFTY, right="shrinks", choices=("shrinks", "grows"), mistakes=(Mistake("g", "grows", "no"),)
    )
    assert "passed" in said(" Shrinks ", choice)
    assert "Hint: no" in said("grows", choice)
    assert "choose one of 'shrinks', 'grows'." in said("both", choice)
    assert "choose one of" in said(3, choice)

    open_question = replace(FIFTY, right=[1.0], accept=lambda rates: rates[0] > 0, mistakes=())
    assert "passed" in said([3.0, 4.0], open_question)
    assert "that is not it" in said([-1.0], open_question)
    assert "that is not it" in said([], open_question)
    assert "Expected a list of length 1" in said(2.0, open_question)

    low = Mistake("low", 0.5, "higher", when=lambda v: v < 1)  # np.array([0.5]) < 1 is true, too
    above_one = replace(FIFTY, right=2.0, accept=lambda v: v > 1, mistakes=(low,))
    assert "Hint: higher" in said(0.5, above_one)
    for of_another_type in (np.array([2.0]), np.array([0.5]), [0.5]):
        text = said(of_another_type, above_one)
        assert "Expected a number, got a" in text
        assert "higher" not in text

    both = replace(FIFTY, right=("yes", 2), mistakes=())
    assert "passed" in said(("yes", 2), both)
    assert "not attempted" in said(("yes", ...), both)
    assert "not yet" in said(("no", 2), both)


# Whatever a learner's function does


class Nasty:
    """Nothing can be done with it."""

    def no(self, *args):
        raise RuntimeError("no")

    __array__ = __eq__ = __repr__ = __str__ = __len__ = __iter__ = __bool__ = __getattr__ = __deepcopy__ = no
    __hash__ = None


class Liar:
    __class__ = property(Nasty.no)


class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no")


class Mumbling(Exception):
    def __str__(self):
        raise SystemExit


class Signed:
    @property
    def __signature__(self):
        raise SystemExit

    def __call__(self, x, W_x):
        raise LookupError


class Sly(str):
    def strip(self, *_):
        raise RuntimeError


def raises(error):
    def answer(x, W_x):
        raise error

    return answer


def in_itself(x, W_x):
    x = [x]
    x.append(x)
    return x


def full_of_nasty(x, W_x):
    y = np.empty((4, 2), object)
    y.fill(Nasty())
    return y


async def later(x, W_x):
    return x


def spoil(x, W_x):
    y = x @ W_x
    x[0] = W_x[0] = 0
    return y


def spoil_badly(x, W_x):
    x.shape = -1
    return 3


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (raises(ValueError("no such\ngate")), "not yet: your function raised ValueError.\n"),
        (raises(ValueError("no such\ngate")), "  ValueError: no such gate\n"),
        (raises(ValueError("no")), ": raise error\n"),
        (raises(SystemExit(3)), "your function raised SystemExit."),
        (lambda x, W_x: sys.exit(), "your function raised SystemExit."),
        (raises(MemoryError()), "your function raised MemoryError."),
        (raises(GeneratorExit()), "your function raised GeneratorExit."),
        (raises(Mute()), "Mute: (its message cannot be read)"),
        (raises(ValueError("a" * 1000)), "a" * 200 + "…"),
        (raises(limit.TimeUp()), "stopped after 10 seconds."),
        (lambda x, W_x: in_itself.missing, "AttributeError: 'function' object has no attribute 'missing'"),
        (in_itself, "your function raised RecursionError."),
        (lambda x, W_x: Nasty(), "got an object of type Nasty"),
        (lambda x, W_x: [Nasty()], "got a list of length 1"),
        (lambda x, W_x: {Nasty: Nasty()}, "got a dict with the keys <class"),
        (lambda x, W_x: {Mute(): 1}, "it cannot be compared: RuntimeError."),
        (full_of_nasty, "expected real values, got an array of object"),
        (lambda x, W_x: Liar(), "your function raised RuntimeError."),
        (lambda x, W_x: raises, "got an object of type function"),
        (later, "got an object of type coroutine"),
        (lambda x, W_x: x.tolist().index(-1), "ValueError: "),
        (lambda x: x, "The check gives it (x, W_x); yours takes (x)."),
        (lambda: 0, "yours takes ()."),
        (len, "your function takes other arguments."),
        (print, "got None"),
        (max, "your function raised ValueError."),
        (dict, "TypeError: dict expected at most 1 argument, got 2"),
        (None, "you passed None.\n  Pass the function itself"),
        (V, "you passed an object of type ndarray."),
        (lambda x, W_x: np.ma.array(x @ W_x, mask=True), "got an object of type masked array"),
        (raises(Mumbling()), "Mumbling: (its message cannot be read)"),
        (Signed(), "your function raised"),
        (spoil, "not yet: your function changes its argument `x` and `W_x`.\n"),
        (spoil, "It must leave `x` and `W_x` as it was"),
        (spoil_badly, "It must leave `x` as it was"),
    ],
)
def test_anything_a_function_does_ends_in_a_message(said, answer, words):
    assert words in said(answer)
    assert said(answer, FIFTY).startswith("01.2 not")
    assert said(np.matmul) == "01.1 passed: what the inputs add\n"


def test_objects_that_refuse_everything_are_no_trouble(said):
    assert "you passed an object of type Nasty." in said(Nasty())
    assert "you passed an object of type Liar." in said(Liar())
    assert "Expected a number, got an object of type Nasty." in said(Nasty(), FIFTY)
    assert "your answer cannot be read.\n  RuntimeError: no\n" in said(Liar(), FIFTY)


def test_a_function_without_end_in_depth_ends_in_a_message(said):
    def deeper(x, W_x):
        return deeper(x, W_x)

    text = said(deeper)
    assert "your function raised RecursionError." in text
    assert ": return deeper(x, W_x)\n" in text


def test_the_line_shown_is_the_learners_own_and_not_one_of_a_library(said):
    def answer(x, W_x):
        return np.stack([x, W_x])

    number = inspect.getsourcelines(answer)[1] + 1
    assert f"At line {number}: return np.stack([x, W_x])\n" in said(answer)


def test_only_a_stub_counts_as_not_attempted(said):
    def unfinished(x, W_x):
        if len(x) == 1:
            return x @ W_x
        raise NotImplementedError

    assert "your function raised NotImplementedError." in said(unfinished)
    assert "your function raised NotImplementedError." in said(
        lambda x, W_x: torch.empty(1, device="meta").tolist()
    )


def test_warnings_do_not_stop_a_right_answer(said):
    def answer(x, W_x):
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        return x @ W_x + np.float64(1) / np.float64(0) * 0 if len(x) == 99 else x @ W_x

    before = warnings.filters[:]
    assert "passed" in said(answer)
    assert warnings.filters == before


def test_what_a_function_prints_is_seen(said):
    assert (
        said(lambda x, W_x: print("mine") or x @ W_x) == "mine\n" * 3 + "01.1 passed: what the inputs add\n"
    )


def test_a_buffer_used_again_is_no_mistake(said):
    buffer = np.empty((4, 2))
    exercise = exercise_of(lambda n: np.full((4, 2), float(n)), (1,), (2,))
    assert "passed" in said(lambda n: np.multiply(buffer.fill(n) or buffer, 1, out=buffer), exercise)


def test_an_interrupt_gets_through_and_leaves_nothing_behind(said):
    def interrupt(x, W_x):
        signal.raise_signal(signal.SIGINT)
        time.sleep(1)

    with pytest.raises(KeyboardInterrupt):
        said(interrupt)
    if hasattr(signal, "getitimer"):
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
        assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


# Endless loops


def loop(x, W_x):
    while True:
        pass


def loop_that_catches(x, W_x):
    while True:
        try:
            for i in range(100_000):
                i + i
        except Exception:
            pass


def loop_that_catches_all(x, W_x):
    while True:
        try:
            for i in range(100_000):
                i + i
        except:  # noqa: E722
            pass


def loop_that_ends_badly(x, W_x):
    try:
        loop(x, W_x)
    finally:
        x[0] = 0


def sleep(x, W_x):
    time.sleep(1e6)


def sleep_again(x, W_x):
    while True:
        try:  # noqa: SIM105
            time.sleep(1e6)
        except BaseException:
            pass


SHORT = replace(SHARE, seconds=0.2)
STOPPED = (
    '01.1 not yet: stopped after 0.2 seconds.\n  It was at work on "a batch", with x (4, 3), W_x (3, 2).\n'
)


@pytest.mark.parametrize("answer", [loop, loop_that_catches, loop_that_ends_badly])
def test_an_endless_loop_ends_in_a_message(said, answer):
    assert said(answer, SHORT).startswith(STOPPED)


@ALARM
@pytest.mark.parametrize("answer", [loop_that_catches_all, sleep, sleep_again])
def test_so_does_a_sleep_or_a_loop_that_catches_everything_where_there_is_an_alarm(said, answer):
    handler = signal.getsignal(signal.SIGALRM)
    assert said(answer, SHORT).startswith(STOPPED)
    assert signal.getsignal(signal.SIGALRM) is handler
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.mark.parametrize("answer", [loop, loop_that_catches, loop_that_ends_badly])
def test_an_endless_loop_ends_in_a_message_in_another_thread(said, answer):
    texts = []

    def work():
        texts.append(said(answer, SHORT))
        end = time.monotonic() + 3 * limit.AGAIN  # nothing may be raised here later
        while time.monotonic() < end:
            pass
        texts.append(said(np.matmul, SHORT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(texts) == 2
    assert texts[0].startswith(STOPPED)
    assert "passed" in texts[1]


def test_without_an_alarm_the_main_thread_is_stopped_too(said, monkeypatch):
    monkeypatch.delattr(signal, "setitimer", raising=False)
    assert said(loop, SHORT).startswith(STOPPED)
    assert "passed" in said(np.matmul, SHORT)


@ALARM
def test_a_debugger_is_left_as_it_was(said):
    def tracer(frame, event, arg):
        return None

    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        said(loop_that_catches_all, SHORT)
        after = sys.gettrace()
    finally:
        sys.settrace(before)
    assert after is tracer


def test_stopping_a_thread_leaves_nothing_that_a_debugger_trips_over():
    code = """if True:
        import sys, threading
        from lstm_lib.exercises.limit import TimeUp, limited
        def loop():
            while True:
                pass
        def stop():
            try:
                limited(loop, 0.1)
            except TimeUp:
                print("stopped")
        thread = threading.Thread(target=stop)
        thread.start()
        thread.join()
        sys.settrace(lambda *args: None)
        (lambda: print("traced"))()
    """
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["stopped", "traced"]


@ALARM
def test_a_timer_and_a_handler_of_others_are_put_back(said):
    def handler(signum, frame):
        pass

    before = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 100, 7)
        said(loop, SHORT)
        left, interval = signal.setitimer(signal.ITIMER_REAL, 0)
        assert signal.getsignal(signal.SIGALRM) is handler
        assert 90 < left < 99.9
        assert interval == 7
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_slow_cases_share_the_time(said):
    started = time.monotonic()
    assert "stopped after 0.2 seconds" in said(lambda x, W_x: time.sleep(0.15) or x @ W_x, SHORT)
    assert time.monotonic() - started < 2


def test_in_a_notebook_a_loop_ends_in_a_message_and_the_next_cell_runs():
    source = (
        "from dataclasses import replace\n"
        "from lstm_lib.exercises import check, declare, lesson_00\n"
        "lesson_00.EXERCISES[0] = replace(lesson_00.EXERCISES[0], seconds=0.3)\n"
        "def last_step(x):\n    while True:\n        pass\n"
        "def wrong(x):\n    return x.missing\n"
    )
    cells = [source, "check('00.1', last_step)", "check('00.1', wrong)", "check('00.1', lambda x: x[-1])"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    texts = [cell.outputs[0].text for cell in notebook.cells[1:]]
    assert texts[0].startswith("00.1 not yet: stopped after 0.3 seconds.")
    assert "At line 8: return x.missing" in texts[1]
    assert texts[2] == "00.1 passed: the last step of a batch\n"


# The front door


@pytest.mark.parametrize(
    ("id", "words"),
    [
        ("00.9", "Nothing checked: there is no exercise 00.9; lesson 00 has 00.1"),
        ("77.1", "Nothing checked: there is no exercise 77.1; the lessons with exercises are 00"),
        ("../x", "there is no exercise ../x"),
        (0.1, 'the first argument is the id of an exercise, in quotes, such as "01.2"'),
        (np.matmul, "the first argument is the id"),
    ],
)
def test_an_unknown_exercise_is_told_with_those_there_are(capsys, id, words):
    check(id, np.matmul)
    assert words in capsys.readouterr().out
    with pytest.raises(AssertionError, match=re.escape(words.removeprefix("Nothing checked: ").rstrip("."))):
        check_solution(id, np.matmul)


def test_a_solution_passes_or_fails_loudly(capsys):
    check_solution("00.1", lambda x: x[-1])
    assert capsys.readouterr().out == "Solution 00.1 passes its check.\n"
    with pytest.raises(
        AssertionError, match=r"00\.1 not yet: the result has the wrong shape\.\n  Hint: you took"
    ):
        check_solution("00.1", lambda x: x[:, -1])
    with pytest.raises(AssertionError, match="not attempted"):
        check_solution("00.1", ...)
    assert capsys.readouterr().out == ""


def test_exercises_load_fast_and_without_torch():
    code = "import sys; from lstm_lib.exercises.declare import lessons; lessons(); "
    code += "print({'torch', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout == "set()\n"
