import numpy as np
import torch
from accelerate import Accelerator
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from gpt2tts.plots import curves_figure, mel_figure, positions_figure
from gpt2tts.training.tracking import MetricsFile, Tracker, read_metrics


def test_a_resumed_run_takes_up_the_file_at_its_checkpoint(tmp_path):
    path = tmp_path / "metrics.jsonl"
    first = MetricsFile(path)
    for step in (1, 2, 3):
        first.log({"loss": float(step)}, step)
    with path.open("a") as file:
        file.write('{"step": 4, "lo')  # killed while writing
    MetricsFile(path, first_step=2).log({"loss": 30.0}, 3)
    assert [(row["step"], row["loss"]) for row in read_metrics(path)] == [(1, 1.0), (2, 2.0), (3, 30.0)]


def test_a_new_run_starts_the_file_anew(tmp_path):
    MetricsFile(tmp_path / "metrics.jsonl").log({"loss": 1.0}, 5)
    MetricsFile(tmp_path / "metrics.jsonl")
    assert read_metrics(tmp_path / "metrics.jsonl") == []


def test_tensorboard_gets_numbers_pictures_and_audio(tmp_path):
    accelerator = Accelerator(cpu=True, log_with="tensorboard", project_dir=tmp_path)
    accelerator.init_trackers("logs")
    tracker = Tracker(accelerator, tmp_path)
    tracker.log({"train/loss": torch.tensor(2.0)}, 3)
    tracker.log_figure("positions/ann", positions_figure(np.linspace(0, 6, 12), "A text."), 3)
    tracker.log_figure("mel/ann", mel_figure(np.random.rand(40, 80), np.random.rand(44, 80), "A text."), 3)
    tracker.log_audio("speech/ann", np.zeros(2205, dtype=np.float32), 3, sampling_rate=22050)
    accelerator.end_training()
    events = EventAccumulator(str(tmp_path / "logs"))
    events.Reload()
    tags = events.Tags()
    assert set(tags["images"]) == {"positions/ann", "mel/ann"}
    assert tags["audio"] == ["speech/ann"]
    assert [(event.step, event.value) for event in events.Scalars("train/loss")] == [(3, 2.0)]
    assert read_metrics(tmp_path / "metrics.jsonl") == [{"step": 3, "train/loss": 2.0}]


def test_without_tensorboard_only_the_file_is_written(tmp_path):
    tracker = Tracker(Accelerator(cpu=True), tmp_path)
    tracker.log({"train/loss": 1.0}, 1)
    tracker.log_figure("mel", mel_figure(np.zeros((4, 80))), 1)
    assert [path.name for path in tmp_path.iterdir()] == ["metrics.jsonl"]


def test_curves_are_drawn_of_what_there_is(tmp_path):
    tracker = Tracker(Accelerator(cpu=True), tmp_path)
    tracker.log({"train/spectrogram_loss": 1.0}, 1)
    tracker.log({"train/spectrogram_loss": 0.5}, 2)
    tracker.log({"validation/spectrogram_loss": 0.7, "validation/free_running_cer": 0.9}, 2)
    tracker.draw_curves()
    assert (tmp_path / "curves.png").stat().st_size > 1000
    drawn = [
        {line.get_label(): line.get_xydata().tolist() for line in axes.lines}
        for axes in curves_figure(read_metrics(tmp_path / "metrics.jsonl")).axes
    ]
    assert drawn == [
        {"train": [[1, 1.0], [2, 0.5]], "validation": [[2, 0.7]]},
        {},
        {"free-running": [[2, 0.9]]},
    ]
