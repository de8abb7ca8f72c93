// Columns copied from a spreadsheet: laid out from a row down, shown, then put into the fields.

import { ask, problem, stated } from "./server.js";
import { count, form, rowOf, rows, said, saveButton } from "./sheet.js";

const panel = document.getElementById("paste");
const COLUMNS = ["value", "analysis", "next_steps"]; // of what is pasted, from the left
const MEASURED = ["final", "provisional"];

// Whether something pasted waits to be confirmed; nothing is saved meanwhile.
export const isWaiting = () => !panel.hidden;

function cellsOf(text) {
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const lines = [[]];
  const quoted = /"((?:[^"]|"")*)"(?=[\t\n]|$)/y; // a cell with line breaks or tabs in it
  const plain = /[^\t\n]*/y;
  for (let at = 0; at <= source.length; at += 1) {
    quoted.lastIndex = plain.lastIndex = at;
    const found = quoted.exec(source);
    lines.at(-1).push(found ? found[1].replaceAll('""', '"') : plain.exec(source)[0]);
    at = found ? quoted.lastIndex : plain.lastIndex;
    if (source[at] === "\n") lines.push([]);
  }
  return lines;
}

let layout = null; // what waits for its confirmation: rows → texts, and the field it came from

async function layOut(start, lines) {
  const chosen = rows.slice(rows.indexOf(start), rows.indexOf(start) + lines.length);
  const proposed = new Map();
  const extra = new FormData();
  chosen.forEach((row, at) => {
    const texts = row.texts;
    const filled = COLUMNS.filter((_name, column) => lines[at][column]?.trim());
    for (const name of filled) texts[name] = lines[at][COLUMNS.indexOf(name)].trim();
    extra.append(`${row.code}-now`, row.fields.value?.value ?? row.element.dataset.figure);
    extra.append(`${row.code}-columns`, filled.join(" "));
    // Another figure than the one in the field is this year's own.
    if (filled.includes("value") && row.fields.value && texts.value !== row.fields.value.value) {
      texts.value_year = "";
    }
    if (filled.includes("value") && row.fields.value && !MEASURED.includes(texts.state)) {
      extra.append(`${row.code}-restated`, row.fields.state.selectedOptions[0].text);
      Object.assign(texts, { state: "final", unmeasured_reason: "", expected_on: "" });
    }
    proposed.set(row, texts);
  });
  for (const line of lines.slice(chosen.length)) extra.append("over", line.join(" ").trim() || "（空）");
  for (const line of lines) {
    for (const cell of line.slice(COLUMNS.length)) if (cell.trim()) extra.append("wide", cell.trim());
  }
  layout = { proposed, start, parts: null };
  panel.hidden = false;
  const body = stated(chosen, (row) => proposed.get(row));
  for (const [name, text] of extra) body.append(name, text);
  const answer = await ask(form.dataset.paste, { method: "POST", body });
  if (!layout) return;
  if (answer.status === 200) {
    layout.parts = answer.parts.querySelector("template").content;
    panel.replaceChildren(answer.parts);
    return focusPanel();
  }
  endPaste();
  said.textContent = problem(answer).short.replace("保存", "貼り付け");
}

export function focusPanel() {
  panel.scrollIntoView({ block: "start" });
  panel.querySelector("h2").focus({ preventScroll: true });
}

function endPaste() {
  const { start } = layout;
  layout = null;
  panel.hidden = true;
  start.fields.value.focus();
}

function accept() {
  const { proposed, parts } = layout;
  let filled = 0;
  for (const [row, texts] of proposed) {
    if (row.same(texts, row.texts)) continue;
    row.texts = texts;
    row.isHeld = true;
    row.sayUnsaved();
    row.put(parts.querySelector(`[data-row="${row.code}"]`));
    filled += 1;
  }
  count();
  endPaste();
  saveButton.focus({ preventScroll: true });
  said.textContent = `${filled}件を欄に入れました。まだ保存していません。`;
}

form.addEventListener("paste", (event) => {
  if (!event.target.matches?.(".entry__value input")) return;
  const lines = cellsOf(event.clipboardData.getData("text/plain"));
  if (lines.length === 1 && lines[0].length === 1) return;
  event.preventDefault();
  layOut(rowOf(event.target), lines);
});

panel.addEventListener("click", (event) => {
  const action = event.target.closest("[data-action]")?.dataset.action;
  if (action === "accept") accept();
  if (action === "cancel") endPaste();
});

panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") endPaste();
});
