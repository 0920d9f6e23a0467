"""
Training on a machine with a GPU but neither a network nor a package index: what it lacks goes there in small files, and
the weights come back in small files.

    python recipes/offline.py pack parts --texts texts.jsonl --kokoro kokoro.onnx --voices voices --features ljspeech
    python recipes/offline.py unpack parts/* --out there          # on that machine, as is the next line
    python recipes/offline.py collect runs/small/best weights
    python recipes/offline.py join weights/weights-*.safetensors weights/model.safetensors

The parts are the pieces of a tar archive of wheels, texts, Kokoro and features; log-mels travel in 8 bits.
"""

import io
import lzma
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import pyarrow as pa
import typer
from safetensors.numpy import load_file, save_file

app = typer.Typer(add_completion=False, help=__doc__, rich_markup_mode=None)

WHEELS = [
    *("transformers", "tokenizers", "datasets", "dill", "multiprocess", "xxhash", "soundfile", "cffi", "pycparser"),
    *("hibari-tts", "hyperpyyaml", "ruamel.yaml", "speechbrain", "swift-f0", "onnxruntime"),
]
# what a machine of 2018 and later runs
PLATFORMS = ["manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux1_x86_64"]
# log-mels from the floor of the feature extractor up: at most half a step, 0.03 nepers, is lost
MEL_STEP, MEL_LOW = 0.055, -11.6
PITCH_VALUES = 2  # log-pitch and voicing, after the mel bins of each frame
EXACT_WEIGHTS = ("frame_mean", "frame_std")  # every frame is scaled by them
HEADER_BYTES = 200  # that a weight takes in the header of its file, about


def pack_features(folder: Path, out: Path):
    """Writes the Arrow files of a folder of features as one, its log-mels in 8 bits as differences in time."""
    # `datasets` may have left caches of its own beside them, and a run that was killed what is not complete
    files = sorted(path for path in folder.glob("*.arrow") if not path.name.startswith(("cache-", ".")))
    if not files:
        raise typer.BadParameter(f"{folder} holds no Arrow file of features.")
    # values of neighbouring frames are alike, so their differences compress to less than half
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", 9))
    with pa.OSFile(str(out), "wb") as sink:
        writer = None
        for batch in _read_batches(files):
            packed = _quantise(batch)
            writer = writer or pa.ipc.new_stream(sink, packed.schema, options=options)
            writer.write_batch(packed)
        if writer is None:
            raise typer.BadParameter(f"{folder} holds no row of features.")
        writer.close()


def unpack_features(file: Path, out: Path):
    """Writes what `pack_features` wrote as a file of features for `train_accelerate.py`."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with pa.OSFile(str(out), "wb") as sink:
        writer = None
        for batch in _read_batches([file]):
            restored = _restore(batch)
            writer = writer or pa.ipc.new_stream(sink, restored.schema)
            writer.write_batch(restored)
        if writer is not None:
            writer.close()


def _read_batches(files: Iterable[Path]) -> Iterator[pa.RecordBatch]:
    for file in files:
        with pa.memory_map(str(file)) as source, pa.ipc.open_stream(source) as reader:
            yield from (batch for batch in reader if batch.num_rows)


def _quantise(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The column `labels` as `mels` (8 bits) and `pitch`."""
    labels = batch["labels"]
    num_frames = batch["num_frames"].to_numpy()
    values = labels.flatten().to_numpy(zero_copy_only=False)
    frames = values.reshape(num_frames.sum(), -1).astype(np.float32)
    mels, pitch = frames[:, :-PITCH_VALUES], frames[:, -PITCH_VALUES:]
    steps = np.clip(np.rint((mels - MEL_LOW) / MEL_STEP), 0, 255).astype(np.uint8)
    # modulo 256, over the ends of rows too
    differences = np.diff(steps, axis=0, prepend=np.zeros_like(steps[:1]))
    columns = {name: batch[name] for name in batch.schema.names if name != "labels"}
    columns["mels"] = _lists(differences, num_frames)
    columns["pitch"] = _lists(pitch.astype(np.float16), num_frames)
    return pa.RecordBatch.from_pydict(columns).replace_schema_metadata(batch.schema.metadata)


