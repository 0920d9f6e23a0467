import itertools
import logging
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
import torchaudio

from gpt2tts.audio import (
    AUDIO_FORMATS,
    FILE_ENDINGS,
    AudioWriter,
    StreamEncoder,
    StreamResampler,
    read_audio,
    resample_waveforms,
)

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
        with pytest.raises(ValueError, match=r"cannot be decoded by libsndfile .*convert it to wav or flac"):
            read_audio(tmp_path / "text.wav")
        (tmp_path / "empty.wav").touch()
        with pytest.raises(ValueError, match=r"empty\.wav is an empty file"):
            read_audio(tmp_path / "empty.wav")

    def test_the_content_says_the_format_not_the_name(self, tmp_path, make_speech):
        for name in (ending[1:] for ending in FILE_ENDINGS):
            with AudioWriter(tmp_path / f"clip.{name}", 22050) as writer:
                writer.write(make_speech().numpy())
            expected = read_audio(tmp_path / f"clip.{name}")[0]
            (tmp_path / f"clip.{name}").rename(tmp_path / "renamed.txt")
            np.testing.assert_array_equal(read_audio(tmp_path / "renamed.txt")[0], expected)

    @pytest.mark.parametrize("rate", [8000, 192000])
    def test_eight_channels_of_any_rate_become_one(self, tmp_path, make_speech, rate):
        mono = make_speech(0.5, rate).numpy()
        soundfile.write(tmp_path / "clip.wav", np.stack([mono * (channel % 2) for channel in range(8)], 1), rate)
        waveform, found = read_audio(tmp_path / "clip.wav")
        assert found == rate
        np.testing.assert_allclose(waveform, mono / 2, atol=1e-4)
        assert len(read_audio(tmp_path / "clip.wav", 22050)[0]) == 11025

    @pytest.mark.parametrize("suffix", ["wav", "mp3"])
    def test_a_part_of_a_file_is_read_with_a_warning(self, tmp_path, make_speech, suffix, caplog):
        path = tmp_path / f"clip.{suffix}"
        soundfile.write(path, make_speech(4.0).numpy(), 22050)
        with caplog.at_level(logging.WARNING):
            read_audio(path)
            read_audio(path, max_seconds=1.0)
            assert not caplog.records
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
            waveform, _ = read_audio(path)
        assert 1.5 < len(waveform) / 22050 < 2.5
        assert f"clip.{suffix} ends before its header says" in caplog.text

    def test_a_rate_that_would_take_gigabytes_is_refused(self, tmp_path, make_speech):
        path = tmp_path / "odd.wav"
        soundfile.write(path, make_speech(0.1).numpy(), 44101)
        assert read_audio(path)[1] == 44101
        with pytest.raises(ValueError, match="`sampling_rate`=44101 has too small a common divisor with 16000"):
            read_audio(path, 16000)
        with pytest.raises(ValueError, match="`sampling_rate`=22051 has too small a common divisor with 24000"):
            AudioWriter(tmp_path / "odd.mp3", 22051)

    def test_a_part_of_a_flac_file_cannot_be_decoded(self, tmp_path, make_speech):
        path = tmp_path / "clip.flac"
        soundfile.write(path, make_speech(4.0).numpy(), 22050)
        path.write_bytes(path.read_bytes()[:100])
        with pytest.raises(ValueError, match=r"clip\.flac cannot be decoded"):
            read_audio(path)

    def test_no_more_is_read_than_is_asked_for(self, tmp_path):
        with soundfile.SoundFile(tmp_path / "long.flac", "w", 8000, 1) as file:
            for _ in range(120):  # two hours
                file.write(np.zeros(60 * 8000, dtype=np.float32))
        for seconds in (30, 0.25):
            waveform, rate = read_audio(tmp_path / "long.flac", 16000, max_seconds=seconds)
            assert (len(waveform), rate) == (seconds * 16000, 16000)


