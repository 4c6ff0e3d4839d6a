"""The beam: against every sequence there is, greedy at a width of 1, and what the length does."""

from itertools import product

import pytest
import torch

from lstm_lib.decoding import beam_search, greedy
from lstm_lib.nn.seq2seq import Seq2Seq
from lstm_lib.nn.translation_transformer import TransformerTranslator

BEGIN, END, V, STEPS = 1, 2, 5, 4


@pytest.fixture(params=["LSTM", "Transformer"])
def model(request):
    torch.manual_seed(4)
    if request.param == "LSTM":
        return Seq2Seq(6, V, 6, 8, "bilinear").eval()
    return TransformerTranslator(6, V, 8, heads=2, hidden_size=12, layers=1).eval()


@pytest.fixture
def memory(model):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter *= 2.5  # so that the probabilities differ
        return model.encode(torch.tensor([[3], [5], [4]]))


def log_probability(model, memory, symbols):
    """The log probability of a sequence, step by step."""
    state, before, total = model.begin(memory), BEGIN, 0.0
    with torch.no_grad():
        for symbol in symbols:
            logits, _, state = model.decode(torch.tensor([[before]]), state, memory)
            total += float(torch.log_softmax(logits[0, 0].double(), dim=-1)[symbol])
            before = symbol
    return total


def every_sequence():
    """All sequences that end within STEPS, and those that have not ended by then."""
    others = [s for s in range(V) if s != END]
    for n in range(STEPS):
        yield from (((*begin, END)) for begin in product(others, repeat=n))
    yield from product(others, repeat=STEPS)


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
def test_a_wide_beam_finds_the_best_of_all(model, memory, power):
    best = max(every_sequence(), key=lambda s: log_probability(model, memory, s) / len(s) ** power)
    found = beam_search(model, memory, begin=BEGIN, end=END, width=400, max_steps=STEPS, length_power=power)
    assert found[0].symbols == best
    assert found[0].log_probability == pytest.approx(log_probability(model, memory, best), abs=1e-5)
    assert found[0].score == pytest.approx(found[0].log_probability / len(best) ** power)
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)


def test_a_beam_of_one_is_greedy(model, memory):
    written = greedy(model, memory, begin=BEGIN, end=END, max_steps=STEPS)
    (found,) = beam_search(model, memory, begin=BEGIN, end=END, width=1, max_steps=STEPS)
    assert list(found.symbols) == written.symbols[: int(written.lengths[0]), 0].tolist()


def test_a_wider_beam_never_finds_less(model, memory):
    narrow, wide = (
        beam_search(model, memory, begin=BEGIN, end=END, width=w, max_steps=STEPS, length_power=0.0)[0].score
        for w in (1, 400)
    )
    assert wide >= narrow - 1e-9


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"width": 0}, ValueError, "width must be a positive int, got 0"),
        ({"width": 2.0}, TypeError, "width must be a positive int, got 2.0"),
        ({"max_steps": 0}, ValueError, "max_steps must be a positive int, got 0"),
        ({"length_power": -1.0}, ValueError, "length_power must be 0 or more, got -1.0"),
        ({"length_power": float("nan")}, ValueError, "length_power must be 0 or more, got nan"),
    ],
)
def test_bad_settings(model, memory, settings, error, words):
    with pytest.raises(error, match=words):
        beam_search(model, memory, **{"begin": BEGIN, "end": END, "width": 2, "max_steps": 3} | settings)


def test_two_sources_at_once_are_refused(model):
    two = model.encode(torch.tensor([[3, 4], [5, 5]]))
    with pytest.raises(ValueError, match="memory must be of one source, got 2"):
        beam_search(model, two, begin=BEGIN, end=END, width=2, max_steps=3)
