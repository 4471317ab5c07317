/** A timestamptz column as UTC milliseconds. */
export const ms = (column: string, as: string) => `(extract(epoch FROM ${column}) * 1000)::bigint AS ${as}`;
