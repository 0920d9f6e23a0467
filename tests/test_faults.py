"""What is cut short leaves what was there before, and goes on where it was."""

import errno
import fcntl
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import soundfile
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState, GradientState

from gpt2tts import GPT2TTSConfig, GPT2TTSForTextToSpeech, GPT2TTSProcessor, audio, folders, train_accelerate
from gpt2tts.audio import AudioWriter
from gpt2tts.cli.main import main
from gpt2tts.data.collation import TrainingRows
from gpt2tts.data.features import FeatureSettings, compute_features
from gpt2tts.data.speech_datasets import load_speech_dataset
from gpt2tts.files import replace_file
from gpt2tts.folders import replace_folder
from gpt2tts.publishing.checkpoint_files import copy_checkpoint
from gpt2tts.publishing.export import export
from gpt2tts.training.checkpointing import list_checkpoints, resolve_checkpoint, save_checkpoint
from gpt2tts.training.tracking import read_metrics

CLIPS = Path(__file__).parent / "fixtures" / "speech"


def test_two_threads_that_write_one_file_leave_one_of_them_whole(tmp_path):
    path, together = tmp_path / "file.txt", threading.Barrier(2)

    def write(content: str) -> None:
        with replace_file(path) as partial:
            together.wait(60)
            partial.write_text(content)
            together.wait(60)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(write, ("a" * 1000, "b" * 1000)))
    assert path.read_text() in ("a" * 1000, "b" * 1000)
    assert [each.name for each in tmp_path.iterdir()] == ["file.txt"]


class Killed(BaseException):
    """Stands for a SIGKILL: nothing that catches errors catches it."""


@pytest.fixture
def kill_at(monkeypatch):
    """`kill_at(n)`: the process ends at the n-th change of the file system from now on; `kill_at(None)`: never."""
    countdown = [None]

    def guard(function):
        def guarded(*args, **kwargs):
            if countdown[0] is not None:
                countdown[0] -= 1
                if countdown[0] < 0:
                    raise Killed
            return function(*args, **kwargs)

        return guarded

    for owner, names in {os: ("rename", "replace", "mkdir"), shutil: ("rmtree",)}.items():
        for name in names:
            monkeypatch.setattr(owner, name, guard(getattr(owner, name)))

    def set_countdown(number):
        countdown[0] = number

    return set_countdown


@pytest.fixture
def accelerator():
    accelerator = Accelerator(cpu=True)
    model = torch.nn.Linear(256, 256)
    accelerator.prepare(model, torch.optim.AdamW(model.parameters()))
    yield accelerator
    accelerator.free_memory()


@pytest.mark.parametrize("again", [False, True], ids=["a new step", "the same step again"])
def test_a_checkpoint_that_is_killed_at_any_moment(accelerator, tmp_path, kill_at, again):
    save_checkpoint(accelerator, tmp_path, 1, keep=1)
    step = 1 if again else 2
    for moment in range(20):
        kill_at(moment)
        try:
            save_checkpoint(accelerator, tmp_path, step, keep=1)
        except Killed:
            kill_at(None)
            whole = resolve_checkpoint("latest", tmp_path)
            assert {"model.safetensors", "optimizer.bin"} <= {path.name for path in whole.iterdir()}
        else:
            break
    assert moment > 2
    kill_at(None)
    assert [path.name for path in tmp_path.iterdir()] == [f"step-{step:08d}"]


def test_a_folder_that_is_replaced_is_always_there(tmp_path, kill_at):
    (tmp_path / "best").mkdir()
    for moment in range(10):
        shutil.rmtree(tmp_path / "new", ignore_errors=True)
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "config.json").touch()
        kill_at(moment)
        try:
            replace_folder(tmp_path / "new", tmp_path / "best")
        except Killed:
            kill_at(None)
            assert (tmp_path / "best").is_dir()
        else:
            break
    assert list((tmp_path / "best").iterdir()) == [tmp_path / "best" / "config.json"]


