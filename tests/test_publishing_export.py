import shutil
from pathlib import Path

import pytest
import soundfile
import torch
from safetensors.torch import load_file
from transformers.dynamic_module_utils import get_class_from_dynamic_module

from gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.hifigan_vocoder_gpt2tts import GPT2TTSHifiGan, GPT2TTSHifiGanConfig
from gpt2tts.publishing.checkpoint_files import broken_sources, check_replaceable, copy_checkpoint, files_to_push
from gpt2tts.publishing.export import export, main
from gpt2tts.synthesis import EMBEDDED_CHECKPOINT


def test_what_is_no_checkpoint_is_not_replaced(tiny_checkpoint, tmp_path):
    (tmp_path / "mine").mkdir()
    for path in (tmp_path / "mine" / "thesis.txt", tmp_path / "file"):
        path.write_text("Years of work.", "utf-8")
    for name in ("mine", "file"):
        with pytest.raises(FileExistsError, match="would be replaced"):
            export(tiny_checkpoint, tmp_path / name)
    assert (tmp_path / "mine" / "thesis.txt").read_text("utf-8") == "Years of work."
    (tmp_path / "mine" / "config.json").write_text("{}", "utf-8")  # which is that of another program
    with pytest.raises(FileExistsError, match="would be replaced"):
        export(tiny_checkpoint, tmp_path / "mine")
    for path in (tmp_path / "mine").iterdir():
        path.unlink()
    (tmp_path / "adapter").mkdir()
    (tmp_path / "adapter" / "adapter_config.json").touch()
    check_replaceable(tmp_path / "adapter", "target")
    (tmp_path / ".partial-mine" / "old").mkdir(parents=True)  # of an export that was killed
    folder = export(tiny_checkpoint, tmp_path / "mine")
    assert (folder / "config.json").is_file()
    assert not (folder / "old").exists()


def test_the_exported_checkpoint_is_half_as_large_and_speaks_the_same(tiny_checkpoint, tmp_path):
    folder = export(tiny_checkpoint, tmp_path / "embedded", default_voice="bob")
    sizes = [(path / "model.safetensors").stat().st_size for path in (folder, tiny_checkpoint)]
    assert sizes[0] < 0.55 * sizes[1]
    exported, source = (GPT2TTSForTextToSpeech.from_pretrained(path) for path in (folder, tiny_checkpoint))
    assert exported.dtype == torch.float32
    ids = torch.tensor([[5, 6, 7, 2]])
    arguments = {"prenet_dropout": 0.0, "max_frames": 20, "output_waveform": False, "engine": "torch"}
    torch.testing.assert_close(
        exported.generate(ids, **arguments).spectrogram,
        source.generate(ids, voice="bob", **arguments).spectrogram,
        atol=0.05,
        rtol=0,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--default_voice", "nobody"],
        ["--config_overrides", "{nonsense: 1}"],
        ["--config_overrides", "{save_pretrained: 1}"],
        ["--config_overrides", "nonsense"],
    ],
)
def test_what_cannot_be_exported_is_named(tiny_checkpoint, tmp_path, capsys, arguments):
    with pytest.raises(SystemExit) as stop:
        main([str(tiny_checkpoint), str(tmp_path / "embedded"), *arguments])
    assert stop.value.code == 2
    assert arguments[1].strip("{}").split(":")[0] in capsys.readouterr().err


def test_the_vocoder_that_is_asked_for_replaces_the_sources_own(tiny_checkpoint, tmp_path):
    folders = []
    for size in (16, 32):
        config = GPT2TTSHifiGanConfig(upsample_initial_channel=size)
        GPT2TTSHifiGan(config).save_pretrained(tmp_path / f"vocoder-{size}")
        folders.append(str(tmp_path / f"vocoder-{size}"))
    first = export(tiny_checkpoint, tmp_path / "first", vocoder=folders[0])
    second = export(first, tmp_path / "second", vocoder=folders[1])
    vocoder = GPT2TTSForTextToSpeech.from_pretrained(second).get_vocoder()
    assert vocoder.config.upsample_initial_channel == 32
    assert {weight.dtype for weight in vocoder.parameters()} == {torch.float32}
    sizes = [(folder / "model.safetensors").stat().st_size for folder in (Path(folders[1]), second / "vocoder")]
    assert sizes[1] < 0.6 * sizes[0]


