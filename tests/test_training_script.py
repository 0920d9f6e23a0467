"""The training script as a user runs it: `tiny` on the embedded clips."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import torch
import yaml
from accelerate.state import AcceleratorState, GradientState
from transformers import AutoModel, AutoProcessor

from gpt2tts import train_accelerate
from gpt2tts.data.samplers import RowDraw
from gpt2tts.training.arguments import parse_arguments
from gpt2tts.training.checkpointing import list_checkpoints
from gpt2tts.training.tracking import read_metrics

ROOT = Path(__file__).parents[1]
CLIPS = ROOT / "tests" / "fixtures" / "speech"

FAST = {
    "model": "tiny",
    "dataset": str(CLIPS),
    "max_positions_per_batch": 600,
    "warmup_steps": 2,
    "logging_steps": 1,
    "validation_share": 0,
    "validation_voices": 1,
    "recognizer": "none",
    "report_to": "none",
    "num_proc": 1,
    "mixed_precision": "no",
}
# everything that draws at random or has a state
EVERYTHING = {
    "spelled_rows": 0.2,
    "spelled_words": 0.2,
    "warped_rows": 0.3,
    "conditioning_dropout": 0.2,
    "gradient_accumulation_steps": 2,
    "ema_decay": 0.9,
    "checkpointing_steps": 2,
}


def arguments(output_dir, cache_dir, **changes):
    values = {**FAST, "output_dir": output_dir, "cache_dir": cache_dir, **changes}
    words = []
    for name, value in values.items():
        words += [f"--{name}", *map(str, value if isinstance(value, list) else [value])]
    return words


def test_a_model_that_is_none_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match=r"`model`: 'smal' is none of the presets \(.*small.*\) and no folder"):
        train_accelerate.build_processor(
            parse_arguments(train_accelerate.TrainingArguments, arguments("a", "b", model="smal"))
        )


def train(output_dir, cache_dir, **changes):
    """Run the script in this process. Returns its exit code."""
    AcceleratorState._reset_state(True)
    GradientState._reset_state()
    threads, handler = torch.get_num_threads(), signal.getsignal(signal.SIGTERM)
    torch.set_num_threads(1)
    try:
        return train_accelerate.main(arguments(output_dir, cache_dir, **changes))
    finally:
        torch.set_num_threads(threads)
        signal.signal(signal.SIGTERM, handler)
        AcceleratorState._reset_state(True)
        GradientState._reset_state()


def curve(output_dir, *names):
    """Step and the named numbers of each training line."""
    rows = [row for row in read_metrics(Path(output_dir) / "metrics.jsonl") if "train/loss" in row]
    return [
        (row["step"], *[row[f"train/{name}"] for name in names or ("loss", "grad_norm", "learning_rate")])
        for row in rows
    ]


def wait_for_step(output_dir, step, timeout=300):
    deadline = time.monotonic() + timeout
    while not any(row["step"] >= step for row in read_metrics(Path(output_dir) / "metrics.jsonl")):
        assert time.monotonic() < deadline, f"step {step} was not reached"
        time.sleep(0.02)


@pytest.fixture
def environment():
    # one thread: sums are then made in one order, and equal means equal to the last bit
    return {**os.environ, "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


def test_killed_and_resumed_is_the_uninterrupted_run(tmp_path, cache_dir, environment):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert train(whole, cache_dir, max_train_steps=9, **EVERYTHING) == 0

    command = [sys.executable, str(ROOT / "train_accelerate.py")]
    process = subprocess.Popen(
        [*command, *arguments(broken, cache_dir, max_train_steps=9, **EVERYTHING)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_step(broken, 5)
    finally:
        process.kill()
        process.wait()
    assert not (broken / "final").exists()
    (broken / "checkpoints" / ".partial-step-00000099").mkdir()
    assert len(list_checkpoints(broken / "checkpoints")) > 0

    assert train(broken, cache_dir, max_train_steps=9, resume_from_checkpoint="latest", **EVERYTHING) == 0
    assert [step for step, *_ in curve(whole)] == list(range(1, 10))
    assert curve(broken) == curve(whole)
    kept = [path.name for path in list_checkpoints(broken / "checkpoints")]
    assert kept == ["step-00000008", "step-00000009"]
    weights = [torch.load(path / "checkpoints" / kept[-1] / "custom_checkpoint_2.pkl") for path in (whole, broken)]
    assert all(torch.equal(value, weights[1][name]) for name, value in weights[0].items())


def launch_two(script, words, environment):
    """Two processes on the CPU. `accelerate launch` starts several there by MPI alone."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2", str(script)]
    environment = {**environment, "ACCELERATE_USE_CPU": "true"}
    return subprocess.run([*command, *words], env=environment, capture_output=True, text=True, timeout=500)


