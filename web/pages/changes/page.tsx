import type { PageProps } from "../../routes.ts";
import { Change } from "./change.tsx";
import { Changes } from "./list.tsx";
import "./changes.css";

export default function ChangesPage({ id }: PageProps) {
  return id === undefined ? <Changes /> : <Change id={id} key={id} />;
}
