"""The page: its endpoints, and a click on its button in headless Chromium."""

import os
import shutil

import pytest
import soundfile

gradio = pytest.importorskip("gradio")
gradio_client = pytest.importorskip("gradio_client")


@pytest.fixture(scope="module")
def url(tiny_checkpoint):
    from gpt2tts.cli.app import build_app
    from gpt2tts.synthesis import Synthesizer

    app = build_app(Synthesizer.from_pretrained(tiny_checkpoint, device="cpu"))
    _, url, _ = app.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1")
    yield url
    app.close()


@pytest.fixture(scope="module")
def client(url):
    return gradio_client.Client(url, verbose=False)


def test_speak_endpoint_returns_an_audio_file(client):
    first, again, other = (
        client.predict("Good morning.", voice, None, 1.0, 5, api_name="/speak") for voice in ("ann", "ann", "bob")
    )
    waveform, rate = soundfile.read(first)
    assert (len(waveform), rate) == (160 * 256, 22050)
    assert (waveform == soundfile.read(again)[0]).all()
    assert (waveform != soundfile.read(other)[0]).any()


def test_button_gives_speech_pictures_and_state(client, tmp_path, make_speech):
    clip = tmp_path / "speaker.wav"
    soundfile.write(clip, make_speech(seconds=2.0).numpy(), 22050)
    _, speech, mel, reading, state = client.predict(
        "Good morning. How are you?", "ann", gradio_client.handle_file(clip), 1.0, 5, 0.0, api_name="/stream"
    )
    assert soundfile.info(speech).frames == 160 * 256
    assert mel["plot"].startswith("data:image/")
    assert reading["plot"].startswith("data:image/")
    assert state.startswith("1.9 s of speech.")


def test_reason_and_remedy_reach_the_page(client):
    with pytest.raises(gradio_client.exceptions.AppError, match="nothing to speak"):
        client.predict("...", "ann", None, 1.0, None, api_name="/speak")


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("needs Chromium (apt-get install chromium)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def test_a_click_gives_speech_that_the_browser_can_play(url, browser, tmp_path):
    page = browser.new_page(viewport={"width": 1200, "height": 1100})
    page.goto(url)
    page.locator("#text textarea").fill("Good morning.")
    page.locator("#speak").click()
    page.wait_for_function("document.querySelector('#status textarea').value.includes('s of speech')", timeout=60_000)
    link = page.locator("#speech a[download]")
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
    # two pictures: spectrogram and reading position
    page.wait_for_function(
        "document.querySelectorAll('img[src^=\"data:image\"], .plot img').length >= 2", timeout=60_000
    )
    if folder := os.environ.get("GPT2TTS_SCREENSHOTS"):
        page.screenshot(path=os.path.join(folder, "page.png"), full_page=True)
