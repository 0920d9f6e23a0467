# ruff: noqa: RUF001 - the International Phonetic Alphabet has letters that look like others
"""Fine-tuning: a new voice on top of a tiny checkpoint, in two steps of each method."""

import json
import shutil
import signal
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import yaml
from accelerate.state import AcceleratorState, GradientState

from gpt2tts import GPT2TTSForTextToSpeech, Synthesizer, adapters, train_accelerate
from gpt2tts.cli.main import main
from gpt2tts.data.collation import encode_segments, group_positions
from gpt2tts.data.prepare import read_features
from gpt2tts.data.speech_datasets import DatasetSpec
from gpt2tts.phonemes_gpt2tts import Segment
from gpt2tts.processing_gpt2tts import GPT2TTSProcessor, build_byte_tokenizer
from gpt2tts.publishing.checkpoint_files import files_to_push
from gpt2tts.training import finetune as finetuning
from gpt2tts.training.finetune import (
    FineTuning,
    Recordings,
    _lasting_source,
    _rehearse,
    choose_weights,
    finetune,
    load_recordings,
)
from gpt2tts.training.rehearsal import join_texts, read_durations, shuffle_words, speak_rehearsal
from gpt2tts.training.tracking import MetricsFile
from gpt2tts.training.weights import freeze_others

CLIPS = Path(__file__).parent / "fixtures" / "speech"
TEXTS = ["Good morning.", "It is half past seven.", "Nobody was there.", "The wind blew."]
STEPS = {
    "max_train_steps": 2,
    "max_positions_per_batch": 600,
    "warmup_steps": 1,
    "logging_steps": 1,
    "validation_share": 0,
    "recognizer": "none",
    "mixed_precision": "no",
}


@pytest.fixture(scope="module")
def checkpoint(tiny_checkpoint, tmp_path_factory) -> Path:
    """The tiny checkpoint, but one that comes to the end of its texts."""
    folder = tmp_path_factory.mktemp("stopping")
    model = GPT2TTSForTextToSpeech.from_pretrained(tiny_checkpoint)
    torch.nn.init.constant_(model.step_head.bias, 1.0)
    model.config.max_frames_per_token = 16.0
    model.save_pretrained(folder)
    GPT2TTSProcessor.from_pretrained(tiny_checkpoint).save_pretrained(folder)
    return folder


@pytest.fixture
def tune(checkpoint, tmp_path, tmp_path_factory):
    """`tune(out, method, **settings)`: fine-tunes to the clips of one speaker in this process."""
    cache = tmp_path_factory.getbasetemp() / "features"

    def run(out: str, method: str | None, **settings):
        AcceleratorState._reset_state(True)
        GradientState._reset_state()
        threads, handler = torch.get_num_threads(), signal.getsignal(signal.SIGTERM)
        torch.set_num_threads(1)
        settings = {"name": "me", "rehearsal_minutes": 0.05, **settings}
        tuning = FineTuning(
            f"{CLIPS}:af_heart",
            method,
            model=str(checkpoint),
            overrides={**STEPS, "cache_dir": str(cache)},
            **settings,
        )
        try:
            return finetune(tuning, tmp_path / out, num_proc=1)
        finally:
            torch.set_num_threads(threads)
            signal.signal(signal.SIGTERM, handler)
            AcceleratorState._reset_state(True)
            GradientState._reset_state()

    return run


