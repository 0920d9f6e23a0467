"""The page: text, voice or recording in; speech, its mel and its alignment out."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio
import numpy as np
from transformers.utils import logging

from ..plots import image_figure
from ..synthesis import SPEED_RANGE, Synthesizer

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

    def chunks(text: str, voice: str | None, recording: str | None, speed: float, seed: float | None, **kwargs: Any):
        try:
            return synthesizer.stream(
                text, recording or voice, speed=speed, seed=None if seed is None else int(seed), **kwargs
            )
        except (ValueError, FileNotFoundError) as error:
            raise gradio.Error(str(error)) from error

    def stream(
        text: str, voice: str | None, recording: str | None, speed: float, seed: float | None
    ) -> Iterator[tuple]:
        spoken = []
        for chunk in chunks(text, voice, recording, speed, seed, output_alignments=True):
            spoken.append(chunk)
            live = (chunk.sampling_rate, to_int16(chunk.waveform)) if can_stream else None
            yield live, None, None, None, f"{chunk.progress:.0%}"
        waveform = np.concatenate([chunk.waveform for chunk in spoken])
        seconds = len(waveform) / synthesizer.sampling_rate
        cut = sum(not chunk.stopped for chunk in spoken)
        status = f"{seconds:.1f} s of speech." + (
            f" Cut at the frame limit: {cut} of {len(spoken)} parts." * bool(cut)
        )
        yield None, save(synthesizer, waveform), mel_figure(spoken), alignment_figure(spoken[0]), status

    def speak(
        text: str, voice: str | None = None, recording: str | None = None, speed: float = 1.0, seed: int | None = None
    ) -> str:
        """Speaks `text` in a named voice or that of a recording; returns a WAV file."""
        spoken = [chunk.waveform for chunk in chunks(text, voice, recording, speed, seed)]
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
                    seed = gradio.Number(0, label="Seed", precision=0, minimum=0)
                button = gradio.Button("Speak", variant="primary", elem_id="speak")
            with gradio.Column():
                live = gradio.Audio(label="While it is made", streaming=True, autoplay=True, visible=can_stream)
                result = gradio.Audio(label="Speech", type="filepath", interactive=False, elem_id="speech")
                status = gradio.Textbox(label="State", interactive=False, elem_id="status")
                mel = gradio.Plot(show_label=False)
                alignment = gradio.Plot(show_label=False)
        inputs, outputs = [text, voice, recording, speed, seed], [live, result, mel, alignment, status]
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


def alignment_figure(chunk: "SpeechChunk") -> "Figure":
    """Picture of the mean attention of the aligned heads: one diagonal in good speech."""
    return image_figure(chunk.alignments.mean(0), "Alignment of the first part", "step", "text token")
