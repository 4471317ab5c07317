import { Hono } from "hono";
import type { z } from "zod";
import { canonicalAccount } from "../../src/domain/account.ts";
import { type FieldFault, newCustomer, readCustomer, withName } from "../../src/domain/customer.ts";
import { readQuestion } from "../../src/domain/customer-question.ts";
import { typeByPlot } from "../../src/domain/customer-type.ts";
import { canonicalPhone, shownPhone } from "../../src/domain/phone.ts";
import { canonicalPlot } from "../../src/domain/plot.ts";
import type { FirstMeter } from "../../src/ports/customers.ts";
import type { Change } from "../../src/ports/registry.ts";
import type { StaffSession } from "../../src/ports/sessions.ts";
import { alikeCustomers } from "../../src/queries/alike-customers.ts";
import { searchCustomers } from "../../src/queries/customer-search.ts";
import { likelyTwins } from "../../src/queries/customer-twins.ts";
import {
  accountOfKey,
  type CustomerCard,
  customerCard,
  customerOfAccount,
  customerOfKey,
} from "../../src/queries/customers.ts";
import { customersByName } from "../../src/queries/customers-by-name.ts";
import { parkedMoney } from "../../src/queries/parked-money.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { configureAccounts } from "../jobs/refresh-accounts.ts";
import { clockOf, countryOf, customersOf, readerOf } from "../ports.ts";
import { refusedAsSetBack } from "../set-back.ts";
import { idOf, keyOf, noKey, ofOwnSite, otherSite, ownSite } from "./acts.ts";
import {
  AlikeQuery,
  ChangeBody,
  NewCustomerBody,
  OpeningBody,
  SearchQuery,
  SwapBody,
  TerminateBody,
  TwinsQuery,
} from "./customers-body.ts";
import { badFields, type C, refuse } from "./refusals.ts";

type Vars = { Bindings: Env; Variables: Acting };
/** A clock at the meter may run a little ahead of ours. */
const AHEAD_MS_MAX = 5 * 60_000;

