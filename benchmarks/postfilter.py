"""
What the postfilter does to speech: its settings on the same draws.

    python benchmarks/postfilter.py --voices joe af_heart am_michael --smoothing 0 1 2 --sharpness 0 1 2

speaks the sentences of `texts/validation.txt` once for each voice and temperature, filters the frames by each setting,
and prints the character error rate and the predicted mean opinion score of what the vocoder makes of them.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from gpt2tts import Synthesizer
from gpt2tts.evaluation.error_rates import character_error_rate
from gpt2tts.evaluation.mos import load_mos_predictor
from gpt2tts.evaluation.recognizers import load_recognizer
from gpt2tts.evaluation.test_sets import load_texts
from gpt2tts.postfilter_gpt2tts import GPT2TTSPostfilter

TEXTS = Path(__file__).parents[1] / "texts" / "validation.txt"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="Checkpoint folder or Hub id. Default: the embedded one.")
    parser.add_argument("--vocoder", help="Vocoder reference. Default: the checkpoint's.")
    parser.add_argument("--voices", nargs="+", default=[None], help="Names or recordings. Default: the default voice.")
    parser.add_argument("--texts", default=TEXTS, help="File of id|group|text.")
    parser.add_argument("--temperature", nargs="+", type=float, default=[None], help="Default: the checkpoint's.")
    parser.add_argument("--smoothing", nargs="+", type=int, default=[0, 1, 2], help="Settings to try.")
    parser.add_argument("--sharpness", nargs="+", type=float, default=[0.0, 1.0, 2.0], help="Settings to try.")
    parser.add_argument("--threads", type=int, default=2, help="CPU threads.")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    synthesizer = Synthesizer.from_pretrained(*filter(None, [args.model]), vocoder=args.vocoder)
    model, processor, rate = synthesizer.model, synthesizer.processor, synthesizer.sampling_rate
    recognizer, mos_predictor = load_recognizer("auto"), load_mos_predictor("auto")
    # text beyond the context is `Synthesizer`'s to split
    limit = model.config.max_text_positions
    texts = [item.text for item in load_texts(args.texts) if len(processor(text=item.text)["input_ids"][0]) <= limit]
    model.config.postfilter_smoothing, model.config.postfilter_sharpness = 0, 0.0

    print("| voice | temperature | smoothing | sharpness | CER | MOS |\n| --- |" + " ---: |" * 5)
    for voice in args.voices:
        latents = synthesizer.load_voice(voice)
        for temperature in args.temperature:
            output = model.generate(
                **processor(text=texts),
                style_latents=latents[None],
                temperature=temperature,
                seed=0,
                output_waveform=False,
            )
            settings = [(smoothing, sharpness) for smoothing in args.smoothing for sharpness in args.sharpness]
            for smoothing, sharpness in tqdm(settings, leave=False):
                filtered = GPT2TTSPostfilter(smoothing, sharpness)(output.spectrogram, output.spectrogram_lengths)
                waveforms: list[np.ndarray] = []
                for frames, length in zip(filtered, output.spectrogram_lengths.tolist(), strict=True):
                    with torch.inference_mode():
                        waveforms.append(synthesizer.vocoder(frames[None, :length])[0].numpy())
                error_rate = character_error_rate(texts, recognizer.transcribe(waveforms, rate))
                mos = float(np.nanmean(mos_predictor.predict(waveforms, rate)))
                shown = model.config.code_temperature if temperature is None else temperature
                name = voice or model.config.default_voice
                print(f"| {name} | {shown} | {smoothing} | {sharpness} | {error_rate:.1%} | {mos:.2f} |", flush=True)


if __name__ == "__main__":
    main()
