"""The evaluation from its arguments to the page, with a model of random weights."""

import html.parser
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from gpt2tts import GPT2TTSProcessor, Synthesizer, evaluate_gpt2tts
from gpt2tts.evaluation import systems
from gpt2tts.vocoder_gpt2tts import GPT2TTSGriffinLim, GPT2TTSGriffinLimConfig

REPOSITORY = Path(__file__).parents[1]
FIXTURE = REPOSITORY / "tests" / "fixtures" / "speech"
NO_MEASURES = ["--recognizer", "none", "--mos", "none", "--speaker_encoder", "none", "--distances", "false"]


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.txt"
    path.write_text("s1|short|Yes.\ns2|short|Good day.\np1|plain|The <b>ferry</b> leaves & returns.\n", "utf-8")
    return path


def run(*args):
    assert evaluate_gpt2tts.main([str(arg) for arg in args]) == 0


def note_saved_clips(monkeypatch):
    """The names of the clips that are saved from now on."""
    made = []
    save = systems.ClipStore.save
    monkeypatch.setattr(
        systems.ClipStore,
        "save",
        lambda self, name, *args, **kwargs: made.append(name) or save(self, name, *args, **kwargs),
    )
    return made


def read_report(folder):
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


class Page(html.parser.HTMLParser):
    """Collects what a page refers to."""

    def __init__(self, path):
        super().__init__()
        self.sources, self.text = [], ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("audio", "img"):
            self.sources.append(attrs["src"])
            assert attrs.get("aria-label") or attrs.get("alt")

    def handle_data(self, data):
        self.text += data


def test_a_model_is_reported_from_its_own_audio(tiny_checkpoint, texts, tmp_path, capsys):
    output = tmp_path / "report"
    run("--model", tiny_checkpoint, "--texts", texts, "--voices", "ann", "bob", "--output", output, *NO_MEASURES)
    report = read_report(output)
    summary = report["systems"]["GPT2TTS"]
    assert summary["clips"] == 3
    assert set(summary["groups"]) == {"short", "plain"}
    assert {name: voice["clips"] for name, voice in summary["speakers"].items()} == {"ann": 2, "bob": 1}
    # the checkpoint never stops by itself
    assert summary["runaway"] == 3
    assert summary["mel_real_time_factor"] > 0
    assert summary["vocoder_real_time_factor"] > 0
    assert summary["time_to_first_audio"] > 0
    assert "cer" not in summary
    for row in report["rows"]:
        audio = soundfile.info(output / "audio" / "GPT2TTS" / f"{row['id']}.wav")
        assert (audio.samplerate, audio.channels) == (22050, 1)
        assert audio.duration == pytest.approx(row["seconds"], abs=0.01)
    assert report["machine"]["torch"]
    page = Page(output / "index.html")
    assert len([source for source in page.sources if source.endswith(".wav")]) == 3
    assert "The <b>ferry</b> leaves & returns." in page.text
    assert all((output / source).is_file() for source in page.sources)
    written = (output / "report.md").read_text(encoding="utf-8")
    assert "| GPT2TTS | 3 |" in written
    assert "| ann | 2 |" in written


def test_letters_are_a_system_of_their_own_and_voices_keep_their_accent(tiny_checkpoint, texts, tmp_path, monkeypatch):
    checkpoint = shutil.copytree(tiny_checkpoint, tmp_path / "checkpoint")
    config = json.loads((checkpoint / "config.json").read_text())
    (checkpoint / "config.json").write_text(json.dumps({**config, "british_voices": ["bob"]}))
    asked = set()
    segment = GPT2TTSProcessor.segment
    monkeypatch.setattr(
        GPT2TTSProcessor,
        "segment",
        lambda self, text, **kw: asked.add((text, kw["british"])) or segment(self, text, **kw),
    )
    output = tmp_path / "report"
    arguments = ("--model", checkpoint, "--texts", texts, "--voices", "ann", "bob", "--letters", "--output", output)
    run(*arguments, *NO_MEASURES)
    assert list(read_report(output)["systems"]) == ["GPT2TTS", "GPT2TTS letters"]
    assert {british for text, british in asked if text.startswith("Yes")} == {False}
    assert {british for text, british in asked if text.startswith("Good")} == {True}
    first, second = (soundfile.read(output / "audio" / name / "s1.wav")[0] for name in ("GPT2TTS", "GPT2TTS-letters"))
    assert len(first) != len(second) or (first != second).any()


def test_a_voice_is_that_of_the_clips_that_the_model_hears(tiny_checkpoint):
    synthesizer = Synthesizer.from_pretrained(tiny_checkpoint)
    clips = sorted(FIXTURE.glob("af_heart/*.opus"))[:2]
    first, both = (systems.load_voices(synthesizer, ["new"], {"new": clips}, num_clips=count) for count in (1, 2))
    torch.testing.assert_close(first.latents["new"], synthesizer.load_voice(clips[0]))
    torch.testing.assert_close(both.latents["new"], synthesizer.load_voice(clips))
    assert first.fingerprints != both.fingerprints  # clips of the one voice are not taken for those of the other


