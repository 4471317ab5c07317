import {
  beginText,
  endText,
  moveText,
  PDFDocument,
  PDFHexString,
  type PDFImage,
  type PDFPage,
  type PDFRef,
  rgb,
  setFontAndSize,
  showText,
} from "pdf-lib";
import type { ContractDocument } from "../../domain/contract/document.ts";
import { pictureKind } from "../../domain/picture.ts";
import { type PrintedContract, UnreadablePicture } from "../../ports/contract-printer.ts";
import { embedFont, fontName } from "./embed-font.ts";
import { glyphsOf } from "./font.ts";
import { type Faces, type Mark, PAGE, type Page } from "./lay-out.ts";

const PRODUCER = "1PWR Customer Care";

export async function draw(document: ContractDocument, pages: Page[], faces: Faces): Promise<PrintedContract> {
  return { bytes: await drawPages(document, pages, faces), pages: pages.length };
}

/** Draws laid-out pages. Every date in the file is the document's own, and names of fonts are fixed: same in, same bytes out. */
export async function drawPages(
  document: { title: string; language: string; madeAt: number; isWide?: boolean },
  pages: readonly Page[],
  faces: Faces,
): Promise<Uint8Array> {
  const pdf = await PDFDocument.create({ updateMetadata: false });
  pdf.setTitle(document.title);
  pdf.setAuthor(PRODUCER);
  pdf.setProducer(PRODUCER);
  pdf.setCreator(PRODUCER);
  pdf.setLanguage(document.language);
  pdf.setCreationDate(new Date(document.madeAt));
  pdf.setModificationDate(new Date(document.madeAt));
  const fonts = {
    regular: embedFont(pdf.context, faces.regular, "NotoSans-Regular"),
    bold: embedFont(pdf.context, faces.bold, "NotoSans-Bold"),
  };
  for (const marks of pages) {
    const page = pdf.addPage(document.isWide ? [PAGE.height, PAGE.width] : [PAGE.width, PAGE.height]);
    for (const key of ["regular", "bold"] as const) page.node.setFontDictionary(fontName(key), fonts[key] as PDFRef);
    for (const mark of marks) await drawMark(pdf, page, mark, faces);
  }
  // Objects one by one, not packed: whoever has only a plain reader can still look into the file.
  return pdf.save({ useObjectStreams: false, addDefaultPage: false, updateFieldAppearances: false });
}

async function drawMark(pdf: PDFDocument, page: PDFPage, mark: Mark, faces: Faces): Promise<void> {
  switch (mark.kind) {
    case "text":
      return page.pushOperators(
        beginText(),
        setFontAndSize(fontName(mark.face), mark.size),
        moveText(mark.x, mark.y),
        showText(PDFHexString.of(glyphsOf(faces[mark.face], mark.text).map(hex4).join(""))),
        endText(),
      );
    case "line":
      return page.drawLine({
        start: { x: mark.x, y: mark.y },
        end: { x: mark.x + mark.width, y: mark.y },
        thickness: 0.5,
      });
    case "box":
      return page.drawRectangle({
        ...{ x: mark.x, y: mark.y, width: mark.width, height: mark.height },
        color: rgb(...mark.color),
      });
    case "stroke":
      return page.drawLine({
        ...{ start: { x: mark.x, y: mark.y }, end: { x: mark.toX, y: mark.toY } },
        ...{ thickness: 1.2, color: rgb(...mark.color) },
      });
    case "image": {
      const image = await embedPicture(pdf, mark.bytes);
      const scale = Math.min(mark.width / image.width, mark.height / image.height);
      return page.drawImage(image, { x: mark.x, y: mark.y, width: image.width * scale, height: image.height * scale });
    }
  }
}

async function embedPicture(pdf: PDFDocument, bytes: Uint8Array): Promise<PDFImage> {
  try {
    const image = await (pictureKind(bytes) === "png" ? pdf.embedPng(bytes) : pdf.embedJpg(bytes));
    await image.embed();
    return image;
  } catch (cause) {
    throw new UnreadablePicture("the picture cannot be unpacked", { cause });
  }
}

const hex4 = (glyph: number) => glyph.toString(16).padStart(4, "0");
