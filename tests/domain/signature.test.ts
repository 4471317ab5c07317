import { describe, expect, it } from "vitest";
import { isSignedBy, isTimely, readSignature, sign, signingKeys, textToSign } from "../../src/domain/signature.ts";

const HEX = "ab".repeat(32);
const KEY = { keyId: "bridge-1", secret: new Uint8Array(Buffer.from(HEX, "hex")) };
const REQUEST = { method: "POST", path: "/api/meters/readings", body: new TextEncoder().encode('{"a":1}') };
const AT = { time: 1_771_256_700, nonce: "n0nce-of-this-one" };

const claimed = (header: string) => {
  const signature = readSignature(header);
  if (signature === null) throw new Error("unreadable");
  return signature;
};

describe("signingKeys", () => {
  it("reads one key, and two while one is rotated", () => {
    expect(signingKeys(`a:${HEX}`)).toEqual([{ keyId: "a", secret: KEY.secret }]);
    expect(signingKeys(`a:${HEX}, b:${"CD".repeat(40)}`)).toMatchObject([{ keyId: "a" }, { keyId: "b" }]);
  });

  it.each([
    ["nothing", ""],
    ["a key without a name", HEX],
    ["a key of 31 bytes", `a:${"ab".repeat(31)}`],
    ["half a byte", `a:${HEX}a`],
    ["what is not hex", `a:${"zz".repeat(32)}`],
    ["three keys", `a:${HEX},b:${HEX},c:${HEX}`],
    ["one name twice", `a:${HEX},a:${HEX}`],
    ["an empty end", `a:${HEX},`],
    ["a name with a space", `a b:${HEX}`],
  ])("refuses %s", (_, setting) => {
    expect(signingKeys(setting)).toBeNull();
  });
});

describe("readSignature", () => {
  const sig = "0f".repeat(32);

  it("reads the fields in any order", () => {
    const read = { keyId: "a", time: 5, nonce: "12345678", signature: new Uint8Array(32).fill(15) };
    expect(readSignature(`keyId=a, time=5, nonce=12345678, sig=${sig}`)).toEqual(read);
    expect(readSignature(`sig=${sig.toUpperCase()},nonce=12345678,time=5,keyId=a`)).toEqual(read);
  });

  it.each([
    "",
    `keyId=a, time=5, nonce=12345678`,
    `keyId=a, time=5, nonce=1234567, sig=${sig}`,
    `keyId=a, time=5, nonce=${"n".repeat(65)}, sig=${sig}`,
    `keyId=a, time=-5, nonce=12345678, sig=${sig}`,
    `keyId=a, time=5.5, nonce=12345678, sig=${sig}`,
    `keyId=a, time=5, nonce=12345678, sig=${sig}00`,
    `keyId=a, keyId=b, time=5, nonce=12345678, sig=${sig}`,
    `keyId=a, time=5, nonce=12345678, sig=${sig}, more=1`,
    `keyId=a b, time=5, nonce=12345678, sig=${sig}`,
    `${" ".repeat(400)}keyId=a, time=5, nonce=12345678, sig=${sig}`,
  ])("refuses %j", (header) => {
    expect(readSignature(header)).toBeNull();
  });
});

describe("a signature", () => {
  it("is an HMAC over method, path, time, nonce and the body's hash, a line each", () => {
    expect(textToSign(REQUEST, AT)).toBe(
      "POST\n/api/meters/readings\n1771256700\nn0nce-of-this-one\n" +
        "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862",
    );
    // Made with another tool: printf '…' | openssl dgst -sha256 -mac HMAC -macopt hexkey:abab…
    expect(sign(KEY, REQUEST, AT)).toBe(
      "keyId=bridge-1, time=1771256700, nonce=n0nce-of-this-one, " +
        "sig=8cf54352d86c5220a8667df8ce1b65f8e143bf68276e5502d362831448397f41",
    );
  });

  it("holds for what was signed, and for nothing else", () => {
    const header = claimed(sign(KEY, REQUEST, AT));
    const other = { keyId: "bridge-1", secret: new Uint8Array(32) };
    expect(isSignedBy([KEY], REQUEST, header)).toBe(true);
    expect(isSignedBy([{ keyId: "old", secret: new Uint8Array(32) }, KEY], REQUEST, header)).toBe(true);
    expect(isSignedBy([], REQUEST, header)).toBe(false);
    expect(isSignedBy([other], REQUEST, header)).toBe(false);
    expect(isSignedBy([KEY], { ...REQUEST, method: "PUT" }, header)).toBe(false);
    expect(isSignedBy([KEY], { ...REQUEST, path: "/api/meters/reading" }, header)).toBe(false);
    expect(isSignedBy([KEY], { ...REQUEST, body: new TextEncoder().encode('{"a":2}') }, header)).toBe(false);
    expect(isSignedBy([KEY], REQUEST, { ...header, time: header.time + 1 })).toBe(false);
    expect(isSignedBy([KEY], REQUEST, { ...header, nonce: "another-one" })).toBe(false);
    expect(isSignedBy([KEY], REQUEST, { ...header, keyId: "bridge-2" })).toBe(false);
  });

  it("is never one under the key that stands in for a missing one", () => {
    const nobody = { keyId: "nobody", secret: new Uint8Array(32) };
    expect(isSignedBy([KEY], REQUEST, claimed(sign(nobody, REQUEST, AT)))).toBe(false);
  });

  it.each([
    [0, true],
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ])("%d seconds off is timely: %s", (seconds, timely) => {
    const header = claimed(sign(KEY, REQUEST, AT));
    expect(isTimely(header, (AT.time + seconds) * 1_000)).toBe(timely);
  });
});