def test_a_folder_is_replaced_where_there_is_no_renameat2(tmp_path, monkeypatch):
    def load_library(name):
        raise TypeError("LoadLibrary() argument 1 must be str, not None")  # as on Windows

    monkeypatch.setattr(folders.sys, "platform", "win32")
    monkeypatch.setattr(folders.ctypes, "CDLL", load_library)
    (tmp_path / ".partial-best-old" / "older").mkdir(parents=True)  # of a replacement that was killed
    for name in ("old", "new"):
        (tmp_path / "partial").mkdir()
        (tmp_path / "partial" / name).touch()
        replace_folder(tmp_path / "partial", tmp_path / "best")
        assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == ["best", f"best/{name}"]


def test_a_file_that_cannot_be_written_is_named_as_it_was_asked_for(tmp_path):
    path = tmp_path / "missing" / "speech.wav"
    with pytest.raises(FileNotFoundError) as error, replace_file(path) as partial:
        partial.write_bytes(b"")
    assert error.value.filename == str(path)


def test_a_file_is_written_where_only_what_is_open_for_writing_can_be_flushed(tmp_path, monkeypatch):
    flush = os.fsync

    def flush_as_windows_does(descriptor):
        if fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            raise OSError(errno.EBADF, "Bad file descriptor")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", flush_as_windows_does)
    with replace_file(tmp_path / "speech.wav") as partial:
        partial.write_text("speech")
    assert (tmp_path / "speech.wav").read_text() == "speech"


