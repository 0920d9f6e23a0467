"""What is wrong with a clip that a voice is to be taken from: noise, a tone, music, clipping, a cut, too little of it."""

import numpy as np

from .source_filter_gpt2tts import hann_window

BEST_DURATION = "3 to 6 seconds of one speaker, without music or noise"
MAX_SECONDS = 60.0  # of a reference that are looked at; the model hears the first seconds of them
MIN_SECONDS = 1.0
MIN_SAMPLING_RATE = 16000  # what has less lacks the highs that voices differ in

WINDOW, HOP = 0.046, 0.012  # seconds
PITCH_RANGE = (70.0, 400.0)  # Hz

# Between what recordings of five speech corpora show, some 1,000 clips, and what noise, tones and played notes do. In brackets:
# the nearest value of each.
MIN_VOICED = 0.2  # share of the loud frames that are periodic (speech 0.36; noise 0)
MAX_FLATNESS = -4.0  # mean of the log spectrum over the log of its mean (speech -4.1; white noise -0.6, brown -2.4)
MIN_LEVEL_CHANGE = 3.5  # deviation of the level of loud frames, dB (speech 4.3; music 2.8)
MIN_SPECTRAL_CHANGE = 0.3  # of the log spectrum in two frames (speech 0.62; tones and chords 0.28)
# share of voiced frames in which the pitch stays within 0.15 semitones (speech 0.83; notes 0.94)
MAX_STILL_PITCH = 0.88
MAX_CLIPPED = 5e-4  # share of samples at the peak, beside another such (speech 3e-5; clipped 6 dB 5e-3)
MAX_EDGE_LEVEL = -6.0  # level of the first and last 5 ms, dB around that of the clip (speech -8.9)


def recording_flaws(waveform: np.ndarray, sampling_rate: int) -> list[str]:
    """
    What is wrong with how a clip was recorded or cut.

    Args:
        waveform (`np.ndarray` of shape `(samples,)`): The clip as it is, not resampled, with a sample that is not 0.
        sampling_rate (`int`): Its rate in Hz.

    Returns:
        `list[str]`: Sentences without a subject, such as "is clipped: ..."; none where all is well.
    """
    flaws = []
    if sampling_rate < MIN_SAMPLING_RATE:
        flaws.append(
            f"has nothing above {sampling_rate // 2} Hz, as it is sampled at {sampling_rate} Hz, and the voice will be "
            f"dull: record at {MIN_SAMPLING_RATE} Hz or more."
        )
    at_peak = np.abs(waveform) >= 0.995 * np.abs(waveform).max()
    if (at_peak[1:] & at_peak[:-1]).mean() > MAX_CLIPPED:
        flaws.append("is clipped, and the voice will be harsh: record it again at a lower level.")
    edge = max(1, round(0.005 * sampling_rate))
    level = np.square(waveform).mean()
    for place, samples in (("begins", waveform[:edge]), ("ends", waveform[-edge:])):
        if 10 * np.log10(np.square(samples).mean() / level + 1e-9) > MAX_EDGE_LEVEL:
            flaws.append(f"{place} in the middle of a sound: cut it where nobody speaks.")
    return flaws


def speech_flaws(waveform: np.ndarray, sampling_rate: int) -> list[str]:
    """
    Whether a clip is too short, or noise, a tone or music rather than speech.

    Args:
        waveform (`np.ndarray` of shape `(samples,)`): The clip without the silence at its ends, of a tenth of a second or more.
        sampling_rate (`int`): Its rate in Hz.

    Returns:
        `list[str]`: As of [`recording_flaws`].
    """
    seconds = len(waveform) / sampling_rate
    flaws = []
    if seconds < MIN_SECONDS:
        flaws.append(f"holds {seconds:.2f} s of sound, too little to know a voice by: pass {BEST_DURATION}.")
    size = round(WINDOW * sampling_rate)
    waveform = waveform[: round(10 * sampling_rate)]
    if len(waveform) < size:
        return flaws
    frames = np.lib.stride_tricks.sliding_window_view(waveform, size)[:: round(HOP * sampling_rate)]
    level = 10 * np.log10(np.square(frames).mean(1) + 1e-10)
    is_loud = level > level.max() - 25
    if is_loud.sum() < 5:
        return flaws

    window = hann_window(size)
    power = np.square(np.abs(np.fft.rfft((frames - frames.mean(1, keepdims=True)) * window, 2 * size)))
    is_voiced, pitch = _pitch(power, window, sampling_rate)
    is_voiced &= is_loud
    # 200 Hz to 10 kHz or what there is
    spectrum = power[:, round(400 * size / sampling_rate) : round(20000 * size / sampling_rate)]
    log_spectrum = np.log(spectrum + 1e-8)
    flatness = (log_spectrum.mean(1) - np.log(spectrum.mean(1) + 1e-8))[is_loud].mean()
    # of eighths of an octave or so: single bins of noise change all the time
    num_bands = power.shape[1] // 16
    bands = np.log(power[:, : 16 * num_bands].reshape(len(power), num_bands, 16).mean(2) + 1e-8)
    change = np.abs(bands[2:] - bands[:-2]).mean(1)[is_loud[1:-1]].mean()
    voiced = is_voiced.sum() / is_loud.sum()
    goes_on = is_voiced[1:] & is_voiced[:-1]
    still_pitch = (np.abs(pitch[1:] - pitch[:-1]) < 0.15)[goes_on].mean() if goes_on.any() else 0.0
    is_steady = level[is_loud].std(ddof=1) < MIN_LEVEL_CHANGE
    if change < MIN_SPECTRAL_CHANGE and voiced > 0.9:
        kind = "a tone"
    elif flatness > MAX_FLATNESS and (voiced < MIN_VOICED or is_steady):
        kind = "noise"
    elif is_steady or still_pitch > MAX_STILL_PITCH or voiced < MIN_VOICED:
        kind = "music or several sounds at once"
    else:
        return flaws
    return [*flaws, f"sounds like {kind}, not like a speaker: pass {BEST_DURATION}."]


def _pitch(power: np.ndarray, window: np.ndarray, sampling_rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Of power spectra `(frames, bins)`: whether each frame is periodic, and its pitch in semitones, by autocorrelation."""
    size = len(window)
    correlation = np.fft.irfft(power)[:, :size]
    of_window = np.fft.irfft(np.square(np.abs(np.fft.rfft(window, 2 * size))))[:size]
    correlation = correlation / (correlation[:, :1] + 1e-9) / (of_window / of_window[0] + 1e-9)
    shortest, longest = (round(sampling_rate / pitch) for pitch in reversed(PITCH_RANGE))
    possible = correlation[:, shortest:longest]
    return possible.max(1) > 0.6, 12 * np.log2(sampling_rate / (possible.argmax(1) + shortest))


__all__ = ["recording_flaws", "speech_flaws"]
