/* CKEditor's icons, with those of the tool bar drawn as the console draws its own (congtruong/core/icons.py). */
export * from "@ckeditor/ckeditor5-icons";

const line = (...paths) =>
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" ' +
  'stroke-linecap="round" stroke-linejoin="round">' +
  paths.map((d) => `<path fill="none" d="${d}"/>`).join("") +
  "</svg>";

export const IconBold = line("M7.5 5H13a3.5 3.5 0 0 1 0 7H7.5zM7.5 12H14a3.5 3.5 0 0 1 0 7H7.5z");
export const IconItalic = line("M10.5 5H17M7 19h6.5M14 5l-4 14");
export const IconUnderline = line("M7.5 4.5v6.5a4.5 4.5 0 0 0 9 0V4.5M6 20h12");
export const IconBulletedList = line("M9 6h11M9 12h11M9 18h11M4.5 6v.01M4.5 12v.01M4.5 18v.01");
export const IconNumberedList = line("M10 6h10M10 12h10M10 18h10M3.5 5 5 4v4.5M3.5 13.5c0-1.8 2.7-1.8 2.5-.2 0 .9-2.5 1.9-2.5 3.2h2.7");
export const IconQuote = line("M5 17V11a4 4 0 0 1 4-4M14 17v-6a4 4 0 0 1 4-4M5 12h4v5H5zM14 12h4v5h-4z");
export const IconLink = line("M10 14a4 4 0 0 0 6 .3l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.3l-3 3a4 4 0 0 0 5.7 5.7l1-1");
export const IconTable = line("M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14");
export const IconUndo = line("M8 5 4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9");
export const IconRedo = line("m16 5 4 4-4 4M20 9H10a5.5 5.5 0 0 0 0 11h5");
export const IconRemoveFormat = line("M6 5h12M12 5l-2.5 9M4 19h7M15 14.5l5 5M20 14.5l-5 5");
export const IconHorizontalLine = line("M4 12h16M7 7h10M7 17h10");
export const IconMedia = line("M4 5h16v14H4zM10 9v6l5-3z");
export const IconImage = line("M5 4.5h14a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2zM7 9.5a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0M4 18l5.5-5.5 3.5 3.5 3-3 4.5 4.5");
export const IconPaste = line("M8 5H5v16h14V5h-3M8 3h8v4H8zM9 12h6M9 16h6");
export const IconLibrary = line("M4 5h13v15H6a2 2 0 0 1-2-2zM17 9h3v9a2 2 0 0 1-2 2M8 9h5M8 13h5");