def _restore(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The column `labels` from `mels` and `pitch`."""
    num_frames = batch["num_frames"].to_numpy()
    differences = batch["mels"].flatten().to_numpy().reshape(num_frames.sum(), -1)
    mels = np.cumsum(differences, axis=0, dtype=np.uint8) * np.float32(MEL_STEP) + np.float32(MEL_LOW)
    pitch = batch["pitch"].flatten().to_numpy(zero_copy_only=False).reshape(len(mels), -1)
    columns = {name: batch[name] for name in batch.schema.names if name not in ("mels", "pitch")}
    columns["labels"] = _lists(np.concatenate([mels.astype(np.float16), pitch], axis=1), num_frames)
    return pa.RecordBatch.from_pydict(columns).replace_schema_metadata(batch.schema.metadata)


def _lists(frames: np.ndarray, num_frames: np.ndarray) -> pa.ListArray:
    offsets = np.concatenate([[0], np.cumsum(num_frames)]) * frames.shape[1]
    return pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), pa.array(frames.reshape(-1)))


def download_wheels(names: Iterable[str], python: str, out: Path):
    """Downloads the wheels of packages, each in the version installed here, for Linux on x86-64."""
    requirements = [f"{name}=={metadata.version(name)}" for name in names]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--python-version", python, "--implementation", "cp", "--dest", str(out)]
    for platform in PLATFORMS:
        command += ["--platform", platform]
    subprocess.run([*command, *requirements], check=True)


def install_wheels(wheels: list[Path], site: Path):
    """Installs wheels into a folder that `PYTHONPATH` can name, from themselves alone."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--no-compile",
        "--upgrade",
    ]
    subprocess.run([*command, "--target", str(site), *map(str, wheels)], check=True)


class PartWriter(io.RawIOBase):
    """
    A file in parts of limited size.

    Args:
        folder (`Path`): Folder of the parts.
        size (`int`): Bytes of a part, at most.
    """

    def __init__(self, folder: Path, size: int):
        self.folder, self.size = folder, size
        self.paths: list[Path] = []
        self.room = 0

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data) -> int:
        """Appends bytes, in as many parts as they need."""
        view = memoryview(data)
        while len(view):
            if not self.room:
                self.paths.append(self.folder / f".part-{len(self.paths)}")
                self.paths[-1].write_bytes(b"")
                self.room = self.size
            piece = view[: self.room]
            with self.paths[-1].open("ab") as file:
                file.write(piece)
            self.room -= len(piece)
            view = view[len(piece) :]
        return len(data)

    def finish(self) -> list[Path]:
        """Gives the parts names that tell their number and how many there are."""
        count = len(self.paths)
        return [path.rename(self.folder / f"part-{n:03d}-of-{count:03d}") for n, path in enumerate(self.paths, 1)]


class PartReader(io.RawIOBase):
    """
    Parts as the file that they were.

    Args:
        paths (`list[Path]`): The parts, in any order.
    """

    def __init__(self, paths: list[Path]):
        numbers = {}
        for path in paths:
            match = re.fullmatch(r"part-(\d+)-of-(\d+)", path.name)
            if match is None:
                raise typer.BadParameter(f"{path} is no part: their names are like part-001-of-004.")
            numbers[int(match[1])] = (int(match[2]), path)
        counts = {count for count, _ in numbers.values()}
        if len(counts) != 1:
            raise typer.BadParameter("these parts are of different archives, or there are none.")
        missing = sorted(set(range(1, counts.pop() + 1)) - set(numbers))
        if missing:
            raise typer.BadParameter(f"part {', '.join(map(str, missing))} is missing.")
        self.files = [numbers[number][1].open("rb") for number in sorted(numbers)]

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer) -> int:
        """Reads on, in the next part where one ends."""
        while self.files:
            if count := self.files[0].readinto(buffer):
                return count
            self.files.pop(0).close()
        return 0


@app.command()
def pack(
    out: Annotated[Path, typer.Argument(help="Folder of the parts.")],
    size_mb: Annotated[float, typer.Option(help="Largest part in MB.")] = 60.0,
    python: Annotated[str, typer.Option(help="Version of Python on that machine.")] = "3.12",
    wheels: Annotated[bool, typer.Option(help="Whether to carry wheels.")] = True,
    wheel: Annotated[list[str], typer.Option(help="Package that the machine lacks; several.")] = WHEELS,
    texts: Annotated[Path | None, typer.Option(help="File of corpus_texts.py.")] = None,
    kokoro: Annotated[Path | None, typer.Option(help="Kokoro-82M as int8 ONNX file.")] = None,
    voices: Annotated[Path | None, typer.Option(help="Folder of Kokoro's voices.")] = None,
    features: Annotated[list[Path], typer.Option(help="Folder of features; several.")] = [],  # noqa: B006
):
    """Put what the machine lacks into a few files."""
    names = [folder.resolve().name for folder in features]
    if len(set(names)) < len(names):
        raise typer.BadParameter("two folders of features have one name.")
    if out.is_dir() and any(out.iterdir()):
        raise typer.BadParameter(f"{out} is not empty.")
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary:
        staged = Path(temporary)
        if wheels:
            (staged / "wheels").mkdir()
            download_wheels(wheel, python, staged / "wheels")
        if texts is not None:
            with texts.open("rb") as source, lzma.open(staged / "texts.jsonl.xz", "wb") as target:
                shutil.copyfileobj(source, target)
        if features:
            (staged / "features").mkdir()
        for folder, name in zip(features, names, strict=True):
            pack_features(folder, staged / "features" / f"{name}.arrow")
        writer = PartWriter(out, round(size_mb * 1e6))
        buffer = io.BufferedWriter(writer, 2**20)
        with tarfile.open(fileobj=buffer, mode="w|") as archive:
            for path in sorted(staged.iterdir()):
                archive.add(path, path.name)
            if kokoro is not None:
                archive.add(kokoro.resolve(), "kokoro.onnx")
            if voices is not None:
                archive.add(voices.resolve(), "voices")
        buffer.flush()
        parts = writer.finish()
    size = sum(part.stat().st_size for part in parts)
    typer.echo(f"{len(parts)} parts in {out}, {size / 1e6:.0f} MB")


