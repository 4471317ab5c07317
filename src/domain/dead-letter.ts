/** Which queue a message was for. A letter is kept under the name of the queue of the dead: what it is, its content says. */
export type DeadRoad = "copy" | "forward" | "import" | "job";

/**
 * Where a letter goes again; null: nobody knows, and it stays. Each of these messages only names something whose record is
 * elsewhere, or one unit of a job: handled twice it does what it does once.
 */
export function roadOf(body: unknown): DeadRoad | null {
  if (typeof body !== "object" || body === null) return null;
  const has = (...names: string[]) => names.every((name) => Object.hasOwn(body, name));
  if (has("job", "page")) return "job";
  if (has("object", "name")) return "copy";
  if (has("site", "day", "source")) return "import";
  if (has("kind", "phoneId")) return "forward";
  return null;
}

/** What a letter is about, in a few words of its own. */
export function aboutLetter(body: unknown): string {
  const of = (name: string): string => {
    const value = typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  switch (roadOf(body)) {
    case "copy":
      return `${of("object")}:${of("name")}`;
    case "forward":
      return [of("phoneId"), of("forwardId")].filter((each) => each !== "").join(":");
    case "import":
      return `${of("site")} ${of("day")} ${of("source")}`;
    case "job":
      return of("job");
    case null:
      return "";
  }
}
