/* The place of the caret when the text gets the focus back from a tool. */

/** Puts the browser's caret where the text has its own before the text is given the focus.

While a tool has the focus the editor draws anew without moving the browser's caret: a paragraph that became a heading
leaves it outside. Given the focus, the editor reads that place first and would write on there, in the paragraph before. */
export function keepCaret(editor) {
  const { view } = editor.editing;
  const focus = view.focus.bind(view);
  view.focus = () => {
    if (!view.document.isFocused) bringCaret(view);
    focus();
  };
}

function bringCaret({ document: text, domConverter }) {
  const { selection } = text;
  if (selection.isFake || !selection.rangeCount) return;
  const start = domConverter.viewPositionToDom(selection.anchor);
  const end = domConverter.viewPositionToDom(selection.focus);
  if (start && end) getSelection().setBaseAndExtent(start.parent, start.offset, end.parent, end.offset);
}
