/* Enhances `form[data-editor]`: rich text, saving by itself, restoring. Without it the form is sent as it is. */

import { Autosave } from "./autosave.js";
import { refreshChecks } from "./checks.js";
import { offerLeftCopies } from "./restore.js";

async function start(form) {
  const autosave = form.dataset.autosave ? new Autosave(form) : null;
  const areas = [...form.querySelectorAll("textarea[data-rich]")];
  if (areas.length) {
    try {
      const { enhance } = await import("./rich.js");
      for (const area of areas) await enhance(area, form.dataset);
    } catch (problem) {
      // An old browser keeps its plain field; everything else works.
      console.warn(problem);
      for (const area of areas) area.hidden = false;
    }
  }
  refreshChecks(form);
  if (autosave) await offerLeftCopies(autosave);
  form.dataset.ready = "";
}

for (const form of document.querySelectorAll("form[data-editor]")) start(form);
