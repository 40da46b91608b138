/* Buttons of the tool bar that are our own: picture, its description, link to an own page, paste. */

import { ButtonView, IconImage, IconLibrary, IconPaste } from "../../vendor/ckeditor5/ckeditor.js";
import { insertPicture, selectedPicture } from "./images.js";
import { pasteFromClipboard } from "./paste.js";
import { chooseLink } from "./links.js";
import { choosePicture, describePicture } from "./picker.js";

const beenIn = new WeakSet();

function button(editor, name, properties, run) {
  editor.ui.componentFactory.add(name, (locale) => {
    const view = new ButtonView(locale);
    view.set({ tooltip: true, ...properties });
    view.bind("isEnabled").to(editor, "isReadOnly", (isReadOnly) => !isReadOnly);
    view.on("execute", () => run());
    return view;
  });
}

/** Where the writer stands; who has not been in the text yet writes on at its end. */
function place(editor) {
  const { model } = editor;
  if (!beenIn.has(editor)) return model.createSelection(model.document.getRoot(), "end");
  return model.createSelection(model.document.selection);
}

/** Remembers who has been in the text. */
function Presence(editor) {
  editor.editing.view.document.once("focus", () => beenIn.add(editor));
}

/** Ask in a dialog; afterwards the writer stands where he was. */
async function ask(editor, question) {
  const { model } = editor;
  const before = place(editor);
  const answer = await question();
  editor.focus();
  // The browser puts the caret of a text that gets the focus at its beginning.
  model.change((writer) => writer.setSelection(before));
  return answer;
}

export function BUTTONS(context) {
  function Picture(editor) {
    const { upload, picker } = context.urls;
    if (!upload && !picker) return;
    const open = async (files = []) => {
      const picture = await ask(editor, () => choosePicture(context, files));
      if (picture) insertPicture(editor, picture);
    };
    context.openPicker = open;
    button(editor, "picture", { label: "Chèn ảnh", icon: IconImage, withText: context.isPhone }, () => open());
  }

  function PictureAlt(editor) {
    button(editor, "pictureAlt", { label: "Mô tả ảnh", withText: true, tooltip: false }, async () => {
      const picture = selectedPicture(editor);
      if (!picture) return;
      const [source, words] = [picture.getAttribute("src"), picture.getAttribute("alt") ?? ""];
      const alt = await ask(editor, () => describePicture(source, words));
      if (alt !== null) editor.model.change((writer) => writer.setAttribute("alt", alt, picture));
    });
  }

  function OwnLink(editor) {
    if (!context.urls.links) return;
    button(editor, "ownLink", { label: "Liên kết tới bài của trường", icon: IconLibrary }, async () => {
      const page = await ask(editor, () => chooseLink(context.urls.links));
      if (!page) return;
      const { selection } = editor.model.document;
      editor.execute("link", page.path, {}, selection.isCollapsed && !selection.hasAttribute("linkHref") ? page.title : undefined);
    });
  }

  function PasteOffice(editor) {
    button(editor, "pasteOffice", { label: "Dán từ Word", icon: IconPaste }, () => pasteFromClipboard(editor));
  }

  return [Presence, Picture, PictureAlt, OwnLink, PasteOffice];
}
