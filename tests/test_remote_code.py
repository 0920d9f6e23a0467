"""A saved folder works where gpt2tts is not installed and there is no network, as a user of transformers meets it."""

import ast
import json
import os
import subprocess
import sys

import pytest

# One process for all tests: importing torch and transformers is what takes the time.
SCRIPT = """
import importlib.abc, json, pathlib, socket, sys

class NoPackage(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "gpt2tts":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

connections = []  # a refused one may be taken for being offline and go unnoticed

def refuse(*arguments, **options):
    connections.append(str(arguments))
    raise OSError("a connection was attempted")

sys.meta_path.insert(0, NoPackage())
socket.socket.connect = socket.socket.connect_ex = socket.create_connection = socket.getaddrinfo = refuse
try:
    import gpt2tts
except ModuleNotFoundError:
    pass
else:
    sys.exit("gpt2tts is importable: the test tests nothing")

import numpy as np
from transformers import (
    AutoConfig, AutoFeatureExtractor, AutoModel, AutoModelForTextToWaveform, AutoProcessor, pipeline
)

folder = sys.argv[1]
parts = [
    auto.from_pretrained(folder, trust_remote_code=True)
    for auto in (AutoConfig, AutoModel, AutoModelForTextToWaveform, AutoProcessor, AutoFeatureExtractor)
]
config, model, waveform_model, processor, feature_extractor = parts

inputs = processor(text="Hello.")
output = model.generate(**inputs, seed=0)
clip = np.sin(np.arange(22050) * 0.05).astype("float32")
cloned = model.generate(**processor(text="Hello.", audio=clip, sampling_rate=22050), seed=0)
waveform = processor.decode(output)[0]
processor.save_audio(waveform, "hello.wav")
import soundfile
saved, rate = soundfile.read("hello.wav")
generated = {
    "samples": len(waveform), "saved": len(saved), "rate": rate, "frames": int(output.spectrogram_lengths[0]),
    "loudest": float(abs(waveform).max()),
    "same": bool((output.waveform == waveform_model.generate(**inputs, seed=0).waveform).all()),
    "cloned_differs": bool((output.spectrogram - cloned.spectrogram).abs().max() > 1e-3),
    "features": list(feature_extractor(clip, sampling_rate=22050)["input_features"].shape),
}

pipe = pipeline("text-to-speech", model=folder, trust_remote_code=True)
plain = pipe("Hello")
first, again, other = (
    pipe("Hello", forward_params={"seed": 1, "voice": voice})["audio"] for voice in ("ann", "ann", "bob")
)
piped = {
    "keys": sorted(plain), "rate": plain["sampling_rate"], "shape": list(plain["audio"].shape),
    "dtype": str(plain["audio"].dtype), "loudest": float(abs(plain["audio"]).max()),
    "repeats": bool((first == again).all()),
    "voice_differs": first.shape != other.shape or bool(abs(first - other).max() > 1e-3),
    "several": len(pipe(["Hello", "Good morning"])), "class": type(pipe).__name__,
    "page": len(pipe("It was a bright cold day in April. " * 12)["audio"]) / len(plain["audio"]),
    "recording": bool((pipe("Hello", voice=(clip, 22050), seed=1)["audio"] != first).any()),
}

model.save_pretrained("copy")
processor.save_pretrained("copy")
names = lambda root: {str(p.relative_to(root)) for p in pathlib.Path(root).rglob("*") if p.is_file()}
copied_inputs = AutoProcessor.from_pretrained("copy", trust_remote_code=True)(text="Hello.")
copy = AutoModel.from_pretrained("copy", trust_remote_code=True)
copied = {
    "missing": sorted(names(folder) - names("copy")),
    "same": bool((copy.generate(**copied_inputs, seed=0).waveform == output.waveform).all()),
}

print(json.dumps({
    "classes": [type(part).__name__ for part in parts],
    "modules": sorted({type(part).__module__.split(".")[0] for part in parts}),
    "voices": model.voices, "generated": generated, "piped": piped, "copied": copied, "connections": connections,
}))
"""


@pytest.fixture(scope="module")
def elsewhere(tiny_checkpoint, tmp_path_factory) -> dict:
    """What the script found, run in an empty folder."""
    cwd, home = tmp_path_factory.mktemp("cwd"), tmp_path_factory.mktemp("home")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "PYTHON"))}
    # the copies of the remote code must not come from an earlier run, nor stay
    environment |= {"HF_HOME": str(home), "OMP_NUM_THREADS": "1"}
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tiny_checkpoint)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert result.returncode == 0, result.stderr[-4000:]
    return json.loads(result.stdout.strip().splitlines()[-1])


