"""Speech of the small network in `hibari-tts`, with the duration and the pitch that it gave to each phoneme."""

import os
from dataclasses import dataclass
from functools import lru_cache

import numpy as np


@dataclass
class SyntheticSpeech:
    """
    What a synthetic voice said, and when.

    Args:
        waveform (`np.ndarray` of shape `(num_samples,)`): float32 samples in [-1, 1].
        sampling_rate (`int`): Their rate in Hz.
        durations (`np.ndarray` of shape `(num_symbols + 2,)`):
            Seconds of the silence before, of each symbol, and of the silence after.
        pitch (`np.ndarray` of shape `(num_values,)`): Pitch in Hz, below 50 where there is none.
        pitch_rate (`float`): Values of it in a second.
    """

    waveform: np.ndarray
    sampling_rate: int
    durations: np.ndarray
    pitch: np.ndarray
    pitch_rate: float


class HibariVoice:
    """
    The voice `heart` of `hibari-tts` (Apache-2.0), which distils Kokoro-82M's `af_heart`.

    Raises:
        ImportError: If `hibari-tts` or `onnx` is not installed.
    """

    sampling_rate = 24000
    seconds_per_duration = 0.025
    pitch_rate = 80.0

    def __init__(self):
        try:
            import onnx
            import onnxruntime
            from hibari import Hibari
        except ImportError as error:
            raise ImportError(f"{error.name} is missing: pip install hibari-tts onnx") from error
        self._hibari = Hibari()
        model = onnx.load(self._hibari.model_path)
        rounded = {node.output[0] for node in model.graph.node if node.op_type == "Round"}
        clipped = [node.output[0] for node in model.graph.node if node.op_type == "Clip" and node.input[0] in rounded]
        if len(clipped) != 1:
            raise ImportError("This version of hibari-tts has another network than 0.2: pip install 'hibari-tts<0.3'")
        model.graph.output.append(onnx.helper.make_tensor_value_info(clipped[0], onnx.TensorProto.FLOAT, None))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, phonemes: str, *, seed: int = 0, speed: float = 1.0) -> SyntheticSpeech:
        """
        Speak phonemes of misaki's alphabet; symbols that the network does not know last no time.

        Args:
            phonemes (`str`): At most 400 symbols.
            seed (`int`, *optional*, defaults to 0): Seed of the noise in the sound.
            speed (`float`, *optional*, defaults to 1.0): 2 is twice as fast.
        """
        from hibari import dsp

        known = np.array([symbol in self._hibari.vocab for symbol in phonemes], dtype=bool)
        ids = np.asarray([self._hibari.ids(phonemes)], dtype=np.int64)
        *outputs, steps = self._session.run(None, {"ids": ids, "speed": np.asarray([speed], dtype=np.float32)})
        outputs = [output[0] for output in outputs]
        durations = np.zeros(len(phonemes) + 2)
        durations[np.flatnonzero(np.concatenate(([True], known, [True])))] = steps.ravel() * self.seconds_per_duration
        waveform = dsp.synth(*outputs, np.random.default_rng(seed))
        return SyntheticSpeech(waveform, self.sampling_rate, durations, outputs[-1], self.pitch_rate)


@lru_cache(maxsize=1)
def _voice_of_process(process: int) -> HibariVoice:
    return HibariVoice()


def hibari_voice() -> HibariVoice:
    """The voice, loaded once in each process: a session does not survive a fork."""
    return _voice_of_process(os.getpid())
