import { decimalText } from "../../domain/decimal.ts";
import { entryKeyOf } from "../../domain/external-id.ts";
import { vendorErrorText } from "../../domain/vendor-error.ts";
import type { VendorAnswer, VendorCredits } from "../../ports/vendor-credits.ts";
import { laterThan, rawOf, textOf, type VendorReply } from "../vendors/http.ts";
import { askCustomer, customerIn } from "./customers.ts";
import { TC_LOOKUP_MS_MAX, TC_WRITE_MS_MAX, type ThunderCloud } from "./door.ts";
import { transactionLines } from "./transactions.ts";

const PATIENCE_MS = 5_000;
/** When the number of a customer could not be looked up, nothing was sent: it is tried again so much later. */
const LOOK_AGAIN_MS = 30_000;
/** 2,000 transactions: more than a site has in a week. */
const FIND_PAGES_MAX = 4;

/**
 * Credits of wallets (ThunderCloud v0). They are accepted at once and processed at the site some minutes later, or when its
 * base station is back. What an answer means, its caller judges.
 */
export function thunderCredits(thunder: ThunderCloud): VendorCredits {
  const { settings, door } = thunder;
  return {
    async send({ externalId, customerCode, amountMinor, currency }) {
      if (currency !== settings.currency)
        throw new RangeError(`this organisation's wallets are in ${settings.currency}`);
      if (amountMinor <= 0) throw new RangeError("a credit is above zero");
      const found = await askCustomer(thunder, "credit", customerCode);
      if (found.came === "not_sent") return found;
      const customer = found.came === "none" ? "unreadable" : customerIn(found, customerCode);
      // A lookup that failed says nothing about the customer, and no money was sent.
      if (found.came === "none" || (customer === "unreadable" && !isRefusal(found.status)))
        return laterThan(door, LOOK_AGAIN_MS);
      if (customer === null || customer === "unreadable") return refusedLookup(rawOf(door, found));
      return rawOf(
        door,
        await thunder.ask({
          kind: "credit",
          method: "POST",
          path: "/api/v0/transaction/",
          form: {
            customer_id: customer.id,
            amount: decimalText(amountMinor, settings.minorDigits),
            source: "cash",
            external_id: externalId,
          },
          timeoutMs: TC_WRITE_MS_MAX,
          patienceMs: PATIENCE_MS,
        }),
      );
    },
    find: (externalId) => findTransaction(thunder, externalId),
    // It has no such thing. Answered as its machine answers what it does not know, so that it is judged as refused.
    reverse: async () => ({ came: "answer", status: 405, body: REVERSES_NOTHING }),
  };
}

const isRefusal = (status: number) => status >= 400 && status < 500 && status !== 429;

const REVERSES_NOTHING = JSON.stringify({ error: "ThunderCloud takes no credit back", status: "failure" });

/** A lookup that went well and shows nobody must not be taken for a credit that went well. */
const refusedLookup = (raw: VendorAnswer): VendorAnswer =>
  raw.came === "answer" && raw.status >= 200 && raw.status < 300
    ? { came: "answer", status: 404, body: JSON.stringify({ error: "no such customer", status: "failure" }) }
    : raw;

/**
 * By the interface's own question; where it has none, through the console's list, as far back as a credit can be open. An id with a
 * stroke, of a release that spelled it so, is looked for in the list alone, under both spellings: servers refuse `%2F` within a path, and
 * their 404 must not be taken for a credit that never came.
 */
async function findTransaction(thunder: ThunderCloud, externalId: string): Promise<VendorAnswer> {
  return externalId.includes("/") ? findInList(thunder, externalId) : findByQuestion(thunder, externalId);
}

async function findByQuestion(thunder: ThunderCloud, externalId: string): Promise<VendorAnswer> {
  const { door } = thunder;
  const reply = await thunder.ask({
    kind: "credit",
    method: "GET",
    path: `/api/v0/transaction/${encodeURIComponent(externalId)}`,
    timeoutMs: TC_LOOKUP_MS_MAX,
    patienceMs: PATIENCE_MS,
  });
  return hasNoSuchQuestion(reply) ? findInList(thunder, externalId) : rawOf(door, reply);
}

async function findInList(thunder: ThunderCloud, externalId: string): Promise<VendorAnswer> {
  for (let page = 0; page < FIND_PAGES_MAX; page += 1) {
    const got = await transactionLines(thunder, page);
    if ("refused" in got) return { came: "none", detail: got.detail };
    const found = got.lines.find((line) => idOf(line) === entryKeyOf(externalId));
    if (found !== undefined) return said(200, { transaction: found, error: null, status: "success" });
    if (!got.more) break;
  }
  return said(404, { error: "no such transaction", status: "failure" });
}

const said = (status: number, body: object): VendorAnswer => ({ came: "answer", status, body: JSON.stringify(body) });

const idOf = (line: unknown): string | null =>
  typeof line === "object" && line !== null && "external_id" in line ? entryKeyOf(String(line.external_id)) : null;

/** "no such api", or a page for people: not the answer to this question. */
const hasNoSuchQuestion = (reply: VendorReply): boolean =>
  reply.came === "answer" &&
  (reply.status === 405 ||
    (reply.status === 404 && /no such api|a page/i.test(vendorErrorText(textOf(reply)) ?? "no such api")));