def test_a_file_is_whole_or_as_it_was(tmp_path):
    path = tmp_path / "voice.bin"
    path.write_text("old")

    def fill_the_disk():
        with replace_file(path) as partial:
            partial.write_text("ne")
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        fill_the_disk()
    assert path.read_text() == "old"
    with replace_file(path) as partial:
        partial.write_text("new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["new"]


def test_a_full_disk_leaves_the_last_checkpoint(accelerator, tmp_path):
    saved = save_checkpoint(accelerator, tmp_path, 1, keep=1)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))  # the weights alone take 263,000 bytes
    try:
        with pytest.raises(Exception, match=r"(?i)file too large|write|unexpected pos"):
            save_checkpoint(accelerator, tmp_path, 2, keep=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert resolve_checkpoint("latest", tmp_path) == saved
    save_checkpoint(accelerator, tmp_path, 3, keep=1)
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000003"]


def test_an_export_takes_nothing_of_one_that_was_killed(tiny_checkpoint, tmp_path):
    left = tmp_path / ".partial-out" / "voices"
    left.mkdir(parents=True)
    (left / "ghost.safetensors").write_bytes((tiny_checkpoint / "voices" / "ann.safetensors").read_bytes())
    export(tiny_checkpoint, tmp_path / "out")
    assert GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "out").voices == ["ann", "bob"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


KILLED_EXPORT = """
import os, signal, sys
import torch
from gpt2tts.publishing.export import export

torch.set_num_threads(1)
source, target, moments = sys.argv[1], sys.argv[2], [int(moment) for moment in sys.argv[3:]]
changes = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "shutil.copyfile")
for moment in moments:
    if not os.fork():
        left = moment

        def count(event, arguments):
            global left
            if event in changes or event == "open" and "w" in str(arguments[1]):
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        export(source, target, default_voice="bob")
        os._exit(0)
    _, status = os.wait()
    print(os.WTERMSIG(status), os.path.isfile(os.path.join(target, "config.json")), flush=True)
"""


def test_an_export_that_is_killed(tiny_checkpoint, tmp_path):
    """By a SIGKILL at several of its changes of the file system, in a process of its own."""
    target = export(tiny_checkpoint, tmp_path / "out")
    old = {path.relative_to(target): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    moments = [0, 1, 5, 10, 20, 25]
    process = subprocess.run(
        [sys.executable, "-c", KILLED_EXPORT, tiny_checkpoint, target, *map(str, moments)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    endings = [line.split() for line in process.stdout.splitlines()]
    assert [whole for _, whole in endings] == ["True"] * len(moments)
    assert [ended for ended, _ in endings].count(str(int(signal.SIGKILL))) >= 4, process.stderr[-2000:]
    found = {path.relative_to(target): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    assert found.keys() == old.keys()
    assert GPT2TTSForTextToSpeech.from_pretrained(target).config.default_voice in ("ann", "bob")
    export(tiny_checkpoint, target, default_voice="bob")
    assert GPT2TTSForTextToSpeech.from_pretrained(target).config.default_voice == "bob"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_full_disk_leaves_the_last_export(tiny_checkpoint, tmp_path):
    target = export(tiny_checkpoint, tmp_path / "out")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(Exception, match=r"(?i)file too large|write"):
            export(tiny_checkpoint, target, default_voice="bob")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert GPT2TTSForTextToSpeech.from_pretrained(target).config.default_voice == "ann"
    export(tiny_checkpoint, target, default_voice="bob")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


KILLED_FEATURES = """
import os, signal, sys
from gpt2tts.data import features

sys.path.insert(0, sys.argv.pop())
from test_faults import compute

row, rows = features.FeatureMap.row, []

def killed(self, *args):
    rows.append(args)
    if len(rows) == 18:  # the first batch of 16 is written
        os.kill(os.getpid(), signal.SIGKILL)
    return row(self, *args)

features.FeatureMap.row = killed
compute(*sys.argv[1:])
"""


def compute(checkpoint, cache_dir):
    config = GPT2TTSConfig.from_preset("tiny")
    settings = FeatureSettings(config.max_text_positions, config.max_mel_positions * config.reduction_factor)
    processor = GPT2TTSProcessor.from_pretrained(checkpoint)
    return compute_features(load_speech_dataset(CLIPS), processor, settings, cache_dir=cache_dir)


def test_features_that_were_killed_are_computed_again(tiny_checkpoint, tmp_path):
    process = subprocess.run(
        [sys.executable, "-c", KILLED_FEATURES, tiny_checkpoint, tmp_path, Path(__file__).parent],
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert process.returncode == -signal.SIGKILL, process.stderr[-2000:]
    features, report = compute(tiny_checkpoint, tmp_path)
    assert (len(features), report.rows) == (24, [])
    assert len(set(features["file"][:])) == 24


FAST = {
    "model": "tiny",
    "dataset": CLIPS,
    "max_positions_per_batch": 2000,
    "max_train_steps": 6,
    "checkpointing_steps": 2,
    "validation_share": 0,
    "validation_voices": 1,
    "recognizer": "none",
    "report_to": "none",
    "logging_steps": 1,
    "num_proc": 1,
    "mixed_precision": "no",
}


def words(**changes):
    return [word for name, value in {**FAST, **changes}.items() for word in (f"--{name}", str(value))]


def train(**changes):
    AcceleratorState._reset_state(True)
    GradientState._reset_state()
    handler = signal.getsignal(signal.SIGTERM)
    try:
        return train_accelerate.main(words(**changes))
    finally:
        signal.signal(signal.SIGTERM, handler)
        AcceleratorState._reset_state(True)
        GradientState._reset_state()


def steps(output_dir):
    return [row["step"] for row in read_metrics(output_dir / "metrics.jsonl") if "train/loss" in row]


def test_a_worker_of_the_data_loader_dies(tmp_path, cache_dir, monkeypatch):
    fetch = TrainingRows.__getitems__

    def die(self, draws):
        # a worker, and not at once
        if torch.utils.data.get_worker_info() is not None and any(draw.epoch > 1 for draw in draws):
            os.kill(os.getpid(), signal.SIGKILL)
        return fetch(self, draws)

    run = {"output_dir": tmp_path, "cache_dir": cache_dir, "num_workers": 1}
    with monkeypatch.context() as patch:
        patch.setattr(TrainingRows, "__getitems__", die)
        with pytest.raises(RuntimeError, match="DataLoader worker"):
            train(**run)
    assert list_checkpoints(tmp_path / "checkpoints")
    assert train(**run, resume_from_checkpoint="latest") == 0
    assert steps(tmp_path) == [1, 2, 3, 4, 5, 6]


DYING_SCRIPT = """
import os, signal, sys
import gpt2tts.training.run
from gpt2tts import train_accelerate

class Budget(gpt2tts.training.run.TrainingBudget):
    def tick(self, seconds):
        if self.step == 5 and os.environ["RANK"] == "1":
            os.kill(os.getpid(), signal.SIGKILL)
        super().tick(seconds)

gpt2tts.training.run.TrainingBudget = Budget
sys.exit(train_accelerate.main())
"""


def test_a_rank_dies(tmp_path, cache_dir):
    """The launcher ends the other rank too, and one process goes on with what two began."""
    script = tmp_path / "dying.py"
    script.write_text(DYING_SCRIPT)
    run = {"output_dir": tmp_path / "run", "cache_dir": cache_dir}
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "torch.distributed.run",
            "--standalone",
            "--nproc_per_node",
            "2",
            script,
            *words(**run),
        ],
        env={**os.environ, "OMP_NUM_THREADS": "1", "ACCELERATE_USE_CPU": "true"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode != 0
    assert "Signal 9 (SIGKILL)" in finished.stderr
    assert [path.name for path in list_checkpoints(tmp_path / "run" / "checkpoints")][-1] == "step-00000004"
    assert train(**run, resume_from_checkpoint="latest") == 0
    assert steps(tmp_path / "run") == [1, 2, 3, 4, 5, 6]


@pytest.fixture
def file_limit():
    """`file_limit(n)`: files end at `n` bytes, as on a full disk; `file_limit(None)`: no longer."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (limits[0] if size is None else size, limits[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "opus", "mp3"])
@pytest.mark.parametrize("limit", [10, 15_000])
def test_a_full_disk_leaves_no_half_of_a_recording(tmp_path, make_speech, file_limit, ending, limit):
    path = tmp_path / f"speech.{ending}"
    path.write_text("old")
    noise = (make_speech(4.0) + 0.1 * torch.rand(88200)).numpy()

    def write():
        with AudioWriter(path, 22050) as writer:
            for start in range(0, len(noise), 5000):
                writer.write(noise[start : start + 5000])

    file_limit(limit)
    with pytest.raises(OSError, match=rf"File too large: '.*speech\.{ending}'") as raised:
        write()
    assert raised.value.errno == errno.EFBIG
    file_limit(None)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(path.name, "old")]
    write()
    assert soundfile.info(path).duration == pytest.approx(4.0, abs=1e-3)


def test_the_command_line_names_the_file_that_does_not_fit(tiny_checkpoint, tmp_path, file_limit, capsys):
    path = tmp_path / "speech.wav"
    arguments = ["speak", "Good morning.", "--model", str(tiny_checkpoint), "-q", "-o", str(path)]
    file_limit(20_000)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 1
    assert f"File too large: '{path}'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_copy_of_a_checkpoint_that_does_not_fit_is_named_and_leaves_nothing(tiny_checkpoint, tmp_path, file_limit):
    file_limit(100_000)
    with pytest.raises(OSError, match=r"cannot be copied to '.*copy': .*File too large") as raised:
        copy_checkpoint(tiny_checkpoint, tmp_path / "copy")
    assert not list(tmp_path.iterdir())
    assert str(raised.value).count("File too large") == 1
    file_limit(None)
    assert (copy_checkpoint(tiny_checkpoint, tmp_path / "copy") / "config.json").is_file()


@pytest.mark.parametrize("is_writing", [True, False], ids=["while libsndfile writes", "between two pieces"])
def test_ctrl_c_leaves_no_half_of_a_recording(tmp_path, make_speech, monkeypatch, is_writing):
    path, speech = tmp_path / "speech.wav", make_speech(2.0).numpy()

    def interrupt(*_):
        raise KeyboardInterrupt

    def write():
        with AudioWriter(path, 22050) as writer:
            writer.write(speech)
            if is_writing:
                # in calls of Python from C, where an exception goes no further
                monkeypatch.setattr(audio, "memoryview", interrupt, raising=False)
                writer.write(speech)
            else:
                interrupt()

    with pytest.raises(KeyboardInterrupt):
        write()
    assert not list(tmp_path.iterdir())
