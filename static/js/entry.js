// What script adds to the entry page: each row saves on its own when it is left, Enter moves on,
// columns from a spreadsheet are laid out, ratings follow the typing. Without it one button saves.

import { focusPanel, isWaiting } from "./entry_paste.js";
import { form, rowOf, rows, said, saveButton } from "./entry_rows.js";
import { ask, askBeforeLeaving, problem, stated } from "./rows.js";

const summary = document.getElementById("summary");
const TYPING_PAUSE = 400; // ms before a rating is asked for
const PLAIN_TITLE = document.title.replace(/^エラー：/, "");
const savedHere = new Set(); // codes saved since the page was opened

// Saving

async function save(row) {
  if (row.saving) return row.saving;
  row.saving = attempt([row], row.element.dataset.url);
  const answer = await row.saving;
  row.saving = null;
  if (answer.status === 200) {
    saveAgain(row);
    for (const other of rows) if (other.isCutOff) save(other);
  }
  return answer;
}

// What changed while a save was on its way is saved too, unless somebody is still at it.
function saveAgain(row) {
  if (row.isDirty && !row.element.contains(document.activeElement)) save(row);
}

async function attempt(chosen, url) {
  const sent = new Map(chosen.map((row) => [row, row.texts]));
  for (const row of chosen) {
    stopRating(row);
    row.say("保存しています");
  }
  const answer = await ask(url, { method: "POST", body: stated(chosen) });
  const found = chosen.filter((row) => partsOf(answer, row));
  for (const row of found) settle(row, partsOf(answer, row), sent.get(row), answer.status);
  for (const row of chosen.filter((one) => !found.includes(one))) row.unanswered(answer);
  count();
  return answer;
}

const partsOf = (answer, row) => answer.parts.querySelector(`[data-row="${row.code}"]`);

function settle(row, parts, sent, status) {
  const isUntouched = row.same(row.texts, sent);
  const { saved, version } = row.answered(parts, sent, status);
  if (status !== 200) return;
  row.isHeld = false;
  row.stand(isUntouched ? row.only(saved) : sent, version);
  if (isUntouched) row.texts = saved;
  else row.say("未保存");
  row.element.toggleAttribute("data-waiting", "waiting" in parts.dataset);
  const written = saved.analysis || saved.next_steps ? "（記入あり）" : "";
  row.element.querySelector("[data-written]").textContent = written;
  savedHere.add(row.code);
  for (const item of summary.querySelectorAll(`[data-of="${row.code}"]`)) item.remove();
  if (!summary.querySelector("li")) clearSummary();
}

async function saveAll() {
  said.textContent = "";
  if (isWaiting()) {
    said.textContent = "先に、貼り付ける内容を入れるか、やめるかを選んでください。";
    return focusPanel();
  }
  await Promise.all(rows.map((row) => row.saving));
  const chosen = rows.filter((row) => row.isDirty);
  clearSummary();
  if (chosen.length) {
    const work = attempt(chosen, form.action);
    for (const row of chosen) row.saving = work;
    const answer = await work;
    for (const row of chosen) row.saving = null;
    if (answer.status === 200) for (const row of chosen) saveAgain(row);
    const errors = answer.parts.querySelector("#errors");
    if (errors) {
      summary.replaceChildren(errors);
      document.title = `エラー：${PLAIN_TITLE}`;
      errors.focus();
    } else if (answer.status !== 200) {
      said.textContent = problem(answer).short;
    }
    if (answer.status !== 200) return;
  }
  said.textContent = savedHere.size
    ? `${form.dataset.year}の実績を${savedHere.size}件保存しました。`
    : "変わったところがないため、何も書き込んでいません。";
}

function clearSummary() {
  summary.replaceChildren();
  document.title = PLAIN_TITLE;
}

function count() {
  const unsaved = rows.filter((row) => row.isDirty).length;
  document.getElementById("unsaved").textContent = unsaved ? `未保存 ${unsaved}件` : "";
  const waiting = rows.filter((row) => "waiting" in row.element.dataset).length;
  document.getElementById("waiting").textContent = waiting;
}

// The rating while somebody types

function stopRating(row) {
  clearTimeout(row.pause);
  row.asking?.abort();
}

function rateSoon(row, pause = TYPING_PAUSE) {
  stopRating(row);
  row.pause = setTimeout(() => rate(row), pause);
}

async function rate(row) {
  row.asking = new AbortController();
  const short = new URLSearchParams(stated([row]));
  for (const name of ["analysis", "next_steps"]) short.delete(`${row.code}-${name}`);
  const { signal } = row.asking;
  const answer = await ask(`${row.element.dataset.effect}?${short}`, { signal });
  if (!signal.aborted && answer.status === 200) row.put(answer.parts);
}

// Choices within a row

const ACTIONS = {
  retry: (row) => save(row),
  overwrite(row) {
    row.overwrite();
    save(row);
  },
  take(row) {
    row.take("保存されている値を使いました");
    row.element.toggleAttribute("data-waiting", row.version === "0");
    rateSoon(row, 0);
    count();
  },
  restore(row) {
    row.restore();
    changed(row);
  },
};

function changed(row) {
  said.textContent = "";
  row.retyped();
  count();
  rateSoon(row);
}

form.addEventListener("filled", count);

form.addEventListener("click", (event) => {
  const action = event.target.closest("[data-action]")?.dataset.action;
  if (action) ACTIONS[action](rowOf(event.target));
});

form.addEventListener("input", (event) => {
  const row = rowOf(event.target);
  if (!row) return;
  row.isHeld = false;
  row.typedInto(event.target);
  changed(row);
});

form.addEventListener("focusout", (event) => {
  const row = rowOf(event.target);
  // A window that loses focus leaves its row as it is: its author is looking something up.
  if (!row || row.element.contains(event.relatedTarget) || !document.hasFocus()) return;
  const isSettled = !row.isDirty || row.isRefused;
  if (isSettled || row.isHeld || row.isUndecided || isWaiting()) return;
  save(row);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  saveAll();
});

askBeforeLeaving(rows);

// Moving with the keyboard

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
  event.preventDefault();
  const row = rowOf(event.target);
  if (!event.target.id.endsWith("-value")) return;
  const next = rows[rows.indexOf(row) + (event.shiftKey ? -1 : 1)];
  if (next) {
    next.fields.value.focus();
    next.fields.value.select();
  } else if (!event.shiftKey) saveButton.focus();
});

document.getElementById("next-waiting")?.addEventListener("click", (event) => {
  event.preventDefault();
  const open = rows.find((row) => "waiting" in row.element.dataset && !row.isDirty);
  (open?.fields.value ?? saveButton).focus();
});

form.dataset.live = "";
count();
for (const row of rows.filter((one) => one.isDirty)) { // typed before this script was there
  row.typedInto(row.fields.value);
  changed(row);
}
