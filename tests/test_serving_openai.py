"""OpenAI's API, by OpenAI's client."""

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile
import torch

pytest.importorskip("gradio")
httpx = pytest.importorskip("httpx")
openai = pytest.importorskip("openai")

DURATION = 160 * 256 / 22050  # of each text of the tiny model, in seconds


@pytest.fixture(scope="module")
def url(start_shared_server, tmp_path_factory):
    return start_shared_server(voices_folder=tmp_path_factory.mktemp("voices"))


@pytest.fixture(scope="module")
def client(url):
    return openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)


@pytest.mark.parametrize("name", ["wav", "mp3", "flac", "opus", "pcm", "aac"])
def test_formats(client, name):
    response = client.audio.speech.create(model="gpt2tts", input="Good morning.", voice="ann", response_format=name)
    content = response.read()
    assert response.response.headers["content-type"].startswith("audio/")
    if name == "pcm":
        assert len(content) / 2 / 24000 == pytest.approx(DURATION, abs=0.01)
    elif name in ("wav", "mp3", "opus"):
        assert soundfile.info(io.BytesIO(content)).duration == pytest.approx(DURATION, abs=0.12)
    else:
        assert content.startswith({"flac": b"fLaC", "aac": b"\xff\xf1"}[name])


def test_voices_blends_and_seeds(client):
    def speak(voice, **extra):
        body = {"seed": 5, **extra}
        return client.audio.speech.create(
            model="tts-1", input="Good morning.", voice=voice, response_format="pcm", extra_body=body
        ).read()

    assert speak("ann") == speak({"id": "ann"}) == speak("ann(2)")
    spoken = {speak("ann"), speak("bob"), speak("ann(2)+bob(1)"), speak("ann", seed=6), speak("ann", seed=2**63 - 1)}
    assert len(spoken) == 5


def test_speech_is_sent_while_it_is_made(start_server, tiny_checkpoint):
    from gpt2tts.synthesis import Synthesizer

    synthesizer = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")
    more = []

    def stream_waveform(text, voice, **kwargs):
        yield np.zeros(22050, dtype=np.float32)
        while not more:
            time.sleep(0.01)
        yield np.zeros(22050, dtype=np.float32)

    synthesizer.stream_waveform = stream_waveform
    client = openai.OpenAI(base_url=f"{start_server(synthesizer)}/v1", api_key="none")
    request = client.audio.speech.with_streaming_response.create(
        model="gpt2tts", input="Good morning.", voice="ann", response_format="wav"
    )
    with request as response:
        content = b""
        pieces = response.iter_bytes()
        while len(content) < 44 + 2 * 22050:
            content += next(pieces)
        more.append(True)
        content += b"".join(pieces)
    assert len(content) == 44 + 4 * 22050


def test_events(client):
    request = client.audio.speech.with_streaming_response.create(
        model="gpt2tts", input="Good morning.", voice="ann", response_format="pcm", stream_format="sse"
    )
    with request as response:
        events = [json.loads(line[6:]) for line in response.iter_lines() if line.startswith("data: ")]
    assert {event["type"] for event in events[:-1]} == {"speech.audio.delta"}
    assert events[-1]["type"] == "speech.audio.done"


def test_models(client):
    assert {"gpt2tts", "tts-1", "tts-1-hd"} == {model.id for model in client.models.list()}
    assert client.models.retrieve("gpt2tts").id == "gpt2tts"


def test_null_is_as_if_left_out(client):
    plain, nulls = (
        client.audio.speech.create(
            model="gpt2tts", input="Good morning.", voice="ann", response_format="wav", extra_body={"seed": 3, **nulls}
        )
        for nulls in ({}, {"speed": None, "pitch_shift": None, "stream_format": None})
    )
    assert plain.content == nulls.content