def test_a_vocoder_may_be_named_and_the_card_stays(tiny_checkpoint, tmp_path):
    source, target = shutil.copytree(tiny_checkpoint, tmp_path / "source"), tmp_path / "target"
    export(source, target)
    for name in ("README.md", "__init__.py"):
        (target / name).write_text("# Old")
    export(source, target, vocoder="source-filter")
    assert {(target / name).read_text() for name in ("README.md", "__init__.py")} == {"# Old"}
    assert GPT2TTSForTextToSpeech.from_pretrained(target).config.vocoder == "source-filter"
    (source / "README.md").write_text("# New")
    export(source, target)
    assert (target / "README.md").read_text() == "# New"
    assert GPT2TTSForTextToSpeech.from_pretrained(target).config.vocoder == "griffin-lim"


def test_beside_the_sources_of_the_package_those_of_the_checkpoint_are_links(tiny_checkpoint, tmp_path, monkeypatch):
    monkeypatch.setattr("gpt2tts.publishing.export.PACKAGE", tmp_path)
    source = shutil.copytree(tiny_checkpoint, tmp_path / "runs" / "best")
    for path in (tmp_path / "modeling_gpt2tts.py", tmp_path / "__init__.py", source / "__init__.py"):
        path.touch()
    folder = export(source, tmp_path / "pretrained")
    links = {path.name: str(path.readlink()) for path in folder.glob("*.py") if path.is_symlink()}
    assert links == {"modeling_gpt2tts.py": "../modeling_gpt2tts.py"}
    assert (folder / "configuration_gpt2tts.py").is_file()


def test_voices_are_made_from_recordings(tiny_checkpoint, make_speech, tmp_path, capsys):
    soundfile.write(tmp_path / "eve.wav", make_speech(2.0).numpy(), 22050)
    target = tmp_path / "embedded"
    assert (
        main([str(tiny_checkpoint), str(target), "--voice", f"eve={tmp_path / 'eve.wav'}", "--default_voice", "eve"])
        == 0
    )
    assert "MB" in capsys.readouterr().out
    model = GPT2TTSForTextToSpeech.from_pretrained(target)
    assert model.voices == ["ann", "bob", "eve"]
    assert model.config.default_voice == "eve"
    assert (target / "voices" / "eve.safetensors").is_file()


def test_a_voice_of_several_recordings_is_their_mean(tiny_checkpoint, make_speech, tmp_path):
    clips = [str(tmp_path / f"{index}.wav") for index in range(2)]
    for index, clip in enumerate(clips):
        soundfile.write(clip, make_speech(2.0 + index).numpy(), 22050)
    words = [
        word
        for name, number in (("a", 0), ("b", 1), ("both", 0), ("both", 1))
        for word in ("--voice", f"{name}={clips[number]}")
    ]
    assert main([str(tiny_checkpoint), str(tmp_path / "embedded"), *words]) == 0
    model = GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "embedded")
    a, b, both = (model.get_voice(name) for name in ("a", "b", "both"))
    assert not torch.allclose(a, b, atol=1e-3)
    torch.testing.assert_close(both, (a + b) / 2, atol=2e-3, rtol=0)


def test_settings_of_speech_are_stored(tiny_checkpoint, tmp_path):
    overrides = "{british_voices: [bob], max_frames_per_token: 12.5}"
    assert main([str(tiny_checkpoint), str(tmp_path / "embedded"), "--config_overrides", overrides]) == 0
    config = GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "embedded").config
    assert (config.british_voices, config.max_frames_per_token) == (["bob"], 12.5)
    with pytest.raises(ValueError, match="'postfilter', which is no field"):
        export(tiny_checkpoint, tmp_path / "other", config_overrides={"postfilter": 1})


def test_the_mean_of_checkpoints_is_written(tiny_checkpoint, tmp_path):
    def shifted(name: str, by: float) -> Path:
        model = GPT2TTSForTextToSpeech.from_pretrained(tiny_checkpoint)
        with torch.no_grad():
            model.mel_head.bias += by
        shutil.copytree(tiny_checkpoint, tmp_path / name)
        model.save_pretrained(tmp_path / name)
        return tmp_path / name

    others = [str(shifted("first", 1.0)), str(shifted("second", 2.0))]
    assert main([str(tiny_checkpoint), str(tmp_path / "mean"), "--averaged_with", *others]) == 0
    source, mean = (GPT2TTSForTextToSpeech.from_pretrained(path) for path in (tiny_checkpoint, tmp_path / "mean"))
    torch.testing.assert_close(mean.mel_head.bias, source.mel_head.bias + 1.0, atol=2e-3, rtol=0)
    torch.testing.assert_close(mean.model.gpt2.wte.weight, source.model.gpt2.wte.weight, atol=2e-3, rtol=0)


