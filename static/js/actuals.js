// The entry of yearly actuals: Enter moves on, columns from a spreadsheet are laid out, ratings
// follow the typing.

import { isWaiting, focusPanel } from "./actuals_paste.js";
import { Row } from "./row.js";
import { ask, stated } from "./server.js";
import { form, rowOf, rows, saveButton, start } from "./sheet.js";

const TYPING_PAUSE = 400; // ms before a rating is asked for
const MEASURED = ["final", "provisional"];
const TEXTS = ["analysis", "next_steps", "proposal_reason", "decision_reason"]; // say nothing of a rate
const ONLY_WITH = { unmeasured_reason: ["unmeasured"], expected_on: ["pending"], value_year: MEASURED };

// A row whose figure another plan enters has no field for it, and nothing to rate.
class ActualRow extends Row {
  isRestated = false; // made final by the figure that it waited for

  // What the state hides is not stated; it stays in its field until the row is saved.
  get texts() {
    const texts = super.texts;
    if (!this.fields.value) return texts;
    for (const [name, states] of Object.entries(ONLY_WITH)) {
      if (!states.includes(texts.state)) texts[name] = "";
    }
    return texts;
  }

  set texts(texts) {
    super.texts = texts;
  }

  // A figure in a row that is saved as waiting for one makes it final; taken out, it waits again.
  typedInto(field) {
    const { state, value } = this.fields;
    if (field === state) this.isRestated = false;
    if (field !== value) return;
    const waits = state.value === this.standing.state && !MEASURED.includes(state.value);
    if (value.value.trim() ? !waits : !this.isRestated) return;
    this.isRestated = waits;
    state.value = waits ? "final" : this.standing.state;
  }

  // The last measured value stands for this year too.
  carry({ carry, carryYear }) {
    const { state, value, value_year: year } = this.fields;
    value.value = carry;
    year.value = carryYear;
    year.closest("details").open = true;
    if (!MEASURED.includes(state.value)) state.value = "final";
    year.dispatchEvent(new Event("input", { bubbles: true }));
    value.focus();
  }

  sayUnsaved() {
    if (this.isDirty && this.isRestated) this.say("未保存（状態を「確定」にしました）");
    else super.sayUnsaved();
  }

  stand(texts, version) {
    super.stand(texts, version);
    this.isRestated = false;
    if (!this.fields.state) return;
    const withdraw = this.fields.state.querySelector('[value="withdraw"]');
    if (version === "0") withdraw?.remove();
    else if (!withdraw) this.fields.state.add(new Option("未入力に戻す", "withdraw"));
  }

  // The columns' fields are named by the table's heads, which say more than their name.
  labelOf(name) {
    const label = this.fields[name].labels[0]?.firstChild.textContent.replace(this.code, "").trim();
    return label ?? { value: "実績値", state: "状態" }[name];
  }
}

// The rating while somebody types

function stopRating(row) {
  clearTimeout(row.pause);
  row.asking?.abort();
}

function rateSoon(row, pause = TYPING_PAUSE) {
  stopRating(row);
  if (!row.fields.value) return;
  row.pause = setTimeout(() => rate(row), pause);
}

async function rate(row) {
  row.asking = new AbortController();
  const short = new URLSearchParams(stated([row]));
  for (const name of TEXTS) short.delete(`${row.code}-${name}`);
  const { signal } = row.asking;
  const answer = await ask(`${row.element.dataset.effect}?${short}`, { signal });
  if (!signal.aborted && answer.status === 200) row.put(answer.parts);
}

start(ActualRow, {
  typed: (row) => rateSoon(row),
  taken: (row) => rateSoon(row, 0),
  sending: stopRating,
  saved(row, { analysis, next_steps }) {
    const written = row.element.querySelector("[data-written]");
    written.textContent = analysis || next_steps ? "（記入あり）" : "";
  },
  waitsFor: () => (isWaiting() ? "先に、貼り付ける内容を入れるか、やめるかを選んでください。" : ""),
  leadThere: focusPanel,
});

// Moving with the keyboard

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
  event.preventDefault();
  const row = rowOf(event.target);
  if (!event.target.id.endsWith("-value")) return;
  const open = rows.filter((one) => one.fields.value);
  const next = open[open.indexOf(row) + (event.shiftKey ? -1 : 1)];
  if (next) {
    next.fields.value.focus();
    next.fields.value.select();
  } else if (!event.shiftKey) saveButton.focus();
});

form.addEventListener("click", (event) => {
  const link = event.target.closest("[data-carry]");
  if (!link) return;
  event.preventDefault();
  rowOf(link).carry(link.dataset);
});

document.getElementById("next-waiting")?.addEventListener("click", (event) => {
  event.preventDefault();
  const open = rows.find((row) => "waiting" in row.element.dataset && !row.isDirty);
  (open?.fields.value ?? saveButton).focus();
});
