import pytest
import torch
from transformers.generation import BaseStreamer, StoppingCriteria, StoppingCriteriaList

from gpt2tts.alignment_gpt2tts import count_misread_tokens
from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech

FACTOR = 4


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", vocoder=None)).eval()


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
    """Ends row `i` after `lengths[i]` groups, as a trained stop head would."""

    def __init__(self, lengths):
        self.lengths = torch.tensor(lengths)

    def __call__(self, input_ids, scores, **kwargs):
        return input_ids.shape[1] >= self.lengths


def stop_at(*lengths):
    return StoppingCriteriaList([StopAt(lengths)])


def test_generation_with_the_cache_equals_teacher_forcing_on_its_own_output(model, inputs, reference):
    row = {name: values[:1] for name, values in inputs.items()}
    with torch.no_grad():
        model.postnet.convs[-1].weight.zero_()
    arguments = {"reference_features": reference, "prenet_dropout": 0.0, "output_alignments": True}
    spoken = model.generate(**row, **arguments, max_frames=40)
    forced = model(**row, **arguments, labels=spoken.spectrogram)
    torch.testing.assert_close(forced.alignments, spoken.alignments, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(forced.spectrogram, spoken.spectrogram, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(forced.stop_logits.sigmoid(), spoken.stop_probabilities, atol=1e-4, rtol=1e-4)


def test_the_codes_of_past_groups_are_read_with_the_cache_too(inputs):
    torch.manual_seed(0)
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", vocoder=None)).eval()
    row = {name: values[:1] for name, values in inputs.items()}
    arguments = {"prenet_dropout": 0.0, "stop_threshold": 1.0, "max_frames": 40}
    deaf = model.generate(**row, **arguments).spectrogram
    torch.nn.init.normal_(model.model.quantizer.encoder[-1].weight, std=1.0)
    torch.nn.init.normal_(model.model.quantizer.input_proj[-1].weight, std=0.5)
    spoken = model.generate(**row, **arguments).spectrogram
    assert not torch.allclose(spoken, deaf, atol=0.1)
    forced = model(**row, labels=spoken, prenet_dropout=0.0)
    torch.testing.assert_close(forced.spectrogram, spoken, atol=1e-4, rtol=1e-4)


def test_a_row_does_not_depend_on_its_batch(model, inputs, reference):
    batched = model.generate(**inputs, reference_features=reference, seed=5, stopping_criteria=stop_at(9, 6, 3))
    for row in range(3):
        length = int(inputs["attention_mask"][row].sum())
        alone = model.generate(
            inputs["input_ids"][row : row + 1, :length],
            reference_features=reference,
            seed=5 + row,
            stopping_criteria=stop_at((9, 6, 3)[row]),
        )
        frames = int(alone.spectrogram_lengths)
        torch.testing.assert_close(batched.spectrogram[row, :frames], alone.spectrogram[0], atol=1e-4, rtol=0)


def test_each_row_stops_by_itself(model, inputs):
    spoken = model.generate(**inputs, seed=0, stopping_criteria=stop_at(9, 6, 3), output_alignments=True)
    assert spoken.spectrogram_lengths.tolist() == [36, 24, 12]
    assert spoken.stopped.tolist() == [True, True, True]
    assert spoken.spectrogram.shape == (3, 36, 80)
    for row, groups in enumerate((9, 6, 3)):
        assert (spoken.spectrogram[row, groups * FACTOR :] == model.config.silence_level).all()
        assert (spoken.stop_probabilities[row, groups:] == 0).all()
        assert (spoken.alignments[row, :, groups:] == 0).all()
        assert spoken.alignments[row, :, :groups].sum() > 0


def test_the_stop_head_ends_speech(model, inputs):
    threshold = 0.0
    spoken = model.generate(**inputs, seed=0, stop_threshold=threshold)
    assert spoken.spectrogram_lengths.tolist() == [FACTOR] * 3
    assert spoken.stopped.all()


def test_speech_that_does_not_end_is_cut_at_the_budget_of_its_text(model, inputs):
    model.config.max_frames_per_token = 20.0
    spoken = model.generate(**inputs, seed=0, stop_threshold=1.1)
    # 20 and 13 tokens of 20 frames; the shortest text gets the least budget there is
    assert spoken.spectrogram_lengths.tolist() == [400, 260, 160]
    assert spoken.stopped.tolist() == [False, False, False]
    assert model.generate(**inputs, seed=0, stop_threshold=1.1, max_frames=30).spectrogram.shape[1] == 32


def test_no_budget_exceeds_the_context(model, inputs):
    spoken = model.generate(**inputs, seed=0, stop_threshold=1.1, max_frames=10**6, max_new_tokens=10)
    assert spoken.spectrogram_lengths.tolist() == [40, 40, 40]


def test_seeds_repeat_and_vary(model, inputs):
    first, again, other = (model.generate(**inputs, seed=seed, max_frames=20).spectrogram for seed in (1, 1, 2))
    torch.testing.assert_close(first, again)
    assert not torch.allclose(first, other)
    generators = [torch.Generator().manual_seed(1 + row) for row in range(3)]
    torch.testing.assert_close(model.generate(**inputs, generator=generators, max_frames=20).spectrogram, first)
    silent = [model.generate(**inputs, seed=seed, max_frames=20, prenet_dropout=0.0).spectrogram for seed in (1, 2)]
    torch.testing.assert_close(silent[0], silent[1])


def test_style_latents_equal_their_reference(model, inputs, reference):
    latents = model.get_style_latents(reference)
    by_reference = model.generate(**inputs, reference_features=reference, seed=0, max_frames=20).spectrogram
    by_latents = model.generate(**inputs, style_latents=latents, seed=0, max_frames=20).spectrogram
    torch.testing.assert_close(by_latents, by_reference)
    assert not torch.allclose(model.generate(**inputs, seed=0, max_frames=20).spectrogram, by_reference)


def test_codes_are_drawn_at_a_temperature(inputs):
    torch.manual_seed(0)
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", vocoder=None)).eval()
    torch.nn.init.normal_(model.code_head.decoder[-1].weight, std=0.5)

    def speak(temperature, seed):
        return model.generate(
            **inputs, temperature=temperature, seed=seed, prenet_dropout=0.0, max_frames=24, stop_threshold=1.0
        ).spectrogram

    torch.testing.assert_close(speak(0.0, 1), speak(0.0, 2))
    torch.testing.assert_close(speak(1.0, 1), speak(1.0, 1))
    assert not torch.allclose(speak(1.0, 1), speak(1.0, 2), atol=0.1)
    with pytest.raises(ValueError, match="temperature"):
        speak(-1.0, 1)


class FrameStreamer(BaseStreamer):
    def __init__(self):
        self.pieces, self.ended = [], False

    def put(self, value):
        assert not self.ended
        self.pieces.append(value)

    def end(self):
        self.ended = True


@pytest.fixture(scope="module")
def model_with_postnet():
    """A postnet that changes what it gets, so that a frame given out too early would differ."""
    torch.manual_seed(0)
    model = GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny", vocoder=None)).eval()
    torch.nn.init.normal_(model.postnet.convs[-1].weight, std=0.5)
    return model


@pytest.mark.parametrize("num_groups", [1, 3, 20])
def test_streamed_frames_are_those_of_the_whole(model_with_postnet, inputs, num_groups):
    row = {name: values[:1] for name, values in inputs.items()}
    arguments = {**row, "seed": 3, "stop_threshold": 1.0, "stopping_criteria": stop_at(num_groups)}
    whole = model_with_postnet.generate(**arguments).spectrogram
    assert whole.shape[1] == num_groups * FACTOR

    streamer = FrameStreamer()
    output = model_with_postnet.generate(**arguments, streamer=streamer)
    assert streamer.ended
    torch.testing.assert_close(output.spectrogram, whole)
    torch.testing.assert_close(torch.cat(streamer.pieces, dim=1), whole, atol=1e-4, rtol=1e-4)

    pieces = list(model_with_postnet.stream(**arguments))
    torch.testing.assert_close(torch.cat(pieces, dim=1), whole, atol=1e-4, rtol=1e-4)
    if num_groups == 20:  # given out along the way, not at the end
        assert len(pieces) >= 19


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


def test_generation_in_half_precision(model, inputs):
    import copy

    half = copy.deepcopy(model).to(torch.bfloat16)
    spoken = half.generate(**inputs, seed=0, max_frames=20)
    assert spoken.spectrogram.dtype == torch.float32
    assert spoken.spectrogram.isfinite().all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"input_ids": None}, "input_ids"),
        ({"input_ids": torch.ones(1, 400, dtype=torch.long), "attention_mask": None}, "split_text"),
        ({"max_attempts": 0}, "`max_attempts` must be at least 1"),
        ({"seed": 1, "generator": torch.Generator()}, "not both"),
        ({"generator": [torch.Generator()]}, "generator"),
        ({"max_frames": 0}, "max_frames"),
        ({"style_latents": torch.zeros(2, 4, 64)}, "2 voices for 3 texts"),
        ({"voice": "nobody"}, "nobody.*add_voice"),
        ({"output_waveform": True}, "vocoder"),
        ({"temprature": 1.0}, "temprature"),
    ],
)
def test_bad_input_is_named(model, inputs, change, message):
    with pytest.raises(ValueError, match=message):
        model.generate(**{**inputs, **change})


