"""Training on several processes: streams, sharded weights."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest
import torch
import yaml
from transformers import AutoModel, AutoProcessor, GPT2Config, GPT2Model

ROOT = Path(__file__).parents[1]
CLIPS = ROOT / "tests" / "fixtures" / "speech"
FAST = {
    "dataset": CLIPS,
    "tokenizer": "byte",
    "max_positions_per_batch": 2000,
    "validation_share": 0,
    "validation_voices": 0,
    "recognizer": "none",
    "report_to": "none",
    "num_proc": 1,
    "mixed_precision": "no",
}


def launch(script, arguments, **environment):
    """Two CPU processes, as `accelerate launch` starts those of two GPUs."""
    words = [word for name, value in arguments.items() for word in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"]
    finished = subprocess.run(
        [*command, str(script), *words],
        env={**os.environ, "OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true", **environment},
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert finished.returncode == 0, finished.stderr[-3000:]


RECORDING_SCRIPT = """
import hashlib, os, sys
from gpt2tts import train_accelerate

collate = train_accelerate.SpeechCollator.__call__

def record(self, items):
    with open(os.path.join(os.environ["RECORD"], os.environ["RANK"]), "a") as file:
        file.write(" ".join(hashlib.sha256(item["labels"].tobytes()).hexdigest() for item in items) + "\\n")
    return collate(self, items)

train_accelerate.SpeechCollator.__call__ = record
sys.exit(train_accelerate.main())
"""


def test_streams_give_each_process_other_clips(tmp_path):
    (tmp_path / "record").mkdir()
    script = tmp_path / "record.py"
    script.write_text(RECORDING_SCRIPT)
    arguments = {**FAST, "model": "tiny", "output_dir": tmp_path / "run", "cache_dir": tmp_path / "cache"}
    arguments |= {"num_train_epochs": 1, "streaming": True, "logging_steps": 1}
    launch(script, arguments, RECORD=str(tmp_path / "record"))
    batches = [(tmp_path / "record" / str(rank)).read_text().splitlines() for rank in range(2)]
    assert len(batches[0]) == len(batches[1])
    clips = [clip for rank in batches for batch in rank for clip in batch.split()]
    assert len(clips) == len(set(clips))
    assert len(clips) > 12
    assert (tmp_path / "run" / "final" / "model.safetensors").is_file()


SMALL_GPT2 = {"n_embd": 96, "n_layer": 2, "n_head": 4, "n_positions": 1024, "vocab_size": 300}
SMALL_CONDITIONING = {"conditioning_hidden_size": 32, "conditioning_num_layers": 1, "perceiver_num_heads": 4}


@pytest.mark.parametrize(
    ("gpt2", "conditioning"),
    [
        pytest.param(SMALL_GPT2, SMALL_CONDITIONING, id="small"),
        pytest.param(
            {}, {}, marks=pytest.mark.skipif("GPT2TTS_SLOW_TESTS" not in os.environ, reason="minutes"), id="base"
        ),
    ],
)
def test_gpt2_is_trained_in_shards_and_leaves_a_plain_checkpoint(gpt2, conditioning, tmp_path):
    torch.manual_seed(0)
    GPT2Model(GPT2Config(**gpt2)).save_pretrained(tmp_path / "gpt2")
    arguments = {**FAST, "model": f"gpt2:{tmp_path / 'gpt2'}", "model_overrides": yaml.safe_dump(conditioning)}
    arguments |= {"output_dir": tmp_path / "run", "cache_dir": tmp_path / "cache", "max_train_steps": 2}
    config = yaml.safe_load((ROOT / "accelerate_configs" / "fsdp.yaml").read_text())
    settings = {name.upper(): str(value) for name, value in config["fsdp_config"].items()}
    launch(
        ROOT / "train_accelerate.py",
        {**arguments, "optimizer": "adamw", "ema_decay": 0, "logging_steps": 1},
        ACCELERATE_USE_FSDP="true",
        **settings,
    )
    folder = tmp_path / "run" / "final"
    model = AutoModel.from_pretrained(folder, trust_remote_code=True)
    processor = AutoProcessor.from_pretrained(folder, trust_remote_code=True)
    assert model.config.num_hidden_layers == gpt2.get("n_layer", 12)
    output = model.generate(**processor(text="Hello."), max_frames=20, output_waveform=False)
    assert torch.isfinite(output.spectrogram).all()
    # it began with the weights of GPT-2, and has moved
    source = GPT2Model.from_pretrained(tmp_path / "gpt2").h[0].mlp.c_fc.weight
    trained = dict(model.named_parameters())
    (name,) = [name for name in trained if name.endswith("h.0.mlp.c_fc.weight")]
    assert 0 < (trained[name] - source).abs().max() < 0.01


@pytest.mark.parametrize("path", sorted((ROOT / "accelerate_configs").glob("*.yaml")), ids=lambda path: path.stem)
def test_configurations_are_understood(path):
    from accelerate.commands.config.config_args import load_config_from_file

    loaded = load_config_from_file(str(path))
    assert loaded.num_machines >= 1
    assert loaded.use_cpu is (path.stem in ("cpu", "multi_cpu"))


@pytest.mark.parametrize("package", ["ray", "pyspark"])
def test_the_examples_for_other_schedulers_run(package, tmp_path):
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"needs {package}")
    if package == "pyspark" and shutil.which("java") is None:
        pytest.skip("needs Java")
    examples = re.findall(r"```py\n(.*?)```", (ROOT / "docs" / "scaling.md").read_text("utf-8"), flags=re.DOTALL)
    (code,) = [example for example in examples if re.search(rf"^(import|from) {package}\b", example, re.MULTILINE)]
    (tmp_path / "example.py").write_text(code)
    finished = subprocess.run(
        [sys.executable, "example.py"],
        cwd=tmp_path,
        env={**os.environ, "PYSPARK_PYTHON": sys.executable, "RAY_worker_niceness": "0"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr[-3000:]
    table = pyarrow.parquet.read_table(tmp_path / "spoken").to_pydict()
    assert sorted(table["row"]) == [0, 1]
    assert all(len(waveform) > 10_000 for waveform in table["waveform"])
