/* `textarea[data-rich]` as a rich text; the field stays what the form sends. */

import { DecoupledEditor, PLUGINS } from "../../vendor/ckeditor5/ckeditor.js";
import vi from "../../vendor/ckeditor5/vi.js";
import { BUTTONS } from "./buttons.js";
import { keepCaret } from "./caret.js";
import { el, later, newId } from "./dom.js";
import { guardImages, uploadsOf } from "./images.js";

const SYNC_AFTER = 300;
const REST = ["underline", "mediaEmbed", "ownLink", "horizontalLine", "removeFormat", "accessibilityHelp"];
const TOOLS = [
  "bold", "italic", "heading", "|", "bulletedList", "numberedList", "blockQuote", "|",
  "link", "picture", "insertTable", "pasteOffice", "undo", "redo", "|", ...REST,
];
// What does not fit goes behind one button: on a phone the first five stay.
const TOOLS_ON_A_PHONE = [
  "bold", "picture", "bulletedList", "link", "undo",
  "heading", "italic", "numberedList", "blockQuote", "insertTable", "pasteOffice", "redo", ...REST,
];
const PHONE = "(max-width: 30rem)";
const HEADINGS = [
  { model: "paragraph", title: "Chữ thường", class: "ck-heading_paragraph" },
  { model: "heading2", view: "h2", upcastAlso: ["h1"], title: "Tiêu đề mục", class: "ck-heading_heading2" },
  { model: "heading3", view: "h3", title: "Tiêu đề mục nhỏ", class: "ck-heading_heading3" },
  { model: "heading4", view: "h4", upcastAlso: ["h5", "h6"], title: "Tiêu đề nhỏ nhất", class: "ck-heading_heading4" },
];
const YOUTUBE = [
  /^(?:m\.)?youtube\.com\/watch\?(?:.*&)?v=([\w-]{11})/,
  /^youtube\.com\/(?:shorts|live|embed)\/([\w-]{11})/,
  /^youtu\.be\/([\w-]{11})/,
];

export async function enhance(field, urls) {
  const form = field.form;
  const bar = el("div", { class: "editor-bar" });
  const area = el("div", { class: "editor-area" });
  const box = el("div", { class: "editor-box" }, bar, area);
  const tell = (text) => {
    box.parentElement.querySelector(".editor-tell")?.remove();
    box.after(el("p", { class: "error editor-tell", role: "alert" }, text));
  };
  const editor = await DecoupledEditor.create(area, configuration(field, { form, urls, tell, isPhone: matchMedia(PHONE).matches }));
  keepCaret(editor);
  bar.append(editor.ui.view.toolbar.element);
  field.before(box);
  field.hidden = true;
  // A hidden field that must not be empty would stop the form without a word.
  if (field.required) {
    field.required = false;
    editor.editing.view.change((writer) => writer.setAttribute("aria-required", "true", root(editor)));
  }
  connect(editor, field, form);
  describe(editor, field);
  return editor;
}

function configuration(field, context) {
  return {
    licenseKey: "GPL",
    plugins: [...PLUGINS, ...BUTTONS(context), uploadsOf(context), guardImages(context)],
    language: { ui: "vi", content: "vi" },
    translations: [vi],
    initialData: field.value,
    label: labelOf(field)?.textContent.trim() || "Nội dung",
    toolbar: { items: context.isPhone ? TOOLS_ON_A_PHONE : TOOLS },
    heading: { options: HEADINGS },
    image: { toolbar: ["toggleImageCaption", "pictureAlt"] },
    table: { contentToolbar: ["tableColumn", "tableRow", "mergeTableCells", "toggleTableCaption"] },
    link: { defaultProtocol: "https://" },
    list: { enableListItemMarkerFormatting: false, properties: { styles: false, startIndex: true, reversed: false } },
    mediaEmbed: { previewsInData: false, providers: [{ name: "youtube", url: YOUTUBE }] },
    ui: { poweredBy: { label: "" } },
  };
}

const root = (editor) => editor.editing.view.document.getRoot();
const labelOf = (field) => field.labels?.[0];

/** The field follows the text: soon after a change, and at once when the form is read. */
function connect(editor, field, form) {
  let ahead = false;
  const sync = () => {
    if (!ahead) return;
    ahead = false;
    field.value = editor.getData();
  };
  // Told of every change, also when somebody read the form meanwhile: otherwise nobody would save it.
  const soon = later(() => {
    sync();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, SYNC_AFTER);
  editor.model.document.on("change:data", () => {
    ahead = true;
    soon();
  });
  form.addEventListener("formdata", ({ formData }) => {
    sync();
    if (formData.has(field.name)) formData.set(field.name, field.value);
  });
  field.addEventListener("editor:filled", () => editor.setData(field.value));
  form.addEventListener("editor:frozen", ({ detail: frozen }) => {
    if (frozen) editor.enableReadOnlyMode("editor");
    else editor.disableReadOnlyMode("editor");
  });
  if (field.readOnly || field.disabled) editor.enableReadOnlyMode("field");
}

/** Label, hint and error of the field belong to the text as well. */
function describe(editor, field) {
  const label = labelOf(field);
  if (label) label.addEventListener("click", () => editor.focus());
  editor.editing.view.change((writer) => {
    if (label) {
      label.id ||= newId();
      writer.setAttribute("aria-labelledby", label.id, root(editor));
    }
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (field.hasAttribute(name)) writer.setAttribute(name, field.getAttribute(name), root(editor));
    }
  });
}