def test_two_processes_are_one(tmp_path, cache_dir, environment):
    changes = {
        "max_train_steps": 6,
        "model_overrides": "{prenet_dropout: 0.0}",
        "validation_share": 0.2,
        "validation_sentences": 2,
        "max_positions_per_batch": 1000,
    }
    assert train(tmp_path / "one", cache_dir, **changes) == 0
    script = ROOT / "train_accelerate.py"
    finished = launch_two(script, arguments(tmp_path / "two", cache_dir, **changes), environment)
    assert finished.returncode == 0, finished.stderr[-3000:]
    for name, num_processes in (("one", 1), ("two", 2)):
        assert f"on {num_processes} x cpu" in (tmp_path / name / "final" / "README.md").read_text()
    one, two = curve(tmp_path / "one"), curve(tmp_path / "two")
    assert len(one) == 6
    torch.testing.assert_close(torch.tensor(two), torch.tensor(one), rtol=3e-3, atol=1e-5)
    names = [f"validation/{name}" for name in ("loss", "position_loss", "stopped", "stop_error_seconds")]
    last = [read_metrics(tmp_path / name / "metrics.jsonl")[-1] for name in ("one", "two")]
    assert [last[1][name] for name in names] == pytest.approx([last[0][name] for name in names], rel=1e-2)


def test_sigterm_saves_and_stops(tmp_path, cache_dir):
    def terminate():
        wait_for_step(tmp_path, 3)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=terminate)
    thread.start()
    code = train(tmp_path, cache_dir, max_train_steps=10_000, checkpointing_steps=10_000)
    thread.join()
    assert code == 143
    last_step = curve(tmp_path)[-1][0]
    assert [path.name for path in list_checkpoints(tmp_path / "checkpoints")] == [f"step-{last_step:08d}"]
    assert not (tmp_path / "final").exists()


# the signal reaches the second process while it sums the stop flag of step 3 over the processes
SIGNALLED_SCRIPT = """
import os, signal
from accelerate import Accelerator
from gpt2tts import train_accelerate

reduce, flags = Accelerator.reduce, []

def reduce_and_signal(self, tensor, *args, **kwargs):
    result = reduce(self, tensor, *args, **kwargs)
    if getattr(tensor, "shape", None) == (2,):
        flags.append(result)
        if len(flags) == 3 and self.process_index == 1:
            os.kill(os.getpid(), signal.SIGTERM)
    return result

Accelerator.reduce = reduce_and_signal
code = train_accelerate.main()
print(f"process {os.environ['RANK']} left with {code}", flush=True)
"""


def test_signal_to_one_process_during_the_agreement_stops_both(tmp_path, cache_dir, environment):
    script = tmp_path / "signalled.py"
    script.write_text(SIGNALLED_SCRIPT)
    changes = {"max_train_steps": 12, "max_positions_per_batch": 1000}
    finished = launch_two(script, arguments(tmp_path / "run", cache_dir, **changes), environment)
    assert "process 0 left with 143" in finished.stdout, finished.stderr[-3000:]
    assert "process 1 left with 143" in finished.stdout
    assert [path.name for path in list_checkpoints(tmp_path / "run" / "checkpoints")] == ["step-00000004"]


