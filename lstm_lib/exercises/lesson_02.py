"""The exercises of lesson 02: one step back, the way back, bits per character, an experiment with the state."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise

Array = NDArray[Any]


def _one_step(rng: np.random.Generator) -> Cases:
    def sizes(B: int, K: int, H: int) -> tuple[Array, ...]:
        delta, da_next, h = rng.normal(size=(B, K)), rng.normal(size=(B, H)), rng.uniform(-1, 1, (B, H))
        return delta, da_next, h, rng.normal(size=(H, K)), rng.normal(size=(H, H))

    delta, da_next, *rest = sizes(2, 3, 5)
    return {
        "a batch": sizes(3, 2, 4),
        "B, K, H all 3": sizes(3, 3, 3),
        "the last step, without a future": (delta, np.zeros_like(da_next), *rest),
    }


def _sequences(rng: np.random.Generator) -> Cases:
    def sizes(T: int, B: int, H: int) -> tuple[Array, ...]:
        return rng.normal(size=(T, B, H)), rng.uniform(-1, 1, (T, B, H)), rng.normal(size=(H, H))

    return {"a batch": sizes(5, 2, 4), "T, B, H all 3": sizes(3, 3, 3), "one step": sizes(1, 2, 3)}


def _pieces(rng: np.random.Generator) -> Cases:
    def sizes(lengths: Array) -> tuple[Array, Array]:
        return rng.uniform(1, 4, len(lengths)), lengths

    return {
        "pieces of many lengths": sizes(rng.permutation(np.array([10, 200, 35, 1000]))),
        "pieces of one length": sizes(np.full(3, 64)),
        "a single piece": sizes(rng.integers(50, 100, 1)),
    }


def one_step_back(delta: Array, da_next: Array, h: Array, W_y: Array, W_h: Array) -> Array:
    """Return da_t (B, H): what the output and the future ask, through the slope of the tanh."""
    da: Array = (delta @ W_y.T + da_next @ W_h.T) * (1 - h**2)
    return da


def _before(h: Array) -> Array:
    return np.concatenate([np.zeros_like(h[:1]), h[:-1]])


def _all_da(dh: Array, h: Array, back: Array) -> Array:
    """Return da of all steps (T, B, H), where `back` is what carries da from a step to the one before."""
    da, from_future = np.zeros_like(h), np.zeros_like(h[0])
    for t in reversed(range(len(h))):
        da[t] = (dh[t] + from_future) * (1 - h[t] ** 2)
        from_future = da[t] @ back
    return da


def _products(left: Array, right: Array) -> Array:
    """Return the sum of left[t].T @ right[t] over all steps."""
    total: Array = np.einsum("tbi,tbj->ij", left, right)
    return total


def weight_gradient(dh: Array, h: Array, W_h: Array) -> Array:
    """Return dW_h (H, H), the sum over all steps of h_{t-1}^T da_t."""
    return _products(_before(h), _all_da(dh, h, W_h.T))


def _no_slope(dh: Array, h: Array, W_h: Array) -> Array:
    da, from_future = np.zeros_like(h), np.zeros_like(h[0])
    for t in reversed(range(len(h))):
        da[t] = dh[t] + from_future
        from_future = da[t] @ W_h.T
    return _products(_before(h), da)


def _slope_for_weights_only(dh: Array, h: Array, W_h: Array) -> Array:
    da, from_future = np.zeros_like(h), np.zeros_like(h[0])
    for t in reversed(range(len(h))):
        asked = dh[t] + from_future
        da[t] = asked * (1 - h[t] ** 2)
        from_future = asked @ W_h.T
    return _products(_before(h), da)


def _future_piles_up(dh: Array, h: Array, W_h: Array) -> Array:
    da, from_future = np.zeros_like(h), np.zeros_like(h[0])
    for t in reversed(range(len(h))):
        da[t] = (dh[t] + from_future) * (1 - h[t] ** 2)
        from_future = from_future + da[t] @ W_h.T
    return _products(_before(h), da)


def _first_to_last(dh: Array, h: Array, W_h: Array) -> Array:
    backwards = _all_da(dh[::-1], h[::-1], W_h.T)
    return _products(_before(h), backwards[::-1])


def _last_step_only(dh: Array, h: Array, W_h: Array) -> Array:
    da = _all_da(dh, h, W_h.T)
    return _products(_before(h)[-1:], da[-1:])


def _without_the_last_step(dh: Array, h: Array, W_h: Array) -> Array:
    da = _all_da(dh[:-1], h[:-1], W_h.T) if len(h) > 1 else np.zeros_like(h[:0])
    return _products(_before(h)[:-1], da)


def _replaced(dh: Array, h: Array, W_h: Array) -> Array:
    """What is left of a sum that every step writes over, with a loop or a condition that spares t = 0."""
    da = _all_da(dh, h, W_h.T)
    return _products(h[:1], da[1:2]) if len(h) > 1 else np.zeros_like(W_h)


def bits_per_character(nats: Array, lengths: Array) -> float:
    """Return the mean over all characters of all pieces, in bits."""
    return float((nats * lengths).sum() / lengths.sum() / np.log(2))


EXERCISES = [
    FunctionExercise(
        "02.1",
        "one step back",
        "Write one_step_back(delta, da_next, h, W_y, W_h): the gradient da_t (B, H) at the sum inside the tanh.",
        reference=one_step_back,
        cases=_one_step,
        mistakes=(
            Mistake(
                "W_h not transposed",
                lambda delta, da_next, h, W_y, W_h: (delta @ W_y.T + da_next @ W_h) * (1 - h**2),
                "the shapes fit, but W_h leads forward. Which matrix leads back?",
                more="forward, unit i reaches unit j through W_h[i, j]. Back, what j asks must reach i.",
            ),
            Mistake(
                "W_y not transposed",
                lambda delta, da_next, h, W_y, W_h: (delta @ W_y + da_next @ W_h.T) * (1 - h**2),
                "W_y has shape (H, K) and led from H numbers to K. Here you go back, from K numbers to H.",
            ),
            Mistake(
                "no slope",
                lambda delta, da_next, h, W_y, W_h: delta @ W_y.T + da_next @ W_h.T,
                "this is the gradient at h_t. One more line of the table leads to the sum inside the tanh.",
            ),
            Mistake(
                "slope 1 - h",
                lambda delta, da_next, h, W_y, W_h: (delta @ W_y.T + da_next @ W_h.T) * (1 - h),
                "nearly: look again at the derivative of tanh, written with h = tanh(a).",
            ),
            Mistake(
                "slope of the sigmoid",
                lambda delta, da_next, h, W_y, W_h: (delta @ W_y.T + da_next @ W_h.T) * h * (1 - h),
                "h (1 - h) is the slope of the sigmoid. The activation here is tanh.",
            ),
            Mistake(
                "tanh twice",
                lambda delta, da_next, h, W_y, W_h: (delta @ W_y.T + da_next @ W_h.T) * (1 - np.tanh(h) ** 2),
                "h has been through the tanh already. Its slope can be computed from h as it is.",
            ),
            Mistake(
                "slope on da_next as well",
                lambda delta, da_next, h, W_y, W_h: (
                    (delta @ W_y.T + da_next * (1 - h**2) @ W_h.T) * (1 - h**2)
                ),
                "da_next has been through its own tanh, at the step after. Only the tanh of this step is left.",
            ),
            Mistake(
                "slope on the future only",
                lambda delta, da_next, h, W_y, W_h: delta @ W_y.T + da_next @ W_h.T * (1 - h**2),
                "the slope meets only what the future asks: `*` binds closer than `+`.",
            ),
            Mistake(
                "slope on the output part only",
                lambda delta, da_next, h, W_y, W_h: delta @ W_y.T * (1 - h**2) + da_next @ W_h.T,
                "the slope meets only what the output asks. Does what the future asks not pass the same tanh?",
            ),
            Mistake(
                "W_h left out",
                lambda delta, da_next, h, W_y, W_h: (delta @ W_y.T + da_next) * (1 - h**2),
                "you add da_next as it is. Which weights lie on the arrow from h_t to the step after?",
            ),
            Mistake(
                "no future",
                lambda delta, da_next, h, W_y, W_h: delta @ W_y.T * (1 - h**2),
                "right at the last step only. At the others a second red arrow comes to h_t: from where?",
            ),
            Mistake(
                "mean over the batch",
                lambda delta, da_next, h, W_y, W_h: (delta @ W_y.T + da_next @ W_h.T) * (1 - h**2) / len(h),
                "nothing is averaged here: a mean over the batch, if there is one, is already in delta.",
            ),
        ),
        hint="two requests arrive at h_t; add them, then go through the tanh.",
    ),
    FunctionExercise(
        "02.2",
        "the gradient of the recurrent weights",
        "Write weight_gradient(dh, h, W_h): the gradient dW_h (H, H) of a whole batch of sequences.",
        reference=weight_gradient,
        cases=_sequences,
        mistakes=(
            Mistake(
                "not carried",
                lambda dh, h, W_h: _products(_before(h), dh * (1 - h**2)),
                "each step listens to its own output alone. What does the step after it ask of h_t?",
            ),
            Mistake(
                "only the last step",
                _last_step_only,
                "this is what the last step contributes. The same W_h was used at the other steps, too.",
            ),
            Mistake(
                "without the last step",
                _without_the_last_step,
                "the last step is left out. Which indices does your loop run over?",
            ),
            Mistake(
                "overwritten",
                lambda dh, h, W_h: np.zeros_like(W_h),
                "all zeros. At the first step h_0 is zero: is the sum begun anew, or overwritten, inside the loop?",
            ),
            Mistake(
                "= for +=",
                _replaced,
                "is each step's product added, or does it replace the sum?",
            ),
            Mistake(
                "= for +=, and h[-1] for h_0",
                lambda dh, h, W_h: h[-1].T @ _all_da(dh, h, W_h.T)[0],
                "is each step's product added, or does it replace the sum? And h[t - 1] at t = 0 is not h_0.",
            ),
            Mistake(
                "first to last",
                _first_to_last,
                "your loop runs from the first step to the last. Which step can be settled without any other?",
            ),
            Mistake(
                "the state after",
                lambda dh, h, W_h: _products(h, _all_da(dh, h, W_h.T)),
                "one step off: which state was multiplied by W_h to make h_t?",
            ),
            Mistake(
                "h[-1] for h_0",
                lambda dh, h, W_h: _products(np.roll(h, 1, axis=0), _all_da(dh, h, W_h.T)),
                "h[t - 1] at t = 0 is h[-1], the last state. What was the state before the first step?",
            ),
            Mistake(
                "mean over time",
                lambda dh, h, W_h: weight_gradient(dh, h, W_h) / len(h),
                "you divide by the number of steps. Is the gradient of a shared weight a mean or a sum?",
            ),
            Mistake(
                "mean over the batch",
                lambda dh, h, W_h: weight_gradient(dh, h, W_h) / h.shape[1],
                "you divide by the number of sequences. If the loss is a mean, dh knows it already.",
            ),
            Mistake(
                "W_h not transposed",
                lambda dh, h, W_h: _products(_before(h), _all_da(dh, h, W_h)),
                "on the way from a step to the one before, look at the matrix: does it lead forward or back?",
            ),
            Mistake(
                "no slope",
                _no_slope,
                "the gradient has to pass the tanh at every step before it reaches W_h.",
            ),
            Mistake(
                "slope not handed on",
                _slope_for_weights_only,
                "da_t is right at the last step. But what goes on to the step before: dh_t or da_t?",
            ),
            Mistake(
                "the future piles up",
                _future_piles_up,
                "what the future asks is handed from step to step. You add it up, so that old requests come again.",
            ),
            Mistake(
                "result transposed",
                lambda dh, h, W_h: weight_gradient(dh, h, W_h).T,
                "the result is transposed. Row i of W_h belongs to unit i of the state that came in.",
            ),
        ),
        hint="go from the last step to the first, and keep two things: the sum so far, and what the future asks.",
    ),
    FunctionExercise(
        "02.3",
        "bits per character",
        "Write bits_per_character(nats, lengths): the bits per character of a text that was read in pieces.",
        reference=bits_per_character,
        cases=_pieces,
        tolerance=1e-3,  # 0.693 for ln 2 is good enough
        mistakes=(
            Mistake(
                "still in nats",
                lambda nats, lengths: (nats * lengths).sum() / lengths.sum(),
                "the mean is right, but in nats. How many bits is one nat?",
            ),
            Mistake(
                "the wrong way",
                lambda nats, lengths: (nats * lengths).sum() / lengths.sum() * np.log(2),
                "a nat is more than a bit, so the number of bits must be larger than that of nats.",
            ),
            Mistake(
                "mean of means",
                lambda nats, lengths: nats.mean() / np.log(2),
                "right when all pieces have one length. Should a piece of 10 characters count as much as one of 1,000?",
            ),
            Mistake(
                "total",
                lambda nats, lengths: (nats * lengths).sum() / np.log(2),
                "these are the bits of the whole text. Per character?",
            ),
            Mistake(
                "nats as totals",
                lambda nats, lengths: nats.sum() / lengths.sum() / np.log(2),
                "nats[i] is a mean over its piece, it has been divided by the length already.",
            ),
            Mistake(
                "perplexity",
                lambda nats, lengths: np.exp((nats * lengths).sum() / lengths.sum()),
                "this is the perplexity: between how many characters the model is in doubt. Bits are its logarithm.",
            ),
            Mistake(
                "logarithm to base 10",
                lambda nats, lengths: (nats * lengths).sum() / lengths.sum() / np.log(10),
                "these are decimal digits, not bits: a bit is a choice between two. Which base belongs to that?",
            ),
            Mistake(
                "logarithm of nats",
                lambda nats, lengths: np.log2((nats * lengths).sum() / lengths.sum()),
                "nats are a logarithm already. Changing their base is a division, not another logarithm.",
            ),
        ),
        hint="first the mean in nats over all characters, long pieces counting more; then from nats to bits.",
    ),
    ValueExercise(
        "02.4",
        "what carrying the state gains with chunks of 16",
        "How many bits per character does carrying the state gain in the experiment, with chunks of 16?",
        right=0.1,
        accept=lambda gain: 0.05 < gain < 0.2,
        mistakes=(
            Mistake(
                "the wrong way round",
                -0.1,
                "a gain is positive. Have both runs chunks of 16? If so: which of the two do you subtract from which?",
                when=lambda gain: gain < 0,
            ),
            Mistake(
                "chunks of 4",
                0.3,
                "that is about what it gains with chunks of 4. Have you changed the chunk length in both runs?",
                when=lambda gain: 0.2 <= gain < 0.6,
            ),
            Mistake(
                "bits, not a gain",
                2.8,
                "that is what one of the models needs. The gain is the difference of two.",
                when=lambda gain: gain > 1.5,
            ),
            Mistake(
                "the same run twice",
                0.0,
                "next to nothing: were the two runs different? One of them needs carry=False, and both chunk=16.",
                when=lambda gain: 0 <= gain <= 0.05,
            ),
        ),
        hint="two runs that differ in `carry` alone, both with chunks of 16; the gain is what lies between them.",
    ),
]