def test_a_recording_is_prepared_first(checkpoint, tmp_path, monkeypatch):
    """Of what the preparation keeps of it, or not at all: then nothing is trained."""
    recording = tmp_path / "my recording.wav"
    shutil.copy(next(CLIPS.rglob("*.opus")), recording)

    def prepare(source: Path, folder: Path):
        assert source == recording
        (folder / "wavs").mkdir(parents=True)
        if not kept:
            (folder / "metadata.csv").write_text("")
            return SimpleNamespace(kept=[])
        shutil.copy(source, folder / "wavs" / "first.wav")
        (folder / "metadata.csv").write_text("first|Good morning.|Good morning.\n")
        return SimpleNamespace(kept=["first"])

    def stop(arguments: list[str]):
        raise KeyboardInterrupt

    monkeypatch.setattr(finetuning, "prepare_recordings", prepare)
    monkeypatch.setattr(train_accelerate, "main", stop)
    tuning = FineTuning(str(recording), "full", model=str(checkpoint), rehearsal_minutes=0.05, overrides=STEPS)
    kept = False
    with pytest.raises(
        ValueError, match=r"Nothing of .*my recording\.wav.*pass a recording in which one person speaks"
    ):
        finetune(tuning, tmp_path / "first", num_proc=1)
    kept = True
    with pytest.raises(KeyboardInterrupt):
        finetune(tuning, tmp_path / "me", num_proc=1)
    start = GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "me.run" / "start")
    assert start.config.default_voice == "my_recording"


@pytest.mark.parametrize(
    ("asked", "seconds", "method", "minutes"),
    [
        ({}, 4, "adapter", 3),
        ({}, 120, "adapter", 5),
        ({}, 600, "full", 20),
        ({"method": "full"}, 4, "full", 3),
        ({"method": "adapter"}, 600, "adapter", 20),
        ({"minutes": 7.5}, 4, "adapter", 7.5),
    ],
)
def test_what_is_not_asked_for_follows_from_the_length_of_the_recordings(asked, seconds, method, minutes):
    settled = FineTuning("recordings", **asked).settled(seconds)
    assert (settled.method, settled.minutes) == (method, minutes)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return GPT2TTSForTextToSpeech.from_pretrained(folder, dtype=torch.float32).state_dict()


def test_full_gives_a_checkpoint_whose_default_is_the_new_voice(tune, checkpoint):
    result = tune("me", "full", british=True)
    assert result.voice == "me"
    model = GPT2TTSForTextToSpeech.from_pretrained(result.path)
    assert model.config.default_voice == "me"
    assert model.config.british_voices == ["me"]
    assert model.voices == ["ann", "bob", "me"]
    before, after = weights(checkpoint), weights(result.path)
    changed = {name for name in before if not torch.equal(before[name].half(), after[name].half())}
    assert any("gpt2.h." in name for name in changed)
    # what makes latents of a clip is what it was, and so the old voices still fit
    assert not any("conditioning_encoder" in name or "perceiver" in name for name in changed)
    for voice in ("ann", "bob"):
        old = GPT2TTSForTextToSpeech.from_pretrained(checkpoint).get_voice(voice)
        assert torch.equal(model.get_voice(voice), old)
    waveform, _ = Synthesizer.from_pretrained(result.path).speak("Good morning.", seed=0)
    assert len(waveform)
    assert (result.path / "README.md").is_file()
    # what it could do was rehearsed
    rehearsal = read_features(DatasetSpec(str(result.path.with_name("me.run") / "rehearsal")))
    assert set(rehearsal["speaker"][:]) == {"ann", "bob"}


