import { describe, expect, it } from "vitest";
import { signingKeys } from "../../src/domain/signature.ts";
import { readLink, signLink } from "../../src/domain/signed-link.ts";

const OLD = signingKeys(`old:${"ab".repeat(32)}`) ?? [];
const NEW = signingKeys(`new:${"cd".repeat(32)}`) ?? [];
const BOTH = [...OLD, ...NEW];
const NOW = 1_764_340_000_000;
const LINK = { purpose: "contract", subject: "45", expiresAt: NOW + 60_000 } as const;
const token = signLink(BOTH, LINK);

describe("a signed link", () => {
  it("opens what it was made for until it expires, not at that very moment", () => {
    expect(readLink(BOTH, "contract", token, NOW)).toEqual({ ok: true, value: LINK });
    expect(readLink(BOTH, "contract", token, LINK.expiresAt - 1).ok).toBe(true);
    expect(readLink(BOTH, "contract", token, LINK.expiresAt)).toEqual({
      ok: false,
      error: { kind: "expired", expiredAt: LINK.expiresAt },
    });
  });

  it("is signed as HMAC-SHA-256 of purpose, expiry and subject, its first half", () => {
    // printf 'link\ncontract\n1764340060\n45' | openssl dgst -sha256 -mac HMAC -macopt hexkey:cdcd… -binary | head -c16 | basenc --base64url
    expect(token).toBe(`new.${(1_764_340_060).toString(36)}.45.ORQPDa4sYxRv7SSi8cLdYQ`);
  });

  it("fits into an SMS", () => {
    expect(token.length).toBeLessThan(45);
  });

  it("opens with either key while one is rotated, and no more when its key is gone", () => {
    const older = signLink(OLD, LINK);
    expect(readLink(BOTH, "contract", older, NOW).ok).toBe(true);
    expect(readLink(NEW, "contract", older, NOW)).toEqual({ ok: false, error: { kind: "forged" } });
    expect(readLink([], "contract", token, NOW)).toEqual({ ok: false, error: { kind: "forged" } });
  });

  it("opens nothing of another purpose", () => {
    expect(readLink(BOTH, "export", token, NOW)).toEqual({ ok: false, error: { kind: "forged" } });
  });

  it.each([
    ["another subject", token.replace(".45.", ".46.")],
    ["a longer life", signLink(OLD, LINK).replace(/\.\w+\./, `.${(9_999_999_999).toString(36)}.`)],
    ["another key's name", token.replace("new.", "old.")],
    ["another signature", token.slice(0, -2) + (token.endsWith("AA") ? "BA" : "AA")],
    ["a key that nobody has", signLink(signingKeys(`x:${"00".repeat(32)}`) ?? [], LINK)],
  ])("is forged with %s", (_, changed) => {
    expect(changed).not.toBe(token);
    expect(readLink(BOTH, "contract", changed, NOW)).toEqual({ ok: false, error: { kind: "forged" } });
  });

  it.each([
    "",
    "45",
    `${token}.more`,
    token.slice(0, -1),
    `${token}=`,
    token.replace("new.", "new.0"),
    token.replace(".45.", ".."),
    token.replace(".45.", ".4/5."),
    token.toUpperCase(),
    "a".repeat(5_000),
  ])("is unreadable as %j", (text) => {
    expect(readLink(BOTH, "contract", text, NOW)).toEqual({ ok: false, error: { kind: "unreadable" } });
  });

  it("is never made of what would not stand in a path, nor without a key", () => {
    expect(() => signLink(BOTH, { ...LINK, subject: "Thabo Mokoena" })).toThrow(/subject/);
    expect(() => signLink(BOTH, { ...LINK, expiresAt: Number.NaN })).toThrow(/expiry/);
    expect(() => signLink([], LINK)).toThrow(/no key/);
  });
});
