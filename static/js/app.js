// What pages gain with script: copying, keys, dialogs, picking, the transfer bar, fresh lengths of time.
// Nothing here is needed to use the portal. No inline script, no eval; words come from attributes the server wrote.

const words = document.body.dataset;
const fill = (text, values) => text.replace(/\{(\w+)(:\w+)?\}/g, (place, name) => values[name] ?? place);

/** A message that screen readers hear and that stands at the edge of the page for a while. */
function say(text, isWrong = false) {
  let box = document.querySelector(".toasts");
  if (!box) {
    box = document.createElement("div");
    box.className = "toasts";
    document.body.append(box);
  }
  const note = document.createElement("div");
  note.className = "toast-note";
  note.setAttribute("role", isWrong ? "alert" : "status");
  box.append(note);
  // Set after it stands in the page, or it is not heard.
  requestAnimationFrame(() => (note.textContent = text));
  setTimeout(() => note.remove(), isWrong ? 15000 : 4000);
}

// ── Copying ──────────────────────────────────────────────────────────────────────────────────────────────────────────

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("is-done");
  setTimeout(() => button.classList.remove("is-done"), 1500);
  say(words.copied);
}

// ── Dialogs, menus, messages ─────────────────────────────────────────────────────────────────────────────────────────

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement)) return false;
  if (dialog.open) return true;
  // A dialog gives the focus back to where it was: that must still be there, so not inside of a menu.
  const menu = document.activeElement?.closest("details.menu[open]");
  if (menu) closeMenu(menu);
  dialog.showModal();
  return true;
}

function closeMenu(menu) {
  menu.open = false;
  menu.querySelector("summary").focus();
}

// Who goes on by keyboard leaves no open menu behind.
document.addEventListener("focusin", ({ target }) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
  // Of a row that scrolls sideways the browser is content to show a corner.
  if (target.closest(".tabs")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

document.addEventListener("click", (event) => {
  const { target } = event;
  if (!(target instanceof Element)) return;
  const copyButton = target.closest("[data-copy]");
  if (copyButton) copy(copyButton);
  const opener = target.closest("[data-dialog]");
  // The link leads to a page with the same form, which is used if the dialog is not in this page.
  const plainClick = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (opener && plainClick && openDialog(opener.dataset.dialog)) event.preventDefault();
  const closer = target.closest("[data-dismiss]");
  if (closer) {
    event.preventDefault();
    closer.closest(".toast-note").remove();
  }
  // Browsers without commandfor.
  const commander = target.closest("[commandfor]");
  if (commander && !("commandForElement" in HTMLButtonElement.prototype)) openDialog(commander.getAttribute("commandfor"));
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
});

// ── Picking rows ─────────────────────────────────────────────────────────────────────────────────────────────────────

const picks = (list) => [...list.querySelectorAll('tbody input[name="pick"]')];

function countPicks(list) {
  const all = picks(list);
  const picked = all.filter((box) => box.checked).length;
  const label = list.querySelector("[data-picked]");
  if (label) label.textContent = fill(words.selected, { n: picked });
  const head = list.querySelector("thead .pick input");
  if (head) {
    head.checked = picked > 0 && picked === all.length;
    head.indeterminate = picked > 0 && picked < all.length;
  }
}

for (const list of document.querySelectorAll("form.list")) {
  const place = list.querySelector("thead .pick");
  if (place) {
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", ariaLabel: words.all });
    box.addEventListener("change", () => picks(list).forEach((pick) => (pick.checked = box.checked)));
    place.append(box);
  }
  list.addEventListener("change", () => countPicks(list));
  countPicks(list);
}

// ── Keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

const rows = () => [...document.querySelectorAll("form.list tbody > tr")];
const cursor = () => document.querySelector("tr[data-cursor]");
let lastPicked = null;

function moveCursor(step) {
  const all = rows();
  if (all.length === 0) return;
  const at = all.indexOf(cursor());
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
  cursor()?.removeAttribute("data-cursor");
  all[next].setAttribute("data-cursor", "");
  all[next].scrollIntoView({ block: "nearest" });
  all[next].querySelector("th a, td a")?.focus({ preventScroll: true });
}

function pick(upTo) {
  const all = rows();
  const box = (row) => row.querySelector('input[name="pick"]');
  const row = cursor();
  if (!row || !box(row)) return;
  const at = all.indexOf(row);
  const from = upTo && lastPicked !== null ? Math.min(lastPicked, at) : at;
  const to = upTo && lastPicked !== null ? Math.max(lastPicked, at) : at;
  const checked = upTo ? true : !box(row).checked;
  for (const each of all.slice(from, to + 1)) box(each).checked = checked;
  lastPicked = at;
  countPicks(row.closest("form"));
}

const click = (selector) => {
  const found = document.querySelector(selector);
  found?.click();
  return Boolean(found);
};

/** What single keys do; each says whether it did something. */
const keys = {
  "/": () => {
    const field = document.querySelector("[data-search]");
    field?.focus();
    field?.select();
    return Boolean(field);
  },
  f: () => {
    const menu = document.querySelector("[data-filters]");
    if (!menu) return false;
    menu.open = true;
    menu.querySelector("summary").focus();
    return true;
  },
  j: () => moveCursor(1) ?? true,
  k: () => moveCursor(-1) ?? true,
  o: () => {
    const link = cursor()?.querySelector("th a, td a");
    link?.click();
    return Boolean(link);
  },
  x: () => pick(false) ?? true,
  X: () => pick(true) ?? true,
  "[": () => click('.pager a[rel="prev"][href]'),
  "]": () => click('.pager a[rel="next"][href]'),
  c: () => {
    const button = cursor()?.querySelector("[data-copy]") ?? document.querySelector("main [data-copy]");
    if (button) copy(button);
    return Boolean(button);
  },
  "?": () => openDialog("keys"),
};

let going = false;

function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target instanceof Element && event.target.closest("form");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    if (menu && !document.querySelector("dialog[open]")) {
      closeMenu(menu);
    } else if (!isTyping(event.target) && !document.querySelector("dialog[open]")) {
      for (const list of document.querySelectorAll("form.list")) {
        picks(list).forEach((box) => (box.checked = false));
        countPicks(list);
      }
    }
    return;
  }
  // Single keys never act within a field or a dialog, nor with Ctrl, Alt or Cmd, nor if the person turned them off.
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (words.keys === "off" || document.querySelector("dialog[open]")) return;
  let done;
  if (going) {
    going = false;
    done = click(`[data-go="${CSS.escape(event.key)}"]`);
  } else if (event.key === "g") {
    going = true;
    setTimeout(() => (going = false), 1500);
    done = true;
  } else if (keys[event.key]) {
    done = keys[event.key]();
  } else {
    done = click(`[data-key="${CSS.escape(event.key)}"]`);
  }
  if (done) event.preventDefault();
});

