/** Who credits the vendor's platform for a site. */
export type CreditWriter = "legacy" | "ours";

/** From `validFrom` (UTC ms) on, until the next of its site. */
export type CreditWriterSetting = { site: string; writer: CreditWriter; validFrom: number };

/** After a switch, in either direction, neither sends for so long: what the one still had under way must have ended. */
export const SWITCH_SILENCE_MS = 30 * 60_000;

/** A site that nobody has switched. */
const BEFORE_ANY: CreditWriter = "legacy";

/**
 * Who may credit the platform for a site at an instant; `neither` in the 30 minutes after a switch. The settings may come in
 * any order and of any sites. One that names the writer already in force is no switch, and does not end a silence.
 */
export function creditWriterAt(
  settings: readonly CreditWriterSetting[],
  site: string,
  at: number,
): CreditWriter | "neither" {
  const { writer, switchedAt } = inForce(settings, site, at);
  return switchedAt !== null && at < switchedAt + SWITCH_SILENCE_MS ? "neither" : writer;
}

/** The writer that is set at an instant, and since which switch (UTC ms); null: never switched. */
export function inForce(
  settings: readonly CreditWriterSetting[],
  site: string,
  at: number,
): { writer: CreditWriter; switchedAt: number | null } {
  let writer = BEFORE_ANY;
  let switchedAt: number | null = null;
  const past = settings.filter((setting) => setting.site === site && setting.validFrom <= at);
  for (const setting of past.sort((a, b) => a.validFrom - b.validFrom)) {
    if (setting.writer === writer) continue;
    writer = setting.writer;
    switchedAt = setting.validFrom;
  }
  return { writer, switchedAt };
}
