import { Hono } from "hono";
import { readSheet } from "../../src/adapters/sheets/sheet.ts";
import { templateCsv, templateXlsx } from "../../src/adapters/sheets/template.ts";
import { FILE_BYTES_MAX } from "../../src/domain/registration/cell.ts";
import {
  type RegistrationBatch,
  registrationBatch,
  registrationBatches,
  registrationRows,
  siteCodes,
} from "../../src/queries/registrations.ts";
import { uploadRegistration } from "../../src/services/upload-registration.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, limitedTo, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { startRegistration } from "../jobs/registrations.ts";
import { sha256Hex } from "../keys.ts";
import { countryOf, readerOf, registrationsOf, welcomesOf } from "../ports.ts";
import { refusedAsSetBack } from "../set-back.ts";
import { idOf, keyOf, noKey, otherSite, ownSite } from "./acts.ts";
import { badFields, type C, refuse } from "./refusals.ts";
import { BatchesQuery, CommitBody, RowsQuery, UndoBody, UploadQuery, WelcomeBody } from "./registrations-body.ts";

/** Rows with something to say that the answer to an upload shows at once. */
const PROBLEMS_SHOWN = 100;
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Files of new customers: looked at row by row, taken in the background, and undone. */
export const registrations = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("customers.register"), query(BatchesQuery), async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const batches = await registrationBatches(readerOf(c.env), {
      site: ownSite(c.get("person")),
      before: cursor ?? null,
      limit,
    });
    return c.json({ batches, next: batches.length === limit ? (batches.at(-1)?.batchId ?? null) : null });
  })
  .get("/template.xlsx", allow("customers.register"), (c) =>
    c.body(templateXlsx().slice().buffer, 200, attached("registration.xlsx", XLSX)),
  )
  .get("/template.csv", allow("customers.register"), (c) =>
    c.body(templateCsv(), 200, attached("registration.csv", "text/csv; charset=utf-8")),
  )
  .post("/", allow("customers.register"), limitedTo(FILE_BYTES_MAX), query(UploadQuery), async (c) => {
    const key = keyOf(c);
    if (key === null) return noKey(c);
    const { site: named, name } = c.req.valid("query");
    const own = ownSite(c.get("person"));
    if (own !== null && (named ?? own) !== own) return otherSite(c, own);
    const site = named ?? own;
    const country = countryOf(c.env);
    const sites = (await siteCodes(readerOf(c.env))).filter((code) => country.siteCodes.includes(code));
    if (sites.length === 0) return fail(c, 409, "no_site", "no site of this country is set up yet");
    if (site !== null && !sites.includes(site))
      return badFields(c, [{ field: "site", value: site, expected: `one of ${sites.join(", ")}` }]);
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const by = changeOf(c);
    const uploaded = await uploadRegistration(
      { readSheet, registrations: registrationsOf(c.env) },
      {
        key: `registration:${key}`,
        bytes,
        contentHash: sha256Hex(`${site ?? ""}\n${await hashOf(bytes)}`),
        fileName: name ?? null,
        rules: { country, sites, site, now: by.at },
      },
      by,
    );
    if (!uploaded.ok)
      return uploaded.error.kind === "bad_file"
        ? badFields(c, uploaded.error.faults.map(withoutLong))
        : refuse(c, uploaded.error);
    return answer(c, uploaded.value.batchId, 201);
  })
  .get("/welcome", allow("customers.read"), async (c) => c.json(await welcomesOf(c.env).state()))
  .put("/welcome", allow("customers.write"), limited, saysJson, json(WelcomeBody), async (c) => {
    const put = await welcomesOf(c.env).putSwitch(c.req.valid("json").on, changeOf(c));
    return put.ok ? c.json(await welcomesOf(c.env).state()) : refuse(c, put.error);
  })
  .get("/:id{[0-9]+}", allow("customers.register"), (c) => answer(c, idOf(c), 200))
  .get("/:id{[0-9]+}/rows", allow("customers.register"), query(RowsQuery), async (c) => {
    const { limit, cursor, show } = c.req.valid("query");
    if ((await found(c)) === null) return nothing(c);
    const rows = await registrationRows(readerOf(c.env), idOf(c), { show, after: cursor, limit });
    return c.json({ rows, next: rows.length === limit ? (rows.at(-1)?.row ?? null) : null });
  })
  .post("/:id{[0-9]+}/commit", allow("customers.register"), limited, saysJson, json(CommitBody), async (c) => {
    const { mode, twins } = c.req.valid("json");
    const batch = await found(c);
    if (batch === null) return nothing(c);
    const { good, twins: alike, faulty } = batch.rows;
    const taken = twins === "take" ? good + alike : good;
    // Who said so before is answered as then, whatever became of the rows.
    if (batch.state === "checked" && taken === 0) return fail(c, 422, "refused", "there is no row to take", batch.rows);
    if (batch.state === "checked" && mode === "all" && taken < good + alike + faulty)
      return fail(c, 422, "refused", "not every row can be taken: put them right, or take the good ones", batch.rows);
    const refused = await refusedAsSetBack(c);
    if (refused !== null) return refused;
    const committed = await registrationsOf(c.env).commit(
      batch.batchId,
      { mode, takesTwins: twins === "take" },
      changeOf(c),
    );
    if (!committed.ok) return refuse(c, committed.error);
    await startRegistration(c.env, batch.batchId);
    return answer(c, batch.batchId, 202);
  })
  .post("/:id{[0-9]+}/undo", allow("customers.register"), limited, saysJson, json(UndoBody), async (c) => {
    const batch = await found(c);
    if (batch === null) return nothing(c);
    const undone = await registrationsOf(c.env).undo(batch.batchId, changeOf(c, c.req.valid("json").reason));
    if (!undone.ok) return refuse(c, undone.error);
    await startRegistration(c.env, batch.batchId);
    return answer(c, batch.batchId, 202);
  });

const personOf = (c: C) => (c.var as Pick<Acting, "person">).person;
const found = (c: C): Promise<RegistrationBatch | null> =>
  registrationBatch(readerOf(c.env), idOf(c), ownSite(personOf(c)));
const nothing = (c: C) => fail(c, 404, "unknown", "no such registration here");

async function answer(c: C, batchId: number, status: 200 | 201 | 202) {
  const batch = await registrationBatch(readerOf(c.env), batchId, ownSite(personOf(c)));
  if (batch === null) return nothing(c);
  const shown = { show: "problems", after: 0, limit: PROBLEMS_SHOWN } as const;
  return c.json({ batch, problems: await registrationRows(readerOf(c.env), batchId, shown) }, status);
}

const hashOf = async (bytes: Uint8Array<ArrayBuffer>) =>
  Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");

const attached = (name: string, type: string) => ({
  "Content-Type": type,
  "Content-Disposition": `attachment; filename="${name}"`,
});

const VALUE_CHARS_SHOWN = 200;
const withoutLong = <T extends { value: unknown }>(fault: T): T =>
  typeof fault.value === "string" ? { ...fault, value: fault.value.slice(0, VALUE_CHARS_SHOWN) } : fault;