// ── Sending files, with a bar ────────────────────────────────────────────────────────────────────────────────────────

function checkSize(input) {
  const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.limit));
  input.setCustomValidity(tooLarge ? input.dataset.tooLarge : "");
  return !tooLarge || (input.reportValidity(), false);
}

/** Shows the page that the server answered with, as the browser itself would have done. */
function showAnswer(request) {
  if (request.status < 400 && request.responseURL) {
    location.assign(request.responseURL);
    return;
  }
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  const main = answer.querySelector("main");
  if (!main) {
    say(words.failed, true);
    return;
  }
  document.title = answer.title;
  document.querySelector("main").replaceWith(document.adoptNode(main));
  window.htmx?.process(document.querySelector("main"));
  document.querySelector("[autofocus], main h1")?.focus();
}

function send(form, submitter) {
  const row = form.querySelector("[data-transfer]");
  const bar = row.querySelector("progress");
  const state = row.querySelector("[data-transfer-state]");
  const button = submitter ?? form.querySelector("button:not([type=button])");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.max = event.total;
    bar.value = event.loaded;
    const percent = Math.floor((100 * event.loaded) / event.total);
    state.textContent = percent < 100 ? fill(words.sent, { percent }) : words.stored;
  });
  request.addEventListener("load", () => showAnswer(request));
  request.addEventListener("error", () => {
    row.hidden = true;
    button?.removeAttribute("aria-disabled");
    say(words.lost, true);
  });
  row.hidden = false;
  button?.setAttribute("aria-disabled", "true");
  request.send(new FormData(form, submitter));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  // What cannot be done now, and what is on its way already, is not sent.
  if (button?.getAttribute("aria-disabled") === "true") {
    event.preventDefault();
    return;
  }
  if (!form.matches("[data-upload]") || event.submitter?.getAttribute("formmethod") === "dialog") return;
  event.preventDefault();
  if ([...form.querySelectorAll("input[type=file]")].every(checkSize)) send(form, button);
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.("input[type=file][data-limit]")) checkSize(event.target);
});

// ── Lengths of time ──────────────────────────────────────────────────────────────────────────────────────────────────

/** The same words as the server's: two units, the larger ones. */
function span(seconds) {
  const d = Math.floor(seconds / 86400);
  const h = Math.floor((seconds % 86400) / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  const mm = String(m).padStart(2, "0");
  const text =
    d > 0 ? (d < 10 && h > 0 ? words.spanDh : words.spanD)
    : h > 0 ? (m > 0 ? words.spanHm : words.spanH)
    : m > 0 ? words.spanM
    : words.spanNone;
  return fill(text, { d, h, m, mm });
}

/** How far the server's clock is ahead of this one; the page says when it was made. */
const ahead = words.now ? Number(words.now) / 1000 - Date.now() : 0;

setInterval(() => {
  if (document.hidden) return;
  for (const time of document.querySelectorAll("time[data-since]")) {
    const seconds = Math.max(0, (Date.now() + ahead - Date.parse(time.dateTime)) / 1000);
    const text = span(seconds);
    if (time.textContent !== text) time.textContent = text;
  }
}, 30000);

// ── What a group may do ──────────────────────────────────────────────────────────────────────────────────────────────

// The line for all modules is shown in each of them; a module of its own makes the line for all say so. Without script the
// server does the same with what is sent.
for (const levels of document.querySelectorAll("[data-levels]")) {
  const all = levels.querySelectorAll(".level-all input");
  levels.addEventListener("change", ({ target }) => {
    if (target.name !== all[0].name) {
      all[0].checked = true;
    } else if (target.value) {
      const same = `.level:not(.level-all) input[value="${target.value}"]`;
      for (const input of levels.querySelectorAll(same)) input.checked = true;
    }
  });
}

// ── Parts that the server renews ─────────────────────────────────────────────────────────────────────────────────────

document.addEventListener("htmx:after:swap", () => {
  const ended = document.querySelector("[data-then]");
  if (ended) location.assign(ended.dataset.then);
});
for (const name of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(name, (event) => {
    const { ctx } = event.detail ?? {};
    // A form with errors is shown as it is; a part that is asked for every second just tries again.
    if (ctx?.response?.status === 422 || ctx?.sourceElement?.matches?.('[hx-trigger^="every"]')) return;
    say(words.failed, true);
  });
}

// The summary of errors gets the focus, so that it is read first.
document.querySelector(".error-summary")?.focus();