def test_auto_classes_load_the_code_of_the_folder(elsewhere):
    model = "GPT2TTSForTextToSpeech"
    assert elsewhere["classes"] == ["GPT2TTSConfig", model, model, "GPT2TTSProcessor", "GPT2TTSFeatureExtractor"]
    assert elsewhere["modules"] == ["transformers_modules"]
    assert elsewhere["voices"] == ["ann", "bob"]


def test_no_connection_is_attempted(elsewhere):
    assert elsewhere["connections"] == []


def test_generate_speaks_to_a_file(elsewhere):
    result = elsewhere["generated"]
    assert result["samples"] == result["saved"] == result["frames"] * 256 > 0
    assert result["rate"] == 22050
    assert result["loudest"] > 1e-3
    assert result["same"]
    assert result["cloned_differs"]
    assert result["features"] == [1, 87, 80]


def test_pipeline(elsewhere):
    result = elsewhere["piped"]
    assert result["keys"] == ["audio", "sampling_rate"]
    assert result["rate"] == 22050
    assert result["dtype"] == "float32"
    assert len(result["shape"]) == 1
    assert result["shape"][0] >= 22050 // 4
    assert result["loudest"] > 1e-3
    assert result["repeats"]
    assert result["voice_differs"]
    assert result["several"] == 2
    assert result["class"] == "GPT2TTSPipeline"
    assert result["page"] > 1.5
    assert result["recording"]


def test_folder_saved_from_remote_code_is_whole(elsewhere):
    assert elsewhere["copied"] == {"missing": [], "same": True}


def test_folder_holds_safetensors_only(tiny_checkpoint):
    suffixes = {path.suffix for path in tiny_checkpoint.rglob("*") if path.is_file()}
    assert ".safetensors" in suffixes
    assert suffixes <= {".safetensors", ".json", ".py", ".txt", ".md"}


# what SECURITY.md says of the files that travel with a checkpoint
LOADED_WITH_THEM = {"huggingface_hub", "numpy", "safetensors", "tokenizers", "torch", "torchaudio", "transformers"}
WHERE_NEEDED = {"av", "onnx", "onnxruntime", "peft", "soundfile", "swift_f0", "yaml"}
REFUSED = {
    *("asyncio", "ctypes", "ftplib", "http", "marshal", "multiprocessing", "pickle", "requests", "shelve", "smtplib"),
    *("socket", "socketserver", "ssl", "subprocess", "urllib", "webbrowser"),
}
REFUSED_CALLS = {"compile", "eval", "exec", "execv", "fork", "popen", "posix_spawn", "spawnv", "system", "__import__"}


def imported_packages(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(node.module.partition(".")[0])
    return names


def test_the_code_imports_what_the_security_notes_say(tiny_checkpoint):
    for path in sorted(tiny_checkpoint.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        of_others = imported_packages(tree) - set(sys.stdlib_module_names)
        assert of_others <= LOADED_WITH_THEM | WHERE_NEEDED, path.name
        assert not imported_packages(tree) & REFUSED, path.name
        at_import = ast.Module([node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))], [])
        assert imported_packages(at_import) - set(sys.stdlib_module_names) <= LOADED_WITH_THEM, path.name
        calls = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
        names = {call.id for call in calls if isinstance(call, ast.Name)}
        names |= {
            call.attr
            for call in calls
            if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name) and call.value.id == "os"
        }
        assert not names & REFUSED_CALLS, path.name


IMPORTING = """
import importlib, os, pathlib, sys
import huggingface_hub, numpy, safetensors.torch, tokenizers, torch, torchaudio, transformers
from transformers import Pipeline, PreTrainedModel, GPT2Model, ProcessorMixin, SequenceFeatureExtractor

REFUSED = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.remove", "os.rename", "os.mkdir",
           "shutil.", "socket.connect", "socket.bind", "socket.getaddrinfo", "urllib.", "ctypes.dlopen")

def watch(event, arguments):
    writes = event == "open" and (
        any(letter in (arguments[1] or "") for letter in "wax+") or (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)
    )
    if writes or event.startswith(REFUSED):
        print("REFUSED", event, arguments[0])

folder = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(folder.parent))
sys.addaudithook(watch)
for path in sorted(folder.glob("*.py")):
    importlib.import_module(f"{folder.name}.{path.stem}")
    print("imported", path.stem)
"""


def test_importing_it_touches_nothing(tiny_checkpoint):
    result = subprocess.run(
        [sys.executable, "-B", "-c", IMPORTING, str(tiny_checkpoint)], capture_output=True, text=True, timeout=300
    )
    assert result.returncode == 0, result.stderr[-4000:]
    lines = result.stdout.splitlines()
    assert [line for line in lines if line.startswith("REFUSED")] == []
    assert len(lines) == len(list(tiny_checkpoint.glob("*.py"))) > 10
