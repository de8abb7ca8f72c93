// The rows of the KPIs' entry page.

import { Row } from "./rows.js";

export const form = document.getElementById("entry");
export const said = document.getElementById("said");
export const saveButton = document.getElementById("save");
export const NAMES = [
  "value", "state", "unmeasured_reason", "expected_on", "analysis", "next_steps", "confirmation",
];

const MEASURED = ["final", "provisional"];
const ONLY_WITH = { unmeasured_reason: "unmeasured", expected_on: "pending" };

class EntryRow extends Row {
  constructor(element) {
    super(element, NAMES);
    this.isHeld = false; // pasted: saved together, not row by row
    this.isRestated = false; // made final by the figure that it waited for
  }

  // What the state hides is not stated; it stays in its field until the row is saved.
  get texts() {
    const texts = super.texts;
    for (const [name, state] of Object.entries(ONLY_WITH)) if (texts.state !== state) texts[name] = "";
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

  sayUnsaved() {
    if (this.isDirty && this.isRestated) this.say("未保存（状態を「確定」にしました）");
    else super.sayUnsaved();
  }

  stand(texts, version) {
    super.stand(texts, version);
    this.isRestated = false;
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

export const rows = [...form.querySelectorAll(".entry__row")].map((element) => new EntryRow(element));
export const rowOf = (target) => rows.find((row) => row.element.contains(target));
