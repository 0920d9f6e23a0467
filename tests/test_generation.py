import copy
import math

import numpy as np
import pytest
import torch
from transformers import GenerationConfig
from transformers.generation import BaseStreamer, StoppingCriteria, StoppingCriteriaList

from gpt2tts import decoding_gpt2tts
from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.generation_gpt2tts import seeded_generator
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech

FACTOR = 4


def build_model(**overrides):
    torch.manual_seed(0)
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", vocoder=None, **overrides)).eval()
    # it starts at zero: a postnet that changes what it gets shows a frame given out or read too early
    torch.nn.init.normal_(model.postnet.convs[-1].weight, std=0.1)
    torch.nn.init.normal_(model.refiner.fc_out.weight, std=0.3)
    return model


def set_step(model, tokens):
    """Makes the reading position move by `tokens` after each group, whatever is said."""
    model.step_head.weight.data.zero_()
    model.step_head.bias.data.fill_(math.log(math.expm1(tokens)) if tokens else -100.0)
    return model


@pytest.fixture(scope="module")
def model():
    """A model whose reading moves on by some two thirds of a token a group, not evenly."""
    return build_model()


@pytest.fixture(scope="module")
def even_model():
    """A model that reads half a token a group."""
    return set_step(build_model(), 0.5)


@pytest.fixture(scope="module")
def stuck_model():
    """A model whose reading stays where it is: its speech never ends by itself."""
    return set_step(build_model(), 0.0)


@pytest.fixture
def inputs():
    torch.manual_seed(1)
    mask = (torch.arange(20) < torch.tensor([20, 13, 5])[:, None]).long()
    return {"input_ids": torch.randint(4, 260, (3, 20)) * mask, "attention_mask": mask}


@pytest.fixture
def reference():
    torch.manual_seed(2)
    return torch.randn(1, 40, 80) * 2 - 5


class StopAt(StoppingCriteria):
    """Ends row `i` after `lengths[i]` groups."""

    def __init__(self, lengths):
        self.lengths = torch.tensor(lengths)

    def __call__(self, input_ids, scores, **kwargs):
        assert scores.shape == (len(input_ids),)
        return input_ids.shape[1] >= self.lengths


def stop_at(*lengths):
    return StoppingCriteriaList([StopAt(lengths)])


def joined(spoken):
    """What was said as the frames `(rows, frames, 82)` that `forward` takes."""
    return torch.cat([spoken.spectrogram, spoken.pitch.log()[..., None], spoken.voicing[..., None]], dim=-1)


# --- the loop ---------------------------------------------------------------------------------------------------------


