import { isContent, namesDefect } from "./classify-message.ts";
import type { RuleEnd } from "./ticket-rules.ts";

/** How it stands with the account of a customer's ticket of no power. Null is not known. */
export type DarkFacts = {
  ticketId: number;
  version: number;
  summary: string;
  /** A message that went on with it has made another category of it, or made it graver. */
  wasRaised: boolean;
  /** When it was opened, or opened again. UTC ms. */
  since: number;
  /**
   * What the customer said since it was opened, about it or not, and when that came: the newest, `SAID_MAX` at most; the newest message of
   * all that was there at this look. UTC ms.
   */
  said: { at: number; text: string }[];
  messageId: number;
  /** What its account has left, and what its billing meter has last said. */
  leftWh: number | null;
  connected: boolean | null;
  heardAt: number | null;
  /** The newest command of that meter. */
  command: { action: string; state: string; endedAt: number | null } | null;
};

/** Of whoever says so much nobody has read everything: a person's. */
export const SAID_MAX = 20;
const MINUTE_MS = 60_000;
const utc = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/**
 * The end of a customer's ticket of no power whose meter was dark for want of credit: it has credit, has obeyed a connect after the
 * customer last said that it is dark (thanks are no complaint), and was read with its relay closed after that. Null: it is dark still, or
 * for another reason than a meter can tell, as where the relay was closed all the time or a tree lies on the line: then somebody has to go.
 */
export function lightAgain(facts: DarkFacts): RuleEnd | null {
  const { ticketId, leftWh, connected, heardAt, command } = facts;
  if (leftWh === null || leftWh <= 0 || connected !== true || heardAt === null) return null;
  if (command === null || command.action !== "connect" || command.state !== "completed") return null;
  if (facts.wasRaised || facts.said.length >= SAID_MAX) return null;
  if ([facts.summary, ...facts.said.map(({ text }) => text)].some(namesDefect)) return null;
  const litAt = command.endedAt;
  const complaints = facts.said.filter(({ text }) => !isContent(text));
  const since = Math.max(facts.since, ...complaints.map(({ at }) => at));
  // Readings are known to the minute.
  if (litAt === null || litAt <= since || heardAt < litAt - (litAt % MINUTE_MS)) return null;
  return {
    ticketId,
    cause: "light_again",
    resolution: `connected at ${utc(litAt)}, read with light at ${utc(heardAt)}`,
  };
}
