/**
 * Migrations of objects ship alone. Cloudflare applies one at once to all of a Worker and goes back over none: a release that
 * also changes something else could not be rolled back any more. So the class comes first, exported and bound nowhere; then,
 * by itself, its tag with its binding; then what calls it. Pure.
 */
import type { Config } from "./config.ts";

export type ObjectMigration = { tag: string } & Record<string, unknown>;

/** What a release that brings a tag may change beside wrangler.toml: nothing of it is in the Worker. */
const OUTSIDE =
  /^(?:docs|tests|dev|\.github|\.ci)\/|^[^/]+\.md$|^workers\/env\.ts$|^package\.json$|^biome\.json$|^tsconfig[.\w]*\.json$/;
/** So many paths are named in a refusal. */
const NAMED_MAX = 5;

/** The tags that are in `now` and were not in `before`. */
export function newTags(before: Config | null, now: Config): ObjectMigration[] {
  const known = new Set(tagsOf(before).map(({ tag }) => tag));
  return tagsOf(now).filter(({ tag }) => !known.has(tag));
}

/** Why this release may not go out, as sentences. `before` is null where nothing runs yet; then all tags come together. */
export function objectMigrationFaults(before: Config | null, now: Config, changedPaths: readonly string[]): string[] {
  if (before === null) return [];
  const edited = editedFaults(tagsOf(before), tagsOf(now));
  const fresh = newTags(before, now);
  if (fresh.length === 0 || edited.length > 0) return edited;
  const tags = fresh.map(({ tag }) => tag).join(", ");
  const paths = changedPaths.filter((path) => path !== "wrangler.toml" && !OUTSIDE.test(path));
  const more = paths.length > NAMED_MAX ? ` and ${paths.length - NAMED_MAX} more` : "";
  return [
    ...(paths.length === 0
      ? []
      : [
          `migration ${tags} of objects comes with other changes of the Worker: ${paths.slice(0, NAMED_MAX).join(", ")}${more}`,
        ]),
    ...(JSON.stringify(withoutNew(before, [])) === JSON.stringify(withoutNew(now, classesOf(fresh)))
      ? []
      : [`migration ${tags} of objects comes with other changes of wrangler.toml than its own bindings`]),
  ];
}

const tagsOf = (config: Config | null) => (config?.migrations ?? []) as ObjectMigration[];

/** One that has run is never edited, moved or taken out: Cloudflare knows it by its tag alone. */
function editedFaults(before: readonly ObjectMigration[], now: readonly ObjectMigration[]): string[] {
  return before.flatMap((migration, index) => {
    const same = now[index];
    if (same === undefined || same.tag !== migration.tag)
      return [`migration ${migration.tag} of objects is not where it was`];
    return JSON.stringify(same) === JSON.stringify(migration)
      ? []
      : [`migration ${migration.tag} of objects was edited`];
  });
}

const classesOf = (fresh: readonly ObjectMigration[]) =>
  fresh.flatMap((each) =>
    [each.new_sqlite_classes, each.new_classes].flatMap((list) => (Array.isArray(list) ? list : [])),
  );

/** All of the configuration but its migrations and the bindings of these classes. */
function withoutNew(config: Config, classes: readonly unknown[]): Config {
  const objects = config.durable_objects as { bindings?: { class_name?: string }[] } | undefined;
  return {
    ...config,
    migrations: null,
    configPath: null,
    userConfigPath: null,
    main: null,
    durable_objects: { bindings: (objects?.bindings ?? []).filter((each) => !classes.includes(each.class_name)) },
  };
}
