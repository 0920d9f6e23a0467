"""
A refiner for a checkpoint that has none, or a new one: what its frozen weights hear of speech is computed once, and the network
that tells fine spectra of it is trained alone, in minutes on a CPU. `train_accelerate.py` trains it along with all else.

    python recipes/add_refiner.py --model pretrained --dataset corpus/heart=2 --dataset my_recordings --out runs/refined
"""

import logging
import sys
import time
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from tqdm.auto import tqdm

from gpt2tts import GPT2TTSForTextToSpeech, GPT2TTSProcessor
from gpt2tts.data.collation import Augmentation, SpeechCollator
from gpt2tts.data.prepare import prepare_speech_data
from gpt2tts.data.samplers import RowDraw

logger = logging.getLogger("gpt2tts.add_refiner")
app = typer.Typer(add_completion=False, rich_markup_mode=None)

AUGMENTATION = Augmentation(
    spelled_rows=0.08,
    spelled_words=0.08,
    warped_rows=0.25,
    equalized_rows=0.3,
    shifts_positions=True,
    conditioning_dropout=0.02,
)
ROWS_PER_BATCH, GROUPS_PER_STEP = 16, 512
WARMUP_STEPS, MIN_LR_RATIO = 100, 0.02


@torch.inference_mode()
def hear(
    model: GPT2TTSForTextToSpeech, processor: GPT2TTSProcessor, data, num_rows: int, seed: int
) -> list[torch.Tensor]:
    """
    What a refiner reads and has to tell of rows drawn by their weights, float16: hidden states `(groups, hidden_size)`,
    predicted groups `(groups, group_size)` and true fine spectra `(groups, fine_size)`.
    """
    rows = data.training_rows(model.config, processor.tokenizer, augmentation=AUGMENTATION, seed=seed)
    collate = SpeechCollator(processor.tokenizer.pad_token_id, model.config.reduction_factor)
    generator = np.random.default_rng(seed)
    drawn = generator.choice(len(rows), num_rows, p=data.weights / data.weights.sum())
    drawn = drawn[np.argsort(rows.num_frames[drawn], kind="stable")]
    heard: list[torch.Tensor] = []
    hook = model.refiner.register_forward_pre_hook(lambda _, inputs: heard.extend(inputs))
    kept = []
    for start in tqdm(range(0, num_rows, ROWS_PER_BATCH), desc="hidden states"):
        places = range(start, min(start + ROWS_PER_BATCH, num_rows))
        batch = collate(rows.__getitems__([RowDraw(int(drawn[place]), place) for place in places]))
        heard.clear()
        model(**batch)
        _, mask = model.group_frames(batch["labels"], batch["labels_mask"])
        target = model.group_fine(batch["labels"], batch["labels_mask"])
        kept.append([values[mask].half() for values in (*heard, target)])
    hook.remove()
    return [torch.cat(values) for values in zip(*kept, strict=True)]


def fit(refiner: torch.nn.Module, heard: list[torch.Tensor], minutes: float, learning_rate: float, seed: int) -> None:
    """Trains a refiner by L1 + L2, for so many minutes."""
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(refiner.parameters(), lr=learning_rate, weight_decay=0.01)
    began, step = time.monotonic(), 0
    with tqdm(total=round(60 * minutes), desc="refiner", unit="s") as bar:
        while (left := 1 - (time.monotonic() - began) / (60 * minutes)) > 0:
            chosen = torch.randint(len(heard[0]), (GROUPS_PER_STEP,), generator=generator)
            hidden, groups, target = (values[chosen].float() for values in heard)
            error = refiner(hidden, groups) - target
            loss = error.abs().mean() + error.square().mean()
            loss.backward()
            for group in optimizer.param_groups:
                group["lr"] = learning_rate * max(left, MIN_LR_RATIO) * min(1.0, (step + 1) / WARMUP_STEPS)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            if step % 100 == 0:
                bar.set_postfix(step=step, loss=f"{loss.item():.4f}")
            bar.update(round(60 * minutes * (1 - left)) - bar.n)


@app.command()
def main(
    model: Annotated[Path, typer.Option(help="Checkpoint.")],
    dataset: Annotated[
        list[str], typer.Option(help="Speech as train_accelerate.py takes it, several times; SOURCE=WEIGHT.")
    ],
    out: Annotated[Path, typer.Option(help="Folder of the checkpoint to write.")],
    hidden_size: Annotated[int, typer.Option(help="Width of the refiner.")] = 416,
    rows: Annotated[int, typer.Option(help="Clips that are heard, drawn by weight.")] = 12_000,
    minutes: Annotated[float, typer.Option(help="Minutes of training, after they have been heard.")] = 10.0,
    learning_rate: Annotated[float, typer.Option(help="Peak learning rate.")] = 2e-3,
    speaker_balance: Annotated[float, typer.Option(help="See train_accelerate.py.")] = 0.5,
    british_speakers: Annotated[
        list[str] | None, typer.Option(help="Who reads British phonemes, of recordings.")
    ] = None,
    cache_dir: Annotated[Path | None, typer.Option(help="Folder of the features.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of what is drawn.")] = 0,
):
    """A refiner for the frozen weights of a checkpoint."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if out.exists() and any(out.iterdir()):
        raise typer.BadParameter(f"{out} is not empty: pass a new folder as --out.")
    torch.manual_seed(seed)
    network = GPT2TTSForTextToSpeech.from_pretrained(
        model, refiner_hidden_size=hidden_size, ignore_mismatched_sizes=True
    ).eval()
    network.refiner.apply(network._init_weights)  # a new one also where there was one
    processor = GPT2TTSProcessor.from_pretrained(model)
    data = prepare_speech_data(
        dataset,
        processor,
        network.config,
        british_speakers=british_speakers or (),
        speaker_balance=speaker_balance,
        validation_share=0.004,
        cache_dir=cache_dir,
    )
    logger.info(f"{data.seconds / 3600:.2f} hours of {len(data.speakers)} speakers, {data.report}")
    heard = hear(network, processor, data, rows, seed)
    fit(network.refiner, heard, minutes, learning_rate, seed)
    network.save_pretrained(out)
    processor.save_pretrained(out)
    logger.info(f"Saved to {out}.")


if __name__ == "__main__":
    sys.exit(app())
