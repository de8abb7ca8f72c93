// Copies the text of the field that a button names in data-copy. Without script the
// buttons stay hidden and the text can be selected.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const told = document.getElementById("copied");
  button.hidden = false;
  button.addEventListener("click", async () => {
    told.textContent = "";
    const copied = await copy(field);
    told.textContent = copied
      ? `${button.textContent}しました。`
      : "コピーできませんでした。選ばれている文を、キーボードなどでコピーしてください。";
  });
}

// Where the page came without HTTPS there is no clipboard to write to, only the old command.
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}
