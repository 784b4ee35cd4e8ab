/* In a real-time round: once an answer is saved, the panel's figures on its statement are fetched and shown.

   Without this script they stand on the page when it is loaded again. What comes is the server's own page part,
   escaped there; it is parsed apart, where no script in it could run. */

const statements = document.querySelector("form[data-statements]").dataset.statements;

for (const place of document.querySelectorAll("[data-live-feedback]")) {
  const card = place.closest("[data-card]");
  const state = card.querySelector("[data-save-state]");
  const whenSaved = () => { if (state.dataset.state === "saved") refresh(place, card.dataset.card); };
  new MutationObserver(whenSaved).observe(state, { attributes: true, attributeFilter: ["data-state"] });
}

async function refresh(place, code) {
  const response = await fetch(`${statements}/${encodeURIComponent(code)}/feedback`, { redirect: "error" }).catch(() => null);
  if (!response?.ok) return; // The figures that stand there stay; the next answer, or a reload, asks again.
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  place.replaceChildren(...parsed.body.childNodes);
}
