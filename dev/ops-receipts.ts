import { type Command, type Flags, need, say } from "./command.ts";
import type { Door } from "./door.ts";

/** Commands about where a receipt's money is, and moving it. */
export const RECEIPT_COMMANDS: Record<string, Command> = {
  suspense: { help: "money that waits for a person: age, value, hints", run: (door) => say(door, "GET", "/suspense") },
  receipt: {
    help: "--receipt R   where a receipt's money is",
    run: (door, flags) => say(door, "GET", `/receipts/${encodeURIComponent(need(flags, "receipt"))}`),
  },
  "receipts:open": {
    help: "receipts whose money is not at rest yet: how far each is, who holds it, since when; the longest unchanged first",
    run: (door) => say(door, "GET", "/claims/open"),
  },
  "receipt:assign": {
    help: "--receipt R --generation N --account 0045MAK --reason TEXT --actor NAME [--force]",
    run: (door, flags) =>
      say(
        door,
        "POST",
        `/receipts/${encodeURIComponent(need(flags, "receipt"))}/assign`,
        {
          expectedGeneration: Number(need(flags, "generation")),
          account: need(flags, "account"),
          reason: need(flags, "reason"),
          ...forced(flags),
        },
        need(flags, "actor"),
      ),
  },
  "receipt:treasury": {
    help: "--receipt R --generation N --reason TEXT --actor NAME [--force]   our own money, no customer's",
    run: (door, flags) => moveWhole(door, flags, "treasury"),
  },
  "receipt:returned": {
    help: "--receipt R --generation N --reason TEXT --actor NAME [--force]   not with us: the operator gave it back to the payer, or it never came; ends its reversal",
    run: (door, flags) => moveWhole(door, flags, "returned"),
  },
  "receipt:reverse": {
    help: "--receipt R --generation N --reason TEXT --actor NAME [--force]   takes it back from where it is, into suspense",
    run: (door, flags) => moveWhole(door, flags, "reverse"),
  },
  "receipt:unblock": {
    help: "--receipt R --reason TEXT --actor NAME   the operator's reversal is settled: what is held may be assigned",
    run: (door, flags) =>
      say(
        door,
        "POST",
        `/receipts/${encodeURIComponent(need(flags, "receipt"))}/unblock`,
        { reason: need(flags, "reason") },
        need(flags, "actor"),
      ),
  },
  "receipt:split": {
    help: "--receipt R --generation N --shares 0045MAK=1500,0046MAK=500,suspense=300 --reason TEXT --actor NAME [--force]   minor units that add up",
    run: (door, flags) =>
      say(
        door,
        "POST",
        `/receipts/${encodeURIComponent(need(flags, "receipt"))}/move`,
        {
          expectedGeneration: Number(need(flags, "generation")),
          reason: need(flags, "reason"),
          ...forced(flags),
          shares: need(flags, "shares")
            .split(",")
            .map((share) => {
              const [to = "", minor = ""] = share.split("=");
              const amountMinor = Number(minor);
              return to === "suspense" || to === "treasury"
                ? { to, amountMinor }
                : { to: "account", account: to, amountMinor };
            }),
        },
        need(flags, "actor"),
      ),
  },
  "text:dismiss": {
    help: "--case KEY --reason TEXT --actor NAME   a text that nobody claimed brought no money: the operator has no such payment, or its own text has brought it",
    run: (door, flags) =>
      say(
        door,
        "POST",
        "/suspense/dismiss-text",
        { caseKey: need(flags, "case"), reason: need(flags, "reason") },
        need(flags, "actor"),
      ),
  },
  "receipt:typed": {
    help: "--case KEY --receipt R --account 0045MAK --amount MINOR --provider mpesa --actor NAME   assigns a text that carried no receipt",
    run: (door, flags) =>
      say(
        door,
        "POST",
        "/suspense/typed-receipt",
        {
          caseKey: need(flags, "case"),
          receipt: need(flags, "receipt"),
          account: need(flags, "account"),
          amountMinor: Number(need(flags, "amount")),
          provider: need(flags, "provider"),
        },
        need(flags, "actor"),
      ),
  },
};

const moveWhole = (door: Door, flags: Flags, verb: "treasury" | "returned" | "reverse") =>
  say(
    door,
    "POST",
    `/receipts/${encodeURIComponent(need(flags, "receipt"))}/${verb}`,
    { expectedGeneration: Number(need(flags, "generation")), reason: need(flags, "reason"), ...forced(flags) },
    need(flags, "actor"),
  );

/** Although something of it was paid back: the account then owes it. */
const forced = (flags: Flags) => (flags.force === "true" ? { force: true } : {});
