/** Reads the text of a PDF as a reader does: glyph numbers in the pages, letters by the fonts' own maps. */
import { decodePDFRawStream, PDFArray, PDFDict, PDFDocument, PDFName, PDFRawStream, PDFStream } from "pdf-lib";

export type PdfText = { title: string; pages: string[][]; images: number; creation: number };

export async function textOf(bytes: Uint8Array): Promise<PdfText> {
  const pdf = await PDFDocument.load(bytes, { updateMetadata: false });
  let images = 0;
  const pages = pdf.getPages().map((page) => {
    const resources = page.node.Resources();
    const pictures = resources?.lookupMaybe(PDFName.of("XObject"), PDFDict);
    images += pictures?.keys().length ?? 0;
    const fonts = resources?.lookup(PDFName.of("Font"), PDFDict);
    const maps = new Map(
      (fonts?.entries() ?? []).map(([name]) => {
        const map = fonts?.lookup(name, PDFDict).lookup(PDFName.of("ToUnicode"), PDFStream);
        return [name.asString(), lettersOf(decoded(map))] as const;
      }),
    );
    const contents = page.node.Contents();
    const streams =
      contents instanceof PDFArray ? contents.asArray().map((ref) => page.doc.context.lookup(ref)) : [contents];
    return streams.flatMap((stream) => linesIn(decoded(stream as PDFStream), maps));
  });
  return { title: pdf.getTitle() ?? "", pages, images, creation: pdf.getCreationDate()?.getTime() ?? 0 };
}

function decoded(stream: PDFStream | undefined): string {
  if (stream === undefined) return "";
  const bytes = stream instanceof PDFRawStream ? decodePDFRawStream(stream).decode() : stream.getContents();
  return Buffer.from(bytes).toString("latin1");
}

const lettersOf = (map: string) =>
  new Map(
    [...map.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})>/g)].map(([, glyph = "", letter = ""]) => [
      glyph,
      String.fromCharCode(Number.parseInt(letter, 16)),
    ]),
  );

function linesIn(content: string, maps: Map<string, Map<string, string>>): string[] {
  const lines: string[] = [];
  let font = new Map<string, string>();
  for (const [, name, hex] of content.matchAll(/(\/F\d) [\d.]+ Tf|<([0-9a-f]*)> Tj/gi)) {
    if (name !== undefined) font = maps.get(name) ?? new Map();
    else lines.push((hex?.match(/.{4}/g) ?? []).map((glyph) => font.get(glyph.toLowerCase()) ?? "\ufffd").join(""));
  }
  return lines;
}
