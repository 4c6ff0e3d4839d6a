"""The language model: its parts by hand, its state, dropout, tying, and its neighbours in PyTorch."""

import numpy as np
import pytest
import torch
from torch import nn

from lstm_lib.nn.language_model import LanguageModel
from lstm_lib.nn.recurrent import parameters_of

V, E, H = 11, 4, 6


def symbols(T=5, B=3, seed=0):
    return torch.randint(V, (T, B), generator=torch.Generator().manual_seed(seed))


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def test_it_is_a_table_a_torch_stack_and_a_linear_map_outputs_and_gradients():
    model = LanguageModel(V, E, H, layers=3).double()
    judge = nn.LSTM(E, H, num_layers=3, dtype=torch.float64)
    for k, layer in enumerate(model.stack.layers):
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            with torch.no_grad():
                getattr(judge, f"{name}_l{k}").copy_(getattr(layer, f"{name}_l0"))
    table, x = model.table.weight.detach().clone().requires_grad_(), symbols()
    h, (h_T, c_T) = judge(table[x])
    expected = h @ model.output.weight.detach().T + model.output.bias.detach()
    logits, state = model(x)
    assert logits.shape == (5, 3, V)
    torch.testing.assert_close(logits, expected, rtol=0, atol=1e-12)
    for k, (h_k, c_k) in enumerate(state):
        torch.testing.assert_close(h_k, h_T[k], rtol=0, atol=1e-12)
        torch.testing.assert_close(c_k, c_T[k], rtol=0, atol=1e-12)
    weigh = torch.linspace(-1, 1, logits.numel(), dtype=torch.float64).view_as(logits)
    (logits * weigh).sum().backward()
    (expected * weigh).sum().backward()
    torch.testing.assert_close(model.table.weight.grad, table.grad, rtol=0, atol=1e-12)
    for k, layer in enumerate(model.stack.layers):
        ours, theirs = layer.weight_hh_l0.grad, getattr(judge, f"weight_hh_l{k}").grad
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)
    torch.testing.assert_close(
        model.output.weight.grad, torch.einsum("tbv,tbh->vh", weigh, h.detach()), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("options", [{}, {"residual": True}, {"tied": True}])
def test_a_text_in_two_pieces_with_the_state_carried_is_the_text_in_one(options):
    model = LanguageModel(V, H, H, layers=2, **options)
    x = symbols(T=9)
    whole, last = model(x)
    first, state = model(x[:4])
    second, after = model(x[4:], state)
    torch.testing.assert_close(torch.cat([first, second]), whole)
    for (h, c), (h_whole, c_whole) in zip(after, last, strict=True):
        torch.testing.assert_close(h, h_whole)
        torch.testing.assert_close(c, c_whole)


def test_it_sees_no_symbol_that_comes_later():
    model, x = LanguageModel(V, E, H, layers=2).double(), symbols()
    changed = x.clone()
    changed[3] = (changed[3] + 1) % V
    before, after = model(x)[0], model(changed)[0]
    assert torch.equal(before[:3], after[:3])
    assert not torch.allclose(before[3:], after[3:])


def test_a_residual_model_adds_from_the_second_layer_on_where_the_first_changes_the_size():
    model, x = LanguageModel(V, E, H, layers=2, residual=True), symbols()
    lowest, highest = model.stack.layers
    h, _ = lowest(model.table(x))
    expected = model.output(highest(h)[0] + h)
    torch.testing.assert_close(model(x)[0], expected)


def test_every_forget_gate_begins_with_bias_one():
    for layer in LanguageModel(V, E, H, layers=3).stack.layers:
        bias = (layer.bias_ih_l0 + layer.bias_hh_l0).detach()
        assert torch.equal(bias[H : 2 * H], torch.ones(H))
        assert bias[:H].abs().max() < 2 / np.sqrt(H)


@pytest.mark.parametrize("layers", [1, 2, 4])
def test_the_parameters_are_those_of_the_formula(layers):
    stack = 4 * H * (E + H + 2) + (layers - 1) * 4 * H * (2 * H + 2)
    assert parameters_of(LanguageModel(V, E, H, layers)) == V * E + stack + (H + 1) * V


def test_a_tied_model_has_one_table_for_both_ends_and_both_teach_it():
    model = LanguageModel(V, H, H, tied=True)
    assert model.output.weight is model.table.weight
    assert parameters_of(model) == V * H + 4 * H * (2 * H + 2) + V
    x = torch.zeros(2, 1, dtype=torch.long)
    model(x)[0].sum().backward()
    assert (model.table.weight.grad.abs().sum(dim=1) > 0).all()  # rows that were only written, too
    wide = LanguageModel(500, 64, 64, tied=True)
    assert abs(wide.table.weight.norm(dim=1).mean().item() - 1) < 0.05


def test_dropout_acts_between_layers_and_before_the_output_and_in_training_alone():
    model, x = LanguageModel(V, E, 400, layers=1, dropout=0.25), symbols(T=20)
    seen = []
    model.output.register_forward_hook(lambda module, inputs, output: seen.append(inputs[0].detach()))
    model(x)
    h = model.stack.layers[0](model.table(x))[0].detach()
    kept = seen[0] != 0
    assert abs(kept.float().mean().item() - 0.75) < 0.02
    torch.testing.assert_close(seen[0][kept], (h / 0.75)[kept])
    model.eval()
    assert torch.equal(model(x)[0], model(x)[0])
    torch.testing.assert_close(seen[-1], h)

    two = LanguageModel(V, E, 400, layers=2, dropout=0.25)
    between = []
    two.stack.layers[1].register_forward_hook(
        lambda module, inputs, output: between.append(inputs[0].detach())
    )
    two(x)
    assert abs((between[0] != 0).float().mean().item() - 0.75) < 0.02


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        ((0, E, H), {}, ValueError, "symbols must be a positive int, got 0"),
        ((V, -3, H), {}, ValueError, "embedding_size must be a positive int, got -3"),
        ((V, E, 2.5), {}, TypeError, r"hidden_size must be a positive int, got 2\.5"),
        ((V, E, H, True), {}, TypeError, "layers must be a positive int, got True"),
        ((V, E, H), {"dropout": 1.0}, ValueError, r"dropout must be from 0 to below 1, got 1\.0"),
        ((V, E, H), {"dropout": -0.1}, ValueError, r"dropout must be from 0 to below 1, got -0\.1"),
        ((V, E, H), {"tied": True}, ValueError, "needs embedding_size equal to hidden_size, got 4 and 6"),
    ],
)
def test_bad_sizes_are_named(arguments, options, error, words):
    with pytest.raises(error, match=words):
        LanguageModel(*arguments, **options)


def test_symbols_of_another_shape_are_named():
    with pytest.raises(ValueError, match=r"x must be \(T, B\) symbols, got shape \(5,\)"):
        LanguageModel(V, E, H)(symbols()[:, 0])
