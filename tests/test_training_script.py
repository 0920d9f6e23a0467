"""The training script as a user runs it: `tiny` on the embedded clips."""

import json
import math
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
import yaml
from accelerate.state import AcceleratorState, GradientState
from transformers import AutoModel, AutoProcessor

from gpt2tts import train_accelerate, train_vocoder
from gpt2tts.cli.errors import run_script
from gpt2tts.data.samplers import RowDraw
from gpt2tts.publishing.model_card import describe_whole
from gpt2tts.training.arguments import parse_arguments
from gpt2tts.training.checkpointing import list_checkpoints
from gpt2tts.training.optimizers import TrainingBudget
from gpt2tts.training.run import Position, TrainingRun
from gpt2tts.training.tracking import read_metrics
from gpt2tts.training.validation import ValidationResult, figure_of_merit

ROOT = Path(__file__).parents[1]
CLIPS = ROOT / "tests" / "fixtures" / "speech"

EMPTY = ValidationResult()

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


@pytest.mark.parametrize("script", ["train_accelerate", "train_vocoder"])
def test_what_cannot_be_asked_for_is_one_line_at_the_end(tmp_path, script, environment):
    command = [sys.executable, str(ROOT / f"{script}.py"), "--output_dir", str(tmp_path), "--report_to", "none"]
    finished = subprocess.run(
        [*command, "--dataset", "nowhere/at all"], env=environment, capture_output=True, text=True
    )
    assert finished.returncode == 1
    assert "Traceback" not in finished.stderr
    assert re.match(rf"{script}\.py: error: .*'nowhere/at all'", finished.stderr.splitlines()[-1])


def test_a_traceback_is_there_for_who_asks_for_it(monkeypatch):
    def main():
        assert sys.argv == ["train.py", "--seed", "1"]
        raise ValueError("first\nsecond")

    monkeypatch.setattr(sys, "argv", ["train.py", "--seed", "1"])
    with pytest.raises(SystemExit, match=r"^train\.py: error: first second$"):
        run_script(main)
    monkeypatch.setattr(sys, "argv", ["train.py", "--seed", "--debug", "1"])
    with pytest.raises(ValueError, match="first"):
        run_script(main)


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


def current():
    return signal.getsignal(signal.SIGTERM)


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


def test_a_damaged_checkpoint_is_named_and_so_is_the_one_before(tmp_path, cache_dir):
    assert train(tmp_path, cache_dir, max_train_steps=2, checkpointing_steps=1) == 0
    for name in ("model.safetensors", "optimizer.bin", "custom_checkpoint_2.pkl"):
        path = tmp_path / "checkpoints" / "step-00000002" / name
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
        with pytest.raises(ValueError, match=r"step-00000002 is damaged.*earlier checkpoint \(.*step-00000001\)"):
            train(tmp_path, cache_dir, max_train_steps=2, resume_from_checkpoint="latest")
        path.write_bytes(content)
    earlier = tmp_path / "checkpoints" / "step-00000001"
    assert train(tmp_path, cache_dir, max_train_steps=2, resume_from_checkpoint=earlier) == 0


def test_checkpoints_come_every_ten_minutes_where_nothing_is_said():
    def is_due(every_steps, every_minutes, step=7, minutes=10.0):
        run = SimpleNamespace(budget=SimpleNamespace(step=step, seconds=60 * minutes))
        return TrainingRun._is_due(run, every_steps, every_minutes, 0.0)

    assert is_due(None, None)
    assert not is_due(None, None, minutes=9.9)
    assert not is_due(5, None, minutes=60.0)
    assert is_due(7, None)
    assert is_due(5, 10.0)
    assert not is_due(5, 10.1)


