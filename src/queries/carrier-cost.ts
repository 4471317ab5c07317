/** States of an SMS of the carrier that has its price: those that left, or of which nobody knows better. */
const PAID = "('sending', 'accepted', 'delivered', 'failed', 'unknown')";

/**
 * What an SMS of the carrier cost, by the name of its row in the question, in minor units: its parts at the price that was set when it left, of a campaign at the price with which it
 * was proposed. Null: it did not leave, or nobody had said a price.
 */
export const carrierCost = (
  s: string,
) => `CASE WHEN ${s}.state IN ${PAID} THEN ${s}.parts * CASE WHEN ${s}.campaign_id IS NULL
    THEN (SELECT (m.after ->> 'partPriceMinor')::int FROM mutations m WHERE m.subject = 'setting:sms_carrier' AND m.at <= ${s}.tried_at ORDER BY m.seq DESC LIMIT 1)
    ELSE (SELECT c.part_price_minor FROM campaigns c WHERE c.id = ${s}.campaign_id) END END`;
