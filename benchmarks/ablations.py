"""
What each part is worth: short training runs of equal budget, each with one part left out or changed.

    python benchmarks/ablations.py --dataset corpus/heart --minutes 15 --output_dir runs/ablations

trains a network for each of `ABLATIONS` with `train_accelerate.py` and measures its speech with `evaluate_gpt2tts.py` on
the texts of `--texts`. The network is the preset `small` at half the width (`HALF_WIDTH`), which in so short a time learns
more, or with `--full_size` the preset itself. Datasets are folders of features with places in the text (`recipes/corpus.py
hibari`). What is finished is kept, and what is broken off goes on, with the same command; arguments that it does not know
go to every training run.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from datasets import Dataset

from gpt2tts.data.features import feature_files, write_features
from gpt2tts.modeling_gpt2tts import LOG_PITCH_MEAN, VOICING_MEAN
from gpt2tts.publishing.model_card import REPORTED_SYSTEM
from gpt2tts.training.tracking import read_metrics

ROOT = Path(__file__).parents[1]

HALF_WIDTH = {
    "gpt2_config": {"n_embd": 144, "n_layer": 4},
    "prenet_hidden_size": 128,
    "conditioning_hidden_size": 96,
    "postnet_hidden_size": 160,
}


def without_pitch(row: dict) -> dict:
    """The row with one pitch and one voicing, in which there is nothing to learn: frames end with log-F0 and voicing."""
    frames = np.array(row["labels"], np.float32).reshape(row["num_frames"], -1)
    frames[:, -2:] = LOG_PITCH_MEAN, VOICING_MEAN
    return {**row, "labels": frames.ravel()}


def read_evenly(row: dict) -> dict:
    """The row as if all its tokens took the same time: the reading position tells the share of the clip, no more."""
    durations = np.asarray(row["durations"], np.float32)
    return {**row, "durations": np.full(len(durations), durations.sum() / len(durations), np.float32)}


@dataclass(frozen=True)
class Ablation:
    """
    Args:
        overrides (`dict`, *optional*):
            Fields of the config.
        training (`list[str]`, *optional*):
            Further arguments of the training script.
        evaluation (`list[str]`, *optional*):
            Further arguments of the evaluation script.
        features (`Callable`, *optional*):
            Row of the features to the row that is trained on.
        trained_as (`str`, *optional*):
            The ablation whose network is evaluated. Defaults to a network of its own.
    """

    overrides: dict = field(default_factory=dict)
    training: list[str] = field(default_factory=list)
    evaluation: list[str] = field(default_factory=list)
    features: Callable[[dict], dict] | None = None
    trained_as: str | None = None


GRIFFIN_LIM = ["--vocoder", "griffin-lim"]
LETTERS = ["--letters"]
ABLATIONS = {
    "everything": Ablation(),
    "Griffin-Lim for the source-filter vocoder": Ablation(evaluation=GRIFFIN_LIM, trained_as="everything"),
    "no pitch, and Griffin-Lim": Ablation(features=without_pitch, evaluation=GRIFFIN_LIM),
    "even reading positions": Ablation(features=read_evenly),
    "letters for phonemes": Ablation(training=["--spelled_rows", "1.0"], evaluation=LETTERS),
    "half of the prenet dropped": Ablation(overrides={"prenet_dropout": 0.5}),
    "no prenet dropout": Ablation(overrides={"prenet_dropout": 0.0}),
    "four frames a step": Ablation(overrides={"reduction_factor": 4, "max_mel_positions": 500}),
    "six frames a step": Ablation(overrides={"reduction_factor": 6}),
    "no text convolutions": Ablation(overrides={"text_conv_num_layers": 0}),
    "no postnet": Ablation(overrides={"postnet_num_layers": 0}),
}


def in_folder(name: str) -> str:
    return name.replace(",", "").replace(" ", "_").lower()


def change_features(specs: Iterable[str], change: Callable[[dict], dict], out: Path) -> list[str]:
    """Write changed copies of folders of features, each given as `FOLDER` or `FOLDER=WEIGHT`. Returns them as such."""
    changed = []
    for spec in specs:
        folder, *weight = spec.split("=")
        files = feature_files(folder)
        if not files:
            raise ValueError(f"--dataset: {folder} holds no features (*.arrow), as recipes/corpus.py writes them.")
        copy = out / Path(folder).name
        copy.mkdir(parents=True, exist_ok=True)
        for file in files:
            if not (copy / file.name).exists():
                rows = Dataset.from_file(str(file)).with_format("numpy")
                write_features([change(row) for row in rows], copy / file.name)
        changed.append("=".join([str(copy), *weight]))
    return changed


def last_validation(output_dir: Path) -> dict[str, float]:
    """The last line of a run's log that is of a validation."""
    lines = read_metrics(output_dir / "metrics.jsonl")
    return [line for line in lines if "validation/spectrogram_loss" in line][-1]


