import copy

import pytest
import torch
from torch import nn

from gpt2tts.configuration_gpt2tts import GPT2TTSConfig
from gpt2tts.modeling_gpt2tts import GPT2TTSForTextToSpeech
from gpt2tts.training import mixed_precision, optimizers
from gpt2tts.training.optimizers import LearningRateSchedule, MuonAdamW, TrainingBudget, build_optimizer


@pytest.fixture(scope="module")
def model():
    return GPT2TTSForTextToSpeech(GPT2TTSConfig.from_preset("tiny"))


@pytest.fixture
def clock(monkeypatch):
    """A clock that only moves when told to."""
    now = [1000.0]
    monkeypatch.setattr(optimizers.time, "monotonic", lambda: now[0])
    return now


def names_by_group(model, optimizer):
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    return {group["name"]: [names[id(p)] for p in group["params"]] for group in optimizer.param_groups}


class Blocks(nn.Module):
    """The shape of names that Muon looks for, small enough for exact comparisons."""

    def __init__(self):
        super().__init__()
        self.gpt2 = nn.ModuleDict({"h": nn.ModuleList([nn.Linear(6, 5)])})
        self.head = nn.Linear(5, 3)

    def forward(self, x):
        return self.head(self.gpt2["h"][0](x).tanh())


class TestParameterGroups:
    def test_muon_gets_the_matrices_of_the_blocks_and_nothing_else(self, model):
        muon = names_by_group(model, build_optimizer(model, "muon"))["muon"]
        assert sorted(muon) == sorted(
            name
            for name, p in model.named_parameters()
            if ".gpt2.h." in name and name.endswith("weight") and p.ndim == 2
        )
        assert len(muon) == 4 * model.config.num_hidden_layers

    @pytest.mark.parametrize("name", ["muon", "adamw"])
    def test_every_parameter_is_in_one_group(self, model, name):
        optimizer = build_optimizer(model, name)
        grouped = [id(p) for group in optimizer.param_groups for p in group["params"]]
        assert sorted(grouped) == sorted(id(p) for p in model.parameters())

    def test_only_matrices_and_kernels_decay(self, model):
        optimizer = build_optimizer(model, "adamw", weight_decay=0.1)
        names = names_by_group(model, optimizer)
        decay = {group["name"]: group["weight_decay"] for group in optimizer.param_groups}
        assert decay == {"decay": 0.1, "no_decay": 0.0}
        assert "model.gpt2.wte.weight" in names["no_decay"]
        assert "model.gpt2.h.0.ln_1.weight" in names["no_decay"]
        assert "mel_head.weight" in names["decay"]

    def test_frozen_parameters_are_left_out(self):
        model = Blocks()
        model.head.requires_grad_(False)
        grouped = [p for group in build_optimizer(model, "muon").param_groups for p in group["params"]]
        assert not any(p is model.head.weight for p in grouped)

    def test_errors_name_the_remedy(self, model):
        with pytest.raises(ValueError, match="adamw, muon"):
            build_optimizer(model, "sgd")
        with pytest.raises(ValueError, match="adamw"):
            build_optimizer(nn.Linear(2, 2), "muon")


class TestMuonAdamW:
    def gradients(self, model, seed):
        torch.manual_seed(seed)
        model.zero_grad()
        model(torch.randn(4, 6)).square().mean().backward()

    def test_equals_the_two_optimizers_apart(self):
        torch.manual_seed(0)
        model, expected = Blocks(), Blocks()
        expected.load_state_dict(model.state_dict())
        optimizer = build_optimizer(model, "muon", learning_rate=0.01, weight_decay=0.1)
        block = expected.gpt2["h"][0]
        apart = [
            torch.optim.Muon([block.weight], lr=0.01, weight_decay=0.1, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW([expected.head.weight], lr=0.01, weight_decay=0.1, betas=(0.9, 0.99), fused=True),
            torch.optim.AdamW(
                [block.bias, expected.head.bias], lr=0.01, weight_decay=0.0, betas=(0.9, 0.99), fused=True
            ),
        ]
        for seed in range(3):
            self.gradients(model, seed)
            self.gradients(expected, seed)
            optimizer.step()
            for other in apart:
                other.step()
        for name, value in model.state_dict().items():
            # torch's Muon rounds to bfloat16: a twentieth of the updates' size
            torch.testing.assert_close(value, expected.state_dict()[name], rtol=0, atol=1e-3)

    def test_goes_on_from_its_state_dict(self):
        torch.manual_seed(0)
        model = Blocks()
        optimizer = build_optimizer(model, "muon")
        for seed in range(2):
            self.gradients(model, seed)
            optimizer.step()
        resumed = Blocks()
        resumed.load_state_dict(model.state_dict())
        resumed_optimizer = build_optimizer(resumed, "muon", learning_rate=0.5)
        resumed_optimizer.load_state_dict(copy.deepcopy(optimizer.state_dict()))
        for other, stepper in ((model, optimizer), (resumed, resumed_optimizer)):
            self.gradients(other, 7)
            stepper.step()
        for name, value in model.state_dict().items():
            torch.testing.assert_close(value, resumed.state_dict()[name], rtol=0, atol=0)

    def test_a_scheduler_moves_both(self):
        model = Blocks()
        optimizer = build_optimizer(model, "muon", learning_rate=0.0)
        before = copy.deepcopy(model.state_dict())
        self.gradients(model, 0)
        optimizer.step()
        assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
        assert isinstance(optimizer, MuonAdamW)
        for group in optimizer.param_groups:
            group["lr"] = 0.1
        optimizer.step()
        assert not any(torch.equal(value, before[name]) for name, value in model.state_dict().items())


class TestSchedule:
    def factors(self, places, **kwargs):
        budget = TrainingBudget(max_steps=100)
        optimizer = build_optimizer(Blocks(), "adamw", learning_rate=2.0)
        schedule = LearningRateSchedule(optimizer, budget, **kwargs)
        rates = []
        for budget.step in places:
            schedule.step()
            rates.append(optimizer.param_groups[-1]["lr"] / 2.0)
        return rates

    def test_cosine_ends_at_the_floor(self):
        factors = self.factors([0, 50, 100], warmup_steps=0, min_ratio=0.1)
        assert factors == pytest.approx([1.0, 0.55, 0.1])

    def test_with_a_floor_of_one_it_stays(self):
        assert self.factors([0, 60, 100], warmup_steps=0, min_ratio=1.0) == pytest.approx([1.0] * 3)

    def test_warms_up_from_above_zero(self):
        factors = self.factors(range(6), warmup_steps=4, min_ratio=1.0)
        assert factors == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0, 1.0])

    def test_what_a_checkpoint_brings_does_not_count(self):
        old = build_optimizer(Blocks(), "muon", learning_rate=1e-3, weight_decay=0.5)
        new = build_optimizer(Blocks(), "muon", learning_rate=2e-3, weight_decay=0.1)
        schedule = LearningRateSchedule(new, TrainingBudget(max_steps=10), warmup_steps=0)
        new.load_state_dict(old.state_dict())
        schedule.step()
        found = {group["name"]: (group["lr"], group["weight_decay"]) for group in new.param_groups}
        assert found == {"muon": (2e-3, 0.1), "decay": (2e-3, 0.1), "no_decay": (2e-3, 0.0)}


