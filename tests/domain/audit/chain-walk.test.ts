import { expect, it } from "vitest";
import { type ChainHead, walkFrom } from "../../../src/domain/audit/chain.ts";

const head = (seq: number): ChainHead => ({ seq, hash: `hash-${seq}` });

it.each([
  ["nothing was kept yet", [], "2026-11-24T01:17:00Z", null],
  ["an ordinary night", [head(40), head(90)], "2026-11-24T01:17:00Z", 90],
  ["the night to Sunday", [head(40), head(90)], "2026-11-29T01:17:00Z", null],
  ["the last moment of Saturday", [head(40), head(90)], "2026-11-28T23:59:59.999Z", 90],
  ["the first moment of Monday", [head(40), head(90)], "2026-11-30T00:00:00Z", 90],
])("%s: the walk over the audit begins where it should", (_, kept, now, seq) => {
  expect(walkFrom(kept, Date.parse(now))?.seq ?? null).toBe(seq);
});
