# %% [markdown]
# # Redoing a finding of TR108
#
# This notebook opens a sealed dataset with nothing but general tools, checks it against its manifest, and computes
# one finding of the report again: how much later the first token of a run's first request comes than that of its
# warm requests with the same prompt. The site's build runs it, and stops where the result differs from the published
# one.
#
# To run it yourself, download the files of the dataset from the report's page into folders named as there.

# %%
import hashlib
import json
import os
import re
from pathlib import Path

import pandas as pd

folder = Path(os.environ.get("BINDERY_DATASET", "data/tr108/v1"))
manifest = json.loads((folder / "manifest.json").read_bytes())
recordings = [folder.parent / listed["name"] for listed in manifest.get("recordings", [])] or [folder]
for recording in recordings:
    sealed = json.loads((recording / "manifest.json").read_bytes())
    for name, entry in sorted(sealed["files"].items()):
        found = hashlib.sha256((recording / name).read_bytes()).hexdigest()
        print(recording.name, name, "is as sealed" if found == entry["sha256"] else "HAS CHANGED")

# %% [markdown]
# A run is one fresh process. The levels of its factors stand in columns of their own. Runs of one block lie close in
# time and are alike, so the block is the unit of statistics. A version may list the recordings of several sessions,
# whose tables are read one after another; then the session is the unit.


# %%
def table(name: str) -> pd.DataFrame:
    parts = {recording.name: pd.read_parquet(recording / name) for recording in recordings}
    return pd.concat([part.assign(run_id=f"{key}/" + part["run_id"]) for key, part in parts.items()])


runs, requests = table("runs.parquet"), table("requests.parquet")
model = runs["level.model"].sort_values().iloc[0]
threads = runs["level.threads"].map(str).sort_values().iloc[-1]
arm = runs[(runs["level.model"] == model) & (runs["level.threads"].map(str) == threads)]
arm = arm[arm["outcome"].isin(["ok", "degraded"])]
print(model, "with threads", threads, "in", len(arm), "usable runs")

# %% [markdown]
# Times are nanoseconds after the planned start of a request, so the first arrival is the time to first token. The
# requests of a run become one number, their median; the first request of a run is set against the warm ones of that
# same run which send the same prompt. The runs of a block become one number, the median of these ratios, and so do the
# blocks.

# %%
usable = requests[requests["outcome"].isin(["ok", "degraded"]) & requests["run_id"].isin(arm["run_id"])]
(prompt,) = usable.loc[usable["phase"] == "cold", "prompt_id"].unique()
usable = usable[usable["prompt_id"] == prompt]
first_ms = usable["arrivals_ns"].map(lambda arrivals: arrivals[0] / 1e6 if len(arrivals) else None)
by_run = first_ms.groupby([usable["phase"].astype(str), usable["run_id"]]).median()
unit = arm["run_id"].str.split("/").str[0] if len(recordings) > 1 else arm["block"]
unit = unit.set_axis(arm["run_id"])


def over_blocks(numbers: pd.Series) -> float:
    return numbers.groupby(unit.reindex(numbers.index)).median().median()


ratio = over_blocks(by_run["cold"] / by_run["measured"])
cold, warm = over_blocks(by_run["cold"]), over_blocks(by_run["measured"])
print(f"first request {cold:.1f} ms, warm requests {warm:.1f} ms, ratio within a run {ratio:.3f}")

# %% [markdown]
# The same number as the report publishes, from `summary.json` at the root of the site:

# %%
summary = json.loads(Path(os.environ.get("BINDERY_SUMMARY", "summary.json")).read_bytes())
findings = next(report["findings"] for report in summary["reports"] if report["id"] == "tr108")
names = (re.sub("[^a-z0-9]+", "-", level.lower()).strip("-") for level in (model, threads))
published = findings["_".join(("cold", *names))]
if abs(published["number"] - ratio) > 1e-9:
    raise ValueError(f"the report says {published['number']}, this notebook {ratio}")
print("the report says", published["text"], "and agrees to the last digit")
