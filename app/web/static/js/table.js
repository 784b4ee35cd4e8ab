/* Makes the heads of data tables into buttons that sort. Without it the tables stand in the server's order. */
(() => {
  "use strict";
  const language = document.documentElement.lang;
  const compareText = new Intl.Collator(language, { numeric: true }).compare;

  function valueOf(row, column) {
    const cell = row.cells[column];
    return cell.dataset.sort ?? cell.textContent.trim();
  }

  function compare(kind) {
    if (kind !== "number") return compareText;
    return (a, b) => {
      if (a === "" || b === "") return (a === "") - (b === "");
      return Number(a) - Number(b);
    };
  }

  function arrange(table, head, column, isDescending) {
    const inOrder = compare(head.dataset.sortKind);
    const body = table.tBodies[0];
    const rows = [...body.rows].filter((row) => !row.classList.contains("total"));
    const totals = [...body.rows].filter((row) => row.classList.contains("total"));
    rows.sort((a, b) => inOrder(valueOf(a, column), valueOf(b, column)) * (isDescending ? -1 : 1));
    body.append(...rows, ...totals);
  }

  function sort(table, head, column) {
    const isDescending = head.getAttribute("aria-sort") === "ascending";
    arrange(table, head, column, isDescending);
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
  }

  for (const table of document.querySelectorAll("table[data-sortable]")) {
    for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
      if (!head.dataset.sortKind) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort-button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head, column));
      head.append(button);
    }
  }

  // Where a page updates itself, the rows come in the server's order again; their heads stay.
  document.addEventListener("htmx:after:swap", () => {
    for (const head of document.querySelectorAll("table[data-sortable] th[aria-sort]")) {
      arrange(head.closest("table"), head, head.cellIndex, head.getAttribute("aria-sort") === "descending");
    }
  });
})();
