"""What ``summary.json`` and the pages say of the versions of a dataset is what their manifests say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..meaning.tables import tables
from ..reader.dataset import Sealed
from ..reader.mismatches import Examined
from ..reader.site import Site
from ..reader.summary_json import SUMMARY, Told, told

HEADINGS = ("Version", "Sealed", "Profile", "State", "Why it was replaced")
NO_REASON, NOT_REPLACED = "no reason stated", "—"
UNREPLACED = ("current", "not superseded", "another recording")


def check(site: Site) -> Iterator[Examined]:
    """Looks at the versions of every report, then at every table of versions."""
    labels = {sealed.label: sealed for sealed in site.datasets.values()}
    replaced: dict[str, tuple[str, str]] = {}
    for report in told(site):
        versions = list(report.get("versions", ()))
        for place, one in enumerate(versions):
            problem = _version(one, labels.get(str(one.get("dataset"))), _next(versions[place + 1 :], one, labels))
            yield Examined(SUMMARY, problem and f"{report['page']}: its version {one.get('dataset')} {problem}")
            if one.get("superseded_by"):
                replaced[str(one["dataset"])] = str(one["superseded_by"]), str(one.get("reason") or NO_REASON)
    declared = _declared(labels)
    others = {str(one.get("dataset")) for report in told(site) for one in report.get("recordings", ())}
    for page in site.pages:
        for table in tables(site, page):
            for row in table.rows:
                if tuple(cell.heading for cell in row) == HEADINGS:
                    sealed = labels.get(row[0].text)
                    said = [cell.text for cell in row[1:]]
                    known = declared if page.stated.datasets else replaced
                    right = _row(sealed, known, others, said) if sealed else ["no version of the site"]
                    words = f"the data say “{' | '.join(right)}”"
                    yield Examined(
                        page.name, None if said == right else f"{row[0].text}: it says “{' | '.join(said)}”, {words}"
                    )


def _declared(labels: Mapping[str, Sealed]) -> dict[str, tuple[str, str]]:
    """The versions that another one says it replaced, with that one and why."""
    return {
        f"{one.label.partition('/')[0]}/v{one.manifest['supersedes']}": (
            one.label,
            str(one.manifest.get("supersedes_reason") or NO_REASON),
        )
        for one in labels.values()
        if one.manifest.get("supersedes") is not None
    }


def _next(later: Sequence[Told], one: Told, labels: Mapping[str, Sealed]) -> tuple[str | None, str]:
    """The version that replaced one, and why: the one that says so, or else the next."""
    number = int(str(one.get("dataset")).rpartition("/v")[2] or 0)
    found = [labels[str(other.get("dataset"))] for other in later if str(other.get("dataset")) in labels]
    declared = [other for other in found if other.manifest.get("supersedes") == number]
    if declared:
        return declared[0].label, str(declared[0].manifest.get("supersedes_reason") or "")
    return (str(later[0].get("dataset")) if later else None), ""


def _version(one: Told, sealed: Sealed | None, by: tuple[str | None, str]) -> str | None:
    if sealed is None:
        return "is not here"
    right = {
        "digest": sealed.digest,
        "page": f"editions/{sealed.label.replace('/', '-')}.html",
        "reason": by[1],
        "sealed": sealed.manifest["created"],
        "superseded_by": by[0],
    }
    other = next((name for name in right if one.get(name) != right[name]), None)
    return other and f"has the {other} “{one.get(other)}”, the manifests say “{right[other]}”"


def _row(
    sealed: Sealed, replaced: Mapping[str, tuple[str, str]], others: set[str], said: Sequence[str]
) -> Sequence[str]:
    """What a row has to say: of a version that nothing replaced, in the words of the table that it stands in."""
    begin = [str(sealed.manifest["created"])[:10], str(sealed.manifest["profile"])]
    by, reason = replaced.get(sealed.label, ("", NOT_REPLACED))
    if by and said[2] not in UNREPLACED[2:]:
        return [*begin, f"superseded by {by}", reason]
    known = UNREPLACED if sealed.label in others else UNREPLACED[:2]
    return [*begin, said[2] if said[2] in known else known[0], NOT_REPLACED]
