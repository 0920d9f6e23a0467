"""Which precision a machine is fast in."""

from __future__ import annotations

import torch

MIXED_PRECISIONS = ("auto", "bf16", "fp16", "no")


def has_fast_bfloat16(device_type: str = "cpu") -> bool:
    """
    Whether the device multiplies bfloat16 in hardware, faster than float32. PyTorch emulates it elsewhere, at a fraction
    of that speed: a fifth on a server CPU without AVX512-BF16. An Intel CPU that has AVX512-BF16 and not AMX, as under
    hypervisors that hide it, multiplies float32 twice as fast.
    """
    if device_type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device_type == "cpu":
        if getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)():
            return True
        has_bfloat16 = getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)()
        return has_bfloat16 and "Intel" not in getattr(torch.cpu, "get_capabilities", dict)().get("cpu_name", "")
    return device_type == "xpu"


def choose_mixed_precision(name: str, device_type: str = "cpu") -> str:
    """
    The precision for `Accelerator`: `name`, or for `"auto"` `"bf16"` where that is fast and `"no"` elsewhere.

    Raises:
        ValueError: If `name` is none of `MIXED_PRECISIONS`.
    """
    if name not in MIXED_PRECISIONS:
        raise ValueError(f"`mixed_precision` must be one of {', '.join(MIXED_PRECISIONS)}, got {name!r}")
    if name != "auto":
        return name
    return "bf16" if has_fast_bfloat16(device_type) else "no"
