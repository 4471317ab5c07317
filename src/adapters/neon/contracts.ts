import type { AccountFacts } from "../../ports/accounts.ts";
import type { ContractLink, ContractRow, ContractSubject, Contracts } from "../../ports/contracts.ts";
import type { Database } from "./database.ts";
import { BY, change } from "./registry-write.ts";

type Customer = ContractSubject["customer"];

const CONTRACT = `SELECT k.id AS "contractId", a.account_number AS account, k.version, k.language, k.act_key AS "actKey",
    k.request_sha256 AS "requestSha256", k.terms->>'connectedOn' AS "connectedOn", k.service_phase AS "servicePhase",
    k.ampacity_a AS "ampacityA", (k.rate * 10000)::bigint AS "rateE4PerKwh", k.object_key AS "objectKey", k.sha256,
    k.bytes, k.pages, k.actor, cc_ms(k.created_at) AS "createdAt"
  FROM contracts k JOIN accounts a ON a.id = k.account_id`;
const LINK = `SELECT l.id AS "linkId", l.contract_id AS "contractId", cc_ms(l.expires_at) AS "expiresAt", l.sms_id AS "smsId",
    l.phone_id AS "phoneId" FROM contract_links l`;
const SUBJECT = `SELECT s.name AS "siteName", json_build_object('customerId', c.id, 'version', c.facts_version, 'name', c.name,
    'phones', c.phones, 'email', c.email, 'language', c.language, 'nationalId', c.national_id,
    'customerType', c.customer_type, 'plotNumber', c.plot_number, 'latitude', c.latitude, 'longitude', c.longitude,
    'place', c.place, 'district', c.district) AS customer
  FROM accounts a JOIN customers c ON c.id = a.customer_id JOIN sites s ON s.code = a.site_code
  WHERE a.account_number = $1::text`;

const ADD_LINK = [
  `WITH made AS (
    INSERT INTO contract_links (contract_id, expires_at, sms_id, phone_id, actor, created_at)
    SELECT r."contractId", cc_at(r."expiresAt"), r."smsId", r."phoneId", b.actor, b.at
    FROM jsonb_to_record($1::jsonb) AS r("contractId" bigint, "expiresAt" bigint, "smsId" text, "phoneId" text)
      CROSS JOIN (SELECT ${BY}) AS b(actor, reason, at)
    ON CONFLICT (sms_id) DO NOTHING RETURNING *)
  INSERT INTO mutations (actor, reason, at, action, subject, after)
  SELECT ${BY}, 'contract.link', 'contract:' || made.contract_id, to_jsonb(made) FROM made`,
];

/** `rates` are the account's, as its object is told them: one resolver, one source. */
export const neonContracts = (db: Database, rates: (account: string) => Promise<AccountFacts["rates"]>): Contracts => {
  const ofAccount = (account: string) =>
    db.read<ContractRow>(`${CONTRACT} WHERE a.account_number = $1::text ORDER BY k.version DESC, k.language`, [
      account,
    ]);
  const linkWhere = async (where: string, params: string[]): Promise<ContractLink | null> =>
    (await db.read<ContractLink>(`${LINK} WHERE ${where} ORDER BY l.id DESC LIMIT 1`, params))[0] ?? null;
  const linkOfSms = (smsId: string) => linkWhere("l.sms_id = $1::text", [smsId]);
  return {
    ofAccount,
    linkOfSms,

    async subject(account) {
      const [row] = await db.read<{ siteName: string; customer: Customer }>(SUBJECT, [account]);
      return row === undefined ? null : { ...row, rates: await rates(account), contracts: await ofAccount(account) };
    },

    find: async (contractId) =>
      (await db.read<ContractRow>(`${CONTRACT} WHERE k.id = $1::bigint`, [String(contractId)]))[0] ?? null,

    async addLink(link, by) {
      const added = await change(db, link, by, ADD_LINK);
      if (!added.ok) throw new Error(`a link was refused: ${added.error.detail}`);
      const kept =
        link.smsId === null
          ? await linkWhere("l.contract_id = $1::bigint AND l.sms_id IS NULL AND l.expires_at = cc_at($2::bigint)", [
              String(link.contractId),
              String(link.expiresAt),
            ])
          : await linkOfSms(link.smsId);
      if (kept === null) throw new Error("a link that was kept is not there");
      return kept;
    },

    findLink: (contractId, linkId) =>
      linkWhere("l.contract_id = $1::bigint AND l.id = $2::bigint", [String(contractId), String(linkId)]),

    async accessed(contractId, who, at) {
      const [linkId, actor] = "linkId" in who ? [String(who.linkId), ""] : ["", who.actor];
      await db.transaction([
        {
          query: `INSERT INTO contract_accesses (contract_id, link_id, actor, at)
            VALUES ($1::bigint, nullif($2, '')::bigint, nullif($3, ''), cc_at($4::bigint))`,
          params: [String(contractId), linkId, actor, String(at)],
        },
      ]);
    },
  };
};
