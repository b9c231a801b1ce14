// Searches, filters and sorts the table of all statements. Without this file the table is complete
// and its controls are hidden. What is chosen stands behind the # of the address, to be shared.
(() => {
  "use strict";
  const board = document.querySelector(".cb-board");
  const form = board?.querySelector("form");
  if (!form) return;
  const body = board.querySelector("tbody");
  const rows = [...body.rows];
  const count = board.querySelector(".cb-board-count");
  const none = board.querySelector(".cb-board-none");
  const rest = board.querySelector(".cb-board-rest");
  const FIELDS = ["find", "verdict", "article", "sort"];

  // So that what a reader types fits what is written: without tones, with a point in numbers ("96, 4"
  // and "96,4" are 96.4), with one kind of space and minus.
  const plain = (text) =>
    text
      .normalize("NFD")
      .replace(/\p{Mn}/gu, "")
      .toLowerCase()
      .replace(/đ/g, "d")
      .replace(/[\u2212\u2013]/g, "-")
      .replace(/(\d)[.,]\s?(?=\d)/g, "$1.")
      .replace(/\s+/g, " ")
      .replace(/ %/g, "%");
  const texts = new Map(rows.map((row) => [row, plain(`${row.innerText} ${row.querySelector(".cb-also").textContent}`)]));

  const ORDERS = {
    verdict: (a, b) => a.dataset.rank - b.dataset.rank,
    finding: (a, b) => finding(a).localeCompare(finding(b), "en", { numeric: true }),
  };
  const finding = (row) => row.querySelector("th a").textContent;

  // On a phone a long table would hide what follows it: the rest comes when it is asked for.
  const narrow = window.matchMedia("(max-width: 640px)");
  let all = false;

  const show = () => {
    const { find, verdict, article, sort } = Object.fromEntries(new FormData(form));
    const words = plain(find).split(" ").filter(Boolean);
    const fits = (row) =>
      (!verdict || row.dataset.verdict === verdict) &&
      (!article || row.dataset.article === article) &&
      words.every((word) => texts.get(row).includes(word));
    const order = ORDERS[sort] ?? (() => 0); // sorting keeps the order of equals, that of the text
    const found = [...rows].sort(order).filter(fits);
    const atFirst = Number(board.dataset.atFirst);
    const shown = narrow.matches && !all && found.length > atFirst ? found.slice(0, atFirst) : found;
    body.replaceChildren(...[...rows].sort(order));
    for (const row of rows) row.hidden = !shown.includes(row);
    count.textContent = `${found.length} of ${rows.length} statements`;
    count.hidden = found.length === rows.length;
    none.hidden = found.length > 0;
    rest.hidden = shown.length === found.length;
    rest.querySelector("button").textContent = `Show all ${found.length}`;
  };

  const address = () => {
    const chosen = new URLSearchParams();
    for (const name of FIELDS) {
      const value = form.elements[name].value.trim();
      if (value) chosen.set(name, value);
    }
    return `#${chosen}`;
  };

  // An address that chooses nothing is an ordinary link into the page.
  const read = () => {
    const chosen = new URLSearchParams(location.hash.slice(1));
    const known = FIELDS.some((name) => chosen.has(name));
    for (const name of FIELDS) {
      const field = form.elements[name];
      field.value = known ? (chosen.get(name) ?? "") : "";
      if (field.selectedIndex === -1) field.value = "";
    }
    show();
    return known;
  };

  const choose = () => {
    show();
    history.replaceState(null, "", address() === "#" ? location.pathname + location.search : address());
  };

  form.hidden = false;
  form.addEventListener("input", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  none.querySelector("button").addEventListener("click", () => {
    form.reset();
    choose();
    form.elements.find.focus();
  });
  rest.querySelector("button").addEventListener("click", () => {
    all = true;
    show();
  });
  narrow.addEventListener("change", show);
  window.addEventListener("hashchange", () => read() && board.scrollIntoView());
  if (read()) board.scrollIntoView();
})();
