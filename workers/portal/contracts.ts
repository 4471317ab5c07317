import { createHash } from "node:crypto";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { canonicalAccount } from "../../src/domain/account.ts";
import { sayRefusal } from "../../src/domain/commissioning-words.ts";
import { readCustomer } from "../../src/domain/customer.ts";
import { dayStart } from "../../src/domain/local-day.ts";
import { PICTURE_BYTES_MAX } from "../../src/domain/picture.ts";
import { UnreadablePicture } from "../../src/ports/contract-printer.ts";
import type { ContractRow } from "../../src/ports/contracts.ts";
import { type CommissionRefusal, commissionAccount } from "../../src/services/commission-account.ts";
import { linkExpiry, sendContractLink } from "../../src/services/send-contract-link.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { configureAccounts } from "../jobs/refresh-accounts.ts";
import { clockOf, countryOf } from "../ports.ts";
import { CommissionBody, LinkBody } from "./commission-body.ts";
import { commissionPortsOf, contractFilesOf, contractLinkPortsOf, contractsOf, contractUrl } from "./contract-ports.ts";
import { pdfAnswer } from "./pdf-answer.ts";
import { badFields, type C, refuse } from "./refusals.ts";

type Vars = { Bindings: Env; Variables: Acting };
const KEY = /^[\x21-\x7e]{8,100}$/;
/** Two signatures in base64, and the fields beside them: more than any other route of people takes. */
export const COMMISSION_BYTES_MAX = Math.ceil(PICTURE_BYTES_MAX / 3) * 8 + 256 * 1024;
const withPictures = bodyLimit({
  maxSize: COMMISSION_BYTES_MAX,
  onError: (c) => fail(c, 413, "too_large", `the body may have at most ${COMMISSION_BYTES_MAX} bytes`),
});

/** Commissions an account, and what contracts it has. */
export const accountContracts = new Hono<Vars>()
  .get("/:account/contracts", allow("contracts.read"), async (c) => {
    const account = accountOf(c);
    if (account === null) return noAccount(c);
    const contracts = await contractsOf(c.env).ofAccount(account);
    return c.json({ account, contracts: contracts.map(shown) });
  })
  .post(
    "/:account/commission",
    allow("commissioning.write"),
    withPictures,
    saysJson,
    json(CommissionBody),
    async (c) => {
      const body = c.req.valid("json");
      const account = accountOf(c);
      if (account === null) return noAccount(c);
      const key = c.req.header("Idempotency-Key") ?? "";
      if (!KEY.test(key))
        return badFields(c, [
          { field: "Idempotency-Key", value: null, expected: "a header of 8 to 100 characters, new for each act" },
        ]);
      const country = countryOf(c.env);
      const { nationalId, customerType, phones, latitude, longitude } = body;
      const fields = readCustomer({ nationalId, customerType, phones, latitude, longitude }, country);
      if (!fields.ok) return badFields(c, fields.error);
      const by = changeOf(c, body.reason);
      const from = body.meter?.from ?? dayStart(body.connectedOn, country.utcOffsetMinutes);
      if (body.meter !== undefined && from > by.at)
        return badFields(c, [
          { field: "meter.from", value: new Date(from).toISOString(), expected: "not in the future" },
        ]);
      const { meter } = body;
      const request = {
        account,
        key,
        requestSha256: createHash("sha256")
          .update(
            JSON.stringify({
              ...body,
              customerSignature: hashOf(body.customerSignature),
              staffSignature: hashOf(body.staffSignature ?? null),
            }),
          )
          .digest("hex"),
        customerId: body.customerId ?? null,
        site: body.site ?? null,
        connectedOn: body.connectedOn,
        servicePhase: body.servicePhase,
        ampacityA: body.ampacity === "standard" ? null : body.ampacity,
        fields: fields.value,
        place:
          meter === undefined
            ? null
            : {
                account,
                meterNumber: meter.meterNumber,
                thing: meter.thing ?? null,
                ratingW: meter.ratingW ?? null,
                role: meter.role,
                from,
                baseRegisterWh: meter.baseRegisterWh ?? null,
              },
        signatures: { customer: body.customerSignature, staff: body.staffSignature ?? null },
        staffName: body.staffName,
      };
      const done = await commissionAccount(commissionPortsOf(c.env), request, by).catch((thrown: unknown) => {
        if (thrown instanceof UnreadablePicture) return thrown;
        throw thrown;
      });
      if (done instanceof UnreadablePicture)
        return badFields(c, [
          { field: "customerSignature, staffSignature", value: null, expected: "pictures that can be unpacked" },
        ]);
      if (!done.ok) return refuseCommission(c, done.error);
      await configureAccounts(c.env, [account]);
      const { status, contracts } = done.value;
      const sms = await tellCustomer(c, contracts, `v${contracts[0]?.version ?? 0}`);
      return c.json({ status, account, contracts: contracts.map(shown), sms }, status === "created" ? 201 : 200);
    },
  );

