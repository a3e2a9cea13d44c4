"use strict";
// In the list of the desk, once it has the focus: J and K go down and up, X ticks. Enter opens, as everywhere.
const list = document.getElementById("queue");
if (list) {
  const rows = [...list.tBodies[0].rows];
  const stopIn = (row) => row && (row.querySelector("th a") || row.querySelector("input"));
  const move = (from, by) => stopIn(rows[rows.indexOf(from) + by])?.focus();
  list.querySelector(".keys").hidden = false;
  list.addEventListener("keydown", (event) => {
    const row = event.target.closest("tbody tr");
    if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "j") move(row, 1);
    else if (event.key === "k") move(row, -1);
    else if (event.key === "x") row.querySelector("input")?.click();
  });
}
