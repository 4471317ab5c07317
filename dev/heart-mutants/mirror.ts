import { database, type Mutant } from "./mutant.ts";

const BOOKS = "src/adapters/neon/om-mirrors.ts";

/** Tickets in the O&M system: the same one is never made twice there. */
export const MIRROR_MUTANTS: Mutant[] = [
  {
    name: "claimed after create",
    breaks: "two runs at once, or a run that lasts, make the same ticket twice in the O&M system",
    edits: [{ file: BOOKS, from: "WHERE own.next_at <= cc_at($3::bigint) RETURNING", to: "WHERE true RETURNING" }],
    tests: database("om-mirrors", "is claimed by one of two runs at once"),
  },
  {
    name: "created unasked",
    breaks: "a create that was done and not written down is done again: the field has the same ticket twice",
    edits: [
      {
        file: "src/services/mirror-tickets.ts",
        from: "const found = await om.find(omReference(country, ticketId));",
        to: "const found = { ok: true as const, value: [] as OmTicket[] };",
      },
    ],
    tests: database("om-mirrors", "a run that died after its create left"),
  },
  {
    name: "part of a reference",
    breaks: "a ticket of the O&M system that only speaks of ours is taken for ours, which is never sent there",
    edits: [
      {
        file: "src/adapters/om/om-client.ts",
        from: "each.reference === reference",
        to: "each.reference?.includes(reference) === true",
      },
    ],
    tests: database("om-mirrors", "finds its own among many that speak of it"),
  },
  {
    name: "another's ticket taken",
    breaks: "a ticket whose number was given twice follows the state of the first one, and writes over it",
    edits: [
      {
        file: "src/services/mirror-tickets.ts",
        from: "whyAnothers(each, ticket, country) === null",
        to: "whyAnothers(each, ticket, country) !== undefined",
      },
    ],
    tests: database("om-mirrors-others", "takes no ticket there that was made before its own was opened"),
  },
];
