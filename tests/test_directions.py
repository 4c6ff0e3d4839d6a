"""The taggers of lesson 07: they train, they are scored, and what is stored of them can be run again."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from benchmarks import directions as benchmark
from lstm_lib.datasets import source
from lstm_lib.datasets.segmentation import batch_of, load_segmentation
from lstm_lib.datasets.source import DataError
from lstm_lib.exercises.lesson_07 import gap_closed
from lstm_lib.experiments import directions
from lstm_lib.experiments.directions import (
    READERS,
    StoredRun,
    fresh_tagger,
    load_directions,
    run,
    save_directions,
    train,
)

needs_text = pytest.mark.skipif(
    source.problem(source.find("hamlet")) is not None, reason="not fetched: run lstm-lib data fetch"
)
LINES = [("ab", "cab"), ("cab", "ab", "ab"), ("ab", "ab", "cab", "cab")] * 3


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_all_readers_have_nearly_equally_many_parameters():
    sizes = [sum(p.numel() for p in fresh_tagger(name, 0).parameters()) for name in READERS]
    assert max(sizes) < 1.01 * min(sizes)


def test_a_fresh_tagger_leaves_the_global_generator_alone():
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    one, same, other = (fresh_tagger("both", seed).output.weight for seed in (0, 0, 1))
    assert torch.equal(torch.rand(1), expected)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_the_loss_is_the_mean_over_the_letters_that_are_asked_for():
    lines = batch_of(LINES[:2])
    value, y = directions.loss(fresh_tagger("both", 0), lines)
    p = 1 / (1 + np.exp(-y.detach().numpy().astype(float)))
    terms = [
        -np.log(p[t, b] if lines.target[t, b] else 1 - p[t, b])
        for b, n in enumerate(lines.lengths)
        for t in range(n - 1)
    ]
    assert value.item() == pytest.approx(np.mean(terms), rel=1e-5)


def test_a_language_of_two_words_is_learnt():
    model = train("both", LINES, seed=0, steps=60)
    assert not model.training
    assert directions.score(model, LINES) == (0, 1, 1)
    assert ((directions.probabilities(model, batch_of(LINES)) > 0.5)[:, 0][:4] == [0, 1, 0, 0]).all()


def test_runs_are_stored_and_read_back(tmp_path):
    runs = [
        StoredRun("both", 0, 5, 0.1, 0.2, 0.3, 0.4, "2", "2"),
        StoredRun("forward", 1, 6, 0, 1, 0.5, 0, "a", "b"),
    ]
    save_directions(runs, tmp_path / "runs.csv")
    assert load_directions(tmp_path / "runs.csv") == runs


def test_a_damaged_or_missing_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"missing: .*none\.csv.*benchmarks\.directions"):
        load_directions(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_text("reader,seed\nboth,x\n")
    with pytest.raises(DataError, match=r"bad\.csv cannot be read"):
        load_directions(tmp_path / "bad.csv")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reader": "up"}, r"run 2 .*runs\.csv: reader must be one of .* got 'up'.*benchmarks\.directions"),
        ({"error": 1.5}, r"run 2 .*: error must be from 0 to 1, got 1\.5"),
        ({"validation": -0.1}, r"validation must be from 0 to 1, got -0\.1"),
        ({"f1": float("nan")}, "f1 must be from 0 to 1, got nan"),
    ],
)
def test_a_stored_run_that_cannot_be_is_named(tmp_path, changed, words):
    good = StoredRun("both", 0, 5, 0.1, 0.2, 0.3, 0.4, "2", "2")
    save_directions([good, replace(good, **changed)], tmp_path / "runs.csv")
    with pytest.raises(DataError, match=words):
        load_directions(tmp_path / "runs.csv")


def test_every_reader_is_stored_with_five_seeds():
    stored = load_directions()
    expected = [(name, seed, benchmark.STEPS) for name in READERS for seed in benchmark.SEEDS]
    assert [(one.reader, one.seed, one.steps) for one in stored] == expected


@needs_text
@pytest.mark.parametrize(("reader", "seed"), [("both", 3), ("forward, 4 late", 1)])
def test_a_stored_run_can_be_run_again(reader, seed):
    stored = next(one for one in load_directions() if (one.reader, one.seed) == (reader, seed))
    again = run(reader, seed, stored.steps, load_segmentation())
    for name in ("validation", "error", "f1", "whole"):  # another processor rounds in another way
        assert getattr(again, name) == pytest.approx(
            getattr(stored, name), abs=0.05 if name == "whole" else 0.015
        )


def test_the_answer_of_exercise_3_is_what_is_stored():
    closed = {delay: gap_closed(delay) for delay in (0, *directions.DELAYS)}
    assert closed[0] == 0
    assert closed[2] < 0.85 < 0.9 < closed[3]
    assert closed[4] > 0.9
    assert closed[6] < 0.85
    assert closed[8] < 0.75


@needs_text
def test_the_command_runs_what_is_missing_and_prints_a_table(tmp_path, capsys):
    out = tmp_path / "runs.csv"
    words = ["--readers", "both", "forward", "--seeds", "0", "--steps", "2", "--out", str(out)]
    benchmark.main(words)
    first = load_directions(out)
    assert [one.reader for one in first] == ["forward", "both"]
    save_directions([replace(first[0], error=0.5), first[1]], out)
    capsys.readouterr()
    benchmark.main(words)  # nothing is missing now
    assert load_directions(out)[0].error == 0.5
    assert "forward                 1   50.0%" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: fresh_tagger("up", 0), ValueError, "reader must be one of .* got 'up'"),
        (lambda: fresh_tagger("both", 1.5), TypeError, r"seed must be a whole number.* got 1\.5"),
        (lambda: fresh_tagger("both", "0"), TypeError, "seed must be a whole number.* got '0'"),
        (lambda: train("both", [], 0, steps=1), ValueError, "lines must hold at least one line.* got none"),
        (lambda: train("both", LINES, 0, steps=0), ValueError, "steps must be at least 1, got 0"),
        (lambda: train("both", LINES, -1, steps=1), ValueError, "seed must be at least 0, got -1"),
        (lambda: train("both", LINES, 0.5, steps=1), TypeError, r"seed must be a whole number.* got 0\.5"),
    ],
)
def test_bad_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
