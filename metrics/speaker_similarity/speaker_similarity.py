"""Speaker similarity (SECS): cosine of the speaker embeddings of two clips."""

import datasets
import evaluate

from gpt2tts.evaluation.speaker_encoders import load_speaker_encoder

_DESCRIPTION = """
How much the voice of a clip is that of a reference: the cosine of their speaker embeddings. What counts as high depends on
the encoder, so compare with real clips of one speaker (ceiling) and of two (floor).
"""

_INPUTS = """
Args:
    predictions (`list` of `list[float]` or `np.ndarray`): Mono clips, samples in [-1, 1].
    references (`list` of `list[float]` or `np.ndarray`): A clip of the wanted voice for each.
    sampling_rate (`int`): Rate of all clips in Hz.
    speaker_encoder (`str`, *optional*, defaults to `"auto"`):
        See `gpt2tts.evaluation.speaker_encoders.load_speaker_encoder`.
Returns:
    `secs` (`float`), the mean; `similarities` (`list[float]`) and `speaker_encoder` (`str`).
Examples:
    >>> metric = evaluate.load("./metrics/speaker_similarity")
    >>> metric.compute(predictions=[waveform], references=[reference], sampling_rate=22050)
"""


class SpeakerSimilarity(evaluate.Metric):
    """Cosine of speaker embeddings."""

    def _info(self) -> evaluate.MetricInfo:
        clips = datasets.Sequence(datasets.Value("float32"))
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation="",
            inputs_description=_INPUTS,
            features=datasets.Features({"predictions": clips, "references": clips}),
        )

    def _compute(self, predictions, references, sampling_rate, speaker_encoder="auto"):
        encoder = load_speaker_encoder(speaker_encoder)
        embeddings = encoder.embed(predictions, sampling_rate), encoder.embed(references, sampling_rate)
        similarities = (embeddings[0] * embeddings[1]).sum(1)
        return {
            "secs": float(similarities.mean()),
            "similarities": similarities.tolist(),
            "speaker_encoder": f"{encoder.name} ({encoder.version})",
        }
