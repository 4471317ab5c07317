import { beforeAll, describe, expect, it } from "vitest";
import { KEYS } from "../workers/country.ts";
import { Browser, rows } from "./country.ts";

const TILL = "till-limits";
const reason = "the operator has a new short code";
type Till = { facts: { version: number; senders: string[]; caps: Record<string, number> } };
const ask = async (method: string, path: string, body?: unknown) => {
  const headers = { "X-Ops-Key": KEYS.ops, "X-Actor": "Lineo" };
  const { status, body: said } = await new Browser().ask(method, `/api/ops${path}`, body, { headers });
  return { status, body: said as unknown };
};
const facts = async () => ((await ask("GET", `/tills/${TILL}`)).body as Till).facts;
const put = (body: object, till = TILL) => ask("PUT", `/tills/${till}/limits`, { reason, ...body });

beforeAll(async () => {
  const cutoverAt = new Date(Date.now() - 3_600_000).toISOString();
  expect(await ask("POST", "/init", { cutoverAt })).toMatchObject({ status: 200 });
  expect(await ask("POST", "/tills", { tillId: TILL, name: "North", senders: ["MPESA"] })).toMatchObject({
    status: 200,
  });
});

describe("a till's caps and senders", () => {
  it("are changed with a reason, what is not named stays, and the till itself knows at once", async () => {
    const before = await facts();
    const change = { version: before.version, senders: ["MPESA", "199"], caps: { paymentMinorMax: 150_000 } };
    expect(await put(change)).toMatchObject({ status: 200 });
    const after = await facts();
    expect(after.senders).toEqual(["MPESA", "199"]);
    expect(after.caps).toEqual({ ...before.caps, paymentMinorMax: 150_000 });
    const acts = await rows<{ actor: string; reason: string; was: string; is: string }>(
      `SELECT actor, reason, before ->> 'payment_minor_max' AS was, after ->> 'payment_minor_max' AS is
      FROM mutations WHERE subject = 'till:${TILL}' AND action = 'till.change'`,
    );
    expect(acts).toEqual([{ actor: "Lineo", reason, was: String(before.caps.paymentMinorMax), is: "150000" }]);
  });

  it("of a till that somebody else changed meanwhile are left as they are", async () => {
    const { version } = await facts();
    expect(await put({ version: version - 1, senders: ["FORGER"], caps: {} })).toMatchObject({ status: 409 });
    expect((await facts()).senders).toEqual(["MPESA", "199"]);
  });

  it("are changed by one of two who read them at the same time; the other is told, and the till knows the one", async () => {
    const { version, senders } = await facts();
    const asked = [50_000, 60_000].map((paymentMinorMax) => put({ version, senders, caps: { paymentMinorMax } }));
    const [one, other] = await Promise.all(asked);
    expect([one?.status, other?.status].sort()).toEqual([200, 409]);
    const after = await facts();
    expect(after.caps.paymentMinorMax).toBe(one?.status === 200 ? 50_000 : 60_000);
    expect((one?.status === 409 ? one : other)?.body).toMatchObject({
      error: { kind: "stale", details: { version: after.version } },
    });
  });

  it("are the same change when the same is sent again, though its version is no longer the present one", async () => {
    const { version, senders } = await facts();
    const change = { version, senders, caps: { paymentMinorMax: 70_000 } };
    expect(await put(change)).toMatchObject({ status: 200 });
    const { version: next } = await facts();
    expect(await put(change)).toMatchObject({ status: 200 });
    expect((await facts()).version).toBe(next);
  });

  it.each([
    ["no sender at all", { senders: [], caps: {} }, TILL, 400],
    ["a cap below zero", { senders: ["MPESA"], caps: { paymentMinorMax: -1 } }, TILL, 400],
    ["a cap nobody knows", { senders: ["MPESA"], caps: {}, paymentMax: 5 }, TILL, 400],
    ["no reason", { senders: ["MPESA"], caps: {}, reason: " " }, TILL, 400],
    ["a till that is not there", { senders: ["MPESA"], caps: {} }, "nobodys-till", 404],
    ["a till of a road", { senders: ["MPESA"], caps: {} }, "road-manual", 422],
  ])("are not changed by %s", async (_, body, till, status) => {
    const { version } = await facts();
    expect(await put({ version, ...body }, till)).toMatchObject({ status });
    expect((await facts()).version).toBe(version);
  });
});