def test_adapter_is_small_and_loads_by_peft_and_by_itself(tune, checkpoint, tmp_path, monkeypatch):
    peft = pytest.importorskip("peft")
    result = tune("me", "adapter", british=True)
    adapter = result.path / "adapter"
    assert not (adapter / "model.safetensors").exists()
    size = (adapter / "adapter_model.safetensors").stat().st_size
    assert size < 0.5 * (checkpoint / "model.safetensors").stat().st_size
    with warnings.catch_warnings():
        warnings.simplefilter("error", FutureWarning)  # nothing that a user could mend
        adapted = Synthesizer.from_pretrained(adapter)
    assert adapted.is_british()
    whole = GPT2TTSForTextToSpeech.from_pretrained(result.path)
    assert whole.config.british_voices == ["me"]
    for name, weight in whole.state_dict().items():
        torch.testing.assert_close(weight, adapted.model.state_dict()[name], atol=1e-3, rtol=1e-3)
    assert {"adapter/adapter_model.safetensors", "model.safetensors", "README.md"} <= {
        path.relative_to(result.path).as_posix() for path in files_to_push(result.path)
    }
    assert "load_adapted_model" not in (result.path / "README.md").read_text()  # the card is that of the whole
    assert adapted.voices == ["ann", "bob", "me"]
    assert adapted.model.config.default_voice == "me"
    inputs = {**adapted.processor(text="Good morning."), "style_latents": adapted.load_voice()[None], "seed": 0}
    inputs["output_waveform"] = False
    base = GPT2TTSForTextToSpeech.from_pretrained(checkpoint).eval()
    plain, merged = (model.generate(**inputs, engine="torch").spectrogram for model in (base, adapted.model))
    wrapped = peft.PeftModel.from_pretrained(base, adapter).base_model.model.eval()
    beside = wrapped.generate(**inputs, engine="torch").spectrogram
    assert beside.shape == merged.shape
    assert torch.allclose(beside, merged, atol=1e-3)
    assert plain.shape != merged.shape or not torch.allclose(plain, merged, atol=1e-3)
    # one of the embedded checkpoint finds that of the package, wherever it is installed
    path = adapter / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "base_model_name_or_path": adapters.EMBEDDED}))
    (tmp_path / "pretrained").symlink_to(checkpoint)
    monkeypatch.setattr(adapters, "__file__", str(tmp_path / "adapters.py"))
    moved = Synthesizer.from_pretrained(adapter).model.state_dict()
    assert all(torch.equal(moved[name], weight) for name, weight in adapted.model.state_dict().items())
    # or of another that is named, in which others may be British
    (tmp_path / "pretrained").unlink()
    british = shutil.copytree(checkpoint, tmp_path / "british")
    config = json.loads((british / "config.json").read_text())
    (british / "config.json").write_text(json.dumps({**config, "british_voices": ["ann"]}))
    assert adapters.load_adapted_model(adapter, base=british).config.british_voices == ["ann", "me"]
    (adapter / "processor_config.json").unlink()
    assert adapters.load_adapted_model(adapter, base=british).config.british_voices == ["ann"]


@pytest.mark.parametrize("method", ["full", "adapter"])
def test_strength_is_a_share_of_what_training_changed_and_trains_nothing_again(tune, method, monkeypatch):
    if method == "adapter":
        pytest.importorskip("peft")

    def read(strength: float) -> tuple[dict[str, torch.Tensor], Path]:
        path = tune("me", method, strength=strength).path
        return Synthesizer.from_pretrained(path).model.state_dict(), path

    whole, path = read(1.0)
    with monkeypatch.context() as patch:
        patch.setattr(train_accelerate, "main", None)
        half, _ = read(0.5)
    start = GPT2TTSForTextToSpeech.from_pretrained(path.with_name("me.run") / "start").state_dict()
    # full weights are stored in 16 bits
    for name, weight in half.items():
        expected = (start[name].float() + whole[name].float()) / 2
        assert torch.allclose(weight.float(), expected, atol=1e-3), name
    assert any(not torch.allclose(half[name], whole[name], atol=1e-6) for name in half)
    card = (path / "README.md").read_text()
    assert "50% is in these weights" in card
    assert "many of which are shuffled words" in card


def test_recordings_that_cannot_be_read_are_left_out(tmp_path):
    (tmp_path / "clips").mkdir()
    rows = []
    for number, clip in enumerate(sorted(CLIPS.rglob("*.opus"))[:3]):
        shutil.copy(clip, tmp_path / "clips" / f"{number}.opus")
        rows.append(f"{number}.opus|me|Sentence {number}.")
    (tmp_path / "clips" / "junk.wav").write_bytes(b"no audio")
    (tmp_path / "clips" / "metadata.csv").write_text("\n".join([*rows, "junk.wav|me|Junk."]))
    recordings = load_recordings(str(tmp_path / "clips"))
    assert [Path(file).name for file in recordings.files] == ["0.opus", "1.opus", "2.opus"]
    assert min(recordings.seconds) > 0


