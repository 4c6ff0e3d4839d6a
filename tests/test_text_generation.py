"""Recipes for character models: builds of three kinds, dropout of embeddings, the stored model."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from lstm_lib.datasets.source import DataError
from lstm_lib.experiments import hamlet_lstm
from lstm_lib.experiments.characters import bits_per_character
from lstm_lib.experiments.text_generation import (
    RATES,
    RECIPE,
    UPDATES_IN_TIME,
    Recipe,
    Stopwatch,
    brief,
    build,
    hamlet_parts,
    learn,
)
from lstm_lib.nn.recurrent import parameters_of

IDS = np.tile([0, 1, 2, 1], 300)
SMALL = Recipe(hidden_size=8, embedding_size=4, dropout=0.2, updates=60, rate=0.05)


def test_three_kinds_have_as_many_parameters_to_one_per_cent():
    sizes = {kind: parameters_of(build(66, RECIPE, 0, kind)) for kind in RATES}
    assert set(sizes) == set(UPDATES_IN_TIME) == {"LSTM", "GRU", "RNN"}
    assert all(abs(size / sizes["LSTM"] - 1) < 0.01 for size in sizes.values())


@pytest.mark.parametrize("kind", RATES)
def test_each_kind_learns_goes_on_from_its_state_and_comes_from_its_seed(kind):
    before = torch.get_rng_state()
    model, history = learn(IDS, 3, SMALL, 1, kind=kind)
    again, _ = learn(IDS, 3, SMALL, 1, kind=kind)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(model.output.weight, again.output.weight)
    assert history.steps == 60
    assert bits_per_character(model, IDS) < 0.75 < bits_per_character(build(3, SMALL, 1, kind), IDS)
    x = torch.from_numpy(IDS[:20, None])
    whole, _ = model(x)
    first, state = model(x[:9])
    rest, _ = model(x[9:], state)
    torch.testing.assert_close(torch.cat([first, rest]), whole)


def test_embeddings_are_dropped_in_training_alone():
    recipe = replace(SMALL, embedding_dropout=0.5, dropout=0.0, updates=2)
    model, _ = learn(IDS, 3, recipe, 0)
    plain, _ = learn(IDS, 3, replace(recipe, embedding_dropout=0.0), 0)
    assert not torch.equal(model.table.weight, plain.table.weight)
    x = torch.from_numpy(IDS[:12, None])
    model.train()
    torch.testing.assert_close(model(x)[0], model(x)[0])  # nothing is left of it in the model


def test_a_stopwatch_notes_a_time_for_each_validation():
    watch = Stopwatch(IDS, 1000)
    _, history = learn(IDS[:1000], 3, SMALL, 0, validate=watch, every=20)
    assert len(watch.seconds) == len(history.validation) == 3
    assert watch.seconds == sorted(watch.seconds)
    assert 0 < watch.seconds[-1] <= history.seconds + 0.2


def test_the_parts_of_the_play_follow_each_other():
    p = hamlet_parts()
    assert len(p.all) == 175_176
    assert len(p.known) == 157_658
    assert np.array_equal(p.all[: len(p.train)], p.train)
    assert np.array_equal(p.all[len(p.known) :], p.test)
    assert len(p.known_text) == len(p.known)


def test_what_cannot_be_meant_is_named():
    with pytest.raises(ValueError, match=r"kind must be one of \['LSTM', 'RNN', 'GRU'\], got 'lstm'"):
        build(3, SMALL, 0, "lstm")
    with pytest.raises(TypeError, match="recipe must be a Recipe, such as RECIPE, got 'short'"):
        build(3, "short", 0)
    with pytest.raises(ValueError, match="ids must be from 0 to symbols - 1 = 3, got 0 to 4"):
        learn(np.arange(900) % 5, 4, SMALL, 0)
    assert brief(RECIPE, 7).updates == 7


def test_a_stored_model_comes_back_as_it_was(tmp_path, monkeypatch):
    parts = hamlet_parts()
    few = parts._replace(known=parts.known[:3000])
    monkeypatch.setattr(hamlet_lstm, "hamlet_parts", lambda: few)
    path = tmp_path / "model.safetensors"
    made = hamlet_lstm.make(path, replace(SMALL, updates=3))
    model, vocabulary = hamlet_lstm.load(path)
    assert not model.training
    assert len(vocabulary) == 66
    for name, tensor in made.state_dict().items():
        assert torch.equal(model.state_dict()[name], tensor)
    facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert facts["recipe"]["updates"] == 3
    assert facts["seed"] == 0
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DataError, match=r"cannot be read: .*text_generation --checkpoint` makes it anew"):
        hamlet_lstm.load(path)
    path.with_suffix(".json").unlink()
    with pytest.raises(DataError, match=r"the stored model is missing: .*model\.json"):
        hamlet_lstm.load(path)


def test_the_stored_model_is_the_one_of_the_recipe_and_small():
    model, vocabulary = hamlet_lstm.load()
    facts = json.loads(hamlet_lstm.STORED.with_suffix(".json").read_text(encoding="utf-8"))
    assert Recipe(**facts["recipe"]) == hamlet_lstm.LONG
    assert facts["seed"] == hamlet_lstm.SEED
    assert hamlet_lstm.STORED.stat().st_size < 5_000_000
    assert model.output.in_features == hamlet_lstm.LONG.hidden_size
    assert vocabulary.characters == facts["characters"]
