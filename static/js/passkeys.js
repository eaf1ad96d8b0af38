// Passkeys: a form in [data-passkey] is sent when the browser's passkey has answered the question that the page carries.

const FRESH_MS = 9 * 60 * 1000; // The server takes an answer for ten minutes.
const loaded = Date.now();

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** The options as the browser takes them: what is binary came as text. */
function optionsOf(box) {
  const { publicKey } = JSON.parse(box.dataset.options);
  publicKey.challenge = toBytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = toBytes(publicKey.user.id);
  for (const list of [publicKey.allowCredentials, publicKey.excludeCredentials]) {
    for (const known of list ?? []) known.id = toBytes(known.id);
  }
  return { publicKey };
}

/** The answer as the server takes it. */
function told({ id, rawId, type, response }) {
  const parts = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = toText(response[name]);
  }
  if (response.getTransports) parts.transports = response.getTransports();
  return JSON.stringify({ id, rawId: toText(rawId), type, response: parts, extensions: {} });
}

/** Takes a fresh question from the server if this page has been open for long. */
async function refresh(box) {
  if (Date.now() - loaded < FRESH_MS) return;
  const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
  const fresh = page.querySelector(`[data-passkey="${box.dataset.passkey}"]`);
  if (!fresh) return location.reload();
  box.dataset.options = fresh.dataset.options;
  box.querySelector("[name=state]").value = fresh.querySelector("[name=state]").value;
}

async function answer(box, form) {
  const wrong = box.querySelector("[role=alert]");
  wrong.hidden = true;
  try {
    if (!window.PublicKeyCredential) throw new TypeError("no passkeys");
    await refresh(box);
    form.elements.answer.value = told(await navigator.credentials[box.dataset.passkey](optionsOf(box)));
    form.submit();
  } catch (problem) {
    wrong.hidden = false;
    wrong.textContent = problem instanceof TypeError ? box.dataset.unable : box.dataset.failed;
  }
}

document.addEventListener("submit", (event) => {
  const box = event.target.closest("[data-passkey]");
  if (!box) return;
  event.preventDefault();
  answer(box, event.target);
});
