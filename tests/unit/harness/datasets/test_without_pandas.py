"""pyarrow works in a process that refuses pandas, and imports none."""

import subprocess
import sys

ASKED = """
import sys
from harness.datasets.without_pandas import without_pandas
without_pandas()
import pyarrow as pa
assert pa.array([1.0, None]).to_pylist() == [1.0, None]
sys.exit('pandas' in sys.modules)
"""


def test_an_array_is_made_without_pandas() -> None:
    subprocess.run([sys.executable, "-c", ASKED], check=True)


def test_pyarrow_would_import_it() -> None:
    done = subprocess.run([sys.executable, "-c", ASKED.replace("\nwithout_pandas()", "")], check=False)
    assert done.returncode == 1
