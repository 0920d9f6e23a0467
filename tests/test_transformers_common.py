"""
transformers' own common tests on tiny models. They are in its source distribution only, which is not ours to copy:

    pip install parameterized
    pip download --no-deps --no-binary transformers transformers==5.24.0 && tar xzf transformers-5.24.0.tar.gz
    TRANSFORMERS_SOURCE=transformers-5.24.0 python -m pytest tests/test_transformers_common.py

The version is to be the installed one.
"""

import importlib
import os
import re
import sys
import types
import unittest
import warnings
from pathlib import Path
from unittest import mock

import pytest
import torch
import transformers

from gpt2tts import (
    GPT2TTSConfig,
    GPT2TTSFeatureExtractor,
    GPT2TTSForTextToSpeech,
    GPT2TTSModel,
    GPT2TTSProcessor,
    build_byte_tokenizer,
)

SOURCE = os.environ.get("TRANSFORMERS_SOURCE")
if SOURCE is None:
    pytest.skip("TRANSFORMERS_SOURCE names no source distribution of transformers", allow_module_level=True)
pytest.importorskip("parameterized")

# modules that the distribution leaves out, and the names that the tests take from them
LEFT_OUT = {
    "transformers_tests.exporters.test_export": {"ExportTesterMixin": object},
    "transformers_tests.generation.test_utils": {"GenerationTesterMixin": type("GenerationTesterMixin", (), {})},
    "transformers_tests.utils.test_configuration_utils": {"config_common_kwargs": {}},
    "fetch_hub_objects_for_ci": {"url_to_local_path": lambda url: url},
}


