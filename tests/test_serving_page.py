"""The page: its endpoint, and a click on its button in headless Chromium."""

import asyncio
import errno
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import soundfile

gradio = pytest.importorskip("gradio")
gradio_client = pytest.importorskip("gradio_client")
httpx = pytest.importorskip("httpx")
catalog = pytest.importorskip("gpt2tts.serving.catalog")


@pytest.fixture(scope="module")
def url(start_shared_server):
    return start_shared_server()


@pytest.fixture(scope="module")
def client(url):
    return gradio_client.Client(url, verbose=False)


def test_speak_endpoint_returns_an_audio_file(client):
    first, again, other, blend = (
        soundfile.read(client.predict("Good morning.", voice, None, 1.0, 5, 0.0, api_name="/speak"))
        for voice in ("ann", "ann", "bob", "ann(2)+bob(1)")
    )
    assert (len(first[0]), first[1]) == (160 * 256, 22050)
    assert (first[0] == again[0]).all()
    assert (first[0] != other[0]).any()
    assert (blend[0] != other[0]).any()


def test_a_program_on_another_machine_can_fetch_the_speech(url, client, monkeypatch):
    payload = {"data": ["Good morning.", "ann", None, 1.0, 5, 0.0]}
    # the name by which it knows this one
    named = url.replace("127.0.0.1", "localhost")
    event = httpx.post(f"{named}/gradio_api/call/speak", json=payload).json()["event_id"]
    answer = httpx.get(f"{named}/gradio_api/call/speak/{event}", timeout=60).text
    address = answer.partition('"url": "')[2].partition('"')[0]
    assert address.startswith(f"{named}/speech/")
    # by a proxy that speaks HTTPS
    secure = httpx.post(f"{named}/gradio_api/call/speak", json=payload, headers={"X-Forwarded-Proto": "https"})
    event = secure.json()["event_id"]
    answer = httpx.get(f"{named}/gradio_api/call/speak/{event}", timeout=60).text
    assert f'"url": "{named.replace("http:", "https:")}/speech/' in answer
    response = httpx.get(address)
    assert (response.status_code, response.headers["content-type"]) == (200, "audio/wav")
    assert httpx.get(address.replace(".wav", ".mp3")).headers["content-type"] == "audio/mpeg"
    assert httpx.get(f"{named}/speech/other.wav").status_code == 404
    monkeypatch.setitem(sys.modules, "av", None)
    without_av = httpx.get(address.replace(".wav", ".aac"))
    assert (without_av.status_code, "pip install av" in without_av.text) == (400, True)


def test_an_uploaded_recording_is_the_voice(client, tmp_path, make_speech):
    clip = tmp_path / "speaker.wav"
    soundfile.write(clip, make_speech(seconds=2.0).numpy(), 22050)
    spoken, named = (
        soundfile.read(client.predict("Good morning.", "ann", recording, 1.0, 5, 0.0, api_name="/speak"))[0]
        for recording in (gradio_client.handle_file(clip), None)
    )
    assert (spoken != named).any()


def test_the_voice_of_a_recording_is_kept_under_a_name(start_server, tmp_path, make_speech):
    client = gradio_client.Client(start_server(voices_folder=tmp_path / "voices"), verbose=False)
    soundfile.write(tmp_path / "speaker.wav", make_speech(seconds=2.0).numpy(), 22050)
    recording = gradio_client.handle_file(tmp_path / "speaker.wav")
    choice, emptied, _, status = client.predict("carol", recording, api_name="/keep")
    assert (choice["value"], emptied, status) == ("carol", None, "Kept as carol.")
    assert (tmp_path / "voices" / "carol.safetensors").exists()
    kept, direct = (
        soundfile.read(client.predict("Good morning.", *voice, 1.0, 5, 0.0, api_name="/speak"))[0]
        for voice in (("carol", None), (None, recording))
    )
    assert abs(kept - direct).max() < 1e-3
    for name, clip, message in (
        ("carol", recording, "choose another name"),
        ("a b", recording, "`name` takes"),
        ("dave", None, "upload or record one"),
    ):
        with pytest.raises(gradio_client.exceptions.AppError, match=message):
            client.predict(name, clip, api_name="/keep")