def test_what_is_due_is_done_in_its_time_and_the_best_is_kept(tmp_path, monkeypatch):
    saved, validated, best, losses = [], [], [], iter([2.0, 1.0, 1.0])
    monkeypatch.setattr("gpt2tts.training.run.save_checkpoint", lambda _, __, step, **___: saved.append(step))
    monkeypatch.setattr("gpt2tts.training.optimizers.TrainingBudget.clock", lambda self: 40.0 * self.step)
    run = TrainingRun.__new__(TrainingRun)
    run.args = SimpleNamespace(
        **{"checkpointing_steps": None, "checkpointing_minutes": 2, "validation_steps": None, "validation_minutes": 1},
        **{"logging_steps": 10, "keep_checkpoints": 1, "seed": 0},
    )
    run.budget, run.position, run.output_dir = TrainingBudget(8), Position(), tmp_path
    run.accelerator = SimpleNamespace(is_main_process=True, num_processes=1)
    run.tracker = SimpleNamespace(log=lambda *_: None, draw_curves=lambda: None)
    run.schedules, run._average, run._is_signalled = [], None, False
    run.whole_model = run._log = lambda *_: None
    run._validate = lambda model: validated.append(run.budget.step) or {"loss": next(losses)}
    run._save_model = lambda name, *_: best.append((name, run.budget.step))
    run._figure_of_merit = figure_of_merit
    for _ in range(8):
        run.after_step()
    assert (saved, validated, run.ends) == ([3, 6, 8], [2, 4, 6], True)  # the last is validated at the end
    assert (best, run.position.best) == ([("best", 2), ("best", 4)], 1.0)


def test_an_earlier_run_outlives_a_new_one_that_cannot_begin(tmp_path, cache_dir):
    assert train(tmp_path, cache_dir, max_train_steps=2) == 0
    before = curve(tmp_path)
    with pytest.raises(ValueError, match=r"`trainable` names model\.gpt3"):
        train(tmp_path, cache_dir, max_train_steps=2, overwrite_output_dir=True, trainable="model.gpt3")
    assert curve(tmp_path) == before
    assert len(list_checkpoints(tmp_path / "checkpoints")) == 1
    assert train(tmp_path, cache_dir, max_train_steps=1, overwrite_output_dir=True) == 0
    assert [path.name for path in list_checkpoints(tmp_path / "checkpoints")] == ["step-00000001"]
    assert len(curve(tmp_path)) == 1


def test_a_checkpoint_of_another_run_does_not_take_the_place_of_this_one(tmp_path, cache_dir, monkeypatch):
    assert train(tmp_path / "short", cache_dir, max_train_steps=1) == 0
    assert train(tmp_path / "long", cache_dir, max_train_steps=4) == 0
    other = tmp_path / "short" / "checkpoints" / "step-00000001"
    with pytest.raises(FileExistsError, match=r"holds an earlier run.*--resume_from_checkpoint latest"):
        train(tmp_path / "long", cache_dir, max_train_steps=2, resume_from_checkpoint=other)
    assert [path.name for path in list_checkpoints(tmp_path / "long" / "checkpoints")] == ["step-00000004"]
    monkeypatch.chdir(other.parent)
    changes = {"max_train_steps": 2, "resume_from_checkpoint": other.name}
    assert train(tmp_path / "new", cache_dir, **changes) == 0
    assert [step for step, *_ in curve(tmp_path / "new")] == [2]


def test_signals_are_those_of_the_program_after_a_run(tmp_path, cache_dir, monkeypatch):
    def handle(*_):
        pass

    before = signal.signal(signal.SIGTERM, handle)
    handlers = []
    monkeypatch.setattr(train_accelerate, "evaluate_speech", lambda *_, **__: handlers.append(current()) or EMPTY)
    try:
        AcceleratorState._reset_state(True)
        GradientState._reset_state()
        assert train_accelerate.main(arguments(tmp_path, cache_dir, max_train_steps=2, validation_steps=1)) == 0
        assert current() is handle
        # while it trains a signal is its own; the last validation, all being saved, can be cut short
        assert [handler is handle for handler in handlers] == [False, True]
    finally:
        signal.signal(signal.SIGTERM, before)
        AcceleratorState._reset_state(True)
        GradientState._reset_state()


