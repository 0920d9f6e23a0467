"""
Speaks by ONNX Runtime, without PyTorch and without this package: what a program on a small machine needs.

    python examples/onnx_without_torch.py export onnx --voice emma      # once, where PyTorch is
    python examples/onnx_without_torch.py speak onnx "Good morning." speech.wav

The second needs `pip install numpy onnxruntime tokenizers soundfile hibari-tts` and the folder `onnx`. Numbers are to be
spelt out, and the vocoder is simpler than the package's own.
"""

import argparse
import json
import math
import re
from pathlib import Path

import numpy as np

N_FFT = 1024


def export(folder: Path, model: str, voice: str | None) -> None:
    """Writes the graphs, the tokenizer, a voice and the mel filters."""
    import torchaudio

    from gpt2tts import Synthesizer
    from gpt2tts.export_onnx import export_onnx

    export_onnx(model, folder)
    synthesizer = Synthesizer.from_pretrained(model, vocoder="griffin-lim", device="cpu")
    synthesizer.processor.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    features = synthesizer.processor.feature_extractor
    filters = torchaudio.functional.melscale_fbanks(
        *(N_FFT // 2 + 1, features.f_min, features.f_max, features.feature_size, features.sampling_rate),
        norm="slaney",
        mel_scale="slaney",
    )
    np.savez(
        folder / "voice.npz",
        style_latents=synthesizer.load_voice(voice)[None].numpy(),
        british=synthesizer.is_british(voice),
        filters=filters.numpy(),
    )


def read_text(text: str, folder: Path, british: bool) -> np.ndarray:
    """Token ids `(1, tokens)`: phonemes stand in brackets for the tokenizer, what has none as it is."""
    from hibari.g2p import G2P
    from tokenizers import Tokenizer

    phonemes = G2P(british=british)(text)
    phonemes = phonemes if isinstance(phonemes, str) else phonemes[0]
    written = re.sub(r"[^\W\d_]", lambda match: f"⟨{match[0]}⟩", phonemes)
    return np.array([Tokenizer.from_file(str(folder / "tokenizer.json")).encode(written).ids])


def make_frames(ids: np.ndarray, style_latents: np.ndarray, folder: Path, seed: int) -> np.ndarray:
    """The loop of `generate`: frames `(frames, mel bins + pitch + voicing)`."""
    import onnxruntime

    config, random = json.loads((folder / "onnx.json").read_text()), np.random.default_rng(seed)
    prefix, step = (onnxruntime.InferenceSession(folder / f"{name}.onnx") for name in ("prefix", "step"))
    group, moved, predicted, keys, values, text = prefix.run(None, {"input_ids": ids, "style_latents": style_latents})
    groups, place, end = [group], moved.item(), ids.shape[1] - 0.5
    limit = max(config["min_frames"], ids.shape[1] * config["max_frames_per_token"]) / config["reduction_factor"]
    keep = 1 - config["prenet_dropout"]
    while place < end and len(groups) < min(math.ceil(limit), config["max_mel_positions"]):
        masks = random.random((config["prenet_num_layers"], 1, 1, config["prenet_hidden_size"])) < keep
        state = {"group": group, "predicted": predicted, "keys": keys, "values": values}
        group, moved, predicted, keys, values = step.run(
            None,
            {
                **state,
                "position": np.array([[len(groups)]]),
                "text_position": np.array([[min(place, end - 0.5)]], np.float32),
                "text_embeds": text,
                "style_latents": style_latents,
                "dropout_masks": (masks / keep).astype(np.float32),
            },
        )
        predicted = predicted[:, -max(config["postnet_context_groups"], 1) :]
        groups.append(group)
        place += moved.item()
    frames = np.concatenate(groups, axis=1).reshape(-1, config["frame_size"])
    return frames * np.array(config["frame_std"]) + np.array(config["frame_mean"])


def make_sound(frames: np.ndarray, filters: np.ndarray, rate: int, hop: int) -> np.ndarray:
    """Pulses at the pitch and noise, whose mel is made that of the frames."""
    mel, log_pitch, voicing = frames[:, :-2], frames[:, -2], frames[:, -1]
    pitch = np.exp(np.repeat(log_pitch, hop).clip(np.log(50), np.log(600)))
    turns = np.floor(np.cumsum(pitch / rate))
    pulses = np.diff(turns, prepend=0) * np.sqrt(rate / pitch)  # of the same power as the noise
    noise = np.random.default_rng(0).normal(size=len(pulses))
    window = np.hanning(N_FFT + 1)[:-1]
    places = hop * np.arange(len(frames))[:, None] + np.arange(N_FFT)

    def spectra(signal: np.ndarray) -> np.ndarray:
        return np.fft.rfft(np.pad(signal, N_FFT // 2)[places] * window)

    # voiced frames are pulses up to 5 kHz and noise above
    low = np.fft.rfftfreq(N_FFT, 1 / rate) < 5000
    source = np.where((voicing[:, None] > 0.5) & low, spectra(pulses), spectra(noise))
    gains = mel - np.log(np.abs(source) @ filters + 1e-5)
    between = filters / np.maximum(filters.sum(1, keepdims=True), 1e-9)  # from mel bins to those of the spectrum
    shaped = np.fft.irfft(source * np.exp(gains @ between.T) * (filters.sum(1) > 0)) * window
    sound, weight = np.zeros(places[-1, -1] + 1), np.full(places[-1, -1] + 1, 1e-6)
    for row, place in zip(shaped, places, strict=True):
        sound[place] += row
        weight[place] += window**2
    return (sound / weight)[N_FFT // 2 : -N_FFT // 2].clip(-1, 1)


def speak(folder: Path, text: str, output: Path, seed: int) -> None:
    """Writes an audio file."""
    import soundfile

    voice, config = np.load(folder / "voice.npz"), json.loads((folder / "onnx.json").read_text())
    ids = read_text(text, folder, bool(voice["british"]))
    frames = make_frames(ids, voice["style_latents"], folder, seed)
    rate = config["sampling_rate"]
    soundfile.write(output, make_sound(frames, voice["filters"], rate, config["hop_length"]), rate)


def main(argv: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    exporting, speaking = commands.add_parser("export"), commands.add_parser("speak")
    exporting.add_argument("folder", type=Path)
    exporting.add_argument("--model", default="pretrained", help="checkpoint")
    exporting.add_argument("--voice", help="name, blend or recording")
    speaking.add_argument("folder", type=Path)
    speaking.add_argument("text", help="a sentence")
    speaking.add_argument("output", type=Path)
    speaking.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    if args.command == "export":
        export(args.folder, args.model, args.voice)
    else:
        speak(args.folder, args.text, args.output, args.seed)


if __name__ == "__main__":
    main()
