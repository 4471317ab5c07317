import { expect, it } from "vitest";
import { batch, DAY, HOUR, MINUTE, message, NOON, outgoing, phone } from "./mailbox-phone.ts";

const update = (id: string, status: string, reason?: string) => ({ status, id, ...(reason && { reason }) });

it("M40, M53: never offers again what the phone has said anything about, for 13 hours and after", async () => {
  const p = await phone();
  await p.stub.enqueue(outgoing("a"));
  expect(await p.offers()).toEqual([{ id: "a", to: "+26650000101", content: "Receipt a" }]);
  await p.offers([update("a", "UNSENT")]);
  for (p.now = NOON; p.now < NOON + 13 * HOUR; p.now += 30 * MINUTE) expect(await p.offers()).toEqual([]);
});

it("M41: offers again, the same, when the answer was lost; not before five minutes", async () => {
  const p = await phone();
  await p.stub.enqueue(outgoing("a"));
  const first = await p.offers();
  p.now = NOON + 5 * MINUTE - 1;
  expect(await p.offers()).toEqual([]);
  await p.evict();
  p.now = NOON + 5 * MINUTE;
  expect(await p.offers()).toEqual(first);
});

it("M42: a poll every second sees an unanswered SMS once in five minutes", async () => {
  const p = await phone();
  await p.stub.enqueue(outgoing("a"));
  let seen = 0;
  for (; p.now < NOON + 10 * MINUTE; p.now += 10_000) seen += (await p.offers()).length;
  expect(seen).toBe(2);
});

it("M43: of 60 waiting SMS, no answer holds and the phone never has more than ten", async () => {
  const p = await phone();
  for (let n = 0; n < 60; n++) await p.stub.enqueue(outgoing(`m${n}`, { createdAt: NOON + n }));
  const sent = new Set<string>();
  for (let poll = 0; poll < 6; poll++) {
    const offered = await p.offers();
    expect(offered).toHaveLength(10);
    expect(await p.offers()).toEqual([]);
    expect(await p.offers(offered.map(({ id }) => update(id, "UNSENT")))).toEqual([]);
    await p.post(
      batch(
        [],
        offered.map(({ id }) => update(id, "PENDING")),
      ),
    );
    for (const { id } of offered) sent.add(id);
    // The answer to the updates already carried the next ten: let them be offered again.
    p.now += 5 * MINUTE;
  }
  expect(sent.size).toBe(60);
});

it("M44, M45, M46: keeps the history and derives the state", async () => {
  const p = await phone();
  for (const id of ["a", "b", "c", "d"]) await p.stub.enqueue(outgoing(id));
  const log = (id: string, text: string) =>
    text.split(" ").map((status) => update(id, status, status === "FAILED" ? "radio" : undefined));
  await p.post(batch([], log("a", "UNSENT PENDING SENT DELIVERED DELIVERED")));
  await p.post(
    batch(
      [],
      [...log("b", "SENT PENDING"), ...log("c", "DELIVERED SENT"), ...log("d", "PENDING UNSENT PENDING FAILED")],
    ),
  );
  const state = async (id: string) => (await p.stub.outgoing(id))?.state;
  expect(await Promise.all(["a", "b", "c", "d"].map(state))).toEqual(["delivered", "sent", "delivered", "failed"]);
  expect((await p.stub.outgoing("d"))?.reason).toBe("radio");
  await p.post(batch([], log("d", "UNSENT SENT")));
  expect(await p.stub.outgoing("d")).toMatchObject({ state: "sent", reason: null });
  expect(await p.rows("SELECT status, repeats FROM outgoing_updates WHERE outgoing_id = 'a' ORDER BY seq")).toEqual([
    { status: "UNSENT", repeats: 0 },
    { status: "PENDING", repeats: 0 },
    { status: "SENT", repeats: 0 },
    { status: "DELIVERED", repeats: 1 },
  ]);
  const kept = await p.rows("SELECT reason FROM outgoing_updates WHERE outgoing_id = 'd' AND reason IS NOT NULL");
  expect(kept).toEqual([{ reason: "radio" }]);
});

it("M47, M48: a failure stays one, with or without a reason, and its id is never used again", async () => {
  const p = await phone();
  for (const id of ["a", "b", "c"]) await p.stub.enqueue(outgoing(id));
  await p.offers();
  await p.post(
    batch(
      [],
      [update("a", "FAILED", "destination.invalid"), update("b", "FAILED"), update("c", "FAILED", "r".repeat(5_000))],
    ),
  );
  expect(await p.stub.outgoing("a")).toMatchObject({ state: "failed", reason: "destination.invalid" });
  expect(await p.stub.outgoing("b")).toMatchObject({ state: "failed", reason: null });
  expect((await p.stub.outgoing("c"))?.reason).toHaveLength(5_000);
  p.now = NOON + HOUR;
  expect(await p.offers()).toEqual([]);
  expect(await p.stub.enqueue(outgoing("a"))).toEqual({ status: "exists" });
  expect(await p.offers()).toEqual([]);
});

