# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""Speaking without PyTorch: the same samples, from a folder that is made once and never stale."""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import soundfile
import torch
from huggingface_hub import cached_assets_path
from safetensors.numpy import load_file, save_file

from gpt2tts import GPT2TTSForTextToSpeech, GPT2TTSProcessor, Synthesizer, onnx_synthesis
from gpt2tts.cli.main import main
from gpt2tts.files import clear_cache
from gpt2tts.onnx_synthesis import NotSpokenByGraphsError, OnnxSynthesizer, export_onnx
from gpt2tts.source_filter_vocoder_gpt2tts import GPT2TTSSourceFilterVocoder, GPT2TTSSourceFilterVocoderConfig

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")

TEXT = "The first one is short. [pause 0.4s] The second, which is a little longer, follows it!"
WITHOUT_TORCH = "import sys; sys.modules |= dict.fromkeys(['torch', 'torchaudio', 'transformers']); "


@pytest.fixture(scope="module")
def checkpoint(tiny_checkpoint, tmp_path_factory):
    """A model that gets through its texts, with a vocoder that the graphs go with."""
    folder = tmp_path_factory.mktemp("reader") / "checkpoint"
    model = GPT2TTSForTextToSpeech.from_pretrained(tiny_checkpoint)
    torch.nn.init.constant_(model.step_head.bias, -1.0)
    model.config.vocoder, model.config.british_voices = "source-filter", ["bob"]
    model.generation_config.max_frames_per_token = 30.0
    model.save_pretrained(folder)
    processor = GPT2TTSProcessor.from_pretrained(tiny_checkpoint)
    processor.max_chunk_tokens = 48  # so that a few sentences are several parts
    processor.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def with_torch(checkpoint):
    return Synthesizer.from_pretrained(checkpoint, device="cpu", engine="onnx")


@pytest.fixture(scope="module")
def exported(with_torch, tmp_path_factory):
    return export_onnx(with_torch.model, with_torch.processor, tmp_path_factory.mktemp("exported"))


@pytest.fixture(scope="module")
def without_torch(exported):
    return OnnxSynthesizer(exported, num_threads=torch.get_num_threads())


@pytest.fixture
def settled(monkeypatch):
    """Files that tests have just written count as done."""
    monkeypatch.setattr(onnx_synthesis, "SETTLED_SECONDS", 0.0)


@pytest.fixture(scope="module")
def modules(checkpoint):
    """Speaks by the modules of the model, without graphs."""
    return Synthesizer.from_pretrained(checkpoint, device="cpu", engine="torch")


def run(code: str, *arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "OMP_NUM_THREADS": str(torch.get_num_threads())},
        capture_output=True,
        text=True,
        timeout=120,
    )


def run_without_torch(code: str, *arguments: object) -> subprocess.CompletedProcess:
    return run(WITHOUT_TORCH + code, *arguments)


def speak(*arguments: object) -> int:
    with pytest.raises(SystemExit) as exit_info:
        main(["speak", *map(str, arguments)])
    return exit_info.value.code or 0


def test_where_there_is_no_pytorch_the_same_samples_are_made(exported, with_torch, tmp_path):
    code = (
        "import numpy as np; from gpt2tts import OnnxSynthesizer; synthesizer = OnnxSynthesizer(sys.argv[1]); "
        "waveform, _ = synthesizer.speak(sys.argv[2], 'ann(2)+bob(1)', seed=3); np.save(sys.argv[3], waveform)"
    )
    result = run_without_torch(code, exported, TEXT, tmp_path / "speech.npy")
    assert result.returncode == 0, result.stderr
    expected, _ = with_torch.speak(TEXT, "ann(2)+bob(1)", seed=3)
    assert np.array_equal(np.load(tmp_path / "speech.npy"), expected)


ROWS = (["Oh? Well!", "A short one."], ["ann", "bob"], [3, 2**64 - 1])  # texts, voices, seeds


def test_what_needs_pytorch_says_so():
    result = run_without_torch("from gpt2tts import Synthesizer")
    assert re.search(r"ImportError: `gpt2tts.Synthesizer` needs PyTorch .*`OnnxSynthesizer`", result.stderr)


