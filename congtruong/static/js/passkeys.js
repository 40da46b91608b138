// Forms that create or use a passkey. They stay hidden where the browser knows none; everything else works without them.
//
// <form data-passkey="create|authenticate|login" data-options="ID OF A JSON BLOCK">: the answer of the device goes into the
// hidden field `credential`. For signing in, the question is fetched from the form's own address.

function bytes(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (char) => char.charCodeAt(0));
}

function text(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Options as the server writes them, with bytes where the browser wants bytes. */
export function readable(options) {
  const made = structuredClone(options);
  made.challenge = bytes(made.challenge);
  if (made.user) made.user.id = bytes(made.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    for (const entry of made[list] ?? []) entry.id = bytes(entry.id);
  }
  return made;
}

/** The device's answer as the server reads it. */
export function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

function given(form) {
  return JSON.parse(document.getElementById(form.dataset.options).textContent);
}

const ACTS = {
  async create(form) {
    const options = readable(given(form).creation_options.publicKey);
    const alone = form.elements.passwordless?.checked ?? false;
    const selection = (options.authenticatorSelection ??= {});
    selection.residentKey = alone ? "required" : "discouraged";
    selection.requireResidentKey = alone;
    if (alone) selection.userVerification = "required";
    return navigator.credentials.create({ publicKey: options });
  },
  async authenticate(form) {
    return navigator.credentials.get({ publicKey: readable(given(form).request_options.publicKey) });
  },
  async login(form) {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { request_options: asked } = await answer.json();
    return navigator.credentials.get({ publicKey: readable(asked.publicKey) });
  },
};

function enliven(form) {
  const problem = form.querySelector("[role=alert]:not(.callout)");
  const button = form.querySelector("button");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    problem.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(written(await ACTS[form.dataset.passkey](form)));
      form.submit();
    } catch {
      // Refused by the person, unknown to the device, or no network: the way out is the same.
      problem.hidden = false;
      button.disabled = false;
    }
  });
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const note of document.querySelectorAll("[data-without-passkeys]")) note.remove();
  document.querySelectorAll("form[data-passkey]").forEach(enliven);
}
