"""The file of stored runs of translation: all that was planned is there, and meets the targets."""

import pytest
import torch

from benchmarks import translation as benchmark
from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.translation_runs import STORED, chosen, load_translation_runs, save_translation_runs
from lstm_lib.experiments import translation


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_what_is_written_is_read(tmp_path):
    runs = load_translation_runs()[:3]
    save_translation_runs(runs, tmp_path / "runs.csv")
    assert load_translation_runs(tmp_path / "runs.csv") == runs
    with pytest.raises(DataError, match=r"`python -m benchmarks.translation` makes"):
        load_translation_runs(tmp_path / "no.csv")
    with pytest.raises(ValueError, match="runs must hold some of the model 'GRU' on 'test', got none"):
        chosen(runs, "test", "GRU")


def test_all_that_is_planned_is_stored_and_meets_the_targets():
    runs = load_translation_runs(STORED)
    assert all(benchmark.stands(runs, job) for job in benchmark.plan())
    for model in translation.RECIPES:
        assert [run.seed for run in chosen(runs, "test", model)] == [0, 1, 2]
    assert min(run.bleu for run in chosen(runs, "test", "bilinear")) >= 88
    for model in ("scaled", "additive"):
        assert min(run.bleu for run in chosen(runs, "test", model)) >= 88
        assert min(run.bleu for run in chosen(runs, "test, 20 and more", model)) >= 84
    assert max(run.bleu for run in chosen(runs, "test", "none")) < 25
    assert chosen(runs, "test", "checkpoint")[0].bleu >= 95
    for model in translation.RECIPES:  # each has the best of the rates that were tried
        tried = {run.rate: run.bleu for run in chosen(runs, "validation", model)}
        best = max(tried, key=tried.get)
        assert best == translation.RECIPES[model].rate
        assert min(tried) < best < max(tried)
        assert sorted(tried) == list(benchmark.TRIED[model])
        assert {run.rate for run in chosen(runs, "test", model)} == {best}


def test_the_rows_without_training_come_again():
    (row, *_) = benchmark.one("test", "word for word", 0.0, -1)
    assert row.bleu == chosen(load_translation_runs(), "test", "word for word")[0].bleu


def test_the_stored_translator_still_has_its_score():
    (row, *_) = benchmark.one("test", "checkpoint", 0.0, -1)
    stored = chosen(load_translation_runs(), "test", "checkpoint")[0]
    assert abs(row.bleu - stored.bleu) < 0.3
    assert row.bleu >= 95
