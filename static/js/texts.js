// The entry of a year's texts: initiatives' progress and projects' reviews.

import { Row } from "./row.js";
import { start } from "./sheet.js";

class TextRow extends Row {
  // The blank status says 未入力 where nothing is recorded, and goes back to it where something is.
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

start(TextRow);
