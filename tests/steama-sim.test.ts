/** SteamaCo as its client finds it. */
import { describe, expect, it } from "vitest";
import { type SteamaMeter, steamaSim } from "../dev/steama/app.ts";
import { NOON } from "./vendor-sims.ts";

const meter = (id: number): SteamaMeter => ({
  id,
  reference: `0990001230${String(id).padStart(3, "0")}`,
  name: `Clinic ${id}`,
  utcOffsetMinutes: 120,
});
const LOGIN = { username: "clinics", password: "s3cret" };
type Reading = { timestamp: string; reading: string; usage_amount: string };
type Page = { count: number; next: string | null; previous: string | null; results: Reading[] };

function steama(meters = [meter(1), meter(2)]) {
  const sim = steamaSim({ login: LOGIN, meters, now: () => NOON });
  const ask = async (url: string, token: string | null, body?: unknown) => {
    const answer = await sim.fetch(
      new Request(new URL(url, "http://steama.example"), {
        ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
        headers: token === null ? {} : { Authorization: `Token ${token}` },
      }),
    );
    const text = await answer.text();
    return { status: answer.status, text, json: text.startsWith("{") ? JSON.parse(text) : {} };
  };
  const signIn = async () => String((await ask("/get-token/", null, LOGIN)).json.token);
  return { ...sim, ask, signIn };
}
const READINGS = "/meters/1/utilities/1/readings/";
const between = (from: string, to: string) => `${READINGS}?start_time=${from}&end_time=${to}`;

describe("SteamaCo", () => {
  it("gives a token for the right password, 400 for a wrong one, and 401 when a token has ended", async () => {
    const { ask, signIn, board } = steama();
    expect(await ask("/get-token/", null, { ...LOGIN, password: "no" })).toMatchObject({ status: 400 });
    const token = await signIn();
    expect((await ask("/meters/", token)).status).toBe(200);
    expect(await ask("/meters/", "another")).toMatchObject({ status: 401, json: { detail: "Invalid token." } });
    board.set({ token_expired: { count: 1 } });
    expect((await ask("/meters/", token)).status).toBe(401);
    expect((await ask("/meters/", await signIn())).status).toBe(200);
  });

  it("lists meters with their leading zeros, and the next page by its full address", async () => {
    const { ask, signIn } = steama(Array.from({ length: 5 }, (_, index) => meter(index + 1)));
    const token = await signIn();
    const first = (await ask("/meters/?page_size=2", token)).json;
    expect(first).toMatchObject({ count: 5, next: expect.stringMatching(/^http:\/\/steama\.example\/meters\//) });
    const seen: string[] = [];
    for (let url: string | null = "/meters/?page_size=2"; url !== null; ) {
      const { json } = await ask(url, token);
      seen.push(...json.results.map(({ reference }: SteamaMeter) => reference));
      url = json.next;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5].map((id) => meter(id).reference));
  });

  it("has each hour's use and the register after it, as texts; the hour at the boundary comes twice", async () => {
    const { ask, signIn, usedWh } = steama();
    const token = await signIn();
    const page = async (from: string, to: string) => (await ask(between(from, to), token)).json as Page;
    const night = await page("2026-11-27T00:00:00Z", "2026-11-27T06:00:00Z");
    const morning = await page("2026-11-27T06:00:00Z", "2026-11-27T12:00:00Z");
    expect(night.results).toHaveLength(7);
    expect(morning.results[0]).toEqual(night.results.at(-1));
    for (const [index, row] of night.results.entries()) {
      expect(row.usage_amount).toMatch(/^\d+\.\d{3}$/);
      const before = night.results[index - 1];
      if (before !== undefined)
        expect(Number(row.reading) - Number(before.reading)).toBeCloseTo(Number(row.usage_amount), 6);
    }
    const used = usedWh(meter(1).reference, Date.parse("2026-11-27T00:00:00Z"), Date.parse("2026-11-27T07:00:00Z"));
    expect(Math.round(night.results.reduce((sum, { usage_amount: kwh }) => sum + Number(kwh) * 1_000, 0))).toBe(used);
  });

  it("has no hour that has not come, and pages of a long time", async () => {
    const { ask, signIn } = steama();
    const token = await signIn();
    const today = (await ask(between("2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z"), token)).json as Page;
    expect(today.results.at(-1)?.timestamp).toBe("2026-11-28T09:00:00Z");
    const week = (await ask(between("2026-11-20T00:00:00Z", "2026-11-27T00:00:00Z"), token)).json as Page;
    expect([week.count, week.results.length, week.next === null]).toEqual([169, 100, false]);
    expect(((await ask(String(week.next), token)).json as Page).results).toHaveLength(69);
    expect((await ask(`${READINGS}?start_time=2026-11-20`, token)).status).toBe(400);
  });

  it("numbers, register_reset, storm and html: what a client must see through", async () => {
    const { ask, signIn, board } = steama();
    const token = await signIn();
    const rows = async () =>
      ((await ask(between("2026-11-27T23:00:00Z", "2026-11-28T02:00:00Z"), token)).json as Page).results;
    board.set({ numbers: true, register_reset: true });
    const [before, reset, after] = await rows();
    expect(typeof before?.usage_amount).toBe("number");
    expect(Number(reset?.usage_amount)).toBeLessThan(0);
    expect(Number(after?.usage_amount)).toBeGreaterThan(0);
    board.set({ all: false, storm: { status: 504, count: 1 } });
    expect((await ask("/meters/", token)).status).toBe(504);
    board.set({ html: { count: 1 } });
    expect(await ask("/meters/", token)).toMatchObject({ status: 200, text: expect.stringContaining("<!doctype") });
  });
});
