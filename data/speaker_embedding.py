"""What the data asks of a speaker encoder; [`gpt2tts.evaluation.speaker_encoders`] has some."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch


class SpeakerEncoder(Protocol):
    """
    Turns clips into speaker embeddings.

    Attributes:
        name (`str`): Kind and weights.
        version (`str`): Versions of the packages behind it.
        embedding_dim (`int`): Length of an embedding.
    """

    name: str
    version: str
    embedding_dim: int

    def embed(self, waveforms: Sequence[np.ndarray | torch.Tensor], sampling_rate: int) -> np.ndarray:
        """Embeddings `(clips, embedding_dim)` of mono clips `(samples,)`."""
