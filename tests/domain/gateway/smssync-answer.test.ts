import { describe, expect, it } from "vitest";
import {
  forbidden,
  messageUuids,
  noTask,
  refused,
  type SmssyncAnswer,
  type SmssyncAsked,
  taken,
  taskSend,
  unknownTask,
  unreadable,
  wouldCrash,
} from "../../../src/domain/gateway/smssync.ts";

const json = (answer: SmssyncAnswer): unknown => JSON.parse(answer.jsonText);
const sms = { id: "u1", to: "+26650000101", content: 'Lumela "ntate" 😀\n</script>' };

describe("the answers", () => {
  it("S01 acknowledges an SMS with success and nothing else", () => {
    expect(taken()).toEqual({ status: 200, jsonText: '{"payload":{"success":true,"error":null}}' });
  });

  it("S03 refuses a POST with a wrong secret", () => {
    expect(forbidden("POST").status).toBe(403);
    expect(json(forbidden("POST"))).toEqual({ payload: { success: false, error: "wrong secret" } });
  });

  it("S17 asks for the SMS again when storage failed", () => {
    expect(json(refused("POST", 503, "storage"))).toEqual({ payload: { success: false, error: "storage" } });
  });

  it("S18 never acknowledges a GET without a task", () => {
    expect(noTask().status).toBe(200);
    expect(json(noTask())).toMatchObject({ payload: { success: false, messages: [] } });
  });

  it("S19 echoes the secret exactly and sends three strings a message", () => {
    expect(json(taskSend("S+ & é", [sms]))).toEqual({
      payload: { task: "send", secret: "S+ & é", messages: [{ to: sms.to, message: sms.content, uuid: "u1" }] },
    });
    expect(json(taskSend(null, []))).toEqual({ payload: { task: "send", secret: "", messages: [] } });
  });

  it("S19 leaves out what would stop the app", () => {
    const unfit = [
      { ...sms, to: "" },
      { ...sms, to: "MPESA" },
      { ...sms, content: "" },
      { ...sms, content: " " },
      { ...sms, id: "" },
      { ...sms, content: "\uD83D" },
    ];
    expect(json(taskSend("s", [...unfit, sms]))).toMatchObject({ payload: { messages: [{ uuid: "u1" }] } });
  });

  it("S20 refuses a GET with a wrong secret without a message, in a shape the app survives", () => {
    expect(forbidden("GET").status).toBe(403);
    expect(json(forbidden("GET"))).toEqual({
      payload: { success: false, task: "", secret: "", messages: [], error: "wrong secret" },
    });
  });

  it("S22 answers an unknown task", () => {
    expect(json(unknownTask("GET"))).toMatchObject({
      payload: { success: false, error: "unknown task", task: "", messages: [] },
    });
    expect(unknownTask("GET").status).toBe(200);
    expect(unknownTask("POST").status).toBe(200);
  });

  it("S26, S29 answers a claim and a question with a list, also an empty one", () => {
    expect(messageUuids([])).toEqual({ status: 200, jsonText: '{"message_uuids":[]}' });
    expect(json(messageUuids(["a", "b"]))).toEqual({ message_uuids: ["a", "b"] });
  });
});

describe("S33 no answer stops the app", () => {
  const statuses = [400, 401, 403, 404, 405, 413, 429, 500, 503];
  const everyGet = [
    noTask(),
    forbidden("GET"),
    unknownTask("GET"),
    unreadable("GET", "method"),
    ...statuses.map((status) => refused("GET", status, "because")),
  ];
  const everyPost = [
    taken(),
    forbidden("POST"),
    unknownTask("POST"),
    unreadable("POST", "body"),
    unreadable("PUT", "no_sms"),
    ...statuses.map((status) => refused("POST", status, "because")),
  ];
  const cases: [SmssyncAsked, SmssyncAnswer[]][] = [
    ["task_send", [...everyGet, taskSend(null, []), taskSend("s", [sms]), taskSend("s", [{ ...sms, to: "" }])]],
    ["task_result_ask", [forbidden("GET"), messageUuids([]), messageUuids(["a"]), refused("GET", 503, "because")]],
    ["task_sent", [forbidden("POST"), messageUuids([]), messageUuids(["a"]), refused("POST", 503, "because")]],
    ["sms", everyPost],
    ["task_result", everyPost],
  ];

  it.each(cases)("on %s", (asked, answers) => {
    for (const { jsonText, status } of answers)
      for (const version of ["2.8", "3.1"] as const)
        expect({ jsonText, crash: wouldCrash(jsonText, status, version, asked) }).toEqual({ jsonText, crash: null });
  });

  it("S34 no answer to a POST holds messages", () => {
    for (const answer of everyPost) expect(json(answer)).not.toHaveProperty("payload.messages");
  });
});

describe("wouldCrash", () => {
  const task = (payload: unknown) => wouldCrash(JSON.stringify({ payload }), 200, "3.1", "task_send");
  const message = { to: "1234", message: "x", uuid: "u" };
  const withMessage = (over: object) => task({ task: "send", secret: "s", messages: [{ ...message, ...over }] });

  it("lets a good task pass", () => {
    expect(withMessage({})).toBeNull();
  });

  it.each([
    ["HTML", wouldCrash("<html>", 502, "3.1", "task_send")],
    ["an empty body", wouldCrash("", 200, "3.1", "sms")],
    ["a list", wouldCrash("[]", 200, "3.1", "task_send")],
    ["no payload", wouldCrash("{}", 200, "3.1", "task_send")],
    ["no task, in 2.8", wouldCrash('{"payload":{"messages":[]}}', 200, "2.8", "task_send")],
    ["no messages", task({ task: "send", secret: "s" })],
    ["null messages", task({ task: "send", secret: "s", messages: null })],
    ["an object for messages", task({ task: "send", secret: "s", messages: {} })],
    ["a null element", task({ task: "send", secret: "s", messages: [null] })],
    ["a null number", withMessage({ to: null })],
    ["an empty text", withMessage({ message: "" })],
    ["a number for an id", withMessage({ uuid: 7 })],
    ["a timestamp", withMessage({ timestamp: 1 })],
    ["messages in answer to an SMS", wouldCrash('{"payload":{"success":true,"messages":[]}}', 200, "3.1", "sms")],
    ["a claim without a list", wouldCrash("{}", 200, "3.1", "task_sent")],
    ["a claim with a null id", wouldCrash('{"message_uuids":[null]}', 200, "3.1", "task_sent")],
  ])("catches %s", (_, crash) => {
    expect(crash).toBeTypeOf("string");
  });
});
