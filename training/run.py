"""A training run apart from what it trains: set-up, resumption, and what is due after a step."""

from __future__ import annotations

import copy
import dataclasses
import logging
import math
import os
import pickle
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import yaml
from accelerate import Accelerator, PartialState
from accelerate.utils import broadcast, parse_flag_from_env, set_seed
from safetensors import SafetensorError
from torch import nn
from tqdm.auto import tqdm

from .checkpointing import clear_output_dir, list_checkpoints, prepare_output_dir, resolve_checkpoint, save_checkpoint
from .ema import build_ema
from .mixed_precision import choose_mixed_precision
from .optimizers import LearningRateSchedule, TrainingBudget
from .tracking import Tracker

logger = logging.getLogger("gpt2tts.train")


@dataclass
class Position:
    """Where in the data a run stands, when it last saved and validated, and its best figure; saved with checkpoints."""

    epoch: int = 0
    batch: int = 0
    saved_at: float = 0.0
    validated_at: float = 0.0
    best: float = math.inf

    def state_dict(self) -> dict[str, Any]:
        """The fields by name."""
        return dataclasses.asdict(self)

    def load_state_dict(self, state: dict[str, Any]):
        """Takes the fields from `state`."""
        vars(self).update(state)


class TrainingRun:
    """
    A training run: it sets up the processes and the output folder, goes on from a checkpoint, and after each optimiser step
    does what is due: schedule, average, log, validation, checkpoint, end. A SIGTERM is acted on between two steps.

    Args:
        args ([`OutputArguments`] and [`OptimizationArguments`] in one):
            Arguments of the script.
        max_epochs (`float`, *optional*):
            Budget in epochs, beside the others.
        accelerator_kwargs:
            Passed to `Accelerator`.

    Attributes:
        accelerator (`Accelerator`): Of the run.
        output_dir (`Path`): Folder of what the run leaves.
        budget ([`TrainingBudget`]): How much training there is.
        position ([`Position`]): Where the run stands.
        tracker ([`Tracker`]): Log of numbers, pictures and audio; from [`~TrainingRun.begin`] on.
        ends (`bool`): Whether the run is over; the same on all processes.
    """

    def __init__(self, args: Any, *, max_epochs: float | None = None, **accelerator_kwargs: Any):
        # asked for here, before there is an accelerator: without its flag, processes on CPUs would not know of each other
        device = PartialState(cpu=parse_flag_from_env("ACCELERATE_USE_CPU")).device
        self.args = args
        self.output_dir = Path(args.output_dir)
        mixed_precision = choose_mixed_precision(args.mixed_precision, device.type)
        launched = os.environ.get("ACCELERATE_MIXED_PRECISION", "no")  # which it also says where nothing was asked for
        self.accelerator = Accelerator(
            mixed_precision=mixed_precision,
            log_with=None if args.report_to == "none" else args.report_to,
            project_dir=self.output_dir,
            **accelerator_kwargs,
        )
        is_main = self.accelerator.is_main_process
        logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%H:%M:%S")
        logging.getLogger("gpt2tts").setLevel(logging.INFO if is_main else logging.ERROR)
        if launched not in ("no", mixed_precision):
            logger.warning(
                f"mixed_precision is {mixed_precision}, not the {launched} of `accelerate launch`: pass --mixed_precision "
                f"{launched} to the script for that"
            )
        self._check_tracker()
        set_seed(args.seed)
        resumed = args.resume_from_checkpoint
        # a checkpoint of another run begins a new one
        self._goes_on = resumed is not None and (
            resumed == "latest" or Path(resumed).resolve().is_relative_to(self.output_dir.resolve())
        )
        if is_main:
            prepare_output_dir(self.output_dir, resumes=self._goes_on, overwrite=args.overwrite_output_dir)
        self.budget = TrainingBudget(args.max_train_steps, max_epochs, max_minutes=args.max_train_minutes)
        self.position = Position()
        self.accelerator.register_for_checkpointing(self.budget, self.position)
        self.ends = self._is_stopped = self._is_signalled = False
        self._sums: dict[str, torch.Tensor] = defaultdict(lambda: torch.zeros((), device=self.accelerator.device))

    def average(self, model: nn.Module) -> None:
        """Prepares to average the weights of `model`, as `ema_decay` says. Call it before `Accelerator.prepare`."""
        self._average = None
        if self.args.ema_decay > 0:
            self._average = build_ema(model, self.args.ema_decay).to(self.accelerator.device)
            # read at each step, which would wait for the device
            self._average.n_averaged = self._average.n_averaged.cpu()
            self.accelerator.register_for_checkpointing(self._average)
        else:
            self._copy = copy.deepcopy(model).to(self.accelerator.device).eval()

    def begin(
        self,
        model: nn.Module,
        schedules: Iterable[LearningRateSchedule],
        *,
        validate: Callable[[nn.Module], Mapping[str, float]],
        save_model: Callable[[str, nn.Module, Mapping[str, float]], None],
        figure_of_merit: Callable[[Mapping[str, float]], float],
    ) -> None:
        """
        Goes on from the checkpoint that the arguments name, and opens the logs. Learning rate, weight decay, schedule and
        budget are those of the arguments, whatever they were before; what has changed is logged.

        Args:
            model (`nn.Module`):
                As prepared.
            schedules (`Iterable[LearningRateSchedule]`):
                Of the optimisers.
            validate (`Callable`):
                Measures a model and returns numbers by name. Called on every process, as the next.
            save_model (`Callable`):
                Leaves a folder of a name, of a model and its numbers.
            figure_of_merit (`Callable`):
                The number of them that chooses the best model, lower is better.

        Raises:
            ValueError: If the state of the checkpoint is damaged or does not fit the arguments; names those that have
                changed.
        """
        self.model = self.accelerator.unwrap_model(model, keep_torch_compile=False)
        self.schedules = list(schedules)
        self._validate, self._save_model, self._figure_of_merit = validate, save_model, figure_of_merit
        if self.args.resume_from_checkpoint is not None:
            checkpoint = resolve_checkpoint(self.args.resume_from_checkpoint, self.output_dir / "checkpoints")
            if checkpoint is None:
                logger.info(f"no checkpoint in {self.output_dir / 'checkpoints'}: starting anew")
            else:
                changes = self._changes(checkpoint.resolve().parent.parent / "arguments.yaml")
                try:
                    self.accelerator.load_state(str(checkpoint))
                except (ValueError, RuntimeError, OSError, EOFError, SafetensorError, pickle.UnpicklingError) as error:
                    earlier = [
                        str(path) for path in list_checkpoints(checkpoint.parent) if path.name < checkpoint.name
                    ]
                    cause = (str(error) or repr(error)).splitlines()[0]
                    raise ValueError(
                        f"the state in {checkpoint} is damaged or does not fit{changes} ({cause}): go on with what shapes it "
                        "as it was (model, optimizer, ema_decay, what is trained), go on from an earlier checkpoint "
                        f"({earlier[-1] if earlier else 'there is none'}), or begin anew in another `output_dir`"
                    ) from error
                logger.info(f"resumed from {checkpoint}{changes}")
        if self.accelerator.is_main_process:
            if self.args.overwrite_output_dir and not self._goes_on:
                clear_output_dir(self.output_dir)
            arguments = yaml.safe_dump(dataclasses.asdict(self.args), sort_keys=False)
            (self.output_dir / "arguments.yaml").write_text(arguments)
        for schedule in self.schedules:
            schedule.step()
        if self.args.report_to != "none":
            self.accelerator.init_trackers("logs", init_kwargs={"tensorboard": {"purge_step": self.budget.step + 1}})
        self.tracker = Tracker(self.accelerator, self.output_dir, self.budget.step)
        self._saved_step, self._validated_step, self._metrics = self.budget.step, -1, {}
        self._logged_at = self.budget.clock()
        self.ends = self.budget.exhausted
        # not before: it would be drawn again behind what ends a run that cannot begin
        is_main = self.accelerator.is_main_process
        self._bar = tqdm(total=100, disable=not is_main, bar_format="{percentage:3.0f}% |{bar:20}| {desc}")
        self._handler = None
        if threading.current_thread() is threading.main_thread():  # no other may handle signals
            self._handler = signal.signal(signal.SIGTERM, self._signal) or signal.SIG_DFL

    def whole_model(self) -> nn.Module:
        """
        The model that is validated and saved, in evaluation mode and whole on every process: the average, or a copy of
        the weights. Call it on every process.
        """
        if self._average is not None:
            return self._average.module
        weights = self.accelerator.get_state_dict(self.model)
        if weights:  # those that are sharded come together on the main process
            self._copy.load_state_dict(weights)
        broadcast(list(self._copy.state_dict().values()))
        return self._copy

    def add(
        self, losses: Mapping[str, torch.Tensor], weight: torch.Tensor | float, seconds: torch.Tensor | float
    ) -> None:
        """Losses of a batch for the log, with their weight in the mean and the seconds of speech behind them."""
        with torch.no_grad():
            for name, value in losses.items():
                self._sums[name] += value.detach().float() * weight
            self._sums["weight"] += weight
            self._sums["seconds"] += seconds

    def after_step(self, *, epoch: float = 0.0, **logged: Any) -> None:
        """What is due after an optimiser step. `epoch` is how many are done; `logged` are more numbers for the log."""
        args, budget, position = self.args, self.budget, self.position
        budget.step, budget.epoch = budget.step + 1, epoch
        # a signal that comes from here on is one of the next step: what was agreed on never takes its place
        mine = budget.clock() if self.accelerator.is_main_process else 0.0
        seconds, signals = self._sum(mine, float(self._is_signalled))
        budget.tick(seconds)
        self._is_stopped = signals > 0
        self.ends = budget.exhausted or self._is_stopped
        for schedule in self.schedules:
            schedule.step()
        if self._average is not None:
            self._average.update_parameters(self.model)
        saves = self._is_due(args.checkpointing_steps, args.checkpointing_minutes, position.saved_at) or self.ends
        if budget.step % args.logging_steps == 0 or saves:
            self._log(logged)
        if self._is_due(args.validation_steps, args.validation_minutes, position.validated_at) and not self.ends:
            self.validate()
        if saves:
            self.save()

    def end_epoch(self) -> None:
        """Goes over to the next epoch, the last batch of one being done."""
        self.position.epoch, self.position.batch = self.position.epoch + 1, 0
        self.budget.epoch = float(self.position.epoch)
        self.ends = self.ends or self.budget.exhausted

    def validate(self) -> Mapping[str, float]:
        """Validates the weights, logs what was found, and keeps them if they are the best so far."""
        started = time.monotonic()
        torch.manual_seed(self.args.seed)
        model = self.whole_model()
        self._metrics = metrics = self._validate(model)
        self.tracker.log({f"validation/{name}": value for name, value in metrics.items()}, self.budget.step)
        self.tracker.draw_curves()
        figures = ", ".join(f"{name} {value:.4g}" for name, value in metrics.items()) or "no rows to validate by"
        logger.info(f"validation at step {self.budget.step} ({time.monotonic() - started:.0f} s): {figures}")
        if (figure := self._figure_of_merit(metrics)) < self.position.best:
            self.position.best = figure
            self._save_model("best", model, metrics)
        self._validated_step, self.position.validated_at = self.budget.step, self.budget.seconds
        self._logged_at = self.budget.clock()
        return metrics

    def save(self) -> None:
        """Saves a checkpoint."""
        self.position.saved_at, self._saved_step = self.budget.seconds, self.budget.step
        checkpoints = self.output_dir / "checkpoints"
        save_checkpoint(self.accelerator, checkpoints, self.budget.step, keep=self.args.keep_checkpoints)
        self._logged_at = self.budget.clock()

    def finish(self) -> int:
        """
        Leaves the last weights behind, with their validation, unless the run was told to stop. Returns the exit code: 0,
        or 143 (as a shell says of a SIGTERM) where it was.
        """
        self._bar.close()
        if self._saved_step != self.budget.step:  # the end of a stream came unannounced
            self.save()
        is_stopped = self._is_stopped and not self.budget.exhausted
        if is_stopped:
            step = self.budget.step
            logger.warning(f"stopped by SIGTERM after step {step}; go on with --resume_from_checkpoint latest")
        else:
            self._leave_signal()  # the state is saved: a SIGTERM ends the last validation as it would anything else
            metrics = self._metrics
            if self._validated_step != self.budget.step:
                metrics = self.validate()
                self.save()  # which weights are the best, for a run that goes on
            self._save_model("final", self.whole_model(), metrics)
        self.accelerator.end_training()
        if self.accelerator.num_processes > 1:
            # the last barrier is freed in a thread that needs the interpreter, which at its own end waits for that thread
            time.sleep(0.2)
        self._leave_signal()
        return 143 if is_stopped else 0

    def _signal(self, *_: Any) -> None:
        self._is_signalled = True

    def _leave_signal(self) -> None:
        """SIGTERM is again what it was before the run."""
        if self._handler is not None:
            signal.signal(signal.SIGTERM, self._handler)
            self._handler = None

    def _check_tracker(self) -> None:
        """Accelerate leaves out a tracker that is not installed without a word."""
        name = self.args.report_to
        if name != "none" and not self.accelerator.log_with:
            message = f"`report_to`={name!r} is not installed: install its package, or take --report_to none"
            if name != "tensorboard":
                raise ValueError(message)
            logger.warning(message)  # the default

    def _sum(self, *numbers: float) -> list[float]:
        """Sums over the processes."""
        if self.accelerator.num_processes == 1:
            return list(numbers)
        mine = torch.tensor(numbers, dtype=torch.float64, device=self.accelerator.device)
        return self.accelerator.reduce(mine, "sum").tolist()

    def _is_due(self, every_steps: int | None, every_minutes: float | None, last_seconds: float) -> bool:
        by_steps = every_steps is not None and self.budget.step % every_steps == 0
        every_minutes = 10.0 if every_minutes is None and every_steps is None else every_minutes
        return by_steps or (every_minutes is not None and self.budget.seconds - last_seconds >= 60 * every_minutes)

    def _changes(self, file: Path) -> str:
        """The arguments that are not those of the earlier run."""
        before = yaml.safe_load(file.read_text()) if file.is_file() else {}
        now = dataclasses.asdict(self.args)
        names = before.keys() & now.keys() - {"output_dir", "overwrite_output_dir", "resume_from_checkpoint"}
        changes = [f"{name} {before[name]} -> {now[name]}" for name in sorted(names) if before[name] != now[name]]
        return f", with other arguments than before: {', '.join(changes)}" if changes else ""

    def _log(self, logged: Mapping[str, Any]) -> None:
        budget = self.budget
        total = {name: float(value) for name, value in self.accelerator.reduce(dict(self._sums), "sum").items()}
        self._sums.clear()
        weight, seconds = total.pop("weight"), total.pop("seconds")
        losses = {name: value / weight for name, value in total.items()}
        if not math.isfinite(losses["loss"]):
            raise FloatingPointError(
                f"the loss is {losses['loss']} at step {budget.step}: resume from a checkpoint with a lower "
                "`learning_rate`, or with `mixed_precision` no"
            )
        speed, self._logged_at = seconds / (budget.clock() - self._logged_at), budget.clock()
        numbers = {**losses, "learning_rate": self.schedules[0].learning_rate, "epoch": budget.epoch, **logged}
        self.tracker.log(
            {
                **{f"train/{name}": value for name, value in numbers.items()},
                "speed/audio_seconds_per_second": speed,
                "speed/minutes": budget.seconds / 60,
            },
            budget.step,
        )
        left = self._bar.format_interval(budget.seconds_left or 0)
        self._bar.n = min(100, 100 * budget.progress)
        self._bar.set_description_str(
            f"step {budget.step}, loss {losses['loss']:.3f}, {speed:.0f} s of audio a second, {left} left"
        )
