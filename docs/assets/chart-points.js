/* Points of charts lead to their numbers, by mouse and by arrow keys. */
(function () {
  "use strict";

  const { drawn, onPage } = window.bindery;

  /* The symbols of each layer of a drawing, without the small dots, which are no points. */
  const symbols = (drawing) => [...drawing.querySelectorAll(".mark-symbol.role-mark")]
    .map((layer) => ({ name: layer.className.baseVal, marks: [...layer.querySelectorAll("path, circle:not([opacity])")] }))
    .filter((layer) => layer.marks.length);

  /* Points that the drawing itself does not link lead where the rows of their table do, which stand in the same order;
     panels have their rows one after the other, and hollow points stand last. Where marks and rows do not match, as in a
     timeline, none leads. */
  function lead(drawing) {
    const layers = symbols(drawing);
    const marks = layers.flatMap((layer) => layer.marks);
    let rows = [...drawing.closest("figure").querySelectorAll("tbody tr")].filter((row) => row.lastElementChild.querySelector("a > data[value]"));
    if (layers.length > 1) {
      const apart = new Set(layers.map((layer) => layer.name)).size > 1;
      const of = (row) => row.cells[apart ? row.cells.length - 2 : 0].textContent;
      const parts = [...new Set(rows.map(of))].map((name) => rows.filter((row) => of(row) === name));
      const found = layers.map((layer, k) => (apart ? parts.filter((part) => part.length === layer.marks.length) : [parts[k] || []]));
      if (found.some((some) => some.length !== 1)) return;
      rows = found.flat(2);
    }
    if (drawing.querySelector("a") || !marks.length || marks.length !== rows.length) return;
    marks.forEach((mark, k) => {
      const point = drawn("a", {
        href: rows[k].lastElementChild.querySelector("a").getAttribute("href"),
        "aria-label": [...rows[k].cells].map((cell) => cell.textContent.trim()).join(", "),
      });
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

  onPage(points);
})();
