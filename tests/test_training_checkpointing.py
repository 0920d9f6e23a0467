from pathlib import Path

import pytest
import torch
from accelerate import Accelerator

from gpt2tts.folders import replace_folder
from gpt2tts.training.checkpointing import (
    clear_output_dir,
    list_checkpoints,
    prepare_output_dir,
    resolve_checkpoint,
    save_checkpoint,
)


@pytest.fixture
def accelerator():
    accelerator = Accelerator(cpu=True)
    model = torch.nn.Linear(2, 2)
    accelerator.prepare(model, torch.optim.AdamW(model.parameters()))
    yield accelerator
    accelerator.free_memory()


def test_the_last_few_are_kept(accelerator, tmp_path):
    for step in (5, 10, 123456789):
        save_checkpoint(accelerator, tmp_path, step, keep=2)
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step-00000010", "step-123456789"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-00000010", "step-123456789"]


def test_what_was_taken_back_is_gone_when_the_run_has_gone_on(accelerator, tmp_path):
    for step in (2, 4, 6, 8):
        save_checkpoint(accelerator, tmp_path, step, keep=9)
    saved = save_checkpoint(accelerator, tmp_path, 3, keep=2)  # resumed from step 2
    assert [path.name for path in list_checkpoints(tmp_path)] == ["step-00000002", "step-00000003"]
    assert resolve_checkpoint("latest", tmp_path) == saved


def test_latest_ignores_what_was_not_finished(accelerator, tmp_path):
    saved = save_checkpoint(accelerator, tmp_path, 7)
    (tmp_path / ".partial-step-00000009").mkdir()
    (tmp_path / "step-8").mkdir()
    (tmp_path / "step-00000011").write_text("a file")
    assert resolve_checkpoint("latest", tmp_path) == saved
    save_checkpoint(accelerator, tmp_path, 8)
    assert not (tmp_path / ".partial-step-00000009").exists()


def test_a_failed_save_leaves_the_old_ones_alone(accelerator, tmp_path, monkeypatch):
    saved = save_checkpoint(accelerator, tmp_path, 1, keep=1)

    def fail(folder):
        (Path(folder) / "part").touch()
        raise RuntimeError("unexpected pos 261632 vs 261524")  # as torch says it

    monkeypatch.setattr(accelerator, "save_state", fail)
    with pytest.raises(OSError, match=r"step 2 cannot be saved.*MB are free \(unexpected pos.*`keep_checkpoints`"):
        save_checkpoint(accelerator, tmp_path, 2, keep=1)
    assert list(tmp_path.iterdir()) == [saved]
    assert resolve_checkpoint("latest", tmp_path) == saved


def test_a_step_can_be_saved_again(accelerator, tmp_path):
    save_checkpoint(accelerator, tmp_path, 3)
    (tmp_path / "step-00000003" / "stale").touch()
    path = save_checkpoint(accelerator, tmp_path, 3)
    assert not (path / "stale").exists()
    assert (path / "model.safetensors").is_file()


def test_nothing_to_resume_from(tmp_path):
    assert resolve_checkpoint("latest", tmp_path / "nowhere") is None
    with pytest.raises(FileNotFoundError, match="resume_from_checkpoint"):
        resolve_checkpoint(str(tmp_path / "step-00000001"), tmp_path)
    (tmp_path / ".partial-step-00000001").mkdir()
    with pytest.raises(FileNotFoundError, match="resume_from_checkpoint"):
        resolve_checkpoint(str(tmp_path / ".partial-step-00000001"), tmp_path)


def test_replace_folder(tmp_path):
    for text in ("old", "new"):
        (tmp_path / "fresh").mkdir()
        (tmp_path / "fresh" / text).touch()
        replace_folder(tmp_path / "fresh", tmp_path / "best")
    assert [path.name for path in tmp_path.iterdir()] == ["best"]
    assert [path.name for path in (tmp_path / "best").iterdir()] == ["new"]


def test_an_earlier_run_is_neither_lost_nor_mixed_up(tmp_path):
    run = prepare_output_dir(tmp_path / "run", resumes=False, overwrite=False)
    (run / "checkpoints" / "step-00000010").mkdir(parents=True)
    (run / "metrics.jsonl").write_text("{}")
    with pytest.raises(FileExistsError, match=r"--resume_from_checkpoint latest.*--overwrite_output_dir"):
        prepare_output_dir(run, resumes=False, overwrite=False)
    # also of one that has saved no checkpoint, or whose log was moved
    (tmp_path / "young").mkdir()
    (tmp_path / "young" / "metrics.jsonl").write_text("{}")
    (tmp_path / "moved" / "checkpoints" / "step-00000010").mkdir(parents=True)
    for name in ("young", "moved"):
        with pytest.raises(FileExistsError, match="holds an earlier run"):
            prepare_output_dir(tmp_path / name, resumes=False, overwrite=False)
    prepare_output_dir(run, resumes=True, overwrite=True)
    assert (run / "checkpoints" / "step-00000010").is_dir()
    prepare_output_dir(run, resumes=False, overwrite=True)
    assert (run / "checkpoints" / "step-00000010").is_dir()  # the new run may not come to begin
    (run / "checkpoints" / "of_another_program").mkdir()
    clear_output_dir(run)
    assert list(run.rglob("*")) == [run / "checkpoints", run / "checkpoints" / "of_another_program"]
    (run / "checkpoints" / "of_another_program").rmdir()
    clear_output_dir(run)
    assert list(run.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "reason"), [("file", "a file has its name"), ("file/run", "Not a directory"), ("locked/run", "denied")]
)
def test_an_output_folder_that_cannot_be_made_is_named(tmp_path, monkeypatch, name, reason):
    (tmp_path / "file").touch()
    # permissions do not hold back root, as whom containers run tests
    monkeypatch.setattr("os.access", lambda path, _: "locked" not in str(path))
    with pytest.raises(OSError, match=rf"`output_dir` '.*{name}' cannot be written in \(.*{reason}\): choose another"):
        prepare_output_dir(tmp_path / name, resumes=False, overwrite=False)
