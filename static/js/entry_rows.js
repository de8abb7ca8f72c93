// The rows of the KPIs' entry page.

import { Row } from "./rows.js";

export const form = document.getElementById("entry");
export const said = document.getElementById("said");
export const saveButton = document.getElementById("save");
export const NAMES = [
  "value", "state", "unmeasured_reason", "expected_on", "analysis", "next_steps", "confirmation",
];

class EntryRow extends Row {
  constructor(element) {
    super(element, NAMES);
    this.isHeld = false; // pasted: saved together, not row by row
  }

  stand(texts, version) {
    super.stand(texts, version);
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
