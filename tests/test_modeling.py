import copy
import math
import os
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch._subclasses import FakeTensorMode
from transformers import GPT2Config, GPT2Model

from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.modeling_gpt2tts import LOG_PITCH_MEAN, VOICING_MEAN, GPT2TTSForTextToSpeech
from gpt2tts.training.attention import choose_attention

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


def random_frames(*shape):
    """Frames `(*shape, 82)` of noise, with a pitch of 100 to 300 Hz."""
    mel = torch.randn(*shape, 80) * 2 - 5
    return torch.cat([mel, 4.6 + 1.1 * torch.rand(*shape, 1), torch.rand(*shape, 1)], dim=-1)


def even_positions(tokens, frames):
    """Places `(rows, groups + 1)` of texts that are read evenly, from 0 to the end."""
    groups = [-(-count // FACTOR) for count in frames]
    positions = torch.zeros(len(tokens), max(groups) + 1)
    for row, (length, count) in enumerate(zip(tokens, groups, strict=True)):
        positions[row] = (torch.arange(max(groups) + 1) * length / count).clamp(max=length)
    return positions


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
        "labels": random_frames(3, 50) * mask(frames)[..., None],
        "labels_mask": mask(frames),
        "text_positions": even_positions(tokens, frames),
        "reference_features": torch.randn(3, 40, 80) * 2 - 5,
        "reference_mask": mask(reference),
    }


def single(batch, row):
    """One row of the batch without its padding."""
    masks = {"input_ids": "attention_mask", "labels": "labels_mask", "reference_features": "reference_mask"}
    parts = {name: batch[name][row : row + 1, : int(batch[mask][row].sum())] for name, mask in masks.items()}
    num_groups = -(-parts["labels"].shape[1] // FACTOR)
    return {**parts, "text_positions": batch["text_positions"][row : row + 1, : num_groups + 1]}


def test_padding_never_changes_a_row(model, batch):
    batched = model(**batch, prenet_dropout=0.0)
    for row in range(3):
        alone = model(**single(batch, row), prenet_dropout=0.0)
        frames = alone.spectrogram.shape[1]
        for name in ("spectrogram", "pitch", "voicing"):
            torch.testing.assert_close(batched[name][row, :frames], alone[name][0], atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(batched.steps[row, : frames // FACTOR], alone.steps[0], atol=1e-4, rtol=0)


def test_losses_do_not_depend_on_padding(model, batch):
    alone = model(**{**single(batch, 2), "labels_mask": None}, prenet_dropout=0.0)
    padded = {name: values[2:].clone() for name, values in batch.items()}
    padded["labels"] += 100 * (1 - padded["labels_mask"][..., None])
    padded["text_positions"][:, 1 + -(-29 // FACTOR) :] += 50
    padded = model(**padded, prenet_dropout=0.0)
    for name in ("loss", "spectrogram_loss", "spectrogram_before_postnet_loss", "position_loss"):
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

    def differing_groups(values):
        changed = {**row, "labels": row["labels"].clone()}
        changed["labels"][:, 5 * FACTOR : 6 * FACTOR, values] += 0.3
        # after the postnet too: one that looks ahead copies from predictions that have read what it is to predict
        plain, other = (model(**inputs, prenet_dropout=0.0).spectrogram for inputs in (row, changed))
        return (plain - other).abs().amax(-1)[0].unflatten(0, (-1, FACTOR)).amax(-1)

    # mel, pitch and voicing are all read
    for values in (slice(0, 80), slice(80, 81), slice(81, 82)):
        difference = differing_groups(values)
        assert difference[:6].max() < 1e-5, "group 5 is predicted from groups 0 to 4"
        assert difference[6] > 1e-4, "group 6 reads group 5"


def test_the_text_is_read_at_the_position_of_each_group(model, batch):
    row = single(batch, 0)
    positions = torch.zeros_like(row["text_positions"])
    embeds = model.model.embed_text(row["input_ids"], torch.ones_like(row["input_ids"]))
    for place, token in ((0.0, 0), (3.0, 3), (100.0, 19)):
        positions[:] = place
        read = model.model.read_text(embeds, positions)
        torch.testing.assert_close(read[0, 4], model.model.position_proj(embeds)[0, token])
    # between two tokens it is between their embeddings
    positions[:] = 3.25
    torch.testing.assert_close(
        model.model.read_text(embeds, positions)[0, 0],
        (0.75 * model.model.position_proj(embeds)[0, 3] + 0.25 * model.model.position_proj(embeds)[0, 4]),
        atol=1e-5,
        rtol=1e-4,
    )


def test_a_place_is_read_from_its_group_on(model, batch):
    row = single(batch, 0)
    moved = row["text_positions"].clone()
    moved[:, 5] += 4
    plain = model(**row, prenet_dropout=0.0)
    other = model(**{**row, "text_positions": moved}, prenet_dropout=0.0)
    difference = (plain.spectrogram - other.spectrogram).abs().amax(-1)[0].unflatten(0, (-1, FACTOR)).amax(-1)
    assert difference[:5].max() < 1e-5
    assert difference[5] > 1e-4


def test_the_step_learns_to_lead_from_where_it_is_read_to_the_true_place(model, batch):
    row = single(batch, 0)
    true = row["text_positions"]
    model.step_head.weight.data.zero_()
    step = 1.5
    model.step_head.bias.data.fill_(math.log(math.expm1(step)))
    shifted = true[:, :-1] + torch.tensor([0.3, -0.2]).repeat(20)[: true.shape[1] - 1]
    output = model(**row, decoder_text_positions=shifted, prenet_dropout=0.0)
    torch.testing.assert_close(output.steps, torch.full_like(output.steps, step))
    expected = torch.nn.functional.smooth_l1_loss(output.steps, (true[:, 1:] - shifted).clamp(min=0))
    torch.testing.assert_close(output.position_loss, expected)


def test_prenet_dropout_stays_on_in_eval_and_is_seeded(model, batch):
    row = single(batch, 0)
    first, second = model(**row).spectrogram, model(**row).spectrogram
    assert not torch.allclose(first, second)
    seeded = [model(**row, generator=torch.Generator().manual_seed(3)).spectrogram for _ in range(2)]
    torch.testing.assert_close(seeded[0], seeded[1])


def test_attentions_need_eager_attention(model, batch):
    with pytest.raises(ValueError, match="set_attn_implementation"):
        model(**batch, output_attentions=True)


def test_losses_are_weighted_and_pitch_and_voicing_are_in_them(batch):
    weights = {"speaker_consistency_loss_weight": 0.5, "position_loss_weight": 2.0}
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", spectrogram_loss_weight=3.0, **weights))
    embeddings = torch.nn.functional.normalize(torch.randn(3, 16), dim=-1)
    output = model(**batch, speaker_embeddings=embeddings, prenet_dropout=0.0)
    voices = model.speaker_proj(output.style_latents.mean(1))
    cosines = torch.nn.functional.cosine_similarity(voices, embeddings)
    groups = torch.tensor([13, 11, 8])  # of 50, 43 and 29 frames
    torch.testing.assert_close(output.speaker_consistency_loss, ((1 - cosines) * groups).sum() / groups.sum())
    expected = (
        3.0 * (output.spectrogram_loss + output.spectrogram_before_postnet_loss)
        + 2.0 * output.position_loss
        + 0.5 * output.speaker_consistency_loss
    )
    torch.testing.assert_close(output.loss, expected)
    # the mean is over the rows of which an embedding is known
    half = embeddings * torch.tensor([1.0, 1.0, 0.0])[:, None]
    two = {name: value[:2] for name, value in batch.items()}
    known = model(**two, speaker_embeddings=embeddings[:2], prenet_dropout=0.0).speaker_consistency_loss
    some = model(**batch, speaker_embeddings=half, prenet_dropout=0.0).speaker_consistency_loss
    torch.testing.assert_close(some, known)
    assert model(**batch).speaker_consistency_loss is None
    for value in (80, 81):
        other = {**batch, "labels": batch["labels"].clone()}
        other["labels"][..., value] += 0.2 * batch["labels_mask"]
        change = model(**other, prenet_dropout=0.0).spectrogram_loss - output.spectrogram_loss
        assert change.abs() > 1e-3


def test_outputs_are_in_hertz_and_shares(model, batch):
    output = model(**batch)
    assert output.spectrogram.shape == (3, 52, 80)
    assert output.pitch.shape == output.voicing.shape == (3, 52)
    assert output.pitch.min() >= 40
    assert output.pitch.max() <= 1201
    assert 0 <= output.voicing.min() <= output.voicing.max() <= 1
    assert output.steps.shape == (3, 13)
    assert output.steps.min() > 0


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


@pytest.mark.parametrize("speaker_embeddings", [torch.randn(3, 16), None])
def test_every_weight_learns(model, batch, speaker_embeddings):
    model.train()
    model(**batch, speaker_embeddings=speaker_embeddings, drop_style=torch.tensor([0, 0, 1])).loss.backward()
    assert [name for name, weight in model.named_parameters() if weight.grad is None] == []


def with_fine_spectra(labels):
    fine = torch.randn(*labels.shape[:-1], 160, generator=torch.Generator().manual_seed(5)) * 2 - 5
    return torch.cat([labels[..., :80], fine, labels[..., -2:]], dim=-1)


def test_a_new_refiner_reads_between_the_frames(model, batch):
    output = model(**batch)
    spectrogram, fine = output.spectrogram, output.fine_spectrogram.unflatten(-1, (2, 80))
    torch.testing.assert_close(fine[:, :, 0], spectrogram)
    between = (spectrogram[:, :-1] + spectrogram[:, 1:]) / 2
    inside = torch.arange(between.shape[1]) % FACTOR < FACTOR - 1
    torch.testing.assert_close(fine[:, :-1, 1][:, inside], between[:, inside])
    torch.testing.assert_close(fine[:, FACTOR - 1 :: FACTOR, 1], spectrogram[:, FACTOR - 1 :: FACTOR])


def test_the_loss_of_the_refiner_reaches_the_refiner_alone(model, batch):
    torch.nn.init.normal_(model.refiner.fc_out.weight, std=0.1)
    gradients = []
    for labels in (batch["labels"], with_fine_spectra(batch["labels"])):
        model.zero_grad()
        output = model(**{**batch, "labels": labels}, generator=torch.Generator().manual_seed(0))
        output.loss.backward()
        gradients.append(
            {name: weight.grad.clone() for name, weight in model.named_parameters() if weight.grad is not None}
        )
    without, with_them = gradients
    for name, gradient in without.items():
        if name.startswith("refiner."):
            assert not gradient.any()
            assert with_them[name].any()
        else:
            torch.testing.assert_close(gradient, with_them[name])
    assert output.refiner_loss > 0


def test_of_rows_without_fine_spectra_the_refiner_learns_nothing(model, batch):
    labels = with_fine_spectra(batch["labels"])
    known = model(**{**batch, "labels": labels}, prenet_dropout=0.0).refiner_loss
    labels[0, :, 80:-2] = torch.nan
    some = model(**{**batch, "labels": labels}, prenet_dropout=0.0)
    assert 0 < some.refiner_loss < known
    labels[..., 80:-2] = torch.nan
    none = model(**{**batch, "labels": labels}, prenet_dropout=0.0)
    assert none.refiner_loss == 0
    torch.testing.assert_close(none.spectrogram_loss, some.spectrogram_loss)


def test_the_refiner_learns_the_fine_spectra(model, batch):
    labels = with_fine_spectra(batch["labels"])
    optimizer = torch.optim.AdamW(model.refiner.parameters(), lr=3e-3)
    losses = []
    for _ in range(60):
        optimizer.zero_grad()
        loss = model(**{**batch, "labels": labels}, prenet_dropout=0.0).refiner_loss
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.8 * losses[0]


def test_where_the_reading_is_ahead_it_learns_to_wait(model, batch):
    ahead = batch["text_positions"][:, :-1] + 5.0
    output = model(**batch, decoder_text_positions=ahead, prenet_dropout=0.0)
    mask = batch["labels_mask"][:, ::FACTOR].bool()
    expected = torch.nn.functional.smooth_l1_loss(output.steps[mask], torch.zeros(int(mask.sum())))
    torch.testing.assert_close(output.position_loss, expected)


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
    torch.testing.assert_close(loaded.model.normalizer.frame_mean, model.model.normalizer.frame_mean)
    torch.testing.assert_close(loaded.model.normalizer.frame_mean[:80], torch.linspace(-6, -4, 80))
    # pitch and voicing keep theirs
    assert loaded.model.normalizer.frame_mean[80:].tolist() == pytest.approx([LOG_PITCH_MEAN, VOICING_MEAN])
    for size in (80, 82):
        frames = torch.randn(2, 7, size)
        torch.testing.assert_close(model.model.denormalize(model.model.normalize(frames)), frames)
    with pytest.raises(ValueError, match="std"):
        model.model.set_mel_statistics(0.0, 0.0)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_close_to_float32(model, batch, dtype):
    expected = model(**batch, prenet_dropout=0.0)
    half = copy.deepcopy(model).to(dtype)
    # the statistics of frames keep their precision: at half of it a mel of -5 is off by up to 0.02
    torch.testing.assert_close(half.model.normalizer.frame_mean, model.model.normalizer.frame_mean, rtol=0, atol=0)
    # float inputs come as they are: float32 of the processor, or cast by the caller
    for inputs in (batch, {name: v.to(dtype) if v.is_floating_point() else v for name, v in batch.items()}):
        output = half(**inputs, prenet_dropout=0.0)
        assert (output.spectrogram - expected.spectrogram).abs().mean() < 0.03
        torch.testing.assert_close(output.loss, expected.loss, rtol=0.02, atol=0)
        torch.testing.assert_close(output.steps, expected.steps, rtol=0.03, atol=0.01)
    latents = model.get_style_latents(batch["reference_features"], batch["reference_mask"])
    without = {name: values for name, values in batch.items() if not name.startswith("reference")}
    output = half(**without, style_latents=latents, prenet_dropout=0.0)
    assert (output.spectrogram - expected.spectrogram).abs().mean() < 0.03


def test_labels_of_minus_100_are_padding(model, batch):
    expected = model(**batch, prenet_dropout=0.0)
    padded = {**batch, "labels": batch["labels"].masked_fill(batch["labels_mask"][..., None] == 0, -100)}
    for mask in (None, padded["labels_mask"]):
        output = model(**{**padded, "labels_mask": mask}, prenet_dropout=0.0)
        for name in ("loss", "spectrogram_loss", "position_loss"):
            torch.testing.assert_close(output[name], expected[name])


def test_a_row_without_frames_has_no_part_in_the_losses(model, batch):
    first = single(batch, 0)
    expected = model(**first, prenet_dropout=0.0)
    rows = {name: torch.cat([values, values]) for name, values in first.items()}
    rows["labels"][1] = -100
    torch.testing.assert_close(model(**rows, prenet_dropout=0.0).loss, expected.loss)


def test_the_last_frame_of_a_clip_is_heard_and_none_beyond_the_limit(model, config):
    assert config.conditioning_stride > 1
    clip = torch.randn(1, config.max_reference_frames, 80) * 2 - 5
    for length in (1, config.conditioning_stride * 5 + 1):
        changed = clip[:, :length].clone()
        changed[:, -1] += 3.0
        latents = model.get_style_latents(clip[:, :length])
        assert latents.isfinite().all()
        assert not torch.allclose(latents, model.get_style_latents(changed), atol=1e-3)
    longer = torch.cat([clip, clip.flip(1)], dim=1)
    torch.testing.assert_close(model.get_style_latents(longer), model.get_style_latents(clip))


def test_one_voice_serves_all_rows(model, batch):
    reference = {name: batch.pop(name)[:1] for name in ("reference_features", "reference_mask")}
    latents = model.get_style_latents(**reference)
    expected = model(**batch, style_latents=latents.expand(3, -1, -1), prenet_dropout=0.0).loss
    for voice in ({"style_latents": latents}, {"style_latents": latents[0]}, reference):
        torch.testing.assert_close(model(**batch, **voice, prenet_dropout=0.0).loss, expected)


def test_trainer_trains_on_rows_padded_with_minus_100(model, batch, tmp_path):
    pytest.importorskip("accelerate")
    from transformers import Trainer, TrainingArguments

    def collate(rows):
        def pad(name, value):
            return torch.nn.utils.rnn.pad_sequence([row[name] for row in rows], True, value)

        return {
            "input_ids": pad("input_ids", 0),
            "labels": pad("labels", -100),
            "text_positions": pad("text_positions", 0),
            "reference_features": pad("reference_features", 0),
        }

    rows = [{name: values[0] for name, values in single(batch, row).items()} for row in range(3)]
    model.config.prenet_dropout = model.model.prenet.dropout = 0.0
    expected = model(**collate(rows)).loss.item()
    arguments = TrainingArguments(
        tmp_path,
        max_steps=1,
        per_device_train_batch_size=3,
        learning_rate=0.0,
        report_to="none",
        use_cpu=True,
        label_names=["labels"],
    )
    trainer = Trainer(model, arguments, train_dataset=rows, eval_dataset=rows, data_collator=collate)
    assert trainer.train().training_loss == pytest.approx(expected, rel=1e-4)
    assert trainer.evaluate()["eval_loss"] == pytest.approx(expected, rel=1e-4)


def test_outputs_that_the_configuration_asks_for(model, batch):
    model.set_attn_implementation("eager")
    arguments = {**batch, "prenet_dropout": 0.0}
    expected = model(**arguments, output_hidden_states=True, output_attentions=True)
    assert len(expected.hidden_states) == 1 + model.config.num_hidden_layers
    assert len(expected.attentions) == model.config.num_hidden_layers
    assert model(**arguments).hidden_states is model(**arguments).attentions is None
    model.config.output_hidden_states = model.config.output_attentions = True
    output = model(**arguments)
    torch.testing.assert_close(output.hidden_states, expected.hidden_states)
    torch.testing.assert_close(output.attentions, expected.attentions)
    assert model(**arguments, output_hidden_states=False).hidden_states is None

    model.config.return_dict = False
    values = model(**arguments)
    assert isinstance(values, tuple)
    torch.testing.assert_close(values[0], expected.loss)
    assert model(**arguments, return_dict=True).loss == expected.loss
    assert model.generate(batch["input_ids"], seed=0, max_frames=8).spectrogram.shape == (3, 8, 80)
    backbone = {"input_ids": batch["input_ids"], "text_positions": batch["text_positions"][:, :1]}
    assert isinstance(model.model(**backbone), tuple)


def test_eager_and_sdpa_attention_agree(model, batch):
    expected = model(**batch, prenet_dropout=0.0).spectrogram
    model.set_attn_implementation("eager")
    torch.testing.assert_close(model(**batch, prenet_dropout=0.0).spectrogram, expected, atol=1e-4, rtol=1e-4)


def test_what_nothing_reads_is_left_out_without_effect(model, batch):
    expected = model(**batch, prenet_dropout=0.0, output_hidden_states=True)
    output = model(**batch, prenet_dropout=0.0)
    torch.testing.assert_close(output.spectrogram, expected.spectrogram)
    torch.testing.assert_close(output.steps, expected.steps)
    first, *_, last = (block.mlp.c_proj.weight for block in model.model.gpt2.h)
    assert 0.8 < last.std() / first.std() < 1.25  # both start as GPT-2's do


def test_the_attention_of_training_agrees_with_the_others(model, batch):
    expected = model(**batch, prenet_dropout=0.0)
    choose_attention(model, "no")
    assert model.model.gpt2.config._attn_implementation == "sdpa"
    choose_attention(model, "bf16")
    trained = model(**batch, prenet_dropout=0.0)
    assert model.model.gpt2.config._attn_implementation != "sdpa"
    torch.testing.assert_close(trained.spectrogram, expected.spectrogram, atol=1e-4, rtol=1e-4)
    with torch.autocast("cpu", torch.bfloat16):
        rounded = model(**batch, prenet_dropout=0.0)
    assert (rounded.loss - expected.loss).abs() < 0.02 * expected.loss


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


def test_checkpointing_that_generation_cannot_do_with_is_named(model):
    model.train().gradient_checkpointing_enable()
    text = torch.tensor([[1, 70, 71, 2]])
    with pytest.raises(ValueError, match=r"checkpointing.*call `model.eval\(\)`"):
        model.generate(text, seed=0)
    assert model.eval().generate(text, seed=0, max_frames=8).spectrogram.shape[1] > 0


def test_training_compiles_for_batches_of_all_shapes(batch):
    """As `train_accelerate.py --compile` compiles it, by the real compiler, of whose passes the quick ones are enough."""
    if "GPT2TTS_SLOW_TESTS" not in os.environ:
        pytest.skip("a minute or two of compiling: set GPT2TTS_SLOW_TESTS")
    if shutil.which(os.environ.get("CXX", "g++")) is None:
        pytest.skip("torch.compile needs a C++ compiler on the CPU")
    small = {"text_conv_num_layers": 1, "postnet_num_layers": 1, "prenet_num_layers": 1, "prenet_dropout": 0.0}
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", gpt2_config={"n_layer": 1}, **small)).train()
    quick = {"cpp.simdlen": 1, "aot_inductor.debug_compile": True}
    compiled = torch.compile(model, dynamic=True, options=quick)
    for rows, tokens, frames, reference in ((slice(0, 3), 20, 50, 40), (slice(1, 3), 17, 43, 30)):
        lengths = {"input_ids": tokens, "attention_mask": tokens, "labels": frames, "labels_mask": frames}
        lengths |= {
            "text_positions": 1 - (-frames // FACTOR),
            "reference_features": reference,
            "reference_mask": reference,
        }
        inputs = {name: values[rows, : lengths[name]].contiguous() for name, values in batch.items()}
        gradients = []
        for module in (compiled, model):
            loss = module(**inputs).loss
            loss.backward()
            gradients.append([loss] + [weight.grad for weight in model.parameters() if weight.grad is not None])
            model.zero_grad()
        torch.testing.assert_close(*gradients, atol=1e-4, rtol=1e-4)


def offload(model, how, folder):
    """The model with its weights moved to the CPU or the disk, from where each module fetches its own as it runs."""
    import accelerate

    cpu, options = torch.device("cpu"), {"offload_buffers": True}
    if how == "cpu_offload":
        return accelerate.cpu_offload(copy.deepcopy(model), cpu, **options)
    if how == "disk_offload":
        return accelerate.disk_offload(copy.deepcopy(model), folder / "offloaded", cpu, **options)
    model.save_pretrained(folder / "saved")
    device_map: str | dict = "auto"
    if how == "some_on_disk":
        # accelerate brings back what a module holds, not single weights by their names
        device_map = dict.fromkeys((f"model.{name}" for name, _ in model.model.named_parameters(recurse=False)), "cpu")
        names = [f"model.{name}" for name, _ in model.model.named_children()]
        names += [name for name, _ in model.named_children() if name != "model"]
        device_map |= {name: "disk" if index % 2 else "cpu" for index, name in enumerate(names)}
    options["offload_folder"] = folder / "offloaded"
    return GPT2TTSForTextToSpeech.from_pretrained(folder / "saved", device_map=device_map, **options).eval()


@pytest.mark.parametrize("how", ["cpu_offload", "disk_offload", "auto", "some_on_disk"])
def test_weights_may_be_offloaded(model, batch, tmp_path, how):
    pytest.importorskip("accelerate")
    reference = {name: values for name, values in batch.items() if name.startswith("reference")}
    text = {name: batch[name] for name in ("input_ids", "attention_mask")}
    without = {name: values for name, values in batch.items() if name not in reference}

    def speak(model):
        with torch.no_grad():
            return [
                model(**batch, prenet_dropout=0.0).spectrogram,
                model(**without, prenet_dropout=0.0).spectrogram,
                model.generate(**text, **reference, seed=0, max_frames=8, engine="torch").spectrogram,
                model.generate(**text, seed=0, max_frames=8, engine="torch").spectrogram,
                next(model.stream(text["input_ids"][:1], seed=0, engine="torch")).spectrogram,
            ]

    torch.testing.assert_close(speak(offload(model, how, tmp_path)), speak(model), atol=1e-4, rtol=1e-4)


def test_parts_may_lie_on_several_devices(batch):
    """Every other module on a second device: nothing meets what lies elsewhere. The devices are not really there."""
    hooks = pytest.importorskip("accelerate.hooks")

    def move(module, device):
        for part in module.modules():
            for tensors, wrap in ((part._parameters, torch.nn.Parameter), (part._buffers, lambda values: values)):
                tensors.update({name: wrap(v.detach().to(device)) for name, v in tensors.items() if v is not None})

    with FakeTensorMode() as mode:
        model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny"))
        move(model, "cuda:0")
        whole = (
            "model.conditioning_encoder",
            "model.perceiver_resampler",
            "postnet",
            "model.text_convs.",
            "model.gpt2.h.",
        )
        parts = [
            (name, module)
            for name, module in model.named_modules()
            if any(name.startswith(start) and "." not in name[len(start) :] for start in whole)
            or (not any(name.startswith(start) for start in whole) and not list(module.children()))
        ]
        assert len(parts) > 15
        for index, (_, module) in enumerate(parts):
            device = torch.device("cuda", index % 2)
            move(module, device)
            hooks.add_hook_to_module(module, hooks.AlignDevicesHook(device))
        model.model.kind_embeddings = torch.nn.Parameter(model.model.kind_embeddings.detach().to("cuda:1"))
        inputs = {name: mode.from_tensor(values).to("cuda:0") for name, values in batch.items()}
        for training in (False, True):
            output = model.train(training)(**inputs, speaker_embeddings=torch.zeros(3, 16, device="cuda:0"))
            assert output.loss.device == output.spectrogram.device == torch.device("cuda:0")


def test_statistics_of_older_checkpoints_are_found(model, batch, tmp_path):
    model.model.set_mel_statistics(torch.linspace(-6, -4, 80), 1.5)
    model.save_pretrained(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    renamed = {name.replace("normalizer.", ""): values for name, values in weights.items()}
    assert "model.frame_mean" in renamed
    save_file(renamed, tmp_path / "model.safetensors", metadata={"format": "pt"})
    loaded, info = GPT2TTSForTextToSpeech.from_pretrained(tmp_path, output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    loaded.save_pretrained(tmp_path / "again")
    # others than `from_pretrained` read them too: `Trainer` where it resumes, `accelerate.load_checkpoint_and_dispatch`
    assert load_file(tmp_path / "again" / "model.safetensors").keys() == weights.keys()
    for each in (loaded, GPT2TTSForTextToSpeech.from_pretrained(tmp_path / "again")):
        for name, values in model.state_dict().items():
            torch.testing.assert_close(each.state_dict()[name], values, rtol=0, atol=0)


def test_the_vocabulary_can_grow(model, batch):
    before = model(**batch, prenet_dropout=0.0).spectrogram
    model.resize_token_embeddings(340, mean_resizing=False)
    assert (model.config.vocab_size, model.get_input_embeddings().num_embeddings) == (340, 340)
    torch.testing.assert_close(model(**batch, prenet_dropout=0.0).spectrogram, before)
    batch["input_ids"][0, 0] = 339
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
        **small,
    )
    model = GPT2TTSForTextToSpeech.from_gpt2(tmp_path, config=config)
    for name, weight in gpt2.state_dict().items():
        ours = model.model.gpt2.state_dict()[name]
        torch.testing.assert_close(ours, weight[: len(ours)])

    for name, value in {"n_layer": 3, "n_head": 2, "n_positions": 80}.items():
        other = copy.deepcopy(config)
        setattr(other.gpt2_config, name, value)
        with pytest.raises(ValueError, match=name):
            GPT2TTSForTextToSpeech.from_gpt2(tmp_path, config=other)


def test_from_gpt2_finds_the_sizes_by_itself(tmp_path):
    GPT2Model(GPT2Config(n_embd=32, n_layer=2, n_head=4, n_positions=64, vocab_size=97)).save_pretrained(tmp_path)
    model = GPT2TTSForTextToSpeech.from_gpt2(str(tmp_path))
    assert (model.config.hidden_size, model.config.num_hidden_layers, model.config.vocab_size) == (32, 2, 97)
    assert model.config.max_mel_positions == 64


def test_the_longest_that_the_context_holds_is_taken(model, config):
    frames, tokens = config.max_mel_positions * FACTOR, config.max_text_positions
    inputs = {"input_ids": torch.full((1, tokens), 70), "labels": random_frames(1, frames)}
    output = model(**inputs, text_positions=even_positions([tokens], [frames]))
    assert output.loss.isfinite()
    assert output.spectrogram.shape == (1, frames, 80)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": None}, "generate"),
        ({"text_positions": None}, "text_positions"),
        (
            {"labels": torch.zeros(3, 16, 80)},
            r"`labels` must be \(batch_size, num_frames, 82\), got \(3, 16, 80\).*track_pitch",
        ),
        ({"text_positions": torch.zeros(3, 2)}, r"`text_positions` must be .* got \(3, 2\)"),
        ({"labels": torch.zeros(3, 1604, 82), "labels_mask": None}, "max_mel_positions"),
        ({"reference_features": torch.zeros(3, 40, 64)}, "reference_features"),
        ({"labels": torch.zeros(2, 50, 82), "labels_mask": None}, "`labels` has 2 rows, `input_ids` 3"),
        ({"style_latents": torch.zeros(2, 4, 64)}, r"`style_latents` has shape \(2, 4, 64\)"),
    ],
)
def test_bad_input_is_named(model, batch, change, message):
    with pytest.raises(ValueError, match=message):
        model(**{**batch, **change})