def test_what_is_too_long_for_the_model_is_not_rehearsed(checkpoint, tmp_path):
    synthesizer = Synthesizer.from_pretrained(checkpoint, vocoder="griffin-lim")
    speak_rehearsal(synthesizer, ["word " * 400, *TEXTS], tmp_path, minutes=0.05, voices=["ann"])
    assert set(read_features(DatasetSpec(str(tmp_path)))["text"][:]) <= set(TEXTS)


def test_accents_are_those_of_the_voices_that_stay(checkpoint, tmp_path, monkeypatch):
    """An old voice of the speaker's name is another speaker; one of the new voice's name gives way."""
    folder = shutil.copytree(checkpoint, tmp_path / "checkpoint")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "british_voices": ["ann", "bob", "af_heart"]}))

    def stop(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(train_accelerate, "main", stop)
    monkeypatch.setattr(finetuning, "_rehearse", lambda *_: [])
    for out, british, speakers, voices in [
        ("us", False, ["ann", "bob"], ["ann", "af_heart"]),
        ("gb", True, ["ann", "bob", "af_heart"], ["ann", "af_heart", "bob"]),
    ]:
        tuning = FineTuning(
            f"{CLIPS}:af_heart", "full", model=str(folder), name="bob", british=british, overrides=STEPS, seed=7
        )
        with pytest.raises(KeyboardInterrupt):
            finetune(tuning, tmp_path / out, num_proc=1)
        arguments = yaml.safe_load((tmp_path / f"{out}.run" / "arguments.yaml").read_text())
        assert arguments["british_speakers"] == speakers
        assert arguments["seed"] == 7
        started = json.loads((tmp_path / f"{out}.run" / "start" / "config.json").read_text())
        assert started["british_voices"] == voices


def test_minutes_are_shared_between_training_and_what_is_before_and_after_it(tmp_path):
    for name in ("long", "late"):
        (tmp_path / name).mkdir()
    shared = finetuning._share_time(tmp_path / "long", 20.0, 3.25)
    assert shared == {"max_train_minutes": 16.0, "validation_minutes": 4.0, "checkpointing_minutes": 2.0}
    assert finetuning._share_time(tmp_path / "long", 20.0, 9.0) == shared  # a run that goes on
    late = finetuning._share_time(tmp_path / "late", 4.0, 60.0)  # training has half of it whatever came before
    assert late == {"max_train_minutes": 2.0, "validation_minutes": 2.0, "checkpointing_minutes": 0.5}


@pytest.mark.parametrize(("seconds", "minutes"), [(4.0, 6.0), (420.0, 7.0), (3600.0, 8.0)])
def test_as_much_is_rehearsed_as_is_recorded_within_bounds(checkpoint, tmp_path, monkeypatch, seconds, minutes):
    asked = []
    monkeypatch.setattr(finetuning, "speak_rehearsal", lambda *_, minutes, **__: asked.append(minutes))
    recordings = Recordings("me", [], TEXTS, [seconds])
    _rehearse(Synthesizer.from_pretrained(checkpoint), FineTuning("recordings"), recordings, "me", tmp_path)
    assert asked == [minutes]


def test_the_folder_of_a_run_is_of_its_recordings(tmp_path):
    tuning = FineTuning("recordings")
    finetuning._claim(tmp_path / "me.run", tuning, Recordings("me", ["a.wav"], ["One."], [1.0]))
    finetuning._claim(tmp_path / "me.run", tuning, Recordings("me", ["a.wav"], ["One."], [1.0]))
    with pytest.raises(FileExistsError, match="another fine-tuning"):
        finetuning._claim(tmp_path / "me.run", tuning, Recordings("me", ["a.wav"], ["Two."], [1.0]))


def test_an_adapter_names_its_checkpoint_for_other_folders_and_machines(checkpoint, monkeypatch):
    monkeypatch.chdir(checkpoint.parent)
    assert _lasting_source(FineTuning("recordings", model=checkpoint.name)) == str(checkpoint.resolve())
    assert _lasting_source(FineTuning("recordings", model="someone/model")) == "someone/model"
    assert _lasting_source(FineTuning("recordings")) == adapters.EMBEDDED


def test_a_killed_run_goes_on_and_another_one_is_refused(tune, tmp_path, monkeypatch):
    def killed(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(train_accelerate, "main", killed)
        with pytest.raises(KeyboardInterrupt):
            tune("me", "full")
    spoken = sorted((tmp_path / "me.run" / "rehearsal").glob("*.arrow"))
    times = [path.stat().st_mtime_ns for path in spoken]
    assert len(spoken) == 2
    with pytest.raises(FileExistsError, match="another fine-tuning"):
        tune("me", "full", seed=1)
    assert tune("me", "full", minutes=5).path == tmp_path / "me"
    assert [path.stat().st_mtime_ns for path in spoken] == times


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "half"}, "`method`"),
        ({"minutes": 0}, "`minutes`"),
        ({"strength": 0}, "`strength`"),
        ({"name": "my voice"}, "`name`"),
    ],
)
def test_settings_that_cannot_be(settings, message):
    with pytest.raises(ValueError, match=message):
        FineTuning("recordings", **settings)


