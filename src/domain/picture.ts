import { inflateSync } from "node:zlib";
import { err, ok, type Result } from "./result.ts";

/** A signature's picture. Larger ones say nothing more, and cost memory while a contract is printed. */
export const PICTURE_BYTES_MAX = 5 * 1024 * 1024;
export const PICTURE_SIDE_MIN = 8;
export const PICTURE_SIDE_MAX = 4_000;
/** Unpacked it takes four bytes a point. */
export const PICTURE_POINTS_MAX = 4_000_000;

export type Picture = { kind: "png" | "jpeg"; width: number; height: number; bytes: Uint8Array };
export type PictureFault = { expected: string; found: string };

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const DATA_URL = /^data:image\/(?:png|jpe?g);base64,/i;
const FORM = "a PNG or JPEG picture in base64";

/** By its first bytes, whatever it calls itself. */
export const pictureKind = (bytes: Uint8Array): "png" | "jpeg" | null =>
  PNG.every((byte, at) => bytes[at] === byte)
    ? "png"
    : bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
      ? "jpeg"
      : null;

/** A picture as it is sent, base64 or a data URL. Its size is read from its own header, before anything unpacks it. */
export function readPicture(text: string): Result<Picture, PictureFault> {
  const base64 = text.replace(DATA_URL, "");
  if (base64.length > Math.ceil(PICTURE_BYTES_MAX / 3) * 4 + 4)
    return err({ expected: `at most ${PICTURE_BYTES_MAX} bytes`, found: `about ${Math.floor(base64.length * 0.75)}` });
  if (base64 === "" || base64.length % 4 !== 0 || !BASE64.test(base64))
    return err({ expected: FORM, found: "no base64" });
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));
  if (bytes.length > PICTURE_BYTES_MAX)
    return err({ expected: `at most ${PICTURE_BYTES_MAX} bytes`, found: String(bytes.length) });
  const kind = pictureKind(bytes);
  if (kind === null) return err({ expected: FORM, found: "another kind of file" });
  const size = kind === "png" ? pngSize(bytes) : jpegSize(bytes);
  if (size === null) return err({ expected: FORM, found: `a broken ${kind.toUpperCase()}` });
  const [width, height] = size;
  if (!isBounded(size))
    return err({
      expected: `${PICTURE_SIDE_MIN} to ${PICTURE_SIDE_MAX} points a side, at most ${PICTURE_POINTS_MAX} in all`,
      found: `${width} × ${height}`,
    });
  return ok({ kind, width, height, bytes });
}

/**
 * Walks the parts and unpacks the points once, no further than the header says: whoever draws it may not look, and would
 * go on for ever with a broken one. Interlaced ones are refused, as no screen that takes signatures makes them.
 */
function pngSize(bytes: Uint8Array): [number, number] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packed: Uint8Array[] = [];
  let size: [number, number] | null = null;
  let unpackedBytes = 0;
  for (let at = PNG.length; at + 12 <= bytes.length; ) {
    const [length, name] = [view.getUint32(at), ascii(bytes, at + 4)];
    const data = bytes.subarray(at + 8, at + 8 + length);
    at += 12 + length;
    if (at > bytes.length || (size === null) !== (name === "IHDR")) return null;
    if (name === "IHDR") {
      const [width, height] = [view.getUint32(16), view.getUint32(20)];
      const bits = (bytes[24] ?? 0) * (CHANNELS[bytes[25] ?? 0] ?? 0);
      if (length !== 13 || bits === 0 || bits > 64 || bytes[28] !== 0) return null;
      size = [width, height];
      if (!isBounded(size)) return size;
      unpackedBytes = height * (1 + Math.ceil((width * bits) / 8));
    } else if (name === "IDAT") packed.push(data);
    else if (name === "IEND") return isPacked(packed, unpackedBytes) ? size : null;
  }
  return null;
}

/** Channels by colour type. */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** workerd counts the room it unpacks into, not what is in it: a limit that is just right is too small there. */
const SLACK_BYTES = 64 * 1024;

function isPacked(packed: readonly Uint8Array[], unpackedBytes: number): boolean {
  try {
    return (
      inflateSync(Buffer.concat(packed), { maxOutputLength: unpackedBytes + SLACK_BYTES }).length === unpackedBytes
    );
  } catch {
    return false;
  }
}

const isBounded = ([width, height]: [number, number]) =>
  [width, height].every((side) => side >= PICTURE_SIDE_MIN && side <= PICTURE_SIDE_MAX) &&
  width * height <= PICTURE_POINTS_MAX;

const ascii = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/** Walks the segments to the one that says how large the picture is. */
function jpegSize(bytes: Uint8Array): [number, number] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