@pytest.mark.parametrize("kind", ["modules", "without_torch"])
def test_another_process_makes_the_same_samples(kind, request, checkpoint, exported, tmp_path):
    load = {
        "modules": "from gpt2tts import Synthesizer as S; s = S.from_pretrained(sys.argv[1], device='cpu', engine='torch')",
        "without_torch": "from gpt2tts import OnnxSynthesizer as S; s = S(sys.argv[1])",
    }[kind]
    code = (
        f"import sys, numpy as np; {load}; rows = {ROWS!r}; "
        "waveforms = [s.speak(*row[:2], seed=row[2])[0] for row in zip(*rows)]; "
        "np.savez(sys.argv[2], *waveforms, *[chunk.waveform for chunk in s.speak_batch(*rows)])"
    )
    result = run(code, checkpoint if kind == "modules" else exported, tmp_path / "speech.npz")
    assert result.returncode == 0, result.stderr
    spoken = list(np.load(tmp_path / "speech.npz").values())
    here = request.getfixturevalue(kind)
    alone = [here.speak(text, voice, seed=seed)[0] for text, voice, seed in zip(*ROWS, strict=True)]
    batch = [chunk.waveform for chunk in here.speak_batch(*ROWS)]
    assert len(spoken) == 4
    assert all(map(np.array_equal, spoken, [*alone, *batch]))


@pytest.mark.parametrize("kind", ["modules", "with_torch", "without_torch"])
def test_two_threads_at_once_make_the_same_samples(kind, request):
    synthesizer = request.getfixturevalue(kind)
    rows = list(zip(*ROWS, strict=True))
    together = threading.Barrier(2)

    def speak_all(order: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
        together.wait(60)
        alone = [synthesizer.speak(text, voice, seed=seed)[0] for text, voice, seed in rows[::order]][::order]
        return alone, [chunk.waveform for chunk in synthesizer.speak_batch(*ROWS)]

    expected = [synthesizer.speak(text, voice, seed=seed)[0] for text, voice, seed in rows]
    batch = [chunk.waveform for chunk in synthesizer.speak_batch(*ROWS)]
    with ThreadPoolExecutor(2) as threads:
        for alone, batched in threads.map(speak_all, (1, -1)):
            assert all(map(np.array_equal, alone, expected))
            assert all(map(np.array_equal, batched, batch))
    if kind == "without_torch":  # PyTorch rounds matrix products by their size
        assert all(map(np.array_equal, batch, expected))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"voice": "bob"},
        {"voice": ["ann", "bob"]},
        {"british": True},
        {"speed": 1.5, "pitch_shift": -2.0},
        {"phonemes": False},
        {"seed": 2**64 - 1},
    ],
    ids=str,
)
def test_every_setting_means_the_same(with_torch, without_torch, settings):
    expected = with_torch.speak(TEXT, **{"seed": 5, **settings})[0]
    assert np.array_equal(without_torch.speak(TEXT, **{"seed": 5, **settings})[0], expected)


def test_it_streams_and_knows_words(with_torch, without_torch):
    pieces, expected = (list(each.stream_waveform(TEXT, seed=1)) for each in (without_torch, with_torch))
    assert len(pieces) > 3
    assert np.array_equal(np.concatenate(pieces), np.concatenate(expected))
    spoken, expected = (
        each.speak_batch([TEXT, "Hi!", "<prosody rate='fast'>And so on.</prosody>"], seeds=(1, 2, 3))
        for each in (without_torch, with_torch)
    )
    for chunk, other in zip(spoken, expected, strict=True):
        assert (chunk.text, chunk.words, chunk.stopped) == (other.text, other.words, other.stopped)
        assert np.array_equal(chunk.waveform, other.waveform)
        assert np.array_equal(chunk.pitch, other.pitch)


