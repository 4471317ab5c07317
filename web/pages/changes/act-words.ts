import { said } from "../../words.ts";
import { actParts } from "./model.ts";

/** `customer.change` in the reader's language. */
export function actWords(action: string): string {
  const { kind, verb } = actParts(action);
  return verb === ""
    ? said("changes", "kind", kind)
    : `${said("changes", "kind", kind)}: ${said("changes", "verb", verb)}`;
}
