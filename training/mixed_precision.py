"""Which precision a machine is fast in."""

from __future__ import annotations

import torch

MIXED_PRECISIONS = ("auto", "bf16", "fp16", "no")


def has_native_bfloat16(device_type: str = "cpu") -> bool:
    """
    Whether the device multiplies bfloat16 in hardware. PyTorch emulates it elsewhere, at a fraction of the speed of
    float32: a fifth on a server CPU without AVX512-BF16.
    """
    if device_type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device_type == "cpu":
        # all CPUs with AMX have it too
        return getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)()
    return device_type == "xpu"


def choose_mixed_precision(name: str, device_type: str = "cpu") -> str:
    """
    The precision for `Accelerator`: `name`, or for `"auto"` `"bf16"` where the device has it and `"no"` elsewhere.

    Raises:
        ValueError: If `name` is none of `MIXED_PRECISIONS`.
    """
    if name not in MIXED_PRECISIONS:
        raise ValueError(f"`mixed_precision` must be one of {', '.join(MIXED_PRECISIONS)}, got {name!r}")
    if name != "auto":
        return name
    return "bf16" if has_native_bfloat16(device_type) else "no"
