import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import type { Mailbox } from "../../workers/objects/mailbox.ts";
import { batch, message, phone, unparsed } from "./mailbox-phone.ts";

it("an object has its next alarm armed before the work: one that dies in the middle is woken again", async () => {
  const p = await phone();
  await p.post(batch([message()]));
  const armed: (number | null)[] = [];
  await runInDurableObject(p.stub, (mailbox: Mailbox, state) => {
    const process: typeof mailbox.world.processor.process = async (sms) => {
      armed.push(await state.storage.getAlarm());
      return unparsed(sms);
    };
    mailbox.world = { ...mailbox.world, processor: { process } };
  });
  const began = Date.now();
  await p.alarm();
  expect(armed).toHaveLength(1);
  expect(armed[0]).toBeGreaterThan(began);
});

it("an object whose alarm was lost with a deploy sets it with the first call of its new life, though nothing new is due", async () => {
  const p = await phone();
  await p.post(batch([message()]));
  await evictDurableObject(p.stub);
  await runInDurableObject(p.stub, (_mailbox: Mailbox, state) => state.storage.deleteAlarm());
  // The same request again brings nothing: whatever is armed then is for what the life before left behind.
  await p.stub.configure(p.facts());
  const armed = await runInDurableObject(p.stub, (_mailbox: Mailbox, state) => state.storage.getAlarm());
  expect(armed).not.toBeNull();
});

it("an object whose alarm could not be set sets it at the next call: nothing waits for ever without one", async () => {
  const p = await phone();
  await evictDurableObject(p.stub);
  await runInDurableObject(p.stub, async (_mailbox: Mailbox, state) => {
    await state.storage.deleteAlarm();
    const storage: DurableObjectStorage = Object.getPrototypeOf(state.storage);
    const { setAlarm } = storage;
    storage.setAlarm = async () => {
      storage.setAlarm = setAlarm;
      throw new Error("the storage fails");
    };
  });
  const body = batch([message()]);
  expect((await p.post(body)).status).toBe(503);
  expect((await p.post(body)).status).toBe(200);
  const armed = await runInDurableObject(p.stub, (_mailbox: Mailbox, state) => state.storage.getAlarm());
  expect(armed).not.toBeNull();
});
