import { expect, it } from "vitest";
import { batch, message, phone } from "./mailbox-phone.ts";

it("M01: answers the handshake", async () => {
  const p = await phone();
  const response = await p.request();
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ "medic-gateway": true });
});

it("M09: stores one SMS once and before the answer; killed after the commit, a replay changes nothing", async () => {
  const p = await phone();
  const one = batch([message()]);
  const response = await p.post(one);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ messages: [] });
  expect(await p.smsCount()).toBe(1);
  await p.evict();
  expect((await p.post(one)).status).toBe(200);
  expect(await p.smsCount()).toBe(1);
  await p.alarm();
  expect(p.processed).toHaveLength(1);
  expect(await p.owed("sms_result")).toHaveLength(1);
});
