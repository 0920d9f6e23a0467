"""Predicted mean opinion score of speech."""

import datasets
import evaluate
import numpy as np

from gpt2tts.evaluation.mos import load_mos_predictor

_DESCRIPTION = """
What listeners would say of the quality of a clip, from 1 (bad) to 5 (excellent), as a network predicts it (DNSMOS or UTMOS).
"""

_INPUTS = """
Args:
    predictions (`list` of `list[float]` or `np.ndarray`): Mono clips, samples in [-1, 1].
    sampling_rate (`int`): Their rate in Hz.
    predictor (`str`, *optional*, defaults to `"auto"`): See `gpt2tts.evaluation.mos.load_mos_predictor`.
Returns:
    `mos` (`float`), the mean over clips of 0.1 s and more; `scores` (`list[float]`) and `predictor` (`str`).
Examples:
    >>> metric = evaluate.load("./metrics/speech_mos")
    >>> metric.compute(predictions=[waveform], sampling_rate=22050)
"""


class SpeechMos(evaluate.Metric):
    """Predicted mean opinion score."""

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation="",
            inputs_description=_INPUTS,
            features=datasets.Features({"predictions": datasets.Sequence(datasets.Value("float32"))}),
        )

    def _compute(self, predictions, sampling_rate, predictor="auto"):
        predictor = load_mos_predictor(predictor)
        scores = predictor.predict(predictions, sampling_rate)
        return {
            "mos": float(np.nanmean(scores)),
            "scores": scores.tolist(),
            "predictor": f"{predictor.name} ({predictor.version})",
        }
