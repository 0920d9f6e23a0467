"""
Speaks every row of a `datasets` set, in batches: a table of texts becomes a folder of clips that `load_dataset` reads.

    python examples/speak_dataset.py texts.csv clips

`texts.csv` has the columns `text` and, if you like, `voice`. Needs `pip install datasets`.
"""

import argparse
from pathlib import Path

from datasets import load_dataset

from gpt2tts import Synthesizer


def main(argv: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", help="a .csv or .json file")
    parser.add_argument("output", type=Path, help="folder to write")
    parser.add_argument("--batch_size", type=int, default=16)
    parser.add_argument("--model", help="checkpoint; default: the embedded one")
    args = parser.parse_args(argv)

    kind = Path(args.texts).suffix.lstrip(".").replace("jsonl", "json")
    if kind not in ("csv", "json") or not Path(args.texts).is_file():
        parser.error(f"{args.texts!r} is no .csv or .json file")
    if (args.output / "metadata.csv").resolve() == Path(args.texts).resolve():
        parser.error(f"{args.texts!r} would be replaced by the table of the clips: name another folder")
    rows = load_dataset(kind, data_files=args.texts, split="train")
    if "text" not in rows.column_names:
        parser.error(f"{args.texts!r} has no column `text`, only {', '.join(rows.column_names)}")
    for number, text in enumerate(rows["text"], start=1):
        if not isinstance(text, str) or not any(map(str.isalnum, text)):
            parser.error(f"row {number} of {args.texts!r} has no text to speak: {text!r}")
    synthesizer = Synthesizer.from_pretrained(args.model)
    args.output.mkdir(parents=True, exist_ok=True)

    def speak(batch: dict[str, list], indices: list[int]) -> dict[str, list]:
        voices = batch.get("voice") or [None] * len(indices)
        # each row has its own seed: rows are then the same whatever batch they are in
        spoken = synthesizer.speak_batch(batch["text"], voices, indices)
        names = [f"{index:06d}.flac" for index in indices]
        for name, speech in zip(names, spoken, strict=True):
            synthesizer.processor.save_audio(speech.waveform, args.output / name)
        return {
            "file_name": names,
            "duration": [len(speech.waveform) / speech.sampling_rate for speech in spoken],
            "complete": [speech.stopped for speech in spoken],
        }

    table = rows.map(speak, batched=True, batch_size=args.batch_size, with_indices=True, load_from_cache_file=False)
    table.to_csv(args.output / "metadata.csv")


if __name__ == "__main__":
    main()