@pytest.mark.parametrize(
    ("changes", "param", "message"),
    [
        ({"input": "..."}, "input", "nothing to speak"),
        ({"input": "a" * 5000}, "input", "at most 4096"),
        ({"input": "Wait. [pause 60s] " * 3}, "input", "longer than 120 s"),
        ({"voice": "carol"}, "voice", "choose one of ann, bob"),
        ({"voice": "ann(0)"}, "voice", "weights"),
        ({"voice": f"ann({'9' * 400})+bob(1)"}, "voice", "weights"),
        ({"voice": "+".join(["ann"] * 1000)}, "voice", "at most 1000"),
        ({"speed": 9.0}, "speed", "between 0.5 and 2"),
        ({"extra_body": {"pitch_shift": 2.0}}, "pitch_shift", "reads no pitch"),
        ({"response_format": "doc"}, "response_format", "mp3"),
        ({"extra_body": {"seed": -1}}, "seed", "greater"),
        ({"extra_body": {"seed": 2**63}}, "seed", "less than"),
        ({"extra_body": {"input": 3}}, "input", "string"),
    ],
)
def test_errors_name_the_field_and_the_remedy(client, changes, param, message):
    arguments = {"model": "gpt2tts", "input": "Good morning.", "voice": "ann", **changes}
    with pytest.raises(openai.BadRequestError, match=message) as error:
        client.audio.speech.create(**arguments)
    assert (error.value.param, error.value.type) == (param, "invalid_request_error")


def test_what_is_no_request_gets_an_error_of_the_same_form(url):
    speech = f"{url}/v1/audio/speech"
    for response, status in [
        (httpx.get(speech), 404),
        (httpx.get(f"{url}/v1/other"), 404),
        (httpx.post(speech, content=b"{", headers={"Content-Type": "application/json"}), 400),
        (httpx.post(speech, content=b'{"input": "caf\xe9"}', headers={"Content-Type": "application/json"}), 400),
        (httpx.post(speech, json=[]), 400),
        (httpx.post(speech, json={"model": "gpt2tts"}), 400),
        (httpx.post(f"{url}/v1/audio/voices", content=b"x"), 400),
    ]:
        assert response.status_code == status
        assert set(response.json()["error"]) == {"message", "type", "param", "code"}


def test_json_that_is_not_said_to_be_some_is_pointed_out(url):
    for headers in ({}, {"Content-Type": "application/x-www-form-urlencoded"}):  # the latter as curl sends it
        body = b'{"model": "gpt2tts", "input": "Hi."}'
        response = httpx.post(f"{url}/v1/audio/speech", content=body, headers=headers)
        assert response.status_code == 400
        assert "send it with `Content-Type: application/json`" in response.json()["error"]["message"]


def test_a_fault_of_the_model_is_told_without_its_inside(start_server, tiny_checkpoint):
    from gpt2tts.synthesis import Synthesizer

    synthesizer = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")

    def stream_waveform(*args, **kwargs):
        raise RuntimeError("inside")

    synthesizer.stream_waveform = stream_waveform
    address = start_server(synthesizer)
    body = {"model": "gpt2tts", "input": "Good morning."}
    for _ in range(2):
        response = httpx.post(f"{address}/v1/audio/speech", json=body)
        assert response.status_code == 500
        assert response.json()["error"]["type"] == "server_error"
        assert "inside" not in response.text
    assert httpx.get(f"{address}/health").json()["requests"] == 0


def test_unknown_model(client):
    with pytest.raises(openai.NotFoundError, match="gpt2tts"):
        client.audio.speech.create(model="gpt-9", input="Good morning.", voice="ann")
    with pytest.raises(openai.NotFoundError, match="gpt2tts"):
        client.models.retrieve("gpt-9")


def test_an_uploaded_voice_speaks_and_stays(client, url, start_server, make_speech, tmp_path, tiny_checkpoint):
    folder = tmp_path / "voices"
    address = start_server(voices_folder=folder)
    content = wav(make_speech(seconds=2.0))

    def upload(name, recording=content):
        return httpx.post(f"{address}/v1/audio/voices", data={"name": name}, files={"audio_sample": recording})

    assert upload("mine").json()["id"] == "mine"
    assert [path.name for path in folder.iterdir()] == ["mine.safetensors"]
    listed = httpx.get(f"{address}/v1/audio/voices").json()
    assert [voice["id"] for voice in listed["voices"]] == ["ann", "bob", "mine"]
    for base in (address, start_server(voices_folder=folder)):
        body = {"model": "gpt2tts", "input": "Good morning.", "voice": "mine(1)+ann(1)"}
        assert httpx.post(f"{base}/v1/audio/speech", json=body).status_code == 200

    assert upload("mine").status_code == 409
    assert upload("ann").status_code == 409
    for name in ("../evil", "a/b", "", "x" * 65, "a.b", "/tmp/evil"):
        assert upload(name).status_code == 400, name
    for recording in (b"", b"no audio", content[:30]):
        assert "decoded" in upload("other", recording).json()["error"]["message"]
    assert [path.name for path in folder.iterdir()] == ["mine.safetensors"]


