// Talking to the server from an entry page: asking, what is sent of rows, and what went wrong.

const PATIENCE = 30000; // ms until a server counts as out of reach

export async function ask(url, options = {}) {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] // anew after each login
    ?? document.querySelector('[name="csrfmiddlewaretoken"]').value;
  try {
    const response = await fetch(url, {
      ...options,
      // For whom the page was made: nobody else who logs in meanwhile sends what is typed here.
      headers: { "HX-Request": "true", "X-CSRFToken": token, "X-Page-Of": document.body.dataset.user ?? "" },
      signal: options.signal ?? AbortSignal.timeout(PATIENCE),
    });
    const holder = document.createElement("template");
    const text = await response.text();
    const isHtml = response.headers.get("Content-Type")?.startsWith("text/html");
    if (isHtml) holder.innerHTML = text;
    const isSaved = response.headers.get("X-Saved") === "yes"; // and only the answer failed
    return { status: response.status, parts: holder.content, text: isHtml ? "" : text, isSaved };
  } catch (error) {
    return { status: error.name === "AbortError" ? -1 : 0, parts: new DocumentFragment(), text: "" };
  }
}

export function stated(chosen, textsOf = (row) => row.texts) {
  const body = new FormData();
  for (const row of chosen) {
    for (const [name, text] of Object.entries(textsOf(row))) body.append(`${row.code}-${name}`, text);
    body.append(`${row.code}-version`, row.version);
  }
  return body;
}

// What went wrong, to be shown with a row (`found`) and in short. Where the server says it in
// words, with the number that its log has, those are shown.
export function problem(answer) {
  const known = answer.isSaved ? "saved" : ({ 401: "401", 403: "403", 0: "0" }[answer.status] ?? "500");
  const found = document.getElementById(`problem-${known}`).content.cloneNode(true);
  const place = found.querySelector("[data-said]");
  if (place && answer.text) place.textContent = answer.text;
  if (answer.isSaved) return { found, short: "保存しました（画面は更新できませんでした）" };
  const short = {
    401: "ログインの期限が切れました", 403: "この画面からは保存できません", 0: "サーバーにつながりません",
    503: "サーバーがいま保存できません",
  }[answer.status] ?? "サーバーで問題が起きました";
  return { found, short: `保存できません：${short}` };
}