def test_a_folder_that_cannot_be_written_is_not_named_to_clients(start_server, tmp_path, make_speech, monkeypatch):
    folder = tmp_path / "voices"
    url = start_server(voices_folder=folder)
    soundfile.write(tmp_path / "speaker.wav", make_speech(seconds=2.0).numpy(), 22050)

    def mkstemp(*, dir, suffix):
        raise PermissionError(errno.EACCES, "Permission denied", f"{dir}/x{suffix}")

    client = gradio_client.Client(url, verbose=False)
    monkeypatch.setattr(catalog, "tempfile", SimpleNamespace(mkstemp=mkstemp))
    files = {"audio_sample": (tmp_path / "speaker.wav").read_bytes()}
    response = httpx.post(f"{url}/v1/audio/voices", data={"name": "carol"}, files=files)
    assert response.status_code == 500
    assert str(folder) not in response.text
    with pytest.raises(gradio_client.exceptions.AppError, match="Permission denied") as raised:
        client.predict("carol", gradio_client.handle_file(tmp_path / "speaker.wav"), api_name="/keep")
    assert str(folder) not in str(raised.value)


@pytest.mark.parametrize(("text", "voice"), [(None, "ann"), ("Hello.", 5), ("Hello.", ["ann"])])
def test_what_is_no_text_or_voice_is_refused_by_name(url, text, voice):
    payload = {"data": [text, voice, None, 1.0, 5, 0.0]}
    event = httpx.post(f"{url}/gradio_api/call/speak", json=payload).json()["event_id"]
    answer = httpx.get(f"{url}/gradio_api/call/speak/{event}", timeout=60).text
    assert "`text` has to be a string, and `voice` a string or null." in answer


def test_a_server_without_a_folder_keeps_no_voice(client):
    for name in ("carol", None):
        with pytest.raises(gradio_client.exceptions.AppError, match="--voices-folder"):
            client.predict(name, None, api_name="/keep")


def test_speech_leaves_no_file(url, client, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    payload = {"data": ["Good morning.", "ann", None, 1.0, 5, 0.0]}
    for _ in range(3):
        event = httpx.post(f"{url}/gradio_api/call/speak", json=payload).json()["event_id"]
        assert "event: complete" in httpx.get(f"{url}/gradio_api/call/speak/{event}", timeout=60).text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "voice", "message"),
    [
        ("...", "ann", "nothing to speak"),
        ("Wait. [pause 60s] " * 3, "ann", "longer than 120 s"),
        ("a" * 5000, "ann", "at most 4096"),
        ("Hello.", "carol", "one of ann, bob"),
    ],
)
def test_reason_and_remedy_reach_the_page(client, text, voice, message):
    with pytest.raises(gradio_client.exceptions.AppError, match=message):
        client.predict(text, voice, None, 1.0, None, 0.0, api_name="/speak")


def test_a_refused_request_leaves_no_recording(url, monkeypatch):
    from gpt2tts.serving.recordings import RecordingShelf

    shelves, finish = [], RecordingShelf.finish
    monkeypatch.setattr(RecordingShelf, "finish", lambda *args: shelves.append(args[0]) or finish(*args))
    for text, voice in (("...", "ann"), ("Hello.", "carol")):
        payload = {"data": [text, voice, None, 1.0, 5, 0.0]}
        event = httpx.post(f"{url}/gradio_api/call/speak", json=payload).json()["event_id"]
        assert "event: error" in httpx.get(f"{url}/gradio_api/call/speak/{event}", timeout=60).text
    assert len(shelves) == 2
    assert all(recording.num_bytes for recording in shelves[0]._recordings.values())


def test_the_shelf_is_bounded(monkeypatch):
    import numpy as np

    from gpt2tts.serving import recordings

    monkeypatch.setattr(recordings, "KEPT_RECORDINGS", 3)
    shelf = recordings.RecordingShelf()
    for samples in (0, 1, 0, 1, 1, 1, 1):
        recording = shelf.new(22050)
        recording.add(np.zeros(samples, np.float32))
        shelf.finish(recording)
    assert [recording.num_bytes for recording in shelf._recordings.values()] == [2, 2, 2]
    monkeypatch.setattr(recordings, "KEPT_BYTES", 2000)
    for samples in (500, 400):
        recording = shelf.new(22050)
        recording.add(np.zeros(samples, np.float32))
        shelf.finish(recording)
    assert [recording.num_bytes for recording in shelf._recordings.values()] == [2, 1000, 800]


