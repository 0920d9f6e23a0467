"""What is done to predicted log-mel frames before they are heard."""

from collections.abc import Iterable, Iterator

import torch
import torch.nn.functional as F


class GPT2TTSPostfilter:
    """
    A fixed filter on the speech that `generate` returns; the model itself reads its unfiltered frames.

    It smooths over time, since the frames of a group share one code and pitch moves by steps from group to group, and
    then raises the contrast of neighbouring bins, since a regression leaves harmonics too faint.

    Args:
        smoothing (`int`, *optional*, defaults to 0):
            Half-width in frames of the binomial kernel over time: 1 is 1/4, 1/2, 1/4. 0 is off.
        sharpness (`float`, *optional*, defaults to 0.0):
            How much of a bin's difference from its neighbourhood (the kernel 1/4, 1/2, 1/4 over bins) is added; each
            frame keeps its loudness. 0 is off.
    """

    def __init__(self, smoothing: int = 0, sharpness: float = 0.0):
        self.smoothing = smoothing
        self.sharpness = sharpness
        kernel = torch.ones(1, dtype=torch.float64)
        for _ in range(2 * smoothing):
            kernel = (F.pad(kernel, (1, 0)) + F.pad(kernel, (0, 1))) / 2
        self.kernel = kernel.float()

    def __call__(self, spectrogram: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """
        Filters whole utterances, each continued by its first and last frame.

        Args:
            spectrogram (`torch.Tensor` of shape `(batch_size, num_frames, n_mels)`): Log-mel frames.
            lengths (`torch.LongTensor` of shape `(batch_size,)`): Frames of each row.

        Returns:
            `torch.Tensor` of the shape of `spectrogram`.
        """
        reach = torch.arange(-self.smoothing, spectrogram.shape[1] + self.smoothing, device=spectrogram.device)
        index = reach.clamp(min=0)[None].minimum(lengths[:, None] - 1)[..., None]
        return self._filter(spectrogram.gather(1, index.expand(-1, -1, spectrogram.shape[-1])))

    def stream(self, pieces: Iterable[torch.Tensor]) -> Iterator[torch.Tensor]:
        """
        Filters one utterance as it is made: `smoothing` frames behind, and otherwise the same.

        Args:
            pieces (`Iterable[torch.Tensor]` of shapes `(1, num_frames, n_mels)`): Its log-mel frames in order.

        Yields:
            `torch.Tensor` of shape `(1, num_frames, n_mels)`: The next filtered frames, one or more.
        """
        seen = None
        for piece in pieces:
            seen = torch.cat([piece[:, :1].expand(-1, self.smoothing, -1) if seen is None else seen, piece], dim=1)
            if seen.shape[1] > 2 * self.smoothing:
                yield self._filter(seen)
                seen = seen[:, seen.shape[1] - 2 * self.smoothing :]
        if seen is not None and self.smoothing > 0:
            yield self._filter(torch.cat([seen, seen[:, -1:].expand(-1, self.smoothing, -1)], dim=1))

    def _filter(self, frames: torch.Tensor) -> torch.Tensor:
        """`(B, F + 2 * smoothing, n_mels)`, with the frames on both sides, to `(B, F, n_mels)`."""
        num_frames = frames.shape[1] - 2 * self.smoothing
        if self.smoothing > 0:
            shifted = (weight * frames[:, i : i + num_frames] for i, weight in enumerate(self.kernel.tolist()))
            frames = torch.stack(list(shifted)).sum(0)
        if self.sharpness > 0:
            around = F.pad(frames, (1, 1), mode="replicate")
            around = (around[..., :-2] + 2 * around[..., 1:-1] + around[..., 2:]) / 4
            sharper = frames + self.sharpness * (frames - around)
            # as loud as before: exaggerated peaks would clip
            loudness = frames.logsumexp(-1, keepdim=True) - sharper.logsumexp(-1, keepdim=True)
            frames = sharper + loudness
        return frames


__all__ = ["GPT2TTSPostfilter"]
