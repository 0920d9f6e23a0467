"""The command line, run as a user runs it."""

import io
import json
import math
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import types

import numpy as np
import pytest
import soundfile

from gpt2tts.cli.main import main

COMMANDS = [
    "speak",
    "voices",
    "export-voice",
    "export-checkpoint",
    "prepare",
    "finetune",
    "train",
    "train-vocoder",
    "evaluate",
    "push",
    "serve",
]


@pytest.fixture
def cli(capsys):
    """`cli(*arguments)`: exit code, standard output and standard error of the command."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exit_info:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return exit_info.value.code or 0, captured.out, captured.err

    return run


@pytest.fixture
def clip(tmp_path, make_speech):
    path = tmp_path / "speaker.flac"
    soundfile.write(path, make_speech(seconds=1.5, sampling_rate=24000).numpy(), 24000)
    return path


def test_help_names_every_command_and_imports_no_torch():
    code = (
        "import sys\nfrom gpt2tts.cli.main import main\n"
        "try: main(['--help'])\nfinally: print('torch' in sys.modules, 'transformers' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"\n  {command} " in result.stdout for command in COMMANDS)
    assert "Examples:" in result.stdout
    assert result.stdout.splitlines()[-1] == "False False"


@pytest.mark.parametrize(
    "command", ["speak", "voices", "export-voice", "export-checkpoint", "prepare", "finetune", "push", "serve"]
)
def test_help_of_each_command_has_examples(cli, command):
    code, output, _ = cli(command, "--help")
    assert code == 0
    assert f"  gpt2tts {command}" in output.partition("Examples:")[2]


@pytest.mark.parametrize(
    ("name", "subtype", "rate"),
    [
        ("a.wav", "PCM_16", 22050),
        ("a.flac", "PCM_16", 22050),
        ("a.ogg", "VORBIS", 22050),
        ("a.mp3", "MPEG_LAYER_III", 22050),
        ("a.opus", "OPUS", 24000),
    ],
)
def test_speak_writes_the_format_of_the_name(cli, tiny_checkpoint, tmp_path, name, subtype, rate):
    path = tmp_path / name
    code, output, errors = cli("speak", "Good morning.", "--model", tiny_checkpoint, "-o", path, "--seed", 7)
    assert (code, output) == (0, "")
    assert "1.9 s of speech" in errors
    assert "seed 7" in errors
    assert "1 of 1 parts did not end by themselves and were cut: try another --seed" in errors
    info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.subtype) == (rate, 1, subtype)
    assert info.frames == math.ceil(160 * 256 * rate / 22050)


def test_speak_options_reach_the_speech(cli, tiny_checkpoint, tmp_path, clip):
    def speak(*options: object) -> np.ndarray:
        path = tmp_path / "speech.wav"
        code, _, errors = cli("speak", "Good morning.", "-m", tiny_checkpoint, "-o", path, "-q", "--seed", 7, *options)
        assert (code, errors) == (0, "")
        return soundfile.read(path)[0]

    plain = speak()
    assert np.array_equal(plain, speak())
    assert np.array_equal(plain, speak("--voice", "ann"))
    assert not np.array_equal(plain, speak("--voice", "bob"))
    assert not np.array_equal(plain, speak("--voice", clip))
    assert not np.array_equal(plain, speak("--seed", 8))
    assert np.array_equal(plain, speak("--vocoder", "griffin-lim"))
    assert not np.array_equal(plain, speak("--voice", "ann(2)+bob(1)"))
    assert np.array_equal(speak("--voice", "ann", "--voice", "bob"), speak("--voice", "ann+bob"))
    assert not np.array_equal(plain, speak("--letters"))
    assert not np.array_equal(speak("--british"), speak("--american"))
    assert not np.array_equal(plain, speak("--speed", 2.0))
    lexicon = tmp_path / "words.tsv"
    lexicon.write_text("morning\tn\u02c8un\n", "utf-8")
    assert not np.array_equal(plain, speak("--lexicon", lexicon))
    assert not np.array_equal(plain, speak("--prenet-dropout", 0.9))
    assert len(speak("--max-frames-per-token", 30)) > len(plain)
    pitched = ["--vocoder", "source-filter"]
    assert not np.array_equal(speak(*pitched), speak(*pitched, "--pitch-shift", -2))


def test_the_engine_is_the_one_that_is_asked_for(cli, tiny_checkpoint, tmp_path, monkeypatch):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    arguments = ("speak", "Good morning.", "-m", tiny_checkpoint, "-q", "--seed", 7, "-o")
    for engine in ("torch", "onnx"):
        assert cli(*arguments, tmp_path / f"{engine}.wav", "--engine", engine)[0] == 0
    assert (tmp_path / "torch.wav").read_bytes() != (tmp_path / "onnx.wav").read_bytes()  # of rounded weights
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert cli(*arguments, tmp_path / "again.wav", "--engine", "torch")[0] == 0
    assert (tmp_path / "torch.wav").read_bytes() == (tmp_path / "again.wav").read_bytes()
    for command in (("speak", "Hi.", "-q", "-o", tmp_path / "a.wav"), ("serve", "--port", 0)):
        code, _, errors = cli(*command, "-m", tiny_checkpoint, "--engine", "onnx")
        assert code
        assert "pip install onnxruntime" in errors
    assert not (tmp_path / "a.wav").exists()


@pytest.mark.parametrize("text", [["-5 degrees"], ["-5"], ["-- and then"], ["--", "-5 degrees"]])
def test_text_may_begin_with_a_dash(cli, tiny_checkpoint, tmp_path, text):
    path = tmp_path / "speech.wav"
    code, _, errors = cli("speak", "-m", tiny_checkpoint, "-o", path, "-q", *text)
    assert (code, errors) == (0, "")
    assert soundfile.info(path).frames == 160 * 256
    code, _, errors = cli("speak", *text, "-m", tiny_checkpoint, "-o", path, "-q")
    assert code == (0 if text[0] != "--" else 2), errors


@pytest.mark.parametrize("name", ["-5 x.wav", "-5.wav"])
def test_a_file_may_begin_with_a_dash(cli, tiny_checkpoint, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    code, _, errors = cli("speak", "-m", tiny_checkpoint, "-q", "-5 degrees", "-o", name)
    assert (code, errors) == (0, "")
    assert soundfile.info(name).frames


@pytest.mark.parametrize("suffix", ["srt", "vtt", "json"])
def test_subtitles_say_when_words_are_spoken(cli, tiny_checkpoint, tmp_path, suffix):
    path = tmp_path / f"speech.{suffix}"
    text = "It was a long and rather dark night. The wind blew all the time.\n\nNobody was there to hear it."
    assert cli("speak", text, "-m", tiny_checkpoint, "-o", tmp_path / "a.wav", "-q", "--subtitles", path)[0] == 0
    content = path.read_text("utf-8")
    if suffix == "json":
        cues = json.loads(content)
        assert [word["text"] for cue in cues for word in cue["words"]] == re.findall(r"\w+", text)
        assert 1.9 <= cues[-1]["start"] <= cues[-1]["end"] <= soundfile.info(tmp_path / "a.wav").duration
    elif suffix == "srt":
        assert re.match(r"1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\nIt was a long", content)
        assert content.count(" --> ") == 2
    else:
        assert content.startswith("WEBVTT\n\n00:00:0")
        assert re.search(r"<00:00:0\d\.\d{3}>Nobody <", content)


@pytest.mark.parametrize(("option", "spoken"), [("--normalize", "seven"), ("--no-normalize", "7")])
def test_numbers_are_spelt_out_unless_not_wanted(cli, tiny_checkpoint, tmp_path, option, spoken):
    path = tmp_path / "speech.json"
    arguments = ("speak", "At 7.", option, "--letters", "-m", tiny_checkpoint, "-q", "--subtitles", path)
    assert cli(*arguments, "-o", tmp_path / "a.wav")[0] == 0
    assert [word["text"] for cue in json.loads(path.read_text("utf-8")) for word in cue["words"]] == ["At", spoken]


@pytest.mark.parametrize("where", ["file", "stdin", "dash", "file of it"])
def test_speak_reads_text_from_elsewhere(cli, tiny_checkpoint, tmp_path, monkeypatch, where):
    content = "\ufeffGood morning.".encode()
    path = tmp_path / "speech.wav"
    text = tmp_path / "text.txt"
    text.write_bytes(content)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    (tmp_path / "old.srt").touch()  # is not the text, whatever that is
    source = {"file": ["--file", text], "stdin": [], "dash": ["-"], "file of it": ["--file", "-"]}[where]
    source += ["--subtitles", tmp_path / "old.srt"]
    reference = tmp_path / "reference.wav"
    assert cli("speak", *source, "-m", tiny_checkpoint, "-o", path, "--seed", 1)[0] == 0
    assert cli("speak", "Good morning.", "-m", tiny_checkpoint, "-o", reference, "--seed", 1)[0] == 0
    assert path.read_bytes() == reference.read_bytes()


def test_speak_to_standard_output_is_wav(tiny_checkpoint, capfdbinary, tmp_path):
    path = tmp_path / "speech.wav"
    for output in ("-", path):
        with pytest.raises(SystemExit) as exit_info:
            main(["speak", "One. Two.", "-m", str(tiny_checkpoint), "-o", str(output), "--seed", "1", "-q"])
        assert not exit_info.value.code
    streamed, rate = soundfile.read(io.BytesIO(capfdbinary.readouterr().out))
    assert rate == 22050
    np.testing.assert_allclose(streamed, soundfile.read(path)[0], atol=1e-4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["speak", "..."], "nothing to speak"),
        (["speak", "Hi", "--file", "x.txt"], "not both"),
        (
            ["speak", "--file", "talk.srt", "--subtitles", "talk.srt"],
            "'talk.srt' is the text itself, and would be replaced",
        ),
        (["speak", "--file", "book.pdf"], "The text is a PDF: save it as plain text in UTF-8 first"),
        (["speak", "--file", "book.epub"], "The text is a document, a book or an archive"),
        (["speak", "--file", "missing.txt"], "'missing.txt' cannot be read: No such file"),
        (["speak", "Hi", "-o", "speech.mp4"], "--output must end in .wav, .flac, .ogg, .opus or .mp3"),
        (["speak", "Hi", "-o", "no/such/folder/speech.wav"], "create it first"),
        (["speak", "Hi", "--speed", "5"], "--speed"),
        (["speak", "Hi", "--pitch-shift", "50"], "--pitch-shift"),
        (["speak", "Hi", "--pitch-shift", "1", "--model", "TINY"], "which reads no pitch"),
        (["speak", "Hi", "--subtitles", "speech.txt"], "--subtitles must end in .srt, .vtt or .json"),
        (["speak", "Hi", "--lexicon", "missing.tsv", "--model", "TINY"], "missing.tsv"),
        (["speak", "Hi", "--seed", str(2**64), "--model", "TINY"], "`seed` must be between"),
        (["speak", "Hi", "--seed", "-1"], "--seed"),
        (["speak", "Hi", "--model", "no/such/folder"], "neither a folder nor"),
        (["speak", "Hi", "--model", "user/name@"], "neither a folder nor"),
        (["speak", "Hi", "--model", "TINY", "--voice", "nobody"], "Pass one of ann, bob"),
        (["speak", "Hi", "--model", "TINY", "--voice", "Bob"], "no voice 'Bob'. Did you mean 'bob'?"),
        (["speak", "Hi", "--model", "TINY", "--voice", ""], "no voice ''. Pass one of ann, bob"),
        (["speak", "Hi", "--model", "TINY", "--device", "gpu"], "`device` 'gpu' cannot be used here: pass 'cpu'"),
        (["speak", "Hi", "--prenet-dropout", "2"], "--prenet-dropout"),
        (["speak", "Hi", "--model", "TINY", "--voice", "pyproject.toml"], "cannot be decoded"),
        (
            ["export-voice", "missing.wav", "a", "-m", "TINY", "-o", "no/such/a.safetensors"],
            "no recording 'missing.wav'",
        ),
        (["export-voice", "pyproject.toml"], "NAME is missing: gpt2tts export-voice pyproject.toml me"),
        (["export-voice", "missing.wav"], "NAME is missing"),
        (["export-voice", "me"], "CLIP is missing: gpt2tts export-voice my_recording.wav me"),
        (["export-voice"], "CLIP and NAME are missing"),
        (["export-voice", "pyproject.toml", "me", "-o", "me.safetensors"], "cannot be decoded"),
        (["speak", "Good", "morning."], "put quotes around it ('morning.' is left over)"),
        (["speak", "Hi", "--letters", "--lexicon", "pyproject.toml"], "leave one of them out"),
        (["speak", "Hi", "--model", "."], "the folder '.' holds none (no config.json)"),
        (["speak", "Hi", "--voice", "v" * 300, "--model", "TINY"], "There is no voice"),
        (["speak", "Hi", "--voice", "ann(2)+pyproject.toml", "--model", "TINY"], "`--voice` several times"),
        (
            ["speak", "[x]" + "(/@@/) is.", "--model", "TINY", "--seed", "0", "-o", "a.wav"],
            "the pronunciation /@@/ of 'x'",
        ),
        (["push", "TINY", "user/name", "--report", "no.json", "--dry-run"], "--report: there is no file 'no.json'"),
        (["push", "nothere", "name"], "REPO_ID must have the form USER/NAME"),
        (["finetune", "nothere", "-o", "x"], "There is no folder or recording 'nothere'"),
        (["finetune", "voices/missing.wav", "-o", "x"], "There is no folder or recording 'voices/missing.wav'"),
        (["finetune", "pyproject.toml", "-o", "x"], "is a file and no recording"),
        (["export-voice", "missing.wav", "me"], "no recording 'missing.wav'"),
        (["export-voice", "missing.wav", "a/b"], "choose another"),
        (["export-voice", "ann(1)+bob(1)", "both", "-o", "both.wav", "--model", "TINY"], "must end in .safetensors"),
        (["export-voice", "ann", "both", "-o", "no/such/a.safetensors", "--model", "TINY"], "create it first"),
        (["export-checkpoint", "copy", "--model", "nowhere"], "no checkpoint: it has no config.json"),
        (["export-checkpoint", "TINY"], "exists: choose another folder"),
        (["push", "TINY", "name"], "USER/NAME"),
        (["push", "TINY", "user/name"], "lacks README.md"),
        (["sing"], "sing"),
    ],
)
def test_usage_errors_give_reason_and_remedy(cli, tiny_checkpoint, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("not audio")
    (tmp_path / "talk.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHi.\n")
    (tmp_path / "book.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n")
    (tmp_path / "book.epub").write_bytes(b"PK\x03\x04mimetypeapplication/epub+zip")
    files = {path: path.read_bytes() for path in tmp_path.iterdir()}
    code, output, errors = cli(*(str(tiny_checkpoint) if value == "TINY" else value for value in arguments))
    assert code == 2
    assert output == ""
    assert message in errors
    assert "Traceback" not in errors
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == files


def test_a_voice_goes_before_a_file_or_folder_of_its_name(cli, tiny_checkpoint, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ann").mkdir()
    (tmp_path / "bob").write_text("not audio")
    for voice in ("ann", "bob"):
        code, _, errors = cli("speak", "Hi", "--model", tiny_checkpoint, "--voice", voice, "-o", f"{voice}.wav")
        assert code == 0, errors
        assert (tmp_path / f"{voice}.wav").is_file()


def test_the_recordings_of_a_voice_are_not_replaced_by_its_speech(cli, tiny_checkpoint, tmp_path, monkeypatch, clip):
    monkeypatch.chdir(tmp_path)
    content = clip.read_bytes()
    # at the default place, in a folder of recordings, and in one that has the name of a voice of the checkpoint
    for voice, path, is_refused in (
        ("speech.wav", "", True),
        ("clips", "clips/a.wav", True),
        ("ann", "ann/a.wav", False),
    ):
        recording = tmp_path / (path or voice)
        recording.parent.mkdir(exist_ok=True)
        recording.write_bytes(content)
        code, _, errors = cli("speak", "Hi.", "-m", tiny_checkpoint, "-v", voice, *(["-o", path] if path else []))
        assert (code, recording.read_bytes() == content) == ((2, True) if is_refused else (0, False)), errors
        assert ("is a recording of --voice, and would be replaced" in errors) is is_refused


def test_text_that_is_not_utf8_is_refused(cli, tmp_path):
    text = tmp_path / "latin1.txt"
    text.write_bytes("Café au lait".encode("latin-1"))
    code, _, errors = cli("speak", "--file", text)
    assert code == 2
    assert "not UTF-8" in errors
    assert f"iconv -f LATIN1 -t UTF-8 {text}" in errors


@pytest.mark.parametrize(("encoding", "named"), [("utf-16", "UTF-16 "), ("utf-16-le", "UTF-16LE ")])
def test_utf16_is_not_spoken_letter_by_letter(cli, tmp_path, encoding, named):
    text = tmp_path / "utf16.txt"
    text.write_bytes("Good morning.".encode(encoding))
    code, _, errors = cli("speak", "--file", text, "-o", tmp_path / "speech.wav")
    assert code == 2
    assert f"iconv -f {named}" in errors
    assert not (tmp_path / "speech.wav").exists()


def test_a_file_name_as_text_is_pointed_out(cli, tiny_checkpoint, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "book.txt").write_text("Good morning.")
    code, _, errors = cli("speak", "book.txt", "--model", tiny_checkpoint)
    assert code == 0
    assert "'book.txt' is spoken as a text, and is the name of a file too, which --file reads" in errors
    assert "--file" not in cli("speak", "Hi.", "--model", tiny_checkpoint)[2]


def test_a_folder_that_cannot_be_written_is_named_at_once(cli, tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write anywhere
    code, _, errors = cli("speak", "Hi.", "-o", tmp_path / "speech.wav")
    assert code == 2
    assert "--output" in errors
    assert "may not be written here: choose another" in errors


def test_the_time_of_matching_is_said(cli, tiny_checkpoint, tmp_path, clip):
    errors = cli("speak", "Hi.", "-m", tiny_checkpoint, "-v", clip, "-o", tmp_path / "speech.wav")[2]
    assert re.search(r"Matched in \d+\.\d s\.", errors)
    assert (
        "Matched" not in cli("speak", "Hi.", "-m", tiny_checkpoint, "-v", clip, "-q", "-o", tmp_path / "speech.wav")[2]
    )


def test_a_voice_of_the_model_is_not_matched_to_a_folder_of_its_name(cli, tiny_checkpoint, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ann").mkdir()
    code, _, errors = cli("speak", "Hi.", "-m", tiny_checkpoint, "-v", "ann")
    assert code == 0
    assert "match" not in errors.lower()


def test_runtime_errors_are_one_line_unless_debugging(cli, tmp_path):
    (tmp_path / "config.json").write_text("{")
    arguments = ["speak", "Hi", "--model", str(tmp_path), "-o", str(tmp_path / "speech.wav")]
    code, _, errors = cli(*arguments)
    assert code == 1
    assert errors.startswith("gpt2tts: error: ")
    assert errors.count("\n") == 1
    with pytest.raises(OSError, match="valid JSON"):
        main([*arguments, "--debug"])


def test_voices_and_export(cli, tiny_checkpoint, tmp_path, clip):
    import shutil

    model = tmp_path / "model"
    shutil.copytree(tiny_checkpoint, model)
    config = json.loads((model / "config.json").read_text())
    (model / "config.json").write_text(json.dumps({**config, "british_voices": ["bob"]}))
    assert cli("voices", "-m", model)[1] == "ann (default)\nbob (British)\n"
    assert cli("export-voice", clip, "me", "-m", model)[0] == 0
    assert cli("voices", "-m", model)[1] == "ann (default)\nbob (British)\nme\n"

    code, _, errors = cli("export-voice", clip, "me", "-m", model)
    assert code == 2
    assert "--force" in errors
    assert cli("export-voice", clip, "me", "-m", model, "--force")[0] == 0
    assert cli("export-voice", clip, "me", "-m", model, "-o", tmp_path / "me.safetensors")[0] == 0

    (tmp_path / "clips").mkdir()
    shutil.copy(clip, tmp_path / "clips")
    for name, voices in (("blend", ["ann(2)+bob(1)"]), ("two", [clip, "ann"]), ("folder", [tmp_path / "clips"])):
        assert cli("export-voice", *voices, name, "-m", model, "-o", tmp_path / f"{name}.safetensors")[0] == 0
    code, _, errors = cli("export-voice", "nobody", "x", "-m", model)
    assert code == 2
    assert "no voice 'nobody'" in errors

    speeches = []
    for voice in ("me", tmp_path / "me.safetensors", clip, tmp_path / "clips", tmp_path / "folder.safetensors"):
        path = tmp_path / "speech.wav"
        assert cli("speak", "Hi.", "-m", model, "-v", voice, "-o", path, "--seed", 1)[0] == 0
        speeches.append(path.read_bytes())
    assert len(set(speeches)) == 1


def test_push_checks_the_folder(cli, tiny_checkpoint, tmp_path):
    import shutil

    folder = tmp_path / "model"
    shutil.copytree(tiny_checkpoint, folder)
    (folder / "README.md").write_text("# A voice")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "files.cpython-311.pyc").touch()
    code, output, _ = cli("push", folder, "user/name", "--dry-run")
    assert code == 0
    assert ".pyc" not in output
    assert {line.split()[-1] for line in output.splitlines()} >= {
        "config.json",
        "model.safetensors",
        "modeling_gpt2tts.py",
        "voices/ann.safetensors",
    }
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[: len(weights) // 2])
    code, _, errors = cli("push", folder, "user/name", "--dry-run")
    assert code == 2
    assert "model.safetensors' is damaged" in errors
    (folder / "model.safetensors").write_bytes(weights)
    (folder / "processor_config.json").rename(folder / "processor.json")
    code, _, errors = cli("push", folder, "user/name", "--dry-run")
    assert code == 2
    assert "lacks processor_config.json" in errors
    (folder / "processor.json").rename(folder / "processor_config.json")
    (folder / "optimizer.pt").write_bytes(b"")
    code, _, errors = cli("push", folder, "user/name", "--dry-run")
    assert code == 2
    assert "optimizer.pt" in errors
    assert "safetensors" in errors


def test_the_card_of_what_is_pushed_names_the_repository(cli, tiny_checkpoint, tmp_path, monkeypatch):
    from gpt2tts.publishing import hub

    folder = shutil.copytree(tiny_checkpoint, tmp_path / "model")
    (folder / "README.md").write_text('AutoModel.from_pretrained("mine", trust_remote_code=True)', encoding="utf-8")
    pushed, asked = [], []

    def push_folder(folder, repo_id, **settings):
        pushed.append((folder / "README.md").read_text(encoding="utf-8"))
        asked.append(settings)
        return types.SimpleNamespace(commit_url="https://example.org/commit")

    monkeypatch.setattr(hub, "push_folder", push_folder)
    assert cli("push", folder, "user/name", "--dry-run")[0] == 0
    assert '"mine"' in (folder / "README.md").read_text(encoding="utf-8")
    assert cli("push", folder, "user/name")[0] == 0
    assert pushed == ['AutoModel.from_pretrained("user/name", trust_remote_code=True)']
    assert cli("push", folder, "user/name", "--private", "--message", "Mine")[0] == 0
    assert asked == [
        {"commit_message": "Upload GPT2TTS", "private": False},
        {"commit_message": "Mine", "private": True},
    ]


def test_a_page_can_be_pushed_with_a_checkpoint(cli, tiny_checkpoint, tmp_path, monkeypatch):
    from gpt2tts.publishing import hub

    folder = shutil.copytree(tiny_checkpoint, tmp_path / "model")
    (folder / "README.md").write_text("A voice.", encoding="utf-8")
    pushed = []

    def push_folder(folder, repo_id, *, repo_type="model", **settings):
        pushed.append((repo_type, repo_id, {path.name for path in pathlib.Path(folder).iterdir()}))
        return types.SimpleNamespace(commit_url=f"https://example.org/{repo_type}")

    monkeypatch.setattr(hub, "push_folder", push_folder)
    code, output, _ = cli("push", folder, "user/name", "--space", "--dry-run")
    assert (code, pushed) == (0, [])
    assert [line.split()[-1] for line in output.split("in the Space:")[1].splitlines() if line] == [
        "README.md",
        "app.py",
        "requirements.txt",
    ]
    code, output, _ = cli("push", folder, "user/name", "--space")
    assert (code, output.split()) == (0, ["https://example.org/model", "https://example.org/space"])
    assert [(kind, name) for kind, name, _ in pushed] == [("model", "user/name"), ("space", "user/name")]
    assert "model.safetensors" in pushed[0][2]
    assert pushed[1][2] == {"README.md", "app.py", "requirements.txt"}
    code, _, errors = cli("push", folder, "user/name", "--space", "--private")
    assert code == 2
    assert "a page cannot read a private model" in errors


@pytest.mark.parametrize(
    ("command", "module"),
    [("train", "train_accelerate"), ("train-vocoder", "train_vocoder"), ("evaluate", "evaluate_gpt2tts")],
)
def test_scripts_get_all_their_arguments(cli, monkeypatch, command, module):
    script = types.ModuleType(module)
    script.main = lambda: print(json.dumps(sys.argv)) or 3
    monkeypatch.setitem(sys.modules, f"gpt2tts.{module}", script)
    monkeypatch.setattr(sys, "argv", ["gpt2tts"])
    code, output, _ = cli(command, "--help", "--model", "small", "folder", "-x")
    assert code == 3
    assert json.loads(output) == [f"gpt2tts {command}", "--help", "--model", "small", "folder", "-x"]


@pytest.mark.parametrize(
    ("arguments", "module", "extra"),
    [
        (["train"], "gpt2tts.train_accelerate", "train"),
        (["prepare", "recordings", "--out", "x"], "gpt2tts.preparation.prepare", "prepare"),
        (["serve"], "gradio", "demo"),
    ],
)
def test_missing_extra_is_named(cli, monkeypatch, arguments, module, extra):
    monkeypatch.setitem(sys.modules, module, None)
    code, _, errors = cli(*arguments)
    assert code == 2
    assert f"pip install -e '.[{extra}]'" in errors


def test_options_of_prepare_reach_the_preparation(cli, monkeypatch, tmp_path):
    pytest.importorskip("pyloudnorm")
    from gpt2tts.preparation import prepare

    class Report(str):
        kept = ("a clip",)

    asked, report = [], Report("2 clips.")
    for name, reports in (("prepare_recordings", report), ("prepare_speakers", {"ann": report})):
        monkeypatch.setattr(
            prepare, name, lambda *args, _=(name, reports), **options: asked.append((_[0], args, options)) or _[1]
        )
    limits = {"min_mos": 2.8, "min_confidence": 0.5, "max_cer": 0.1, "min_similarity": 0.6}
    given = {"max_seconds": 9.0, "recognizer": "whisper", "speaker_encoder": "ecapa", "num_proc": 3}
    options = [word for name, value in {**limits, **given}.items() for word in (f"--{name.replace('_', '-')}", value)]
    code, output, _ = cli("prepare", "mine", "--out", tmp_path, *options)
    assert (code, output.splitlines()[0]) == (0, "2 clips.")
    assert f"{tmp_path / 'index.html'};" in output
    code, output, _ = cli("prepare", "mine", "-o", tmp_path, "--speakers")
    assert (code, output.splitlines()[0]) == (0, "ann: 2 clips.")
    assert f"{tmp_path / 'NAME' / 'index.html'};" in output
    defaults = {"max_seconds": 12.0, "recognizer": "auto", "speaker_encoder": "auto", "num_proc": os.cpu_count() or 1}
    folders = (pathlib.Path("mine"), tmp_path)
    assert asked == [
        ("prepare_recordings", folders, {"limits": prepare.Limits(**limits), **given}),
        ("prepare_speakers", folders, {"limits": prepare.Limits(), **defaults}),
    ]
    report.kept = ()
    code, output, errors = cli("prepare", "mine", "-o", tmp_path)
    assert (code, output.splitlines()) == (2, ["2 clips."])
    assert f"No clip can be trained on: see the reasons in {tmp_path / 'report.md'}" in errors
    monkeypatch.undo()
    code, _, errors = cli("prepare", tmp_path / "nowhere", "-o", tmp_path / "out", "--speakers")
    assert code == 2
    assert "There is no folder" in errors


def test_a_checkpoint_is_pushed_without_the_packages_of_training(tiny_checkpoint, tmp_path):
    folder = shutil.copytree(tiny_checkpoint, tmp_path / "model")
    (folder / "README.md").write_text("A model.", encoding="utf-8")
    program = """
