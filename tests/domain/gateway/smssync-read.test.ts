import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSmssync, type SmssyncRead } from "../../../src/domain/gateway/smssync.ts";

const FORM = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json; charset=UTF-8";
const RECEIVED = "QK7XYZ12 Confirmed. You have received M50.00";

const request = (over: { method?: string; query?: string; contentType?: string; body?: string | Uint8Array }) => ({
  method: over.method ?? "POST",
  query: over.query ?? "",
  contentType: over.contentType ?? FORM,
  body: typeof over.body === "object" ? over.body : new TextEncoder().encode(over.body ?? ""),
});
const get = (query: string) => readSmssync(request({ method: "GET", query }));
const post = (body: string | Uint8Array, contentType = FORM, method = "POST") =>
  readSmssync(request({ body, contentType, method }));

const sent = {
  secret: "s3 cret",
  from: "+26650000101",
  message: RECEIVED,
  sent_timestamp: "1764050400000",
  sent_to: "",
  message_id: "0d3c5a7e-1111-4222-8333-444455556666",
  device_id: "counter",
};
/** As the phone encodes: space as %20, plus as %2B. */
const form = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join("&");
const multipart = (fields: Record<string, string>, end = "--\r\n") =>
  `${Object.entries(fields)
    .map(([key, value]) => `--b7\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`)
    .join("")}--b7${end}`;
