import type { Route } from "./declared.ts";

/** Names nothing that exists: whoever gets through finds nothing to change. */
const NOTHING: Record<string, string> = { account: "9999ZZZ", receipt: "NONE0000", site: "ZZZ", file: "csv" };
export const pathOf = ({ path }: Pick<Route, "path">) =>
  path.replace(/:(\w+)(\{[^/]*\})?/g, (_, name: string) => NOTHING[name] ?? "999999999");