import sys
for name in ("datasets", "accelerate", "pyarrow"):
    sys.modules[name] = None
from gpt2tts.cli.main import main
main(["push", sys.argv[1], "user/name", "--dry-run"])
"""
    result = subprocess.run([sys.executable, "-c", program, folder], capture_output=True, text=True, timeout=120)
    assert (result.returncode, result.stderr) == (0, "")
    assert "model.safetensors" in result.stdout


def test_the_time_that_speech_took_is_that_of_reading_the_text_too(cli, tiny_checkpoint, tmp_path, monkeypatch):
    from gpt2tts.base_synthesizer import BaseSynthesizer

    stream = BaseSynthesizer.stream

    def slow_stream(self, *arguments, **settings):
        time.sleep(0.6)
        return stream(self, *arguments, **settings)

    monkeypatch.setattr(BaseSynthesizer, "stream", slow_stream)
    _, _, errors = cli("speak", "Hi.", "-m", tiny_checkpoint, "-o", tmp_path / "a.wav")
    assert float(re.search(r"made in (\S+) s", errors)[1]) >= 0.6


def test_what_a_signal_ends_leaves_no_file(tmp_path):
    program = """
import os, signal, sys
from pathlib import Path

from gpt2tts.cli import main as cli
from gpt2tts.files import replace_file

