"""The file of stored runs of video analysis: all that was planned is there, meets the targets, and comes again."""

from dataclasses import replace

import pytest
import torch

from benchmarks import video as benchmark
from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.video_runs import STORED, VideoRun, chosen, load_video_runs, save_video_runs


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


RUN = VideoRun("twins", "LSTM", 0, 1000, 997, -1.0, 72632, 7.3, "2.13.0", "2.4.6")


def test_what_is_written_is_read(tmp_path):
    runs = [RUN, replace(RUN, seed=1, model="LSTM, shuffled")]
    save_video_runs(runs, tmp_path / "runs.csv")
    assert load_video_runs(tmp_path / "runs.csv") == runs
    assert RUN.score == 0.997
    with pytest.raises(DataError, match=r"`python -m benchmarks.video` makes"):
        load_video_runs(tmp_path / "no.csv")
    with pytest.raises(
        ValueError, match="runs must hold some of the model 'GRU' on the task 'twins', got none"
    ):
        chosen(runs, "twins", "GRU")


def test_all_that_is_planned_is_stored_and_meets_the_targets():
    runs = load_video_runs(STORED)
    assert all(benchmark.stands(runs, *job) for job in benchmark.plan())
    for task, model, least in (
        ("twins", "LSTM", 0.98),
        ("captions seen", "captioner", 0.85),
        ("captions unseen", "captioner", 0.60),
    ):
        found = chosen(runs, task, model)
        assert [run.seed for run in found] == [0, 1, 2]
        assert min(run.score for run in found) >= least
    for model in ("average", "single frame", "LSTM, shuffled", "LSTM, tested on shuffled"):
        assert max(run.score for run in chosen(runs, "twins", model)) < 0.6


def test_a_stored_row_comes_again():
    """Early fusion is the cheapest; on another processor some clips may be answered otherwise."""
    (row,) = benchmark.one("twins", "early fusion", 1)
    stored = chosen(load_video_runs(), "twins", "early fusion")[1]
    assert (row.clips, row.parameters) == (stored.clips, stored.parameters)
    assert abs(row.right - stored.right) <= 10