def test_weights_of_other_sizes_are_not_averaged(tiny_checkpoint, tmp_path):
    with pytest.raises(ValueError, match="of other sizes"):
        export(tiny_checkpoint, tmp_path / "mean", averaged_with=[EMBEDDED_CHECKPOINT])
    assert not (tmp_path / "mean").exists()


def test_statistics_of_frames_stay_exact(tiny_checkpoint, tmp_path):
    weights = load_file(export(tiny_checkpoint, tmp_path / "embedded") / "model.safetensors")
    kept = {name.split(".")[-1] for name, weight in weights.items() if weight.dtype == torch.float32}
    assert kept == {"frame_mean", "frame_std"}


def test_a_copy_is_whole_where_links_are_not(tiny_checkpoint, tmp_path):
    source = tmp_path / "links"
    shutil.copytree(tiny_checkpoint, source)
    (source / "README.md").write_text("# A voice")
    names = [path.name for path in source.glob("*.py")]
    for name in names:
        (source / name).unlink()
    (source / names[0]).symlink_to(f"../{names[0]}")  # as `cp -r` leaves them
    for name in names[1:]:
        (source / name).write_text(f"../{name}")  # as zip and Windows do
    with pytest.raises(ValueError, match=r"processing_gpt2tts\.py.* gpt2tts export-checkpoint --model"):
        files_to_push(source)
    copy = copy_checkpoint(source, tmp_path / "copy")
    assert [path.name for path in files_to_push(copy)] == [
        path.name for path in files_to_push(copy_checkpoint(copy, tmp_path / "again"))
    ]
    for name in names:
        assert (copy / name).read_bytes() == (tiny_checkpoint / name).read_bytes()
    assert get_class_from_dynamic_module("modeling_gpt2tts.GPT2TTSModel", copy).__name__ == "GPT2TTSModel"


def test_a_copy_is_new_and_of_a_whole_checkpoint_alone(tiny_checkpoint, tmp_path):
    source = shutil.copytree(tiny_checkpoint, tmp_path / "source")
    for folder in (source / "__pycache__", tmp_path / ".partial-copy" / "old"):  # the latter of a copy that was killed
        folder.mkdir(parents=True)
    for target in (tmp_path / "copy", tmp_path / "new" / "copy"):
        copy = copy_checkpoint(source, target)
        assert {path.name for path in copy.iterdir()} == {path.name for path in source.iterdir()} - {"__pycache__"}
    with pytest.raises(ValueError, match="exists"):
        copy_checkpoint(source, copy)
    (source / "config.json").unlink()
    with pytest.raises(ValueError, match=r"has no config\.json"):
        copy_checkpoint(source, tmp_path / "other")
    (source / "adapter_config.json").touch()
    for check in (files_to_push, lambda folder: copy_checkpoint(folder, tmp_path / "other")):
        with pytest.raises(ValueError, match="is an adapter, a part of a checkpoint"):
            check(source)


def test_pickled_weights_are_not_pushed(tiny_checkpoint, tmp_path):
    folder = shutil.copytree(tiny_checkpoint, tmp_path / "model")
    (folder / "README.md").touch()
    for name in ("pytorch_model.bin", "last.ckpt", "a.pickle", "a.pkl", "optimizer.pt", "voices/g.pth"):
        (folder / name).touch()
        with pytest.raises(ValueError, match=f"{name} may run code"):
            files_to_push(folder)
        (folder / name).unlink()
    assert folder / "model.safetensors" in files_to_push(folder)


def test_a_checkpoint_is_not_copied_into_itself(tiny_checkpoint, tmp_path):
    source = shutil.copytree(tiny_checkpoint, tmp_path / "source")
    before = sorted(source.rglob("*"))
    for target in (source / "copy", source / "voices" / "copy"):
        with pytest.raises(ValueError, match="choose another folder"):
            copy_checkpoint(source, target)
    assert sorted(source.rglob("*")) == before


def test_the_embedded_checkpoint_is_copied_with_its_sources(tmp_path):
    copy = copy_checkpoint(EMBEDDED_CHECKPOINT, tmp_path / "copy")
    assert not any(path.is_symlink() for path in copy.rglob("*"))
    assert {path.name for path in copy.iterdir()} >= {"modeling_gpt2tts.py", "pipeline_gpt2tts.py", "voices"}
    assert broken_sources(copy) == []


def test_an_unknown_default_voice_is_refused(tiny_checkpoint, tmp_path):
    with pytest.raises(ValueError, match="nobody"):
        export(tiny_checkpoint, tmp_path / "embedded", default_voice="nobody")
    assert not (tmp_path / "embedded").exists()
