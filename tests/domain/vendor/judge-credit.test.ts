import { describe, expect, it } from "vitest";
import { judgeFound, judgeReversed, judgeSent } from "../../../src/domain/judge-credit.ts";

const came = (status: number, body: unknown) => ({
  came: "answer" as const,
  status,
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const PAGE = "<!doctype html><html><head><title>Sign in</title></head><body>Please sign in</body></html>";
const made = { errors: [], data: { id: "5e0c", external_id: "receipt:A#1.1", status: "pending" } };

describe("the answer to a credit of Koios", () => {
  it.each([
    {
      why: "no answer: nobody knows",
      answer: { came: "none" as const, detail: "no answer in 90000 ms" },
      is: "unknown",
    },
    { why: "201 with the payment", answer: came(201, made), is: "accepted", vendorId: "5e0c" },
    { why: "2xx without a body: the status alone decides", answer: came(201, ""), is: "accepted", vendorId: null },
    { why: "500 without a body may have been credited", answer: came(500, ""), is: "unknown" },
    { why: "200 with a page is no success", answer: came(200, PAGE), is: "unknown" },
    { why: "502 with a page", answer: came(502, PAGE), is: "unknown" },
    { why: "504 with JSON", answer: came(504, { message: "Endpoint request timed out" }), is: "unknown" },
    {
      why: "200 with errors in it is no success",
      answer: came(200, { errors: [{ title: "Something went wrong", details: "" }], data: made.data }),
      is: "unknown",
    },
    {
      why: "401 in the first shape",
      answer: came(401, { errors: [{ title: "Authentication Error", details: "Missing API key" }] }),
      is: "refused",
      because: "unauthorised",
    },
    { why: "401 in the second", answer: came(401, { detail: "Bad key" }), is: "refused", because: "unauthorised" },
    { why: "401 in the third", answer: came(401, { detail: ["Bad key"] }), is: "refused", because: "unauthorised" },
    {
      why: "403",
      answer: came(403, { errors: [{ title: "ForbiddenError" }] }),
      is: "refused",
      because: "unauthorised",
    },
    {
      why: "an external id that is taken was credited before",
      answer: came(400, { errors: [{ title: "Invalid", details: "external_id has already been taken" }], data: null }),
      is: "taken",
    },
    {
      why: "also where the error is the title of a 200",
      answer: came(200, { errors: [{ title: "external_id has already been taken" }] }),
      is: "taken",
    },
    {
      why: "a bare Bad Request: the customer has no meter",
      answer: came(400, { errors: [{ title: "Bad Request", details: null }], data: null }),
      is: "refused",
      because: "no_meter",
    },
    {
      why: "a Bad Request that says more is something else",
      answer: came(400, { errors: [{ title: "Bad Request", details: "amount must be positive" }] }),
      is: "refused",
      because: "refused",
    },
    {
      why: "decimals that the currency does not have",
      answer: came(400, { errors: [{ title: "Bad Request", details: "too many decimal places" }] }),
      is: "refused",
      because: "too_many_decimals",
    },
    {
      why: "404: the code is unknown in this organisation",
      answer: came(404, { errors: [{ title: "Not Found" }] }),
      is: "refused",
      because: "unknown_customer",
    },
    { why: "429 came to nothing", answer: came(429, { message: "daily quota" }), is: "refused", because: "refused" },
    {
      why: "v2's shape",
      answer: came(422, { error: true, code: "X", message: "no" }),
      is: "refused",
      because: "refused",
    },
    { why: "409 of two requests at once: nobody knows", answer: came(409, { detail: "conflict" }), is: "unknown" },
  ])("$why: $is", ({ answer, why: _why, ...expected }) => {
    expect(judgeSent("koios", answer)).toMatchObject(expected);
  });
});

describe("the answer to a credit of ThunderCloud", () => {
  it.each([
    {
      why: "accepted, processed at the site some minutes later",
      answer: came(200, { transaction_id: "77", status: "success" }),
      is: "accepted",
      vendorId: "77",
    },
    { why: "neither success nor failure", answer: came(200, { ok: 1 }), is: "unknown" },
    {
      why: "an external id that was used",
      answer: came(400, { error: "external_id already used", status: "failure" }),
      is: "taken",
    },
    {
      why: "no such customer",
      answer: came(404, { error: "no such customer", status: "failure" }),
      is: "refused",
      because: "unknown_customer",
    },
    {
      why: "a stale token",
      answer: came(401, { error: "unauthorised", status: "failure" }),
      is: "refused",
      because: "unauthorised",
    },
    {
      why: "a path without its slash is a fault of ours, not of the customer",
      answer: came(404, { error: "no such api", status: "failure" }),
      is: "refused",
      because: "refused",
    },
    { why: "405 with a page", answer: came(405, PAGE), is: "unknown" },
    { why: "a failure with status 200", answer: came(200, { error: "x", status: "failure" }), is: "unknown" },
  ])("$why: $is", ({ answer, why: _why, ...expected }) => {
    expect(judgeSent("thundercloud", answer)).toMatchObject(expected);
  });
});

const sought = { externalId: "receipt:A#1.1", customerCode: "0045SEH", amountMinor: 5_000, currency: "LSL" as const };
const there = (over: object = {}) => ({
  id: "5e0c",
  external_id: "receipt:A#1.1",
  amount: { value: "50.00", currency: "LSL" },
  status: "processed",
  ...over,
});

describe("a look for a credit at Koios", () => {
  it.each([
    { why: "processed", body: { data: [there()] }, is: "found", standing: "processed", vendorId: "5e0c" },
    { why: "as one object", body: { data: there() }, is: "found", standing: "processed" },
    { why: "pending", body: { data: [there({ status: "pending" })] }, is: "found", standing: "pending" },
    { why: "reversed", body: { data: [there({ status: "reversed" })] }, is: "found", standing: "reversed" },
    {
      why: "a payment and its reversal",
      body: { data: [there({ id: "r", type: "reversal", amount: { value: "-50.00", currency: "LSL" } }), there()] },
      is: "found",
      standing: "reversed",
      vendorId: "5e0c",
    },
    { why: "a state nobody has seen", body: { data: [there({ status: "odd" })] }, is: "unknown" },
    { why: "an empty list", body: { errors: [], data: [] }, is: "absent" },
    { why: "nothing", body: { errors: [], data: null }, is: "absent" },
    { why: "another amount", body: { data: [there({ amount: { value: "5.00", currency: "LSL" } })] }, is: "other" },
    { why: "another currency", body: { data: [there({ amount: { value: "50.00", currency: "XOF" } })] }, is: "other" },
    { why: "another customer", body: { data: [there({ customer_code: "0046SEH" })] }, is: "other" },
    { why: "a filter that was ignored", body: { data: [there({ external_id: "9" })] }, is: "unknown" },
    { why: "another shape", body: { payments: [] }, is: "unknown" },
  ])("$why: $is", ({ body, why: _why, ...expected }) => {
    expect(judgeFound("koios", came(200, body), sought)).toMatchObject(expected);
  });

  it.each([
    { why: "404 in JSON", answer: came(404, { errors: [{ title: "Not Found" }], data: null }), is: "absent" },
    { why: "404 without a body", answer: came(404, ""), is: "absent" },
    { why: "404 with a page of somebody else's", answer: came(404, PAGE), is: "unknown" },
    { why: "an empty 200", answer: came(200, ""), is: "unknown" },
    { why: "a page with 200", answer: came(200, PAGE), is: "unknown" },
    { why: "401", answer: came(401, { detail: "Bad key" }), is: "unknown" },
    { why: "nothing came", answer: { came: "none" as const, detail: "reset" }, is: "unknown" },
  ])("$why: $is", ({ answer, is }) => {
    expect(judgeFound("koios", answer, sought)).toMatchObject({ is });
  });

  it("reads francs without decimals, and an amount by its digits", () => {
    const francs = { ...sought, amountMinor: 5_000, currency: "XOF" as const };
    const listed = (amount: unknown) => judgeFound("koios", came(200, { data: [there({ amount })] }), francs).is;
    expect(["5000", "5000.00", 5_000].map((value) => listed({ value, currency: "XOF" }))).toEqual([
      "found",
      "found",
      "found",
    ]);
    expect(["50.00", "5000.50", "5e3"].map((value) => listed({ value, currency: "XOF" }))).toEqual([
      "other",
      "other",
      "other",
    ]);
  });
});

describe("a look for a credit at ThunderCloud", () => {
  const listed = (over: object = {}) => ({
    transactions: [{ acct_type: "credit", amount: 50, external_id: "receipt:A#1.1", to_data: {}, ...over }],
    total: 1,
  });
  it.each([
    { why: "in the list", body: listed(), is: "found", standing: "processed" },
    { why: "in the list and pending", body: listed({ status: "pending" }), is: "found", standing: "pending" },
    { why: "not in the list", body: listed({ external_id: "12345" }), is: "absent" },
    { why: "an empty list", body: { transactions: [], total: 0 }, is: "absent" },
    { why: "of another customer", body: listed({ to_data: { customer_code: "0046MAK" } }), is: "other" },
  ])("$why: $is", ({ body, why: _why, ...expected }) => {
    expect(judgeFound("thundercloud", came(200, body), sought)).toMatchObject(expected);
  });

  it.each(["receipt:A#1.1~1energy.50", "receipt:A#1.1/energy.50"])("finds what was sold later as %s", (external_id) => {
    const later = { ...sought, externalId: "receipt:A#1.1/energy.50" };
    expect(judgeFound("thundercloud", came(200, listed({ external_id })), later)).toMatchObject({ is: "found" });
    expect(judgeFound("thundercloud", came(200, listed({ external_id })), sought)).toMatchObject({ is: "absent" });
  });

  it("takes a path that does not exist for no answer", () => {
    const answer = came(404, { error: "no such api", status: "failure" });
    expect(judgeFound("thundercloud", answer, sought)).toMatchObject({ is: "unknown" });
    const none = came(404, { error: "no such transaction", status: "failure" });
    expect(judgeFound("thundercloud", none, sought)).toMatchObject({ is: "absent" });
  });
});

it.each([
  { why: "done", answer: came(200, { errors: [], data: { id: "5e0c" } }), is: "reversed" },
  { why: "done, without a word", answer: came(204, ""), is: "reversed" },
  { why: "done before", answer: came(400, { errors: [{ title: "Payment already reversed" }] }), is: "reversed" },
  { why: "no", answer: came(404, { errors: [{ title: "Not Found" }] }), is: "refused" },
  { why: "a page", answer: came(200, PAGE), is: "unknown" },
  { why: "nobody knows", answer: came(502, ""), is: "unknown" },
])("a reversal, $why: $is", ({ answer, is }) => {
  expect(judgeReversed(answer)).toMatchObject({ is });
});