def test_a_thread_may_train(tmp_path, cache_dir):
    codes = []
    changes = {"max_train_steps": 1}
    thread = threading.Thread(
        target=lambda: codes.append(train_accelerate.main(arguments(tmp_path, cache_dir, **changes)))
    )
    thread.start()
    thread.join()
    AcceleratorState._reset_state(True)
    GradientState._reset_state()
    assert codes == [0]


def test_an_upload_that_fails_costs_no_training(tmp_path, cache_dir, monkeypatch, caplog):
    created, pushed, is_down = [], [], [True]

    def push(folder, repo_id, *, commit_message, private):
        pushed.append((folder.name, repo_id, commit_message, private))
        if is_down[0]:
            raise ConnectionError("the network is gone")

    monkeypatch.setattr(train_accelerate, "create_repository", lambda *args, **kwargs: created.append((args, kwargs)))
    monkeypatch.setattr(train_accelerate, "push_folder", push)
    changes = {
        **{"max_train_steps": 4, "validation_steps": 2, "validation_share": 0.2, "validation_sentences": 0},
        **{"push_to_hub": True, "hub_model_id": "me/voice", "hub_private_repo": True},
    }
    with pytest.raises(ConnectionError):
        train(tmp_path, cache_dir, **changes)
    assert created == [(("me/voice",), {"private": True})]
    assert pushed[0] == ("best", "me/voice", "Best weights, step 2", True)
    assert pushed[-1] == ("final", "me/voice", "Final weights, step 4", True)
    assert f"{tmp_path / 'best'} was not uploaded, and the training goes on: the network is gone" in caplog.text
    is_down[0] = False
    assert train(tmp_path, cache_dir, resume_from_checkpoint="latest", **changes) == 0

    def refuse(*_, **__):
        raise PermissionError("401")

    monkeypatch.setattr(train_accelerate, "create_repository", refuse)
    monkeypatch.setattr(train_accelerate, "build_processor", None)
    with pytest.raises(PermissionError):
        train(tmp_path / "other", cache_dir, **changes)


def test_the_precision_of_the_launcher_is_not_dropped_silently(tmp_path, cache_dir, monkeypatch, caplog):
    for launched in ("no", "fp16"):
        monkeypatch.setenv("ACCELERATE_MIXED_PRECISION", launched)
        assert train(tmp_path / launched, cache_dir, max_train_steps=1) == 0
        said = "mixed_precision is no, not the fp16 of `accelerate launch`: pass --mixed_precision fp16" in caplog.text
        assert said == (launched == "fp16")


def test_a_tracker_that_is_not_installed_is_no_tracker(tmp_path, cache_dir, monkeypatch, caplog):
    monkeypatch.setattr("accelerate.tracking.get_available_trackers", list)
    with pytest.raises(ValueError, match="`report_to`='wandb' is not installed"):
        train(tmp_path, cache_dir, max_train_steps=1, report_to="wandb")
    # the default
    run = SimpleNamespace(args=SimpleNamespace(report_to="tensorboard"), accelerator=SimpleNamespace(log_with=[]))
    TrainingRun._check_tracker(run)
    assert "`report_to`='tensorboard' is not installed" in caplog.text


def test_a_loss_that_is_no_number_ends_the_run_with_what_to_do(tmp_path, cache_dir, monkeypatch):
    losses = []

    def add(self, values, **kwargs):
        losses.append(values["loss"])
        return add_losses(self, {**values, "loss": values["loss"] * (1 if len(losses) == 1 else math.nan)}, **kwargs)

    add_losses = TrainingRun.add
    monkeypatch.setattr(TrainingRun, "add", add)
    with pytest.raises(FloatingPointError, match="the loss is nan at step 2: resume from a checkpoint with a lower"):
        train(tmp_path, cache_dir, max_train_steps=3, checkpointing_steps=1)
    assert [path.name for path in list_checkpoints(tmp_path / "checkpoints")] == ["step-00000001"]


