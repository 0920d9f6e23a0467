"""The pipeline `text-to-speech` of a checkpoint: text of any length, named and cloned voices, batches."""

import copy
import os
from typing import Any

import numpy as np
from transformers import Pipeline

from .synthesis import Synthesizer

SETTINGS = (
    *("voice", "seed", "speed", "pitch_shift", "british", "phonemes", "normalize", "batch_size"),
    *("prenet_dropout", "max_frames_per_token"),
)


def custom_pipelines() -> dict[str, dict[str, Any]]:
    """What `config.custom_pipelines` says, so that `pipeline` finds the class below."""
    entry = {"impl": f"pipeline_gpt2tts.{GPT2TTSPipeline.__name__}", "pt": ["AutoModelForTextToWaveform"]}
    return {task: dict(entry) for task in ("text-to-audio", "text-to-speech")}


class GPT2TTSPipeline(Pipeline):
    r"""
    Speaks texts of any length. `pipeline("text-to-speech", model=..., trust_remote_code=True)` makes one, as checkpoints
    name it in `custom_pipelines`; with the package installed `pipeline_class=GPT2TTSPipeline` does without the flag.

    A call takes a text or a list of them, and the arguments of [`Synthesizer.speak_batch`] that hold for all: `voice`
    (whatever [`Synthesizer.load_voice`] takes), `seed`, `speed`, `pitch_shift`, `british`, `phonemes`, `normalize`,
    `prenet_dropout` and `max_frames_per_token`. They may also stand in `forward_params` or `generate_kwargs`, as other
    text-to-speech pipelines have them.

    Example:

    ```python
    >>> from transformers import pipeline

    >>> speaker = pipeline("text-to-speech", model="pretrained", trust_remote_code=True)
    >>> speech = speaker("Good morning.", voice="emma", seed=0)
    >>> speech["audio"].shape, speech["sampling_rate"]
    ((35840,), 22050)
    ```
    """

    _load_processor = True
    _load_tokenizer = False
    _load_feature_extractor = False
    _load_image_processor = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # `pipeline` has put classes into it, which cannot be printed or saved
        self.model.config.custom_pipelines = custom_pipelines()
        vocoder = self.model.get_vocoder(self.model.config.vocoder or "griffin-lim").to(self.device)
        self.synthesizer = Synthesizer(self.model, self.processor, vocoder)

    def __call__(self, text_inputs: str | list[str], **settings: Any) -> dict[str, Any] | list[dict[str, Any]]:
        """
        Args:
            text_inputs (`str` or `list[str]`): What to speak.
            settings: See the class; `batch_size` is how many texts are spoken at once.

        Returns:
            `dict` or a list of them: `audio`, float32 `(samples,)` with full scale 1 and without padding, and its
            `sampling_rate` in Hz.
        """
        if isinstance(text_inputs, list) and not text_inputs:
            return []
        return super().__call__(text_inputs, **settings)

    def save_pretrained(self, save_directory: str | os.PathLike, **kwargs: Any):
        """Writes the model and the whole processor, its settings of text too. Takes the arguments of theirs."""
        self.model.save_pretrained(save_directory, **kwargs)
        self.processor.save_pretrained(save_directory, **kwargs)

    def _sanitize_parameters(
        self,
        forward_params: dict[str, Any] | None = None,
        generate_kwargs: dict[str, Any] | None = None,
        **settings: Any,
    ) -> tuple[dict, dict, dict]:
        merged = {**settings, **(forward_params or {}), **(generate_kwargs or {})}
        if unknown := sorted(merged.keys() - set(SETTINGS)):
            raise ValueError(f"There are no settings {unknown}: choose of {', '.join(SETTINGS)}.")
        return {}, merged, {}

    def preprocess(self, text: str) -> dict[str, str]:
        """A text as it is: the synthesizer splits, normalises and phonemises it."""
        if not isinstance(text, str):
            raise TypeError(f"`text_inputs` must be a string or a list of strings, got `{type(text).__name__}`.")
        return {"text": text}

    def _forward(
        self,
        inputs: dict[str, Any],
        *,
        voice: Any = None,
        seed: int | None = None,
        prenet_dropout: float | None = None,
        max_frames_per_token: float | None = None,
        **settings: Any,
    ) -> dict[str, Any]:
        texts = inputs["text"] if isinstance(inputs["text"], list) else [inputs["text"]]
        # one of this call's own: another thread may be calling with other settings
        synthesizer = copy.copy(self.synthesizer)
        synthesizer.prenet_dropout, synthesizer.max_frames_per_token = prenet_dropout, max_frames_per_token
        chunks = synthesizer.speak_batch(texts, [voice] * len(texts), [seed] * len(texts), **settings)
        audio = [chunk.waveform for chunk in chunks]
        return {"audio": audio if isinstance(inputs["text"], list) else audio[0]}

    def postprocess(self, outputs: dict[str, Any]) -> dict[str, Any]:
        """The speech of one text; out of a batch it comes as `(1, samples)`."""
        return {"audio": np.squeeze(outputs["audio"]), "sampling_rate": self.synthesizer.sampling_rate}


__all__ = ["GPT2TTSPipeline", "custom_pipelines"]
