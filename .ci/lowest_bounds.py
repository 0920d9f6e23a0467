"""Prints the lowest version of each dependency in pyproject.toml, and of the extras named, as constraints for pip."""

import re
import sys
from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10
    from pip._vendor import tomli as tomllib

project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
extras = project["optional-dependencies"]
for requirement in sum((extras[name] for name in sys.argv[1:]), project["dependencies"]):
    name, version = re.match(r"([\w.-]+)[^=>]*[=>]=([\w.]+)", requirement).groups()
    print(f"{name}=={version}")
