/* Images of the text: put in, uploaded when pasted, and only those of the own library. */

import { escaped } from "./dom.js";
import { sendImage } from "./upload.js";

const OWN = /^(?:[a-z]+:\/\/[^/]+)?(?:\/tai\/[^/]+)?(?:\/quan-tri)?\/tep\/[\w-]+\/[^/]+$/i;
const ON_ITS_WAY = /^(?:data|blob):/;
const WORDS = {
  foreign: "Ảnh từ trang khác không chép theo được. Thầy/Cô tải ảnh lên rồi chèn vào bài.",
};

export function insertPicture(editor, { url, alt, caption }) {
  const below = caption ? `<figcaption>${escaped(caption)}</figcaption>` : "";
  const figure = `<figure class="image"><img src="${escaped(url)}" alt="${escaped(alt)}">${below}</figure>`;
  editor.model.insertContent(editor.data.parse(figure), null, null, { setSelection: "after" });
}

export function selectedPicture(editor) {
  const element = editor.model.document.selection.getSelectedElement();
  if (element?.is("element", "imageBlock")) return element;
  return editor.model.document.selection.getFirstPosition()?.findAncestor("imageBlock") ?? null;
}

/** Pictures inside what is pasted go to the library. */
export function uploadsOf({ form, urls }) {
  return function Uploads(editor) {
    if (!urls.upload) return;
    editor.plugins.get("FileRepository").createUploadAdapter = (loader) => {
      const stop = new AbortController();
      return {
        upload: async () => {
          const { url } = await sendImage(await loader.file, { url: urls.upload, form, signal: stop.signal });
          return { default: url };
        },
        abort: () => stop.abort(),
      };
    };
  };
}

/** A picture file that is dropped or pasted opens the dialog, which asks for its description. */
export function guardImages(context) {
  return function Guard(editor) {
    editor.editing.view.document.on(
      "clipboardInput",
      (event, data) => {
        const files = [...data.dataTransfer.files].filter((file) => file.type.startsWith("image/"));
        const html = data.dataTransfer.getData("text/html");
        if (!files.length || !context.openPicker || editor.isReadOnly || hasMore(html)) return;
        event.stop();
        data.preventDefault?.();
        context.openPicker(files);
      },
      { priority: "highest" },
    );
    editor.model.document.registerPostFixer((writer) => {
      const foreign = [...added(editor)].filter((element) => {
        const source = element.getAttribute("src");
        return source && !OWN.test(source) && !ON_ITS_WAY.test(source);
      });
      for (const element of foreign) writer.remove(element);
      if (foreign.length) editor.plugins.get("Notification").showInfo(WORDS.foreign, { namespace: "image" });
      return foreign.length > 0;
    });
    editor.plugins.get("Notification").on("show", (event, { message }) => {
      event.stop();
      context.tell?.(message);
    });
  };
}

/** Whether HTML holds more than one picture, as a copied text does. */
function hasMore(html) {
  if (!html) return false;
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return parsed.body.textContent.trim() !== "" || parsed.querySelectorAll("img, table").length > 1;
}

function* added(editor) {
  for (const change of editor.model.document.differ.getChanges()) {
    if (change.type !== "insert" || change.name === "$text") continue;
    const range = editor.model.createRangeOn(change.position.nodeAfter);
    for (const item of range.getItems()) if (item.is("element", "imageBlock")) yield item;
  }
}
