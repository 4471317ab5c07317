import { AT } from "./registry-write.ts";

/** The country's switch: true or false; where nobody has set it, new customers are welcomed. */
export const WELCOME_SWITCH = "welcome_sms";

const IS_ON = `coalesce((SELECT s.value = 'true'::jsonb FROM country_settings s WHERE s.key = '${WELCOME_SWITCH}'), true)`;

/**
 * New customers ("c", with their account "a") are owed a welcome, once each. While the switch is off nobody comes to be owed
 * one: what was quiet is not said later.
 */
export const WELCOME = (source: string) => `INSERT INTO welcome_sms (customer_id, account_id, created_at, state_at)
  SELECT c.id, a.id, ${AT}, ${AT} FROM ${source} WHERE cardinality(c.phones) > 0 AND ${IS_ON}
  ON CONFLICT DO NOTHING`;
