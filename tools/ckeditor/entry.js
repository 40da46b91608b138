/* What the writing page needs of CKEditor, and nothing else: an old phone parses all of it. */
export { DecoupledEditor } from "@ckeditor/ckeditor5-editor-decoupled";
export { ButtonView } from "@ckeditor/ckeditor5-ui";
export { IconImage, IconLibrary, IconPaste } from "./icons.js";
export { ViewDataTransfer } from "@ckeditor/ckeditor5-engine";

import { Bold, Italic, Underline } from "@ckeditor/ckeditor5-basic-styles";
import { BlockQuote } from "@ckeditor/ckeditor5-block-quote";
import { Essentials } from "@ckeditor/ckeditor5-essentials";
import { Heading } from "@ckeditor/ckeditor5-heading";
import { HorizontalLine } from "@ckeditor/ckeditor5-horizontal-line";
import {
  ImageBlock, ImageCaption, ImageTextAlternativeEditing, ImageToolbar, ImageUploadEditing, ImageUploadProgress,
} from "@ckeditor/ckeditor5-image";
import { Link } from "@ckeditor/ckeditor5-link";
import { List, ListPropertiesEditing } from "@ckeditor/ckeditor5-list";
import { MediaEmbed } from "@ckeditor/ckeditor5-media-embed";
import { Paragraph } from "@ckeditor/ckeditor5-paragraph";
import { PasteFromOffice } from "@ckeditor/ckeditor5-paste-from-office";
import { RemoveFormat } from "@ckeditor/ckeditor5-remove-format";
import { Table, TableCaption, TableToolbar } from "@ckeditor/ckeditor5-table";

export const PLUGINS = [
  Essentials, Paragraph, Heading, Bold, Italic, Underline, Link, List, ListPropertiesEditing, BlockQuote, HorizontalLine, RemoveFormat,
  ImageBlock, ImageCaption, ImageTextAlternativeEditing, ImageToolbar, ImageUploadEditing, ImageUploadProgress,
  MediaEmbed,
  Table, TableToolbar, TableCaption, PasteFromOffice,
];
