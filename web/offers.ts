import { routes } from "./routes.ts";
import { may } from "./session.ts";

/** Whether there is a page at this address and whoever is signed in may open it: a link that leads nowhere is not offered. */
export function offers(path: string): boolean {
  const wanted = (path.split(/[?#]/)[0] ?? "").split("/");
  const own = routes.find(({ path: known }) => {
    const parts = known.split("/");
    return (
      parts.length === wanted.length && parts.every((part, index) => part.startsWith(":") || part === wanted[index])
    );
  });
  return own !== undefined && (own.permission === null || may(own.permission));
}
