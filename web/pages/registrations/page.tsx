import type { PageProps } from "../../routes.ts";
import { BatchPage } from "./batch.tsx";
import { Files } from "./files.tsx";
import "./registrations.css";

export default function RegistrationsPage({ id }: PageProps) {
  return id === undefined ? <Files /> : <BatchPage key={id} id={id} />;
}