it("M49: updates about unknown SMS or without sense change nothing, here or at another phone", async () => {
  const [a, b] = [await phone(), await phone()];
  await b.stub.enqueue(outgoing("b"));
  const response = await a.post(
    batch([], [update("b", "SENT"), { status: "SENT" }, { id: "b" }, update("b", "WEIRD"), 5]),
  );
  expect(response.status).toBe(200);
  expect(await b.stub.outgoing("b")).toMatchObject({ state: "queued" });
});

it("M50: offers exact strings", async () => {
  const p = await phone();
  const content = 'say "hé" 😀\n</script> \\';
  await p.stub.enqueue(outgoing("a", { content }));
  const raw = await (await p.post(batch([]))).text();
  expect(JSON.parse(raw)).toEqual({ messages: [{ id: "a", to: "+26650000101", content }] });
  // The vector's `to` with spaces never gets here: the design checks the number before it is queued.
  expect(await p.stub.enqueue(outgoing("b", { to: "266 5000 0101" }))).toMatchObject({ status: "refused" });
});

it("M51: does not offer an SMS past its time, and says so", async () => {
  const p = await phone();
  await p.stub.enqueue(outgoing("a", { expiresAt: NOON + DAY }));
  p.now = NOON + DAY;
  expect(await p.offers()).toEqual([]);
  expect(await p.stub.outgoing("a")).toMatchObject({ state: "expired" });
  expect((await p.owed("sms_outbound")).map((row) => row.state)).toEqual(["queued", "expired"]);
});

it("M52: an SMS reaches one phone only", async () => {
  const [a, b] = [await phone(), await phone()];
  await a.stub.enqueue(outgoing("x"));
  const [atA, atB] = await Promise.all([a.offers(), b.offers()]);
  expect([atA.length, atB.length]).toEqual([1, 0]);
});

it("tells Postgres each change with a rising version", async () => {
  const p = await phone();
  await p.stub.enqueue(outgoing("a"));
  await p.offers();
  await p.post(batch([message()], [update("a", "SENT")]));
  const rows = await p.owed("sms_outbound");
  expect(rows.map((row) => row.state)).toEqual(["queued", "offered", "sent"]);
  const versions = rows.map((row) => row.version);
  expect(versions).toEqual([...new Set(versions)].toSorted((x, y) => x - y));
});

it("moves what was never offered away from a phone that was silent for 20 minutes, by the same id, and nothing else", async () => {
  const to = await phone();
  const from = await phone(
    {},
    {
      phones: async () => [
        {
          phoneId: to.id,
          tillId: "till-b",
          channel: "electricity",
          lastPollAt: NOON + 20 * MINUTE,
          oldestUnprocessedAt: null,
          revoked: false,
        },
      ],
    },
  );
  await from.stub.enqueue(outgoing("offered"));
  await from.offers();
  await from.stub.enqueue(outgoing("never"));
  from.now = NOON + 19 * MINUTE;
  await from.alarm();
  expect(await from.stub.outgoing("never")).toMatchObject({ state: "queued" });
  from.now = to.now = NOON + 21 * MINUTE;
  await from.alarm();
  expect(await from.stub.outgoing("never")).toMatchObject({ state: "moved" });
  expect(await from.stub.outgoing("offered")).toMatchObject({ state: "offered" });
  expect((await to.offers()).map((sms) => sms.id)).toEqual(["never"]);
  const here = (await from.owed("sms_outbound")).at(-1);
  const there = await to.owed("sms_outbound");
  expect(here).toMatchObject({ id: "never", state: "moved" });
  expect(Math.min(...there.map((row) => row.version))).toBeGreaterThan(here?.version ?? Number.NaN);
});

it("hands over again, by the same id, when it died between the mark and the other phone", async () => {
  let calls = 0;
  const to = await phone();
  const from = await phone({}, (own) => ({
    phones: async () => [
      {
        phoneId: to.id,
        tillId: "till-b",
        channel: "electricity",
        lastPollAt: NOON + 20 * MINUTE,
        oldestUnprocessedAt: null,
        revoked: false,
      },
    ],
    enqueueAt: async (target, sms, from) => {
      calls += 1;
      const answer = await own.enqueueAt(target, sms, from);
      if (calls === 1) throw new Error("the answer was lost");
      return answer;
    },
  }));
  await from.stub.enqueue(outgoing("a"));
  from.now = NOON + 21 * MINUTE;
  await from.alarm();
  await from.evict();
  from.now += MINUTE;
  await from.alarm();
  expect(calls).toBe(2);
  expect(await from.rows("SELECT id FROM outgoing WHERE moving = 1")).toEqual([]);
  expect(await to.offers()).toHaveLength(1);
});

const pulseOf = (of: { id: string }, lastPollAt: number) => ({
  ...{ phoneId: of.id, tillId: "till-b", channel: "electricity" as const, lastPollAt },
  ...{ oldestUnprocessedAt: null, revoked: false },
});