def test_step_by_step_is_the_teacher_forced_pass_over_its_own_speech(model, inputs, reference, monkeypatch):
    monkeypatch.setattr(decoding_gpt2tts, "SEAM_SHARES", ())  # the past that is read has its seams
    row = {name: values[:1] for name, values in inputs.items()}
    model = copy.deepcopy(model)
    # pitch and voicing within what is given out, so that the past that is read can be made of the output
    model.mel_head.weight.data.unflatten(0, (FACTOR, 82))[:, 80:] *= 0.05
    model.postnet.convs[-1].weight.data.unflatten(0, (FACTOR, 82))[:, 80:] *= 0.05
    arguments = {"reference_features": reference, "prenet_dropout": 0.0}
    spoken = model.generate(**row, **arguments)
    assert spoken.stopped.all()
    num_groups = spoken.text_positions.shape[1]
    assert num_groups > 15
    places = torch.nn.functional.pad(spoken.text_positions, (0, 1), value=20.0)
    forced = model(**row, **arguments, labels=joined(spoken), text_positions=places)
    torch.testing.assert_close(forced.spectrogram, spoken.spectrogram, atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(forced.pitch, spoken.pitch, atol=0.1, rtol=1e-3)
    torch.testing.assert_close(forced.voicing, spoken.voicing, atol=1e-3, rtol=1e-3)
    # the last places are held at the last token
    steps = spoken.text_positions.diff(dim=1)[:, :-3]
    torch.testing.assert_close(forced.steps[:, : steps.shape[1]], steps, atol=1e-3, rtol=1e-3)


def test_a_row_does_not_depend_on_its_batch(model, inputs, reference):
    batched = model.generate(**inputs, reference_features=reference, seed=5)
    assert len(set(batched.spectrogram_lengths.tolist())) == 3
    for row in range(3):
        length = int(inputs["attention_mask"][row].sum())
        alone = model.generate(
            inputs["input_ids"][row : row + 1, :length],
            reference_features=reference,
            generator=[seeded_generator(5, row)],
        )
        frames = int(alone.spectrogram_lengths)
        assert frames == int(batched.spectrogram_lengths[row])
        for name in ("spectrogram", "pitch", "voicing"):
            torch.testing.assert_close(batched[name][row, :frames], alone[name][0], atol=1e-3, rtol=1e-3)
        groups = frames // FACTOR
        torch.testing.assert_close(batched.text_positions[row, :groups], alone.text_positions[0], atol=1e-4, rtol=1e-4)


def test_padding_of_the_text_is_never_read(model, inputs):
    row = {name: values[2:, :5] for name, values in inputs.items()}
    padded = {name: values[2:] for name, values in inputs.items()}
    alone, other = (model.generate(**each, seed=1) for each in (row, padded))
    torch.testing.assert_close(alone.spectrogram, other.spectrogram, atol=1e-3, rtol=1e-3)
    noise = {**padded, "input_ids": padded["input_ids"] + 9 * (1 - padded["attention_mask"])}
    torch.testing.assert_close(model.generate(**noise, seed=1).spectrogram, other.spectrogram, atol=1e-3, rtol=1e-3)


def test_seeds_repeat_and_vary(model, inputs):
    first, again, other = (model.generate(**inputs, seed=seed, max_frames=20).spectrogram for seed in (1, 1, 2))
    torch.testing.assert_close(first, again)
    assert not torch.allclose(first, other)
    generators = [seeded_generator(1, row) for row in range(3)]
    torch.testing.assert_close(model.generate(**inputs, generator=generators, max_frames=20).spectrogram, first)
    still = [model.generate(**inputs, seed=seed, max_frames=20, prenet_dropout=0.0).spectrogram for seed in (1, 2)]
    torch.testing.assert_close(still[0], still[1])


def test_no_part_of_a_seed_draws_as_a_part_of_another():
    seeds = [0, 1, 2, 3, 2**32, 2**64 - 1]
    draws = {tuple(torch.rand(4, generator=seeded_generator(s, part)).tolist()) for s in seeds for part in range(50)}
    assert len(draws) == 50 * len(seeds)
    torch.testing.assert_close(
        torch.rand(4, generator=seeded_generator(7, 3)), torch.rand(4, generator=seeded_generator(7, 3))
    )
    for seed in (-1, 2**64):
        with pytest.raises(ValueError, match="`seed` must be between"):
            seeded_generator(seed, 0)


# --- the reading position and the end ---------------------------------------------------------------------------------


def test_reading_goes_on_through_the_text_and_speech_ends_with_it(model, inputs):
    spoken = model.generate(**inputs, seed=0)
    assert spoken.stopped.all()
    for row, num_tokens in enumerate((20, 13, 5)):
        groups = int(spoken.spectrogram_lengths[row]) // FACTOR
        positions = spoken.text_positions[row, :groups]
        assert positions[0] == 0
        assert (positions.diff() >= 0).all()
        assert num_tokens - 3 < positions[-1] <= num_tokens - 1
        # what follows the end is silence, at the place of the end
        assert (spoken.text_positions[row, groups:] == num_tokens - 1).all()
        assert (spoken.spectrogram[row, groups * FACTOR :] == model.config.silence_level).all()
        assert (spoken.voicing[row, groups * FACTOR :] == 0).all()


def test_a_row_ends_when_its_reading_leaves_the_text(even_model, inputs):
    spoken = even_model.generate(**inputs, seed=0)
    # half a token a group from 0 on: the last of n tokens, half a token to either side, is left at n - 1/2
    assert spoken.spectrogram_lengths.tolist() == [FACTOR * round((n - 0.5) / 0.5) for n in (20, 13, 5)]
    assert spoken.stopped.tolist() == [True, True, True]
    assert spoken.spectrogram.shape == (3, FACTOR * 39, 80)
    assert spoken.pitch.shape == spoken.voicing.shape == (3, FACTOR * 39)
    assert spoken.text_positions.shape == (3, 39)


def test_speech_that_does_not_end_is_cut_at_the_budget_of_its_text(stuck_model, inputs, caplog):
    spoken = stuck_model.generate(**inputs, seed=0, max_frames_per_token=20.0)
    # 20 and 13 tokens of 20 frames; the shortest text gets the least budget there is
    assert spoken.spectrogram_lengths.tolist() == [400, 260, 160]
    assert spoken.stopped.tolist() == [False, False, False]
    assert "3 of 3 rows did not end by themselves" in caplog.text
    assert stuck_model.generate(**inputs, seed=0, max_frames=30).spectrogram.shape[1] == 32
    bounded = stuck_model.generate(**inputs, seed=0, max_frames=10**6, max_new_tokens=10)
    assert bounded.spectrogram_lengths.tolist() == [40, 40, 40]


def test_further_criteria_end_rows(stuck_model, inputs):
    spoken = stuck_model.generate(**inputs, seed=0, stopping_criteria=stop_at(9, 6, 3))
    assert spoken.spectrogram_lengths.tolist() == [36, 24, 12]
    assert spoken.stopped.all()


@pytest.mark.parametrize("speed", [0.5, 2.0])
def test_speed_is_the_pace_of_the_same_speech(even_model, inputs, speed):
    plain = even_model.generate(**inputs, seed=0)
    spoken = even_model.generate(**inputs, seed=0, speed=speed)
    assert spoken.stopped.all()
    assert spoken.spectrogram_lengths.tolist() == [round(n / speed) for n in plain.spectrogram_lengths.tolist()]
    torch.testing.assert_close(spoken.text_positions, plain.text_positions)
    for name in ("spectrogram", "pitch", "voicing"):
        before, after = getattr(plain, name)[2], getattr(spoken, name)[2]
        lengths = int(plain.spectrogram_lengths[2]), int(spoken.spectrogram_lengths[2])
        assert after[: lengths[1]].mean() == pytest.approx(before[: lengths[0]].mean().item(), rel=0.05)
    for bad in (0.4, 2.5):
        with pytest.raises(ValueError, match=r"`speed` must lie between 0\.5 and 2"):
            even_model.generate(**inputs, speed=bad)


def test_slow_speech_has_more_of_a_budget_unless_it_is_given(stuck_model, inputs):
    spoken = stuck_model.generate(**inputs, seed=0, max_frames_per_token=20.0, speed=0.5)
    assert spoken.spectrogram_lengths.tolist() == [800, 520, 320]
    spoken = stuck_model.generate(**inputs, seed=0, max_frames=80, speed=0.5)
    assert spoken.spectrogram_lengths.tolist() == [80, 80, 80]


def test_pitch_is_shifted_by_semitones_and_nothing_else(model, inputs):
    plain = model.generate(**inputs, seed=0)
    higher = model.generate(**inputs, seed=0, pitch_shift=12)
    lower = model.generate(**inputs, seed=0, pitch_shift=-7)
    torch.testing.assert_close(higher.pitch, 2 * plain.pitch)
    torch.testing.assert_close(lower.pitch, plain.pitch * 2 ** (-7 / 12))
    torch.testing.assert_close(higher.spectrogram, plain.spectrogram)
    torch.testing.assert_close(higher.voicing, plain.voicing)


def test_the_reading_is_the_recordings_where_the_step_is(even_model, inputs):
    """A text read at an even step is read at multiples of it."""
    row = {name: values[:1] for name, values in inputs.items()}
    positions = even_model.generate(**row, seed=0).text_positions[0]
    torch.testing.assert_close(positions, (0.5 * torch.arange(len(positions))).clamp(max=19.0))


# --- settings ---------------------------------------------------------------------------------------------------------


def test_settings_come_from_the_argument_then_the_passed_then_the_saved_configuration(stuck_model, inputs, tmp_path):
    def settings(model, **kwargs):
        """Dropout that the prenet is given, and frames for each of the 20 tokens of a text that does not end."""
        seen = []
        hook = model.model.prenet.register_forward_pre_hook(lambda module, inputs: seen.append(inputs[1]))
        spoken = model.generate(inputs["input_ids"][:1], seed=0, **kwargs)
        hook.remove()
        assert len(set(seen)) == 1
        return seen[0], int(spoken.spectrogram_lengths) / 20

    model = copy.deepcopy(stuck_model)
    assert settings(model) == (0.1, 16.0)
    model.config.prenet_dropout, model.config.max_frames_per_token = 0.4, 15.0
    assert settings(model) == (0.4, 15.0)
    model.generation_config.prenet_dropout, model.generation_config.max_frames_per_token = 0.2, 10.0
    model.save_pretrained(tmp_path)
    saved = GPT2TTSForTextToSpeech.from_pretrained(tmp_path).eval()
    assert settings(saved) == (0.2, 10.0)
    passed = GenerationConfig(prenet_dropout=0.3)
    assert settings(saved, generation_config=passed) == (0.3, 10.0)
    assert settings(saved, generation_config=passed, prenet_dropout=0.0, max_frames_per_token=12.0) == (0.0, 12.0)


def test_the_bound_on_groups_may_be_saved(stuck_model, inputs):
    model = copy.deepcopy(stuck_model)
    model.generation_config.max_new_tokens = 3
    assert model.generate(**inputs, seed=0).text_positions.shape[1] == 3
    assert model.generate(**inputs, seed=0, max_new_tokens=4).text_positions.shape[1] == 4


def test_no_bound_goes_beyond_the_context(stuck_model, inputs):
    row = inputs["input_ids"][:1]
    spoken = stuck_model.generate(row, seed=0, max_frames=10**6, max_new_tokens=10**6)
    assert spoken.text_positions.shape[1] == stuck_model.config.max_mel_positions


@pytest.mark.parametrize("engine", ["torch", "onnx"])
def test_limits_are_within_what_is_taken(model, engine):
    longest = torch.full((1, model.config.max_text_positions), 70)
    for settings in ({"prenet_dropout": 1.0, "pitch_shift": 12}, {"prenet_dropout": 0.0, "pitch_shift": -12}):
        spoken = model.generate(longest, seed=0, max_frames=8, engine=engine, **settings)
        assert spoken.spectrogram.isfinite().all()


def test_the_saved_budget_is_kept(stuck_model, inputs, tmp_path):
    model = copy.deepcopy(stuck_model)
    model.generation_config.max_frames_per_token = 40.0
    model.save_pretrained(tmp_path)
    saved = GPT2TTSForTextToSpeech.from_pretrained(tmp_path).eval()
    assert saved.generate(**inputs, seed=0).spectrogram_lengths.tolist() == [800, 520, 200]
    assert saved.generate(**inputs, seed=0, max_frames_per_token=50.0).spectrogram_lengths[0] == 1000


def test_pipelines_leave_the_length_of_speech_to_the_model(model):
    assert model.generation_config.max_new_tokens == model.config.max_mel_positions


# --- voices, streams, waveforms ---------------------------------------------------------------------------------------


def test_style_latents_equal_their_reference(model, inputs, reference):
    latents = model.get_style_latents(reference)
    by_reference = model.generate(**inputs, reference_features=reference, seed=0, max_frames=20).spectrogram
    by_latents = model.generate(**inputs, style_latents=latents, seed=0, max_frames=20).spectrogram
    torch.testing.assert_close(by_latents, by_reference)
    assert not torch.allclose(model.generate(**inputs, seed=0, max_frames=20).spectrogram, by_reference)


def test_the_first_voice_that_is_given_speaks(model, inputs, reference):
    """Of latents, a clip, a name, and the default: in this order."""
    model = copy.deepcopy(model)
    latents = torch.randn(3, *model.model.null_style_latents.shape)
    model.add_voice("default", latents[0], default=True)
    model.add_voice("named", latents[1])

    def speak(**voices):
        return model.generate(**inputs, **voices, seed=0, max_frames=12, engine="torch").spectrogram

    given = {"style_latents": latents[2:], "reference_features": reference, "voice": "named"}
    expected = [
        speak(style_latents=latents[2:]),
        speak(style_latents=model.get_style_latents(reference)),
        speak(style_latents=latents[1:2]),
        speak(style_latents=latents[:1]),
    ]
    for spoken in expected:
        assert torch.equal(speak(**given), spoken)
        given = dict(list(given.items())[1:])
    assert not any(torch.allclose(expected[0], other) for other in expected[1:])
    mixed = speak(voice=["named", "default", "named"])
    torch.testing.assert_close(mixed[0], expected[2][0])
    torch.testing.assert_close(mixed[1], expected[3][1])


def test_what_has_no_effect_is_said_but_for_what_pipelines_bring(model, inputs, caplog):
    model.generate(**inputs, seed=0, max_frames=4, pad_token_id=7, eos_token_id=7)
    assert "no effect" not in caplog.text
    model.generate(**inputs, seed=0, max_frames=4, temperature=0.123)
    assert "['temperature'] have no effect" in caplog.text


class FrameStreamer(BaseStreamer):
    def __init__(self):
        self.pieces, self.ended = [], False

    def put(self, value):
        assert not self.ended
        self.pieces.append(value)

    def end(self):
        self.ended = True


@pytest.mark.parametrize(("num_groups", "speed"), [(1, 1.0), (3, 1.0), (None, 1.0), (1, 1.2), (None, 0.7)])
def test_streamed_frames_are_those_of_the_whole(model, inputs, num_groups, speed):
    row = {name: values[:1] for name, values in inputs.items()}
    criteria = None if num_groups is None else stop_at(num_groups)
    arguments = {**row, "seed": 3, "pitch_shift": 3.0, "speed": speed, "stopping_criteria": criteria}
    whole = model.generate(**arguments)
    num_groups = num_groups or whole.text_positions.shape[1]

    streamer = FrameStreamer()
    model.generate(**arguments, streamer=streamer)
    assert streamer.ended
    for pieces in (streamer.pieces, list(model.stream(**arguments))):
        # given out along the way, group by group; what lies before a seam waits for the next one
        assert num_groups <= len(pieces) <= num_groups + 2
        assert all(abs(piece.spectrogram.shape[1] - FACTOR / speed) <= 1 for piece in pieces[1:-2])
        speech = pieces[0]
        for piece in pieces[1:]:
            speech = speech.join(piece)
        torch.testing.assert_close(speech.spectrogram, whole.spectrogram, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(speech.pitch, whole.pitch)
        torch.testing.assert_close(speech.voicing, whole.voicing)
        torch.testing.assert_close(speech.fine_spectrogram, whole.fine_spectrogram, atol=1e-4, rtol=1e-4)


def test_seams_of_groups_are_smoothed_and_slopes_are_left():
    slope = np.linspace(0.0, 3.0, 20, dtype=np.float32)[None, :, None] + np.zeros((2, 1, 80), np.float32)
    spectrogram = slope.copy()
    spectrogram[:, 10:] += 1.0  # a jump where the third group begins
    decoding_gpt2tts.smooth_seams(spectrogram, 5, np.array([4, 2]))  # which is after the end of the second row
    np.testing.assert_allclose(spectrogram[0, [7, 12]], slope[0, [7, 12]] + [[0.0], [1.0]], atol=1e-6)
    np.testing.assert_allclose(
        spectrogram[0, 8:12] - slope[0, 8:12], np.broadcast_to([[0.1], [0.25], [0.75], [0.9]], (4, 80)), atol=1e-6
    )
    np.testing.assert_array_equal(spectrogram[1, :10], slope[1, :10])
    np.testing.assert_array_equal(spectrogram[:, :8], slope[:, :8])


def test_streams_take_one_text(model, inputs):
    with pytest.raises(ValueError, match="`streamer` takes one text at a time, got 3"):
        model.generate(**inputs, streamer=FrameStreamer())
    with pytest.raises(ValueError, match="`stream` takes one text at a time, got 3"):
        next(model.stream(**inputs))


def test_waveform_comes_with_a_vocoder(model, inputs):
    arguments = {**inputs, "seed": 0, "stopping_criteria": stop_at(9, 6, 3)}
    assert model.generate(**arguments).waveform is None
    spoken = model.generate(**arguments, vocoder="griffin-lim")
    assert spoken.waveform.shape == (3, 36 * 256)
    assert spoken.waveform_lengths.tolist() == [36 * 256, 24 * 256, 12 * 256]
    assert (spoken.waveform[2, 12 * 256 :] == 0).all()
    assert spoken.waveform[2, : 12 * 256].abs().max() > 0
    torch.testing.assert_close(
        model.generate(**arguments, vocoder="griffin-lim", return_dict_in_generate=False), spoken.waveform
    )


def test_the_vocoder_is_given_the_shifted_pitch(model, inputs):
    class Recorder(torch.nn.Module):
        def forward(self, spectrogram, lengths, *, pitch, voicing):
            self.heard = pitch, voicing
            return spectrogram.new_zeros(len(spectrogram), 256 * spectrogram.shape[1])

    recorder = Recorder()
    spoken = model.generate(**inputs, seed=0, max_frames=12, pitch_shift=5, vocoder=recorder)
    torch.testing.assert_close(recorder.heard, (spoken.pitch, spoken.voicing))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_generation_in_half_precision_is_close_to_float32(model, inputs, dtype):
    expected = model.generate(**inputs, seed=0, max_frames=20)
    spoken = copy.deepcopy(model).to(dtype).generate(**inputs, seed=0, max_frames=20)
    assert spoken.spectrogram.dtype == spoken.text_positions.dtype == torch.float32
    assert (spoken.spectrogram - expected.spectrogram).abs().mean() < 0.05
    torch.testing.assert_close(spoken.pitch, expected.pitch, rtol=0.02, atol=0)
    torch.testing.assert_close(spoken.text_positions, expected.text_positions, atol=0.05, rtol=0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"input_ids": None}, "input_ids"),
        ({"input_ids": torch.ones(1, 401, dtype=torch.long), "attention_mask": None}, "split_text"),
        ({"seed": 1, "generator": torch.Generator()}, "not both"),
        ({"seed": -1}, "`seed` must be between"),
        ({"generator": [torch.Generator()]}, "generator"),
        ({"max_frames": 0}, "max_frames"),
        ({"prenet_dropout": -0.1}, "prenet_dropout"),
        ({"prenet_dropout": 1.5}, "prenet_dropout"),
        ({"max_frames_per_token": float("nan")}, "max_frames_per_token"),
        ({"attention_mask": torch.tensor([[0] * 5 + [1] * 15] * 3)}, "padded on the right"),
        ({"style_latents": torch.zeros(2, 4, 64)}, "2 voices for 3 texts"),
        ({"voice": "nobody"}, "nobody.*add_voice"),
        ({"output_waveform": True}, "vocoder"),
        ({"pitch_shfit": 1.0}, "pitch_shfit"),
        ({"voices": "heart", "settings": 1}, r"no arguments \['settings', 'voices'\]"),
        ({"pitch_shift": float("nan")}, "`pitch_shift` must lie between"),
        ({"pitch_shift": 1e6}, "`pitch_shift` must lie between"),
        ({"max_frames": float("nan")}, "max_frames"),
        ({"max_new_tokens": 0}, "`max_new_tokens` must be positive"),
        ({"input_ids": torch.ones(5, dtype=torch.long), "attention_mask": None}, r"`input_ids` must be .* got \(5,\)"),
        ({"input_ids": torch.ones(3, 0, dtype=torch.long), "attention_mask": None}, r"got \(3, 0\)"),
        ({"input_ids": torch.full((3, 20), -1)}, "between 0 and 311, got -1"),
        ({"input_ids": torch.full((3, 20), 312)}, "between 0 and 311, got 312"),
        ({"attention_mask": torch.ones(3, 7)}, r"the shape of `input_ids`, \(3, 20\), got \(3, 7\)"),
        ({"attention_mask": torch.tensor([[1] * 20, [1] * 20, [0] * 20])}, "a row without a token"),
        ({"style_latents": torch.zeros(1, 3, 64)}, r"`style_latents` has shape \(1, 3, 64\)"),
        ({"style_latents": torch.zeros(1, 5, 64)}, r"`style_latents` has shape \(1, 5, 64\)"),
        ({"style_latents": torch.full((1, 4, 64), float("nan"))}, "not finite"),
        ({"reference_features": torch.zeros(1, 0, 80)}, "a row without frames"),
        ({"reference_features": torch.zeros(1, 9, 80), "reference_mask": torch.zeros(1, 9)}, "a row without frames"),
    ],
)
@pytest.mark.parametrize("engine", ["torch", "onnx"])
def test_bad_input_is_named(model, inputs, change, message, engine):
    with pytest.raises(ValueError, match=message):
        model.generate(**{**inputs, "engine": engine, **change})


