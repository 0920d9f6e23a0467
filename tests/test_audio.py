from pathlib import Path

import numpy as np
import pytest
import soundfile

from gpt2tts.audio import read_audio, resample_waveforms

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
