/* Buttons of the tool bar that are our own: picture, its description, link to an own page, paste. */

import { ButtonView, IconImage, IconLibrary, IconPaste } from "../../vendor/ckeditor5/ckeditor.js";
import { insertPicture, selectedPicture } from "./images.js";
import { pasteFromClipboard } from "./paste.js";
import { chooseLink } from "./links.js";
import { choosePicture, describePicture } from "./picker.js";

function button(editor, name, properties, run) {
  editor.ui.componentFactory.add(name, (locale) => {
    const view = new ButtonView(locale);
    view.set({ tooltip: true, ...properties });
    view.bind("isEnabled").to(editor, "isReadOnly", (isReadOnly) => !isReadOnly);
    view.on("execute", () => run());
    return view;
  });
}

export function BUTTONS(context) {
  function Picture(editor) {
    const { upload, picker } = context.urls;
    if (!upload && !picker) return;
    const open = async (files = []) => {
      const picture = await choosePicture(context, files);
      editor.focus();
      if (picture) insertPicture(editor, picture);
    };
    context.openPicker = open;
    button(editor, "picture", { label: "Chèn ảnh", icon: IconImage }, () => open());
  }

  function PictureAlt(editor) {
    button(editor, "pictureAlt", { label: "Mô tả ảnh", withText: true, tooltip: false }, async () => {
      const picture = selectedPicture(editor);
      if (!picture) return;
      const alt = await describePicture(picture.getAttribute("src"), picture.getAttribute("alt") ?? "");
      editor.focus();
      if (alt !== null) editor.model.change((writer) => writer.setAttribute("alt", alt, picture));
    });
  }

  function OwnLink(editor) {
    if (!context.urls.links) return;
    button(editor, "ownLink", { label: "Liên kết tới bài của trường", icon: IconLibrary }, async () => {
      const page = await chooseLink(context.urls.links);
      editor.focus();
      if (!page) return;
      const { selection } = editor.model.document;
      editor.execute("link", page.path, {}, selection.isCollapsed && !selection.hasAttribute("linkHref") ? page.title : undefined);
    });
  }

  function PasteOffice(editor) {
    button(editor, "pasteOffice", { label: "Dán từ Word", icon: IconPaste }, () => pasteFromClipboard(editor));
  }

  return [Picture, PictureAlt, OwnLink, PasteOffice];
}
