import type { Refusal } from "./commissioning.ts";
import type { Step } from "./commissioning-rules.ts";

const STEP_WORDS = {
  registered: "registered",
  connection_fee_paid: "connection fee paid",
  readyboard_fee_paid: "readyboard fee paid",
  readyboard_tested: "readyboard tested",
  readyboard_installed: "readyboard installed",
  airdac_connected: "airdac connected",
  meter_installed: "meter installed",
  commissioned: "commissioned",
  terminated: "terminated",
} as const satisfies Record<Step, string>;

/** Why something was not taken, in one sentence for whoever asked. */
export function sayRefusal(refusal: Refusal): string {
  switch (refusal.kind) {
    case "not_by_hand":
      return refusal.expected;
    case "bad_day":
      return `"${refusal.day}" is no day; expected ${refusal.expected}`;
    case "in_future":
      return `${refusal.day} has not come yet; today is ${refusal.today}`;
    case "needs":
      return `${STEP_WORDS[refusal.missing]} comes before ${STEP_WORDS[refusal.step]}: ${refusal.why}`;
    case "needs_meter":
      return `no meter stood on this account on ${refusal.day}: ${refusal.why}`;
    case "out_of_order":
      return `${STEP_WORDS[refusal.other]} was on ${refusal.otherDay}; expected ${refusal.expected}`;
    case "other_day":
      return `${STEP_WORDS[refusal.step]} is there already, ${refusal.day === null ? "of a day that nobody knows" : `on ${refusal.day}`}: ${refusal.expected}`;
    case "not_reached":
      return `${STEP_WORDS[refusal.step]} is not there`;
    case "needed_by":
      return `${STEP_WORDS[refusal.by]} needs it: ${refusal.why}`;
    case "terminated":
      return `this account ended${refusal.on === null ? "" : ` on ${refusal.on}`}: ${refusal.expected}`;
  }
}
