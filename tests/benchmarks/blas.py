"""Print, as JSON, which BLAS NumPy uses here and which processor it takes this machine for."""

from __future__ import annotations

import ctypes
import json
from pathlib import Path

import numpy as np

CORENAMES = (
    "scipy_openblas_get_corename64_", "scipy_openblas_get_corename", "openblas_get_corename",
)


def description() -> str:
    """Return the BLAS NumPy was built with and, if it is OpenBLAS, the kernels it chose."""
    built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]  # type: ignore[index]
    text = f"{built['name']} {built['version']}"
    # The wheel's library stands beside the package; its functions carry a prefix and a suffix.
    for path in sorted(Path(np.__file__).parent.parent.glob("numpy.libs/*openblas*")):
        library = ctypes.CDLL(str(path))
        for name in CORENAMES:
            corename = getattr(library, name, None)
            if corename is not None:
                corename.restype = ctypes.c_char_p
                return f"{text}, kernels for {corename().decode()}"
    return text


if __name__ == "__main__":
    print(json.dumps(description()))
