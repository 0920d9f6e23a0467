"""
Time, money and disk of training on more data and more GPUs, from what was measured on one.

    python benchmarks/scaling.py               # the tables, from the figures below
    python benchmarks/scaling.py --measure     # what one core of this machine does of the data work, for those figures

The figures of the GPU are those of the embedded checkpoint's training (docs/training.md): two runs of `small` at once on
one H100, 6,500 s of audio a second each. Everything else is arithmetic, each line of it printed.
"""

import argparse
import dataclasses
import time
from pathlib import Path

import torch

from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.data.frames import label_size
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech

CLIPS = Path(__file__).parents[1] / "tests" / "fixtures" / "speech"

# name: hours of speech, passes over it. The embedded checkpoint took 16 of its 22.9 hours; more data needs fewer
DATASETS = {"LJSpeech": (24, 16), "LibriTTS": (585, 8), "50,000 hours": (50_000, 1)}
GPUS = (1, 8, 64)
TOKENS_A_SECOND = 100 / 6.62  # phonemes of a sentence of LJSpeech; it lasts 6.62 s
CLIP_SECONDS = 6.62
ROW_BYTES = 84  # of a row in the memory of a process: its lengths, its weight and the name of its speaker


@dataclasses.dataclass
class Figures:
    """Measured, or as its comment says."""

    audio_seconds_a_second: float = 13_000  # of `small` on one H100: two runs of 6,500
    peak_flops: float = 989e12  # of an H100, bf16 without sparsity: the data sheet's
    efficiency: float = 0.9  # of several GPUs, against as many times one: assumed
    dollars_a_gpu_hour: float = 3.0  # assumed
    feature_seconds_a_core_second: float = 30.0  # --measure
    loaded_seconds_a_core_second: float = 2_400.0  # --measure
    cores_a_gpu: int = 16  # of the machine with the H100


def count_parameters(preset: str) -> int:
    """Parameters of a preset."""
    with torch.device("meta"):
        return sum(p.numel() for p in GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset(preset)).parameters())


def positions_a_second(preset: str) -> float:
    """Positions of the backbone for a second of speech: groups of frames, text, and the latents of each clip."""
    config = GPT2TTSConfig.from_preset(preset)
    groups = config.frame_rate / config.reduction_factor
    return groups + TOKENS_A_SECOND + config.num_style_latents / CLIP_SECONDS


def feature_bytes_a_second() -> float:
    """Bytes of a second's features: half-precision frames."""
    config = GPT2TTSConfig.from_preset("small")
    return 2 * config.frame_rate * label_size(config.n_mels)


def duration(hours: float) -> str:
    """Hours as text."""
    if hours < 1:
        return f"{60 * hours:.1f} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"


def size(num_bytes: float) -> str:
    """Bytes as text."""
    return f"{num_bytes / 1e9:.1f} GB" if num_bytes < 1e12 else f"{num_bytes / 1e12:.1f} TB"


