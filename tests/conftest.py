"""Fixtures for all tests: the optional data, synthetic audio that needs no file, and a checkpoint of random weights."""

import importlib.util
import logging
import math
import os
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

SAMPLING_RATE = 22050

# graphs of random weights are not to fill the user's cache; set before `huggingface_hub` reads it
_ASSETS = tempfile.TemporaryDirectory(prefix="gpt2tts-assets-")
os.environ["HF_ASSETS_CACHE"] = _ASSETS.name


@pytest.fixture(autouse=True)
def _hear_all_loggers():
    """The command line and the training scripts set levels of loggers for as long as their process lives."""
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_warning()
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] == "gpt2tts":
            logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def load_recipe():
    """Loads a script of `recipes/` as a module, by its name."""

    def load(name: str):
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / "recipes" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # its processes and data classes look for it there
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the recordings, from `GPT2TTS_SHARED_DATA` or `../shared/data` beside the repository."""
    default = Path(__file__).parents[1].parent / "shared" / "data"
    folder = Path(os.environ.get("GPT2TTS_SHARED_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"no recordings in {folder}: set GPT2TTS_SHARED_DATA to a folder that holds `ljspeech`")
    return folder


@pytest.fixture(scope="session")
def resemblyzer():
    """Skips where the weights of Resemblyzer are missing. The package need not import: only its weights are read."""
    if importlib.util.find_spec("resemblyzer") is None:
        pytest.skip("needs `pip install --no-deps resemblyzer`")


@pytest.fixture(scope="session")
def make_speech():
    """`make_speech(seconds=1.0, sampling_rate=22050, seed=0)`: speech-like audio, float32 `(samples,)`, peak 0.5.

    A gliding harmonic tone in syllables of noisy loudness, so that spectrograms of different seeds and times differ.
    """

    def make(seconds: float = 1.0, sampling_rate: int = SAMPLING_RATE, seed: int = 0) -> torch.Tensor:
        generator = torch.Generator().manual_seed(seed)
        time = torch.arange(round(seconds * sampling_rate)) / sampling_rate
        base = 90 + 120 * torch.rand(1, generator=generator)
        phase = 2 * math.pi * torch.cumsum(base * (1 + 0.2 * torch.sin(2 * math.pi * 1.3 * time)) / sampling_rate, 0)
        gains = torch.rand(12, generator=generator) / torch.arange(1, 13)
        tone = sum(gain * torch.sin((index + 1) * phase) for index, gain in enumerate(gains))
        noise = 0.1 * torch.randn(len(time), generator=generator)
        loudness = 0.2 + torch.sin(2 * math.pi * 2.1 * time + 6 * torch.rand(1, generator=generator)).abs()
        waveform = (tone + noise) * loudness
        return 0.5 * waveform / waveform.abs().max()

    return make


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory) -> Path:
    """Folder of features, for the tests of a module."""
    return tmp_path_factory.mktemp("features")


@pytest.fixture(scope="module")
def processor():
    """A processor that reads phonemes and bytes, for the tests of a module."""
    from gpt2tts import GPT2TTSFeatureExtractor, GPT2TTSProcessor, build_byte_tokenizer

    return GPT2TTSProcessor(GPT2TTSFeatureExtractor(), build_byte_tokenizer())


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory) -> Path:
    """Folder of a saved `tiny` model with random weights, the voices `ann` (default) and `bob`, and Griffin-Lim.

    Its speech is noise that runs into the frame budget: 160 frames, 1.9 s.
    """
    from gpt2tts import (
        GPT2TTSConfig,
        GPT2TTSFeatureExtractor,
        GPT2TTSForTextToSpeech,
        GPT2TTSProcessor,
        build_byte_tokenizer,
    )

    folder = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(0)
    config = GPT2TTSConfig.from_preset("tiny", default_voice="ann", vocoder="griffin-lim", max_frames_per_token=0.1)
    model = GPT2TTSForTextToSpeech(config)
    torch.nn.init.constant_(model.step_head.bias, -8.0)  # never gets to the end of a text
    for name in ("ann", "bob"):
        model.add_voice(name, torch.randn(config.num_style_latents, config.hidden_size))
    model.save_pretrained(folder)
    GPT2TTSProcessor(GPT2TTSFeatureExtractor(), build_byte_tokenizer()).save_pretrained(folder)
    return folder


@contextmanager
def _servers(checkpoint):
    """`start(synthesizer=None, **settings)`: serves, by default the `tiny` model, and returns the URL.

    The application is in its attribute `apps`, by URL.
    """
    pytest.importorskip("gradio")
    import uvicorn

    from gpt2tts.serving.server import ServerSettings, build_server
    from gpt2tts.synthesis import Synthesizer

    running = []

    def start(synthesizer=None, **settings) -> str:
        synthesizer = synthesizer or Synthesizer.from_pretrained(checkpoint, device="cpu")
        app = build_server(synthesizer, ServerSettings(**settings))
        config = uvicorn.Config(
            app,
            host="127.0.0.1",
            port=0,
            log_level="warning",
            timeout_graceful_shutdown=1,  # for clients that stay
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.02)
        running.append((server, thread))
        url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        start.apps[url] = app
        return url

    start.apps = {}
    yield start
    for server, _ in running:
        server.should_exit = True
    for _, thread in running:
        thread.join(timeout=5)


@pytest.fixture
def start_server(tiny_checkpoint):
    """Starts servers that a test is alone with, see [`_servers`]."""
    with _servers(tiny_checkpoint) as start:
        yield start


@pytest.fixture(scope="module")
def start_shared_server(tiny_checkpoint):
    """Starts servers for all tests of a file, see [`_servers`]."""
    with _servers(tiny_checkpoint) as start:
        yield start


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems():
    _name_files_of_lazy_modules()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        _name_files_of_lazy_modules()


def _name_files_of_lazy_modules():
    """hypothesis asks all modules for their files, for which SpeechBrain's lazy ones import what is not installed."""
    for module in list(sys.modules.values()):
        if any(kind.__name__ == "LazyModule" for kind in type(module).__mro__):
            vars(module).setdefault("__file__", None)
