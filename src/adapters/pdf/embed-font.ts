import { type PDFContext, PDFHexString, PDFName, type PDFRef } from "pdf-lib";
import type { FontFace } from "./font.ts";

const hex4 = (value: number) => value.toString(16).padStart(4, "0");
/** Mappings in one block of a ToUnicode map, which the format sets. */
const MAPPINGS_MAX = 100;

/**
 * Puts a font into a document: text is written as glyph numbers, and a map says which letters they are, so that the text
 * can be found, copied and read aloud.
 */
export function embedFont(context: PDFContext, face: FontFace, name: string): PDFRef {
  const file = context.register(context.flateStream(face.bytes, { Length1: face.bytes.length }));
  const descriptor = context.register(
    context.obj({
      Type: "FontDescriptor",
      FontName: name,
      // Symbolic: letters are found by glyph number, not by a standard encoding.
      Flags: 4,
      FontBBox: face.box,
      ItalicAngle: 0,
      Ascent: face.ascent,
      Descent: face.descent,
      CapHeight: face.capHeight,
      StemV: 80,
      FontFile2: file,
    }),
  );
  const descendant = context.register(
    context.obj({
      Type: "Font",
      Subtype: "CIDFontType2",
      BaseFont: name,
      CIDSystemInfo: {
        Registry: PDFHexString.fromText("Adobe"),
        Ordering: PDFHexString.fromText("Identity"),
        Supplement: 0,
      },
      FontDescriptor: descriptor,
      CIDToGIDMap: "Identity",
      DW: face.widths[0] ?? 1_000,
      W: [0, face.widths],
    }),
  );
  const toUnicode = context.register(context.flateStream(unicodeMap(face)));
  return context.register(
    context.obj({
      Type: "Font",
      Subtype: "Type0",
      BaseFont: name,
      Encoding: "Identity-H",
      DescendantFonts: [descendant],
      ToUnicode: toUnicode,
    }),
  );
}

export const fontName = (key: "regular" | "bold") => PDFName.of(key === "regular" ? "F1" : "F2");

/** A glyph that stands for two letters (a space and one that does not break) is read as the first of them. */
function unicodeMap({ glyphs }: FontFace): string {
  const letters = new Map<number, number>();
  for (const [letter, glyph] of [...glyphs].sort(([a], [b]) => a - b))
    if (!letters.has(glyph)) letters.set(glyph, letter);
  const mappings = [...letters]
    .sort(([a], [b]) => a - b)
    .map(([glyph, letter]) => `<${hex4(glyph)}> <${hex4(letter)}>`);
  const blocks: string[] = [];
  for (let from = 0; from < mappings.length; from += MAPPINGS_MAX) {
    const block = mappings.slice(from, from + MAPPINGS_MAX);
    blocks.push(`${block.length} beginbfchar\n${block.join("\n")}\nendbfchar`);
  }
  return [
    "/CIDInit /ProcSet findresource begin",
    "12 dict begin",
    "begincmap",
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
    "/CMapName /Adobe-Identity-UCS def",
    "/CMapType 2 def",
    "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange",
    ...blocks,
    "endcmap",
    "CMapName currentdict /CMap defineresource pop",
    "end",
    "end",
  ].join("\n");
}
