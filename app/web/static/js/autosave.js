/* Saves a rating form as it is filled in.

   Without this script the form is sent by its button. With it every change is posted at once to the form's
   data-autosave address, and what could not be sent is kept and sent again. An answer always travels whole,
   with the versions the page last knew; a card's comment travels with the card's first scale.

   An entry is { answer, tried }: the answer as it stands, and what was sent of it before without a reply, so
   that the page knows its own words when it meets them in the store. */

import { openKeptAnswers } from "./kept_answers.js";
import { form, keyOf, read, reset, scaleAround, scaleOf, scalesIn, setVersions, untieNumber, write } from "./rating_form.js";

const { autosave: address, autosaveKey: keptName, autosaveSecret: keptSecret } = form.dataset;
delete form.dataset.autosaveSecret;

const words = JSON.parse(form.querySelector("[data-autosave-words]").textContent);
const banner = form.querySelector("[data-autosave-banner]");
const TYPING_PAUSE = 900;
const LONGEST_WAIT = 60_000;
const LONGEST_REPLY = 20_000;
const PATIENCE = 3_000;
const MOST_TRIED = 5;

const pending = new Map(); // to be sent
const held = new Map(); // refused, until somebody changes or settles them
const touched = new Set(); // the scales that somebody has changed in this page
let store = null;
let isKept = false;
let sending = null;
let failures = 0;
let timer = 0;
let isSignedOut = false;
let isLeaving = false;
let isInsisting = false;

const say = (text, params) => text.replace(/\{(\w+)\}/g, (_, name) => params[name]);
const commentIn = (answer) => (answer.comment ?? "").trim();
const isSame = (a, b) => a.point === b.point && a.abstained === b.abstained && (b.comment === undefined || commentIn(a) === commentIn(b));

function versionsOf(answer) {
  return Object.fromEntries(["version", "comment_version"].filter((name) => name in answer).map((name) => [name, answer[name]]));
}

/* --- What people see ------------------------------------------------------------------------------------ */

function describe(scale, answer) {
  const input = [...scale.querySelectorAll("input[type=radio]")].find((radio) => radio.value === String(answer.point));
  const name = input?.parentElement.querySelector(".point-label")?.textContent;
  const point = name ? `${answer.point}, ${name}` : answer.point;
  const rating = answer.abstained ? words.unable : point ?? words.nothing;
  const comment = answer.comment && say(words.comment, { text: answer.comment });
  return [rating, comment].filter((said) => said || said === 0).join(". ");
}

function tell(answer, state, said) {
  const place = scaleOf(answer)?.closest("[data-card]")?.querySelector("[data-save-state]");
  if (!place) return;
  if (place.textContent !== said) place.textContent = said;
  place.dataset.state = state;
}

function showBanner() {
  const elsewhere = [...held.values()].map(({ answer }) => answer).filter((answer) => !scaleOf(answer));
  if (pending.size && failures) banner.textContent = isKept ? words.banner_kept : words.banner_open;
  else if (elsewhere.length) banner.replaceChildren(words.banner_elsewhere, ...elsewhere.flatMap(({ statement }) => [" ", linkTo(statement)]));
  banner.hidden = !elsewhere.length && !(pending.size && failures);
}

function linkTo(statement) {
  const link = element("a", "", statement);
  link.href = address.replace(/autosave.*/, `statements/${statement}`);
  return link;
}

function showProgress({ answered, total }) {
  const place = document.querySelector("[data-progress]");
  if (!place || answered === undefined) return;
  const line = place.querySelector("[data-progress-words]");
  line.textContent = say(line.dataset.template, { answered, total });
  place.querySelector("[data-progress-bar]").setAttribute("width", `${total ? (100 * answered) / total : 100}%`);
}

function element(tag, className, content) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = content;
  return made;
}

function showBox(scale, lines, ...controls) {
  const box = element("div", "conflict", "");
  box.setAttribute("role", "alert");
  box.append(...lines.map((line) => element("p", "", line)), ...controls);
  hideBox(scale);
  scale.after(box);
}

function hideBox(scale) {
  scale.parentElement.querySelector(".conflict")?.remove();
}

