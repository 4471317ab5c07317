import * as fc from "fast-check";
import { expect, it } from "vitest";
import { forwardBody } from "../../../src/domain/gateway/forward-body.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const cut = (text: string, messages: number[], updates: number[] = []) => {
  const body = forwardBody(bytes(text), { messages, updates });
  return body === null ? null : new TextDecoder("utf-8", { ignoreBOM: true }).decode(body);
};

it("returns the very bytes when nothing is left out", () => {
  const body = bytes(' {"messages" : [ 1 ] } ');
  expect(forwardBody(body, { messages: [], updates: [] })).toBe(body);
});

it.each([
  ["the first", [0], '{"messages":[ "b" , "c" ],"updates":[]}'],
  ["the middle one", [1], '{"messages":[ "a" , "c" ],"updates":[]}'],
  ["the last", [2], '{"messages":[ "a" , "b" ],"updates":[]}'],
  ["the last two", [1, 2], '{"messages":[ "a" ],"updates":[]}'],
  ["the outer two", [0, 2], '{"messages":[ "b" ],"updates":[]}'],
  ["all", [0, 1, 2], '{"messages":[  ],"updates":[]}'],
])("cuts %s and keeps every other byte", (_, out, wanted) => {
  expect(cut('{"messages":[ "a" , "b" , "c" ],"updates":[]}', out)).toBe(wanted);
});

it("cuts by bytes, not characters, and leaves escapes as they came", () => {
  const text = '{"messages":[{"content":"é😀\\/\\u0041"},{"content":"ع\\n"}],"updates":[{"id":"ü"},{"id":"x"}]}';
  expect(cut(text, [0], [1])).toBe('{"messages":[{"content":"ع\\n"}],"updates":[{"id":"ü"}]}');
});

it("reads the last of two keys, as the phone's own reader would, and skips a byte order mark", () => {
  expect(cut('\uFEFF{"messages":[1],"mess\\u0061ges":[2,3]}', [0])).toBe('\uFEFF{"messages":[1],"mess\\u0061ges":[3]}');
});

it("refuses to guess when there is no such array", () => {
  expect(cut('{"messages":{}}', [0])).toBeNull();
});

it("always leaves JSON with exactly the elements that stay", () => {
  const one = fc.array(fc.tuple(fc.jsonValue(), fc.boolean()), { maxLength: 12 });
  fc.assert(
    fc.property(one, one, fc.integer({ min: 0, max: 3 }), (messages, updates, indent) => {
      const text = JSON.stringify(
        { messages: messages.map(([v]) => v), updates: updates.map(([v]) => v) },
        null,
        indent,
      );
      const out = (list: [unknown, boolean][]) => list.flatMap(([, kept], index) => (kept ? [] : [index]));
      const body = forwardBody(bytes(text), { messages: out(messages), updates: out(updates) });
      const stay = (list: [unknown, boolean][]) => list.filter(([, kept]) => kept).map(([v]) => v);
      const wanted = JSON.parse(JSON.stringify({ messages: stay(messages), updates: stay(updates) }));
      expect(JSON.parse(new TextDecoder().decode(body ?? new Uint8Array()))).toEqual(wanted);
    }),
  );
});

const cutUuids = (text: string, ...uuids: string[]) => {
  const body = forwardBody(bytes(text), { messages: [], updates: [], uuids });
  return body === null ? null : new TextDecoder().decode(body);
};

it.each([
  ["a claim", '{"queued_messages":[ "ours" , "theirs" ]}', '{"queued_messages":[ "theirs" ]}'],
  [
    "a report",
    '{"message_result":[{"uuid":"theirs","x":"é"}, {"x":1,"uuid":"ours"}]}',
    '{"message_result":[{"uuid":"theirs","x":"é"}]}',
  ],
  [
    "a report that is a text within the JSON",
    '{"é":1,"message_result":"[{\\"uuid\\":\\"ours\\"},{\\"uuid\\":\\"theirs\\",\\"m\\":\\"\\u00c9chec é\\"}]" }',
    '{"é":1,"message_result":"[{\\"uuid\\":\\"theirs\\",\\"m\\":\\"Échec é\\"}]" }',
  ],
])("cuts our own ids out of %s", (_, text, wanted) => {
  expect(cutUuids(text, "ours")).toBe(wanted);
});

it("sends no claim or report on that it cannot cut", () => {
  for (const text of ["queued_messages=ours", '{"message_result":"[{"}', '{"queued_messages":"ours"}'])
    expect(cutUuids(text, "ours")).toBeNull();
});
