import { describe, expect, it } from "vitest";
import { type SmssyncAsked, wouldCrash } from "../../src/domain/gateway/smssync.ts";
import { DAY, MINUTE, outgoing, phone as phoneWith, sha256, type TestPhone } from "./mailbox-phone.ts";

/** What waits on a phone of version 3.0.3, which posts each as often as there are. */
const PENDING_303 = 30;
/** Single posts, one after the other: a phone that was offline for weeks. */
const BACKLOG = 10_000;

const SECRET = "s+ &=é";
const V31 = "SMSSync-Android/v3.1.1";
const V28 = "SMSSync-Android/v2.8.3";
const TEXT = "A text of somebody, no payment";

type Phone = TestPhone & { secret: string | null };
let messages = 0;

/** Each test has a phone of its own. */
const newPhone = async (secret: string | null = null): Promise<Phone> =>
  Object.assign(await phoneWith({ smssyncSecretHash: secret === null ? null : sha256(secret) }), { secret });

const encoded = (text: string) => encodeURIComponent(text).replaceAll("%20", "+");
const smsFields = (phone: Phone, over: Record<string, string> = {}): Record<string, string> => ({
  ...(phone.secret === null ? {} : { secret: phone.secret }),
  from: "+26650000101",
  message: TEXT,
  sent_timestamp: "1764050400000",
  sent_to: "",
  message_id: `m${++messages}`,
  device_id: "",
  ...over,
});
const form = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join("&");

type Sent = { query?: string; token?: string; method?: string; type?: string; agent?: string; body?: BodyInit | null };
/** Every answer is held against what would stop the app (S33), and no answer to a POST may hold messages (S34). */
async function send(
  phone: TestPhone,
  asked: SmssyncAsked,
  { query = "", token = phone.token, method, type, agent = V31, body }: Sent,
) {
  const init = {
    method: method ?? (asked === "task_send" || asked === "task_result_ask" ? "GET" : "POST"),
    headers: { "User-Agent": agent, ...(type === undefined ? {} : { "Content-Type": type }) },
    ...(body === undefined ? {} : { body }),
  };
  const response = await phone.request(init, `/api/sms/incoming/${phone.id}.${token}${query}`);
  const text = await response.text();
  for (const version of ["2.8", "3.1"] as const)
    expect({ text, crash: wouldCrash(text, response.status, version, asked) }).toEqual({ text, crash: null });
  return { status: response.status, json: JSON.parse(text) };
}

const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json; charset=UTF-8";
const post = (phone: Phone, fields: Record<string, string>) => send(phone, "sms", { type: FORM, body: form(fields) });
const task = (phone: Phone, agent = V31) =>
  send(phone, "task_send", { query: `?task=send${phone.secret ? `&secret=${encoded(phone.secret)}` : ""}`, agent });
const claim = (phone: Phone, uuids: unknown) =>
  send(phone, "task_sent", { query: "?task=sent", type: JSON_TYPE, body: JSON.stringify({ queued_messages: uuids }) });

const TAKEN = { status: 200, json: { payload: { success: true, error: null } } };

const rows = (phone: Phone) =>
  phone.rows("SELECT external_id, sender, content, id_conflict, quarantine FROM sms ORDER BY id");

/** SMS that wait for this phone; returns their ids. */
async function wait(phone: Phone, ...names: string[]) {
  const ids = names.map((name) => `${phone.id}-${name}`);
  for (const id of ids) expect(await phone.stub.enqueue(outgoing(id))).toEqual({ status: "queued" });
  return ids;
}
const uuidsIn = (answer: { json: { payload: { messages: { uuid: string }[] } } }) =>
  answer.json.payload.messages.map((message) => message.uuid);
const stateOf = async (phone: Phone, id: string) => (await phone.stub.outgoing(id))?.state;