function askWhichAnswer(scale, here, there) {
  const choice = (label, action) => {
    const button = element("button", "button button-secondary", label);
    button.type = "button";
    button.addEventListener("click", () => {
      hideBox(scale);
      action();
      scale.querySelector("input:checked, input:not([type=hidden]), textarea").focus();
    });
    return button;
  };
  const keepHere = choice(words.stale_keep_here, () => queue({ ...here, ...versionsOf(there) }, 0));
  const keepThere = choice(words.stale_keep_there, () => {
    write(scale, there);
    held.delete(keyOf(here));
    keep();
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

/* --- Keeping and sending -------------------------------------------------------------------------------- */

async function keep() {
  isKept = Boolean(await store?.write([...pending.values(), ...held.values()]));
  showBanner();
}

function queue(answer, delay) {
  const key = keyOf(answer);
  const tried = (pending.get(key) ?? held.get(key))?.tried ?? [];
  held.delete(key);
  pending.set(key, { answer, tried });
  isLeaving = false;
  keep();
  schedule(delay);
}

function schedule(delay) {
  clearTimeout(timer);
  timer = setTimeout(sendAll, delay);
}

function settle(entry, place) {
  const key = keyOf(entry.answer);
  if (pending.get(key) === entry) {
    pending.delete(key);
    place?.set(key, entry);
  }
  keep();
}

function sendAll() {
  clearTimeout(timer);
  sending ??= sendEach().finally(() => { sending = null; });
  return sending;
}

async function sendEach() {
  let wait = TYPING_PAUSE;
  try {
    for (const key of [...pending.keys()]) {
      if (pending.has(key) && !isSignedOut && !isLeaving) await send(pending.get(key));
    }
    failures = 0;
    isInsisting = false;
  } catch (problem) {
    failures += 1;
    wait = Math.max(Math.min(1000 * 2 ** failures, LONGEST_WAIT) * (0.75 + Math.random() / 2), problem.wait ?? 0);
    for (const { answer } of pending.values()) tell(answer, "unsent", `${words.unsent} ${problem.said ?? ""}`);
  }
  showBanner();
  if (pending.size && !isSignedOut && !isLeaving) schedule(wait);
}

function post(answer) {
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": form.dataset.csrf },
    body: JSON.stringify(answer),
    redirect: "manual",
    keepalive: true,
    signal: AbortSignal.timeout?.(LONGEST_REPLY),
  });
}

async function send(entry, isSecondTime = false) {
  entry.tried = [...entry.tried, { ...entry.answer }].slice(-MOST_TRIED);
  const response = await post(entry.answer);
  const reply = await response.json().catch(() => ({}));
  if (response.status >= 500 || response.status === 429) {
    throw { said: reply.message, wait: 1000 * Number(response.headers.get("Retry-After")) };
  }
  // Cut off on its way, it tells no version. To send the same once more changes nothing that is stored.
  if (response.ok && !reply.saved_at) throw {};
  const isGone = response.type === "opaqueredirect" || response.status === 401 || response.status === 403;
  if (isGone && !isSecondTime && (await renewToken())) return send(entry, true);
  if (isGone) refuseSignedOut(entry.answer, reply);
  else if (response.ok) accept(entry, reply);
  else if (reply.error === "stale" && reply.current) resolve(entry, reply.current);
  else refuse(entry, reply);
}

/* Somebody entered again in another tab: the same person's page says which token counts now. */
async function renewToken() {
  if (!keptName) return false;
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  const now = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("form[data-autosave]");
  if (now?.dataset.autosaveKey !== keptName) return false;
  form.dataset.csrf = form.querySelector("[name=csrf_token]").value = now.dataset.csrf;
  return true;
}

function accept(entry, reply) {
  const { answer } = entry;
  const scale = scaleOf(answer);
  setVersions(scale, reply);
  const newer = pending.get(keyOf(answer));
  if (newer && newer !== entry) Object.assign(newer.answer, versionsOf(reply));
  settle(entry);
  const isEmptied = answer.point === null && !answer.abstained && answer.version > 0;
  tell(answer, "saved", `${say(words.saved, { time: reply.saved_at })} ${isEmptied ? words.emptied : ""}`.trim());
  if (scale) hideBox(scale);
  showProgress(reply);
}

function resolve(entry, current) {
  const { answer, tried } = entry;
  const scale = scaleOf(answer);
  if (isSame(answer, current)) {
    setVersions(scale, current);
    settle(entry);
    tell(answer, "saved", "");
  } else if (tried.some((sent) => isSame(sent, current))) {
    setVersions(scale, current);
    Object.assign(pending.get(keyOf(answer)).answer, versionsOf(current));
    schedule(0);
  } else {
    settle(entry, held);
    tell(answer, "refused", words.refused);
    if (scale) askWhichAnswer(scale, answer, current);
  }
}

function refuse(entry, reply) {
  const scale = scaleOf(entry.answer);
  settle(entry, reply.error === "round_not_open" || !scale ? null : held);
  if (reply.current) setVersions(scale, reply.current); // a part of the answer may have been stored all the same
  tell(entry.answer, "refused", `${words.refused} ${reply.message ?? ""}`);
  if (scale && reply.error === "round_not_open") showForCopying(scale, entry.answer, reply.message);
}

function refuseSignedOut(answer, reply) {
  isSignedOut = true;
  tell(answer, "refused", reply.error === "signed_out" || !reply.message ? words.signed_out : `${words.refused} ${reply.message}`);
}

/* --- What people do ------------------------------------------------------------------------------------- */

function changed(scale, delay) {
  touched.add(scale);
  hideBox(scale);
  queue(read(scale), delay);
}

function hear(event, delay) {
  const scale = scaleAround(event.target);
  if (!scale) return;
  untieNumber(event.target, scale);
  changed(scale, delay);
}

form.addEventListener("change", (event) => hear(event, 0));
form.addEventListener("input", (event) => {
  if (event.target.matches("textarea, input[type=number]")) hear(event, TYPING_PAUSE);
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-keep]");
  if (!button) return;
  event.preventDefault();
  const scale = button.closest(".scale-block").querySelector("fieldset[data-criterion]");
  const abstained = button.dataset.keep === "unable";
  write(scale, { ...read(scale), point: abstained ? null : Number(button.dataset.keep), abstained });
  scale.querySelector("input:checked, input[type=number]").focus();
  button.parentElement.remove();
  changed(scale, 0);
});

