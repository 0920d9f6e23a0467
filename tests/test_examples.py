"""The scripts of `examples/`, run as their users run them."""

import csv
import io
import json
import os
import runpy
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest
import soundfile

from gpt2tts.audio import AudioWriter, StreamEncoder

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(name: str, *arguments: object) -> None:
    runpy.run_path(str(EXAMPLES / name))["main"]([str(argument) for argument in arguments])


def test_every_example_is_tested_and_in_the_readme():
    tests, readme = (Path(__file__).read_text("utf-8"), (EXAMPLES.parent / "README.md").read_text("utf-8"))
    for path in EXAMPLES.glob("*.py"):
        assert f'"{path.name}"' in tests
        assert f"examples/{path.name}" in readme


def test_a_book_has_chapters_and_subtitles(tiny_checkpoint, tmp_path):
    av = pytest.importorskip("av")
    book = tmp_path / "book.txt"
    book.write_text("Chapter 1\n\nIt was a dark night.\n\n## The end\n\nNobody was there.", "utf-8-sig")
    run("audiobook.py", book, tmp_path / "book.mp3", "--model", tiny_checkpoint)
    with av.open(tmp_path / "book.mp3") as container:
        chapters = container.chapters()
    assert [chapter["metadata"]["title"] for chapter in chapters] == ["Chapter 1", "The end"]
    duration = soundfile.info(tmp_path / "book.mp3").duration
    assert chapters[0]["end"] == chapters[1]["start"]
    assert chapters[1]["end"] / 1000 == pytest.approx(duration, abs=0.1)
    subtitles = (tmp_path / "book.srt").read_text("utf-8")
    assert "It was a dark night." in subtitles
    assert {path.suffix for path in tmp_path.iterdir()} == {".txt", ".mp3", ".srt"}


@pytest.mark.parametrize(
    ("book", "output", "message"),
    [
        ("book.txt", "book.wav", "has to end in .mp3"),
        ("missing.txt", "book.mp3", "there is no file"),
        ("empty.txt", "book.mp3", "holds nothing to speak"),
        ("latin.txt", "book.mp3", "is not UTF-8"),
    ],
)
def test_a_book_that_cannot_be_made_is_refused(tmp_path, monkeypatch, capsys, book, output, message):
    pytest.importorskip("av")
    monkeypatch.chdir(tmp_path)
    Path("book.txt").write_text("It was a dark night.", "utf-8")
    Path("empty.txt").write_text("...", "utf-8")
    Path("latin.txt").write_text("The café was dark.", "latin-1")
    with pytest.raises(SystemExit):
        run("audiobook.py", book, output)
    assert message in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.txt", "empty.txt", "latin.txt"]


def test_a_voice_of_recordings_is_a_file(tiny_checkpoint, tmp_path, make_speech):
    for name in ("first.wav", "second.ogg"):
        with AudioWriter(tmp_path / name, 22050) as writer:
            writer.write(make_speech(2.0, seed=len(name)).numpy())
    clips, model = [tmp_path / "first.wav", tmp_path / "second.ogg"], ["--model", tiny_checkpoint]
    run("own_voice.py", *clips, "--lean", "bob", "--output", tmp_path / "me.flac", *model)
    assert soundfile.info(tmp_path / "me.flac").frames == 160 * 256
    assert (tmp_path / "me.safetensors").is_file()


class Server(BaseHTTPRequestHandler):
    """Speech in three pieces, each after the one before has been asked for."""

    def do_POST(self):
        self.server.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        encoder = StreamEncoder(self.server.body["response_format"], 22050)
        self.send_response(200)
        self.end_headers()
        for _ in range(3):
            self.wfile.write(encoder.encode(np.full(2205, 0.1, np.float32)))
        self.wfile.write(encoder.finish())

    def log_message(self, *arguments):
        pass


def test_a_voice_is_not_replaced_where_the_speech_cannot_be_written(tmp_path, capsys):
    (tmp_path / "me.safetensors").write_text("mine")
    with pytest.raises(SystemExit):
        run("own_voice.py", "first.wav", "--output", tmp_path / "me.txt")
    assert "must end in one of .wav" in capsys.readouterr().err
    assert (tmp_path / "me.safetensors").read_text() == "mine"


