/* Shows, after the end of a round, what this browser had kept and could not send in time, to be copied. */

import { openKeptAnswers } from "./kept_answers.js";

const place = document.querySelector("[data-late-answers]");
const { autosaveKey, autosaveSecret, unable } = place.dataset;
const late = [];
const store = await openKeptAnswers(autosaveKey, autosaveSecret);

function describe({ statement, criterion, point, abstained, comment }) {
  const hasSeveral = new Set(late.map(({ answer }) => answer.criterion)).size > 1;
  const said = [abstained ? unable : point, comment?.trim()].filter((part) => part ?? false).join(". ");
  return `${statement}${hasSeveral ? ` ${criterion}` : ""}: ${said}`;
}

store?.takeOver((entries) => {
  late.push(...entries);
  place.querySelector("textarea").value = late.map(({ answer }) => describe(answer)).join("\n");
  place.hidden = !late.length;
  return store.write(late);
});
