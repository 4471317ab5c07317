import { z } from "zod";

/** The public resolver's JSON (RFC 8484 is the transport): what the whole internet is told, and nothing of a network of ours. */
const RESOLVER = "https://cloudflare-dns.com/dns-query";
const LOOK_MS_MAX = 4_000;
const ANSWERS_MAX = 100;
/** Numbers of record types and of answers, as DNS has them (RFC 1035, RFC 3596). */
const A = 1;
const AAAA = 28;
const NO_ERROR = 0;
const NO_SUCH_NAME = 3;

const Looked = z.object({
  Status: z.number().int(),
  Answer: z
    .array(z.object({ type: z.number().int(), data: z.string().max(500) }))
    .max(ANSWERS_MAX)
    .default([]),
});

/**
 * The addresses, of both kinds, to which a host leads now; an empty list: the name has none. Throws where that cannot be told, of one
 * kind alone, too: half an answer may lack the address that matters.
 */
export async function addressesOf(host: string, ask: typeof fetch = fetch): Promise<string[]> {
  const found = await Promise.all([A, AAAA].map((type) => look(host, type, ask)));
  return found.flat();
}

async function look(host: string, type: number, ask: typeof fetch): Promise<string[]> {
  const response = await ask(`${RESOLVER}?${new URLSearchParams({ name: host, type: String(type) })}`, {
    headers: { Accept: "application/dns-json" },
    redirect: "manual",
    signal: AbortSignal.timeout(LOOK_MS_MAX),
  });
  const answer = response.status === 200 ? Looked.safeParse(await response.json()) : null;
  if (answer?.success !== true) throw new Error(`nobody can tell where ${host} leads: ${response.status}`);
  const { Status, Answer } = answer.data;
  if (Status !== NO_ERROR && Status !== NO_SUCH_NAME) throw new Error(`nobody can tell where ${host} leads: ${Status}`);
  // Names on the way there (CNAME) are no addresses.
  return Answer.filter((each) => each.type === type).map(({ data }) => data);
}
