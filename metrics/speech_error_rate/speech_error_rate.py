"""Character and word error rate of speech: a recogniser writes down the clips, `jiwer` counts the edits."""

import datasets
import evaluate

from gpt2tts.evaluation.error_rates import character_error_rate, word_error_rate
from gpt2tts.evaluation.recognizers import load_recognizer

_DESCRIPTION = """
How much of the text is understood: clips are transcribed by Whisper, and the transcript is compared with the text after
Whisper's English normaliser, over the whole corpus. 0 is perfect.
"""

_INPUTS = """
Args:
    predictions (`list` of `list[float]` or `np.ndarray`): Mono clips, samples in [-1, 1].
    references (`list[str]`): The text of each.
    sampling_rate (`int`): Rate of the clips in Hz.
    recognizer (`str`, *optional*, defaults to `"auto"`): See `gpt2tts.evaluation.recognizers.load_recognizer`.
Returns:
    `cer`, `wer` (`float`), `transcripts` (`list[str]`) and `recognizer` (`str`).
Examples:
    >>> metric = evaluate.load("./metrics/speech_error_rate")
    >>> metric.compute(predictions=[waveform], references=["Good morning."], sampling_rate=22050)
"""


class SpeechErrorRate(evaluate.Metric):
    """Error rates of speech against its text."""

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation="",
            inputs_description=_INPUTS,
            features=datasets.Features(
                {"predictions": datasets.Sequence(datasets.Value("float32")), "references": datasets.Value("string")}
            ),
        )

    def _compute(self, predictions, references, sampling_rate, recognizer="auto"):
        recognizer = load_recognizer(recognizer)
        transcripts = recognizer.transcribe(predictions, sampling_rate)
        return {
            "cer": character_error_rate(references, transcripts),
            "wer": word_error_rate(references, transcripts),
            "transcripts": transcripts,
            "recognizer": f"{recognizer.name} ({recognizer.version})",
        }
