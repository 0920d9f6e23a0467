"""Creates a virtual environment with an up-to-date pip: `python3 create_venv.py .venv`. Standard library only."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import venv
from pathlib import Path

PIP_INDEX = "https://pypi.org/pypi/pip/json"
HINT = "Install it with `sudo apt-get install -y python3-venv ca-certificates` and run make again."


def fetch_pip(folder):
    """Downloads pip's wheel, which runs without being installed, and returns its path."""
    with urllib.request.urlopen(PIP_INDEX, timeout=60) as response:
        files = json.load(io.TextIOWrapper(response))["urls"]
    wheel = next(file for file in files if file["packagetype"] == "bdist_wheel")
    with urllib.request.urlopen(urllib.parse.urljoin(PIP_INDEX, wheel["url"]), timeout=60) as response:
        content = response.read()
    if hashlib.sha256(content).hexdigest() != wheel["digests"]["sha256"]:
        raise OSError("the download of pip is damaged")
    path = Path(folder, wheel["filename"])
    path.write_bytes(content)
    return path


def main(folder):
    """Makes the environment in `folder`, or leaves nothing there and says what is missing."""
    if not (3, 10) <= sys.version_info[:2] <= (3, 14):
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit(
            f"This is Python {version}, and 3.10 to 3.14 is needed: `make PYTHON=python3.12 ...` chooses another."
        )
    try:
        import ensurepip
    except ImportError:  # Debian and Ubuntu ship it in python3-venv
        ensurepip = None
    try:
        venv.create(folder, clear=True, with_pip=ensurepip is not None)
        python = str(Path(folder, "bin", "python"))
        with tempfile.TemporaryDirectory() as scratch:
            pip = ["-m", "pip"] if ensurepip else [f"{fetch_pip(scratch)}/pip"]
            subprocess.run([python, *pip, "install", "--quiet", "--upgrade", "pip"], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        missing = "" if ensurepip else f" python3-venv is missing, and pip could not be fetched in its place. {HINT}"
        sys.exit(f"No virtual environment could be made in {folder}: {error}.{missing}")
    except BaseException:  # half an environment would look like a whole one to make
        shutil.rmtree(folder, ignore_errors=True)
        raise


if __name__ == "__main__":
    main(sys.argv[1])
