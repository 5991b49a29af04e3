"use strict";
// Filters and sorting of the table of claims, and the cards beyond the first. Without it, all is shown.
document.documentElement.classList.add("js");
const form = document.querySelector(".filters");
const table = document.querySelector("table.claims");
const rows = [...table.tBodies[0].rows];
const given = new URLSearchParams(location.search);
for (const field of form.querySelectorAll("input, select")) field.value = given.get(field.name) || "";
form.hidden = false;

function show() {
  const asked = Object.fromEntries(new FormData(form));
  const words = asked.q.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    const fits = words.every((word) => text.includes(word)) &&
      ["topic", "standing", "kind", "question", "source"].every(
        (name) => !asked[name] || row.dataset[name].split("|").includes(asked[name]));
    row.hidden = !fits;
    shown += fits;
  }
  form.querySelector("output").textContent = `${shown} of ${rows.length} claims`;
  const view = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  history.replaceState(null, "", `${location.pathname}${view.size ? `?${view}` : ""}${location.hash}`);
}

table.querySelectorAll("th").forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "ascending";
    table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const order = (row) => row.cells[column].textContent.trim();
    const sorted = [...rows].sort((a, b) => order(a).localeCompare(order(b), "en", { numeric: true }));
    table.tBodies[0].append(...(down ? sorted.reverse() : sorted));
  });
});
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
for (const button of document.querySelectorAll("button.more")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.closest("p").previousElementSibling.classList.add("all");
    button.remove();
  });
}
show();