def app(*args, **kwargs):
    with replace_file(Path(sys.argv[1])) as partial:
        partial.write_bytes(b"half")
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()

cli.app = app
cli.main(["speak", "Hello."])
"""
    result = subprocess.run([sys.executable, "-c", program, tmp_path / "speech.wav"], timeout=120)
    assert result.returncode == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_a_stream_that_is_closed_is_named(cli, monkeypatch, stream):
    monkeypatch.setattr(sys, stream, None)
    with pytest.raises(SystemExit) as ended:
        main(["speak", "-o", "-"] if stream == "stdin" else ["speak", "Hello.", "-o", "-"])
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--wyoming", "tcp://127.0.0.1:abc", "tcp://HOST:PORT"),
        ("--wyoming", "tcp://127.0.0.1:99999", "tcp://HOST:PORT"),
        ("--wyoming", "tcp://[", "tcp://HOST:PORT"),
        ("--host", ".there", "'.there' is no name or address of a machine"),
    ],
)
def test_an_address_that_cannot_be_is_a_usage_error(cli, option, value, message):
    pytest.importorskip("gradio")
    code, _, error = cli("serve", "--port", 0, option, value)
    assert code == 2
    assert message in error


def test_a_long_name_of_a_file_is_written(cli, tiny_checkpoint, tmp_path):
    for name in ("x" * 251, "я" * 125):
        path = tmp_path / f"{name}.wav"
        assert cli("speak", "Hello.", "--model", tiny_checkpoint, "-q", "-o", path)[0] == 0
        assert soundfile.info(path).frames
    assert len(list(tmp_path.iterdir())) == 2


def test_settings_of_the_server_are_those_that_were_given(cli, tiny_checkpoint, tmp_path, monkeypatch):
    pytest.importorskip("gradio")
    from gpt2tts.serving import server

    served = []
    monkeypatch.setattr(server, "serve", lambda synthesizer, settings: served.append((synthesizer, settings)))
    monkeypatch.setenv("GPT2TTS_API_KEY", "secret")
    given = {
        "host": "localhost",
        "port": 0,
        "cors_origins": ["https://example.org"],
        "voices_folder": tmp_path / "voices",
        "wyoming": "tcp://127.0.0.1:0",
        "max_requests": 3,
        "max_characters": 100,
        "time_limit": 5.0,
    }
    options = [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", value)]
    options[options.index("--cors-origins")] = "--cors-origin"
    options[options.index(["https://example.org"])] = "https://example.org"
    assert cli("serve", "-m", tiny_checkpoint, *options) == (0, "", "")
    monkeypatch.delenv("GPT2TTS_API_KEY")
    assert cli("serve", "-m", tiny_checkpoint, "--port", 0)[0] == 0
    assert [synthesizer.voices for synthesizer, _ in served] == [["ann", "bob"]] * 2
    assert served[0][1] == server.ServerSettings(api_key="secret", **given)
    assert served[1][1] == server.ServerSettings(port=0)
    (tmp_path / "file").touch()
    code, _, errors = cli("serve", "-m", tiny_checkpoint, "--voices-folder", tmp_path / "file")
    assert (code, "is a file: choose a folder" in errors) == (2, True)


def test_serve_says_at_once_that_a_port_is_taken(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as stopped:
            main(["serve", "--port", str(port)])
    assert stopped.value.code == 2
    assert f"--port: 127.0.0.1:{port} is not free" in capsys.readouterr().err
