/* Costs with a reader's own inputs, by the formulas and the measured rates of the page's table. What is shown is computed
   in the browser and is no published value: it stands beside the page's numbers and never replaces one. */
(function () {
  "use strict";

  const LEAST_TINY = 1e-4, MOST_PLAIN = 15, SIGNIFICANT = 3, MOST_SIGNIFICANT = 6, MISSING = "—";
  const SUPERSCRIPTS = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

  /* A formula such as "((hour / decode) * 277.8)": names, numbers, + * / and parentheses, from left to right. */
  function evaluate(formula, names) {
    const parts = formula.match(/[a-z]+|[\d.]+(?:e[+-]?\d+)?|[+*/()]/g);
    let at = 0;
    function factor() {
      const part = parts[at++];
      if (part !== "(") return part in names ? names[part] : Number(part);
      const inside = sum();
      at++;
      return inside;
    }
    function product() {
      let result = factor();
      while (parts[at] === "*" || parts[at] === "/") {
        if (parts[at++] === "*") result *= factor();
        else result /= factor();
      }
      return result;
    }
    function sum() {
      let result = product();
      for (; parts[at] === "+"; result += product()) at++;
      return result;
    }
    return sum();
  }

  /* A number of at least zero in units of ten to the power of `at`, rounded half to even from its exact value. */
  function rounded(number, at) {
    let below = 1n;
    for (; !Number.isInteger(number); number *= 2) below *= 2n;
    let above = BigInt(number);
    if (at > 0) below *= 10n ** BigInt(at);
    else above *= 10n ** BigInt(-at);
    const whole = above / below, twice = 2n * (above % below);
    return twice > below || (twice === below && whole % 2n === 1n) ? whole + 1n : whole;
  }

  function exponent(number, digits) {
    return Number(number.toExponential(digits).split("e")[1]);
  }

  /* The power of ten of the last digit that an interval supports; as many significant digits as usual without one. */
  function place(number, low, high) {
    if (high > low) {
      const [mantissa, power] = (high - low).toExponential().split("e");
      const last = Number(power) - (Number(mantissa[0]) < MOST_SIGNIFICANT ? 1 : 0);
      const alike = [low, high].some((end) => end !== number && rounded(end, last) === rounded(number, last));
      return Math.max(last - (alike ? 1 : 0), exponent(Math.max(number, low, high)) - MOST_SIGNIFICANT + 1);
    }
    if (Number.isInteger(number) && number < 2 ** 53) return 0;
    return exponent(number, SIGNIFICANT - 1) - SIGNIFICANT + 1;
  }

  /* The text of a number, as the pages write it. */
  function figure(number, at) {
    const digits = rounded(number, at).toString();
    if (digits === "0") return -at < 12 ? (0).toFixed(Math.max(0, -at)) : "0";
    const power = digits.length - 1 + at;
    if (power >= MOST_PLAIN || Number(`${digits}e${at}`) <= LEAST_TINY) {
      const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
      return `${mantissa}×10${[...String(power)].map((sign) => SUPERSCRIPTS[sign]).join("")}`;
    }
    const padded = at < 0 ? digits.padStart(1 - at, "0") : digits + "0".repeat(at);
    const whole = at < 0 ? padded.slice(0, at) : padded;
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return at < 0 ? `${grouped}.${padded.slice(at)}` : grouped;
  }

  /* What a formula gives, as text. The interval of the page's own result goes with it where one rate alone was measured:
     the result is then in proportion to it, and unknown where the page's own is none or zero. */
  function shown(formula, names, own) {
    const number = evaluate(formula, names);
    if (!Number.isFinite(number)) return MISSING;
    const scale = number / own.number;
    const [low, high] = own.low === undefined ? [] : [own.low * scale, own.high * scale];
    if (low !== undefined && !(Number.isFinite(low) && Number.isFinite(high))) return MISSING;
    const at = place(number, low, high);
    return low === undefined ? figure(number, at) : `${figure(number, at)} (${figure(low, at)}–${figure(high, at)})`;
  }

  window.binderyCosts = { shown };

  /* The inputs that can be used: from the least to the most; those that begin at one are counts. */
  const LIMITS = {
    hour: [0.000001, 1e12], paid: [0.01, 100], prompt: [1, 1e12], output: [1, 1e12], requests: [1, 1e12], used: [0.01, 100],
  };

  function problem(name, text) {
    const [least, most] = LIMITS[name];
    const number = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : NaN;
    if (number >= least && number <= most && (least < 1 || Number.isInteger(number))) return "";
    return `Enter a ${least < 1 ? "" : "whole "}number from ${least} to ${most.toLocaleString("en")}.`;
  }

  function made(tag, text, ...inside) {
    const element = document.createElement(tag);
    element.textContent = text;
    element.append(...inside);
    return element;
  }

  /* The number of a cell, or one end of its interval, which follows it. */
  const PARTS = ["number", "low", "high"];

  function number(cell, part = "number") {
    const data = cell.querySelectorAll("data")[PARTS.indexOf(part)];
    if (data) return data.hasAttribute("value") ? Number(data.value) : NaN;
    return part !== "number" ? undefined : Number(cell.textContent.replaceAll(",", ""));
  }

  function formulas(table) {
    return [...table.tHead.rows[0].cells].map((head) => head.dataset.formula || "");
  }

  const isName = (formula) => /^[a-z]+$/.test(formula);

  /* The table of results: the labels of a row, then each column that has a formula. */
  function results(table, inputs) {
    const heads = [...table.tHead.rows[0].cells], found = formulas(table);
    const labels = found.findIndex(Boolean);
    const kept = heads.map((_, k) => k).filter((k) => k < labels || (found[k] && !isName(found[k])));
    const head = made("tr", "", ...kept.map((k) => {
      const cell = made("th", heads[k].textContent);
      cell.scope = "col";
      cell.className = heads[k].className;
      return cell;
    }));
    const body = made("tbody", "");
    for (const row of table.tBodies[0].rows) {
      const cells = [...row.cells];
      const rates = Object.fromEntries(found.flatMap((name, k) => (isName(name) ? [[name, number(cells[k])]] : [])));
      const line = kept.map((k) => {
        if (k < labels) return made(k ? "td" : "th", cells[k].textContent);
        const own = { number: number(cells[k]), low: number(cells[k], "low"), high: number(cells[k], "high") };
        const cell = made("td", shown(found[k], { ...inputs, ...rates }, own));
        cell.className = "b-num";
        return cell;
      });
      line[0].scope = "row";
      body.append(made("tr", "", ...line));
    }
    const caption = made("caption", "Computed in your browser from your inputs; no published values");
    const grid = made("table", "", caption, made("thead", "", head), body);
    grid.className = "b-grid";
    return grid;
  }

  function field(name, head, own, changed) {
    const control = document.createElement("input");
    control.type = "text";
    control.inputMode = "decimal";
    control.autocomplete = "off";
    control.name = name;
    control.value = own;
    const wrong = made("span", "");
    wrong.id = `b-own-${name}`;
    wrong.className = "b-wrong";
    wrong.setAttribute("role", "alert");
    control.setAttribute("aria-describedby", wrong.id);
    control.addEventListener("input", changed);
    return { name, own, control, wrong, box: made("div", "", made("label", "", made("span", head), control), wrong) };
  }

  function build(box) {
    const [given, costs] = box.querySelectorAll("table");
    const cells = [...given.tBodies[0].rows[0].cells], heads = [...given.tHead.rows[0].cells];
    const fields = formulas(given).flatMap((name, k) => (name ? [field(name, heads[k].textContent, String(number(cells[k])), show)] : []));
    const frame = document.createElement("div");
    frame.className = "b-table";
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", "Costs with your inputs");
    const again = made("button", "The page's inputs");
    again.type = "button";
    again.addEventListener("click", () => { for (const one of fields) one.control.value = one.own; show(); });
    const form = made("div", "", ...fields.map((one) => one.box), again);
    form.className = "b-filters";
    form.setAttribute("role", "group");
    form.setAttribute("aria-label", "Your inputs");
    const own = made("div", "", form, frame);
    own.className = "b-own";
    box.append(own);
    function show() {
      for (const one of fields) {
        const wrong = problem(one.name, one.control.value);
        if (one.wrong.textContent !== wrong) one.wrong.textContent = wrong;
        one.control.setAttribute("aria-invalid", String(Boolean(wrong)));
      }
      const usable = fields.every((one) => !one.wrong.textContent);
      frame.hidden = !usable;
      const inputs = Object.fromEntries(fields.map((one) => [one.name, Number(one.control.value)]));
      frame.replaceChildren(...(usable ? [results(costs, inputs)] : []));
    }
    show();
  }

  function start() {
    for (const box of document.querySelectorAll(".b-calculator")) {
      build(box);
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
