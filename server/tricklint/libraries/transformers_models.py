"""`transformers`: models with dropout, which `from_pretrained` hands over in eval mode."""

from __future__ import annotations

import re

from ..interpreter import calls, forwards, mode_events
from ..interpreter.library import Call, Library
from ..interpreter.modes import BORN_TO_EVAL
from ..interpreter.values import Constant, External, Unknown, Value
from .results import reach
from .torchvision_models import model

library = Library()

# Families whose published configurations all have dropout.
_FAMILIES = "Albert Bart Bert Camembert Deberta DebertaV2 DistilBert Electra Roberta T5 XLMRoberta"
_HEADS = (
    "Model ForConditionalGeneration ForMaskedLM ForMultipleChoice ForQuestionAnswering "
    "ForSequenceClassification ForTokenClassification"
)
_CLASSES = (
    *(f"transformers.{family}{head}" for family in _FAMILIES.split() for head in _HEADS.split()),
    "transformers.GPT2LMHeadModel",
    "transformers.GPT2Model",
)
_AUTO = "transformers.AutoModel"
_AUTOS = (_AUTO, *(f"transformers.AutoModel{head}" for head in _HEADS.split() if head != "Model"))
_NAMES = re.compile(r"bert|electra|bart-|(^|/)t5-|gpt2", re.IGNORECASE)
library.modal |= dict.fromkeys((*_CLASSES, _AUTO), lambda _: True)


@library.function(*(f"{path}.from_pretrained" for path in _CLASSES))
def _pretrained(call: Call) -> Value:
    return _made_in_eval_mode(call, call.name.rpartition(".")[0])


@library.function(*(f"{path}.from_pretrained" for path in _AUTOS))
def _auto(call: Call) -> Value:
    name = call.get(0, "pretrained_model_name_or_path")
    text = name.value if isinstance(name, Constant) else None
    if not isinstance(text, str) or not _NAMES.search(text):
        return calls.unknown_call(call.machine, External(call.name), call.args)
    return _made_in_eval_mode(call, _AUTO)


def _made_in_eval_mode(call: Call, kind: str) -> Value:
    made = model(call, kind)
    mode_events.born(call.machine, made, BORN_TO_EVAL)
    forwards.load(call.machine, made)
    return made


@library.function(*_CLASSES)
def _from_configuration(call: Call) -> Value:
    made = model(call, call.name)
    mode_events.born(call.machine, made)
    return made


@library.call(*_CLASSES, _AUTO)
def _forward(call: Call) -> Value:
    """An object with the loss, the logits and more."""
    return Unknown("output", reach(call))


for _kind in (*_CLASSES, _AUTO):

    @library.method(_kind, "save_pretrained", "push_to_hub", "resize_token_embeddings")
    @library.method(_kind, "gradient_checkpointing_enable", "num_parameters", "tie_weights")
    @library.method(_kind, "get_input_embeddings", "get_output_embeddings", "generate")
    def _mode_stays(call: Call) -> Value:  # pyright: ignore[reportUnusedFunction]
        return Unknown(call.name)
