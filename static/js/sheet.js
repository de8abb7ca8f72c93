// What script adds to an entry page: each row saves on its own when it is left, what was typed is
// counted, a conflict is decided in its row. Without it one button saves. A page hands over its
// kind of row and what only it does.

import { ask, problem, stated } from "./server.js";

export const form = document.getElementById("sheet");
export const said = document.getElementById("said");
export const saveButton = document.getElementById("save");
export const NAMES = form.dataset.fields.split(" ");

const summary = document.getElementById("summary");
const PLAIN_TITLE = document.title.replace(/^エラー：/, "");
const savedHere = new Set(); // codes saved since the page was opened

export let rows = [];
export const rowOf = (target) => rows.find((row) => row.element.contains(target));

// What a page may do beside: when a row was typed into or its saved text taken, before it is sent,
// when it is saved; what else is to be decided before anything is saved, and how to lead there.
let page = { typed() {}, taken() {}, sending() {}, saved() {}, waitsFor: () => "", leadThere() {} };

export function start(RowKind, own = {}) {
  rows = [...form.querySelectorAll("[data-code]")].map((element) => new RowKind(element, NAMES));
  page = { ...page, ...own };
  askBeforeLeaving();
  form.dataset.live = "";
  count();
  for (const row of rows.filter((one) => one.isDirty)) { // typed before this script was there
    row.typedInto(row.fields[NAMES[0]]);
    changed(row);
  }
}

function askBeforeLeaving() {
  addEventListener("beforeunload", (event) => {
    if (!rows.some((row) => row.isDirty || row.saving)) return;
    event.preventDefault();
    event.returnValue = true; // for browsers before 2023
  });
}

// Saving

async function save(row) {
  if (row.saving) return row.saving;
  row.saving = attempt([row], row.element.dataset.url ?? form.action);
  const answer = await row.saving;
  row.saving = null;
  // What changed while a save was on its way is saved too, unless somebody is still at it.
  if (!row.isCutOff && !row.element.contains(document.activeElement)) saveLeft(row);
  if (answer.status === 200) for (const other of rows) if (other.isCutOff) save(other);
  return answer;
}

function saveLeft(row) {
  if (row.isDirty && !row.isRefused && !row.isUndecided && !row.isHeld && !page.waitsFor()) save(row);
}

async function attempt(chosen, url) {
  const sent = new Map(chosen.map((row) => [row, row.texts]));
  for (const row of chosen) {
    page.sending(row);
    row.say("保存しています");
  }
  const answer = await ask(url, { method: "POST", body: stated(chosen) });
  const partsOf = (row) => answer.parts.querySelector(`[data-row="${row.code}"]`);
  // An answer that says nothing of a row (another page, say) has not saved it.
  if (answer.status === 200 && !chosen.every(partsOf)) answer.status = 500;
  for (const row of chosen) {
    const parts = partsOf(row);
    if (parts) settle(row, parts, sent.get(row), answer.status);
    else row.unanswered(answer, sent.get(row));
  }
  const waiting = answer.parts.querySelector("#parts-waiting");
  if (waiting) document.getElementById("waiting")?.replaceChildren(...waiting.childNodes);
  count();
  return answer;
}

function settle(row, parts, sent, status) {
  const isUntouched = row.same(row.texts, sent);
  const { saved, version } = row.answered(parts, sent, status);
  if (status !== 200) return;
  row.isHeld = false;
  row.stand(isUntouched ? row.only(saved) : sent, version);
  if (isUntouched) row.texts = saved;
  else row.say("未保存");
  row.element.toggleAttribute("data-waiting", "waiting" in parts.dataset);
  page.saved(row, saved);
  savedHere.add(row.code);
  for (const item of summary.querySelectorAll(`[data-of="${row.code}"]`)) item.remove();
  if (!summary.querySelector("li")) clearSummary();
}

async function saveAll() {
  said.textContent = page.waitsFor();
  if (said.textContent) return page.leadThere();
  await Promise.all(rows.map((row) => row.saving));
  const chosen = rows.filter((row) => row.isDirty);
  clearSummary();
  if (chosen.length) {
    const work = attempt(chosen, form.action);
    for (const row of chosen) row.saving = work;
    const answer = await work;
    for (const row of chosen) row.saving = null;
    if (answer.status !== 200) return sayLeft(answer);
    for (const row of chosen) if (!row.element.contains(document.activeElement)) saveLeft(row);
  }
  said.textContent = savedHere.size
    ? form.dataset.saved.replace("{}", savedHere.size)
    : "変わったところがないため、何も書き込んでいません。";
}

function sayLeft(answer) {
  const errors = answer.parts.querySelector("#errors");
  const left = rows.filter((row) => row.isDirty);
  const others = left[1] ? "ほか" : "";
  if (!errors) said.textContent = problem(answer).short;
  else if (left[0]) {
    said.textContent = `保存できていない行が${left.length}件あります（${left[0].code}${others}）。`;
  }
  if (!errors) return;
  summary.replaceChildren(errors);
  document.title = `エラー：${PLAIN_TITLE}`;
  errors.focus();
}

function clearSummary() {
  summary.replaceChildren();
  document.title = PLAIN_TITLE;
}

export function count() {
  const unsaved = rows.filter((row) => row.isDirty).length;
  document.getElementById("unsaved").textContent = unsaved ? `未保存 ${unsaved}件` : "";
  const waiting = document.getElementById("waiting");
  if (waiting && !waiting.querySelector("b")) { // a figure, not the sentence that the server writes
    waiting.textContent = rows.filter((row) => "waiting" in row.element.dataset).length;
  }
}

// Choices within a row

const ACTIONS = {
  retry: save,
  overwrite(row) {
    row.overwrite();
    save(row);
  },
  take(row) {
    row.element.toggleAttribute("data-waiting", row.conflict.isWaiting);
    row.take();
    page.taken(row);
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
  page.typed(row);
}

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
  saveLeft(row);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  saveAll();
});