const xml = (fields: Record<string, string>) =>
  `<?xml version='1.0' encoding='UTF-8' ?><payload>${Object.entries(fields)
    .map(([key, value]) => `<${key}>${value.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</${key}>`)
    .join("")}</payload>`;

const asSms = (read: SmssyncRead) => {
  if (read.kind !== "sms") throw new Error(`expected an SMS, got ${read.kind}`);
  return read.item;
};
const smsWith = (over: Record<string, string>) => asSms(post(form({ ...sent, ...over })));
const smsWithout = (...keys: string[]) =>
  asSms(post(form(Object.fromEntries(Object.entries(sent).filter(([key]) => !keys.includes(key))))));

const whole = {
  kind: "sms",
  secret: "s3 cret",
  item: {
    externalId: sent.message_id,
    sender: "+26650000101",
    content: RECEIVED,
    claimedSentAt: 1764050400000,
    claimedReceivedAt: null,
    quarantine: null,
  },
};

describe("an SMS", () => {
  it("S01 is read from a form", () => {
    expect(post(form(sent))).toEqual(whole);
  });

  it.each(["a+b", "a & b", "k=v", "é", "a b", "+ & = é", "100%"])(
    "S05 keeps the secret %j as it was typed",
    (secret) => {
      expect(post(form({ ...sent, secret }))).toMatchObject({ secret });
      const inQuery = `task=send&secret=${encodeURIComponent(secret).replaceAll("%20", "+")}`;
      expect(get(inQuery)).toEqual({ kind: "task_send", secret });
    },
  );

  it.each([
    ["PUT of a form", () => post(form(sent), FORM, "PUT")],
    ["JSON", () => post(JSON.stringify(sent), JSON_TYPE)],
    ["JSON under a form's content type", () => post(JSON.stringify(sent))],
    ["JSON after a byte order mark", () => post(`\uFEFF${JSON.stringify(sent)}`, JSON_TYPE)],
    ["XML with JSON's content type", () => post(xml(sent), "application/json")],
    ["XML by PUT", () => post(xml(sent), "application/json", "PUT")],
    ["multipart/form-data", () => post(multipart(sent), "multipart/form-data; boundary=b7")],
    ["multipart with a quoted boundary", () => post(multipart(sent), 'multipart/form-data; boundary="b7"')],
    ["multipart without its content type", () => post(multipart(sent), "")],
    ["a form without a content type", () => post(form(sent), "")],
  ])("S06 is the same from %s", (_, read) => {
    expect(read()).toEqual(whole);
  });

  it("S06 with renamed keys is refused: the keys cannot be set here, and the test in the phone's settings shows it", () => {
    expect(post("code=s&text=hello&number=%2B266")).toEqual({ kind: "unreadable", because: "no_sms" });
  });

  it("keeps line ends and blank lines inside a multipart text", () => {
    const message = "one\r\n\r\ntwo\n";
    expect(asSms(post(multipart({ ...sent, message }), "multipart/form-data; boundary=b7")).content).toBe(message);
  });

  it("refuses a multipart body that was cut short, so that it is sent again", () => {
    expect(post(multipart(sent, ""), "multipart/form-data; boundary=b7")).toEqual({
      kind: "unreadable",
      because: "body",
    });
  });

  it("S07 is the last of two groups", () => {
    const first = form({ ...sent, message: "first", message_id: "1" });
    expect(post(`${first}&${form(sent)}`)).toEqual(whole);
    expect(
      post(`<p><message>first</message>${xml(sent).slice(xml(sent).indexOf("<secret>"), -"</payload>".length)}</p>`),
    ).toEqual(whole);
  });

  it("S08 is the last of 500 groups, 2 MB", () => {
    const group = (n: number) => form({ ...sent, message_id: String(n), message: `${n} ${"x".repeat(4_000)}` });
    const body = [...Array(500).keys()].map(group).join("&");
    expect(body.length).toBeGreaterThan(2_000_000);
    expect(asSms(post(body))).toMatchObject({ externalId: "499", content: `499 ${"x".repeat(4_000)}` });
  });

  it("S09 keeps a numeric id as text, so that two texts under it can be told apart by content", () => {
    expect(smsWith({ message_id: "80" }).externalId).toBe("80");
    expect(asSms(post(JSON.stringify({ ...sent, message_id: 80 }), JSON_TYPE)).externalId).toBe("80");
  });

  it("S10 without an id has a stable one, made of sender, time and text", () => {
    const id = smsWithout("message_id").externalId;
    expect(id).toMatch(/^content:[0-9a-f]{64}$/);
    expect(smsWithout("message_id").externalId).toBe(id);
    expect(smsWith({ message_id: "" }).externalId).toBe(id);
    expect(smsWith({ message_id: "", message: "other" }).externalId).not.toBe(id);
    expect(smsWith({ message_id: "", sent_timestamp: "1764050401000" }).externalId).not.toBe(id);
    expect(smsWith({ message_id: "", from: "MPESA" }).externalId).not.toBe(id);
  });

  it.each(["", "😀 ☎ مرحبا", "a\u0000b", "half ? of a pair", "1 + 1 = 2 & 50%", "two\nlines\r\n"])(
    "S11 keeps the text %j as it is",
    (message) => {
      expect(smsWith({ message })).toMatchObject({ content: message, quarantine: null });
      expect(asSms(post(JSON.stringify({ ...sent, message }), JSON_TYPE))).toMatchObject({ content: message });
    },
  );

  it.each(["MPESA", "M-PESA", "21333", "26650000101", "050000101", ""])("S12 keeps the sender %j as it is", (from) => {
    expect(smsWith({ from })).toMatchObject({ sender: from, quarantine: null });
  });

  it.each([
    ["0", null],
    ["1764050400", null],
    ["abc", null],
    ["", null],
    ["-5", null],
    ["999999999999999999", null],
    ["4070908800000", Date.UTC(2099, 0, 1)],
    ["1764050400000", 1764050400000],
  ])("S13 takes the timestamp %j for %j", (sent_timestamp, claimedSentAt) => {
    expect(smsWith({ sent_timestamp })).toMatchObject({ claimedSentAt, quarantine: null });
  });

  it("S13 needs no timestamp", () => {
    expect(smsWithout("sent_timestamp")).toMatchObject({ claimedSentAt: null, quarantine: null });
  });

  it("is stored and marked when a part is missing or no text", () => {
    expect(smsWithout("message")).toMatchObject({ content: "", quarantine: "message is missing; expected text" });
    expect(smsWithout("from")).toMatchObject({ sender: "", quarantine: "from is missing; expected text" });
    const odd = asSms(post(JSON.stringify({ ...sent, message: { text: "x" } }), JSON_TYPE));
    expect(odd).toMatchObject({ content: '{"text":"x"}', quarantine: "message is an object; expected text" });
    expect(asSms(post(JSON.stringify({ ...sent, from: 21333 }), JSON_TYPE))).toMatchObject({ sender: "21333" });
  });

  it("reads XML's entities and CDATA, and expands none that a body declares", () => {
    const message = "<payload><from>a</from><message>1 &lt; 2 &amp;amp; &#233;<![CDATA[ & <b>]]></message></payload>";
    expect(asSms(post(message)).content).toBe("1 < 2 &amp; é & <b>");
    const bomb = `<!DOCTYPE p [<!ENTITY a "${"x".repeat(99)}"><!ENTITY b "&a;&a;&a;">]><payload><from>a</from><message>&b;</message></payload>`;
    expect(post(bomb)).toEqual({ kind: "unreadable", because: "body" });
    expect(post("<a>".repeat(100_000))).toEqual({ kind: "unreadable", because: "body" });
  });

  it("reads bad percent escapes as text", () => {
    expect(asSms(post("from=a&message=50%+off+%zz+%E9&message_id=1")).content).toBe("50% off %zz \uFFFD");
  });

  it("wins over a task that clings to the request, so that no SMS is lost", () => {
    for (const task of ["alert", "sent", "result", "send", "nonsense"])
      expect(readSmssync(request({ query: `task=${task}`, body: form(sent) }))).toEqual(whole);
    expect(post(`task=alert&${form(sent)}`)).toEqual(whole);
  });
});

describe("a task", () => {
  it.each([
    ["key=v?task=send&secret=s", { kind: "task_send", secret: "s" }],
    ["task=result&secret=s?secret=s&from=x", { kind: "task_result_ask", secret: "s" }],
    ["task=result&secret=s?secret=other&from=x", { kind: "task_result_ask", secret: "s" }],
    ["task=send", { kind: "task_send", secret: null }],
    ["task=send&secret=", { kind: "task_send", secret: "" }],
  ])("S21 is read from ?%s", (query, read) => {
    expect(get(query)).toEqual(read);
  });

  it("S18 is not in a GET without one", () => {
    for (const query of ["", "secret=s", "from=x&message=y"]) expect(get(query)).toEqual({ kind: "get_without_task" });
  });

  it("S22 may be unknown or empty", () => {
    expect(get("task=")).toEqual({ kind: "unknown_task", task: "" });
    expect(get("task=dance")).toEqual({ kind: "unknown_task", task: "dance" });
    expect(readSmssync(request({ query: "task=dance" }))).toEqual({ kind: "unknown_task", task: "dance" });
    expect(readSmssync(request({ query: "task=", body: "not an sms" }))).toEqual({ kind: "unknown_task", task: "" });
  });

  const claim = (body: string, contentType = JSON_TYPE) =>
    readSmssync(request({ query: "task=sent", body, contentType }));

  it("S25 claims ids, each once, and nothing that is no id", () => {
    expect(claim('{"queued_messages":["a","b",null,"a",7,""]}')).toEqual({ kind: "task_sent", uuids: ["a", "b"] });
  });

  it.each(["", "{}", '{"queued_messages":', '{"queued_messages":null}', '{"queued_messages":"a"}', "[]", "a=b"])(
    "S26 claims nothing with %j",
    (body) => {
      expect(claim(body)).toEqual({ kind: "task_sent", uuids: [] });
    },
  );

  const report = (body: string) =>
    readSmssync(request({ query: "task=result&secret=s", body, contentType: JSON_TYPE }));
  const row = { uuid: "a", sent_result_code: -1, sent_result_message: "SMS sent", delivered_result_code: -2 };
  const result = { uuid: "a", sentCode: -1, sentMessage: "SMS sent", deliveredCode: -2, deliveredMessage: null };

  it.each([
    ["an array in a string", JSON.stringify({ message_result: JSON.stringify([row]) }), [result]],
    ["a real array", JSON.stringify({ message_result: [row] }), [result]],
    ["an empty array in a string", '{"message_result":"[]"}', []],
    ["garbage in a string", '{"message_result":"[{"}', []],
    ["rows that are none", '{"message_result":[null,5,"x",{},{"uuid":null}]}', []],
    ["no result", "{}", []],
    ["no JSON", "garbage", []],
  ])("S28 reports with %s", (_, body, results) => {
    expect(report(body)).toEqual({ kind: "task_result", secret: "s", results });
  });
});

describe("other traffic", () => {
  const test = { secret: "s", from: "+000000000000", message: "Test Message From SMSSync Integration" };

  it("S30 recognises the integration test, also when it piles up or follows SMS", () => {
    expect(post(form(test))).toEqual({ kind: "test", secret: "s" });
    expect(post(`${form(test)}&${form(test)}`)).toEqual({ kind: "test", secret: "s" });
    expect(post(`${form(sent)}&${form(test)}`)).toEqual({ kind: "test", secret: "s" });
    expect(post(`${form(test)}&${form(sent)}`)).toEqual(whole);
    expect(asSms(post(form({ ...test, from: "+26650000101" }))).content).toBe(test.message);
  });

  it("S31 takes a battery alert, from the query or the body, with or without text", () => {
    expect(post("task=alert&message=low&secret=s")).toEqual({ kind: "alert", message: "low" });
    expect(readSmssync(request({ query: "task=alert" }))).toEqual({ kind: "alert", message: null });
    expect(
      readSmssync(request({ query: "task=alert", body: '{"queued_messages":["a"]}', contentType: JSON_TYPE })),
    ).toEqual({ kind: "alert", message: null });
  });

  it("S32 knows a stale queue or result on the bare URL for what it is", () => {
    expect(post('{"queued_messages":["a"]}', JSON_TYPE)).toEqual({ kind: "stale_queue" });
    expect(post('{"message_result":"[]"}', JSON_TYPE)).toEqual({ kind: "stale_queue" });
  });

  it.each(["", "[]", "null", "{", "<payload>", "<a/>", "secret: x\nfrom: y"])("cannot read %j as anything", (body) => {
    expect(post(body).kind).toBe("unreadable");
  });

  it.each(["HEAD", "DELETE", "OPTIONS", "PATCH"])("has no use for %s", (method) => {
    expect(readSmssync(request({ method, body: form(sent) }))).toEqual({ kind: "unreadable", because: "method" });
  });

  it("never throws, whatever comes", () => {
    const contentTypes = [
      FORM,
      JSON_TYPE,
      "multipart/form-data; boundary=b",
      "multipart/form-data; boundary=",
      "text/xml",
    ];
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc.string().map((text) => new TextEncoder().encode(`<payload>${text}</payload>`)),
      fc.string().map((text) => new TextEncoder().encode(`--b\r\n${text}\r\n--b--`)),
    );
    fc.assert(
      fc.property(
        fc.constantFrom("GET", "POST", "PUT"),
        fc.string(),
        fc.constantFrom(...contentTypes),
        bodies,
        (method, query, contentType, body) => {
          expect(readSmssync({ method, query, contentType, body }).kind).toBeTypeOf("string");
        },
      ),
      { numRuns: 500 },
    );
    const deep = `{"from":${"[".repeat(50_000)}${"]".repeat(50_000)},"message_id":"1"}`;
    expect(post(deep, JSON_TYPE).kind).toBe("sms");
  });
});
