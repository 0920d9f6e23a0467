"""Any audio through the features, and any weights through the decoding loop: numbers of the promised shape, and an end."""

import math
import re

import numpy as np
import pytest
import torch

from gpt2tts import GPT2TTSConfig, GPT2TTSFeatureExtractor, GPT2TTSForTextToSpeech
from gpt2tts.decoding_gpt2tts import Decoding
from gpt2tts.frames_gpt2tts import GPT2TTSFrames, change_pace, stream_pace

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import strategies as st  # noqa: E402

RATES = (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000, 192000)
REFUSALS = re.compile(
    r"is silent|is empty|holds NaN|integer samples|s are needed|too small a common divisor|mix other layouts|samples in \[-1, 1\]"
)
bounded = hypothesis.settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck)
)


def make_audio(kind: str, num_samples: int, level: float, seed: int) -> np.ndarray:
    """`(num_samples,)`, float64, in [-1, 1]."""
    random, time = np.random.default_rng(seed), np.arange(num_samples)
    waveform = {
        "noise": lambda: random.uniform(-1, 1, num_samples),
        "tone": lambda: np.sin(time * random.uniform(0.001, math.pi)),
        "clipped": lambda: np.sign(np.sin(time * random.uniform(0.001, 0.5))),
        "click": lambda: (time == num_samples // 2).astype(float),
        "offset": lambda: np.full(num_samples, 0.9) + 0.1 * random.uniform(-1, 1, num_samples),
        "half silent": lambda: random.uniform(-1, 1, num_samples) * (time < num_samples // 2),
        "silent": lambda: np.zeros(num_samples),
    }[kind]()
    return waveform * level


KINDS = st.sampled_from(["noise", "tone", "clipped", "click", "offset", "half silent", "silent"])
LAYOUTS = {
    "mono": lambda waveform: waveform,
    "channels first": lambda waveform: np.stack([waveform, waveform]),
    "channels last": lambda waveform: np.stack([waveform, waveform], 1),
    "one channel": lambda waveform: waveform[None],
}
FORMS = {
    "float32": lambda waveform: waveform.astype(np.float32),
    "float64": lambda waveform: waveform,
    "float16": lambda waveform: waveform.astype(np.float16),
    "tensor": torch.from_numpy,
    "list": lambda waveform: waveform.tolist(),
    "int16": lambda waveform: (waveform * 32767).astype(np.int16),
    "of 16 bits": lambda waveform: waveform * 32767,
    "NaN": lambda waveform: waveform * np.nan,
}


@bounded
@hypothesis.given(
    KINDS,
    st.one_of(st.floats(0.0, 0.2), st.floats(0.1, 1.5)),
    st.one_of(st.sampled_from(RATES), st.integers(1, 200_000)),
    st.sampled_from([1.0, 1.0, 0.1, 2e-3, 1e-5]),
    st.sampled_from(list(LAYOUTS)),
    st.sampled_from(list(FORMS)),
    st.booleans(),
)
def test_any_audio_is_finite_mels_or_a_refusal_that_says_why(kind, seconds, rate, level, layout, form, trim):
    waveform = make_audio(kind, round(seconds * rate), level, seed=0)
    audio = FORMS[form](LAYOUTS[layout](waveform))
    refusal = ""
    try:
        features = GPT2TTSFeatureExtractor()([audio], sampling_rate=rate, trim=trim)
    except ValueError as error:
        refusal = str(error)
    if kind in ("noise", "clipped", "offset") and level >= 2e-3 and seconds > 0.11 and rate in RATES and not trim:
        assert bool(refusal) == (form in ("int16", "of 16 bits", "NaN"))
    if refusal:
        assert REFUSALS.search(refusal)
        return
    mels, mask = features["input_features"], features["attention_mask"]
    assert mels.shape[::2] == (1, 80)
    assert mels.dtype == torch.float32
    assert mels.isfinite().all()
    assert mask.shape == mels.shape[:2]
    assert mask.all()
    if not trim:
        assert mels.shape[1] == 1 + math.ceil(len(waveform) * 22050 / rate) // 256


@bounded
@hypothesis.given(
    KINDS, st.floats(0.0, 1.5), st.sampled_from(RATES), st.sampled_from([1.0, 2e-3]), st.integers(0, 130)
)
def test_any_audio_has_a_finite_pitch(kind, seconds, rate, level, num_frames):
    pytest.importorskip("swift_f0")
    from gpt2tts.pitch import track_pitch

    waveform = make_audio(kind, round(seconds * rate), level, seed=0).astype(np.float32)
    pitch, voicing = track_pitch(waveform, rate, num_frames)
    assert pitch.shape == voicing.shape == (num_frames,)
    assert pitch.dtype == voicing.dtype == np.float32
    assert (pitch > 0).all()
    assert np.isfinite(pitch).all()
    assert ((voicing >= 0) & (voicing <= 1)).all()


STEPS = st.sampled_from([0.0, 1e-9, 0.3, 1.0, 7.0, 1e30, math.inf, math.nan, -1.0])


class DrawnGroups:
    """A [`GroupMaker`] whose reading moves as it is told, row by row."""

    def __init__(self, steps: list[list[float]], of_rows: list[int]):
        self.steps, self.of_rows, self.index = steps, of_rows, 0

    def __call__(self, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        assert len(place) == len(self.of_rows)  # rows that have ended ask for nothing
        steps = [self.steps[row][self.index % len(self.steps[row])] for row in self.of_rows]
        self.index += 1
        return np.zeros((len(steps), 6), np.float32), np.array(steps, np.float32)

    def keep(self, rows: np.ndarray) -> None:
        self.of_rows = [self.of_rows[row] for row in rows]


@bounded
@hypothesis.given(
    st.lists(st.tuples(st.integers(1, 40), st.lists(STEPS, min_size=1, max_size=8)), min_size=1, max_size=5),
    st.floats(0.05, 30.0),
    st.integers(1, 60),
    st.integers(1, 70),
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_the_loop_ends_within_its_budget_however_the_reading_moves(rows, frames_per_token, max_groups, longest):
    num_tokens = np.array([tokens for tokens, _ in rows])
    decoding = Decoding(num_tokens, 4, max_frames_per_token=frames_per_token, max_groups=max_groups)
    decoding.longest_token, budgets = longest, decoding.budgets
    num_groups = sum(1 for _ in decoding.run(DrawnGroups([steps for _, steps in rows], list(range(len(rows))))))
    assert num_groups == decoding.lengths.max()
    assert ((decoding.lengths >= 1) & (decoding.lengths <= budgets)).all()
    # what was cut has used its budget up
    assert (decoding.stopped | (decoding.lengths == budgets)).all()
    assert decoding.text_positions.shape == decoding.groups.shape[:2] == (len(rows), num_groups)


@pytest.mark.parametrize(("stays_at", "num_tokens"), [(0.0, 6), (2.5, 6), (0.0, 40), (30.0, 40)])
def test_a_sound_is_not_drawn_out_until_the_budget_is_used_up(stays_at, num_tokens):
    class DrawnOut(DrawnGroups):  # the reading goes on evenly, but for one sound that does not end by itself
        def __call__(self, place):
            is_held = (place >= stays_at) & (place < stays_at + 1)
            return np.zeros((len(place), 6), np.float32), np.where(is_held, 0.0, 0.8).astype(np.float32)

    decoding, even = (Decoding(np.array([num_tokens]), 5, max_frames_per_token=16.0, max_groups=400) for _ in range(2))
    for _ in decoding.run(DrawnOut([[0.0]], [0])):
        pass
    assert decoding.stopped.all()
    assert np.diff(decoding.text_positions).max() < 1.2  # nothing is skipped
    seconds = 5 * 256 / 22050 * np.count_nonzero(np.abs(decoding.text_positions - stays_at) < 0.8)
    assert seconds < 1.2
    for _ in even.run(DrawnGroups([[0.4]], [0])):  # slow, but not behind
        pass
    places = np.minimum(0.4 * np.arange(even.lengths[0]), num_tokens - 1)
    assert even.text_positions[0] == pytest.approx(places, abs=1e-4)


def test_a_reading_that_is_slow_throughout_gets_to_the_end_of_its_text():
    decoding = Decoding(np.array([40]), 5, max_frames_per_token=16.0, max_groups=400)
    for _ in decoding.run(DrawnGroups([[0.1]], [0])):  # in its budget it would get through 13 tokens
        pass
    assert decoding.stopped.all()
    assert decoding.lengths[0] < decoding.budgets[0]
    assert np.diff(decoding.text_positions).max() < 1


def test_a_token_that_is_allotted_more_may_be_drawn_out_longer():
    decoding = Decoding(np.array([20]), 5, max_frames_per_token=40.0, max_groups=400)
    for _ in decoding.run(DrawnGroups([[0.0] * 25 + [0.8] * 75], [0])):
        pass
    assert (decoding.text_positions[0, :25] == 0).all()


@bounded
@hypothesis.given(st.lists(st.integers(1, 7), min_size=1, max_size=12), st.integers(0, 20), st.floats(0.5, 2.0))
def test_frames_at_a_pace_are_the_same_in_chunks_and_beside_longer_ones(sizes, others, speed):
    length = sum(sizes)
    random = np.random.default_rng(length)
    frames = GPT2TTSFrames(
        *(random.normal(size=(2, length + others, *size)).astype(np.float32) for size in ((3,), (), (), (6,)))
    )
    whole = change_pace(frames, np.array([length, length + others]), speed)
    count = max(1, round(length / speed))
    ends = np.cumsum([0, *sizes])
    row = frames.apply(lambda values, _: values[:1])
    pieces = list(stream_pace((row.cut(*ends[index : index + 2]) for index in range(len(sizes))), speed))
    for name, values in whole._asdict().items():
        np.testing.assert_array_equal(
            np.concatenate([getattr(piece, name) for piece in pieces], 1)[0], values[0, :count]
        )
        own = getattr(row, name)[0, :length]
        assert own.min() <= values[0, :count].min() <= values[0, :count].max() <= own.max()


def test_at_a_pace_a_moment_is_where_it_belongs():
    """A ramp of a value a frame, read at any pace, says the time that has passed."""
    ramp = np.arange(40, dtype=np.float32)[None]
    for speed in (0.5, 0.8, 1.25, 2.0):
        (pitch,) = change_pace(GPT2TTSFrames(ramp[..., None], ramp, ramp), np.array([40]), speed).pitch
        assert len(pitch) == 40 / speed
        np.testing.assert_allclose(pitch[1:-1], (np.arange(len(pitch)) * speed + (speed - 1) / 2)[1:-1], rtol=1e-5)


@pytest.mark.parametrize("engine", ["torch", "onnx"])
def test_any_weights_end_within_the_budget(engine):
    if engine == "onnx":
        pytest.importorskip("onnxruntime")
        pytest.importorskip("onnx")
    config = GPT2TTSConfig.from_preset("tiny", vocoder=None, gpt2_config={"n_embd": 64, "n_layer": 1, "n_head": 2})
    factor = config.reduction_factor

    @hypothesis.settings(bounded, max_examples=6)
    @hypothesis.given(
        st.integers(0, 2**31),
        st.sampled_from([0.02, 0.3, 3.0]),
        st.lists(st.integers(1, 20), min_size=1, max_size=3),
        st.floats(1.0, 12.0),
    )
    def check(seed, deviation, lengths, frames_per_token):
        torch.manual_seed(seed)
        model = GPT2TTSForTextToSpeech(config).eval()
        with torch.no_grad():
            for weight in model.parameters():
                weight.normal_(std=deviation)
        mask = (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()
        spoken = model.generate(
            input_ids=torch.randint(4, 260, mask.shape) * mask,
            attention_mask=mask,
            seed=seed,
            max_frames_per_token=frames_per_token,
            engine=engine,
        )
        # what `max_frames_per_token` gives to each token, but 160 frames to a text of a few
        budgets = np.ceil(np.maximum(np.array(lengths) * frames_per_token, 160) / factor)
        budgets = np.minimum(budgets, config.max_mel_positions)
        frames = spoken.spectrogram_lengths.numpy()
        assert ((frames >= factor) & (frames <= budgets * factor)).all()
        assert (spoken.stopped.numpy() | (frames == budgets * factor)).all()
        assert spoken.spectrogram.shape == (len(lengths), frames.max(), 80)
        for values in (spoken.spectrogram, spoken.pitch, spoken.voicing):
            assert values.isfinite().all()

    check()
