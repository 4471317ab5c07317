/** What the books write where no person acted: no person may be called so. */
export const MACHINE_ACTOR = "machine";
export const PROVIDER_ACTOR = "provider webhook";

/** Whether two names mean one person: letter case, spaces and the width of letters make nobody a second person. */
export const isSamePerson = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && plainPerson(one) === plainPerson(other);

/**
 * A name without letter case, spaces and the width of its letters. The same as plain() of src/adapters/neon/second-person.ts: one
 * table of tests holds both to it. The spaces are named because a database knows others than we do.
 */
export const plainPerson = (name: string): string => name.normalize("NFKC").toLowerCase().replace(SPACES, "");
const SPACES = /[\s\u0085\u1680\u2028\u2029\ufeff]/g;
