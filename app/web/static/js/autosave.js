/* Saves a rating form as it is filled in.

   Without this script the form is sent by its button. With it every change is posted at once to the form's
   data-autosave address, and what could not be sent is kept and sent again. An answer always travels whole,
   with the versions the page last knew; a card's comment travels with the card's first scale. */

const form = document.querySelector("form[data-autosave]");

const words = JSON.parse(form.querySelector("[data-autosave-words]").textContent);
const banner = form.querySelector("[data-autosave-banner]");
const storageKey = form.dataset.autosaveKey && `castalia:${form.dataset.autosaveKey}`;
const TYPING_PAUSE = 900;
const LONGEST_WAIT = 60_000;
const pending = new Map();
const elsewhere = []; // conflicts about statements of another page: kept until that page is opened
let isSending = false;
let isLeaving = false;
let isSignedOut = false;
let failures = 0;
let timer = 0;

const keyOf = (answer) => `${answer.statement} ${answer.criterion}`;
const scalesIn = (place) => [...place.querySelectorAll("fieldset[data-criterion]")];
const scaleOf = (answer) => scalesIn(form).find((scale) => keyOf(scale.dataset) === keyOf(answer));
const commentOf = (card) => card.querySelector(".comment textarea");
const commentVersionOf = (card) => card.querySelector("[data-comment-version]");
const say = (text, params) => text.replace(/\{(\w+)\}/g, (_, name) => params[name]);

function read(scale) {
  const card = scale.closest("[data-card]");
  const abstained = Boolean(scale.querySelector("[data-unable]:checked"));
  const chosen = scale.querySelector("input[type=radio]:checked:not([data-unable])") || scale.querySelector("input[type=number]");
  const answer = {
    statement: scale.dataset.statement,
    criterion: scale.dataset.criterion,
    point: abstained || !chosen || chosen.value === "" ? null : Number(chosen.value),
    abstained,
    version: Number(scale.querySelector("[data-version]").value),
  };
  const comment = card && scalesIn(card)[0] === scale && commentOf(card);
  if (comment) {
    answer.comment = comment.value;
    answer.comment_version = Number(commentVersionOf(card).value);
  }
  const block = scale.parentElement;
  const code = block.querySelector("[data-reason]:checked");
  const text = block.querySelector("[data-reason-text]");
  if (chosen?.hasAttribute("data-crosses") && (code || text?.value)) {
    answer.reason = { code: code ? code.value : "", text: text ? text.value : "" };
  }
  return answer;
}

function write(scale, answer) {
  const number = scale.querySelector("input[type=number]");
  if (number) number.value = answer.point ?? "";
  for (const input of scale.querySelectorAll("input[type=radio], [data-unable]")) {
    input.checked = input.hasAttribute("data-unable") ? answer.abstained : Number(input.value) === answer.point;
  }
  const card = scale.closest("[data-card]");
  if (typeof answer.comment === "string" && card && commentOf(card)) commentOf(card).value = answer.comment;
  setVersions(scale, answer);
}

function setVersions(scale, { version, comment_version: commentVersion }) {
  if (!scale) return;
  if (version !== undefined) scale.querySelector("[data-version]").value = version;
  if (commentVersion !== undefined) commentVersionOf(scale.closest("[data-card]")).value = commentVersion;
}

function versionsOf(answer) {
  return Object.fromEntries(["version", "comment_version"].filter((name) => name in answer).map((name) => [name, answer[name]]));
}

function describe(scale, answer) {
  const input = [...scale.querySelectorAll("input[type=radio]")].find((radio) => radio.value === String(answer.point));
  const name = input?.parentElement.querySelector(".point-label")?.textContent;
  const point = name ? `${answer.point}, ${name}` : answer.point;
  const rating = answer.abstained ? words.unable : point ?? words.nothing;
  return answer.comment ? `${rating}. ${say(words.comment, { text: answer.comment })}` : `${rating}`;
}

const isSame = (a, b) => a.point === b.point && a.abstained === b.abstained && (a.comment ?? "") === (b.comment ?? a.comment ?? "");

function tell(answer, state, text) {
  const place = scaleOf(answer)?.closest("[data-card]")?.querySelector("[data-save-state]");
  if (place && place.textContent !== text) place.textContent = text;
  if (place) place.dataset.state = state;
  banner.hidden = pending.size === 0 || failures === 0;
}

