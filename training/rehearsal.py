"""
What a checkpoint could already do, to be trained on beside a new voice: it speaks in its own voices, and what it says, and
when, are the labels. So the old voices stay where the recordings that they were trained on are not at hand.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from tqdm.auto import tqdm

from ..data.collation import encode_segments
from ..data.features import write_features
from ..frames_gpt2tts import FINE_FACTOR
from ..generation_gpt2tts import GPT2TTSGenerateOutput, seeded_generator
from ..phonemes_gpt2tts import Segment
from ..synthesis import Synthesizer

BATCH_SIZE = 8  # clips spoken at once
MARKS = '.,;:!?"'  # that words and clauses are stripped of
LONG_TEXT = 170  # characters, some 180 phonemes


def speak_rehearsal(
    synthesizer: Synthesizer,
    texts: Sequence[str],
    folder: str | os.PathLike,
    *,
    minutes: float,
    voices: Sequence[str] | None = None,
    seed: int = 0,
) -> float:
    """
    Speaks texts in the voices of a checkpoint and writes the features, a file for each voice: a dataset for
    `train_accelerate.py --dataset`. Files that are there are kept, and the same arguments give the same features.

    Args:
        synthesizer ([`Synthesizer`]): The checkpoint.
        texts (`Sequence[str]`): What to say; each voice says others of them first.
        folder (`str` or `os.PathLike`): Where the files go.
        minutes (`float`): About how much speech, of all voices together.
        voices (`Sequence[str]`, *optional*): Defaults to all of the checkpoint.
        seed (`int`, *optional*, defaults to 0): Seed of the choice of texts and of the speech.

    Returns:
        `float`: Minutes of speech that were made now.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    voices = synthesizer.voices if voices is None else list(voices)
    frame_rate = synthesizer.model.config.frame_rate
    frames_of_each = 60 * minutes * frame_rate / max(len(voices), 1)
    spoken = 0
    for voice in tqdm(voices, desc="The old voices speak", unit="voice"):
        path = folder / f"features-{voice}.arrow"
        if path.exists():
            continue
        order = np.random.default_rng(_number(seed, voice)).permutation(len(texts))
        rows: list[dict] = []
        for row in _speak(synthesizer, [texts[index] for index in order], voice, seed):
            rows.append(row)
            spoken += row["num_frames"]
            if sum(row["num_frames"] for row in rows) >= frames_of_each:
                break
        if rows:
            write_features([{**row, "dataset": folder.name} for row in rows], path)
    return spoken / frame_rate / 60


def shuffle_words(texts: Sequence[str], seed: int = 0) -> list[str]:
    """
    Nonsense of all words of the texts, 4 to 12 in a sentence: sounds follow each other there that do in none of the texts,
    which are few, and a model that rehearses them goes on reading what it has not been shown.
    """
    generator = np.random.default_rng(seed)
    words = generator.permutation([word.strip(MARKS) for text in texts for word in text.split()])
    sentences, start = [], 0
    while start < len(words):
        length = int(generator.integers(4, 13))
        sentences.append(" ".join(words[start : start + length]).capitalize() + ".")
        start += length
    return [sentence for sentence in sentences if any(map(str.isalnum, sentence))]


def join_texts(texts: Sequence[str], seed: int = 0) -> list[str]:
    """
    Sentences as long as what is spoken in one go may be, each of several of the texts with commas between them: recordings
    are mostly of short ones, and a model that is trained on those alone forgets how to read the others.
    """
    order = np.random.default_rng(seed).permutation(len(texts))
    clauses = [clause for index in order if any(map(str.isalnum, clause := texts[index].strip(f" {MARKS}")))]
    sentences, start = [], 0
    while start < len(clauses):
        end = start + 1
        while end < len(clauses) and sum(map(len, clauses[start : end + 1])) <= LONG_TEXT:
            end += 1
        sentences.append(", ".join(clauses[start:end]) + ".")
        start = end
    return sentences


