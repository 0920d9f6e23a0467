"""Speaks in the browser by a model of the Hugging Face Hub."""

import gradio
import numpy as np
from transformers import pipeline

MODEL = "USER/NAME"
EXAMPLE = "Good morning. It is half past seven, and the train to the coast leaves in ten minutes."
MAX_CHARACTERS = 2000

speaker = pipeline("text-to-speech", model=MODEL, trust_remote_code=True)


def speak(
    text: str, voice: str | None, recording: str | None, speed: float, seed: float | None
) -> tuple[int, np.ndarray]:
    """A text in a voice of the model or in that of a recording: the rate in Hz, and samples of 16 bits."""
    if len(text) > MAX_CHARACTERS:
        raise gradio.Error(
            f"The text has {len(text)} characters, at most {MAX_CHARACTERS} are taken.", print_exception=False
        )
    try:
        speech = speaker(text, voice=recording or voice, speed=speed, seed=None if seed is None else int(seed))
    except (TypeError, ValueError) as error:
        raise gradio.Error(str(error), print_exception=False) from error
    return speech["sampling_rate"], np.round(speech["audio"].clip(-1, 1) * 32767).astype(np.int16)


page = gradio.Interface(
    speak,
    [
        gradio.Textbox(EXAMPLE, label="Text", lines=4, max_length=MAX_CHARACTERS),
        gradio.Dropdown(speaker.synthesizer.voices, value=speaker.model.config.default_voice, label="Voice"),
        gradio.Audio(
            type="filepath", label="Or the recording of a voice, 3 to 6 seconds, whose speaker agrees to this"
        ),
        gradio.Slider(0.5, 2.0, 1.0, step=0.05, label="Speed"),
        gradio.Number(0, label="Seed: another one speaks a little differently", precision=0, minimum=0),
    ],
    gradio.Audio(label="Speech"),
    title=MODEL.split("/")[-1],
    description=f"English text to speech by [{MODEL}](https://huggingface.co/{MODEL}). What is heard here is generated.",
    submit_btn="Speak",
    flagging_mode="never",
)

if __name__ == "__main__":
    page.launch()
