import { Hono } from "hono";
import type { z } from "zod";
import { neonTickets } from "../../src/adapters/neon/tickets.ts";
import { classOf, PRIORITY_OF } from "../../src/domain/ticket.ts";
import type { Registered } from "../../src/ports/registry.ts";
import type { Tickets } from "../../src/ports/tickets.ts";
import {
  findTicket,
  listTickets,
  openTicketCounts,
  TICKETS_PAGE_MAX,
  type TicketsFilter,
  ticketAssignees,
  ticketEvents,
  ticketMirror,
  ticketOfKey,
} from "../../src/queries/tickets.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, query, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { clockOf, databaseOf, readerOf } from "../ports.ts";
import { idOf, keyOf, noKey } from "./acts.ts";
import { badFields, type C, refuse } from "./refusals.ts";
import {
  AssignBody,
  ChangeBody,
  CommentBody,
  FileQuery,
  ListQuery,
  OpenBody,
  ReopenBody,
  ResolveBody,
} from "./tickets-body.ts";
import { ticketBook } from "./tickets-book.ts";

const ticketsOf = (env: Env): Tickets => neonTickets(databaseOf(env));

/** What the request asks for; whose tickets "mine" are, the session says. */
export const filterOf = (asked: Omit<z.infer<typeof FileQuery>, "language">, actor: string): TicketsFilter => ({
  state: asked.state ?? null,
  assignedTo: asked.mine === "yes" ? actor : null,
  site: asked.site ?? null,
  class: asked.class ?? null,
  category: asked.category ?? null,
  priority: asked.priority ?? null,
  account: asked.account ?? null,
  customerId: asked.customer ?? null,
  text: asked.q ?? null,
  from: asked.from ?? null,
  to: asked.to ?? null,
});

/** What has to be seen to: opened by people, customers and rules, given to somebody, resolved with its cause, opened again. */
export const tickets = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("tickets.read"), query(ListQuery), async (c) => {
    const { cursor, ...asked } = c.req.valid("query");
    const db = readerOf(c.env);
    const found = await listTickets(db, filterOf(asked, c.var.actor), cursor ?? null, TICKETS_PAGE_MAX);
    const next = found.length === TICKETS_PAGE_MAX ? (found.at(-1)?.ticketId ?? null) : null;
    return c.json({ asOf: clockOf(c.env).now(), tickets: found, next: next === null ? null : String(next) });
  })
  .get("/open", allow("tickets.read"), async (c) =>
    c.json({ asOf: clockOf(c.env).now(), open: await openTicketCounts(readerOf(c.env)) }),
  )
  .get("/assignees", allow("tickets.write"), async (c) => c.json({ assignees: await ticketAssignees(readerOf(c.env)) }))
  .get("/file/xlsx", allow("tickets.read"), query(FileQuery), async (c) => {
    const { language: inWords, ...asked } = c.req.valid("query");
    return ticketBook(c, filterOf(asked, c.var.actor), inWords);
  })
  .post("/", allow("tickets.write"), limited, saysJson, json(OpenBody), async (c) => {
    const key = keyOf(c);
    if (key === null) return noKey(c);
    const asked = c.req.valid("json");
    const by = changeOf(c);
    if (asked.failedAt !== undefined && asked.failedAt > by.at)
      return badFields(c, [{ field: "failedAt", value: null, expected: "an instant that has passed" }]);
    const account = asked.account ?? null;
    const ticketKey = `person:${by.actor}:${key}`;
    const opened = await ticketsOf(c.env).open(
      {
        key: ticketKey,
        class: asked.class ?? classOf(account),
        category: asked.category,
        priority: asked.priority ?? PRIORITY_OF[asked.category],
        source: "person",
        rule: null,
        caseKey: asked.caseKey ?? null,
        site: asked.site ?? account?.slice(-SITE_CHARS) ?? null,
        account,
        phone: asked.phone ?? null,
        summary: asked.summary,
        reportedBy: by.actor,
        failedAt: asked.failedAt ?? null,
      },
      by,
    );
    if (!opened.ok) return refuse(c, opened.error);
    const ticket = await ticketOfKey(readerOf(c.env), ticketKey);
    return ticket === null ? nothing(c) : c.json({ ticket }, 201);
  })
  .get("/:id{[0-9]+}", allow("tickets.read"), async (c) => {
    const db = readerOf(c.env);
    const [ticket, events, mirror] = await Promise.all([
      findTicket(db, idOf(c)),
      ticketEvents(db, idOf(c)),
      ticketMirror(db, idOf(c)),
    ]);
    return ticket === null ? nothing(c) : c.json({ asOf: clockOf(c.env).now(), ticket, events, mirror });
  })
  .post("/:id{[0-9]+}/comments", allow("tickets.write"), limited, saysJson, json(CommentBody), async (c) => {
    const key = keyOf(c);
    if (key === null) return noKey(c);
    const by = changeOf(c);
    const said = { key: `person:${by.actor}:${key}`, text: c.req.valid("json").text };
    return answer(c, await ticketsOf(c.env).comment(idOf(c), said, by));
  })
  .post("/:id{[0-9]+}/assign", allow("tickets.write"), limited, saysJson, json(AssignBody), async (c) =>
    answer(c, await ticketsOf(c.env).assign(idOf(c), c.req.valid("json").staffId, changeOf(c))),
  )
  .patch("/:id{[0-9]+}", allow("tickets.write"), limited, saysJson, json(ChangeBody), async (c) => {
    const { version, set, reason } = c.req.valid("json");
    return answer(c, await ticketsOf(c.env).change(idOf(c), { version, ...set }, changeOf(c, reason)));
  })
  .post("/:id{[0-9]+}/resolve", allow("tickets.write"), limited, saysJson, json(ResolveBody), async (c) =>
    answer(c, await ticketsOf(c.env).resolve(idOf(c), c.req.valid("json"), changeOf(c))),
  )
  .post("/:id{[0-9]+}/reopen", allow("tickets.write"), limited, saysJson, json(ReopenBody), async (c) =>
    answer(c, await ticketsOf(c.env).reopen(idOf(c), changeOf(c, c.req.valid("json").reason))),
  );

const SITE_CHARS = 3;
const nothing = (c: C) => fail(c, 404, "unknown", "no such ticket here");

async function answer(c: C, done: Registered) {
  if (!done.ok) {
    if (done.error.detail.startsWith("ticket ") && done.error.kind === "unknown") return nothing(c);
    if (done.error.detail.startsWith("version "))
      return fail(c, 409, "stale", "somebody changed this since you read it; read it again", {
        version: Number(done.error.detail.slice("version ".length)),
      });
    return refuse(c, done.error);
  }
  const { env } = c as C & { env: Env };
  const ticket = await findTicket(readerOf(env), idOf(c));
  return ticket === null ? nothing(c) : c.json({ ticket });
}