def test_an_upload_is_bounded_before_it_is_decoded(url):
    hours = io.BytesIO()
    soundfile.write(hours, np.zeros(3 * 3600 * 8000), 8000, format="FLAC")
    assert len(hours.getvalue()) < 1e6  # silence takes nothing
    for recording, message in ((hours.getvalue(), "longer than 120 s"), (bytes(12 * 2**20), "larger than 11 MiB")):
        response = httpx.post(f"{url}/v1/audio/voices", data={"name": "x"}, files={"audio_sample": recording})
        assert message in response.json()["error"]["message"]
        assert response.status_code in (400, 413)

    def endless():
        for _ in range(20):
            yield bytes(2**20)

    # or it has stopped listening
    with contextlib.suppress(httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        assert httpx.post(f"{url}/v1/audio/speech", content=endless()).status_code == 413


def flac(waveform, frames: int) -> bytearray:
    """A file in FLAC whose header says another length; 0 is that of a stream."""
    file = io.BytesIO()
    soundfile.write(file, waveform, 8000, format="FLAC")
    content = bytearray(file.getvalue())
    fields = int.from_bytes(content[18:26], "big")  # of which the last 36 bits are the length
    content[18:26] = (fields >> 36 << 36 | frames).to_bytes(8, "big")
    return content


def test_many_small_recordings_take_no_more_memory_than_ten_minutes():
    from gpt2tts.serving.catalog import VoiceCatalog

    heard = []
    catalog = VoiceCatalog(SimpleNamespace(voices=[], load_voice=heard.append))
    minute = io.BytesIO()
    soundfile.write(minute, np.zeros(8000 * 60), 8000, format="FLAC")
    list(catalog.listen([minute.getvalue()] * 10))
    assert len(heard[0]) == 10
    with pytest.raises(ValueError, match="longer than 600 s together"):
        list(catalog.listen([minute.getvalue()] * 200))
    assert len(heard) == 1


def test_a_header_that_lies_opens_no_way_around_the_bound(make_speech):
    from gpt2tts.serving.catalog import decode_clip

    pytest.importorskip("av", reason="needs pip install av")
    # FFmpeg would go on after the damage, and to the end
    hours = flac(np.zeros(8000 * 3600), 5000)
    hours[hours.index(b"\xff\xf8") + 4] ^= 0xFF
    with pytest.raises(ValueError, match="decoded"):
        decode_clip(bytes(hours))
    # a stream says no length
    speech = make_speech(seconds=2.0, sampling_rate=8000).numpy()
    waveform, rate = decode_clip(bytes(flac(speech, 0)))
    assert (len(waveform), rate) == (len(speech), 8000)
    with pytest.raises(ValueError, match="longer than 120 s"):
        decode_clip(bytes(flac(np.zeros(8000 * 121), 0)))
    # silence in eight channels, which takes as much memory as four minutes in two
    wide = io.BytesIO()
    soundfile.write(wide, np.zeros((100 * 16000, 8), np.int16), 16000, format="FLAC")
    with pytest.raises(ValueError, match="The recording is longer"):
        decode_clip(wide.getvalue())
    # from which resampling would take gigabytes
    odd = io.BytesIO()
    soundfile.write(odd, speech, 44_099, format="WAV")
    with pytest.raises(ValueError, match="44099 samples a second"):
        decode_clip(odd.getvalue())
    fast = io.BytesIO()
    soundfile.write(fast, speech, 384_000, format="WAV")
    with pytest.raises(ValueError, match="384000 samples a second"):
        decode_clip(fast.getvalue())


def test_a_voice_of_another_model_leaves_no_file(tiny_checkpoint, tmp_path):
    from gpt2tts.serving.catalog import VoiceCatalog
    from gpt2tts.synthesis import Synthesizer

    catalog = VoiceCatalog(Synthesizer.from_pretrained(tiny_checkpoint, device="cpu"), tmp_path)
    with pytest.raises(ValueError, match="latents of shape"):
        catalog.add("mine", torch.zeros(3, 5))
    assert list(tmp_path.iterdir()) == []
    assert catalog.names == ["ann", "bob"]


def test_files_that_are_no_voices_are_left_out_and_left_alone(tiny_checkpoint, tmp_path, caplog, monkeypatch):
    from gpt2tts.matched_voices_gpt2tts import write_voice
    from gpt2tts.serving import catalog as catalog_module
    from gpt2tts.synthesis import Synthesizer

    synthesizer = Synthesizer.from_pretrained(tiny_checkpoint, device="cpu")
    ann = synthesizer.load_voice("ann")
    for name in ("ann", "a+b", "mine"):
        write_voice(tmp_path / f"{name}.safetensors", ann + 1)
    os.utime(tmp_path / "mine.safetensors", (5, 5))
    (tmp_path / "broken.safetensors").write_bytes(b"no voice")
    catalog = catalog_module.VoiceCatalog(synthesizer, tmp_path)
    assert catalog.names == ["ann", "bob", "mine"]
    assert catalog.uploaded == {"mine": 5}
    assert torch.equal(synthesizer.load_voice("ann"), ann)
    assert caplog.text.count("is left out") == 3
    with pytest.raises(FileExistsError, match="choose another name"):
        catalog.add("broken", ann)
    assert (tmp_path / "broken.safetensors").read_bytes() == b"no voice"
    catalog.add("new", ann)
    assert time.time() - 60 < catalog.uploaded["new"] <= time.time()
    monkeypatch.setattr(catalog_module, "MAX_UPLOADED_VOICES", 2)
    with pytest.raises(PermissionError, match="keeps 2 voices"):
        catalog.add("another", ann)
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["a+b", "ann", "broken", "mine", "new"]


def test_clips_of_an_upload_are_decoded_in_its_turn(start_server, tiny_checkpoint, tmp_path, make_speech, monkeypatch):
    from gpt2tts.serving import catalog

    threads = []

    def decode(content):
        threads.append(threading.current_thread().name)
        return decode_clip(content)

    decode_clip = catalog.decode_clip
    monkeypatch.setattr(catalog, "decode_clip", decode)
    address = start_server(voices_folder=tmp_path)
    names = ("audio_sample", "audio_sample[]", "file")  # clients write lists in either way
    clips = [(name, wav(make_speech(seconds=2.0, seed=seed))) for seed, name in enumerate(names)]
    answer = httpx.post(f"{address}/v1/audio/voices", data={"name": "mine"}, files=clips)
    assert answer.json()["id"] == "mine"
    assert threads == ["speech"] * 3


def test_two_at_once_get_what_each_alone_would(client):
    def speak(number):
        return client.audio.speech.create(
            model="gpt2tts",
            input="Good morning. How are you? It is half past seven.",
            voice=("ann", "bob")[number % 2],
            response_format="pcm",
            extra_body={"seed": number},
        ).read()

    alone = [speak(number) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(speak, range(4))) == alone


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_lines_of_the_documentation_run(url, tmp_path, monkeypatch, make_speech):
    text = (Path(__file__).parents[1] / "docs" / "serving.md").read_text("utf-8")
    for name, ours in {"http://127.0.0.1:7860": url, "emma": "ann", "heart": "ann", "michael": "bob"}.items():
        text = text.replace(name, ours)
    (tmp_path / "my_recording.wav").write_bytes(wav(make_speech(seconds=2.0)))
    monkeypatch.chdir(tmp_path)
    exec(re.search(r"```py\n(.*?)```", text, re.DOTALL)[1], {})
    assert (tmp_path / "morning.mp3").stat().st_size > 10_000
    (tmp_path / "morning.mp3").unlink()
    api, page = (
        block for block in re.findall(r"```bash\n(.*?)```", text, re.DOTALL) if url in block and "KEY" not in block
    )
    subprocess.run(["bash", "-ec", api.replace("| aplay", "> second.wav")], check=True)
    assert soundfile.info("morning.mp3").duration == pytest.approx(DURATION, abs=0.2)
    assert (tmp_path / "second.wav").read_bytes().startswith(b"RIFF")
    assert "me" in httpx.get(f"{url}/v1/audio/voices").text
    answer = subprocess.run(["bash", "-ec", page], check=True, capture_output=True, text=True).stdout
    assert f'"url": "{url}/speech/' in answer


def test_uploads_are_off_by_default(start_server, make_speech):
    files = {"audio_sample": wav(make_speech(seconds=2.0))}
    response = httpx.post(f"{start_server()}/v1/audio/voices", data={"name": "mine"}, files=files)
    assert response.status_code == 403
    assert "--voices-folder" in response.json()["error"]["message"]


def wav(waveform) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, waveform.numpy(), 22050, format="WAV")
    return file.getvalue()
