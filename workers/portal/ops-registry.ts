import { Hono } from "hono";
import { z } from "zod";
import { canonicalAccount } from "../../src/domain/account.ts";
import { withClosedSites } from "../../src/domain/country.ts";
import { canonicalPhone } from "../../src/domain/phone.ts";
import { METER_ROLES } from "../../src/domain/reading.ts";
import { checkTemplate, TEMPLATE_KINDS } from "../../src/domain/templates.ts";
import type { AccountRegistration, Registered, RegisteredOnRead, RegistryRefusal } from "../../src/ports/registry.ts";
import { ROAD_TILL } from "../../src/services/receive-payment.ts";
import { isStorable, json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import { actor } from "../door.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { configureAccounts } from "../jobs/refresh-accounts.ts";
import { directoryOf, RECEIPT_SHARDS, shardOf } from "../objects/locate.ts";
import { countryOf, registryOf } from "../ports.ts";
import { refusedAsSetBack } from "../set-back.ts";
import { capsField, countrySenders, NO_TILL, putTill, sendersField } from "./put-till.ts";
import { refuseStale, type Stale } from "./refusals.ts";

const ACCOUNTS_MAX = 200;
const SITES_MAX = 200;
const RATES_MAX = 200;

const text = (max: number) =>
  z.string().trim().min(1).max(max).refine(isStorable, "text without U+0000 and lone surrogates");
const id = z.string().regex(/^[a-z0-9-]{1,40}$/, "1 to 40 of a-z, 0-9 and -");
const instant = z.iso.datetime({ offset: true }).transform((iso) => Date.parse(iso));
const rate = z.number().int().positive().max(1_000_000_000_000).nullable();
const accountText = text(20).transform((typed, context) => {
  const account = canonicalAccount(typed);
  if (account.ok) return account.value;
  context.addIssue({ code: "custom", message: "4 digits and 3 letters, as 0045MAK" });
  return z.NEVER;
});

const InitBody = z.object({ cutoverAt: instant });
const SitesBody = z.object({
  sites: z
    .array(
      z.object({
        code: z.string().regex(/^[A-Z]{3}$/, "three capital letters"),
        name: text(100),
        district: text(100).nullish(),
      }),
    )
    .max(SITES_MAX),
});
const RatesBody = z.object({
  rates: z
    .array(
      z.object({
        scope: z.enum(["global", "site", "account"]),
        subject: text(20).nullable(),
        rateE4PerKwh: rate,
        validFrom: instant,
      }),
    )
    .max(RATES_MAX),
});
const TillBody = z.object({
  tillId: id,
  name: text(100),
  /** Those of the country's file where none are named. */
  senders: sendersField.optional(),
  caps: capsField.optional(),
});
const AccountBody = z.object({
  account: accountText,
  name: text(200),
  phone: text(40).nullish(),
  language: z.enum(["en", "fr", "st"]).nullish(),
  status: z.enum(["live", "postpaid", "terminated"]),
  /** Old channel ids that stand for this account. */
  aliases: z
    .array(z.string().regex(/^\d{6,12}$/, "6 to 12 digits"))
    .max(20)
    .default([]),
  meters: z
    .array(
      z.object({
        meterNumber: z.string().regex(/^0*[0-9A-Za-z-]{1,40}$/, "a meter's number"),
        thing: text(64).nullish(),
        from: instant.optional(),
        to: instant.nullish(),
        role: z.enum(METER_ROLES).default("primary"),
        /** What the register showed at `from`. */
        baseRegisterWh: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).nullish(),
        ratingW: z.number().int().positive().max(10_000_000).nullish(),
      }),
    )
    .max(20),
});
const AccountsBody = z.object({ accounts: z.array(AccountBody).min(1).max(ACCOUNTS_MAX) });
const TemplateBody = z.object({
  kind: z.enum(TEMPLATE_KINDS),
  language: z.enum(["en", "fr", "st"]),
  text: text(400),
});

const REFUSED = { exists: 409, unknown: 422, refused: 422 } as const satisfies Record<RegistryRefusal["kind"], number>;

type Vars = { Bindings: Env; Variables: { actor: string } };
type C = Parameters<typeof fail>[0];

const refuse = (c: C, error: RegistryRefusal | Stale) =>
  error.kind === "stale" ? refuseStale(c, error) : fail(c, REFUSED[error.kind], error.kind, error.detail);
const whole = (c: C, registered: Registered | RegisteredOnRead, more: object = {}) =>
  registered.ok ? c.json({ version: registered.value.version, ...more }) : refuse(c, registered.error);

