/* Edits a text of a statement in its cell of the table. Without this script the link of each row leads to the form.

   What comes from the server are pieces of its own pages, escaped there; they are parsed apart, where no script in
   them could run. One pencil at a time is reached by Tab; the arrow keys go from cell to cell. */
(() => {
  "use strict";
  const place = document.querySelector("[data-cells]");
  const cells = place ? [...place.querySelectorAll("td[data-language]")] : [];
  if (!cells.length) return;
  const state = document.getElementById("cell-state");
  const before = new WeakMap();
  document.getElementById("cell-help").hidden = false;

  const addressOf = (cell) =>
    `${cell.parentElement.querySelector("a.code").getAttribute("href")}/text/${cell.dataset.language}`;
  const pencilOf = (cell) => cell.querySelector(".cell-edit");
  const isOpen = (cell) => cell.querySelector('[data-cell="form"]') !== null;

  function nameOf(cell) {
    const head = cell.closest("table").tHead.rows[0].cells[cell.cellIndex];
    return `${cell.parentElement.querySelector("a.code").textContent}, ${head.textContent.trim()}`;
  }

  function addPencil(cell) {
    const pencil = document.createElement("button");
    pencil.type = "button";
    pencil.className = "cell-edit";
    pencil.tabIndex = -1;
    pencil.textContent = "✎";
    pencil.setAttribute("aria-label", `${place.dataset.editWord} ${nameOf(cell)}`);
    cell.append(pencil);
  }

  function reach(cell) {
    for (const other of place.querySelectorAll('.cell-edit[tabindex="0"]')) other.tabIndex = -1;
    const pencil = pencilOf(cell);
    if (!pencil) return cell.querySelector("textarea")?.focus();
    pencil.tabIndex = 0;
    pencil.focus();
  }

  async function ask(address, form) {
    const sent = form ? { method: "POST", body: new URLSearchParams(new FormData(form)) } : {};
    const response = await fetch(address, { redirect: "error", ...sent }).catch(() => null);
    if (!response) return null;
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    return parsed.querySelector("[data-cell]");
  }

  async function open(cell) {
    if (isOpen(cell)) return;
    const piece = await ask(addressOf(cell));
    if (!piece) return location.assign(cell.parentElement.querySelector("a.code").getAttribute("href") + "/edit");
    before.set(cell, [...cell.childNodes]);
    show(cell, piece);
  }

  function show(cell, piece) {
    cell.replaceChildren(document.adoptNode(piece));
    const field = cell.querySelector('[aria-invalid="true"]') ?? cell.querySelector("textarea");
    field?.focus();
    cell.scrollIntoView({ block: "nearest", inline: "start" }); // past the first column, which stays
  }

  function cancel(cell) {
    cell.replaceChildren(...before.get(cell));
    reach(cell);
  }

  async function save(cell, form) {
    const piece = await ask(form.action, form);
    if (!piece) return fail(form);
    if (piece.dataset.cell === "form") return show(cell, piece);
    for (const older of place.querySelectorAll(".cell-undo")) older.remove();
    cell.replaceChildren(document.adoptNode(piece));
    addPencil(cell);
    tellRow(cell.parentElement, piece.dataset);
    state.textContent = piece.dataset.said;
    reach(cell);
  }

  function tellRow(row, told) {
    row.querySelector("[data-version]").textContent = told.version;
    const standing = row.querySelector(".entry-state");
    standing.className = `entry-state entry-${told.state}`;
    standing.textContent = told.stateWord;
  }

  function fail(form) {
    form.querySelector(".cell-failed")?.remove();
    const said = document.createElement("p");
    said.className = "field-error cell-failed";
    said.setAttribute("role", "alert");
    said.textContent = place.dataset.failed;
    form.prepend(said);
  }

  function neighbour(cell, key) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
    const rows = [...cell.closest("tbody").rows];
    const row = rows[rows.indexOf(cell.parentElement) + step[0]];
    const found = row?.cells[cell.cellIndex + step[1]];
    return found?.dataset.language ? found : null;
  }

  function onKey(event) {
    const cell = event.target.closest("td[data-language]");
    if (!cell) return;
    if (event.key === "Escape" && isOpen(cell)) {
      cancel(cell);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && isOpen(cell)) {
      event.target.form.requestSubmit();
    } else if (event.target === pencilOf(cell) && event.key === "F2") {
      open(cell);
    } else if (event.target === pencilOf(cell) && event.key.startsWith("Arrow")) {
      const next = neighbour(cell, event.key);
      if (next) reach(next);
    } else {
      return;
    }
    event.preventDefault();
  }

  for (const cell of cells) addPencil(cell);
  pencilOf(cells[0]).tabIndex = 0;
  place.addEventListener("keydown", onKey);
  place.addEventListener("click", (event) => {
    const cell = event.target.closest("td[data-language]");
    if (cell && event.target === pencilOf(cell)) open(cell);
    else if (cell && event.target.closest("[data-cancel]")) cancel(cell);
  });
  place.addEventListener("dblclick", (event) => {
    const cell = event.target.closest("td[data-language]");
    if (cell) open(cell);
  });
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    save(event.target.closest("td"), event.target);
  });
  window.addEventListener("beforeunload", (event) => {
    const typed = [...place.querySelectorAll("[data-cell] textarea")];
    if (typed.some((field) => field.value !== field.defaultValue)) event.preventDefault();
  });
})();
