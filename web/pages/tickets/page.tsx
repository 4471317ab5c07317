import type { PageProps } from "../../routes.ts";
import { List } from "./list.tsx";
import { One } from "./one.tsx";

/** What has to be seen to: the list, and one ticket with its history. */
export default function TicketsPage({ id }: PageProps) {
  return id === undefined ? <List /> : <One key={id} id={id} />;
}
