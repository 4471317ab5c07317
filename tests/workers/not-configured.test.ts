import { describe, expect, it } from "vitest";
import { wouldCrash } from "../../src/domain/gateway/smssync.ts";
import { app } from "../../workers/index.ts";
import { settings } from "./country.ts";

const broken = { ...settings, AWS_SECRET_ACCESS_KEY: "" };
const PATHS = [
  "/api/sms/incoming",
  "/api/sms/incoming/phone-1.token",
  "/api/bn/sms/incoming",
  "/api/sms/incoming-contract-fees",
  "//api/sms/incoming/",
];

describe("a deployment that lacks a setting", () => {
  it.each(PATHS)("answers phones at %s with a body that stops no app", async (path) => {
    for (const version of ["2.8", "3.1"] as const)
      for (const [asked, method] of [
        ["sms", "POST"],
        ["task_send", "GET"],
        ["task_sent", "POST"],
        ["task_result_ask", "GET"],
        ["task_result", "POST"],
      ] as const) {
        const response = await app.request(path, { method, headers: { "Content-Type": "application/json" } }, broken);
        const text = await response.text();
        expect(response.status).toBe(503);
        expect({ text, crash: wouldCrash(text, 503, version, asked) }).toEqual({ text, crash: null });
        expect(JSON.parse(text)).toMatchObject({
          error: true,
          message: "this deployment is not configured",
          payload: { success: false, ...(method === "GET" && { task: "", secret: "", messages: [] }) },
        });
      }
  });

  it.each([
    ["nothing", "", "LINK_SIGNING_KEYS is missing"],
    [
      "a key of 31 bytes",
      `a:${"ab".repeat(31)}`,
      "LINK_SIGNING_KEYS must hold one or two id:key, each key at least 32 bytes in hex, separated by a comma",
    ],
  ])("says so of links with %s to sign them", async (_, keys, fault) => {
    const response = await app.request("/health", {}, { ...settings, LINK_SIGNING_KEYS: keys });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { kind: "not_configured", details: [fault] } });
  });

  it("names the setting to everybody else", async () => {
    const response = await app.request("/health", {}, broken);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      error: { kind: "not_configured", details: ["AWS_SECRET_ACCESS_KEY is missing"] },
    });
  });
});