describe("an SMS of an SMSSync phone", () => {
  it("S01 is stored once and acknowledged", async () => {
    const phone = await newPhone();
    const fields = smsFields(phone);
    expect(await post(phone, fields)).toEqual(TAKEN);
    expect(await rows(phone)).toEqual([
      { external_id: fields.message_id, sender: "+26650000101", content: TEXT, id_conflict: 0, quarantine: null },
    ]);
  });

  it("S02 is one row however often it comes, one by one or at once", async () => {
    const phone = await newPhone();
    const fields = smsFields(phone);
    for (let n = 0; n < 50; n++) expect(await post(phone, fields)).toEqual(TAKEN);
    const answers = await Promise.all([...Array(50)].map(() => post(phone, fields)));
    expect(answers.every(({ status, json }) => status === 200 && json.payload.success === true)).toBe(true);
    expect(await rows(phone)).toHaveLength(1);
  });

  it.each([
    ["S03 with a wrong secret", SECRET, "wrong"],
    ["S03 with a secret where none is set", null, "wrong"],
    ["S04 without the secret that is set", SECRET, null],
    ["S04 with an empty secret where one is set", SECRET, ""],
  ])("%s is refused and not stored", async (_, secret, presented) => {
    const phone = await newPhone(secret);
    const { secret: __, ...rest } = smsFields(phone);
    const answer = await post(phone, presented === null ? rest : { ...rest, secret: presented });
    expect(answer).toMatchObject({ status: 403, json: { payload: { success: false } } });
    expect(await rows(phone)).toEqual([]);
  });

  it("S05 with a secret of odd characters is taken, in a form and in a query", async () => {
    const phone = await newPhone(SECRET);
    expect(await post(phone, smsFields(phone))).toEqual(TAKEN);
    expect((await task(phone)).json.payload).toEqual({ task: "send", secret: SECRET, messages: [] });
  });

  it("S06 is the same by PUT, as JSON, as XML under JSON's name, and as multipart", async () => {
    const phone = await newPhone();
    const fields = smsFields(phone);
    const xml = `<payload>${Object.entries(fields)
      .map(([key, value]) => `<${key}>${value}</${key}>`)
      .join("")}</payload>`;
    const multipart = new FormData();
    for (const [key, value] of Object.entries(fields)) multipart.append(key, value);
    const bodies: Sent[] = [
      { method: "PUT", type: FORM, body: form(fields) },
      { type: JSON_TYPE, body: JSON.stringify(fields) },
      { type: "application/json", body: xml },
      { body: multipart },
    ];
    for (const body of bodies) expect(await send(phone, "sms", body)).toEqual(TAKEN);
    expect(await rows(phone)).toHaveLength(1);
  });

  it("S07, S08 is the last of all groups in the body, however many pile up", async () => {
    const phone = await newPhone();
    const groups = [...Array(500).keys()].map((n) => form(smsFields(phone, { message: `${n} ${"x".repeat(4_000)}` })));
    const last = smsFields(phone);
    expect(await send(phone, "sms", { type: FORM, body: [...groups, form(last)].join("&") })).toEqual(TAKEN);
    expect(await rows(phone)).toMatchObject([{ external_id: last.message_id, content: TEXT }]);
  });

  it("S09 under an id that another text has is stored too, and flagged", async () => {
    const phone = await newPhone();
    for (const message of ["one", "two"])
      expect(await post(phone, smsFields(phone, { message_id: "80", message }))).toEqual(TAKEN);
    expect(await rows(phone)).toMatchObject([
      { external_id: "80", content: "one", id_conflict: 0 },
      { external_id: "80", content: "two", id_conflict: 1 },
    ]);
  });

  it("S10 without an id is stored once for each text and time", async () => {
    const phone = await newPhone();
    const { message_id: _, ...fields } = smsFields(phone);
    for (let n = 0; n < 2; n++) expect(await post(phone, fields)).toEqual(TAKEN);
    expect(await post(phone, { ...fields, sent_timestamp: "1764050401000" })).toEqual(TAKEN);
    expect(await rows(phone)).toHaveLength(2);
  });

  it.each(["", "😀 مرحبا", "a\u0000b", "half ? of a pair"])("S11 with the text %j is stored", async (message) => {
    const phone = await newPhone();
    expect(await post(phone, smsFields(phone, { message }))).toEqual(TAKEN);
    // U+0000 is shown as U+FFFD; the exact bytes are owed to Postgres beside it.
    expect(await rows(phone)).toMatchObject([{ content: message.replace("\u0000", "\uFFFD") }]);
  });

  it.each(["MPESA", "21333", "26650000101", ""])("S12 from %j is stored as it came", async (from) => {
    const phone = await newPhone();
    expect(await post(phone, smsFields(phone, { from }))).toEqual(TAKEN);
    expect(await rows(phone)).toMatchObject([{ sender: from }]);
  });

  it.each(["0", "1764050400", "4070908800000", "abc"])("S13 with the time %j is stored", async (sent_timestamp) => {
    const phone = await newPhone();
    expect(await post(phone, smsFields(phone, { sent_timestamp }))).toEqual(TAKEN);
    expect(await rows(phone)).toHaveLength(1);
  });

  it(`S14 comes through as one of a backlog of ${BACKLOG}, newest first, one post each`, {
    timeout: 300_000,
  }, async () => {
    const phone = await newPhone();
    for (let n = BACKLOG; n > 0; n--) {
      const answer = await post(
        phone,
        smsFields(phone, { message: `text ${n}`, sent_timestamp: String(1764050400000 + n) }),
      );
      if (answer.status !== 200) expect(answer).toEqual(TAKEN);
    }
    expect(await rows(phone)).toHaveLength(BACKLOG);
  });

  it("S15 is one row of a phone that piles up its parameters and posts everything once for each", async () => {
    const phone = await newPhone();
    const pending = [...Array(PENDING_303).keys()].map((n) => smsFields(phone, { message: `text ${n}` }));
    const piled: string[] = [];
    for (let round = 0; round < PENDING_303; round++)
      for (const fields of pending) {
        piled.push(form(fields));
        const answer = await send(phone, "sms", { type: FORM, body: piled.join("&"), agent: "SMSSync-Android/v3.0.3" });
        if (answer.status !== 200) expect(answer).toEqual(TAKEN);
      }
    expect(await rows(phone)).toHaveLength(PENDING_303);
  }, 60_000);

  it("S16 imported again has a new id and is a second SMS; that it is one payment is the receipt's business", async () => {
    const phone = await newPhone();
    for (const sent_timestamp of ["1764050400000", "1764050407000"])
      expect(await post(phone, smsFields(phone, { sent_timestamp }))).toEqual(TAKEN);
    expect(await rows(phone)).toHaveLength(2);
  });

  it("S17 is not acknowledged when storage fails, and one row after the retry", async () => {
    const phone = await newPhone();
    const fields = smsFields(phone);
    await phone.rows("CREATE TRIGGER broken BEFORE INSERT ON sms BEGIN SELECT RAISE(ABORT, 'disk'); END");
    const failed = await post(phone, fields);
    expect(failed.status).toBeGreaterThanOrEqual(500);
    expect(failed.json.payload.success).toBe(false);
    await phone.rows("DROP TRIGGER broken");
    expect(await post(phone, fields)).toEqual(TAKEN);
    expect(await rows(phone)).toHaveLength(1);
  });

  it("S35 is taken whatever the user agent", async () => {
    const phone = await newPhone();
    for (const agent of ["", "okhttp/3.6.0", "Mozilla/5.0"]) {
      const body = form(smsFields(phone));
      expect(await send(phone, "sms", { type: FORM, body, agent })).toEqual(TAKEN);
    }
    expect(await rows(phone)).toHaveLength(3);
  });
});

