/* Upgrades a page that is complete without it: interactive charts, and what stands behind each number on click. */
(function () {
  "use strict";

  if (window.bindery) return;
  const views = new Map();
  const loaded = new Map();
  const specs = new Map();
  const INK = ["ink", "soft", "grid", "1", "2", "3", "4", "5", "6"];

  window.bindery = {
    chart(script, found) { specs.set(script.src, found); },
  };

  /* Each script runs once in the life of the document: instant navigation empties the head, but not its effects. */
  function load(address) {
    if (!loaded.has(address)) {
      loaded.set(address, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.addEventListener("load", resolve);
        script.addEventListener("error", () => { loaded.delete(address); reject(new Error(`cannot load ${address}`)); });
        script.src = address;
        document.head.append(script);
      }));
    }
    return loaded.get(address);
  }

  function theme(figure) {
    const style = getComputedStyle(figure);
    const [ink, soft, grid, ...series] = INK.map((name) => style.getPropertyValue(`--b-chart-${name}`).trim());
    const text = { labelColor: soft, titleColor: ink, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 600 };
    return {
      background: null,
      font: style.fontFamily,
      axis: { ...text, gridColor: grid, domainColor: soft, tickColor: soft, titleLimit: 0, titlePadding: 8 },
      legend: { ...text, orient: "top", symbolSize: 90 },
      header: text,
      view: { stroke: null },
      point: { filled: true, size: 70, color: series[0] },
      rule: { strokeWidth: 1.8, color: series[0] },
      bar: { color: series[0] },
      line: { color: series[0] },
      text: { color: ink },
      range: { category: series, symbol: ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"] },
    };
  }

  /* A single panel takes the width that it has, beside its labels; several panels keep the width of each. */
  function fitted(found, figure, room) {
    const drawn = figure.querySelector(".b-chart-view svg");
    if (typeof found.width !== "number" || !drawn || !room) return found;
    const labels = drawn.viewBox.baseVal.width - found.width;
    return { ...found, width: Math.max(120, Math.floor(room - labels)) };
  }

  async function draw(figure) {
    const address = new URL(figure.dataset.spec, document.baseURI).href;
    await Promise.all([load(address), load(new URL(figure.dataset.vega, document.baseURI).href)]);
    const found = specs.get(address);
    if (!figure.isConnected || !found) return;
    let live = figure.querySelector(".b-chart-live");
    if (!live) {
      live = document.createElement("div");
      live.className = "b-chart-live";
      live.setAttribute("aria-hidden", "true");
      figure.querySelector(".b-chart-view").after(live);
    }
    const options = { actions: false, renderer: "svg", ast: true, config: theme(figure), tooltip: { theme: "custom" } };
    const target = document.createElement("div");
    live.append(target);
    const made = await window.vegaEmbed(target, fitted(found, figure, live.clientWidth), options);
    const old = views.get(figure);
    if (old) old.finalize();
    views.set(figure, made);
    live.replaceChildren(target);
    figure.dataset.upgraded = "true";
  }

  function redraw() {
    for (const figure of views.keys()) draw(figure);
  }

  const seen = "IntersectionObserver" in window && new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      draw(entry.target).catch((error) => console.warn(error.message));
    }
  }, { rootMargin: "200px" });

  function charts() {
    for (const [figure, view] of views) {
      if (!figure.isConnected) { view.finalize(); views.delete(figure); }
    }
    if (!seen) return;
    for (const figure of document.querySelectorAll("figure.b-chart:not([data-awaited])")) {
      figure.dataset.awaited = "true";
      seen.observe(figure);
    }
  }

  let resized;
  window.addEventListener("resize", () => { clearTimeout(resized); resized = setTimeout(redraw, 200); });
  new MutationObserver(redraw).observe(document.body, { attributes: true, attributeFilter: ["data-md-color-scheme"] });

  /* What stands behind a number: the row of the page's own table, shown beside the number. */

  let opener = null;

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

  function copy(cell) {
    const part = document.createElement("span");
    part.append(...cell.cloneNode(true).childNodes);
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

  function describe(row, list) {
    const [shown, question, kept, runs, status, id] = row.cells;
    const number = shown.querySelector("data");
    entry(list, "number", copy(shown));
    entry(list, "full precision", number.hasAttribute("value") ? code(number.value) : "none: the value is missing");
    entry(list, "what it is", copy(question));
    const metric = question.querySelector('a[href*="#metric-"]');
    const definition = metric && document.getElementById(metric.hash.slice(1));
    if (definition) entry(list, "definition", copy(definition.nextElementSibling));
    entry(list, "kept", copy(kept));
    entry(list, "runs", copy(runs));
    entry(list, "interval", row.dataset.method || "none");
    entry(list, "status", copy(status));
    const own = document.getElementById("dataset");
    const named = [...document.querySelectorAll(".b-dataset")].find((one) => one.dataset.dataset === row.dataset.dataset);
    const dataset = named || own;
    if (dataset) entry(list, "dataset", ...[...dataset.children].map(copy));
    const samples = document.querySelector('a[href$="samples.csv"]');
    if (samples) entry(list, "runs behind it", link(`samples.csv, value ${id.textContent}`, samples.href));
    entry(list, "compute it again", code(`reports value ${id.textContent}`));
  }

  function open(row, from) {
    const shown = dialog();
    const title = document.createElement("h2");
    title.id = "b-provenance-title";
    title.textContent = "What stands behind this number";
    const list = document.createElement("dl");
    describe(row, list);
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => shown.close());
    const inTable = link("See it in the table of all numbers", `#${row.id}`);
    inTable.dataset.plain = "true";
    inTable.addEventListener("click", () => { opener = null; shown.close(); });
    const foot = document.createElement("p");
    foot.append(inTable, close);
    shown.replaceChildren(title, list, foot);
    if (!shown.open) { opener = from; shown.showModal(); }
    shown.scrollTop = 0;
    close.focus();
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest && event.target.closest('a[href*="#n-"]');
    if (!target || target.pathname !== location.pathname || !target.hash.startsWith("#n-")) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || target.dataset.plain) return;
    const row = document.getElementById(target.hash.slice(1));
    if (!row || !row.cells || !window.HTMLDialogElement) return;
    event.preventDefault();
    event.stopPropagation();
    open(row, target);
  }, true);

  function start() {
    const shown = document.getElementById("b-provenance");
    if (shown && shown.open) { opener = null; shown.close(); }
    charts();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  if (window.document$) window.document$.subscribe(start);
})();