def test_resumed_run_takes_the_learning_rate_that_is_given_now(tmp_path, cache_dir, caplog):
    assert train(tmp_path, cache_dir, max_train_steps=2, learning_rate=1e-3) == 0
    changes = {"learning_rate": 5e-4, "min_lr_ratio": 1.0, "resume_from_checkpoint": "latest"}
    with caplog.at_level("INFO", "gpt2tts"):
        assert train(tmp_path, cache_dir, max_train_steps=4, **changes) == 0
    assert "learning_rate 0.001 -> 0.0005, max_train_steps 2 -> 4, min_lr_ratio 0.05 -> 1.0" in caplog.text
    assert curve(tmp_path, "learning_rate")[2:] == [(3, 5e-4), (4, 5e-4)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"ema_decay": 0}, r"ema_decay 0\.999 -> 0\.0"), ({"optimizer": "adamw"}, "optimizer muon -> adamw")],
)
def test_a_state_that_does_not_fit_names_what_has_changed(tmp_path, cache_dir, changes, message):
    assert train(tmp_path, cache_dir, max_train_steps=1) == 0
    with pytest.raises(ValueError, match=rf"does not fit.*{message}.*another `output_dir`"):
        train(tmp_path, cache_dir, max_train_steps=2, resume_from_checkpoint="latest", **changes)


def test_leaves_a_folder_that_speaks(tmp_path, cache_dir):
    changes = {"max_train_steps": 3, "validation_share": 0.2, "validation_sentences": 2, "validation_steps": 2}
    texts = tmp_path / "texts.txt"
    texts.write_text("Hello there.\n")
    assert train(tmp_path / "run", cache_dir, **changes, validation_texts=texts, report_to="tensorboard") == 0
    for folder in (tmp_path / "run" / "final", tmp_path / "run" / "best"):
        processor = AutoProcessor.from_pretrained(folder, trust_remote_code=True)
        model = AutoModel.from_pretrained(folder, trust_remote_code=True)
        assert model.voices == [model.config.default_voice]
        inputs = processor(text="Hello.")
        output = model.generate(**inputs, voice=model.voices[0], output_waveform=True, max_frames=40)
        assert processor.decode(output)[0].shape[0] > 0
        assert "Loss, teacher forced" in (folder / "README.md").read_text()
    assert not any(path.name.startswith(".partial") for path in (tmp_path / "run").iterdir())
    assert list((tmp_path / "run" / "logs").glob("events.*"))
    metrics = [row for row in read_metrics(tmp_path / "run" / "metrics.jsonl") if "validation/loss" in row]
    assert [row["step"] for row in metrics] == [2, 3]
    # what the network learnt from is normalised by the clips' own statistics
    assert model.model.normalizer.frame_std[0] != 2.0


def test_without_references_the_voice_is_the_learned_one(tmp_path, cache_dir):
    changes = {"max_train_steps": 2, "validation_share": 0.2, "validation_sentences": 2, "conditioning_dropout": 1.0}
    assert train(tmp_path, cache_dir, **changes) == 0
    model = AutoModel.from_pretrained(tmp_path / "final", trust_remote_code=True)
    assert model.voices == []
    assert model.generate(torch.tensor([[5, 6, 7]]), max_frames=8, output_waveform=False).spectrogram.shape[-1] == 80


def test_finished_run_can_go_on_and_a_checkpoint_be_adapted(tmp_path, cache_dir):
    assert train(tmp_path / "run", cache_dir, num_train_epochs=1) == 0
    steps = curve(tmp_path / "run")[-1][0]
    assert train(tmp_path / "run", cache_dir, num_train_epochs=2, resume_from_checkpoint="latest") == 0
    assert [step for step, *_ in curve(tmp_path / "run")] == list(range(1, 2 * steps + 1))

    adapted = tmp_path / "adapted"
    final = str(tmp_path / "run" / "final")
    first = AutoModel.from_pretrained(final, trust_remote_code=True)
    (new,) = {"af_heart", "am_michael"} - set(first.voices)
    assert train(adapted, cache_dir, model=final, max_train_steps=1, speakers=[new], optimizer="adamw") == 0
    second = AutoModel.from_pretrained(adapted / "final", trust_remote_code=True)
    assert sorted(second.voices) == ["af_heart", "am_michael"]
    assert second.config.default_voice == new
    before, after = first.state_dict(), second.state_dict()
    torch.testing.assert_close(
        after["model.normalizer.frame_mean"], before["model.normalizer.frame_mean"], rtol=0, atol=0
    )
    assert (after["mel_head.weight"] - before["mel_head.weight"]).abs().max() < 0.01
    assert not torch.equal(after["mel_head.weight"], before["mel_head.weight"])


