import { samePhoneKey, spellingsOf } from "../../domain/phone.ts";

/**
 * Customers `c` with this phone on file, by the first two parameters. The last digits find the row by its index; the whole number
 * decides: what ends alike in another country, or with another operator, is somebody else's, and money would be too.
 */
export const OF_PHONE = `cc_last8(c.phones) @> ARRAY[$1::text] AND c.phones && ARRAY(SELECT jsonb_array_elements_text($2::jsonb))
    AND c.withdrawn_at IS NULL`;

export const ofPhone = (phone: string): [string, string] => [samePhoneKey(phone), JSON.stringify(spellingsOf(phone))];