def test_the_card_of_a_stream_says_that_there_is_more(tmp_path, cache_dir):
    assert train(tmp_path, cache_dir, streaming=True, max_train_steps=1, max_positions_per_batch=2000) == 0
    card = (tmp_path / "final" / "README.md").read_text()
    assert "minutes at the beginning of a stream" in card
    assert "epochs of streams, in" in card


def test_an_adapter_is_found_and_loaded_from_everywhere(tmp_path, cache_dir, monkeypatch):
    pytest.importorskip("peft")
    assert train(tmp_path / "base", cache_dir, max_train_steps=1) == 0
    monkeypatch.chdir(tmp_path)
    changes = {"model": "base/final", "lora_rank": 2, "optimizer": "adamw", "max_train_steps": 1}
    assert train(tmp_path / "adapter", cache_dir, **changes) == 0
    monkeypatch.chdir(cache_dir)
    card = tmp_path / "adapter" / "final" / "README.md"
    (code,) = re.findall(r"```python\n(.*?)\n\ninputs", card.read_text(), flags=re.DOTALL)
    found = {}
    exec(code.replace('("adapter")', f"({str(card.parent)!r})"), found)
    assert found["model"].voices
    assert describe_whole(card) == card
    assert 'AutoModel.from_pretrained("adapter", trust_remote_code=True)' in card.read_text()
    assert "load_adapted_model" not in card.read_text()


def test_a_tokenizer_of_another_vocabulary_is_refused(tmp_path, cache_dir):
    assert train(tmp_path, cache_dir, max_train_steps=1) == 0
    args = parse_arguments(train_accelerate.TrainingArguments, arguments("a", "b", model=tmp_path / "final"))
    processor = train_accelerate.build_processor(args)
    processor.tokenizer.add_tokens(["one more"])
    with pytest.raises(ValueError, match=r"`tokenizer` has 313 entries.*was trained with 312.*leave `tokenizer` out"):
        train_accelerate.build_model(args, processor, None)


def test_validation_may_leave_nothing_to_train_on(tmp_path, cache_dir):
    with pytest.raises(ValueError, match=r"`validation_share` 0\.999999 leaves no row to train on"):
        train(tmp_path, cache_dir, validation_share=0.999999)


