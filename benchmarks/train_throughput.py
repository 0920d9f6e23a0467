"""
Speed of the full training step beside that of GPT-2 alone.

    python benchmarks/train_throughput.py --model small --threads 2

prints seconds of audio and positions a second of (a) the training step of `train_accelerate.py` (forward, losses,
backward, clipping, optimiser, average), (b) `transformers.GPT2Model` forward and backward on the same shapes, and their
ratio. Both run in the same precision on random data, turn by turn, and the median of the repetitions counts. `--compile`
compiles the model of (a), as the script's argument of that name does. `--profile` adds what the operations of a training
step take. On a machine that does other things as well, `--clock cpu` counts the seconds that the processor worked.
"""

import argparse
import copy
import json
import statistics
import time
from collections.abc import Callable

import torch
from accelerate import Accelerator, PartialState
from accelerate.utils import TorchDynamoPlugin
from transformers import GPT2Model

from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.frames_gpt2tts import FINE_FACTOR
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech, GPT2TTSFrameNormalizer
from gpt2tts.training.attention import choose_attention
from gpt2tts.training.ema import build_ema
from gpt2tts.training.mixed_precision import choose_mixed_precision
from gpt2tts.training.optimizers import build_optimizer

# a sentence of LJSpeech in phonemes and groups of five frames, and a reference of 3.7 s
NUM_TOKENS, NUM_GROUPS, NUM_REFERENCE_FRAMES = 100, 114, 320

CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def make_batch(config: GPT2TTSConfig, batch_size: int, device: torch.device) -> dict[str, torch.Tensor]:
    frames = NUM_GROUPS * config.reduction_factor
    mean, std = GPT2TTSFrameNormalizer.defaults(config)
    labels = mean + std * torch.randn(batch_size, frames, config.frame_size)
    spectra = [labels[..., : config.n_mels]] * (1 + FINE_FACTOR)
    batch = {
        "input_ids": torch.randint(4, config.vocab_size, (batch_size, NUM_TOKENS)),
        "attention_mask": torch.ones(batch_size, NUM_TOKENS, dtype=torch.long),
        "labels": torch.cat([*spectra, labels[..., config.n_mels :]], dim=-1),
        "labels_mask": torch.ones(batch_size, frames, dtype=torch.bool),
        "text_positions": torch.linspace(0, NUM_TOKENS, NUM_GROUPS + 1).repeat(batch_size, 1),
        "reference_features": torch.randn(batch_size, NUM_REFERENCE_FRAMES, config.n_mels) * 2 - 5,
        "reference_mask": torch.ones(batch_size, NUM_REFERENCE_FRAMES, dtype=torch.bool),
    }
    return {name: value.to(device) for name, value in batch.items()}


def median_seconds(
    steps: dict[str, Callable[[], None]], repetitions: int, device: torch.device, clock: Callable[[], float]
) -> dict[str, float]:
    seconds: dict[str, list[float]] = {name: [] for name in steps}
    for repetition in range(repetitions + 2):
        for name, step in steps.items():
            started = clock()
            step()
            if device.type == "cuda":
                torch.cuda.synchronize()
            # the first two warm up caches and allocators
            if repetition >= 2:
                seconds[name].append(clock() - started)
    return {name: statistics.median(values) for name, values in seconds.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="small", help="Preset.")
    parser.add_argument(
        "--max_positions_per_batch", type=int, default=8000, help="Positions of a batch; the default is the script's."
    )
    parser.add_argument("--repetitions", type=int, default=8, help="Timed repetitions of each.")
    parser.add_argument("--optimizer", default="muon", help="muon or adamw.")
    parser.add_argument("--mixed_precision", default="auto", help="bf16, no, or auto, as in training.")
    parser.add_argument("--threads", type=int, default=None, help="CPU threads. Default: torch's.")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="What seconds are; cpu: those of all threads.")
    parser.add_argument("--cpu", action="store_true", help="Use the CPU where there is a GPU.")
    parser.add_argument("--compile", action="store_true", help="Compile the model of the training step.")
    parser.add_argument("--profile", action="store_true", help="Print the operations of a training step.")
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.manual_seed(0)

    device = PartialState(cpu=args.cpu).device
    accelerator = Accelerator(
        mixed_precision=choose_mixed_precision(args.mixed_precision, device.type),
        cpu=args.cpu,
        dynamo_plugin=TorchDynamoPlugin(backend="inductor", dynamic=True) if args.compile else None,
    )
    config = GPT2TTSConfig.from_preset(args.model)
    length = config.num_style_latents + NUM_TOKENS + NUM_GROUPS
    batch_size = max(1, args.max_positions_per_batch // length)
    positions = batch_size * length
    batch = make_batch(config, batch_size, device)

    # not the same one, whose attention is chosen below
    gpt2 = GPT2Model(copy.deepcopy(config.gpt2_config)).to(device).train()
    model = GPT2TTSForTextToSpeech(config)
    choose_attention(model, accelerator.mixed_precision, device.type)
    optimizer = build_optimizer(model, args.optimizer)
    ema = build_ema(model).to(device)
    model, optimizer = accelerator.prepare(model, optimizer)
    model.train()

    def training_step():
        output = model(**batch)
        accelerator.backward(output.loss)
        accelerator.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        ema.update_parameters(accelerator.unwrap_model(model))

    inputs_embeds = torch.randn(batch_size, length, config.hidden_size, device=device)

    def gpt2_step():
        with accelerator.autocast():
            hidden_states = gpt2(inputs_embeds=inputs_embeds, use_cache=False).last_hidden_state
        hidden_states.float().square().mean().backward()
        gpt2.zero_grad()

    seconds = median_seconds(
        {"training step": training_step, "GPT2Model": gpt2_step}, args.repetitions, device, CLOCKS[args.clock]
    )
    audio = batch_size * NUM_GROUPS * config.reduction_factor / config.frame_rate
    speeds = {name: audio / value for name, value in seconds.items()}
    ratio = speeds["training step"] / speeds["GPT2Model"]
    where = f"{torch.get_num_threads()} threads" if device.type == "cpu" else torch.cuda.get_device_name()
    print(f"{args.model}, {batch_size} x {length} positions, {accelerator.mixed_precision}, {args.optimizer}, {where}")
    for name, speed in speeds.items():
        rate = positions / seconds[name]
        print(f"{name:>14}: {speed:8,.1f} s of audio/s {rate:10,.0f} positions/s {1000 * seconds[name]:10.1f} ms")
    print(f"{'ratio':>14}: {ratio:8.3f}")
    print(json.dumps({"audio_seconds_per_second": speeds, "ratio": ratio}))
    if args.profile:
        with torch.profiler.profile(acc_events=True) as profile:
            training_step()
        print(profile.key_averages().table(sort_by="self_cpu_time_total", row_limit=25, max_name_column_width=60))


if __name__ == "__main__":
    main()
