import type { Language } from "../domain/country.ts";
import type { Reader } from "../ports/reader.ts";
import { ms } from "./sql.ts";

/** A wording in use: the newest of its kind and language. */
export type Wording = { kind: string; language: Language; text: string; version: number; since: number };

/** What customers are told by SMS now. A kind that nobody has written is not here: its default is in the code. */
export const wordingsInUse = (db: Reader): Promise<Wording[]> =>
  db.read<Wording>(
    `SELECT DISTINCT ON (kind, language) kind, language, text, facts_version AS version, ${ms("created_at", "since")}
      FROM sms_templates ORDER BY kind, language, facts_version DESC`,
  );

/** The country's settings as they are kept, by name. */
export const countrySettings = (db: Reader): Promise<{ key: string; value: unknown; since: number }[]> =>
  db.read(`SELECT key, value, ${ms("updated_at", "since")} FROM country_settings ORDER BY key`);