@torch.inference_mode()
def _speak(synthesizer: Synthesizer, texts: Sequence[str], voice: str, seed: int) -> Iterator[dict]:
    """Features of the texts in one voice, as far as the model came to their end by itself."""
    model, tokenizer = synthesizer.model, synthesizer.processor.tokenizer
    latents, british = synthesizer.load_voice(voice), synthesizer.is_british(voice)
    for start in range(0, len(texts), BATCH_SIZE):
        batch, sentences, ids = [], [], []
        for text in texts[start : start + BATCH_SIZE]:
            segments = synthesizer.processor.segment(text, british=british)
            tokens = symbol_tokens(segments, tokenizer)[0]
            if len(tokens) <= model.config.max_text_positions:
                batch.append(text)
                sentences.append(segments)
                ids.append(tokens)
        if not ids:
            continue
        padded = tokenizer.pad({"input_ids": ids}, return_tensors="pt").to(model.device)
        output = model.generate(
            **padded,
            style_latents=latents.expand(len(batch), -1, -1),
            generator=[seeded_generator(_number(seed, voice, text), 0) for text in batch],
            output_waveform=False,
        )
        factor, frames = model.config.reduction_factor, as_labels(output)
        for row, segments in enumerate(sentences):
            if not output.stopped[row]:
                continue
            length = int(output.spectrogram_lengths[row])
            labels = frames[row, :length].float().cpu().numpy()
            positions = output.text_positions[row, : length // factor].float().cpu().numpy()
            durations = read_durations(segments, positions, length, factor, tokenizer)
            text = "".join(segment.text for segment in segments)
            yield {
                "words": [segment.text for segment in segments],
                "phonemes": [segment.phonemes for segment in segments],
                "durations": durations,
                "labels": labels,
                "num_tokens": len(durations),
                "num_frames": length,
                "text": text,
                "speaker": voice,
                "file": f"{voice}/{_number(text):016x}",
            }


def as_labels(output: GPT2TTSGenerateOutput) -> torch.Tensor:
    """What was generated as features have it, `(batch_size, num_frames, label_size(n_mels))`."""
    fine = output.fine_spectrogram
    if fine is None:  # no refiner will learn them
        fine = torch.cat([output.spectrogram] * FINE_FACTOR, dim=-1)
    return torch.cat([output.spectrogram, fine, output.pitch[..., None].log(), output.voicing[..., None]], dim=-1)


def symbol_tokens(segments: Sequence[Segment], tokenizer) -> tuple[list[int], np.ndarray]:
    """
    Token ids of a sentence, and after how many of its symbols each token ends: the silence before counts as one, and so
    does that after.
    """
    num_symbols = sum(len(segment.phonemes) for segment in segments)
    item = encode_segments(segments, [False] * len(segments), np.ones(num_symbols + 2), tokenizer)
    return item["input_ids"].tolist(), item["token_ends"]


def read_durations(
    segments: Sequence[Segment], positions: np.ndarray, num_frames: int, reduction_factor: int, tokenizer
) -> np.ndarray:
    """
    How long each symbol was spoken, read off the reading positions: the inverse of [`group_positions`].

    Args:
        segments (`Sequence[Segment]`): The sentence.
        positions (`np.ndarray` of shape `(num_groups,)`): Place in the text of each group, in tokens.
        num_frames (`int`): Length of the speech.
        reduction_factor (`int`): Frames of a group.
        tokenizer (`PreTrainedTokenizerBase`): That of the processor.

    Returns:
        `np.ndarray` of shape `(num_symbols + 2,)`: float32 frames, those of the silence before and after included.
    """
    _, symbols = symbol_tokens(segments, tokenizer)
    middles = (np.arange(len(positions)) + 0.5) * reduction_factor
    places = np.concatenate(([-0.5], np.maximum.accumulate(positions), [len(symbols) - 0.5]))
    times = np.concatenate(([0.0], middles, [num_frames]))
    token_ends = np.interp(np.arange(len(symbols)) + 0.5, places, times)
    token_ends[-1] = num_frames
    bounds = np.interp(np.arange(int(symbols[-1]) + 1), np.concatenate(([0.0], symbols)), [0.0, *token_ends])
    return np.diff(bounds).astype(np.float32)


def _number(*parts: object) -> int:
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:7], "big")