class TestBudget:
    def test_the_first_limit_to_be_reached_counts(self):
        budget = TrainingBudget(100, 10.0)
        budget.step, budget.epoch = 20, 5.0
        assert budget.progress == pytest.approx(0.5)
        budget.step = 100
        assert budget.exhausted

    def test_parts_of_an_epoch_come_to_a_whole(self):
        budget = TrainingBudget(max_epochs=1)
        budget.epoch = sum([0.1] * 10)  # less than 1 by rounding
        assert budget.exhausted

    def test_minutes_stretch_over_a_resumption(self, clock):
        budget = TrainingBudget(max_minutes=10)
        clock[0] += 240
        budget.tick()
        assert budget.progress == pytest.approx(0.4)
        state = budget.state_dict()
        clock[0] += 10_000  # the machine was off
        resumed = TrainingBudget(max_minutes=10)
        clock[0] += 30  # features were loaded
        resumed.load_state_dict(state)
        clock[0] += 60
        resumed.tick()
        assert resumed.progress == pytest.approx(0.5)
        assert not resumed.exhausted
        clock[0] += 300
        resumed.tick()
        assert resumed.exhausted

    def test_time_left_is_extrapolated(self, clock):
        budget = TrainingBudget(max_steps=40)
        assert budget.seconds_left is None
        budget.step = 10
        clock[0] += 30
        budget.tick()
        assert budget.seconds_left == pytest.approx(90)

    def test_needs_a_limit_above_zero(self):
        with pytest.raises(ValueError, match="max_minutes"):
            TrainingBudget()
        with pytest.raises(ValueError, match="`max_steps` must be positive"):
            TrainingBudget(0)


class TestMixedPrecision:
    def test_auto_is_bf16_where_the_device_has_it(self, monkeypatch):
        monkeypatch.setattr(mixed_precision, "has_fast_bfloat16", lambda device_type: device_type == "cuda")
        assert mixed_precision.choose_mixed_precision("auto", "cuda") == "bf16"
        assert mixed_precision.choose_mixed_precision("auto", "cpu") == "no"
        assert mixed_precision.choose_mixed_precision("bf16", "cpu") == "bf16"

    @pytest.mark.parametrize(
        ("name", "amx", "avx512_bf16", "fast"),
        [
            ("AMD EPYC", False, True, True),
            ("AMD EPYC", False, False, False),
            ("Intel Xeon", True, True, True),
            ("Intel Xeon", False, True, False),
        ],
    )
    def test_bfloat16_of_a_cpu_is_fast_where_it_beats_float32(self, monkeypatch, name, amx, avx512_bf16, fast):
        monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx, raising=False)
        monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: avx512_bf16, raising=False)
        monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"cpu_name": name}, raising=False)
        assert mixed_precision.has_fast_bfloat16("cpu") is fast

    def test_unknown_precision_is_refused(self):
        with pytest.raises(ValueError, match="`mixed_precision` must be one of auto, bf16"):
            mixed_precision.choose_mixed_precision("fp8")

    @pytest.mark.parametrize("native", [True, False])
    @pytest.mark.parametrize("shape", [(6, 20), (20, 6)])
    def test_orthogonalized_matrices_stretch_nothing_much(self, native, shape, monkeypatch):
        monkeypatch.setattr(optimizers, "has_fast_bfloat16", lambda device_type: native)
        torch.manual_seed(0)
        singular_values = torch.linalg.svdvals(optimizers.orthogonalize(torch.randn(shape)).float())
        assert singular_values.min() > 0.4
        assert singular_values.max() < 1.6
