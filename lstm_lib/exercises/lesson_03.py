"""The exercises of lesson 03: a Jacobian, a spectral radius, how long a gradient lasts, clipping, a radius to find."""

import math
from collections.abc import Mapping

import numpy as np

from lstm_lib.exercises.declare import Cases, FunctionExercise, Mistake, ValueExercise
from lstm_lib.scratch import RNN
from lstm_lib.scratch.jacobians import gradient_norms, jacobian, orthogonal, spectral_radius

Array = np.ndarray
Grads = Mapping[str, Array]


# 03.1


def _states(rng: np.random.Generator) -> Cases:
    return {
        "four units": (np.tanh(rng.normal(size=4)), rng.normal(size=(4, 4))),
        "two units": (np.tanh(rng.normal(size=2)), rng.normal(size=(2, 2))),
        "three units close to their limits": (np.tanh(3 + rng.normal(size=3)), rng.normal(size=(3, 3))),
    }


# 03.2


def _matrices(rng: np.random.Generator) -> Cases:
    angle, axes = rng.uniform(0.6, 1.2), rng.normal(size=(3, 3))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    below_zero = axes @ np.diag([-2.0, 1.0, 0.3]) @ np.linalg.inv(axes)
    return {
        "a random matrix": (rng.normal(size=(5, 5)), rng.uniform(0.5, 1.5)),
        "a turn, made longer": (rng.uniform(1.5, 3) * turn, 0.9),
        # NumPy gives the eigenvalues of a triangular matrix in the order of its diagonal.
        "a matrix whose largest eigenvalue comes last": (
            np.triu(rng.normal(size=(3, 3)), 1) + np.diag([0.3, -0.7, 1.6]),
            rng.uniform(0.5, 1.5),
        ),
        "a matrix whose largest eigenvalue is -2": (below_zero, rng.uniform(0.5, 1.5)),
    }


def _rescaled(W: Array, radius: float) -> Array:
    return W * radius / spectral_radius(W)


# 03.4


def _gradients(rng: np.random.Generator) -> Cases:
    def grads(size: float, bias: float = 1.0) -> dict[str, Array]:
        drawn = {"W_h": rng.normal(size=(3, 3)), "b": bias * rng.normal(size=3)}
        return {name: size * g / _norm(drawn) for name, g in drawn.items()}

    each = {"W_x": rng.normal(size=(2, 3)), "W_h": rng.normal(size=(3, 3))}
    each = {name: 0.8 * g / np.linalg.norm(g) for name, g in each.items()}
    return {
        "a norm of 50, to be 1": (grads(50.0), 1.0),
        "a norm of 20, to be 5": (grads(20.0, bias=4.0), 5.0),
        "a norm of 0.2, which is short enough": (grads(0.2), 1.0),
        "two arrays of norm 0.8 each": (each, 1.0),
    }


def _norm(grads: Grads) -> float:
    return float(np.sqrt(sum((g**2).sum() for g in grads.values())))


def _scaled(grads: Grads, factor: float) -> dict[str, Array]:
    return {name: g * factor for name, g in grads.items()}


def _clipped(grads: Grads, max_norm: float) -> dict[str, Array]:
    return _scaled(grads, min(1.0, max_norm / _norm(grads)))


def _norms(grads: Grads) -> list[float]:
    return [float(np.linalg.norm(g)) for g in grads.values()]


def _clipped_in_place(grads: dict[str, Array], max_norm: float) -> dict[str, Array]:
    factor = min(1.0, max_norm / _norm(grads))
    for g in grads.values():
        g *= factor
    return grads


# 03.5


def left_after(radius: float, steps: int = 50, seeds: int = 5) -> float:
    """Return the norm of dh_T/dh_t at that lag in the noisy tanh net of lesson 03: the median over nets."""
    found = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        net = RNN(8, 32, rng=rng, dtype=np.float64)
        net.params["W_h"] = radius * orthogonal(32, rng)
        h, _ = net.forward(rng.normal(size=(steps + 1, 1, 8)))
        found.append(gradient_norms(h[:, 0], net.params["W_h"])[steps])
    return float(np.median(found))


