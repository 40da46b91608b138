/* What a form says: names and values in order, without what only the page itself needs. */

const OWN = new Set(["csrfmiddlewaretoken", "version", "lock", "heartbeat"]);

/** Everything that is saved; files go their own way. */
export function bodyOf(form) {
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  return body;
}

export function contentOf(form) {
  return [...bodyOf(form)].filter(([name]) => !OWN.has(name));
}

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Put a content back into its form; values of fields that are not there any more are left out. */
export function fill(form, content) {
  const values = new Map();
  for (const [name, value] of content) values.set(name, [...(values.get(name) ?? []), value]);
  const next = new Map();
  for (const field of form.elements) {
    if (!field.name || OWN.has(field.name) || ["file", "submit", "button", "fieldset"].includes(field.type)) continue;
    const given = values.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
    else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = given.includes(option.value);
    } else {
      const at = next.get(field.name) ?? 0;
      next.set(field.name, at + 1);
      if (at >= given.length) continue;
      field.value = given[at];
    }
    field.dispatchEvent(new CustomEvent("editor:filled"));
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Nobody writes into what cannot be saved; everything can still be read and copied. */
export function freeze(form, frozen) {
  for (const field of form.elements) {
    if (field.type === "hidden" || field.tagName === "FIELDSET" || field.closest("[data-notice]")) continue;
    if ("readOnly" in field && !["checkbox", "radio", "file"].includes(field.type)) {
      field.readOnly = frozen;
    } else if (frozen && !field.disabled) {
      field.disabled = true;
      field.dataset.frozen = "";
    } else if (!frozen && "frozen" in field.dataset) {
      field.disabled = false;
      delete field.dataset.frozen;
    }
  }
  form.dispatchEvent(new CustomEvent("editor:frozen", { detail: frozen }));
}
