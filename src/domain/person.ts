/** What the books write where no person acted: no person may be called so. */
export const MACHINE_ACTOR = "machine";
export const PROVIDER_ACTOR = "provider webhook";

/** Whether two names mean one person: letter case and spaces make nobody a second person. */
export const isSamePerson = (one: string | null, other: string | null): boolean =>
  one !== null && other !== null && plain(one) === plain(other);

const plain = (name: string) => name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
