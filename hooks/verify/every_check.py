"""Every check by its name, and how one is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from harness.errors import BinderyError

from .agreement import (
    cards,
    earlier_figures,
    edition_pages,
    feed_entries,
    menus,
    news,
    notebook_files,
    page_names,
    paper_codes,
    report_facts,
    report_lists,
    sitemap,
    versions,
)
from .checks import (
    charts,
    cited,
    claim_phrases,
    claims,
    counts,
    datasets,
    derived_values,
    downloads,
    file_list,
    interval_coverage,
    labels,
    links,
    literals,
    measured_values,
    number_elements,
    recordings,
    roundings,
    samples,
    sealed_list,
    search_index,
    summary,
    value_ids,
)
from .looks import directions, drawings, grammar, hidden_text, page_heads, shades, unique_ids
from .meaning import (
    advice_rows,
    audit_badges,
    audit_rows,
    compare_rows,
    findings,
    first_screen,
    formulas,
    headings,
    history_rows,
    host_rows,
    number_rows,
    quoted_claims,
    report_cards,
    required_rows,
    row_labels,
    terms,
)
from .reader.mismatches import Examined
from .reader.site import Site
from .rows import declared_inputs, design_rows, flag_rows, machine_rows, primary_rows, provenance, status_words

Check = Callable[[Site], Iterator[Examined]]

FILES = "files"
"""The check of every file by its digest."""
CHECKS: Mapping[str, Check] = {
    FILES: file_list.check,
    "artifacts": Site.examined_datasets,
    "sealed": sealed_list.check,
    "downloads": downloads.check,
    "pages": Site.examined_pages,
    "identities": value_ids.check,
    "estimates": measured_values.check,
    "derived values": derived_values.check,
    "cited figures": cited.check,
    "simulations": interval_coverage.check,
    "labels": labels.check,
    "counts": counts.check,
    "roundings": roundings.check,
    "numbers shown": number_elements.check,
    "claims": claims.check,
    "datasets": datasets.check,
    "recordings": recordings.check,
    "claims in all recordings": claim_phrases.check,
    "charts": charts.check,
    "drawings": drawings.check,
    "better ends": directions.check,
    "elements of drawings": grammar.check,
    "literals": literals.check,
    "samples": samples.check,
    "summary and feed": summary.check,
    "search index": search_index.check,
    "number rows": number_rows.check,
    "formulas": formulas.check,
    "headings": headings.check,
    "row labels": row_labels.check,
    "findings": findings.check,
    "primary contrasts": primary_rows.check,
    "words of status": status_words.check,
    "dated inputs": declared_inputs.check,
    "designs": design_rows.check,
    "provenance": provenance.check,
    "flags": flag_rows.check,
    "machines": machine_rows.check,
    "facts of reports": report_facts.check,
    "lists of reports": report_lists.check,
    "versions": versions.check,
    "editions": edition_pages.check,
    "earlier figures": earlier_figures.check,
    "feed": feed_entries.check,
    "news": news.check,
    "map of the site": sitemap.check,
    "codes on paper": paper_codes.check,
    "notebooks": notebook_files.check,
    "names of pages": page_names.check,
    "menus": menus.check,
    "cards": cards.check,
    "required rows": required_rows.check,
    "first screens": first_screen.check,
    "cards of reports": report_cards.check,
    "shades": shades.check,
    "hidden text": hidden_text.check,
    "audit": audit_rows.check,
    "badges of audits": audit_badges.check,
    "quoted claims": quoted_claims.check,
    "compared results": compare_rows.check,
    "advice": advice_rows.check,
    "history": history_rows.check,
    "hosts": host_rows.check,
    "terms": terms.check,
    "links": links.check,
    "heads of pages": page_heads.check,
    "unique ids": unique_ids.check,
}
"""Every check by the name of the class of mismatch that it finds."""


def guarded(check: Check, site: Site) -> Iterator[Examined]:
    """What a check finds. A site on which it fails is wrong: no file of ours makes it fail."""
    try:
        yield from check(site)
    except BinderyError:
        raise
    except Exception as error:  # noqa: BLE001 a hostile site may provoke any
        said = str(error).partition("\n")[0][:200]
        yield Examined(str(site.root), f"it cannot be checked further: {type(error).__name__} {said}")
