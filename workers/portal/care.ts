import { Hono } from "hono";
import { z } from "zod";
import { neonCare } from "../../src/adapters/neon/care.ts";
import { careDrafts, customerConversation, senderOfCustomer } from "../../src/queries/conversation.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { idOf, keyOf, noKey } from "./acts.ts";
import { refuse } from "./refusals.ts";
import { told } from "./tickets-body.ts";

const SendBody = z.strictObject({ text: told });
/** As it goes out: whoever approves has read it, and may have changed it. */
const ApproveBody = z.strictObject({ text: told });

/** What customers and the care line write to each other. Nothing that a rule drafted goes out before a person has approved it. */
export const care = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/drafts", allow("tickets.read"), async (c) =>
    c.json({ asOf: clockOf(c.env).now(), drafts: await careDrafts(readerOf(c.env)) }),
  )
  .get("/customers/:id{[0-9]+}", allow("tickets.read"), async (c) =>
    c.json({ asOf: clockOf(c.env).now(), messages: await customerConversation(readerOf(c.env), idOf(c)) }),
  )
  .post("/customers/:id{[0-9]+}", allow("tickets.write"), limited, saysJson, json(SendBody), async (c) => {
    const key = keyOf(c);
    if (key === null) return noKey(c);
    const where = await senderOfCustomer(readerOf(c.env), idOf(c));
    if (where === null) return fail(c, 404, "unknown", "this customer has never written here");
    const by = changeOf(c);
    const message = { key: `person:${by.actor}:${key}`, state: "queued" as const, ...where, customerId: idOf(c) };
    const text = c.req.valid("json").text;
    const sent = await neonCare(databaseOf(c.env)).put(
      { ...message, account: null, ticketId: null, text, at: by.at },
      by,
    );
    return sent.ok ? c.json({ state: "queued" as const }, 201) : refuse(c, sent.error);
  })
  .post("/drafts/:id{[0-9]+}/approve", allow("tickets.write"), limited, saysJson, json(ApproveBody), async (c) => {
    const approved = await neonCare(databaseOf(c.env)).decide(idOf(c), c.req.valid("json").text, changeOf(c));
    return approved.ok ? c.json({ state: "queued" as const }) : refuse(c, approved.error);
  })
  .post("/drafts/:id{[0-9]+}/dismiss", allow("tickets.write"), limited, async (c) => {
    const dismissed = await neonCare(databaseOf(c.env)).decide(idOf(c), null, changeOf(c));
    return dismissed.ok ? c.json({ state: "dismissed" as const }) : refuse(c, dismissed.error);
  });