def test_nothing_but_a_result_gives_way_to_a_result(checkpoint, tmp_path):
    recordings, notes = tmp_path / "my_voice", tmp_path / "notes"
    shutil.copytree(CLIPS, recordings)
    notes.mkdir()
    (notes / "notes.txt").write_text("Mine.")
    before = sorted(tmp_path.rglob("*"))
    for out, method, message in [
        (recordings, "full", "holds the recordings"),
        (tmp_path, "full", "holds the recordings"),
        (notes, "adapter", "no checkpoint"),
        (notes / "notes.txt", "full", "is a file"),
    ]:
        with pytest.raises(FileExistsError, match=message):
            finetune(FineTuning(f"{recordings}:af_heart", method, model=str(checkpoint)), out)
    with pytest.raises(SystemExit) as exit_code:
        main(["finetune", f"{recordings}:af_heart", "--out", str(notes)])
    assert exit_code.value.code == 2
    assert sorted(tmp_path.rglob("*")) == before


def test_a_source_may_be_a_table(tmp_path):
    table = tmp_path / "metadata.csv"
    table.write_text("a.wav|Good morning.\n")
    finetuning._check_source(str(table))
    (tmp_path / "notes.pdf").touch()
    with pytest.raises(ValueError, match="is a file and no recording"):
        finetuning._check_source(str(tmp_path / "notes.pdf"))


def test_what_is_missing_is_said_at_once(tmp_path, monkeypatch):
    (tmp_path / "adapter_config.json").write_text("{}")
    with pytest.raises(ValueError, match="is an adapter"):
        finetune(FineTuning(str(CLIPS), model=str(tmp_path)), tmp_path / "me")
    with pytest.raises(ValueError, match=r"must be a folder.*`gpt2tts export-voice`"):
        finetune(FineTuning(str(CLIPS)), tmp_path / "me.safetensors")
    for missing in ("no/such/folder", "recording.wav", "me/recording.wav"):
        with pytest.raises(FileNotFoundError, match=f"no folder or recording '{missing}'"):
            finetune(FineTuning(missing), tmp_path / "me")
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(ImportError, match="pip install peft"):
        finetune(FineTuning(str(CLIPS), "adapter"), tmp_path / "me")


def test_an_old_voice_of_the_speakers_name_is_not_rehearsed(checkpoint, tmp_path):
    recordings = Recordings("ann", [], TEXTS, [1.0] * len(TEXTS))
    tuning = FineTuning("recordings", rehearsal_minutes=0.02)
    _rehearse(Synthesizer.from_pretrained(checkpoint), tuning, recordings, "me", tmp_path)
    assert [path.name for path in (tmp_path / "rehearsal").glob("*.arrow")] == ["features-bob.arrow"]


def test_one_speaker_at_a_time(tmp_path):
    with pytest.raises(ValueError, match=r"2 speakers.*:af_heart"):
        finetune(FineTuning(str(CLIPS)), tmp_path / "me")