def test_a_client_hears_what_the_server_sends(capfdbinary):
    with HTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        run("streaming_client.py", "Hi.", "--voice", "emma", "--url", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    output, messages = capfdbinary.readouterr()
    assert len(soundfile.read(io.BytesIO(output))[0]) == 3 * 2205
    assert b"first sound after" in messages
    assert server.body == {"model": "gpt2tts", "input": "Hi.", "voice": "emma", "response_format": "wav"}


def test_an_address_without_a_scheme_is_refused(capsys):
    with pytest.raises(SystemExit):
        run("streaming_client.py", "Hi.", "--url", "localhost:7860")
    assert "--url must begin with http://" in capsys.readouterr().err


def test_a_server_that_does_not_speak_the_api_is_named():
    class Proxy(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(502)
            self.end_headers()
            self.wfile.write(b"<html>Bad gateway</html>")

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Proxy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(SystemExit, match="answers 502: <html>Bad gateway"):
            run("streaming_client.py", "Hi.", "--url", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    for url in ("http://127.0.0.1:port", "http://["):
        with pytest.raises(SystemExit, match="choose another --url"):
            run("streaming_client.py", "Hi.", "--url", url)


@pytest.mark.parametrize(
    ("name", "table", "message"),
    [
        ("a.csv", "text,voice\nHello.,ann\n,bob\n", "row 2"),
        ("a.csv", "words\nHello.\n", "no column `text`"),
        ("a.tsv", "text\nHello.\n", "no .csv or .json file"),
    ],
)
def test_a_table_that_cannot_be_spoken_is_refused_before_any_of_it_is(tmp_path, capsys, name, table, message):
    (tmp_path / name).write_text(table, "utf-8")
    with pytest.raises(SystemExit):
        run("speak_dataset.py", tmp_path / name, tmp_path / "clips")
    assert message in capsys.readouterr().err
    assert not (tmp_path / "clips").exists()


def test_a_table_is_not_replaced_by_that_of_its_clips(tmp_path, capsys):
    pytest.importorskip("datasets")
    (tmp_path / "metadata.csv").write_text("text\nHello.\n", "utf-8")
    with pytest.raises(SystemExit):
        run("speak_dataset.py", tmp_path / "metadata.csv", tmp_path)
    assert "would be replaced by the table of the clips" in capsys.readouterr().err
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["text\nHello.\n"]


def test_every_row_of_a_dataset_is_spoken(tiny_checkpoint, tmp_path):
    pytest.importorskip("datasets")
    (tmp_path / "texts.csv").write_text("text,voice\nGood morning.,ann\nGood night.,bob\nHi.,ann\n", "utf-8")
    texts, clips = tmp_path / "texts.csv", tmp_path / "clips"
    run("speak_dataset.py", texts, clips, "--batch_size", 2, "--model", tiny_checkpoint)
    with open(clips / "metadata.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == ["Good morning.", "Good night.", "Hi."]
    for row in rows:
        assert soundfile.info(clips / row["file_name"]).duration == pytest.approx(float(row["duration"]), abs=1e-3)


def test_a_checkpoint_that_cannot_be_exported_is_named(tmp_path, capsys):
    from gpt2tts import export_onnx

    with pytest.raises(SystemExit) as stop:
        export_onnx.main(["--model", str(tmp_path), "--output", str(tmp_path / "onnx")])
    assert stop.value.code == 2
    assert f"error: --model: the folder {str(tmp_path)!r} holds none (no config.json)" in capsys.readouterr().err
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(SystemExit):
        export_onnx.main(["--model", str(tmp_path), "--output", str(tmp_path / "onnx")])
    assert f"error: --model {str(tmp_path)!r} cannot be loaded" in capsys.readouterr().err


def test_what_only_pytorch_can_speak_is_no_export(tiny_checkpoint, tmp_path, capsys):
    from gpt2tts import export_onnx

    with pytest.raises(SystemExit) as stop:
        export_onnx.main(["--model", str(tiny_checkpoint), "--output", str(tmp_path / "onnx")])
    assert stop.value.code == 2
    assert "error: The vocoder 'griffin-lim' needs PyTorch" in capsys.readouterr().err


def test_onnx_speaks_where_there_is_no_torch(tiny_checkpoint, tmp_path):
    for package in ("onnxruntime", "onnx", "hibari"):
        pytest.importorskip(package)
    from gpt2tts import GPT2TTSForTextToSpeech, GPT2TTSProcessor
    from gpt2tts.onnx_synthesis import export_onnx

    model = GPT2TTSForTextToSpeech.from_pretrained(tiny_checkpoint)
    model.config.vocoder = "source-filter"
    export_onnx(model, GPT2TTSProcessor.from_pretrained(tiny_checkpoint), tmp_path / "onnx")
    script = str(EXAMPLES / "onnx_without_torch.py")
    code = (
        "import runpy, sys; sys.modules |= dict.fromkeys(['torch', 'transformers']); "
        f"runpy.run_path({script!r})['main'](sys.argv[1:])"
    )
    arguments = [str(tmp_path / "onnx"), "Good morning.", str(tmp_path / "speech.wav"), "--voice", "bob"]
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    waveform, rate = soundfile.read(tmp_path / "speech.wav")
    assert (len(waveform), rate) == (160 * 256, 22050)
    assert np.isfinite(waveform).all()
    assert np.abs(waveform).max() > 1e-3
