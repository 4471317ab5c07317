import { Hono } from "hono";
import { z } from "zod";
import { checkTemplate, DEFAULT_TEMPLATES, TEMPLATE_KINDS } from "../../src/domain/templates.ts";
import { countrySettings, wordingsInUse } from "../../src/queries/sms-wordings.ts";
import { type Acting, allow } from "../allow.ts";
import { isStorable, json, limited, saysJson } from "../body.ts";
import { changeOf } from "../change.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { machineKeys } from "../machine-keys.ts";
import { directoryOf } from "../objects/locate.ts";
import { clockOf, countryOf, readerOf, registryOf } from "../ports.ts";
import { refusedAsSetBack } from "../set-back.ts";
import { reason, seenVersion } from "./fields.ts";
import { refuseSetting } from "./refusals.ts";

const TEXT_CHARS_MAX = 400;
const WordingBody = z.strictObject({
  kind: z.enum(TEMPLATE_KINDS),
  language: z.enum(["en", "fr", "st"]),
  text: z.string().trim().min(1).max(TEXT_CHARS_MAX).refine(isStorable, "text without U+0000 and lone surrogates"),
  version: seenVersion,
  reason,
});

/** What this country's rules are, and what its customers are told by SMS. Rules are part of the code; wordings are people's. */
export const settings = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/", allow("reports.read"), async (c) => {
    const country = countryOf(c.env);
    const [written, kept] = await Promise.all([wordingsInUse(readerOf(c.env)), countrySettings(readerOf(c.env))]);
    const wordings = TEMPLATE_KINDS.flatMap((kind) =>
      country.languages.map((language) => {
        const own = written.find((each) => each.kind === kind && each.language === language);
        return own === undefined
          ? { kind, language, text: DEFAULT_TEMPLATES[kind][language], version: null, since: null }
          : { kind, language, text: own.text, version: own.version, since: own.since };
      }),
    );
    return c.json({ asOf: clockOf(c.env).now(), country, wordings, kept });
  })
  // They live in the deployment's secrets: shown is which there are, never one of them.
  .get("/keys", allow("staff.manage"), (c) => c.json({ asOf: clockOf(c.env).now(), keys: machineKeys(c.env) }))
  .post("/wordings", allow("settings.write"), limited, saysJson, json(WordingBody), async (c) => {
    const { reason: why, version: seen, ...template } = c.req.valid("json");
    const checked = checkTemplate(template.kind, template.text, countryOf(c.env));
    if (!checked.ok) return fail(c, 422, checked.error.kind, "this text cannot be sent", checked.error);
    const back = await refusedAsSetBack(c, "nothing of SMS is set");
    if (back !== null) return back;
    const registered = await registryOf(c.env).putTemplate(template, changeOf(c, why), seen);
    if (!registered.ok)
      return refuseSetting(c, readerOf(c.env), registered.error, `template:${template.kind}:${template.language}`);
    await directoryOf(c.env).putTemplates([{ ...template, version: registered.value.version }]);
    return c.json({ version: registered.value.version });
  });