/** One contract: its PDF for people of ours, and new links for its customer. */
export const contracts = new Hono<Vars>()
  .get("/:id{[0-9]+}/pdf", allow("contracts.read"), async (c) => {
    const contract = await contractsOf(c.env).find(idOf(c));
    if (contract === null) return noContract(c);
    const answer = await pdfAnswer(contractFilesOf(c.env), contract);
    if (answer === null) return lost(c);
    await contractsOf(c.env).accessed(contract.contractId, { actor: c.var.actor || "operator" }, clockOf(c.env).now());
    return answer;
  })
  .post("/:id{[0-9]+}/links", allow("commissioning.write"), limited, saysJson, json(LinkBody), async (c) => {
    const { days, sms } = c.req.valid("json");
    const contract = await contractsOf(c.env).find(idOf(c));
    if (contract === null) return noContract(c);
    const by = changeOf(c);
    if (sms) return c.json({ sms: await tellCustomer(c, [contract], `c${contract.contractId}-${by.at}`) }, 201);
    const { contractId } = contract;
    const link = await contractsOf(c.env).addLink(
      { contractId, expiresAt: linkExpiry(by.at, days), smsId: null, phoneId: null },
      by,
    );
    return c.json(
      { url: contractUrl(c.env, originOf(c), link), expiresAt: new Date(link.expiresAt).toISOString() },
      201,
    );
  });

/** In the customer's language, with the contract of that language where there is one. */
async function tellCustomer(c: C, made: ContractRow[], about: string) {
  const [first] = made;
  const subject = first === undefined ? null : await contractsOf(c.env).subject(first.account);
  if (first === undefined || subject === null) return { status: "not_sent" as const, because: "there is no contract" };
  const { phones, language: spoken } = subject.customer;
  const language = spoken ?? countryOf(c.env).languages[0];
  const contract = made.find((each) => each.language === language) ?? first;
  const to = { phone: phones[0] ?? null, language };
  return sendContractLink(contractLinkPortsOf(c.env, originOf(c)), contract, to, about, changeOf(c));
}

function refuseCommission(c: C, refusal: CommissionRefusal) {
  switch (refusal.kind) {
    case "unknown_account":
      return noAccount(c);
    case "step":
      return fail(c, 409, refusal.because.kind, sayRefusal(refusal.because), refusal.because);
    case "not_theirs":
      return fail(c, 409, "not_theirs", `check ${refusal.field}: this account is another's or elsewhere`, refusal);
    case "no_national_id":
      return badFields(c, [{ field: "nationalId", value: null, expected: "a number: none is known of this customer" }]);
    case "no_tariff":
      return fail(c, 409, "no_tariff", "nothing is vended to this account now, so a contract would have no price");
    case "key_reused":
      return fail(c, 409, "exists", "this Idempotency-Key named another act");
    case "busy":
      return fail(c, 409, "stale", "somebody writes about the same account; send the same again");
    default:
      return refuse(c, refusal);
  }
}

const hashOf = (bytes: Uint8Array | null) => (bytes === null ? null : createHash("sha256").update(bytes).digest("hex"));
const shown = ({ actKey: _, requestSha256: __, objectKey: ___, ...contract }: ContractRow) => contract;
const originOf = (c: C) => new URL(c.req.url).origin;
const idOf = (c: C) => Math.min(Number(c.req.param("id")), Number.MAX_SAFE_INTEGER);
const accountOf = (c: C) => {
  const account = canonicalAccount(c.req.param("account") ?? "");
  return account.ok ? account.value : null;
};
const noAccount = (c: C) => fail(c, 404, "unknown", "no such account here");
const noContract = (c: C) => fail(c, 404, "unknown", "no such contract here");
const lost = (c: C) => fail(c, 503, "no_file", "the file of this contract is not there, or not as it was made");
