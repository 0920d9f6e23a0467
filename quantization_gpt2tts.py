"""
Weights in few bits, for the graphs of [`build_graphs`]: whole steps of a scale that a block of inputs, or a whole output,
has in common.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch.nn.functional import pad

# Inputs of a weight matrix that share a scale, by the bits of a weight. In larger blocks of 4 bits ONNX Runtime sums two
# rows in another order than one.
BLOCK_SIZES = {8: 64, 4: 32}
DAMPING = 0.01  # of the mean square of what is multiplied, which is added to that of each input


@torch.no_grad()
def quantize_blocks(
    weight: torch.Tensor, bits: int, inputs: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """
    A weight in 8 or 4 bits, `BLOCK_SIZES[bits]` inputs to a scale.

    With examples of what is multiplied by it, what rounding changes in the weight of one input is made up for in those of
    the inputs after it, as far as they go along with it: GPTQ, see [Frantar et al.](https://huggingface.co/papers/2210.17323).

    Args:
        weight (`torch.Tensor` of shape `(out, in)`): The weight, float32.
        bits (`int`): 8 or 4.
        inputs (`np.ndarray` of shape `(num_examples, in)`, *optional*): The examples, float32, several times `in` of them.

    Returns:
        `tuple[np.ndarray, np.ndarray]`: Bytes `(out, blocks, bytes)`, where half of the range is zero and the first of two
        weights lies in the lower half of a byte, and the scales `(out, blocks)`.
    """
    block_size, half = BLOCK_SIZES[bits], 2 ** (bits - 1)
    padding = (0, -weight.shape[1] % block_size)
    rest = pad(weight, padding).clone()
    shares = None if inputs is None else _error_shares(pad(torch.from_numpy(inputs), padding))
    steps, scales = torch.zeros_like(rest), rest.new_zeros(len(rest), rest.shape[1] // block_size)
    for index, start in enumerate(range(0, rest.shape[1], block_size)):
        block, after = slice(start, start + block_size), slice(start + block_size, None)
        scale = _block_scales(rest[:, block], half)
        scales[:, index] = scale[:, 0]
        if shares is None:
            steps[:, block] = _to_steps(rest[:, block], scale, half)
            continue
        lost = torch.zeros_like(rest[:, block])
        for column in range(block_size):
            value = rest[:, start + column, None]
            step = _to_steps(value, scale, half)
            error = value - step * scale
            # those of the same block at once, the others when it is done, which takes one product
            rest[:, block].sub_(error * shares[start + column, block])
            steps[:, start + column, None], lost[:, column, None] = step, error
        rest[:, after] -= lost @ shares[block, after]
    packed = (steps + half).to(torch.uint8).reshape(len(rest), -1, block_size).numpy()
    return (packed if bits == 8 else packed[..., ::2] | packed[..., 1::2] << 4), scales.numpy()


def quantize_channels(weight: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """A weight `(out, in)` in 8 bits, one scale for each output: `(out, in)`, and the scales `(out,)`."""
    array = weight.detach().numpy()
    scales = np.abs(array).max(axis=1) / 127
    return np.rint(array / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8), scales


@contextmanager
def one_thread() -> Iterator[None]:
    """Products of matrices that are the same to the bit whatever the number of PyTorch's threads."""
    num_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(num_threads)


def _to_steps(values: torch.Tensor, scale: torch.Tensor, half: int) -> torch.Tensor:
    return torch.where(scale == 0, 0, values / scale).round().clamp(-half, half - 1)


def _block_scales(values: torch.Tensor, half: int) -> torch.Tensor:
    """The scale of each output, of a few, by whose steps a block is missed the least: `(out, 1)` for `(out, block_size)`."""
    # the largest, whatever its sign, is the lowest step: there is one more of those than of the highest
    largest = values.gather(1, values.abs().argmax(dim=1, keepdim=True))
    scales, best = torch.zeros_like(largest), torch.full_like(largest, -1.0)
    for factor in np.linspace(1.0, 1.4, 5).tolist():  # or beyond it, where that brings the others nearer
        tried = _to_steps(values, largest / (-half * factor), half)
        product = (tried * values).sum(dim=1, keepdim=True)
        square = (tried * tried).sum(dim=1, keepdim=True).clamp(min=1)
        explained = product * product / square
        scales = torch.where(explained > best, product / square, scales)
        best = torch.maximum(best, explained)
    return scales


def _error_shares(inputs: torch.Tensor) -> torch.Tensor:
    """
    What the weight of each input is to lose for an error of 1 in that of an input before it, `(in, in)`: upper triangular,
    with ones on the diagonal.
    """
    squares = (inputs.T @ inputs).double()
    damping = DAMPING * squares.trace() / len(squares)
    squares += torch.eye(len(squares)) * damping.clamp(min=torch.finfo(torch.float32).tiny)
    upper = torch.linalg.cholesky(torch.linalg.inv(squares), upper=True)
    return (upper / upper.diagonal()[:, None]).float()


__all__ = ["BLOCK_SIZES", "one_thread", "quantize_blocks", "quantize_channels"]
