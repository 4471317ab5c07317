import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ATTEMPTS_MAX, nextTryAt, readWebhookUrl, secretText, signedHeaders } from "../../src/domain/webhook.ts";

describe("an address to be told at", () => {
  it.each([
    "https://erp.example.org/hook",
    "https://erp.example.org/hook?site=MAK",
    "https://xn--bcher-kva.example.com/",
  ])("%s is taken", (url) => expect(readWebhookUrl(url, false)).toEqual({ ok: true, value: url }));

  it.each([
    "http://erp.example.org/hook",
    "https://127.0.0.1/hook",
    "https://127.1/hook",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://10.0.0.7/",
    "https://169.254.169.254/latest/meta-data",
    "https://8.8.8.8/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[fd00::1]/",
    "https://localhost/",
    "https://localhost./",
    "https://erp.localhost/",
    "https://metadata.google.internal/",
    "https://printer.local/",
    "https://nas.home.arpa/",
    "https://erp.corp/",
    "https://intranet/",
    "https://erp.example.org:8443/hook",
    "https://user:word@erp.example.org/hook",
    "ftp://erp.example.org/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "erp.example.org",
    "",
    `https://erp.example.org/${"x".repeat(500)}`,
  ])("%s is refused", (url) => expect(readWebhookUrl(url, false).ok).toBe(false));

  it("of a laptop's own is taken in the world of a laptop alone", () => {
    expect(readWebhookUrl("http://127.0.0.1:9000/hook", true)).toMatchObject({ ok: true });
    expect(readWebhookUrl("http://127.0.0.1:9000/hook", false)).toMatchObject({ ok: false });
    expect(readWebhookUrl("http://10.0.0.7/hook", true)).toMatchObject({ ok: false });
  });
});

describe("a delivery", () => {
  it("is signed by each secret over id, time and body, so that the other side may still know the older one", () => {
    const secrets = ["one", "two"].map((name) => secretText(Buffer.from(name.repeat(12)).toString("base64url")));
    const headers = signedHeaders(secrets, { id: "payment:QK7#1", time: 1_793_664_000, body: '{"a":1}' });
    const by = (name: string) =>
      `v1,${createHmac("sha256", name.repeat(12)).update('payment:QK7#1.1793664000.{"a":1}').digest("base64")}`;
    expect(headers).toEqual({
      "webhook-id": "payment:QK7#1",
      "webhook-timestamp": "1793664000",
      "webhook-signature": `${by("one")} ${by("two")}`,
    });
  });

  it("waits longer after each failure, and is given up after the last try", () => {
    const waits = Array.from({ length: ATTEMPTS_MAX - 1 }, (_, n) => nextTryAt(n + 1, 0) ?? 0);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.every((wait) => wait >= 60_000)).toBe(true);
    expect(nextTryAt(ATTEMPTS_MAX, 0)).toBeNull();
  });
});