def test_voices_files_lexicons_and_limits(checkpoint, exported, with_torch, without_torch, monkeypatch):
    assert without_torch.voices == ["ann", "bob"]
    assert without_torch.is_british("bob")
    latents = without_torch.load_voice(checkpoint / "voices" / "bob.safetensors")
    assert np.array_equal(latents, with_torch.load_voice("bob").numpy())
    assert np.array_equal(without_torch.load_voice(latents), latents)
    half = with_torch.load_voice("bob").bfloat16()
    assert np.array_equal(without_torch.load_voice(half), half.float().numpy())
    with monkeypatch.context() as patch:
        # of a file of bfloat16, unless another package, as `onnx` does, brought it to NumPy
        patch.setattr("safetensors.numpy.load_file", lambda path: np.dtype("no such type"))
        with pytest.raises(ValueError, match=r"holds no voice .*export the voice again"):
            without_torch.load_voice(checkpoint / "voices" / "bob.safetensors")
    settings = {"lexicon": {"first": "hˈɪbɑɹi"}, "prenet_dropout": 0.0, "max_frames_per_token": 20.0}
    limited = OnnxSynthesizer(exported, **settings)
    expected = Synthesizer(with_torch.model, with_torch.processor, with_torch.vocoder, engine="onnx", **settings)
    assert np.array_equal(limited.speak(TEXT, latents, seed=0)[0], expected.speak(TEXT, latents, seed=0)[0])
    with_torch.processor.lexicon = {}
    with pytest.raises(ValueError, match="no voice 'nobody'"):
        without_torch.load_voice("nobody")
    with pytest.raises(ValueError, match="is silent"):
        without_torch.load_voice((np.zeros(22050, np.float32), 22050))
    with pytest.raises(ValueError, match="`prenet_dropout` must lie between 0 and 1"):
        OnnxSynthesizer(exported, prenet_dropout=1.5).speak("Hello.")
    with pytest.raises(ValueError, match="`max_frames_per_token` must be a finite number"):
        OnnxSynthesizer(exported, max_frames_per_token=float("nan")).speak("Hello.")
    with pytest.raises(ValueError, match="holds no voice"):
        without_torch.load_voice(checkpoint / "model.safetensors")


def test_recordings_give_the_same_voice(exported, with_torch, make_speech):
    synthesizer = OnnxSynthesizer(exported, num_threads=torch.get_num_threads())
    clip = (make_speech(2.0).numpy(), 22050)
    voice = synthesizer.load_voice([clip, "ann"])
    assert np.array_equal(voice, with_torch.load_voice([clip, "ann"]).numpy())

    synthesizer.add_voice("me", clip)
    assert synthesizer.voices == ["ann", "bob", "me"]
    assert np.array_equal(synthesizer.load_voice("me"), with_torch.load_voice(clip).numpy())
    with pytest.raises(ValueError, match="letters, digits"):
        synthesizer.add_voice("../me", clip)


@pytest.mark.usefixtures("settled")
def test_settings_reach_an_export_and_what_is_kept_of_a_checkpoint(checkpoint, exported, tmp_path):
    settings = {"lexicon": {"first": "hˈɪbɑɹi"}, "prenet_dropout": 0.0, "max_frames_per_token": 20.0}
    expected, _ = OnnxSynthesizer(exported, **settings).speak(TEXT, seed=0)
    for folder in (exported, shutil.copytree(checkpoint, tmp_path / "copy")):
        waveform, _ = OnnxSynthesizer.from_pretrained(folder, **settings).speak(TEXT, seed=0)
        assert np.array_equal(waveform, expected)


def test_an_export_reads_texts_as_its_processor_and_speaks_without_a_voice(with_torch, tmp_path, monkeypatch):
    monkeypatch.setattr(with_torch.model.config, "default_voice", None)
    settings = {"normalize": False, "phonemes": False, "british": True, "lexicon": {"first": "hˈɪbɑɹi"}}
    settings |= {"max_text_tokens": 90, "max_chunk_tokens": 40}
    for name, value in settings.items():
        monkeypatch.setattr(with_torch.processor, name, value)
    spoken = OnnxSynthesizer(export_onnx(with_torch.model, with_torch.processor, tmp_path))
    assert {name: getattr(spoken.processor, name) for name in settings} == settings
    spoken.load_voice()[:] = 5.0  # a copy
    assert np.array_equal(spoken.speak(TEXT, seed=0)[0], with_torch.speak(TEXT, seed=0)[0])


