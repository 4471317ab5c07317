/** The simulated gateway phones are what the story tests trust: here they are held to the real apps' behaviour. */
import { describe, expect, it } from "vitest";
import { MedicPhone } from "../dev/medic-phone.ts";
import { ClientCrash } from "../dev/phone-http.ts";
import { CHATTER, SampleTill } from "../dev/samples.ts";
import { SmsSyncPhone, tasksIn } from "../dev/smssync-phone.ts";
import { COUNTRIES } from "../src/domain/country.ts";
import { parseSms } from "../src/domain/sms/parse.ts";

type Seen = { method: string; url: string; headers: Headers; body: string };

/** A server that answers from a list, and the last answer for ever after. */
function server(...answers: (() => Response)[]) {
  const seen: Seen[] = [];
  const transport = async (url: string, init: RequestInit) => {
    const body = typeof init.body === "string" ? init.body : "";
    seen.push({ method: init.method ?? "GET", url, headers: new Headers(init.headers), body });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === undefined) throw new Error("no answer");
    return answer();
  };
  return { seen, transport };
}
const json =
  (body: unknown, status = 200) =>
  () =>
    new Response(JSON.stringify(body), { status });
const sms = { from: "MPESA", content: "a/b" };
const ids = ({ body }: Seen) => (JSON.parse(body) as { messages: { id: string }[] }).messages.map(({ id }) => id);

