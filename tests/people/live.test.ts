import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { PaymentPost } from "../../src/domain/ledger.ts";
import { app } from "../../workers/index.ts";
import { accountLocator } from "../../workers/objects/locate.ts";
import { STREAMS_PER_NAME_MAX, sse, type Watch } from "../../workers/portal/live-stream.ts";
import type { LiveAccount, LiveStatus } from "../../workers/portal/live-view.ts";
import { facts } from "../workers/country.ts";
import { Browser, country, customer, idOf, rows, session } from "./country.ts";

type Said = { event: string; data: unknown };

/** The events of a line as they come. */
class Line {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #text = "";
  constructor({ body }: Response) {
    if (body === null) throw new Error("no line was opened");
    this.#reader = body.getReader();
  }

  /** The next event; null: the line has ended. */
  async next(): Promise<Said | null> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return saidIn(block);
      }
      const { value, done } = await this.#reader.read();
      if (done) return null;
      this.#text += new TextDecoder().decode(value);
    }
  }

  close = () => this.#reader.cancel();
}

function saidIn(block: string): Said {
  const of = (name: string) =>
    block
      .split("\n")
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  return { event: of("event") ?? "message", data: JSON.parse(of("data") ?? "null") };
}

/** Opens a line as this browser's page would. */
async function lineOf(browser: Browser, path: string): Promise<Line> {
  const cookie = [...browser.jar].map((pair) => pair.join("=")).join("; ");
  const headers = { Cookie: cookie, Accept: "text/event-stream", "CF-Connecting-IP": browser.address };
  const response = await app.request(path, { headers }, country);
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return new Line(response);
}

const payment = (receipt: string, amountMinor: number): PaymentPost => ({
  entryKey: `receipt:${receipt}#1.1`,
  receipt,
  provider: "mpesa",
  road: "sms",
  amountMinor,
  currency: "LSL",
  paidAt: Date.now(),
  payerPhone: null,
  contra: "clearing",
  actor: null,
  twinAllowed: false,
});

async function connected(account: string) {
  const object = accountLocator(country, account);
  const browser = await customer(account);
  // With a rate, and newer than what the registry has told it.
  await object.configure(facts(account, { accountId: await idOf(account), meters: [], version: 1_000_000 }));
  return { browser, object };
}

describe("a customer's live line", () => {
  it("says at once what the account's own object has, and again when a payment is credited", async () => {
    const { browser, object } = await connected("0911MAK");
    const line = await lineOf(browser, "/api/my/live");
    const before = (await line.next())?.data as LiveAccount;
    expect(before).toMatchObject({ account: "0911MAK", availableWh: 0, seq: 0, lastPayment: null, currency: "LSL" });
    expect(Math.abs(before.asOf - Date.now())).toBeLessThan(60_000);

    await object.post("0911MAK", payment("LIVE0001", 2_000));
    const after = (await line.next())?.data as LiveAccount;
    expect(after).toMatchObject({
      availableWh: 4_000,
      seq: 1,
      lastPayment: { receipt: "LIVE0001", amountMinor: 2_000, energyWh: 4_000, credit: null },
      sms: { kind: "payment_receipt", receipt: "LIVE0001" },
    });
    expect(after.asOf).toBeGreaterThan(before.asOf);
    await line.close();
  });

  it("forgets a payment that was taken back, and shows the one before", async () => {
    const { browser, object } = await connected("0912MAK");
    await object.post("0912MAK", payment("LIVE0002", 1_000));
    await object.post("0912MAK", payment("LIVE0003", 3_000));
    const reversal = { entryKey: "receipt:LIVE0003#1.1", actor: "Mpho", reason: "a test", at: Date.now() };
    await object.reverse("0912MAK", reversal);
    const line = await lineOf(browser, "/api/my/live");
    const said = (await line.next())?.data as LiveAccount;
    expect(said.lastPayment).toMatchObject({ receipt: "LIVE0002", amountMinor: 1_000 });
    await line.close();
  });

  it("is the own account's alone, and staff have theirs", async () => {
    const { browser } = await connected("0913MAK");
    const { browser: staff } = await session(["generic"]);
    const { browser: registrar } = await session(["field_registrar"], { site: "MAK" });
    const asked = async (who: Browser, path: string) => (await who.ask("GET", path)).status;
    expect(await asked(new Browser(), "/api/my/live")).toBe(401);
    expect(await asked(staff, "/api/my/live")).toBe(403);
    expect(await asked(browser, "/api/live/accounts/0911MAK")).toBe(403);
    expect(await asked(browser, "/api/live/status")).toBe(403);
    expect(await asked(registrar, "/api/live/accounts/0913MAK")).toBe(403);
    // The object of an account that nobody made looks into Postgres, which these objects do not have.
    expect(await asked(staff, "/api/live/accounts/9913MAK")).toBe(503);
    expect(await asked(staff, "/api/live/accounts/13")).toBe(404);
    const line = await lineOf(staff, "/api/live/accounts/mak0913");
    expect((await line.next())?.data).toMatchObject({ account: "0913MAK" });
    await line.close();
  });
});

