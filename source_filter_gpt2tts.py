"""
The closed form of the source-filter vocoder, of NumPy or of PyTorch: pulses at the pitch, and noise, filtered so that
their mel spectrum is the one asked for. [`GPT2TTSSourceFilterVocoder`] is it as a module, [`NumpySourceFilter`] without
PyTorch.
"""

import functools
import math
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from .frames_gpt2tts import (
    FINE_FACTOR,
    FINE_LEVEL,
    GPT2TTSFrames,
    array_namespace,
    spread_fine,
    stream_frames,
)

SOURCE_FILTER = "source-filter"  # by which name a checkpoint refers to this vocoder
LOWEST_PITCH = 20.0  # Hz; a lower one is raised to it
PIECE = 64  # frames that are made at a time on a CPU
MAGNITUDE_FLOOR = 1e-5  # of mel magnitudes before the logarithm
# Predicted mels are a mean of what may be said. Below some 800 Hz they show each harmonic where it is, as the pulses do; above,
# the harmonics are averaged away, and to scale every bin by itself would take those of the pulses away, too. Hz, from the
# frequency on from which gains are smoothed to that from which they are smoothed wholly.
SMOOTHED_FROM, SMOOTHED_TO = 630.0, 930.0
NEGLIGIBLE = 1e-9  # share of a mean; far smaller ones are subnormal numbers, which take a processor ten times as long
# With minimum phase alone all harmonics peak at once, and a voice clips long before it is loud. So the higher ones come later,
# as much as no ear hears: seconds, reached at such a frequency in Hz.
DELAY, DELAYED_TO = 0.003, 2000.0
CONTRAST_FROM = 1000.0  # Hz; from here on the peaks of formants are flatter in a mean than in speech
CONTRAST_WIDTH = 7  # mel bins, in whose mean peaks are gone


class MelGeometry(NamedTuple):
    """
    What frames are analysed and shaped with, float32.

    Attributes:
        window (array of shape `(n_fft,)`): Hann window.
        filters (array of shape `(bins, n_mels)`): The mel filters.
        interpolation (array of shape `(n_mels, bins)`): Linear interpolation between their centres.
        gains (array of shape `(n_mels, bins)`): The same, smoothed, for what a mel bin lacks.
        phases (array of shape `(n_mels, bins)`): The minimum phase of what `interpolation` gives: it is linear in log-mels.
        delay (array of shape `(bins,)`): What is added to that phase, in radians.
        contrast (array of shape `(n_mels, n_mels)`): Log-mels to such with higher peaks.
    """

    window: Any
    filters: Any
    interpolation: Any
    gains: Any
    phases: Any
    delay: Any
    contrast: Any


