"""
Vocoders on held-out recordings: recordings are analysed and vocoded again (copy-synthesis).

    python benchmarks/vocoders.py --vocoder source-filter --dataset LJSpeech-1.1 --num_clips 40

prints, for the recordings, Griffin-Lim and each vocoder: the character error rate of a recogniser (a fraction of 1), the
predicted mean opinion score, the mean absolute difference of the re-analysed log-mel from the input, the real-time
factor, and the size. The pitch is tracked in the recordings. The held-out clips are those of `train_vocoder.py` with the
same `--validation_share`. With `--acoustic_model pretrained` the spectrograms are those that the model predicts of the
recordings, as a vocoder gets them in speech. Needs `pip install -e ".[train,eval]"`.
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
    clip_pitch,
    clip_spectrogram,
    clip_waveform,
    prepare_vocoder_data,
)
from gpt2tts.training.vocoder_validation import copy_synthesis
from gpt2tts.vocoder_gpt2tts import GRIFFIN_LIM, load_vocoder

COLUMNS = ("CER", "MOS", "mel L1", "RTF", "M parameters", "MB")


def real_time_factor(vocoder: torch.nn.Module, spectrogram: torch.Tensor, tracks: dict[str, torch.Tensor]) -> float:
    """Seconds that a second of speech takes: the fastest of five passes over one clip."""
    seconds = []
    with torch.inference_mode():
        for _ in range(5):
            started = time.perf_counter()
            waveform = vocoder(spectrogram, **tracks)
            seconds.append(time.perf_counter() - started)
    return min(seconds) * vocoder.config.sampling_rate / waveform.shape[-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vocoder", nargs="+", default=[], help="References, besides Griffin-Lim.")
    parser.add_argument("--dataset", nargs="+", required=True, help="Datasets, as for train_vocoder.py.")
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
        with_pitch=True,
        cache_dir=args.cache_dir,
    )
    clips = data.validation.select(spread_over_speakers(data.validation["speaker"][:], args.num_clips))
    spectrograms = None
    if args.acoustic_model:
        model = GPT2TTSForTextToSpeech.from_pretrained(args.acoustic_model)
        clips = add_predicted_spectrograms(clips, model, GPT2TTSProcessor.from_pretrained(args.acoustic_model))
        spectrograms = [clip_spectrogram(clip, feature_extractor.feature_size) for clip in clips]
    recordings = [clip_waveform(clip) for clip in clips]
    pitches = [clip_pitch(clip) for clip in clips]
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
    index = max(range(len(recordings)), key=lambda index: len(recordings[index]))
    longest = feature_extractor.log_mel(recordings[index])[: len(pitches[index]["pitch"])]
    for reference in (GRIFFIN_LIM, *args.vocoder):
        vocoder = load_vocoder(
            reference, sampling_rate=sampling_rate, hop_length=feature_extractor.hop_length, n_mels=longest.shape[-1]
        )
        result = copy_synthesis(vocoder, recordings, feature_extractor, spectrograms=spectrograms, pitches=pitches)
        weights = list(vocoder.parameters())
        table[reference] = {
            **listen(result.waveforms),
            "mel L1": result.metrics["mel"],
            "RTF": real_time_factor(vocoder, longest, pitches[index]),
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
    if args.output:
        Path(args.output).write_text(json.dumps(table, indent=2))


if __name__ == "__main__":
    main()