EXERCISES = [
    FunctionExercise(
        "03.1",
        "the Jacobian of one step",
        "Write jacobian_of_step(h, W_h): J (H, H) of a tanh step, from the new state h (H,) and W_h (H, H).",
        reference=lambda h, W_h: jacobian(h, W_h),
        cases=_states,
        mistakes=(
            Mistake(
                "transposed",
                lambda h, W_h: W_h * (1 - h**2),
                "all numbers are there, but rows and columns are swapped. Which index of J is the output h_t?",
            ),
            Mistake(
                "weights not transposed",
                lambda h, W_h: (1 - h**2)[:, None] * W_h,
                "the slopes are in the right place. In h W_h, which index of W_h belongs to the old state?",
            ),
            Mistake(
                "slope on the wrong side",
                lambda h, W_h: W_h.T * (1 - h**2),
                "the slope of unit j bends what unit j gives out. Should it multiply row j or column j?",
            ),
            Mistake(
                "slope of the input",
                lambda h, W_h: (1 - np.tanh(h) ** 2)[:, None] * W_h.T,
                "h has been through tanh already. What is the slope, written with the output alone?",
            ),
            Mistake(
                "no slope",
                lambda h, W_h: W_h.T,
                "this is the Jacobian of a step without tanh. What does tanh do to a small nudge?",
            ),
            Mistake(
                "not squared",
                lambda h, W_h: (1 - h)[:, None] * W_h.T,
                "check the slope at h = 0.5: tanh is less steep there than at 0, but by how much?",
            ),
            Mistake(
                "slope of the sigmoid",
                lambda h, W_h: (h * (1 - h))[:, None] * W_h.T,
                "s (1 - s) is the slope of a sigmoid. These units have tanh.",
            ),
            Mistake(
                "a vector",
                lambda h, W_h: (1 - h**2) @ W_h.T,
                "a sum over the units is taken. J keeps a number for every pair of units.",
            ),
        ),
        hint="begin with one entry on paper: how does unit j of h_t answer to a nudge of unit i of h_{t-1}?",
    ),
    FunctionExercise(
        "03.2",
        "a given spectral radius",
        "Write rescaled(W, radius): the matrix W times the number that makes its spectral radius be radius.",
        reference=_rescaled,
        cases=_matrices,
        mistakes=(
            Mistake(
                "spectral norm",
                lambda W, radius: W * radius / np.linalg.norm(W, 2),
                "you divided by the norm, the largest stretch. The radius is about eigenvalues.",
            ),
            Mistake(
                "the first eigenvalue",
                lambda W, radius: W * radius / np.abs(np.linalg.eigvals(W)[0]),
                "you took the first eigenvalue of the list. They come in no particular order.",
            ),
            Mistake(
                "Frobenius norm",
                lambda W, radius: W * radius / np.linalg.norm(W),
                "np.linalg.norm of a matrix is the root of the sum of its squares. Where are the eigenvalues?",
            ),
            Mistake(
                "real part only",
                lambda W, radius: W * radius / np.abs(np.linalg.eigvals(W).real).max(),
                "an eigenvalue may be complex: 0.3 + 0.4i counts as 0.5. How long is a complex number?",
            ),
            Mistake(
                "no absolute value",
                lambda W, radius: W * radius / np.linalg.eigvals(W).real.max(),
                "an eigenvalue of -2 stretches as much as one of 2.",
            ),
            Mistake(
                "the largest complex number",
                lambda W, radius: W * radius / np.linalg.eigvals(W).max(),
                "among complex numbers, max takes the largest real part. You want the one farthest from zero.",
            ),
            Mistake(
                "absolute value too late",
                lambda W, radius: W * radius / np.abs(np.linalg.eigvals(W).max()),
                "you take the largest first and its size afterwards. What if the eigenvalues are -2 and 1?",
            ),
            Mistake(
                "largest entry",
                lambda W, radius: W * radius / np.abs(W).max(),
                "this is the largest entry of W. The radius is about eigenvalues.",
            ),
            Mistake(
                "eigenvectors",
                lambda W, radius: W * radius / np.abs(np.linalg.eig(W)[1]).max(),
                "np.linalg.eig returns two things, eigenvalues and eigenvectors. Which of them did you use?",
            ),
            Mistake(
                "as if symmetric",
                lambda W, radius: W * radius / np.abs(np.linalg.eigvalsh(W)).max(),
                "eigvalsh is for symmetric matrices; it looks at half of W. W_h is hardly ever symmetric.",
            ),
            Mistake(
                "trace",
                lambda W, radius: W * radius / np.trace(W),
                "the trace is the sum of all eigenvalues. You need the one that is largest in size.",
            ),
            Mistake(
                "only multiplied",
                lambda W, radius: W * radius,
                "this is right when W has spectral radius 1. What if it has 2 to begin with?",
            ),
            Mistake(
                "radius one",
                lambda W, radius: W / spectral_radius(W),
                "now its spectral radius is 1, whatever radius is. One more factor.",
            ),
            Mistake(
                "upside down",
                lambda W, radius: W * spectral_radius(W) / radius,
                "a matrix whose radius is too large must shrink. Yours grows.",
            ),
            Mistake(
                "the radius itself",
                lambda W, radius: spectral_radius(W),
                "this is the radius of W. The exercise asks for a matrix, W times a number.",
            ),
        ),
        hint="np.linalg.eigvals(W) gives the eigenvalues; a factor on W is a factor on each of them.",
    ),
    ValueExercise(
        "03.3",
        "how long a gradient lasts",
        "Linear net, orthogonal weights times 0.9: the first lag at which the norm is below 0.001, a whole number.",
        right=float(math.ceil(math.log(1e-3) / math.log(0.9))),
        mistakes=(
            Mistake(
                "rounded down",
                65,
                "so close. Is the norm already below 0.001 there? Compute 0.9 to that power.",
            ),
            Mistake(
                "not rounded",
                65.56,
                "the equation is right. A lag is a whole number of steps.",
                when=lambda v: 65 < v < 66,
            ),
            Mistake(
                "subtracted",
                10,
                "each step takes a tenth of what is left, not a tenth of the beginning.",
                when=lambda v: 9 <= v <= 10,
            ),
            Mistake(
                "two logarithms",
                29,
                "take the same logarithm above and below: both natural, or both to base ten.",
                when=lambda v: 28 <= v <= 30 or 150 <= v <= 152,
            ),
            Mistake(
                "natural logarithm alone",
                7,
                "that is the logarithm of 1000. Each step counts for the logarithm of 0.9, not for one.",
                when=lambda v: 6.5 < v <= 7,
            ),
            Mistake(
                "one too many",
                67,
                "it is below 0.001 there. Is it the first lag at which it is?",
            ),
            Mistake(
                "negative",
                -66,
                "a lag counts steps back and is positive. Look at the signs of both logarithms.",
                when=lambda v: v < 0,
            ),
        ),
        hint="solve 0.9 ** lag = 0.001 for the lag with logarithms, or count in a loop.",
    ),
    FunctionExercise(
        "03.4",
        "clipping by norm",
        "Write clipped_by_norm(grads, max_norm): a new dict, the arrays scaled to a common norm of at most max_norm.",
        reference=_clipped,
        cases=_gradients,
        mistakes=(
            Mistake(
                "each by itself",
                lambda grads, c: {k: g * min(1.0, c / np.linalg.norm(g)) for k, g in grads.items()},
                "each array is clipped by its own norm, and the direction of the step changes. One norm for all.",
            ),
            Mistake(
                "by value",
                lambda grads, c: {k: np.clip(g, -c, c) for k, g in grads.items()},
                "this cuts each number, which is clipping by value. Clipping by norm keeps all the ratios.",
            ),
            Mistake(
                "short ones too",
                lambda grads, max_norm: _scaled(grads, max_norm / _norm(grads)),
                "a gradient that is short enough must stay as it is. Yours makes it longer.",
            ),
            Mistake(
                "always to one",
                lambda grads, max_norm: _scaled(grads, min(1.0, 1 / _norm(grads))),
                "your result has norm 1 whatever max_norm is.",
            ),
            Mistake(
                "sum of norms",
                lambda grads, c: _scaled(grads, min(1.0, c / sum(_norms(grads)))),
                "norms do not add up, squares do. What is the norm of all numbers in one long vector?",
            ),
            Mistake(
                "no root",
                lambda grads, max_norm: _scaled(grads, min(1.0, max_norm / _norm(grads) ** 2)),
                "you divide by the sum of squares. Something is missing before it is a norm.",
            ),
            Mistake(
                "largest of the norms",
                lambda grads, c: _scaled(grads, min(1.0, c / max(_norms(grads)))),
                "the longest array decides alone in yours. Two arrays of 0.8 together are longer than 1.",
            ),
            Mistake(
                "upside down",
                lambda grads, max_norm: _scaled(grads, max(1.0, max_norm / _norm(grads))),
                "long gradients stay long in yours and short ones grow: the smaller of two numbers, or the larger?",
            ),
            Mistake(
                "in place",
                _clipped_in_place,
                "the numbers are right, but the caller's dict or its arrays change: build a new dict.",
            ),
            Mistake(
                "the norm",
                lambda grads, max_norm: _norm(grads),
                "this is the common norm. The exercise asks for the arrays, in a dict with the same keys.",
            ),
        ),
        hint="three lines: the common norm, one factor that is never above 1, a dict of scaled arrays.",
    ),
    ValueExercise(
        "03.5",
        "a radius that holds for fifty steps",
        "The tanh net in noise: a spectral radius with which a norm between 0.1 and 10 is left after 50 steps.",
        right=1.25,
        accept=lambda v: 0 < v < 3 and 0.1 < left_after(v) < 10,
        mistakes=(
            Mistake(
                "the linear answer",
                1.0,
                "without tanh this holds for ever. With tanh all slopes are below 1. What can make up for them?",
                when=lambda v: 0.95 < v <= 1.02,
            ),
            Mistake(
                "on the way",
                1.1,
                "the right direction, and not far enough: less than a tenth is left.",
                when=lambda v: 1.02 < v < 3 and left_after(v) <= 0.1,
            ),
            Mistake(
                "vanishes",
                0.9,
                "with this radius even the linear net loses its gradient.",
                when=lambda v: 0 <= v <= 0.95,
            ),
            Mistake(
                "explodes",
                1.8,
                "too much: the gradient is larger than 10 after fifty steps.",
                when=lambda v: 1.02 < v < 3 and left_after(v) >= 10,
            ),
            Mistake(
                "far too large",
                10.0,
                "such weights push all units to the ends of tanh. Look between 1 and 2.",
                when=lambda v: v >= 3,
            ),
            Mistake("negative", -1.1, "a radius is a length, it cannot be negative.", when=lambda v: v < 0),
        ),
        hint="the widget shows the norm at the last lag in the title of its left panel.",
    ),
]