describe("a Medic phone", () => {
  const medic = (transport: MedicTransport, url = "https://u:p@h/sms") => new MedicPhone({ url, transport });
  type MedicTransport = ReturnType<typeof server>["transport"];

  it.each([
    [25, [10, 10, 5]],
    [20, [10, 10, 0]],
    [0, [0]],
  ])("drains %i waiting SMS in batches of %j", async (count, batches) => {
    const { seen, transport } = server(json({ messages: [] }));
    const phone = medic(transport);
    for (let i = 0; i < count; i++) phone.store(sms);
    await phone.wake();
    expect(seen.map((request) => ids(request).length)).toEqual(batches);
  });

  it.each([
    ["an empty body", () => new Response("")],
    ["a list", json([])],
    ["HTML", () => new Response("<html>")],
    ["a 500", json({ messages: [] }, 500)],
    ["a 307", () => new Response(null, { status: 307, headers: { location: "https://h/x" } })],
  ])("sends the same SMS again after %s", async (_name, bad) => {
    const { seen, transport } = server(bad, json({ messages: [] }));
    const phone = medic(transport);
    const id = await phone.onSms(sms);
    expect(phone.waiting).toBe(1);
    await phone.poll();
    expect(seen.map(ids)).toEqual([[id], [id]]);
    expect(phone.waiting).toBe(0);
  });

  it("loses a batch to a redirect whose GET answers an object", async () => {
    const moved = () => new Response(null, { status: 302, headers: { location: "/other" } });
    const { seen, transport } = server(moved, json({ "medic-gateway": true }));
    const phone = medic(transport);
    await phone.onSms(sms);
    expect(seen.map(({ method }) => method)).toEqual(["POST", "GET"]);
    expect(phone.waiting).toBe(0);
  });

  it("takes an object with anything behind it, and one that reports an error, for an acknowledgement", async () => {
    const { transport } = server(() => new Response('{"error":true} trailing'));
    const phone = medic(transport);
    await phone.onSms(sms);
    expect(phone.waiting).toBe(0);
  });

  it("writes the body as the app does, and encodes the password twice over", async () => {
    const { seen, transport } = server(json({}));
    await medic(transport, "https://u:p@ss@h/sms").onSms(sms);
    expect(seen[0]?.body).toMatch(
      /^\{"messages":\[\{"sms_received":\d+,"sms_sent":\d+,"content":"a\\\/b","from":"MPESA","id":/,
    );
    expect(seen[0]?.headers.get("authorization")).toBe(`Basic ${btoa("u:p%40ss")}`);
  });

  it("sends each offered SMS once, however often it is offered, and reports every step", async () => {
    const offer = json({ messages: [{ id: "o1", to: "+266 5000-0101", content: "hi" }, null, { id: "o2" }] });
    const { seen, transport } = server(offer);
    const phone = medic(transport);
    await phone.wake();
    await phone.wake();
    await phone.wake();
    expect([...phone.outgoing.values()]).toMatchObject([
      { id: "o1", to: "+26650000101", status: "DELIVERED", timesSent: 1 },
    ]);
    const statuses = (JSON.parse(seen[1]?.body ?? "{}") as { updates: { status: string }[] }).updates;
    expect(statuses.map(({ status }) => status)).toEqual(["UNSENT", "PENDING", "SENT", "DELIVERED"]);
  });

  it("sends its log again under the same ids after a reinstall", async () => {
    const { seen, transport } = server(json({}));
    const phone = medic(transport);
    const id = await phone.onSms(sms);
    phone.wipe({ keepLog: true });
    phone.replayLog();
    await phone.poll();
    expect(seen.map(ids)).toEqual([[id], [id]]);
  });
});

describe("an SMSSync phone", () => {
  const good = json({ payload: { success: true, error: null } });

  it.each([
    ["success", good, true],
    ["the word true", json({ payload: { success: "TRUE" } }, 201), true],
    ["success under 202", json({ payload: { success: true } }, 202), false],
    ["1", json({ payload: { success: 1 } }), false],
    ["no payload", json({}), false],
    ["text behind the object", () => new Response('{"payload":{"success":true}} x'), false],
  ])("believes %s or not", async (_name, answer, taken) => {
    expect(await new SmsSyncPhone({ url: "https://h/t", ...server(answer) }).onSms(sms)).toBe(taken);
  });

  it("posts what was not taken again, newest first, under the same id", async () => {
    const { seen, transport } = server(json({}, 500), json({}, 500), good);
    const phone = new SmsSyncPhone({ url: "https://h/t", transport, secret: "s" });
    await phone.onSms({ ...sms, content: "first" });
    await phone.onSms({ ...sms, content: "second" });
    await phone.sync();
    const posts = seen.map(({ body }) => new URLSearchParams(body));
    expect(posts.map((post) => post.get("message"))).toEqual(["first", "second", "second", "first"]);
    expect(posts[3]?.get("message_id")).toBe(posts[0]?.get("message_id"));
  });

  it("version 3.0.3 posts 900 times for 30 SMS, each with all before it", async () => {
    let isUp = false;
    const answer = () => (isUp ? good() : json({}, 500)());
    const { seen, transport } = server(answer);
    const phone = new SmsSyncPhone({ url: "https://h/t", transport, version: "3.0.3" });
    for (let i = 0; i < 30; i++) await phone.onSms({ ...sms, content: String(i) });
    isUp = true;
    await phone.sync();
    expect(seen.length - 30).toBe(900);
    expect(new URLSearchParams(seen[1]?.body).getAll("message")).toEqual(["0", "1"]);
  });

  it.each([
    ["HTML", "<html>"],
    ["no payload", "{}"],
    ["no messages", '{"payload":{"task":"send","secret":"s"}}'],
    ["no task", '{"payload":{"messages":[]}}'],
    ["an empty number", '{"payload":{"task":"send","secret":"s","messages":[{"to":"","message":"m","uuid":"u"}]}}'],
    ["a null among the messages", '{"payload":{"task":"send","secret":"s","messages":[null]}}'],
  ])("would crash of %s at a task check, and the simulator says so", (_name, text) => {
    expect(() => tasksIn(text, "s")).toThrow(ClientCrash);
  });

  const offer = (secret: string) =>
    json({
      payload: { task: "send", secret, messages: ["u1", "u2"].map((uuid) => ({ uuid, to: "1", message: "m" })) },
    });

  it("does nothing for another secret", async () => {
    expect(await new SmsSyncPhone({ url: "https://h/t", secret: "s", ...server(offer("S")) }).task()).toEqual([]);
  });

  it("with the results API, sends only what its claim was granted", async () => {
    const { seen, transport } = server(offer("s"), json({ message_uuids: ["u2"] }));
    const phone = new SmsSyncPhone({ url: "https://h/t", secret: "s", resultsApi: true, transport });
    expect(await phone.task()).toMatchObject([{ uuid: "u2", timesSent: 1 }]);
    expect(seen.map(({ url }) => url)).toEqual(["https://h/t?task=send&secret=s", "https://h/t?task=sent"]);
  });
});

describe("sample texts", () => {
  it("are the same for the same seed, and their balances form a chain", () => {
    const day = () => {
      const till = new SampleTill({ operator: "mpesa", seed: 7, balanceMinor: 39_235 });
      const at = Date.UTC(2026, 3, 10, 15, 57);
      return [till.pay({ account: "0252SHG", amountMinor: 2_000, at }), till.pay({ amountMinor: 135_050, at })];
    };
    const [first, second] = day();
    expect(day()).toEqual([first, second]);
    expect(first?.sms).toEqual({
      from: "MPESA",
      content: expect.stringMatching(
        /^0410T\w{7} Confirmed\. on 10\/4\/26 at 5:57 PM M20\.00 received from 2665\d{7} - \w+ Sample 2665\d{7}\.New M-Pesa balance is M412\.35 Reference: 0252SHG\.$/,
      ),
    });
    expect(second?.sms.content).toMatch(/M1,350\.50 received .* balance is M1,762\.85$/);
  });

  it.each([
    [
      "ecocash",
      /^You have received M25 from \w+ Sample-6\d{7} for 0119mat\. Approval Code: MP\d{6}\.\d{4}\.A\d{5}\. New wallet balance: M425\.0\.$/,
    ],
    [
      "momo",
      /^Vous avez reçu 2 500 FCFA de [A-Z]+ SAMPLE \(2290197\d{6}\)\. Motif: 0119mat\. ID transaction: \d{10}\. Nouveau solde: 42 500 FCFA\.$/,
    ],
  ] as const)("of %s have the operator's form", (operator, form) => {
    const till = new SampleTill({ operator, seed: 1 });
    expect(till.pay({ account: "0119mat", amountMinor: 2_500, at: Date.UTC(2026, 5, 18, 7, 53) }).sms.content).toMatch(
      form,
    );
  });

  it.each([
    ["mpesa", "LS"],
    ["ecocash", "LS"],
    ["momo", "BJ"],
  ] as const)("of %s are read by the parser as what they say", (operator, country) => {
    const till = new SampleTill({ operator, seed: 4, balanceMinor: 123_450 });
    const at = Date.UTC(2026, 10, 24, 22, 5);
    const { sms: text, payment } = till.pay({
      account: country === "LS" ? "0119MAT" : "0045SAM",
      amountMinor: 135_000,
      at,
    });
    expect(parseSms(text.content, text.from, COUNTRIES[country])).toMatchObject({
      kind: "payment",
      provider: operator,
      receipt: payment.receipt,
      amountMinor: 135_000,
      payerPhone: payment.phone,
      newBalanceMinor: 258_450,
      printedAt: operator === "momo" ? null : at,
    });
    const out = till.payOut(1_000, at);
    expect(parseSms(out.content, out.from, COUNTRIES[country]).kind).toBe("outgoing");
    for (const chat of CHATTER[operator])
      expect(parseSms(chat.content, chat.from, COUNTRIES[country]).kind).toBe("unparsed");
  });
});
