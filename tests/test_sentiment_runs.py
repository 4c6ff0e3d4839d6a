"""The file of stored runs of sentiment analysis."""

from dataclasses import replace

import pytest

from lstm_lib.datasets.sentiment_runs import SentimentRun, chosen, load_sentiment, save_sentiment
from lstm_lib.datasets.source import DataError

RUN = SentimentRun("film", "BiLSTM", 0, 2521, 1950, 0.77, 0.78, 0.53, 8.2, "2.13.0", "2.4.6", "1.9.1")


def test_what_is_written_is_read(tmp_path):
    runs = [RUN, replace(RUN, seed=1, model="LSTM, forget bias 1", p=-1.0)]
    save_sentiment(runs, tmp_path / "runs.csv")
    assert load_sentiment(tmp_path / "runs.csv") == runs
    assert [path.name for path in tmp_path.iterdir()] == ["runs.csv"]
    assert RUN.score == 1950 / 2521


def test_a_file_that_is_missing_is_named_with_what_makes_it(tmp_path):
    with pytest.raises(DataError, match=r"are missing: .*no.csv. `python -m benchmarks.sentiment` makes"):
        load_sentiment(tmp_path / "no.csv")


def test_runs_come_in_the_order_of_their_seeds():
    runs = [replace(RUN, seed=seed) for seed in (2, 0, 1)] + [replace(RUN, task="random")]
    assert [run.seed for run in chosen(runs, "film", "BiLSTM")] == [0, 1, 2]
    with pytest.raises(
        ValueError, match="runs must hold some of the model 'LSTM' on the task 'film', got none"
    ):
        chosen(runs, "film", "LSTM")
