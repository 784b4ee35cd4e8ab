/* A page that updates itself: while nobody looks at it, nothing is asked for, and it catches up once somebody does.
   What has changed is said once, without interrupting. Without this script the link "Count now" does the same. */
(() => {
  "use strict";
  const voice = document.getElementById("news");
  const news = () => document.querySelector("[data-news]").dataset.news;
  let lastNews = news();
  let isBehind = false;

  document.addEventListener("htmx:before:request", (event) => {
    if (!document.hidden) return;
    isBehind = true;
    event.preventDefault();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !isBehind) return;
    isBehind = false;
    document.querySelector("[data-news]").dispatchEvent(new CustomEvent("every"));
  });

  document.addEventListener("htmx:after:swap", () => {
    if (news() === lastNews) return;
    lastNews = news();
    voice.textContent = lastNews;
  });
})();