/** Who is whom: written to Postgres with its audit row, then handed to the objects that must know it while Postgres is down. */
export const opsRegistry = new Hono<Vars>()
  .post("/init", actor, limited, saysJson, json(InitBody), async (c) => {
    const { cutoverAt } = c.req.valid("json");
    const by = changeOf(c);
    const registered = await registryOf(c.env).putCutover(cutoverAt, by);
    if (!registered.ok) return refuse(c, registered.error);
    for (const [road, tillId] of Object.entries(ROAD_TILL)) {
      const till = await putTill(c.env, { tillId, name: `Payments by ${road}`, senders: [road], caps: undefined }, by);
      if (!till.ok) return refuse(c, till.error);
    }
    await directoryOf(c.env).putCutover(cutoverAt);
    await directoryOf(c.env).open();
    await c.env.JOBS.send({ job: "refresh-accounts", page: null });
    // Each shard asks Postgres first: one that had claims before must not begin empty.
    const shards = await Promise.all(
      Array.from({ length: RECEIPT_SHARDS }, (_, shard) => shardOf(c.env, shard).state("READY")),
    );
    return whole(c, registered, { shardsReady: shards.filter((state) => state !== "not_ready").length });
  })
  .post("/sites", actor, limited, saysJson, json(SitesBody), async (c) => {
    const known = new Set(withClosedSites(countryOf(c.env)).siteCodes);
    const { sites } = c.req.valid("json");
    const foreign = sites.filter(({ code }) => !known.has(code)).map(({ code }) => code);
    if (foreign.length > 0)
      return fail(c, 422, "foreign_site", `these sites are not in ${countryOf(c.env).name}`, foreign);
    const rows = sites.map(({ code, name, district }) => ({ code, name, district: district ?? null }));
    return whole(c, await registryOf(c.env).upsertSites(rows, changeOf(c)));
  })
  .post("/rates", actor, limited, saysJson, json(RatesBody), async (c) => {
    const { rates } = c.req.valid("json");
    const known = new Set(withClosedSites(countryOf(c.env)).siteCodes);
    const foreign = rates.flatMap(({ subject }) => (subject === null || known.has(subject.slice(-3)) ? [] : [subject]));
    if (foreign.length > 0) return fail(c, 422, "foreign_site", `these are not in ${countryOf(c.env).name}`, foreign);
    if (rates.some(({ scope, subject }) => scope !== "global" && subject === null))
      return fail(c, 400, "bad_field", "check subject", [
        { field: "subject", value: null, expected: "a site or an account" },
      ]);
    const back = await refusedAsSetBack(c, "no rate is set");
    if (back !== null) return back;
    let last: Registered = { ok: true, value: { version: 0 } };
    for (const { scope, subject, rateE4PerKwh, validFrom } of rates) {
      const of =
        scope === "global"
          ? { scope }
          : scope === "site"
            ? { scope, site: subject ?? "" }
            : { scope, account: subject ?? "" };
      last = await registryOf(c.env).putTariff({ ...of, rateE4PerKwh, validFrom }, changeOf(c));
      if (!last.ok) return refuse(c, last.error);
    }
    // Accounts keep their rates themselves: they are told, page by page.
    await c.env.JOBS.send({ job: "refresh-accounts", page: null });
    return whole(c, last);
  })
  .post("/tills", actor, limited, saysJson, json(TillBody), async (c) => {
    const { senders = countrySenders(c.env), ...till } = c.req.valid("json");
    if (senders.length === 0)
      return fail(c, 400, "bad_field", "check senders", [
        { field: "senders", value: null, expected: `senders: the file of ${countryOf(c.env).name} names none` },
      ]);
    const back = await refusedAsSetBack(c, NO_TILL);
    if (back !== null) return back;
    return whole(c, await putTill(c.env, { ...till, senders }, changeOf(c)));
  })
  .post("/accounts", actor, limited, saysJson, json(AccountsBody), async (c) => {
    const country = countryOf(c.env);
    const rows: AccountRegistration[] = [];
    for (const [index, given] of c.req.valid("json").accounts.entries()) {
      const phone = given.phone === null || given.phone === undefined ? null : canonicalPhone(given.phone, country);
      if (phone === null && given.phone)
        return fail(c, 400, "bad_field", `check accounts.${index}.phone`, [
          { field: `accounts.${index}.phone`, value: given.phone, expected: `a phone number of ${country.name}` },
        ]);
      const site = given.account.slice(4);
      if (!country.siteCodes.includes(site))
        return fail(c, 422, "foreign_site", `${site} is no site of ${country.name}`);
      rows.push({
        account: given.account,
        site,
        status: given.status,
        customer: {
          key: `account:${given.account}`,
          name: given.name,
          phones: phone === null ? [] : [phone],
          language: given.language ?? null,
        },
        meters: given.meters.map((meter) => ({
          meterNumber: meter.meterNumber.replace(/^0+/, ""),
          thing: meter.thing ?? null,
          role: meter.role,
          from: meter.from ?? PLACED_FROM,
          to: meter.to ?? null,
          baseRegisterWh: meter.baseRegisterWh ?? null,
          ratingW: meter.ratingW ?? null,
        })),
        aliases: given.aliases.map((alias) => ({ alias, from: PLACED_FROM, to: null })),
        rates: [],
      });
    }
    const refused = await refusedAsSetBack(c);
    if (refused !== null) return refused;
    const registered = await registryOf(c.env).upsertAccounts(rows, changeOf(c));
    if (registered.ok)
      await configureAccounts(
        c.env,
        rows.map(({ account }) => account),
      );
    return whole(c, registered, { accounts: rows.length });
  })
  .post("/templates", actor, limited, saysJson, json(TemplateBody), async (c) => {
    const template = c.req.valid("json");
    const checked = checkTemplate(template.kind, template.text, countryOf(c.env));
    if (!checked.ok) return fail(c, 422, checked.error.kind, "this text cannot be sent", checked.error);
    const back = await refusedAsSetBack(c, "nothing of SMS is set");
    if (back !== null) return back;
    const registered = await registryOf(c.env).putTemplate(template, changeOf(c));
    if (registered.ok) await directoryOf(c.env).putTemplates([{ ...template, version: registered.value.version }]);
    return whole(c, registered);
  });

/** Where nobody knows since when: before anything this system has seen. */
const PLACED_FROM = Date.UTC(2015, 0, 1);