def test_files_of_text_are_utf8_whatever_the_locale(tmp_path, cache_dir, environment):
    config, texts = tmp_path / "a.yaml", tmp_path / "texts.txt"
    config.write_text("warmup_steps: 1  # Ren\u00e9e\n", "utf-8")
    texts.write_text("The caf\u00e9 is open.\n", "utf-8")
    words = arguments(tmp_path / "run", cache_dir, max_train_steps=1, validation_texts=texts)
    subprocess.run(
        [sys.executable, str(ROOT / "train_accelerate.py"), "--config", str(config), *words],
        env={**environment, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        check=True,
    )
    assert (tmp_path / "run" / "final").is_dir()


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
    epochs = [epoch for _, epoch in curve(tmp_path / "run", "epoch")]
    assert epochs == pytest.approx([step / steps for step in range(1, 2 * steps + 1)])

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

    def test_a_file_that_is_not_there_is_named(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"`config`='.*none\.yaml' cannot be read: No such file"):
            parse_arguments(train_accelerate.TrainingArguments, ["--config", str(tmp_path / "none.yaml")])

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

    @pytest.mark.parametrize(
        ("name", "value", "message"),
        [
            ("warmup_steps", -1, "at least 0"),
            ("learning_rate", -1e-3, "at least 0"),
            ("learning_rate", "nan", "at least 0"),
            ("weight_decay", -1, "at least 0"),
            ("lora_rank", -1, "at least 0"),
            ("validation_sentences", -1, "at least 0"),
            ("checkpointing_minutes", -1, "at least 0"),
            ("pad_to_multiple_of", 0, "at least 1"),
            ("keep_checkpoints", 0, "at least 1"),
            ("max_train_steps", 0, "at least 1"),
            ("max_train_minutes", 0, "above 0"),
            ("max_train_minutes", "nan", "above 0"),
            ("num_train_epochs", -1, "above 0"),
            ("max_grad_norm", 0, "above 0"),
            ("min_lr_ratio", 3, "between 0 and 1"),
            ("ema_decay", -0.5, "between 0 and 1"),
            ("speaker_balance", 7, "between 0 and 1"),
            ("seed", -1, "at least 0"),
        ],
    )
    def test_numbers_out_of_range_name_the_argument(self, name, value, message):
        with pytest.raises(ValueError, match=f"`{name}` must be {message}, got"):
            parse_arguments(train_accelerate.TrainingArguments, ["--dataset", "x", f"--{name}={value}"])

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("foo", "an argument a line"),
            ("- a", "an argument a line"),
            ("a: [", "is no YAML"),
            ("1: 2", "unknown arguments: 1"),
            ("learning_rate:", "`learning_rate` in .* is empty"),
            ("trainable:", "`trainable` in .* is empty"),
            ("trainable: [null]", "`trainable` in .* is empty"),
            ("model:", "`model` in .* is empty"),
            ("learning_rate: [1e-3]", "`learning_rate` in .* takes one value"),
            ("mixed_precision: no", "`mixed_precision` in .* put it in quotes"),
            ("validation_texts: [a, b]", "`validation_texts` in .* takes one value"),
        ],
    )
    def test_values_of_another_type_in_a_file_are_named(self, tmp_path, line, message):
        file = tmp_path / "a.yaml"
        file.write_text(line)
        with pytest.raises(ValueError, match=message):
            parse_arguments(train_accelerate.TrainingArguments, ["--dataset", "x", "--config", str(file)])

    @pytest.mark.parametrize("line", ["learning_rate: true", "learning_rate: 2020-01-01", "max_train_steps: 7.5"])
    def test_numbers_in_a_file_are_numbers(self, tmp_path, line, capsys):
        file = tmp_path / "a.yaml"
        file.write_text(line)
        with pytest.raises(SystemExit):
            parse_arguments(train_accelerate.TrainingArguments, ["--dataset", "x", "--config", str(file)])
        assert re.search(f"argument --{line.split(':')[0]}.*: invalid", capsys.readouterr().err)

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (["--model", "tiny", "--lora_rank", "4"], "`lora_rank` trains an adapter, which is of use only"),
            (["--model", "a/b", "--lora_rank", "4", "--trainable", "mel_head"], "leave it or `trainable` out"),
            (["--model", "a/b", "--lora_rank", "4", "--push_to_hub", "--hub_model_id", "a/c"], "gpt2tts finetune"),
            (["--model", "a/b", "--model_overrides", "{prenet_dropout: 0.2}"], "`model_overrides` is for new models"),
        ],
    )
    def test_what_would_be_in_vain_is_refused(self, words, message):
        with pytest.raises(ValueError, match=message):
            parse_arguments(train_accelerate.TrainingArguments, ["--dataset", "x", *words])

    def test_an_adapter_is_no_model_to_go_on_from(self, tmp_path):
        (tmp_path / "adapter_config.json").write_text("{}")
        with pytest.raises(ValueError, match="is an adapter: pass the checkpoint"):
            parse_arguments(train_accelerate.TrainingArguments, ["--dataset", "x", "--model", str(tmp_path)])

    @pytest.mark.parametrize(
        ("overrides", "message"),
        [
            ("{prenet_dropot: 0.2}", "fields that the config has not: prenet_dropot"),
            ("foo", "must be a mapping"),
            ("{a: [", "cannot be read"),
        ],
    )
    def test_overrides_are_fields_of_the_config(self, overrides, message):
        words = ["--dataset", "x", "--model", "tiny", "--model_overrides", overrides]
        args = parse_arguments(train_accelerate.TrainingArguments, words)
        with pytest.raises(ValueError, match=message):
            train_accelerate.build_model(args, train_accelerate.build_processor(args), None)
        words = ["--dataset", "x", "--model", "source-filter", "--model_overrides", overrides]
        with pytest.raises(ValueError, match=message):
            train_vocoder.build_generator(parse_arguments(train_vocoder.VocoderTrainingArguments, words))

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