def test_pipelines_leave_the_length_of_speech_to_the_model(model):
    assert model.generation_config.max_new_tokens == model.config.max_mel_positions


def read_by(*readings):
    """Alignments `(rows, 1, groups, tokens)` whose attention is all on the given token at each group."""
    groups, tokens = max(map(len, readings)), 1 + max(map(max, readings))
    alignments = torch.zeros(len(readings), 1, groups, tokens)
    for row, reading in enumerate(readings):
        alignments[row, 0, torch.arange(len(reading)), torch.tensor(reading)] = 1.0
    return alignments, torch.tensor([len(reading) for reading in readings])


def test_words_skipped_repeated_or_unread_are_counted():
    alignments, lengths = read_by(
        [0, 2, 3, 5, 6, 8, 9], [0, 2, 4, 6, 1, 3, 5, 7, 9], [0, 1, 8, 9], [0, 2, 4], [5, 6, 7, 8, 9]
    )
    misread = count_misread_tokens(alignments, lengths, torch.ones(5, 10))
    assert misread.tolist() == [2, 5, 7, 5, 5]


def test_text_that_was_misread_is_spoken_again(model, inputs, monkeypatch):
    num_groups = [5, 7, 4]  # of each attempt
    misread = [[20.0, 0.0, 9.0], [8.0, 12.0], [0.0, 9.0]]  # of the rows that it speaks
    spoken = []

    def stop(self, input_ids, scores, **kwargs):
        return torch.full((len(input_ids),), input_ids.shape[1] >= num_groups[len(spoken)])

    def count(alignments, lengths, mask):
        spoken.append(lengths.tolist())
        return torch.tensor(misread[len(spoken) - 1])

    monkeypatch.setattr("gpt2tts.generation_gpt2tts.StopProbabilityCriteria.__call__", stop)
    monkeypatch.setattr("gpt2tts.generation_gpt2tts.count_misread_tokens", count)
    first = model.generate(**inputs, seed=3)
    assert spoken == []  # one attempt is the default, and it is not judged
    last = model.generate(**inputs, seed=3, max_attempts=3, output_alignments=True)
    assert spoken == [[5, 5, 5], [7, 7], [4, 4]]
    # row 0 is that of the last attempt; nothing was better than the first of row 1, and of row 2
    assert last.spectrogram_lengths.tolist() == [4 * FACTOR, 5 * FACTOR, 5 * FACTOR]
    torch.testing.assert_close(last.spectrogram[1:], first.spectrogram[1:])
    assert not torch.allclose(last.spectrogram[0, : 4 * FACTOR], first.spectrogram[0, : 4 * FACTOR])
    assert (last.spectrogram[0, 4 * FACTOR :] == model.config.silence_level).all()
    assert (last.alignments[0, :, 4:] == 0).all()

    spoken.clear()
    misread[0] = [20.0]
    alone = {name: values[:1] for name, values in inputs.items()}
    misread[1:] = [[8.0], [0.0]]
    row = model.generate(**alone, seed=3, max_attempts=3)
    torch.testing.assert_close(row.spectrogram[0], last.spectrogram[0, : 4 * FACTOR], atol=1e-4, rtol=0)


def test_speech_that_does_not_end_is_spoken_again(model, inputs, monkeypatch):
    spoken = []
    count = lambda alignments, lengths, mask: spoken.append(len(lengths)) or torch.zeros(len(lengths))  # noqa: E731
    monkeypatch.setattr("gpt2tts.generation_gpt2tts.count_misread_tokens", count)
    output = model.generate(**inputs, seed=0, stop_threshold=1.1, max_frames=12, max_attempts=2)
    assert spoken == [3, 3]
    assert not output.stopped.any()
