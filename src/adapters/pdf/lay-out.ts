import type { Block, ContractDocument } from "../../domain/contract/document.ts";
import { type FontFace, linesOf } from "./font.ts";

export type Faces = { regular: FontFace; bold: FontFace };
/** Points, from the lower left corner of a page, as PDF counts. */
export type Mark =
  | { kind: "text"; x: number; y: number; size: number; face: keyof Faces; text: string }
  | { kind: "line"; x: number; y: number; width: number }
  /** Filled; red, green and blue from 0 to 1. */
  | { kind: "box"; x: number; y: number; width: number; height: number; color: [number, number, number] }
  | { kind: "stroke"; x: number; y: number; toX: number; toY: number; color: [number, number, number] }
  /** As large as fits into the box, which is at the left and stands on `y`. */
  | { kind: "image"; x: number; y: number; width: number; height: number; bytes: Uint8Array };
export type Page = Mark[];

/** A4. */
export const PAGE = { width: 595.28, height: 841.89 } as const;
const MARGIN = { left: 56, right: 56, top: 52, bottom: 58 } as const;
const WIDTH = PAGE.width - MARGIN.left - MARGIN.right;
const SIZE = { title: 17, heading: 11.5, text: 9.5, small: 8 } as const;
const LEADING = 1.38;
const LABEL_WIDTH = 138;
const NUMBER_WIDTH = 20;
const SIGNATURE = { height: 58, gap: 24 } as const;
/** A contract is a few pages; one that is far longer is a mistake in what it was given. */
export const PAGES_MAX = 12;

/** Where everything stands: a pure function of the document and the widths of the letters. */
export function layOut(document: ContractDocument, faces: Faces): Page[] {
  const sheet = new Sheet(faces);
  for (const block of document.blocks) PLACE[block.kind](sheet, block as never, document.missing);
  const pages = sheet.pages;
  if (pages.length > PAGES_MAX) throw new RangeError(`a contract of ${pages.length} pages; at most ${PAGES_MAX}`);
  return pages.map((page, index) => [
    ...page,
    { kind: "line", x: MARGIN.left, y: MARGIN.bottom - 14, width: WIDTH },
    {
      kind: "text",
      x: MARGIN.left,
      y: MARGIN.bottom - 26,
      size: SIZE.small,
      face: "regular",
      text: document.footer(index + 1, pages.length),
    },
  ]);
}

/** The page that is being filled, from the top. */
class Sheet {
  readonly pages: Page[] = [[]];
  readonly faces: Faces;
  y = PAGE.height - MARGIN.top;

  constructor(faces: Faces) {
    this.faces = faces;
  }

  /** What follows needs so much room together. */
  keep(height: number): void {
    if (this.y - height >= MARGIN.bottom) return;
    this.pages.push([]);
    this.y = PAGE.height - MARGIN.top;
  }

  mark(mark: Mark): void {
    this.pages.at(-1)?.push(mark);
  }

  /** Sets lines below each other. */
  lines(lines: readonly string[], x: number, size: number, face: keyof Faces): void {
    for (const text of lines) {
      this.keep(size * LEADING);
      this.y -= size * LEADING;
      this.mark({ kind: "text", x, y: this.y, size, face, text });
    }
  }

  paragraph(text: string, size: number, face: keyof Faces, indent = 0): string[] {
    return linesOf(this.faces[face], text, size, WIDTH - indent);
  }
}

type Placing<K extends Block["kind"]> = (sheet: Sheet, block: Extract<Block, { kind: K }>, missing: string) => void;

const PLACE: { [K in Block["kind"]]: Placing<K> } = {
  title(sheet, { text, under }) {
    sheet.lines(sheet.paragraph(text, SIZE.title, "bold"), MARGIN.left, SIZE.title, "bold");
    sheet.y -= 2;
    sheet.lines(sheet.paragraph(under, SIZE.text, "regular"), MARGIN.left, SIZE.text, "regular");
    sheet.y -= 8;
  },

  heading(sheet, { text }) {
    // A heading stays with what it heads.
    sheet.keep(SIZE.heading * LEADING + 3.5 * SIZE.text * LEADING);
    sheet.y -= 8;
    sheet.lines(sheet.paragraph(text, SIZE.heading, "bold"), MARGIN.left, SIZE.heading, "bold");
    sheet.y -= 4;
    sheet.mark({ kind: "line", x: MARGIN.left, y: sheet.y, width: WIDTH });
    sheet.y -= 3;
  },

  text(sheet, { text }) {
    sheet.lines(sheet.paragraph(text, SIZE.text, "regular"), MARGIN.left, SIZE.text, "regular");
    sheet.y -= 4;
  },

  fields(sheet, { rows }, missing) {
    for (const { label, value } of rows) {
      const names = linesOf(sheet.faces.regular, label, SIZE.text, LABEL_WIDTH - 8);
      const says = linesOf(sheet.faces.bold, value ?? missing, SIZE.text, WIDTH - LABEL_WIDTH);
      sheet.keep(Math.max(names.length, says.length) * SIZE.text * LEADING);
      const top = sheet.y;
      sheet.lines(names, MARGIN.left, SIZE.text, "regular");
      const under = sheet.y;
      sheet.y = top;
      sheet.lines(says, MARGIN.left + LABEL_WIDTH, SIZE.text, "bold");
      sheet.y = Math.min(under, sheet.y) - 1;
    }
    sheet.y -= 4;
  },

  clauses(sheet, { clauses }) {
    for (const [index, clause] of clauses.entries()) {
      const lines = sheet.paragraph(clause, SIZE.text, "regular", NUMBER_WIDTH);
      sheet.keep(Math.min(lines.length, 3) * SIZE.text * LEADING);
      const y = sheet.y - SIZE.text * LEADING;
      sheet.mark({ kind: "text", x: MARGIN.left, y, size: SIZE.text, face: "regular", text: `${index + 1}.` });
      sheet.lines(lines, MARGIN.left + NUMBER_WIDTH, SIZE.text, "regular");
      sheet.y -= 2.5;
    }
    sheet.y -= 2;
  },

  signatures(sheet, { boxes }) {
    const width = (WIDTH - SIGNATURE.gap) / Math.max(2, boxes.length);
    const names = boxes.map(({ name }) => linesOf(sheet.faces.regular, name, SIZE.text, width));
    const under = Math.max(0, ...names.map((lines) => lines.length)) * SIZE.text * LEADING;
    sheet.keep(SIZE.text * LEADING + SIGNATURE.height + 16 + under);
    const top = sheet.y;
    for (const [index, { label, image }] of boxes.entries()) {
      const x = MARGIN.left + index * (width + SIGNATURE.gap);
      sheet.y = top;
      sheet.lines([label], x, SIZE.text, "bold");
      const y = sheet.y - SIGNATURE.height - 8;
      if (image !== null) sheet.mark({ kind: "image", x, y: y + 2, width, height: SIGNATURE.height, bytes: image });
      sheet.mark({ kind: "line", x, y, width });
      sheet.y = y;
      sheet.lines(names[index] ?? [], x, SIZE.text, "regular");
    }
  },
};
