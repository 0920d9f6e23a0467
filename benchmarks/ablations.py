"""
What each part is worth: short training runs of equal budget, each with one part left out or added.

    python benchmarks/ablations.py --dataset corpus/kokoro --minutes 15 --output_dir runs/ablations

trains a network once for each of `ABLATIONS` with `train_accelerate.py`. The network is the preset `small` at half the
width (`HALF_WIDTH`), which in so short a time learns more, or with `--full_size` the preset itself. The table has the
character error rate of the last validation, reading the recording and reading itself, and the share of sentences that
ended by themselves. Finished runs are kept, and a broken-off one goes on, with the same command; arguments that it does
not know go to every training run.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

HALF_WIDTH = {
    "gpt2_config": {"n_embd": 144, "n_layer": 4},
    "prenet_hidden_size": 128,
    "conditioning_hidden_size": 96,
    "postnet_hidden_size": 160,
}
# config fields, and further arguments of the script
ABLATIONS: dict[str, tuple[dict, list[str]]] = {
    "everything": ({}, []),
    "letters for phonemes": ({}, ["--spelled_rows", "1.0"]),
    "no prenet dropout": ({"prenet_dropout": 0.0}, []),
    "four frames a step": ({"reduction_factor": 4, "max_mel_positions": 500}, []),
    "six frames a step": ({"reduction_factor": 6}, []),
    "no text convolutions": ({"text_conv_num_layers": 0}, []),
    "no postnet": ({"postnet_num_layers": 0}, []),
    "no style latents": ({}, ["--conditioning_dropout", "1.0"]),
}

COLUMNS = {
    "step": "{:,.0f}",
    "validation/spectrogram_loss": "{:.3f}",
    "validation/teacher_forced_cer": "{:.1%}",
    "validation/free_running_cer": "{:.1%}",
    "validation/stopped": "{:.0%}",
}


def last_validation(output_dir: Path) -> dict[str, float]:
    """The last line of a run's log that is of a validation."""
    lines = map(json.loads, (output_dir / "metrics.jsonl").read_text().splitlines())
    return [line for line in lines if "validation/spectrogram_loss" in line][-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dataset", nargs="+", required=True, help="Datasets, as for train_accelerate.py.")
    parser.add_argument("--minutes", type=float, default=15, help="Training time of each run.")
    parser.add_argument("--full_size", action="store_true", help="Train networks of the preset's size.")
    parser.add_argument("--only", nargs="+", choices=list(ABLATIONS), default=list(ABLATIONS), help="Of these.")
    parser.add_argument("--output_dir", type=Path, default=Path("runs/ablations"), help="Folder of the runs.")
    args, training = parser.parse_known_args()

    print("| | " + " | ".join(name.removeprefix("validation/").replace("_", " ") for name in COLUMNS) + " |")
    print("| --- |" + " ---: |" * len(COLUMNS), flush=True)
    for name in args.only:
        ablation, further = ABLATIONS[name]
        size = {} if args.full_size else HALF_WIDTH
        backbone = {**size.get("gpt2_config", {}), **ablation.get("gpt2_config", {})}
        overrides = {**size, **ablation, "gpt2_config": backbone}
        output_dir = args.output_dir / name.replace(" ", "_")
        if not (output_dir / "final").is_dir():
            command = [sys.executable, str(ROOT / "train_accelerate.py"), "--dataset", *args.dataset]
            command += ["--model_overrides", json.dumps(overrides), "--output_dir", str(output_dir)]
            command += ["--max_train_minutes", str(args.minutes), "--resume_from_checkpoint", "latest"]
            command += ["--validation_minutes", str(10 * args.minutes), *further, *training]
            subprocess.run(command, check=True, stdout=sys.stderr)
        row = last_validation(output_dir)
        cells = [form.format(row[key]) if key in row else "" for key, form in COLUMNS.items()]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
