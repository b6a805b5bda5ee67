/* A list of results: filters and order, kept in the address; without a script it is a table of all. Its box says by
   which columns a reader may choose, what a row is called and, where one may be kept, which column holds a latency;
   where there are many rows, also how many are shown until a reader asks for all. */
(function () {
  "use strict";

  const { button, onPage } = window.bindery;
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

  onPage(() => {
    follow();
    document.querySelectorAll(".b-index").forEach(list);
  });
})();