def test_the_best_weights_outlive_worse_ones_of_a_run_that_goes_on(tmp_path, cache_dir):
    changes = {
        "validation_share": 0.3,
        "validation_sentences": 0,
        "validation_steps": 1000,
        "resume_from_checkpoint": "latest",
    }
    assert train(tmp_path, cache_dir, max_train_steps=4, **changes) == 0
    best = (tmp_path / "best" / "model.safetensors").read_bytes()
    assert train(tmp_path, cache_dir, max_train_steps=6, learning_rate=100.0, max_grad_norm=1e6, **changes) == 0
    assert (tmp_path / "best" / "model.safetensors").read_bytes() == best
    with pytest.raises(ValueError, match="`keep_checkpoints` must be at least 1"):
        train(tmp_path, cache_dir, keep_checkpoints=0)


def test_voices_are_of_clips_as_they_are(tmp_path, cache_dir):
    voices = []
    for name, share in (("plain", 0.0), ("warped", 1.0)):
        changes = {"warped_rows": share, "equalized_rows": share, "noisy_references": share, "learning_rate": 0.0}
        assert train(tmp_path / name, cache_dir, max_train_steps=1, **changes) == 0
        model = AutoModel.from_pretrained(tmp_path / name / "final", trust_remote_code=True)
        voices.append([model.get_voice(voice) for voice in model.voices])
    for plain, warped in zip(*voices, strict=True):
        torch.testing.assert_close(plain, warped)


def test_accumulated_batches_are_one_batch_of_all_their_rows(tmp_path, cache_dir, monkeypatch):
    class Fixed:
        """Batches of these rows."""

        def __init__(self, *batches):
            self.batches = batches

        def start_epoch(self, epoch, first_batch=0):
            pass

        def num_batches(self, epoch):
            return len(self.batches)

        def __len__(self):
            return len(self.batches)

        def __iter__(self):
            return iter([[RowDraw(row) for row in batch] for batch in self.batches])

    def norm(name, *batches):
        monkeypatch.setattr(train_accelerate.LengthBucketBatchSampler, "for_rows", lambda *_, **__: Fixed(*batches))
        changes = {"gradient_accumulation_steps": len(batches), "model_overrides": "{prenet_dropout: 0.0}"}
        assert train(tmp_path / name, cache_dir, max_train_steps=1, conditioning_dropout=0.0, **changes) == 0
        return curve(tmp_path / name)[-1][1:3]

    assert norm("two", [0], [1, 2, 3, 4, 5]) == pytest.approx(norm("one", [0, 1, 2, 3, 4, 5]), rel=1e-4)


def test_streams_are_trained_on(tmp_path, cache_dir):
    assert train(tmp_path, cache_dir, streaming=True, num_train_epochs=1, max_positions_per_batch=2000) == 0
    assert len(curve(tmp_path)) >= 1
    assert (tmp_path / "final" / "model.safetensors").is_file()
    assert len(list_checkpoints(tmp_path / "checkpoints")) == 1


@pytest.mark.usefixtures("resemblyzer")
def test_speaker_consistency_is_learnt_from_embeddings(tmp_path, cache_dir):
    assert train(tmp_path, cache_dir, max_train_steps=2, speaker_encoder="resemblyzer") == 0
    assert all(0 < loss < 2 for _, loss in curve(tmp_path, "speaker_consistency_loss"))
    assert json.loads((tmp_path / "final" / "config.json").read_text())["speaker_embedding_dim"] == 256


