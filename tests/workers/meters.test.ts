import { expect, it } from "vitest";
import { app } from "../../workers/index.ts";
import { KEYS, settings } from "./country.ts";

async function patch(id: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await app.request(
    `/api/meters/${id}/role`,
    {
      method: "PATCH",
      headers: { "Content-Type": "application/json", "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo", ...headers },
      body: JSON.stringify(body),
    },
    settings,
  );
  return { status: response.status, body: (await response.json()) as { error: { kind: string } } };
}

it.each([
  ["a wrong key", "23099001", { role: "primary" }, { "X-Ops-Key": "wrong" }, 403, "bad_key"],
  ["the IoT bridge's key", "23099001", { role: "primary" }, { "X-Ops-Key": KEYS.iot }, 403, "bad_key"],
  ["nobody's hand", "23099001", { role: "primary" }, { "X-Actor": " " }, 400, "bad_field"],
  ["a role that there is not", "23099001", { role: "main" }, {}, 400, "bad_field"],
  ["a role in another letter case", "23099001", { role: "Primary" }, {}, 400, "bad_field"],
  ["no role", "23099001", {}, {}, 400, "bad_field"],
  ["what is no meter's number", "a%20b", { role: "check" }, {}, 404, "unknown"],
  ["a number that is too long", "9".repeat(41), { role: "check" }, {}, 404, "unknown"],
  ["anything while the database is down", "000023099001", { role: "primary" }, {}, 503, "database_down"],
])("refuses %s", async (_, id, body, headers, status, kind) => {
  expect(await patch(id, body, headers as Record<string, string>)).toMatchObject({ status, body: { error: { kind } } });
});