def test_last_weights_are_taken_as_long_as_they_are_understood(tmp_path):
    for name in ("best", "final"):
        (tmp_path / name).mkdir()
    metrics = MetricsFile(tmp_path / "metrics.jsonl")
    metrics.log({"validation/free_running_cer": 0.010}, 10)
    metrics.log({"validation/free_running_cer": 0.025}, 20)
    assert choose_weights(tmp_path).name == "final"
    metrics.log({"validation/free_running_cer": 0.05}, 30)
    assert choose_weights(tmp_path).name == "best"
    (tmp_path / "best").rmdir()
    assert choose_weights(tmp_path).name == "final"


def test_rehearsal_is_repeatable(checkpoint, tmp_path):
    synthesizer = Synthesizer.from_pretrained(checkpoint)
    for name in ("first", "second"):
        speak_rehearsal(synthesizer, TEXTS, tmp_path / name, minutes=0.03, voices=["ann"])
    first, second = (read_features(DatasetSpec(str(tmp_path / name))) for name in ("first", "second"))
    assert first["labels"][:] == second["labels"][:]
    for durations, frames in zip(first["durations"][:], first["num_frames"][:], strict=True):
        assert sum(durations) == pytest.approx(frames, rel=0.01)


def test_shuffled_words_are_those_of_the_texts():
    nonsense = shuffle_words(TEXTS)
    words = sorted(word for text in nonsense for word in text.strip(".").lower().split())
    assert words == sorted(word for text in TEXTS for word in text.strip(".").lower().split())
    assert not set(nonsense) & set(TEXTS)
    assert nonsense == shuffle_words(TEXTS)


def test_joined_texts_are_long_sentences_of_all_of_them():
    texts = [*TEXTS, "..."] * 20
    sentences = join_texts(texts)
    assert len(sentences) > 1
    assert all(100 < len(sentence) < 250 and sentence.count(".") == 1 for sentence in sentences[:-1])
    clauses = sorted(clause for sentence in sentences for clause in sentence.removesuffix(".").split(", "))
    assert clauses == sorted(clause for text in TEXTS for clause in text.rstrip(".?!").split(", ") * 20)
    assert sentences == join_texts(texts) != join_texts(texts, seed=1)


def test_of_a_few_seconds_more_is_rehearsed_and_drawn_as_rarely(checkpoint, tmp_path):
    recordings = Recordings("me", [], TEXTS, [2.0])
    synthesizer = Synthesizer.from_pretrained(checkpoint)
    (source,) = _rehearse(synthesizer, FineTuning("recordings"), recordings, "me", tmp_path)
    spec = DatasetSpec.parse(source)
    frames = sum(read_features(spec)["num_frames"][:])
    assert spec.weight * frames / synthesizer.model.config.frame_rate == pytest.approx(2.0, rel=0.01)
    assert spec.weight < 1


def test_durations_are_read_off_positions():
    tokenizer = build_byte_tokenizer()
    # a dash is three bytes of the tokenizer, and one symbol
    segments = [Segment("hello", "həlˈO"), Segment("—", "—"), Segment("you", "ju"), Segment(".", ".")]
    durations = np.array([20, 5, 8, 6, 3, 12, 9, 7, 10, 4, 22], np.float32)
    item = encode_segments(segments, [False] * 4, durations, tokenizer)
    positions = group_positions(item["token_ends"], int(durations.sum()), 2)[:-1]
    found = read_durations(segments, positions, int(durations.sum()), 2, tokenizer)
    assert found.sum() == pytest.approx(durations.sum())
    # to within a group
    assert np.abs(np.cumsum(found) - np.cumsum(durations)).max() < 4


def test_only_named_weights_are_trained(checkpoint):
    model = GPT2TTSForTextToSpeech.from_pretrained(checkpoint)
    freeze_others(model, ["mel_head"])
    assert {name for name, weight in model.named_parameters() if weight.requires_grad} == {
        "mel_head.weight",
        "mel_head.bias",
    }
    with pytest.raises(ValueError, match="`trainable` names head"):
        freeze_others(model, ["head"])