@pytest.mark.usefixtures("settled")
def test_the_command_prepares_a_checkpoint_once_and_then_needs_no_pytorch(checkpoint, tmp_path, capfd, make_speech):
    arguments = ("--model", checkpoint, "--seed", 4)
    for name in ("first.wav", "second.wav"):
        assert speak(TEXT, *arguments, "-o", tmp_path / name) == 0
        assert ("on its first use" in capfd.readouterr().err) == (name == "first.wav")
    command = "from gpt2tts.cli.main import main; main(sys.argv[1:])"
    for ending in ("wav", "opus", "mp3"):
        result = run_without_torch(command, "speak", TEXT, *arguments, "-o", tmp_path / f"third.{ending}")
        assert result.returncode == 0, result.stderr
    assert (tmp_path / "first.wav").read_bytes() == (tmp_path / "second.wav").read_bytes()
    assert (tmp_path / "first.wav").read_bytes() == (tmp_path / "third.wav").read_bytes()
    assert soundfile.info(tmp_path / "third.opus").samplerate == 24000
    assert "bob" in run_without_torch(command, "voices", "--model", checkpoint).stdout

    soundfile.write(tmp_path / "clip.wav", make_speech(2.0).numpy(), 22050)
    recorded = ("--voice", tmp_path / "clip.wav")
    assert (
        speak(TEXT, *arguments, *recorded, "--engine", "onnx", "--device", "cpu", "-o", tmp_path / "cloned.wav") == 0
    )
    result = run_without_torch(command, "speak", TEXT, *arguments, *recorded, "-o", tmp_path / "again.wav")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "cloned.wav").read_bytes() == (tmp_path / "again.wav").read_bytes()

    result = run_without_torch(command, "speak", TEXT, *arguments, "--engine", "torch")
    assert result.returncode == 2
    assert "This needs PyTorch" in result.stderr


def test_a_checkpoint_of_the_hub_needs_no_pytorch(checkpoint, exported, tmp_path, monkeypatch):
    repository = tmp_path / "hub" / "models--me--voice"
    snapshot = shutil.copytree(checkpoint, repository / "snapshots" / ("a" * 40))
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("a" * 40)
    for name, value in (("HF_HUB_CACHE", tmp_path / "hub"), ("HF_HUB_OFFLINE", True)):
        monkeypatch.setattr(f"huggingface_hub.constants.{name}", value)
        monkeypatch.setenv(name, str(value))
    expected, _ = OnnxSynthesizer(exported).speak(TEXT, seed=0)
    for name in ("me/voice", "me/voice@main"):
        assert np.array_equal(OnnxSynthesizer.from_pretrained(name).speak(TEXT, seed=0)[0], expected)

    code = "from gpt2tts.cli.main import main; main(sys.argv[1:])"
    result = run_without_torch(code, "speak", TEXT, "--model", "me/voice", "-o", tmp_path / "speech.wav")
    assert result.returncode == 0, result.stderr
    result = run(code.replace("from", "import sys; from", 1), "speak", TEXT, "--model", "me/other")
    assert (result.returncode, "nothing came from the Hub" in result.stderr) == (2, True)

    (snapshot / "voices" / "bob.safetensors").unlink()  # not fetched yet: it is not to be spoken without
    with pytest.raises(NotSpokenByGraphsError):
        OnnxSynthesizer.from_pretrained("me/voice")


