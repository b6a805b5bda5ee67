/* A fold opens when something in it is the target of the address; what moved to a page of its own is followed there: a
   row that names a study leads to the page of what is called after it. */
(function () {
  "use strict";

  const { onPage } = window.bindery;

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
  onPage(reveal);
})();
