import { cash, energy, when } from "../../say.ts";
import { type Column, shownOf } from "./model.ts";

/** A value as its column says: money, energy and instants as everywhere, the rest as it is. */
export function Cell({ column, value }: { column: Pick<Column, "type" | "unit">; value: unknown }) {
  const shown = shownOf(column, value);
  switch (shown.as) {
    case "money":
      return <>{cash(shown.value)}</>;
    case "energy":
      return <>{energy(shown.value)}</>;
    case "at":
      return <>{when(shown.value)}</>;
    case "none":
      return <span class="quiet">{shown.text}</span>;
    case "text":
      return <span class="cell-text">{shown.text}</span>;
  }
}
