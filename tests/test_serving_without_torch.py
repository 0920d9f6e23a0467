"""The server where there is no PyTorch."""

import io
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from gpt2tts import Synthesizer, onnx_synthesis
from gpt2tts.checkpoint_gpt2tts import read_voice

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
pytest.importorskip("gradio")
httpx = pytest.importorskip("httpx")

WITHOUT_TORCH = (
    "import sys; sys.modules |= dict.fromkeys(['torch', 'torchaudio', 'transformers']); "
    "from gpt2tts.cli.main import main; main(sys.argv[1:])"
)


def speak(url: str, voice: str) -> bytes:
    body = {"model": "gpt2tts", "input": "Good morning.", "voice": voice, "response_format": "pcm", "seed": 1}
    response = httpx.post(f"{url}/v1/audio/speech", json=body, timeout=60)
    assert response.status_code == 200, response.text
    return response.content


@pytest.fixture
def start_process():
    """`start(*arguments)`: a server of `gpt2tts serve` where no PyTorch can be imported; returns its URL."""
    processes = []

    def start(*arguments: object) -> str:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = [sys.executable, "-c", WITHOUT_TORCH, "serve", "--port", str(port), *map(str, arguments)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        processes.append(process)
        url = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                httpx.get(f"{url}/health")
                return url
            except httpx.HTTPError:
                assert process.poll() is None, process.stderr.read()
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    yield start
    for process in processes:
        process.terminate()
        process.wait(10)
        process.stderr.close()


def test_it_serves_where_there_is_no_pytorch(start_process, tmp_path, make_speech):
    """Named voices and those of its folder, and of recordings, with the samples that PyTorch would make."""
    voices = Path(onnx_synthesis.__file__).parent / "pretrained" / "voices"
    shutil.copy(voices / "michael.safetensors", tmp_path / "mine.safetensors")
    url = start_process("--voices-folder", tmp_path)
    listed = [voice["id"] for voice in httpx.get(f"{url}/v1/audio/voices").json()["voices"]]
    assert listed[-1] == "mine"
    spoken = speak(url, "mine(2)+heart(1)")
    assert spoken == speak(url, "michael(2)+heart(1)") != speak(url, "michael")

    clip = io.BytesIO()
    soundfile.write(clip, make_speech(2.0).numpy(), 22050, format="WAV")
    form = {"data": {"name": "me"}, "files": {"audio_sample": clip.getvalue()}}
    assert httpx.post(f"{url}/v1/audio/voices", **form, timeout=60).status_code == 200
    expected = Synthesizer.from_pretrained(device="cpu").load_voice(clip.getvalue())
    np.testing.assert_allclose(read_voice(tmp_path / "me.safetensors"), expected, rtol=1e-4, atol=1e-4)
    assert speak(url, "me") != spoken
