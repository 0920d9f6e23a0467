"""The page's endpoints, called as a browser calls them."""

import pytest
import soundfile

gradio = pytest.importorskip("gradio")
gradio_client = pytest.importorskip("gradio_client")


@pytest.fixture(scope="module")
def client(tiny_checkpoint):
    from gpt2tts.cli.app import build_app
    from gpt2tts.synthesis import Synthesizer

    app = build_app(Synthesizer.from_pretrained(tiny_checkpoint, device="cpu"))
    _, url, _ = app.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1")
    yield gradio_client.Client(url, verbose=False)
    app.close()


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
    _, speech, mel, alignment, state = client.predict(
        "Good morning. How are you?", "ann", gradio_client.handle_file(clip), 2.0, 5, api_name="/stream"
    )
    assert soundfile.info(speech).frames == 80 * 256
    assert mel["plot"].startswith("data:image/")
    assert alignment["plot"].startswith("data:image/")
    assert state.startswith("0.9 s of speech.")


def test_reason_and_remedy_reach_the_page(client):
    with pytest.raises(gradio_client.exceptions.AppError, match="nothing to speak"):
        client.predict("...", "ann", None, 1.0, None, api_name="/speak")
