import { describe, expect, it } from "vitest";
import { eraseJson, erasePatterns, eraseText } from "../../src/domain/personal/patterns.ts";

const patterns = erasePatterns(
  {
    names: ["Thabo Mokoena-Lebusa", "Nthabi's Élan"],
    phones: ["26650000101", "27821234567"],
    codes: ["t.m+1@example.org", "AB-12/34"],
  },
  "266",
);

describe("a person who is erased", () => {
  it.each([
    "thabo mokoena lebusa",
    "THABO  MOKOENA-LEBUSA",
    "Lebusa, Thabo Mokoena",
    "nthabis elan",
    "NTHABI’S ÉLAN",
    "t.m+1@example.org",
    "T.M+1@EXAMPLE.ORG",
    "ab-12/34",
  ])("is not named any more where %j stood", (spelling) => {
    expect(eraseText(`paid by ${spelling}.`, patterns)).toBe("paid by [erased].");
  });

  it.each([
    "26650000101",
    "+266 5000 0101",
    "0026650000101",
    "50000101",
    "5000-0101",
    "(+266) 50 00 01 01",
    "+27 82 123 4567",
  ])("has no phone any more where %j stood", (spelling) => {
    const left = eraseText(`from ${spelling} at noon`, patterns);
    expect(left.replace(/\D/g, "")).toBe("00000000");
    expect(left).toMatch(/^from .*00000000\)? at noon$/);
  });

  it.each(["Thabo Sello", "Thabo", "126650000101", "500001011", "Thabong Mokoena-Lebusang", "M500001.01"])(
    "leaves %j, which is somebody or something else",
    (text) => {
      expect(eraseText(text, patterns)).toBe(text);
    },
  );

  it("is not called by one name either, where the row is the person's own", () => {
    expect(eraseText("Dear Thabo, ask Mokoena", patterns, true)).toBe("Dear [erased], ask [erased]");
  });

  it("takes out texts within JSON, and neither numbers nor names of fields", () => {
    const row = { amountMinor: 50_000_101, "50000101": ["50000101", { who: "Thabo Mokoena-Lebusa", at: null }] };
    expect(eraseJson(row, patterns)).toEqual({
      amountMinor: 50_000_101,
      "50000101": ["00000000", { who: "[erased]", at: null }],
    });
  });

  it("twice is the same as once", () => {
    const once = eraseText("Thabo Mokoena-Lebusa +26650000101", patterns, true);
    expect(eraseText(once, patterns, true)).toBe(once);
  });

  it("about whom nothing is on file takes out nothing", () => {
    const nobody = erasePatterns({ names: ["Thabo"], phones: [], codes: [" "] }, "266");
    expect(eraseText("Thabo 26650000101", nobody)).toBe("Thabo 26650000101");
  });
});
