"""Three clips learnt by heart: what training, the reading position and generation are for, in half a minute."""

import numpy as np
import pytest
import torch

from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.data.collation import SpeechCollator, group_positions, shift_positions
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.training.optimizers import LearningRateSchedule, TrainingBudget, build_optimizer

FACTOR = 4
NUM_STEPS = 450
NUM_SOUNDS = 6
FIRST_SOUND = 100
SILENCE = NUM_SOUNDS


def make_sounds():
    """A mel, a log-pitch and a voicing for each of the sounds, and last for silence: `(7, 82)`."""
    generator = np.random.default_rng(0)
    sounds = np.concatenate([generator.normal(-5, 2, (NUM_SOUNDS, 80)), np.full((1, 80), -11.0)])
    pitch = np.append(np.log(np.linspace(120, 220, NUM_SOUNDS)), np.log(150))
    voicing = np.append(np.arange(NUM_SOUNDS) % 2, 0)
    return np.concatenate([sounds, pitch[:, None], voicing[:, None]], axis=1).astype(np.float32)


def make_clips(sounds):
    """Items for the collator: texts of ten to fourteen sounds that last 3 to 8 frames each, with silence around them."""
    generator = np.random.default_rng(1)
    items = []
    for num_tokens in (10, 12, 14):
        tokens = generator.permutation(np.arange(num_tokens) % NUM_SOUNDS)
        durations = np.array([21, *generator.integers(3, 9, num_tokens), 21])
        frames = sounds[np.repeat([SILENCE, *tokens, SILENCE], durations)]
        items.append(
            {
                "input_ids": np.array([1, *(FIRST_SOUND + tokens), 2]),
                "text_positions": group_positions(np.cumsum(durations), len(frames), FACTOR),
                "labels": frames.astype(np.float16),
                "reference_features": frames[:40, :80].astype(np.float16),
            }
        )
    return items


@pytest.fixture(scope="module")
def learnt():
    """The batch, the trained model and its losses over the steps."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    collate, clips = SpeechCollator(0, FACTOR, with_references=False), make_clips(make_sounds())
    generator = np.random.default_rng(0)
    # three clips are soon known by their past alone: of so few the dropout keeps the text in play
    config = GPT2TTSConfig.from_preset("tiny", vocoder=None, prenet_dropout=0.5)
    model = GPT2TTSForTextToSpeech(config)
    model.model.set_mel_statistics(-6.0, 3.0)
    model.train()
    budget = TrainingBudget(max_steps=NUM_STEPS)
    optimizer = build_optimizer(model, "muon", learning_rate=3e-3)
    schedule = LearningRateSchedule(optimizer, budget, warmup_steps=20)
    losses = []
    for _ in range(NUM_STEPS):
        places = [shift_positions(clip["text_positions"], generator) for clip in clips]
        batch = collate([{**clip, "decoder_text_positions": p} for clip, p in zip(clips, places, strict=True)])
        loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        budget.step += 1
        schedule.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    yield batch, model.eval(), losses
    torch.set_num_threads(threads)


def test_clips_are_learnt_by_heart(learnt):
    _, _, losses = learnt
    assert np.mean(losses[-10:]) < 0.25 * np.mean(losses[:10])


def test_free_speech_ends_by_itself_as_long_as_the_clip(learnt):
    batch, model, _ = learnt
    spoken = model.generate(batch["input_ids"], batch["attention_mask"], seed=0)
    assert spoken.stopped.all()
    ratio = spoken.spectrogram_lengths / batch["labels_mask"].sum(1)
    assert ((ratio > 0.85) & (ratio < 1.15)).all(), ratio


def test_free_speech_says_what_stands_where_it_reads(learnt):
    batch, model, _ = learnt
    sounds = torch.from_numpy(make_sounds())
    spoken = model.generate(batch["input_ids"], batch["attention_mask"], seed=0)
    for row, length in enumerate(spoken.spectrogram_lengths):
        text = batch["input_ids"][row]
        text = torch.where(text >= FIRST_SOUND, text - FIRST_SOUND, SILENCE)
        read = text[spoken.text_positions[row, : length // FACTOR].round().long()]
        said = torch.cdist(spoken.spectrogram[row, :length], sounds[:, :80]).argmin(1)
        # a group may hold the end of one sound and the beginning of the next
        in_group = (said.view(-1, FACTOR) == read[:, None]).any(1)
        assert in_group.float().mean() > 0.6  # by chance 0.2
        assert set(text.tolist()) == set(said.tolist())
        # pitch and voicing are those of the sounds
        voiced = sounds[said, 81] == 1
        assert (spoken.voicing[row, :length][voiced] > 0.5).float().mean() > 0.8
        assert (spoken.voicing[row, :length][~voiced] < 0.5).float().mean() > 0.8
        semitones = 12 * (spoken.pitch[row, :length] / sounds[said, 80].exp()).log2().abs()
        assert semitones[voiced].median() < 1