/** Who customers are: registered, read and changed by people. Names and phones are never kept by a cache on the way. */
export const customers = new Hono<Vars>()
  .get("/", allow("customers.read"), query(SearchQuery), async (c) => {
    const { q, site, limit, cursor } = c.req.valid("query");
    const country = countryOf(c.env);
    const faults = foreign(c.env, site, "site");
    if (faults.length > 0) return badFields(c, faults);
    const asked = { now: clockOf(c.env).now(), after: cursor ?? null, limit, site: site ?? null };
    const question = q === undefined ? "everybody" : readQuestion(q, country);
    if (question === null)
      return badFields(c, [{ field: "q", value: q, expected: "a number, or at least two letters" }]);
    const hits =
      question === "everybody"
        ? await customersByName(readerOf(c.env), asked)
        : await searchCustomers(readerOf(c.env), question, asked);
    const last = hits.length === limit ? hits.at(-1) : undefined;
    // Names that only resemble what was asked are one page.
    const next = last === undefined || last.matched === "similar name" ? null : `${last.rank}.${last.customerId}`;
    return c.json({
      customers: hits.map(({ phones, ...hit }) => ({ ...hit, phones: phones.map((p) => shownPhone(p, country)) })),
      next,
    });
  })
  .get("/twins", allow("customers.read"), query(TwinsQuery), async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const pairs = await likelyTwins(readerOf(c.env), cursor ?? null, limit);
    const last = pairs.length === limit ? pairs.at(-1) : undefined;
    return c.json({ pairs, next: last === undefined ? null : `${last.one.customerId}.${last.other.customerId}` });
  })
  .get("/alike", allow("customers.register"), query(AlikeQuery), async (c) => {
    const { name, phones = [], nationalId = null, plotNumber } = c.req.valid("query");
    const country = countryOf(c.env);
    const newcomer = {
      name,
      phones: phones.flatMap((phone) => canonicalPhone(phone, country) ?? []),
      nationalId,
      plotNumber: plotNumber === undefined ? null : canonicalPlot(plotNumber),
    };
    // Who registers at one site alone is told of nobody elsewhere.
    const alike = await alikeCustomers(readerOf(c.env), newcomer, ownSite(c.get("person")));
    return c.json({ alike });
  })
  .get("/:id{[0-9]+}", allow("customers.read"), async (c) => {
    const card = await customerCard(readerOf(c.env), idOf(c));
    return card === null ? nobody(c) : c.json({ customer: shown(c.env, card) });
  })
  .post("/", allow("customers.register"), limited, saysJson, json(NewCustomerBody), async (c) => {
    const { account, meter, readyboard, ...given } = c.req.valid("json");
    const key = keyOf(c);
    if (key === null) return noKey(c);
    const plot = given.plotNumber == null ? null : canonicalPlot(given.plotNumber);
    const typed = { ...given, customerType: typeByPlot(given.customerType ?? null, plot) };
    const read = readCustomer(typed, countryOf(c.env));
    const fields = read.ok ? newCustomer(read.value) : read;
    const faults = [...(fields.ok ? [] : fields.error), ...foreign(c.env, account?.site, "account.site")];
    if (!fields.ok || faults.length > 0) return badFields(c, faults);
    const by = changeOf(c);
    if (isAhead(by, account?.openedAt)) return ahead(c, "account.openedAt", account?.openedAt);
    if (isAhead(by, meter?.from)) return ahead(c, "meter.from", meter?.from);
    const elsewhere = outsideOwnSite(c.get("person"), [account?.site ?? null, fields.value.site]);
    if (elsewhere !== null) return otherSite(c, elsewhere);
    const refused = await refusedAsSetBack(c);
    if (refused !== null) return refused;
    const registered = await customersOf(c.env).register(
      {
        key: `registration:${key}`,
        source: "portal",
        fields: fields.value,
        account: account ?? null,
        meter: meter == null ? undefined : firstMeter(meter),
        readyboard: readyboard === true ? true : undefined,
      },
      by,
    );
    if (!registered.ok) {
      const { kind, detail } = registered.error;
      return refuse(c, { kind, detail: ofOwnSite(detail, ownSite(c.get("person"))) });
    }
    const card = await customerOfKey(readerOf(c.env), `registration:${key}`);
    if (card === null) throw new Error("a registered customer is not there");
    await tell(c.env, card);
    // Money that waited for somebody like this is shown, and moves by a person's hand alone.
    const parked = await parkedMoney(readerOf(c.env), card.customerId);
    return c.json({ customer: shown(c.env, card), parked }, 201);
  })
  .get("/:id{[0-9]+}/parked", allow("money.read"), async (c) =>
    c.json({ parked: await parkedMoney(readerOf(c.env), idOf(c)) }),
  )
  .patch("/:id{[0-9]+}", allow("customers.write"), limited, saysJson, json(ChangeBody), async (c) => {
    const { version, ...typed } = c.req.valid("json");
    const id = idOf(c);
    const read = readCustomer(typed, countryOf(c.env));
    if (!read.ok) return badFields(c, read.error);
    const present = await customerCard(readerOf(c.env), id);
    if (present === null) return nobody(c);
    const changed = await customersOf(c.env).update(id, version, withName(present, read.value), changeOf(c));
    if (!changed.ok)
      return changed.error.kind === "stale"
        ? fail(c, 409, "stale", "somebody changed this customer since you read it; read it again", changed.error)
        : refuse(c, changed.error);
    const card = await customerCard(readerOf(c.env), id);
    if (card === null) return nobody(c);
    await tell(c.env, card);
    return c.json({ customer: shown(c.env, card) });
  })
  .post("/:id{[0-9]+}/accounts", allow("accounts.write"), limited, saysJson, json(OpeningBody), async (c) => {
    const opening = c.req.valid("json");
    const id = idOf(c);
    const key = keyOf(c);
    if (key === null) return noKey(c);
    const faults = foreign(c.env, opening.site, "site");
    if (faults.length > 0) return badFields(c, faults);
    const by = changeOf(c);
    if (isAhead(by, opening.openedAt)) return ahead(c, "openedAt", opening.openedAt);
    const refused = await refusedAsSetBack(c);
    if (refused !== null) return refused;
    const opened = await customersOf(c.env).openAccount(`opening:${key}`, id, opening, by);
    if (!opened.ok) return opened.error.detail === `customer ${id}` ? nobody(c) : refuse(c, opened.error);
    const account = await accountOfKey(readerOf(c.env), `opening:${key}`);
    if (account === null) throw new Error("an opened account is not there");
    await configureAccounts(c.env, [account]);
    const card = await customerCard(readerOf(c.env), id);
    return card === null ? nobody(c) : c.json({ account, customer: shown(c.env, card) }, 201);
  });

