/* What stands behind a number or a badge: its row, in a dialog. The rows of a report stand on the page of its numbers, its
   sentences and datasets on the report; either page fetches the other once, on the first click. */
(function () {
  "use strict";

  const { button, link, runDots } = window.bindery;
  let opener = null;
  const fetched = new Map();
  const ROWS = "/numbers.html";
  const served = location.protocol.startsWith("http");

  /* The document at a path, and the address that its links are relative to. */
  function documentAt(path) {
    if (path === location.pathname) return Promise.resolve({ page: document, base: location.href });
    if (!fetched.has(path)) {
      const found = fetch(path).then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status))))
        .then((text) => ({ page: new DOMParser().parseFromString(text, "text/html"), base: new URL(path, location.href).href }));
      found.catch(() => fetched.delete(path));
      fetched.set(path, found);
    }
    return fetched.get(path);
  }

  const rowsOf = (path) => path.replace(/\.html$/, ROWS);
  const reportOf = (path) => (served && path.endsWith(ROWS) ? `${path.slice(0, -ROWS.length)}.html` : path);

  function dialog() {
    let found = document.getElementById("b-provenance");
    if (found) return found;
    found = document.createElement("dialog");
    found.id = "b-provenance";
    found.setAttribute("aria-labelledby", "b-provenance-title");
    found.addEventListener("click", (event) => { if (event.target === found) found.close(); });
    found.addEventListener("close", () => { if (opener && opener.isConnected) opener.focus(); });
    document.body.append(found);
    return found;
  }

  function entry(list, name, ...content) {
    if (!content.some((item) => (item.textContent ?? item).trim())) return;
    const term = document.createElement("dt");
    term.textContent = name;
    const detail = document.createElement("dd");
    detail.append(...content);
    list.append(term, detail);
  }

  /* What a cell holds; its links lead from here to where they led from the page at base. */
  function copy(cell, base) {
    const part = document.createElement("span");
    part.append(...document.importNode(cell, true).childNodes);
    part.querySelectorAll("a[href]").forEach((one) => { one.href = new URL(one.getAttribute("href"), base).href; });
    part.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
    return part;
  }

  function code(text) {
    const element = document.createElement("code");
    element.textContent = text;
    return element;
  }

  function folded(list, name, ...content) {
    const fold = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = name;
    fold.append(summary, ...content);
    const detail = document.createElement("dd");
    detail.className = "b-wide-entry";
    detail.append(fold);
    list.append(detail);
  }

  /* The cells of a row of the numbers; what several rows are stands in a cell beside all of them. */
  function cellsOf(row) {
    const cells = [...row.cells];
    let first = row;
    while (first.previousElementSibling && first.cells.length < 6) first = first.previousElementSibling;
    if (first !== row) cells.splice(1, 0, first.cells[1]);
    return cells;
  }

  function describe(row, rows, report, list, title) {
    const [shown, question, kept, runs, status, id] = cellsOf(row);
    const [number, ...ends] = shown.querySelectorAll("data");
    const show = (cell) => copy(cell, rows.base);
    title.append(show(shown));
    entry(list, "what it is", show(question));
    entry(list, "kept", show(kept));
    entry(list, "blocks or runs", show(runs));
    entry(list, "interval", ends.length ? row.closest("[data-method]").dataset.method : "none");
    entry(list, "status", show(status));
    for (const claim of rows.page.querySelectorAll('tr[id^="claim-"]')) {
      if ([...claim.querySelectorAll("a")].some((one) => one.hash === `#${row.id}`)) {
        entry(list, "tested in", link(claim.id.slice(6), new URL(`#${claim.id}`, rows.base).href), `: ${claim.cells[1].textContent}`);
      }
    }
    const metric = question.querySelector('a[href*="#metric-"]');
    const definition = metric && rows.page.getElementById(metric.hash.slice(1));
    if (definition) entry(list, "definition", show(definition.nextElementSibling));
    const samples = report.page.querySelector('a[href$="samples.csv"]');
    if (samples) behind(list, new URL(samples.getAttribute("href"), report.base).href, id.textContent, number);
    entry(list, "compute it again", code(`reports value ${id.textContent}`));
    const of = row.closest("[data-dataset]")?.dataset.dataset;
    const own = report.page.querySelector("#dataset.b-dataset");
    const named = [...report.page.querySelectorAll(".b-dataset")].find((one) => one.dataset.dataset === of);
    const dataset = named || own;
    const exact = document.createElement("p");
    exact.append("Full precision: ", number.hasAttribute("value") ? code(number.value) : "none, the value is missing");
    const facts = dataset ? [...dataset.children].map((one) => copy(one, report.base)) : [];
    folded(list, "Full precision, dataset and digests", exact, ...facts);
  }

  /* The file of the runs of a number and, where it can be read, their drawing; neither where it has no runs of its own. */
  function behind(list, address, id, number) {
    entry(list, "runs behind it", link(`samples.csv, value ${id}`, address));
    const detail = list.lastElementChild;
    if (!served) return;
    runDots(address, id, number.textContent.split("\u00a0")[1] || "").then((made) => {
      if (made) detail.append(made);
      else [detail.previousElementSibling, detail].forEach((part) => part.remove());
    }).catch(() => {});
  }

  function describeClaim(row, rows, report, list, title, from) {
    const [name, verdict, test, numbers, reach] = row.cells;
    const here = from.closest(".bc");
    const said = here || report.page.getElementById(`c-${row.id.slice(6)}`);
    title.append(verdict.textContent);
    const sentence = said && said.querySelector(".bc-text");
    entry(list, "sentence", sentence ? copy(sentence, here ? location.href : report.base) : copy(name, rows.base));
    entry(list, "numbers", copy(numbers, rows.base));
    entry(list, "it is tested by", copy(test, rows.base));
    entry(list, "reach", copy(reach, rows.base));
  }

  /* The number first, then what it rests on; digests are folded. */
  async function open(address, from) {
    const rows = await documentAt(address.pathname);
    const report = await documentAt(reportOf(location.pathname)).catch(() => rows);
    const row = rows.page.getElementById(decodeURIComponent(address.hash.slice(1)));
    const shown = dialog();
    const title = document.createElement("h2");
    title.id = "b-provenance-title";
    title.tabIndex = -1;
    const list = document.createElement("dl");
    if (row.id.startsWith("claim-")) describeClaim(row, rows, report, list, title, from);
    else describe(row, rows, report, list, title);
    const close = button("Close", () => shown.close());
    const share = button("Copy link", () => navigator.clipboard && navigator.clipboard.writeText(address.href)
      .then(() => { share.textContent = "Copied"; }, () => { share.textContent = address.href; }));
    const inTable = link("See it in the table", address.href);
    inTable.dataset.plain = "true";
    inTable.target = "_self"; // loaded as a page of its own, so that its row is the target and stays in view
    inTable.addEventListener("click", () => { opener = null; shown.close(); });
    const foot = document.createElement("p");
    foot.append(inTable, share, close);
    shown.replaceChildren(title, list, foot);
    if (!shown.open) { opener = from; shown.showModal(); }
    shown.scrollTop = 0;
    title.focus();
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest && event.target.closest('a[href*="#n-"], a[href*="#claim-"]');
    if (!target) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || target.dataset.plain || !window.HTMLDialogElement) return;
    const address = new URL(target.getAttribute("href"), location.href);
    if (!/^#(n|claim)-/.test(address.hash)) return;
    const here = address.pathname === location.pathname;
    const apart = served && address.pathname === rowsOf(location.pathname);
    if (here ? !document.querySelector(`tr[id="${CSS.escape(address.hash.slice(1))}"]`) : !apart) return;
    event.preventDefault();
    event.stopPropagation();
    open(address, target).catch(() => location.assign(address));
  }, true);
})();
