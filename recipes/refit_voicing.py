"""
Fits anew the voicing that a checkpoint predicts, and nothing else of it, by least squares: for weights that learnt from
synthetic speech in which voiceless consonants passed for voiced.

    python recipes/refit_voicing.py --texts texts.jsonl --recordings recordings --features corpus/heart --out refitted

The voicing becomes a linear function of the hidden states that the mel head reads. It is fitted to `--features`, whose
voicing is known, and to what the checkpoint says in its own voices and in that of each folder of `--recordings`; there a small
classifier, which has heard the recordings, tells it from the mels. Where prenet and postnet read the old voicing, they read
what the rest of the frame says of it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from datasets import Dataset, concatenate_datasets
from torch import nn
from torch.nn import functional as F
from tqdm.auto import tqdm

from gpt2tts import Synthesizer
from gpt2tts.audio import read_audio
from gpt2tts.data.collation import SpeechCollator, TrainingRows
from gpt2tts.data.features import feature_files
from gpt2tts.pitch import track_pitch
from gpt2tts.recordings import list_recordings
from gpt2tts.training.rehearsal import as_labels

BATCH_SIZE = 8
CONTEXT = 3  # frames to either side that the classifier sees
CLIP_SECONDS = 9.0  # of a recording
MAX_LETTERS = 90


@dataclass
class Reading:
    """
    Groups that were read, one after the other.

    Args:
        hidden (`torch.Tensor` of shape `(groups, hidden_size)`): What the mel head reads.
        before (`torch.Tensor` of shape `(groups, group_size)`): What it gives, normalised.
        voicing (`torch.Tensor` of shape `(groups, reduction_factor)`): What the voicing should be, normalised.
    """

    hidden: torch.Tensor
    before: torch.Tensor
    voicing: torch.Tensor


def main(
    texts: Annotated[Path, typer.Option(help="File of corpus_texts.py: what the voices say.")],
    recordings: Annotated[Path, typer.Option(help="A folder of recordings for each speaker.")],
    features: Annotated[Path, typer.Option(help="Folder of features.")],
    out: Annotated[Path, typer.Option(help="Folder of the new checkpoint.")],
    model: Annotated[str, typer.Option(help="Folder or Hub id of the checkpoint.")] = "pretrained",
    clips: Annotated[int, typer.Option(help="Recordings of each speaker.")] = 45,
    sentences: Annotated[int, typer.Option(help="That each voice says; speakers of recordings say a sixth.")] = 96,
    rows: Annotated[int, typer.Option(help="Of the features.")] = 700,
):
    """Writes the checkpoint with its voicing fitted anew."""
    torch.manual_seed(0)
    synthesizer = Synthesizer.from_pretrained(model, device="cpu")
    heard = hear(synthesizer, {path.name: list_recordings(path)[:clips] for path in sorted(recordings.iterdir())})
    classifier = fit_classifier([clip for speaker in heard.values() for clip in speaker])
    voices = {
        name: (synthesizer.load_voice(name), synthesizer.is_british(name), sentences) for name in synthesizer.voices
    }
    for name, (clip, *_) in heard.items():
        with torch.no_grad():
            latents = synthesizer.model.get_style_latents(clip[0][None])[0]
        voices[f"{name} of {recordings.name}"] = latents, False, sentences // 6
    written = [json.loads(line)["text"] for line in texts.open(encoding="utf-8")]
    written = [text for text in written if len(text) < MAX_LETTERS]
    order = np.random.default_rng(0).permutation(len(written))
    spoken = speak(synthesizer, [written[index] for index in order], voices, classifier)
    refit(synthesizer.model, spoken, read_features(synthesizer, features, rows))
    synthesizer.model.save_pretrained(out)
    synthesizer.processor.save_pretrained(out)


def hear(
    synthesizer: Synthesizer, speakers: dict[str, list[Path]]
) -> dict[str, list[tuple[torch.Tensor, torch.Tensor]]]:
    """Log-mels `(frames, n_mels)` and voicing `(frames,)` of the recordings of each speaker."""
    extractor = synthesizer.processor.feature_extractor
    heard: dict[str, list[tuple[torch.Tensor, torch.Tensor]]] = {}
    for name, paths in tqdm(speakers.items(), desc="listening", unit="speaker"):
        for path in paths:
            waveform, rate = read_audio(path, max_seconds=CLIP_SECONDS)
            mel = extractor.log_mel(extractor.resample(torch.from_numpy(waveform), rate))
            voicing = track_pitch(waveform, rate, len(mel), extractor.hop_length, extractor.sampling_rate)[1]
            heard.setdefault(name, []).append((mel, torch.from_numpy(voicing)))
    return heard


def around(mel: torch.Tensor) -> torch.Tensor:
    """Each frame of log-mels `(frames, n_mels)` with those beside it, `(frames, n_mels * (2 * CONTEXT + 1))`."""
    places = torch.arange(len(mel))[:, None] + torch.arange(-CONTEXT, CONTEXT + 1)
    return mel[places.clip(0, len(mel) - 1)].flatten(1)


def fit_classifier(clips: Iterable[tuple[torch.Tensor, torch.Tensor]]) -> nn.Module:
    """A network from [`around`] to the voicing `(frames, 1)`."""
    mels, voicing = (torch.cat(parts) for parts in zip(*((around(mel), said) for mel, said in clips), strict=True))
    size = mels.shape[1]
    network = nn.Sequential(
        nn.BatchNorm1d(size, affine=False),
        nn.Linear(size, 128),
        nn.GELU(),
        nn.Dropout(0.2),
        nn.Linear(128, 1),
        nn.Sigmoid(),
    )
    optimizer = torch.optim.AdamW(network.parameters(), 1e-3)
    for epoch in range(4):
        optimizer.param_groups[0]["lr"] = 1e-3 / 2**epoch
        for rows in tqdm(
            torch.randperm(len(mels)).split(1024), desc="learning what is voiced", unit="batch", leave=False
        ):
            # other levels, and predicted mels are less sharp
            inputs = mels[rows] + 0.4 * torch.randn(len(rows), 1) + 0.25 * torch.randn(len(rows), size)
            loss = F.binary_cross_entropy(network(inputs)[:, 0], voicing[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return network.eval()


@torch.no_grad()
def speak(synthesizer: Synthesizer, texts: list[str], voices: dict, classifier: nn.Module) -> Iterator[dict]:
    """Batches of what the voices say, as arguments of `forward`, their voicing as the classifier hears it."""
    model, start = synthesizer.model, 0
    for latents, british, count in tqdm(voices.values(), desc="speaking", unit="voice"):
        for first in range(0, count, BATCH_SIZE):
            said = [texts[(start + row) % len(texts)] for row in range(min(BATCH_SIZE, count - first))]
            start += len(said)
            batch = synthesizer.processor(text=said, british=british)
            latents_of_rows = latents[None].expand(len(said), -1, -1)
            output = model.generate(**batch, style_latents=latents_of_rows, seed=start, output_waveform=False)
            heard = torch.stack([classifier(around(mel))[:, 0] for mel in output.spectrogram])
            labels = as_labels(output)
            lengths = output.spectrogram_lengths
            # a row that did not end by itself teaches nothing
            mask = (torch.arange(labels.shape[1]) < lengths[:, None]) & output.stopped[:, None]
            mask[:, 0] = True
            places = output.text_positions
            yield {
                **batch,
                "labels": labels,
                "labels_mask": mask,
                "text_positions": torch.cat([places, places[:, -1:]], dim=1),
                "style_latents": latents_of_rows[:, : model.config.num_style_latents],
                "voicing": heard,
            }


def read_features(synthesizer: Synthesizer, folder: Path, count: int) -> Iterator[dict]:
    """Batches of features, as arguments of `forward`."""
    files = [Dataset.from_file(str(path)) for path in feature_files(folder)]
    tokenizer, factor = synthesizer.processor.tokenizer, synthesizer.model.config.reduction_factor
    rows = TrainingRows(concatenate_datasets(files), tokenizer, reduction_factor=factor)
    collate = SpeechCollator(tokenizer.pad_token_id, factor)
    order = np.random.default_rng(0).permutation(len(rows))[:count].tolist()
    for start in tqdm(range(0, len(order), BATCH_SIZE), desc="reading", unit="batch"):
        batch = collate(rows.__getitems__(order[start : start + BATCH_SIZE]))
        yield {**batch, "voicing": batch["labels"][..., -1]}


def voicing_places(model: nn.Module) -> tuple[torch.Tensor, torch.Tensor]:
    """Where in a group the voicing of its frames lies, and where all else."""
    is_voicing = torch.arange(model.config.group_size) % model.config.frame_size == model.config.frame_size - 1
    return is_voicing.nonzero()[:, 0], (~is_voicing).nonzero()[:, 0]


@torch.no_grad()
def read(model: nn.Module, batches: Iterable[dict]) -> Reading:
    """What the mel head reads and gives in batches, and what the voicing should be."""
    seen: dict[str, torch.Tensor] = {}
    hook = model.mel_head.register_forward_hook(
        lambda module, inputs, output: seen.update(hidden=inputs[0], before=output)
    )
    parts: list[tuple[torch.Tensor, ...]] = []
    places, _ = voicing_places(model)
    for batch in batches:
        voicing = batch.pop("voicing")
        model(**batch)
        labels = torch.cat([batch["labels"][..., :-1], voicing[..., None]], dim=-1)
        target, mask = model.group_frames(labels, batch["labels_mask"])
        parts.append((seen["hidden"][mask], seen["before"][mask], target[mask][:, places]))
    hook.remove()
    return Reading(*(torch.cat(part) for part in zip(*parts, strict=True)))


def least_squares(inputs: torch.Tensor, outputs: torch.Tensor, ridge: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight `(out, in)` and bias `(out,)` of the linear function from inputs `(rows, in)` to outputs `(rows, out)`."""
    inputs, outputs = inputs.double(), outputs.double()
    centred = inputs - inputs.mean(0)
    square = centred.T @ centred
    square += ridge * square.diagonal().mean() * torch.eye(len(square), dtype=square.dtype)
    weight = torch.linalg.solve(square, centred.T @ (outputs - outputs.mean(0))).T
    return weight.float(), (outputs.mean(0) - weight @ inputs.mean(0)).float()


