"""Exercises that check themselves: an answer is tried on fresh inputs, and a wrong one draws a hint.

In a lesson
    check("02.1", my_function)          prints a verdict, records the progress, raises nothing
    check_solution("02.1", solution)    for the course's own solution: AssertionError if it is wrong
    progress()                          prints what is done and what is left, over all lessons
A stub is a function that raises NotImplementedError; where a value is asked for, it is `answer = ...`.

How to declare exercises
    Lesson NN has a module `lesson_NN.py` beside this file, with a list `EXERCISES`: NN.1, NN.2, and so on.
    Keep the module light: NumPy and `lstm_lib.scratch` at its top, torch only inside functions. Here is one:

    import numpy as np
    from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise

    def _draw(rng: np.random.Generator) -> Cases:
        return {  # a name, which messages use, and the arguments
            "a batch": (rng.normal(size=(4, 3)), rng.normal(size=(3, 2))),
            "one sequence": (rng.normal(size=(1, 3)), rng.normal(size=(3, 2))),
            "D equal to H": (rng.normal(size=(4, 3)), rng.normal(size=(3, 3))),
        }

    EXERCISES = [
        FunctionExercise(
            "01.1",
            "what the inputs add",  # the title, in the list of exercises
            "Write share(x, W_x): the inputs (B, D) times the weights (D, H).",  # the task, in one line
            reference=lambda x, W_x: x @ W_x,  # messages use the names of its arguments
            cases=_draw,
            mistakes=(
                Mistake(
                    "transposed",
                    lambda x, W_x: x @ W_x.T,
                    "the shapes are (B, D) and (D, H). Which two axes must meet?",
                    more="a second hint, shown when the same mistake comes twice running.",
                ),
                Mistake("sum", lambda x, W_x: (x @ W_x).sum(0), "keep a row for every sequence."),
                Mistake("mean", lambda x, W_x: x @ W_x / len(x), "nothing is to be averaged here."),
            ),
            hint="shown with the facts, when the answer is wrong in another way.",
        ),
        ValueExercise(
            "01.2",
            "fifty steps",
            "A gradient loses a tenth in each of 50 steps: how much of it is left?",
            right=0.9**50,
            tolerance=0.1,
            mistakes=(
                Mistake("one step", 0.9, "that is left after one step."),
                Mistake("added", 1 - 50 * 0.1, "what is left cannot be negative.", when=lambda v: v <= 0),
                Mistake("grown", 1.1**50, "it loses, it does not gain.", when=lambda v: v > 1),
            ),
        ),
    ]

    Function exercises. `cases` draws everything from the generator it is given. Take cases that tell
    mistakes apart: a transposed weight is seen by its shape when D and H differ, only by its values
    when they are equal; a size of 1 hides much. `returns=("dx", "dW_x")` names the parts of a tuple.
    `tolerance` is relative to the largest number of an array (1e-6; with float32 take 1e-4). `seconds`
    is the time for all cases together (10). `read=lambda v: …` brings a result that is written in
    another way, a list for an array, to the reference's type. Arguments and results may be numbers, text, arrays, torch
    tensors, and tuples, lists and dicts of them. A random generator may be an argument: every call gets
    a copy of it, so all draw the same.

    Value exercises. The first mistake that fits is taken: its `answer` or, with `when`, every value for
    which `when` is true (`answer` is then the example that the tests try). With `choices=("shrinks",
    "grows")` the answer is one of these texts. An open question has `accept=lambda v: …`, true for all
    right answers; `right` is then an example of one, and fixes the type. `read=lambda v: …` brings an
    answer that is written in another way, an array for a tuple, to that type. `passed` is read by those
    who are right: what the check cannot know. Several questions at once: a tuple or a dict.

The rules, which the tests check for every exercise (`validate.problems`)
    The right answer passes. A stub is "not attempted yet". There are three mistakes or more: wrong
    answers that people do give. Each is refused and draws its own hint, so no two may do the same, and
    each must return something on at least one case. A hint says where to look; it does not give the
    answer away.

How a wrong function is told apart
    On every case its values, or the type of its error, are compared with those of each mistake. If it
    does what one of them does, it gets that hint. Else the facts are shown: an error and its line, a
    changed argument, the type, the shape, a factor, a flipped sign, swapped axes, the largest
    difference, the cases that are right.
"""

from lstm_lib.exercises.checking import check, check_solution, progress

__all__ = ["check", "check_solution", "progress"]