@pytest.mark.usefixtures("settled")
def test_the_files_of_a_checkpoint_are_enough(checkpoint, exported, tmp_path, monkeypatch):
    """Its first use needs no PyTorch, and prepares what PyTorch does, to the byte."""
    copy = shutil.copytree(checkpoint, tmp_path / "copy")
    monkeypatch.setattr(onnx_synthesis, "_export_by_torch", None)
    kept = onnx_synthesis._kept_folder(copy, lambda: None)
    files = {path.relative_to(exported) for path in exported.rglob("*") if path.is_file()}
    assert files == {path.relative_to(kept) for path in kept.rglob("*") if path.is_file()}
    assert all((exported / path).read_bytes() == (kept / path).read_bytes() for path in files)

    code = "from gpt2tts import export_onnx; export_onnx.main(sys.argv[1:])"
    result = run_without_torch(code, "--model", checkpoint, "--output", tmp_path / "by_hand")
    assert result.returncode == 0, result.stderr
    assert all((exported / path).read_bytes() == (tmp_path / "by_hand" / path).read_bytes() for path in files)

    monkeypatch.setenv("HF_ASSETS_CACHE", str(tmp_path / "assets"))
    command = "from gpt2tts import onnx_synthesis; onnx_synthesis.SETTLED_SECONDS = 0.0; "
    command += "from gpt2tts.cli.main import main; main(sys.argv[1:])"
    result = run_without_torch(command, "speak", TEXT, "--model", checkpoint, "-o", tmp_path / "speech.wav")
    assert result.returncode == 0, result.stderr
    assert "on its first use" in result.stderr


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "voices" / "bob.safetensors").unlink(),
        lambda folder: (folder / "voices" / "bob.safetensors").write_bytes(b"cut"),
        lambda folder: edit_json(folder / "config.json", default_voice="nobody"),
        lambda folder: edit_json(folder / "config.json", hidden_act=None),
        lambda folder: edit_json(folder / "config.json", refiner_hidden_size=0),
        lambda folder: edit_json(folder / "processor_config.json", max_chunk_tokens=None),
        lambda folder: (folder / "generation_config.json").unlink(),
        lambda folder: edit_json(folder / "generation_config.json", max_new_tokens=3),
        lambda folder: (
            (folder / "generation_config.json").unlink(),
            edit_json(folder / "config.json", max_new_tokens=3),
        ),
    ],
    ids=[
        "no file of a voice",
        "damaged voice",
        "no such default",
        "older",
        "refiner left out",
        "older processor",
        "bare",
        "bounded",
        "bounded by the configuration",
    ],
)
def test_what_is_unusual_about_files_is_left_to_pytorch_and_sounds_the_same(change, checkpoint, tmp_path):
    copy = shutil.copytree(checkpoint, tmp_path / "copy")
    change(copy)
    expected, _ = Synthesizer.from_pretrained(copy, device="cpu", engine="onnx").speak(TEXT, seed=0)
    waveform, _ = OnnxSynthesizer.from_pretrained(copy, num_threads=torch.get_num_threads()).speak(TEXT, seed=0)
    assert np.array_equal(waveform, expected)


@pytest.mark.usefixtures("settled")
def test_a_damaged_tokenizer_is_left_to_pytorch_to_name(checkpoint, tmp_path, monkeypatch):
    copy = shutil.copytree(checkpoint, tmp_path / "copy")
    (copy / "tokenizer.json").write_text("{")

    def read_by_torch(*_):
        raise NotSpokenByGraphsError("left to PyTorch")

    monkeypatch.setattr(onnx_synthesis, "_export_by_torch", read_by_torch)
    with pytest.raises(NotSpokenByGraphsError, match="left to PyTorch"):
        OnnxSynthesizer.from_pretrained(copy)


def edit_json(path, **fields):
    """Sets fields of a file, or takes out those that are `None`."""
    content = {**json.loads(path.read_text()), **fields}
    path.write_text(json.dumps({name: value for name, value in content.items() if value is not None}))


@pytest.mark.usefixtures("settled")
def test_what_is_kept_is_never_of_another_checkpoint(checkpoint, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(checkpoint, copy)
    before, _ = OnnxSynthesizer.from_pretrained(copy).speak("Hello there.", seed=0)
    path = copy / "voices" / "ann.safetensors"
    status, content = path.stat(), (copy / "voices" / "bob.safetensors").read_bytes()
    path.write_bytes(content)  # of the same size
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    made = []
    changed = OnnxSynthesizer.from_pretrained(copy, on_making=lambda: made.append(True))
    assert made
    assert not np.array_equal(changed.speak("Hello there.", seed=0)[0], before)

    (kept,) = {folder for folder in [onnx_synthesis._kept_folder(copy, lambda: None)]}
    (kept / "step.onnx").write_bytes(b"cut short")
    again = OnnxSynthesizer.from_pretrained(copy, on_making=lambda: made.append(True))
    assert len(made) == 2
    assert np.array_equal(again.speak("Hello there.", seed=0)[0], changed.speak("Hello there.", seed=0)[0])

    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "british_voices": ["ann"]}))
    assert OnnxSynthesizer.from_pretrained(copy).is_british("ann")


