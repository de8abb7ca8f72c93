// What htmx leaves to us when it swaps the main part of a page: a screen reader is told the
// page's new title, and an expired session leads to the login page, never into the page.
const said = document.createElement("p");
said.id = "said-page";
said.className = "visually-hidden";
said.setAttribute("role", "status");
document.body.append(said);

document.body.addEventListener("htmx:afterSettle", () => {
  said.textContent = document.title;
});

document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status < 300) return;
  event.detail.shouldSwap = false;
  location.assign(event.detail.pathInfo.requestPath);
});

document.body.addEventListener("htmx:sendError", (event) => {
  location.assign(event.detail.pathInfo.requestPath);
});
