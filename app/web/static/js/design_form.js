/* Shows what goes with what is chosen, and hides the rest; what is hidden is sent with the form all the same, so
   nothing typed is lost. Without it everything stands under a heading or a hint that says what it goes with. */
(() => {
  "use strict";
  const state = document.getElementById("design-state");
  const parts = [...document.querySelectorAll("[data-only-with]")];
  if (!parts.length) return;

  function chosenFor(part) {
    return document.getElementsByName(part.dataset.onlyWith)[0];
  }

  function arrange(part) {
    const wanted = part.dataset.onlyValues.split(" ");
    const hasFault = part.matches(".has-error") || part.querySelector(".has-error, .stored-now");
    part.hidden = !hasFault && !wanted.includes(chosenFor(part).value);
  }

  parts.forEach(arrange);
  for (const select of new Set(parts.map(chosenFor))) {
    select.addEventListener("change", () => {
      const own = parts.filter((part) => chosenFor(part) === select);
      own.forEach(arrange);
      const shown = own.filter((part) => !part.hidden);
      state.textContent = shown.map((part) => part.querySelector("h2, label").textContent).join(". ");
    });
  }
})();
