/* What the other scripts share: buttons, links, parts of drawings, and a start once the page is there. */
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function link(text, address) {
    const made = document.createElement("a");
    made.textContent = text;
    made.href = address;
    return made;
  }

  /* An element of a drawing with its attributes. */
  function drawn(name, facts, text) {
    const made = document.createElementNS(SVG, name);
    Object.entries(facts).forEach(([key, fact]) => made.setAttribute(key, fact));
    if (text) made.textContent = text;
    return made;
  }

  function onPage(act) {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", act);
    else act();
  }

  window.bindery = { button, link, drawn, onPage };
})();
