"""Cells with a meaning, kinds of characters, words that exist and passages that are copied."""

import numpy as np
import pytest
import torch

from lstm_lib.experiments.characters import fresh_model
from lstm_lib.experiments.text_analysis import (
    KINDS,
    best_cells,
    cells,
    correlations,
    features,
    kinds,
    longest_copy,
    loop_length,
    part_known,
    whole_words,
    words,
)

TEXT = "HAMLET\nAy, Tom's in.\nLORD B.\nNo"


def test_cells_are_those_of_the_model_step_by_step():
    model, ids = fresh_model(0, 7, 4, 5).eval(), np.array([3, 1, 6, 0, 2])
    found, state = cells(model, ids), None
    assert found.shape == (5, 5)
    for t, symbol in enumerate(ids):
        with torch.no_grad():
            _, state = model(torch.tensor([[symbol]]), state)
        np.testing.assert_allclose(found[t], state[0][1][0].numpy(), rtol=1e-4, atol=1e-6)
    with pytest.raises(ValueError, match="model must have one layer, got 2"):
        cells(fresh_model(0, 7, 4, 5, 2), ids)


def test_features_by_hand():
    f = features(TEXT)
    assert all(len(values) == len(TEXT) for values in f.values())
    assert f["name"].nonzero()[0].tolist() == [*range(6), *range(21, 28)]
    assert f["line"][:10].tolist() == [1, 2, 3, 4, 5, 6, 0, 1, 2, 3]
    assert f["word"][7:20].tolist() == [1, 2, 0, 0, 1, 2, 3, 4, 5, 0, 1, 2, 0]
    assert f["sentence"][19:22].tolist() == [0, 1, 2]
    assert f["capital"][[0, 7, 8]].tolist() == [1, 1, 0]
    assert f["after a name"].nonzero()[0].tolist() == [*range(7, 21), *range(29, 31)]


def test_correlations_are_those_of_numpy():
    rng = np.random.default_rng(0)
    values, feature = rng.normal(size=(50, 3)), rng.normal(size=50)
    expected = [np.corrcoef(values[:, k], feature)[0, 1] for k in range(3)]
    np.testing.assert_allclose(correlations(values, feature), expected)
    assert correlations(np.ones((4, 1)), np.arange(4)).tolist() == [0]
    with pytest.raises(ValueError, match=r"values must be \(N, H\) and feature \(N,\), got shapes"):
        correlations(values, feature[:-1])


def test_the_cell_with_the_largest_correlation_is_found_whatever_its_sign():
    feature = np.arange(20.0)
    values = np.stack([np.sin(feature), -feature, feature + 9 * np.cos(feature)], axis=1)
    found = best_cells(values, {"count": feature})["count"]
    assert found.unit == 1
    assert found.correlation == pytest.approx(-1)


def test_words_and_those_that_are_known():
    assert words("Ay, 'tis Tom's; o'er-proud!") == ["ay", "tis", "tom's", "o'er", "proud"]
    assert whole_words("mlet is here, ma") == ["is", "here"]
    assert part_known(["ay", "xx", "ay", "no"], {"ay", "no"}) == 0.75
    with pytest.raises(ValueError, match="at least one word"):
        part_known([], {"ay"})


def test_the_longest_copy_is_that_of_a_search_through_everything():
    rng = np.random.default_rng(3)
    for _ in range(20):
        text, source = ("".join(rng.choice(list("ab"), 30)) for _ in range(2))
        pieces = {text[i:j] for i in range(30) for j in range(i + 1, 31)}
        longest = max(len(piece) for piece in pieces if piece in source)
        found = longest_copy(text, source)
        assert len(found) == longest
        assert found in text
        assert found in source
    assert longest_copy("xyz", "abc") == ""


def test_a_loop_is_found_with_its_shortest_period():
    assert loop_length("well, so so so so ") == 3
    assert loop_length("abcdef") is None
    assert loop_length("xaaaa") == 1


def test_kinds_by_hand():
    names = [KINDS[k] for k in kinds(TEXT)]
    assert names[:7] == ["letter of a speaker's name"] * 6 + ["line break"]
    assert names[7:13] == [
        "first letter of a word", "second letter", "punctuation", "space", "first letter of a word", "second letter",
    ]  # fmt: skip
    assert names[13] == "later letter"
    assert names[19] == "punctuation"
    assert names[21:26] == ["letter of a speaker's name"] * 4 + ["space"]
