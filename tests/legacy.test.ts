/** The simulated old system: what it wants sent reaches phones of either app. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Legacy, startLegacy } from "../dev/legacy.ts";
import { SmsSyncPhone } from "../dev/smssync-phone.ts";
import { legacyMessages } from "../src/domain/gateway/outgoing.ts";

const REPLY = { id: "reply-1", to: "+26650000109", content: "Paid, thank you" };

let legacy: Legacy;
beforeAll(async () => {
  legacy = await startLegacy({ port: 0 });
});
afterAll(() => legacy.close());

const queue = () =>
  fetch(`${legacy.url}/reply`, { method: "POST", body: JSON.stringify({ messages: [REPLY] }) }).then(({ status }) =>
    expect(status).toBe(200),
  );
const get = (query: string) =>
  fetch(`${legacy.url}/receive.php${query}`, { headers: { "User-Agent": "SMSSync-Android/v3.1.1" } });

it.each([
  ["?task=send", ""],
  ["?task=send&secret=abc", "abc"],
])("answers a queued reply once, in SMSSync's shape, at %s", async (query, secret) => {
  await queue();
  const body = await (await get(query)).text();
  expect(JSON.parse(body)).toEqual({
    payload: { task: "send", secret, messages: [{ to: REPLY.to, message: REPLY.content, uuid: REPLY.id }] },
  });
  expect(legacyMessages(body)).toEqual([REPLY]);
  expect(JSON.parse(await (await get(query)).text())).toEqual({ payload: { task: "send", secret, messages: [] } });
});

it("keeps a reply while phones ask for other things", async () => {
  await queue();
  for (const query of ["", "?task=result", "?task=other"]) await get(query);
  expect(legacyMessages(await (await get("?task=send")).text())).toEqual([REPLY]);
});

it("is understood by an SMSSync phone that asks it directly", async () => {
  await queue();
  const phone = new SmsSyncPhone({ url: `${legacy.url}/receive.php`, secret: "abc" });
  await phone.task();
  expect(phone.tasks).toMatchObject([{ uuid: REPLY.id, to: REPLY.to, message: REPLY.content, timesSent: 1 }]);
});