it("is with one of three phones alone when the answers to both of its moves were lost", async () => {
  const c = await phone();
  const b = await phone({}, { phones: async () => [pulseOf(c, b.now)] });
  let isLost = true;
  const a = await phone({}, (own) => ({
    phones: async () => [pulseOf(b, a.now)],
    enqueueAt: async (target, sms, from) => {
      const answer = await own.enqueueAt(target, sms, from);
      if (isLost) throw new Error("the answer was lost");
      return answer;
    },
  }));
  await a.stub.enqueue(outgoing("x"));
  a.now = b.now = c.now = NOON + 21 * MINUTE;
  await a.alarm();
  expect(await b.stub.outgoing("x")).toMatchObject({ state: "queued" });
  // B falls silent too, and C takes it before A asks again.
  b.now = c.now = NOON + 43 * MINUTE;
  await b.alarm();
  expect(await b.stub.outgoing("x")).toMatchObject({ state: "moved" });
  isLost = false;
  a.now = b.now;
  await a.alarm();
  expect(await a.rows("SELECT id FROM outgoing WHERE moving = 1")).toEqual([]);
  const offered = [await a.offers(), await b.offers(), await c.offers()];
  expect(offered.map((sms) => sms.length)).toEqual([0, 0, 1]);
});

it("stays with the phone that it moved to when whoever owed it asks its first phone again", async () => {
  const b = await phone();
  const a = await phone({}, { phones: async () => [pulseOf(b, a.now)] });
  await a.stub.enqueue(outgoing("x"));
  a.now = b.now = NOON + 21 * MINUTE;
  await a.alarm();
  expect(await a.stub.enqueue(outgoing("x"))).toEqual({ status: "exists" });
  expect([(await a.offers()).length, (await b.offers()).length]).toEqual([0, 1]);
});

it("goes back to the phone that it came from when that one is well again and the other is not", async () => {
  const b = await phone({}, { phones: async () => [pulseOf(a, b.now)] });
  const a = await phone({}, { phones: async () => [pulseOf(b, a.now)] });
  await a.stub.enqueue(outgoing("x"));
  a.now = b.now = NOON + 21 * MINUTE;
  await a.alarm();
  a.now = b.now = NOON + 43 * MINUTE;
  await b.alarm();
  expect([(await b.offers()).length, (await a.offers()).length]).toEqual([0, 1]);
});

it("is not offered again while nobody knows whether the carrier has it, and not after its time either", async () => {
  const asked: string[] = [];
  const p = await phone({}, () => ({
    phones: async () => [],
    route: async () => "phone_else_carrier",
    enqueueAt: async (channel) => {
      asked.push(channel);
      return { status: "not_ready" };
    },
  }));
  await p.stub.enqueue(outgoing("x", { expiresAt: NOON + HOUR }));
  p.now = NOON + 21 * MINUTE;
  await p.alarm();
  expect(await p.offers()).toEqual([]);
  p.now += 6 * MINUTE;
  await p.alarm();
  expect(asked.length).toBeGreaterThan(1);
  p.now = NOON + 2 * HOUR;
  const before = asked.length;
  await p.alarm();
  expect(asked).toHaveLength(before);
  expect(await p.offers()).toEqual([]);
});

it("gives the carrier what a silent phone has never offered, where no other phone is well and its route says so, once", async () => {
  const taken: { channel: string; id: string; from: string }[] = [];
  const from = await phone({}, () => ({
    phones: async () => [],
    route: async (kind) => (kind === "low_balance" ? "phone" : "phone_else_carrier"),
    enqueueAt: async (channel, sms, from) => {
      taken.push({ channel, id: sms.id, from });
      if (taken.length === 1) throw new Error("the answer was lost");
      return { status: "exists" };
    },
  }));
  await from.stub.enqueue(outgoing("offered"));
  await from.offers();
  await from.stub.enqueue(outgoing("never"));
  await from.stub.enqueue({ ...outgoing("stays"), template: "low_balance" });
  from.now = NOON + 19 * MINUTE;
  await from.alarm();
  expect(taken).toEqual([]);
  from.now = NOON + 41 * MINUTE;
  await from.alarm();
  from.now += 6 * MINUTE;
  await from.alarm();
  const handed = { channel: "carrier:cm", id: "never", from: from.id };
  expect(taken).toEqual([handed, handed]);
  expect(await from.stub.outgoing("never")).toMatchObject({ state: "moved" });
  expect(await from.stub.outgoing("stays")).toMatchObject({ state: "queued" });
  expect(await from.stub.outgoing("offered")).toMatchObject({ state: "offered" });
});

it("expires what waits at a phone that never comes back, and forgets all but its id when Postgres had it for 35 days", async () => {
  const p = await phone();
  await p.stub.enqueue(outgoing("a"));
  p.now = NOON + DAY;
  await p.alarm();
  expect(await p.stub.outgoing("a")).toMatchObject({ state: "expired" });
  p.now += 40 * DAY;
  await p.alarm();
  expect(await p.stub.outgoing("a")).not.toBeNull();
  await p.copyAll();
  p.now += DAY;
  await p.alarm();
  expect(await p.stub.outgoing("a")).toBeNull();
  expect(await p.stub.enqueue(outgoing("a"))).toEqual({ status: "exists" });
  expect(await p.offers()).toEqual([]);
});
