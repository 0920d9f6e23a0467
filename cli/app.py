"""The page: text, voice or recording in; speech, its mel and how it read the text out."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import gradio
import numpy as np
from transformers.utils import logging

from ..plots import image_figure, positions_figure
from ..synthesis import PITCH_SHIFT_RANGE, SPEED_RANGE, Synthesizer, join_chunks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from ..synthesis import SpeechChunk

logger = logging.get_logger(__name__)

EXAMPLE = "Good morning. It is half past seven, and the train to the coast leaves in ten minutes."
# two runs at once on a CPU are each slower than one after the other
CONCURRENCY = {"concurrency_limit": 1, "concurrency_id": "speech"}


def build_app(synthesizer: Synthesizer) -> gradio.Blocks:
    """
    The page for a synthesizer, with the API endpoints `/speak` (an audio file) and `/stream`.

    Args:
        synthesizer ([`Synthesizer`]): What speaks.

    Returns:
        `gradio.Blocks`: Not launched yet.
    """
    # gradio encodes streamed audio with ffmpeg
    can_stream = shutil.which("ffmpeg") is not None
    if not can_stream:
        logger.warning("ffmpeg is not installed: the page plays speech when it is complete, not while it is made.")

    has_pitch = getattr(synthesizer.vocoder, "requires_pitch", False)

    def chunks(
        text: str,
        voice: str | None,
        recording: str | None,
        speed: float,
        seed: float | None,
        pitch_shift: float = 0.0,
    ) -> Iterator["SpeechChunk"]:
        try:
            return synthesizer.stream(
                text,
                recording or voice,
                seed=None if seed is None else int(seed),
                speed=speed,
                pitch_shift=pitch_shift,
            )
        except (TypeError, ValueError, FileNotFoundError) as error:
            raise gradio.Error(str(error)) from error

    def stream(
        text: str,
        voice: str | None,
        recording: str | None,
        speed: float,
        seed: float | None,
        pitch_shift: float = 0.0,
    ) -> Iterator[tuple]:
        spoken = []
        for chunk in chunks(text, voice, recording, speed, seed, pitch_shift):
            spoken.append(chunk)
            live = (chunk.sampling_rate, to_int16(chunk.waveform)) if can_stream else None
            yield live, None, None, None, f"{chunk.progress:.0%}"
        waveform = np.concatenate([chunk.waveform for chunk in spoken])
        seconds = len(waveform) / synthesizer.sampling_rate
        cut = sum(not chunk.stopped for chunk in spoken)
        status = f"{seconds:.1f} s of speech." + (
            f" Cut at the frame limit: {cut} of {len(spoken)} parts." * bool(cut)
        )
        yield None, save(synthesizer, waveform), mel_figure(spoken), reading_figure(spoken), status

    def speak(
        text: str,
        voice: str | None = None,
        recording: str | None = None,
        speed: float = 1.0,
        seed: int | None = None,
        pitch_shift: float = 0.0,
    ) -> str:
        """Speaks `text` in a named voice or that of a recording; returns a WAV file."""
        spoken = [chunk.waveform for chunk in chunks(text, voice, recording, speed, seed, pitch_shift)]
        return save(synthesizer, np.concatenate(spoken))

    default = synthesizer.model.config.default_voice
    with gradio.Blocks(title="GPT2TTS", analytics_enabled=False) as app:
        gradio.Markdown("# GPT2TTS\nText to speech in a named voice, or in that of a recording of a few seconds.")
        with gradio.Row():
            with gradio.Column():
                text = gradio.Textbox(EXAMPLE, label="Text", lines=5, elem_id="text")
                voice = gradio.Dropdown(synthesizer.voices, value=default, label="Voice")
                recording = gradio.Audio(
                    sources=["upload", "microphone"], type="filepath", label="Or a recording of the speaker"
                )
                with gradio.Row():
                    speed = gradio.Slider(*SPEED_RANGE, value=1.0, step=0.05, label="Speed")
                    pitch_shift = gradio.Slider(
                        *PITCH_SHIFT_RANGE, value=0.0, step=0.5, label="Higher by semitones", visible=has_pitch
                    )
                    seed = gradio.Number(0, label="Seed", precision=0, minimum=0)
                button = gradio.Button("Speak", variant="primary", elem_id="speak")
            with gradio.Column():
                live = gradio.Audio(label="While it is made", streaming=True, autoplay=True, visible=can_stream)
                result = gradio.Audio(label="Speech", type="filepath", interactive=False, elem_id="speech")
                status = gradio.Textbox(label="State", interactive=False, elem_id="status")
                mel = gradio.Plot(show_label=False)
                reading = gradio.Plot(show_label=False)
        inputs = [text, voice, recording, speed, seed, pitch_shift]
        outputs = [live, result, mel, reading, status]
        gradio.on([button.click], stream, inputs, outputs, api_name="stream", **CONCURRENCY)
        gradio.api(speak, api_name="speak", **CONCURRENCY)
    return app


def launch(synthesizer: Synthesizer, host: str, port: int) -> None:
    """Serves the page until interrupted. Port 0 takes any free one."""
    build_app(synthesizer).launch(server_name=host, server_port=port or None, show_error=True)


def to_int16(waveform: np.ndarray) -> np.ndarray:
    """Float waveform to 16-bit samples at the level it has; gradio raises float audio to full scale."""
    return (waveform.clip(-1.0, 1.0) * 32767).round().astype(np.int16)


def save(synthesizer: Synthesizer, waveform: np.ndarray) -> str:
    """Path of a temporary WAV file of a waveform."""
    path = Path(tempfile.mkdtemp(prefix="gpt2tts-"), "speech.wav")
    synthesizer.processor.save_audio(waveform, path)
    return str(path)


def mel_figure(chunks: "Sequence[SpeechChunk]") -> "Figure":
    """Picture of the log-mel frames of the chunks, time to the right, frequency upwards."""
    return image_figure(np.concatenate([chunk.spectrogram for chunk in chunks]), "Mel spectrogram", "frame", "mel bin")


def reading_figure(chunks: "Sequence[SpeechChunk]") -> "Figure":
    """Picture of the place in the text over time: it rises evenly in good speech."""
    return positions_figure(join_chunks(chunks).text_positions, "Place in the text")
