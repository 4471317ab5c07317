import { randomUUID } from "node:crypto";
import type { Campaign } from "../src/ports/campaigns.ts";
import { type Command, type Flags, need, say } from "./command.ts";
import { call, type Door } from "./door.ts";

type Preview = { recipients: number; parts: number; costMinor: number | null; secondPerson: boolean };

/** Commands about the bulk carrier, and SMS to many customers. */
export const CAMPAIGN_COMMANDS: Record<string, Command> = {
  "sms:carrier": {
    help: '[--set \'{"routes":{"payment_receipt":"phone_else_carrier"},"partPriceMinor":30,"perHourMax":300,"perDayMax":2000}\' --reason TEXT --actor NAME]   by which channel each kind of SMS goes (docs/sms.md)',
    run: (door, flags) =>
      flags.set === undefined
        ? say(door, "GET", "/settings/carrier")
        : say(
            door,
            "PUT",
            "/settings/carrier",
            { ...(JSON.parse(flags.set) as object), reason: need(flags, "reason") },
            need(flags, "actor"),
          ),
  },
  campaign: {
    help: "--list | --id N [--start|--stop --reason TEXT --actor NAME] | --name NAME --text-st T [--text-en T] [--text-fr T] [--sites MAK,KET] [--type HH1] [--language st] --reason TEXT --actor NAME [--dry-run]   SMS to many customers: who, how many and what it costs, then proposed; sent only when started",
    run: campaign,
  },
};

async function campaign(door: Door, flags: Flags) {
  if (flags.id !== undefined) return one(door, flags);
  if (flags.list === "true") {
    const { campaigns } = await call<{ campaigns: Campaign[] }>(door, "GET", "/campaigns");
    for (const each of campaigns) console.log(line(each));
    return console.log(`${campaigns.length} campaigns`);
  }
  const texts = Object.fromEntries(
    ["st", "en", "fr"].flatMap((language) => {
      const text = flags[`text-${language}`];
      return text === undefined ? [] : [[language, text]];
    }),
  );
  const audience = {
    sites: flags.sites?.split(",") ?? [],
    customerType: flags.type ?? null,
    language: flags.language ?? null,
  };
  const actor = need(flags, "actor");
  const seen = await call<Preview>(door, "POST", "/campaigns/preview", { audience, texts }, actor);
  console.log(
    `${seen.recipients} numbers, ${seen.parts} parts, ${seen.costMinor === null ? "nobody has said what a part costs" : `${seen.costMinor} in minor units`}${seen.secondPerson ? ", a second person has to start it" : ""}`,
  );
  if (flags["dry-run"] === "true") return console.log("nothing was written");
  const body = { name: need(flags, "name"), audience, texts, reason: need(flags, "reason") };
  const made = await call<{ campaign: Campaign }>(door, "POST", "/campaigns", body, actor, {
    "Idempotency-Key": flags.key ?? randomUUID(),
  });
  console.log(line(made.campaign));
}

async function one(door: Door, flags: Flags) {
  const path = `/campaigns/${encodeURIComponent(need(flags, "id"))}`;
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