@functools.lru_cache(maxsize=8)
def mel_geometry(
    n_fft: int,
    f_min: float,
    f_max: float,
    n_mels: int,
    sampling_rate: int,
    gain_smoothing: float = 0.0,
    contrast: float = 0.0,
) -> MelGeometry:
    """See [`MelGeometry`]; of NumPy. Its fields are those of a [`GPT2TTSSourceFilterVocoderConfig`]."""
    bins = np.arange(n_fft // 2 + 1)
    lowest, highest = hertz_to_mel(np.array([f_min, f_max]))
    edges = _mel_to_hertz(np.linspace(lowest, highest, n_mels + 2))
    rising, falling = (
        (edges[:, None] - bins * (sampling_rate / n_fft))[:-2],
        (edges[:, None] - bins * (sampling_rate / n_fft))[2:],
    )
    widths = np.diff(edges)[:, None]
    filters = np.clip(np.minimum(-rising / widths[:-1], falling / widths[1:]), 0, None).T
    filters *= 2 / (edges[2:] - edges[:-2])  # of equal area
    if (filters.sum(axis=0) == 0).any():
        raise ValueError(f"`n_fft` ({n_fft}) is too small for `n_mels` ({n_mels}): a mel filter spans no bin.")
    centres = (filters * bins[:, None]).sum(axis=0) / filters.sum(axis=0)
    interpolation = np.stack([np.interp(bins, centres, unit) for unit in np.eye(n_mels)])
    frequencies, hertz = (values * (sampling_rate / n_fft) for values in (bins, centres))
    return MelGeometry(
        *(
            np.ascontiguousarray(value, np.float32)
            for value in (
                hann_window(n_fft),
                filters,
                interpolation,
                _smoothing(hertz, gain_smoothing) @ interpolation,
                _minimum_phase(interpolation),
                -2 * np.pi * np.cumsum(DELAY * np.minimum(frequencies / DELAYED_TO, 1)) * frequencies[1],
                _contrast(hertz, contrast),
            )
        )
    )


def geometry_settings(config: Any) -> tuple:
    """What [`mel_geometry`] takes of a [`GPT2TTSSourceFilterVocoderConfig`]."""
    names = ("n_fft", "f_min", "f_max", "n_mels", "sampling_rate", "gain_smoothing", "contrast")
    return tuple(getattr(config, name) for name in names)


# the fields of a configuration that making a waveform takes, see [`GPT2TTSSourceFilterVocoderConfig`], and their defaults
DEFAULTS: dict[str, Any] = {
    "n_mels": 80,
    "sampling_rate": 22050,
    "n_fft": 1024,
    "hop_length": 256,
    "f_min": 0.0,
    "f_max": 8000.0,
    "harmonic_cutoff": 5500.0,
    "harmonic_slope": 600.0,
    "noise_level": 0.15,
    "voicing_threshold": 0.4,
    "voicing_width": 0.02,
    "noise_seed": 0,
    "gain_smoothing": 60.0,
    "contrast": 1.0,
}
CONFIG_FIELDS = tuple(DEFAULTS)


def fine_settings(config: Any) -> SimpleNamespace:
    """The fields `CONFIG_FIELDS` of a configuration for fine spectra: of half its hop and half its window."""
    settings = SimpleNamespace(**{name: getattr(config, name) for name in CONFIG_FIELDS})
    settings.n_fft //= FINE_FACTOR
    settings.hop_length //= FINE_FACTOR
    return settings


def speak_frames(
    frames: GPT2TTSFrames,
    config: Any,
    geometry_of: Callable[..., MelGeometry],
    *,
    first_frame: int = 0,
    phase: Any = None,
) -> Any:
    """
    Frames to waveform `(batch, frames * hop_length)`, see [`make_waveform`]: by their fine spectra where there are any, in whose
    windows bursts stay short.

    Args:
        geometry_of (callable): What [`geometry_settings`] gives to a [`MelGeometry`].
    """
    if frames.fine_spectrogram is not None:
        frames, config, first_frame = _unfold_fine(frames), fine_settings(config), FINE_FACTOR * first_frame
    geometry = geometry_of(*geometry_settings(config))
    return make_waveform(frames, config, geometry, first_frame=first_frame, phase=phase)


def _unfold_fine(frames: GPT2TTSFrames) -> GPT2TTSFrames:
    """The fine spectra of frames as frames of their own, pitch and voicing half-way between those of the frames."""
    xp, fine = array_namespace(frames.spectrogram), frames.fine_spectrogram
    tracks = []
    # in double precision, for a stream that counts cycles from frame to frame
    for track in (_precise(frames.pitch), frames.voicing):
        following = xp.concatenate((track[:, 1:], track[:, -1:]), axis=1)
        tracks.append(xp.stack((track, (track + following) / FINE_FACTOR), axis=-1).reshape(len(track), -1))
    return GPT2TTSFrames(spread_fine(fine) - FINE_LEVEL, *tracks)


def _smoothing(hertz: np.ndarray, deviation: float) -> np.ndarray:
    """Values of mel bins at these frequencies to a mean over such a deviation in Hz, `(n_mels, n_mels)`."""
    same = np.eye(len(hertz))
    if deviation == 0:
        return same
    weights = np.exp(-(((hertz - hertz[:, None]) / deviation) ** 2) / 2)
    weights[weights < NEGLIGIBLE] = 0
    share = np.clip((hertz - SMOOTHED_FROM) / (SMOOTHED_TO - SMOOTHED_FROM), 0, 1)
    return same + share * ((weights / weights.sum(axis=0)) - same)


def _contrast(hertz: np.ndarray, strength: float) -> np.ndarray:
    """Log-mels of bins at these frequencies to such that are further from the mean of their neighbours, `(n_mels, n_mels)`."""
    same, reach = np.eye(len(hertz)), CONTRAST_WIDTH // 2
    window = np.hanning(CONTRAST_WIDTH + 2)[1:-1]
    means = np.stack([np.convolve(np.pad(row, reach, mode="edge"), window / window.sum(), "valid") for row in same])
    return same + strength * (hertz >= CONTRAST_FROM) * (same - means)


def hann_window(size: int) -> np.ndarray:
    """Hann's window for spectra, `(size,)`, float32."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)


def hertz_to_mel(hertz: np.ndarray) -> np.ndarray:
    """Slaney's mel scale: linear up to 1 kHz, which is 15 mel, then logarithmic, a factor of 6.4 in 27 mel."""
    return np.where(hertz < 1000, 0.015 * hertz, 15 + 27 / math.log(6.4) * np.log(np.maximum(hertz, 1000) / 1000))


def _mel_to_hertz(mel: np.ndarray) -> np.ndarray:
    return np.where(mel < 15, mel / 0.015, 1000 * np.exp(math.log(6.4) / 27 * (mel - 15)))


def _minimum_phase(log_magnitude: np.ndarray) -> np.ndarray:
    """Phase in radians, `(..., bins)`, of the minimum-phase filter with these log magnitudes, by its cepstrum."""
    cepstrum = np.fft.irfft(log_magnitude)
    half = cepstrum.shape[-1] // 2
    causal = np.zeros(2 * half)
    causal[1:half] = 2.0
    return np.fft.rfft(cepstrum * causal).imag


def white_noise(start: int, samples: int, *, seed: int, like: Any) -> Any:
    """
    Samples `start` to `start + samples` of an endless white noise of deviation 1 (uniform), float32 `(samples,)`, of the
    kind and on the device of `like`.

    Each is a hash of its place (the finaliser of MurmurHash3), so that a stream hears what one pass hears.
    """
    xp, low = array_namespace(like), 0xFFFFFFFF
    state = (xp.arange(start, start + samples, device=like.device) + (0x9E3779B9 * (seed + 1) & low)) & low
    state = ((state ^ (state >> 16)) * 0x85EBCA6B) & low
    state = ((state ^ (state >> 13)) * 0xC2B2AE35) & low
    state = state ^ (state >> 16)
    return (_cast(state, xp.float32) / 2**31 - 1.0) * math.sqrt(3.0)


def make_waveform(
    frames: GPT2TTSFrames,
    config: Any,
    geometry: MelGeometry,
    *,
    first_frame: int = 0,
    phase: Any = None,
    corrections: tuple = (),
) -> Any:
    """
    Frames to waveform `(batch, frames * hop_length)`, see [`GPT2TTSVocoder.vocode`].

    Args:
        frames ([`GPT2TTSFrames`]): With batch dimension, pitch and voicing.
        config (any object): Has the fields of a [`GPT2TTSSourceFilterVocoderConfig`].
        geometry ([`MelGeometry`]): Of the same kind and on the same device.
        first_frame (`int`, *optional*, defaults to 0): Place of the first of them in the speech.
        phase (array of shape `(batch,)`, *optional*): Phase at that frame in cycles, see [`count_cycles`].
        corrections (`tuple` of arrays of shape `(batch, frames, n_mels)`, *optional*):
            What [`GPT2TTSSourceFilterResidual`] gives.
    """
    spectrogram, pitch, voicing, _ = frames
    xp, num_frames = array_namespace(spectrogram), spectrogram.shape[1]
    pulses = _pulses(pitch, phase, config)
    voiced = _sigmoid((voicing[..., None] - config.voicing_threshold) / config.voicing_width)
    inputs = (spectrogram, pulses, voiced, *corrections)
    if str(spectrogram.device) == "cpu":
        pieces = xp.stack([_shape_piecewise(config, geometry, first_frame, *row) for row in zip(*inputs, strict=True)])
    else:
        noise = _noise_spectrum(first_frame, num_frames, config, geometry.window)
        pieces = _shape_frames(config, geometry, noise, *inputs)
    energy = xp.broadcast_to(geometry.window * geometry.window, (1, num_frames, config.n_fft))
    return _overlap_add(pieces, config) / _overlap_add(energy, config)


def _shape_piecewise(
    config: Any, geometry: MelGeometry, first_frame: int, spectrogram: Any, pulses: Any, voiced: Any, *corrections: Any
) -> Any:
    """[`_shape_frames`] of a few frames at a time, so that what is made of them stays in the processor's cache."""
    num_frames, hop_length = len(spectrogram), config.hop_length
    # at multiples of the number, where the noise is known
    starts = [0, *range(-first_frame % PIECE or PIECE, num_frames, PIECE)]
    pieces = []
    for start, end in zip(starts, [*starts[1:], num_frames], strict=True):
        noise = _noise_spectrum(first_frame + start, end - start, config, geometry.window)
        seen = pulses[start * hop_length : (end - 1) * hop_length + config.n_fft]
        rest = (values[start:end] for values in (voiced, *corrections))
        pieces.append(_shape_frames(config, geometry, noise, spectrogram[start:end], seen, *rest))
    return array_namespace(spectrogram).concatenate(pieces)


def _noise_spectrum(first_frame: int, num_frames: int, config: Any, window: Any) -> Any:
    """Spectra `(frames, bins)` of the noise that the windows of frames see; of NumPy within one of the pieces."""
    if isinstance(window, np.ndarray):
        piece, start = divmod(first_frame, PIECE)
        known = _piece_of_noise(piece, config.noise_seed, config.hop_length, config.n_fft)
        return known[start : start + num_frames]
    return _transform_noise(first_frame, num_frames, config.noise_seed, config.hop_length, window)


@functools.lru_cache(maxsize=32)  # of 0.3 MB each; every utterance begins with the first
def _piece_of_noise(piece: int, seed: int, hop_length: int, n_fft: int) -> np.ndarray:
    return _transform_noise(piece * PIECE, PIECE, seed, hop_length, hann_window(n_fft))


def _transform_noise(first_frame: int, num_frames: int, seed: int, hop_length: int, window: Any) -> Any:
    n_fft = len(window)
    start, num_samples = first_frame * hop_length - n_fft // 2, (num_frames - 1) * hop_length + n_fft
    noise = white_noise(start, num_samples, seed=seed, like=window)
    return array_namespace(window).fft.rfft(_windows(noise, hop_length, n_fft) * window)


def _shape_frames(
    config: Any, geometry: MelGeometry, noise: Any, spectrogram: Any, pulses: Any, voiced: Any, *corrections: Any
) -> Any:
    """
    Each frame's part of the waveform, `(..., frames, n_fft)`, of log-mels `(..., frames, n_mels)`, pulses
    `(..., samples)`, the share of pulses `(..., frames, 1)`, and the spectra of the noise `(frames, bins)`.
    """
    xp = array_namespace(spectrogram)
    window, filters, interpolation, gains, phases, delay, contrast = geometry
    spectrogram = spectrogram @ contrast
    frequencies = xp.arange(len(filters), device=spectrogram.device) * (config.sampling_rate / config.n_fft)
    harmonic = voiced * _cast(_sigmoid((config.harmonic_cutoff - frequencies) / config.harmonic_slope), xp.float32)
    noisy = config.noise_level * xp.sqrt(xp.clip(1.0 - harmonic * harmonic, 1e-6, None))
    # a pulse train of unit harmonics has 1 / period, noise of deviation 1 the window's energy
    pulse_spectrum = (harmonic / config.hop_length) * xp.fft.rfft(
        _windows(pulses, config.hop_length, config.n_fft) * window
    )
    noise_spectrum = (noisy / (window * window).sum() ** 0.5) * noise
    level: Any = 0.0
    if corrections:
        pulse_level, noise_level, level, turn = (value @ interpolation for value in corrections)
        pulse_spectrum = pulse_spectrum * _polar(xp.exp(pulse_level), turn)
        noise_spectrum = noise_spectrum * xp.exp(noise_level)
    spectrum = pulse_spectrum + noise_spectrum
    missing = spectrogram - xp.log(xp.clip(xp.abs(spectrum) @ filters, MAGNITUDE_FLOOR, None))
    spectrum = spectrum * _polar(xp.exp(missing @ gains + level), spectrogram @ phases + delay)
    return xp.fft.irfft(spectrum, n=config.n_fft) * window


def limit_pitch(pitch: Any, config: Any) -> Any:
    """The pitch within what can be made."""
    return array_namespace(pitch).clip(pitch, LOWEST_PITCH, config.sampling_rate / 4)


def count_cycles(pitch: Any, config: Any, phase: Any = None) -> Any:
    """
    Cycles `(batch, frames)` since the first frame, where `phase` `(batch,)` holds, of a pitch in Hz that is linear between
    frames; in double precision.
    """
    xp, pitch = array_namespace(pitch), _precise(pitch)
    steps = (pitch[:, 1:] + pitch[:, :-1]) * (config.hop_length / config.sampling_rate / 2)
    start = xp.zeros((len(pitch), 1), dtype=pitch.dtype, device=pitch.device)
    cycles = xp.concatenate((start, xp.cumsum(steps, axis=1)), axis=1)
    return cycles if phase is None else cycles + phase[:, None]


def _pulses(pitch: Any, phase: Any, config: Any) -> Any:
    """
    Pulse train over all that the windows see: `(batch, samples)` from half a window before the first frame's centre, where
    `phase` holds, to half a window after the last one's. The pitch stays as it is at both ends.
    """
    xp = array_namespace(pitch)
    pitch = limit_pitch(pitch, config)
    reach = config.n_fft // 2 // config.hop_length
    pitch = xp.concatenate((*[pitch[:, :1]] * reach, pitch, *[pitch[:, -1:]] * reach), axis=1)
    cycles = count_cycles(pitch, config)
    cycles = cycles - cycles[:, reach : reach + 1]
    if phase is not None:
        cycles = cycles + phase[:, None]
    cycles, pitch = _cast(cycles - xp.floor(cycles), xp.float32)[:, :-1, None], _cast(pitch, xp.float32)
    within = _cast(xp.arange(config.hop_length, device=pitch.device), xp.float32) / config.hop_length
    here, rise = pitch[:, :-1, None], (pitch[:, 1:] - pitch[:, :-1])[..., None] * within
    cycles = cycles + (config.hop_length / config.sampling_rate) * within * (here + rise / 2)
    harmonics = xp.floor(config.sampling_rate / 2 / (here + rise))
    # the sum of cos(k t) for k = 1 to `harmonics`, t = 2 pi cycles, in closed form; at t = 0 its limit
    angle = math.pi * (cycles - xp.round(cycles))
    is_peak = xp.abs(angle) < 1e-4
    angle = xp.where(is_peak, 1.0, angle)
    pulses = xp.sin((2 * harmonics + 1) * angle) / (2 * xp.sin(angle)) - 0.5
    return xp.where(is_peak, harmonics, pulses).reshape(len(pitch), -1)


def _windows(waveform: Any, hop_length: int, n_fft: int) -> Any:
    """What every hop's window sees of `(..., samples)`: `(..., frames, n_fft)`."""
    hops = waveform.reshape(*waveform.shape[:-1], -1, hop_length)
    overlap = n_fft // hop_length
    num_frames = hops.shape[-2] - overlap + 1
    shifted = [hops[..., place : place + num_frames, :] for place in range(overlap)]
    return array_namespace(waveform).concatenate(shifted, axis=-1)


def _overlap_add(pieces: Any, config: Any) -> Any:
    """Windows `(batch, frames, n_fft)` added up where they lie: `(batch, frames * hop_length)` from frame 0 on."""
    xp, hop_length, (batch_size, num_frames, n_fft) = array_namespace(pieces), config.hop_length, pieces.shape
    overlap = n_fft // hop_length
    hops = pieces.reshape(batch_size, num_frames, overlap, hop_length)
    total = xp.zeros((batch_size, num_frames + overlap - 1, hop_length), dtype=pieces.dtype, device=pieces.device)
    for place in range(overlap):
        total[:, place : place + num_frames] += hops[:, :, place]
    return total[:, overlap // 2 :][:, :num_frames].reshape(batch_size, -1)


def _precise(values: Any) -> Any:
    """Values in double precision, where the device has it."""
    xp = array_namespace(values)
    return _cast(values, xp.float32 if str(values.device).startswith("mps") else xp.float64)


def _cast(values: Any, dtype: Any) -> Any:
    return values.astype(dtype) if isinstance(values, np.ndarray) else values.to(dtype)


def _sigmoid(values: Any) -> Any:
    return 0.5 + 0.5 * array_namespace(values).tanh(values / 2)  # which does not overflow


def _polar(magnitude: Any, phase: Any) -> Any:
    """Complex numbers, single precision. Not `torch.polar`, which takes one number at a time."""
    xp = array_namespace(magnitude)
    real, imaginary = magnitude * xp.cos(phase), magnitude * xp.sin(phase)
    if xp is not np:
        return xp.complex(real, imaginary)
    spectrum = np.empty(real.shape, np.complex64)
    spectrum.real, spectrum.imag = real, imaginary
    return spectrum


class NumpySourceFilter:
    """
    A [`GPT2TTSSourceFilterVocoder`] without a network, in NumPy.

    Args:
        config (any object):
            Has the fields `CONFIG_FIELDS` of a [`GPT2TTSSourceFilterVocoderConfig`].
    """

    reference = SOURCE_FILTER
    requires_pitch = True

    def __init__(self, config: Any):
        self.config = config
        self.hop_length = config.hop_length
        self.context_frames = config.n_fft // config.hop_length

    def __call__(self, frames: GPT2TTSFrames, *, first_frame: int = 0, phase: np.ndarray | None = None) -> np.ndarray:
        """Frames with batch dimension to waveform `(batch, frames * hop_length)`, see [`speak_frames`]."""
        return speak_frames(frames, self.config, mel_geometry, first_frame=first_frame, phase=phase)

    def stream(self, chunks: Iterable[GPT2TTSFrames]) -> Iterator[np.ndarray]:
        """Vocode frames that arrive in chunks, see [`GPT2TTSVocoder.stream`]: the next samples `(batch, samples)`."""
        return stream_frames(
            chunks,
            self,
            lambda pitch, phase: count_cycles(limit_pitch(pitch, self.config), self.config, phase)[:, -1],
            context=self.context_frames,
            hop_length=self.hop_length,
        )


__all__ = [
    "CONFIG_FIELDS",
    "DEFAULTS",
    "SOURCE_FILTER",
    "MelGeometry",
    "NumpySourceFilter",
    "count_cycles",
    "geometry_settings",
    "hann_window",
    "hertz_to_mel",
    "limit_pitch",
    "make_waveform",
    "mel_geometry",
    "speak_frames",
    "white_noise",
]
