"""Checkpoints: what comes back, and what still stands when writing fails or files are damaged."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from lstm_lib.training import checkpoint
from lstm_lib.training.checkpoint import Damaged, generator_states, load, remove, save, set_generators

TENSORS = {"a": torch.arange(6.0).reshape(2, 3), "b": torch.tensor(3, dtype=torch.int64)}
FACTS = {"losses": [0.1, 1 / 3, 1e-300], "step": 7, "name": "é"}


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_what_is_written_comes_back(tmp_path):
    path = tmp_path / "new folder" / "run.v1"
    save(path, TENSORS, FACTS)
    tensors, facts = load(path)
    assert facts == FACTS
    assert tensors.keys() == TENSORS.keys()
    assert all(
        torch.equal(tensors[name], t) and tensors[name].dtype == t.dtype for name, t in TENSORS.items()
    )


def test_where_there_is_none_there_is_none(tmp_path):
    assert load(tmp_path / "run") is None
    assert load(tmp_path / "no folder" / "run") is None
    remove(tmp_path / "no folder" / "run")


def test_tensors_that_share_memory_or_are_transposed_can_be_saved(tmp_path):
    tied = torch.randn(3, 4)
    save(tmp_path / "run", {"in": tied, "out": tied, "turned": tied.T}, {})
    tensors, _ = load(tmp_path / "run")
    assert torch.equal(tensors["out"], tied)
    assert torch.equal(tensors["turned"], tied.T)


def test_a_new_checkpoint_takes_the_place_of_the_old_one_alone(tmp_path):
    save(tmp_path / "run", TENSORS, FACTS)
    save(tmp_path / "run.b", TENSORS, FACTS)
    beside = files(tmp_path)
    save(tmp_path / "run", {"a": torch.zeros(1)}, {})
    assert len(files(tmp_path)) == 4
    assert len(set(files(tmp_path)) - set(beside)) == 1
    assert load(tmp_path / "run")[1] == {}
    assert load(tmp_path / "run.b")[1] == FACTS
    remove(tmp_path / "run")
    assert load(tmp_path / "run.b")[1] == FACTS
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize("failing", [1, 2])
def test_a_write_that_fails_leaves_the_old_checkpoint(tmp_path, monkeypatch, failing):
    save(tmp_path / "run", TENSORS, FACTS)
    before, replace, calls = files(tmp_path), Path.replace, []

    def breaks(self, target):
        calls.append(target)
        if len(calls) == failing:
            raise OSError("no space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", breaks)
    with pytest.raises(OSError, match="no space"):
        save(tmp_path / "run", {"a": torch.zeros(1)}, {"step": 8})
    monkeypatch.undo()
    assert load(tmp_path / "run")[1] == FACTS
    assert not [name for name in files(tmp_path) if name.endswith(".part")]
    assert set(before) <= set(files(tmp_path))
    save(tmp_path / "run", TENSORS, {"step": 9})  # and what was left behind goes with the next
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize("facts", [{"x": {1, 2}}, {"x": float("nan")}])
def test_facts_that_json_cannot_hold_change_nothing(tmp_path, facts):
    save(tmp_path / "run", TENSORS, FACTS)
    with pytest.raises((TypeError, ValueError)):
        save(tmp_path / "run", TENSORS, facts)
    assert load(tmp_path / "run")[1] == FACTS


def damage(path, how):
    (tensors,) = path.parent.glob("*.safetensors")
    index = path.with_name("run.json")
    if how == "cut":
        tensors.write_bytes(tensors.read_bytes()[:-5])
    elif how == "changed":
        content = bytearray(tensors.read_bytes())
        content[-1] ^= 1
        tensors.write_bytes(content)
    elif how == "gone":
        tensors.unlink()
    elif how == "no json":
        index.write_text("{", encoding="utf-8")
    elif how == "other json":
        index.write_text("[1]", encoding="utf-8")
    elif how == "entry gone":
        index.write_text('{"tensors": "x"}', encoding="utf-8")
    elif how == "another place":
        entry = json.loads(index.read_text(encoding="utf-8"))
        entry["tensors"] = "../" + entry["tensors"]
        index.write_text(json.dumps(entry), encoding="utf-8")
    elif how == "no name":
        entry = json.loads(index.read_text(encoding="utf-8"))
        entry["tensors"] = ["x"]
        index.write_text(json.dumps(entry), encoding="utf-8")


@pytest.mark.parametrize(
    "how",
    ["cut", "changed", "gone", "no json", "other json", "entry gone", "another place", "no name"],
)
def test_damage_is_told_with_the_file_and_what_to_do(tmp_path, how):
    save(tmp_path / "run", TENSORS, FACTS)
    damage(tmp_path / "run", how)
    with pytest.raises(Damaged, match=r"run\..*to begin anew: lstm_lib.training.checkpoint.remove\("):
        load(tmp_path / "run")
    remove(tmp_path / "run")
    assert load(tmp_path / "run") is None


def test_nothing_is_unpickled(tmp_path, monkeypatch):
    save(tmp_path / "run", TENSORS, FACTS)

    def never(*_, **__):
        raise AssertionError("unpickled")

    monkeypatch.setattr(pickle, "load", never)
    monkeypatch.setattr(pickle, "loads", never)
    monkeypatch.setattr(torch, "load", never)
    assert load(tmp_path / "run") is not None
    assert "pickle" not in Path(checkpoint.__file__).read_text(encoding="utf-8")


@pytest.mark.parametrize("bits", [np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_generators_go_on_where_they_were(tmp_path, bits):
    generators = {"n": np.random.Generator(bits(3)), "t": torch.Generator().manual_seed(4)}
    generators["n"].normal(size=5)
    tensors, facts = generator_states(generators)
    save(tmp_path / "run", tensors, facts)

    def draws():
        return (
            generators["n"].normal(size=3).tolist(),
            torch.rand(3, generator=generators["t"]),
            torch.rand(3),
        )

    expected = draws()
    set_generators(generators, *load(tmp_path / "run"))
    for a, b in zip(draws(), expected, strict=True):
        assert np.array_equal(a, b)
