/* The rating form as it stands in the page: answers read from it and written into it. */

export const form = document.querySelector("form[data-autosave]");

export const keyOf = (answer) => `${answer.statement} ${answer.criterion}`;
export const scalesIn = (place) => [...place.querySelectorAll("fieldset[data-criterion]")];
export const scaleOf = (answer) => scalesIn(form).find((scale) => keyOf(scale.dataset) === keyOf(answer));
export const cardOf = (element) => element.closest("[data-card]");
const commentOf = (card) => card?.querySelector(".comment textarea");
const numberIn = (scale) => scale.querySelector("input[type=number]");
const unableIn = (scale) => scale.querySelector("[data-unable]");
const controlsIn = (scale) => [...scale.parentElement.querySelectorAll("input:not([type=hidden]), textarea"), commentBeside(scale)].filter(Boolean);
const isChoice = (control) => control.type === "radio" || control.type === "checkbox";

export function scaleAround(target) {
  const card = cardOf(target);
  return target.closest(".scale-block")?.querySelector("fieldset[data-criterion]") ?? (card && scalesIn(card)[0]);
}

function commentBeside(scale) {
  const card = cardOf(scale);
  return card && scalesIn(card)[0] === scale ? commentOf(card) : null;
}

export function read(scale) {
  const abstained = unableIn(scale).checked;
  const chosen = scale.querySelector("input[type=radio]:checked:not([data-unable])") || numberIn(scale);
  const answer = {
    statement: scale.dataset.statement,
    criterion: scale.dataset.criterion,
    point: abstained || !chosen || chosen.value === "" ? null : Number(chosen.value),
    abstained,
    version: Number(scale.querySelector("[data-version]").value),
  };
  const comment = commentBeside(scale);
  if (comment) {
    answer.comment = comment.value;
    answer.comment_version = Number(cardOf(scale).querySelector("[data-comment-version]").value);
  }
  const code = scale.parentElement.querySelector("[data-reason]:checked");
  const text = scale.parentElement.querySelector("[data-reason-text]");
  if (chosen?.hasAttribute("data-crosses") && (code || text?.value)) {
    answer.reason = { code: code ? code.value : "", text: text ? text.value : "" };
  }
  return answer;
}

export function write(scale, answer) {
  const number = numberIn(scale);
  if (number) {
    number.value = answer.point ?? "";
    markCrossing(number);
  }
  for (const input of scale.querySelectorAll("input[type=radio], [data-unable]")) {
    input.checked = input.hasAttribute("data-unable") ? answer.abstained : Number(input.value) === answer.point;
  }
  const block = scale.parentElement;
  for (const input of block.querySelectorAll("[data-reason]")) input.checked = input.value === answer.reason?.code;
  if (answer.reason) block.querySelector("[data-reason-text]").value = answer.reason.text;
  const comment = commentOf(cardOf(scale));
  if (comment && typeof answer.comment === "string") comment.value = answer.comment;
  setVersions(scale, answer);
}

export function setVersions(scale, { version, comment_version: commentVersion }) {
  if (!scale) return;
  if (version !== undefined) scale.querySelector("[data-version]").value = version;
  if (commentVersion !== undefined) cardOf(scale).querySelector("[data-comment-version]").value = commentVersion;
}

/* On a scale that is answered by typing, a number and "unable" exclude each other, as radio buttons do. */
export function untieNumber(target, scale) {
  const number = numberIn(scale);
  if (!number) return;
  if (target === unableIn(scale) && target.checked) number.value = "";
  if (target === number && number.value) unableIn(scale).checked = false;
  markCrossing(number);
}

/* The reason is asked when the number has left the band of the last answer. */
function markCrossing(number) {
  const { staysFrom, staysTo } = number.dataset;
  number.toggleAttribute("data-crosses", Boolean(staysFrom && number.value) && (number.value < Number(staysFrom) || number.value > Number(staysTo)));
}

/* Shows again what the server wrote into the page. */
export function reset(scale) {
  for (const control of controlsIn(scale)) {
    if (isChoice(control)) control.checked = control.defaultChecked;
    else control.value = control.defaultValue;
  }
}
