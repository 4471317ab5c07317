import type { OmBehind } from "../src/queries/om-behind.ts";
import { type Command, type Flags, need } from "./command.ts";
import { call, type Door } from "./door.ts";

type Behind = { asOf: number; isConfigured: boolean; behind: OmBehind[]; isCut: boolean };

/** Commands about tickets. */
export const TICKET_COMMANDS: Record<string, Command> = {
  "tickets:mirror": {
    help: "[--again --reason TEXT --actor NAME]   what the O&M system lacks of our tickets, since when and why; --again: what was refused or waits long is sent again within five minutes",
    run: mirror,
  },
};

async function mirror(door: Door, flags: Flags) {
  if (flags.again === "true") {
    const { due } = await call<{ due: number }>(
      door,
      "POST",
      "/tickets/mirror",
      { reason: need(flags, "reason") },
      need(flags, "actor"),
    );
    return console.log(`${due} ${due === 1 ? "ticket is" : "tickets are"} sent again within five minutes`);
  }
  for (const line of mirrorLines(await call<Behind>(door, "GET", "/tickets/mirror"))) console.log(line);
}

/** A line a ticket, those the longest behind first. */
export function mirrorLines({ isConfigured, behind, isCut }: Behind): string[] {
  if (!isConfigured) return ["no O&M system: OM_URL and OM_KEY are not set"];
  if (behind.length === 0) return ["the O&M system has every ticket as it is here"];
  const lines = behind.map(({ ticketId, omId, since, differsSince, isHistory, attempts, nextAt, error }) =>
    [
      `T${ticketId}`,
      omId ?? "not there yet",
      since === null ? null : `behind since ${iso(since)}`,
      since !== null && differsSince === null
        ? null
        : `not at one${differsSince === null ? "" : ` since ${iso(differsSince)}`}`,
      isHistory ? "resolved here before, goes last" : null,
      attempts === 0 ? null : `${attempts} ${attempts === 1 ? "try" : "tries"}`,
      nextAt === null ? null : `next ${iso(nextAt)}`,
      error,
    ]
      .filter((part) => part !== null)
      .join("  "),
  );
  return isCut ? [...lines, "and more"] : lines;
}

const iso = (at: number) => `${new Date(at).toISOString().slice(0, 16)}Z`;
