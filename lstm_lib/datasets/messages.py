"""Real English and French, in the wild: the messages of JupyterLab with the translations of its volunteers."""

from __future__ import annotations

import json

from lstm_lib.datasets import source
from lstm_lib.datasets.source import DataError
from lstm_lib.datasets.translation import Pair


def load_messages() -> list[Pair]:
    """Return the messages that have a translation, in one line each, none twice.

    Raises:
        DataError: the file has not been fetched, or cannot be read.
    """
    path = source.fetch("jupyterlab_french")
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        found: dict[str, str] = {}
        for key, values in entries.items():
            english = " ".join(key.rsplit("\x04", 1)[-1].split())  # before \x04 stands where it is used
            french = (
                " ".join((values if isinstance(values, str) else next(iter(values), "")).split())
                if key
                else ""
            )
            if english and french and english != french:
                found.setdefault(english, french)
    except (ValueError, AttributeError) as error:
        raise DataError(
            f"{path} cannot be read: {error}. `lstm-lib data fetch jupyterlab_french` mends it."
        ) from None
    return [Pair(english, french) for english, french in found.items()]
