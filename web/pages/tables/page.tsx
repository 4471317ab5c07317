import type { PageProps } from "../../routes.ts";
import { Browser } from "./browser.tsx";
import { List } from "./list.tsx";
import "./tables.css";

export default function TablesPage({ table }: PageProps) {
  return table === undefined ? <List /> : <Browser name={table} key={table} />;
}
