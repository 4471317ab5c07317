import { describe, expect, it } from "vitest";
import { smsKey } from "../dev/simulate/invariants.ts";
import { Machine } from "../dev/simulate/machine.ts";
import { OldSystem } from "../dev/simulate/old-system.ts";
import { Disk } from "../dev/simulate/storage.ts";

const AT = Date.parse("2026-11-03T06:00:00Z");
const SMS = { id: "m1", content: "paid 10.00" };

/** An old system, the disk of the one Mailbox there is, and what sends it SMS after so many seconds. */
function old(seed = 1, clocksSince = Number.NEGATIVE_INFINITY) {
  const machine = new Machine(seed, AT);
  const disk = new Disk();
  disk.database.exec(`CREATE TABLE sms (external_id TEXT, content TEXT, request_id INTEGER);
    CREATE TABLE forwards (request_id INTEGER, state TEXT)`);
  const system = new OldSystem(machine, () => ({ disks: new Map([["phone", disk]]), clocksSince: () => clocksSince }));
  const send = (body: unknown, failing = 0) =>
    system.answer(new Request("http://old.test", { method: "POST", body: JSON.stringify(body) }), failing);
  return { machine, disk, system, send, wait: (seconds: number) => machine.until(machine.sleep(seconds * 1_000)) };
}

describe("the simulated old system", () => {
  it("takes each SMS once, and polls without any", async () => {
    const { system, send } = old();
    await send({ messages: [SMS, { ...SMS, id: "m2" }], updates: [] });
    expect((await send({})).status).toBe(200);
    expect(system.cameAgain()).toEqual([]);
    expect([...system.came]).toEqual([SMS, { ...SMS, id: "m2" }].map(smsKey));
  });

  it("notices an SMS that two send at once", async () => {
    const { system, send, wait } = old();
    await send({ messages: [SMS] });
    await wait(2);
    await send({ messages: [SMS] });
    expect(system.cameAgain()).toEqual(['m1 "paid 10.00": 2000 ms after it had come']);
    expect(system.cameAgain()).toEqual([]);
  });

  it("takes again what came a minute ago and nobody heard of", async () => {
    const { system, send, wait } = old();
    await send({ messages: [SMS] });
    await wait(60);
    await send({ messages: [SMS] });
    expect(system.cameAgain()).toEqual([]);
  });

  it("notices an SMS that comes again, however late, though its Mailbox has written that it came", async () => {
    const { system, send, wait, disk } = old();
    await send({ messages: [SMS] });
    disk.rows("INSERT INTO sms VALUES (?, ?, 7)", [SMS.id, SMS.content]);
    disk.rows("INSERT INTO forwards VALUES (7, 'confirmed')", []);
    await wait(3_600);
    await send({ messages: [SMS] });
    expect(system.cameAgain()).toEqual(['m1 "paid 10.00": its Mailbox knew it was there']);
  });

  it("on a bad day has nothing, or has it and says so to nobody, or a gateway answers: then it may come again at once", async () => {
    const ends = new Set<string>();
    for (let seed = 1; seed <= 30; seed++) {
      const { system, send } = old(seed);
      const end = await send({ messages: [SMS] }, 1).then(
        ({ status }) => String(status),
        ({ message }: Error) => message,
      );
      ends.add(end);
      expect(system.came.size).toBe(end.includes("is lost") ? 1 : 0);
      await send({ messages: [SMS] });
      expect([...system.came, ...system.cameAgain()]).toEqual([smsKey(SMS)]);
      await send({ messages: [SMS] });
      expect(system.cameAgain()).toHaveLength(1);
    }
    expect([...ends].toSorted()).toEqual(["502", "the old system does not answer", "the old system's answer is lost"]);
  });

  it("notices an SMS that comes again though nobody was answered, once its Mailbox has written that it came", async () => {
    const { machine, system, send, disk } = old();
    machine.draw.pick = (of) => of[1] ?? of[0];
    await expect(send({ messages: [SMS] }, 1)).rejects.toThrow("is lost");
    disk.rows("INSERT INTO sms VALUES (?, ?, 7)", [SMS.id, SMS.content]);
    disk.rows("INSERT INTO forwards VALUES (7, 'confirmed')", []);
    await send({ messages: [SMS] });
    expect(system.cameAgain()).toEqual(['m1 "paid 10.00": its Mailbox knew it was there']);
  });

  it("asks no lease of Mailboxes of which one has just woken by another clock, but a minute later what it has written", async () => {
    const { system, send, disk, wait } = old(1, AT - 60_000);
    await send({ messages: [SMS] });
    await send({ messages: [SMS] });
    expect(system.cameAgain()).toEqual([]);
    disk.rows("INSERT INTO sms VALUES (?, ?, 7)", [SMS.id, SMS.content]);
    disk.rows("INSERT INTO forwards VALUES (7, 'confirmed')", []);
    await send({ messages: [SMS] });
    expect(system.cameAgain()).toEqual([]);
    await wait(60);
    await send({ messages: [SMS] });
    expect(system.cameAgain()).toEqual(['m1 "paid 10.00": its Mailbox knew it was there']);
  });

  it("asks it of those whose clocks have long gone alike, however wrong", async () => {
    const { system, send } = old(1, AT - 121_000);
    await send({ messages: [SMS] });
    await send({ messages: [SMS] });
    expect(system.cameAgain()).toEqual(['m1 "paid 10.00": 0 ms after it had come']);
  });
});