def test_a_voice_of_the_checkpoint_is_spoken_as_it_was_saved(tiny_checkpoint):
    synthesizer = Synthesizer.from_pretrained(tiny_checkpoint)
    voices = systems.load_voices(synthesizer, ["ann"], {"ann": sorted(FIXTURE.glob("af_heart/*.opus"))})
    assert torch.equal(voices.latents["ann"], synthesizer.load_voice("ann"))


def test_a_run_goes_on_where_it_was_broken_off(tiny_checkpoint, texts, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    output = tmp_path / "report"
    command = ("--model", tiny_checkpoint, "--texts", texts, "--output", output, *NO_MEASURES)
    run(*command)
    clips = output / "audio" / "GPT2TTS"
    before = {path.stem: soundfile.read(path)[0] for path in clips.glob("*.wav")}
    (clips / "s2.wav").unlink()

    made = note_saved_clips(monkeypatch)
    run(*command)
    assert made == ["s2"]
    for name, waveform in before.items():  # alone as in the batch of three
        again = soundfile.read(clips / f"{name}.wav")[0]
        assert len(again) == len(waveform)
        assert np.corrcoef(again, waveform)[0, 1] > 0.99, name
    made.clear()
    run(*command, "--seed", 1)
    assert sorted(made) == ["p1", "s1", "s2"]


def test_another_configuration_makes_other_clips(tiny_checkpoint, texts, tmp_path, monkeypatch):
    checkpoint = shutil.copytree(tiny_checkpoint, tmp_path / "checkpoint")
    command = ("--model", checkpoint, "--texts", texts, "--output", tmp_path / "report", *NO_MEASURES)
    run(*command)
    made = []
    monkeypatch.setattr(systems.ClipStore, "save", lambda self, name, *args, **kwargs: made.append(name))
    monkeypatch.setattr(systems, "time_to_first_audio", lambda *args, **kwargs: 0.0)
    run(*command)
    assert made == []
    config = json.loads((checkpoint / "config.json").read_text())
    (checkpoint / "config.json").write_text(json.dumps({**config, "max_frames_per_token": 0.2}))
    run(*command)
    assert sorted(made) == ["p1", "s1", "s2"]


def test_clips_are_made_anew_by_another_engine_and_version(tiny_checkpoint, texts, tmp_path, monkeypatch):
    """What a report says of them, their time among it, is true of what it names."""
    command = ("--model", tiny_checkpoint, "--texts", texts, "--output", tmp_path / "report", *NO_MEASURES)
    run(*command, "--engine", "torch")
    made = note_saved_clips(monkeypatch)
    run(*command, "--engine", "torch")
    assert made == []
    for change in (["--engine", "onnx"], ["--batch_size", "1"]):
        run(*command, *change)
        assert sorted(made) == ["p1", "s1", "s2"]
        made.clear()
    monkeypatch.setattr(systems, "package_version", lambda package: "1000.0")
    run(*command, "--batch_size", "1")
    assert sorted(made) == ["p1", "s1", "s2"]


def test_speech_of_another_rate_is_measured_as_it_is_heard(tiny_checkpoint, tmp_path, monkeypatch):
    """In length and pitch, by the model and in copy-synthesis by its vocoder."""
    synthesizer = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")
    vocoder = GPT2TTSGriffinLim(GPT2TTSGriffinLimConfig(sampling_rate=16000)).eval()
    vocoder.reference = "voice at 16 kHz"
    monkeypatch.setattr(synthesizer.model.config, "sampling_rate", 16000)
    synthesizer.vocoder = vocoder
    items = [systems.TestItem("clip", "group", "Good day.", recording=str(next(FIXTURE.glob("af_heart/*.opus"))))]
    store, recordings, copies = (systems.ClipStore(tmp_path / name) for name in ("model", "recordings", "copies"))
    systems.store_synthesis(store, items, synthesizer, systems.load_voices(synthesizer, [None], {}), seed=0)
    waveform, _ = store.load("clip")
    expected, rate = synthesizer.speak("Good day.", seed=0)
    assert rate == 16000
    assert len(waveform) / 22050 == pytest.approx(len(expected) / rate, abs=0.001)

    systems.store_recordings(recordings, items)
    systems.store_copy_synthesis(copies, recordings, items, vocoder)
    real, copy = (clips.load("clip")[0] for clips in (recordings, copies))
    assert len(copy) == pytest.approx(len(real), abs=512)
    # the frequency below which half of the sound lies
    middles = []
    for clip in (real, copy):
        energy = np.cumsum(np.abs(np.fft.rfft(clip)) ** 2)
        middles.append(np.fft.rfftfreq(len(clip), 1 / 22050)[np.searchsorted(energy, energy[-1] / 2)])
    assert middles[1] == pytest.approx(middles[0], rel=0.1)


def test_copy_synthesis_reads_the_mels_of_its_vocoder():
    extractor = systems._extractor_of(GPT2TTSGriffinLim(GPT2TTSGriffinLimConfig(n_fft=512, f_min=40.0, f_max=7000.0)))
    settings = (extractor.n_fft, extractor.win_length, extractor.f_min, extractor.f_max)
    assert settings == (512, 512, 40.0, 7000.0)


def test_a_recording_in_the_place_of_another_is_read(tmp_path):
    recording = tmp_path / "clip.wav"
    store = systems.ClipStore(tmp_path / "store")
    item = systems.TestItem("clip", "group", "Yes.", recording=str(recording))
    for seconds in (1, 2):
        soundfile.write(recording, [0.1] * (seconds * 22050), 22050)
        systems.store_recordings(store, [item])
        waveform, _ = store.load("clip")
        assert len(waveform) == seconds * 22050


def test_clips_of_a_folder_are_told_from_what_lies_beside_them(tmp_path):
    store = systems.ClipStore(tmp_path / "store")
    items = [systems.TestItem("s1", "short", "Yes.")]
    folder = tmp_path / "wavs"
    folder.mkdir()
    soundfile.write(folder / "s1.wav", [0.1] * 22050, 22050)
    (folder / "s1.txt").write_text("Yes.")
    systems.store_folder(store, items, folder)
    assert len(store.load("s1")[0]) == 22050
    (folder / "other").mkdir()
    shutil.copy(folder / "s1.wav", folder / "other")
    with pytest.raises(ValueError, match=r"s1\.wav and .*s1\.wav are of one item"):
        systems.store_folder(store, items, folder)


@pytest.mark.usefixtures("resemblyzer")
def test_recordings_copies_and_other_systems_share_a_table(tmp_path):
    pytest.importorskip("librosa")
    other = tmp_path / "other"
    first = tmp_path / "first"
    measures = ["--recognizer", "none", "--mos", "none"]
    run("--dataset", FIXTURE, "--limit", 4, "--copy_synthesis", "griffin-lim", "--output", first, *measures)
    report = read_report(first)
    assert list(report["systems"]) == ["recordings", "copy-synthesis griffin-lim"]
    bounds = report["similarity_bounds"]
    assert bounds["ceiling"] > bounds["floor"] + 0.2
    real, copy = report["systems"].values()
    assert real["right_speaker"] == 1
    assert bounds["floor"] < copy["speaker_similarity"] <= 1
    assert "mel_cepstral_distortion" not in real
    assert 0 < copy["mel_cepstral_distortion"] < 3
    assert copy["duration_ratio"] == pytest.approx(1, abs=0.05)
    assert real["failed"] == copy["failed"] == 0

    # the recordings of the other speaker under the same names
    other.mkdir()
    ids = [row["id"] for row in report["rows"] if row["system"] == "recordings"]
    speakers = {row["id"]: row["speaker"] for row in report["rows"]}
    for clip in ids:
        swapped = next(name for name in ids if speakers[name] != speakers[clip])
        (other / f"{clip}.wav").write_bytes((first / "audio" / "recordings" / f"{swapped}.wav").read_bytes())
    run("--dataset", FIXTURE, "--limit", 4, "--wavs", f"wrong={other}", "--output", first, *measures)
    report = read_report(first)
    assert report["systems"]["wrong"]["right_speaker"] == 0
    assert report["systems"]["wrong"]["mel_cepstral_distortion"] > 2 * copy["mel_cepstral_distortion"]

    # another folder under the same name has clips of its own alone
    fewer = tmp_path / "fewer"
    fewer.mkdir()
    (fewer / f"{ids[0]}.wav").write_bytes((other / f"{ids[0]}.wav").read_bytes())
    run("--dataset", FIXTURE, "--limit", 4, "--wavs", f"wrong={fewer}", "--output", first, *measures)
    assert read_report(first)["systems"]["wrong"]["clips"] == 1


def test_a_missing_package_leaves_a_measure_out_and_the_run_goes_on(texts, tiny_checkpoint, tmp_path, monkeypatch):
    for module in ("faster_whisper", "speechmos", "speechmos.dnsmos", "matplotlib.figure"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    output = tmp_path / "report"
    run(
        *("--model", tiny_checkpoint, "--texts", texts, "--limit", 1, "--output", output),
        *("--recognizer", "faster-whisper", "--mos", "dnsmos", "--speaker_encoder", "none"),
    )
    left_out = read_report(output)["left_out"]
    assert "pip install faster-whisper" in left_out["CER and WER"]
    assert "pip install speechmos" in left_out["MOS (dnsmos)"]
    assert "pip install matplotlib" in left_out["pictures"]
    assert all("\n" not in reason for reason in left_out.values())
    assert "pip install speechmos" in (output / "report.md").read_text(encoding="utf-8")


def test_sentences_with_nothing_to_speak_are_named_and_left_out(tiny_checkpoint, texts, tmp_path, capsys):
    texts.write_text("s1|short|Yes.\ns2|short|...\np1|plain|***\n", "utf-8")
    arguments = ["--texts", texts, "--model", tiny_checkpoint, *NO_MEASURES, "--output", tmp_path / "report"]
    run(*arguments)
    content = read_report(tmp_path / "report")
    assert [row["id"] for row in content["rows"]] == ["s1"]
    assert "2 of 3 sentences: left out. s2, p1: " in (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    texts.write_text("s2|short|...\n", "utf-8")
    with pytest.raises(SystemExit) as stop:
        run(*arguments)
    assert stop.value.code == 2
    assert "no sentence has anything to speak" in capsys.readouterr().err


def test_a_measure_that_cannot_be_loaded_is_named(monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("The file cannot be found.")

    monkeypatch.setattr(evaluate_gpt2tts, "load_speaker_encoder", refuse)
    arguments = evaluate_gpt2tts.EvaluationArguments(
        speaker_encoder="resemblizer", recognizer="none", mos=["none"], distances=False
    )
    report = evaluate_gpt2tts.Report(settings={})
    evaluate_gpt2tts.load_measurers(arguments, report)
    assert report.left_out["SECS"] == "resemblizer: The file cannot be found."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "--texts FILE or --dataset"),
        (["--texts", "nowhere.txt"], "nowhere.txt"),
        (["--texts", str(REPOSITORY / "texts" / "test.txt")], "nothing speaks"),
        (["--texts", str(REPOSITORY / "texts" / "test.txt"), "--model", "nowhere/at/all"], "nowhere"),
        (["--dataset", str(FIXTURE), "--limit", "0"], "--limit"),
        (["--dataset", str(FIXTURE), "--reference_clips", "0"], "--reference_clips"),
        (["--dataset", str(FIXTURE), "--reference_clips", "6"], "--reference_clips has to be at most 5"),
        (["--dataset", str(FIXTURE), "--batch_size", "0"], "--batch_size"),
        (["--dataset", str(FIXTURE), "--seed", "-1"], "--seed"),
        (["--dataset", str(FIXTURE), "--engine", "gpu"], "--engine"),
        (["--dataset", str(FIXTURE), "--device", "gpu"], "`device` 'gpu'"),
        (
            ["--dataset", str(FIXTURE), "--limit", "1", *NO_MEASURES, "--mos", "no-such-mos"],
            "there is no 'no-such-mos'",
        ),
        (["--dataset", str(FIXTURE), "--limt", "3"], "--limt"),
        (["--dataset", str(FIXTURE), "--references", "nowhere"], "no folder 'nowhere'"),
        (["--dataset", str(FIXTURE), "--limit", "1", "--wavs", "mine=nowhere", *NO_MEASURES], "no folder 'nowhere'"),
        (["--dataset", str(FIXTURE), "--copy_synthesis", "no-such-vocoder"], "no-such-vocoder"),
        (["--dataset", str(FIXTURE), "--wavs", "a/best", "b/best"], "two systems of one name"),
        (["--dataset", str(FIXTURE), "--wavs", "report/audio/recordings"], "one that the report has already"),
        (
            ["--dataset", str(FIXTURE), "--model", "a/model", "--wavs", "report/audio/GPT2TTS"],
            "(references, recordings",
        ),
        (["--dataset", str(FIXTURE), "--wavs", "a b=first", "a-b=second"], "two systems of one name"),
        (
            ["--dataset", str(FIXTURE), "--limit", "1", "--wavs", f"mine={REPOSITORY / 'texts'}", *NO_MEASURES],
            "--wavs mine",
        ),
    ],
)
def test_bad_arguments_end_with_a_reason(tmp_path, capsys, arguments, message):
    with pytest.raises(SystemExit) as stop:
        evaluate_gpt2tts.main([*arguments, "--output", str(tmp_path / "report")])
    assert stop.value.code == 2
    assert message in capsys.readouterr().err


def test_errors_begin_with_the_command_that_was_called(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["gpt2tts evaluate", "--texts", "nowhere.txt"])
    with pytest.raises(SystemExit):
        evaluate_gpt2tts.main()
    errors = capsys.readouterr().err
    assert errors.startswith("gpt2tts evaluate: error: ")
    assert errors.count("\n") == 1
