"""Text to speech with a GPT-2 backbone: text and a reference clip in, speech in the voice of the clip out."""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .configuration_gpt2tts import GPT2TTSConfig as GPT2TTSConfig
    from .feature_extraction_gpt2tts import GPT2TTSFeatureExtractor as GPT2TTSFeatureExtractor
    from .modeling_gpt2tts import GPT2TTSForTextToSpeech as GPT2TTSForTextToSpeech
    from .modeling_gpt2tts import GPT2TTSModel as GPT2TTSModel
    from .onnx_synthesis import OnnxSynthesizer as OnnxSynthesizer
    from .pipeline_gpt2tts import GPT2TTSPipeline as GPT2TTSPipeline
    from .processing_gpt2tts import GPT2TTSProcessor as GPT2TTSProcessor
    from .processing_gpt2tts import build_bpe_tokenizer as build_bpe_tokenizer
    from .processing_gpt2tts import build_byte_tokenizer as build_byte_tokenizer
    from .synthesis import Synthesizer as Synthesizer
    from .vocoder_gpt2tts import load_vocoder as load_vocoder

# ONNX Runtime of 1.29 and later tells Microsoft what runs, unless this is set before it is imported
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

# Loaded on first use: torch and transformers take seconds to import, `gpt2tts --help` should not.
_EXPORTS = {
    "GPT2TTSConfig": "configuration_gpt2tts",
    "GPT2TTSFeatureExtractor": "feature_extraction_gpt2tts",
    "GPT2TTSForTextToSpeech": "modeling_gpt2tts",
    "GPT2TTSModel": "modeling_gpt2tts",
    "GPT2TTSPipeline": "pipeline_gpt2tts",
    "GPT2TTSProcessor": "processing_gpt2tts",
    "build_bpe_tokenizer": "processing_gpt2tts",
    "build_byte_tokenizer": "processing_gpt2tts",
    "OnnxSynthesizer": "onnx_synthesis",
    "Synthesizer": "synthesis",
    "load_vocoder": "vocoder_gpt2tts",
}

__all__ = sorted(_EXPORTS)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("gpt2tts")
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        value = getattr(import_module(f".{_EXPORTS[name]}", __name__), name)
        if name != "OnnxSynthesizer":  # which does without transformers
            _register_auto_classes()
    except ModuleNotFoundError as error:
        if error.name not in ("torch", "torchaudio", "transformers"):
            raise
        raise ImportError(
            f"`gpt2tts.{name}` needs PyTorch and transformers ({error}): `pip install -e .` in the checkout; or use "
            "`OnnxSynthesizer`, which has the methods of `Synthesizer`."
        ) from error
    globals()[name] = value  # so that the next use does not come through here
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})


def _register_auto_classes() -> None:
    """
    Makes `AutoModel` and its relatives know GPT2TTS without `trust_remote_code`. Done with the first use of a public
    name, not when the package is imported: registering needs the classes, and so torch.
    """
    import transformers

    from .configuration_gpt2tts import GPT2TTSConfig
    from .feature_extraction_gpt2tts import GPT2TTSFeatureExtractor
    from .modeling_gpt2tts import GPT2TTSForTextToSpeech
    from .processing_gpt2tts import GPT2TTSProcessor

    transformers.AutoConfig.register(GPT2TTSConfig.model_type, GPT2TTSConfig, exist_ok=True)
    transformers.AutoModel.register(GPT2TTSConfig, GPT2TTSForTextToSpeech, exist_ok=True)
    transformers.AutoModelForTextToWaveform.register(GPT2TTSConfig, GPT2TTSForTextToSpeech, exist_ok=True)
    transformers.AutoFeatureExtractor.register(GPT2TTSConfig, GPT2TTSFeatureExtractor, exist_ok=True)
    transformers.AutoProcessor.register(GPT2TTSConfig, GPT2TTSProcessor, exist_ok=True)
