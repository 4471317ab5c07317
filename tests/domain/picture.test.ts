import { describe, expect, it } from "vitest";
import { PICTURE_BYTES_MAX, readPicture } from "../../src/domain/picture.ts";
import { jpeg, png } from "../pictures.ts";

const base64 = (bytes: Buffer) => bytes.toString("base64");

/** The same with its points overwritten. */
function spoilt(bytes: Buffer): Buffer {
  bytes.fill(0x55, 43, bytes.length - 16);
  return bytes;
}
function resized(bytes: Buffer, width: number, height: number): Buffer {
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}
function interlaced(bytes: Buffer): Buffer {
  bytes[28] = 1;
  return bytes;
}

describe("a signature's picture", () => {
  it.each([
    ["PNG", base64(png(300, 100)), "png", 300, 100],
    ["JPEG", base64(jpeg(640, 480)), "jpeg", 640, 480],
    ["a data URL", `data:image/png;base64,${base64(png(8, 8))}`, "png", 8, 8],
    ["a PNG that calls itself a JPEG", `data:image/jpeg;base64,${base64(png(20, 10))}`, "png", 20, 10],
  ])("is read: %s", (_, text, kind, width, height) => {
    expect(readPicture(text)).toMatchObject({ ok: true, value: { kind, width, height } });
  });

  it.each([
    ["nothing", "", "no base64"],
    ["what is no base64", "not a picture!", "no base64"],
    ["a GIF", base64(Buffer.from("GIF89a, and more of it")), "another kind"],
    ["a page that calls itself a PNG", `data:image/png;base64,${base64(Buffer.from("<html></html>"))}`, "another kind"],
    ["half a PNG", base64(png().subarray(0, 80)), "a broken PNG"],
    ["a PNG whose points cannot be unpacked", base64(spoilt(png())), "a broken PNG"],
    ["a PNG that unpacks to more than it says", base64(resized(png(300, 100), 300, 50)), "a broken PNG"],
    ["a PNG that unpacks to less", base64(resized(png(300, 100), 300, 200)), "a broken PNG"],
    ["a PNG without its end", base64(png().subarray(0, -12)), "a broken PNG"],
    ["an interlaced PNG", base64(interlaced(png())), "a broken PNG"],
    ["a PNG that says it is a wall", base64(resized(png(), 100_000, 100_000)), "100000 × 100000"],
    ["half a JPEG", base64(jpeg().subarray(0, 30)), "a broken JPEG"],
    ["a point", base64(png(1, 1)), "1 × 1"],
    ["a wall", base64(jpeg(4_001, 20)), "4001 × 20"],
    ["too many points", base64(jpeg(3_000, 2_000)), "3000 × 2000"],
    ["too many bytes", base64(Buffer.concat([png(), Buffer.alloc(PICTURE_BYTES_MAX)])), ""],
  ])("is refused by name: %s", (_, text, found) => {
    const read = readPicture(text);
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.error.found).toContain(found);
  });
});
