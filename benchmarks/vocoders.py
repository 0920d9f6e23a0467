"""
Vocoders on held-out recordings: recordings are analysed and vocoded again (copy-synthesis).

    python benchmarks/vocoders.py --vocoder runs/vocoder_small/final --dataset LJSpeech-1.1 --num_clips 40

prints, for the recordings, Griffin-Lim and each vocoder: the character error rate of a recogniser (a fraction of 1), the
predicted mean opinion score, the mean absolute difference of the re-analysed log-mel from the input, the real-time
factor, and the size. Then it says which of the bars each vocoder reaches. The held-out clips are those of
`train_vocoder.py` with the same `--validation_share`. With `--acoustic_model pretrained` the spectrograms are those that
the model predicts of the recordings, as a vocoder gets them in speech; with `--num_refinements 0 16` each vocoder is
measured at several numbers of Griffin-Lim steps.
"""

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch

from gpt2tts.evaluation.error_rates import character_error_rate
from gpt2tts.evaluation.mos import load_mos_predictor
from gpt2tts.evaluation.recognizers import load_recognizer
from gpt2tts.feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.processing_gpt2tts import GPT2TTSProcessor
from gpt2tts.training.validation import spread_over_speakers
from gpt2tts.training.vocoder_data import (
    add_predicted_spectrograms,
    clip_spectrogram,
    clip_waveform,
    prepare_vocoder_data,
)
from gpt2tts.training.vocoder_validation import copy_synthesis
from gpt2tts.vocoder_gpt2tts import GRIFFIN_LIM, load_vocoder

COLUMNS = ("CER", "MOS", "mel L1", "RTF", "M parameters", "MB")


def real_time_factor(vocoder: torch.nn.Module, spectrogram: torch.Tensor, repetitions: int = 5) -> float:
    """Seconds that a second of speech takes: the fastest of several passes over one clip."""
    seconds = []
    with torch.inference_mode():
        for _ in range(repetitions):
            started = time.perf_counter()
            waveform = vocoder(spectrogram)
            seconds.append(time.perf_counter() - started)
    return min(seconds) * vocoder.config.sampling_rate / waveform.shape[-1]


def bars(row: dict[str, float], recordings: dict[str, float], griffin_lim: dict[str, float]) -> dict[str, bool]:
    """The bars by name, and whether `row` reaches them."""
    return {
        "CER within 0.005 of the recordings": row["CER"] - recordings["CER"] <= 0.005,
        "MOS at least 0.4 above Griffin-Lim": row["MOS"] - griffin_lim["MOS"] >= 0.4,
        "MOS within 0.4 of the recordings": recordings["MOS"] - row["MOS"] <= 0.4,
        "mel L1 below Griffin-Lim's": row["mel L1"] < griffin_lim["mel L1"],
        "RTF at most 0.06": row["RTF"] <= 0.06,
        "at most 2M parameters": row["M parameters"] <= 2.0,
        "at most 8 MB": row["MB"] <= 8.0,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocoder", nargs="+", default=[], help="References, besides Griffin-Lim.")
    parser.add_argument("--dataset", nargs="+", required=True, help="Datasets, as for train_vocoder.py.")
    parser.add_argument("--num_refinements", nargs="+", type=int, help="Of each vocoder. Default: its own.")
    parser.add_argument("--acoustic_model", help="Folder or Hub id: vocode what it predicts of the recordings.")
    parser.add_argument("--exclude_files", nargs="*", default=["LJ050-*"], help="Patterns of files to leave out.")
    parser.add_argument("--validation_share", type=float, default=0.05, help="Share held out, as in training.")
    parser.add_argument("--num_clips", type=int, default=40, help="Held-out clips, spread over the speakers.")
    parser.add_argument("--recognizer", default="auto", help="Recogniser for CER, or none.")
    parser.add_argument("--mos_predictor", default="auto", help="MOS predictor, or none.")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads.")
    parser.add_argument("--cache_dir", help="Folder of the decoded audio.")
    parser.add_argument("--output", help="JSON file for the table.")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    feature_extractor = GPT2TTSFeatureExtractor()
    sampling_rate = feature_extractor.sampling_rate
    data = prepare_vocoder_data(
        args.dataset,
        feature_extractor,
        exclude_files=args.exclude_files,
        validation_share=args.validation_share,
        cache_dir=args.cache_dir,
    )
    clips = data.validation.select(spread_over_speakers(data.validation["speaker"][:], args.num_clips))
    spectrograms = None
    if args.acoustic_model:
        model = GPT2TTSForTextToSpeech.from_pretrained(args.acoustic_model)
        clips = add_predicted_spectrograms(clips, model, GPT2TTSProcessor.from_pretrained(args.acoustic_model))
        spectrograms = [clip_spectrogram(clip, feature_extractor.feature_size) for clip in clips]
    recordings = [clip_waveform(clip) for clip in clips]
    texts = clips["text"][:]
    recognizer = None if args.recognizer == "none" else load_recognizer(args.recognizer)
    mos_predictor = None if args.mos_predictor == "none" else load_mos_predictor(args.mos_predictor)

    def listen(waveforms: list[np.ndarray]) -> dict[str, float]:
        heard = recognizer and recognizer.transcribe(waveforms, sampling_rate)
        return {
            "CER": character_error_rate(texts, heard) if heard is not None else math.nan,
            "MOS": float(np.nanmean(mos_predictor.predict(waveforms, sampling_rate))) if mos_predictor else math.nan,
        }

    table = {"recordings": listen([recording.numpy() for recording in recordings])}
    longest = feature_extractor.log_mel(max(recordings, key=len))
    settings = [(reference, count) for reference in args.vocoder for count in args.num_refinements or [None]]
    for reference, count in [(GRIFFIN_LIM, None), *settings]:
        vocoder = load_vocoder(
            reference, sampling_rate=sampling_rate, hop_length=feature_extractor.hop_length, n_mels=longest.shape[-1]
        )
        name = reference
        if count is not None:
            vocoder.config.num_refinements = count
            name = f"{reference}, {count} refinements"
        result = copy_synthesis(vocoder, recordings, feature_extractor, spectrograms=spectrograms)
        weights = list(vocoder.parameters())
        table[name] = {
            **listen(result.waveforms),
            "mel L1": result.metrics["mel"],
            "RTF": real_time_factor(vocoder, longest),
            "M parameters": sum(weight.numel() for weight in weights) / 1e6,
            "MB": sum(weight.nbytes for weight in weights) / 1e6,
        }

    seconds = sum(map(len, recordings)) / sampling_rate
    print(
        f"{len(clips)} held-out clips of {len(set(clips['speaker'][:]))} speakers, {seconds:.0f} s; {args.threads} threads"
    )
    for tool in filter(None, (recognizer, mos_predictor)):
        print(f"{tool.name} ({tool.version})")
    print(f"\n| vocoder | {' | '.join(COLUMNS)} |\n|{' --- |' * (len(COLUMNS) + 1)}")
    for name, row in table.items():
        print(f"| {name} | {' | '.join(f'{row[c]:.3f}' if c in row else '' for c in COLUMNS)} |")
    for name in list(table)[2:]:
        print(f"\n{name}")
        for bar, reached in bars(table[name], table["recordings"], table[GRIFFIN_LIM]).items():
            print(f"- [{'x' if reached else ' '}] {bar}")
    if args.output:
        Path(args.output).write_text(json.dumps(table, indent=2))


if __name__ == "__main__":
    main()
