import { Hono } from "hono";
import { z } from "zod";
import { STEPS } from "../../src/domain/commissioning-rules.ts";
import { withClosedSites } from "../../src/domain/country.ts";
import { PHONES_MAX } from "../../src/domain/customer.ts";
import { CUSTOMER_TYPES } from "../../src/domain/customer-type.ts";
import { isDay } from "../../src/domain/local-day.ts";
import { canonicalPhone } from "../../src/domain/phone.ts";
import { movedInCustomers, presentAccounts, sitesHere } from "../../src/queries/moved-in.ts";
import { type ClosedSitePorts, makeClosedSites } from "../../src/services/make-closed-sites.ts";
import { MOVE_IN_MAX, type MoveInPorts, moveInAccounts, moveInCustomers } from "../../src/services/move-in-records.ts";
import { moveInSteps, OLD_STEPS_MAX } from "../../src/services/move-in-steps.ts";
import { isStorable, json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { configureAccounts } from "../jobs/refresh-accounts.ts";
import { commissioningsOf, countryOf, customersOf, readerOf, registryOf } from "../ports.ts";
import { refusedAsSetBack } from "../set-back.ts";
import { accountField, line, meterField } from "./fields.ts";

const METERS_MAX = 20;
/** The longest memo of the old database is some thousand characters. */
const NOTE_CHARS_MAX = 20_000;

const legacyId = z.number().int().positive().max(2_147_483_647);
const at = z.number().int().min(0).max(8_000_000_000_000);
const degrees = (most: number) => z.number().min(-most).max(most).nullable();

/** One of the two, and not both. */
const holder = { legacyId: legacyId.nullable(), postgresId: legacyId.optional() };
const isOne = ({ legacyId, postgresId }: { legacyId: number | null; postgresId?: number | undefined }) =>
  (legacyId === null) !== (postgresId === undefined);
const ONE = "the number of the Access years, or postgresId";
const from = z.enum(["access", "postgres"]).default("access");

const CustomerBody = z.strictObject({
  ...holder,
  fields: z.strictObject({
    name: line(200),
    givenName: line(200).nullable(),
    familyName: line(100).nullable(),
    phones: z.array(z.string().regex(/^\d{6,15}$/, "digits of E.164")).max(PHONES_MAX),
    phonesTyped: z.array(line(40)).max(PHONES_MAX),
    email: line(200).nullable(),
    language: z.enum(["en", "fr", "st"]).nullable(),
    nationalId: line(100).nullable(),
    gender: z.enum(["female", "male"]).nullable(),
    customerType: z.enum(CUSTOMER_TYPES).nullable(),
    site: line(3).nullable(),
    plotNumber: line(100).nullable(),
    latitude: degrees(90),
    longitude: degrees(180),
    street: line(300).nullable(),
    place: line(100).nullable(),
    district: line(100).nullable(),
    note: z.string().max(NOTE_CHARS_MAX).refine(isStorable, "text without U+0000 and lone surrogates").nullable(),
    /** The old database does not know them. */
    rooms: z.null().default(null),
    legacyId: legacyId.nullable(),
  }),
});
const AccountBody = z.strictObject({
  account: accountField,
  ...holder,
  openedAt: at.nullable(),
  terminatedAt: at.nullable(),
  meters: z
    .array(
      z.strictObject({
        meterNumber: meterField,
        role: z.enum(["primary", "check"]),
        from: at,
        to: at.nullable().default(null),
      }),
    )
    .max(METERS_MAX),
  /** What the old books prove of its way to light; without a day nobody knows it. */
  steps: z
    .array(
      z.strictObject({
        step: z.enum(STEPS),
        day: z.string().refine(isDay, "a day, as 2026-11-03").nullable(),
        source: line(200),
      }),
    )
    .max(OLD_STEPS_MAX)
    .default([]),
});
const CustomersBody = z.strictObject({
  from,
  customers: z.array(CustomerBody.refine(isOne, ONE)).min(1).max(MOVE_IN_MAX),
});
const AccountsBody = z.strictObject({ accounts: z.array(AccountBody.refine(isOne, ONE)).min(1).max(MOVE_IN_MAX) });

/** Customers and accounts of the old database, a page a call. The same page again changes nothing. */
export const opsMoveIn = new Hono<{ Bindings: Env; Variables: { actor: string } }>()
  .post("/move-in/customers", actor, limited, saysJson, json(CustomersBody), async (c) => {
    const { customers, from } = c.req.valid("json");
    // What pays and asks is found by its whole number: a phone in another spelling would be found by nobody.
    for (const [index, { fields }] of customers.entries())
      for (const [nth, phone] of fields.phones.entries())
        if (canonicalPhone(`+${phone}`, countryOf(c.env)) !== phone) {
          const field = `customers.${index}.fields.phones.${nth}`;
          const expected = "a whole phone number, E.164 without +, as canonicalPhone spells it";
          return fail(c, 400, "bad_field", `check ${field}`, [{ field, value: phone, expected }]);
        }
    const refused = await refusedAsSetBack(c);
    if (refused !== null) return refused;
    const by = changeOf(c);
    const named = customers.map(({ fields }) => fields.site);
    await makeClosedSites(portsOf(c.env), { country: countryOf(c.env), named }, by);
    return c.json({ outcomes: await moveInCustomers(portsOf(c.env), customers, by, from) });
  })
  .post("/move-in/accounts", actor, limited, saysJson, json(AccountsBody), async (c) => {
    const { accounts } = c.req.valid("json");
    const country = countryOf(c.env);
    const { siteCodes } = withClosedSites(country);
    const foreign = accounts.map(({ account }) => account).filter((one) => !siteCodes.includes(one.slice(-3)));
    if (foreign.length > 0)
      return fail(c, 422, "foreign_site", `these accounts are of no site of ${country.name}`, foreign);
    const refused = await refusedAsSetBack(c);
    if (refused !== null) return refused;
    const by = changeOf(c);
    const named = accounts.map(({ account }) => account.slice(-3));
    await makeClosedSites(portsOf(c.env), { country, named }, by);
    const outcomes = await moveInAccounts(portsOf(c.env), accounts, by);
    const here = accounts.filter((_, index) => ["moved", "known"].includes(outcomes[index]?.outcome ?? ""));
    const steps = await moveInSteps({ country, commissionings: commissioningsOf(c.env) }, here, by);
    // Known ones too: an earlier call may have died before their objects were told.
    await configureAccounts(
      c.env,
      accounts.map(({ account }) => account),
    );
    return c.json({ outcomes, steps });
  });

function portsOf(env: Env): MoveInPorts & ClosedSitePorts {
  const reader = readerOf(env);
  return {
    customers: customersOf(env),
    registry: registryOf(env),
    present: {
      customers: (keys) => movedInCustomers(reader, keys),
      accounts: (accounts) => presentAccounts(reader, accounts),
    },
    sitesHere: (codes) => sitesHere(reader, codes),
  };
}
