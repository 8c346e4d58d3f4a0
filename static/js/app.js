/*
 * Small helps for people who have JavaScript. Every page works without this file.
 * - a form with data-warn-unsaved asks before what was written is lost;
 * - a form is sent once, however many times the button is pressed;
 * - a text field with maxlength says how many characters are left;
 * - menus close on Escape and on a press outside;
 * - the summary of errors takes the focus when a form comes back.
 */

const unsaved = new Set();

const contentOf = (form) => {
  const pairs = [...new FormData(form)].map(([name, value]) => [name, value instanceof File ? value.name : value]);
  return JSON.stringify(pairs.filter(([name]) => name !== "csrfmiddlewaretoken"));
};

const watchForm = (form) => {
  const before = contentOf(form);
  const note = () => {
    if (contentOf(form) === before) unsaved.delete(form);
    else unsaved.add(form);
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
};

window.addEventListener("beforeunload", (event) => {
  for (const form of unsaved) if (!form.isConnected) unsaved.delete(form);
  if (unsaved.size) event.preventDefault();
});

/* The buttons are not disabled, since the name and value of the one pressed must be sent along. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method")?.toLowerCase() !== "post" || event.defaultPrevented) return;
  if (form.dataset.sending) {
    event.preventDefault();
    return;
  }
  form.dataset.sending = "true";
  unsaved.delete(form);
  for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
  setTimeout(() => release(form), PATIENCE_MS);
});

const release = (form) => {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
};

/* A form whose answer is a file leaves the page where it is: after a while it can be sent again. */
const PATIENCE_MS = 8000;

/* The page may come back out of the browser's memory, or htmx may have answered without leaving it. */
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));
document.addEventListener("htmx:afterRequest", () => document.querySelectorAll("form[data-sending]").forEach(release));

const countCharacters = (field) => {
  const line = document.createElement("p");
  line.className = "sv-counter";
  line.id = `${field.id}_counter`;
  const spoken = document.createElement("p");
  spoken.className = "sv-hidden";
  spoken.setAttribute("role", "status");
  field.after(line, spoken);
  const described = field.getAttribute("aria-describedby");
  field.setAttribute("aria-describedby", described ? `${described} ${line.id}` : line.id);
  const limit = field.maxLength;
  let timer;
  const update = () => {
    const left = limit - field.value.length;
    const text = document.body.dataset.textCharactersLeft.replace("{n}", String(left));
    line.textContent = text;
    line.toggleAttribute("data-near", left <= limit * 0.1);
    clearTimeout(timer);
    /* Said after a pause, and only when it matters, so that it does not talk over the typing. */
    timer = setTimeout(() => {
      spoken.textContent = left <= limit * 0.1 ? text : "";
    }, 1000);
  };
  field.addEventListener("input", update);
  update();
};

const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

const prepare = (root) => {
  root.querySelectorAll("form[data-warn-unsaved]").forEach(watchForm);
  root.querySelectorAll("textarea[maxlength]").forEach(countCharacters);
  root.querySelector("[data-focus]")?.focus();
};

prepare(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) prepare(event.target);
});