def import_common(name: str):
    """A module of the distribution's folder `tests`, which is no package by itself."""
    if "transformers_tests" not in sys.modules:
        package = types.ModuleType("transformers_tests")
        package.__path__ = [str(Path(SOURCE) / "tests")]
        sys.modules["transformers_tests"] = package
        for left_out, names in LEFT_OUT.items():
            parent = left_out.rpartition(".")[0]
            for module in filter(None, (parent, left_out)):
                sys.modules.setdefault(module, types.ModuleType(module))
            vars(sys.modules[left_out]).update(names)
    with (
        # one of them loads the folder's `__init__.py`, which is left out, in place of transformers
        mock.patch("transformers.utils.direct_transformers_import", return_value=transformers),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore", pytest.PytestUnknownMarkWarning)
        return importlib.import_module(f"transformers_tests.{name}")


def leave_out(reasons: dict[str, str]):
    """Class decorator: skips the named tests, each with its reason."""

    def decorate(cls):
        for name, reason in reasons.items():
            matching = [test for test in dir(cls) if re.fullmatch(rf"{name}(_\d.*)?", test)]
            assert matching, f"there is no test {name} any more"
            for test in matching:
                setattr(cls, test, unittest.skip(reason)(getattr(cls, test)))
        return cls

    return decorate


modeling = import_common("test_modeling_common")
configuration = import_common("test_configuration_common")
processing = import_common("test_processing_common")
feature_extraction = import_common("test_sequence_feature_extraction_common")


class ModelTester:
    """Two texts of seven tokens, spoken in four groups of four frames."""

    batch_size, is_training = 2, True
    num_hidden_layers, num_attention_heads, hidden_size = 2, 2, 64
    num_style_latents, num_tokens, num_groups = 4, 7, 4
    seq_length = key_length = num_style_latents + num_tokens + num_groups

    def __init__(self, parent):
        self.parent = parent

    def get_config(self):
        # attention probabilities are asked for in many of the tests, and are to be had of eager attention alone
        return GPT2TTSConfig.from_preset(
            "tiny", gpt2_config={"n_layer": 2}, prenet_dropout=0.0, vocoder=None, attn_implementation="eager"
        )

    def prepare_config_and_inputs_for_common(self):
        config = self.get_config()
        frames = torch.randn(self.batch_size, 4 * self.num_groups, config.frame_size)
        frames[..., :80] -= 5
        frames[..., 80:] = torch.tensor([5.0, 0.5])
        return config, {
            "input_ids": torch.randint(4, 200, (self.batch_size, self.num_tokens)),
            "attention_mask": torch.ones(self.batch_size, self.num_tokens, dtype=torch.long),
            "reference_features": torch.randn(self.batch_size, 40, config.n_mels) - 5,
            "text_positions": torch.linspace(0, self.num_tokens, self.num_groups + 1).repeat(self.batch_size, 1),
            "labels": frames,
        }


@leave_out(
    {
        "test_eager_matches_sdpa_inference": "passes token ids alone; ours is in test_modeling.py",
        "test_resize_tokens_embeddings": "passes no labels, which the teacher-forced forward needs; ours is in test_modeling.py",
        "test_bc_cache_name_forward": "the cache never had an older name here",
        "test_model_forward_default_config_values": "gives the model without a head the inputs of that with one",
    }
)
class CommonModelTest(modeling.ModelTesterMixin, unittest.TestCase):
    all_model_classes = (GPT2TTSModel, GPT2TTSForTextToSpeech)
    all_generative_model_classes = ()
    _is_composite = False
    test_resize_embeddings = True

    def setUp(self):
        self.model_tester = ModelTester(self)
        # the tests of training pass by what they know as a model without a head
        headless = mock.patch.dict(modeling.MODEL_MAPPING_NAMES, {"gpt2tts": "GPT2TTSModel"})
        headless.start()
        self.addCleanup(headless.stop)

    def _prepare_for_class(self, inputs_dict, model_class, return_labels=False):
        inputs = dict(inputs_dict)
        if model_class is GPT2TTSModel and "labels" in inputs:
            del inputs["reference_features"]
            inputs["mel_groups"] = inputs.pop("labels").unflatten(1, (-1, 4)).flatten(2)[:, :-1] / 5
            inputs["text_positions"] = inputs["text_positions"][:, :-1]
        return inputs


class CommonConfigurationTest(unittest.TestCase):
    def test_config(self):
        tester = configuration.ConfigTester(self, config_class=GPT2TTSConfig, num_style_latents=8)
        tester.run_common_tests()


class CommonFeatureExtractionTest(feature_extraction.SequenceFeatureExtractionTestMixin, unittest.TestCase):
    feature_extraction_class = GPT2TTSFeatureExtractor

    def setUp(self):
        self.feat_extract_tester = types.SimpleNamespace(
            batch_size=3,
            feature_size=80,
            min_seq_length=40,
            max_seq_length=120,
            seq_length_diff=40,
            padding_value=0.0,
            prepare_feat_extract_dict=lambda: {"padding_value": 0.0},
            prepare_inputs_for_common=self.prepare_inputs,
        )

    @staticmethod
    def prepare_inputs(equal_length=False, numpify=False):
        lengths = [40, 40, 40] if equal_length else [40, 80, 120]
        inputs = [torch.randn(length, 80).numpy() for length in lengths]
        return inputs if numpify else [features.tolist() for features in inputs]


@leave_out(
    {
        "test_call_arguments_default_none": "`return_tensors` is 'pt' by default: that is what `generate` takes",
        "test_call_arguments_not_in_processor_kwargs": "`sampling_rate` and `return_tensors` may stand in the call itself",
        "test_model_input_names": "`labels` are made of `audio_target` alone",
        "test_call_arguments_not_in_attributes": "how text is read is set for the processor, and may be for one call",
        "test_subprocessor_defaults_0_text": "text is normalised and phonemized before it reaches the tokenizer",
        "test_subprocessor_defaults_3_audio": "features of a reference have names of their own, and their mask comes always",
        "test_processor_from_and_save_pretrained": "the auto map of remote code is written, and not read back",
        "test_processor_from_and_save_pretrained_as_nested_dict": "as the test before",
    }
)
class CommonProcessorTest(processing.ProcessorTesterMixin, unittest.TestCase):
    processor_class = GPT2TTSProcessor
    audio_input_name = audio_input_name_values = "reference_features"

    def prepare_audio_inputs(self, batch_size=None):
        # theirs lasts 45 ms: no voice can be heard in it
        clips = [0.1 * torch.randn(22050).numpy()]
        return clips if batch_size is None else clips * batch_size

    @classmethod
    def setUpClass(cls):
        import tempfile

        cls.tmpdirname, cls.full_tmpdirname = tempfile.mkdtemp(), None
        GPT2TTSProcessor(GPT2TTSFeatureExtractor(), build_byte_tokenizer()).save_pretrained(cls.tmpdirname)