/* A button waits for answers under way, so that the page, or leaving on this device, never overtakes them. While
   they cannot be sent the page stays, since the next one could not come either; pressed again, the form goes. */
document.addEventListener("submit", async (event) => {
  if (!pending.size || isInsisting) {
    if (event.target === form) letGo();
    return;
  }
  event.preventDefault();
  await Promise.race([flush(), new Promise((wake) => { setTimeout(wake, PATIENCE); })]);
  isInsisting = true;
  if (!failures && !isSignedOut) (event.submitter ?? event.target.querySelector("[type=submit]")).click();
});

/* From here on the form itself carries what stands in the page. */
function letGo() {
  isLeaving = true;
  for (const [key, { answer }] of held) if (scaleOf(answer)) held.delete(key);
  keep();
}

async function flush() {
  do await sendAll(); while (pending.size && !failures && !isSignedOut && !isLeaving);
}

function tryAgain() {
  isSignedOut = false;
  if (pending.size) sendAll();
}

window.addEventListener("online", tryAgain);
document.addEventListener("visibilitychange", tryAgain);
window.addEventListener("focus", tryAgain);
window.addEventListener("pagehide", () => {
  if (!isLeaving) for (const { answer } of pending.values()) post(answer).catch(() => {});
});
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && (held.size || (pending.size && failures))) event.preventDefault();
});

/* --- Coming back ---------------------------------------------------------------------------------------- */

function takeBack(entries) {
  for (const { answer, tried } of entries) {
    const scale = scaleOf(answer);
    if (pending.has(keyOf(answer))) continue;
    if (scale) write(scale, answer);
    pending.set(keyOf(answer), { answer, tried });
    tell(answer, "unsent", words.unsent);
  }
  if (pending.size) schedule(0);
  return store.write([...pending.values(), ...held.values()]);
}

/* What somebody chose before this script came is unsent. */
for (const target of touchedEarly) if (form.contains(target)) hear({ target }, 0);

/* What a browser has filled in of its own accord may be older than what is stored: the page shows what is stored. */
function undoFillingIn() {
  for (const scale of scalesIn(form)) if (!touched.has(scale)) reset(scale);
}

window.addEventListener("pageshow", async (event) => {
  if (event.persisted && !pending.size && !held.size) location.reload();
  if (event.persisted) return;
  undoFillingIn();
  store = await openKeptAnswers(keptName, keptSecret);
  keep();
  store?.takeOver(takeBack);
});
