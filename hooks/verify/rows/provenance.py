"""Where a page names a dataset as its provenance, day, digests, machine and revision are those of its manifest."""

from __future__ import annotations

from collections.abc import Iterator

from ..meaning.first_screen import hardware
from ..meaning.tables import text_of
from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.visible_text import plain

PLACE = ".//*[contains(concat(' ', @class, ' '), ' b-dataset ')]"
FINGERPRINT, INSTRUMENT = "Study fingerprint: ", "Instrument error: "
"""What only some pages tell."""


def check(site: Site) -> Iterator[Examined]:
    """Looks at every such place of every page."""
    labels = {sealed.label: sealed for sealed in site.datasets.values()}
    for document in site.documents:
        for place in document.body.xpath(PLACE):
            named = " ".join(text_of(one) for one in place.xpath(".//strong[1]"))
            yield Examined(document.name, _problem(labels.get(named), named, plain(text_of(place))))


def _problem(sealed: Sealed | None, named: str, said: str) -> str | None:
    if sealed is None:
        return f"its provenance names the dataset “{named}”, which is not here undamaged"
    missing = next((fact for fact in _facts(sealed, said) if plain(fact) not in said), None)
    return missing and f"the provenance of {sealed.label} does not say “{missing}”"


def _facts(sealed: Sealed, said: str) -> Iterator[str]:
    manifest = sealed.manifest
    yield f"sealed {manifest['created']}"
    yield f"SHA-256 of its manifest {sealed.digest}"
    yield f"Hardware: {hardware(sealed)}. "
    yield f"Code revision: {manifest['code']['revision'] or 'not recorded'}."
    if FINGERPRINT in said:
        yield f"{FINGERPRINT}{manifest['fingerprint']}."
    if INSTRUMENT in said:
        yield f"{INSTRUMENT}{_instrument(manifest['calibration'])}"


def _instrument(calibration: str | None) -> str:
    return f"calibration {calibration}" if calibration else "this dataset names no calibration"