function showProgress({ answered, total }) {
  const place = document.querySelector("[data-progress]");
  if (!place || answered === undefined) return;
  const line = place.querySelector("[data-progress-words]");
  line.textContent = say(line.dataset.template, { answered, total });
  place.querySelector("[data-progress-bar]").setAttribute("width", `${total ? (100 * answered) / total : 100}%`);
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function showBox(scale, lines, ...controls) {
  const box = element("div", "conflict", "");
  box.setAttribute("role", "alert");
  box.append(...lines.map((line) => element("p", "", line)), ...controls);
  scale.parentElement.querySelector(".conflict")?.remove();
  scale.after(box);
}

function askWhichAnswer(scale, here, there) {
  const choice = (label, action) => {
    const button = element("button", "button button-secondary", label);
    button.type = "button";
    button.addEventListener("click", () => {
      button.parentElement.remove();
      action();
      scale.querySelector("input:checked, input:not([type=hidden])").focus();
    });
    return button;
  };
  const keepHere = choice(words.stale_keep_here, () => queue({ ...here, ...versionsOf(there) }, 0));
  const keepThere = choice(words.stale_keep_there, () => {
    write(scale, there);
    tell(here, "", "");
  });
  const lines = [say(words.stale_here, { answer: describe(scale, here) }), say(words.stale_there, { answer: describe(scale, there) })];
  showBox(scale, [words.stale_title, ...lines], keepHere, " ", keepThere);
}

function showForCopying(scale, answer, message) {
  const copy = element("textarea", "input input-full", describe(scale, answer));
  copy.readOnly = true;
  copy.setAttribute("aria-label", words.closed_copy);
  showBox(scale, [words.closed_title, message, words.closed_copy], copy);
}

function keep() {
  if (!storageKey) return;
  try {
    const unsent = [...pending.values(), ...elsewhere];
    if (unsent.length) localStorage.setItem(storageKey, JSON.stringify(unsent));
    else localStorage.removeItem(storageKey);
  } catch { /* A full or forbidden store: the answers still wait in memory. */ }
}

function queue(answer, delay) {
  pending.set(keyOf(answer), answer);
  keep();
  schedule(delay);
}

function schedule(delay) {
  clearTimeout(timer);
  timer = setTimeout(sendAll, delay);
}

function settle(answer) {
  if (pending.get(keyOf(answer)) === answer) pending.delete(keyOf(answer));
  keep();
}

async function sendAll() {
  if (isSending || isSignedOut) return;
  isSending = true;
  try {
    for (const answer of [...pending.values()]) await send(answer);
    failures = 0;
  } catch {
    failures += 1;
    for (const answer of pending.values()) tell(answer, "unsent", words.unsent);
  }
  isSending = false;
  if (pending.size && !isSignedOut) schedule(failures ? Math.min(1000 * 2 ** failures, LONGEST_WAIT) * (0.75 + Math.random() / 2) : 0);
  if (!pending.size) banner.hidden = true;
}

async function send(answer) {
  const response = await fetch(form.dataset.autosave, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": form.dataset.csrf },
    body: JSON.stringify(answer),
    redirect: "manual",
    keepalive: true,
    signal: AbortSignal.timeout?.(20_000),
  });
  if (response.status >= 500 || response.status === 429) throw new Error(`answered ${response.status}`);
  const reply = await response.json().catch(() => ({}));
  const isGone = response.type === "opaqueredirect" || response.status === 401 || response.status === 403;
  if (isGone) refuseSignedOut(answer, reply);
  else if (response.ok) accept(answer, reply);
  else if (response.status === 409 && reply.current && reply.error === "stale") resolve(answer, reply.current);
  else refuse(answer, reply);
}

function accept(answer, reply) {
  setVersions(scaleOf(answer), reply);
  const newer = pending.get(keyOf(answer));
  if (newer !== answer) Object.assign(newer, versionsOf(reply));
  settle(answer);
  tell(answer, "saved", say(words.saved, { time: reply.saved_at }));
  showProgress(reply);
}

function resolve(answer, current) {
  const scale = scaleOf(answer);
  if (!scale && !isSame(answer, current)) elsewhere.push(answer);
  settle(answer);
  if (isSame(answer, current)) {
    setVersions(scale, current);
    tell(answer, "saved", "");
  } else if (scale) {
    tell(answer, "refused", words.refused);
    askWhichAnswer(scale, answer, current);
  }
}

function refuse(answer, reply) {
  const scale = scaleOf(answer);
  settle(answer);
  if (reply.current) setVersions(scale, reply.current); // a part of the answer may have been stored all the same
  tell(answer, "refused", `${words.refused} ${reply.message ?? ""}`);
  if (scale && reply.error === "round_not_open") showForCopying(scale, answer, reply.message);
}

function refuseSignedOut(answer, reply) {
  isSignedOut = true;
  tell(answer, "refused", reply.message ? `${words.refused} ${reply.message}` : words.signed_out);
}

function changed(target, delay) {
  const card = target.closest("[data-card]");
  const scale = target.closest(".scale-block")?.querySelector("fieldset[data-criterion]") ?? (card && scalesIn(card)[0]);
  if (scale) queue(read(scale), delay);
}

form.addEventListener("change", (event) => changed(event.target, 0));
form.addEventListener("input", (event) => {
  if (event.target.matches("textarea, input[type=number]")) changed(event.target, TYPING_PAUSE);
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-keep]");
  if (!button) return;
  event.preventDefault();
  const scale = button.closest(".scale-block").querySelector("fieldset[data-criterion]");
  write(scale, { ...read(scale), point: button.dataset.keep === "unable" ? null : Number(button.dataset.keep), abstained: button.dataset.keep === "unable" });
  scale.querySelector("input:checked, input[type=number]").focus();
  button.parentElement.remove();
  changed(scale, 0);
});
form.addEventListener("submit", () => { isLeaving = true; });
window.addEventListener("online", () => { failures = 0; schedule(0); });
document.addEventListener("visibilitychange", () => { if (document.hidden && pending.size) schedule(0); });
window.addEventListener("beforeunload", (event) => {
  if (pending.size && !isLeaving) event.preventDefault();
});

/* What an earlier visit could not send. */
function restore() {
  let kept = [];
  try { kept = JSON.parse((storageKey && localStorage.getItem(storageKey)) || "[]"); } catch { /* Nothing legible was kept. */ }
  for (const answer of kept) {
    const scale = scaleOf(answer);
    if (scale) write(scale, answer);
    pending.set(keyOf(answer), answer);
    tell(answer, "unsent", words.kept);
  }
  if (pending.size) schedule(0);
}
restore();
