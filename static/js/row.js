// A row of an entry page: its fields, what is saved of it, and what the server answered about it.

import { problem } from "./server.js";

export class Row {
  constructor(element, names) {
    this.element = element;
    this.names = element.dataset.fields?.split(" ") ?? names; // a row may have fewer
    this.code = element.dataset.code;
    this.fields = {};
    for (const name of this.names) this.fields[name] = document.getElementById(`${this.code}-${name}`);
    this.hidden = element.closest("form").elements.namedItem(`${this.code}-version`);
    this.version = this.hidden.defaultValue;
    const standing = element.dataset.standing;
    this.standing = standing ? this.only(JSON.parse(standing)) : this.defaults();
    this.conflict = null; // what is saved instead, until one of the two is chosen
    this.isUndecided = "conflict" in element.dataset;
    this.isCutOff = false; // not refused, but never answered: worth another try
    this.refused = ""; // the content that was refused; not sent again unless it changes
    this.isHeld = false; // pasted: saved together, not row by row
  }

  only(texts) {
    return Object.fromEntries(this.names.map((name) => [name, texts[name]]));
  }

  same(one, other) {
    return this.names.every((name) => one[name] === other[name]);
  }

  defaults() {
    const texts = {};
    for (const [name, field] of Object.entries(this.fields)) {
      const chosen = [...(field.options ?? [])].find((option) => option.defaultSelected);
      texts[name] = field.options ? (chosen ?? field.options[0]).value : field.defaultValue;
    }
    return texts;
  }

  get texts() {
    return Object.fromEntries(this.names.map((name) => [name, this.fields[name].value]));
  }

  // A field that holds the text already is left alone, and with it the place where one writes.
  set texts(texts) {
    for (const name of this.names) {
      if (this.fields[name].value !== texts[name]) this.fields[name].value = texts[name];
    }
  }

  get isDirty() {
    return !this.same(this.texts, this.standing);
  }

  get isRefused() {
    return JSON.stringify(this.texts) === this.refused;
  }

  part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }

  say(text) {
    const status = this.part("status");
    if (status.textContent !== text) status.textContent = text;
  }

  mark(invalid) {
    for (const [name, field] of Object.entries(this.fields)) {
      if (invalid.includes(name)) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }

  // What a field's new content means for the others.
  typedInto() {}

  sayUnsaved() {
    this.say(this.isDirty ? "未保存" : "");
  }

  put(parts) {
    for (const part of parts.querySelectorAll("[data-part]")) {
      this.fill(part.dataset.part, ...part.childNodes);
    }
  }

  // A button that goes hands its focus on first: a row without the focus counts as left.
  fill(name, ...nodes) {
    const place = this.part(name);
    if (place.contains(document.activeElement)) this.fields[this.names[0]].focus();
    place.replaceChildren(...nodes);
  }

  stand(texts, version) {
    this.standing = texts;
    this.version = this.hidden.value = version;
  }

  // What was typed since: where it is what is saved again, nothing is wrong with it any more.
  retyped() {
    if (!this.isDirty && !this.isUndecided) this.clear();
    this.sayUnsaved();
  }

  clear(...message) {
    this.fill("messages", ...message);
    this.mark([]);
    this.refused = "";
    this.isCutOff = false;
  }

  // The server's answer to what was sent, as the row's parts; returns what is saved now.
  answered(parts, sent, status) {
    const { standing, invalid = "", conflict, wrong } = parts.dataset;
    const { version, ...saved } = JSON.parse(standing);
    this.isCutOff = false;
    this.put(parts);
    this.mark(invalid.split(" "));
    this.conflict = conflict === undefined
      ? null
      : { texts: this.only(saved), version, isWaiting: "waiting" in parts.dataset };
    this.isUndecided = Boolean(this.conflict);
    this.refused = status === 200 || wrong === undefined ? "" : JSON.stringify(sent);
    return { saved, version };
  }

  // No answer about the row came back, only why not. What is saved all the same stands, but on
  // a version that only the page, opened again, will know.
  unanswered(answer, sent) {
    const { found, short } = problem(answer);
    this.fill("messages", found);
    this.isCutOff = !answer.isSaved;
    if (answer.isSaved) this.stand(sent, this.version);
    this.say(short);
  }

  // Of a conflict, the own text: the next save is made on top of what is saved.
  overwrite() {
    this.version = this.conflict.version;
    this.isUndecided = false;
  }

  // Of a conflict, what is saved; `restore` brings the own text back.
  take() {
    const { texts, version } = this.conflict;
    const note = this.noteOf(texts);
    this.mine = this.texts;
    this.stand(texts, version);
    this.texts = texts;
    this.conflict = null;
    this.isUndecided = false;
    this.clear(note);
    this.say("保存されているものを使いました");
  }

  restore() {
    this.texts = this.mine;
    this.fill("messages");
  }

  // The page's note about texts that take the place of what was typed, with what was typed.
  noteOf(texts) {
    const note = document.getElementById("taken").content.cloneNode(true);
    for (const name of this.names.filter((one) => this.fields[one].value !== texts[one])) {
      const field = this.fields[name];
      const item = document.createElement("div");
      item.append(document.createElement("dt"), document.createElement("dd"));
      item.firstChild.textContent = this.labelOf(name);
      item.lastChild.textContent = (field.selectedOptions?.[0].text ?? field.value) || "（空）";
      item.lastChild.className = "prose";
      note.querySelector("dl").append(item);
    }
    return note;
  }

  labelOf(name) {
    return this.fields[name].labels[0].lastChild.textContent;
  }
}