@pytest.mark.usefixtures("settled")
def test_a_checkpoint_may_be_made_by_two_at_once_but_not_change_meanwhile(checkpoint, tmp_path):
    copy = shutil.copytree(checkpoint, tmp_path / "copy")
    slower = OnnxSynthesizer.from_pretrained(copy, on_making=lambda: OnnxSynthesizer.from_pretrained(copy))
    assert slower.voices == ["ann", "bob"]
    (copy / "voices" / "bob.safetensors").unlink()
    with pytest.raises(NotSpokenByGraphsError, match="has changed while it was read"):
        OnnxSynthesizer.from_pretrained(copy, on_making=(copy / "README.json").touch)


def test_a_checkpoint_that_may_still_be_written_is_waited_for(checkpoint, tmp_path, monkeypatch):
    fresh = shutil.copytree(checkpoint, tmp_path / "fresh")
    waits = []
    monkeypatch.setattr(onnx_synthesis, "_export_by_torch", None)
    monkeypatch.setattr(onnx_synthesis.time, "sleep", waits.append)
    assert OnnxSynthesizer.from_pretrained(fresh).voices == ["ann", "bob"]
    assert 0 < sum(waits) <= onnx_synthesis.SETTLED_SECONDS

    (fresh / "voices" / "bob.safetensors").unlink()
    monkeypatch.setattr(onnx_synthesis.time, "sleep", lambda seconds: (fresh / "README.json").touch())
    edit_json(fresh / "config.json", voices=["ann"])
    with pytest.raises(NotSpokenByGraphsError, match="has changed while it was read"):
        OnnxSynthesizer.from_pretrained(fresh)


@pytest.mark.usefixtures("settled")
def test_an_adapter_beside_the_weights_is_not_left_out(checkpoint, tmp_path):
    peft = pytest.importorskip("peft")
    copy = shutil.copytree(checkpoint, tmp_path / "copy")
    settings = peft.LoraConfig(target_modules=["c_attn"], fan_in_fan_out=True, init_lora_weights=False)
    peft.get_peft_model(GPT2TTSForTextToSpeech.from_pretrained(copy), settings).save_pretrained(copy)
    with pytest.raises(NotSpokenByGraphsError, match="adapters"):
        OnnxSynthesizer.from_pretrained(copy)


@pytest.mark.usefixtures("settled")
def test_no_text_is_cut_as_the_last_one_before_saving_was(checkpoint, with_torch, tmp_path):
    copy = shutil.copytree(checkpoint, tmp_path / "copy")
    processor = GPT2TTSProcessor.from_pretrained(copy)
    processor.tokenizer(["A long text.", "A"], truncation=True, max_length=6, padding="max_length")
    processor.save_pretrained(copy)
    waveform, _ = OnnxSynthesizer.from_pretrained(copy, num_threads=torch.get_num_threads()).speak(TEXT, seed=0)
    assert np.array_equal(waveform, with_torch.speak(TEXT, seed=0)[0])


@pytest.mark.usefixtures("settled")
def test_voices_behind_a_link_are_never_of_before(checkpoint, tmp_path):
    copy = shutil.copytree(checkpoint, tmp_path / "copy")
    elsewhere = shutil.move(copy / "voices", tmp_path / "elsewhere")
    (copy / "voices").symlink_to(elsewhere)
    before = OnnxSynthesizer.from_pretrained(copy).load_voice("ann")
    shutil.copyfile(elsewhere / "bob.safetensors", elsewhere / "ann.safetensors")
    assert not np.array_equal(OnnxSynthesizer.from_pretrained(copy).load_voice("ann"), before)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: spoil(folder / "model.safetensors"), "are not finite"),
        (lambda folder: edit_json(folder / "config.json", max_mel_positions=5000), "must not exceed"),
        (lambda folder: edit_json(folder / "generation_config.json", max_new_tokens=0), "must be greater than 0"),
    ],
    ids=["diverged", "longer than positions", "no groups"],
)
def test_what_pytorch_refuses_is_not_spoken(change, message, checkpoint, tmp_path):
    copy = shutil.copytree(checkpoint, tmp_path / "copy")
    change(copy)
    with pytest.raises(Exception, match=message):
        OnnxSynthesizer.from_pretrained(copy)


