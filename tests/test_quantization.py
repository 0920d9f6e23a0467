"""Weights in few bits are near those they stand for, and nearer in what is multiplied by them."""

import numpy as np
import pytest
import torch

from gpt2tts.quantization_gpt2tts import BLOCK_SIZES, quantize_blocks


def restore(blocks: np.ndarray, scales: np.ndarray, bits: int) -> np.ndarray:
    """The weights that bytes and scales stand for, `(out, in)`."""
    steps = blocks if bits == 8 else np.stack([blocks & 15, blocks >> 4], axis=-1)
    steps = steps.reshape(*scales.shape, BLOCK_SIZES[bits]).astype(np.float32) - 2 ** (bits - 1)
    return (steps * scales[..., None]).reshape(len(scales), -1)


@pytest.mark.parametrize("bits", [8, 4])
def test_weights_are_rounded_block_by_block(bits):
    size = BLOCK_SIZES[bits]
    weight = torch.randn(6, 3 * size - 10) * torch.tensor([1.0, 1e-3, 50.0, 1.0, 0.0, 1.0])[:, None]
    blocks, scales = quantize_blocks(weight, bits)
    assert blocks.shape == (6, 3, size * bits // 8)
    error = np.abs(restore(blocks, scales, bits)[:, : weight.shape[1]] - weight.numpy())
    # by half a step, and by a whole one at the end of the range that has one step less
    assert (error.max(axis=1) <= 1.001 * np.abs(scales).max(axis=1)).all()
    assert (np.median(error, axis=1) <= 0.5 * np.abs(scales).max(axis=1)).all()


@pytest.mark.parametrize("bits", [8, 4])
def test_examples_make_products_more_exact(bits):
    torch.manual_seed(0)
    mixing = torch.randn(20, 100) / 4  # inputs that go along with one another, as those of a network do
    examples, others = (torch.randn(400, 20) @ mixing + 0.1 * torch.randn(400, 100) for _ in range(2))
    weight = torch.randn(30, 100)

    def error(inputs):
        restored = torch.from_numpy(restore(*quantize_blocks(weight, bits, inputs), bits)[:, :100])
        return (others @ (restored - weight).T).square().mean()

    assert error(examples.numpy()) < 0.5 * error(None)


@pytest.mark.parametrize("examples", [np.zeros((4, 40), np.float32), np.ones((1, 40), np.float32)])
def test_few_or_empty_examples_do_no_harm(examples):
    torch.manual_seed(0)
    weight = torch.randn(5, 40)
    restored = restore(*quantize_blocks(weight, 8, examples), 8)[:, :40]
    np.testing.assert_allclose(restored, weight.numpy(), atol=0.05)