def run(script: str, *arguments: str):
    subprocess.run([sys.executable, str(ROOT / script), *arguments], check=True, stdout=sys.stderr)


def cells_of(name: str, args: argparse.Namespace, training: list[str]) -> list[str]:
    """Train and evaluate what is not finished, and return the row of the table."""
    ablation = ABLATIONS[name]
    trained_as = ablation.trained_as or name
    output_dir = args.output_dir / in_folder(trained_as)
    if not (output_dir / "final").is_dir():
        trained = ABLATIONS[trained_as]
        size = {} if args.full_size else HALF_WIDTH
        backbone = {**size.get("gpt2_config", {}), **trained.overrides.get("gpt2_config", {})}
        overrides = {**size, **trained.overrides, "gpt2_config": backbone}
        datasets = args.dataset
        if trained.features:
            datasets = change_features(datasets, trained.features, args.output_dir / "features" / output_dir.name)
        run(
            "train_accelerate.py",
            *("--dataset", *datasets, "--output_dir", str(output_dir), "--model_overrides", json.dumps(overrides)),
            *("--max_train_minutes", str(args.minutes), "--validation_minutes", str(10 * args.minutes)),
            *("--resume_from_checkpoint", "latest", *training, *trained.training),
        )
    report = args.output_dir / in_folder(name) / "report"
    if not (report / "report.json").is_file():
        run(
            "evaluate_gpt2tts.py",
            *("--model", str(output_dir / "final"), "--texts", args.texts, "--limit", str(args.limit)),
            *("--engine", "torch", "--output", str(report), *ablation.evaluation),
        )
    systems = json.loads((report / "report.json").read_text("utf-8"))["systems"]
    validation = last_validation(output_dir)
    # validation reads phonemes, which a network of letters has not learnt
    reads_letters = ablation.evaluation == LETTERS
    speech = systems[f"{REPORTED_SYSTEM} letters" if reads_letters else REPORTED_SYSTEM]

    def validated(name: str, form: str) -> str:
        value = validation.get(f"validation/{name}")
        return "" if reads_letters or value is None else format(value, form)

    return [
        f"{validation['step']:,}",
        validated("spectrogram_loss", ".3f"),
        validated("teacher_forced_cer", ".1%"),
        validated("free_running_cer", ".1%"),
        f"{speech['cer']:.1%}",
        f"{speech['failed']} of {speech['clips']}",
        f"{speech['mos DNSMOS overall']:.2f}",
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", nargs="+", required=True, help="Folders of features, FOLDER or FOLDER=WEIGHT.")
    parser.add_argument("--minutes", type=float, default=15, help="Training time of each run.")
    parser.add_argument("--full_size", action="store_true", help="Train networks of the preset's size.")
    parser.add_argument("--only", nargs="+", choices=list(ABLATIONS), default=list(ABLATIONS), help="Of these.")
    parser.add_argument("--texts", default=str(ROOT / "texts/test.txt"), help="Texts that the networks speak.")
    parser.add_argument("--limit", type=int, default=20, help="So many texts of each group.")
    parser.add_argument("--output_dir", type=Path, default=Path("runs/ablations"), help="Folder of the runs.")
    args, training = parser.parse_known_args()

    validated = ("spectrogram loss", "reading the recordings, CER", "reading itself, CER")
    columns = ["", "steps", *validated, "test texts, CER", "failures", "DNSMOS"]
    print("| " + " | ".join(columns) + " |")
    print("| --- |" + " ---: |" * (len(columns) - 1), flush=True)
    for name in args.only:
        print(f"| {name} | " + " | ".join(cells_of(name, args, training)) + " |", flush=True)


if __name__ == "__main__":
    main()
