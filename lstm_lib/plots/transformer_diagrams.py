"""The drawings of lesson 11: a chain beside self-attention, and what is inside a block."""

from __future__ import annotations

from lstm_lib.plots.diagrams import arrow, box, canvas
from lstm_lib.plots.figure import BLACK, BLUE, GREEN, ORANGE, RED, Figure

STEPS = 4


def chain_and_attention() -> Figure:
    """Draw how x_1 reaches the last step: through every state of a chain, or by one arrow of self-attention."""
    figure, ax = canvas(9.5, 3.1, (-0.6, 11.2), (-0.75, 2.75))
    for left, name, colour in ((0.0, "h", GREEN), (6.0, "y", ORANGE)):
        for t in range(STEPS):
            x = left + 1.4 * t
            box(ax, x, 0, f"$x_{t + 1}$", BLUE)
            box(ax, x, 1.7, f"${name}_{t + 1}$", colour)
            hot = left == 0 and t == 0
            if left == 0:
                arrow(ax, (x, 0.28), (x, 1.42), color=RED if hot else BLACK, lw=2.5 if hot else 1)
            else:
                for s in range(t + 1):
                    hot = s == 0 and t == STEPS - 1
                    arrow(
                        ax,
                        (left + 1.4 * s, 0.28),
                        (x, 1.42),
                        color=RED if hot else BLACK,
                        lw=2.5 if hot else 1,
                    )
    for t in range(STEPS - 1):
        arrow(ax, (1.4 * t + 0.32, 1.7), (1.4 * t + 1.08, 1.7), color=RED, lw=2.5)
    ax.text(2.1, 2.45, "a chain: one step after the other", ha="center", fontsize=11, weight="bold")
    ax.text(8.1, 2.45, "causal self-attention: all at once", ha="center", fontsize=11, weight="bold")
    ax.text(2.1, -0.62, f"from $x_1$ to $h_{STEPS}$: {STEPS} arrows, one by one", ha="center", color=RED)
    ax.text(8.1, -0.62, f"from $x_1$ to $y_{STEPS}$: 1 arrow", ha="center", color=RED)
    figure.alt = (
        f"Diagram. Left, a recurrent chain of {STEPS} steps: each x_t goes up to h_t, and each h_t on to the next; the "
        f"way from x_1 to h_{STEPS}, in red, has {STEPS} arrows. Right, causal self-attention: each y_t has an arrow "
        f"from every x_s with s up to t, and the way from x_1 to y_{STEPS} is one red arrow."
    )
    return figure


def block() -> Figure:
    """Draw an encoder block with the norm first: a line that is only added to, and two ways around it."""
    figure, ax = canvas(9.5, 2.9, (-0.7, 12.2), (-0.9, 2.5))
    ax.text(-0.35, 0, "$x$", ha="center", va="center", fontsize=13)
    arrow(ax, (0, 0), (11.5, 0), color=GREEN, lw=3)
    ax.text(11.85, 0, "$x$ anew", ha="center", va="bottom", fontsize=10)
    for left, parts in ((0.6, ("norm", "heads", "$W_o$")), (6.2, ("norm", "$W_1$, max", "$W_2$"))):
        arrow(ax, (left, 0.05), (left, 1.3), color=BLACK, arrowstyle="-")
        arrow(ax, (left, 1.3), (left + 0.6, 1.3))
        for k, part in enumerate(parts):
            x = left + 1.1 + 1.4 * k
            ax.text(
                x, 1.3, part, ha="center", va="center", fontsize=10,
                bbox={"boxstyle": "round,pad=0.4", "fc": "white", "ec": BLUE if "norm" in part else ORANGE, "lw": 2},
            )  # fmt: skip
            if k < 2:
                arrow(ax, (x + 0.5, 1.3), (x + 0.9, 1.3))
        arrow(ax, (left + 4.35, 1.3), (left + 4.7, 1.3), arrowstyle="-")
        arrow(ax, (left + 4.7, 1.3), (left + 4.7, 0.2))
        ax.text(left + 4.7, 0, "+", ha="center", va="center", fontsize=13,
                bbox={"boxstyle": "circle,pad=0.15", "fc": "white", "ec": GREEN, "lw": 2})  # fmt: skip
    ax.text(2.9, 2.15, "positions look at each other", ha="center", fontsize=11, weight="bold")
    ax.text(8.5, 2.15, "each position by itself", ha="center", fontsize=11, weight="bold")
    ax.text(5.7, -0.65, "the green line is only added to", ha="center", color=GREEN, fontsize=11)
    figure.alt = (
        "Diagram of a block, from left to right. A green line carries x through and is only added to. First branch: "
        "norm, heads of attention, W_o, added to the line; here positions look at each other. Second branch: norm, W_1 "
        "with max(0, ·), W_2, added to the line; each position by itself."
    )
    return figure
