import { describe, expect, it } from "vitest";
import { entryKeyOf, sentAsOf } from "../../../src/domain/external-id.ts";
import { appliedKeyOf } from "../../../src/domain/fees/unallocated.ts";

/** ThunderCloud's own lists were keyed by so many characters of an external id. */
const CHARS_MAX = 50;

describe("the key of an entry as an external id of ThunderCloud", () => {
  it.each([
    ["a payment's stays as it is", "receipt:QK7AAA#1.1", null],
    ["a correction's stays as it is", "correction:6f1c2d9e-5b7a-4c55-9d0e-0c9b6a6c1a11", null],
    ["energy that was sold later", "receipt:QK7AAA#1.1/energy.9900", "receipt:QK7AAA#1.1~1energy.9900"],
    ["a receipt with a stroke", "receipt:EC/12/7#2.0", "receipt:EC~112~17#2.0"],
    ["both of them", "receipt:EC/12#1.1/energy.50", "receipt:EC~112#1.1~1energy.50"],
    ["a tilde that looks like a spelled stroke", "receipt:A~1B", "receipt:A~01B"],
  ])("%s", (_, key, spelled) => {
    expect(sentAsOf("thundercloud", key)).toBe(spelled);
    expect(entryKeyOf(spelled ?? key)).toBe(key);
    expect(encodeURIComponent(spelled ?? key)).not.toContain("%2F");
  });

  it("is another for each key, and leads back to it", () => {
    const signs = ["", "/", "~", "~0", "~1", "//", "/~", "~/", "0", "1", "~01", "~00"];
    const keys = new Set(signs.flatMap((a) => signs.flatMap((b) => signs.map((c) => `receipt:${a}X${b}${c}`))));
    const spelled = [...keys].map((key) => sentAsOf("thundercloud", key) ?? key);
    expect(new Set(spelled).size).toBe(keys.size);
    expect(spelled.map(entryKeyOf)).toEqual([...keys]);
  });

  it("of an earlier release, which went out with its stroke, leads to the same key", () => {
    expect(entryKeyOf("receipt:QK7AAA#1.1/energy.9900")).toBe("receipt:QK7AAA#1.1/energy.9900");
  });

  it("is no longer than its platform has been seen to keep, for the longest receipt seen", () => {
    const longest = appliedKeyOf(`receipt:${"9".repeat(21)}#1.1`, 9_999_999);
    expect(sentAsOf("thundercloud", longest)?.length).toBeLessThanOrEqual(CHARS_MAX);
  });

  it("what is nobody's spelling is left alone", () => {
    expect(["~", "a~", "a~2b", "12345"].map(entryKeyOf)).toEqual(["~", "a~", "a~2b", "12345"]);
  });
});

it("Koios is asked in a query, where every sign may stand: its external id is the key", () => {
  expect(sentAsOf("koios", "receipt:QK7AAA#1.1/energy.9900")).toBeNull();
});
