"""Libraries work in a process that refuses what nothing of ours needs of them, and would import it otherwise."""

import subprocess
import sys

import pytest

CALL = "\nrefuse(*names)"
ASKED = f"""
import sys
from harness.unneeded import HTTPX_COMMAND, PANDAS, refuse
names = HTTPX_COMMAND, PANDAS{CALL}
import httpx
import pyarrow as pa
assert pa.array([1.0, None]).to_pylist() == [1.0, None]
httpx.Client().close()
print(*(name for name in names if name in sys.modules))
"""


@pytest.mark.parametrize(("code", "imported"), [(ASKED, ""), (ASKED.replace(CALL, ""), "httpx._main pandas")])
def test_libraries_import_it_unless_it_is_refused(code: str, imported: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == imported