def print_tables(figures: Figures):
    """The arithmetic, then the tables."""
    speeds = {}
    small = count_parameters("small")
    positions = positions_a_second("small") * figures.audio_seconds_a_second
    utilisation = 6 * small * positions / figures.peak_flops
    print(f"positions a second of speech, small: {positions_a_second('small'):.1f}")
    print(f"positions a second, small: {figures.audio_seconds_a_second:,.0f} x that = {positions:,.0f}")
    print(
        f"FLOPs: 6 x {small / 1e6:.1f} million parameters x {positions:,.0f} = {6 * small * positions / 1e12:.1f} "
        f"TFLOPs, {100 * utilisation:.1f}% of {figures.peak_flops / 1e12:.0f}"
    )
    speeds["small"] = figures.audio_seconds_a_second
    base = count_parameters("base")
    speeds["base"] = utilisation * figures.peak_flops / (6 * base * positions_a_second("base"))
    print(
        f"base at the same share: {base / 1e6:.1f} million parameters, {positions_a_second('base'):.1f} positions a "
        f"second of speech: {speeds['base']:,.0f} s of audio a second"
    )
    print("\n| preset | speech | passes | " + " | ".join(f"{n} GPU{'s' * (n > 1)}" for n in GPUS) + " | money |")
    print("| --- | ---: | ---: |" + " ---: |" * len(GPUS) + " ---: |")
    for preset, speed in speeds.items():
        for name, (hours, passes) in DATASETS.items():
            times = [hours * passes / (speed * n * (figures.efficiency if n > 1 else 1)) for n in GPUS]
            money = [figures.dollars_a_gpu_hour * n * t for n, t in zip(GPUS, times, strict=True)]
            print(
                f"| `{preset}` | {name} | {passes} | "
                + " | ".join(map(duration, times))
                + f" | ${money[0]:,.2f} to {money[-1]:,.2f} |"
            )
    print(
        "\n| speech | audio, 16 bits at 22,050 Hz | features | cores x time to compute them | lists in the memory of each process |"
    )
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, (hours, _) in DATASETS.items():
        clips = hours * 3600 / CLIP_SECONDS
        print(
            f"| {name} | {size(hours * 3600 * 2 * 22_050)} | {size(hours * 3600 * feature_bytes_a_second())} | "
            f"{figures.cores_a_gpu} x {duration(hours / figures.feature_seconds_a_core_second / figures.cores_a_gpu)} | "
            f"{size(clips * ROW_BYTES)} |"
        )
    # a row is read with a reference of another clip, which is read whole
    read = 2 * feature_bytes_a_second() * figures.audio_seconds_a_second
    workers = figures.audio_seconds_a_second / figures.loaded_seconds_a_core_second
    streamed = figures.audio_seconds_a_second / figures.feature_seconds_a_core_second
    print(f"\nreading for one GPU of `small`: {read / 1e6:,.0f} MB a second")
    print(
        f"loading for it: {workers:.1f} worker processes; of `base`: {workers * speeds['base'] / speeds['small']:.1f}"
    )
    print(f"features as they come (--streaming), for it: {streamed:,.0f} cores")


def measure():
    """Seconds of speech that a core makes features of, and batches of, in a second of its time."""
    import tempfile

    from gpt2tts import GPT2TTSFeatureExtractor, GPT2TTSProcessor, build_byte_tokenizer
    from gpt2tts.data.collation import Augmentation, SpeechCollator
    from gpt2tts.data.features import FeatureMap, FeatureSettings
    from gpt2tts.data.prepare import prepare_speech_data
    from gpt2tts.data.samplers import RowDraw
    from gpt2tts.data.speech_datasets import load_speech_dataset

    torch.set_num_threads(1)
    config = GPT2TTSConfig.from_preset("small")
    processor = GPT2TTSProcessor(GPT2TTSFeatureExtractor(), build_byte_tokenizer())
    rows = list(load_speech_dataset(CLIPS).rows)
    make = FeatureMap(processor, FeatureSettings(400, 2000))
    make.row(rows[0]["audio"], rows[0]["text"], rows[0]["speaker"])  # loads what finds pitch and durations
    began = time.process_time()
    made = [make.row(row["audio"], row["text"], row["speaker"]) for row in rows]
    taken = time.process_time() - began
    seconds = sum(len(row["labels"]) for row in made) / config.frame_rate
    print(f"features: {seconds:.0f} s of speech in {taken:.1f} s of a core: {seconds / taken:.1f} a second")
    with tempfile.TemporaryDirectory() as cache:
        data = prepare_speech_data([CLIPS], processor, config, validation_share=0, cache_dir=cache)
        augmentation = Augmentation(  # as recipes/small.yaml
            spelled_rows=0.08, spelled_words=0.08, warped_rows=0.4, equalized_rows=0.6, noisy_references=0.6
        )
        train = data.training_rows(config, processor.tokenizer, augmentation=augmentation)
        collate = SpeechCollator(0, config.reduction_factor, multiple=8)
        began, passes = time.process_time(), 20
        for epoch in range(passes):
            collate(train.__getitems__([RowDraw(row, epoch) for row in range(len(train))]))
        taken = time.process_time() - began
        print(f"loading: {passes * data.seconds / taken:,.0f} s of speech a second of a core")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", action="store_true", help="Measure the data work on one core of this machine.")
    for field in dataclasses.fields(Figures):
        parser.add_argument(f"--{field.name}", type=type(field.default), default=field.default)
    args = vars(parser.parse_args())
    if args.pop("measure"):
        measure()
    else:
        print_tables(Figures(**args))


if __name__ == "__main__":
    main()
