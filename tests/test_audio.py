import shutil
import subprocess
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
import torchaudio

from gpt2tts.audio import StreamEncoder, StreamResampler, read_audio, resample_waveforms

FIXTURE = Path(__file__).parent / "fixtures" / "speech"


class TestReadAudio:
    @pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3"])
    def test_formats_and_stereo(self, tmp_path, make_speech, suffix):
        mono = make_speech(1.0, 44100).numpy()
        path = tmp_path / f"clip.{suffix}"
        soundfile.write(path, np.stack([mono, 0.5 * mono], axis=1), 44100)
        waveform, rate = read_audio(path)
        assert (waveform.dtype, waveform.ndim, rate) == (np.float32, 1, 44100)
        spectra = [np.abs(np.fft.rfft(signal, n=44100))[50:4000] for signal in (waveform, 0.75 * mono)]
        assert np.corrcoef(*spectra)[0, 1] > 0.95

    def test_resamples_a_tone_without_moving_it(self, tmp_path):
        tone = np.sin(2 * np.pi * 1000 * np.arange(48000) / 48000).astype(np.float32)
        soundfile.write(tmp_path / "tone.wav", 0.5 * tone, 48000)
        waveform, rate = read_audio(tmp_path / "tone.wav", 22050)
        assert (len(waveform), rate) == (22050, 22050)
        assert np.argmax(np.abs(np.fft.rfft(waveform))) == 1000

    def test_bytes_equal_the_file(self):
        path = next(FIXTURE.rglob("*.opus"))
        np.testing.assert_array_equal(read_audio(path.read_bytes())[0], read_audio({"path": str(path)})[0])

    def test_errors_name_the_cause(self, tmp_path):
        with pytest.raises(FileNotFoundError, match=r"nowhere\.wav"):
            read_audio(tmp_path / "nowhere.wav")
        (tmp_path / "text.wav").write_text("this is no audio")
        with pytest.raises(ValueError, match="cannot be decoded"):
            read_audio(tmp_path / "text.wav")


@pytest.mark.parametrize("dtype", ["int16", "float32"])
def test_samples_of_another_scale_are_refused(make_speech, dtype):
    waveform = (make_speech().numpy() * 32767).astype(dtype)
    with pytest.raises(ValueError, match="audio / 32768"):
        resample_waveforms([waveform], 22050, 16000)


@pytest.mark.parametrize("name", ["wav", "pcm", "mp3", "flac", "opus", "aac"])
def test_a_stream_is_encoded_as_it_is_made(name, make_speech):
    if name in ("aac", "flac") and shutil.which("ffmpeg") is None:
        pytest.skip("needs ffmpeg")
    speech = make_speech(seconds=4.0).numpy()
    encoder = StreamEncoder(name, 22050)
    pieces = [encoder.encode(speech[start : start + 7001]) for start in range(0, len(speech), 7001)]
    end = encoder.finish()
    content = b"".join(pieces) + end
    if name != "aac":  # a process, which gives it when it comes to it
        assert len(end) < len(content) / 2
    if name == "pcm":
        decoded, rate = np.frombuffer(content, dtype="<i2") / 32768, 24_000
    elif name in ("aac", "flac"):  # libsndfile wants the length of a flac in its header
        command = ["ffmpeg", "-loglevel", "error", "-i", "pipe:0", "-f", "s16le", "pipe:1"]
        decoded = np.frombuffer(subprocess.run(command, input=content, capture_output=True).stdout, "<i2") / 32768
        rate = 22050
    else:
        decoded, rate = read_audio(content)
    assert len(decoded) / rate == pytest.approx(4.0, abs=0.12)
    expected = torchaudio.functional.resample(torch.from_numpy(speech), 22050, rate).numpy()
    # codecs add a little silence in front
    energy, wanted = (np.square(wave[rate // 10 :]).mean() for wave in (decoded, expected))
    assert energy == pytest.approx(wanted, rel=0.1)


def test_resampling_by_chunks_is_resampling():
    waveform = np.random.default_rng(0).normal(size=22050).astype(np.float32)
    resampler = StreamResampler(22050, 24000)
    pieces = [resampler(waveform[start : start + 997]) for start in range(0, len(waveform), 997)]
    pieces.append(resampler(waveform[:0], last=True))
    expected = torchaudio.functional.resample(torch.from_numpy(waveform), 22050, 24000).numpy()
    np.testing.assert_allclose(np.concatenate(pieces)[: len(expected)], expected, atol=1e-5)


def test_a_stream_is_given_up_while_another_thread_encodes(make_speech):
    speech = make_speech(seconds=20.0).numpy()
    for name in ("mp3", "opus"):
        encoder = StreamEncoder(name, 22050)
        thread = threading.Thread(target=encoder.encode, args=(speech,))
        thread.start()
        encoder.close()
        thread.join()
        encoder.finish()
        assert encoder.encode(speech) == b""


def test_without_ffmpeg_aac_is_refused_with_a_remedy(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(ValueError, match="choose mp3"):
        StreamEncoder("aac", 22050)
