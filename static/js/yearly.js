// What script adds to the entry of a year's texts (initiatives, reviews): each row saves on its
// own when it is left. Without it one button saves the page.

import { Row, ask, problem, stated } from "./rows.js";

const form = document.getElementById("yearly");
const said = document.getElementById("said");
const PLAIN_TITLE = document.title.replace(/^エラー：/, "");
const savedHere = new Set(); // codes saved since the page was opened

class YearlyRow extends Row {
  stand(texts, version) {
    super.stand(texts, version);
    const { status } = this.fields;
    const blank = status?.querySelector('[value=""]');
    if (version === "0" && status && !blank) status.add(new Option("未入力", ""), 0);
    if (version !== "0" && status?.value !== "") blank?.remove();
  }
}

const NAMES = form.dataset.fields.split(" ");
const rows = [...form.querySelectorAll("[data-code]")].map((one) => new YearlyRow(one, NAMES));
const rowOf = (target) => rows.find((row) => row.element.contains(target));

// Saving

async function save(row) {
  if (row.saving) return row.saving;
  row.saving = attempt(row);
  const status = await row.saving;
  row.saving = null;
  // What changed while a save was on its way is saved too, unless somebody is still at it.
  if (!row.isCutOff && !row.element.contains(document.activeElement)) saveLeft(row);
  if (status === 200) for (const other of rows) if (other.isCutOff) save(other);
  return status;
}

function saveLeft(row) {
  if (row.isDirty && !row.isRefused && !row.isUndecided) save(row);
}

async function attempt(row) {
  const sent = row.texts;
  row.say("保存しています");
  const answer = await ask(form.action, { method: "POST", body: stated([row]) });
  const parts = answer.parts.querySelector(`[data-row="${row.code}"]`);
  if (parts) settle(row, parts, sent, answer.status);
  else {
    const { found, short } = problem(answer);
    row.fill("messages", found);
    row.isCutOff = true;
    row.say(short);
  }
  const waiting = answer.parts.getElementById("parts-waiting");
  if (waiting) document.getElementById("waiting")?.replaceChildren(...waiting.childNodes);
  count();
  return answer.status;
}

function settle(row, parts, sent, status) {
  const { standing, invalid = "", conflict, wrong } = parts.dataset;
  const { version, ...saved } = JSON.parse(standing);
  const isUntouched = row.same(row.texts, sent);
  row.isCutOff = false;
  row.put(parts);
  row.mark(invalid.split(" "));
  row.conflict = conflict === undefined ? null : { texts: row.only(saved), version };
  row.isUndecided = Boolean(row.conflict);
  row.refused = wrong === undefined ? "" : JSON.stringify(sent);
  if (status !== 200) return;
  row.stand(isUntouched ? row.only(saved) : sent, version);
  if (isUntouched) show(row, saved);
  else row.say("未保存");
  savedHere.add(row.code);
  for (const item of document.querySelectorAll(`#errors [data-of="${row.code}"]`)) item.remove();
  if (document.querySelector("#errors [data-of]")) return;
  document.getElementById("errors")?.remove();
  document.title = PLAIN_TITLE;
}

// A field that holds the text already is left alone, and with it the place where somebody writes.
function show(row, texts) {
  for (const name of NAMES) {
    if (row.fields[name].value !== texts[name]) row.fields[name].value = texts[name];
  }
}

async function saveAll() {
  said.textContent = "";
  await Promise.all(rows.map((row) => row.saving));
  for (const row of rows) {
    if (row.isDirty && [0, 401].includes(await save(row))) break;
  }
  const left = rows.filter((row) => row.isDirty);
  if (left.length) {
    const { code, fields } = left[0];
    const others = left[1] ? "ほか" : "";
    said.textContent = `保存できていない行が${left.length}件あります（${code}${others}）。`;
    const wrong = Object.values(fields).find((field) => field.hasAttribute("aria-invalid"));
    (wrong ?? fields[NAMES[0]]).focus();
  } else {
    said.textContent = savedHere.size
      ? `${form.dataset.saved}${savedHere.size}件を保存しました。`
      : "変わったところがないため、何も書き込んでいません。";
  }
}

function count() {
  const unsaved = rows.filter((row) => row.isDirty).length;
  document.getElementById("unsaved").textContent = unsaved ? `未保存 ${unsaved}件` : "";
}

// Choices within a row

const ACTIONS = {
  retry: save,
  overwrite(row) {
    row.version = row.conflict.version;
    row.isUndecided = false;
    save(row);
  },
  take(row) {
    const { texts, version } = row.conflict;
    const mine = row.texts;
    const note = document.getElementById("taken").content.cloneNode(true);
    for (const name of NAMES.filter((one) => mine[one] !== texts[one])) {
      const field = row.fields[name];
      const item = document.createElement("div");
      item.append(document.createElement("dt"), document.createElement("dd"));
      item.firstChild.textContent = field.labels[0].lastChild.textContent;
      item.lastChild.textContent = (field.selectedOptions?.[0].text ?? mine[name]) || "（空）";
      item.lastChild.className = "prose";
      note.querySelector("dl").append(item);
    }
    show(row, texts);
    row.stand(texts, version);
    row.mine = mine;
    row.conflict = null;
    row.isUndecided = false;
    row.refused = "";
    row.mark([]);
    row.fill("messages", note);
    row.say("保存されている内容を使いました");
    count();
  },
  restore(row) {
    show(row, row.mine);
    row.fill("messages");
    changed(row);
  },
};

function changed(row) {
  said.textContent = "";
  if (!row.isDirty && !row.isUndecided) {
    row.fill("messages"); // back to what is saved: nothing is wrong with it
    row.mark([]);
    row.refused = "";
    row.isCutOff = false;
  }
  row.sayUnsaved();
  count();
}

form.addEventListener("click", (event) => {
  const action = event.target.closest("[data-action]")?.dataset.action;
  if (action) ACTIONS[action](rowOf(event.target));
});

form.addEventListener("input", (event) => {
  const row = rowOf(event.target);
  if (row) changed(row);
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

addEventListener("beforeunload", (event) => {
  if (!rows.some((row) => row.isDirty || row.saving)) return;
  event.preventDefault();
  event.returnValue = true; // for browsers before 2023
});

form.dataset.live = "";
count();
for (const row of rows) if (row.isDirty) row.sayUnsaved(); // typed before this script was there