@pytest.mark.parametrize("name", ["input_ids", "attention_mask"])
@pytest.mark.parametrize("form", ["numpy", "tolist"])
def test_what_is_no_tensor_is_named(model, inputs, name, form):
    with pytest.raises(TypeError, match=f"`{name}` must be a tensor, got .*processor"):
        model.generate(**{**inputs, name: getattr(inputs[name], form)()})


@pytest.mark.parametrize("engine", ["torch", "onnx"])
def test_seeds_draw_the_same_whatever_the_default_type_of_the_process(model, inputs, engine):
    expected = model.generate(**inputs, seed=0, engine=engine, max_frames=24).spectrogram
    torch.set_default_dtype(torch.bfloat16)
    try:
        spoken = model.generate(**inputs, seed=0, engine=engine, max_frames=24).spectrogram
    finally:
        torch.set_default_dtype(torch.float32)
    assert torch.equal(spoken, expected)


def test_criteria_may_be_a_plain_list(model, inputs):
    assert model.generate(**inputs, seed=0, stopping_criteria=list(stop_at(2))).text_positions.shape[1] == 2


def test_what_is_returned_can_be_changed_and_trained_on(model, inputs):
    row = {name: values[:1] for name, values in inputs.items()}
    spoken = model.generate(**row, seed=0, max_frames=12, vocoder="griffin-lim")
    spoken.waveform /= spoken.waveform.abs().max()
    assert spoken.waveform.abs().max() == 1
    (2.0 * torch.ones(80, requires_grad=True) * spoken.spectrogram).sum().backward()
    for frames in model.stream(**row, seed=0, max_frames=12):
        frames.pitch.mul_(2.0)
    for samples in model.get_vocoder("griffin-lim").stream(model.stream(**row, seed=0, max_frames=12)):
        samples.mul_(2.0)


def test_a_step_that_is_no_number_ends_with_the_budget(inputs):
    model = build_model()
    model.step_head.bias.data.fill_(float("nan"))
    spoken = model.generate(**inputs, seed=0, max_frames=12, engine="torch")
    assert spoken.spectrogram_lengths.tolist() == [12] * 3
    assert not spoken.stopped.any()
