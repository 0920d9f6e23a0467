"""Ways in which generated speech goes wrong, each found by a rule that one can read: loops, runaways, early stops,
silence, clipping."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import torch

from ..audio import resample_waveforms
from ..feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from ..text_normalization_gpt2tts import normalize_english_text
from .clips import HOP_LENGTH, SAMPLING_RATE, trim_edges
from .error_rates import mark_errors, normalize_english

KINDS = ("loop", "runaway", "early stop", "silence", "clipping")

# 150 real clips of six sources stay below 0.7; pieces of them repeated five times with noise lie above 0.89
_REPETITION_THRESHOLD = 0.8
_LETTERS_PER_SECOND = 17.0  # median over 200 real clips of five sources; the fastest reach 28
_FIXED_SECONDS = 0.3  # that even a short word takes beyond its letters
_SILENT_LEVEL = -50.0  # dBFS of the loudest 23 ms
_PAUSE_LEVEL = 45.0  # dB below the loudest 23 ms
_LONGEST_PAUSE = 2.0  # seconds; real clips stay below 0.8


@dataclass(frozen=True)
class Failure:
    """
    One thing wrong with a clip.

    Args:
        kind (`str`): One of `KINDS`.
        detail (`str`): What was found, for a reader.
    """

    kind: str
    detail: str


def count_repeats(words: list[str]) -> dict[tuple[str, ...], int]:
    """
    Immediate repetitions: for each n-gram of up to six words, how often it follows itself at most.

    Returns:
        `dict[tuple[str, ...], int]`: n-gram to number of successive occurrences, where that is 2 or more.
    """
    repeats: dict[tuple[str, ...], int] = {}
    for length in range(1, 7):
        for start in range(len(words) - 2 * length + 1):
            gram, count = tuple(words[start : start + length]), 1
            if any(length % part == 0 and gram == gram[:part] * (length // part) for part in range(1, length)):
                continue  # "no no" twice is "no" four times
            while tuple(words[start + count * length : start + (count + 1) * length]) == gram:
                count += 1
            if count > 1:
                repeats[gram] = max(repeats.get(gram, 0), count)
    return repeats


def find_text_loop(text: str, transcript: str) -> str | None:
    """
    A loop in the words: an n-gram of the transcript that follows itself and does not do so in the text.

    One word has to come three times; two words or more, twice. A text that repeats itself may be heard to do so over as
    many words as it does, and once more: "ding dong, ding dong" as "dang" four or five times is misheard, not looped.
    Syllables that repeat inside a word ("lalalala") count from four on.

    Returns:
        `str` or `None`: What repeats and how often.
    """
    heard, wanted = normalize_english(transcript).split(), normalize_english(text)
    own_words = max((len(gram) * count for gram, count in _repeats_of_text(text).items()), default=0)
    for gram, count in count_repeats(heard).items():
        least = 3 if len(gram) == 1 else 2
        if count >= least and len(gram) * count > own_words + (len(gram) if own_words else 0):
            return f'"{" ".join(gram)}" {count} times'
    for word in heard:
        match = re.search(r"([^\W\d]{2,}?)\1{3,}", word)
        if match and match[0] not in wanted:
            return f'"{match[1]}" {len(match[0]) // len(match[1])} times in one word'
    return None


def _repeats_of_text(text: str) -> dict[tuple[str, ...], int]:
    """What repeats in a text, as it is written or as it is spoken: "555" is "five five five"."""
    return count_repeats(normalize_english(text).split()) | count_repeats(_spoken_words(text))


def _spoken_words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", normalize_english_text(text).lower())


def _sounds_repeated(text: str) -> bool:
    """Whether the sound of the text may repeat itself: words do, or one that is not short is a third of them."""
    words = _spoken_words(text)
    counts = Counter(word for word in words if len(word) > 3)
    return bool(_repeats_of_text(text)) or max(counts.values(), default=0) >= max(3, len(words) / 3)


def repetition_score(log_mel: np.ndarray) -> tuple[float, float]:
    """
    How much a spectrogram repeats itself: the highest Pearson correlation of a stretch of it with the stretch that
    follows one period later, over periods of 0.15 to 1.5 s and stretches of two periods (so that the pattern is there
    three times) and of 0.6 s at least.

    Args:
        log_mel (`np.ndarray` of shape `(frames, n_mels)`): Log-mel spectrogram, frames of 256 samples at 22,050 Hz.

    Returns:
        `tuple[float, float]`: The correlation and the period in seconds; `(0.0, 0.0)` for a clip too short to repeat.
    """
    rate = SAMPLING_RATE / HOP_LENGTH
    # silence repeats silence: below 60 dB under the loudest bin there is nothing to compare
    x = np.maximum(log_mel, log_mel.max() - 60 / 20 * np.log(10)).astype(np.float64)
    best, best_period = 0.0, 0.0
    for lag in range(round(0.15 * rate), round(1.5 * rate) + 1):
        window = max(2 * lag, round(0.6 * rate))
        if window + lag > len(x):
            break
        sums = np.concatenate([np.zeros((1, x.shape[1])), x.cumsum(0)])
        mean = (sums[window:] - sums[:-window]) / window  # of each bin, over each window
        squares = np.concatenate([[0.0], (x**2).sum(1).cumsum()])
        variance = squares[window:] - squares[:-window] - window * (mean**2).sum(1)
        products = np.concatenate([[0.0], (x[:-lag] * x[lag:]).sum(1).cumsum()])
        covariance = products[window:] - products[:-window] - window * (mean[:-lag] * mean[lag:]).sum(1)
        # a stretch with hardly any movement has no pattern to repeat
        floor = 0.25 * window * x.shape[1]
        scale = np.sqrt(np.maximum(variance[:-lag], floor) * np.maximum(variance[lag:], floor))
        correlation = float((covariance / scale).max())
        if correlation > best:
            best, best_period = correlation, lag / rate
    return best, best_period


def expected_seconds(text: str) -> float:
    """Rough duration of a text at a usual pace; numbers and abbreviations count as they are spoken."""
    return _FIXED_SECONDS + len(normalize_english_text(text)) / _LETTERS_PER_SECOND


def find_failures(
    text: str,
    waveform: np.ndarray,
    sampling_rate: int,
    *,
    transcript: str | None = None,
    stopped: bool | None = None,
    recording: np.ndarray | None = None,
) -> list[Failure]:
    """
    Look for each kind of failure in one clip.

    - loop: words that repeat in the transcript and not in the text ([`find_text_loop`]), or a spectrogram that repeats
      itself ([`repetition_score`] from 0.8 on) where the text does not;
    - runaway: the model came to its frame budget, or speech of more than 2.5 times the expected duration;
    - early stop: speech of less than 40% of the expected duration, or of less than 80% of it and
      the last words, 30% of the letters or more, not heard;
    - silence: nothing above -50 dBFS, or a pause of more than 2 s inside;
    - clipping: three or more samples in a row at full scale, more than once in 10,000 samples.

    Args:
        text (`str`): What was to be said.
        waveform (`np.ndarray` of shape `(samples,)`): The clip.
        sampling_rate (`int`): Its rate in Hz.
        transcript (`str`, *optional*): What was recognised; without it only sound and duration are looked at.
        stopped (`bool`, *optional*): Whether the model ended by itself.
        recording (`np.ndarray` of shape `(samples,)`, *optional*):
            The same sentence in life at the same rate, whose duration is better than a guess from the text.

    Returns:
        `list[Failure]`: In the order of `KINDS`, one of a kind; empty for a sound clip.
    """
    failures = []
    clips = [waveform] if recording is None else [waveform, recording]
    waveform, *real = resample_waveforms(clips, sampling_rate, SAMPLING_RATE)
    seconds, speech_seconds = len(waveform) / SAMPLING_RATE, len(trim_edges(waveform)) / SAMPLING_RATE
    expected = len(trim_edges(real[0])) / SAMPLING_RATE if real else expected_seconds(text)

    loop = find_text_loop(text, transcript) if transcript else None
    if loop is None and len(waveform) > 1024 and not _sounds_repeated(text):
        log_mel = GPT2TTSFeatureExtractor().log_mel(torch.from_numpy(waveform)).numpy()
        score, period = repetition_score(log_mel)
        if score >= _REPETITION_THRESHOLD:
            loop = f"the sound repeats every {period:.2f} s (correlation {score:.2f})"
    if loop:
        failures.append(Failure("loop", loop))

    if stopped is False:
        failures.append(Failure("runaway", f"did not stop by itself, cut at {seconds:.1f} s"))
    elif speech_seconds > max(2.5 * expected, expected + 1.0):
        failures.append(Failure("runaway", f"{speech_seconds:.1f} s where about {expected:.1f} s were expected"))

    if speech_seconds < 0.4 * (expected if real else expected - _FIXED_SECONDS):
        failures.append(Failure("early stop", f"{speech_seconds:.1f} s where about {expected:.1f} s were expected"))
    elif transcript and stopped is not False and speech_seconds < 0.8 * expected:
        kind, lost = (mark_errors(text, transcript) or [("equal", "")])[-1]
        wanted = normalize_english(text)
        # by letters: "A B C" heard as one word has lost two words and nothing else
        if kind == "delete" and " " in lost and len(lost.replace(" ", "")) >= 0.3 * len(wanted.replace(" ", "")):
            count = len(lost.split())
            failures.append(Failure("early stop", f"the last {count} of {len(wanted.split())} words are missing"))

    if silence := _find_silence(waveform):
        failures.append(Failure("silence", silence))

    full_scale = np.abs(waveform) >= 0.999
    runs = full_scale[2:] & full_scale[1:-1] & full_scale[:-2]
    if len(runs) and runs.mean() > 1e-4:
        failures.append(Failure("clipping", f"{full_scale.mean():.2%} of the samples are at full scale"))
    return failures


def _find_silence(waveform: np.ndarray) -> str | None:
    frames = waveform[: len(waveform) // 512 * 512].reshape(-1, 512)  # 23 ms
    level = 10 * np.log10((frames.astype(np.float64) ** 2).mean(1) + 1e-12)
    if len(level) == 0 or level.max() < _SILENT_LEVEL:
        return "nothing above -50 dBFS"
    loud = np.flatnonzero(level > level.max() - _PAUSE_LEVEL)
    pause = np.diff(loud).max(initial=0) * 512 / SAMPLING_RATE
    return f"a pause of {pause:.1f} s" if pause > _LONGEST_PAUSE else None
