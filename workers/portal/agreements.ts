import { createHash } from "node:crypto";
import { Hono } from "hono";
import { neonAgreements } from "../../src/adapters/neon/agreements.ts";
import {
  CONTRACT_BYTES_MAX,
  CONTRACT_TYPES,
  contractTypeOf,
  partOfAgreement,
  scheduleOf,
} from "../../src/domain/fees/agreement.ts";
import { localDay } from "../../src/domain/local-day.ts";
import type { AgreementRow, Agreements, KeptContract, NewAgreement } from "../../src/ports/agreements.ts";
import { type Acting, allow } from "../allow.ts";
import { limitedTo, query } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { hashedFiles } from "../hashed-files.ts";
import { postFee } from "../jobs/post-fees.ts";
import { accountsOf, clockOf, countryOf, databaseOf } from "../ports.ts";
import { keyOf, noKey } from "./acts.ts";
import { AgreementsQuery, type Sign, SignQuery } from "./agreements-body.ts";
import { feesOf } from "./fees.ts";
import { badFields, type C, refuse } from "./refusals.ts";

const LIST_MAX = 100;
const ID_CHARS = 16;
const EXTENSIONS = { "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg" } as const;

const agreementsOf = (env: Env): Agreements => neonAgreements(databaseOf(env));

/** Advances and plans of appliances: each with its signed contract, and charged to its account once. */
export const agreements = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("money.read"), query(AgreementsQuery), async (c) => {
    const { account, cursor } = c.req.valid("query");
    const rows = await agreementsOf(c.env).list({ account: account ?? null, after: cursor }, LIST_MAX);
    const next = rows.length === LIST_MAX ? (rows.at(-1)?.id ?? null) : null;
    return c.json({ isOn: countryOf(c.env).features.fees, agreements: rows, next });
  })
  .post("/", allow("money.write"), limitedTo(CONTRACT_BYTES_MAX), query(SignQuery), async (c) => {
    const key = keyOf(c);
    if (key === null) return noKey(c);
    const { features, name } = countryOf(c.env);
    if (!features.fees) return fail(c, 409, "fees_off", `fees are switched off in ${name}: its file says so`);
    const said = c.req.valid("query");
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const type = contractTypeOf(bytes);
    if (type === null)
      return badFields(c, [
        {
          field: "contract",
          value: bytes.length === 0 ? null : `${bytes.length} bytes`,
          expected: `the signed contract as the body: ${CONTRACT_TYPES.join(", ")}`,
        },
      ]);
    const view = await accountsOf(c.env).view(said.account);
    if (view === "not_ready") return fail(c, 503, "not_ready", "the account is not ready yet; send the same again");
    if (view === null) return fail(c, 404, "unknown_account", "no such account here");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const contract = { key: `agreements/${sha256}.${EXTENSIONS[type]}`, sha256, type, bytes: bytes.length };
    // The file first: an agreement without its contract is none.
    await hashedFiles(c.env.CONTRACTS, type).put(contract.key, bytes, sha256);
    const id = createHash("sha256").update(`${said.account}\n${key}`, "utf8").digest("hex").slice(0, ID_CHARS);
    const signed = await agreementsOf(c.env).sign(agreementOf(said, { id, currency: view.currency, contract }), {
      ...changeOf(c, said.reason),
      reason: said.reason,
    });
    if (!signed.ok) return refuse(c, signed.error);
    const order = await feesOf(c.env).find(id);
    // What does not answer now is posted by the job of each minute.
    if (order?.state === "approved") await postFee(c.env, order, clockOf(c.env).now());
    return answer(c, id);
  })
  .get("/:id", allow("money.read"), (c) => answer(c, c.req.param("id")))
  .get("/:id/contract", allow("contracts.read"), async (c) => {
    const found = await agreementsOf(c.env).contractKey(c.req.param("id"));
    const bytes = found === null ? null : await hashedFiles(c.env.CONTRACTS, found.type).get(found.key);
    if (found === null || bytes === null) return nothing(c);
    return new Response(bytes, {
      headers: {
        "Content-Type": found.type,
        "Content-Disposition": `inline; filename="contract.${EXTENSIONS[found.type]}"`,
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex, nofollow",
      },
    });
  });

const nothing = (c: C) => fail(c, 404, "unknown", "no such agreement here");

async function answer(c: C, id: string) {
  const { env } = c as C & { env: Env };
  const found = await agreementsOf(env).find(id);
  if (found === null) return nothing(c);
  return c.json({ agreement: found, schedule: schedule(env, found) });
}

/** Empty where nobody said how many months it takes. */
function schedule(env: Env, { instalments, principalMinor, interestMinor, setupMinor, orderedAt }: AgreementRow) {
  const { utcOffsetMinutes } = countryOf(env);
  const signedOn = localDay(orderedAt, utcOffsetMinutes);
  const totalMinor = principalMinor + interestMinor + setupMinor;
  return instalments === null ? [] : scheduleOf(totalMinor, instalments, { signedOn, utcOffsetMinutes });
}

function agreementOf(
  said: Sign,
  { id, ...made }: { id: string; currency: string; contract: KeptContract },
): NewAgreement {
  const { account, principalMinor, fractionE4 } = said;
  const shared = { id, ...made, account, principalMinor, fractionE4 };
  const none = { graceDays: 0, intervalDays: 0 };
  if (said.kind === "advance")
    return {
      ...shared,
      ...{ part: partOfAgreement(said), title: null, interestMinor: 0, setupMinor: 0, instalments: null },
      ...{ monthlyFeeE4: said.monthlyFeeE4, penaltyE4: 0, ...none },
    };
  const { title, interestMinor, setupMinor, instalments, penaltyE4, graceDays, intervalDays } = said;
  return {
    ...shared,
    ...{ part: partOfAgreement({ kind: "financing", id }), title, interestMinor, setupMinor },
    ...{ instalments: instalments ?? null, monthlyFeeE4: 0, penaltyE4 },
    ...(penaltyE4 > 0 ? { graceDays, intervalDays } : none),
  };
}