def test_speech_is_fetched_as_it_was_made_also_while_it_grows():
    import asyncio
    import io

    import numpy as np

    from gpt2tts.serving.recordings import Recording

    pieces = [0.5 * np.sin(np.arange(22050) / (20 + number)).astype(np.float32) for number in range(3)]

    async def fetch() -> bytes:
        recording = Recording(22050)
        recording.add(pieces[0])
        fetched = []

        async def read():
            async for part in recording.response("mp3").body_iterator:
                fetched.append(part)

        reading = asyncio.create_task(read())
        for piece in pieces[1:]:
            await asyncio.sleep(0.05)
            recording.add(piece)
        recording.complete()
        await reading
        whole = soundfile.read(io.BytesIO(recording.response("wav").body))[0]
        np.testing.assert_allclose(whole, np.concatenate(pieces), atol=1e-4)
        return b"".join(fetched)

    grown = soundfile.read(io.BytesIO(asyncio.run(fetch())))[0]
    assert len(grown) == pytest.approx(3 * 22050, abs=3000)
    for place in range(3):
        assert np.abs(grown[place * 22050 + 4000 : (place + 1) * 22050 - 4000]).max() == pytest.approx(0.5, abs=0.05)


def test_words_stand_where_they_are_said():
    from types import SimpleNamespace

    import numpy as np

    from gpt2tts.serving.page import words_html
    from gpt2tts.timestamps import Word

    def chunk(text, *words):
        return SimpleNamespace(text=text, words=words, waveform=np.zeros(2 * 22050), sampling_rate=22050)

    spoken = [
        chunk("<Good> day.", Word("Good", 0.1, 0.5), Word("day", 0.5, 1.0)),
        chunk("Yes.", Word("Yes", 0.2, 0.6)),
    ]
    assert words_html(spoken).split(" <span")[1:] == [
        ' data-start="0.500" data-end="1.000">day</span>.',
        ' data-start="2.200" data-end="2.600">Yes</span>. ',
    ]
    assert words_html(spoken).startswith('&lt;<span data-start="0.100" data-end="0.500">Good</span>&gt;')


def test_an_idle_server_rests(start_server, monkeypatch):
    """It wakes up some fifty times a second, and not a thousand."""
    pauses = []
    sleep = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda seconds, *args: pauses.append(seconds) or sleep(seconds, *args))
    start_server()
    before = len(pauses)
    time.sleep(1.0)
    # of this server, and of the one that all tests share
    assert 0 < len(pauses) - before < 200


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("needs Chromium (apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        yield browser
        browser.close()


def test_a_click_gives_speech_that_plays_with_its_words(url, browser, tmp_path):
    page = browser.new_page(viewport={"width": 1200, "height": 1100})
    page.goto(url)
    page.locator("#text textarea").fill("Good morning. How are you?")
    page.locator("#speak").click()
    page.wait_for_function("document.querySelector('#status textarea').value.includes('s of speech')", timeout=60_000)
    link = page.locator("#speech a[download='speech.wav']")
    link.wait_for(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "speech.wav")
    assert soundfile.info(tmp_path / "speech.wav").duration > 0.5
    duration = page.evaluate(
        """async (url) => {
            const audio = new Audio(url);
            await new Promise((resolve, reject) => { audio.onloadedmetadata = resolve; audio.onerror = reject; });
            return audio.duration;
        }""",
        link.get_attribute("href"),
    )
    assert duration == pytest.approx(soundfile.info(tmp_path / "speech.wav").duration, abs=0.05)
    # the word that is said is marked
    words = page.locator("#words span").all_inner_texts()
    assert words == ["Good", "morning", "How", "are", "you"]
    marked = page.evaluate(
        """async () => {
            const audio = document.querySelector("#player audio");
            const word = document.querySelector("#words span");
            // a random model's words have no duration
            Object.assign(word.dataset, {start: 0.2, end: 1});
            audio.currentTime = 0;
            await audio.play();
            for (let i = 0; i < 300; i++) {
                if (word.classList.contains("spoken")) return [word.innerText, !audio.paused];
                if (audio.ended) { audio.currentTime = 0; await audio.play(); }
                await new Promise((resolve) => setTimeout(resolve, 20));
            }
        }"""
    )
    assert marked == ["Good", True]
    # two pictures: spectrogram and reading position
    page.wait_for_function(
        "document.querySelectorAll('img[src^=\"data:image\"], .plot img').length >= 2", timeout=60_000
    )
    if folder := os.environ.get("GPT2TTS_SCREENSHOTS"):
        page.screenshot(path=os.path.join(folder, "page.png"), full_page=True)


def test_gradio_writes_nothing_beside_the_source(url):
    from gpt2tts.serving import page

    assert not Path(page.__file__).with_suffix(".pyi").exists()