@torch.no_grad()
def refit(model: nn.Module, spoken: Iterator[dict], known: Iterator[dict]) -> None:
    """Changes the weights."""
    voicing, rest = voicing_places(model)
    spoken = list(spoken)
    said = torch.cat(
        [groups[mask] for groups, mask in (model.group_frames(b["labels"], b["labels_mask"]) for b in spoken)]
    )
    layer = model.model.prenet.layers[0]
    weight, bias = least_squares(said[:, rest], said[:, voicing], 1e-3)
    old = layer.weight[:, voicing].clone()
    layer.weight[:, rest] += old @ weight
    layer.bias += old @ bias
    layer.weight[:, voicing] = 0

    own, other = read(model, spoken), read(model, known)
    weight, bias = least_squares(own.before[:, rest], own.before[:, voicing], 1e-3)
    first, last = model.postnet.convs[0], model.postnet.convs[-1]
    old = first.weight[:, voicing].clone()
    first.weight[:, rest] += torch.einsum("ovt,vi->oit", old, weight)
    first.bias += torch.einsum("ovt,v->o", old, bias)
    first.weight[:, voicing] = 0
    last.weight[voicing] = 0
    last.bias[voicing] = 0
    model.mel_head.weight[voicing], model.mel_head.bias[voicing] = least_squares(
        torch.cat([own.hidden, other.hidden]), torch.cat([own.voicing, other.voicing]), 1e-5
    )


if __name__ == "__main__":
    typer.run(main)
