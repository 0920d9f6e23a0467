import pytest

from gpt2tts.configuration_gpt2tts import PRESETS, GPT2TTSConfig
from gpt2tts.processing_gpt2tts import build_byte_tokenizer


@pytest.mark.parametrize("preset", PRESETS)
def test_preset_survives_saving(preset, tmp_path):
    config = GPT2TTSConfig.from_preset(preset)
    config.save_pretrained(tmp_path)
    loaded = GPT2TTSConfig.from_pretrained(tmp_path)
    ignored = {"transformers_version", "auto_map", "_name_or_path"}
    before, after = ({k: v for k, v in c.to_dict().items() if k not in ignored} for c in (config, loaded))
    before["gpt2_config"] = {k: v for k, v in before["gpt2_config"].items() if k not in ignored}
    after["gpt2_config"] = {k: v for k, v in after["gpt2_config"].items() if k not in ignored}
    assert before == after


def test_base_has_the_sizes_of_gpt2():
    config = GPT2TTSConfig.from_preset("base")
    backbone = config.gpt2_config
    assert (backbone.n_embd, backbone.n_layer, backbone.n_head, backbone.vocab_size) == (768, 12, 12, 50257)
    assert (config.conditioning_hidden_size, config.conditioning_num_layers, config.num_style_latents) == (512, 6, 32)


def test_overrides_of_the_backbone_are_merged_into_the_preset():
    config = GPT2TTSConfig.from_preset("tiny", gpt2_config={"n_layer": 5}, reduction_factor=2)
    assert (config.gpt2_config.n_layer, config.gpt2_config.n_embd, config.reduction_factor) == (5, 64, 2)


def test_a_frame_holds_pitch_and_voicing_beside_its_mel():
    config = GPT2TTSConfig(n_mels=40, reduction_factor=3)
    assert (config.frame_size, config.group_size) == (42, 126)
    assert config.frame_rate == pytest.approx(22050 / 256)


def test_the_vocabularies_are_those_of_the_tokenizers():
    assert GPT2TTSConfig().vocab_size == len(build_byte_tokenizer())
    assert GPT2TTSConfig.from_preset("tiny").vocab_size == len(build_byte_tokenizer())


def test_the_vocabulary_is_the_configs_own():
    config = GPT2TTSConfig(vocab_size=300, eos_token_id=7, gpt2_config={"vocab_size": 11})
    assert (config.gpt2_config.vocab_size, config.gpt2_config.eos_token_id) == (300, 7)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_mels": 0}, "n_mels"),
        ({"n_mels": "eighty"}, "n_mels"),
        ({"prenet_dropout": 1.5}, "prenet_dropout.*smaller or equal to 1.0, got 1.5"),
        ({"prenet_dropout": 2}, "prenet_dropout.*smaller or equal to 1.0, got 2"),
        ({"layer_norm_eps": float("nan")}, "layer_norm_eps.*got nan"),
        ({"max_frames_per_token": -1}, "max_frames_per_token.*greater or equal to 0.0"),
        ({"prenet_num_layers": -1}, "prenet_num_layers.*greater or equal to 0"),
        ({"reduction_factor": 2.5}, "reduction_factor.*expected int"),
        ({"position_loss_weight": -0.1}, "position_loss_weight"),
        ({"hidden_act": "nonsense"}, "hidden_act"),
        ({"text_conv_kernel_size": 2}, "text_conv_kernel_size.*odd"),
        ({"max_mel_positions": 4096}, "max_mel_positions.*n_positions"),
        ({"max_text_positions": 4096}, "max_text_positions.*n_positions"),
        ({"perceiver_num_heads": 5}, "perceiver_num_heads"),
        ({"conditioning_num_heads": 5}, "conditioning_num_heads"),
        ({"gpt2_config": {"n_head": 5}}, "n_head"),
        ({"gpt2_config": {"add_cross_attention": True}}, "add_cross_attention"),
    ],
)
def test_bad_values_are_named(arguments, message):
    with pytest.raises(Exception, match=f"(?s){message}"):
        GPT2TTSConfig(**arguments)


def test_every_float_may_be_written_without_its_point(tmp_path):
    config = GPT2TTSConfig()
    values = {name: value for name, value in config.to_dict().items() if type(value) is float}
    assert len(values) >= 7
    whole = GPT2TTSConfig(**{name: round(value) for name, value in values.items()})
    whole.save_pretrained(tmp_path)
    assert {name: getattr(GPT2TTSConfig.from_pretrained(tmp_path), name) for name in values} == {
        name: round(value) for name, value in values.items()
    }


def test_unknown_preset_lists_the_known_ones():
    with pytest.raises(ValueError, match="'tiny', 'small', 'base'"):
        GPT2TTSConfig.from_preset("huge")


def test_the_backbone_has_the_vocabulary_also_of_a_later_change(tmp_path):
    GPT2TTSConfig.from_preset("tiny").save_pretrained(tmp_path)
    config = GPT2TTSConfig.from_pretrained(tmp_path, vocab_size=500)
    assert (config.vocab_size, config.gpt2_config.vocab_size) == (500, 500)
    config.pad_token_id = 3
    assert config.gpt2_config.pad_token_id == 3
