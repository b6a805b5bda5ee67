/* Upgrades a page that is complete without it: what stands behind each number and badge on click, points of charts by
   arrow keys, folds that open for what is inside. */
(function () {
  "use strict";

  if (window.bindery) return;
  window.bindery = {};

  /* What stands behind a number or a badge: its row, shown beside it. The rows of a report stand on the page of its numbers,
     its sentences and datasets on the report; either page fetches the other once, on the first click. */

  let opener = null;
  const fetched = new Map();
  const ROWS = "/numbers.html";
  const SVG = "http://www.w3.org/2000/svg";
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

  const texts = new Map();
  function textAt(address) {
    if (!texts.has(address)) texts.set(address, fetch(address).then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status)))));
    return texts.get(address);
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

  function link(text, address) {
    const element = document.createElement("a");
    element.textContent = text;
    element.href = address;
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
    if (samples) behind(list, new URL(samples.getAttribute("href"), report.base).href, id.textContent, shown);
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

  /* The runs of a number: a file, and where it can be read a dot for each run, a row for each session. A number that is
     computed from others has no runs of its own. */
  function behind(list, address, id, shown) {
    entry(list, "runs behind it", link(`samples.csv, value ${id}`, address));
    const detail = list.lastElementChild;
    if (!served) return;
    textAt(address).then((text) => {
      const lines = text.split("\n").map((line) => line.split(",")).filter(([value]) => value.endsWith(`-${id}`));
      if (lines.length) detail.append(dots(lines, shown));
      else [detail.previousElementSibling, detail].forEach((part) => part.remove());
    }).catch(() => {});
  }

  function dots(lines, shown) {
    const sessions = [...new Set(lines.map(([, run]) => (run.includes("/") ? run.split("/")[0] : "runs")))];
    const numbers = lines.map((line) => Number(line[3]));
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    const unit = shown.querySelector("data").textContent.split("\u00a0")[1] || "";
    const [first, last] = [low, high].map((end) => `${end.toLocaleString("en", { maximumSignificantDigits: 3 })} ${unit}`.trim());
    const drawing = document.createElementNS(SVG, "svg");
    const draw = (name, facts, text) => {
      const part = document.createElementNS(SVG, name);
      Object.entries(facts).forEach(([key, fact]) => part.setAttribute(key, fact));
      if (text) part.textContent = text;
      drawing.append(part);
    };
    const height = 16 * sessions.length + 22;
    sessions.forEach((session, k) => draw("text", { x: 0, y: 16 * k + 12 }, session));
    lines.forEach(([, run], k) => draw("circle", {
      cx: 64 + (high > low ? (numbers[k] - low) / (high - low) : 0.5) * 220,
      cy: 16 * Math.max(0, sessions.indexOf(run.split("/")[0])) + 8,
      r: 3.5,
    }));
    draw("text", { x: 60, y: height - 4 }, first);
    draw("text", { x: 288, y: height - 4, "text-anchor": "end" }, last);
    drawing.setAttribute("class", "b-runs");
    drawing.setAttribute("viewBox", `0 0 292 ${height}`);
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", `${lines.length} runs in ${sessions.length === 1 ? "one session" : `${sessions.length} sessions`}, from ${first} to ${last}`);
    return drawing;
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

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
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

  /* Points that the drawing itself does not link lead where the rows of their table do, which stand in the same order;
     panels have their rows one after the other, and hollow points stand last. Where marks and rows do not match, as in a timeline, none leads. */
  function lead(drawing) {
    const layers = [...drawing.querySelectorAll(".mark-symbol.role-mark")].map((layer) => [...layer.querySelectorAll("path, circle")]);
    const marks = layers.flat();
    let rows = [...drawing.closest("figure").querySelectorAll("tbody tr")].filter((row) => row.lastElementChild.querySelector("a > data[value]"));
    if (layers.length > 1) {
      const apart = new Set([...drawing.querySelectorAll(".mark-symbol.role-mark")].map((layer) => layer.className.baseVal)).size > 1;
      const of = (row) => row.cells[apart ? row.cells.length - 2 : 0].textContent;
      const parts = [...new Set(rows.map(of))].map((name) => rows.filter((row) => of(row) === name));
      const found = layers.map((layer, k) => (apart ? parts.filter((part) => part.length === layer.length) : [parts[k] || []]));
      if (found.some((some) => some.length !== 1)) return;
      rows = found.flat(2);
    }
    if (drawing.querySelector("a") || !marks.length || marks.length !== rows.length) return;
    marks.forEach((mark, k) => {
      const point = document.createElementNS(SVG, "a");
      point.setAttribute("href", rows[k].lastElementChild.querySelector("a").getAttribute("href"));
      point.setAttribute("aria-label", [...rows[k].cells].map((cell) => cell.textContent.trim()).join(", "));
      mark.replaceWith(point);
      point.append(mark);
    });
    drawing.closest(".b-chart-view").setAttribute("role", "group");
    drawing.removeAttribute("aria-hidden");
    drawing.removeAttribute("focusable");
  }

  /* The points of a chart are one stop of the tab key; arrows move between them. */
  function points() {
    for (const drawing of document.querySelectorAll(".b-chart-view svg:not([data-keys])")) {
      lead(drawing);
      const links = [...drawing.querySelectorAll("a")];
      drawing.dataset.keys = "true";
      links.forEach((one, k) => { one.setAttribute("tabindex", k ? "-1" : "0"); });
      drawing.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        const at = links.indexOf(document.activeElement);
        if (!step || at < 0) return;
        event.preventDefault();
        const next = links[(at + step + links.length) % links.length];
        links.forEach((one) => { one.setAttribute("tabindex", one === next ? "0" : "-1"); });
        next.focus();
      });
    }
  }

  /* A fold opens when something in it is the target of the address; what moved to a page of its own is followed there:
     a row that names a study leads to the page of what is called after it. */
  function reveal() {
    const long = /^#n-.+-([0-9a-f]{8})$/.exec(location.hash); // an address of the time when it held the whole id
    if (long && document.getElementById(`n-${long[1]}`)) { location.replace(`#n-${long[1]}`); return; }
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const moved = !target && [...document.querySelectorAll("tr[data-study]")]
      .find((row) => `${location.hash}-`.startsWith(`#figure-${row.dataset.study}-`) || /^#table-(sessions|same)-/.test(location.hash) && location.hash.endsWith(`-${row.dataset.study}`));
    const page = moved && moved.querySelector("th a[href]");
    if (page) location.replace(page.href + location.hash);
    let fold = target && target.closest("details");
    if (!fold) return;
    for (; fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  }
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest('a[href*="#"]');
    if (link) setTimeout(reveal);
  });

  /* A list of results: filters and order, kept in the address; without a script it is a table of all. Its box says by
     which columns a reader may choose, what a row is called and, where one may be kept, which column holds a latency;
     where there are many rows, also how many are shown until a reader asks for all. */

  const TIMES = { "µs": 0.001, ms: 1, s: 1000 };

  /* The number of a cell, in milliseconds where it is a time; where an upper end is asked for, that of its interval. */
  function amount(cell, upper) {
    const shown = cell.querySelector("data[value]");
    if (!shown) return null;
    const [, , high] = shown.closest("a, td, th").querySelectorAll("data");
    const end = upper && high && high.hasAttribute("value") ? high : shown;
    const unit = shown.textContent.split("\u00a0")[1];
    return { number: Number(end.value) * (TIMES[unit] || 1), time: unit in TIMES };
  }

  const said = (cell) => (cell.querySelector("[data-choice]") || cell).textContent.trim();

  function compared(one, other) {
    const [left, right] = [amount(one), amount(other)];
    if (left && right) return left.number - right.number;
    if (left || right) return left ? -1 : 1;
    return said(one).localeCompare(said(other), "en", { numeric: true });
  }

  function list(box) {
    const table = box.querySelector("table");
    if (!table) return;
    box.dataset.ready = "true";
    const heads = [...table.tHead.rows[0].cells];
    const all = [...table.tBodies[0].rows];
    const place = (name) => heads.findIndex((head) => head.textContent.trim().toLowerCase() === name);
    const asked = new URLSearchParams(location.search);
    const form = document.createElement("div");
    form.className = "b-filters";
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", `Filter the ${box.dataset.things}`);
    const count = document.createElement("output");
    const fields = new Map();
    function field(name, title, control, keeps) {
      const label = document.createElement("label");
      label.append(title[0].toUpperCase() + title.slice(1), control);
      control.value = asked.get(name) || "";
      control.addEventListener("input", show);
      fields.set(name, { control, keeps });
      form.append(label);
    }
    function input(type, hint) {
      const made = document.createElement("input");
      made.type = type;
      made.placeholder = hint || "";
      return made;
    }
    field("words", "words", input("search", box.dataset.hint), (row, wanted) => row.textContent.toLowerCase().includes(wanted.toLowerCase()));
    for (const name of box.dataset.choices.split(", ")) {
      const at = place(name);
      const control = document.createElement("select");
      const found = [...new Set(all.map((row) => said(row.cells[at])))].filter((one) => one !== "—");
      for (const text of ["", ...found]) {
        const option = document.createElement("option");
        option.value = text;
        option.textContent = text || "all";
        control.append(option);
      }
      field(name, name, control, (row, wanted) => said(row.cells[at]) === wanted);
    }
    if (box.dataset.most) {
      const at = place(box.dataset.most);
      const control = input("number", "any");
      control.min = "0";
      control.step = "any";
      field("most", box.dataset.mostLabel, control, (row, wanted) => {
        const found = amount(row.cells[at], true);
        return Boolean(found && found.time && found.number <= Number(wanted));
      });
    }
    form.append(count);
    box.prepend(form);
    let order = asked.get("order") || "";
    heads.forEach((head, at) => {
      const press = button(head.textContent, () => { order = order === `${at}` ? `-${at}` : `${at}`; show(); });
      head.replaceChildren(press);
    });
    const most = Number(box.dataset.first) || all.length;
    let folded = true;
    const unfold = button("", () => { folded = false; show(); });
    const more = document.createElement("p");
    more.className = "b-more";
    more.append(unfold);
    box.append(more);
    function show() {
      const chosen = [...fields].filter(([, { control }]) => control.value);
      const kept = new Set(all.filter((row) => chosen.every(([, { control, keeps }]) => keeps(row, control.value))));
      const at = Math.abs(parseInt(order, 10));
      const down = order.startsWith("-");
      const sorted = heads[at] ? [...all].sort((one, other) => compared(one.cells[at], other.cells[at]) * (down ? -1 : 1)) : all;
      heads.forEach((head, k) => {
        if (k === at) head.setAttribute("aria-sort", down ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      table.tBodies[0].replaceChildren(...sorted);
      const shown = new Set(sorted.filter((row) => kept.has(row)).slice(0, folded ? most : all.length));
      for (const row of all) row.hidden = !shown.has(row);
      more.hidden = shown.size === kept.size;
      unfold.textContent = `Show all ${kept.size} ${box.dataset.things}`;
      const nothing = box.dataset.none && ![...kept].some((row) => row.hasAttribute("data-best"));
      count.textContent = `${kept.size} of ${all.length} ${box.dataset.things}${nothing ? `. ${box.dataset.none}` : ""}`;
      const stated = new URLSearchParams(chosen.map(([name, { control }]) => [name, control.value]));
      if (order) stated.set("order", order);
      const query = stated.toString();
      if (query !== location.search.slice(1)) history.replaceState(history.state, "", `${location.pathname}${query ? "?" + query : ""}${location.hash}`);
    }
    show();
  }

  /* An address of the time when all results were on one page leads to the page of its metric. */
  function follow() {
    const asked = new URLSearchParams(location.search);
    const heads = [...document.querySelectorAll("tr[data-metric] th")];
    const found = heads.find((head) => head.textContent.trim() === asked.get("metric"));
    if (!found) return;
    ["metric", "order"].forEach((name) => asked.delete(name));
    location.replace(`${found.querySelector("a").href}?${asked}`);
  }

  function start() {
    const shown = document.getElementById("b-provenance");
    if (shown && shown.open) { opener = null; shown.close(); }
    points();
    reveal();
    follow();
    document.querySelectorAll(".b-index:not([data-ready])").forEach(list);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  if (window.document$) window.document$.subscribe(start);
})();
