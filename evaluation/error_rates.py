"""Character and word error rates of speech, after Whisper's English text normaliser, with `jiwer` underneath."""

import functools
import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from transformers.models.whisper.english_normalizer import EnglishTextNormalizer

from .utils import import_optional, package_version

# the British-to-American spelling list is data of these packages; without one, "colour" is not "color"
_SPELLING_PACKAGES = {"whisper-normalizer": "whisper_normalizer", "openai-whisper": "whisper"}


@dataclass(frozen=True)
class ErrorCounts:
    """
    Edits of one sentence.

    Args:
        errors (`int`): Substitutions, deletions and insertions together.
        length (`int`): Number of characters or words of the normalised reference.
    """

    errors: int
    length: int

    @property
    def rate(self) -> float:
        """Errors by length; the errors themselves where the reference is empty."""
        return self.errors / max(self.length, 1)


@functools.lru_cache(maxsize=1)
def _english_normalizer() -> tuple[EnglishTextNormalizer, str]:
    for package, module in _SPELLING_PACKAGES.items():
        spec = importlib.util.find_spec(module)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            path = Path(folder) / "normalizers" / "english.json"
            if path.is_file():
                mapping = json.loads(path.read_text(encoding="utf-8"))
                return EnglishTextNormalizer(mapping), f"spelling list of {package} {package_version(package)}"
    return EnglishTextNormalizer({}), "no spelling list (pip install whisper-normalizer)"


def normalizer_description() -> str:
    """Which normaliser is in use, for a report."""
    return f"Whisper English normaliser of transformers {package_version('transformers')}, {_english_normalizer()[1]}"


def normalize_english(text: str) -> str:
    """
    Whisper's English text normaliser (Radford et al. 2022, appendix C): lower case, no punctuation, numbers in
    digits, contractions spelled out, American spelling.

    The spelling list comes from `whisper-normalizer` or `openai-whisper` where one is installed.
    """
    normalizer, _ = _english_normalizer()
    # the normaliser leaves lone symbols, such as the last dot of an ellipsis
    return " ".join(word for word in normalizer(text).split() if any(map(str.isalnum, word)))


def _to_units(text: str, unit: str) -> str | list[str]:
    if unit not in ("character", "word"):
        raise ValueError(f"`unit` has to be 'character' or 'word', got {unit!r}.")
    return text if unit == "character" else text.split()


def count_errors(reference: str, hypothesis: str, unit: str = "character", *, normalize: bool = True) -> ErrorCounts:
    """
    Edits that turn one reference into a hypothesis.

    Args:
        reference (`str`): What was to be said.
        hypothesis (`str`): What was recognised.
        unit (`str`, *optional*, defaults to `"character"`): `"character"` or `"word"`.
        normalize (`bool`, *optional*, defaults to `True`): Apply [`normalize_english`] to both.

    Returns:
        [`ErrorCounts`]
    """
    jiwer = import_optional("jiwer", "jiwer", "An error rate")
    if normalize:
        reference, hypothesis = normalize_english(reference), normalize_english(hypothesis)
    length = len(_to_units(reference, unit))
    if length == 0:  # jiwer refuses an empty reference
        return ErrorCounts(len(_to_units(hypothesis, unit)), 0)
    process = jiwer.process_characters if unit == "character" else jiwer.process_words
    output = process(reference, hypothesis)
    return ErrorCounts(output.substitutions + output.deletions + output.insertions, length)


def _corpus_rate(references: Sequence[str] | str, hypotheses: Sequence[str] | str, unit: str) -> float:
    references = [references] if isinstance(references, str) else list(references)
    hypotheses = [hypotheses] if isinstance(hypotheses, str) else list(hypotheses)
    if len(references) != len(hypotheses):
        raise ValueError(
            f"`references` and `hypotheses` have to be of one length, got {len(references)} and {len(hypotheses)}."
        )
    if not references:
        raise ValueError("`references` is empty: there is nothing to measure.")
    counts = [count_errors(*pair, unit) for pair in zip(references, hypotheses, strict=True)]
    return sum(count.errors for count in counts) / max(sum(count.length for count in counts), 1)


def character_error_rate(references: Sequence[str] | str, hypotheses: Sequence[str] | str) -> float:
    """
    Corpus-level character error rate: all edits by all reference characters, after [`normalize_english`].

    Args:
        references (`str` or sequence of `str`): What was to be said.
        hypotheses (`str` or sequence of `str`): What was recognised, one for each reference.

    Returns:
        `float`: 0 is perfect; insertions can take it above 1.
    """
    return _corpus_rate(references, hypotheses, "character")


def word_error_rate(references: Sequence[str] | str, hypotheses: Sequence[str] | str) -> float:
    """Corpus-level word error rate; arguments and result as in [`character_error_rate`]."""
    return _corpus_rate(references, hypotheses, "word")


def bootstrap_interval(
    numerators: Sequence[float], denominators: Sequence[float] | None = None
) -> tuple[float, float]:
    """
    Percentile bootstrap interval, 95%, of a ratio of sums, resampled by sentence (Bisani & Ney 2004), or of a mean.

    Args:
        numerators (sequence of `float`): Errors, or values whose mean is meant.
        denominators (sequence of `float`, *optional*): Reference lengths; ones by default.

    Returns:
        `tuple[float, float]`: Low and high end.
    """
    top = np.asarray(numerators, dtype=np.float64)
    bottom = np.ones_like(top) if denominators is None else np.asarray(denominators, dtype=np.float64)
    if top.size == 0 or top.shape != bottom.shape:
        raise ValueError(f"Need equally many numerators and denominators, got {top.size} and {bottom.size}.")
    rows = np.random.default_rng(0).integers(0, top.size, (2000, top.size))
    values = top[rows].sum(1) / np.maximum(bottom[rows].sum(1), 1e-12)
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def mark_errors(reference: str, hypothesis: str) -> list[tuple[str, str]]:
    """
    Align two normalised texts word by word.

    Returns:
        `list[tuple[str, str]]`: Spans `(kind, words)` in reading order; kind is `"equal"`, `"substitute"` (the words
        heard), `"insert"` (heard, not in the text) or `"delete"` (in the text, not heard).
    """
    jiwer = import_optional("jiwer", "jiwer", "Marking errors")
    reference, hypothesis = normalize_english(reference), normalize_english(hypothesis)
    if not reference or not hypothesis:
        spans = [("insert", hypothesis), ("delete", reference)]
        return [span for span in spans if span[1]]
    words, heard = reference.split(), hypothesis.split()
    spans = []
    for chunk in jiwer.process_words(reference, hypothesis).alignments[0]:
        if chunk.type == "delete":
            spans.append(("delete", " ".join(words[chunk.ref_start_idx : chunk.ref_end_idx])))
        else:
            spans.append((chunk.type, " ".join(heard[chunk.hyp_start_idx : chunk.hyp_end_idx])))
    return spans
