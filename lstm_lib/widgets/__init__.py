"""Things to play with: sliders on the left, one picture on the right, and the same in words below.

A widget here is state in, picture out. The picture is an ``<img>`` with alt text, made anew when a control moves, so
it works with the keyboard, for a screen reader, and in a saved notebook, where it shows the state it began with.
"""

from lstm_lib.widgets.action_explorer import ActionExplorer
from lstm_lib.widgets.adding_explorer import AddingExplorer
from lstm_lib.widgets.attention_explorer import AttentionExplorer
from lstm_lib.widgets.cousin_explorer import CousinExplorer
from lstm_lib.widgets.depth_explorer import DepthExplorer
from lstm_lib.widgets.explorer import Explorer, TypedExplorer, slider
from lstm_lib.widgets.forecast_explorer import ForecastExplorer
from lstm_lib.widgets.forgetting_explorer import ForgettingExplorer
from lstm_lib.widgets.gate_explorer import GateExplorer
from lstm_lib.widgets.gate_reader import GateReader
from lstm_lib.widgets.one_unit import OneUnit
from lstm_lib.widgets.prompt_box import PromptBox
from lstm_lib.widgets.review_reader import ReviewReader
from lstm_lib.widgets.road import RoadExplorer
from lstm_lib.widgets.speech_explorer import SpeechExplorer
from lstm_lib.widgets.transformer_explorer import SelfAttentionExplorer
from lstm_lib.widgets.translator_box import TranslatorBox
from lstm_lib.widgets.truncation import Truncation
from lstm_lib.widgets.word_reader import WordReader

__all__ = [
    "ActionExplorer",
    "AddingExplorer",
    "AttentionExplorer",
    "CousinExplorer",
    "DepthExplorer",
    "Explorer",
    "ForecastExplorer",
    "ForgettingExplorer",
    "GateExplorer",
    "GateReader",
    "OneUnit",
    "PromptBox",
    "ReviewReader",
    "RoadExplorer",
    "SelfAttentionExplorer",
    "SpeechExplorer",
    "TranslatorBox",
    "Truncation",
    "TypedExplorer",
    "WordReader",
    "slider",
]