describe("other traffic of an SMSSync phone", () => {
  it("S22 with an unknown or empty task is answered and changes nothing", async () => {
    const phone = await newPhone();
    for (const query of ["?task=", "?task=dance"])
      expect(await send(phone, "task_send", { query })).toMatchObject({
        status: 200,
        json: { payload: { success: false, messages: [] } },
      });
    expect(await send(phone, "sms", { query: "?task=dance" })).toMatchObject({ json: { payload: { success: false } } });
    expect(await rows(phone)).toEqual([]);
  });

  it("S30 as a test of the settings is answered, visibly refused with a wrong secret, never stored", async () => {
    const phone = await newPhone(SECRET);
    const test = { from: "+000000000000", message: "Test Message From SMSSync Integration" };
    expect(await post(phone, { secret: SECRET, ...test })).toEqual(TAKEN);
    expect((await post(phone, { secret: "wrong", ...test })).status).toBe(403);
    expect(await rows(phone)).toEqual([]);
  });

  it("S31 as a battery alert is acknowledged and no SMS", async () => {
    const phone = await newPhone(SECRET);
    expect(await post(phone, { task: "alert", message: "Battery low" })).toEqual(TAKEN);
    expect(await send(phone, "sms", { query: "?task=alert" })).toEqual(TAKEN);
    expect(await rows(phone)).toEqual([]);
  });

  it("S32 as a stale queue on the bare URL is acknowledged and no SMS", async () => {
    const phone = await newPhone();
    const answer = await send(phone, "sms", { type: JSON_TYPE, body: '{"queued_messages":["a"]}' });
    expect(answer.status).toBe(200);
    expect(await rows(phone)).toEqual([]);
  });

  it("S33 survives every refusal: bad token, bad body, bad method, a body too large", async () => {
    const phone = await newPhone();
    const token = "Wrong";
    expect([401, 403]).toContain((await send(phone, "task_send", { token, query: "?task=send" })).status);
    expect([401, 403]).toContain((await send(phone, "sms", { token, type: FORM, body: "a=b" })).status);
    expect((await send(phone, "sms", { type: JSON_TYPE, body: "{" })).status).toBe(400);
    expect((await send(phone, "sms", { method: "DELETE" })).status).toBe(405);
    const large = `message=${"x".repeat(5 * 1024 * 1024)}`;
    expect((await send(phone, "sms", { type: FORM, body: large })).status).toBe(413);
    expect(await rows(phone)).toEqual([]);
  });
});