def test_what_is_missing_of_weights_is_left_to_pytorch(checkpoint, tmp_path):
    copy = shutil.copytree(checkpoint, tmp_path / "copy")
    weights = load_file(copy / "model.safetensors")
    del weights["model.perceiver_resampler.output_norm.bias"]
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    assert onnx_synthesis.export_files(copy, tmp_path / "export") is None


def spoil(path):
    """Makes a weight what it is after a training that diverged."""
    weights = load_file(path)
    weights["mel_head.bias"][0] = np.nan
    save_file(weights, path, metadata={"format": "pt"})


def test_without_pytorch_the_command_says_what_hinders_it(checkpoint, tmp_path, monkeypatch):
    command = "from gpt2tts import onnx_synthesis; onnx_synthesis.SETTLED_SECONDS = 0.0; "
    command += "from gpt2tts.cli.main import main; main(sys.argv[1:])"
    copy = shutil.copytree(checkpoint, tmp_path / "copy")
    (copy / "voices" / "bob.safetensors").write_bytes(b"cut")
    result = run_without_torch(command, "speak", "Hi.", "--model", copy, "-o", tmp_path / "hi.wav")
    assert (result.returncode, "bob.safetensors is damaged" in result.stderr) == (2, True), result.stderr
    (tmp_path / "file").touch()
    monkeypatch.setenv("HF_ASSETS_CACHE", str(tmp_path / "file" / "assets"))
    result = run_without_torch(command, "speak", "Hi.", "--model", checkpoint, "-o", tmp_path / "hi.wav")
    assert (result.returncode, "HF_ASSETS_CACHE" in result.stderr) == (2, True), result.stderr


@pytest.mark.usefixtures("settled")
def test_what_is_kept_stays_whatever_a_user_asks_for(checkpoint, monkeypatch):
    made = []
    loaded = OnnxSynthesizer.from_pretrained(checkpoint, on_making=lambda: made.append(True))
    kept = onnx_synthesis._kept_folder(checkpoint, lambda: None)
    os.utime(kept, (0, 0))
    made.clear()
    monkeypatch.setenv("OMP_NUM_THREADS", "2,1")  # for nested threads
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)  # as on macOS
    with pytest.raises(OSError, match="nowhere"):
        OnnxSynthesizer.from_pretrained(checkpoint, lexicon="nowhere.tsv", on_making=lambda: made.append(True))
    assert not made
    assert kept.stat().st_mtime > time.time() - 600  # what is used makes room last
    shutil.rmtree(kept)  # as another program may
    assert len(loaded.speak("Hello there.", "bob", seed=0)[0])


@pytest.mark.usefixtures("settled")
def test_a_cache_that_cannot_be_made_is_named(checkpoint, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    blocked = functools.partial(cached_assets_path, assets_dir=tmp_path / "file")
    monkeypatch.setattr("huggingface_hub.cached_assets_path", blocked)
    with pytest.raises(OSError, match="HF_ASSETS_CACHE"):
        OnnxSynthesizer.from_pretrained(checkpoint)
    assert speak("Hi.", "--model", checkpoint, "-o", tmp_path / "hi.wav") == 0  # PyTorch does without


def test_an_export_replaces_nothing_but_an_export(checkpoint, with_torch, tmp_path):
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "me.wav").write_bytes(b"a recording")
    for folder in (tmp_path, shutil.copytree(checkpoint, tmp_path / "copy")):
        before = {path: path.is_dir() or path.read_bytes() for path in folder.rglob("*")}
        with pytest.raises(FileExistsError, match=r"`folder` .* is no export.*choose another folder"):
            export_onnx(with_torch.model, with_torch.processor, folder)
        assert {path: path.is_dir() or path.read_bytes() for path in folder.rglob("*")} == before
        shutil.rmtree(tmp_path / "voices", ignore_errors=True)