describe("the country's live line", () => {
  it("says what is under way and what the day came to", async () => {
    const { browser } = await session(["generic"]);
    const line = await lineOf(browser, "/api/live/status");
    const said = (await line.next())?.data as LiveStatus;
    expect(said).toMatchObject({ country: "LS", database: "up", depths: { openClaims: expect.any(Number) } });
    expect(said.today?.payments).toEqual(expect.any(Number));
    await line.close();
  });
});

describe("who only watches", () => {
  it("says no word: the session ends as if nobody were there", async () => {
    const { browser, staffId } = await session(["generic"]);
    const seen = async () =>
      (await rows<{ at: string }>(`SELECT last_seen_at::text AS at FROM sessions WHERE staff_id = ${staffId}`))[0]?.at;
    const later = { ...country, CLOCK_OFFSET_MS: String(10 * 60_000) };
    const before = await seen();
    const watching = { headers: { Accept: "text/event-stream" }, env: later };
    expect((await browser.ask("GET", "/api/live/status", undefined, watching)).status).toBe(200);
    expect(await seen()).toBe(before);
    await browser.ask("GET", "/api/me", undefined, { env: later });
    expect(await seen()).not.toBe(before);
  });
});

/** A line over a look of the test's own. */
async function lineOver(
  watch: Partial<Watch<{ asOf: number; depth: number }>> & Pick<Watch<{ asOf: number; depth: number }>, "look">,
) {
  const watched = { name: crypto.randomUUID(), everyMs: 5, ...watch };
  const response = await new Hono().get("/", (c) => sse(c, watched)).request("/");
  return new Line(response);
}

describe("a live line", () => {
  it("is silent while nothing changes but the instant of the look, with a ping now and then", async () => {
    let looks = 0;
    const line = await lineOver({ look: async () => ({ asOf: ++looks, depth: 3 }), pingMs: 20, msMax: 200 });
    expect(await line.next()).toEqual({ event: "message", data: { asOf: 1, depth: 3 } });
    expect((await line.next())?.event).toBe("ping");
    expect(looks).toBeGreaterThan(1);
    await line.close();
  });

  it("ends by itself", async () => {
    const line = await lineOver({ look: async () => ({ asOf: 1, depth: 3 }), msMax: 30 });
    expect((await line.next())?.event).toBe("message");
    expect(await line.next()).toBeNull();
  });

  it("looks no more when nobody listens", async () => {
    let looks = 0;
    const line = await lineOver({ look: async () => ({ asOf: ++looks, depth: looks }) });
    await line.next();
    await line.close();
    await scheduler.wait(30);
    const then = looks;
    await scheduler.wait(60);
    expect(looks).toBe(then);
  });

  it("tells of trouble, says the state again when it is over, and gives up after five failures", async () => {
    const answers = [true, false, true, false, false, false, false, false];
    const line = await lineOver({
      look: async () => {
        if (answers.shift() !== true) throw new Error("no answer");
        return { asOf: 1, depth: 3 };
      },
    });
    const events = [];
    for (let said = await line.next(); said !== null; said = await line.next()) events.push(said.event);
    expect(events).toEqual(["message", "trouble", "message", ...Array.from({ length: 5 }, () => "trouble")]);
  });

  it("gives no line, and takes no place, to whoever asks for the headers alone", async () => {
    const name = crypto.randomUUID();
    let looks = 0;
    const page = new Hono().get("/", (c) =>
      sse(c, { name, everyMs: 5, look: async () => ({ asOf: ++looks, depth: 3 }), msMax: 5_000 }),
    );
    for (let nth = 0; nth <= STREAMS_PER_NAME_MAX; nth++)
      expect((await page.request("/", { method: "HEAD" })).status).toBe(200);
    expect(looks).toBe(0);
    const line = new Line(await page.request("/"));
    expect((await line.next())?.event).toBe("message");
    await line.close();
  });

  it("is always taken when it is the newest of its name: the oldest of too many ends, whether its client is there or not", async () => {
    const name = crypto.randomUUID();
    let looks = 0;
    const page = new Hono().get("/", (c) =>
      sse(c, { name, everyMs: 5, look: async () => ({ asOf: ++looks, depth: 3 }), msMax: 5_000, pingMs: 1_000 }),
    );
    const lines = [];
    for (let nth = 0; nth <= STREAMS_PER_NAME_MAX; nth++) lines.push(new Line(await page.request("/")));
    for (const line of lines) expect((await line.next())?.event).toBe("message");
    expect(await lines[0]?.next()).toBeNull();
    for (const line of lines.slice(1)) await line.close();
    await scheduler.wait(40);
    const then = looks;
    await scheduler.wait(60);
    expect(looks).toBe(then);
  });
});
