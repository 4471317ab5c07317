/** What is needed of a TrueType font to set text in it: which glyph is a letter, and how wide it is. */
export type FontFace = {
  bytes: Uint8Array;
  /** In thousandths of the size, as PDF counts. */
  ascent: number;
  descent: number;
  capHeight: number;
  box: [number, number, number, number];
  /** By glyph. */
  widths: number[];
  /** By code point. */
  glyphs: Map<number, number>;
};

/** Reads the tables that matter. Throws on a file without them: the fonts are ours, so that is a mistake of the build. */
export function readFont(bytes: Uint8Array): FontFace {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = new Map<string, number>();
  for (let n = 0; n < view.getUint16(4); n++) {
    const at = 12 + 16 * n;
    tables.set(String.fromCharCode(...bytes.subarray(at, at + 4)), view.getUint32(at + 8));
  }
  const table = (name: string) => {
    const at = tables.get(name);
    if (at === undefined) throw new Error(`the font has no table ${name}`);
    return at;
  };
  const [head, hhea, hmtx, os2] = [table("head"), table("hhea"), table("hmtx"), table("OS/2")];
  const scale = 1_000 / view.getUint16(head + 18);
  const scaled = (at: number) => Math.round(view.getInt16(at) * scale);
  const metrics = view.getUint16(hhea + 34);
  const widths = Array.from({ length: view.getUint16(table("maxp") + 4) }, (_, glyph) =>
    Math.round(view.getUint16(hmtx + 4 * Math.min(glyph, metrics - 1)) * scale),
  );
  return {
    bytes,
    ascent: scaled(hhea + 4),
    descent: scaled(hhea + 6),
    capHeight: scaled(os2 + 88),
    box: [scaled(head + 36), scaled(head + 38), scaled(head + 40), scaled(head + 42)],
    widths,
    glyphs: readLetters(view, table("cmap")),
  };
}

/** The font's own list of letters, in the form that has all of the Basic Multilingual Plane. */
function readLetters(view: DataView, cmap: number): Map<number, number> {
  const subtables = Array.from({ length: view.getUint16(cmap + 2) }, (_, n) => cmap + view.getUint32(cmap + 8 + 8 * n));
  const at = subtables.find((start) => view.getUint16(start) === 4);
  if (at === undefined) throw new Error("the font lists its letters in another form");
  const segments = view.getUint16(at + 6) / 2;
  const [ends, starts] = [at + 14, at + 16 + 2 * segments];
  const [deltas, ranges] = [starts + 2 * segments, starts + 4 * segments];
  const found = new Map<number, number>();
  for (let n = 0; n < segments; n++) {
    const [start, end] = [view.getUint16(starts + 2 * n), view.getUint16(ends + 2 * n)];
    const delta = view.getUint16(deltas + 2 * n);
    const range = view.getUint16(ranges + 2 * n);
    for (let letter = start; letter <= end && letter < 0xffff; letter++) {
      const listed = range === 0 ? letter : view.getUint16(ranges + 2 * n + range + 2 * (letter - start));
      const glyph = listed === 0 && range !== 0 ? 0 : (listed + delta) & 0xffff;
      if (glyph !== 0) found.set(letter, glyph);
    }
  }
  return found;
}

/** Shown for a letter that the font does not have. */
const STAND_IN = "?";

/** The glyphs of a text. A letter with an accent that the font has no glyph for is set as the letter and the accent. */
export function glyphsOf(face: FontFace, text: string): number[] {
  return [...text.normalize("NFC")].flatMap((letter) => {
    const whole = face.glyphs.get(letter.codePointAt(0) ?? 0);
    if (whole !== undefined) return [whole];
    const parts = [...letter.normalize("NFD")].map((part) => face.glyphs.get(part.codePointAt(0) ?? 0));
    const known = parts.filter((glyph) => glyph !== undefined);
    if (known.length > 0) return known;
    const standIn = face.glyphs.get(STAND_IN.codePointAt(0) ?? 0);
    return standIn === undefined ? [] : [standIn];
  });
}

/** How wide a text is at a size, in points. */
export const widthOf = (face: FontFace, text: string, size: number): number =>
  (glyphsOf(face, text).reduce((sum, glyph) => sum + (face.widths[glyph] ?? 0), 0) * size) / 1_000;

/** Lines of a text, each no wider than so many points. A word that is wider than a line is cut. */
export function linesOf(face: FontFace, text: string, size: number, widthMax: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/[ \n]+/).filter((part) => part !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(face, longer, size) <= widthMax) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (widthOf(face, line, size) > widthMax) {
      let fits = [...line].length - 1;
      while (fits > 1 && widthOf(face, [...line].slice(0, fits).join(""), size) > widthMax) fits -= 1;
      lines.push([...line].slice(0, fits).join(""));
      line = [...line].slice(fits).join("");
    }
  }
  return line === "" ? lines : [...lines, line];
}
