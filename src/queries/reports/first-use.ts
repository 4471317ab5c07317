/**
 * The first day on which an account `alias` used power or bought some: light that nobody recorded is seen by its use. A fee is paid before there
 * is light, and a meter that tells nought may hang in a dark house: neither is use.
 */
export const firstUse = (alias: string): string => `least(
    (SELECT min(day) FROM metered_days m WHERE m.account_id = ${alias}.id AND m.energy_wh > 0),
    (SELECT min(day) FROM sales_account_days d WHERE d.account_number = ${alias}.account_number AND d.vended_wh > 0))`;