def test_an_export_holds_the_voices_of_the_model_alone(with_torch, tmp_path):
    (tmp_path / "voices").mkdir()
    shutil.copy(
        export_onnx(with_torch.model, with_torch.processor, tmp_path) / "voices" / "ann.safetensors",
        tmp_path / "voices" / "old.safetensors",
    )
    export_onnx(with_torch.model, with_torch.processor, tmp_path)
    assert OnnxSynthesizer(tmp_path).voices == ["ann", "bob"]


def test_old_folders_make_room_and_what_others_write_is_left_alone(tmp_path):
    now = time.time()
    ages = {str(number): 60 * number for number in range(12)}
    for name, age in {**ages, ".partial-fresh": 3600, ".partial-abandoned": 2 * 86400}.items():
        (tmp_path / name / "voices").mkdir(parents=True)
        os.utime(tmp_path / name, (now - age, now - age))
    clear_cache(tmp_path, "11", onnx_synthesis.KEPT_FOLDERS)
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {".partial-fresh", "11", *map(str, range(7))}


def test_what_only_pytorch_can_speak_is_left_to_it(tiny_checkpoint, checkpoint, tmp_path, with_torch):
    with pytest.raises(NotSpokenByGraphsError, match="'griffin-lim' needs PyTorch"):
        OnnxSynthesizer.from_pretrained(tiny_checkpoint)
    model = GPT2TTSForTextToSpeech.from_pretrained(checkpoint).to(torch.bfloat16)
    with pytest.raises(NotSpokenByGraphsError, match="float32"):
        export_onnx(model, with_torch.processor, tmp_path / "half")
    with pytest.raises(FileNotFoundError, match="no folder"):
        OnnxSynthesizer.from_pretrained("no/such/folder")


def test_vocoders_that_are_elsewhere_or_networks_are_left_to_pytorch(checkpoint, with_torch, tmp_path, monkeypatch):
    config = json.loads((checkpoint / "config.json").read_text())
    source_filter = {"model_type": "gpt2tts_source_filter"}
    for reference, vocoder in (
        ("vocoder", {**source_filter, "num_residual_layers": 1}),
        ("vocoder", {"model_type": "gpt2tts_hifigan"}),
        ("../elsewhere", source_filter),
        (str(tmp_path / "elsewhere"), source_filter),
        ("someone/vocoder", None),
    ):
        folder = tmp_path / "checkpoint"
        folder.mkdir(exist_ok=True)
        (folder / "config.json").write_text(json.dumps({**config, "vocoder": reference}))
        if vocoder is not None:
            (folder / reference).mkdir(exist_ok=True)
            (folder / reference / "config.json").write_text(json.dumps(vocoder))
        with pytest.raises(NotSpokenByGraphsError, match=f"The vocoder '{reference}' needs PyTorch"):
            onnx_synthesis._kept_folder(folder, lambda: None)
    network = GPT2TTSSourceFilterVocoder(GPT2TTSSourceFilterVocoderConfig(num_residual_layers=1))
    monkeypatch.setattr(with_torch.model, "get_vocoder", lambda: network)
    with pytest.raises(NotSpokenByGraphsError, match="not a source-filter vocoder without a network"):
        export_onnx(with_torch.model, with_torch.processor, tmp_path / "onnx")


def test_a_folder_of_another_version_is_refused(exported, tmp_path):
    folder = shutil.copytree(exported, tmp_path / "onnx")
    (folder / "refiner.onnx").unlink()
    with pytest.raises(FileNotFoundError, match=r"refiner\.onnx is missing: export the checkpoint again"):
        OnnxSynthesizer(folder)
    settings = json.loads((folder / "onnx.json").read_text())
    del settings["graph_version"]  # as the first versions wrote it
    (folder / "onnx.json").write_text(json.dumps(settings))
    with pytest.raises(ValueError, match="export the checkpoint again"):
        OnnxSynthesizer(folder)
