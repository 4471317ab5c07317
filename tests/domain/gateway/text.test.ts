import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { contentHash, rawBytes, storedText } from "../../../src/domain/gateway/text.ts";

it("replaces what PostgreSQL cannot hold, and nothing else", () => {
  expect(storedText("a\u0000b")).toBe("a\uFFFDb");
  expect(storedText("x\uD83Dy")).toBe("x\uFFFDy");
  expect(storedText("😀 é ع")).toBe("😀 é ع");
});

it("keeps the exact text as bytes: UTF-8, with three bytes for half a character", () => {
  expect(Buffer.from(rawBytes("aé😀")).toString("utf8")).toBe("aé😀");
  expect([...rawBytes("x\uD83Dy")]).toEqual([0x78, 0xed, 0xa0, 0xbd, 0x79]);
  expect([...rawBytes("😀\uDE00")]).toEqual([...Buffer.from("😀"), 0xed, 0xb8, 0x80]);
});

it("hashes sender, NUL, content", () => {
  expect(contentHash("MPESA", "hello")).toBe(createHash("sha256").update("MPESA\u0000hello").digest("hex"));
});

it("tells two texts apart that differ only in half a character", () => {
  expect(contentHash("a", "x\uD83D")).not.toBe(contentHash("a", "x\uFFFD"));
});
