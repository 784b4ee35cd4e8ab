/* Codes are saved as they are ticked, and keys give them. Without it every text has a button that saves. */
(() => {
  "use strict";
  const list = document.querySelector("[data-pieces]");
  if (!list) return;
  const pieces = [...list.querySelectorAll(".piece[id]")];
  const panel = document.querySelector("[data-keys]");
  const OFF = "castalia-coding-keys";
  let queue = Promise.resolve();

  function isOff() {
    try { return localStorage.getItem(OFF) === "off"; } catch { return false; }
  }

  function show(piece, sent) {
    const isCoded = sent.has("theme") || sent.has("none");
    piece.querySelector(".piece-codes").elements.shown.value = sent.getAll("theme").join(" ");
    piece.classList.toggle("is-coded", isCoded);
    piece.querySelector(".piece-said").textContent = isCoded ? list.dataset.coded : list.dataset.open;
  }

  async function save(piece) {
    const form = piece.querySelector(".piece-codes");
    const sent = new URLSearchParams(new FormData(form));
    const response = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: sent });
    if (!response.ok) throw new Error(String(response.status));
    show(piece, sent);
  }

  /* One after the other, so that each says of the page what the one before has left there. */
  function saveInTurn(piece) {
    queue = queue.then(() => save(piece)).catch(() => {
      const said = piece.querySelector(".piece-said");
      said.textContent = list.dataset.failed;
      piece.querySelector("[data-save]").hidden = false;
    });
  }

  function current() {
    return pieces.find((piece) => piece.contains(document.activeElement));
  }

  function go(step) {
    const place = pieces.indexOf(current());
    const next = pieces[place < 0 ? 0 : Math.min(Math.max(place + step, 0), pieces.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function types(target) {
    if (target.isContentEditable || target.matches("textarea, select")) return true;
    return target.matches("input") && !["checkbox", "radio"].includes(target.type);
  }

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (isOff() || types(event.target)) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      go(event.key === "j" ? 1 : -1);
      return;
    }
    const box = current()?.querySelector(`input[data-key="${CSS.escape(event.key)}"]`);
    if (!box) return;
    event.preventDefault();
    box.click();
  }

  function sayWhetherOn() {
    const button = panel.querySelector("[data-keys-switch]");
    button.textContent = isOff() ? panel.dataset.off : panel.dataset.on;
    button.setAttribute("aria-pressed", String(!isOff()));
    document.documentElement.classList.toggle("keys-off", isOff());
  }

  for (const piece of pieces) {
    piece.querySelector("[data-save]").hidden = true;
    piece.querySelector(".code-list").addEventListener("change", (event) => {
      const form = piece.querySelector(".piece-codes");
      if (event.target.name === "none" && event.target.checked) {
        for (const box of form.querySelectorAll("[name=theme]")) box.checked = false;
      } else if (event.target.checked) {
        form.elements.none.checked = false;
      }
      saveInTurn(piece);
    });
  }
  panel.hidden = false;
  panel.querySelector("[data-keys-switch]").addEventListener("click", () => {
    try { localStorage.setItem(OFF, isOff() ? "on" : "off"); } catch { return; }
    sayWhetherOn();
  });
  sayWhetherOn();
  document.addEventListener("keydown", onKey);
})();
