// What script adds to the entry of a year's texts (initiatives, reviews): each row saves on its
// own when it is left. Without it one button saves the page.

import { Row, ask, askBeforeLeaving, stated } from "./rows.js";

const form = document.getElementById("yearly");
const said = document.getElementById("said");
const PLAIN_TITLE = document.title.replace(/^エラー：/, "");
const savedHere = new Set(); // codes saved since the page was opened

class YearlyRow extends Row {
  stand(texts, version) {
    super.stand(texts, version);
    const { status } = this.fields;
    if (!status) return;
    const chosen = status.value;
    const isNew = version === "0";
    status.querySelector('[value=""]').remove();
    status.add(new Option(isNew ? "未入力" : "未入力に戻す", ""), isNew ? 0 : null);
    status.value = chosen;
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
  else row.unanswered(answer);
  const waiting = answer.parts.getElementById("parts-waiting");
  if (waiting) document.getElementById("waiting")?.replaceChildren(...waiting.childNodes);
  count();
  return answer.status;
}

function settle(row, parts, sent, status) {
  const isUntouched = row.same(row.texts, sent);
  const { saved, version } = row.answered(parts, sent, status);
  if (status !== 200) return;
  row.stand(isUntouched ? row.only(saved) : sent, version);
  if (isUntouched) row.texts = saved;
  else row.say("未保存");
  savedHere.add(row.code);
  for (const item of document.querySelectorAll(`#errors [data-of="${row.code}"]`)) item.remove();
  if (document.querySelector("#errors [data-of]")) return;
  document.getElementById("errors")?.remove();
  document.title = PLAIN_TITLE;
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
    row.overwrite();
    save(row);
  },
  take(row) {
    row.take("保存されている内容を使いました");
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

askBeforeLeaving(rows);

form.dataset.live = "";
count();
for (const row of rows) if (row.isDirty) row.sayUnsaved(); // typed before this script was there