@app.command()
def unpack(
    parts: Annotated[list[Path], typer.Argument(help="All parts.")],
    out: Annotated[Path, typer.Option(help="Folder for what is in them.")],
):
    """Put the parts together: OUT/site for PYTHONPATH, OUT/texts.jsonl, OUT/kokoro.onnx, OUT/voices, OUT/corpus."""
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out) as temporary:
        staged = Path(temporary)
        with tarfile.open(fileobj=io.BufferedReader(PartReader(parts), 2**20), mode="r|") as archive:
            # Python 3.10.12, 3.11.4 and later
            archive.extractall(staged, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
        if wheels := sorted(staged.glob("wheels/*.whl")):
            install_wheels(wheels, out / "site")
        if (staged / "texts.jsonl.xz").exists():
            with lzma.open(staged / "texts.jsonl.xz") as source, (out / "texts.jsonl").open("wb") as target:
                shutil.copyfileobj(source, target)
        for file in sorted(staged.glob("features/*.arrow")):
            unpack_features(file, out / "corpus" / file.stem / "features-00000.arrow")
        if (staged / "kokoro.onnx").exists():
            (staged / "kokoro.onnx").replace(out / "kokoro.onnx")
        if (staged / "voices").exists():
            shutil.copytree(staged / "voices", out / "voices", dirs_exist_ok=True)
    typer.echo(f"unpacked into {out}: " + ", ".join(sorted(path.name for path in out.iterdir())))


def halve(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Weights in half precision, but for the statistics of frames."""
    return {
        name: weight.astype(np.float16) if weight.dtype == np.float32 and not name.endswith(EXACT_WEIGHTS) else weight
        for name, weight in weights.items()
    }


def split_weights(weights: dict[str, np.ndarray], size: int) -> list[dict[str, np.ndarray]]:
    """Weights in groups whose files have at most `size` bytes."""
    groups: list[dict[str, np.ndarray]] = []
    room = 0
    for name, weight in sorted(weights.items()):
        needed = weight.nbytes + HEADER_BYTES
        if needed + HEADER_BYTES > size:
            raise typer.BadParameter(f"the weight {name} alone has {weight.nbytes / 1e6:.1f} MB.")
        if needed > room:
            groups.append({})
            room = size - HEADER_BYTES
        groups[-1][name] = weight
        room -= needed
    return groups


@app.command()
def collect(
    run: Annotated[Path, typer.Argument(help="Folder of a checkpoint, such as runs/small/best.")],
    out: Annotated[Path, typer.Argument(help="Folder of what comes back.")],
    size_mb: Annotated[float, typer.Option(help="Largest file in MB.")] = 16.0,
):
    """Write a checkpoint's weights in half precision in small files, and beside them what else it holds."""
    groups = split_weights(halve(load_file(run / "model.safetensors")), round(size_mb * 1e6))
    # a vocoder in the checkpoint has a file of that name too
    shutil.copytree(
        run, out, ignore=lambda folder, _: {"model.safetensors"} if Path(folder) == run else set(), dirs_exist_ok=True
    )
    for number, group in enumerate(groups):
        save_file(group, out / f"weights-{number:02d}.safetensors", metadata={"format": "pt"})
    typer.echo(f"{len(groups)} files of weights in {out}")


@app.command()
def join(
    files: Annotated[list[Path], typer.Argument(help="Files of weights.")],
    out: Annotated[Path, typer.Argument(help="The file to write, a checkpoint's model.safetensors.")],
):
    """Make one file of the weights that `collect` wrote."""
    weights: dict[str, np.ndarray] = {}
    for file in files:
        group = load_file(file)
        if twice := sorted(set(group) & set(weights)):
            raise typer.BadParameter(f"{file} has {twice[0]}, which another file has too.")
        weights.update(group)
    save_file(weights, out, metadata={"format": "pt"})
    typer.echo(f"{len(weights)} weights in {out}")


if __name__ == "__main__":
    app()
