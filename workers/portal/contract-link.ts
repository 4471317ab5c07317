import { type Context, Hono } from "hono";
import { anyone } from "../allow.ts";
import type { Env } from "../env.ts";
import { clockOf } from "../ports.ts";
import { openLink } from "../signed-link.ts";
import { contractFilesOf, contractsOf } from "./contract-ports.ts";
import { pdfAnswer } from "./pdf-answer.ts";

type C = Context<{ Bindings: Env }>;
/** Whoever opens it may read any of the languages, and no error says more than that the link is none. */
const NONE = "This link opens nothing.\nCe lien n’ouvre rien.\nLink ena ha e bule letho.\n";
const OVER =
  "This link has expired. Ask 1PWR for a new one.\nCe lien a expiré. Demandez-en un nouveau à 1PWR.\nLink ena e felile. Kopa e ncha ho 1PWR.\n";
const LATER = "Please try again later.\nVeuillez réessayer plus tard.\nKa kopo leka hape hamorao.\n";

/** `GET /c/<token>`: the contract, for whoever holds a link that we signed and that has not expired. Each opening is kept. */
export const contractLink = new Hono<{ Bindings: Env }>().get(
  "/:token",
  anyone("a customer's contract, for whoever holds its signed link"),
  async (c) => {
    const now = clockOf(c.env).now();
    const link = openLink(c.env, "contract", c.req.param("token"), now);
    if (!link.ok) return link.error.kind === "expired" ? say(c, 410, OVER) : say(c, 404, NONE);
    const [contractId = 0, linkId = 0] = link.value.subject.split("-").map(Number);
    const contracts = contractsOf(c.env);
    const [contract, kept] = [await contracts.find(contractId), await contracts.findLink(contractId, linkId)];
    if (contract === null || kept === null) return say(c, 404, NONE);
    const answer = await pdfAnswer(contractFilesOf(c.env), contract);
    if (answer === null) return say(c, 503, LATER);
    await contracts.accessed(contractId, { linkId }, now);
    return answer;
  },
);

function say(c: C, status: 404 | 410 | 503, text: string) {
  return c.text(text, status, { "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow" });
}
