import type { StatusView } from "../workers/portal/status-view.ts";
import { instant } from "./instants.ts";

/**
 * Whether anything is stuck, as lines that a person reads at once, by the names that the answer has: what should fall to 0, who
 * is silent, and where the system has stopped itself. What is fine says so in one word. `where`: who was asked.
 */
export function statusLines(view: StatusView, where: string): string[] {
  const { depths, disconnects, phones, vendorCredits, today } = view;
  const inUse = phones.filter(({ revoked }) => !revoked);
  const lines = [
    ["database", view.database === "up" ? "up" : "DOWN: what only it knows is missing below; nothing is lost"],
    ...Object.entries(depths).map(([name, count]) => [name, String(count)]),
    ["vendorCredits", vendorCredits === null ? UNKNOWN : since(vendorCredits.count, vendorCredits.oldestAt)],
    ["suspenseOpen", today === null ? UNKNOWN : since(today.suspenseOpen, today.oldestSuspenseAt)],
    ["unmappedMeters", String(view.unmappedMeters)],
    ["phones", `${inUse.length} in use, silent: ${listed(inUse.filter(({ silent }) => silent).map(silence))}`],
    ["disconnects", disconnects.disconnectsOn ? `on, waits for ${listed(disconnects.lacks)}` : "off: nobody goes dark"],
    ["breakers", listed(disconnects.breakers.map((each) => `${each.site} since ${instant(each.trippedAt)}`))],
    ["last SMS", lastOf(view, view.sms[0]?.receivedAt)],
    ["last payment", lastOf(view, view.payments[0]?.claimedAt)],
    ["last entry", lastOf(view, view.entries[0]?.acceptedAt)],
  ];
  return [
    `${view.country} at ${instant(view.asOf)}, ${where}`,
    ...lines.map(([name = "", text = ""]) => `${name.padEnd(NAME_CHARS)}${text}`),
    ...inUse.flatMap(({ phoneId, later }) =>
      later.map((each) => `${phoneId}: ${each.count} SMS wait, ${each.because}, tried again ${instant(each.nextAt)}`),
    ),
  ];
}

const NAME_CHARS = 16;
const UNKNOWN = "? (the database is down)";

const listed = (names: string[]) => (names.length === 0 ? "none" : names.join(", "));
const since = (count: number, oldestAt: number | null) =>
  oldestAt === null ? String(count) : `${count}, the oldest since ${instant(oldestAt)}`;
const silence = ({ phoneId, lastPollAt }: StatusView["phones"][number]) =>
  `${phoneId} ${lastPollAt === null ? "(never heard)" : `since ${instant(lastPollAt)}`}`;
const lastOf = (view: StatusView, at: number | undefined) =>
  view.database === "down" ? UNKNOWN : at === undefined ? "none yet" : instant(at);
