/* A dot for each run behind a number, a row for each session, from the report's file of samples. */
(function () {
  "use strict";

  const { drawn } = window.bindery;
  const texts = new Map();

  function textAt(address) {
    if (!texts.has(address)) texts.set(address, fetch(address).then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status)))));
    return texts.get(address);
  }

  /* The drawing of the runs of a value; null where it has none of its own, as it is computed from others. */
  async function runDots(address, id, unit) {
    const lines = (await textAt(address)).split("\n").map((line) => line.split(",")).filter(([value]) => value.endsWith(`-${id}`));
    return lines.length ? drawing(lines, unit) : null;
  }

  function drawing(lines, unit) {
    const sessions = [...new Set(lines.map(([, run]) => (run.includes("/") ? run.split("/")[0] : "runs")))];
    const numbers = lines.map((line) => Number(line[3]));
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    const [first, last] = [low, high].map((end) => `${end.toLocaleString("en", { maximumSignificantDigits: 3 })} ${unit}`.trim());
    const height = 16 * sessions.length + 22;
    const made = drawn("svg", {
      class: "b-runs",
      viewBox: `0 0 292 ${height}`,
      role: "img",
      "aria-label": `${lines.length} runs in ${sessions.length === 1 ? "one session" : `${sessions.length} sessions`}, from ${first} to ${last}`,
    });
    sessions.forEach((session, k) => made.append(drawn("text", { x: 0, y: 16 * k + 12 }, session)));
    lines.forEach(([, run], k) => made.append(drawn("circle", {
      cx: 64 + (high > low ? (numbers[k] - low) / (high - low) : 0.5) * 220,
      cy: 16 * Math.max(0, sessions.indexOf(run.split("/")[0])) + 8,
      r: 3.5,
    })));
    made.append(drawn("text", { x: 60, y: height - 4 }, first), drawn("text", { x: 288, y: height - 4, "text-anchor": "end" }, last));
    return made;
  }

  window.bindery.runDots = runDots;
})();
