import copy

import pytest
import torch
from transformers import GPT2Config, GPT2Model

from gpt2tts.codes_gpt2tts import GPT2TTSCodeHead, GPT2TTSGroupQuantizer
from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.losses_gpt2tts import diagonal_prior
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech

FACTOR = 4


@pytest.fixture(scope="module")
def config():
    return GPT2TTSConfig.from_preset("tiny")


@pytest.fixture
def model(config):
    torch.manual_seed(0)
    model = GPT2TTSForTextToSpeech(copy.deepcopy(config)).eval()
    # the last convolution starts at zero; a test of masks wants a postnet that does something
    torch.nn.init.normal_(model.postnet.convs[-1].weight, std=0.1)
    return model


@pytest.fixture
def batch(config):
    """Three rows of different lengths, none of frames a multiple of the reduction factor."""
    torch.manual_seed(1)
    tokens, frames, reference = (20, 17, 9), (50, 43, 29), (40, 30, 25)

    def mask(lengths):
        return (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()

    return {
        "input_ids": torch.randint(4, config.vocab_size, (3, 20)) * mask(tokens),
        "attention_mask": mask(tokens),
        "labels": (torch.randn(3, 50, 80) * 2 - 5) * mask(frames)[..., None],
        "labels_mask": mask(frames),
        "reference_features": torch.randn(3, 40, 80) * 2 - 5,
        "reference_mask": mask(reference),
    }


def single(batch, row):
    """One row of the batch without its padding."""
    masks = {"input_ids": "attention_mask", "labels": "labels_mask", "reference_features": "reference_mask"}
    return {name: batch[name][row : row + 1, : int(batch[mask][row].sum())] for name, mask in masks.items()}


def test_padding_never_changes_a_row(model, batch):
    batched = model(**batch, prenet_dropout=0.0, output_alignments=True)
    for row in range(3):
        alone = model(**single(batch, row), prenet_dropout=0.0, output_alignments=True)
        frames, tokens = alone.spectrogram.shape[1], alone.alignments.shape[-1]
        torch.testing.assert_close(batched.spectrogram[row, :frames], alone.spectrogram[0], atol=1e-4, rtol=0)
        torch.testing.assert_close(
            batched.stop_logits[row, : frames // FACTOR], alone.stop_logits[0], atol=1e-4, rtol=0
        )
        torch.testing.assert_close(
            batched.alignments[row, :, : frames // FACTOR, :tokens], alone.alignments[0], atol=1e-4, rtol=0
        )


def test_losses_do_not_depend_on_padding(model, batch):
    row = {**single(batch, 2), "labels_mask": None}
    alone = model(**row, prenet_dropout=0.0, output_alignments=True)
    padded = {name: values[2:] for name, values in batch.items()}
    padded["labels"] = padded["labels"] + 100 * (1 - padded["labels_mask"][..., None])
    padded = model(**padded, prenet_dropout=0.0, output_alignments=True)
    for name in ("loss", "spectrogram_loss", "spectrogram_before_postnet_loss", "stop_loss", "guided_attention_loss"):
        torch.testing.assert_close(padded[name], alone[name], atol=1e-5, rtol=1e-5)


def test_a_spread_batch_has_the_losses_of_the_whole_one(model, batch):
    whole = model(**batch, prenet_dropout=0.0)
    num_groups = sum(-(-int(length) // FACTOR) for length in batch["labels_mask"].sum(1))
    parts = [
        model(
            **{name: values[rows] for name, values in batch.items()}, prenet_dropout=0.0, num_items_in_batch=num_groups
        )
        for rows in (slice(0, 1), slice(1, 3))
    ]
    torch.testing.assert_close(parts[0].loss + parts[1].loss, whole.loss)


def test_the_past_is_read_and_the_future_is_not(model, batch):
    row = single(batch, 0)
    changed = {**row, "labels": row["labels"].clone()}
    changed["labels"][:, 5 * FACTOR : 6 * FACTOR] += 3.0
    # after the postnet too: one that looks ahead copies from predictions that have read what it is to predict
    plain, other = (model(**x, prenet_dropout=0.0).spectrogram for x in (row, changed))
    difference = (plain - other).abs().amax(-1)[0].unflatten(0, (-1, FACTOR)).amax(-1)
    assert difference[:6].max() < 1e-5, "group 5 is predicted from groups 0 to 4"
    assert difference[6] > 1e-4, "group 6 reads group 5"


def test_decoder_input_values_replace_the_past_but_not_the_target(model, batch):
    row = single(batch, 0)
    row["labels"] = row["labels"][:, : 12 * FACTOR]
    plain = model(**row, prenet_dropout=0.0)
    same = model(**row, decoder_input_values=row["labels"], prenet_dropout=0.0)
    torch.testing.assert_close(same.loss, plain.loss)
    other = model(**row, decoder_input_values=row["labels"] + 1.0, prenet_dropout=0.0)
    assert not torch.allclose(other.spectrogram, plain.spectrogram)
    error = model.model.normalize(other.spectrogram) - model.model.normalize(row["labels"])
    torch.testing.assert_close(other.spectrogram_loss, error.abs().mean() + error.square().mean())


def test_prenet_dropout_stays_on_in_eval_and_is_seeded(model, batch):
    row = single(batch, 0)
    first, second = model(**row).spectrogram, model(**row).spectrogram
    assert not torch.allclose(first, second)
    seeded = [model(**row, generator=torch.Generator().manual_seed(3)).spectrogram for _ in range(2)]
    torch.testing.assert_close(seeded[0], seeded[1])


@pytest.mark.parametrize("implementation", ["eager", "sdpa"])
def test_alignments_are_the_attention_of_the_first_heads(model, batch, config, implementation):
    model.set_attn_implementation("eager")
    expected = model(**batch, prenet_dropout=0.0, output_attentions=True).attentions
    num_groups, text = -(-50 // FACTOR), slice(config.num_style_latents, config.num_style_latents + 20)
    expected = torch.cat([expected[layer][:, :1, -num_groups:, text] for layer in config.aligned_layers], dim=1)
    model.set_attn_implementation(implementation)
    alignments = model(**batch, prenet_dropout=0.0, output_alignments=True).alignments
    torch.testing.assert_close(alignments, expected, atol=1e-5, rtol=0)


def test_attentions_need_eager_attention(model, batch):
    with pytest.raises(ValueError, match="set_attn_implementation"):
        model(**batch, output_attentions=True)


def test_a_model_without_aligned_heads_trains_and_says_so(batch):
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", guided_attention_num_layers=0)).train()
    assert model(**batch).guided_attention_loss is None
    with pytest.raises(ValueError, match="guided_attention_num_layers"):
        model(**batch, output_alignments=True)


def test_stop_loss_wants_the_last_group_of_each_row(model, batch):
    lengths = -(-batch["labels_mask"].sum(1) // FACTOR)
    ideal = torch.full((3, int(lengths.max())), -20.0)
    ideal[torch.arange(3), lengths - 1] = 20.0
    early = ideal.roll(-1, dims=1)
    original = model.predict
    losses = []
    for logits in (ideal, early):
        model.predict = lambda *args, logits=logits: (original(*args)[0], logits)
        losses.append(model(**batch).stop_loss.item())
    assert losses[0] < 1e-6 < 1 < losses[1]


def test_guided_attention_rewards_the_diagonal():
    groups, tokens = torch.ones(1, 12, dtype=torch.bool), torch.ones(1, 6, dtype=torch.long)
    prior = diagonal_prior(groups, tokens, 0.1)[0]
    assert prior.argmax(-1).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    padded = diagonal_prior(torch.nn.functional.pad(groups, (0, 3)), torch.nn.functional.pad(tokens, (0, 2)), 0.1)[0]
    torch.testing.assert_close(padded[:12, :6], prior)
    assert padded[:, 6:].max() == 0, "padding is never rewarded"


def test_the_style_is_heard_and_dropping_it_is_the_voice_of_no_reference(model, batch):
    with_reference = model(**batch, prenet_dropout=0.0).spectrogram
    other = {**batch, "reference_features": batch["reference_features"].flip(0) + 1}
    assert not torch.allclose(with_reference, model(**other, prenet_dropout=0.0).spectrogram, atol=1e-3)
    dropped = model(**batch, drop_style=torch.tensor([0, 1, 0]), prenet_dropout=0.0).spectrogram
    without = {name: values for name, values in batch.items() if not name.startswith("reference")}
    nobody = model(**without, prenet_dropout=0.0).spectrogram
    torch.testing.assert_close(dropped[1], nobody[1])
    torch.testing.assert_close(dropped[0], with_reference[0])


def test_style_latents_can_be_computed_once(model, batch):
    latents = model.get_style_latents(batch["reference_features"], batch["reference_mask"])
    without = {name: values for name, values in batch.items() if not name.startswith("reference")}
    expected = model(**batch, prenet_dropout=0.0).spectrogram
    torch.testing.assert_close(model(**without, style_latents=latents, prenet_dropout=0.0).spectrogram, expected)


def test_every_weight_learns(model, batch):
    model.train()
    model(**batch, speaker_embeddings=torch.randn(3, 16), drop_style=torch.tensor([0, 0, 1])).loss.backward()
    assert [name for name, weight in model.named_parameters() if weight.grad is None] == []


def test_optional_losses(config, batch):
    weights = {"spectral_flux_loss_weight": 0.1, "speaker_consistency_loss_weight": 0.5}
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", **weights))
    embeddings = torch.nn.functional.normalize(torch.randn(3, 16), dim=-1)
    output = model(**batch, speaker_embeddings=embeddings)
    assert 0 <= output.speaker_consistency_loss <= 2
    assert output.spectral_flux_loss < 0
    expected = (
        output.spectrogram_loss
        + output.spectrogram_before_postnet_loss
        + 0.3 * output.stop_loss
        + 0.1 * output.code_loss
        + output.guided_attention_loss
        + 0.1 * output.spectral_flux_loss
        + 0.5 * output.speaker_consistency_loss
    )
    torch.testing.assert_close(output.loss, expected)


def test_the_spectrogram_loss_is_l1_without_its_squared_error(batch):
    row = single(batch, 0)
    row["labels"] = row["labels"][:, :48]  # whole groups
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", squared_error_weight=0.0))
    output = model(**row)
    error = model.model.normalize(row["labels"]) - model.model.normalize(output.spectrogram)
    torch.testing.assert_close(output.spectrogram_loss, error.abs().mean())


@pytest.mark.parametrize("levels", [(4, 4), (8, 5, 3)])
def test_codes_are_levels_and_let_the_gradient_pass(levels):
    quantizer = GPT2TTSGroupQuantizer(GPT2TTSConfig.from_preset("tiny", code_levels=levels))
    torch.manual_seed(0)
    groups = (20 * torch.randn(2, 300, FACTOR * 80)).requires_grad_()
    codes, indices = quantizer(groups)
    assert codes.abs().max() <= 1
    for number, level in enumerate(levels):
        assert len(indices[..., number].unique()) == level == int(indices[..., number].max()) + 1
    torch.testing.assert_close(indices / (torch.tensor(levels) // 2) - 1.0, codes)
    codes.sum().backward()
    assert groups.grad.abs().sum() > 0


def test_each_number_of_a_code_is_predicted_under_those_before_it():
    torch.manual_seed(0)
    head = GPT2TTSCodeHead(GPT2TTSConfig.from_preset("tiny", code_levels=(4, 3, 4)))
    hidden_states, codes = torch.randn(1, 1, 64), torch.zeros(1, 1, 3)
    logits = head(hidden_states, codes)
    for number in range(3):
        other = codes.clone()
        other[..., number] = 1.0
        changed = (head(hidden_states, other) != logits).any(-1)[0, 0].tolist()
        assert changed == [later > number for later in range(3)]
    noise = torch.randn(2, 40, 3, 4)
    hidden_states = torch.randn(2, 40, 64)
    drawn = head.likeliest(hidden_states, noise)
    index = (head(hidden_states, drawn) + noise).argmax(-1)
    torch.testing.assert_close(index / torch.tensor([2, 1, 2]) - 1.0, drawn)
    # a level that a number does not have is never drawn
    assert logits.softmax(-1)[0, 0, 1, 3] == 0


@pytest.mark.parametrize("levels", [(4, 4), ()])
def test_of_two_possible_sounds_codes_choose_one_where_a_mean_is_neither(levels):
    torch.manual_seed(0)
    config = GPT2TTSConfig.from_preset("tiny", code_levels=levels, code_loss_weight=1.0, vocoder=None)
    model = GPT2TTSForTextToSpeech(config)
    sounds = -5 + 2 * torch.stack([torch.ones(FACTOR, 80), -torch.ones(FACTOR, 80)])
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(150):
        model(input_ids=torch.full((2, 5), 9), labels=sounds).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    spoken = (
        model.eval()
        .generate(torch.full((12, 5), 9), seed=0, temperature=0.5, prenet_dropout=0.0, max_frames=FACTOR)
        .spectrogram
    )
    loudness = spoken.mean((1, 2)) + 5
    if levels:
        assert 1.5 < loudness.max() < 2.5
        assert -2.5 < loudness.min() < -1.5
        assert (loudness.abs() > 1.5).all()
    else:
        assert (loudness.abs() < 0.5).all()


def test_a_few_steps_of_training_lower_the_loss(model, batch):
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    losses = []
    for _ in range(30):
        loss = model(**batch).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert sum(losses[-5:]) < 0.8 * sum(losses[:5])


def test_mel_statistics_are_stored_with_the_weights(model, tmp_path):
    model.model.set_mel_statistics(torch.linspace(-6, -4, 80), 1.5)
    model.save_pretrained(tmp_path)
    loaded = GPT2TTSForTextToSpeech.from_pretrained(tmp_path, dtype=torch.bfloat16)
    torch.testing.assert_close(loaded.model.mel_mean, torch.linspace(-6, -4, 80))
    frames = torch.randn(2, 7, 80)
    torch.testing.assert_close(model.model.denormalize(model.model.normalize(frames)), frames)
    with pytest.raises(ValueError, match="std"):
        model.model.set_mel_statistics(0.0, 0.0)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_close_to_float32(model, batch, dtype):
    expected = model(**batch, prenet_dropout=0.0).spectrogram
    half = copy.deepcopy(model).to(dtype)
    half.model.mel_mean, half.model.mel_std = model.model.mel_mean, model.model.mel_std
    assert (half(**batch, prenet_dropout=0.0).spectrogram - expected).abs().mean() < 0.05


def test_gradient_checkpointing_gives_the_same_gradients(model, batch):
    model.train()
    gradients = []
    for checkpointing in (False, True):
        if checkpointing:
            model.gradient_checkpointing_enable()
        model(**batch, prenet_dropout=0.0).loss.backward()
        gradients.append(
            torch.cat([weight.grad.flatten() for weight in model.parameters() if weight.grad is not None])
        )
        model.zero_grad()
    torch.testing.assert_close(gradients[0], gradients[1])


def test_compiled_forward_gives_the_same_result(model, batch):
    compiled = torch.compile(model, backend="aot_eager")
    torch.testing.assert_close(
        compiled(**batch, prenet_dropout=0.0).spectrogram,
        model(**batch, prenet_dropout=0.0).spectrogram,
        atol=1e-4,
        rtol=1e-4,
    )


def test_device_map(model, batch, tmp_path):
    pytest.importorskip("accelerate")
    model.save_pretrained(tmp_path)
    placed = GPT2TTSForTextToSpeech.from_pretrained(tmp_path, device_map="cpu").eval()
    torch.testing.assert_close(
        placed(**batch, prenet_dropout=0.0).spectrogram, model(**batch, prenet_dropout=0.0).spectrogram
    )


def test_the_vocabulary_can_grow(model, batch):
    before = model(**batch, prenet_dropout=0.0).spectrogram
    model.resize_token_embeddings(300, mean_resizing=False)
    assert (model.config.vocab_size, model.get_input_embeddings().num_embeddings) == (300, 300)
    torch.testing.assert_close(model(**batch, prenet_dropout=0.0).spectrogram, before)
    batch["input_ids"][0, 0] = 299
    assert model(**batch).loss.isfinite()


def test_from_gpt2_takes_the_backbones_weights(tmp_path):
    gpt2 = GPT2Model(GPT2Config(n_embd=32, n_layer=2, n_head=4, n_positions=64, vocab_size=97))
    gpt2.save_pretrained(tmp_path)
    small = {"conditioning_hidden_size": 16, "conditioning_num_layers": 1, "conditioning_num_heads": 2}
    sizes = {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 48}
    config = GPT2TTSConfig(
        gpt2_config=sizes,
        vocab_size=97,
        max_text_positions=48,
        max_mel_positions=48,
        guided_attention_num_layers=1,
        **small,
    )
    model = GPT2TTSForTextToSpeech.from_gpt2(tmp_path, config=config)
    for name, weight in gpt2.state_dict().items():
        ours = model.model.gpt2.state_dict()[name]
        torch.testing.assert_close(ours, weight[: len(ours)])

    config.gpt2_config.n_layer = 3
    with pytest.raises(ValueError, match="n_layer"):
        GPT2TTSForTextToSpeech.from_gpt2(tmp_path, config=config)


def test_from_gpt2_finds_the_sizes_by_itself(tmp_path):
    GPT2Model(GPT2Config(n_embd=32, n_layer=2, n_head=4, n_positions=64, vocab_size=97)).save_pretrained(tmp_path)
    model = GPT2TTSForTextToSpeech.from_gpt2(str(tmp_path))
    assert (model.config.hidden_size, model.config.num_hidden_layers, model.config.vocab_size) == (32, 2, 97)
    assert model.config.max_mel_positions == 64


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": None}, "generate"),
        ({"labels": torch.zeros(3, 1604, 80), "labels_mask": None}, "max_mel_positions"),
        ({"reference_features": torch.zeros(3, 40, 64)}, "reference_features"),
    ],
)
def test_bad_input_is_named(model, batch, change, message):
    with pytest.raises(ValueError, match=message):
        model(**{**batch, **change})