class TestFFmpeg:
    @pytest.mark.parametrize(("suffix", "codec"), [("m4a", "aac"), ("mp4", "aac"), ("webm", "libopus")])
    def test_formats_of_phones_and_browsers(self, tmp_path, make_speech, suffix, codec):
        av = pytest.importorskip("av")
        path, speech = tmp_path / f"clip.{suffix}", make_speech(1.0, 48000).numpy()
        with av.open(path, "w") as container:
            stream = container.add_stream(codec, rate=48000, layout="stereo")
            frame = av.AudioFrame.from_ndarray(np.stack([speech, speech]), format="fltp", layout="stereo")
            frame.sample_rate = 48000
            container.mux([packet for part in (frame, None) for packet in stream.encode(part)])
        waveform, rate = read_audio(path.read_bytes())
        assert rate == 48000
        assert 0.95 < len(waveform) / rate < 1.1
        spectra = [np.abs(np.fft.rfft(signal, n=48000))[50:2000] for signal in (waveform, speech)]
        assert np.corrcoef(*spectra)[0, 1] > 0.95
        assert len(read_audio(path, max_seconds=0.5)[0]) == 24000

    def test_the_package_that_reads_more_is_named(self, tmp_path, monkeypatch):
        (tmp_path / "clip.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(100))
        monkeypatch.setitem(sys.modules, "av", None)
        with pytest.raises(ValueError, match=r"clip\.m4a.*pip install av"):
            read_audio(tmp_path / "clip.m4a")
        with pytest.raises(ValueError, match="pip install av; or choose mp3"):
            StreamEncoder("aac", 22050)


class TestWriting:
    @pytest.mark.parametrize("name", list(AUDIO_FORMATS))
    def test_encoded_chunk_by_chunk_it_is_the_speech(self, make_speech, name, caplog):
        if name == "aac":
            pytest.importorskip("av")
        speech = make_speech(2.0).numpy()
        encoder = StreamEncoder(name, 22050)
        pieces = [encoder.encode(speech[start : start + 5000]) for start in range(0, len(speech), 5000)]
        content = b"".join([*pieces, encoder.finish()])
        assert sum(map(bool, pieces)) > 1  # not all of it at the end
        if name == "pcm":
            waveform, rate = np.frombuffer(content, "<i2").astype(np.float32) / 32767, 24000
        else:
            waveform, rate = read_audio(content)
        assert rate == (24000 if name in ("opus", "pcm") else 22050)
        assert 2.0 <= len(waveform) / rate < 2.1
        expected = torchaudio.functional.resample(torch.from_numpy(speech), 22050, rate).numpy()
        spectra = [np.abs(np.fft.rfft(signal, n=2 * rate))[100:8000] for signal in (waveform, expected)]
        assert np.corrcoef(*spectra)[0, 1] > 0.95
        assert not caplog.records

    @pytest.mark.parametrize("name", ["wav", "flac", "ogg", "opus", "mp3"])
    def test_files_hold_the_speech_and_know_their_length(self, tmp_path, make_speech, name):
        path = tmp_path / f"clip.{name.upper()}"
        with AudioWriter(path, 22050) as writer:
            for chunk in make_speech(2.0).split(7000):
                writer.write(chunk.numpy())
        info = soundfile.info(path)
        assert writer.num_samples == 44100
        assert info.subtype == AUDIO_FORMATS[name].subtype
        assert info.duration == pytest.approx(2.0, abs=1e-3)

    def test_what_exceeds_full_scale_is_clipped(self, tmp_path):
        loud = 1.5 * np.sign(np.sin(2 * np.pi * 100 * np.arange(22050) / 22050)).astype(np.float32)
        encoder = StreamEncoder("pcm", 22050)  # whose filter oscillates around each edge
        spoken = np.frombuffer(encoder.encode(loud) + encoder.finish(), "<i2") / 32767
        (expected,) = resample_waveforms([loud.clip(-1, 1)], 22050, 24000)
        np.testing.assert_allclose(spoken, expected.clip(-1, 1), atol=1e-3)
        with AudioWriter(tmp_path / "loud.wav", 22050) as writer:
            writer.write(loud)
        np.testing.assert_allclose(read_audio(tmp_path / "loud.wav")[0], loud.clip(-1, 1), atol=1e-3)

    def test_other_endings_are_refused(self, tmp_path):
        with pytest.raises(ValueError, match=r"\.wav, \.flac, \.ogg, \.opus, \.mp3, got 'clip\.m4a'"):
            AudioWriter(tmp_path / "clip.m4a", 22050)
        with pytest.raises(ValueError, match="`audio_format` must be one of wav"):
            StreamEncoder("alac", 22050)

    @pytest.mark.parametrize(("rate", "target"), [(22050, 24000), (48000, 16000), (16000, 48000), (22050, 22050)])
    def test_resampled_in_pieces_it_is_what_one_pass_makes(self, make_speech, rate, target):
        speech = make_speech(1.0, rate).numpy()
        resampler = StreamResampler(rate, target)
        bounds = [0, 3, 500, 501, 9000, len(speech)]
        pieces = [resampler.push(speech[start:end]) for start, end in itertools.pairwise(bounds)]
        whole = torchaudio.functional.resample(torch.from_numpy(speech), rate, target).numpy()
        np.testing.assert_allclose(np.concatenate([*pieces, resampler.finish()]), whole, atol=1e-5)


@pytest.mark.parametrize("dtype", ["int16", "float32"])
def test_samples_of_another_scale_are_refused(make_speech, dtype):
    waveform = (make_speech().numpy() * 32767).astype(dtype)
    with pytest.raises(ValueError, match="audio / 32768"):
        resample_waveforms([waveform], 22050, 16000)


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