/** What becomes of one account of a customer. Its figures are elsewhere: the account's own object has them. */
export const customerAccounts = new Hono<Vars>()
  .get("/:account/customer", allow("customers.read"), async (c) => {
    const account = accountOf(c);
    const card = account === null ? null : await customerOfAccount(readerOf(c.env), account);
    return card === null ? noAccount(c) : c.json({ customer: shown(c.env, card) });
  })
  .post("/:account/terminate", allow("accounts.write"), limited, saysJson, json(TerminateBody), async (c) => {
    const { at, reason } = c.req.valid("json");
    const account = accountOf(c);
    if (account === null) return noAccount(c);
    const by = changeOf(c, reason);
    if (isAhead(by, at)) return ahead(c, "at", at);
    const ended = await customersOf(c.env).terminate(account, at ?? by.at, by);
    if (!ended.ok) return ended.error.kind === "unknown" ? noAccount(c) : refuse(c, ended.error);
    return answerAccount(c, account);
  })
  .post("/:account/meters/swap", allow("accounts.write"), limited, saysJson, json(SwapBody), async (c) => {
    const { old: oldMeter, new: newMeter, reason, ...swap } = c.req.valid("json");
    const account = accountOf(c);
    if (account === null) return noAccount(c);
    const by = changeOf(c, reason);
    if (isAhead(by, swap.at)) return ahead(c, "at", swap.at);
    const { finalRegisterWh = null, baseRegisterWh = null, thing = null, ratingW = null, at } = swap;
    const swapped = await customersOf(c.env).swapMeter(
      { account, oldMeter, newMeter, at, finalRegisterWh, baseRegisterWh, thing, ratingW },
      by,
    );
    if (!swapped.ok) return swapped.error.detail === `account ${account}` ? noAccount(c) : refuse(c, swapped.error);
    return answerAccount(c, account);
  });

const accountOf = (c: C) => {
  const account = canonicalAccount(c.req.param("account") ?? "");
  return account.ok ? account.value : null;
};

/** The registrar's own site, when what is registered names another one, or none. */
function outsideOwnSite(person: StaffSession | null, named: (string | null)[]): string | null {
  const own = ownSite(person);
  const sites = named.filter((site) => site !== null);
  return own === null || (sites.length > 0 && sites.every((site) => site === own)) ? null : own;
}

const foreign = (env: Env, site: string | undefined, field: string): FieldFault[] =>
  site === undefined || countryOf(env).siteCodes.includes(site)
    ? []
    : [{ field, value: site, expected: `a site of ${countryOf(env).name}` }];

const firstMeter = ({
  number: meterNumber,
  from,
  baseRegisterWh = null,
  thing = null,
  ratingW = null,
}: NonNullable<z.infer<typeof NewCustomerBody>["meter"]>): FirstMeter => ({
  meterNumber,
  from: from ?? null,
  baseRegisterWh,
  thing,
  ratingW,
});

const isAhead = (by: Change, at: number | null | undefined) => at != null && at > by.at + AHEAD_MS_MAX;
const ahead = (c: C, field: string, at: number | null | undefined) =>
  badFields(c, [{ field, value: at == null ? null : new Date(at).toISOString(), expected: "not in the future" }]);

const nobody = (c: C) => fail(c, 404, "unknown", "no such customer here");
const noAccount = (c: C) => fail(c, 404, "unknown", "no such account here");

async function answerAccount(c: C, account: string) {
  await configureAccounts(c.env, [account]);
  const card = await customerOfAccount(readerOf(c.env), account);
  return card === null ? noAccount(c) : c.json({ account, customer: shown(c.env, card) });
}

/** The objects of all the customer's accounts know the phones and the language. */
const tell = (env: Env, { accounts }: CustomerCard) =>
  configureAccounts(
    env,
    accounts.map(({ account }) => account),
  );

/** Each phone as it is stored, as people read it, and as it was typed. */
function shown(env: Env, { phones, phonesTyped, ...card }: CustomerCard) {
  const country = countryOf(env);
  return {
    ...card,
    phones: phones.map((phone, index) => ({
      phone,
      shown: shownPhone(phone, country),
      typed: phonesTyped[index] ?? null,
    })),
  };
}
