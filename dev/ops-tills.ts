import type { TillsView } from "../workers/portal/tills-view.ts";
import { type Command, type Flags, need, say } from "./command.ts";
import { call, type Door } from "./door.ts";
import { tillLines } from "./till-chain.ts";

/** Commands about gateway phones and the tills whose texts they bring. */
export const TILL_COMMANDS: Record<string, Command> = {
  "phone:add": {
    help: '--name "Shop phone" --till TILL [--channel electricity|fees] [--secret S]   prints the two URLs to type into the apps, once',
    run: (door, flags) =>
      say(door, "POST", "/phones", {
        name: need(flags, "name"),
        tillId: need(flags, "till"),
        channel: flags.channel ?? "electricity",
        smssyncSecret: flags.secret ?? null,
      }),
  },
  "phone:rotate": {
    help: "--phone ID   a second token is valid beside the first; rotate again to retire the first",
    run: (door, flags) => say(door, "POST", `/phones/${need(flags, "phone")}/rotate`, {}),
  },
  "phone:revoke": {
    help: "--phone ID",
    run: (door, flags) => say(door, "POST", `/phones/${need(flags, "phone")}/revoke`, {}),
  },
  "phone:list": {
    help: "every phone, when it last polled, and whether it is silent",
    run: (door) => say(door, "GET", "/phones"),
  },
  "till:add": {
    help: "--till ID --name NAME [--senders MPESA,199]   without senders: those of the country's file",
    run: (door, flags) =>
      say(door, "POST", "/tills", {
        tillId: need(flags, "till"),
        name: need(flags, "name"),
        ...(flags.senders === undefined ? {} : { senders: need(flags, "senders").split(",") }),
      }),
  },
  "till:chain": {
    help: "[--till ID] [--json]   every till: caps of today, each operator's chain of balances, its gaps and cases",
    run: tillChain,
  },
  "till:close": {
    help: "--till ID --provider mpesa --balance MINOR --reason TEXT --actor NAME   a person has settled this break of the chain",
    run: (door, flags) =>
      say(
        door,
        "POST",
        `/tills/${need(flags, "till")}/chain/close`,
        {
          provider: need(flags, "provider"),
          startMinor: Number(need(flags, "balance")),
          reason: need(flags, "reason"),
        },
        need(flags, "actor"),
      ),
  },
};

async function tillChain(door: Door, flags: Flags) {
  if (flags.json === "true")
    return say(door, "GET", flags.till === undefined ? "/tills" : `/tills/${encodeURIComponent(flags.till)}`);
  const view = await call<TillsView>(door, "GET", "/tills");
  const isKnown = (id: string) => view.unanswered.includes(id) || view.tills.some(({ facts }) => facts.tillId === id);
  if (flags.till !== undefined && !isKnown(flags.till)) throw new Error(`no till ${flags.till} here`);
  console.log(tillLines(view, flags.till).join("\n"));
}
