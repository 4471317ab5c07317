import { randomUUID } from "node:crypto";
import type { Campaign } from "../src/ports/campaigns.ts";
import { type Command, type Flags, need, say, settingOf } from "./command.ts";
import { call, type Door } from "./door.ts";

type Preview = { recipients: number; parts: number; costMinor: number | null; secondPerson: boolean };

/** Commands about the bulk carrier, and SMS to many customers. */
export const CAMPAIGN_COMMANDS: Record<string, Command> = {
  "sms:carrier": {
    help: '[--set \'{"routes":{"payment_receipt":"phone_else_carrier"},"partPriceMinor":30,"perHourMax":300,"perDayMax":2000,"quiet":{"from":20,"to":7}}\' --reason TEXT --actor NAME]   by which channel each kind of SMS goes, what it costs and when it is quiet; all of it is set at once, with the "version" that you read if nobody else\'s change may be lost (docs/sms.md)',
    run: carrier,
  },
  campaign: {
    help: "--list | --id N [--start | --stop --reason TEXT --actor NAME] | --name NAME --text-st T [--text-en T] [--text-fr T] [--sites MAK,KET] [--type HH1] [--language st] --reason TEXT --actor NAME [--key K] [--dry-run]   SMS to many customers: who, how many and what it costs, then proposed; sent only when started",
    run: campaign,
  },
};

async function carrier(door: Door, flags: Flags) {
  if (flags.set === undefined) return say(door, "GET", "/settings/carrier");
  const typed = settingOf(flags.set, "sms:carrier");
  const [reason, actor] = [need(flags, "reason"), need(flags, "actor")];
  // Whoever read it before names the version that was read; else it is set over that of this moment.
  const read = "version" in typed ? typed : await call<{ version: number | null }>(door, "GET", "/settings/carrier");
  return say(door, "PUT", "/settings/carrier", { ...typed, version: read.version, reason }, actor);
}

async function campaign(door: Door, flags: Flags) {
  if (flags.id !== undefined) return one(door, flags);
  if (flags.list === "true") {
    const { campaigns } = await call<{ campaigns: Campaign[] }>(door, "GET", "/campaigns");
    for (const each of campaigns) console.log(line(each));
    return console.log(`${campaigns.length} ${campaigns.length === 1 ? "campaign" : "campaigns"}`);
  }
  const { texts, audience } = askedOf(flags);
  const isDry = flags["dry-run"] === "true";
  const actor = isDry ? flags.actor : need(flags, "actor");
  const seen = await call<Preview>(door, "POST", "/campaigns/preview", { audience, texts }, actor);
  console.log(
    `${seen.recipients} numbers, ${seen.parts} parts, ${seen.costMinor === null ? "nobody has said what a part costs" : `${seen.costMinor} in minor units`}${seen.secondPerson ? ", a second person has to start it" : ""}`,
  );
  if (isDry) return console.log("nothing was written");
  const body = { name: need(flags, "name"), audience, texts, reason: need(flags, "reason") };
  const made = await call<{ campaign: Campaign }>(door, "POST", "/campaigns", body, actor, {
    "Idempotency-Key": flags.key ?? randomUUID(),
  });
  console.log(line(made.campaign));
}

/** Who it goes to and what it says. */
function askedOf(flags: Flags) {
  const texts = Object.fromEntries(
    ["st", "en", "fr"].flatMap((language) => {
      const text = flags[`text-${language}`];
      return text === undefined ? [] : [[language, text]];
    }),
  );
  if (Object.keys(texts).length === 0)
    throw new Error("--text-st, --text-en or --text-fr is needed, which is what the SMS says; or --list, or --id N");
  const sites = (flags.sites ?? "").split(",").map((site) => site.trim().toUpperCase());
  const audience = {
    sites: sites.filter((site) => site !== ""),
    customerType: flags.type ?? null,
    language: flags.language ?? null,
  };
  return { texts, audience };
}

async function one(door: Door, flags: Flags) {
  const id = need(flags, "id");
  if (!/^[0-9]{1,15}$/.test(id))
    throw new Error(`--id is ${id}; expected the number of a campaign, as --list shows it`);
  if (flags.start === "true" && flags.stop === "true") throw new Error("--start or --stop is expected, not both");
  const path = `/campaigns/${id}`;
  const act = flags.start === "true" ? "start" : flags.stop === "true" ? "stop" : null;
  const { campaign: found } =
    act === null
      ? await call<{ campaign: Campaign }>(door, "GET", path)
      : await call<{ campaign: Campaign }>(
          door,
          "POST",
          `${path}/${act}`,
          { reason: need(flags, "reason") },
          need(flags, "actor"),
        );
  console.log(line(found));
}

const line = ({ campaignId, name, state, recipients, counts, partsSent, partPriceMinor }: Campaign) =>
  [
    `${campaignId} ${name}`,
    state,
    `${recipients} numbers`,
    Object.entries(counts)
      .map(([each, n]) => `${each} ${n}`)
      .join(", "),
    partPriceMinor === null ? `${partsSent} parts` : `${partsSent * partPriceMinor} in minor units so far`,
  ].join(" · ");