class TestArguments:
    def test_command_line_wins_over_the_file(self, tmp_path):
        file = tmp_path / "a.yaml"
        file.write_text("dataset: [x, y=0.5]\nlearning_rate: 2e-3\nmax_train_steps: 7\npush_to_hub: false\nseed: 3\n")
        args = parse_arguments(train_accelerate.TrainingArguments, ["--config", str(file), "--seed", "4"])
        assert (args.dataset, args.learning_rate, args.max_train_steps, args.seed) == (["x", "y=0.5"], 2e-3, 7, 4)
        assert args.push_to_hub is False
        assert args.num_train_epochs is None

    def test_what_was_used_can_be_used_again(self, tmp_path):
        first = parse_arguments(
            train_accelerate.TrainingArguments, ["--dataset", "x", "--max_train_minutes", "1.5", "--compile"]
        )
        file = tmp_path / "arguments.yaml"
        file.write_text(yaml.safe_dump(vars(first)))
        assert parse_arguments(train_accelerate.TrainingArguments, ["--config", str(file)]) == first

    def test_numbers_in_a_list_are_names_where_names_are_wanted(self, tmp_path):
        file = tmp_path / "a.yaml"
        file.write_text("dataset: [x]\nexclude_speakers: [1089, 121]\n")
        args = parse_arguments(train_accelerate.TrainingArguments, ["--config", str(file)])
        assert args.exclude_speakers == ["1089", "121"]

    def test_one_name_is_a_list_of_one_and_a_mapping_is_read(self, tmp_path):
        file = tmp_path / "a.yaml"
        file.write_text("dataset: my_recordings\nspeakers: ann\nmodel_overrides: {prenet_dropout: 0.2}\n")
        args = parse_arguments(train_accelerate.TrainingArguments, ["--config", str(file)])
        assert (args.dataset, args.speakers) == (["my_recordings"], ["ann"])
        assert yaml.safe_load(args.model_overrides) == {"prenet_dropout": 0.2}

    def test_unknown_arguments_of_a_file_are_named(self, tmp_path):
        file = tmp_path / "a.yaml"
        file.write_text("dataset: [x]\nlearning_rat: 1\n")
        with pytest.raises(ValueError, match="learning_rat"):
            parse_arguments(train_accelerate.TrainingArguments, ["--config", str(file)])

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            ([], "dataset"),
            (["--dataset", "x", "--push_to_hub"], "hub_model_id"),
            (["--dataset", "x", "--streaming", "--num_workers", "2"], "num_workers"),
            (["--dataset", "x", "--logging_steps", "0"], "`logging_steps` must be at least 1"),
            (["--dataset", "x", "--checkpointing_steps", "0"], "`checkpointing_steps` must be at least 1"),
            (["--dataset", "x", "--validation_steps", "0"], "`validation_steps` must be at least 1"),
            (
                ["--dataset", "x", "--gradient_accumulation_steps", "0"],
                "`gradient_accumulation_steps` must be at least 1",
            ),
        ],
    )
    def test_contradictions_name_the_argument(self, words, message):
        with pytest.raises(ValueError, match=message):
            parse_arguments(train_accelerate.TrainingArguments, words)

    def test_recipes_are_valid(self):
        # a vocoder has a script of its own
        recipes = [path for path in (ROOT / "recipes").glob("*.yaml") if not path.stem.startswith("vocoder")]
        assert ROOT / "recipes" / "tiny.yaml" in recipes
        for recipe in recipes:
            # what `gpt2tts finetune` adds
            dataset = ["--dataset", "my_voice"] if recipe.stem == "finetune" else []
            parse_arguments(train_accelerate.TrainingArguments, ["--config", str(recipe), *dataset])

    def test_every_argument_is_explained(self):
        for field in train_accelerate.dataclasses.fields(train_accelerate.TrainingArguments):
            assert field.metadata.get("help"), field.name