describe("outgoing SMS through an SMSSync phone", () => {
  it("S18 are not in the answer to a GET without a task, which acknowledges nothing", async () => {
    const phone = await newPhone();
    const [id = ""] = await wait(phone, "a");
    const answer = await send(phone, "task_send", { agent: V31 });
    expect(answer).toMatchObject({ status: 200, json: { payload: { success: false, messages: [] } } });
    expect(await stateOf(phone, id)).toBe("queued");
  });

  it("S19 are handed out under the secret as presented, and an empty list when nothing waits", async () => {
    const phone = await newPhone(SECRET);
    const [id] = await wait(phone, "a");
    expect((await task(phone)).json).toEqual({
      payload: { task: "send", secret: SECRET, messages: [{ to: "+26650000101", message: `Receipt ${id}`, uuid: id }] },
    });
    expect((await task(phone)).json).toEqual({ payload: { task: "send", secret: SECRET, messages: [] } });
  });

  it("S20 are not shown to a wrong secret", async () => {
    const phone = await newPhone(SECRET);
    const [id = ""] = await wait(phone, "a");
    const answer = await task(Object.assign(phone, { secret: "wrong" }));
    expect(answer).toMatchObject({ status: 403, json: { payload: { success: false, messages: [] } } });
    expect(await stateOf(phone, id)).toBe("queued");
  });

  it("S21 are found behind a query that was appended twice", async () => {
    const phone = await newPhone("s");
    const [id] = await wait(phone, "a");
    expect(uuidsIn(await send(phone, "task_send", { query: "?key=v?task=send&secret=s" }))).toEqual([id]);
    const ask = await send(phone, "task_result_ask", { query: "?task=result&secret=s?secret=s&from=x" });
    expect(ask).toEqual({ status: 200, json: { message_uuids: [] } });
  });

  it("S23, S24 are each in one answer only, also of two polls at once and when that answer was lost", async () => {
    const phone = await newPhone();
    const ids = await wait(phone, "a", "b", "c");
    const [one, two] = await Promise.all([task(phone), task(phone)]);
    expect([...uuidsIn(one), ...uuidsIn(two)].sort()).toEqual(ids);
    expect(uuidsIn(await task(phone))).toEqual([]);
  });

  it("S24 are handed out once more to a phone that claims, when its answer was lost before the claim", async () => {
    const phone = await newPhone();
    const [first] = await wait(phone, "first");
    await task(phone);
    await claim(phone, [first]);
    const [lost] = await wait(phone, "lost");
    expect(uuidsIn(await task(phone))).toEqual([lost]);
    phone.now += MINUTE;
    expect(uuidsIn(await task(phone))).toEqual([]);
    phone.now += 5 * MINUTE;
    expect(uuidsIn(await task(phone))).toEqual([lost]);
    phone.now += 5 * MINUTE;
    expect(uuidsIn(await task(phone))).toEqual([]);
  });

  it("S25 are claimed by the phone they were offered to, once; a replay gets the same answer", async () => {
    const other = await newPhone();
    const [foreign] = await wait(other, "x");
    await task(other);
    const phone = await newPhone();
    const [a, b] = await wait(phone, "a", "b");
    await task(phone);
    const asked = [a, "unknown", foreign, null, b];
    expect(await claim(phone, asked)).toEqual({ status: 200, json: { message_uuids: [a, b] } });
    expect((await claim(phone, asked)).json).toEqual({ message_uuids: [a, b] });
    expect((await claim(phone, [b])).json).toEqual({ message_uuids: [] });
    phone.now += MINUTE;
    expect((await claim(phone, asked)).json).toEqual({ message_uuids: [] });
    expect((await claim(other, [foreign])).json).toEqual({ message_uuids: [foreign] });
  });

  it("S26 are not claimed by a claim without sense, nor before they were offered", async () => {
    const phone = await newPhone(SECRET);
    const [a] = await wait(phone, "a");
    expect((await claim(phone, [a])).json).toEqual({ message_uuids: [] });
    for (const body of ["", "{", "{}", '{"queued_messages":{}}'])
      expect(await send(phone, "task_sent", { query: "?task=sent", type: JSON_TYPE, body })).toEqual({
        status: 200,
        json: { message_uuids: [] },
      });
  });

  const report = (phone: Phone, agent: string, result: unknown) =>
    send(phone, "task_result", {
      query: "?task=result",
      type: JSON_TYPE,
      agent,
      body: JSON.stringify({ message_result: result }),
    });

  it("S28 end as the phone reports, by the codes of its version", async () => {
    const phone = await newPhone();
    const [a = "", b = "", c = ""] = await wait(phone, "a", "b", "c");
    await task(phone, V28);
    await claim(phone, [a, b, c]);
    const ask = await send(phone, "task_result_ask", { query: "?task=result", agent: V28 });
    expect(ask.json.message_uuids.sort()).toEqual([a, b, c]);
    const row = (uuid: string, sent_result_code: number) => ({ uuid, sent_result_code, delivered_result_code: -2 });
    expect((await report(phone, V28, JSON.stringify([row(a, -1), row(b, 4)]))).status).toBe(200);
    expect((await report(phone, V31, [row(c, 0)])).status).toBe(200);
    for (const garbage of ["[]", "garbage", null, 5]) expect((await report(phone, V28, garbage)).status).toBe(200);
    expect([await stateOf(phone, a), await stateOf(phone, b)]).toEqual(["sent", "failed"]);
    expect(["offered", "pending"]).toContain(await stateOf(phone, c));
  });

  it("S29 are not asked about when none is in the phone's hands", async () => {
    const phone = await newPhone();
    await wait(phone, "a");
    const ask = await send(phone, "task_result_ask", { query: "?task=result" });
    expect(ask).toEqual({ status: 200, json: { message_uuids: [] } });
  });

  it("S27 are never handed out again once claimed, however long the phone is silent about them", async () => {
    const phone = await newPhone();
    const [a = ""] = await wait(phone, "a");
    await task(phone, V28);
    await claim(phone, [a]);
    for (let n = 0; n < 3; n++) {
      await send(phone, "task_result_ask", { query: "?task=result", agent: V28 });
      await report(phone, V28, "[]");
      phone.now += 5 * MINUTE;
      expect(uuidsIn(await task(phone, V28))).toEqual([]);
    }
    phone.now += DAY;
    await task(phone, V28);
    expect(await stateOf(phone, a)).toBe("expired");
  });
});
